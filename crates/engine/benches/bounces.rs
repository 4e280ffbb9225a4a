//! How many error messages are understood.
//!
//! The texts of `tests/bounces` are those the patterns were made with; those of `tests/bounces-fresh` were written
//! afterwards, and no pattern was made for them. A text that leads to the wrong step is wrong, not understood.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench prints, and stops at what it did not expect"
)]

#[path = "../../../tests/native/common/mod.rs"]
mod common;

use std::time::Instant;

use common::bounces as texts;

fn main() {
    // Cargo runs a bench in its package; the data files are those of the repository.
    std::env::set_current_dir("../..").unwrap();
    let (reader, lists) = (texts::reader(), common::knowledge().blocklists);
    for (title, folder) in
        [("error messages", "tests/bounces"), ("  written afterwards", "tests/bounces-fresh")]
    {
        let cases = texts::cases(folder);
        let (mut right, mut step, mut none, mut wrong) = (0, 0, 0, Vec::new());
        let start = Instant::now();
        for case in &cases {
            let reading = texts::read(&reader, &case.text, &lists);
            let found = texts::words(reading.verdicts.first());
            match () {
                () if found == case.wanted => right += 1,
                () if found[1] == "-" => none += 1,
                () if found[0] == case.wanted[0] => step += 1,
                () => wrong.push(&case.name),
            }
        }
        let each = start.elapsed().as_micros() / cases.len().max(1) as u128;
        #[allow(clippy::cast_precision_loss, reason = "some hundreds")]
        let share = 100.0 * right as f64 / cases.len() as f64;
        println!(
            "{title:<24}{share:>6.1} % of {} understood, {step} only the step, {none} not recognised, {} to the wrong step, {each} us each",
            cases.len(),
            wrong.len()
        );
        for name in wrong {
            println!("    wrong step: {name}");
        }
    }
    let long =
        "Words and numbers such as 500 messages of 5.7.1 kilograms, from 11.22.33.44.\n".repeat(66_000);
    let fields = "Received: from a.shop.example (a.shop.example [11.22.33.44]) by b.shop.example with ESMTPS id x; Fri, 20 Nov 2026 01:12:38 +0000\n".repeat(38_000);
    for (what, text) in [("text", &long), ("header", &format!("Message-ID: <1@shop.example>\n{fields}"))] {
        let start = Instant::now();
        let kind = texts::read(&reader, text, &lists).kind;
        println!("{} octets of {what:<12} {:>6} ms, as {kind:?}", text.len(), start.elapsed().as_millis());
    }
}
