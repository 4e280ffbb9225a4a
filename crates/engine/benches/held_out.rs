//! How error messages are understood whose mail system nobody has seen: each is read without the wordings and words that
//! stand in texts of its own system alone.
//!
//! Texts that were worked with say little of those to come: their wordings are known. Without them a text is as good as new.
//! Behind `--` stand folders, and `files` to hold out a file at a time in place of a system. `tests/bounces-sealed` is never
//! read here.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench prints, and stops at what it did not expect"
)]

#[path = "../../../tests/native/common/mod.rs"]
mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::bounces::{self as texts, Case, Score};
use mail_triage_engine::{
    bounce::{Index, NormalText, Pattern, Reader},
    knowledge::SmtpCodes,
};

/// Folders whose texts say in which systems a wording stands.
const KNOWN: [&str; 4] =
    ["tests/bounces", "tests/bounces-fresh", "tests/bounces-found", "tests/bounces-open"];

fn main() {
    std::env::set_current_dir("../..").unwrap();
    let named: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let by_file = named.iter().any(|word| word == "files");
    let group = |case: &Case| {
        let file = case.name.split(':').next().unwrap_or_default();
        if by_file { file.to_owned() } else { case.system.clone() }
    };
    let cases: Vec<Case> = KNOWN.into_iter().flat_map(texts::cases).collect();
    let held_out = HeldOut::new(texts::all_codes(), &cases, &group);
    let lists = common::knowledge().blocklists;
    let folders: Vec<&str> =
        KNOWN.into_iter().filter(|known| named.iter().any(|word| word == known)).collect();
    let folders = if folders.is_empty() { KNOWN[2..].to_vec() } else { folders };
    let mut readers: BTreeMap<String, Reader> = BTreeMap::new();
    let mut sum = Score::default();
    for case in folders.into_iter().flat_map(texts::cases) {
        let own = group(&case);
        let reader = readers.entry(own.clone()).or_insert_with(|| Reader::new(held_out.without(&own)));
        let figures = texts::figures(reader, std::slice::from_ref(&case), &lists);
        sum.all += 1;
        sum.right += figures.sum.right;
        sum.wrong += figures.sum.wrong;
        sum.none += figures.sum.none;
        sum.step += figures.sum.step;
        figures.missed.iter().for_each(|missed| println!("    not right: {missed}"));
    }
    println!("{}", texts::line(sum));
}

/// What is known, and in the texts of which groups each wording and each word of a term stands.
struct HeldOut {
    codes: SmtpCodes,
    wordings: Vec<(usize, String, BTreeSet<String>)>,
    words: Vec<(usize, String, BTreeSet<String>)>,
}

impl HeldOut {
    fn new(codes: SmtpCodes, cases: &[Case], group: &dyn Fn(&Case) -> String) -> Self {
        let wordings = codes.codes.iter().enumerate();
        let wordings =
            wordings.flat_map(|(at, code)| code.patterns.iter().map(move |word| (at, word.clone())));
        let words = codes.terms.iter().enumerate();
        let words = words.flat_map(|(at, term)| term.words.iter().map(move |word| (at, word.clone())));
        let wordings = in_groups(wordings.collect(), cases, group);
        let words = in_groups(words.collect(), cases, group);
        Self { wordings, words, codes }
    }

    /// What would be known without the texts of a group.
    fn without(&self, own: &str) -> SmtpCodes {
        let is_only_there = |groups: &BTreeSet<String>| groups.len() == 1 && groups.contains(own);
        let mut codes = self.codes.clone();
        for (at, word, _) in self.wordings.iter().filter(|(_, _, groups)| is_only_there(groups)) {
            codes.codes[*at].patterns.retain(|other| other != word);
        }
        for (at, word, _) in self.words.iter().filter(|(_, _, groups)| is_only_there(groups)) {
            codes.terms[*at].words.retain(|other| other != word);
        }
        codes
    }
}

/// In the texts of which groups each word stands.
fn in_groups(
    words: Vec<(usize, String)>,
    cases: &[Case],
    group: &dyn Fn(&Case) -> String,
) -> Vec<(usize, String, BTreeSet<String>)> {
    let index = Index::new(words.iter().map(|(_, word)| Pattern::parse(word)));
    let mut all: Vec<_> = words.into_iter().map(|(at, word)| (at, word, BTreeSet::new())).collect();
    for case in cases {
        for hit in index.find(&NormalText::new(&case.text).text).0 {
            all[hit.pattern].2.insert(group(case));
        }
    }
    all
}
