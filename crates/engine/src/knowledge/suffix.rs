//! Ends of domain names, as the data files write them.

use std::fmt;

use super::{Read, Value};
use crate::dns::Name;

/// A domain name that stands for itself and for everything below it. A `*` at the end of a label stands for the rest of
/// that label: `dns*.example` covers `dns1.example`. What is no name in the data file covers nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainSuffix(Option<Name>);

impl DomainSuffix {
    /// The name as the data file writes it, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_ref().map_or("", Name::as_str)
    }

    /// Whether `name` is this one or below it.
    #[must_use]
    pub fn covers(&self, name: &Name) -> bool {
        self.labels_shared(name).is_some()
    }

    /// How many labels `name` has in common with this one, if it is covered: of two that cover a name the one with more
    /// says more.
    #[must_use]
    pub fn labels_shared(&self, name: &Name) -> Option<usize> {
        let own = self.0.as_ref()?;
        if !own.as_str().contains('*') {
            return name.is_within(own).then(|| own.labels().count());
        }
        let mut labels = name.labels().rev();
        let mut shared = 0;
        for wanted in own.labels().rev() {
            let label = labels.next()?;
            let fits = match wanted.strip_suffix('*') {
                Some(start) => label.starts_with(start),
                None => label == wanted,
            };
            if !fits {
                return None;
            }
            shared += 1;
        }
        Some(shared)
    }
}

impl Read for DomainSuffix {
    fn read(value: &Value) -> Self {
        Self(value.text().and_then(|text| Name::parse(text).ok()).filter(|name| !name.is_root()))
    }
}

impl fmt::Display for DomainSuffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(suffix: &str, name: &str) -> Option<usize> {
        DomainSuffix::read(&Value::Text(suffix.into())).labels_shared(&Name::parse(name).unwrap())
    }

    #[test]
    fn a_suffix_covers_itself_and_what_is_below_by_whole_labels() {
        assert_eq!(shared("example.org", "Example.ORG."), Some(2));
        assert_eq!(shared("Example.org", "mx.example.org"), Some(2));
        assert_eq!(shared("example.org", "badexample.org"), None);
        assert_eq!(shared("example.org", "org"), None);
    }

    #[test]
    fn a_star_stands_for_the_rest_of_its_label() {
        assert_eq!(shared("inbound-smtp.*.amazonaws.com", "inbound-smtp.eu-west-1.amazonaws.com"), Some(4));
        assert_eq!(shared("inbound-smtp.*.amazonaws.com", "inbound-smtp.amazonaws.com"), None);
        assert_eq!(shared("dns*.p*.nsone.net", "a.dns1.p09.nsone.net"), Some(4));
        assert_eq!(shared("dns*.p*.nsone.net", "dns1.q09.nsone.net"), None);
    }

    #[test]
    fn what_is_no_name_covers_nothing() {
        for broken in ["", ".", "a..b", "a b"] {
            assert_eq!(shared(broken, "example.org"), None, "{broken}");
            assert_eq!(shared(broken, "."), None, "{broken}");
        }
    }
}
