//! What several test files need: the real data files and the real locales.
#![allow(dead_code, reason = "the benches use a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what it did not expect")]

pub mod bounces;
pub mod hostile;
pub mod payloads;

use std::{collections::BTreeMap, fs, rc::Rc, sync::OnceLock};

use mail_triage_engine::{
    document::Document,
    knowledge::{Knowledge, Value, files},
    reading::{Reading, Written},
    report::Report,
    text::{Args, Catalog},
    zone::Zone,
};

/// The product's own data files.
pub fn knowledge() -> Knowledge {
    static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
    let read = || {
        let all: Vec<(&str, Value)> = files::OF_CHECKS.map(|place| (place, data(place))).into();
        Knowledge::from_files(|place| all.iter().find(|(known, _)| *known == place).map(|(_, file)| file))
            .unwrap()
    };
    KNOWLEDGE.get_or_init(read).clone()
}

/// The same, shared by the runs of a thread: a copy of it takes longer than many a run.
pub fn shared_knowledge() -> Rc<Knowledge> {
    thread_local!(static KNOWLEDGE: Rc<Knowledge> = Rc::new(knowledge()));
    KNOWLEDGE.with(Rc::clone)
}

/// The report as somebody reads it.
pub fn read_by(reading: Reading, report: &Report, catalog: &Catalog) -> Document {
    let knowledge = shared_knowledge();
    let from = Written { report, knowledge: &knowledge, catalog, plural, kept_at: None, seen: "" };
    from.read_by(reading)
}

/// All of the report, as plain text.
pub fn as_text(report: &Report, catalog: &Catalog) -> String {
    read_by(Reading::Postmaster, report, catalog).to_text()
}

/// A value for the texts of a finding, as it is written in a report.
pub fn arg(args: &Args, name: &str) -> serde_json::Value {
    serde_json::to_value(args).unwrap()[name].clone()
}

fn data(place: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(format!("www/{place}")).unwrap()).unwrap()
}

/// The texts of a language, those of findings and of pasted errors included.
pub fn texts(language: &str) -> BTreeMap<String, String> {
    let read = |name: String| -> BTreeMap<String, String> {
        serde_json::from_str(&fs::read_to_string(format!("www/locales/{name}.json")).unwrap()).unwrap()
    };
    let mut page = read(language.to_owned());
    for part in ["report", "bounce", "ticket", "tools", "pages"] {
        for (key, text) in read(format!("{language}.{part}")) {
            assert!(page.insert(key.clone(), text).is_none(), "{language}: {key} stands in two files");
        }
    }
    page
}

/// Names of the languages there are.
pub fn languages() -> Vec<String> {
    let mut languages: Vec<String> = fs::read_dir("www/locales")
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".json").map(str::to_owned))
        .filter(|name| !name.contains('.'))
        .collect();
    languages.sort();
    languages
}

/// Every language with its catalog, without a fall-back so that gaps show.
pub fn catalogs() -> Vec<(String, Catalog)> {
    languages()
        .into_iter()
        .map(|language| {
            let catalog = Catalog::new(texts(&language).into_iter().collect());
            (language, catalog)
        })
        .collect()
}

/// Plural categories of English; the other languages of the product have only `other`.
pub fn plural(n: u64) -> &'static str {
    if n == 1 { "one" } else { "other" }
}

/// Whether a query goes to a blocklist.
pub fn is_list(query: &mail_triage_engine::dns::Query) -> bool {
    knowledge_zones().iter().any(|zone| query.name.as_str().ends_with(zone.as_str()))
}

fn knowledge_zones() -> &'static [String] {
    static ZONES: OnceLock<Vec<String>> = OnceLock::new();
    ZONES.get_or_init(|| {
        let lists = knowledge().blocklists.lists;
        lists.iter().map(|list| format!(".{}", list.zone.replace("{key}.", ""))).collect()
    })
}

/// The zones of the local DNS, as a closed world; its blocklists and what its servers do wrong are not in it.
pub fn lab() -> Zone {
    let mut text = String::new();
    for folder in ["tops", "providers", "domains", "reverse"] {
        for entry in fs::read_dir(format!("tests/lab/zones/{folder}")).unwrap() {
            text.push_str(&fs::read_to_string(entry.unwrap().path()).unwrap());
            text.push('\n');
        }
    }
    Zone::parse(&text)
        .unwrap_or_else(|error| panic!("{error}: {}", text.lines().nth(error.line - 1).unwrap_or_default()))
}
