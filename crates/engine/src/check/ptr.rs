//! Do the sending addresses have names, and do the names lead back to them?
//!
//! Objective: large receivers refuse mail from an address without forward-confirmed reverse DNS. It is a round trip
//! on the address that sends: address to name (PTR), name to address (A or AAAA), the same address again. The name
//! need not have anything to do with the domain of the sender.
//!
//! Inputs: PTR of each address that [sends](crate::view::sending), A or AAAA of each name found. Without an address there is
//! nothing to say. Where the name is given that the server greets with, it is followed too ([`helo`]).
//!
//! Only whoever owns the address can set its PTR record; what the owner of the domain can mend is the way back.

mod helo;

use std::net::IpAddr;

use super::{Arg, Code, Cx, Finding, Findings, Fix, Safety};
use crate::{
    dns::{Failure, Name, Outcome, Query, Rtype, ip::reverse_name, is_public},
    facts::{Ask, Step},
    view::{addresses, mx, ptr, sending},
};

/// Addresses that are looked at; the rest is named and left alone.
const MAX_ADDRESSES: usize = 8;
/// Names of one address that are followed (as RFC 7208 section 4.6.4 does).
const MAX_NAMES: usize = 10;

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let ips: Vec<IpAddr> = sending::sending(cx)?.ips().collect();
    let (now, rest) = ips.split_at(ips.len().min(MAX_ADDRESSES));
    // Every address is begun before any is waited for.
    let steps: Vec<Step<()>> = now.iter().map(|&ip| cx.section(|| address(cx, findings, ip))).collect();
    if let Some(&first) = rest.first() {
        let finding = Finding::new(Code::Ptr090, first).arg("ips", Arg::list(rest)).arg("n", now.len());
        cx.section(|| cx.found(findings, finding));
    }
    steps.into_iter().collect()
}

/// Whether a name leads back to its address.
enum ForwardLookup {
    Back,
    /// It leads to other addresses, or to none.
    Elsewhere(Vec<IpAddr>),
    Unknown(Failure),
}

fn address(cx: &Cx<'_>, findings: &mut Findings, ip: IpAddr) -> Step<()> {
    if !is_public(ip) {
        cx.found(findings, Finding::new(Code::Ptr010, ip).arg("ip", ip));
        return Ok(());
    }
    let mut names = Vec::new();
    let reverse = reverse(cx, findings, ip, &mut names);
    // It needs no answer about the PTR record, but for the names to compare with.
    let greeting = cx.section(|| helo::compare(cx, findings, ip, &names));
    reverse.and(greeting)
}

/// The round trip; the names of the PTR record go to `found`.
fn reverse(cx: &Cx<'_>, findings: &mut Findings, ip: IpAddr, found: &mut Vec<Name>) -> Step<()> {
    let about = |code| Finding::new(code, ip).arg("ip", ip);
    let owner = reverse_name(ip);
    let outcome = cx.ask(&Query::new(owner.clone(), Rtype::Ptr))?;
    if let Outcome::Failed(failed) = outcome {
        cx.found(findings, about(Code::Ptr020).because(failed.failure));
        return Ok(());
    }
    let mut names = ptr::names(outcome);
    names.truncate(MAX_NAMES);
    found.clone_from(&names);
    if names.is_empty() {
        let mut finding = about(Code::Ptr030).arg("owner", &owner);
        if let Some(name) = own_name(cx, ip)? {
            finding = finding.fix(Fix::at(&owner, Rtype::Ptr, Safety::Decide).publishing([name.as_str()]));
        }
        cx.found(findings, finding);
        return Ok(());
    }
    let ways = ways(cx, &names, ip)?;
    confirm(cx, findings, ip, &names, &ways);
    if names.len() > 1 {
        cx.found(findings, about(Code::Ptr060).arg("names", Arg::list(&names)));
    }
    let within = |name: &Name| cx.target.domain.as_ref().is_some_and(|domain| name.is_within(domain));
    if let Some(name) = names.iter().find(|name| ptr::looks_generic(name, ip, within(name))) {
        cx.found(findings, about(Code::Ptr080).arg("name", name));
    }
    Ok(())
}

/// Follows every name, all at the same time.
fn ways(cx: &Cx<'_>, names: &[Name], ip: IpAddr) -> Step<Vec<ForwardLookup>> {
    let rtype = if ip.is_ipv4() { Rtype::A } else { Rtype::Aaaa };
    let queries: Vec<Query> = names.iter().map(|name| Query::new(name.clone(), rtype)).collect();
    let outcomes = cx.ask_all(&queries)?;
    let way = |outcome: &Outcome| {
        let led: Vec<IpAddr> = outcome.addresses().collect();
        match outcome.failure() {
            Some(failure) => ForwardLookup::Unknown(failure),
            None if led.contains(&ip) => ForwardLookup::Back,
            None => ForwardLookup::Elsewhere(led),
        }
    };
    Ok(outcomes.into_iter().map(way).collect())
}

