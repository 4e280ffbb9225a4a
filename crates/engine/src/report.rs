//! The report: everything a run found, as data that can be kept, compared and sent.
//!
//! It is versioned ([`VERSION`]) and holds no words: finding codes and arguments become sentences in
//! [`crate::text`]. Keys of the user's own are already taken out of it.

pub mod changes;
mod gathered;
pub mod headline;
mod parts;
pub mod rules;

use serde::Serialize;

use self::{gathered::Gathered, headline::Headline};
pub use self::{
    gathered::ShownEvidence,
    parts::{Evidence, EvidenceData, FindingReport},
};
use crate::{
    check::{Check, CheckId, Code, Finding, Level},
    checklist::ChecklistStep,
    dns::{Failure, Name},
    facts::Facts,
    table::Table,
    target::{ListKeys, Target},
    view::{
        Views,
        listings::Listing,
        mx::{Mx, Receiving},
    },
};

/// Version of the serialised form. A field may be added without raising it, not renamed or given another meaning.
pub const VERSION: u32 = 2;

/// Everything a run found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// [`VERSION`].
    pub version: u32,
    /// What was asked about.
    pub target: Target,
    /// How far the run is; finished when `running` is false.
    pub progress: Progress,
    /// Whether answers are still awaited.
    pub running: bool,
    /// How many findings of each level.
    pub summary: Summary,
    /// The verdict over all of it.
    pub headline: Headline,
    /// The findings that matter, most likely cause first, as (check, finding) positions.
    pub causes: Vec<(usize, usize)>,
    /// The same as causes: what several say of one subject is one, the gravest of them first (see [`Code::is_of_lists`]).
    pub rows: Vec<Vec<(usize, usize)>>,
    /// What is known of the zone beside findings.
    #[serde(flatten)]
    pub views: Views,
    /// The five steps.
    pub steps: Vec<StepReport>,
    /// The checks, in the order of the page.
    pub checks: Vec<CheckReport>,
    /// What large receivers require, and how far it is met.
    pub rules: Vec<rules::RuleLine>,
    /// Every question and what came of it; findings point into it.
    pub evidence: Vec<Evidence>,
}

/// How far a session is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Progress {
    /// Queries answered.
    pub done: usize,
    /// Queries known to be needed; grows while answers lead to further questions.
    pub total: usize,
}

/// How many findings of each level; what several say of one subject counts once, by the gravest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Summary {
    /// [`Level::Stops`].
    pub stops: usize,
    /// [`Level::Improve`].
    pub improve: usize,
    /// [`Level::Unknown`].
    pub unknown: usize,
    /// [`Level::Pass`].
    pub pass: usize,
}

