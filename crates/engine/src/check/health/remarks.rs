//! What is worth knowing about a zone and seldom a fault: times to live, the SOA, wildcards, servers that fail.

use super::{Arg, Code, Cx, Finding, Findings};
use crate::{
    dns::{Name, Outcome, Query, Rdata, Rtype},
    facts::{Ask, Step},
    view::wildcard,
};

/// Above this many seconds, a day, a mended record reaches everybody late.
const SLOW: u32 = 86_400;

/// Extended errors that speak of the zone's own servers: "No Reachable Authority" and "Network Error".
const SERVERS_FAIL: [u16; 2] = [22, 23];

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings, domain: &Name) -> Step<()> {
    let wild = cx.section(|| wildcards(cx, findings, domain));
    let zone = cx.section(|| of_answers(cx, findings, domain));
    wild.and(zone)
}

fn wildcards(cx: &Cx<'_>, findings: &mut Findings, domain: &Name) -> Step<()> {
    let Some(probe) = wildcard::sibling(domain) else { return Ok(()) };
    let queries = [Rtype::Txt, Rtype::Mx].map(|rtype| Query::new(probe.clone(), rtype));
    let outcomes = cx.ask_all(&queries)?;
    let wild = domain.under("*").unwrap_or_else(|_| domain.clone());
    // All types of such a name come from where it leads.
    if outcomes.iter().any(|outcome| !outcome.chain().is_empty()) {
        let alias = cx.ask(&Query::new(probe, Rtype::Cname))?;
        for record in alias.records().iter().filter(|record| matches!(record.data, Rdata::Cname(_))) {
            let target = record.data.to_string();
            let finding =
                Finding::new(Code::Nsh180, domain).arg("name", &wild).arg("target", target.as_str());
            cx.found(findings, finding.label(&wild, Rtype::Cname, target, 0..0));
        }
        return Ok(());
    }
    for ((code, rtype), outcome) in
        [(Code::Nsh080, Rtype::Txt), (Code::Nsh090, Rtype::Mx)].into_iter().zip(outcomes)
    {
        if outcome.records().is_empty() {
            continue;
        }
        let finding = Finding::new(code, domain).arg("name", &wild);
        let finding = outcome.records().iter().fold(finding, |finding, record| {
            let text = match &record.data {
                Rdata::Txt(txt) => txt.text().into_owned(),
                other => other.to_string(),
            };
            finding.label(&wild, rtype, text, 0..0)
        });
        cx.found(findings, finding);
    }
    Ok(())
}

fn of_answers(cx: &Cx<'_>, findings: &mut Findings, domain: &Name) -> Step<()> {
    let queries =
        [Rtype::Soa, Rtype::Mx, Rtype::Txt, Rtype::Ns].map(|rtype| Query::new(domain.clone(), rtype));
    let outcomes = cx.ask_all(&queries)?;
    let about = |code| Finding::new(code, domain).arg("domain", domain);
    let fails = |outcome: &Outcome| {
        outcome.failure().is_none()
            && outcome.meta().ede.iter().any(|error| SERVERS_FAIL.contains(&error.code))
    };
    if outcomes.iter().any(|outcome| fails(outcome)) {
        cx.found(findings, about(Code::Nsh050));
    }
    let unreachable = |outcome: &Outcome| {
        outcome.failure().is_some() && outcome.meta().ede.iter().any(|error| error.code == SERVERS_FAIL[0])
    };
    if outcomes.iter().any(|outcome| unreachable(outcome)) {
        cx.found(findings, about(Code::Nsh170));
    }
    let times = outcomes.iter().flat_map(|outcome| outcome.records()).map(|record| match record.data {
        // How long "there is no such record" is remembered (RFC 2308 section 4).
        Rdata::Soa { minimum, .. } => minimum.min(record.ttl),
        _ => record.ttl,
    });
    if let Some(longest) = times.max().filter(|&seconds| seconds > SLOW) {
        cx.found(findings, about(Code::Nsh100).arg("hours", u64::from(longest / 3600)));
    }
    let soa = outcomes.first().and_then(|soa| soa.records().first());
    if let Some(record) = soa
        && let Rdata::Soa { primary, mailbox, .. } = &record.data
    {
        let problem = if primary.is_root() || !primary.is_host_name() {
            Some("primary")
        } else if mailbox.labels().count() < 2 || mailbox.as_str().contains('@') {
            Some("mailbox")
        } else {
            None
        };
        if let Some(problem) = problem {
            let finding = about(Code::Nsh110)
                .arg("problem", Arg::key(format!("soa.problem.{problem}")))
                .label(domain, Rtype::Soa, record.data.to_string(), 0..0);
            cx.found(findings, finding);
        }
    }
    Ok(())
}
