//! Findings and their evidence as a report carries them.

use std::cell::RefCell;

use super::{CheckReport, CheckRun, CheckVerdict, Evidence, FindingReport};
use crate::{
    around::ChangeContext,
    check::{Finding, Level},
    dns::{Outcome, Query, Rdata, Txt},
    facts::Facts,
    subject::Subject,
    table::Table,
    target::ListKeys,
    view::Views,
};

/// Evidence as it was shown before. To take the user's keys out of an answer it is copied, once.
#[derive(Debug, Default)]
pub struct ShownEvidence(RefCell<Table<Query, Evidence>>);

impl ShownEvidence {
    /// Forgets all of it; to be called when an answer that was known is forgotten or becomes another one.
    pub fn forget(&mut self) {
        self.0.get_mut().clear();
    }

    fn of(&self, query: &Query, outcome: &Outcome, keys: &ListKeys) -> Evidence {
        if let Some(known) = self.0.borrow().get(query) {
            return known.clone();
        }
        let evidence = redacted(query, outcome, keys);
        self.0.borrow_mut().insert(query.clone(), evidence.clone());
        evidence
    }
}

/// What is gathered of all checks while their reports are put together.
pub(super) struct Gathered<'a> {
    facts: &'a Facts,
    keys: &'a ListKeys,
    shown: &'a ShownEvidence,
    pub(super) evidence: Vec<Evidence>,
    /// Where each query stands in the evidence.
    places: Table<&'a Query, usize>,
    /// Where the answer of each list about each subject stands in the view.
    listings: Table<(&'a Subject, &'a str), usize>,
}

impl<'a> Gathered<'a> {
    pub(super) fn new(
        facts: &'a Facts,
        keys: &'a ListKeys,
        shown: &'a ShownEvidence,
        views: &'a Views,
    ) -> Self {
        let mut listings = Table::default();
        for (place, listing) in views.listings.iter().enumerate() {
            listings.insert((&listing.subject, listing.list.id.as_str()), place);
        }
        Self { facts, keys, shown, evidence: Vec::new(), places: Table::default(), listings }
    }

    pub(super) fn check(&mut self, run: &CheckRun<'a>) -> CheckReport {
        let findings: Vec<_> = run.findings.iter().map(|finding| self.finding(finding)).collect();
        CheckReport {
            id: run.check.id,
            step: run.check.step,
            verdict: verdict(&findings),
            running: run.running,
            findings,
        }
    }

    fn finding(&mut self, finding: &'a Finding) -> FindingReport {
        let list = finding.list.as_deref();
        FindingReport {
            finding: finding.clone(),
            slug: finding.code.slug(),
            listing: list.and_then(|list| self.listings.get(&(&finding.subject, list)).copied()),
            around: finding.fix.as_ref().map(|fix| ChangeContext::of(self.facts, fix)),
            source: finding.code.source(),
            evidence: finding.evidence.iter().filter_map(|query| self.place(query)).collect(),
        }
    }

    /// Where a query stands in the evidence; it is put there if it is not yet.
    fn place(&mut self, query: &'a Query) -> Option<usize> {
        let outcome = self.facts.get(query)?;
        if !self.places.has(&query) {
            self.places.insert(query, self.evidence.len());
            self.evidence.push(self.shown.of(query, outcome, self.keys));
        }
        self.places.get(&query).copied()
    }
}

fn verdict(findings: &[FindingReport]) -> CheckVerdict {
    findings
        .iter()
        .map(|finding| match finding.level {
            Level::Stops => CheckVerdict::Problem,
            Level::Improve => CheckVerdict::Improve,
            Level::Unknown => CheckVerdict::Unknown,
            Level::Pass => CheckVerdict::Pass,
            Level::Info => CheckVerdict::NotApplicable,
        })
        .max()
        .unwrap_or(CheckVerdict::NotApplicable)
}

/// The question and its outcome without the user's keys.
fn redacted(query: &Query, outcome: &Outcome, keys: &ListKeys) -> Evidence {
    let mut outcome = outcome.clone();
    let mut query = query.clone();
    query.name = keys.redact_name(&query.name);
    // Resolvers like to quote the name that was asked about.
    for ede in &mut outcome.meta_mut().ede {
        ede.text = keys.redact(&ede.text);
    }
    let chain = match &mut outcome {
        Outcome::Records(answer) => {
            for record in &mut answer.records {
                record.owner = keys.redact_name(&record.owner);
                if let Rdata::Txt(txt) = &mut record.data
                    && keys.leaks(&txt.text())
                {
                    *txt = Txt::new([keys.redact(&txt.text()).as_bytes()]);
                }
            }
            &mut answer.chain[..]
        }
        Outcome::NoData(negative) | Outcome::NxDomain(negative) => &mut negative.chain[..],
        Outcome::Failed(_) => &mut [],
    };
    for name in chain {
        *name = keys.redact_name(name);
    }
    Evidence::new(query, outcome)
}
