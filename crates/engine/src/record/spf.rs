//! The text of an SPF record as terms (RFC 7208 sections 3, 4.6.1, 5, 6, 7 and 12).
//!
//! Input is [`Txt::text`](crate::dns::Txt::text), the strings of one TXT record joined without a blank. Every term
//! keeps its place in that text; a term that is not understood stays in the list as [`TermKind::Broken`] with at least
//! one [`SpfError`] that names the faulty part, and reading goes on behind it.

mod domain_spec;
pub mod edit;
mod fault;
mod macros;
pub mod seam;
mod term;
mod version;

use std::net::{Ipv4Addr, Ipv6Addr};

use serde::Serialize;

use super::Span;
use crate::steps;

pub use domain_spec::DomainSpec;
pub use edit::SpfEdit;
pub use fault::{Fault, SpfError};
pub use macros::{Letter, Macro, Piece, Pieces, pieces};
pub use version::{Oddity, SpfNearMiss, is_spf, near_miss};

/// An SPF record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SpfRecord {
    /// The terms in their order, broken ones included.
    pub terms: Vec<Term>,
    /// What is wrong, in the order of the text.
    pub errors: Vec<SpfError>,
}

/// A directive or a modifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Term {
    /// Its place.
    pub span: Span,
    /// What it is.
    pub kind: TermKind,
}

/// What a term is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TermKind {
    /// A mechanism with the result it stands for.
    Directive(Qualifier, Mechanism),
    /// `redirect=`: the record of another domain decides (section 6.1).
    Redirect(DomainSpec),
    /// `exp=`: where the explanation for a refusal is (section 6.2).
    Explanation(DomainSpec),
    /// A modifier of a name that RFC 7208 does not know: legal and without effect (section 6).
    Unknown {
        /// Its name.
        name: Span,
        /// What follows the `=`.
        value: Span,
    },
    /// Not understood; see the errors inside its span.
    Broken,
}

/// The result a mechanism leads to when it matches (section 4.6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Qualifier {
    /// `+`, or no qualifier at all.
    Pass,
    /// `-`.
    Fail,
    /// `~`.
    SoftFail,
    /// `?`.
    Neutral,
}

/// A mechanism (section 5). A domain that is left out is the domain of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mechanism {
    /// Every address.
    All,
    /// Whatever the record of another domain lets pass.
    Include(DomainSpec),
    /// The addresses of a host.
    A(Option<DomainSpec>, DualCidr),
    /// The addresses of the hosts that receive a domain's mail.
    Mx(Option<DomainSpec>, DualCidr),
    /// Addresses whose validated name ends in the domain. RFC 7208 section 5.5 asks not to use it.
    Ptr(Option<DomainSpec>),
    /// An IPv4 network with its prefix length.
    Ip4(Ipv4Addr, u8),
    /// An IPv6 network with its prefix length.
    Ip6(Ipv6Addr, u8),
    /// Every address, provided that a name exists.
    Exists(DomainSpec),
}

/// The prefix lengths that widen a host's addresses: bits of IPv4, bits of IPv6 (section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DualCidr {
    /// 0 to 32.
    pub v4: u8,
    /// 0 to 128.
    pub v6: u8,
}

impl Default for DualCidr {
    fn default() -> Self {
        Self { v4: 32, v6: 128 }
    }
}

impl Qualifier {
    /// The sign as written; nothing for [`Qualifier::Pass`].
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Pass => "",
            Self::Fail => "-",
            Self::SoftFail => "~",
            Self::Neutral => "?",
        }
    }
}

impl Term {
    /// The mechanism and its qualifier, if it is a directive.
    #[must_use]
    pub fn directive(&self) -> Option<(Qualifier, Mechanism)> {
        match self.kind {
            TermKind::Directive(qualifier, mechanism) => Some((qualifier, mechanism)),
            _ => None,
        }
    }

    /// The qualifier, if it is `all`.
    #[must_use]
    pub fn all(&self) -> Option<Qualifier> {
        match self.kind {
            TermKind::Directive(qualifier, Mechanism::All) => Some(qualifier),
            _ => None,
        }
    }

    /// Whether it counts against the limit of ten lookups (section 4.6.4).
    #[must_use]
    pub fn is_lookup(&self) -> bool {
        match self.kind {
            TermKind::Directive(_, mechanism) => {
                !matches!(mechanism, Mechanism::All | Mechanism::Ip4(..) | Mechanism::Ip6(..))
            }
            TermKind::Redirect(_) => true,
            TermKind::Explanation(_) | TermKind::Unknown { .. } | TermKind::Broken => false,
        }
    }
}

impl SpfRecord {
    /// Where the first `all` stands among the terms, and its qualifier. What follows it is never reached.
    #[must_use]
    pub fn all(&self) -> Option<(usize, Qualifier)> {
        self.terms.iter().enumerate().find_map(|(index, term)| Some((index, term.all()?)))
    }

    /// Where the `redirect` stands among the terms, and its target.
    #[must_use]
    pub fn redirect(&self) -> Option<(usize, DomainSpec)> {
        self.terms.iter().enumerate().find_map(|(index, term)| match term.kind {
            TermKind::Redirect(target) => Some((index, target)),
            _ => None,
        })
    }

    /// Whether it speaks against every address. "Neutral" is no such word: receivers treat it like no record at all
    /// (section 2.6.2), so neither `?all` nor a service that is named with `?` is refused by it.
    #[must_use]
    pub fn lets_nobody_send(&self) -> bool {
        let Some((end, _)) = self.all() else { return false };
        self.terms[..=end].iter().all(|term| match term.kind {
            TermKind::Directive(qualifier, _) => matches!(qualifier, Qualifier::Fail | Qualifier::SoftFail),
            // Whatever it was meant to be.
            TermKind::Broken => false,
            _ => true,
        })
    }

    /// The first error that makes the result `permerror`.
    #[must_use]
    pub fn breaking(&self) -> Option<&SpfError> {
        self.errors.iter().find(|error| error.fault.breaks())
    }
}

/// Reads a record. The text should begin with `v=spf1`; if it does not, that is an error and the rest is read
/// nevertheless.
#[must_use]
pub fn parse(text: &str) -> SpfRecord {
    let mut record = SpfRecord { terms: Vec::with_capacity(text.len() / 16 + 2), errors: Vec::new() };
    let mut at = version::skip(text, &mut record.errors);
    let octets = text.as_bytes();
    steps::took(octets.len());
    // The whole text at once takes less time than each term by itself.
    let sound = octets.iter().fold(true, |sound, octet| sound & matches!(octet, b' '..=b'~'));
    let mut seen = term::SeenModifiers::default();
    while let Some(&octet) = octets.get(at) {
        if octet == b' ' {
            at += 1;
            continue;
        }
        let end = blank(octets, at);
        let sound = sound || octets[at..end].iter().all(u8::is_ascii_graphic);
        term::read(text, Span::new(at, end), sound, &mut seen, &mut record);
        at = end;
    }
    record
}

/// Where the next blank stands, or the end of the text. Looks at eight octets at a time: one at a time would take a
/// fifth of the time that reading a record takes.
fn blank(octets: &[u8], from: usize) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    let mut at = from;
    while let Some(eight) = octets.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let differs = u64::from_le_bytes(*eight) ^ (LOW * b' ' as u64);
        let blanks = differs.wrapping_sub(LOW) & !differs & (LOW << 7);
        if blanks != 0 {
            return at + blanks.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    octets[at..].iter().position(|&octet| octet == b' ').map_or(octets.len(), |length| at + length)
}

#[cfg(test)]
mod tests;
