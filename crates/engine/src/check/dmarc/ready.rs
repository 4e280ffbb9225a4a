//! Is it safe to ask receivers for more? What can be seen of SPF and DKIM from the records alone.

use crate::{
    change::Safety,
    check::{Cx, keys, mail},
    dmarc::Discovery,
    dns::Name,
    facts::Step,
    record::dmarc::{Dmarc, Edit, Policy},
    view::{
        mx,
        spf::{self, Standing},
    },
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
    let (receiving, sends) = (mx::receiving(cx), mail::sends(cx, domain));
    let nowhere = matches!(receiving?, mx::Receiving::Null | mx::Receiving::Absent);
    Ok(sends? == mail::Sends::No && nowhere)
}

/// Whether the domain uses mail: it names hosts that receive, or the user names an address or a sender.
pub(super) fn uses_mail(cx: &Cx<'_>) -> Step<bool> {
    let named = !cx.target.ips.is_empty() || cx.target.local_part.is_some();
    Ok(matches!(mx::receiving(cx)?, mx::Receiving::Hosts(_)) || named)
}

/// Whether the domain has an SPF record by which somebody may send.
pub(super) fn spf(cx: &Cx<'_>, domain: &Name) -> Step<State> {
    Ok(match cx.section(|| spf::standing(cx, domain))? {
        Standing::Nothing | Standing::Several | Standing::Nobody => State::Absent,
        Standing::Misplaced | Standing::Broken | Standing::Unknown(_) => State::Unknown,
        Standing::Usable => State::Seen,
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

/// What has to be in order first, before receivers may be asked to act on mail that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    /// SPF is missing, broken or not known.
    Spf,
    /// No DKIM key was seen that receivers can use.
    Dkim,
}

impl Lack {
    /// The end of the locale key.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Spf => "spf",
            Self::Dkim => "dkim",
        }
    }
}

/// What `domain` lacks for a policy by which its own mail could be lost; `None` if SPF and DKIM were seen to be in order.
pub(crate) fn lack(cx: &Cx<'_>, domain: &Name) -> Step<Option<Lack>> {
    let (spf, dkim) = (spf(cx, domain), dkim(cx, domain));
    let (spf, dkim) = (spf?, dkim?);
    Ok(match (spf, dkim) {
        (State::Seen, State::Seen) => None,
        (State::Seen, _) => Some(Lack::Dkim),
        _ => Some(Lack::Spf),
    })
}

/// A record that receivers did not read so far and that will act once they do.
pub(super) struct Begun {
    /// As it was meant where its own mail is not lost by that, else one that only watches.
    pub record: Edit,
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
        let text = self.record.to_string();
        let record = Dmarc::parse(&text);
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
    meant: Edit,
    parked: Step<bool>,
) -> Step<Begun> {
    let text = meant.to_string();
    let record = Dmarc::parse(&text);
    let acts = [record.p, record.sp]
        .iter()
        .any(|given| given.and_then(|given| given.value).is_some_and(|policy| policy != Policy::None));
    let ready = || Ok(*domain == discovery.domain && (parked? || lack(cx, domain)?.is_none()));
    Ok(if !acts || ready()? {
        Begun { record: meant, watches: false }
    } else {
        Begun { record: meant.watching(), watches: true }
    })
}
