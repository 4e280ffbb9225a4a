//! Who is the mail with?
//!
//! Objective: name the mailbox provider, so that its limits, settings and support can be shown, and tell a filter in
//! front of it apart. Inputs: MX hosts, SPF includes, `providers.json`. Procedure: a consumer domain (gmail.com)
//! names its provider itself; otherwise MX decides, and where a filter or forwarder stands there, the SPF record.
//! Nothing is guessed: what is not recognised is said to be not recognised.

use std::net::IpAddr;

use super::{Arg, Code, Cx, Finding, Findings};
use crate::{
    dns::{Name, Query, Rtype, ip::reverse_name},
    facts::{Ask, Pending, Step},
    knowledge::{Provider, ProviderKind, Recognised},
    spf,
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    if super::domain::is_gone(cx)? {
        return Ok(());
    }
    if let Some(provider) = cx.knowledge.providers.by_domain(domain) {
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

pub(super) fn mx(domain: &Name) -> Query {
    Query::new(domain.clone(), Rtype::Mx)
}

/// The hosts that receive the domain's mail, as far as they are known; a null MX is none.
pub(super) fn mx_hosts(cx: &Cx<'_>, domain: &Name) -> Step<Vec<Name>> {
    Ok(cx.ask(&mx(domain))?.exchanges().map(|(_, host)| host.clone()).collect())
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

/// Whose a sending address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner<'a> {
    /// The sender's own, as far as is known.
    Sender,
    /// A provider's, who shares it among its customers.
    Provider(&'a str),
    /// That of the user's connection, which hands mail to a provider.
    Connection,
    /// It could not be looked up.
    Unknown,
}

/// Whose a sending address is. It is a provider's if its reverse name belongs to the provider and leads back to the
/// address: a name that does not lead back proves nothing, anybody can write it. Or if the provider's own SPF record
/// holds it, and the domain includes that.
pub(super) fn of_sending_address<'a>(cx: &Cx<'a>, ip: IpAddr) -> Step<Owner<'a>> {
    let included = cx.target.domain.as_ref().map(|domain| included(cx, domain, ip));
    let outcome = cx.ask(&Query::new(reverse_name(ip), Rtype::Ptr))?;
    let mut failed = outcome.failure().is_some();
    let rtype = if ip.is_ipv4() { Rtype::A } else { Rtype::Aaaa };
    for name in outcome.names().take(10) {
        if let Some(provider) = cx.knowledge.providers.by_sending_host(name)
            && provider.shared_addresses
        {
            let forward = cx.ask(&Query::new(name.clone(), rtype))?;
            if forward.addresses().any(|address| address == ip) {
                return Ok(Owner::Provider(&provider.name));
            }
            failed |= forward.failure().is_some();
        }
    }
    Ok(match included.transpose()?.flatten() {
        Some(provider) => Owner::Provider(&provider.name),
        None if failed => Owner::Unknown,
        None => Owner::Sender,
    })
}

/// The provider of mailboxes whose SPF record holds the address, if the domain includes it or is the provider's. Who
/// sends for programs and shops is not counted: such a record holds addresses too that one customer has alone.
fn included<'a>(cx: &Cx<'a>, domain: &Name, ip: IpAddr) -> Step<Option<&'a Provider>> {
    let providers = &cx.knowledge.providers;
    let mut records = match providers.by_domain(domain) {
        Some(provider) => vec![(domain.clone(), provider)],
        None => Vec::new(),
    };
    for name in spf::includes(cx, domain)? {
        records.extend(providers.by_spf_include(name.as_str()).map(|provider| (name, provider)));
    }
    let mut pending = Ok(None);
    for (name, provider) in records {
        let mailboxes = matches!(provider.kind, ProviderKind::Mailbox | ProviderKind::Hosting);
        if !mailboxes || !provider.shared_addresses {
            continue;
        }
        let input = spf::Input { domain: name.as_str(), ..spf::Input::new(ip, "", domain.as_str()) };
        match spf::evaluate(cx, &input) {
            Ok(evaluation) if evaluation.result == spf::SpfResult::Pass => return Ok(Some(provider)),
            Ok(_) => {}
            Err(Pending) => pending = Err(Pending),
        }
    }
    pending
}
