//! Whatever strangers write, what is copied or saved holds no character that nobody sees, and no line that the writer did
//! not make.

use std::fmt::Write as _;

use mail_triage_engine::{
    check::FindingData,
    command::lookups,
    contact::{Case, TicketOptions, mailto, parties, ticket},
    dns::{Outcome, Rdata, Txt},
    reading::Reading,
    report::Report,
    target::ListKeys,
    text::{Arg, Catalog},
};
use serde_json::Value;

use crate::common::{
    self,
    bounces::{read, reader},
    hostile::{self, Dice},
    knowledge, plural, read_by,
};

/// What no reader is to get: written anew here on purpose.
fn is_hidden(c: char) -> bool {
    let ranges = [
        ('\u{0}', '\u{1f}'),
        ('\u{7f}', '\u{9f}'),
        ('\u{ad}', '\u{ad}'),
        ('\u{200b}', '\u{200f}'),
        ('\u{2028}', '\u{202e}'),
        ('\u{2060}', '\u{206f}'),
        ('\u{feff}', '\u{feff}'),
        ('\u{e0000}', '\u{e007f}'),
    ];
    ranges.iter().any(|&(first, last)| (first..=last).contains(&c))
}

fn assert_clean(what: &str, text: &str) {
    let found = text.lines().find(|line| line.contains(is_hidden));
    assert_eq!(found, None, "{what}");
    // Some formats end their lines so.
    assert!(!text.replace("\r\n", "\n").contains('\r'), "{what}");
}

/// The same text with a letter for each character that nobody sees.
fn twin(text: &str) -> String {
    text.chars().map(|c| if is_hidden(c) { 'x' } else { c }).collect()
}

/// A value as it is written in a report, clean.
fn twin_arg(value: &Value) -> Arg {
    match value {
        Value::String(text) => Arg::Text(twin(text)),
        Value::Array(list) => Arg::List(list.iter().map(twin_arg).collect()),
        Value::Number(n) => Arg::Number(n.as_u64().unwrap()),
        key => Arg::key(key["key"].as_str().unwrap()),
    }
}

/// The same report, its texts clean: what is written of both has the same lines.
fn twin_report(report: &Report) -> Report {
    let mut report = report.clone();
    for finding in report.checks.iter_mut().flat_map(|check| &mut check.findings) {
        let args = serde_json::to_value(&finding.args).unwrap();
        for (name, value) in args.as_object().unwrap() {
            finding.args.set(name.clone().leak(), twin_arg(value));
        }
        let finding: &mut FindingData = finding;
        finding.labels.iter_mut().for_each(|label| label.text = twin(&label.text));
        for fix in finding.fix.iter_mut().chain(&mut finding.also) {
            fix.remove.iter_mut().for_each(|text| *text = twin(text));
        }
    }
    for evidence in &mut report.evidence {
        if let Outcome::Records(answer) = &mut evidence.outcome {
            for record in &mut answer.records {
                match &mut record.data {
                    Rdata::Txt(txt) => *txt = Txt::new([twin(&txt.text()).as_bytes()]),
                    Rdata::Caa { tag, value, .. } => (*tag, *value) = (twin(tag), twin(value)),
                    _ => {}
                }
            }
        }
    }
    report
}

fn wishes(keys: &ListKeys) -> TicketOptions<'_> {
    TicketOptions {
        since: "",
        third_parties: true,
        checked: Some(0),
        done: &[],
        local: &|unix| unix.to_string(),
        keys,
    }
}

/// Everything that can be copied of a report, one text each.
fn written(report: &Report, catalog: &Catalog) -> Vec<(String, String)> {
    let (keys, knowledge) = (ListKeys::default(), knowledge());
    let mut all = Vec::new();
    for reading in Reading::ALL {
        let document = read_by(*reading, report, catalog);
        all.push((format!("Markdown, {}", reading.as_str()), document.to_markdown()));
        all.push((format!("text, {}", reading.as_str()), document.to_text()));
    }
    let case = Case { report: Some(report), knowledge: Some(&knowledge), ..Case::default() };
    for party in parties(&case) {
        let ticket = ticket(&party, &case, &wishes(&keys), catalog, plural);
        let link = mailto(ticket.to.as_deref(), &ticket.subject, &ticket.body, "rest");
        all.push((format!("mail to {}", party.id()), decoded(&link)));
        all.push((format!("subject to {}", party.id()), ticket.subject));
        all.push((format!("message to {}", party.id()), ticket.body));
    }
    for (check, finding) in report.findings() {
        for part in ["title", "why", "do"] {
            let key = format!("finding.{}.{part}", finding.code.id());
            all.push((format!("{} {key}", check.id), catalog.say(&key, &finding.args, plural)));
        }
        let publish = finding.fix.iter().flat_map(|fix| &fix.publish);
        all.extend(publish.map(|text| (format!("publish {}", finding.code.id()), text.clone())));
    }
    let queries: Vec<_> = report.evidence.iter().map(|evidence| &evidence.query).collect();
    all.push(("commands".to_owned(), lookups(queries.iter().copied()).text));
    for evidence in &report.evidence {
        all.push(("question".to_owned(), evidence.query.to_string()));
        let records = evidence.outcome.records().iter();
        all.extend(records.map(|record| (format!("{}", evidence.query), record.data.to_string())));
    }
    all
}

