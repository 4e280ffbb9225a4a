//! The schema of the file and its types for TypeScript, written from the types: what stands in `www/schema` is what is saved.
//! `UPDATE=1 cargo test --package mail-triage-engine schema` writes both files anew.

mod typescript;

use std::{borrow::Cow, fs};

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};

use super::ReportFile;
use crate::{
    check::{Arg, Args, CheckId, Code, Level},
    checklist::ChecklistStep,
    dns::{Name, Rdata, Rtype},
    report::{headline::HeadlineVerdict, rules::RuleStatus},
};

/// A type that is written as a text.
macro_rules! text {
    ($($name:ident: $schema:tt),+ $(,)?) => {$(
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )+};
}

text! {
    Name: { "type": "string", "description": "A domain name in lower case, without a dot at its end; `.` is the root." },
    Rdata: { "type": "string", "description": "The data of a record as in a zone file (RFC 1035 section 5.1)." },
    Code: { "type": "string", "pattern": "^[A-Z]+-[0-9]{3}$", "description": "The code of a finding." },
    CheckId: { "type": "string", "enum": (CheckId::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>()) },
    Level: { "type": "string", "enum": (Level::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>()) },
    ChecklistStep: { "type": "string", "enum": (ChecklistStep::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>()) },
    HeadlineVerdict: { "type": "string", "enum": (HeadlineVerdict::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>()) },
    Rtype: { "type": "string", "enum": (Rtype::all().map(Rtype::mnemonic).collect::<Vec<_>>()) },
    RuleStatus: { "type": "string", "enum": (RuleStatus::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>()) },
}

impl JsonSchema for Arg {
    fn schema_name() -> Cow<'static, str> {
        "Arg".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let list = generator.subschema_for::<Vec<Self>>();
        json_schema!({
            "description": "A value of a sentence: a number, a text, a key of the locales, or several.",
            "anyOf": [
                { "type": "integer" },
                { "type": "string" },
                { "type": "object", "properties": { "key": { "type": "string" } }, "required": ["key"] },
                list,
            ],
        })
    }
}

impl JsonSchema for Args {
    fn schema_name() -> Cow<'static, str> {
        "Args".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<Arg>();
        json_schema!({ "type": "object", "additionalProperties": value })
    }
}

fn schema() -> serde_json::Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<ReportFile<'static>>().to_value()
}

/// Holds the text against the file, or writes it.
fn hold(file: &str, text: &str) {
    let path = format!("{}/../../{file}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, text).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "{path} is not what the types say: UPDATE=1 writes it anew");
}

#[test]
fn the_schema_is_that_of_the_types() {
    hold("www/schema/report.schema.json", &format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap()));
}

#[test]
fn the_types_for_typescript_are_those_of_the_schema() {
    hold("www/schema/report.d.ts", &typescript::types("ReportFile", &schema()));
}
