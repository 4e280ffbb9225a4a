//! Names that nobody published: what answers for them is a wildcard.

use crate::dns::Name;

/// A name below `name` that looks random and is the same in every run. It exists only if a wildcard makes it.
pub(super) fn sibling(name: &Name) -> Option<Name> {
    // FNV-1a: nothing here is secret, it only has to collide with no name in use.
    let hash = name.as_str().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, octet| {
        (hash ^ u64::from(octet)).wrapping_mul(0x0100_0000_01b3)
    });
    name.under(&format!("mt-{hash:016x}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stands_below_the_name_and_differs_from_domain_to_domain() {
        let one = Name::parse("example.org").unwrap();
        let other = Name::parse("example.net").unwrap();
        let (a, b) = (sibling(&one).unwrap(), sibling(&other).unwrap());
        assert!(a.is_within(&one) && a.parent() == Some(one.clone()) && a.is_host_name());
        assert_ne!(a.labels().next(), b.labels().next());
        assert_eq!(sibling(&one), Some(a));
        let long = Name::parse(&vec!["abcdefg"; 31].join(".")).unwrap();
        assert_eq!(sibling(&long), None, "there is no room for it");
    }
}
