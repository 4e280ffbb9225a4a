//! The tree of an SPF record as rows: one a branch, in the order in which a receiver reads them.
//!
//! A row knows how many lookups a receiver has made when it gets there, if nothing matched before. So the row at which
//! the count goes beyond ten is *the* branch that breaks the record, and not just one of many.

mod grow;

use std::net::IpAddr;

use serde::Serialize;

use self::grow::{Grower, way, what};
use super::senders;
use crate::{
    check::Level,
    cx::Cx,
    dns::{Failure, Name},
    facts::Ask,
    knowledge::Knowledge,
    record::spf::{Qualifier, SpfRecord, parse},
    spf::{Evaluation, MAX_LOOKUPS, Selected, SpfResult, Survey, evaluate, select, survey::TermPlace},
    view,
};

/// Rows of a tree; the rest is counted. Only the ways of addresses are followed beyond.
pub const MAX_ROWS: usize = 40;

/// The tree of a domain's SPF record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpfTree {
    /// The branches in the order of reading, each behind its parent; the first is the domain itself.
    pub rows: Vec<TreeRow>,
    /// Lookups of a receiver that matches nowhere.
    pub lookups: usize,
    /// Whether there may be more: something could not be looked up, or the tree is larger than what is read of it.
    pub at_least: bool,
    /// Terms that lead to nothing.
    pub voids: usize,
    /// Whether the domain's own record has a mistake. Receivers follow none of it then, and nothing is counted.
    pub mistake: bool,
    /// Branches that have no row.
    pub left_out: usize,
    /// Providers that may send, whichever of their servers it is: proper names. None where the record is an error for
    /// receivers.
    pub services: Vec<String>,
    /// The ways of sending addresses through the tree.
    pub paths: Vec<Path>,
}

/// A branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TreeRow {
    /// The row it hangs on; none for the first.
    pub parent: Option<usize>,
    /// How many rows are above it.
    pub depth: usize,
    /// What it stands for.
    pub what: BranchKind,
    /// The term as written, empty for the domain itself. Untrusted.
    pub term: String,
    /// The provider behind it, a proper name.
    pub who: Option<String>,
    /// Whether the term itself is one of the ten lookups.
    pub asks: bool,
    /// Lookups that come before it.
    pub before: usize,
    /// Lookups it adds, those of everything below it included.
    pub cost: usize,
    /// Addresses and ranges that it names.
    pub networks: usize,
    /// What is wrong or worth knowing.
    pub marks: Vec<BranchMark>,
}

/// What a branch stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "name", rename_all = "kebab-case")]
pub enum BranchKind {
    /// The domain.
    Domain(String),
    /// The record of another name is included.
    Include(String),
    /// The record of another name takes over.
    Redirect(String),
    /// The hosts that receive the mail of a name.
    Mx(String),
    /// The addresses of a host.
    Host(String),
    /// The reverse name of the sender.
    Ptr,
    /// A question made anew for each message.
    Exists,
    /// Addresses written out.
    Addresses,
    /// Everybody else.
    All(Qualifier),
    /// Not understood.
    Broken,
}

words! {
    /// What is wrong with a branch, or worth knowing.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(tag = "kind", content = "detail", rename_all = "kebab-case")]
    pub enum BranchMark {
        /// The lookup with which the record goes beyond ten.
        Exceeds = "exceeds",
        /// The record that it names does not exist.
        NoRecord = "no-record",
        /// There are so many records, and one is allowed.
        Several(usize) = "several",
        /// There is a mistake in it, or in the record that it names.
        Mistake = "mistake",
        /// It leads back to a record above.
        Circle = "circle",
        /// An `mx` with more than ten hosts.
        TooManyHosts = "too-many-hosts",
        /// With this one too many lookups lead to nothing.
        TooManyVoids = "too-many-voids",
        /// It lets the whole world send.
        Open = "open",
        /// Its lookup failed.
        Unknown(Failure) = "unknown",
        /// Its lookup leads to nothing.
        Void = "void",
        /// It stands where no receiver gets to.
        Ignored = "ignored",
        /// What it leads to differs from message to message.
        Depends = "depends",
    }
    key "spf-tree.mark.{}"
}

impl BranchMark {
    /// How much it matters.
    #[must_use]
    pub fn level(self) -> Level {
        match self {
            Self::Unknown(_) => Level::Unknown,
            Self::Void => Level::Improve,
            Self::Ignored | Self::Depends => Level::Info,
            _ => Level::Stops,
        }
    }
}

