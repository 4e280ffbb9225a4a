//! Error messages with what they mean: the files of `tests/bounces` and of the folders beside it.
//!
//! Each begins with `=== name`, then `> step cause party`, then the text up to the next one. Between the
//! two there may be lines like `# source: where it was found`, also with `system`, `language` (its BCP 47
//! tag) and `new cause`, a cause that the product does not know yet and that would fit better.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{collections::BTreeMap, fs};

use mail_triage_engine::{
    bounce::{BounceReading, BounceVerdict, Reader},
    checklist::ChecklistStep,
    knowledge::{Blocklists, SmtpCodes},
    message::charset::plain,
};

/// One text and what is to be made of it.
pub struct Case {
    /// Its file and name.
    pub name: String,
    /// Step, cause, party.
    pub wanted: [String; 3],
    /// What is said about it: by `source`, `system`, `language` or `new cause`.
    pub about: BTreeMap<String, String>,
    /// What is pasted.
    pub text: String,
}

/// All texts of a folder.
pub fn cases(folder: &str) -> Vec<Case> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let all = fs::read_to_string(&file).unwrap();
        let file = file.file_stem().unwrap().to_string_lossy().into_owned();
        for case in all.split("\n=== ").flat_map(|text| text.strip_prefix("=== ").or(Some(text))) {
            let (name, mut rest) = case.split_once('\n').unwrap();
            let mut about = BTreeMap::new();
            while let Some((line, after)) = rest.strip_prefix("# ").and_then(|rest| rest.split_once('\n')) {
                let (key, value) = line.split_once(": ").unwrap_or_else(|| panic!("{name}: {line}"));
                about.insert(key.to_owned(), value.to_owned());
                rest = after;
            }
            let (wanted, text) = rest.split_once('\n').unwrap_or((rest, ""));
            let wanted: Vec<String> =
                wanted.strip_prefix("> ").unwrap().split_whitespace().map(str::to_owned).collect();
            cases.push(Case {
                name: format!("{file}: {name}"),
                wanted: wanted.try_into().unwrap_or_else(|_| panic!("{name}: three words")),
                about,
                text: text.to_owned(),
            });
        }
    }
    cases
}

/// The product's own knowledge of error messages.
pub fn reader() -> Reader {
    Reader::new(codes("smtp-codes").with(codes("smtp-words")))
}

/// One of its files.
pub fn codes(name: &str) -> SmtpCodes {
    serde_json::from_str(&fs::read_to_string(format!("www/data/{name}.json")).unwrap()).unwrap()
}

/// Reads a text as the page does.
pub fn read(reader: &Reader, text: &str, lists: &Blocklists) -> BounceReading {
    reader.read(text.as_bytes(), &plain, lists)
}

/// The words of a verdict that a case names.
pub fn words(verdict: Option<&BounceVerdict>) -> [String; 3] {
    let Some(verdict) = verdict else { return ["-".into(), "-".into(), "-".into()] };
    let who = verdict.who.first().map_or("-", |who| who.as_str());
    [step(verdict.step).to_owned(), verdict.cause.clone().unwrap_or_else(|| "-".into()), who.to_owned()]
}

/// How a case writes a step.
pub fn step(step: ChecklistStep) -> &'static str {
    match step.as_str() {
        "blocklists" => "blocklist",
        "authentication" => "auth",
        other => other,
    }
}
