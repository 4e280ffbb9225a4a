//! What the record asks for, and what the next step would be.

use super::{about, publish, read, ready, record_name, replace, reports, shown, walked, word};
use crate::{
    check::{Arg, Code, Cx, Finding, Findings, Level, Safety, provider},
    dmarc::{Application, Discovery, Known, Source, suffix},
    dns::{Query, Rtype},
    facts::{Ask, Step},
    knowledge::ProviderKind,
    record::dmarc::{Dmarc, Effect, Mode, Policy, PolicyTag, Psd, ReportUri},
};
use ready::State;

/// What applies, where it comes from, and which names count as the domain's own.
pub(super) fn facts(cx: &Cx<'_>, findings: &mut Findings, discovery: &Discovery) {
    let Some(application) = discovery.applied() else { return };
    walked(cx, discovery);
    if application.effect == Effect::AsWritten
        && let Some(policy) = application.policy
    {
        let finding = about(Code::Dma020, &discovery.domain)
            .arg("policy", word(policy))
            .arg("tag", application.tag.word())
            .arg("at", &application.domain)
            .arg("source", Arg::key(source(application)));
        cx.found(findings, shown(finding, application, 0..0));
    }
    match discovery.organizational.unsure {
        // The record is known, the organizational domain is not.
        Some(failure) => {
            if let Some((step, _)) = discovery.walk.failed() {
                let finding =
                    about(Code::Dma030, &discovery.domain).arg("name", &step.asked).because(failure);
                cx.found(findings, finding);
            }
        }
        None if application.effect != Effect::Nothing => alignment(cx, findings, discovery, application),
        None => {}
    }
}

fn source(application: &Application) -> &'static str {
    match application.source {
        Source::Author => "dmarc.source.author",
        Source::Organizational => "dmarc.source.organizational",
        Source::PublicSuffix => "dmarc.source.public-suffix",
    }
}

fn alignment(cx: &Cx<'_>, findings: &mut Findings, discovery: &Discovery, application: &Application) {
    let key = |what: &str, mode: Mode| {
        let mode = if mode == Mode::Strict { "strict" } else { "relaxed" };
        Arg::key(format!("dmarc.align.{what}.{mode}"))
    };
    let finding = about(Code::Dma240, &discovery.domain)
        .arg("org", &discovery.organizational.name)
        .arg("dkim", key("dkim", application.adkim))
        .arg("spf", key("spf", application.aspf));
    cx.found(findings, finding);
}

/// Services that are allowed to send by SPF put a return address of their own on the mail, which vouches for them and
/// not for the domain: their mail counts by its DKIM signature.
fn services(cx: &Cx<'_>, findings: &mut Findings, discovery: &Discovery) -> Step<()> {
    let found = provider::recognise(cx, &discovery.domain)?;
    let services: Vec<&str> = found
        .senders
        .iter()
        .filter(|sender| sender.kind == ProviderKind::Esp)
        .map(|sender| sender.name.as_str())
        .collect();
    if !services.is_empty() {
        let finding = about(Code::Dma430, &discovery.domain)
            .arg("org", &discovery.organizational.name)
            .arg("services", Arg::list(services));
        cx.found(findings, finding);
    }
    Ok(())
}

/// Everything about the policy that is worth a thought, and the next step.
pub(super) fn advice(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &Discovery,
    application: &Application,
) -> Step<()> {
    let record = Dmarc::parse(&application.text);
    let domain = &discovery.domain;
    cx.section(|| rules(cx, findings, discovery, application));
    cx.section(|| subdomains(cx, findings, discovery, application, &record));
    if application.source == Source::PublicSuffix {
        let claimed = suffix::registered(&application.domain).0 == application.domain
            && !suffix::is_public_suffix(&application.domain);
        if claimed {
            cx.section(|| claims(cx, findings, discovery, application, &record));
        } else {
            let text = format!("v=DMARC1; p=none{}", reports::placeholder(cx, domain)?);
            walked(cx, discovery);
            let finding = about(Code::Dma290, domain).arg("at", &application.domain);
            cx.found(findings, finding.fix(publish(domain, text, Safety::Decide)));
        }
        return Ok(());
    }
    if record.psd() == Psd::Yes && !suffix::is_public_suffix(&application.domain) {
        cx.section(|| claims(cx, findings, discovery, application, &record));
    }
    if record.is_testing() && application.policy.is_some_and(|policy| policy != Policy::None) {
        cx.section(|| testing(cx, findings, discovery, application, &record))?;
    }
    if ready::is_parked(cx, domain)? {
        if application.asked != Some(Policy::Reject) {
            parked(cx, findings, discovery, Some(application));
        }
        return Ok(());
    }
    let unprotected = cx.section(|| unauthenticated(cx, findings, discovery, application));
    let services = cx.section(|| services(cx, findings, discovery));
    next_step(cx, findings, discovery, application, &record)?;
    services.and(unprotected)
}

