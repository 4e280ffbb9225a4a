//! Does the name that the server greets with lead to it?
//!
//! Objective: a server greets with a name of its own, and some receivers compare it with the address (RFC 5321 section
//! 4.1.4). It may differ from the name in the PTR record; each has to lead to the address. Inputs: the name given in
//! HELO or EHLO, its A or AAAA, the names of the PTR record.

use std::net::IpAddr;

use super::{Arg, Code, Cx, Finding, Findings, ForwardLookup, way_back, ways};
use crate::{dns::Name, facts::Step};

/// Compares the greeting name with one sending address, whose PTR record names `names`.
pub(super) fn compare(cx: &Cx<'_>, findings: &mut Findings, ip: IpAddr, names: &[Name]) -> Step<()> {
    let Some(helo) = &cx.target.helo else { return Ok(()) };
    let about = |code| Finding::new(code, ip).arg("helo", helo).arg("ip", ip);
    if helo.labels().count() < 2 {
        cx.found(findings, about(Code::Ptr110));
        return Ok(());
    }
    let way = ways(cx, std::slice::from_ref(helo), ip)?;
    match way.first() {
        Some(ForwardLookup::Back) => {
            cx.found(findings, about(Code::Ptr120));
            if !names.is_empty() && !names.contains(helo) {
                cx.found(findings, about(Code::Ptr150).arg("names", Arg::list(names)));
            }
        }
        Some(ForwardLookup::Unknown(failure)) => cx.found(findings, about(Code::Ptr140).because(*failure)),
        Some(ForwardLookup::Elsewhere(led)) => {
            let finding = if led.is_empty() {
                about(Code::Ptr130).arg("led", Arg::key("finding.PTR-130.nowhere"))
            } else {
                let led = Arg::list(led);
                about(Code::Ptr130).arg("led", Arg::key("finding.PTR-130.elsewhere")).arg("ips", led)
            };
            let fix = way_back(cx, ip, helo, led);
            cx.found(findings, fix.into_iter().fold(finding, Finding::fix));
        }
        None => {}
    }
    Ok(())
}
