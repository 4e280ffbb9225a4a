//! What large receivers such as Gmail, Yahoo and Outlook.com require of those who send to them, and how far a domain meets it.
//!
//! The rules are a table with the page each comes from and the day it was read; [`lines`] holds a report against it.
//! Nothing is asked for it: each line is fed by the findings of the checks. What no lookup can show — how many
//! recipients complain, what stands in the header of a newsletter — is [`RuleStatus::OnlyYou`], and what failed to be
//! looked up is [`RuleStatus::Unknown`], never [`RuleStatus::Met`].

mod judge;

use serde::Serialize;

use crate::report::Report;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Receiver {
    /// Mailboxes at gmail.com and googlemail.com; not those of Workspace.
    Gmail,
    /// Mailboxes of Yahoo and AOL.
    Yahoo,
    /// Mailboxes at outlook.com, hotmail.com and live.com; not those of Microsoft 365.
    Microsoft,
    /// Mailboxes at laposte.net.
    LaPoste,
}

impl Receiver {
    /// What its mailboxes are called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gmail => "Gmail",
            Self::Yahoo => "Yahoo",
            Self::Microsoft => "Outlook.com",
            Self::LaPoste => "laposte.net",
        }
    }
}

/// Of whom something is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Of everybody who sends.
    Everyone,
    /// Of those who send much: 5,000 messages a day and more to Gmail or to Outlook.com; Yahoo names no number.
    Bulk,
}

/// Where a receiver says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RuleSource {
    /// Who asks.
    pub receiver: Receiver,
    /// The page that says so.
    pub source: &'static str,
    /// When that page was read last, year-month.
    pub date: &'static str,
}

/// Something that is required.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable name; its texts are `rules.<id>.title` and `rules.<id>.how`.
    pub id: &'static str,
    /// Of whom.
    pub audience: Audience,
    /// By whom.
    pub asks: &'static [RuleSource],
}

const fn ask(receiver: Receiver, source: &'static str, date: &'static str) -> RuleSource {
    RuleSource { receiver, source, date }
}

/// Email sender guidelines: the lists "all senders" and "5,000 or more messages per day".
const GMAIL: RuleSource = ask(Receiver::Gmail, "https://support.google.com/a/answer/81126", "2026-03");
/// Email sender guidelines, questions and answers: unsubscribing within 48 hours, rates, what happens otherwise.
const GMAIL_FAQ: RuleSource = ask(Receiver::Gmail, "https://support.google.com/a/answer/14229414", "2026-03");
/// Sender requirements and recommendations.
const YAHOO: RuleSource = ask(Receiver::Yahoo, "https://senders.yahooinc.com/best-practices/", "2025-04");
/// Questions and answers: the length of keys, one-click unsubscribe.
const YAHOO_FAQ: RuleSource = ask(Receiver::Yahoo, "https://senders.yahooinc.com/faqs/", "2025-08");
/// Policies, practices and guidelines: technical and authentication requirements.
const MICROSOFT: RuleSource = ask(
    Receiver::Microsoft,
    "https://substrate.office.com/ip-domain-management-snds/postmaster/Policies",
    "2026-11",
);

/// Technical requirements for sending to laposte.net: reverse name, at least one way of authentication.
const LAPOSTE: RuleSource = ask(
    Receiver::LaPoste,
    "https://postmaster.laposte.net/contents/quelles-sont-les-specifications-techniques-a-respecter-pour-emettre-des-emails-vers-laposte-net?t=p",
    "2026-11",
);

