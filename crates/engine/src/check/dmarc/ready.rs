//! Is it safe to ask receivers for more? What can be seen of SPF and DKIM from the records alone.

use crate::{
    change::Safety,
    check::{Code, Cx, Findings, Level, keys, mail, spf},
    dmarc::Discovery,
    dns::Name,
    facts::Step,
    record::dmarc::{Dmarc, Policy},
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

words! {
    /// What has to be in order first, before receivers may be asked to act on mail that fails.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) enum Lack {
        /// SPF is missing, broken or not known.
        Spf = "spf",
        /// No DKIM key was seen that receivers can use.
        Dkim = "dkim",
    }
}

/// What `domain` lacks for a policy by which its own mail could be lost; `None` if SPF and DKIM were seen to be in order.
pub(crate) fn lack(cx: &Cx<'_>, domain: &Name) -> Step<Option<Lack>> {
    let (spf, dkim) = (spf(cx), dkim(cx, domain));
    let (spf, dkim) = (spf?, dkim?);
    Ok(match (spf, dkim) {
        (State::Seen, State::Seen) => None,
        (State::Seen, _) => Some(Lack::Dkim),
        _ => Some(Lack::Spf),
    })
}

/// A record that receivers did not read so far and that will act once they do.
pub(super) struct Begun {
    /// The record: as it was meant where its own mail is not lost by that, else one that only watches.
    pub text: String,
    /// Whether it asks for less than was meant.
    pub watches: bool,
}

impl Begun {
    /// The locale key of what to know before it is published.
    pub fn note(&self) -> &'static str {
        if self.watches { "dmarc.then.watches" } else { "dmarc.then.acts" }
    }

    /// Harmless is only what asks for nothing, as it was meant.
    pub fn safety(&self) -> Safety {
        let record = Dmarc::parse(&self.text);
        let mut policies = [record.p, record.sp, record.np].into_iter().flatten();
        let harmless = policies.all(|given| given.value.is_none_or(|policy| policy == Policy::None));
        if harmless && !self.watches { Safety::Safe } else { Safety::Decide }
    }
}

/// What may be published at `domain` of a record that was `meant`. Of another domain than the one that is looked at nobody
/// knows whether it is ready.
pub(super) fn begin(
    cx: &Cx<'_>,
    discovery: &Discovery,
    domain: &Name,
    meant: String,
    parked: Step<bool>,
) -> Step<Begun> {
    let record = Dmarc::parse(&meant);
    let [p, sp] = [record.p, record.sp]
        .map(|given| given.and_then(|given| given.value).is_some_and(|p| p != Policy::None));
    let ready = || Ok(*domain == discovery.domain && (parked? || lack(cx, domain)?.is_none()));
    if !(p || sp) || ready()? {
        return Ok(Begun { text: meant, watches: false });
    }
    let mut changes = vec![("p", Some("none")), ("t", None)];
    if sp {
        changes.push(("sp", None));
    }
    Ok(Begun { text: record.with(&changes), watches: true })
}
