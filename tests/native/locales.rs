//! The locales agree with each other.

use std::collections::{BTreeMap, BTreeSet};

use mail_triage_engine::{check::Args, dns::Failure};

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

/// The placeholders of each text, those of all its plural forms together: one form may leave the number out.
fn placeholders_of_forms(texts: &BTreeMap<String, String>) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut known: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (key, text) in texts {
        known.entry(base(key)).or_default().extend(placeholders(text));
    }
    known
}

#[test]
fn plural_forms_have_the_same_placeholders_in_every_language() {
    let english = texts("en");
    let english = placeholders_of_forms(&english);
    for language in languages() {
        let other = texts(&language);
        let mut other = placeholders_of_forms(&other);
        other.retain(|key, names| english.get(key) != Some(names));
        assert!(other.is_empty(), "{language}: {other:#?}");
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
