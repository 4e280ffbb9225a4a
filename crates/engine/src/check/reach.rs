//! Do the names of the mail provider lead anywhere?
//!
//! Objective: whoever cannot send is asked first whether the provider's servers can be found at all. Inputs: the
//! recognised provider, its servers for outgoing mail in `providers.json`, the domain's MX hosts that are its own.
//! Procedure: the provider is known by the domain or by its MX hosts, or, where a filter stands in front, by the SPF
//! record; its hosts are asked for an address. MX hosts are asked about anyway and cost nothing here; what is wrong
//! with them is said there. A host that could not be looked up is never said to be missing, nor to be down: whether a
//! server works is nothing that the DNS knows.

use super::{Arg, Code, Cx, Finding, Findings, host_reach::HostReach, host_reach::reach_of};
use crate::{
    dns::Name,
    facts::Step,
    knowledge::Provider,
    view::{domain, mx, provider},
};

/// Hosts for outgoing mail that are looked up.
const MAX_SENDING: usize = 3;
/// MX hosts that are named.
const MAX_RECEIVING: usize = 4;

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    let gone = domain::is_gone(cx);
    let provider = provider(cx, domain);
    if gone? {
        return Ok(());
    }
    let Some(provider) = provider? else { return Ok(()) };
    cx.section(|| {
        let sending = sending(provider);
        let mut hosts = sending.clone();
        hosts.extend(receiving(cx, domain, provider)?.into_iter().filter(|host| !sending.contains(host)));
        let reaches = reach_of(cx, &hosts)?;
        let about = |code| Finding::new(code, domain).arg("provider", provider.name.as_str());
        let mut well = true;
        // What is wrong with an MX host is said of the MX record.
        for (host, reach) in sending.iter().zip(&reaches) {
            if *reach == HostReach::Nowhere {
                well = false;
                cx.found(findings, about(Code::Con020).arg("host", host));
            }
        }
        let unknown: Vec<&Name> = hosts
            .iter()
            .zip(&reaches)
            .filter(|(_, reach)| matches!(reach, HostReach::Unknown(_)))
            .map(|(host, _)| host)
            .collect();
        let failure = reaches.iter().find_map(|reach| match reach {
            HostReach::Unknown(failure) => Some(*failure),
            _ => None,
        });
        if let Some(failure) = failure {
            let finding = about(Code::Con030).arg("hosts", Arg::list(unknown)).because(failure);
            cx.found(findings, finding);
        } else if well && reaches.contains(&HostReach::Somewhere) {
            let found = hosts.iter().zip(&reaches).filter(|(_, reach)| **reach == HostReach::Somewhere);
            let found = Arg::list(found.map(|(host, _)| host));
            cx.found(findings, about(Code::Con010).arg("hosts", found));
        }
        Ok(())
    })
}

/// Who the mail is with. Where the MX hosts tell it, the SPF record is not waited for.
fn provider<'a>(cx: &Cx<'a>, domain: &Name) -> Step<Option<&'a Provider>> {
    let providers = &cx.knowledge.providers;
    if let Some(provider) = providers.by_domain(domain) {
        return Ok(Some(provider));
    }
    let hosts = mx::host_names(cx, domain)?;
    let hosts: Vec<&str> = hosts.iter().map(Name::as_str).collect();
    let found = providers.recognise(&hosts, &[]);
    if found.gateway.is_none() || found.mailbox.is_some() {
        return Ok(found.mailbox);
    }
    Ok(provider::recognise(cx, domain)?.mailbox)
}

/// Hosts for outgoing mail that are the same for everybody.
fn sending(provider: &Provider) -> Vec<Name> {
    let mut hosts: Vec<Name> = Vec::new();
    for service in &provider.smtp {
        // `{domain}` is for the user to fill; a number is the user's own machine.
        if let Ok(name) = Name::parse(&service.host)
            && name.is_host_name()
            && service.host.parse::<std::net::IpAddr>().is_err()
            && !hosts.contains(&name)
            && hosts.len() < MAX_SENDING
        {
            hosts.push(name);
        }
    }
    hosts
}

/// The domain's MX hosts that are the provider's.
fn receiving(cx: &Cx<'_>, domain: &Name, provider: &Provider) -> Step<Vec<Name>> {
    let mut hosts = mx::host_names(cx, domain)?;
    let is_own =
        |host: &Name| cx.knowledge.providers.by_mx(host).is_some_and(|owner| owner.id == provider.id);
    hosts.retain(is_own);
    hosts.truncate(MAX_RECEIVING);
    Ok(hosts)
}
