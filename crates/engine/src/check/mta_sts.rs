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

use std::borrow::Cow;

use super::{
    Arg, Code, Cx, Finding, Findings, Level, provider,
    single::{Published, keep_first, mend, published},
};
use crate::{
    dns::{Name, Query, Rdata, Rtype, is_public},
    facts::{Ask, Pending, Step},
    input::limits,
    policy_file::PolicyFile,
    record::mta_sts::{MAX_AGE_SHORT, Mode, StsRecord, judge_policy},
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    let (Ok(name), Ok(host)) = (domain.under("_mta-sts"), domain.under("mta-sts")) else { return Ok(()) };
    let gone = super::domain::is_gone(cx);
    let found = cx.section(|| published(cx, &name, "v=STSv1", StsRecord::is_meant));
    if gone? {
        return Ok(());
    }
    let judged = cx.section(|| match cx.known_policy(domain).and_then(PolicyFile::text) {
        Some(text) => judge(cx, findings, domain, text),
        None => Ok(()),
    });
    let announced = cx.section(|| {
        let _known = cx.ask(&Query::new(name.clone(), Rtype::Txt));
        record(cx, findings, domain, &name, found?)
    })?;
    let asked = file(cx, domain, announced).map(drop);
    if announced {
        let served = cx.section(|| served(cx, findings, domain, &name, &host));
        let certificate = cx.section(|| certificate(cx, findings, domain, &host));
        served.and(certificate)?;
    }
    asked.and(judged)
}

/// The policy file as it stands, for whoever shows the report; none while it is on its way.
pub(crate) fn view(cx: &Cx<'_>) -> Option<PolicyFile> {
    let domain = cx.target.domain.as_ref()?;
    let name = domain.under("_mta-sts").ok()?;
    let announced = match published(cx, &name, "v=STSv1", StsRecord::is_meant) {
        Ok(Published::One(text)) => StsRecord::parse(&text).errors.is_empty(),
        Ok(_) => false,
        Err(Pending) => return None,
    };
    file(cx, domain, announced).ok().map(Cow::into_owned)
}

/// The policy file: what was pasted, else what its host serves, where it is announced. It is not asked of a host whose
/// addresses are not all known to be public.
fn file<'c>(cx: &'c Cx<'_>, domain: &Name, announced: bool) -> Step<Cow<'c, PolicyFile>> {
    if let Some(known) = cx.known_policy(domain) {
        return Ok(Cow::Borrowed(known));
    }
    let Some(host) = domain.under("mta-sts").ok().filter(|_| announced) else {
        return Ok(Cow::Owned(PolicyFile::NotAsked));
    };
    let outcomes = cx.ask_all(&[Rtype::A, Rtype::Aaaa].map(|rtype| Query::new(host.clone(), rtype)))?;
    let addresses: Vec<_> = outcomes
        .iter()
        .flat_map(|outcome| outcome.records().iter().filter_map(|record| record.data.address()))
        .collect();
    if addresses.is_empty() || outcomes.iter().any(|outcome| outcome.failure().is_some()) {
        return Ok(Cow::Owned(PolicyFile::NotAsked));
    }
    if !addresses.into_iter().all(is_public) {
        return Ok(Cow::Owned(PolicyFile::NotPublic));
    }
    cx.ask_policy(domain).map(Cow::Borrowed)
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
                    Some(mended) => finding.fix(mend(name, &text, mended)),
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
fn served(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, name: &Name, host: &Name) -> Step<()> {
    let queries = [Query::new(host.clone(), Rtype::A), Query::new(host.clone(), Rtype::Aaaa)];
    let outcomes = cx.ask_all(&queries)?;
    let about = |code| Finding::new(code, host).arg("domain", domain).arg("name", name).arg("host", host);
    if outcomes.iter().any(|outcome| !outcome.records().is_empty()) {
        // What stands in it says more than that it is to be pasted.
        if cx.known_policy(domain).and_then(PolicyFile::text).is_none() {
            let _known = cx.ask(&Query::new(name.clone(), Rtype::Txt));
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
fn certificate(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, host: &Name) -> Step<()> {
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
        let addresses = [Rtype::A, Rtype::Aaaa].map(|rtype| Query::new(host.clone(), rtype));
        if cx.ask_all(&addresses)?.iter().all(|outcome| outcome.records().is_empty()) {
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
    let text = limits::Field::Policy.part(text);
    let mx = Query::new(domain.clone(), Rtype::Mx);
    let failure = cx.ask(&mx)?.failure();
    let mut hosts = provider::mx_hosts(cx, domain)?;
    if hosts.is_empty() && cx.ask(&mx)?.records().is_empty() {
        // Without MX records the domain itself receives (RFC 5321 section 5.1).
        hosts.push(domain.clone());
    }
    let judged = judge_policy(text, &hosts);
    let about = |code| Finding::new(code, domain).arg("domain", domain);
    let shown = |finding: Finding, span| finding.label(domain, Rtype::Txt, text.trim_end(), span);
    if let Some(error) = judged.policy.errors.first() {
        let problem = Arg::key(error.kind.key());
        let span = error.span.range();
        let span = if span.end <= text.trim_end().len() { span } else { 0..0 };
        cx.found(findings, shown(about(Code::Sts140).arg("problem", problem), span));
        return Ok(());
    }
    let enforced = judged.policy.mode == Some(Mode::Enforce);
    if judged.policy.mode == Some(Mode::None) {
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
