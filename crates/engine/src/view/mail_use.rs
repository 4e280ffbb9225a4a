//! What a domain does with mail: whether it sends, whether it is used for mail at all. Where it receives is [`mx`].
//!
//! Several checks have to know this before they advise anything: nobody who sends is told to say that they do not.

use super::{
    domain, keys,
    mx::{self, Receiving},
};
use crate::{
    cx::{Cx, both},
    dns::{Failure, Name, Query, Rdata, Rtype},
    facts::{Ask, Step},
    record::spf::parse,
    spf::{Selected, select},
    target::Target,
};

/// What the target's domain does with mail, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MailUse {
    /// Whether mail is sent in its name.
    pub sends: Option<SendsMail>,
    /// Whether it is used for mail at all, whatever its SPF record says.
    pub used: Option<UsedForMail>,
    /// Whether it says that it sends no mail, and nothing that could say otherwise is unknown.
    pub denied: bool,
}

/// What is known by now.
pub(crate) fn view(cx: &Cx<'_>) -> MailUse {
    let Some(domain) = cx.target.domain.as_ref().filter(|_| domain::is_gone(cx) == Ok(false)) else {
        return MailUse::default();
    };
    MailUse {
        sends: sends(cx, domain).ok(),
        used: used(cx, domain).ok(),
        denied: denied(cx, domain) == Ok(true),
    }
}

/// Whether the domain says that it sends no mail: by a null MX, or by an SPF record that lets nobody send where nothing
/// receives either.
fn denied(cx: &Cx<'_>, domain: &Name) -> Step<bool> {
    let sends = sends(cx, domain)?;
    Ok(match mx::receiving(cx)? {
        Receiving::Null => {
            matches!(sends, SendsMail::No | SendsMail::Unknown)
                && !matches!(used(cx, domain)?, UsedForMail::Unknown(_))
        }
        Receiving::Absent => sends == SendsMail::No,
        Receiving::Hosts(_) | Receiving::Unknown(_) => false,
    })
}

/// Whether the domain says that it has nothing to do with mail: its SPF record lets nobody send, and it receives
/// nowhere.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn is_parked(cx: &Cx<'_>, domain: &Name) -> Step<bool> {
    let (receiving, sends) = both(mx::receiving(cx), sends(cx, domain))?;
    let nowhere = matches!(receiving, Receiving::Null | Receiving::Absent);
    Ok(sends == SendsMail::No && nowhere)
}

/// Whether the domain surely has mail to lose: it names hosts that receive, or the user names an address or a sender. What
/// may be a sign that it sends does not count.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until the MX records are known.
pub(crate) fn receives_or_sends(cx: &Cx<'_>) -> Step<bool> {
    Ok(matches!(mx::receiving(cx)?, Receiving::Hosts(_)) || names_sender(cx.target))
}

/// Whether mail is sent in the domain's name, as far as can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendsMail {
    /// The user names a sender, or the SPF record lets somebody send.
    Yes,
    /// The SPF record lets nobody send.
    No,
    /// There is nothing to tell by.
    Unknown,
    /// What would tell could not be looked up.
    Failed(Failure),
}

/// Whether the user says who sends: an address that does, or the sender of a message.
#[must_use]
pub fn names_sender(target: &Target) -> bool {
    !target.ips.is_empty() || target.local_part.is_some()
}

/// Whether mail is sent in the domain's name: by what the user says, by its SPF record, by other signs.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn sends(cx: &Cx<'_>, domain: &Name) -> Step<SendsMail> {
    let texts = cx.ask(&Query::new(domain.clone(), Rtype::Txt))?;
    if names_sender(cx.target) {
        return Ok(SendsMail::Yes);
    }
    let records: Vec<_> = match select(texts) {
        Selected::One(one) => vec![one],
        Selected::Several(several) => several,
        Selected::Failed(failure) => return Ok(SendsMail::Failed(failure)),
        Selected::Nothing | Selected::NoneAmongOthers => return Ok(SendsMail::Unknown),
    };
    if !records.iter().all(|txt| parse(&txt.text()).lets_nobody_send()) {
        return Ok(SendsMail::Yes);
    }
    Ok(match shows_sending(cx, domain)? {
        SendingSigns::Yes => SendsMail::Unknown,
        SendingSigns::No => SendsMail::No,
        SendingSigns::Unknown(failure) => SendsMail::Failed(failure),
    })
}

/// Whether there are signs, beside its SPF record, that a domain sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SendingSigns {
    /// One at least.
    Yes,
    /// None, and every place where one would be was looked at.
    No,
    /// None was seen, and a lookup failed.
    Unknown(Failure),
}

/// Whether the domain names a server for outgoing mail (RFC 6186, RFC 8314), has a DKIM key, or is said by the user to
/// sign with one.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn shows_sending(cx: &Cx<'_>, domain: &Name) -> Step<SendingSigns> {
    if keys::given(cx).any(|selector| selector.is_ok()) {
        return Ok(SendingSigns::Yes);
    }
    let services = ["_submissions._tcp", "_submission._tcp"];
    let names = services.iter().filter_map(|label| domain.under(label).ok());
    let queries: Vec<Query> = names.map(|name| Query::new(name, Rtype::Srv)).collect();
    let (services, key) = (cx.ask_all(&queries), keys::seen(cx, domain));
    let (services, key) = (services?, key?);
    let offered = services
        .iter()
        .flat_map(|outcome| outcome.records())
        .any(|record| matches!(&record.data, Rdata::Srv { target, .. } if !target.is_root()));
    if offered || key == keys::KeyEvidence::Key {
        return Ok(SendingSigns::Yes);
    }
    let failure = services.iter().find_map(|outcome| outcome.failure());
    Ok(match (failure, key) {
        (Some(failure), _) | (None, keys::KeyEvidence::Unknown(failure)) => SendingSigns::Unknown(failure),
        _ => SendingSigns::No,
    })
}

/// Whether a domain is used for mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsedForMail {
    /// The user names a sender, or mail is received, or there are other signs that it sends.
    Yes,
    /// It receives no mail, and nobody says that it sends.
    No,
    /// Nothing shows that it is, and what might could not be looked up.
    Unknown(Failure),
}

/// Whether the domain is used for mail, whatever its SPF record says.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn used(cx: &Cx<'_>, domain: &Name) -> Step<UsedForMail> {
    if names_sender(cx.target) {
        return Ok(UsedForMail::Yes);
    }
    let outcome = cx.ask(&mx::query(domain))?;
    if outcome.exchanges().next().is_some() {
        return Ok(UsedForMail::Yes);
    }
    Ok(match (shows_sending(cx, domain)?, outcome.failure()) {
        (SendingSigns::Yes, _) => UsedForMail::Yes,
        (SendingSigns::Unknown(failure), _) | (SendingSigns::No, Some(failure)) => {
            UsedForMail::Unknown(failure)
        }
        (SendingSigns::No, None) => UsedForMail::No,
    })
}