/// A link as the mail program reads it.
fn decoded(link: &str) -> String {
    let mut octets = Vec::new();
    let mut rest = link.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        match first {
            b'%' => {
                let digits = std::str::from_utf8(&after[..2]).unwrap();
                octets.push(u8::from_str_radix(digits, 16).unwrap());
                rest = &after[2..];
            }
            _ => {
                octets.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8(octets).unwrap().replace("\r\n", "\n")
}

#[test]
fn no_record_reaches_a_report_unseen_or_adds_a_line_to_it() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut unseen = 0;
    for round in 0..30 {
        let report = hostile::session(&mut dice).report();
        let clean = twin_report(&report);
        unseen += report
            .findings()
            .filter(|(_, finding)| finding.labels.iter().any(|l| l.text.contains(is_hidden)))
            .count();
        for (language, catalog) in common::catalogs() {
            let (hostile, clean) = (written(&report, &catalog), written(&clean, &catalog));
            assert_eq!(hostile.len(), clean.len(), "round {round}");
            for ((what, text), (_, twin)) in hostile.iter().zip(&clean) {
                assert_clean(what, text);
                // The link is cut to a length.
                if !what.starts_with("mail to") {
                    assert_eq!(text.lines().count(), twin.lines().count(), "{language}, {what}: {text}");
                }
            }
        }
    }
    assert!(unseen > 30, "only {unseen} findings show what nobody sees");
}

#[test]
fn no_pasted_error_reaches_a_message_unseen_or_adds_a_line_to_it() {
    let (reader, lists) = (reader(), knowledge().blocklists);
    let (keys, knowledge) = (ListKeys::default(), knowledge());
    let catalogs = common::catalogs();
    let reason = "\u{1b}[2J\u{202e}gpj\u{2028}> 250 ok\u{85}- forged\rx\u{0}\u{200b}";
    for text in [
        "550 5.7.1 Client host [11.22.33.44] blocked using bl.spamcop.net {}",
        "<bob@shop.example>: host mx.shop.example[11.22.33.1] said: 550 5.1.1 user {} unknown",
        "<bob{}@shop.example>: 452 4.2.2 mailbox full {}\nsecond {} line",
        "From: a@b.example\r\nSubject: {}\r\n\r\n535 5.7.8 Username and Password not accepted {}",
    ] {
        let body = |reason: &str| {
            let reading = read(&reader, &text.replace("{}", reason), &lists);
            let case = Case { reading: Some(&reading), knowledge: Some(&knowledge), ..Case::default() };
            let mut all = Vec::new();
            for party in parties(&case) {
                for (_, catalog) in &catalogs {
                    let ticket = ticket(&party, &case, &wishes(&keys), catalog, plural);
                    assert_clean("subject", &ticket.subject);
                    assert_clean(&format!("message to {}", party.id()), &ticket.body);
                    let link = mailto(ticket.to.as_deref(), &ticket.subject, &ticket.body, "rest");
                    assert_clean("link", &decoded(&link));
                    all.push(ticket.body);
                }
            }
            all
        };
        let (hostile, clean) = (body(reason), body(&twin(reason)));
        assert_eq!(hostile.len(), clean.len());
        for (hostile, clean) in hostile.iter().zip(clean) {
            // The clean one may be read better, and then tells more.
            assert!(hostile.lines().count() <= clean.lines().count(), "{hostile}");
        }
        assert!(hostile.iter().any(|body| body.contains("\\027[2J\\226\\128\\174gpj")), "{hostile:?}");
    }
}

#[test]
fn a_link_holds_what_the_user_wrote_and_nothing_unseen() {
    let body = "Dear\tall,\r\nline two\u{1b}[31m\u{202e}\rthree\n";
    let link = decoded(&mailto(Some("a\nbcc:x@y.example"), "s\r\nBcc: x@y.example", body, ""));
    let mut wanted = String::from("mailto:a\\010bcc:x@y.example?subject=s\\013\\010Bcc: x@y.example&body=");
    write!(wanted, "Dear all,\nline two\\027[31m\\226\\128\\174\\013three\n").unwrap();
    assert_eq!(link, wanted);
}
