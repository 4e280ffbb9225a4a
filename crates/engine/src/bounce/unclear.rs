//! What to do about an error whose cause cannot be told: where it leads all the same.

use super::Codes;
use crate::{
    checklist::ChecklistStep,
    knowledge::{Cause, Side},
};

words! {
    /// Where an error leads whose cause is not clear. What to do stands in `bounce.do.unclear.<word>`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Lead {
        /// To the recipient's address.
        Address = "address",
        /// To the recipient's mailbox.
        Mailbox = "mailbox",
        /// To the server that refused.
        Server = "server",
        /// To the way there.
        Network = "network",
        /// To the message itself.
        Content = "content",
        /// To a rule of the receiver's.
        Policy = "policy",
        /// To a limit.
        Limit = "limit",
        /// To the login.
        Login = "login",
        /// To the sender's DNS records.
        Dns = "dns",
    }
    key "bounce.do.unclear.{}"
}

impl Lead {
    /// From what is likeliest, though not sure, and from the subject of the code (RFC 3463 section 3); none if there is
    /// neither.
    pub(super) fn of(likely: Option<&Cause>, codes: Option<&Codes>) -> Option<Self> {
        let subject = codes.and_then(|codes| codes.enhanced).map_or(0, |code| code.1);
        match likely.map(|cause| cause.step) {
            Some(ChecklistStep::Blocklists) => return Some(Self::Policy),
            Some(ChecklistStep::Limits) => return Some(Self::Limit),
            Some(ChecklistStep::Authentication) => return Some(Self::Login),
            Some(ChecklistStep::Dns) => return Some(Self::Dns),
            Some(ChecklistStep::Contact) | None => {}
        }
        match subject {
            1 => Some(Self::Address),
            2 => Some(Self::Mailbox),
            3 | 5 => Some(Self::Server),
            4 => Some(Self::Network),
            6 => Some(Self::Content),
            7 => Some(Self::Policy),
            _ => likely.map(|cause| if cause.side == Side::Recipient { Self::Address } else { Self::Server }),
        }
    }
}
