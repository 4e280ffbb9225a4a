//! Views: typed pictures of the zone, between what is known and what is found.
//!
//! A view says what a zone holds; it judges nothing. It asks through [`Cx`] as a check does, stops with
//! [`Pending`](crate::facts::Pending) until what it asked for is known, and has no other input. [Checks](crate::check) turn
//! views into findings, the [report](crate::report) carries [`Views`], and everybody who wants to know more than a sentence
//! says, reads those: the values of a finding are for its texts alone.
//!
//! One file a view. What it says is public; how it asks is not.

pub(crate) mod addresses;
pub mod dkim;
pub mod dmarc;
pub(crate) mod domain;
pub(crate) mod keys;
pub mod listings;
pub mod mail_use;
pub(crate) mod mx;
pub mod owner;
pub(crate) mod provider;
pub(crate) mod proxy;
pub(crate) mod ptr;
pub(crate) mod published;
pub mod sending;
pub mod spf;
pub(crate) mod submission;
pub mod transport_security;
pub(crate) mod wild;

use serde::Serialize;

use self::{owner::Owner, sending::Sending, spf::Spf};
use crate::{cx::Cx, dmarc::Discovery};

/// What is known beside findings, as far as it is known. A report is written with those views alone that are not skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Views {
    /// Which addresses send, and why these were asked about.
    pub sending: Sending,
    /// Whose those addresses are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<Owner>,
    /// What the domain's SPF record says.
    #[serde(skip)]
    pub spf: Spf,
    /// The domain's DKIM keys; none until the search for them has ended.
    #[serde(skip)]
    pub dkim: Option<Vec<dkim::Selector>>,
    /// Which DMARC policy applies to the domain.
    #[serde(skip)]
    pub dmarc: Option<Discovery>,
}

impl Views {
    /// What is known by now.
    #[must_use]
    pub fn of(cx: &Cx<'_>) -> Self {
        Self {
            sending: sending::view(cx),
            owners: owner::view(cx),
            spf: spf::view(cx),
            dkim: dkim::view(cx),
            dmarc: dmarc::view(cx),
        }
    }
}
