//! What a check may use.

use std::cell::{Cell, RefCell};

use super::{Finding, Level, wild};
use crate::{
    bounds,
    dns::{Name, Outcome, OwnAddress, Query, Rtype},
    facts::{Ask, Facts, Pending, Question, Step},
    knowledge::Knowledge,
    policy_file::PolicyFile,
    table::Table,
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
    wanted: RefCell<Vec<(Question, Lane)>>,
    waits: RefCell<Table<Question, ()>>,
    section: Cell<usize>,
    once: RefCell<Once>,
}

/// Each query once of a part of what was asked. A check asks the same again and again, and says many things about it.
#[derive(Default)]
struct Once {
    from: usize,
    to: usize,
    queries: Vec<Query>,
    known: Table<Query, ()>,
}

impl Once {
    /// The queries of `asked` from `from` on; reads on where it stopped if it was asked for the same before.
    fn of(&mut self, asked: &[Query], from: usize) -> Vec<Query> {
        if self.from != from || self.to < from {
            *self = Self { from, to: from, ..Self::default() };
        }
        for query in &asked[self.to..] {
            if self.known.insert(query.clone(), ()) {
                self.queries.push(query.clone());
            }
        }
        self.to = asked.len();
        self.queries.clone()
    }
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
            waits: RefCell::default(),
            section: Cell::new(0),
            once: RefCell::default(),
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
        self.facts.get(query).ok_or_else(|| self.want(Question::Records(query.clone()), lane))
    }

    fn want(&self, question: Question, lane: Lane) -> Pending {
        if self.waits.borrow_mut().insert(question.clone(), ()) {
            self.wanted.borrow_mut().push((question, lane));
        }
        Pending
    }

    /// What is known about the MTA-STS policy file of a domain, without asking for it.
    #[must_use]
    pub fn known_policy(&self, domain: &Name) -> Option<&'a PolicyFile> {
        self.facts.policy(domain)
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
        self.once.borrow_mut().of(&self.asked.borrow(), self.section.get())
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
        findings.push(finding);
    }

    /// Whether the alias at `owner` is that of a wildcard: what is published at the name itself goes before it. What tells
    /// is asked here, for only then the answer is the same whatever other checks have asked before.
    fn is_wild(&self, owner: &Name, outcome: &Outcome) -> bool {
        let Some(parent) = owner.parent().filter(|_| !outcome.chain().is_empty()) else { return false };
        matches!(wild::behind(self, &parent, outcome), Ok(Some(_)))
    }

    /// What was asked for and is not known.
    #[must_use]
    pub fn into_wanted(self) -> Vec<(Question, Lane)> {
        self.wanted.into_inner()
    }
}

impl Ask for Cx<'_> {
    fn ask(&self, query: &Query) -> Step<&Outcome> {
        self.ask_in(query, Lane::Normal)
    }

    fn ask_policy(&self, domain: &Name) -> Step<&PolicyFile> {
        self.facts.policy(domain).ok_or_else(|| self.want(Question::Policy(domain.clone()), Lane::Normal))
    }

    fn ask_own_address(&self) -> Step<&OwnAddress> {
        self.facts.own_address().ok_or_else(|| self.want(Question::OwnAddress, Lane::Normal))
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
    /// Keeps a finding, unless there are [`bounds::FINDINGS_ALIKE`] already of its code about the same thing, or from the
    /// same list: then it is counted with the last of those, whose place it takes if it is graver.
    fn push(&mut self, finding: Finding) {
        let mut alike = self.0.iter_mut().filter(|known| known.is_like(&finding));
        match alike.nth(bounds::FINDINGS_ALIKE - 1) {
            None => self.0.push(finding),
            Some(last) => {
                let more = last.more + 1;
                if finding.level < last.level {
                    *last = finding;
                }
                last.more = more;
            }
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Code;

    fn finding(subject: &str, level: Level) -> Finding {
        Finding::new(Code::Spf340, &Name::parse(subject).unwrap()).rated(level, 1)
    }

    #[test]
    fn of_findings_alike_a_few_are_kept_and_the_gravest_among_them() {
        let mut findings = Findings::default();
        for _ in 0..500 {
            findings.push(finding("a.example", Level::Unknown));
            findings.push(finding("b.example", Level::Unknown));
        }
        findings.push(finding("a.example", Level::Stops));
        assert_eq!(findings.all().len(), 2 * bounds::FINDINGS_ALIKE);
        let counted: usize = findings.all().iter().map(|finding| 1 + finding.more).sum();
        assert_eq!(counted, 1001);
        assert!(findings.has(Level::Stops));
    }

    #[test]
    fn findings_of_different_lists_are_not_alike() {
        let mut findings = Findings::default();
        for list in 0..50u64 {
            findings.push(finding("a.example", Level::Pass).arg("list", list));
        }
        assert_eq!(findings.all().len(), 50);
    }

    #[test]
    fn what_was_asked_is_evidence_once_and_no_more_than_its_section_asked() {
        let query = |at: usize| Query::new(Name::parse(&format!("n{at}.example")).unwrap(), Rtype::A);
        let mut once = Once::default();
        let mut asked: Vec<Query> = (0..200).map(|at| query(at % 100)).collect();
        assert_eq!(once.of(&asked, 0), (0..100).map(query).collect::<Vec<_>>());
        asked.push(query(100));
        assert_eq!(once.of(&asked, 0).len(), 101);
        assert_eq!(once.of(&asked, 200), [query(100)]);
        assert_eq!(once.of(&asked, 199), [query(99), query(100)]);
    }
}
