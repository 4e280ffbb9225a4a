//! What an evaluation did, term by term.

use std::borrow::Cow;

use serde::Serialize;

use super::SpfResult;
use crate::{
    dns::{Failure, Name, Outcome, Query},
    record::spf::{SpfRecord, Term},
};

/// The result of an evaluation and how it came about. Text is borrowed from the answers it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evaluation<'a> {
    /// The result.
    pub result: SpfResult,
    /// Why it is `none`, `temperror` or `permerror`.
    pub problem: Option<Problem>,
    /// What the domain wants a refused sender to read, macros expanded. Untrusted.
    pub explanation: Option<String>,
    /// The records that were read, in the order of reading: the first is the sender's own.
    pub records: Vec<Visited<'a>>,
    /// The terms that were evaluated, in that order; the terms of an included record follow the `include`.
    pub trace: Vec<TraceEntry>,
    /// The questions, in the order of asking.
    pub asked: Vec<TracedLookup>,
}

/// A record that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Visited<'a> {
    /// The domain it belongs to.
    pub domain: Name,
    /// Its text. Untrusted.
    pub text: Cow<'a, str>,
    /// The text as terms.
    pub record: SpfRecord,
    /// The result of this record for the message.
    pub result: SpfResult,
}

/// A term that was evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TraceEntry {
    /// Position of its record in [`Evaluation::records`].
    pub record: u32,
    /// Position of the term in that record.
    pub term: u32,
    /// How many includes it is inside of.
    pub depth: u8,
    /// Lookups it adds to the ten that are allowed: 0 or 1.
    pub cost: u8,
    /// Whether it came back empty and counts against the two that are allowed.
    pub void: bool,
    /// What came of it.
    pub effect: TermEffect,
    /// The questions it asked itself: from this position in [`Evaluation::asked`]...
    pub first_asked: u32,
    /// ... to before this one.
    pub end_asked: u32,
}

/// What came of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TermEffect {
    /// It matched and decided the result of its record.
    Matched,
    /// It did not match.
    NotMatched,
    /// It ended the evaluation with an error.
    Error,
}

/// A question and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TracedLookup {
    /// The question.
    pub query: Query,
    /// What came of it.
    pub status: LookupStatus,
}

/// What came of a question, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LookupStatus {
    /// So many records.
    Records(u32),
    /// The name exists without records of this type.
    NoData,
    /// The name does not exist.
    NxDomain,
    /// It is not known.
    Failed(Failure),
}

/// Why there is no proper result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Why.
    pub reason: Reason,
    /// The record it concerns, a position in [`Evaluation::records`]; that which names it, if it could not be read.
    pub record: Option<u32>,
    /// The term at which it came up, a position in [`Evaluation::trace`].
    pub entry: Option<u32>,
}

words! {
    /// Why the result is `none`, `temperror` or `permerror`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum Reason {
        /// The sender's domain is no domain (section 4.3).
        NotADomain = "not-a-domain",
        /// The sender's domain has no SPF record (section 4.5).
        NoRecord = "no-record",
        /// A domain has more than one SPF record (section 4.5).
        SeveralRecords = "several-records",
        /// A record has a syntax error (section 4.6).
        Syntax = "syntax",
        /// The target of an `include` or `redirect` has no SPF record (sections 5.2 and 6.1).
        TargetWithoutRecord = "target-without-record",
        /// More than ten lookups (section 4.6.4).
        TooManyLookups = "too-many-lookups",
        /// More than two lookups that came back empty (section 4.6.4).
        TooManyVoids = "too-many-voids",
        /// An `mx` with more than ten hosts (section 4.6.4).
        TooManyMxHosts = "too-many-mx-hosts",
        /// A lookup failed (section 2.6.6).
        Lookup(Failure) = "lookup",
    }
    key "spf.reason.{}"
}

impl<'a> Evaluation<'a> {
    pub(super) fn new(result: SpfResult) -> Self {
        Self {
            result,
            problem: None,
            explanation: None,
            records: Vec::new(),
            trace: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// Terms that asked: the sum of the costs in the trace.
    #[must_use]
    pub fn lookups(&self) -> usize {
        self.trace.iter().map(|entry| usize::from(entry.cost)).sum()
    }

    /// Terms that came back empty.
    #[must_use]
    pub fn voids(&self) -> usize {
        self.trace.iter().filter(|entry| entry.void).count()
    }

    /// The record an entry belongs to.
    #[must_use]
    pub fn record(&self, entry: &TraceEntry) -> Option<&Visited<'a>> {
        self.records.get(entry.record as usize)
    }

    /// The term of an entry and its text.
    #[must_use]
    pub fn term(&self, entry: &TraceEntry) -> Option<(Term, &str)> {
        let visited = self.record(entry)?;
        let term = *visited.record.terms.get(entry.term as usize)?;
        Some((term, term.span.of(&visited.text)))
    }

    /// The questions an entry asked itself.
    #[must_use]
    pub fn asked_by(&self, entry: &TraceEntry) -> &[TracedLookup] {
        self.asked.get(entry.first_asked as usize..entry.end_asked as usize).unwrap_or_default()
    }

    /// The entry that decided the result of the sender's own record; `None` if nothing matched.
    #[must_use]
    pub fn decisive(&self) -> Option<&TraceEntry> {
        self.trace.iter().rev().find(|entry| entry.depth == 0 && entry.effect == TermEffect::Matched)
    }
}

impl LookupStatus {
    pub(super) fn of(outcome: &Outcome) -> Self {
        match outcome {
            // More than 65,535 records do not fit a message.
            Outcome::Records(answer) => {
                Self::Records(u32::try_from(answer.records.len()).unwrap_or(u32::MAX))
            }
            Outcome::NoData(_) => Self::NoData,
            Outcome::NxDomain(_) => Self::NxDomain,
            Outcome::Failed(failed) => Self::Failed(failed.failure),
        }
    }
}
