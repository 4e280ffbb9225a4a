//! Does the recipient's domain take mail?
//!
//! Objective: an error said that the recipient's domain cannot be found or reached; tell how that stands now. Only a
//! pasted error brings such a domain here, and only when the user leaves it in; the address before the `@` never comes
//! along. Procedure: MX; a null MX takes no mail (RFC 7505); without MX the domain itself is the host (RFC 5321
//! section 5.1); then an address for each host. A failed lookup is "could not check".

use super::{Arg, Code, Cx, Finding, Findings, host_reach::HostReach, host_reach::reach_of};
use crate::{
    dns::{Failure, Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
};

/// Hosts that are looked up, most preferred first.
const MAX_HOSTS: usize = 3;

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.recipient else { return Ok(()) };
    let found = |code| Finding::new(code, domain).arg("domain", domain);
    let outcome = cx.ask(&Query::new(domain.clone(), Rtype::Mx))?;
    let mut hosts: Vec<(u16, Name)> = Vec::new();
    match outcome {
        gone if gone.is_gone() => {
            cx.found(findings, found(Code::Rcp010));
            return Ok(());
        }
        Outcome::Failed(failed) => {
            cx.found(findings, found(Code::Rcp050).because(failed.failure));
            return Ok(());
        }
        // The name itself is there, and an alias that leads nowhere brings no address either.
        Outcome::NoData(_) | Outcome::NxDomain(_) => hosts.push((0, domain.clone())),
        Outcome::Records(_) => {
            hosts.extend(outcome.exchanges().map(|(preference, host)| (preference, host.clone())));
            if hosts.is_empty() {
                cx.found(findings, found(Code::Rcp020));
                return Ok(());
            }
        }
    }
    hosts.sort();
    let more = hosts.len() > MAX_HOSTS;
    let hosts: Vec<Name> = hosts.into_iter().map(|(_, host)| host).take(MAX_HOSTS).collect();
    let reaches = reach_of(cx, &hosts)?;
    let failure = reaches.iter().find_map(|reach| match reach {
        HostReach::Unknown(failure) => Some(*failure),
        _ => None,
    });
    let finding = if reaches.contains(&HostReach::Somewhere) {
        found(Code::Rcp040)
    } else if let Some(failure) = failure.or(more.then_some(Failure::Budget)) {
        found(Code::Rcp050).because(failure)
    } else {
        found(Code::Rcp030)
    };
    cx.found(findings, finding.arg("hosts", Arg::list(&hosts)));
    Ok(())
}
