//! Mechanisms that look at hosts: `a`, `mx` and `ptr` (RFC 7208 sections 5.3 to 5.5).

use std::net::IpAddr;

use super::{Evaluator, TermMatch, in_network};
use crate::{
    dns::{Failure, Name, Outcome, Rdata, Rtype, ip},
    record::spf::DualCidr,
    spf::{MAX_MX_HOSTS, MAX_PTR_NAMES, Reason},
};

/// What the addresses of a host say.
pub(super) enum Host {
    Matches,
    Differs,
    /// It has no address of either family.
    Empty,
    Failed(Failure),
}

impl<'a> Evaluator<'a, '_> {
    fn family(&self) -> Rtype {
        if self.ip.is_ipv4() { Rtype::A } else { Rtype::Aaaa }
    }

    /// Compares the addresses of a host. A host with addresses of the other family only is not empty.
    pub(super) fn host(&mut self, name: Name, cidr: DualCidr) -> Host {
        let other = if self.ip.is_ipv4() { Rtype::Aaaa } else { Rtype::A };
        match self.ask(name.clone(), self.family()) {
            Some(outcome @ Outcome::Records(_)) => {
                if has_address(outcome, self.ip, cidr) {
                    Host::Matches
                } else {
                    Host::Differs
                }
            }
            Some(Outcome::NxDomain(_)) => Host::Empty,
            Some(Outcome::NoData(_)) => match self.ask(name, other) {
                Some(Outcome::NoData(_) | Outcome::NxDomain(_)) => Host::Empty,
                _ => Host::Differs,
            },
            Some(Outcome::Failed(failed)) => Host::Failed(failed.failure),
            None => Host::Differs,
        }
    }

    /// The hosts of a domain. DNS gives them in any order, so one that matches counts more than one that fails.
    pub(super) fn mx(&mut self, name: Name, cidr: DualCidr, at: usize, entry: usize) -> TermMatch {
        let answer = match self.ask(name, Rtype::Mx) {
            Some(Outcome::Records(answer)) => answer,
            Some(Outcome::NoData(_) | Outcome::NxDomain(_)) => return TermMatch::Void,
            Some(Outcome::Failed(failed)) => return self.lookup_failed(entry, failed.failure, at),
            None => return TermMatch::No,
        };
        if answer.records.len() > MAX_MX_HOSTS {
            return TermMatch::End(self.fail_at(entry, Reason::TooManyMxHosts, at));
        }
        let (mut empty, mut failed) = (false, None);
        for record in &answer.records {
            // A null MX (RFC 7505) names no host.
            let Rdata::Mx { exchange, .. } = &record.data else { continue };
            if exchange.is_root() {
                continue;
            }
            match self.host(exchange.clone(), cidr) {
                Host::Matches => return TermMatch::Yes,
                Host::Differs => {}
                Host::Empty => empty = true,
                Host::Failed(failure) => failed = Some(failure),
            }
        }
        match failed {
            Some(failure) => self.lookup_failed(entry, failure, at),
            None if empty => TermMatch::Void,
            None => TermMatch::No,
        }
    }

    /// The sender has no power over the names of an address, so nothing that goes wrong here is an error
    /// (section 5.5).
    pub(super) fn ptr(&mut self, target: &Name) -> TermMatch {
        let Some(outcome) = self.ask(ip::reverse_name(self.ip), Rtype::Ptr) else { return TermMatch::No };
        if outcome.is_void() {
            return TermMatch::Void;
        }
        let within = self.validated(outcome).into_iter().any(|name| name.is_within(target));
        TermMatch::from(within)
    }

    /// The names of the address that lead back to it.
    fn validated(&mut self, outcome: &'a Outcome) -> Vec<&'a Name> {
        let (family, ip) = (self.family(), self.ip);
        let mut validated = Vec::new();
        for name in outcome.names().take(MAX_PTR_NAMES) {
            if let Some(outcome) = self.ask(name.clone(), family)
                && has_address(outcome, ip, DualCidr::default())
            {
                validated.push(name);
            }
        }
        validated
    }

    /// The value of `%{p}`: the domain itself, else a name below it, else any validated name (section 7.3).
    pub(super) fn validated_name(&mut self, domain: &Name) -> Option<String> {
        let outcome = self.ask(ip::reverse_name(self.ip), Rtype::Ptr)?;
        let names = self.validated(outcome);
        let best = names
            .iter()
            .find(|name| **name == domain)
            .or_else(|| names.iter().find(|name| name.is_within(domain)))
            .or(names.first());
        Some(best.map_or_else(|| "unknown".to_owned(), |name| name.as_str().to_owned()))
    }
}

fn has_address(outcome: &Outcome, ip: IpAddr, cidr: DualCidr) -> bool {
    outcome.records().iter().any(|record| match record.data {
        Rdata::A(v4) => in_network(ip, v4.into(), cidr.v4),
        Rdata::Aaaa(v6) => in_network(ip, v6.into(), cidr.v6),
        _ => false,
    })
}
