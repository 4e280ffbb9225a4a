//! The names of the checks.

use std::fmt;

use serde::{Serialize, Serializer};

/// A check of [`CHECKS`](super::CHECKS) by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckId {
    /// The domain exists.
    Domain,
    /// Lists about the addresses that send.
    BlocklistAddress,
    /// Lists about the address of the user's connection.
    BlocklistOwn,
    /// Lists about the domain.
    BlocklistDomain,
    /// Lists about the hosts that receive.
    BlocklistReceiving,
    /// Reverse names of the addresses that send.
    Ptr,
    /// Whose the addresses are that send.
    Owner,
    /// Who the mailboxes are with.
    Provider,
    /// Resolvers answer at all.
    Reach,
    /// The recipient's domain takes mail.
    Recipient,
    /// Where mail programs hand in mail.
    Submission,
    /// Hosts that receive.
    Mx,
    /// The SPF record.
    Spf,
    /// What SPF says of the addresses that send.
    SpfSender,
    /// DKIM keys.
    Dkim,
    /// MTA-STS.
    MtaSts,
    /// Reports about encryption.
    TlsRpt,
    /// DANE.
    Dane,
    /// DNSSEC signatures.
    Dnssec,
    /// Name servers and the zone.
    Health,
    /// The logo.
    Bimi,
    /// The DMARC policy.
    Dmarc,
}

impl CheckId {
    /// Whether it asks blocklists.
    #[must_use]
    pub const fn asks_lists(self) -> bool {
        matches!(
            self,
            Self::BlocklistAddress | Self::BlocklistOwn | Self::BlocklistDomain | Self::BlocklistReceiving
        )
    }

    /// The word for it, which stays: in reports, and as the locale key `check.<word>`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::BlocklistAddress => "blocklist-address",
            Self::BlocklistOwn => "blocklist-own",
            Self::BlocklistDomain => "blocklist-domain",
            Self::BlocklistReceiving => "blocklist-receiving",
            Self::Ptr => "ptr",
            Self::Owner => "owner",
            Self::Provider => "provider",
            Self::Reach => "reach",
            Self::Recipient => "recipient",
            Self::Submission => "submission",
            Self::Mx => "mx",
            Self::Spf => "spf",
            Self::SpfSender => "spf-sender",
            Self::Dkim => "dkim",
            Self::MtaSts => "mta-sts",
            Self::TlsRpt => "tls-rpt",
            Self::Dane => "dane",
            Self::Dnssec => "dnssec",
            Self::Health => "health",
            Self::Bimi => "bimi",
            Self::Dmarc => "dmarc",
        }
    }
}

impl fmt::Display for CheckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for CheckId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
