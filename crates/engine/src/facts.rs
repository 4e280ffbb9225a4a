//! The store of what is known, and how code asks it.

use crate::{
    dns::{Outcome, Query},
    table::Table,
};

/// Something that was asked for is not known yet. Whoever gets this stops, and runs again from the start once more
/// is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending;

/// The result of a computation that may have to wait for an answer.
pub type Step<T> = Result<T, Pending>;

/// A source of outcomes. [`Facts`] knows what has arrived, [`crate::zone::Zone`] is a closed world,
/// [`crate::check::Cx`] notes what is asked.
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
}

/// What has been learnt so far, one outcome a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(Table<Query, Outcome>);

impl Facts {
    /// Keeps `outcome`, in place of what was known about `query`.
    pub fn insert(&mut self, query: Query, outcome: Outcome) {
        self.0.insert(query, outcome);
    }

    /// What is known about `query`.
    #[must_use]
    pub fn get(&self, query: &Query) -> Option<&Outcome> {
        self.0.get(query)
    }

    /// Everything known, ordered by name and type.
    pub fn iter(&self) -> impl Iterator<Item = (&Query, &Outcome)> {
        self.0.iter()
    }

    /// Forgets the outcomes for which `keep` says no.
    pub fn retain(&mut self, keep: impl FnMut(&Query, &Outcome) -> bool) {
        self.0.retain(keep);
    }

    /// How many outcomes are known.
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

impl Ask for Facts {
    fn ask(&self, query: &Query) -> Step<&Outcome> {
        self.get(query).ok_or(Pending)
    }
}