words! {
    /// What came of a check, the least urgent first.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    #[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename_all = "kebab-case"))]
    pub enum CheckVerdict {
        /// There is nothing to say: it does not concern this domain, or something it needs is missing.
        NotApplicable = "not-applicable",
        /// Checked and in order.
        Pass = "pass",
        /// Could not be checked, or not all of it; no problem was seen.
        Unknown = "unknown",
        /// Something is worth mending.
        Improve = "improve",
        /// Something stops mail.
        Problem = "problem",
    }
    key "ui.verdict.{}"
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StepReport {
    /// Which step.
    pub step: ChecklistStep,
    /// The worst of its checks.
    pub verdict: CheckVerdict,
    /// Whether one of its checks awaits answers.
    pub running: bool,
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CheckReport {
    /// The check's name.
    pub id: CheckId,
    /// The step it belongs to.
    pub step: ChecklistStep,
    /// Its result so far.
    pub verdict: CheckVerdict,
    /// Whether it awaits answers.
    pub running: bool,
    /// What it found.
    pub findings: Vec<FindingReport>,
}

/// A run of a check, as the session hands it over.
pub struct CheckRun<'a> {
    /// The check.
    pub check: &'static Check,
    /// What it found.
    pub findings: &'a [Finding],
    /// Whether it awaits answers.
    pub running: bool,
}

impl Report {
    /// Puts a report together. `shown` is kept from one report to the next, see [`ShownEvidence::forget`].
    pub fn new<'a>(
        target: &Target,
        facts: &Facts,
        keys: &ListKeys,
        shown: &ShownEvidence,
        progress: Progress,
        views: Views,
        runs: impl IntoIterator<Item = CheckRun<'a>>,
    ) -> Self {
        let mut gathered = Gathered::new(facts, keys, shown, &views);
        let checks: Vec<CheckReport> = runs.into_iter().map(|run| gathered.check(&run)).collect();
        let evidence = gathered.evidence;
        let causes = causes(&checks);
        let rows = rows(&checks, &causes);
        let mut report = Self {
            version: VERSION,
            target: target.clone(),
            progress,
            running: checks.iter().any(|check| check.running),
            summary: summary(&checks, &rows),
            headline: Headline::default(),
            causes,
            rows,
            views,
            steps: ChecklistStep::ALL.iter().map(|&step| step_report(step, &checks)).collect(),
            checks,
            rules: Vec::new(),
            evidence,
        };
        report.rules = rules::lines(&report);
        report.headline = Headline::of(&report);
        report
    }

    /// What the list answers that a finding speaks of.
    #[must_use]
    pub fn listing(&self, finding: &FindingReport) -> Option<&Listing> {
        self.views.listings.get(finding.listing?)
    }

    /// All findings with the check they belong to.
    pub fn findings(&self) -> impl Iterator<Item = (&CheckReport, &FindingReport)> {
        self.checks.iter().flat_map(|check| check.findings.iter().map(move |finding| (check, finding)))
    }

    /// The finding at a position of [`Report::causes`].
    #[must_use]
    pub fn finding(&self, (check, finding): (usize, usize)) -> Option<&FindingReport> {
        self.checks.get(check)?.findings.get(finding)
    }

    /// An answer that shows what the DNS is: the host to which the domain's mail goes, or one that keeps its records,
    /// with the key of the sentence that says so.
    #[must_use]
    pub fn example_of_dns(&self) -> Option<(&'static str, &Name)> {
        if let Some(Mx { receiving: Receiving::Hosts(hosts), .. }) = &self.views.mx
            && let Some((_, host)) = hosts.first()
        {
            return Some(("dns.example.mx", host));
        }
        let zone =
            self.views.dns_host.as_ref().filter(|zone| Some(&zone.zone) == self.target.domain.as_ref());
        zone.and_then(|zone| zone.servers.first()).map(|host| ("dns.example.ns", host))
    }

    /// Whether the lookups failed before they reached a resolver, every one of them: then the page has no connection.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        !self.evidence.is_empty()
            && self.evidence.iter().all(|evidence| {
                matches!(
                    evidence.outcome.failure(),
                    Some(Failure::Offline | Failure::Network | Failure::TimedOut | Failure::NotDns)
                )
            })
    }
}

/// Names of findings, for links.
impl Report {
    /// What a link calls the finding at this place: its code, and from the second of the same code on its number among
    /// them, such as `BL-010-2`.
    #[must_use]
    pub fn name(&self, place: (usize, usize)) -> Option<String> {
        let code = self.finding(place)?.code;
        let before = self.places().take_while(|&(other, _)| other != place);
        let number = before.filter(|(_, finding)| finding.code == code).count() + 1;
        Some(if number == 1 { code.id().to_owned() } else { format!("{}-{number}", code.id()) })
    }

    /// The place of the finding that a link calls so.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<(usize, usize)> {
        let name = name.to_ascii_uppercase();
        let mut parts = name.splitn(3, '-');
        let code = Code::from_id(&format!("{}-{}", parts.next()?, parts.next()?))?;
        let number = parts.next().map_or(Ok(1), str::parse::<usize>).ok()?;
        let mut same = self.places().filter(|(_, finding)| finding.code == code);
        same.nth(number.checked_sub(1)?).map(|(place, _)| place)
    }

    fn places(&self) -> impl Iterator<Item = ((usize, usize), &FindingReport)> {
        let checks = self.checks.iter().enumerate();
        checks.flat_map(|(c, check)| check.findings.iter().enumerate().map(move |(f, one)| ((c, f), one)))
    }
}

fn step_report(step: ChecklistStep, checks: &[CheckReport]) -> StepReport {
    let mine = || checks.iter().filter(|check| check.step == step);
    StepReport {
        step,
        verdict: mine().map(|check| check.verdict).max().unwrap_or(CheckVerdict::NotApplicable),
        running: mine().any(|check| check.running),
    }
}

