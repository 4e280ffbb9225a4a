//! Records that are not read because of where or how they stand.

use std::ops::Range;

use super::{about, policy, record_name, revived, site_fix, walked};
use crate::{
    change::{Fix, Safety},
    check::{Arg, Code, Cx, Finding, Findings, Level},
    dmarc::{self, AppliedPolicy, PolicyDiscovery, RecordsFound, WalkStep, suffix, texts},
    dns::{Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
    record::dmarc::{DmarcEdit, DmarcReading, read},
    view::{dmarc::DmarcSite, wildcard},
};

/// What stands at the `_dmarc` names: of the domain itself, and above it where a record is dropped.
pub(super) fn records(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &PolicyDiscovery,
    parked: Step<bool>,
) -> Step<()> {
    let mut pending = Ok(());
    for step in &discovery.walk.steps {
        let place = WalkPlace { discovery, step, parked };
        if let RecordsFound::Several { texts } = &step.found {
            pending = pending.and(cx.section(|| several(cx, findings, &place, texts)));
        }
        if place.is_own() {
            pending = pending.and(cx.section(|| at_own_name(cx, findings, &place)));
        }
    }
    pending = pending.and(passed_by(cx, findings, discovery));
    // Where nothing applies the registered domain's record matters too: it may be there and not be read.
    let registered = suffix::registered(&discovery.domain).0;
    if matches!(discovery.policy, AppliedPolicy::Nothing)
        && registered != discovery.domain
        && let Some(step) = discovery.walk.steps.iter().find(|step| step.domain == registered)
    {
        cx.section(|| near_misses(cx, findings, &WalkPlace { discovery, step, parked }))?;
    }
    pending
}

/// A name on the walk, and what is said of it.
struct WalkPlace<'a> {
    discovery: &'a PolicyDiscovery,
    step: &'a WalkStep,
    /// Whether the domain sends no mail.
    parked: Step<bool>,
}

impl WalkPlace<'_> {
    /// Whether it is the name of the domain that is asked about.
    fn is_own(&self) -> bool {
        self.step.domain == self.discovery.domain
    }

    fn query(&self) -> Query {
        Query::new(self.step.asked.clone(), Rtype::Txt)
    }

    fn about(&self, code: Code) -> Finding {
        about(code, &self.discovery.domain).arg("name", &self.step.asked)
    }

    fn label(&self, finding: Finding, text: &str, part: Range<usize>) -> Finding {
        finding.label(&self.step.asked, Rtype::Txt, text, part)
    }
}

/// Names that are looked at above a long one; longer chains are nobody's honest set-up.
const MAX_SKIPPED: usize = 4;

/// Records above a domain of many labels that a walk leaves out.
fn passed_by(cx: &Cx<'_>, findings: &mut Findings, discovery: &PolicyDiscovery) -> Step<()> {
    // The domain's own record ends the search.
    if discovery.walk.record_at(&discovery.domain).is_some() {
        return Ok(());
    }
    let names = dmarc::skipped(&discovery.domain);
    let queries: Vec<Query> = names.iter().filter_map(dmarc::question).take(MAX_SKIPPED).collect();
    for (query, outcome) in queries.iter().zip(cx.ask_all(&queries)?) {
        for text in texts(outcome).filter(|text| matches!(read(text), DmarcReading::Record(_))) {
            cx.section(|| {
                cx.cite(query);
                let finding = about(Code::Dma440, &discovery.domain)
                    .arg("name", &query.name)
                    .arg("right", &record_name(&discovery.domain))
                    .label(&query.name, Rtype::Txt, text, 0..0);
                let nothing = matches!(discovery.policy, AppliedPolicy::Nothing);
                cx.found(findings, if nothing { finding.rated(Level::Improve, 30) } else { finding });
            });
        }
    }
    Ok(())
}

/// Whether something that was found and reported explains why no record applies.
fn explains(cx: &Cx<'_>, discovery: &PolicyDiscovery, domain: &Name) -> Step<bool> {
    if matches!(discovery.policy, AppliedPolicy::Record(_)) {
        return Ok(false);
    }
    let site = DmarcSite::of(cx, domain)?;
    let void = cx.ask(&Query::new(site.name, Rtype::Txt))?.is_void();
    Ok(void && site.alias.is_some() && !site.from_wildcard || !site.meant.is_empty())
}

fn several(cx: &Cx<'_>, findings: &mut Findings, place: &WalkPlace<'_>, all: &[String]) -> Step<()> {
    let WalkPlace { discovery, step, parked } = *place;
    cx.cite(&place.query());
    let mut finding = place.about(Code::Dma040).arg("n", all.len()).arg("instead", instead(discovery));
    // Above a record of its own, the domain loses nothing but what it would have inherited.
    if discovery.walk.record_at(&discovery.domain).is_some() {
        finding = finding.rated(Level::Info, 0);
    }
    let Some(merged) = DmarcEdit::merged(all) else { return Ok(()) };
    // Alone it begins to act.
    let begun = revived::begin(cx, discovery, &step.domain, merged, parked)?;
    finding = finding.arg("then", Arg::key(begun.note()));
    if place.is_own() && parked? {
        finding = policy::refusing(cx, finding, &step.domain)?;
    } else if let Some((gone, come)) = in_place_of(all, &begun.record.to_string()) {
        finding = finding.fix(site_fix::amend(cx, &step.domain, gone, come, Safety::Decide)?);
    }
    cx.found(findings, all.iter().fold(finding, |finding, text| place.label(finding, text, 0..0)));
    Ok(())
}

