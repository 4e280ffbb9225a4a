//! What does the domain publish for mail programs: outgoing server, port, automatic settings?
//!
//! Objective: where a domain names its submission server, the user can compare it with what stands in the mail
//! program. Most domains publish nothing of the kind and lack nothing.
//!
//! Inputs: SRV `_submissions._tcp` (TLS from the start, RFC 8314) and `_submission._tcp` (RFC 6186), the addresses of
//! the servers named there, and the hosts `autoconfig` and `autodiscover`. A host of that name says something only if
//! the domain does not answer for every name, so one name that nobody uses is asked as a control.

use super::{Arg, Code, Cx, Finding, Findings, Level, addresses, domain, mail};
use crate::{
    dns::{Failure, Name, Outcome, Query, Rdata, Rtype},
    facts::{Ask, Step},
};

/// Servers of one SRV set that are looked at, most preferred first.
const MAX_SERVERS: usize = 4;
/// Exists in no zone but one with a wildcard.
const CONTROL: &str = "no-such-host-mail-triage";

/// Whether the query is for a name that was made up, to see whether the zone, or the resolver, has an answer for every name.
#[must_use]
pub fn is_made_up(query: &Query) -> bool {
    query.name.as_str().split('.').next() == Some(CONTROL)
}

/// Service label and the locale key of the encryption that goes with it.
const SERVICES: [(&str, &str); 2] =
    [("_submissions._tcp", "finding.SUB-010.tls"), ("_submission._tcp", "finding.SUB-010.starttls")];
const HOSTS: [(&str, Code); 2] = [("autoconfig", Code::Sub050), ("autodiscover", Code::Sub060)];

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    let gone = domain::is_gone(cx);
    let null = mail::receiving(cx).map(|receiving| receiving == mail::Receiving::Null);
    cx.section(|| {
        let queries: Vec<Query> = SERVICES
            .iter()
            .map(|(label, _)| (*label, Rtype::Srv))
            .chain(HOSTS.iter().map(|(label, _)| (*label, Rtype::A)))
            .filter_map(|(label, rtype)| Some(Query::new(domain.under(label).ok()?, rtype)))
            .collect();
        let outcomes = cx.ask_all(&queries);
        if gone? || null? {
            return Ok(());
        }
        // The name is too long for labels in front of it: nothing can be published there.
        let [submissions, submission, autoconfig, autodiscover] = outcomes?[..] else { return Ok(()) };
        let mut steps = Vec::new();
        for ((_, security), outcome) in SERVICES.iter().zip([submissions, submission]) {
            steps.push(servers(cx, findings, domain, security, outcome));
        }
        for ((label, code), outcome) in HOSTS.iter().zip([autoconfig, autodiscover]) {
            steps.push(settings_host(cx, findings, domain, label, *code, outcome));
        }
        steps.into_iter().collect::<Step<Vec<()>>>()?;
        let mut all = [submissions, submission, autoconfig, autodiscover].into_iter();
        if let Some(failure) = all.find_map(Outcome::failure) {
            unknown(cx, findings, domain, failure);
        } else if findings.all().is_empty() {
            cx.found(findings, Finding::new(Code::Sub070, domain).arg("domain", domain));
        }
        Ok(())
    })
}

fn unknown(cx: &Cx<'_>, findings: &mut Findings, subject: &Name, failure: Failure) {
    if !findings.has(Level::Unknown) {
        cx.found(findings, Finding::new(Code::Sub040, subject).arg("name", subject).because(failure));
    }
}

fn servers(
    cx: &Cx<'_>,
    findings: &mut Findings,
    domain: &Name,
    security: &'static str,
    outcome: &Outcome,
) -> Step<()> {
    let mut servers: Vec<(u16, u16, Name)> = outcome
        .records()
        .iter()
        .filter_map(|record| match &record.data {
            Rdata::Srv { priority, port, target, .. } => Some((*priority, *port, target.clone())),
            _ => None,
        })
        .collect();
    servers.sort();
    servers.dedup();
    if servers.is_empty() {
        return Ok(());
    }
    let about = |code| Finding::new(code, domain).arg("domain", domain).arg("security", Arg::key(security));
    servers.retain(|(_, _, target)| !target.is_root());
    servers.truncate(MAX_SERVERS);
    if servers.is_empty() {
        cx.found(findings, about(Code::Sub020));
        return Ok(());
    }
    let list = Arg::list(servers.iter().map(|(_, port, target)| format!("{target}:{port}")));
    cx.found(findings, about(Code::Sub010).arg("servers", list));
    let queries: Vec<Query> =
        servers.iter().flat_map(|(_, _, target)| addresses::questions(target)).collect();
    cx.ask_all(&queries)?;
    for (_, _, target) in &servers {
        let found = addresses::addresses(cx, target)?;
        if let Some(failure) = found.unknown() {
            unknown(cx, findings, target, failure);
        } else if found.public().next().is_none() {
            cx.found(findings, about(Code::Sub030).arg("host", target));
        }
    }
    Ok(())
}

/// Says where a host with settings leads, unless every name of the domain leads somewhere.
fn settings_host(
    cx: &Cx<'_>,
    findings: &mut Findings,
    domain: &Name,
    label: &str,
    code: Code,
    outcome: &Outcome,
) -> Step<()> {
    let Outcome::Records(answer) = outcome else { return Ok(()) };
    let (Ok(host), Ok(control)) = (domain.under(label), domain.under(CONTROL)) else { return Ok(()) };
    let any = cx.ask(&Query::new(control, Rtype::A))?;
    if let Some(failure) = any.failure() {
        unknown(cx, findings, domain, failure);
    }
    if !any.is_void() {
        return Ok(());
    }
    let mut finding = Finding::new(code, domain).arg("host", &host);
    finding = match answer.records.first() {
        Some(record) if !answer.chain.is_empty() => finding.arg("leads", &record.owner),
        _ => finding.arg("leads", Arg::list(answer.records.iter().map(|record| &record.data))),
    };
    cx.found(findings, finding);
    Ok(())
}
