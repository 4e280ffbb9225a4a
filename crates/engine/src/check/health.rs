//! Is the zone that holds the domain's records in good order, and who keeps it?
//!
//! Objective: find faults that make every other record unreliable, and name the DNS host so that a fix can be brought
//! there. Inputs: NS, SOA, CNAME of the domain, what answers for a name nobody published, `dns-hosts.json`.
//!
//! Procedure:
//! 1. CNAME at the domain: an alias hides all other records of the name (RFC 1034 section 3.6.2). At a registered
//!    domain that is a fault, further down it may be meant, unless it leads nowhere.
//! 2. NS of the domain, or of the closest name above it that has them. Their host is recognised, signs of a domain
//!    that is for sale or ran out too. Name servers that are not recognised are looked up ([`servers`]).
//! 3. SOA, times to live and wildcards are remarked on, nothing more ([`remarks`]).

mod remarks;
mod servers;

use super::{Arg, Code, Cx, Finding, Findings, LinkKind};
use crate::{
    dns::{Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
    knowledge::ParkedKind,
    view::{
        dns_host::{self, DnsHost, ZoneApex, find, is_registered},
        domain, wildcard,
    },
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    let gone = domain::is_gone(cx);
    let zone = cx.section(|| find(cx, domain));
    let alias = cx.ask(&Query::new(domain.clone(), Rtype::Cname));
    if gone? {
        return Ok(());
    }
    let alias = alias.and_then(|_| cx.section(|| alias_at(cx, findings, domain)));
    let servers = zone.and_then(|zone| match zone {
        ZoneApex::At(zone) => cx.section(|| about_zone(cx, findings, domain, &zone)),
        ZoneApex::Unknown(at, failure) => {
            cx.section(|| {
                cx.cite(&Query::new(at.clone(), Rtype::Ns));
                cx.found(findings, Finding::new(Code::Nsh140, domain).arg("domain", &at).because(failure));
            });
            Ok(())
        }
        ZoneApex::Nowhere => Ok(()),
    });
    let remarks = remarks::run(cx, findings, domain);
    alias.and(servers).and(remarks)
}

fn alias_at(cx: &Cx<'_>, findings: &mut Findings, domain: &Name) -> Step<()> {
    let outcome = cx.ask(&Query::new(domain.clone(), Rtype::Cname))?;
    if let Some(failure) = outcome.failure() {
        // A name with records of its own is no alias (RFC 1034 section 3.6.2); that they are unknown is said elsewhere.
        let soa = cx.ask(&Query::new(domain.clone(), Rtype::Soa))?;
        if soa.is_void() || !soa.chain().is_empty() {
            cx.found(findings, Finding::new(Code::Nsh200, domain).arg("domain", domain).because(failure));
        }
        return Ok(());
    }
    if let Some(target) = outcome.names().next() {
        // At a registered domain the alias itself is the fault, wherever it leads.
        let soa = cx.ask(&Query::new(domain.clone(), Rtype::Soa))?;
        if !is_registered(domain) && matches!(soa, Outcome::NxDomain(_)) {
            let end = wildcard::alias_target(cx, soa)?.unwrap_or_else(|| target.clone());
            let finding = Finding::new(Code::Nsh190, domain).arg("domain", domain).arg("target", &end).label(
                domain,
                Rtype::Cname,
                target.to_string(),
                0..target.as_str().len(),
            );
            cx.found(findings, finding);
            return Ok(());
        }
        // An alias that brings MX records is remarked on by the check of those.
        if !is_registered(domain) && !cx.ask(&Query::new(domain.clone(), Rtype::Mx))?.records().is_empty() {
            return Ok(());
        }
        let code = if is_registered(domain) { Code::Nsh060 } else { Code::Nsh070 };
        let finding = Finding::new(code, domain).arg("domain", domain).arg("target", target).label(
            domain,
            Rtype::Cname,
            target.to_string(),
            0..target.as_str().len(),
        );
        cx.found(findings, finding);
    }
    Ok(())
}

fn about_zone(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, zone: &Name) -> Step<()> {
    let DnsHost { servers, host, parked, .. } = dns_host::at(cx, zone)?;
    let about = |code| {
        Finding::new(code, zone)
            .arg("domain", domain)
            .arg("zone", zone)
            .arg("servers", Arg::list(&servers))
            .arg("n", servers.len())
    };
    let host = host.and_then(|host| cx.knowledge.dns_hosts.by_id(&host.id));
    match parked {
        Some(ParkedKind::Expired) => cx.found(findings, about(Code::Nsh120)),
        Some(ParkedKind::Parked) => cx.found(findings, about(Code::Nsh130)),
        None => {}
    }
    let mut all_there = true;
    if parked.is_none() {
        match host {
            Some(host) => {
                let mut finding = about(Code::Nsh150)
                    .arg("host", host.name.as_str())
                    .arg("id", host.id.as_str())
                    .arg("path", Arg::key(format!("host.{}.path", host.id)));
                if let Some(panel) = &host.panel {
                    finding = finding.arg("panel", panel.as_str());
                }
                if let Some(help) = &host.help {
                    finding = finding.link(LinkKind::Help, help);
                }
                cx.found(findings, finding);
            }
            None => cx.found(findings, about(Code::Nsh160)),
        }
        // The servers of a host that is known by their names need no proof that they exist.
        if host.is_none() {
            all_there = servers::look_up(cx, findings, zone, &servers)?;
        }
    }
    if servers.len() == 1 {
        cx.found(findings, about(Code::Nsh020));
    } else if all_there && parked.is_none() {
        cx.found(findings, about(Code::Nsh010));
    }
    Ok(())
}
