//! The store of what is known, and how code asks it.

mod pack;

use std::fmt;

pub use pack::{Redaction, UnpackError, VERSION};

use crate::{
    dns::{Failure, Name, Outcome, OwnAddress, Query},
    policy_file::PolicyFile,
    table::Table,
};

/// Something that can be learnt. A new kind of evidence is one variant here and one of [`Fact`]; the compiler names the
/// other places of this file. A [`Source`](crate::source::Source) that cannot ask it says [`Question::not_asked`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// What the DNS has of a name.
    Records(Query),
    /// The MTA-STS policy file of a domain.
    Policy(Name),
    /// The address of the user's own connection.
    OwnAddress,
}

impl Question {
    /// What a source says that cannot ask this.
    #[must_use]
    pub fn not_asked(&self) -> Fact {
        match self {
            Self::Records(_) => Fact::Records(Outcome::failed(Failure::NotRecorded)),
            Self::Policy(_) => Fact::Policy(PolicyFile::NotAsked),
            Self::OwnAddress => Fact::OwnAddress(OwnAddress::NotAsked),
        }
    }

    /// What is said of it where a run may ask no more.
    #[must_use]
    pub fn beyond_budget(&self) -> Fact {
        match self {
            Self::Records(_) => Fact::Records(Outcome::failed(Failure::Budget)),
            Self::OwnAddress => Fact::OwnAddress(OwnAddress::Failed(Failure::Budget)),
            Self::Policy(_) => self.not_asked(),
        }
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Records(query) => query.fmt(f),
            Self::Policy(domain) => write!(f, "MTA-STS policy of {domain}"),
            Self::OwnAddress => f.write_str("address of this connection"),
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
    /// Of [`Question::OwnAddress`].
    OwnAddress(OwnAddress),
}

/// Something that was asked for is not known yet. Whoever gets this stops, and runs again from the start once more
/// is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending;

/// The result of a computation that may have to wait for an answer.
pub type Step<T> = Result<T, Pending>;

/// How code asks. [`Facts`] knows what has arrived, [`crate::zone::Zone`] is a closed world, an
/// [`Overlay`](crate::overlay::Overlay) changes another one's answers, [`crate::cx::Cx`] notes what is asked.
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

    /// The source under this one, if there is one: it answers the kinds of question of which this one says nothing.
    fn below(&self) -> Option<&dyn Ask> {
        None
    }

    /// The MTA-STS policy file of `domain`. A source of records has no files.
    ///
    /// # Errors
    /// [`Pending`] if it is not known yet.
    fn ask_policy(&self, domain: &Name) -> Step<&PolicyFile> {
        self.below().map_or(Ok(&PolicyFile::NotAsked), |below| below.ask_policy(domain))
    }

    /// The address of the user's own connection. A source of records knows nothing of it.
    ///
    /// # Errors
    /// [`Pending`] if it is not known yet.
    fn ask_own_address(&self) -> Step<&OwnAddress> {
        self.below().map_or(Ok(&OwnAddress::NotAsked), |below| below.ask_own_address())
    }
}

/// What `source` knows of a question of any kind.
///
/// # Errors
/// [`Pending`] if it is not known yet.
pub fn fact(source: &impl Ask, question: &Question) -> Step<Fact> {
    Ok(match question {
        Question::Records(query) => Fact::Records(source.ask(query)?.clone()),
        Question::Policy(domain) => Fact::Policy(source.ask_policy(domain)?.clone()),
        Question::OwnAddress => Fact::OwnAddress(*source.ask_own_address()?),
    })
}

impl<A: Ask + ?Sized> Ask for &A {
    fn ask(&self, query: &Query) -> Step<&Outcome> {
        (**self).ask(query)
    }

    fn ask_policy(&self, domain: &Name) -> Step<&PolicyFile> {
        (**self).ask_policy(domain)
    }

    fn ask_own_address(&self) -> Step<&OwnAddress> {
        (**self).ask_own_address()
    }
}

/// What has been learnt so far, one answer a question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    records: Table<Query, Outcome>,
    policies: Table<Name, PolicyFile>,
    own_address: Option<OwnAddress>,
}

impl Facts {
    /// Keeps what came of a question, in place of what was known about it. An answer to another kind of question is dropped.
    pub fn learn(&mut self, question: Question, fact: Fact) {
        match (question, fact) {
            (Question::Records(query), Fact::Records(outcome)) => self.insert(query, outcome),
            (Question::Policy(domain), Fact::Policy(file)) => {
                self.policies.insert(domain, file);
            }
            (Question::OwnAddress, Fact::OwnAddress(address)) => self.own_address = Some(address),
            _ => {}
        }
    }

    /// Whether something is known about a question.
    #[must_use]
    pub fn knows(&self, question: &Question) -> bool {
        match question {
            Question::Records(query) => self.records.has(query),
            Question::Policy(domain) => self.policies.has(domain),
            Question::OwnAddress => self.own_address.is_some(),
        }
    }

    /// Forgets what is known about a question.
    pub fn forget(&mut self, question: &Question) {
        match question {
            Question::Records(query) => {
                self.records.remove(query);
            }
            Question::Policy(domain) => {
                self.policies.remove(domain);
            }
            Question::OwnAddress => self.own_address = None,
        }
    }

    /// What is known about the MTA-STS policy file of a domain.
    #[must_use]
    pub fn policy(&self, domain: &Name) -> Option<&PolicyFile> {
        self.policies.get(domain)
    }

    /// What is known about the address of the user's own connection.
    #[must_use]
    pub fn own_address(&self) -> Option<&OwnAddress> {
        self.own_address.as_ref()
    }

    /// Forgets all policy files.
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

    /// What is known, without lookups that failed.
    #[must_use]
    pub fn without_failures(&self) -> Self {
        let mut facts = self.clone();
        facts.retain(|_, outcome| outcome.failure().is_none());
        facts
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

    fn ask_own_address(&self) -> Step<&OwnAddress> {
        self.own_address().ok_or(Pending)
    }
}