/// That five lists could not be asked about an address, or passed it, is one thing to know: such findings count once
/// a code and subject.
fn summary(checks: &[CheckReport], rows: &[Vec<(usize, usize)>]) -> Summary {
    let mut summary = Summary::default();
    for &(check, finding) in rows.iter().filter_map(|row| row.first()) {
        let finding = &checks[check].findings[finding];
        // What is left out of one fact is no fact of its own.
        let count = if finding.code.is_of_lists() { 1 } else { 1 + finding.more };
        match finding.level {
            Level::Stops => summary.stops += count,
            _ => summary.improve += count,
        }
    }
    let mut counted = Table::default();
    for finding in checks.iter().flat_map(|check| &check.findings) {
        match finding.level {
            Level::Stops | Level::Improve | Level::Info => {}
            Level::Unknown | Level::Pass if !counted.insert((finding.code, &finding.subject), ()) => {}
            Level::Unknown => summary.unknown += 1,
            Level::Pass => summary.pass += 1,
        }
    }
    summary
}

fn causes(checks: &[CheckReport]) -> Vec<(usize, usize)> {
    let mut causes: Vec<_> = checks
        .iter()
        .enumerate()
        .flat_map(|(c, check)| check.findings.iter().enumerate().map(move |(f, finding)| (c, f, finding)))
        .filter(|(.., finding)| matches!(finding.level, Level::Stops | Level::Improve))
        .collect();
    causes.sort_by_key(|(.., finding)| (finding.level, std::cmp::Reverse(finding.weight)));
    causes.into_iter().map(|(c, f, _)| (c, f)).collect()
}

/// Gathers what is one fact, in the order of the causes.
fn rows(checks: &[CheckReport], causes: &[(usize, usize)]) -> Vec<Vec<(usize, usize)>> {
    let at = |(check, finding): (usize, usize)| &checks[check].findings[finding];
    let mut rows: Vec<Vec<(usize, usize)>> = Vec::new();
    let mut begun = Table::default();
    for &place in causes {
        let finding = at(place);
        let fact = (finding.code, finding.subject.clone());
        match begun.get(&fact).filter(|_| finding.code.is_of_lists()) {
            Some(&row) => {
                let row: &mut Vec<_> = &mut rows[row];
                row.push(place);
            }
            None => {
                begun.insert(fact, rows.len());
                rows.push(vec![place]);
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use crate::{
        dns::Name,
        facts::Ask,
        session::Session,
        target::{ListKeys, Target},
        zone::Zone,
    };

    #[test]
    fn what_the_dns_is_is_shown_with_an_answer_of_the_run() {
        let base = "example.org. SOA ns1.example.org. hostmaster.example.org. 1 3600\n\
                    example.org. NS ns2.example.org.\nexample.org. NS ns1.example.org.\n";
        let mx = "example.org. MX 20 b.example.org.\nexample.org. MX 10 c.example.org.\n";
        for (more, wanted) in [
            (mx, Some(("dns.example.mx", "c.example.org"))),
            ("example.org. MX 0 .\n", Some(("dns.example.ns", "ns1.example.org"))),
            ("example.org. * SERVFAIL\n", None),
        ] {
            let zone = if wanted.is_some() { format!("{base}{more}") } else { more.to_owned() };
            let zone = Zone::parse(&zone).unwrap();
            let target = Target::domain(Name::parse("example.org").unwrap());
            let mut session = Session::new(target, Rc::default(), ListKeys::default());
            while let Some(query) = session.poll_query() {
                session.answer(&query, zone.ask(&query).unwrap().clone());
            }
            let report = session.report();
            let found = report.example_of_dns().map(|(key, host)| (key, host.as_str()));
            assert_eq!(found, wanted, "{more}");
        }
    }

    #[test]
    fn every_finding_has_a_name_that_leads_back_to_it() {
        let zone = Zone::parse("gone.example. * SERVFAIL").unwrap();
        let target = Target::domain(Name::parse("gone.example").unwrap());
        let mut session = Session::new(target, Rc::default(), ListKeys::default());
        while let Some(query) = session.poll_query() {
            session.answer(&query, zone.ask(&query).unwrap().clone());
        }
        let report = session.report();
        let names: Vec<String> = report.places().map(|(place, _)| report.name(place).unwrap()).collect();
        let places: Vec<_> = report.places().map(|(place, _)| Some(place)).collect();
        assert!(names.len() > 3 && !names[0].contains(char::is_lowercase), "{names:?}");
        assert_eq!(names.iter().map(|name| report.named(name)).collect::<Vec<_>>(), places);
        let first = report.finding(places[0].unwrap()).unwrap().code.id();
        assert_eq!(report.named(&first.to_lowercase()), places[0]);
        for none in ["", "SPF", "NO-010", "DOM-010-0", "DOM-010-x", "DOM-010-99", "DOM-010--1"] {
            assert_eq!(report.named(none), None, "{none}");
        }
    }
}
