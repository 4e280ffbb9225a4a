//! Addresses to choose from where nobody knows which one sends: each with whose it is, what it is called, and whether it
//! receives the domain's mail or is let send.

use std::net::IpAddr;

use super::{AddressOrigin, Candidate, Sending};
use crate::{
    cx::Cx,
    dns::{Name, Query, Rtype, ip::reverse_name, is_public},
    facts::{Ask, Step},
    record::spf::{Mechanism, TermKind},
    spf::{
        self, Survey,
        survey::{LISTED_BITS, TermPlace},
    },
    view::{addresses, mx, proxy, ptr},
};

/// Addresses that are offered; among more nobody chooses.
pub const MOST_OFFERED: usize = 12;
/// Receiving hosts whose addresses are offered.
const MOST_RECEIVERS: usize = 8;

/// The addresses, the domain's own first.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until the whole SPF record, the receiving hosts and the names are known.
pub(crate) fn offers(cx: &Cx<'_>, sending: &Sending) -> Step<Vec<Candidate>> {
    let Some(domain) = &cx.target.domain else { return Ok(Vec::new()) };
    let (survey, receivers) = (spf::survey(&cx.first(), domain), receivers(cx));
    let (survey, receivers) = (survey?, receivers?);
    let mut offers: Vec<Candidate> = Vec::new();
    let mut add = |ip: IpAddr, name: Option<Name>, of: AddressOrigin, sends: bool| {
        let asked = sending.ips().any(|known| known == ip);
        if asked || !is_public(ip) || proxy::holds(ip) || offers.iter().any(|known| known.ip == ip) {
            return;
        }
        offers.push(Candidate { name, sends, ..Candidate::new(ip, of) });
    };
    for sender in survey.senders() {
        let of = whose(cx, &survey, sender.by);
        for ip in sender.network.addresses(LISTED_BITS) {
            add(ip, host(&survey, domain, sender.by), of.clone(), true);
        }
    }
    for (ip, name) in &receivers {
        let sends = survey.senders().iter().any(|sender| sender.network.contains(*ip));
        add(*ip, Some(name.clone()), AddressOrigin::Domain, sends);
    }
    for offer in &mut offers {
        receive(offer, &receivers);
    }
    offers.sort_by(|a, b| a.of.cmp(&b.of));
    offers.truncate(MOST_OFFERED);
    name_all(cx, &mut offers)?;
    // A mail server has a name.
    offers.sort_by(|a, b| (&a.of, a.name.is_none()).cmp(&(&b.of, b.name.is_none())));
    Ok(offers)
}

/// Fills in what is known by now about addresses that are asked about.
pub(super) fn describe(cx: &Cx<'_>, addresses: &mut [Candidate]) {
    let receivers = receivers(cx).unwrap_or_default();
    for one in addresses {
        receive(one, &receivers);
        if let Ok(names) = pointed(cx, one.ip) {
            one.name = one.name.take().or_else(|| names.into_iter().next());
        }
    }
}

fn receive(one: &mut Candidate, receivers: &[(IpAddr, Name)]) {
    if let Some((_, host)) = receivers.iter().find(|(ip, _)| *ip == one.ip) {
        one.receives = true;
        one.name = one.name.take().or_else(|| Some(host.clone()));
    }
}

/// The addresses of the hosts that receive the domain's mail, but for those of providers.
fn receivers(cx: &Cx<'_>) -> Step<Vec<(IpAddr, Name)>> {
    let mut hosts = mx::hosts(cx)?;
    hosts.retain(|(_, host)| cx.knowledge.providers.by_mx(host).is_none());
    hosts.truncate(MOST_RECEIVERS);
    let queries: Vec<Query> = hosts.iter().flat_map(|(_, host)| addresses::questions(host)).collect();
    cx.ask_all(&queries)?;
    let mut found = Vec::new();
    for (_, host) in hosts {
        let all = addresses::addresses(cx, &host)?.all;
        found.extend(all.into_iter().map(|ip| (ip, host.clone())));
    }
    Ok(found)
}

/// Whose record a term stands in: that of the first, from the domain's own down, that somebody else keeps.
fn whose(cx: &Cx<'_>, survey: &Survey, by: TermPlace) -> AddressOrigin {
    let mut at = Some(by.node);
    let mut of = AddressOrigin::Domain;
    while let Some(node) = at.and_then(|at| survey.nodes.get(at)) {
        let name = &node.domain;
        let own = cx.target.domain.as_ref().is_some_and(|domain| name.is_within(domain));
        if !own {
            of = match cx.knowledge.providers.by_spf_include(name.as_str()) {
                Some(provider) => AddressOrigin::Provider(provider.name.clone()),
                None => AddressOrigin::Included(name.clone()),
            };
        }
        at = node.from.map(|from| from.node);
    }
    of
}

/// The host that a term names.
fn host(survey: &Survey, domain: &Name, by: TermPlace) -> Option<Name> {
    let node = survey.nodes.get(by.node)?;
    match node.record.terms.get(by.term)?.kind {
        TermKind::Directive(_, Mechanism::A(Some(spec), _)) => {
            spf::fixed(domain, &node.domain, spec, &node.text)
        }
        TermKind::Directive(_, Mechanism::A(None, _)) => Some(node.domain.clone()),
        _ => None,
    }
}

/// The names that the PTR record of an address has.
fn pointed(cx: &Cx<'_>, ip: IpAddr) -> Step<Vec<Name>> {
    cx.ask(&Query::new(reverse_name(ip), Rtype::Ptr)).map(ptr::names)
}

/// Gives each that has no name the first that its PTR record has; all are asked at the same time. Without an answer it
/// stays without a name.
fn name_all(cx: &Cx<'_>, offers: &mut [Candidate]) -> Step<()> {
    let nameless = offers.iter().filter(|offer| offer.name.is_none());
    let queries: Vec<Query> = nameless.map(|offer| Query::new(reverse_name(offer.ip), Rtype::Ptr)).collect();
    cx.ask_all(&queries)?;
    for offer in offers.iter_mut().filter(|offer| offer.name.is_none()) {
        offer.name = pointed(cx, offer.ip)?.into_iter().next();
    }
    Ok(())
}
