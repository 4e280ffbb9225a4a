//! Watched until fixed: which causes of a report somebody waits for, which answers they rest on, and when each of those may be
//! another one.
//!
//! Watched are the gravest causes alone. Of those, blocklists are left out: they are never polled. An answer is asked for again
//! once nobody may keep it any longer (RFC 2181 section 5.2, RFC 2308 section 5), and not sooner.

use std::rc::Rc;

use crate::{
    check::{Code, Level},
    dns::{Outcome, Query},
    facts::Facts,
    many::is_made,
    report::{
        Report,
        changes::{Change, Since, compare},
    },
    table::Table,
};

/// Seconds that lie between two looks at least, however short an answer lives.
pub const LEAST: u32 = 60;
/// Seconds until an answer is asked for again that says nothing of how long it lives, or that failed.
pub const DEFAULT: u32 = 300;

/// A row of causes: the places of its findings.
type Row = Rc<[(usize, usize)]>;

/// What is watched.
#[derive(Debug)]
pub struct Watched {
    before: Rc<Report>,
    rows: Vec<Row>,
    /// When each answer may be another one, in seconds since 1970.
    due: Table<Query, i64>,
}

/// What a look has found of what is watched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// So many causes are waited for: those that are watched, and what stops mail since.
    pub all: usize,
    /// So many of them are mended.
    pub mended: usize,
    /// So many could not be looked at.
    pub unsure: usize,
}

/// The causes of a report that can be watched: of what stops mail, or else of what can be better, all that rest on the DNS and
/// not on lists.
#[must_use]
pub fn causes(report: &Report) -> Vec<Row> {
    let of = |level: Level| {
        let rows = report.rows.iter().filter(|row| {
            row.first().is_some_and(|&(check, at)| {
                let found = report.checks.get(check).filter(|check| is_made(check.id.as_str(), false));
                found.and_then(|check| check.findings.get(at)).is_some_and(|finding| finding.level == level)
            })
        });
        rows.map(|row| Rc::from(row.as_slice())).collect::<Vec<Row>>()
    };
    let stops = of(Level::Stops);
    if stops.is_empty() { of(Level::Improve) } else { stops }
}

impl Watched {
    /// Watches what a check has found over `facts`; none where there is nothing to wait for. `unix` is when the answers were in,
    /// in seconds since 1970.
    #[must_use]
    pub fn of(report: Rc<Report>, facts: &Facts, unix: i64) -> Option<Self> {
        let mut watched = Self { rows: causes(&report), before: report, due: Table::default() };
        let queries = watched.rows.iter().flat_map(|row| queries(&watched.before, row));
        watched.due = queries.map(|query| (query.clone(), unix + lives(query, facts))).collect();
        (!watched.due.is_empty()).then_some(watched)
    }

    /// The report in which the causes stand.
    #[must_use]
    pub fn before(&self) -> &Report {
        &self.before
    }

    /// The causes.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// When the first answer may be another one, in seconds since 1970.
    #[must_use]
    pub fn next(&self) -> i64 {
        self.due.iter().map(|(_, &due)| due).min().unwrap_or_default()
    }

    /// What is to be asked again at the time `now`.
    #[must_use]
    pub fn due(&self, now: i64) -> Vec<Query> {
        self.due.iter().filter(|&(_, &due)| due <= now).map(|(query, _)| query.clone()).collect()
    }

    /// Takes what the checks make of new answers to what was [due](Self::due), which were in at the time `now`.
    pub fn look(&mut self, after: &Report, facts: &Facts, asked: &[Query], now: i64) -> Look {
        let changes = compare(&self.before, after);
        let became = |row: &Row| {
            let gone = |since| matches!(since, Since::Mended | Since::NotChecked);
            let change = changes.iter().find(|change| gone(change.since) && change.row == *row);
            change.map_or(Since::Same, |change| change.since)
        };
        let mut look = Look { all: self.rows.len(), ..Look::default() };
        let mut codes: Vec<Code> = Vec::new();
        let mut matter: Vec<&Query> = Vec::new();
        for row in &self.rows {
            let since = became(row);
            look.mended += usize::from(since == Since::Mended);
            look.unsure += usize::from(since == Since::NotChecked);
            if since != Since::Mended {
                codes.extend(
                    row.first().and_then(|&place| self.before.finding(place)).map(|found| found.code),
                );
                matter.extend(queries(&self.before, row));
            }
        }
        // What newly stops mail is waited for too: the cause may have gone and left another one in its place.
        let stops_anew = |change: &&Change| change.since == Since::New && change.level == Level::Stops;
        for change in changes.iter().filter(stops_anew) {
            look.all += 1;
            matter.extend(queries(after, &change.row));
        }
        // A cause that is still there may rest on other answers by now.
        for change in changes.iter().filter(|change| change.since == Since::Same) {
            let found = change.row.first().and_then(|&place| after.finding(place));
            if found.is_some_and(|finding| codes.contains(&finding.code)) {
                matter.extend(queries(after, &change.row));
            }
        }
        let due = |query: &Query| {
            let waits = self.due.get(query).filter(|_| !asked.contains(query));
            waits.copied().unwrap_or_else(|| now + lives(query, facts))
        };
        self.due = matter.into_iter().map(|query| (query.clone(), due(query))).collect();
        look
    }
}

/// The questions that a row rests on.
fn queries<'a>(report: &'a Report, row: &'a [(usize, usize)]) -> impl Iterator<Item = &'a Query> {
    let findings = row.iter().filter_map(|&place| report.finding(place));
    let evidence = findings.flat_map(|finding| &finding.evidence);
    evidence.filter_map(|&at| report.evidence.get(at)).map(|evidence| &evidence.query)
}

/// For how many seconds nothing new can be heard of a question.
fn lives(query: &Query, facts: &Facts) -> i64 {
    let lives = facts.get(query).and_then(Outcome::lives).unwrap_or(DEFAULT);
    i64::from(lives.max(LEAST))
}

#[cfg(test)]
mod tests;
