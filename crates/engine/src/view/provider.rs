//! Who a domain's mail is with, and whose an address is that sends.

use std::net::IpAddr;

use super::mx;
use crate::{
    cx::Cx,
    dns::{Name, Query, Rtype, ip::reverse_name},
    facts::{Ask, Pending, Step},
    knowledge::{Provider, ProviderKind, Recognised},
    spf,
};

/// Who the domain's mail is with, as far as MX and the SPF record tell.
pub(crate) fn recognise<'a>(cx: &Cx<'a>, domain: &Name) -> Step<Recognised<'a>> {
    let (receives, includes) = (cx.ask(&mx::query(domain)), spf::includes(cx, domain));
    receives?;
    let includes = includes?;
    let hosts = mx::host_names(cx, domain)?;
    let hosts: Vec<&str> = hosts.iter().map(Name::as_str).collect();
    let includes: Vec<&str> = includes.iter().map(Name::as_str).collect();
    Ok(cx.knowledge.providers.recognise(&hosts, &includes))
}

/// Whose a sending address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner<'a> {
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
pub(crate) fn of_sending_address<'a>(cx: &Cx<'a>, ip: IpAddr) -> Step<Owner<'a>> {
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
