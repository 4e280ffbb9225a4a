//! Whether a domain has a key at all, as the checks of SPF, DMARC and MX want to know it.

use super::survey::{DkimKeys, keys};
use crate::{
    cx::Cx,
    dns::{Failure, Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
    record::dkim::Key,
    view::provider,
};

/// Selectors that are tried at a domain above the one that was asked about.
const MAX_SELECTORS: usize = 8;

/// What can be seen of a domain's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyEvidence {
    /// A key that receivers can use.
    Key,
    /// There is none, proven.
    Absent,
    /// None was seen: nothing follows from it.
    Nothing,
    /// None was seen, and a lookup failed.
    Unknown(Failure),
}

/// Whether a DKIM key is there that works. For the domain that was asked about it is what the check of DKIM sees; for one
/// above it only the selectors are tried that the user or the recognised providers name, and proven absent is only what
/// has no `_domainkey` name at all (RFC 8020).
pub(crate) fn seen(cx: &Cx<'_>, domain: &Name) -> Step<KeyEvidence> {
    if cx.target.domain.as_ref() == Some(domain) {
        return cx.section(|| match keys(cx, domain)? {
            DkimKeys::Working(_) => Ok(KeyEvidence::Key),
            DkimKeys::Absent => Ok(KeyEvidence::Absent),
            DkimKeys::Revoked | DkimKeys::Unusable(_) | DkimKeys::NotFound(_) => Ok(KeyEvidence::Nothing),
            DkimKeys::Unknown(failure) => Ok(KeyEvidence::Unknown(failure)),
        });
    }
    let recognised = provider::recognise(cx, domain)?;
    let mut selectors: Vec<&str> = cx.target.selectors.iter().map(String::as_str).collect();
    for provider in recognised.mailbox.into_iter().chain(recognised.senders) {
        selectors.extend(provider.dkim_selectors.iter().map(String::as_str));
    }
    let mut queries = Vec::new();
    for selector in selectors {
        if let Ok(name) = domain.under(&format!("{selector}._domainkey")) {
            let query = Query::new(name, Rtype::Txt);
            if !queries.contains(&query) && queries.len() < MAX_SELECTORS {
                queries.push(query);
            }
        }
    }
    let (outcomes, nothing) = (cx.ask_all(&queries), nothing_below(cx, domain));
    let outcomes = outcomes?;
    if outcomes.iter().any(|outcome| has_key(outcome)) {
        return Ok(KeyEvidence::Key);
    }
    let failure = outcomes.iter().find_map(|outcome| outcome.failure());
    Ok(match (nothing?, failure) {
        (KeyEvidence::Nothing, Some(failure)) => KeyEvidence::Unknown(failure),
        (nothing, _) => nothing,
    })
}

/// Absent if there is no `_domainkey` name.
fn nothing_below(cx: &Cx<'_>, domain: &Name) -> Step<KeyEvidence> {
    let Ok(name) = domain.under("_domainkey") else { return Ok(KeyEvidence::Nothing) };
    Ok(match cx.ask(&Query::new(name, Rtype::Txt))? {
        Outcome::Failed(failed) => KeyEvidence::Unknown(failed.failure),
        outcome if outcome.is_gone() => KeyEvidence::Absent,
        _ => KeyEvidence::Nothing,
    })
}

/// Whether one of the texts is a key that works.
fn has_key(outcome: &Outcome) -> bool {
    let texts = outcome.texts();
    texts.map(|txt| (Key::is_meant(&txt.text()), Key::read(txt))).any(|(meant, key)| meant && key.works())
}
