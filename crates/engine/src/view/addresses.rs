//! What a host name leads to: its IPv4 and IPv6 addresses. Several checks need it.

use std::net::IpAddr;

use crate::{
    cx::Cx,
    dns::{Failure, Name, Outcome, Query, Rtype, is_public},
    facts::{Ask, Step},
};

/// The addresses of a host, as far as they could be looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// Every address found, IPv4 first, each once.
    pub all: Vec<IpAddr>,
    /// The name the host is an alias of (RFC 1034 section 3.6.2), if it has an address.
    pub alias_of: Option<Name>,
    /// Why the lookup of A failed.
    pub failed_v4: Option<Failure>,
    /// Why the lookup of AAAA failed.
    pub failed_v6: Option<Failure>,
    /// The name itself does not exist (RFC 8020).
    pub nothing: bool,
}

impl Addresses {
    /// Those that can be reached from the Internet.
    pub fn public(&self) -> impl Iterator<Item = IpAddr> {
        self.all.iter().copied().filter(|&ip| is_public(ip))
    }

    /// Why nothing is known of the host: a lookup failed and the other one brought no address.
    #[must_use]
    pub fn unknown(&self) -> Option<Failure> {
        if self.all.is_empty() { self.failed_v4.or(self.failed_v6) } else { None }
    }
}

/// The two questions that [`addresses`] asks.
pub(crate) fn questions(host: &Name) -> [Query; 2] {
    [Rtype::A, Rtype::Aaaa].map(|rtype| Query::new(host.clone(), rtype))
}

/// Asks for A and AAAA at the same time.
pub(crate) fn addresses(cx: &Cx<'_>, host: &Name) -> Step<Addresses> {
    let outcomes = cx.ask_all(&questions(host))?;
    let mut found = Addresses {
        failed_v4: outcomes[0].failure(),
        failed_v6: outcomes[1].failure(),
        nothing: outcomes.iter().any(|outcome| matches!(outcome, Outcome::NxDomain(_))),
        ..Addresses::default()
    };
    for outcome in outcomes {
        for record in outcome.records() {
            let Some(ip) = record.data.address() else { continue };
            if !found.all.contains(&ip) {
                found.all.push(ip);
            }
            if !outcome.chain().is_empty() {
                found.alias_of = Some(record.owner.clone());
            }
        }
    }
    Ok(found)
}
