//! Records of the set that say nothing of their own, or say it in another form than they should: a host named again, a null
//! MX with a number.

use super::record;
use crate::{
    change::{Fix, Safety},
    check::{Arg, Code, Cx, Finding, Findings},
    dns::{Name, Rtype},
};

/// Hosts that stand in the set with several preferences: a sender that got no answer only asks the same host once more.
/// The lowest number decides, so the others can go without any change to where mail arrives.
pub(super) fn hosts(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, records: &[(u16, Name)]) {
    let mut kept: Vec<&Name> = Vec::new();
    let mut again: Vec<&(u16, Name)> = Vec::new();
    for one in records {
        if kept.contains(&&one.1) {
            again.push(one);
        } else {
            kept.push(&one.1);
        }
    }
    let mut names: Vec<&Name> = again.iter().map(|(_, host)| host).collect();
    names.dedup();
    if names.is_empty() {
        return;
    }
    let fix = Fix::at(domain, Rtype::Mx, Safety::Decide)
        .removing(again.iter().map(|(preference, host)| record(*preference, host)));
    let mut finding = Finding::new(Code::Mx250, domain)
        .arg("domain", domain)
        .arg("n", names.len())
        .arg("hosts", Arg::list(names));
    for text in &fix.remove {
        finding = finding.label(domain, Rtype::Mx, text.as_str(), 0..0);
    }
    cx.found(findings, finding.fix(fix));
}

/// A null MX that is the domain's only statement, with another preference than the one it must have (RFC 7505 section 3).
pub(super) fn null(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, null: &[(u16, Name)]) {
    let odd: Vec<String> = null
        .iter()
        .filter(|(preference, _)| *preference != 0)
        .map(|(preference, root)| record(*preference, root))
        .collect();
    let Some(first) = odd.first() else { return };
    let finding = Finding::new(Code::Mx260, domain).arg("domain", domain).arg("record", first.as_str());
    let finding = odd.iter().fold(finding, |finding, text| {
        let number = text.find(' ').unwrap_or_default();
        finding.label(domain, Rtype::Mx, text.as_str(), 0..number)
    });
    let stands = null.iter().any(|(preference, _)| *preference == 0);
    let fix = Fix::at(domain, Rtype::Mx, Safety::Decide).removing(odd).publishing((!stands).then_some("0 ."));
    cx.found(findings, finding.fix(fix));
}
