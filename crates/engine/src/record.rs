//! Records as trees: what a text says, with the place of every part.
//!
//! Parsing never fails: it returns what it understood, and errors that name the faulty part by its octets. Nothing
//! here asks a question or knows what is good practice.

pub mod abuse;
pub mod bimi;
pub mod dkim;
pub mod dmarc;
pub mod mta_sts;
pub mod origin;
pub mod spf;
pub mod tags;
pub mod tls_rpt;
mod version;

use std::ops::Range;

use serde::Serialize;

/// Some octets of a record's text, at character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// The first octet.
    pub start: u32,
    /// The octet after the last one.
    pub end: u32,
}

impl Span {
    /// The octets from `start` to before `end`. A record is at most 65,535 octets; what lies beyond 4 GiB is cut.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let cut = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: cut(start), end: cut(end) }
    }

    /// The octets as a range.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The part of `text` that is meant; empty if it is not a text that this place was found in.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }

    /// Whether `other` lies inside.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }
}
