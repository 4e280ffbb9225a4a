//! Is it safe to ask receivers for more? What can be seen of SPF and DKIM from the records alone.

use crate::{
    check::{Code, Cx, Findings, Level, dkim, mx, provider, spf},
    dns::{Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
    record::dkim::Key,
};

/// Selectors that are tried at a domain above the one that was asked about.
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

/// Whether the domain has an SPF record by which somebody may send: what the check of SPF finds.
pub(super) fn spf(cx: &Cx<'_>) -> Step<State> {
    let mut found = Findings::default();
    cx.section(|| spf::run(cx, &mut found))?;
    let nobody = [Code::Spf010, Code::Spf020, Code::Spf030, Code::Spf300];
    Ok(if found.all().iter().any(|finding| nobody.contains(&finding.code)) {
        State::Absent
    } else if found.has(Level::Stops) || found.has(Level::Unknown) {
        State::Unknown
    } else {
        State::Seen
    })
}

/// Whether a DKIM key is there that works. For the domain that was asked about it is what the check of DKIM sees; for one
/// above it only the selectors are tried that the user or the recognised providers name. Proven absent is only what has
/// no `_domainkey` name at all (RFC 8020).
pub(super) fn dkim(cx: &Cx<'_>, domain: &Name) -> Step<State> {
    if cx.target.domain.as_ref() == Some(domain) {
        return cx.section(|| match dkim::keys(cx, domain)? {
            dkim::Keys::Working(_) => Ok(State::Seen),
            // A wildcard that withdraws every key leaves room for keys at names that are not known.
            dkim::Keys::Absent => nothing_below(cx, domain),
            dkim::Keys::Unusable(_) | dkim::Keys::NotFound(_) | dkim::Keys::Unknown(_) => Ok(State::Unknown),
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
    let found = outcomes?.iter().any(|outcome| has_key(outcome));
    if found { Ok(State::Seen) } else { nothing }
}

/// Absent if there is no `_domainkey` name.
fn nothing_below(cx: &Cx<'_>, domain: &Name) -> Step<State> {
    let Ok(name) = domain.under("_domainkey") else { return Ok(State::Unknown) };
    let proven = matches!(cx.ask(&Query::new(name, Rtype::Txt))?, Outcome::NxDomain(_));
    Ok(if proven { State::Absent } else { State::Unknown })
}

/// Whether one of the texts is a key that works.
fn has_key(outcome: &Outcome) -> bool {
    let texts = outcome.records().iter().filter_map(|record| record.data.txt());
    texts.map(|txt| (Key::is_meant(&txt.text()), Key::read(txt))).any(|(meant, key)| meant && key.works())
}
