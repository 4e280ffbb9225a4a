//! What an error claims, with what it takes to check it now.

use serde::Serialize;

use super::{BounceFact, FactKind};
use crate::{
    check::CheckId,
    knowledge::{Blocklist, Blocklists, ClaimKind, ListKind, Role},
};

/// One claim. A run about the proposed target looks at it again; `checks` names the checks whose findings tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// What is claimed. The words are `bounce.claim.<word>`.
    pub kind: ClaimKind,
    /// The address or domain it is about, if the text names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The list it speaks of, an id of `blocklists.json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// That list's proper name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_name: Option<String>,
    /// Checks that look at it; empty where a page cannot look.
    pub checks: &'static [CheckId],
}

/// The claims of a cause. `plain` is the text as patterns see it.
pub(super) fn claims(
    kinds: &[ClaimKind],
    facts: &[BounceFact],
    plain: &str,
    lists: &Blocklists,
) -> Vec<Claim> {
    let first = |kind: FactKind| facts.iter().find(|fact| fact.kind == kind).map(|fact| fact.value.clone());
    let mut claims: Vec<Claim> = Vec::new();
    for &kind in kinds {
        let (subject, checks): (Option<String>, &'static [CheckId]) = match kind {
            ClaimKind::Listed | ClaimKind::NotListed => {
                (first(FactKind::SendingIp), &[CheckId::BlocklistAddress])
            }
            ClaimKind::DomainListed => (first(FactKind::Domain), &[CheckId::BlocklistDomain]),
            ClaimKind::Spf => (first(FactKind::Domain), &[CheckId::Spf, CheckId::SpfSender]),
            ClaimKind::Dkim => (first(FactKind::Domain), &[CheckId::Dkim]),
            ClaimKind::Dmarc => (first(FactKind::Domain), &[CheckId::Dmarc]),
            ClaimKind::Ptr => (first(FactKind::SendingIp), &[CheckId::Ptr]),
            ClaimKind::SenderDomain => (first(FactKind::Domain), &[CheckId::Domain, CheckId::Mx]),
            // The run is about the sender; the domain alone comes along if the user leaves it in.
            ClaimKind::RecipientDomain => {
                let domain =
                    first(FactKind::Recipient).and_then(|address| crate::message::domain_of(&address));
                (domain.map(|name| name.to_string()), &[CheckId::Recipient])
            }
            ClaimKind::Limit | ClaimKind::Size => (None, &[]),
        };
        let list = match kind {
            ClaimKind::Listed | ClaimKind::NotListed => list(plain, lists, false),
            ClaimKind::DomainListed => list(plain, lists, true),
            _ => None,
        };
        let (list, list_name) = list.unzip();
        claims.push(Claim { kind, subject, list, list_name, checks });
    }
    claims
}

/// The list a text names: by its zone, or by the domain its zone lies in.
fn list(plain: &str, lists: &Blocklists, domains: bool) -> Option<(String, String)> {
    let fits = |list: &&Blocklist| {
        list.covers.contains(&ListKind::Domain) == domains
            && list.role != Role::Allow
            && !list.zone.starts_with("{key}")
    };
    let whole = lists.lists.iter().filter(fits).find(|list| plain.contains(list.zone.as_str()));
    let found = whole.or_else(|| {
        lists.lists.iter().filter(fits).find(|list| {
            let owner = owner(&list.zone);
            owner.len() > 4 && contains_word(plain, owner)
        })
    })?;
    Some((found.id.clone(), found.name.clone()))
}

/// The part of a zone's name that its owner is known by: `spamhaus` of `zen.spamhaus.org`.
fn owner(zone: &str) -> &str {
    let mut labels = zone.rsplit('.');
    let _top = labels.next();
    labels.next().unwrap_or_default()
}

fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let free = |b: Option<&u8>| b.is_none_or(|b| !b.is_ascii_alphanumeric());
        free(at.checked_sub(1).and_then(|at| text.as_bytes().get(at)))
            && free(text.as_bytes().get(at + word.len()))
    })
}
