//! What a domain does with mail: where it receives, and whether anything shows that it sends.
//!
//! Several checks have to know this before they advise anything: nobody who sends is told to say that they do not.

use super::{Cx, keys};
use crate::{
    dns::{Answer, Failure, Name, Outcome, Query, Rdata, Rtype},
    facts::{Ask, Step},
    record::spf::parse,
    spf::{Selected, select},
};

/// Where mail for the domain goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Receiving {
    /// To these hosts, most preferred first; a null MX beside them is left out.
    Hosts(Vec<(u16, Name)>),
    /// Nowhere: a null MX and nothing else (RFC 7505).
    Null,
    /// There is no MX record; the domain's own address may stand in (RFC 5321 section 5.1).
    Absent,
    /// The lookup failed: nothing is known.
    Unknown(Failure),
}

/// Where mail for the domain of the target goes. Without a domain it is [`Receiving::Absent`].
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until the MX records are known.
pub(crate) fn receiving(cx: &Cx<'_>) -> Step<Receiving> {
    let Some(domain) = &cx.target.domain else { return Ok(Receiving::Absent) };
    Ok(match cx.ask(&Query::new(domain.clone(), Rtype::Mx))? {
        Outcome::Records(answer) => {
            let (null, hosts): (Vec<_>, Vec<_>) =
                exchanges(answer).into_iter().partition(|(_, host)| host.is_root());
            if hosts.is_empty() && !null.is_empty() { Receiving::Null } else { Receiving::Hosts(hosts) }
        }
        Outcome::Failed(failed) => Receiving::Unknown(failed.failure),
        Outcome::NoData(_) | Outcome::NxDomain(_) => Receiving::Absent,
    })
}

/// The hosts that receive the domain's mail, most preferred first; empty too for a null MX and when the lookup
/// failed, which [`receiving`] tells apart.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until the MX records are known.
pub(crate) fn hosts(cx: &Cx<'_>) -> Step<Vec<(u16, Name)>> {
    Ok(match receiving(cx)? {
        Receiving::Hosts(hosts) => hosts,
        Receiving::Null | Receiving::Absent | Receiving::Unknown(_) => Vec::new(),
    })
}

/// Preference and target of each record, most preferred first.
pub(super) fn exchanges(answer: &Answer) -> Vec<(u16, Name)> {
    let mut exchanges: Vec<(u16, Name)> = answer
        .records
        .iter()
        .filter_map(|record| match &record.data {
            Rdata::Mx { preference, exchange } => Some((*preference, exchange.clone())),
            _ => None,
        })
        .collect();
    exchanges.sort();
    exchanges.dedup();
    exchanges
}

/// Whether mail is sent in the domain's name, as far as can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sends {
    /// The user names a sender, or the SPF record lets somebody send.
    Yes,
    /// The SPF record lets nobody send.
    No,
    /// There is nothing to tell by.
    Unknown,
    /// What would tell could not be looked up.
    Failed(Failure),
}

/// Whether mail is sent in the domain's name: by what the user says, by its SPF record, by other signs.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(super) fn sends(cx: &Cx<'_>, domain: &Name) -> Step<Sends> {
    let texts = cx.ask(&Query::new(domain.clone(), Rtype::Txt))?;
    if !cx.target.ips.is_empty() || cx.target.local_part.is_some() {
        return Ok(Sends::Yes);
    }
    let records: Vec<_> = match select(texts) {
        Selected::One(one) => vec![one],
        Selected::Several(several) => several,
        Selected::Failed(failure) => return Ok(Sends::Failed(failure)),
        Selected::Nothing | Selected::NoneAmongOthers => return Ok(Sends::Unknown),
    };
    if !records.iter().all(|txt| parse(&txt.text()).lets_nobody_send()) {
        return Ok(Sends::Yes);
    }
    Ok(match shows_sending(cx, domain)? {
        Shows::Yes => Sends::Unknown,
        Shows::No => Sends::No,
        Shows::Unknown(failure) => Sends::Failed(failure),
    })
}

/// Whether there are signs, beside its SPF record, that a domain sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows {
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
pub(super) fn shows_sending(cx: &Cx<'_>, domain: &Name) -> Step<Shows> {
    if keys::given(cx).any(|selector| selector.is_ok()) {
        return Ok(Shows::Yes);
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
    if offered || key == keys::Seen::Key {
        return Ok(Shows::Yes);
    }
    let failure = services.iter().find_map(|outcome| outcome.failure());
    Ok(match (failure, key) {
        (Some(failure), _) | (None, keys::Seen::Unknown(failure)) => Shows::Unknown(failure),
        _ => Shows::No,
    })
}