/// A domain that says it has no mail can say so to the end.
pub(super) fn parked(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &Discovery,
    application: Option<&Application>,
) {
    walked(cx, discovery);
    let fix = match application {
        Some(own) if own.domain == discovery.domain => {
            let text = Dmarc::parse(&own.text).with(&[("p", Some("reject")), ("t", None)]);
            replace(own, text, Safety::Safe)
        }
        _ => publish(&discovery.domain, "v=DMARC1; p=reject".to_owned(), Safety::Safe),
    };
    cx.found(findings, about(Code::Dma300, &discovery.domain).fix(fix));
}

/// `p=none` or `p=quarantine`: what has to be in order before more is asked, or the record that asks it.
fn next_step(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &Discovery,
    application: &Application,
    record: &Dmarc<'_>,
) -> Step<()> {
    let Some(policy) = application.policy.filter(|_| application.effect == Effect::AsWritten) else {
        return Ok(());
    };
    let (code, more) = match policy {
        Policy::None => (Code::Dma210, Policy::Quarantine),
        Policy::Quarantine => (Code::Dma220, Policy::Reject),
        Policy::Reject => return Ok(()),
    };
    // While it is tested, the next step is to end the test; that is said there.
    if record.is_testing() && policy != Policy::None {
        return Ok(());
    }
    let (spf, dkim) = (ready::spf(cx), ready::dkim(cx, &discovery.domain));
    let (spf, dkim) = (spf?, dkim?);
    let own = application.domain == discovery.domain;
    let next = if !own {
        "inherited"
    } else if !record.rua.iter().any(ReportUri::is_valid) {
        "reports"
    } else if spf != State::Seen {
        "spf"
    } else if dkim != State::Seen {
        "dkim"
    } else {
        more.word()
    };
    read(cx, application);
    let mut finding = about(code, &discovery.domain)
        .arg("at", &application.domain)
        .arg("next", Arg::key(format!("dmarc.next.{next}")));
    if next == more.word() {
        let clean = record.cleaned().map_or_else(|| application.text.clone(), |cleaned| cleaned.text);
        let text = Dmarc::parse(&clean).with(&[("p", Some(more.word()))]);
        finding = finding.fix(replace(application, text, Safety::Decide));
    }
    let span = record.p.filter(|_| application.tag == PolicyTag::P).map_or(0..0, |p| p.span.range());
    cx.found(findings, shown(finding, application, span));
    Ok(())
}

fn testing(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &Discovery,
    application: &Application,
    record: &Dmarc<'_>,
) -> Step<()> {
    let (spf, dkim) = (ready::spf(cx), ready::dkim(cx, &discovery.domain));
    let ready = spf? == State::Seen && dkim? == State::Seen;
    read(cx, application);
    let span = record.t.map_or(0..0, |t| t.span.range());
    let mut finding = about(Code::Dma200, &discovery.domain);
    if ready && application.domain == discovery.domain {
        finding = finding.fix(replace(application, record.with(&[("t", None)]), Safety::Decide));
    }
    if let (Some(written), Some(asked)) = (application.policy, application.asked) {
        finding = finding.arg("policy", word(written)).arg("asked", word(asked));
    }
    cx.found(findings, shown(finding, application, span));
    Ok(())
}

