//! Who a domain's mail is with, and whose an address is that sends.

use std::net::IpAddr;

use super::{KnownEntry, domain, mx};
use crate::{
    cx::Cx,
    dns::{Failure, Name, Query, Rtype, ip::reverse_name},
    facts::{Ask, Pending, Step},
    knowledge::{Provider, ProviderKind, Recognised},
    spf,
};

/// Who a domain's mail is with, as far as it is recognised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailProviders {
    /// Who holds the mailboxes.
    pub mailbox: Option<KnownEntry>,
    /// By what that was recognised.
    pub by: RecognisedBy,
    /// The filter or forwarder that receives first.
    pub gateway: Option<KnownEntry>,
    /// All who may send, in the order of the SPF record.
    pub senders: Vec<KnownEntry>,
    /// Why the MX records are not known, if they are not.
    pub failed: Option<Failure>,
}

/// By what the holder of the mailboxes was recognised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecognisedBy {
    /// By nothing.
    #[default]
    Nothing,
    /// The domain is one in which the provider has mailboxes for everybody, such as `gmail.com`: its records are not the
    /// user's.
    ConsumerDomain,
    /// The hosts that receive the domain's mail.
    Mx,
    /// The SPF record, where a filter or forwarder receives first.
    Spf,
}

impl MailProviders {
    /// The provider whose domain this is, where anybody may have a mailbox.
    #[must_use]
    pub fn of_consumer_domain(&self) -> Option<&KnownEntry> {
        self.mailbox.as_ref().filter(|_| self.by == RecognisedBy::ConsumerDomain)
    }
}

impl From<&Provider> for KnownEntry {
    fn from(provider: &Provider) -> Self {
        Self { id: provider.id.clone(), name: provider.name.clone() }
    }
}

/// Who the mail of the target's domain is with; none without a domain.
///
/// # Errors
/// [`Pending`] until it is known.
pub(crate) fn view(cx: &Cx<'_>) -> Step<Option<MailProviders>> {
    let Some(domain) = &cx.target.domain else { return Ok(None) };
    if domain::is_gone(cx)? {
        return Ok(None);
    }
    if let Some(provider) = cx.knowledge.providers.by_domain(domain) {
        let (mailbox, by) = (Some(provider.into()), RecognisedBy::ConsumerDomain);
        return Ok(Some(MailProviders { mailbox, by, ..MailProviders::default() }));
    }
    let failed = cx.ask(&mx::query(domain))?.failure();
    let found = recognise(cx, domain)?;
    Ok(Some(MailProviders {
        mailbox: found.mailbox.map(KnownEntry::from),
        by: match found.mailbox {
            None => RecognisedBy::Nothing,
            Some(_) if found.behind_gateway => RecognisedBy::Spf,
            Some(_) => RecognisedBy::Mx,
        },
        gateway: found.gateway.map(KnownEntry::from),
        senders: found.senders.into_iter().map(KnownEntry::from).collect(),
        failed,
    }))
}

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
pub(crate) enum SenderOwner<'a> {
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
pub(crate) fn of_sending_address<'a>(cx: &Cx<'a>, ip: IpAddr) -> Step<SenderOwner<'a>> {
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
                return Ok(SenderOwner::Provider(&provider.name));
            }
            failed |= forward.failure().is_some();
        }
    }
    Ok(match included.transpose()?.flatten() {
        Some(provider) => SenderOwner::Provider(&provider.name),
        None if failed => SenderOwner::Unknown,
        None => SenderOwner::Sender,
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
