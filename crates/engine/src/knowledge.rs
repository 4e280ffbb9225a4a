//! What the project knows about the world: typed views of `www/data/*.json`.
//!
//! The data files are the source; this module only reads them. All words for
//! people live in `www/locales`; the data names them by key.
//!
//! A page may run with an older program than its data or the other way round, so
//! reading never fails over a word that is not known yet: each enum here has a
//! fall-back. The JSON Schemas beside the files are strict instead, and a test
//! holds the files against them.

#[macro_use]
pub(crate) mod value;

mod blocklists;
mod dns_hosts;
pub mod files;
mod providers;
mod resolvers;
mod selectors;
mod smtp_codes;
mod suffix;

pub use self::{
    blocklists::{
        Actor, Answering, Blocklist, Blocklists, Controls, DeadZone, ListJudgement, ListKind, ListSubject,
        Matching, ReturnCode, Role, Scope, TestPoints, WebList,
    },
    dns_hosts::{Apex, DnsHost, DnsHosts, Fields, LongText, Naming, Parked, ParkedKind, Priority},
    providers::{
        Auth, Counting, Limit, LimitKind, LimitSpan, Provider, ProviderKind, Providers, Recognised, Security,
        SmtpService, Urls,
    },
    resolvers::{Resolver, Resolvers},
    selectors::{AliasTarget, Selector, Selectors, Waiting},
    smtp_codes::{
        Cause, ClaimKind, CodeKind, CueRole, ResponsibleParty, Retry, Severity, Side, SmtpCode, SmtpCodes,
        SmtpCue, SmtpProvider, SmtpTerm,
    },
    suffix::DomainSuffix,
    value::{Read, Value},
};

/// Everything read from the data files. Empty until they have arrived.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// Block and allow lists.
    pub blocklists: Blocklists,
    /// Mailbox and sending providers.
    pub providers: Providers,
    /// Resolvers that a page can ask.
    pub resolvers: Resolvers,
    /// Common DKIM selectors.
    pub selectors: Selectors,
    /// Where records are kept.
    pub dns_hosts: DnsHosts,
}

impl Knowledge {
    /// Reads it from the [files of checks](files::OF_CHECKS), which `file` gives by their places; none while one of them is
    /// not there.
    pub fn from_files<'v>(file: impl Fn(&'static str) -> Option<&'v Value>) -> Option<Self> {
        Some(Self {
            resolvers: Read::read(file(files::RESOLVERS)?),
            blocklists: Read::read(file(files::BLOCKLISTS)?),
            providers: Read::read(file(files::PROVIDERS)?),
            selectors: Read::read(file(files::SELECTORS)?),
            dns_hosts: Read::read(file(files::DNS_HOSTS)?),
        })
    }
}

words! {
    /// How well a fact is known.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Confidence {
        /// Seen in the source that is named.
        Verified = "verified",
        /// Commonly said; the source is where it should be checked.
        #[default]
        GeneralKnowledge = "general-knowledge",
    }
}

reads_words!(Confidence);
