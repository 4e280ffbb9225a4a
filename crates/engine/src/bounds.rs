//! How much of what comes from outside is kept, compared and shown: every bound in one place.
//!
//! Whoever is asked about may answer with thousands of records, and a page that keeps, compares and draws them all stands
//! still. So there is a bound at the border, where answers are read, and one for all answers of a run; what is shown has
//! bounds of its own, and says how much it leaves out.
//!
//! An answer beyond a bound is never cut and then read: half of a set is no set (RFC 2181 section 9), and what was left out
//! may be the record that decides. It is a lookup that failed, [`Failure::TooMany`](crate::dns::Failure::TooMany) or
//! [`Failure::TooLarge`](crate::dns::Failure::TooLarge), and every check knows what to make of those.
//!
//! | bound | honest set-ups stay below |
//! |---|---|
//! | [`ANSWER_RECORDS`] | TXT at large companies: about 100 |
//! | [`TEXT_OCTETS`] | flattened SPF records: about 3,500; a DKIM key of 8,192 bits: 1,400 |
//! | [`RUN_OCTETS`] | a run of 200 lookups: about 40,000 |
//! | [`RECORD_TERMS`], [`TREE_TERMS`], [`TREE_NETWORKS`] | SPF trees of large services: about 300 of each |

/// The first `most` of `items`, and how many are left out. One more than `most` is shown: to say so would take its room.
#[must_use]
pub fn shown<T>(items: &[T], most: usize) -> (&[T], usize) {
    let shown = if items.len() <= most + 1 { items.len() } else { most };
    (&items[..shown], items.len() - shown)
}

/// Records of the type asked for in one answer, the same record counted once. An answer with more counts as failed.
pub const ANSWER_RECORDS: usize = 256;

/// Octets of one text record on the wire, the octets of length included. An answer with a longer one counts as failed.
pub const TEXT_OCTETS: usize = 4096;

/// Extended errors that are kept of one answer (RFC 8914).
pub const REMARKS: usize = 8;

/// Octets of an extended error's text that are kept; what is cut ends with `…`.
pub const REMARK_OCTETS: usize = 256;

/// Octets of all answers that a run keeps, counted by [`Outcome::weight`](crate::dns::Outcome::weight). An answer beyond
/// counts as failed, small ones after a large one do not.
pub const RUN_OCTETS: usize = 512 * 1024;

/// Terms of one SPF record; in [`TEXT_OCTETS`] there is room for 340 addresses. A record with more counts as one that
/// could not be read.
pub const RECORD_TERMS: usize = 500;

/// Terms of all records of an SPF tree that a survey looks at. A record beyond counts as one that could not be read.
pub const TREE_TERMS: usize = 1000;

/// Addresses that a survey takes from lookups of hosts. A host beyond counts as one that could not be looked up.
pub const TREE_NETWORKS: usize = 2000;

/// Mistakes in one record beyond which nobody guesses what was meant.
pub const MENDED: usize = 32;

/// Findings of the same code about the same thing that a check keeps; the rest is counted with the last of them.
pub const FINDINGS_ALIKE: usize = 12;

/// Records that a finding shows with the faulty part marked; the rest is counted.
pub const LABELS: usize = 8;

/// Octets of a text that a finding shows; of a longer one, which was pasted, the part around what is marked.
pub const LABEL_OCTETS: usize = TEXT_OCTETS;

/// Names or addresses that a sentence lists; the rest is counted.
pub const LISTED: usize = 12;

/// Records of one answer that are shown, and records that a change lists; the rest is counted.
pub const SHOWN_RECORDS: usize = 16;

/// Parts of a record that are marked as changed; one with more is shown without marks.
pub const MARKS: usize = 32;

/// Requests that the log keeps and shows, the newest; the rest is counted. A check of a large, honest domain makes about
/// 150.
pub const LOG_ROWS: usize = 1_000;

/// Lookups of one finding that are shown; the rest is counted.
pub const SHOWN_LOOKUPS: usize = 40;

/// Lookups that all findings on the page show together; beyond them a finding says how many it has.
pub const PAGE_LOOKUPS: usize = 500;
