//! What the record asks for, and what the next step would be.

use super::{
    about, read,
    reports::{self, Arrival},
    shown, site_fix, walked, word,
};
use crate::{
    change::{Fix, Safety},
    check::{Arg, Code, Cx, Finding, Findings, Level},
    cx::both,
    dmarc::{AppliedRecord, PolicyDiscovery, PolicySource, SuffixConfidence, suffix},
    dns::{Name, Outcome, Query, Record, Rtype},
    facts::{Ask, Step},
    knowledge::ProviderKind,
    record::dmarc::{AlignmentMode, Dmarc, DmarcEdit, Effect, FIRST, Policy, PolicyTag, Psd, ReportUri},
    view::{
        dmarc::{self as view, DmarcSite, Presence, query},
        dns_host::{self, ZoneApex},
        mail_use, provider,
    },
};

/// What applies, where it comes from, and which names count as the domain's own.
pub(super) fn facts(cx: &Cx<'_>, findings: &mut Findings, discovery: &PolicyDiscovery) {
    let Some(application) = discovery.applied() else { return };
    walked(cx, discovery);
    if application.effect == Effect::AsWritten
        && let Some(policy) = application.policy
    {
        let finding = about(Code::Dma020, &discovery.domain)
            .arg("policy", word(policy))
            .arg("tag", application.tag.as_str())
            .arg("at", &application.domain)
            .arg("source", Arg::key(application.source.key()));
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

fn alignment(cx: &Cx<'_>, findings: &mut Findings, discovery: &PolicyDiscovery, application: &AppliedRecord) {
    let key = |what: &str, mode: AlignmentMode| Arg::key(format!("dmarc.align.{what}.{}", mode.as_str()));
    let finding = about(Code::Dma240, &discovery.domain)
        .arg("org", &discovery.organizational.name)
        .arg("dkim", key("dkim", application.adkim))
        .arg("spf", key("spf", application.aspf));
    cx.found(findings, finding);
}

/// Services that are allowed to send by SPF put a return address of their own on the mail, which vouches for them and
/// not for the domain: their mail counts by its DKIM signature.
fn services(cx: &Cx<'_>, findings: &mut Findings, discovery: &PolicyDiscovery) -> Step<()> {
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
    discovery: &PolicyDiscovery,
    application: &AppliedRecord,
) -> Step<()> {
    let record = Dmarc::parse(&application.text);
    let domain = &discovery.domain;
    let rules = cx.section(|| rules(cx, findings, discovery, application));
    let subdomains = cx.section(|| subdomains(cx, findings, discovery, application, &record));
    let records = rules.and(subdomains);
    if application.source == PolicySource::PublicSuffix {
        if !application.is_borrowed() {
            cx.section(|| claims(cx, findings, discovery, application, &record))?;
        } else {
            let text = FIRST.to_owned();
            walked(cx, discovery);
            let finding = about(Code::Dma290, domain).arg("at", &application.domain);
            cx.found(findings, site_fix::put(cx, finding, domain, text, Safety::Decide)?);
        }
        return records;
    }
    if record.psd() == Psd::Yes && !suffix::is_public_suffix(&application.domain) {
        cx.section(|| claims(cx, findings, discovery, application, &record))?;
    }
    if record.is_testing() && application.policy.is_some_and(|policy| policy != Policy::None) {
        cx.section(|| testing(cx, findings, discovery, application, &record))?;
    }
    if mail_use::is_parked(cx, domain)? {
        if application.asked != Some(Policy::Reject) {
            cx.section(|| parked(cx, findings, discovery, Vec::new()))?;
        }
        return records;
    }
    let unprotected = cx.section(|| unauthenticated(cx, findings, discovery, application));
    let services = cx.section(|| services(cx, findings, discovery));
    next_step(cx, findings, discovery, application, &record)?;
    services.and(unprotected).and(records)
}

/// A domain that says it has no mail can say so to the end. What is `gone` with that stands elsewhere.
pub(super) fn parked(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &PolicyDiscovery,
    gone: Vec<Fix>,
) -> Step<()> {
    walked(cx, discovery);
    let mut finding = refusing(cx, about(Code::Dma300, &discovery.domain), &discovery.domain)?;
    finding.also.extend(gone);
    // Without a record there is nothing to publish, and where one was meant the same change is offered already.
    if finding.fix.is_none() || findings.all().iter().any(|other| other.fix == finding.fix) {
        return Ok(());
    }
    cx.found(findings, finding);
    Ok(())
}

/// `finding`, with a record that refuses everything in the place of whatever stands there. Names below the domain, which
/// may well send, get that policy too: it is for the owner to decide.
pub(super) fn refusing(cx: &Cx<'_>, finding: Finding, domain: &Name) -> Step<Finding> {
    let site = DmarcSite::of(cx, domain)?;
    let text = site.record().unwrap_or_default().refusing().to_string();
    Ok(site_fix::clear(site, finding, text, Safety::Decide))
}

/// `p=none` or `p=quarantine`: what has to be in order before more is asked, or the record that asks it.
fn next_step(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &PolicyDiscovery,
    application: &AppliedRecord,
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
    let lack = view::lack(cx, &discovery.domain);
    let own = application.domain == discovery.domain;
    let arrival = match own {
        true => reports::arrival(cx, &application.domain, &discovery.organizational.name, record),
        false => Ok(Arrival::Unknown),
    };
    let (lack, arrival) = both(lack, arrival)?;
    let next = if !own {
        "inherited"
    } else if !record.rua.iter().any(ReportUri::is_valid) {
        "reports"
    } else if arrival == Arrival::No {
        "reports-lost"
    } else if arrival == Arrival::Unknown {
        "reports-unknown"
    } else if let Some(lack) = lack {
        lack.as_str()
    } else {
        more.as_str()
    };
    read(cx, application);
    let mut finding = about(code, &discovery.domain)
        .arg("at", &application.domain)
        .arg("next", Arg::key(format!("dmarc.next.{next}")));
    if next == more.as_str() {
        let record = DmarcEdit::parse(record.text).put_right().with("p", more.as_str());
        finding = finding.fix(site_fix::replace(cx, application, record, Safety::Decide)?);
    }
    let span = record.p.filter(|_| application.tag == PolicyTag::P).map_or(0..0, |p| p.span.range());
    cx.found(findings, shown(finding, application, span));
    Ok(())
}

fn testing(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &PolicyDiscovery,
    application: &AppliedRecord,
    record: &Dmarc<'_>,
) -> Step<()> {
    let own = application.domain == discovery.domain;
    // Of an inherited record nothing is offered, whatever would come of asking.
    let ready = own && {
        let lack = view::lack(cx, &discovery.domain);
        let org = &discovery.organizational.name;
        let arrival = reports::arrival(cx, &application.domain, org, record);
        lack?.is_none() && arrival? == Arrival::Yes
    };
    read(cx, application);
    let span = record.t.map_or(0..0, |t| t.span.range());
    let mut finding = about(Code::Dma200, &discovery.domain);
    if ready {
        let ended = DmarcEdit::parse(record.text).without("t");
        finding = finding.fix(site_fix::replace(cx, application, ended, Safety::Decide)?);
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
    discovery: &PolicyDiscovery,
    application: &AppliedRecord,
) -> Step<()> {
    let domain = &discovery.domain;
    let Some(asked) = application.asked.filter(|&asked| asked != Policy::None) else { return Ok(()) };
    let (uses, spf, dkim) = (mail_use::receives_or_sends(cx), view::spf(cx, domain), view::dkim(cx, domain));
    let org = &discovery.organizational.name;
    // A signature of the organizational domain would do as well.
    let above = if org == domain { Ok(Presence::Absent) } else { view::dkim(cx, org) };
    if uses? && spf? == Presence::Absent && dkim? == Presence::Absent && above? == Presence::Absent {
        read(cx, application);
        let mut finding = about(Code::Dma230, domain).arg("policy", word(asked));
        if application.domain == *domain {
            let record = DmarcEdit::parse(&application.text).with("p", Policy::None.as_str());
            finding = finding.fix(site_fix::replace(cx, application, record, Safety::Decide)?);
        }
        cx.found(findings, shown(finding, application, 0..0));
    }
    Ok(())
}

/// Tags for subdomains: weaker than the domain's own, or without effect.
fn subdomains(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &PolicyDiscovery,
    application: &AppliedRecord,
    record: &Dmarc<'_>,
) -> Step<()> {
    if application.domain != discovery.domain || application.effect != Effect::AsWritten {
        return Ok(());
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
            .arg("tag", tag.as_str())
            .arg("which", Arg::key(tag.key()))
            .arg("policy", word(policy))
            .arg("own", word(own))
            .arg("org", &discovery.organizational.name);
        // Without the tag the domain's own policy counts for what is below it.
        let safety = if code == Code::Dma270 { Safety::Safe } else { Safety::Decide };
        let record = DmarcEdit::parse(record.text).without(tag.as_str());
        let finding = finding.fix(site_fix::replace(cx, application, record, safety)?);
        cx.found(findings, shown(finding, application, given.span.range()));
    }
    Ok(())
}

/// `psd=y` at a domain under which nobody registers.
fn claims(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &PolicyDiscovery,
    application: &AppliedRecord,
    record: &Dmarc<'_>,
) -> Step<()> {
    read(cx, application);
    let edit = DmarcEdit::parse(record.text).without("psd");
    let fix = site_fix::replace(cx, application, edit, Safety::Safe)?;
    let finding = about(Code::Dma280, &discovery.domain).arg("at", &application.domain).fix(fix);
    let span = record.psd.map_or(0..0, |psd| psd.span.range());
    cx.found(findings, shown(finding, application, span));
    Ok(())
}

/// Whether the records of a name `above` can be expected to be kept by whoever keeps those of `domain`: one zone holds
/// both, or the same name servers serve both. Below an ending that somebody sells neither is so; and one server in common
/// may be a secondary that somebody else runs.
fn same_hands(cx: &Cx<'_>, domain: &Name, above: &Name) -> Step<bool> {
    let ZoneApex::At(zone) = dns_host::find(cx, domain)? else { return Ok(false) };
    if above.is_within(&zone) {
        return Ok(true);
    }
    let servers = [&zone, above].map(|name| cx.ask(&Query::new(name.clone(), Rtype::Ns)));
    let [theirs, of_above] = servers;
    let [theirs, of_above] = [theirs?, of_above?].map(Outcome::records);
    let all_in = |some: &[Record], others: &[Record]| {
        some.iter().all(|one| others.iter().any(|other| other.data == one.data))
    };
    Ok(!theirs.is_empty() && all_in(theirs, of_above) && all_in(of_above, theirs))
}

/// Receivers that still follow RFC 7489 come to another answer.
fn rules(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &PolicyDiscovery,
    application: &AppliedRecord,
) -> Step<()> {
    if !discovery.rules_differ() {
        return Ok(());
    }
    walked(cx, discovery);
    let old = &discovery.old;
    let side = |at: Option<&crate::dns::Name>, policy: Option<Policy>| match (at, policy) {
        (Some(_), Some(policy)) => policy.key(),
        _ => "dmarc.policy.nothing".to_owned(),
    };
    let new_policy = side(Some(&application.domain), application.policy);
    let old_policy = side(old.domain.as_ref(), old.policy);
    let mut finding: Finding = about(Code::Dma250, &discovery.domain)
        .arg("org", &discovery.organizational.name)
        .arg("oldorg", &old.organizational)
        .arg("policy", Arg::key(new_policy))
        .arg("oldpolicy", Arg::key(old_policy));
    cx.cite(&query(&old.organizational));
    // Only the domain itself has a record: one at the registered domain makes both rules agree.
    let lonely = application.source == PolicySource::Author
        && discovery.organizational.name == discovery.domain
        && discovery.walk.steps.iter().any(|step| step.domain == old.organizational && !step.last)
        && discovery.walk.record_at(&old.organizational).is_none();
    if old.known == SuffixConfidence::Sure
        && lonely
        && same_hands(cx, &discovery.domain, &old.organizational)?
    {
        if application.asked.is_some_and(|asked| asked != Policy::None) {
            finding = finding.rated(Level::Improve, 25);
        }
        finding = site_fix::put(cx, finding, &old.organizational, FIRST.to_owned(), Safety::Decide)?;
    }
    cx.found(findings, finding);
    Ok(())
}
