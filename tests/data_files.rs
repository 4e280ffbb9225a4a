//! Holds the files of `www/data` against their schemas, the texts they name, and the byte budget.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use serde_json::Value;

use mail_triage::knowledge::{
    Actor, Answering, Apex, Auth, Confidence, Kind, LimitKind, LongText, Matching, Naming, ParkedKind,
    Priority, ProviderKind, Role, Scope, Security,
};

const FILES: [&str; 5] = ["blocklists", "dns-hosts", "providers", "resolvers", "selectors"];
const LOCALES: [&str; 2] = ["en", "zh-Hant"];

fn json(path: &str) -> Value {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("www").join(path);
    let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

#[test]
fn each_file_fits_its_schema() {
    for name in FILES {
        let schema = json(&format!("data/{name}.schema.json"));
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let data = json(&format!("data/{name}.json"));
        let errors: Vec<String> =
            validator.iter_errors(&data).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{name}.json: {errors:#?}");
    }
}

#[test]
fn the_schemas_refuse_what_is_wrong() {
    let broken = |name: &str, change: fn(&mut Value)| {
        let schema = json(&format!("data/{name}.schema.json"));
        let mut data = json(&format!("data/{name}.json"));
        change(&mut data);
        !jsonschema::draft202012::new(&schema).unwrap().is_valid(&data)
    };
    assert!(!broken("blocklists", |_| ()));
    assert!(broken("blocklists", |data| data["lists"][0]["remark"] = "x".into()));
    assert!(broken("blocklists", |data| data["lists"][0]["weight"] = 11.into()));
    assert!(broken("blocklists", |data| data["lists"][0]["codes"][0]["code"] = "10.0.0.1".into()));
    assert!(broken("blocklists", |data| data["lists"][0]["zone"] = "{key}.zen.spamhaus.org".into()));
    assert!(broken("blocklists", |data| data["dead"][0]["why"] = "gone".into()));
    assert!(broken("providers", |data| data["providers"][0]["limits"][0]["value"] = "2000".into()));
    assert!(broken("providers", |data| data["providers"][0]["limits"][0]["kind"] = "letters".into()));
    assert!(broken("selectors", |data| data["selectors"][0]["name"] = "a.b".into()));
    assert!(broken("dns-hosts", |data| data["hosts"][0]["apex"] = "root".into()));
    assert!(broken("dns-hosts", |data| data["hosts"][0]["ns"][0] = "*".into()));
    assert!(broken("resolvers", |data| data["resolvers"][0]["url"] = "http://dns.example".into()));
}

#[test]
fn the_words_of_the_schemas_are_those_the_program_knows() {
    let blocklists = json("data/blocklists.schema.json");
    let providers = json("data/providers.schema.json");
    let hosts = json("data/dns-hosts.schema.json");
    let words = |schema: &Value, name: &str| -> BTreeSet<String> {
        let list = schema["$defs"][name]["enum"].as_array().unwrap_or_else(|| panic!("{name}"));
        list.iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    macro_rules! same {
        ($schema:ident, $name:literal, $type:ty) => {
            let known: BTreeSet<String> = <$type>::ALL.iter().map(|word| word.as_str().to_owned()).collect();
            assert_eq!(words(&$schema, $name), known, $name);
        };
    }
    same!(blocklists, "kind", Kind);
    same!(blocklists, "role", Role);
    same!(blocklists, "answering", Answering);
    same!(blocklists, "matching", Matching);
    same!(blocklists, "scope", Scope);
    same!(blocklists, "actor", Actor);
    same!(blocklists, "confidence", Confidence);
    same!(providers, "kind", ProviderKind);
    same!(providers, "security", Security);
    same!(providers, "auth", Auth);
    same!(hosts, "naming", Naming);
    same!(hosts, "apex", Apex);
    same!(hosts, "long", LongText);
    same!(hosts, "priority", Priority);
    let parked = &hosts["$defs"]["parked"]["properties"]["kind"]["enum"];
    assert_eq!(parked.as_array().unwrap().len(), ParkedKind::ALL.len());
    let mut limits = words(&providers, "limitKind");
    limits.insert(LimitKind::Other.as_str().to_owned());
    let known: BTreeSet<String> = LimitKind::ALL.iter().map(|word| word.as_str().to_owned()).collect();
    assert_eq!(limits, known);
}

/// Every locale key that the data files name, directly or by its end.
fn keys_named() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut add = |key: String| {
        keys.insert(key);
    };
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let blocklists = json("data/blocklists.json");
    for list in blocklists["lists"].as_array().unwrap() {
        for code in list["codes"].as_array().unwrap() {
            add(format!("listcode.{}", word(&code["meaning"])));
            if let Some(advice) = code["advice"].as_str() {
                add(format!("list.{advice}.advice"));
            }
        }
        if let Some(advice) = list["advice"].as_str() {
            add(format!("list.{advice}.advice"));
        }
        if let Some(secret) = list["secretName"].as_str() {
            add(format!("list.secret.{secret}"));
        }
    }
    for web in blocklists["webOnly"].as_array().unwrap() {
        web["note"].as_str().into_iter().for_each(|note| add(note.to_owned()));
    }
    let providers = json("data/providers.json");
    for provider in providers["providers"].as_array().unwrap() {
        for field in ["note", "authNote"] {
            provider[field].as_str().into_iter().for_each(|note| add(note.to_owned()));
        }
        for limit in provider["limits"].as_array().into_iter().flatten() {
            limit["note"].as_str().into_iter().for_each(|note| add(note.to_owned()));
            limit["per"].as_str().into_iter().for_each(|per| add(format!("limit.per.{per}")));
        }
    }
    for host in json("data/dns-hosts.json")["hosts"].as_array().unwrap() {
        add(format!("host.{}.path", word(&host["id"])));
    }
    for resolver in json("data/resolvers.json")["resolvers"].as_array().unwrap() {
        resolver["note"].as_str().into_iter().for_each(|note| add(note.to_owned()));
    }
    let mut all = |prefix: &str, words: Vec<&str>| {
        words.into_iter().for_each(|word| add(format!("{prefix}.{word}")));
    };
    all("limit", LimitKind::ALL.iter().filter(|k| **k != LimitKind::Other).map(|k| k.as_str()).collect());
    all("security", Security::ALL.iter().map(|word| word.as_str()).collect());
    all("auth", Auth::ALL.iter().map(|word| word.as_str()).collect());
    all("giver", ProviderKind::ALL.iter().map(|word| word.as_str()).collect());
    all("list.role", Role::ALL.iter().map(|word| word.as_str()).collect());
    all("list.scope", Scope::ALL.iter().map(|word| word.as_str()).collect());
    all("list.who", Actor::ALL.iter().map(|word| word.as_str()).collect());
    keys
}

#[test]
fn each_text_that_the_data_names_is_there_in_each_language_and_none_is_left_over() {
    const OWN: [&str; 6] = ["host.", "limit.note.", "listcode.", "provider.", "security.", "giver."];
    let named = keys_named();
    for locale in LOCALES {
        let read = |name: String| -> BTreeMap<String, String> {
            serde_json::from_value(json(&format!("locales/{name}.json"))).unwrap()
        };
        let mut texts = read((*locale).to_owned());
        texts.extend(read(format!("{locale}.report")));
        let missing: Vec<&String> = named.iter().filter(|key| !texts.contains_key(*key)).collect();
        assert!(missing.is_empty(), "{locale}: {missing:#?}");
        let unused: Vec<&String> = texts
            .keys()
            .filter(|key| OWN.iter().any(|own| key.starts_with(own)) && !named.contains(*key))
            .collect();
        assert!(unused.is_empty(), "{locale}: {unused:#?}");
    }
}
