//! Which zone holds a domain's records, and who keeps it, as the names of its name servers tell.

use super::{KnownEntry, domain};
use crate::{
    cx::Cx,
    dns::{Failure, Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
    knowledge::ParkedKind,
};

/// The zone that holds a domain's records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnsHost {
    /// Where it begins: the closest name at or above the domain with name servers.
    pub zone: Name,
    /// Its name servers, in order of their names.
    pub servers: Vec<Name>,
    /// Who keeps it, where a server's name tells. Some servers are those of several hosts.
    pub host: Option<KnownEntry>,
    /// What a server's name says of the domain's state, where that is a bad sign.
    pub parked: Option<ParkedKind>,
}

/// The zone that holds the records of the target's domain; none without a domain, and where there are no name servers.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn view(cx: &Cx<'_>) -> Step<Option<DnsHost>> {
    let Some(domain) = &cx.target.domain else { return Ok(None) };
    let (gone, apex) = (domain::is_gone(cx), find(cx, domain));
    if gone? {
        return Ok(None);
    }
    match apex? {
        ZoneApex::At(zone) => at(cx, &zone).map(Some),
        ZoneApex::Unknown(..) | ZoneApex::Nowhere => Ok(None),
    }
}

/// Who keeps the zone that begins at `zone`.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until its name servers are known.
pub(crate) fn at(cx: &Cx<'_>, zone: &Name) -> Step<DnsHost> {
    let outcome = cx.ask(&Query::new(zone.clone(), Rtype::Ns))?;
    let mut servers: Vec<Name> = outcome.names().cloned().collect();
    servers.sort();
    servers.dedup();
    let hosts = &cx.knowledge.dns_hosts;
    let host = servers.iter().find_map(|server| hosts.by_ns(server));
    Ok(DnsHost {
        zone: zone.clone(),
        host: host.map(|host| KnownEntry { id: host.id.clone(), name: host.name.clone() }),
        parked: servers.iter().find_map(|server| hosts.parked(server)),
        servers,
    })
}

/// Where the zone begins that holds a domain.
pub(crate) enum ZoneApex {
    /// At this name: the closest one at or above the domain with NS records.
    At(Name),
    /// Not known, because the name servers of this name could not be looked up.
    Unknown(Name, Failure),
    /// No name up to the registered one has name servers.
    Nowhere,
}

/// Finds where the zone begins that holds the domain.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn find(cx: &Cx<'_>, domain: &Name) -> Step<ZoneApex> {
    let mut at = Some(domain.clone());
    while let Some(name) = at.filter(|name| name.labels().count() >= 2) {
        match cx.ask(&Query::new(name.clone(), Rtype::Ns))? {
            // An alias brings the name servers of its target.
            Outcome::Records(answer) if answer.chain.is_empty() => return Ok(ZoneApex::At(name)),
            Outcome::Failed(failed) => return Ok(ZoneApex::Unknown(name, failed.failure)),
            // Above a registered name stands the registry's zone.
            _ if is_registered(&name) => return Ok(ZoneApex::Nowhere),
            _ => at = name.parent(),
        }
    }
    Ok(ZoneApex::Nowhere)
}

/// Whether a name is surely one that is registered, and no name inside such a domain: it stands right below a
/// top-level domain, or below one of the words that country registries use, as in `example.com.tw`.
pub(crate) fn is_registered(domain: &Name) -> bool {
    const WORDS: [&str; 16] = [
        "ac", "biz", "co", "com", "edu", "game", "go", "gov", "idv", "mil", "ne", "net", "or", "org", "ebiz",
        "club",
    ];
    let labels: Vec<&str> = domain.labels().collect();
    match labels.as_slice() {
        [_, _] => true,
        [_, word, country] => country.len() == 2 && WORDS.contains(word),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registered_names_are_told_from_names_inside_them() {
        for (name, registered) in [
            ("example.org", true),
            ("example.com.tw", true),
            ("example.co.uk", true),
            ("www.example.org", false),
            ("mail.example.com.tw", false),
            ("shop.example.tw", false),
        ] {
            assert_eq!(is_registered(&Name::parse(name).unwrap()), registered, "{name}");
        }
    }
}
