//! Checks: functions of what is known, one file each.
//!
//! A check asks through its [`Cx`] and writes down findings. When something it asked for is not known yet it stops
//! with [`Pending`](crate::facts::Pending) and is run again from the start once more is known. It has no other
//! input: no clock, no network, no browser.

mod code;
mod finding;
mod findings;

mod bimi;
mod blocklist;
mod dane;
mod dkim;
mod dmarc;
mod dnssec;
mod domain;
mod health;
mod host_reach;
mod id;
mod mta_sts;
mod mx;
mod owner;
mod provider;
mod ptr;
mod reach;
mod recipient;
mod single;
mod spf;
mod submission;
mod tls_rpt;

use crate::{
    change::{Fix, Safety},
    checklist::ChecklistStep,
    facts::Step,
};

pub use code::{Code, FindingText, Level};
pub use dmarc::{dmarc_place, dmarc_put_right};
pub use finding::{Finding, FindingData, Label, Link, LinkKind};
pub use findings::Findings;
pub use id::CheckId;

pub use crate::{
    cx::Cx,
    subject::Subject,
    text::{Arg, Args},
};

/// A check: its name, its place in the checklist and the function that does it.
pub struct Check {
    /// Its name.
    pub id: CheckId,
    /// The step it belongs to.
    pub step: ChecklistStep,
    /// Does it.
    pub run: fn(&Cx<'_>, &mut Findings) -> Step<()>,
}

/// Every check, in the order of the page. `domain` comes first: if the domain does not exist, nothing else is asked.
pub const CHECKS: &[Check] = &[
    Check { id: CheckId::Domain, step: ChecklistStep::Dns, run: domain::run },
    Check { id: CheckId::BlocklistAddress, step: ChecklistStep::Blocklists, run: blocklist::addresses },
    Check { id: CheckId::BlocklistOwn, step: ChecklistStep::Blocklists, run: blocklist::own },
    Check { id: CheckId::BlocklistDomain, step: ChecklistStep::Blocklists, run: blocklist::domain },
    Check { id: CheckId::BlocklistReceiving, step: ChecklistStep::Blocklists, run: blocklist::receiving },
    Check { id: CheckId::Ptr, step: ChecklistStep::Blocklists, run: ptr::run },
    Check { id: CheckId::Owner, step: ChecklistStep::Blocklists, run: owner::run },
    Check { id: CheckId::Provider, step: ChecklistStep::Contact, run: provider::run },
    Check { id: CheckId::Reach, step: ChecklistStep::Contact, run: reach::run },
    Check { id: CheckId::Recipient, step: ChecklistStep::Contact, run: recipient::run },
    Check { id: CheckId::Submission, step: ChecklistStep::Authentication, run: submission::run },
    Check { id: CheckId::Mx, step: ChecklistStep::Dns, run: mx::run },
    Check { id: CheckId::Spf, step: ChecklistStep::Dns, run: spf::run },
    Check { id: CheckId::SpfSender, step: ChecklistStep::Dns, run: spf::sender::run },
    Check { id: CheckId::Dkim, step: ChecklistStep::Dns, run: dkim::run },
    Check { id: CheckId::MtaSts, step: ChecklistStep::Dns, run: mta_sts::run },
    Check { id: CheckId::TlsRpt, step: ChecklistStep::Dns, run: tls_rpt::run },
    Check { id: CheckId::Dane, step: ChecklistStep::Dns, run: dane::run },
    Check { id: CheckId::Dnssec, step: ChecklistStep::Dns, run: dnssec::run },
    Check { id: CheckId::Health, step: ChecklistStep::Dns, run: health::run },
    Check { id: CheckId::Bimi, step: ChecklistStep::Dns, run: bimi::run },
    Check { id: CheckId::Dmarc, step: ChecklistStep::Dns, run: dmarc::run },
];
