//! Holds the files of `www/data` against their schemas, the texts they name, and the byte budget.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use serde_json::Value;

use mail_triage_engine::{
    bounce::Lead,
    bounce::NormalText,
    knowledge::{
        Actor, Answering, Apex, Auth, ClaimKind, CodeKind, Confidence, CueRole, LimitKind, ListKind,
        LongText, Matching, Naming, ParkedKind, Priority, ProviderKind, ResponsibleParty, Retry, Role, Scope,
        Security, Severity, Side, SmtpCodes, files,
    },
};

use crate::common::languages;

fn json(path: &str) -> Value {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("www").join(path);
    let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

#[test]
fn each_file_fits_its_schema() {
    for place in files::ALL.into_iter().chain(files::SMTP_WORDS_BY_SCRIPT) {
        // One schema for the wordings of all scripts.
        let kind = place.strip_prefix("data/").unwrap().split('.').next().unwrap();
        let schema = json(&format!("data/{kind}.schema.json"));
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let data = json(place);
        let errors: Vec<String> =
            validator.iter_errors(&data).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{place}: {errors:#?}");
    }
}

#[test]
fn the_list_of_files_is_whole() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("www/data");
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut places: Vec<String> =
        names.filter_map(|name| Some(format!("data/{}.json", name.strip_suffix(".schema.json")?))).collect();
    // The guided checklist is the page's own, and no knowledge.
    places.retain(|place| place != "data/guide.json");
    places.sort();
    assert_eq!(places, files::ALL);
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
    assert!(broken("smtp-codes", |data| data["codes"][0]["cause"] = "Upper Case".into()));
    assert!(broken("smtp-codes", |data| data["causes"][0]["step"] = "blocklists".into()));
    assert!(broken("smtp-words", |data| data["codes"][0]["kind"] = "word".into()));
    assert!(broken("resolvers", |data| data["resolvers"][0]["url"] = "http://dns.example".into()));
}

#[test]
fn the_words_of_the_schemas_are_those_the_program_knows() {
    let blocklists = json("data/blocklists.schema.json");
    let providers = json("data/providers.schema.json");
    let hosts = json("data/dns-hosts.schema.json");
    let smtp = json("data/smtp-codes.schema.json");
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
    same!(blocklists, "kind", ListKind);
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
    same!(smtp, "codeKind", CodeKind);
    same!(smtp, "severity", Severity);
    same!(smtp, "confidence", Confidence);
    same!(smtp, "party", ResponsibleParty);
    same!(smtp, "retry", Retry);
    same!(smtp, "claimKind", ClaimKind);
    same!(smtp, "cueRole", CueRole);
    same!(smtp, "side", Side);
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
    for cause in json("data/smtp-codes.json")["causes"].as_array().unwrap() {
        add(format!("bounce.cause.{}", word(&cause["id"])));
        add(format!("bounce.do.{}", word(&cause["id"])));
    }
    for key in ["cause.unknown", "do.unknown", "cause.unclear"] {
        add(format!("bounce.{key}"));
    }
    Lead::ALL.iter().for_each(|lead| add(lead.key().to_owned()));
    for word in ["server", "address", "domain", "list", "recipient", "code"] {
        add(format!("bounce.some.{word}"));
    }
    keys
}

#[test]
fn each_text_that_the_data_names_is_there_in_each_language_and_none_is_left_over() {
    const OWN: [&str; 7] =
        ["bounce.cause.", "bounce.do.", "bounce.some.", "host.", "limit.note.", "listcode.", "provider."];
    let named = keys_named();
    for locale in languages() {
        let read = |name: String| -> BTreeMap<String, String> {
            serde_json::from_value(json(&format!("locales/{name}.json"))).unwrap()
        };
        let mut texts = read(locale.clone());
        texts.extend(read(format!("{locale}.report")));
        texts.extend(read(format!("{locale}.bounce")));
        let missing: Vec<&String> = named.iter().filter(|key| !texts.contains_key(*key)).collect();
        assert!(missing.is_empty(), "{locale}: {missing:#?}");
        let unused: Vec<&String> = texts
            .keys()
            .filter(|key| OWN.iter().any(|own| key.starts_with(own)) && !named.contains(*key))
            .collect();
        assert!(unused.is_empty(), "{locale}: {unused:#?}");
    }
}

#[test]
fn what_the_error_files_name_is_there_and_each_pattern_is_as_texts_are_seen() {
    let read =
        |name: &str| -> SmtpCodes { serde_json::from_value(json(&format!("data/{name}.json"))).unwrap() };
    let mut all = read("smtp-codes").with(read("smtp-words"));
    for place in files::SMTP_WORDS_BY_SCRIPT {
        all = all.with(serde_json::from_value(json(place)).unwrap());
    }
    let providers = json("data/providers.json");
    let known: Vec<&str> = providers["providers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|provider| provider["id"].as_str().unwrap())
        .collect();
    let mut wrong = Vec::new();
    let mut ids = BTreeSet::new();
    for provider in &all.providers {
        let unknown = provider.ids.iter().filter(|id| !known.contains(&id.as_str()));
        wrong.extend(unknown.map(|id| format!("{}: no provider {id}", provider.id)));
    }
    for code in &all.codes {
        if !ids.insert(&code.id) {
            wrong.push(format!("{}: twice", code.id));
        }
        if all.cause(&code.cause).is_none() {
            wrong.push(format!("{}: no cause {}", code.id, code.cause));
        }
        if code.provider.as_deref().is_some_and(|id| all.provider(id).is_none()) {
            wrong.push(format!("{}: no provider {:?}", code.id, code.provider));
        }
        let own = matches!(code.kind, CodeKind::Provider | CodeKind::Own);
        if own != code.provider.is_some() {
            wrong.push(format!("{}: a provider's wording names the provider, others do not", code.id));
        }
        if code.source.is_empty() {
            wrong.push(format!("{}: no source", code.id));
        }
        let is_named =
            |term: &str| all.terms.iter().any(|known| known.term == term.trim_start_matches(['-', '!']));
        let unknown = code.terms.iter().flat_map(|terms| terms.split(' ')).filter(|term| !is_named(term));
        wrong.extend(unknown.map(|term| format!("{}: no term {term:?}", code.id)));
        if matches!(code.kind, CodeKind::Terms | CodeKind::VagueTerms) == code.terms.is_empty() {
            wrong.push(format!("{}: terms belong to entries of terms", code.id));
        }
        if code.patterns.is_empty()
            && code.enhanced.is_empty()
            && code.reply.is_empty()
            && code.terms.is_empty()
        {
            wrong.push(format!("{}: cannot be recognised", code.id));
        }
        for pattern in &code.patterns {
            // Blanks at the ends belong to a pattern; everything else is what a text is turned into.
            if NormalText::new(pattern).text != pattern.trim() {
                wrong.push(format!("{}: {pattern:?} is not plain", code.id));
            }
            // A group in a group would end with the inner one, and the pattern would match nothing.
            let mut depth = 0;
            for sign in pattern.chars() {
                depth += i32::from(sign == '(') - i32::from(sign == ')');
                if !(0..=1).contains(&depth) {
                    wrong.push(format!("{}: groups of {pattern:?}", code.id));
                    break;
                }
            }
            if depth == 1 {
                wrong.push(format!("{}: {pattern:?} ends in a group", code.id));
            }
        }
    }
    for term in &all.terms {
        for word in &term.words {
            if NormalText::new(word).text != word.trim() || word.contains("||") {
                wrong.push(format!("{}: {word:?} is not plain", term.term));
            }
        }
    }
    let used: BTreeSet<&str> = all.codes.iter().map(|code| code.cause.as_str()).collect();
    wrong.extend(
        all.causes
            .iter()
            .filter(|cause| !used.contains(cause.id.as_str()))
            .map(|cause| format!("{}: unused", cause.id)),
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}
