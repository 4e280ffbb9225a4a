//! Is it safe to ask receivers for more? What can be seen of SPF and DKIM from the records alone.

use crate::{
    check::{Code, Cx, Findings, Level, keys, mail, spf},
    dns::Name,
    facts::Step,
};

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
    let (receiving, sends) = (mail::receiving(cx), mail::sends(cx, domain));
    let nowhere = matches!(receiving?, mail::Receiving::Null | mail::Receiving::Absent);
    Ok(sends? == mail::Sends::No && nowhere)
}

/// Whether the domain uses mail: it names hosts that receive, or the user names an address or a sender.
pub(super) fn uses_mail(cx: &Cx<'_>) -> Step<bool> {
    let named = !cx.target.ips.is_empty() || cx.target.local_part.is_some();
    Ok(matches!(mail::receiving(cx)?, mail::Receiving::Hosts(_)) || named)
}

/// Whether the domain has an SPF record by which somebody may send: what the check of SPF finds.
pub(super) fn spf(cx: &Cx<'_>) -> Step<State> {
    let mut found = Findings::default();
    cx.section(|| spf::run(cx, &mut found))?;
    let nobody = [Code::Spf010, Code::Spf020, Code::Spf030, Code::Spf300, Code::Spf370];
    Ok(if found.all().iter().any(|finding| nobody.contains(&finding.code)) {
        State::Absent
    } else if found.has(Level::Stops) || found.has(Level::Unknown) {
        State::Unknown
    } else {
        State::Seen
    })
}

/// Whether receivers can find a key of `domain`.
pub(super) fn dkim(cx: &Cx<'_>, domain: &Name) -> Step<State> {
    Ok(match keys::seen(cx, domain)? {
        keys::Seen::Key => State::Seen,
        keys::Seen::Absent => State::Absent,
        keys::Seen::Nothing | keys::Seen::Unknown(_) => State::Unknown,
    })
}
