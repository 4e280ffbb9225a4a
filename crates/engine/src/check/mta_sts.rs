//! Does the domain demand encryption of those who send to it, and can they read what it demands?
//!
//! Objective: check the record that announces an MTA-STS policy, the host that serves it, and, if it is pasted, the
//! policy against the receiving hosts (RFC 8461). It concerns mail coming in. Having none is no fault; a policy that
//! leaves out a receiving host turns mail away.
//!
//! Procedure:
//! 1. TXT at `_mta-sts.<domain>`; one record, rightly written.
//! 2. A and AAAA of `mta-sts.<domain>`, and who may issue its certificate: the closest CAA records (RFC 8659
//!    section 3). If nobody may, the certificate cannot be renewed and the policy ends.
//! 3. The policy is a file and is asked for like everything else ([`Question::Policy`](crate::facts::Question)). Where its
//!    text is known, read or pasted, each receiving host is held against it.

use super::{
    Arg, Code, Cx, Finding, Findings, Level,
    single::{keep_first, rewrite},
};
use crate::{
    dns::{Name, Query, Rdata, Rtype},
    facts::{Ask, Step},
    input::limits,
    policy_file::PolicyFile,
    record::mta_sts::{MAX_AGE_SHORT, StsMode, StsRecord},
    view::{
        domain,
        published::Published,
        transport_security::{Compared, Sts, compared},
    },
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    let Some(sts) = Sts::of(domain) else { return Ok(()) };
    let gone = domain::is_gone(cx);
    let found = cx.section(|| sts.record(cx));
    if gone? {
        return Ok(());
    }
    let judged = cx.section(|| match cx.known_policy(domain).and_then(PolicyFile::text) {
        Some(text) => judge(cx, findings, domain, text),
        None => Ok(()),
    });
    let announced = cx.section(|| {
        cx.cite(&sts.query());
        record(cx, findings, domain, &sts.name, found?)
    })?;
    let asked = sts.file(cx, domain, announced).map(drop);
    if announced {
        let served = cx.section(|| served(cx, findings, domain, &sts));
        let certificate = cx.section(|| certificate(cx, findings, domain, &sts));
        served.and(certificate)?;
    }
    asked.and(judged)
}

/// Judges the record; whether it announces a policy as it should.
fn record(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, name: &Name, found: Published) -> Step<bool> {
    let about = |code| Finding::new(code, domain).arg("domain", domain).arg("name", name);
    let finding = match found {
        Published::Nothing => about(Code::Sts020),
        Published::Failed(failure) => about(Code::Sts060).because(failure),
        Published::Several(texts) => {
            let finding = about(Code::Sts040).arg("n", texts.len()).fix(keep_first(name, &texts));
            texts.iter().fold(finding, |finding, text| finding.label(name, Rtype::Txt, text.as_str(), 0..0))
        }
        Published::One(text) => match StsRecord::parse(&text).errors.first() {
            Some(error) => {
                let problem = Arg::key(error.kind.key());
                let finding = about(Code::Sts030).arg("problem", problem);
                let finding = finding.label(name, Rtype::Txt, text.as_str(), error.span.range());
                match StsRecord::repaired(&text) {
                    Some(mended) => finding.fix(rewrite(name, &text, mended)),
                    None => finding,
                }
            }
            None => return Ok(true),
        },
    };
    cx.found(findings, finding);
    Ok(false)
}

/// Whether the host of the policy has an address; then the policy is there to be pasted.
fn served(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, sts: &Sts) -> Step<()> {
    let Sts { name, host } = sts;
    let outcomes = cx.ask_all(&sts.addresses())?;
    let about = |code| Finding::new(code, host).arg("domain", domain).arg("name", name).arg("host", host);
    if outcomes.iter().any(|outcome| !outcome.records().is_empty()) {
        // What stands in it says more than that it is to be pasted.
        if cx.known_policy(domain).and_then(PolicyFile::text).is_none() {
            cx.cite(&sts.query());
            let url = format!("https://{host}/.well-known/mta-sts.txt");
            cx.found(findings, about(Code::Sts010).arg("url", url));
        }
        return Ok(());
    }
    let failure = outcomes.iter().find_map(|outcome| outcome.failure());
    cx.found(
        findings,
        match failure {
            Some(failure) => about(Code::Sts060).because(failure),
            None => about(Code::Sts050),
        },
    );
    Ok(())
}

