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

use std::fmt;

use crate::{
    change::{Fix, Safety},
    checklist::ChecklistStep,
    facts::Step,
};

pub use code::{Code, FindingText, Level};
pub use dmarc::{dmarc_place, dmarc_put_right};
pub use finding::{Finding, FindingData, Label, Link, LinkKind};
pub use findings::Findings;

pub use crate::{
    cx::Cx,
    subject::Subject,
    text::{Arg, Args},
};

words! {
    /// A check of [`CHECKS`] by its name.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum CheckId {
        /// The domain exists.
        Domain = "domain",
        /// Lists about the addresses that send.
        BlocklistAddress = "blocklist-address",
        /// Lists about the address of the user's connection.
        BlocklistOwn = "blocklist-own",
        /// Lists about the domain.
        BlocklistDomain = "blocklist-domain",
        /// Lists about the hosts that receive.
        BlocklistReceiving = "blocklist-receiving",
        /// Reverse names of the addresses that send.
        Ptr = "ptr",
        /// Whose the addresses are that send.
        Owner = "owner",
        /// Who the mailboxes are with.
        Provider = "provider",
        /// Resolvers answer at all.
        Reach = "reach",
        /// The recipient's domain takes mail.
        Recipient = "recipient",
        /// Where mail programs hand in mail.
        Submission = "submission",
        /// Hosts that receive.
        Mx = "mx",
        /// The SPF record.
        Spf = "spf",
        /// What SPF says of the addresses that send.
        SpfSender = "spf-sender",
        /// DKIM keys.
        Dkim = "dkim",
        /// MTA-STS.
        MtaSts = "mta-sts",
        /// Reports about encryption.
        TlsRpt = "tls-rpt",
        /// DANE.
        Dane = "dane",
        /// DNSSEC signatures.
        Dnssec = "dnssec",
        /// Name servers and the zone.
        Health = "health",
        /// The logo.
        Bimi = "bimi",
        /// The DMARC policy.
        Dmarc = "dmarc",
    }
    key "check.{}.short"
}

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

impl CheckId {
    /// Whether it asks blocklists.
    #[must_use]
    pub const fn asks_lists(self) -> bool {
        matches!(
            self,
            Self::BlocklistAddress | Self::BlocklistOwn | Self::BlocklistDomain | Self::BlocklistReceiving
        )
    }
}

impl fmt::Display for CheckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_is_run_once() {
        for id in CheckId::ALL {
            let runs = CHECKS.iter().filter(|check| check.id == *id).count();
            assert_eq!(runs, 1, "{id}");
        }
    }
}