/// The policy asks receivers to act, and nothing is seen that would let a message pass.
fn unauthenticated(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &Discovery,
    application: &Application,
) -> Step<()> {
    let domain = &discovery.domain;
    let Some(asked) = application.asked.filter(|&asked| asked != Policy::None) else { return Ok(()) };
    let (uses, spf, dkim) = (ready::uses_mail(cx), ready::spf(cx), ready::dkim(cx, domain));
    let org = &discovery.organizational.name;
    // A signature of the organizational domain would do as well.
    let above = if org == domain { Ok(State::Absent) } else { ready::dkim(cx, org) };
    if uses? && spf? == State::Absent && dkim? == State::Absent && above? == State::Absent {
        read(cx, application);
        let mut finding = about(Code::Dma230, domain).arg("policy", word(asked));
        if application.domain == *domain {
            let text = Dmarc::parse(&application.text).with(&[("p", Some("none"))]);
            finding = finding.fix(replace(application, text, Safety::Decide));
        }
        cx.found(findings, shown(finding, application, 0..0));
    }
    Ok(())
}

/// Tags for subdomains: weaker than the domain's own, or without effect.
fn subdomains(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &Discovery,
    application: &Application,
    record: &Dmarc<'_>,
) {
    if application.domain != discovery.domain || application.effect != Effect::AsWritten {
        return;
    }
    read(cx, application);
    let tags = [(PolicyTag::Sp, record.sp), (PolicyTag::Np, record.np)];
    let above = discovery.organizational.unsure.is_none()
        && discovery.organizational.name != discovery.domain
        && record.psd() != Psd::Yes;
    for (tag, given) in tags {
        let (Some(given), Some(own)) = (given, application.policy) else { continue };
        let Some(policy) = given.value else { continue };
        let code = if above {
            Code::Dma270
        } else if policy < own {
            Code::Dma260
        } else {
            continue;
        };
        let finding = about(code, &discovery.domain)
            .arg("tag", tag.word())
            .arg("which", Arg::key(format!("dmarc.tag.{}", tag.word())))
            .arg("policy", word(policy))
            .arg("own", word(own))
            .arg("org", &discovery.organizational.name);
        // Without the tag the domain's own policy counts for what is below it.
        let safety = if code == Code::Dma270 { Safety::Safe } else { Safety::Decide };
        let text = record.with(&[(tag.word(), None)]);
        let finding = finding.fix(replace(application, text, safety));
        cx.found(findings, shown(finding, application, given.span.range()));
    }
}

/// `psd=y` at a domain under which nobody registers.
fn claims(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &Discovery,
    application: &Application,
    record: &Dmarc<'_>,
) {
    read(cx, application);
    let text = record.with(&[("psd", None)]);
    let finding = about(Code::Dma280, &discovery.domain).arg("at", &application.domain).fix(replace(
        application,
        text,
        Safety::Safe,
    ));
    let span = record.psd.map_or(0..0, |psd| psd.span.range());
    cx.found(findings, shown(finding, application, span));
}

/// Receivers that still follow RFC 7489 come to another answer.
fn rules(cx: &Cx<'_>, findings: &mut Findings, discovery: &Discovery, application: &Application) {
    if !discovery.rules_differ() {
        return;
    }
    walked(cx, discovery);
    let old = &discovery.old;
    let side = |at: Option<&crate::dns::Name>, policy: Option<Policy>| match (at, policy) {
        (Some(_), Some(policy)) => policy.word(),
        _ => "nothing",
    };
    let new_policy = side(Some(&application.domain), application.policy);
    let old_policy = side(old.domain.as_ref(), old.policy);
    let mut finding: Finding = about(Code::Dma250, &discovery.domain)
        .arg("org", &discovery.organizational.name)
        .arg("oldorg", &old.organizational)
        .arg("policy", Arg::key(format!("dmarc.policy.{new_policy}")))
        .arg("oldpolicy", Arg::key(format!("dmarc.policy.{old_policy}")));
    let _also = cx.ask(&Query::new(record_name(&old.organizational), Rtype::Txt));
    // Only the domain itself has a record: one at the registered domain makes both rules agree.
    let lonely = application.source == Source::Author
        && discovery.organizational.name == discovery.domain
        && discovery.walk.steps.iter().any(|step| step.domain == old.organizational && !step.last)
        && discovery.walk.record_at(&old.organizational).is_none();
    if old.known == Known::Sure && lonely {
        if application.asked.is_some_and(|asked| asked != Policy::None) {
            finding = finding.rated(Level::Improve, 25);
        }
        let fix = publish(&old.organizational, "v=DMARC1; p=none".to_owned(), Safety::Decide);
        finding = finding.fix(fix);
    }
    cx.found(findings, finding);
}
