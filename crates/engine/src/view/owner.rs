//! Whose an address is that sends: the network, its operator, who takes complaints.
//!
//! Inputs: DNS alone, TXT of `<reversed>.origin.asn.cymru.com` (`origin6` for IPv6) and of
//! `<reversed>.abuse-contacts.abusix.zone` at the same time, then TXT of `AS<number>.asn.cymru.com`, which addresses of one
//! network share. Only public addresses are asked about.
//!
//! What kind of network it is is said only where names or lists say so: a recognised provider's by its own names or record,
//! a home or mobile line by the name of the address or a list of such lines, a hoster by the name of the address or of the
//! network.

use std::net::IpAddr;

use serde::Serialize;

use super::{listings, provider, ptr, sending};
use crate::{
    cx::Cx,
    dns::{
        Name, Query, Rtype,
        ip::{reverse_name, reversed},
        is_public,
    },
    facts::{Ask, Step},
    knowledge::ProviderKind,
    record::{
        abuse::abuse_contact,
        origin::{Origin, System},
    },
    visible::visible,
};

/// Addresses whose owner is looked up; as many as have their names followed.
const MOST: usize = 8;

/// Words of names that hosters give to the machines they let, and to their networks.
const HOSTING: [&str; 14] = [
    "cloud",
    "colo",
    "colocation",
    "compute",
    "datacenter",
    "dedicated",
    "hosted",
    "hosting",
    "server",
    "servers",
    "vm",
    "vps",
    "vserver",
    "webhosting",
];

/// Who owns an address, as far as is known. Names and addresses are untrusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AddressOwner {
    /// The address.
    pub ip: IpAddr,
    /// The range that is announced with it, such as `192.0.2.0/24`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Number of the autonomous system that announces it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Name of that system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Country in which the range is registered, two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// A plain e-mail address that takes complaints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abuse: Option<String>,
    /// What kind of network it is, where something says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<NetworkKind>,
}

words! {
    /// What kind of network an address is in.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    #[serde(rename_all = "kebab-case", tag = "kind", content = "name")]
    pub enum NetworkKind {
        /// That of a recognised provider, who shares its addresses; by its proper name.
        Provider(String) = "provider",
        /// Lines of homes, offices or mobile phones.
        Line = "line",
        /// Machines that a hoster lets.
        Hoster = "hoster",
    }
    key "owner.kind.{}"
}

impl AddressOwner {
    /// Whether anything is known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.network.is_some() || self.abuse.is_some()
    }
}

/// The owners that are known by now.
pub(crate) fn view(cx: &Cx<'_>) -> Vec<AddressOwner> {
    let ips = addresses(cx).unwrap_or_default();
    ips.into_iter().filter_map(|ip| owner(cx, ip).ok()).collect()
}

pub(crate) fn addresses(cx: &Cx<'_>) -> Step<Vec<IpAddr>> {
    Ok(sending::sending(cx)?.ips().filter(|&ip| is_public(ip)).take(MOST).collect())
}

/// Asks who owns an address.
pub(crate) fn owner(cx: &Cx<'_>, ip: IpAddr) -> Step<AddressOwner> {
    let service = if ip.is_ipv4() { "origin.asn.cymru.com" } else { "origin6.asn.cymru.com" };
    let origins = texts(cx, &format!("{}.{service}", reversed(ip)));
    let contacts = texts(cx, &format!("{}.abuse-contacts.abusix.zone", reversed(ip)));
    // What names and lists say is asked by other checks at the same time.
    let said = said_of(cx, ip);
    let (origins, contacts) = (origins?, contacts?);
    let origin = Origin::best(origins.iter().map(|text| Origin::parse(text)), ip);
    let number = origin.as_ref().and_then(|origin| origin.numbers.first().copied());
    let system = match number {
        Some(number) => {
            let texts = texts(cx, &format!("AS{number}.asn.cymru.com"))?;
            texts.iter().map(|text| System::parse(text)).find(|system| system.number == Some(number))
        }
        None => None,
    };
    let name = system.as_ref().and_then(|system| system.name.clone());
    let kind = said?.or_else(|| is_hoster(cx, name.as_deref()?).then_some(NetworkKind::Hoster));
    Ok(AddressOwner {
        ip,
        network: origin.as_ref().and_then(|origin| origin.network).map(|network| network.to_string()),
        number,
        name: name.map(|name| visible(&name).into_owned()),
        country: origin
            .and_then(|origin| origin.country)
            .or_else(|| system.and_then(|system| system.country)),
        abuse: contacts.iter().find_map(|text| abuse_contact(text).ok()),
        kind,
    })
}

/// The texts at a name; none where there are none, or the lookup failed.
fn texts(cx: &Cx<'_>, name: &str) -> Step<Vec<String>> {
    let Ok(name) = Name::parse(name) else { return Ok(Vec::new()) };
    let outcome = cx.ask(&Query::new(name, Rtype::Txt))?;
    let texts = outcome.texts();
    Ok(texts.map(|txt| txt.text().into_owned()).collect())
}

/// What names of the address, the domain's record and lists say of its network.
fn said_of(cx: &Cx<'_>, ip: IpAddr) -> Step<Option<NetworkKind>> {
    if let provider::SenderOwner::Provider(name) = provider::of_sending_address(cx, ip)? {
        return Ok(Some(NetworkKind::Provider(name.to_owned())));
    }
    let names = ptr::names(cx.ask(&Query::new(reverse_name(ip), Rtype::Ptr))?);
    let own = |name: &Name| cx.target.domain.as_ref().is_some_and(|domain| name.is_within(domain));
    if names.iter().any(|name| ptr::names_a_line(name, own(name))) || listings::holds_line(cx, ip)? {
        return Ok(Some(NetworkKind::Line));
    }
    let hosted = |name: &Name| !own(name) && ptr::words(name).any(|word| HOSTING.contains(&word));
    Ok(names.iter().any(hosted).then_some(NetworkKind::Hoster))
}

/// Whether the name of a network is that of a hoster: it says so, or is that of a recognised one.
fn is_hoster(cx: &Cx<'_>, name: &str) -> bool {
    let hosters = || cx.knowledge.providers.providers.iter().filter(|one| one.kind == ProviderKind::Hosting);
    let is_first = |word: &str| hosters().any(|hoster| words(&hoster.name).next().as_deref() == Some(word));
    words(name).any(|word| HOSTING.contains(&&*word) || word.len() > 2 && is_first(&word))
}

/// The words of a name, in lower case and without digits around them.
fn words(name: &str) -> impl Iterator<Item = String> {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let bare = words.map(|word| word.trim_matches(|c: char| c.is_ascii_digit()).to_lowercase());
    bare.filter(|word| !word.is_empty())
}
