//! The names of the checks.

use std::fmt;

words! {
    /// A check of [`CHECKS`](super::CHECKS) by its name.
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