/// What has to go of `all`, and what has to come, for `record` to be the only one: one of them stays where it says the same.
/// None where two are equal, for those cannot be told apart in a list of what to remove.
fn in_place_of(all: &[String], record: &str) -> Option<(Vec<String>, Vec<String>)> {
    let others: Vec<String> = all.iter().filter(|text| *text != record).cloned().collect();
    match all.len() - others.len() {
        0 => Some((others, vec![record.to_owned()])),
        1 => Some((others, Vec::new())),
        _ => None,
    }
}

/// What receivers do while the domain's own record is not read.
fn instead(discovery: &PolicyDiscovery) -> Arg {
    Arg::key(match &discovery.policy {
        AppliedPolicy::Record(application) if application.domain != discovery.domain => {
            "dmarc.instead.inherited"
        }
        AppliedPolicy::Record(_) => "dmarc.instead.own",
        AppliedPolicy::Nothing => "dmarc.instead.nothing",
        AppliedPolicy::Unknown { .. } => "dmarc.instead.unknown",
    })
}

fn at_own_name(cx: &Cx<'_>, findings: &mut Findings, place: &WalkPlace<'_>) -> Step<()> {
    let outcome = cx.ask(&place.query())?;
    alias(cx, findings, place, outcome)?;
    near_misses(cx, findings, place)?;
    foreign(cx, findings, place, outcome)
}

/// The record is kept under another name, or would be.
fn alias(cx: &Cx<'_>, findings: &mut Findings, place: &WalkPlace<'_>, outcome: &Outcome) -> Step<()> {
    if outcome.chain().is_empty() {
        return Ok(());
    }
    // Where a wildcard leads, it leads for every name: nobody meant it for DMARC.
    let DmarcSite { alias: Some(alias), from_wildcard, unsure, .. } = DmarcSite::of(cx, &place.step.domain)?
    else {
        return Ok(());
    };
    if let Some((probe, failure)) = unsure {
        // Which of the two it is decides what there is to do.
        if outcome.is_void() {
            let finding = about(Code::Dma030, &place.discovery.domain).arg("name", &probe);
            cx.found(findings, finding.because(failure));
        }
        return Ok(());
    }
    // That of a wildcard is told once, by the check of the zone: it has nothing to do with DMARC.
    if from_wildcard {
        return Ok(());
    }
    let code = if outcome.is_void() { Code::Dma070 } else { Code::Dma100 };
    cx.found(findings, place.about(code).arg("target", &alias.end));
    Ok(())
}

fn near_misses(cx: &Cx<'_>, findings: &mut Findings, place: &WalkPlace<'_>) -> Step<()> {
    let WalkPlace { discovery, step, parked } = *place;
    let outcome = cx.ask(&place.query())?;
    for text in texts(outcome) {
        let DmarcReading::NearMiss(miss) = read(&text) else { continue };
        let finding = place
            .about(Code::Dma050)
            .arg("problem", Arg::key(miss.fault.key()))
            .arg("part", miss.span.of(&text))
            .arg("what", Arg::key("dmarc.what.correct"))
            .arg("then", Arg::key("dmarc.then.acts"));
        let mut finding = place.label(finding, &text, miss.span.range());
        let beside = !matches!(step.found, RecordsFound::Nothing);
        let site = DmarcSite::of(cx, &step.domain)?;
        if beside {
            // Corrected it would be one record more, and of several receivers read none.
            finding = finding
                .rated(Level::Info, 0)
                .arg("what", Arg::key("dmarc.what.remove"))
                .arg("then", Arg::key("dmarc.then.beside"));
            // Where there are several the first thing is to get down to one.
            if !matches!(step.found, RecordsFound::Several { .. }) {
                let gone = vec![text.clone()];
                finding = finding.fix(site_fix::amend(cx, &step.domain, gone, Vec::new(), Safety::Decide)?);
            }
        } else if place.is_own() && parked? {
            finding = policy::refusing(cx, finding, &step.domain)?;
        } else if let Some(meant) = site.record() {
            let begun = revived::begin(cx, discovery, &step.domain, meant, parked)?;
            let safety = begun.safety();
            finding = finding.arg("then", Arg::key(begun.note()));
            let come = vec![begun.record.to_string()];
            finding = finding.fix(site_fix::amend(cx, &step.domain, site.meant, come, safety)?);
        }
        cx.found(findings, finding);
    }
    Ok(())
}

