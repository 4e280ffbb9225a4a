//! The same error message in other dress: what people paste is what their mail program made of it.

use std::sync::LazyLock;

use mail_triage_engine::{
    bounce::{Reader, Region},
    knowledge::Blocklists,
    message::charset::plain,
};

use crate::common;
use crate::common::bounces::{Case, cases, read, reader};

/// The head of a report that somebody passes on.
const FORWARDED: &str = "---------- Forwarded message ---------\nFrom: Mail Delivery System <MAILER-DAEMON@mail.shop.example>\n\
    Date: Fri, 20 Nov 2026 09:12:33 +0800\nSubject: Undelivered Mail Returned to Sender\nTo: <anna@shop.example>\n\n";
const OUTLOOK: &str = "-----Original Message-----\nFrom: Mail Delivery System [mailto:MAILER-DAEMON@mail.shop.example]\n\
    Sent: Friday, November 20, 2026 9:12 AM\nTo: anna@shop.example\nSubject: Undelivered Mail Returned to Sender\n\n";

/// A dress, and whether the reason may be lost in it.
struct Dress {
    name: &'static str,
    put_on: fn(&str) -> String,
    may_lose: bool,
}

const DRESSES: [Dress; 7] = [
    Dress {
        name: "a greeting above",
        put_on: |text| format!("Hello,\nI got this when I wrote to a customer. What does it mean?\n\n{text}"),
        may_lose: false,
    },
    Dress {
        name: "quoted",
        put_on: |text| text.lines().map(|line| format!("> {line}\n")).collect(),
        may_lose: false,
    },
    Dress { name: "lone carriage returns", put_on: |text| text.replace('\n', "\r"), may_lose: false },
    Dress { name: "pasted twice", put_on: |text| format!("{text}\n\n{text}"), may_lose: false },
    Dress { name: "forwarded", put_on: |text| format!("{FORWARDED}{text}"), may_lose: false },
    Dress { name: "forwarded by Outlook", put_on: |text| format!("{OUTLOOK}{text}"), may_lose: false },
    Dress { name: "visible text only", put_on: visible, may_lose: true },
];

/// What a mail program shows of a text: the words for people.
fn visible(text: &str) -> String {
    static READER: LazyLock<Reader> = LazyLock::new(reader);
    let pasted = READER.pasted(text.as_bytes(), &plain);
    pasted.parts(Region::Prose).map(|part| &pasted.text[part]).collect()
}

fn cause(reader: &Reader, text: &str, lists: &Blocklists) -> String {
    let verdicts = read(reader, text, lists).verdicts;
    verdicts.first().and_then(|verdict| verdict.cause.clone()).unwrap_or_else(|| "-".to_owned())
}

#[test]
fn the_same_report_gives_the_same_answer_in_every_dress() {
    let (reader, lists) = (reader(), common::knowledge().blocklists);
    let all: Vec<Case> = ["tests/bounces", "tests/bounces-fresh", "tests/bounces-found"]
        .map(cases)
        .into_iter()
        .flatten()
        .collect();
    let mut wrong = Vec::new();
    for case in &all {
        let bare = cause(&reader, &case.text, &lists);
        for dress in &DRESSES {
            let found = cause(&reader, &(dress.put_on)(&case.text), &lists);
            let tells_nothing = |cause: &str| matches!(cause, "-" | "not-delivered");
            let is_lost = tells_nothing(&found) && (dress.may_lose || tells_nothing(&bare));
            if found != bare && !is_lost {
                wrong.push(format!("{}, {}: {found} instead of {bare}", case.name, dress.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), all.len() * DRESSES.len());
}
