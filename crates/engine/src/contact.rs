//! Whom to turn to, and a message for them that is ready to send.
//!
//! ```text
//! report, pasted error, provider, DNS host -> Case -> suggested party -> ticket in a language -> mailto
//! ```
//!
//! A ticket says who and what, since when, the codes, the evidence with its time, what has been ruled out and what is
//! asked for. It is written from what is known; what is not known is a gap to be filled in. A lookup that failed stands
//! under "could not be checked", never under what was ruled out. Addresses of people, and names that belong to the one
//! written to, are left out unless the case says otherwise.

mod connection;
mod mailto;
mod mask;
mod party;
mod ticket;

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;

use crate::{
    bounce::BounceReading,
    knowledge::{DnsHost, Knowledge, Provider},
    report::Report,
    target::ListKeys,
};

pub use connection::{AnsweringResolver, Connection, connection};
pub use mailto::{MAX_LINK, mailto};
pub use party::{Contact, ContactParty, Page, PageKind, contact, listings, parties, suggested};
pub use ticket::{Ticket, prefilled, ticket};

/// What is known of a trouble. All of it may be missing.
#[derive(Clone, Copy, Default)]
pub struct Case<'a> {
    /// What a run found.
    pub report: Option<&'a Report>,
    /// What a pasted error says.
    pub reading: Option<&'a BounceReading>,
    /// Lists and providers.
    pub knowledge: Option<&'a Knowledge>,
    /// Who the mailbox is with, recognised or chosen.
    pub provider: Option<&'a Provider>,
    /// Who keeps the records, recognised or chosen.
    pub host: Option<&'a DnsHost>,
}

/// What the user says besides, and what the page knows of time.
#[derive(Clone, Copy)]
pub struct TicketOptions<'a> {
    /// Since when, as the user writes it.
    pub since: &'a str,
    /// Whether addresses of people and names of the one written to are put in.
    pub third_parties: bool,
    /// When the run began, in seconds since 1970.
    pub checked: Option<i64>,
    /// What the user has ticked off: keys whose `.title` says it.
    pub done: &'a [String],
    /// A point in time, in seconds since 1970, as the user's own clock shows it.
    pub local: &'a dyn Fn(i64) -> String,
    /// The user's keys for lists, to be made unreadable.
    pub keys: &'a ListKeys,
}
