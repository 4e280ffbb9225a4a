//! The locales agree with each other and with the code table.

use std::collections::BTreeSet;

use mail_triage_engine::{
    check::{Args, CHECKS, Code, Level},
    dns::Failure,
    knowledge::Auth,
    report::{
        headline::Says,
        rules::{RULES, Status},
    },
    settings::{Encryption, Heard, Remark},
};

use crate::common::{catalogs, languages, plural, texts};

/// `key` without a plural category at its end.
fn base(key: &str) -> &str {
    ["zero", "one", "two", "few", "many", "other"]
        .iter()
        .find_map(|category| key.strip_suffix(category)?.strip_suffix('.'))
        .unwrap_or(key)
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
}

#[test]
fn every_language_has_the_same_keys_with_the_same_placeholders() {
    let english = texts("en");
    let english_keys: BTreeSet<&str> = english.keys().map(|key| base(key)).collect();
    let mut wrong = Vec::new();
    for language in languages() {
        let other = texts(&language);
        let keys: BTreeSet<&str> = other.keys().map(|key| base(key)).collect();
        wrong.extend(english_keys.difference(&keys).map(|key| format!("{language} lacks {key}")));
        wrong.extend(keys.difference(&english_keys).map(|key| format!("{language} alone has {key}")));
        for (key, text) in &other {
            let same = english.get(key).or_else(|| english.get(&format!("{}.other", base(key))));
            if let Some(same) = same
                && base(key) == key.as_str()
                && placeholders(same) != placeholders(text)
            {
                wrong.push(format!("{language} {key}: placeholders differ"));
            }
            if text.trim().is_empty() {
                wrong.push(format!("{language} {key}: empty"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_check_has_a_short_name() {
    for language in languages() {
        let texts = texts(&language);
        let bare: Vec<_> =
            CHECKS.iter().filter(|check| !texts.contains_key(&format!("check.{}.short", check.id))).collect();
        assert!(bare.is_empty(), "{language}: {:?}", bare.iter().map(|check| check.id).collect::<Vec<_>>());
    }
}

#[test]
fn every_rule_of_receivers_has_its_texts() {
    for language in languages() {
        let texts = texts(&language);
        let mut keys: Vec<String> = Vec::new();
        for rule in RULES {
            keys.extend(["title", "how"].map(|part| format!("rules.{}.{part}", rule.id)));
        }
        for status in Status::ALL {
            keys.push(format!("rules.status.{}", status.as_str()));
            keys.push(format!("rules.count.{}.other", status.as_str()));
        }
        keys.retain(|key| !texts.contains_key(key));
        assert!(keys.is_empty(), "{language} lacks {keys:?}");
    }
}

#[test]
fn every_code_has_its_texts() {
    let mut wrong = Vec::new();
    for language in languages() {
        let texts = texts(&language);
        for code in Code::all() {
            let parts: &[&str] = match code.level() {
                Level::Stops | Level::Improve => &["title", "why", "do"],
                Level::Unknown => &["title", "do"],
                Level::Info | Level::Pass => &["title"],
            };
            for part in parts {
                let key = format!("finding.{}.{part}", code.id());
                if !texts.contains_key(&key) && !texts.contains_key(&format!("{key}.other")) {
                    wrong.push(format!("{language} lacks {key}"));
                }
            }
        }
        for key in texts.keys().filter(|key| key.starts_with("finding.")) {
            let id = key.split('.').nth(1).unwrap_or_default();
            if Code::from_id(id).is_none() {
                wrong.push(format!("{language} {key}: no such code"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_headline_says_what_it_means_and_every_row_has_a_title() {
    let mut keys: Vec<String> = Vec::new();
    for says in Says::ALL {
        keys.extend(["", ".then"].map(|part| format!("headline.{}{part}", says.as_str())));
    }
    keys.extend(["headline.unchecked", "headline.sending-address"].map(str::to_owned));
    let rows = Code::all()
        .filter(|code| code.member().is_some() && matches!(code.level(), Level::Stops | Level::Improve));
    keys.extend(rows.map(|code| format!("finding.{}.row", code.id())));
    for language in languages() {
        let texts = texts(&language);
        let has = |key: &String| texts.contains_key(key) || texts.contains_key(&format!("{key}.other"));
        let bare: Vec<_> = keys.iter().filter(|key| !has(key)).collect();
        assert!(bare.is_empty(), "{language}: {bare:?}");
        let said = texts.keys().map(|key| base(key)).filter(|key| key.starts_with("headline."));
        let left: Vec<_> = said.filter(|key| !keys.iter().any(|known| known == key)).collect();
        assert!(left.is_empty(), "{language}: nobody says {left:?}");
    }
}

#[test]
fn every_remark_on_settings_has_its_text() {
    let mut keys: Vec<String> = Vec::new();
    keys.extend(Remark::ALL.iter().skip(1).map(|remark| format!("smtp.remark.{}", remark.as_str())));
    keys.extend(Heard::ALL.iter().map(|heard| format!("smtp.heard.{}", heard.as_str())));
    keys.extend(Encryption::ALL.iter().map(|word| format!("smtp.encryption.{}", word.as_str())));
    keys.extend(Auth::ALL.iter().map(|auth| format!("smtp.method.{}", auth.as_str())));
    for language in languages() {
        let texts = texts(&language);
        let bare: Vec<_> = keys.iter().filter(|key| !texts.contains_key(key.as_str())).collect();
        assert!(bare.is_empty(), "{language}: {bare:?}");
        let known = |key: &&String| key.starts_with("smtp.remark.") || key.starts_with("smtp.heard.");
        let left: Vec<_> = texts.keys().filter(known).filter(|key| !keys.contains(key)).collect();
        assert!(left.is_empty(), "{language}: nobody says {left:?}");
    }
}

/// Failures that call for different steps are told apart in words, a number among them.
#[test]
fn every_failure_has_words_of_its_own() {
    let failures = [
        Failure::Offline,
        Failure::Network,
        Failure::TimedOut,
        Failure::RateLimited,
        Failure::Http(404),
        Failure::Http(500),
        Failure::NotDns,
        Failure::Malformed,
        Failure::WrongQuestion,
        Failure::Truncated,
        Failure::WrongType,
        Failure::ServFail,
        Failure::Refused,
        Failure::Rcode(4),
        Failure::Budget,
    ];
    for (language, catalog) in catalogs() {
        let said: BTreeSet<String> = failures
            .iter()
            .map(|failure| {
                let mut args = Args::default();
                args.set("status", u64::from(failure.number().unwrap_or_default()).into());
                let key = format!("failure.{}", failure.as_str());
                let words = catalog.say(&key, &args, plural);
                assert!(words != key && !words.contains('{'), "{language}: {words}");
                words
            })
            .collect();
        assert_eq!(said.len(), failures.len(), "{language}: {said:#?}");
    }
}
