//! Whether host names lead anywhere: one question a host, a second one only where the first brought no address.

use super::Cx;
use crate::{
    dns::{Failure, Name, Outcome, Query, Rtype, is_public},
    facts::{Ask, Step},
};

/// What a host name leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HostReach {
    /// A public address.
    Somewhere,
    /// No public address: the name does not exist, has none, or has only one that leads nowhere (0.0.0.0).
    Nowhere,
    /// It could not be looked up.
    Unknown(Failure),
}

/// Looks at all hosts at the same time.
pub(super) fn reach_of(cx: &Cx<'_>, hosts: &[Name]) -> Step<Vec<HostReach>> {
    let ask = |host: &Name, rtype| cx.ask(&Query::new(host.clone(), rtype));
    let found: Vec<Step<HostReach>> = hosts
        .iter()
        .map(|host| {
            let v4 = ask(host, Rtype::A)?;
            // Without an address of either kind there is no name, whatever the type (RFC 8020).
            if reaches(v4) || matches!(v4, Outcome::NxDomain(_)) {
                return Ok(if reaches(v4) { HostReach::Somewhere } else { HostReach::Nowhere });
            }
            let v6 = ask(host, Rtype::Aaaa)?;
            Ok(match v4.failure().or(v6.failure()) {
                _ if reaches(v6) => HostReach::Somewhere,
                Some(failure) => HostReach::Unknown(failure),
                None => HostReach::Nowhere,
            })
        })
        .collect();
    found.into_iter().collect()
}

fn reaches(outcome: &Outcome) -> bool {
    outcome.addresses().any(is_public)
}
