//! Error messages with what they mean: the files of `tests/bounces`.
//!
//! Each begins with `=== name`, then, where it is known, lines such as `# system: Postfix`, `# language: de` `# source:` and `# new cause:`,
//! then `> step cause party`, then the text up to the next one. A text that does not say why has `-` for its cause.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{collections::BTreeMap, fs, path::Path, time::Instant};

use mail_triage_engine::{
    bounce::{BounceReading, BounceVerdict, Reader},
    checklist::ChecklistStep,
    knowledge::{Blocklists, SmtpCodes, files},
    message::charset::plain,
};

/// One text and what is to be made of it.
pub struct Case {
    /// Its file and name.
    pub name: String,
    /// Step, cause, party.
    pub wanted: [String; 3],
    /// What wrote it: a mail server, a provider, a program; its file's name where nothing is said.
    pub system: String,
    /// Its language; the script that it is written in where nothing is said.
    pub language: String,
    /// What is said about it: by `source`, `system`, `language` or `new cause`.
    pub about: BTreeMap<String, String>,
    /// What is pasted.
    pub text: String,
}

/// All texts of a folder; none if it is not there.
pub fn cases(folder: &str) -> Vec<Case> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .filter(|file| file.extension().is_some_and(|end| end == "txt"))
        .flat_map(|file| of_file(file))
        .collect()
}

fn of_file(file: &Path) -> Vec<Case> {
    let all = fs::read_to_string(file).unwrap();
    let file = file.file_stem().unwrap().to_string_lossy().into_owned();
    let texts = all.split("\n=== ").flat_map(|text| text.strip_prefix("=== ").or(Some(text)));
    texts.map(|text| case(&file, text)).collect()
}

fn case(file: &str, case: &str) -> Case {
    let (name, mut rest) = case.split_once('\n').unwrap();
    let mut about: BTreeMap<String, String> = BTreeMap::new();
    while let Some((line, after)) = rest.strip_prefix("# ").and_then(|rest| rest.split_once('\n')) {
        let (key, value) = line.split_once(':').unwrap_or_else(|| panic!("{name}: {line}"));
        about.insert(key.to_owned(), value.trim().to_owned());
        rest = after;
    }
    let (wanted, text) = rest.split_once('\n').unwrap_or((rest, ""));
    let wanted: Vec<String> = wanted
        .strip_prefix("> ")
        .unwrap_or_else(|| panic!("{name}: {wanted}"))
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let word = |key: &str, other: &str| about.get(key).map_or(other, |word| word).to_owned();
    Case {
        name: format!("{file}: {name}"),
        wanted: wanted.try_into().unwrap_or_else(|_| panic!("{name}: three words")),
        system: word("system", file),
        language: word("language", script(text)),
        text: text.to_owned(),
        about,
    }
}

/// The script of a text, by its first letter that is not Latin.
fn script(text: &str) -> &'static str {
    let of = |c: char| match c {
        '\u{3040}'..='\u{30ff}' => Some("ja"),
        '\u{ac00}'..='\u{d7a3}' => Some("ko"),
        '\u{400}'..='\u{4ff}' => Some("ru"),
        '\u{4e00}'..='\u{9fff}' => Some("zh"),
        _ => None,
    };
    text.chars().find_map(of).unwrap_or("Latin")
}

/// How many texts of a kind were understood.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    /// Texts.
    pub all: usize,
    /// The right cause.
    pub right: usize,
    /// Another cause.
    pub wrong: usize,
    /// No cause, though the text names one.
    pub none: usize,
    /// The step is right, whatever the cause.
    pub step: usize,
}

/// What became of the texts of a folder.
#[derive(Debug, Default)]
pub struct Figures {
    /// Altogether.
    pub sum: Score,
    /// By what wrote them.
    pub systems: BTreeMap<String, Score>,
    /// By language.
    pub languages: BTreeMap<String, Score>,
    /// By the entry that told it.
    pub entries: BTreeMap<String, Score>,
    /// What was made of those that are not right, one line each.
    pub missed: Vec<String>,
    /// Microseconds for each text.
    pub micros: u128,
}

/// Reads texts and counts.
pub fn figures(reader: &Reader, cases: &[Case], lists: &Blocklists) -> Figures {
    let mut figures = Figures::default();
    let start = Instant::now();
    for case in cases {
        let reading = read(reader, &case.text, lists);
        let verdict = reading.verdicts.first();
        let found = words(verdict);
        // Either counts: the cause of then, and the one that was made for it.
        let wanted = match case.about.get("new cause") {
            Some(new) if *new == found[1] => new.as_str(),
            _ if case.wanted[1] == "unknown" => "-",
            _ => case.wanted[1].as_str(),
        };
        let Figures { sum, systems, languages, entries, missed, .. } = &mut figures;
        let entry = verdict.and_then(|verdict| verdict.entry.clone()).unwrap_or_else(|| "-".into());
        for score in [
            sum,
            systems.entry(case.system.clone()).or_default(),
            languages.entry(case.language.clone()).or_default(),
            entries.entry(entry).or_default(),
        ] {
            let cause = (found[1].as_str(), wanted);
            score.all += 1;
            score.right += usize::from(cause.0 == cause.1);
            score.none += usize::from(cause.0 == "-" && cause.1 != "-");
            score.wrong += usize::from(cause.0 != "-" && cause.0 != cause.1);
            score.step += usize::from(found[0] == case.wanted[0] || cause == ("-", "-"));
        }
        if found[1] != wanted {
            let entry = verdict.and_then(|verdict| verdict.entry.clone());
            missed.push(format!("{}: {found:?} by {entry:?} instead of {:?}", case.name, case.wanted));
        }
    }
    figures.micros = start.elapsed().as_micros() / cases.len().max(1) as u128;
    figures
}

/// What became of the texts, in a line.
#[allow(clippy::cast_precision_loss, reason = "some hundreds")]
pub fn line(score: Score) -> String {
    let share = |part: usize| 100.0 * part as f64 / score.all.max(1) as f64;
    format!(
        "{:>5.1} % of {} right, {:.1} % wrong, {:.1} % not recognised, the right step {:.1} %",
        share(score.right),
        score.all,
        share(score.wrong),
        share(score.none),
        share(score.step)
    )
}

/// The product's own knowledge of error messages, in all languages.
pub fn reader() -> Reader {
    Reader::new(all_codes())
}

/// What a reader knows that was given every file.
pub fn all_codes() -> SmtpCodes {
    of_files(&files::SMTP_WORDS_BY_SCRIPT)
}

/// What a reader knows that was given the files that every text needs, and these.
pub fn of_files(more: &[&str]) -> SmtpCodes {
    let name = |place: &&str| place.strip_prefix("data/").unwrap().strip_suffix(".json").unwrap().to_owned();
    let names = [files::SMTP_CODES, files::SMTP_WORDS];
    let all = names.iter().chain(more).map(|place| codes(&name(place)));
    all.reduce(SmtpCodes::with).unwrap()
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
