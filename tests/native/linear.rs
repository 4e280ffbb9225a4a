//! Whatever is typed, pasted or linked to is read in a time that grows with its length, or is read in part.
//!
//! Steps are counted (`mail_triage_engine::steps`), not seconds. `cargo bench --bench payloads` prints seconds.

use mail_triage_engine::{
    build, input,
    input::limits::{InputField, MESSAGE},
    limits::count,
    record::mta_sts::judge_policy,
    settings::{TestOutput, read_output},
    steps,
};

use crate::common::payloads::{PAYLOADS, TextReader, readers};

/// Octets of the shorter text of two.
const OCTETS: usize = 4_000;
/// How much longer the other one is.
const TIMES: u64 = 4;
/// Steps that any text may take besides: so many things are held against each other where their number is bounded.
const BESIDES: u64 = 200_000;

/// A hostile text four times as long takes four times as many steps, and never many for each octet.
#[test]
fn what_is_four_times_as_long_takes_four_times_as_many_steps() {
    let mut wrong: Vec<String> = Vec::new();
    for reader in readers() {
        let mut most = 0;
        for payload in PAYLOADS {
            let of = |text: &str| steps::of(|| (reader.read)(text));
            let (short, long) = (payload.text(OCTETS), payload.text(OCTETS * TIMES as usize));
            // What is made once is made by now.
            let (few, many) = (of(&short), of(&long));
            if many > few * (TIMES + 1) + BESIDES || many > long.len() as u64 * 400 + BESIDES {
                wrong.push(format!("{}, {}: {few} steps, then {many}", reader.name, payload.name));
            }
            most = most.max(few).max(many);
        }
        if most < 500 {
            wrong.push(format!("{} counts no steps", reader.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What froze a page once: ten megabytes in one line, made of numbers. No more is looked at than of the part that is read.
#[test]
fn one_line_of_ten_megabytes_of_numbers_is_read_in_part() {
    let reader = readers().into_iter().find(|reader| reader.name == "pasted").unwrap();
    for unit in ["550 5.7.1 11.22.33.44 ", "11.22.33.44,", "5.7.1-", "a@b.example,550,", "host mx said: 550 "]
    {
        let of = |octets: usize| {
            let text = unit.repeat(octets / unit.len());
            steps::of(|| (reader.read)(&text))
        };
        let (part, whole) = (of(MESSAGE), of(10_000_000));
        assert!(whole <= part + part / 2, "{unit}: {part} steps for what is read, {whole} for all");
        assert!(part <= MESSAGE as u64 * 400, "{unit}: {part} steps");
    }
}

/// The test above sees a reader that goes back over the text for each of its parts.
#[test]
fn a_reader_that_goes_back_is_seen() {
    let back = |text: &str| {
        for at in text.match_indices(' ').map(|(at, _)| at) {
            steps::took(text[..at].rsplit('\n').next().unwrap_or_default().len());
        }
    };
    let reader = TextReader { name: "back", read: Box::new(back) };
    let text = |octets| PAYLOADS[0].text(octets);
    let of = |octets| steps::of(|| (reader.read)(&text(octets)));
    assert!(of(OCTETS * TIMES as usize) > of(OCTETS) * (TIMES + 1) + BESIDES);
}

#[test]
fn there_are_forty_kinds_and_more_and_each_is_one() {
    assert!(PAYLOADS.len() >= 40);
    for (at, payload) in PAYLOADS.iter().enumerate() {
        assert!(!PAYLOADS[..at].iter().any(|other| other.name == payload.name), "{}", payload.name);
        assert!(payload.text(100).len() >= 100, "{}", payload.name);
    }
}

/// Text that fills a field to its limit, with something behind it.
fn behind(field: InputField, blank: &str, what: &str) -> String {
    format!("{}{what}", blank.repeat(field.most()))
}

#[test]
fn what_stands_behind_the_limit_of_a_field_is_not_read() {
    assert_eq!(input::read_ips(&behind(InputField::List, " ", "11.22.33.44")).0.len(), 0);
    assert_eq!(input::read_selectors(&behind(InputField::List, " ", "s1")).0.len(), 0);
    assert_eq!(build::spf::read_own(&behind(InputField::List, " ", "11.22.33.44")).0.len(), 0);
    assert_eq!(build::dmarc::read_reports(&behind(InputField::List, " ", "a@b.example")).0.len(), 0);
    assert_eq!(build::spf::host(&behind(InputField::Line, " ", "a.example")), None);
    assert_eq!(count(&behind(InputField::Line, " ", "7")), Ok(None));
    assert!(
        !read_output(&behind(InputField::Output, "\n", "connection refused"))
            .0
            .contains(&TestOutput::Refused)
    );
    assert_eq!(judge_policy(&behind(InputField::Policy, "\n", "mode: none"), &[]).policy.mode, None);
}
