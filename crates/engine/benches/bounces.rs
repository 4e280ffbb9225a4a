//! How many error messages are understood: the right cause, a wrong one, none; the right step.
//!
//! The texts of `tests/bounces` are those that the wordings were made with; those of `tests/bounces-fresh` were written
//! afterwards; those of `tests/bounces-found` were found in public and are worked with, as are those of `tests/bounces-open`,
//! of which many are not understood yet. No wording was made for those of `tests/bounces-sealed`, nor may one be: of them
//! only numbers are printed.
//!
//! With folders behind `--` it reads those alone: new texts, before anything is made for them.
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
use mail_triage_engine::{bounce::Reader, knowledge::Blocklists};

fn main() {
    // Cargo runs a bench in its package; the data files are those of the repository.
    std::env::set_current_dir("../..").unwrap();
    let (reader, lists) = (texts::reader(), common::knowledge().blocklists);
    let named: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    if !named.is_empty() {
        named.iter().for_each(|folder| report(&reader, &lists, folder, folder));
        return;
    }
    for (title, folder) in [
        ("error messages", "tests/bounces"),
        ("  written afterwards", "tests/bounces-fresh"),
        ("  found in public", "tests/bounces-found"),
        ("  still open", "tests/bounces-open"),
        ("  sealed", "tests/bounces-sealed"),
    ] {
        report(&reader, &lists, title, folder);
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

/// What is made of the texts of a folder.
fn report(reader: &Reader, lists: &Blocklists, title: &str, folder: &str) {
    let cases = texts::cases(folder);
    if cases.is_empty() {
        return;
    }
    let figures = texts::figures(reader, &cases, lists);
    println!("{title:<24}{}, {} us each", texts::line(figures.sum), figures.micros);
    for (what, scores) in [("system", &figures.systems), ("language", &figures.languages)] {
        for (name, score) in scores {
            println!("    {what} {name:<22}{}", texts::line(*score));
        }
    }
    // Which entries are often wrong says nothing of a single text, but much of all of them.
    for (name, score) in figures.entries.iter().filter(|_| !folder.contains("sealed")) {
        println!("    entry {name:<22}{} of {} right", score.right, score.all);
    }
    for missed in figures.missed.iter().filter(|_| !folder.contains("sealed")) {
        println!("    not right: {missed}");
    }
}
