//! The domain's DKIM keys: the selectors at which something stands, and what each is worth (RFC 6376).

use super::keys::{SelectorContent, survey};
use crate::{
    cx::Cx,
    dns::{Failure, Name},
    record::dkim::{Key, Material},
};

/// A selector at which something stands, or that the user named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorView {
    /// The name at which its key belongs.
    pub name: Name,
    /// Whether the user named it. Messages are signed with such a key; any other may be left over.
    pub given: bool,
    /// What is there.
    pub worth: Worth,
}

/// What a key is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// Every receiver can use it.
    Works,
    /// Not every receiver can check its signatures: Ed25519 (RFC 8463 section 3).
    NotEverywhere,
    /// An RSA key below 1024 bits, which receivers do not use (RFC 8301 section 3.2).
    Short,
    /// There is none that receivers can use: it is missing, withdrawn, broken, or there are several.
    Useless,
    /// It could not be looked up.
    Unknown(Failure),
}

/// What is known of the keys by now; none until the search for them has ended.
pub(crate) fn view(cx: &Cx<'_>) -> Option<Vec<SelectorView>> {
    let domain = cx.target.domain.as_ref()?;
    let base = domain.under("_domainkey").ok()?;
    let survey = survey(cx, domain, &base).ok()?;
    let tried = survey.tried.iter().filter(|tried| tried.is_given() || tried.found.is_something());
    let selector = |tried: &super::keys::TriedSelector<'_>| SelectorView {
        name: tried.name.clone(),
        given: tried.is_given(),
        worth: worth(&tried.found),
    };
    Some(tried.map(selector).collect())
}

fn worth(found: &SelectorContent) -> Worth {
    match found {
        SelectorContent::Key(key) => of_key(key),
        SelectorContent::Failed(failure) => Worth::Unknown(*failure),
        SelectorContent::Nothing
        | SelectorContent::Dangling
        | SelectorContent::Several(_)
        | SelectorContent::Other(_) => Worth::Useless,
    }
}

fn of_key(key: &Key) -> Worth {
    match key.material {
        Material::Ed25519 if key.works() => Worth::NotEverywhere,
        _ if key.works() => Worth::Works,
        Material::Rsa(bits) if bits < 1024 => Worth::Short,
        _ => Worth::Useless,
    }
}
