//! What SPF and DKIM say together: one of them has to vouch for the From line (RFC 9989 section 4.4).

/// What is said of the question whether something vouches for the From line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Vouch {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It may: that depends on a message, or on an address, of which nothing is known.
    Perhaps,
    /// What would tell is not known.
    Unknown,
}

impl Vouch {
    /// For the From line, where it is known of the domain that was authenticated; `aligned` is what that domain has to do
    /// with the From line, none if that is not known.
    #[must_use]
    pub fn aligned(self, aligned: Option<bool>) -> Self {
        match (self, aligned) {
            (Self::Yes | Self::Perhaps, Some(false)) => Self::No,
            (Self::Yes | Self::Perhaps, None) => Self::Unknown,
            _ => self,
        }
    }

    /// Of several that may vouch, such as signatures: one that does is enough.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        for word in [Self::Yes, Self::Unknown, Self::Perhaps] {
            if self == word || other == word {
                return word;
            }
        }
        Self::No
    }
}

words! {
    /// What DMARC makes of SPF and DKIM.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum DmarcVerdict {
        /// SPF vouches for the mail.
        Pass = "pass",
        /// SPF does not, but a signature would; there is a key for it.
        IfSigned = "if-signed",
        /// SPF does not, and no key was found: a signature with a key that was not found would.
        IfSignedUnseen = "if-signed-unseen",
        /// Nothing vouches for it.
        Fail = "fail",
        /// It depends on the address that sends.
        IfSender = "if-sender",
        /// Something it depends on could not be looked up.
        Unknown = "unknown",
    }
    key "judge.verdict.{}"
}

/// What DMARC makes of both. Whether there is a key with which a message could be signed is for the caller to say.
#[must_use]
pub fn verdict(spf: Vouch, dkim: Vouch) -> DmarcVerdict {
    match (spf, dkim) {
        (Vouch::Yes, _) | (_, Vouch::Yes) => DmarcVerdict::Pass,
        (Vouch::Unknown, _) | (Vouch::No, Vouch::Unknown) => DmarcVerdict::Unknown,
        (Vouch::Perhaps, _) => DmarcVerdict::IfSender,
        (Vouch::No, Vouch::No) => DmarcVerdict::Fail,
        (Vouch::No, Vouch::Perhaps) => DmarcVerdict::IfSigned,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_vouches_is_enough_and_what_is_not_known_is_no_refusal() {
        use Vouch::{No, Perhaps, Unknown, Yes};
        for (spf, dkim, expected) in [
            (Yes, Unknown, DmarcVerdict::Pass),
            (Unknown, Yes, DmarcVerdict::Pass),
            (No, No, DmarcVerdict::Fail),
            (No, Unknown, DmarcVerdict::Unknown),
            (Unknown, No, DmarcVerdict::Unknown),
            (Perhaps, No, DmarcVerdict::IfSender),
            (No, Perhaps, DmarcVerdict::IfSigned),
        ] {
            assert_eq!(verdict(spf, dkim), expected, "{spf:?} {dkim:?}");
        }
    }

    #[test]
    fn who_is_authenticated_for_another_domain_does_not_vouch() {
        use Vouch::{No, Perhaps, Unknown, Yes};
        assert_eq!(
            [Yes, Perhaps, Unknown, No].map(|vouch| vouch.aligned(Some(false))),
            [No, No, Unknown, No]
        );
        assert_eq!(
            [Yes, Perhaps, Unknown, No].map(|vouch| vouch.aligned(None)),
            [Unknown, Unknown, Unknown, No]
        );
        assert_eq!(Yes.aligned(Some(true)), Yes);
        assert_eq!([No.or(Yes), No.or(Unknown), Unknown.or(Yes), No.or(No)], [Yes, Unknown, Yes, No]);
    }
}