/// Every rule, those for everybody first.
pub const RULES: &[Rule] = &[
    everyone("spf-or-dkim", &[GMAIL, YAHOO, LAPOSTE]),
    everyone("key-length", &[GMAIL, YAHOO_FAQ]),
    everyone("reverse-name", &[GMAIL, YAHOO, MICROSOFT, LAPOSTE]),
    everyone("tls", &[GMAIL]),
    everyone("spam-rate", &[GMAIL, YAHOO]),
    everyone("format", &[GMAIL, YAHOO, MICROSOFT]),
    everyone("gmail-from", &[GMAIL]),
    everyone("forwarding", &[GMAIL]),
    bulk("spf", &[GMAIL, YAHOO, MICROSOFT]),
    bulk("dkim", &[GMAIL, YAHOO, MICROSOFT]),
    bulk("dmarc", &[GMAIL, YAHOO, MICROSOFT]),
    bulk("alignment", &[GMAIL, YAHOO, MICROSOFT]),
    bulk("one-click", &[GMAIL, YAHOO]),
    bulk("unsubscribe-link", &[GMAIL, YAHOO, MICROSOFT]),
    bulk("two-days", &[GMAIL_FAQ, YAHOO]),
];

const fn everyone(id: &'static str, asks: &'static [RuleSource]) -> Rule {
    Rule { id, audience: Audience::Everyone, asks }
}

const fn bulk(id: &'static str, asks: &'static [RuleSource]) -> Rule {
    Rule { id, audience: Audience::Bulk, asks }
}

words! {
    /// How far a rule is met.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum RuleStatus {
        /// It is, as far as records can show it.
        Met = "met",
        /// It is not.
        NotMet = "not-met",
        /// It can be looked up, but was not: a lookup failed, an answer is awaited, or something was not given.
        Unknown = "unknown",
        /// No lookup can show it.
        OnlyYou = "only-you",
    }
    key "rules.status.{}"
}

impl RuleStatus {
    /// The key of so many rules of which it is true.
    #[must_use]
    pub fn key_of_count(self) -> String {
        format!("rules.count.{}", self.as_str())
    }

    /// All four, in the order in which they are counted.
    pub const COUNTED: [Self; 4] = [Self::NotMet, Self::Met, Self::Unknown, Self::OnlyYou];
}

/// A rule, held against a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RuleLine {
    /// [`Rule::id`].
    pub rule: &'static str,
    /// [`Rule::audience`].
    pub audience: Audience,
    /// How far it is met.
    pub status: RuleStatus,
    /// What has to be said with it; see [`RuleLine::key_of_note`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
    /// The finding that says more, as its place in [`Report::checks`] and in the findings of that check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finding: Option<(usize, usize)>,
    /// [`Rule::asks`].
    pub asks: &'static [RuleSource],
}

impl RuleLine {
    /// The key of what is required.
    #[must_use]
    pub fn key_of_title(&self) -> String {
        format!("rules.{}.title", self.rule)
    }

    /// The key of how it is done.
    #[must_use]
    pub fn key_of_advice(&self) -> String {
        format!("rules.{}.how", self.rule)
    }

    /// The key of what has to be said with it.
    #[must_use]
    pub fn key_of_note(&self) -> Option<String> {
        self.note.map(|note| format!("rules.note.{note}"))
    }
}

/// Holds a report against the rules, in the order of [`RULES`]. Nothing for a domain that does not exist, for one that
/// says that it sends no mail, and where nothing but an address is known.
#[must_use]
pub fn lines(report: &Report) -> Vec<RuleLine> {
    if !judge::concerns(report) {
        return Vec::new();
    }
    let line = |rule: &'static Rule| {
        let judged = judge::judge(rule.id, report);
        RuleLine {
            rule: rule.id,
            audience: rule.audience,
            status: judged.status,
            note: judged.note,
            finding: judged.finding,
            asks: rule.asks,
        }
    };
    RULES.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_source_with_a_date_and_is_named_once() {
        for (index, rule) in RULES.iter().enumerate() {
            assert!(RULES[..index].iter().all(|other| other.id != rule.id), "{} twice", rule.id);
            assert!(!rule.asks.is_empty(), "nobody asks for {}", rule.id);
            for ask in rule.asks {
                assert!(ask.source.starts_with("https://"), "{}", ask.source);
                assert!(ask.date.len() == 7 && ask.date.starts_with("202"), "{}", ask.date);
            }
        }
        assert!(RULES.is_sorted_by_key(|rule| rule.audience));
    }
}
