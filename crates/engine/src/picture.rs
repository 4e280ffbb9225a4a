//! Results as pictures: plain data with positions, to be drawn by whoever has something to draw on.
//!
//! - [`spf_tree`]: the tree of a domain's SPF record, what each branch costs, and the way an address takes through it.
//! - [`layout`]: where everything of such a tree stands.
//! - [`judgement`]: how a receiver puts SPF, DKIM and DMARC together for one sender.
//!
//! Pictures are made from facts that are known already; they ask nothing of their own. What is not known is left out
//! of them or said to be unknown.

pub mod judgement;
pub mod layout;
pub mod spf_tree;

use std::net::IpAddr;

use serde::Serialize;

use crate::{cx::Cx, dns::is_inside, view::sending};

pub use judgement::MailJudgement;
pub use layout::Layout;
pub use spf_tree::SpfTree;

/// Sending addresses that are followed through the pictures.
pub const MAX_SENDERS: usize = 8;

/// The addresses that are followed. Receivers never see those of a local network.
fn senders(cx: &Cx<'_>) -> impl Iterator<Item = IpAddr> {
    let sending = sending::view(cx);
    sending.addresses.into_iter().map(|one| one.ip).filter(|ip| !is_inside(*ip)).take(MAX_SENDERS)
}

/// The pictures of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pictures {
    /// The domain's SPF record as a tree; none if there is no single record.
    pub spf: Option<SpfTree>,
    /// How mail of the domain is judged; none for a run without a domain, or with one that does not exist.
    pub judged: Option<MailJudgement>,
}

impl Pictures {
    /// What can be drawn of what is known by now.
    #[must_use]
    pub fn of(cx: &Cx<'_>) -> Self {
        let Some(domain) = &cx.target.domain else { return Self::default() };
        Self { spf: SpfTree::of(cx, domain), judged: MailJudgement::of(cx, domain) }
    }
}
