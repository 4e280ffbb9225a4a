//! Views: typed pictures of the zone, between what is known and what is found.
//!
//! A view says what a zone holds; it judges nothing. It asks through [`Cx`] as a check does, stops with
//! [`Pending`](crate::facts::Pending) until what it asked for is known, and has no other input. [Checks](crate::check) turn
//! views into findings, the [report](crate::report) carries [`Views`], and everybody who wants to know more than a sentence
//! says, reads those: the values of a finding are for its texts alone.
//!
//! One file a view. What it says is public; how it asks is not.

pub mod addresses;
pub mod dkim;
pub mod dmarc;
pub mod dns_host;
pub(crate) mod domain;
pub(crate) mod keys;
pub mod listings;
pub mod mail_use;
pub mod mx;
pub mod owner;
pub mod provider;
pub(crate) mod proxy;
pub(crate) mod ptr;
pub mod published;
pub mod sending;
pub mod spf;
pub mod submission;
pub mod transport_security;
pub(crate) mod wildcard;

use serde::Serialize;

use self::{
    dns_host::DnsHost, listings::Listing, mail_use::MailUse, mx::Mx, owner::AddressOwner,
    provider::MailProviders, sending::Sending, spf::SpfView, submission::Submission,
    transport_security::TransportSecurity,
};
use crate::{cx::Cx, dmarc::PolicyDiscovery};

/// Something of `www/data`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownEntry {
    /// Its id there.
    pub id: String,
    /// Its proper name.
    pub name: String,
}

/// What is known beside findings, as far as it is known. A report is written with those views alone that are not skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Views {
    /// Which addresses send, and why these were asked about.
    pub sending: Sending,
    /// Whose those addresses are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<AddressOwner>,
    /// Who the mail is with; none without a domain, or while it is not known.
    #[serde(skip)]
    pub provider: Option<MailProviders>,
    /// Who keeps the domain's records; none without a domain, where no zone is found, or while it is not known.
    #[serde(skip)]
    pub dns_host: Option<DnsHost>,
    /// What the domain publishes for mail programs; none without a domain, where it takes no mail, or while it is not known.
    #[serde(skip)]
    pub submission: Option<Submission>,
    /// Where the domain's mail goes; none without a domain, or while it is not known.
    #[serde(skip)]
    pub mx: Option<Mx>,
    /// What the domain does with mail.
    #[serde(skip)]
    pub mail_use: MailUse,
    /// What lists have answered, one row a list and subject.
    #[serde(skip)]
    pub listings: Vec<Listing>,
    /// What the domain's SPF record says.
    #[serde(skip)]
    pub spf: SpfView,
    /// The domain's DKIM keys; none until the search for them has ended.
    #[serde(skip)]
    pub dkim: Option<Vec<dkim::SelectorView>>,
    /// Which DMARC policy applies to the domain.
    #[serde(skip)]
    pub dmarc: Option<PolicyDiscovery>,
    /// What protects mail on its way to the domain; none without a domain, or where it does not exist.
    #[serde(skip)]
    pub transport_security: Option<TransportSecurity>,
}

impl Views {
    /// What is known by now.
    #[must_use]
    pub fn of(cx: &Cx<'_>) -> Self {
        Self {
            sending: sending::view(cx),
            owners: owner::view(cx),
            provider: provider::view(cx).unwrap_or_default(),
            dns_host: dns_host::view(cx).unwrap_or_default(),
            submission: submission::view(cx).unwrap_or_default(),
            mx: mx::view(cx).unwrap_or_default(),
            mail_use: mail_use::view(cx),
            listings: listings::view(cx),
            spf: spf::view(cx),
            dkim: dkim::view(cx),
            dmarc: dmarc::view(cx),
            transport_security: transport_security::view(cx).unwrap_or_default(),
        }
    }
}
