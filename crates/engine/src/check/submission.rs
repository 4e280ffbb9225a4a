//! What does the domain publish for mail programs: outgoing server, port, automatic settings?
//!
//! Objective: where a domain names its submission server, the user can compare it with what stands in the mail
//! program. Most domains publish nothing of the kind and lack nothing.
//!
//! Inputs: what the domain publishes ([`submission`]), and the addresses of the servers named there.

use super::{Arg, Code, Cx, Finding, Findings, Level};
use crate::{
    dns::{Failure, Name, Outcome, Query},
    facts::{Ask, Step},
    knowledge::Security,
    view::{
        addresses,
        submission::{self, SERVICES, SETTINGS},
    },
};

/// What is said of the hosts of [`SETTINGS`].
const OF_SETTINGS: [Code; 2] = [Code::Sub050, Code::Sub060];

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    let concerns = submission::concerns(cx);
    cx.section(|| {
        let outcomes = submission::ask(cx, domain);
        if !concerns? {
            return Ok(());
        }
        let Some(outcomes) = outcomes? else { return Ok(()) };
        let (services, hosts) = outcomes.split_at(SERVICES.len());
        let mut steps = Vec::new();
        for ((_, security), outcome) in SERVICES.iter().zip(services) {
            steps.push(servers(cx, findings, domain, *security, outcome));
        }
        for ((label, code), outcome) in SETTINGS.iter().zip(OF_SETTINGS).zip(hosts) {
            steps.push(settings_host(cx, findings, domain, label, code, outcome));
        }
        steps.into_iter().collect::<Step<Vec<()>>>()?;
        if let Some(failure) = outcomes.iter().find_map(|outcome| outcome.failure()) {
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
    security: Security,
    outcome: &Outcome,
) -> Step<()> {
    let Some(servers) = submission::servers(outcome, security) else { return Ok(()) };
    let word = match security {
        Security::Tls => "finding.SUB-010.tls",
        _ => "finding.SUB-010.starttls",
    };
    let about = |code| Finding::new(code, domain).arg("domain", domain).arg("security", Arg::key(word));
    if servers.is_empty() {
        cx.found(findings, about(Code::Sub020));
        return Ok(());
    }
    let list = Arg::list(servers.iter().map(|server| format!("{}:{}", server.host, server.port)));
    cx.found(findings, about(Code::Sub010).arg("servers", list));
    let queries: Vec<Query> = servers.iter().flat_map(|server| addresses::questions(&server.host)).collect();
    cx.ask_all(&queries)?;
    for server in &servers {
        let found = addresses::addresses(cx, &server.host)?;
        if let Some(failure) = found.unknown() {
            unknown(cx, findings, &server.host, failure);
        } else if found.public().next().is_none() {
            cx.found(findings, about(Code::Sub030).arg("host", &server.host));
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
    match submission::automatic(cx, domain, label, outcome)? {
        Err(failure) => unknown(cx, findings, domain, failure),
        Ok(None) => {}
        Ok(Some(host)) => {
            let finding = Finding::new(code, domain).arg("host", &host.host);
            cx.found(
                findings,
                match &host.alias_of {
                    Some(name) => finding.arg("leads", name),
                    None => finding.arg("leads", Arg::list(&host.records)),
                },
            );
        }
    }
    Ok(())
}
