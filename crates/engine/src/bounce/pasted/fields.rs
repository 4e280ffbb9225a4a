//! What tells a message and a report from prose: their header fields.

use super::super::{READ_AT_EACH_END, fact::ends};
use crate::{
    message::{self, Body, DeliveryReport, Entity, Headers},
    steps,
};

/// Fields that messages have and prose has not.
const FIELDS: [&str; 22] = [
    "received",
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "return-path",
    "mime-version",
    "content-type",
    "delivered-to",
    "reply-to",
    "dkim-signature",
    "authentication-results",
    "arc-seal",
    "arc-authentication-results",
    "received-spf",
    "x-received",
    "in-reply-to",
    "references",
    "sender",
    "x-mailer",
];

pub(super) fn is_field(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, _)| {
        FIELDS.iter().any(|known| name.trim().eq_ignore_ascii_case(known))
            || name.get(..2).is_some_and(|x| x.eq_ignore_ascii_case("x-"))
    })
}

pub(super) fn is_message(headers: &Headers) -> bool {
    let known = |name: &str| FIELDS.iter().any(|known| name.eq_ignore_ascii_case(known));
    let mut names: Vec<&str> = Vec::new();
    for header in headers.0.iter().filter(|header| known(&header.name)) {
        if !names.iter().any(|name| name.eq_ignore_ascii_case(&header.name)) {
            names.push(&header.name);
        }
    }
    // `From:` and `To:` alone also stand in the prose of mail programs. No prose has thousands of fields.
    (names.len() >= 2 || headers.0.len() >= message::MOST_FIELDS)
        && names.iter().any(|name| {
            !["from", "to", "cc", "subject", "date", "sender"]
                .iter()
                .any(|weak| name.eq_ignore_ascii_case(weak))
        })
}

/// Whether a From line, in lower case, is one of a mail system.
pub(in crate::bounce) fn is_system(from: &str) -> bool {
    ["mailer-daemon", "postmaster@", "mail delivery", "microsoftexchange", "mdaemon"]
        .iter()
        .any(|name| from.contains(name))
}

/// The report that is attached to a message.
pub(super) fn report_in(entity: &Entity) -> Option<&Entity> {
    match &entity.body {
        Body::Message(inner) if is_from_system(&inner.headers) => Some(inner),
        Body::Parts(parts) => parts.iter().find_map(report_in),
        _ => None,
    }
}

/// Whether a text quotes a report: its From line, or what Postfix says that a server said.
pub(super) fn quotes_report(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start_matches(['>', '*', ' ', '\t']).to_lowercase();
        let is_from =
            ["from:", "*from:", "寄件者", "寄件人", "发件人"].iter().any(|word| line.starts_with(word));
        let said = line.split_once(" said: ").is_some_and(|(who, said)| {
            let is_code = |code: &str| code.starts_with(['4', '5']) && code.parse::<u16>().is_ok();
            who.contains("host ") && said.get(..3).is_some_and(is_code)
        });
        said || is_from && is_system(&line)
    })
}

/// Whether a message comes from a mail system and not from a person (RFC 3834 and habit).
pub(in crate::bounce) fn is_from_system(headers: &Headers) -> bool {
    let null_path = headers.get("Return-Path").is_some_and(|path| path.trim() == "<>");
    is_system(&headers.get("From").unwrap_or_default().to_ascii_lowercase())
        || headers.get("X-Failed-Recipients").is_some()
        || null_path && headers.get("Auto-Submitted").is_some()
}

/// Blocks of header fields behind other words that may be those of a report.
const MOST_BLOCKS: usize = 8;

/// Where the message of a mail system begins in a text that has other words above it: "look what I got".
pub(super) fn report_begins(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut after_blank = true;
    let mut blocks = 0;
    steps::took(text.len());
    for line in text.split_inclusive('\n') {
        if after_blank && is_field(line) && blocks < MOST_BLOCKS {
            blocks += 1;
            let is_report = Headers::read(&text[at..]).is_some_and(|(headers, _)| {
                let kind = headers.get("Content-Type").unwrap_or_default().to_ascii_lowercase();
                is_message(&headers) && (is_from_system(&headers) || kind.contains("multipart/report"))
            });
            if is_report {
                return Some(at);
            }
        }
        after_blank = line.trim().is_empty();
        at += line.len();
    }
    None
}

/// The fields of a report that stand in prose.
pub(super) fn status_in(text: &str) -> Option<DeliveryReport> {
    ends(text, 0..text.len(), READ_AT_EACH_END)
        .into_iter()
        .find_map(|part| status_from(&text[..part.end], part.start))
}

fn status_from(text: &str, mut at: usize) -> Option<DeliveryReport> {
    for line in text[at..].split_inclusive('\n') {
        steps::took(line.len());
        let name = line.split(':').next().unwrap_or_default().trim();
        if ["Reporting-MTA", "Final-Recipient", "Original-Recipient", "Diagnostic-Code"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
        {
            let report = DeliveryReport::parse(&text[at..]);
            return (!report.recipients.is_empty()).then_some(report);
        }
        at += line.len();
    }
    None
}
