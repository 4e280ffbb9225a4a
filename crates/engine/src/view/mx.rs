//! The MX records of a domain: where mail for it goes (RFC 5321 section 5, RFC 7505).

use crate::{
    cx::Cx,
    dns::{Answer, Failure, Name, Outcome, Query, Rdata, Rtype},
    facts::{Ask, Step},
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
pub(crate) fn exchanges(answer: &Answer) -> Vec<(u16, Name)> {
    let mut exchanges: Vec<(u16, Name)> = answer
        .records
        .iter()
        .filter_map(|record| match &record.data {
            Rdata::Mx { preference, exchange } => Some((*preference, exchange.clone())),
            _ => None,
        })
        .collect();
    crate::table::sort(&mut exchanges, Clone::clone);
    exchanges.dedup();
    exchanges
}

/// The question for the MX records of `domain`.
pub(crate) fn query(domain: &Name) -> Query {
    Query::new(domain.clone(), Rtype::Mx)
}

/// The names of the hosts that receive mail for `domain`, in the order of the answer; none for a null MX and when the
/// lookup failed.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until the MX records are known.
pub(crate) fn host_names(cx: &Cx<'_>, domain: &Name) -> Step<Vec<Name>> {
    Ok(cx.ask(&query(domain))?.exchanges().map(|(_, host)| host.clone()).collect())
}
