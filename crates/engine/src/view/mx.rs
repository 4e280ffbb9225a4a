//! The MX records of a domain: where mail for it goes (RFC 5321 section 5, RFC 7505).

use std::net::IpAddr;

use super::{
    addresses::{Addresses, addresses, questions},
    domain, proxy,
};
use crate::{
    cx::Cx,
    dns::{Answer, Failure, Name, Outcome, Query, Rdata, Rtype},
    facts::{Ask, Step},
};

/// Targets that are looked up; more are never needed and would spend the budget of the whole run.
const MAX_TARGETS: usize = 16;

/// Where mail for a domain goes, host by host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mx {
    /// What the MX records say.
    pub receiving: Receiving,
    /// Preferences of the null MX records (RFC 7505), also of those that stand beside hosts.
    pub null: Vec<u16>,
    /// The hosts; none while one of them is not known.
    pub targets: Option<Targets>,
    /// The addresses of the domain itself, where they stand in because there is no MX record (RFC 5321 section 5.1); none
    /// while they are not known.
    pub implicit: Option<Addresses>,
}

/// The hosts that MX records name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets {
    /// Those that are looked at, one a record, most preferred first.
    pub hosts: Vec<MxTarget>,
    /// Whether there are more.
    pub cut: bool,
}

/// A host that an MX record names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MxTarget {
    /// Its preference.
    pub preference: u16,
    /// Its name. Untrusted.
    pub host: Name,
    /// What is wrong with it by its form alone; it is then not looked up.
    pub form: Option<Form>,
    /// Where it leads.
    pub addresses: Addresses,
    /// Whether it is behind a proxy that passes on no mail, as far as can be told.
    pub proxied: bool,
}

/// What is wrong with a target by its form alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An address where a name must stand (RFC 1035 section 3.3.9).
    Literal(IpAddr),
    /// A name of one label, such as `mail`.
    SingleLabel,
}

impl Form {
    fn of(host: &Name) -> Option<Self> {
        if let Ok(ip) = host.as_str().parse() {
            Some(Self::Literal(ip))
        } else if host.labels().count() == 1 {
            Some(Self::SingleLabel)
        } else {
            None
        }
    }
}

impl MxTarget {
    /// Whether mail can reach it, as far as addresses tell.
    #[must_use]
    pub fn works(&self) -> bool {
        self.form.is_none() && self.addresses.public().next().is_some()
    }

    /// Whether nothing is known of it.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.form.is_none() && self.addresses.unknown().is_some()
    }
}

/// Where mail for the target's domain goes; none without a domain.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until the MX records are known.
pub(crate) fn view(cx: &Cx<'_>) -> Step<Option<Mx>> {
    let Some(domain) = &cx.target.domain else { return Ok(None) };
    if domain::is_gone(cx)? {
        return Ok(None);
    }
    let receiving = receiving(cx)?;
    let records = match cx.ask(&query(domain))? {
        Outcome::Records(answer) => exchanges(answer),
        _ => Vec::new(),
    };
    let null = records.into_iter().filter(|(_, host)| host.is_root()).map(|(preference, _)| preference);
    let (targets, implicit) = match &receiving {
        Receiving::Hosts(hosts) => (targets(cx, hosts).ok(), None),
        Receiving::Absent => (None, addresses(cx, domain).ok()),
        Receiving::Null | Receiving::Unknown(_) => (None, None),
    };
    Ok(Some(Mx { null: null.collect(), receiving, targets, implicit }))
}

/// Looks at every target, all lookups at the same time.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until all are looked up.
pub(crate) fn targets(cx: &Cx<'_>, records: &[(u16, Name)]) -> Step<Targets> {
    let looked_at = &records[..records.len().min(MAX_TARGETS)];
    let named = looked_at.iter().map(|(_, host)| host).filter(|host| Form::of(host).is_none());
    let queries: Vec<Query> = named.flat_map(questions).collect();
    cx.ask_all(&queries)?;
    let mut hosts = Vec::new();
    for (preference, host) in looked_at {
        let form = Form::of(host);
        let addresses = if form.is_none() { addresses(cx, host)? } else { Addresses::default() };
        let proxied = is_proxied(cx, host, &addresses);
        hosts.push(MxTarget { preference: *preference, host: host.clone(), form, addresses, proxied });
    }
    Ok(Targets { hosts, cut: records.len() > looked_at.len() })
}

/// Whether all addresses of a host belong to a network that passes on no mail. A provider that is known to receive there may,
/// and a host that has another address as well can be reached; of one whose addresses are not all known it is not said.
pub(crate) fn is_proxied(cx: &Cx<'_>, host: &Name, found: &Addresses) -> bool {
    let names = [Some(host), found.alias_of.as_ref()];
    let known = names.into_iter().flatten().any(|host| cx.knowledge.providers.by_mx(host).is_some());
    let sure = found.failed_v4.is_none() && found.failed_v6.is_none() && !known;
    sure && found.public().next().is_some() && found.public().all(proxy::holds)
}

/// Where mail for the domain goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receiving {
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
    exchanges.sort();
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
