//! The store of what is known, and how code asks it.

mod pack;

use std::fmt;

pub use pack::{Private, UnpackError, VERSION};

use crate::{
    dns::{Name, Outcome, Query},
    policy_file::PolicyFile,
    table::Table,
};

/// Something that can be learnt. A new kind of evidence is one variant here, one of [`Fact`], and one arm in the transport.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// What the DNS has of a name.
    Records(Query),
    /// The MTA-STS policy file of a domain.
    Policy(Name),
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Records(query) => query.fmt(f),
            Self::Policy(domain) => write!(f, "MTA-STS policy of {domain}"),
        }
    }
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What came of a [`Question`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Of [`Question::Records`].
    Records(Outcome),
    /// Of [`Question::Policy`].
    Policy(PolicyFile),
}

/// Something that was asked for is not known yet. Whoever gets this stops, and runs again from the start once more
/// is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending;

/// The result of a computation that may have to wait for an answer.
pub type Step<T> = Result<T, Pending>;

/// A source of answers. [`Facts`] knows what has arrived, [`crate::zone::Zone`] is a closed world,
/// [`crate::cx::Cx`] notes what is asked.
pub trait Ask {
    /// The outcome of `query`.
    ///
    /// # Errors
    /// [`Pending`] if it is not known yet.
    fn ask(&self, query: &Query) -> Step<&Outcome>;

    /// The outcomes of several queries: all are asked before any is waited for, so that they run at the same time.
    ///
    /// # Errors
    /// [`Pending`] if one of them is not known yet.
    fn ask_all(&self, queries: &[Query]) -> Step<Vec<&Outcome>> {
        let outcomes: Vec<Step<&Outcome>> = queries.iter().map(|query| self.ask(query)).collect();
        outcomes.into_iter().collect()
    }

    /// The MTA-STS policy file of `domain`. A source of records has no files.
    ///
    /// # Errors
    /// [`Pending`] if it is not known yet.
    fn ask_policy(&self, _domain: &Name) -> Step<&PolicyFile> {
        Ok(&PolicyFile::NotAsked)
    }
}

/// What has been learnt so far, one answer a question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    records: Table<Query, Outcome>,
    policies: Table<Name, PolicyFile>,
}

impl Facts {
    /// Keeps what came of a question, in place of what was known about it. An answer to another kind of question is dropped.
    pub fn learn(&mut self, question: Question, fact: Fact) {
        match (question, fact) {
            (Question::Records(query), Fact::Records(outcome)) => self.insert(query, outcome),
            (Question::Policy(domain), Fact::Policy(file)) => {
                self.policies.insert(domain, file);
            }
            _ => {}
        }
    }

    /// Whether something is known about a question.
    #[must_use]
    pub fn knows(&self, question: &Question) -> bool {
        match question {
            Question::Records(query) => self.records.has(query),
            Question::Policy(domain) => self.policies.has(domain),
        }
    }

    /// What is known about the MTA-STS policy file of a domain.
    #[must_use]
    pub fn policy(&self, domain: &Name) -> Option<&PolicyFile> {
        self.policies.get(domain)
    }

    /// Forgets that file.
    pub fn forget_policy(&mut self, domain: &Name) {
        self.policies.remove(domain);
    }

    /// Forgets all such files.
    pub fn forget_policies(&mut self) {
        self.policies.clear();
    }

    /// Keeps `outcome`, in place of what was known about `query`.
    pub fn insert(&mut self, query: Query, outcome: Outcome) {
        self.records.insert(query, outcome);
    }

    /// What is known about `query`.
    #[must_use]
    pub fn get(&self, query: &Query) -> Option<&Outcome> {
        self.records.get(query)
    }

    /// All records known, ordered by name and type.
    pub fn iter(&self) -> impl Iterator<Item = (&Query, &Outcome)> {
        self.records.iter()
    }

    /// All records known, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&Query, &mut Outcome)> {
        self.records.iter_mut()
    }

    /// Forgets the outcomes for which `keep` says no.
    pub fn retain(&mut self, keep: impl FnMut(&Query, &Outcome) -> bool) {
        self.records.retain(keep);
    }

    /// How many outcomes of queries are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether no outcome of a query is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }
}

impl Ask for Facts {
    fn ask(&self, query: &Query) -> Step<&Outcome> {
        self.get(query).ok_or(Pending)
    }

    fn ask_policy(&self, domain: &Name) -> Step<&PolicyFile> {
        self.policy(domain).ok_or(Pending)
    }
}
