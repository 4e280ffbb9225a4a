//! The types of the scripts, written from those of this crate: `js/types.d.ts`, and that what is written by hand beside it
//! names the same options. `UPDATE=1 cargo test --package mail-triage-module types` writes the file anew.

use std::{borrow::Cow, fs};

use mail_triage_engine::{reading, report::headline, spf};
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};

use crate::{description::CodeDescription, form, options, parsed, refusal, spf::SpfEvaluation};

#[path = "../../engine/src/report_json/schema/typescript.rs"]
mod typescript;

/// A type that `report.d.ts` declares.
macro_rules! declared {
    ($($name:ident),+ $(,)?) => {$(
        pub struct $name;

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "$ref": concat!("#/$defs/", stringify!($name)) })
            }
        }
    )+};
}

declared!(Code, Failure, Level, Name, Query);

/// A type whose values are words.
macro_rules! of_words {
    ($($name:ident: $description:literal, $words:expr;)+) => {$(
        pub struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let words: Vec<&str> = $words;
                json_schema!({ "type": "string", "enum": words, "description": $description })
            }
        }
    )+};
}

of_words! {
    RefusalCode: "What a call is refused for.", words(refusal::RefusalCode::ALL, |word| word.as_str());
    RecordKind: "What a text is to be read as.", words(parsed::RecordKind::ALL, |word| word.as_str());
    Form: "In which form a report is written.", words(form::Form::ALL, |word| word.as_str());
    Reading: "For whom a report is written: who has the trouble, who keeps the DNS, who runs the mail server.",
        words(reading::Reading::ALL, |word| word.as_str());
    SpfResult: "The result of an evaluation (RFC 7208 section 2.6).", words(spf::SpfResult::ALL, |word| word.as_str());
    SpfReason: "Why the result is `none`, `temperror` or `permerror`.", spf::Reason::WORDS.to_vec();
    SpfTermEffect: "What came of a term.", vec!["matched", "not-matched", "error"];
    SpfLookupStatus: "What came of a question.", vec!["records", "no-data", "nx-domain", "failed"];
    Qualifier: "The result that a mechanism stands for (RFC 7208 section 4.6.2).", vec!["+", "-", "~", "?"];
    DocumentPartKind: "What a part of a document is.", vec!["heading", "paragraph", "item", "code"];
}

fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|&one| word(one)).collect()
}

/// What calls take and bring.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is read")]
struct Types {
    refusal: RefusalCode,
    evaluation: SpfEvaluation,
    record: parsed::ParsedRecord,
    description: CodeDescription,
    part: form::DocumentPart,
    form: Form,
    reading: Reading,
}

fn written() -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let schema = settings.into_generator().into_root_schema_for::<Types>().to_value();
    let all = typescript::types("Types", &schema);
    // Behind the list of them.
    let (_, declared) = all.split_once("\n};\n").unwrap();
    format!(
        "// Types of calls. Written by a test of crates/module, from the types there.\n\n\
         import type {{ Code, Failure, Level, Name, Query }} from \"./report.js\";\n{declared}"
    )
}

fn script(file: &str) -> String {
    fs::read_to_string(format!("{}/js/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn the_types_of_the_scripts_are_those_of_this_crate() {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(format!("{}/js/types.d.ts", env!("CARGO_MANIFEST_DIR")), written()).unwrap();
    }
    assert_eq!(script("types.d.ts"), written(), "UPDATE=1 writes js/types.d.ts anew");
}

/// The names of the fields that an interface declares.
fn fields(text: &str, interface: &str) -> Vec<String> {
    let (_, body) = text.split_once(&format!("export interface {interface} {{")).unwrap();
    let (body, _) = body.split_once("\n}\n").unwrap();
    let names = body.lines().filter_map(|line| line.strip_prefix("  ")?.split_once("?: "));
    let mut names: Vec<String> = names.map(|(name, _)| name.to_owned()).collect();
    names.sort();
    names
}

#[test]
fn the_options_that_are_declared_are_those_that_are_read() {
    let sorted = |options: &[&str]| {
        let mut options: Vec<String> = options.iter().map(|&name| name.to_owned()).collect();
        options.sort();
        options
    };
    assert_eq!(fields(&script("index.d.ts"), "CheckOptions"), sorted(&options::OF_CHECK));
    assert_eq!(fields(&script("index.d.ts"), "WhatIfOptions"), sorted(&options::OF_WHAT_IF));
    assert_eq!(fields(&script("records.d.ts"), "SpfSource"), sorted(&options::OF_SOURCE));
}

#[test]
fn the_command_line_has_a_status_for_every_verdict() {
    use mail_triage_engine::check::Level;
    let script = script("cli.js");
    let (_, table) = script.split_once("const STATUS = {\n").unwrap();
    let (table, _) = table.split_once("};").unwrap();
    let mut kept: Vec<&str> = table.lines().map(str::trim).collect();
    let mut wanted: Vec<String> = headline::HeadlineVerdict::ALL
        .iter()
        .map(|verdict| {
            let status = match verdict.level() {
                Level::Pass | Level::Info => 0,
                Level::Stops => 1,
                Level::Improve => 2,
                Level::Unknown => 3,
            };
            format!("\"{}\": {status},", verdict.as_str())
        })
        .collect();
    kept.sort_unstable();
    wanted.sort();
    assert_eq!(kept, wanted);
}