/// Texts that have nothing to do with DMARC: put there by mistake, or by a wildcard that answers for every name.
fn foreign(cx: &Cx<'_>, findings: &mut Findings, place: &WalkPlace<'_>, outcome: &Outcome) -> Step<()> {
    let others: Vec<String> =
        texts(outcome).filter(|text| matches!(read(text), DmarcReading::Other)).collect();
    let Some(first) = others.first() else { return Ok(()) };
    let Some(probe) = wildcard::sibling(&place.discovery.domain) else { return Ok(()) };
    let probed = cx.ask(&Query::new(probe, Rtype::Txt))?;
    let wild = texts(probed).any(|text| text == *first);
    // That the name is an alias as all others are is said already.
    if wild && !outcome.chain().is_empty() && !probed.chain().is_empty() {
        return Ok(());
    }
    let code = if wild { Code::Dma080 } else { Code::Dma090 };
    cx.found(findings, place.label(place.about(code), first, 0..0));
    Ok(())
}

/// What was found at names where no receiver looks.
pub(super) struct MisplacedRecords {
    /// Whether that, or what stands at the right name, explains why no record applies.
    pub explains: bool,
    /// What has to go there when the record is published at the right name.
    pub gone: Vec<Fix>,
}

/// Looks for a record at the names where one is put by mistake.
pub(super) fn elsewhere(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &PolicyDiscovery,
    parked: Step<bool>,
) -> Step<MisplacedRecords> {
    let domain = &discovery.domain;
    let registered = suffix::registered(domain).0;
    for name in [domain, &registered] {
        if explains(cx, discovery, name)? {
            return Ok(MisplacedRecords { explains: true, gone: Vec::new() });
        }
    }
    let www = domain.under("www").ok().as_ref().and_then(dmarc::question);
    let labels = ["_dmarc._dmarc", "dmarc"];
    let mut names: Vec<Name> = vec![domain.clone()];
    names.extend(labels.iter().filter_map(|label| domain.under(label).ok()));
    names.extend(domain.under(&format!("_dmarc.{domain}")).ok());
    let queries: Vec<Query> = names.into_iter().map(|name| Query::new(name, Rtype::Txt)).collect();
    let (of_www, outcomes) = (www.as_ref().map(|query| cx.ask(query)).transpose(), cx.ask_all(&queries));
    let (of_www, outcomes) = (of_www?, outcomes?);
    let mut found: Vec<(&Query, String)> = Vec::new();
    let mut gone: Vec<Fix> = Vec::new();
    for (query, outcome) in queries.iter().zip(outcomes) {
        let meant: Vec<String> =
            texts(outcome).filter(|text| !matches!(read(text), DmarcReading::Other)).collect();
        if meant.is_empty() {
            continue;
        }
        found.extend(meant.iter().map(|text| (query, text.clone())));
        gone.push(site_fix::removal(cx, query, outcome, meant)?);
    }
    if let (Some(query), Some(outcome)) = (&www, of_www) {
        for text in texts(outcome).filter(|text| matches!(read(text), DmarcReading::Record(_))) {
            cx.section(|| only_www(cx, findings, discovery, query, text));
        }
    }
    let explains = !found.is_empty();
    if explains {
        cx.section(|| misplaced(cx, findings, discovery, parked, &found, &gone))?;
    }
    Ok(MisplacedRecords { explains, gone })
}

/// A record for `www` speaks for mail from that name, and for no other.
fn only_www(cx: &Cx<'_>, findings: &mut Findings, discovery: &PolicyDiscovery, query: &Query, text: String) {
    cx.cite(query);
    let finding = about(Code::Dma460, &discovery.domain)
        .arg("name", &query.name)
        .arg("right", &record_name(&discovery.domain))
        .label(&query.name, Rtype::Txt, text, 0..0);
    cx.found(findings, finding);
}

/// One finding for each text, and the same change in all of them: of several records receivers read none.
fn misplaced(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &PolicyDiscovery,
    parked: Step<bool>,
    found: &[(&Query, String)],
    gone: &[Fix],
) -> Step<()> {
    let domain = &discovery.domain;
    let begun = DmarcEdit::merged(found.iter().map(|(_, text)| text))
        .map(|meant| revived::begin(cx, discovery, domain, meant, parked))
        .transpose()?;
    for (query, text) in found {
        walked(cx, discovery);
        cx.cite(query);
        let note = begun.as_ref().map_or("dmarc.then.acts", revived::RevivedRecord::note);
        let mut finding: Finding = about(Code::Dma060, domain)
            .arg("name", &query.name)
            .arg("right", &record_name(domain))
            .arg("then", Arg::key(note))
            .label(&query.name, Rtype::Txt, text.clone(), 0..0);
        if parked? {
            finding = policy::refusing(cx, finding, domain)?;
        } else if let Some(begun) = &begun {
            finding = site_fix::put(cx, finding, domain, begun.record.to_string(), begun.safety())?;
        }
        if finding.fix.is_some() {
            finding.also.extend_from_slice(gone);
        }
        cx.found(findings, finding);
    }
    Ok(())
}
