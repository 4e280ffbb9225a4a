//! What is asked, and noted while it is asked: the way of views and checks to the facts.

use std::cell::{Cell, RefCell};

use crate::{
    dns::{Name, Outcome, Query},
    facts::{Ask, Fact, Facts, Pending, Question, Step},
    knowledge::Knowledge,
    policy_file::PolicyFile,
    table::Table,
    target::{ListKeys, Target},
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
    pub keys: &'a ListKeys,
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
    pub fn new(target: &'a Target, knowledge: &'a Knowledge, keys: &'a ListKeys, facts: &'a Facts) -> Self {
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
        self.facts.ask_policy(domain).ok()
    }

    /// What is known about a query, without asking it.
    #[must_use]
    pub fn known(&self, query: &Query) -> Option<&'a Outcome> {
        self.facts.get(query)
    }

    /// Counts the answer to `query` among what the findings of this section rest on, without looking at it. It is asked
    /// where it is not known yet.
    pub fn cite(&self, query: &Query) {
        let _ = self.ask_in(query, Lane::Normal);
    }

    /// Runs a part of a check whose findings rest only on what is asked inside it.
    pub fn section<T>(&self, part: impl FnOnce() -> T) -> T {
        let before = self.section.replace(self.asked.borrow().len());
        let result = part();
        self.section.set(before);
        result
    }

    /// What the current section has asked so far, each query once.
    pub(crate) fn evidence(&self) -> Vec<Query> {
        self.once.borrow_mut().of(&self.asked.borrow(), self.section.get())
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

    fn ask_beside(&self, question: &Question) -> Step<&Fact> {
        self.facts.fact(question).ok_or_else(|| self.want(question.clone(), Lane::Normal))
    }
}

/// What two steps brought. Both were taken before either is waited for, so that what they ask is asked at the same time.
///
/// # Errors
/// [`Pending`] if one of them waits.
pub fn both<A, B>(one: Step<A>, other: Step<B>) -> Step<(A, B)> {
    Ok((one?, other?))
}

/// See [`Cx::first`].
pub struct First<'c, 'a>(&'c Cx<'a>);

impl Ask for First<'_, '_> {
    fn ask(&self, query: &Query) -> Step<&Outcome> {
        self.0.ask_first(query)
    }

    fn below(&self) -> Option<&dyn Ask> {
        Some(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::{OwnAddress, Rtype};

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

    #[test]
    fn who_asks_first_asks_every_kind_of_question() {
        let (target, knowledge, keys) = (Target::default(), Knowledge::default(), ListKeys::default());
        let known = OwnAddress::Known([192, 0, 2, 1].into());
        let mut facts = Facts::default();
        facts.learn(Question::OwnAddress, Fact::OwnAddress(known));
        let cx = Cx::new(&target, &knowledge, &keys, &facts);
        assert_eq!(cx.first().ask_own_address(), Ok(&known));
        assert!(cx.first().ask_policy(&Name::parse("example.org").unwrap()).is_err(), "it is asked for");
    }
}
