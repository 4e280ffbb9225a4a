//! Whatever is pasted or dropped: no panic, places that are places, and nothing private in a proposal.

use std::sync::OnceLock;

use mail_triage_engine::{
    bounce::{Index, NormalText, Pattern, Reader, codes, proposal},
    dns::is_public,
    facts::{Ask as _, Facts, Pending},
    headers,
    knowledge::Blocklists,
    message::{self, Date, Headers, charset::plain},
    zone::Zone,
};
use proptest::prelude::*;

use crate::common;
use crate::common::bounces as texts;

fn reader() -> &'static (Reader, Blocklists) {
    static READER: OnceLock<(Reader, Blocklists)> = OnceLock::new();
    READER.get_or_init(|| (texts::reader(), common::knowledge().blocklists))
}

/// Pieces that mean something to the readers, so that random texts reach their far corners.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "\n", "\r\n", "\n\n", " ", "\t", ":", ";", "=", "--", "--x", "--x--", "\"", "(", ")", "<", ">", "@", "[", "]", "=?", "?=",
            "=?utf-8?B?", "=?big5?q?", "=C3", "=\n", "&lt;", "<p>", "<!--", "-->", "<script>", "</script>", "550", "5.7.1", "550 5.7.26 ",
            "550-5.7.1 ", "4.4.7", "11.22.33.44", "[11.22.33.44]", "2a00::1", "10.0.0.1", "shop.example", "bob@shop.example", "<a@b.example>",
            "host ", "said: ", "Client host ", "blocked using ", "spf ", "from ", "by ", "with ", "for ", "id ", "HELO ", "helo=",
            "Received: ", "From: ", "To: ", "Message-ID: <1@x>", "Return-Path: <>", "Subject: ", "Date: ", "Content-Type: multipart/report; boundary=x",
            "Content-Type: message/delivery-status", "Content-Type: message/rfc822", "Content-Transfer-Encoding: base64", "aGVsbG8=",
            "Authentication-Results: ", "mx.google.com; ", "dkim=pass ", "header.d=", "spf=fail ", "smtp.mailfrom=", "dmarc=pass",
            "DKIM-Signature: d=shop.example; s=sel1", "ARC-Seal: i=1; cv=none", "ARC-Authentication-Results: i=1; ", "Received-SPF: pass ",
            "Final-Recipient: rfc822; ", "Action: failed", "Status: 5.1.1", "Diagnostic-Code: smtp; ", "Remote-MTA: dns; mx.google.com",
            "Reporting-MTA: dns; a.example", "Fri, 20 Nov 2026 01:12:33 +0800", "This is a copy of the message", "漢", "信箱已滿", "\u{202e}", "\u{0}", "ÿ", "_domainkey.",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(|c| c.to_string()),
    ]
}

fn pasted() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), prop::collection::vec(piece(), 0..60).prop_map(|pieces| pieces.concat())]
}

#[test]
fn a_report_whose_words_stand_nowhere_as_they_are_has_no_place_to_lead_to() {
    let (reader, lists) = reader();
    let text = "信箱已滿\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1\n user unknown &lt;a&gt;\nFinal-Recipient: rfc822; a@b.example\n";
    for cut in 0..text.len() {
        let reading = reader.read(&text.as_bytes()[cut..], &plain, lists);
        for codes in reading.verdicts.iter().filter_map(|verdict| verdict.codes.as_ref()) {
            assert!(reading.text.get(codes.span.clone()).is_some(), "from {cut}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_pasted_is_read(text in pasted(), cut in any::<prop::sample::Index>()) {
        let (reader, lists) = reader();
        let octets = text.as_bytes();
        let octets = if octets.is_empty() { octets } else { &octets[cut.index(octets.len())..] };
        for octets in [octets, text.as_bytes()] {
            let reading = reader.read(octets, &plain, lists);
            let spans = reading.facts.iter().filter_map(|fact| fact.span.clone())
                .chain(reading.verdicts.iter().filter_map(|verdict| verdict.span.clone()))
                .chain(reading.verdicts.iter().filter_map(|verdict| verdict.codes.as_ref().map(|codes| codes.span.clone())));
            for span in spans {
                prop_assert!(reading.text.get(span).is_some());
            }
            let target = proposal(&reading.facts, &[]);
            prop_assert!(target.ips.iter().all(|&ip| is_public(ip)));
            prop_assert!(target.local_part.is_none());
            prop_assert!(serde_json::to_string(&reading).is_ok());
        }
    }

    #[test]
    fn whatever_octets_are_dropped_are_read(octets in prop::collection::vec(any::<u8>(), 0..400)) {
        let (reader, lists) = reader();
        let _ = reader.read(&octets, &plain, lists);
        let _ = message::parse(&octets, &plain);
        let _ = message::base64(&octets);
        prop_assert!(message::quoted_printable(&octets).len() <= octets.len());
    }

    #[test]
    fn whatever_a_header_holds_is_read_and_compared(pieces in prop::collection::vec(piece(), 0..60)) {
        let text = format!("Received: {}", pieces.concat());
        let (headers, body) = Headers::read(&text).unwrap();
        prop_assert!(body <= text.len());
        for header in &headers.0 {
            prop_assert!(text.get(header.span.clone()).is_some());
        }
        let reading = headers::read(&headers, &plain);
        prop_assert!(reading.handed_over.is_none_or(|at| at < reading.hops.len()));
        // In an empty world everything is answered; without one everything waits.
        let mut zone = Zone::parse("").unwrap();
        zone.finish();
        prop_assert!(headers::compare(&zone, &reading).is_ok());
        if reading.from.is_some() {
            prop_assert_eq!(headers::compare(&Facts::default(), &reading), Err(Pending));
        }
        prop_assert!(serde_json::to_string(&reading).is_ok());
        let _ = zone.ask(&mail_triage_engine::dns::Query::new(mail_triage_engine::dns::Name::root(), mail_triage_engine::dns::Rtype::Txt));
    }

    #[test]
    fn places_lead_back_to_what_was_made_plain(text in pasted()) {
        let normal = NormalText::new(&text);
        for (at, c) in normal.text.char_indices() {
            let origin = normal.origin(&text, at..at + c.len_utf8());
            prop_assert!(text.get(origin.clone()).is_some(), "{origin:?}");
        }
        prop_assert_eq!(NormalText::new(&normal.text).text.len() <= normal.text.len(), true);
        for code in codes(&text) {
            prop_assert!(text.get(code.span).is_some());
        }
    }

    #[test]
    fn whatever_stands_in_a_pattern(pattern in "[a-z(|)*?#<>@ ]{0,24}", text in "[a-c ()1.]{0,40}") {
        let (hits, _) = Index::new(std::iter::once(Pattern::parse(&pattern))).find(&text);
        for hit in hits {
            prop_assert!(text.get(hit.start..hit.end).is_some());
        }
    }

    #[test]
    fn dates_come_back(unix in 0i64..4_102_444_800, offset in -720i32..840) {
        let local = Date { unix: unix + i64::from(offset) * 60, offset: None };
        let (year, month, day, hour, minute, second) = local.civil();
        let name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][usize::from(month) - 1];
        let sign = if offset < 0 { '-' } else { '+' };
        let text = format!(
            "{day} {name} {year} {hour:02}:{minute:02}:{second:02} {sign}{:02}{:02}",
            offset.abs() / 60,
            offset.abs() % 60
        );
        prop_assert_eq!(Date::parse(&text).map(|date| date.unix), (year >= 1970).then_some(unix), "{}", text);
    }
}
