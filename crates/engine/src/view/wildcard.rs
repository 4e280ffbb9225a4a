//! Names that nobody published: what answers for them is a wildcard.

use crate::{
    cx::Cx,
    dns::{Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
};

/// A name below `name` that looks random and is the same in every run. It exists only if a wildcard makes it.
pub(crate) fn sibling(name: &Name) -> Option<Name> {
    // FNV-1a: nothing here is secret, it only has to collide with no name in use.
    let hash = name.as_str().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, octet| {
        (hash ^ u64::from(octet)).wrapping_mul(0x0100_0000_01b3)
    });
    name.under(&format!("mt-{hash:016x}")).ok()
}

/// What came of asking for the text of a name, as far as it tells a wildcard: where an alias leads, and the texts there.
/// Without either there is nothing to compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WildcardAnswer {
    /// The end of the alias.
    pub target: Option<Name>,
    texts: Vec<String>,
}

/// What `outcome` says, which the text of a name brought; `None` for nothing at all.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until the end of the alias is known.
pub(crate) fn answer(cx: &Cx<'_>, outcome: &Outcome) -> Step<Option<WildcardAnswer>> {
    let texts = outcome.texts();
    let mut texts: Vec<String> = texts.map(|txt| txt.text().into_owned()).collect();
    texts.sort();
    let target = alias_target(cx, outcome)?;
    Ok((target.is_some() || !texts.is_empty()).then_some(WildcardAnswer { target, texts }))
}

/// The wildcard below `parent` if it is what answers for a name there whose text brought `outcome`.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn behind(cx: &Cx<'_>, parent: &Name, outcome: &Outcome) -> Step<Option<WildcardAnswer>> {
    let Some(given) = answer(cx, outcome)? else { return Ok(None) };
    let Some(probe) = sibling(parent) else { return Ok(None) };
    let by_wildcard = answer(cx, cx.ask(&Query::new(probe, Rtype::Txt))?)?;
    Ok(by_wildcard.filter(|by_wildcard| *by_wildcard == given))
}

/// The target of the alias that stands last in the chain of `outcome`.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn alias_target(cx: &Cx<'_>, outcome: &Outcome) -> Step<Option<Name>> {
    if let (Outcome::Records(answer), Some(_)) = (outcome, outcome.chain().first()) {
        return Ok(answer.records.first().map(|record| record.owner.clone()));
    }
    let Some(last) = outcome.chain().last() else { return Ok(None) };
    let alias = cx.ask(&Query::new(last.clone(), Rtype::Cname))?;
    Ok(alias.names().next().cloned())
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
