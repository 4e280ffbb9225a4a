//! SPF: who may send mail in a domain's name (RFC 7208).
//!
//! - [`evaluate()`] is `check_host()`: one message, one of seven results, with a trace of every term.
//! - [`survey()`](survey::survey) looks at the whole tree of a domain without a message: what it costs, who may send.
//! - [`includes()`] reads only so much of it as tells whose services the domain uses.
//!
//! Both ask through [`Ask`](crate::facts::Ask), the same questions for the same terms, and neither waits: what is
//! not known yet is [`Pending`](crate::facts::Pending), after everything that can be asked by then was asked.
//!
//! To run published cases from outside, with zone data as a map, see [`suite`].

mod evaluate;
mod includes;
mod macros;
mod select;
pub mod suite;
pub mod survey;
mod target;
mod trace;

use std::{fmt, net::IpAddr};

use crate::{dns::ip, zone::Zone};

pub use evaluate::evaluate;
pub use includes::{NamedSender, OwnRecords, includes, own};
pub use select::{Selected, select};
pub use survey::{Survey, survey};
pub(crate) use target::fixed;
pub use trace::{Evaluation, LookupStatus, Problem, Reason, TermEffect, TraceEntry, TracedLookup, Visited};

/// Terms that may ask, included records and redirects together (section 4.6.4).
pub const MAX_LOOKUPS: usize = 10;
/// Terms whose lookup may come back empty (section 4.6.4).
pub const MAX_VOIDS: usize = 2;
/// Host names an `mx` may have (section 4.6.4).
pub const MAX_MX_HOSTS: usize = 10;
/// Names of an address that are looked at; the rest is ignored (section 4.6.4).
pub const MAX_PTR_NAMES: usize = 10;

words! {
    /// The result of an evaluation (section 2.6).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum SpfResult {
        /// There is no record, or no domain that could have one.
        None = "none",
        /// The domain says nothing about the address.
        Neutral = "neutral",
        /// The address may send.
        Pass = "pass",
        /// The address may not send.
        Fail = "fail",
        /// The address probably may not send.
        SoftFail = "softfail",
        /// A lookup failed; trying again later may help.
        TempError = "temperror",
        /// The domain's records cannot be understood.
        PermError = "permerror",
    }
    key "judge.spf.{}"
}

impl fmt::Display for SpfResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is known of a message before its content: the arguments of `check_host()` (section 4.1).
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The address that hands the message over.
    pub ip: IpAddr,
    /// The local part of the sender.
    pub local_part: &'a str,
    /// The domain of the sender, the one whose record is evaluated.
    pub domain: &'a str,
    /// The name given in HELO or EHLO.
    pub helo: &'a str,
    /// The host that receives, for `%{r}` in explanations.
    pub receiver: &'a str,
    /// Seconds since 1970, for `%{t}` in explanations.
    pub time: u64,
}

impl<'a> Input<'a> {
    /// A message from `mail_from`, the argument of `MAIL FROM` without angle brackets. Without a local part the sender
    /// is `postmaster`, and an empty one, as in bounces, means `postmaster` at `helo` (sections 2.4 and 4.3).
    #[must_use]
    pub fn new(ip: IpAddr, mail_from: &'a str, helo: &'a str) -> Self {
        let (local_part, domain) = match mail_from.rsplit_once('@') {
            Some(("", domain)) => ("postmaster", domain),
            Some(parts) => parts,
            None if mail_from.is_empty() => ("postmaster", helo),
            None => ("postmaster", mail_from),
        };
        Self { ip: ip::canonical(ip), local_part, domain, helo, receiver: "unknown", time: 0 }
    }
}

/// Evaluates a message against a closed world of records, without waiting for anything.
#[must_use]
pub fn check_zone<'a>(zone: &'a Zone, ip: IpAddr, mail_from: &str, helo: &str) -> Evaluation<'a> {
    // A zone whose `finish` was not called knows nothing at all: that is no answer, not an absence.
    evaluate(zone, &Input::new(ip, mail_from, helo)).unwrap_or_else(|_| Evaluation::new(SpfResult::TempError))
}
