//! How the refusal reads, so that it can be found in the message that came back.

use crate::knowledge::LimitKind;

/// A text that proves that a limit was reached, as servers write it.
#[derive(Debug, PartialEq, Eq)]
pub struct Proof {
    /// Ids of the providers that write so; none for any server.
    providers: &'static [&'static str],
    kinds: &'static [LimitKind],
    /// Reply code, enhanced code if it has one, and words.
    pub text: &'static str,
    /// Where it is documented: a web address or an RFC.
    pub source: &'static str,
    /// Year and month of the fact, where it is no standard.
    pub date: Option<&'static str>,
}

const DAY: &[LimitKind] = &[
    LimitKind::MessagesPerDay,
    LimitKind::RecipientsPerDay,
    LimitKind::ExternalRecipientsPerDay,
    LimitKind::UniqueRecipientsPerDay,
    LimitKind::ExternalUniqueRecipientsPerDay,
];
const GOOGLE: &[&str] = &["gmail", "google-workspace"];
const GOOGLE_ERRORS: &str = "https://support.google.com/a/answer/3726730";
const MICROSOFT_ERRORS: &str = "https://learn.microsoft.com/exchange/troubleshoot/email-delivery/ndr/non-delivery-reports-in-exchange-online";

/// The particular ones first.
const PROOFS: &[Proof] = &[
    Proof {
        providers: GOOGLE,
        kinds: DAY,
        text: "550 5.4.5 Daily user sending limit exceeded",
        source: GOOGLE_ERRORS,
        date: Some("2026-02"),
    },
    Proof {
        providers: GOOGLE,
        kinds: &[LimitKind::MessageSize],
        text: "552 5.3.4 Your message exceeded Google's message size limits",
        source: GOOGLE_ERRORS,
        date: Some("2026-02"),
    },
    Proof {
        providers: &["microsoft365"],
        kinds: &[LimitKind::RecipientsPerDay],
        text: "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients",
        source: MICROSOFT_ERRORS,
        date: Some("2026-11"),
    },
    Proof {
        providers: &["cpanel"],
        kinds: &[LimitKind::MessagesPerHour],
        text: "has exceeded the max emails per hour",
        source: "https://docs.cpanel.net/",
        date: Some("2026-11"),
    },
    Proof {
        providers: &["ionos"],
        kinds: &[LimitKind::MessagesPerHour, LimitKind::RecipientsPerDay],
        text: "450 Mail send limit exceeded",
        source: "https://ionos.com/help/email/general-topics/what-are-the-mass-mailing-limits",
        date: Some("2026-11"),
    },
    Proof {
        providers: &["ses"],
        kinds: &[LimitKind::MessagesPerDay],
        text: "454 Throttling failure: Daily message quota exceeded",
        source: "https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html",
        date: Some("2026-11"),
    },
    Proof {
        providers: &["ses"],
        kinds: &[LimitKind::MessagesPerSecond],
        text: "454 Throttling failure: Maximum sending rate exceeded",
        source: "https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html",
        date: Some("2026-11"),
    },
    Proof {
        providers: &[],
        kinds: &[LimitKind::MessageSize],
        text: "552 5.3.4",
        source: "RFC 1870, RFC 3463",
        date: None,
    },
    Proof {
        providers: &[],
        kinds: &[
            LimitKind::RecipientsPerMessage,
            LimitKind::RecipientsPerMessageSmtp,
            LimitKind::ExternalRecipientsPerMessage,
        ],
        text: "452 4.5.3",
        source: "RFC 5321, RFC 3463",
        date: None,
    },
];

/// How a provider's refusal over a limit of this kind reads; none where it is not known.
#[must_use]
pub fn proof(provider: &str, kind: LimitKind) -> Option<&'static Proof> {
    PROOFS.iter().find(|proof| {
        proof.kinds.contains(&kind) && (proof.providers.is_empty() || proof.providers.contains(&provider))
    })
}
