//! The names that an address leads to.

mod generic;

pub(crate) use generic::{looks_generic, names_a_line, words};

use crate::dns::{Name, Outcome};

/// The names in the PTR records of an address, each once.
pub(crate) fn names(outcome: &Outcome) -> Vec<Name> {
    let mut names: Vec<Name> = outcome.names().cloned().collect();
    names.sort();
    names.dedup();
    names
}
