//! What is worth a word in a header, for whoever worries about it.

use serde::Serialize;

use super::{AuthResult, FilterMarkKind, HeaderReading};
use crate::{
    check::{Args, Level},
    dns::Name,
    message::MOST_FIELDS,
    text::Arg,
};

/// Seconds by which the Date field may be off.
const DAY: i64 = 86_400;

/// One thing worth a word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeaderRemark {
    /// What it is.
    pub kind: RemarkKind,
    /// How much it matters.
    pub level: Level,
    /// Values for the words.
    pub args: Args,
}

words! {
    /// What can be worth a word. The words are `header.remark.<word>`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum RemarkKind {
        /// The receiver's filter took it for spam.
        Spam = "spam",
        /// The receiver's filter took it for fraud.
        Fraud = "fraud",
        /// Microsoft counts it as bulk mail that people complain about.
        Bulk = "bulk",
        /// The receiver's filter did not take it for spam.
        NotSpam = "not-spam",
        /// Microsoft found the sender not proven by anything.
        CompAuth = "comp-auth",
        /// There are more lines than are read.
        Cut = "cut",
        /// There is no From line that can be read (RFC 5322 section 3.6.2).
        NoFrom = "no-from",
        /// The From line has several addresses, for which DMARC has no rule.
        SeveralFrom = "several-from",
        /// There is no Message-ID (RFC 5322 section 3.6.4).
        NoMessageId = "no-message-id",
        /// There are several.
        SeveralMessageIds = "several-message-ids",
        /// There is no Date that can be read (RFC 5322 section 3.6.1).
        NoDate = "no-date",
        /// The Date is more than a day off the time at which the first server took the message.
        DateOff = "date-off",
        /// Nobody signed.
        Unsigned = "unsigned",
        /// A signature covers only the beginning of the text (RFC 6376 section 8.2).
        SignatureCut = "signature-cut",
        /// A signature by a hash that is broken (RFC 8301).
        Sha1 = "sha1",
        /// It was handed over without encryption.
        NoTls = "no-tls",
        /// What cannot be delivered goes to another domain than that of the From line.
        OtherReturnPath = "other-return-path",
        /// It is sent to many, and cannot be left with one click (RFC 8058).
        NoOneClick = "no-one-click",
        /// It can.
        OneClick = "one-click",
        /// Somebody passed it on and vouches for it (RFC 8617).
        PassedOn = "passed-on",
    }
    key "header.remark.{}"
}

/// Takes a remark with the values for its words.
type Add<'a> = dyn FnMut(RemarkKind, Level, &[(&'static str, String)]) + 'a;

