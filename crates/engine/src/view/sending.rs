//! Which addresses send, and why these.
//!
//! Receivers judge the address that hands the mail over, so lists, reverse names and owners are asked about that one. The
//! user names it, or the domain's SPF record does: where its own part (no include of somebody else) comes to at most
//! [`MOST_ASKED`] single addresses, they are asked about at once. What may send beside those is left [open](Sending::open):
//! then the user is asked, with [offers](Sending::offers) to choose from. Shared servers of a recognised provider are
//! neither: their addresses are the provider's to look after.
//!
//! Addresses of a network that passes on no mail (see MX-270) and those that no receiver ever sees
//! are nobody's who sends.

mod offers;

use std::net::IpAddr;

use serde::Serialize;

use super::{addresses, domain, proxy};
use crate::{
    cx::Cx,
    dns::{Failure, Name, Network, Query, Rtype, ip::canonical, is_public},
    facts::{Ask, Step},
    knowledge::Provider,
    record::spf::DualCidr,
    spf::{self, NamedSender},
};

pub(crate) use offers::offers;

/// Single addresses of an SPF record that are asked about without being asked for; more would be a burden to those who
/// run the lists.
pub const MOST_ASKED: usize = 4;
/// Hosts that are followed; a record with more has too many lookups.
const MOST_HOSTS: usize = 24;

/// Which addresses send, as far as is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Sending {
    /// Who names the addresses.
    pub named_by: NamedBy,
    /// The addresses that are asked about.
    pub addresses: Vec<Candidate>,
    /// Whether others may be sending, of which nobody said which.
    pub open: bool,
    /// Addresses to choose from, where it is open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Candidate>,
    /// Recognised providers through whose shared servers mail leaves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shared: Vec<SharedProvider>,
    /// Hosts that the record names as senders and that could not be looked up.
    #[serde(skip)]
    pub(crate) failed: Vec<(Name, Failure)>,
}

/// Who says that an address sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NamedBy {
    /// Nobody.
    #[default]
    Nobody,
    /// The user, or what the user pasted.
    User,
    /// The domain's SPF record.
    Spf,
}

/// An address that sends, or may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// The address.
    pub ip: IpAddr,
    /// The host by which it was found, or the name that its PTR record has. Untrusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// Whose it is.
    pub of: AddressOrigin,
    /// Whether it receives the domain's mail (MX).
    pub receives: bool,
    /// Whether the SPF record lets it send.
    pub sends: bool,
}

/// Whose an address is, by the record that names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind", content = "name")]
pub enum AddressOrigin {
    /// The user names it.
    User,
    /// The domain's own record names it.
    Domain,
    /// The record of somebody whom the domain includes.
    Included(Name),
    /// The record of a recognised provider, by its proper name.
    Provider(String),
}

/// A provider whose customers share its sending addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SharedProvider {
    /// Its id in `providers.json`.
    pub id: String,
    /// Its proper name.
    pub name: String,
    /// Its page for those who ask for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support: Option<String>,
}

impl Candidate {
    fn new(ip: IpAddr, of: AddressOrigin) -> Self {
        let sends = of != AddressOrigin::User;
        Self { ip, name: None, of, receives: false, sends }
    }
}

impl Sending {
    /// The addresses that are asked about, each once.
    pub fn ips(&self) -> impl Iterator<Item = IpAddr> {
        self.addresses.iter().map(|one| one.ip)
    }

    fn given(ips: &[IpAddr]) -> Self {
        let mut given = Self { named_by: NamedBy::User, ..Self::default() };
        for ip in ips.iter().copied().map(canonical) {
            if !given.ips().any(|known| known == ip) {
                given.addresses.push(Candidate::new(ip, AddressOrigin::User));
            }
        }
        given
    }

    fn share(&mut self, provider: &Provider) {
        if self.shared.iter().all(|known| known.id != provider.id) {
            self.shared.push(SharedProvider {
                id: provider.id.clone(),
                name: provider.name.clone(),
                support: provider.urls.support.clone(),
            });
        }
    }
}

/// Which addresses send.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until the domain's own SPF record, and the hosts that it names, are known.
pub(crate) fn sending(cx: &Cx<'_>) -> Step<Sending> {
    if !cx.target.ips.is_empty() {
        return Ok(Sending::given(&cx.target.ips));
    }
    let Some(domain) = &cx.target.domain else { return Ok(Sending::default()) };
    if domain::is_gone(cx)? {
        return Ok(Sending::default());
    }
    // Nobody but the provider sends for gmail.com.
    if let Some(provider) = cx.knowledge.providers.by_domain(domain) {
        let mut sending = Sending { open: !provider.shared_addresses, ..Sending::default() };
        if provider.shared_addresses {
            sending.share(provider);
        }
        return Ok(sending);
    }
    by_record(cx, domain)
}