/// The way of one address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Path {
    /// The address.
    pub ip: IpAddr,
    /// What a receiver finds.
    pub result: SpfResult,
    /// The rows from the domain to where it is decided.
    pub rows: Vec<usize>,
}

impl SpfTree {
    /// The tree of `domain`; none if there is no single record, or not all of it is known yet.
    #[must_use]
    pub fn of(cx: &Cx<'_>, domain: &Name) -> Option<Self> {
        let outcome = cx.ask(&view::spf::query(domain)).ok()?;
        let Selected::One(txt) = select(outcome) else { return None };
        let text = txt.text();
        let record = parse(&text);
        if record.breaking().is_some() {
            return Some(Self::broken(domain, &text, &record));
        }
        let survey = view::spf::tree(cx, domain).ok()?;
        let first = cx.first();
        let evaluations: Vec<(IpAddr, Evaluation<'_>)> = senders(cx)
            .filter_map(|ip| Some((ip, evaluate(&first, &view::spf::message(cx, domain, ip)).ok()?)))
            .collect();
        Some(Self::new(&survey, &evaluations, cx.knowledge))
    }

    /// The tree of a survey, with the ways of messages through it.
    #[must_use]
    pub fn new(survey: &Survey, evaluations: &[(IpAddr, Evaluation<'_>)], knowledge: &Knowledge) -> Self {
        let ways: Vec<Vec<TermPlace>> =
            evaluations.iter().map(|(_, evaluation)| way(survey, evaluation)).collect();
        let must = ways.iter().flatten().copied().collect();
        let Grower { mut tree, places, .. } = Grower::grown(survey, knowledge, must);
        // Of a record that is an error for receivers nobody may say that it lets a provider send.
        if survey.is_error() {
            tree.services.clear();
        }
        tree.paths = evaluations
            .iter()
            .zip(&ways)
            .map(|((ip, evaluation), way)| {
                let below = way.iter().filter_map(|place| places.iter().position(|at| *at == Some(*place)));
                let rows = std::iter::once(0).chain(below).collect();
                Path { ip: *ip, result: evaluation.result, rows }
            })
            .collect();
        tree
    }

    /// The terms of a record that receivers do not follow.
    fn broken(domain: &Name, text: &str, record: &SpfRecord) -> Self {
        let mut tree = Self {
            rows: vec![TreeRow::new(None, 0, BranchKind::Domain(domain.to_string()))],
            mistake: true,
            ..Self::default()
        };
        for term in &record.terms {
            let span = term.span;
            let inside = |at: u32| at >= span.start && at < span.end;
            let faulty = record.errors.iter().any(|error| error.fault.breaks() && inside(error.span.start));
            let Some(what) = what(*term, text, domain.as_str()).or(faulty.then_some(BranchKind::Broken))
            else {
                continue;
            };
            if tree.rows.len() >= MAX_ROWS && !faulty || tree.rows.len() >= 2 * MAX_ROWS {
                tree.left_out += 1;
                continue;
            }
            let marks = if faulty { vec![BranchMark::Mistake] } else { Vec::new() };
            let row = TreeRow { term: span.of(text).to_owned(), marks, ..TreeRow::new(Some(0), 1, what) };
            tree.rows.push(row);
        }
        tree
    }

    /// Whether receivers give up because of the number of lookups.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.lookups > MAX_LOOKUPS
    }

    /// How many rows have a mark of this level; that there are too many lookups is said by their number.
    #[must_use]
    pub fn marked(&self, level: Level) -> usize {
        let counts = |mark: &BranchMark| mark.level() == level && *mark != BranchMark::Exceeds;
        self.rows.iter().filter(|row| row.marks.iter().any(counts)).count()
    }

    /// The positions of the rows that hang on a row.
    pub fn children(&self, row: usize) -> impl Iterator<Item = usize> {
        (0..self.rows.len()).filter(move |&at| self.rows[at].parent == Some(row))
    }
}

impl TreeRow {
    fn new(parent: Option<usize>, depth: usize, what: BranchKind) -> Self {
        Self {
            parent,
            depth,
            what,
            term: String::new(),
            who: None,
            asks: false,
            before: 0,
            cost: 0,
            networks: 0,
            marks: Vec::new(),
        }
    }

    /// The mark that matters most.
    #[must_use]
    pub fn worst(&self) -> Option<BranchMark> {
        self.marks.iter().copied().min_by_key(|mark| mark.level())
    }

    /// Whether its own lookup is one too many.
    #[must_use]
    pub fn is_beyond(&self) -> bool {
        self.asks && self.before >= MAX_LOOKUPS
    }
}