/// What is worth a word about a header, the most pressing first.
#[must_use]
pub fn remarks(reading: &HeaderReading) -> Vec<HeaderRemark> {
    let mut remarks: Vec<HeaderRemark> = Vec::new();
    let mut add = |kind, level, args: &[(&'static str, String)]| {
        let mut values = Args::default();
        for (name, value) in args {
            values.set(name, Arg::Text(value.clone()));
        }
        remarks.push(HeaderRemark { kind, level, args: values });
    };
    of_filter(reading, &mut add);
    of_missing_fields(reading, &mut add);
    of_signatures(reading, &mut add);
    of_transport(reading, &mut add);
    of_bulk(reading, &mut add);
    of_other_domains(reading, &mut add);
    remarks.sort_by_key(|remark| remark.level);
    remarks
}

/// Fields that RFC 5322 section 3.6 asks for, once each, and a date that can be right. Of a header that was read in part it
/// is not known what is missing.
fn of_missing_fields(reading: &HeaderReading, add: &mut Add<'_>) {
    if reading.cut {
        add(RemarkKind::Cut, Level::Unknown, &[("n", MOST_FIELDS.to_string())]);
    }
    match reading.from_count {
        0 if reading.cut => {}
        0 => add(RemarkKind::NoFrom, Level::Stops, &[]),
        1 => {}
        _ => add(RemarkKind::SeveralFrom, Level::Improve, &[]),
    }
    match reading.message_ids {
        0 if reading.cut => {}
        0 => add(RemarkKind::NoMessageId, Level::Improve, &[]),
        1 => {}
        _ => add(RemarkKind::SeveralMessageIds, Level::Improve, &[]),
    }
    let first = reading.hops.iter().find_map(|hop| hop.time);
    match (reading.date, first) {
        (None, _) if !reading.cut => add(RemarkKind::NoDate, Level::Improve, &[]),
        (Some(date), Some(first)) if (date.unix - first.unix).abs() > DAY => {
            add(RemarkKind::DateOff, Level::Improve, &[]);
        }
        _ => {}
    }
}

fn of_signatures(reading: &HeaderReading, add: &mut Add<'_>) {
    if reading.signatures.is_empty() && reading.from_count > 0 && !reading.cut {
        add(RemarkKind::Unsigned, Level::Improve, &[]);
    }
    let signed_by = |domain: &Option<Name>| domain.as_ref().map(ToString::to_string).unwrap_or_default();
    for signature in &reading.signatures {
        if signature.cut {
            add(RemarkKind::SignatureCut, Level::Improve, &[("domain", signed_by(&signature.domain))]);
        }
        if signature.algorithm == "rsa-sha1" {
            add(RemarkKind::Sha1, Level::Improve, &[("domain", signed_by(&signature.domain))]);
        }
    }
}

fn of_transport(reading: &HeaderReading, add: &mut Add<'_>) {
    if let Some(hop) = reading.hand_over().filter(|hop| !hop.tls && !hop.internal) {
        add(RemarkKind::NoTls, Level::Improve, &[("host", hop.by.clone().unwrap_or_default())]);
    }
}

/// Whether mail to many can be unsubscribed from in one click (RFC 8058).
fn of_bulk(reading: &HeaderReading, add: &mut Add<'_>) {
    match (reading.bulk, reading.unsubscribe.one_click) {
        (true, false) => add(RemarkKind::NoOneClick, Level::Improve, &[]),
        (true, true) => add(RemarkKind::OneClick, Level::Pass, &[]),
        _ => {}
    }
}

/// Another domain that takes the bounces, and those that passed the message on.
fn of_other_domains(reading: &HeaderReading, add: &mut Add<'_>) {
    if let (Some(from), Some(path)) = (&reading.from, &reading.return_path)
        && !from.is_within_or_above(path)
    {
        let args = [("from", from.to_string()), ("domain", path.to_string())];
        add(RemarkKind::OtherReturnPath, Level::Info, &args);
    }
    for set in reading.passed_on().take(3) {
        if let Some(by) = &set.sealed_by {
            add(RemarkKind::PassedOn, Level::Info, &[("domain", by.to_string())]);
        }
    }
}

/// What the receiver's filter thought of it.
fn of_filter(reading: &HeaderReading, add: &mut Add<'_>) {
    let mark = |name: FilterMarkKind| {
        reading.filter.iter().find(|mark| mark.name == name).map(|mark| mark.value.as_str())
    };
    let level: Option<i32> = mark(FilterMarkKind::Scl).and_then(|value| value.parse().ok());
    let verdict = mark(FilterMarkKind::Sfv).unwrap_or_default();
    let kind = mark(FilterMarkKind::Cat).unwrap_or_default();
    let status = mark(FilterMarkKind::SpamStatus).unwrap_or_default().to_ascii_lowercase();
    let shown = |name: &str, value: &str| [("mark", format!("{name} {value}"))];
    if matches!(kind, "PHSH" | "HPHSH" | "HPHISH" | "SPOOF" | "DIMP" | "UIMP" | "BIMP" | "GIMP" | "MALW") {
        add(RemarkKind::Fraud, Level::Stops, &shown("CAT", kind));
    } else if let Some(level) = level.filter(|&level| level >= 5) {
        add(RemarkKind::Spam, Level::Stops, &shown("SCL", &level.to_string()));
    } else if matches!(verdict, "SPM" | "SKB" | "SKS" | "BLK") {
        add(RemarkKind::Spam, Level::Stops, &shown("SFV", verdict));
    } else if status.starts_with("yes") {
        add(RemarkKind::Spam, Level::Stops, &[("mark", "X-Spam-Status: Yes".to_owned())]);
    } else if let Some(level) = level {
        add(RemarkKind::NotSpam, Level::Pass, &shown("SCL", &level.to_string()));
    } else if status.starts_with("no") {
        add(RemarkKind::NotSpam, Level::Pass, &[("mark", "X-Spam-Status: No".to_owned())]);
    }
    if mark(FilterMarkKind::Bcl).and_then(|value| value.parse::<i32>().ok()).is_some_and(|level| level >= 7) {
        add(RemarkKind::Bulk, Level::Improve, &shown("BCL", mark(FilterMarkKind::Bcl).unwrap_or_default()));
    }
    let judged = reading.judged();
    let composite = judged.as_ref().and_then(|results| results.of("compauth").next());
    let failed = |result: &&AuthResult| matches!(result.result.as_str(), "fail" | "softpass");
    if let Some(result) = composite.filter(failed) {
        let reason = result.reason.as_deref().unwrap_or_default();
        add(RemarkKind::CompAuth, Level::Improve, &shown("compauth", &format!("{} {reason}", result.result)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        headers::read,
        message::{Headers, charset::plain},
    };

    fn kinds(text: &str) -> Vec<&'static str> {
        let reading = read(&Headers::read(text).unwrap().0, &plain);
        remarks(&reading).into_iter().map(|remark| remark.kind.as_str()).collect()
    }

    const GOOD: &str = "Received: from a.shop.example (a.shop.example [11.22.33.44]) by mx.rcpt.example with ESMTPS id x; Fri, 20 Nov 2026 01:12:38 +0000\nDKIM-Signature: a=rsa-sha256; d=shop.example; s=a\nFrom: a@shop.example\nDate: Fri, 20 Nov 2026 01:12:30 +0000\nMessage-ID: <1@shop.example>\n";

    #[test]
    fn a_good_message_needs_no_words() {
        assert_eq!(kinds(GOOD), [""; 0]);
        let spam = format!("{GOOD}X-Forefront-Antispam-Report: CIP:11.22.33.44;SCL:1;SFV:NSPM;CAT:NONE\n");
        assert_eq!(kinds(&spam), ["not-spam"]);
    }

    #[test]
    fn what_is_missing_or_odd_is_named() {
        assert_eq!(
            kinds("Received: from a by b; Fri, 20 Nov 2026 01:12:38 +0000\n"),
            ["no-from", "no-message-id", "no-date"]
        );
        for (from, to, word) in [
            ("d=shop.example", "d=shop.example; l=20", "signature-cut"),
            ("rsa-sha256", "rsa-sha1", "sha1"),
            ("ESMTPS", "ESMTP", "no-tls"),
            ("Message-ID: <1@shop.example>", "Message-ID: <1@a>\nMessage-ID: <2@a>", "several-message-ids"),
            ("20 Nov 2026 01:12:30", "20 Oct 2026 01:12:30", "date-off"),
            ("From: a@shop.example", "From: a@shop.example, b@c.example", "several-from"),
            ("Message-ID", "Return-Path: <b@service.example>\nMessage-ID", "other-return-path"),
            ("Message-ID", "List-Unsubscribe: <mailto:u@shop.example>\nMessage-ID", "no-one-click"),
            ("Message-ID", "Precedence: bulk\nMessage-ID", "no-one-click"),
            (
                "Message-ID",
                "List-Unsubscribe: <https://shop.example/u>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\nMessage-ID",
                "one-click",
            ),
            ("Message-ID", "X-Forefront-Antispam-Report: SCL:5;SFV:SPM\nMessage-ID", "spam"),
            ("Message-ID", "X-Forefront-Antispam-Report: SCL:8;CAT:PHSH\nMessage-ID", "fraud"),
            ("Message-ID", "X-Microsoft-Antispam: BCL:8;\nMessage-ID", "bulk"),
            ("Message-ID", "X-Spam-Status: Yes, score=9\nMessage-ID", "spam"),
            ("Message-ID", "ARC-Seal: i=1; d=list.example; cv=none\nMessage-ID", "passed-on"),
            ("Message-ID", "ARC-Seal: i=1; d=rcpt.example; cv=none\nX-Spam-Flag: NO\nMessage-ID", "not-spam"),
        ] {
            assert_eq!(kinds(&GOOD.replacen(from, to, 1)), [word], "{to}");
        }
        let long = format!("{}{}", GOOD.lines().next().unwrap(), "\nX: 1".repeat(MOST_FIELDS));
        assert_eq!(kinds(&long), ["cut"], "what was not read is not missing");
        let unsigned = GOOD.replace("DKIM-Signature", "X-Old");
        assert_eq!(kinds(&unsigned), ["unsigned"]);
    }
}