/// Who may issue a certificate for the host of the policy.
fn certificate(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, sts: &Sts) -> Step<()> {
    let host = &sts.host;
    let mut names = Vec::new();
    let mut at = Some(host.clone());
    while let Some(name) = at.filter(|name| name.labels().count() >= 2) {
        at = name.parent();
        names.push(name);
    }
    let queries: Vec<Query> = names.iter().map(|name| Query::new(name.clone(), Rtype::Caa)).collect();
    let outcomes = cx.ask_all(&queries)?;
    // A lookup that failed closer to the host hides what counts.
    let closest = outcomes
        .iter()
        .zip(&names)
        .find(|(outcome, _)| outcome.failure().is_some() || !outcome.records().is_empty());
    let Some((outcome, name)) = closest else { return Ok(()) };
    if let Some(failure) = outcome.failure() {
        // Of a host that is not there, or could not be looked up, that is said already.
        if cx.ask_all(&sts.addresses())?.iter().all(|outcome| outcome.records().is_empty()) {
            return Ok(());
        }
        let finding =
            Finding::new(Code::Sts190, host).arg("domain", domain).arg("host", host).arg("name", name);
        cx.found(findings, finding.because(failure));
        return Ok(());
    }
    let issue = outcome.records().iter().filter_map(|record| match &record.data {
        Rdata::Caa { tag, value, .. } if tag.eq_ignore_ascii_case("issue") => Some(value.as_str()),
        _ => None,
    });
    let issuers: Vec<&str> = issue.map(|value| value.split(';').next().unwrap_or_default().trim()).collect();
    if issuers.is_empty() {
        return Ok(());
    }
    let named: Vec<&str> = issuers.into_iter().filter(|issuer| !issuer.is_empty()).collect();
    let code = if named.is_empty() { Code::Sts170 } else { Code::Sts180 };
    let mut finding = Finding::new(code, host).arg("domain", domain).arg("host", host).arg("name", name);
    if !named.is_empty() {
        finding = finding.arg("issuers", Arg::list(named));
    }
    let finding = outcome
        .records()
        .iter()
        .fold(finding, |finding, record| finding.label(name, Rtype::Caa, record.data.to_string(), 0..0));
    cx.found(findings, finding);
    Ok(())
}

/// The policy against the receiving hosts.
fn judge(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, text: &str) -> Step<()> {
    let text = limits::InputField::Policy.part(text);
    let Compared { judged, failure } = compared(cx, domain, text)?;
    let about = |code| Finding::new(code, domain).arg("domain", domain);
    let shown = |finding: Finding, span| finding.label(domain, Rtype::Txt, text.trim_end(), span);
    if let Some(error) = judged.policy.errors.first() {
        let problem = Arg::key(error.kind.key());
        let span = error.span.range();
        let span = if span.end <= text.trim_end().len() { span } else { 0..0 };
        cx.found(findings, shown(about(Code::Sts140).arg("problem", problem), span));
        return Ok(());
    }
    let enforced = judged.policy.mode == Some(StsMode::Enforce);
    if judged.policy.mode == Some(StsMode::None) {
        cx.found(findings, about(Code::Sts120));
        return Ok(());
    }
    if let Some(failure) = failure {
        cx.found(findings, about(Code::Sts160).because(failure));
        return Ok(());
    }
    if !judged.unmatched.is_empty() {
        let finding = about(Code::Sts130).arg("hosts", Arg::list(&judged.unmatched));
        let finding = if enforced { finding } else { finding.rated(Level::Improve, 10) };
        cx.found(findings, shown(finding, 0..0));
    } else if enforced {
        cx.found(findings, about(Code::Sts100));
    }
    if !enforced {
        cx.found(findings, about(Code::Sts110));
    }
    if let Some(age) = judged.policy.max_age.filter(|&age| age < MAX_AGE_SHORT) {
        cx.found(findings, about(Code::Sts150).arg("seconds", age));
    }
    Ok(())
}