/// As [`sending`], with everything that labels take, as far as it is known.
pub(crate) fn view(cx: &Cx<'_>) -> Sending {
    let Ok(mut sending) = sending(cx) else { return Sending::default() };
    if sending.open {
        sending.offers = offers(cx, &sending).unwrap_or_default();
    }
    offers::describe(cx, &mut sending.addresses);
    sending
}

/// Which addresses send, as the domain's own SPF record has it.
fn by_record(cx: &Cx<'_>, domain: &Name) -> Step<Sending> {
    let providers = &cx.knowledge.providers;
    let sharing =
        |name: &Name| providers.by_spf_include(name.as_str()).filter(|found| found.shared_addresses);
    let own = spf::own(cx, domain, |name| sharing(name).is_some())?;
    let mut gathered = Gathered::default();
    gathered.sending.open = own.others;
    for name in own.names.iter().filter(|name| !own.read.contains(name)) {
        match sharing(name) {
            Some(provider) => gathered.sending.share(provider),
            None => gathered.sending.open = true,
        }
    }
    for named in &own.senders {
        if let NamedSender::Network(network) = *named {
            gathered.network(network, None);
        }
    }
    gathered.hosts(cx, &own.senders)?;
    Ok(gathered.end())
}

#[derive(Default)]
struct Gathered {
    sending: Sending,
    singles: Vec<Candidate>,
}

impl Gathered {
    fn network(&mut self, network: Network, name: Option<&Name>) {
        if network.free_bits() > 0 {
            self.sending.open = true;
            return;
        }
        let ip = canonical(network.first);
        if !is_public(ip) || proxy::holds(ip) {
            return;
        }
        match self.singles.iter_mut().find(|known| known.ip == ip) {
            Some(known) => known.name = known.name.take().or_else(|| name.cloned()),
            None => self
                .singles
                .push(Candidate { name: name.cloned(), ..Candidate::new(ip, AddressOrigin::Domain) }),
        }
    }

    /// Follows the hosts, all at the same time.
    fn hosts(&mut self, cx: &Cx<'_>, senders: &[NamedSender]) -> Step<()> {
        let mut hosts: Vec<(Name, DualCidr)> = Vec::new();
        let mut receivers: Vec<(&Name, DualCidr)> = Vec::new();
        for named in senders {
            match named {
                NamedSender::Network(_) => {}
                NamedSender::Host(name, width) => hosts.push((name.clone(), *width)),
                NamedSender::Receivers(name, width) => receivers.push((name, *width)),
            }
        }
        self.sending.open |= hosts.len() + receivers.len() > MOST_HOSTS;
        hosts.truncate(MOST_HOSTS);
        receivers.truncate(MOST_HOSTS);
        let ahead = ask_hosts(cx, &hosts);
        let queries: Vec<Query> =
            receivers.iter().map(|(name, _)| Query::new((*name).clone(), Rtype::Mx)).collect();
        let outcomes = cx.ask_all(&queries)?;
        for ((name, width), outcome) in receivers.into_iter().zip(outcomes) {
            if let Some(failure) = outcome.failure() {
                self.sending.failed.push((name.clone(), failure));
            }
            hosts.extend(outcome.exchanges().map(|(_, host)| (host.clone(), width)));
        }
        self.sending.open |= hosts.len() > MOST_HOSTS;
        hosts.truncate(MOST_HOSTS);
        ahead.and(ask_hosts(cx, &hosts))?;
        for (name, width) in hosts {
            self.host(cx, &name, width)?;
        }
        Ok(())
    }

    fn host(&mut self, cx: &Cx<'_>, name: &Name, width: DualCidr) -> Step<()> {
        let providers = &cx.knowledge.providers;
        let theirs = providers.by_mx(name).or_else(|| providers.by_sending_host(name));
        if let Some(provider) = theirs.filter(|provider| provider.shared_addresses) {
            self.sending.share(provider);
            return Ok(());
        }
        let found = addresses::addresses(cx, name)?;
        // Half of the addresses may be all there are; the other half is not known.
        if let Some(failure) = found.failed_v4.or(found.failed_v6) {
            self.sending.failed.push((name.clone(), failure));
        }
        for ip in found.all {
            self.network(Network::new(ip, if ip.is_ipv4() { width.v4 } else { width.v6 }), Some(name));
        }
        Ok(())
    }

    fn end(mut self) -> Sending {
        if self.singles.len() > MOST_ASKED {
            self.sending.open = true;
        } else if !self.singles.is_empty() {
            self.sending.named_by = NamedBy::Spf;
            self.sending.addresses = self.singles;
        } else if self.sending.shared.is_empty() && self.sending.failed.is_empty() {
            // A record that names nobody, or none at all: anybody may be sending.
            self.sending.open = true;
        }
        self.sending
    }
}

fn ask_hosts(cx: &Cx<'_>, hosts: &[(Name, DualCidr)]) -> Step<()> {
    let queries: Vec<Query> = hosts.iter().flat_map(|(name, _)| addresses::questions(name)).collect();
    cx.ask_all(&queries).map(|_| ())
}
