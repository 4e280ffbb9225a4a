//! Is it safe to ask receivers for more? What can be seen of SPF and DKIM from the records alone.

use crate::{
    check::{Cx, mx, provider},
    dns::{Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
    record::{
        spf::{self, is_spf},
        tags::TagList,
    },
};

/// Selectors that are tried; the check of DKIM tries more.
const MAX_SELECTORS: usize = 8;

/// What is known of SPF or DKIM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// A record is there that receivers can use.
    Seen,
    /// There is none, proven.
    Absent,
    /// None was seen, or the lookup failed: nothing follows from it.
    Unknown,
}

/// Whether the domain says that it has nothing to do with mail: its SPF record lets nobody send, and it receives
/// nowhere.
pub(super) fn is_parked(cx: &Cx<'_>, domain: &Name) -> Step<bool> {
    let (receiving, sends) = (mx::receiving(cx), mx::sends(cx, domain));
    let nowhere = matches!(receiving?, mx::Receiving::Null | mx::Receiving::Absent);
    Ok(sends? == mx::Sends::No && nowhere)
}

/// Whether the domain uses mail: it names hosts that receive, or the user names an address or a sender.
pub(super) fn uses_mail(cx: &Cx<'_>) -> Step<bool> {
    let named = !cx.target.ips.is_empty() || cx.target.local_part.is_some();
    Ok(matches!(mx::receiving(cx)?, mx::Receiving::Hosts(_)) || named)
}

/// Whether the domain has the one SPF record that receivers need, and it can be read. The rest is for the check of SPF.
pub(super) fn spf(cx: &Cx<'_>, domain: &Name) -> Step<State> {
    let outcome = cx.ask(&Query::new(domain.clone(), Rtype::Txt))?;
    if outcome.failure().is_some() {
        return Ok(State::Unknown);
    }
    let texts = outcome.records().iter().filter_map(|record| record.data.txt());
    let records: Vec<_> = texts.filter(|txt| is_spf(txt.octets())).collect();
    let [record] = records.as_slice() else { return Ok(State::Absent) };
    let readable = spf::parse(&record.text()).errors.is_empty();
    Ok(if readable { State::Seen } else { State::Unknown })
}

/// Whether a DKIM key is there under a selector that the user or the recognised providers name. Proven absent is only
/// what has no `_domainkey` name at all (RFC 8020).
pub(super) fn dkim(cx: &Cx<'_>, domain: &Name) -> Step<State> {
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
    if let Ok(name) = domain.under("_domainkey") {
        queries.push(Query::new(name, Rtype::Txt));
    }
    let outcomes = cx.ask_all(&queries)?;
    if outcomes.iter().any(|outcome| has_key(outcome)) {
        return Ok(State::Seen);
    }
    let proven = matches!(outcomes.last(), Some(Outcome::NxDomain(_)));
    Ok(if proven { State::Absent } else { State::Unknown })
}

/// Whether one of the texts is a key that is not revoked (RFC 6376 section 3.6.1).
fn has_key(outcome: &Outcome) -> bool {
    let texts = outcome.records().iter().filter_map(|record| record.data.txt());
    texts.map(|txt| txt.text()).any(|text| {
        let tags = TagList::parse(&text);
        tags.get("v").is_none_or(|v| v.value == "DKIM1") && tags.get("p").is_some_and(|p| p.value.len() > 40)
    })
}
