//! Who is the mail with?
//!
//! Objective: name the mailbox provider, so that its limits, settings and support can be shown, and tell a filter in
//! front of it apart. Inputs: MX hosts, SPF includes, `providers.json`. Procedure: a consumer domain (gmail.com)
//! names its provider itself; otherwise MX decides, and where a filter or forwarder stands there, the SPF record.
//! Nothing is guessed: what is not recognised is said to be not recognised.

use std::net::IpAddr;

use super::{Arg, Code, Cx, Finding, Findings};
use crate::{
    dns::{Name, Query, Rdata, Rtype, ip::reverse_name},
    facts::{Ask, Step},
    knowledge::Recognised,
    spf,
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    if super::domain::is_gone(cx)? {
        return Ok(());
    }
    if let Some(provider) = cx.knowledge.providers.by_domain(domain.as_str()) {
        let finding = Finding::new(Code::Prv050, domain)
            .arg("domain", domain)
            .arg("provider", provider.name.as_str())
            .arg("id", provider.id.as_str());
        cx.found(findings, finding);
        return Ok(());
    }
    let failure = cx.ask(&mx(domain))?.failure();
    let found = recognise(cx, domain)?;
    let named = |code: Code, provider: &crate::knowledge::Provider| {
        Finding::new(code, domain)
            .arg("domain", domain)
            .arg("provider", provider.name.as_str())
            .arg("id", provider.id.as_str())
    };
    if let Some(provider) = found.mailbox {
        cx.found(findings, named(Code::Prv010, provider));
    }
    if let Some(provider) = found.gateway {
        cx.found(findings, named(Code::Prv020, provider));
    }
    let others: Vec<&str> = found
        .senders
        .iter()
        .filter(|sender| found.mailbox.is_none_or(|mailbox| mailbox.id != sender.id))
        .map(|sender| sender.name.as_str())
        .collect();
    if !others.is_empty() {
        let finding =
            Finding::new(Code::Prv030, domain).arg("n", others.len()).arg("providers", Arg::list(others));
        cx.found(findings, finding);
    }
    if found.mailbox.is_none() && found.gateway.is_none() {
        let finding = match failure {
            Some(failure) => Finding::new(Code::Prv060, domain).because(failure),
            None => Finding::new(Code::Prv040, domain),
        };
        cx.found(findings, finding.arg("domain", domain));
    }
    Ok(())
}

fn mx(domain: &Name) -> Query {
    Query::new(domain.clone(), Rtype::Mx)
}

/// The hosts that receive the domain's mail, as far as they are known; a null MX is none.
pub(super) fn mx_hosts(cx: &Cx<'_>, domain: &Name) -> Step<Vec<Name>> {
    let hosts = cx.ask(&mx(domain))?.records().iter().filter_map(|record| match &record.data {
        Rdata::Mx { exchange, .. } if !exchange.is_root() => Some(exchange.clone()),
        _ => None,
    });
    Ok(hosts.collect())
}

/// Who the domain's mail is with, as far as MX and the SPF record tell.
pub(super) fn recognise<'a>(cx: &Cx<'a>, domain: &Name) -> Step<Recognised<'a>> {
    let (receives, includes) = (cx.ask(&mx(domain)), spf::includes(cx, domain));
    receives?;
    let includes = includes?;
    let hosts = mx_hosts(cx, domain)?;
    let hosts: Vec<&str> = hosts.iter().map(Name::as_str).collect();
    let includes: Vec<&str> = includes.iter().map(Name::as_str).collect();
    Ok(cx.knowledge.providers.recognise(&hosts, &includes))
}

/// The provider whose customers share a sending address: its reverse name belongs to the provider and leads back to
/// the address. A name that does not lead back proves nothing, anybody can write it.
pub(super) fn of_sending_address<'a>(cx: &Cx<'a>, ip: IpAddr) -> Step<Option<&'a str>> {
    let names = cx.ask(&Query::new(reverse_name(ip), Rtype::Ptr))?.records().iter();
    let names = names.filter_map(|record| match &record.data {
        Rdata::Ptr(name) => Some(name),
        _ => None,
    });
    let rtype = if ip.is_ipv4() { Rtype::A } else { Rtype::Aaaa };
    for name in names.take(10) {
        if let Some(provider) = cx.knowledge.providers.by_sending_host(name.as_str())
            && provider.shared_addresses
        {
            let forward = cx.ask(&Query::new(name.clone(), rtype))?;
            if forward.records().iter().any(|record| record.data.address() == Some(ip)) {
                return Ok(Some(&provider.name));
            }
        }
    }
    Ok(None)
}
