//! What a check may use.

use std::cell::{Cell, RefCell};

use super::{Finding, Level, wild};
use crate::{
    dns::{Name, Outcome, Query, Rtype},
    facts::{Ask, Facts, Pending, Step},
    knowledge::Knowledge,
    target::{Keys, Target},
    visible::publishable,
};

/// In which queue a query waits. Blocklists are run by volunteers: fewer of those are asked at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Leads to further queries, one after the other; goes first, so that the rest is asked beside it.
    First,
    /// Everything else but blocklists.
    Normal,
    /// A query to a blocklist.
    Blocklist,
}

/// The context of one run of one check: what it may read, and a note of everything it asks.
pub struct Cx<'a> {
    /// What the user asked about.
    pub target: &'a Target,
    /// Lists, providers, resolvers.
    pub knowledge: &'a Knowledge,
    /// The user's keys for lists that want one.
    pub keys: &'a Keys,
    facts: &'a Facts,
    asked: RefCell<Vec<Query>>,
    wanted: RefCell<Vec<(Query, Lane)>>,
    section: Cell<usize>,
}

impl<'a> Cx<'a> {
    /// A context over what is known.
    #[must_use]
    pub fn new(target: &'a Target, knowledge: &'a Knowledge, keys: &'a Keys, facts: &'a Facts) -> Self {
        Self {
            target,
            knowledge,
            keys,
            facts,
            asked: RefCell::default(),
            wanted: RefCell::default(),
            section: Cell::new(0),
        }
    }

    /// As [`Ask::ask`], for a query to a blocklist.
    ///
    /// # Errors
    /// [`Pending`] if the answer is not known yet.
    pub fn ask_list(&self, query: &Query) -> Step<&'a Outcome> {
        self.ask_in(query, Lane::Blocklist)
    }

    /// As [`Ask::ask`], for a query that others wait for.
    ///
    /// # Errors
    /// [`Pending`] if the answer is not known yet.
    pub fn ask_first(&self, query: &Query) -> Step<&'a Outcome> {
        self.ask_in(query, Lane::First)
    }

    /// The same context for what asks a long row of queries, each because of the answer before.
    #[must_use]
    pub fn first(&self) -> First<'_, 'a> {
        First(self)
    }

    fn ask_in(&self, query: &Query, lane: Lane) -> Step<&'a Outcome> {
        self.asked.borrow_mut().push(query.clone());
        self.facts.get(query).ok_or_else(|| {
            let mut wanted = self.wanted.borrow_mut();
            if !wanted.iter().any(|(known, _)| known == query) {
                wanted.push((query.clone(), lane));
            }
            Pending
        })
    }

    /// Runs a part of a check whose findings rest only on what is asked inside it.
    pub fn section<T>(&self, part: impl FnOnce() -> T) -> T {
        let before = self.section.replace(self.asked.borrow().len());
        let result = part();
        self.section.set(before);
        result
    }

    /// What the current section has asked so far, each query once.
    fn evidence(&self) -> Vec<Query> {
        let mut queries: Vec<Query> = Vec::new();
        for query in &self.asked.borrow()[self.section.get()..] {
            if !queries.contains(query) {
                queries.push(query.clone());
            }
        }
        queries
    }

    /// Writes a finding down, with what the current section asked as its evidence. What is to be published or removed is
    /// named where it stands, which is not at a name that is an alias; and what nobody sees in an old record is not published
    /// anew.
    pub fn found(&self, findings: &mut Findings, mut finding: Finding) {
        finding.evidence = self.evidence();
        if let Some(mut fix) = finding.fix.take() {
            for text in &mut fix.publish {
                *text = publishable(text).into_owned();
            }
            let text = matches!(fix.rtype, Rtype::Txt | Rtype::Mx);
            // An alias that goes with the same change leads nowhere afterwards.
            let goes = finding.also.iter().any(|also| also.rtype == Rtype::Cname && also.owner == fix.owner);
            let known = self.facts.get(&Query::new(fix.owner.clone(), fix.rtype)).filter(|_| text && !goes);
            finding.fix = match known {
                Some(outcome) if !self.is_wild(&fix.owner, outcome) => fix.behind_alias(outcome),
                _ => Some(fix),
            };
        }
        findings.0.push(finding);
    }

    /// Whether the alias at `owner` is that of a wildcard: what is published at the name itself goes before it. What tells
    /// is asked here, for only then the answer is the same whatever other checks have asked before.
    fn is_wild(&self, owner: &Name, outcome: &Outcome) -> bool {
        let Some(parent) = owner.parent().filter(|_| !outcome.chain().is_empty()) else { return false };
        matches!(wild::behind(self, &parent, outcome), Ok(Some(_)))
    }

    /// What was asked for and is not known.
    #[must_use]
    pub fn into_wanted(self) -> Vec<(Query, Lane)> {
        self.wanted.into_inner()
    }
}

impl Ask for Cx<'_> {
    fn ask(&self, query: &Query) -> Step<&Outcome> {
        self.ask_in(query, Lane::Normal)
    }
}

/// See [`Cx::first`].
pub struct First<'c, 'a>(&'c Cx<'a>);

impl Ask for First<'_, '_> {
    fn ask(&self, query: &Query) -> Step<&Outcome> {
        self.0.ask_first(query)
    }
}

/// The findings of one run of one check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Everything found, in the order of finding.
    #[must_use]
    pub fn all(&self) -> &[Finding] {
        &self.0
    }

    /// Whether something of this level was found.
    #[must_use]
    pub fn has(&self, level: Level) -> bool {
        self.0.iter().any(|finding| finding.level == level)
    }
}