/// Says whether the round trip succeeds: one name is enough, but some receivers look at one name only.
fn confirm(cx: &Cx<'_>, findings: &mut Findings, ip: IpAddr, names: &[Name], ways: &[ForwardLookup]) {
    let about = |code| Finding::new(code, ip).arg("ip", ip);
    let pairs = || names.iter().zip(ways);
    let back: Vec<&Name> =
        pairs().filter(|(_, way)| matches!(way, ForwardLookup::Back)).map(|(name, _)| name).collect();
    let mut astray = pairs().filter_map(|(name, way)| match way {
        ForwardLookup::Elsewhere(led) => Some((name, led)),
        ForwardLookup::Back | ForwardLookup::Unknown(_) => None,
    });
    let unknown = pairs().find_map(|(name, way)| match way {
        ForwardLookup::Unknown(failure) => Some((name, *failure)),
        ForwardLookup::Back | ForwardLookup::Elsewhere(_) => None,
    });
    if back.is_empty() {
        if let Some((name, failure)) = unknown {
            cx.found(findings, about(Code::Ptr040).arg("name", name).because(failure));
        } else if let Some((name, led)) = astray.next() {
            let mut finding = about(Code::Ptr050).arg("name", name);
            finding = if led.is_empty() {
                finding.arg("led", Arg::key("finding.PTR-050.nowhere"))
            } else {
                finding.arg("led", Arg::key("finding.PTR-050.elsewhere")).arg("ips", Arg::list(led))
            };
            if let Some(fix) = way_back(cx, ip, name, led) {
                finding = finding.fix(fix);
            }
            cx.found(findings, finding);
        }
        return;
    }
    let lost: Vec<&Name> = astray.map(|(name, _)| name).collect();
    if lost.is_empty() {
        cx.found(findings, about(Code::Ptr100).arg("names", Arg::list(back)));
    } else {
        let finding = about(Code::Ptr070).arg("names", Arg::list(lost)).arg("good", Arg::list(back));
        cx.found(findings, finding);
    }
}

/// The address record that closes the circle, where the name stands in the user's own domain. A name that has other
/// addresses may be in use for something else.
fn way_back(cx: &Cx<'_>, ip: IpAddr, name: &Name, led: &[IpAddr]) -> Option<Fix> {
    let domain = cx.target.domain.as_ref()?;
    let rtype = if ip.is_ipv4() { Rtype::A } else { Rtype::Aaaa };
    let safety = if led.is_empty() { Safety::Safe } else { Safety::Decide };
    name.is_within(domain).then(|| Fix::at(name, rtype, safety).publishing([ip.to_string()]))
}

/// A name that leads to the address already and so may stand in its PTR record: the one the server gives in HELO, or
/// a host that receives the domain's mail.
fn own_name(cx: &Cx<'_>, ip: IpAddr) -> Step<Option<Name>> {
    let mut candidates: Vec<Name> = cx.target.helo.iter().cloned().collect();
    candidates.extend(mx::hosts(cx)?.into_iter().map(|(_, host)| host));
    candidates.retain(|name| name.is_host_name() && name.labels().count() > 1);
    candidates.truncate(MAX_NAMES);
    let queries: Vec<Query> = candidates.iter().flat_map(addresses::questions).collect();
    cx.ask_all(&queries)?;
    for name in candidates {
        if addresses::addresses(cx, &name)?.all.contains(&ip) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use crate::{
        change::{Fix, Safety},
        dns::Name,
        facts::Ask,
        session::Session,
        target::{ListKeys, Target},
        zone::Zone,
    };

    fn fix(records: &str, id: &str) -> Option<Fix> {
        let zone = Zone::parse(&format!("example.org. SOA ns. host. 1 1\n{records}")).unwrap();
        let target = Target {
            ips: vec!["11.22.33.44".parse().unwrap()],
            ..Target::domain(Name::parse("example.org").unwrap())
        };
        let mut session = Session::new(target, Rc::default(), ListKeys::default());
        while let Some(query) = session.poll_query() {
            session.answer(&query, zone.ask(&query).unwrap().clone());
        }
        let report = session.report();
        let (_, finding) = report.findings().find(|(_, finding)| finding.code.id() == id).unwrap();
        finding.fix.clone()
    }

    #[test]
    fn a_name_is_proposed_that_leads_to_the_address_already() {
        let mx = "example.org. MX 10 mail.example.org.\n";
        let fix_of = |ip: &str| fix(&format!("{mx}mail.example.org. A {ip}"), "PTR-030");
        let proposed = fix_of("11.22.33.44").unwrap();
        assert_eq!(proposed.owner.as_str(), "44.33.22.11.in-addr.arpa");
        assert_eq!(proposed.publish, ["mail.example.org"]);
        assert_eq!(fix_of("11.22.33.45"), None);
    }

    #[test]
    fn the_way_back_is_proposed_in_the_domain_of_the_user_only() {
        let ptr = "44.33.22.11.in-addr.arpa. PTR ";
        let own = fix(&format!("{ptr} mail.example.org."), "PTR-050").unwrap();
        assert_eq!((own.owner.as_str(), own.publish[0].as_str()), ("mail.example.org", "11.22.33.44"));
        assert_eq!(own.safety, Safety::Safe);
        let used =
            fix(&format!("{ptr} mail.example.org.\nmail.example.org. A 11.22.33.1"), "PTR-050").unwrap();
        assert_eq!(used.safety, Safety::Decide, "the name is in use for something else");
        assert_eq!(fix(&format!("{ptr} mail.provider.example."), "PTR-050"), None);
    }
}
