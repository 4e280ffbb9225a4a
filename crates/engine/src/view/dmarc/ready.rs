//! Is it safe to ask receivers for more? What can be seen of SPF and DKIM from the records alone.

use crate::{
    cx::{Cx, both},
    dns::Name,
    facts::Step,
    view::{
        keys, mail_use,
        spf::{self, Standing},
    },
};

/// What is known of SPF or DKIM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// A record is there that receivers can use.
    Seen,
    /// There is none, proven.
    Absent,
    /// None was seen, or the lookup failed: nothing follows from it.
    Unknown,
}

/// Whether the domain has an SPF record by which somebody may send.
pub(crate) fn spf(cx: &Cx<'_>, domain: &Name) -> Step<Presence> {
    Ok(match cx.section(|| spf::standing(cx, domain))? {
        Standing::Nothing | Standing::Several | Standing::Nobody => Presence::Absent,
        Standing::Misplaced | Standing::Broken | Standing::Unknown(_) => Presence::Unknown,
        Standing::Usable => Presence::Seen,
    })
}

/// Whether receivers can find a key of `domain`.
pub(crate) fn dkim(cx: &Cx<'_>, domain: &Name) -> Step<Presence> {
    Ok(match keys::seen(cx, domain)? {
        keys::KeyEvidence::Key => Presence::Seen,
        keys::KeyEvidence::Absent => Presence::Absent,
        keys::KeyEvidence::Nothing | keys::KeyEvidence::Unknown(_) => Presence::Unknown,
    })
}

words! {
    /// What has to be in order first, before receivers may be asked to act on mail that fails.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Lack {
        /// SPF is missing, broken or not known.
        Spf = "spf",
        /// No DKIM key was seen that receivers can use.
        Dkim = "dkim",
    }
    key "build.unready.{}"
}

/// What `domain` lacks for a policy by which its own mail could be lost; `None` if SPF and DKIM were seen to be in order.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn lack(cx: &Cx<'_>, domain: &Name) -> Step<Option<Lack>> {
    Ok(match both(spf(cx, domain), dkim(cx, domain))? {
        (Presence::Seen, Presence::Seen) => None,
        (Presence::Seen, _) => Some(Lack::Dkim),
        _ => Some(Lack::Spf),
    })
}

/// What the domain of the target lacks for a policy by which its own mail could be lost. None too for a domain that says it
/// has no mail, and while it is not known.
#[must_use]
pub fn lacks(cx: &Cx<'_>) -> Option<Lack> {
    let domain = cx.target.domain.as_ref()?;
    match (mail_use::is_parked(cx, domain), lack(cx, domain)) {
        (Ok(false), Ok(lack)) => lack,
        _ => None,
    }
}
