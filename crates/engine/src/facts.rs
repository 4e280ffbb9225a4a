//! The store of what is known, and how code asks it.

mod pack;

use std::{fmt, sync::LazyLock};

pub use pack::{Redaction, UnpackError, VERSION};

use crate::{
    dns::{Failure, LookupFailure, Meta, Name, Outcome, OwnAddress, Query},
    policy_file::PolicyFile,
    table::Table,
};

/// Something that can be learnt. A new kind of evidence is one variant here and one of [`Fact`]; the compiler names the
/// other places of this file. A [`Source`](crate::source::Source) that cannot ask it says [`Question::not_asked`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// What the DNS has of a name: [`Fact::Records`].
    Records(Query),
    /// The MTA-STS policy file of a domain: [`Fact::Policy`].
    Policy(Name),
    /// The address of the user's own connection: [`Fact::OwnAddress`].
    OwnAddress,
}

/// What came of a [`Question`]: one kind of fact for each kind of question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Of [`Question::Records`].
    Records(Outcome),
    /// Of [`Question::Policy`].
    Policy(PolicyFile),
    /// Of [`Question::OwnAddress`].
    OwnAddress(OwnAddress),
}

impl Question {
    /// What a source says that cannot ask this.
    #[must_use]
    pub fn not_asked(&self) -> &'static Fact {
        static RECORDS: LazyLock<Fact> =
            LazyLock::new(|| Fact::Records(Outcome::failed(Failure::NotRecorded)));
        match self {
            Self::Records(_) => &RECORDS,
            Self::Policy(_) => &Fact::Policy(PolicyFile::NotAsked),
            Self::OwnAddress => &Fact::OwnAddress(OwnAddress::NotAsked),
        }
    }

    /// What is said of it where a run may ask no more.
    #[must_use]
    pub fn beyond_budget(&self) -> Fact {
        match self {
            Self::Records(_) => Fact::Records(Outcome::failed(Failure::Budget)),
            Self::OwnAddress => Fact::OwnAddress(OwnAddress::Failed(Failure::Budget)),
            Self::Policy(_) => self.not_asked().clone(),
        }
    }

    /// Whether a fact is an answer to this kind of question.
    fn is_answered_by(&self, fact: &Fact) -> bool {
        matches!(
            (self, fact),
            (Self::Records(_), Fact::Records(_))
                | (Self::Policy(_), Fact::Policy(_))
                | (Self::OwnAddress, Fact::OwnAddress(_))
        )
    }
}

