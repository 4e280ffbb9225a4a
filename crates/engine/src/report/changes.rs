//! Two reports of the same thing held against each other: what is mended, what is new, what is as it was.
//!
//! A problem that the second report does not have is mended only where everything that showed it was asked again and answered:
//! else it could not be checked.

use std::rc::Rc;

use super::{CheckVerdict, Report};
use crate::{
    check::{Code, Level},
    dns::{Outcome, Query},
    subject::Subject,
    table::Table,
};

words! {
    /// What became of a cause.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Since {
        /// It is there no more.
        Mended = "mended",
        /// It was not there before.
        New = "new",
        /// It is as it was.
        Same = "same",
        /// What showed it could not be asked this time.
        NotChecked = "not-checked",
    }
    key "since.count.{}"
}

/// A row of causes and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What became of it.
    pub since: Since,
    /// How grave it is: in the second report, or in the first where the second does not have it.
    pub level: Level,
    /// Its row in the report that has it: the second one for [`Since::New`] and [`Since::Same`], else the first.
    pub row: Rc<[(usize, usize)]>,
    /// For so many seconds after the first check resolvers may go on giving the answers that it rests on, whatever was
    /// published meanwhile. Only where it is [`Since::Same`] and an answer said so.
    pub old_answer_lives: Option<u32>,
}

/// What makes a row the same in both: code, subject, and which one of several alike.
type Key = (Code, Subject, usize);

/// What became of the causes of `before`, and which are new, in the order of the page: first what `after` has, then what is
/// gone.
#[must_use]
pub fn compare(before: &Report, after: &Report) -> Vec<Change> {
    let old: Table<Key, &Vec<(usize, usize)>> = keyed(before).into_iter().collect();
    let new = keyed(after);
    let mut changes: Vec<Change> = Vec::new();
    for (key, row) in &new {
        let known = old.get(key);
        changes.push(Change {
            since: if known.is_some() { Since::Same } else { Since::New },
            level: level(after, row),
            row: row.as_slice().into(),
            old_answer_lives: known.and_then(|row| old_answer_lives(before, row)),
        });
    }
    let still: Table<Key, ()> = new.into_iter().map(|(key, _)| (key, ())).collect();
    let failed: Table<&Query, ()> = failed(after).map(|query| (query, ())).collect();
    for (key, row) in keyed(before).into_iter().filter(|(key, _)| !still.has(key)) {
        let unsure =
            queries(before, row).any(|query| failed.has(&query)) || is_unsure(before, after, row, key.0);
        changes.push(Change {
            since: if unsure { Since::NotChecked } else { Since::Mended },
            level: level(before, row),
            row: row.as_slice().into(),
            old_answer_lives: None,
        });
    }
    changes
}

fn keyed(report: &Report) -> Vec<(Key, &Vec<(usize, usize)>)> {
    let mut alike: Table<(Code, Subject), usize> = Table::default();
    let rows = report.rows.iter().filter_map(|row| {
        let finding = report.finding(*row.first()?)?;
        let fact = (finding.code, finding.subject.clone());
        let number = alike.get(&fact).copied().unwrap_or_default();
        alike.insert(fact.clone(), number + 1);
        Some(((fact.0, fact.1, number), row))
    });
    rows.collect()
}

fn level(report: &Report, row: &[(usize, usize)]) -> Level {
    row.first().and_then(|&place| report.finding(place)).map_or(Level::Info, |finding| finding.level)
}

/// What the findings of a row rest on.
fn queries<'a>(report: &'a Report, row: &'a [(usize, usize)]) -> impl Iterator<Item = &'a Query> {
    evidence(report, row).map(|(query, _)| query)
}

fn evidence<'a>(
    report: &'a Report,
    row: &'a [(usize, usize)],
) -> impl Iterator<Item = (&'a Query, &'a Outcome)> {
    let findings = row.iter().filter_map(|&place| report.finding(place));
    let evidence = findings.flat_map(|finding| &finding.evidence);
    evidence.filter_map(|&at| report.evidence.get(at)).map(|evidence| (&evidence.query, &evidence.outcome))
}

fn failed(report: &Report) -> impl Iterator<Item = &Query> {
    let failed = report.evidence.iter().filter(|evidence| evidence.outcome.failure().is_some());
    failed.map(|evidence| &evidence.query)
}

/// Whether the check that found it has not come to its end this time, or could not look at all it needs. Lists stand each for
/// itself: that others could not be asked says nothing of this one.
fn is_unsure(before: &Report, after: &Report, row: &[(usize, usize)], code: Code) -> bool {
    let check = row.first().and_then(|&(check, _)| before.checks.get(check));
    let now = check.and_then(|check| after.checks.iter().find(|other| other.id == check.id));
    let Some(now) = now else { return true };
    let unknown = now.verdict == CheckVerdict::Unknown
        || now.findings.iter().any(|finding| finding.level == Level::Unknown);
    now.running || unknown && !code.is_of_lists()
}

/// How long the answers that a row rests on may be kept, in seconds: the longest of them.
fn old_answer_lives(report: &Report, row: &[(usize, usize)]) -> Option<u32> {
    evidence(report, row).filter_map(|(_, outcome)| outcome.lives()).max()
}
