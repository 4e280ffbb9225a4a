//! Records that are not read because of where or how they stand.

use super::{about, publish, record_name, walked};
use crate::{
    check::{Arg, Code, Cx, Finding, Findings, Fix, Level, Safety, wild},
    dmarc::{self, Applied, Discovery, Found, WalkStep, suffix, texts},
    dns::{Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
    record::dmarc::{Dmarc, Policy, Reading, read},
};

/// What stands at the `_dmarc` names: of the domain itself, and above it where a record is dropped.
pub(super) fn records(cx: &Cx<'_>, findings: &mut Findings, discovery: &Discovery) -> Step<()> {
    let mut pending = Ok(());
    for step in &discovery.walk.steps {
        let own = step.domain == discovery.domain;
        if let Found::Several { texts } = &step.found {
            cx.section(|| several(cx, findings, discovery, step, texts));
        }
        if own {
            pending = pending.and(cx.section(|| at_own_name(cx, findings, discovery, step)));
        }
    }
    pending = pending.and(passed_by(cx, findings, discovery));
    // Where nothing applies the registered domain's record matters too: it may be there and not be read.
    let registered = suffix::registered(&discovery.domain).0;
    if matches!(discovery.policy, Applied::Nothing)
        && registered != discovery.domain
        && let Some(step) = discovery.walk.steps.iter().find(|step| step.domain == registered)
    {
        cx.section(|| near_misses(cx, findings, discovery, step))?;
    }
    pending
}

/// Names that are looked at above a long one; longer chains are nobody's honest set-up.
const MAX_SKIPPED: usize = 4;

/// Records above a domain of many labels that a walk leaves out.
fn passed_by(cx: &Cx<'_>, findings: &mut Findings, discovery: &Discovery) -> Step<()> {
    // The domain's own record ends the search.
    if discovery.walk.record_at(&discovery.domain).is_some() {
        return Ok(());
    }
    let names = dmarc::skipped(&discovery.domain);
    let queries: Vec<Query> = names.iter().filter_map(dmarc::question).take(MAX_SKIPPED).collect();
    for (query, outcome) in queries.iter().zip(cx.ask_all(&queries)?) {
        for text in texts(outcome).filter(|text| matches!(read(text), Reading::Record(_))) {
            cx.section(|| {
                let _known = cx.ask(query);
                let finding = about(Code::Dma440, &discovery.domain)
                    .arg("name", &query.name)
                    .arg("right", &record_name(&discovery.domain))
                    .label(&query.name, Rtype::Txt, text, 0..0);
                let nothing = matches!(discovery.policy, Applied::Nothing);
                cx.found(findings, if nothing { finding.rated(Level::Improve, 30) } else { finding });
            });
        }
    }
    Ok(())
}

/// Whether what stands at the `_dmarc` name of `domain`, and was reported, explains why no record applies. The alias of
/// a wildcard explains nothing: a record that is published at the name goes before it.
fn explains(cx: &Cx<'_>, discovery: &Discovery, domain: &Name) -> Step<bool> {
    let outcome = cx.ask(&Query::new(record_name(domain), Rtype::Txt))?;
    if matches!(discovery.policy, Applied::Record(_)) {
        return Ok(false);
    }
    if outcome.is_void() && !outcome.chain().is_empty() {
        return Ok(wild::behind(cx, domain, outcome)?.is_none());
    }
    Ok(texts(outcome).any(|text| !matches!(read(&text), Reading::Other)))
}

fn several(cx: &Cx<'_>, findings: &mut Findings, discovery: &Discovery, step: &WalkStep, all: &[String]) {
    let _known = cx.ask(&Query::new(step.asked.clone(), Rtype::Txt));
    let best = all.iter().max_by_key(|text| {
        let record = Dmarc::parse(text);
        (record.p.is_some_and(|p| p.value.is_some()), record.rua.iter().any(|uri| uri.is_valid()))
    });
    let remove: Vec<String> = all.iter().filter(|text| Some(*text) != best).cloned().collect();
    let fix = Fix {
        owner: step.asked.clone(),
        rtype: Rtype::Txt,
        remove,
        publish: Vec::new(),
        safety: Safety::Decide,
    };
    let mut finding = about(Code::Dma040, &discovery.domain)
        .arg("name", &step.asked)
        .arg("n", all.len())
        .arg("instead", instead(discovery));
    // Above a record of its own, the domain loses nothing but what it would have inherited.
    if discovery.walk.record_at(&discovery.domain).is_some() {
        finding = finding.rated(Level::Info, 0);
    }
    // Equal texts cannot be told apart in a list of what to remove.
    if fix.remove.len() + 1 == all.len() {
        finding = finding.fix(fix);
    }
    let finding =
        all.iter().fold(finding, |finding, text| finding.label(&step.asked, Rtype::Txt, text.clone(), 0..0));
    cx.found(findings, finding);
}

/// What receivers do while the domain's own record is not read.
fn instead(discovery: &Discovery) -> Arg {
    Arg::key(match &discovery.policy {
        Applied::Record(application) if application.domain != discovery.domain => "dmarc.instead.inherited",
        Applied::Record(_) => "dmarc.instead.own",
        Applied::Nothing => "dmarc.instead.nothing",
        Applied::Unknown { .. } => "dmarc.instead.unknown",
    })
}

fn at_own_name(cx: &Cx<'_>, findings: &mut Findings, discovery: &Discovery, step: &WalkStep) -> Step<()> {
    let outcome = cx.ask(&Query::new(step.asked.clone(), Rtype::Txt))?;
    alias(cx, findings, discovery, step, outcome)?;
    near_misses(cx, findings, discovery, step)?;
    foreign(cx, findings, discovery, step, outcome)
}

/// The record is kept under another name, or would be.
fn alias(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &Discovery,
    step: &WalkStep,
    outcome: &Outcome,
) -> Step<()> {
    if outcome.chain().is_empty() {
        return Ok(());
    }
    let code = if wild::behind(cx, &discovery.domain, outcome)?.is_some() {
        Code::Dma450
    } else if outcome.is_void() {
        Code::Dma070
    } else {
        Code::Dma100
    };
    let target = wild::alias_target(cx, outcome)?.unwrap_or_else(|| step.asked.clone());
    let finding = about(code, &discovery.domain).arg("name", &step.asked).arg("target", &target);
    cx.found(findings, finding);
    Ok(())
}

fn near_misses(cx: &Cx<'_>, findings: &mut Findings, discovery: &Discovery, step: &WalkStep) -> Step<()> {
    let outcome = cx.ask(&Query::new(step.asked.clone(), Rtype::Txt))?;
    for text in texts(outcome) {
        let Reading::NearMiss(miss) = read(&text) else { continue };
        let mut finding = about(Code::Dma050, &discovery.domain)
            .arg("name", &step.asked)
            .arg("problem", Arg::key(format!("dmarc.version.{}", miss.fault.slug())))
            .arg("part", miss.span.of(&text))
            .label(&step.asked, Rtype::Txt, text.clone(), miss.span.range());
        let beside = !matches!(step.found, Found::Nothing);
        if beside {
            finding = finding.rated(Level::Info, 0);
        } else if let Some(meant) = miss.repaired {
            let fix = Fix {
                remove: vec![text.clone()],
                safety: safety(&meant),
                ..publish(&step.domain, meant, Safety::Decide)
            };
            finding = finding.fix(fix);
        }
        cx.found(findings, finding);
    }
    Ok(())
}

/// A record that becomes readable begins to act: harmless only if it asks for nothing.
fn safety(text: &str) -> Safety {
    let record = Dmarc::parse(text);
    let harmless = [record.p, record.sp, record.np]
        .into_iter()
        .flatten()
        .all(|given| given.value.is_none_or(|policy| policy == Policy::None));
    if harmless { Safety::Safe } else { Safety::Decide }
}

/// Texts that have nothing to do with DMARC: put there by mistake, or by a wildcard that answers for every name.
fn foreign(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &Discovery,
    step: &WalkStep,
    outcome: &Outcome,
) -> Step<()> {
    let others: Vec<String> = texts(outcome).filter(|text| matches!(read(text), Reading::Other)).collect();
    let Some(first) = others.first() else { return Ok(()) };
    let Some(probe) = wild::sibling(&discovery.domain) else { return Ok(()) };
    let probed = cx.ask(&Query::new(probe, Rtype::Txt))?;
    let wild = texts(probed).any(|text| text == *first);
    // That the name is an alias as all others are is said already.
    if wild && !outcome.chain().is_empty() && !probed.chain().is_empty() {
        return Ok(());
    }
    let code = if wild { Code::Dma080 } else { Code::Dma090 };
    let finding = about(code, &discovery.domain).arg("name", &step.asked).label(
        &step.asked,
        Rtype::Txt,
        first.clone(),
        0..0,
    );
    cx.found(findings, finding);
    Ok(())
}

/// Looks for a record at the names where one is put by mistake. Says whether anything explains that none applies.
pub(super) fn elsewhere(cx: &Cx<'_>, findings: &mut Findings, discovery: &Discovery) -> Step<bool> {
    let domain = &discovery.domain;
    let registered = suffix::registered(domain).0;
    for at in [domain, &registered] {
        if explains(cx, discovery, at)? {
            return Ok(true);
        }
    }
    let labels = ["_dmarc._dmarc", "dmarc", "_dmarc.www"];
    let mut names: Vec<Name> = vec![domain.clone()];
    names.extend(labels.iter().filter_map(|label| domain.under(label).ok()));
    names.extend(domain.under(&format!("_dmarc.{domain}")).ok());
    let queries: Vec<Query> = names.into_iter().map(|name| Query::new(name, Rtype::Txt)).collect();
    let outcomes = cx.ask_all(&queries)?;
    let mut found = false;
    for (query, outcome) in queries.iter().zip(outcomes) {
        for text in texts(outcome) {
            let meant = match read(&text) {
                Reading::Record(_) => Some(text.clone()),
                Reading::NearMiss(miss) => miss.repaired,
                Reading::Other => continue,
            };
            found = true;
            cx.section(|| misplaced(cx, findings, discovery, query, &text, meant));
        }
    }
    Ok(found)
}

fn misplaced(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &Discovery,
    query: &Query,
    text: &str,
    meant: Option<String>,
) {
    walked(cx, discovery);
    let _known = cx.ask(query);
    let finding: Finding = about(Code::Dma060, &discovery.domain)
        .arg("name", &query.name)
        .arg("right", &record_name(&discovery.domain))
        .label(&query.name, Rtype::Txt, text, 0..0);
    let finding = match meant {
        Some(meant) => {
            let safety = safety(&meant);
            finding.fix(publish(&discovery.domain, meant, safety))
        }
        None => finding,
    };
    cx.found(findings, finding);
}