impl Fact {
    /// Whether nothing was learnt because it could not be looked up: another try asks again.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        match self {
            Self::Records(outcome) => outcome.failure().is_some(),
            Self::Policy(file) => *file == PolicyFile::Unreadable,
            Self::OwnAddress(address) => matches!(address, OwnAddress::Failed(_)),
        }
    }

    /// About how much room it takes, in octets; see [`crate::bounds::RUN_OCTETS`].
    #[must_use]
    pub fn weight(&self) -> usize {
        match self {
            Self::Records(outcome) => outcome.weight(),
            Self::Policy(file) => file.text().map_or(0, str::len),
            Self::OwnAddress(_) => 0,
        }
    }

    /// The same without what there is no room for.
    #[must_use]
    pub fn without_room(self) -> Self {
        match self {
            Self::Records(mut outcome) => {
                let meta = Meta { ede: Vec::new(), ..std::mem::take(outcome.meta_mut()) };
                Self::Records(Outcome::Failed(LookupFailure { failure: Failure::TooLarge, meta }))
            }
            Self::Policy(_) => Self::Policy(PolicyFile::TooLong),
            Self::OwnAddress(_) => self,
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

    /// The source under this one, if there is one: it answers everything but records.
    fn below(&self) -> Option<&dyn Ask> {
        None
    }

    /// What came of a question that is not about records; what follows asks through it. A source of records cannot ask it.
    ///
    /// # Errors
    /// [`Pending`] if it is not known yet.
    fn ask_beside(&self, question: &Question) -> Step<&Fact> {
        self.below().map_or_else(|| Ok(question.not_asked()), |below| below.ask_beside(question))
    }

    /// The MTA-STS policy file of `domain`.
    ///
    /// # Errors
    /// [`Pending`] if it is not known yet.
    fn ask_policy(&self, domain: &Name) -> Step<&PolicyFile> {
        match self.ask_beside(&Question::Policy(domain.clone()))? {
            Fact::Policy(file) => Ok(file),
            _ => Err(Pending),
        }
    }

    /// The address of the user's own connection.
    ///
    /// # Errors
    /// [`Pending`] if it is not known yet.
    fn ask_own_address(&self) -> Step<&OwnAddress> {
        match self.ask_beside(&Question::OwnAddress)? {
            Fact::OwnAddress(address) => Ok(address),
            _ => Err(Pending),
        }
    }
}

/// What `source` knows of a question of any kind.
///
/// # Errors
/// [`Pending`] if it is not known yet.
pub fn fact(source: &impl Ask, question: &Question) -> Step<Fact> {
    match question {
        Question::Records(query) => source.ask(query).cloned().map(Fact::Records),
        other => source.ask_beside(other).cloned(),
    }
}

impl<A: Ask + ?Sized> Ask for &A {
    fn ask(&self, query: &Query) -> Step<&Outcome> {
        (**self).ask(query)
    }

    fn ask_beside(&self, question: &Question) -> Step<&Fact> {
        (**self).ask_beside(question)
    }
}

/// What has been learnt so far, one answer a question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(Table<Question, Fact>);

impl Facts {
    /// Keeps what came of a question, in place of what was known about it. An answer to another kind of question is dropped.
    pub fn learn(&mut self, question: Question, fact: Fact) {
        if question.is_answered_by(&fact) {
            self.0.insert(question, fact);
        }
    }

    /// What is known about a question.
    #[must_use]
    pub fn fact(&self, question: &Question) -> Option<&Fact> {
        self.0.get(question)
    }

    /// Whether something is known about a question.
    #[must_use]
    pub fn knows(&self, question: &Question) -> bool {
        self.0.has(question)
    }

    /// Forgets what is known about a question.
    pub fn forget(&mut self, question: &Question) {
        self.0.remove(question);
    }

    /// Forgets everything for which `keep` says no.
    pub fn retain(&mut self, mut keep: impl FnMut(&Question, &Fact) -> bool) {
        let keep: &mut dyn FnMut(&Question, &Fact) -> bool = &mut keep;
        self.0.retain(keep);
    }

    /// What is known, without what failed to be looked up.
    #[must_use]
    pub fn without_failures(&self) -> Self {
        let mut facts = self.clone();
        facts.retain(|_, fact| !fact.is_failure());
        facts
    }

    /// Everything known: records by name and type, then the rest.
    pub fn iter(&self) -> impl Iterator<Item = (&Question, &Fact)> {
        self.0.iter()
    }

    /// How much is known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What is known of records.
impl Facts {
    /// Keeps `outcome`, in place of what was known about `query`.
    pub fn insert(&mut self, query: Query, outcome: Outcome) {
        self.learn(Question::Records(query), Fact::Records(outcome));
    }

    /// What is known about `query`.
    #[must_use]
    pub fn get(&self, query: &Query) -> Option<&Outcome> {
        match self.fact(&Question::Records(query.clone()))? {
            Fact::Records(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// All records known, ordered by name and type.
    pub fn records(&self) -> impl Iterator<Item = (&Query, &Outcome)> {
        self.iter().filter_map(|known| match known {
            (Question::Records(query), Fact::Records(outcome)) => Some((query, outcome)),
            _ => None,
        })
    }

    /// All records known, to be changed.
    pub fn records_mut(&mut self) -> impl Iterator<Item = (&Query, &mut Outcome)> {
        self.0.iter_mut().filter_map(|known| match known {
            (Question::Records(query), Fact::Records(outcome)) => Some((query, outcome)),
            _ => None,
        })
    }
}

impl Ask for Facts {
    fn ask(&self, query: &Query) -> Step<&Outcome> {
        self.get(query).ok_or(Pending)
    }

    fn ask_beside(&self, question: &Question) -> Step<&Fact> {
        self.fact(question).ok_or(Pending)
    }
}
