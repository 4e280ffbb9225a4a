//! Every way in which the one box can be misread has a sentence in every language.

use mail_triage_engine::{
    check::Args,
    dns::Name,
    input::{InputError, InputNote},
    route::{IgnoredReason, MAX_TRIED, Route},
};

use crate::common::{catalogs, plural};

fn sentences() -> Vec<(String, Args)> {
    let part = || "part".to_owned();
    let name = || Name::parse("example.org").unwrap();
    let errors = [
        InputError::Empty,
        InputError::LooksLikeMessage,
        InputError::Several(vec![part(), part()]),
        InputError::NoDot(part()),
        InputError::NothingAfterAt,
        InputError::BadName(part()),
        InputError::TooLong(part()),
        InputError::LocalName(part()),
        InputError::PrivateAddress("10.0.0.1".parse().unwrap()),
        InputError::BadAddress(part()),
        InputError::Range(part()),
        InputError::NotConverted(part()),
    ];
    let notes = [
        InputNote::Www { given: name(), used: name() },
        InputNote::Service { given: name(), used: name() },
        InputNote::Ascii { given: part(), used: name() },
    ];
    let errors = errors.iter().map(|error| (format!("input.error.{}", error.as_str()), error.args()));
    let notes = notes.iter().map(|note| (format!("input.note.{}", note.as_str()), note.args()));
    errors.chain(notes).collect()
}

#[test]
fn every_error_and_note_reads_as_a_sentence_in_every_language() {
    let mut wrong = Vec::new();
    for (language, catalog) in catalogs() {
        for (key, args) in sentences() {
            let said = catalog.say(&key, &args, plural);
            if said == key || said.contains(['{', '}']) {
                wrong.push(format!("{language} {key}: {said}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// An IPv4 address may stand in a link in the form that it has as an IPv6 one; lists know it by its own alone.
#[test]
fn an_address_of_a_link_is_taken_in_its_own_form() {
    let (route, ignored) = Route::parse("#/check/example.org?ip=::ffff:11.22.33.44&own=::ffff:11.22.33.10");
    assert!(ignored.is_empty(), "{ignored:?}");
    let asked = route.asked().unwrap();
    assert_eq!(asked.ips, ["11.22.33.44".parse::<std::net::IpAddr>().unwrap()]);
    assert_eq!(asked.connection_ip, Some("11.22.33.10".parse().unwrap()));
}

/// Whoever writes a link decides how much the page has to read of it; beyond the bounds nothing is taken.
#[test]
fn a_link_is_taken_no_longer_than_its_bounds() {
    let words: Vec<String> =
        (0..MAX_TRIED + 3).map(|n| format!("try=%2BTXT%20{n}.example.org%20x")).collect();
    let (route, ignored) = Route::parse(&format!("#/check/example.org?{}", words.join("&")));
    assert_eq!(route.asked().unwrap().tried.len(), MAX_TRIED);
    let left_out: Vec<_> = ignored.iter().map(|ignored| (ignored.why, ignored.more)).collect();
    assert_eq!(left_out, [(IgnoredReason::TooMany(MAX_TRIED), 2)]);
    for (length, taken) in [(2_000, 1), (2_001, 0)] {
        let word = format!("+{}", "x".repeat(length - 1));
        let (route, _) = Route::parse(&format!("#/check/example.org?try={word}"));
        assert_eq!(route.asked().unwrap().tried.len(), taken, "a record of {length} characters");
        let (route, _) = Route::parse(&format!("#/check/{}", "x".repeat(length)));
        assert_eq!(route.asked().iter().len(), taken, "{length} characters to check");
    }
}
