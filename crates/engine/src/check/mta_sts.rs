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
    dns::{Name, Rtype},
    facts::Step,
    input::limits,
    policy_file::PolicyFile,
    record::mta_sts::{MAX_AGE_SHORT, StsMode, StsRecord},
    view::{
        domain,
        published::Published,
        transport_security::mta_sts::{self, ComparedPolicy, Issuers, PolicyHost, StsPlaces},
    },
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    let Some(places) = StsPlaces::of(domain) else { return Ok(()) };
    let gone = domain::is_gone(cx);
    let found = cx.section(|| mta_sts::record(cx, &places));
    if gone? {
        return Ok(());
    }
    let judged = cx.section(|| match cx.known_policy(domain).and_then(PolicyFile::text) {
        Some(text) => judge(cx, findings, domain, text),
        None => Ok(()),
    });
    let announced = cx.section(|| {
        cx.cite(&places.query());
        record(cx, findings, domain, &places.record, found?)
    })?;
    let asked = mta_sts::policy(cx, domain, &places, announced).map(drop);
    if announced {
        let served = cx.section(|| served(cx, findings, domain, &places));
        let certificate = cx.section(|| certificate(cx, findings, domain, &places));
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
fn served(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, places: &StsPlaces) -> Step<()> {
    let StsPlaces { record, host } = places;
    let about = |code| Finding::new(code, host).arg("domain", domain).arg("name", record).arg("host", host);
    let finding = match mta_sts::host(cx, places)? {
        // What stands in it says more than that it is to be pasted.
        PolicyHost::Addressed if cx.known_policy(domain).and_then(PolicyFile::text).is_some() => {
            return Ok(());
        }
        PolicyHost::Addressed => {
            cx.cite(&places.query());
            about(Code::Sts010).arg("url", places.url())
        }
        PolicyHost::Missing => about(Code::Sts050),
        PolicyHost::Unknown(failure) => about(Code::Sts060).because(failure),
    };
    cx.found(findings, finding);
    Ok(())
}

/// Who may issue a certificate for the host of the policy.
fn certificate(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, places: &StsPlaces) -> Step<()> {
    let host = &places.host;
    let about = |code, name: &Name| {
        Finding::new(code, host).arg("domain", domain).arg("host", host).arg("name", name)
    };
    let finding = match mta_sts::issuers(cx, places)? {
        Issuers::Any => return Ok(()),
        // Of a host that is not there, or could not be looked up, that is said already.
        Issuers::Unknown(..) if mta_sts::host(cx, places)? != PolicyHost::Addressed => return Ok(()),
        Issuers::Unknown(name, failure) => about(Code::Sts190, &name).because(failure),
        Issuers::Named { name, issuers, records } => {
            let finding = match &issuers[..] {
                [] => about(Code::Sts170, &name),
                _ => about(Code::Sts180, &name).arg("issuers", Arg::list(issuers)),
            };
            records
                .into_iter()
                .fold(finding, |finding, record| finding.label(&name, Rtype::Caa, record, 0..0))
        }
    };
    cx.found(findings, finding);
    Ok(())
}

/// The policy against the receiving hosts.
fn judge(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, text: &str) -> Step<()> {
    let text = limits::InputField::Policy.part(text);
    let ComparedPolicy { judged, failure } = mta_sts::compared(cx, domain, text)?;
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
