//! Files and texts: they fail and come, in another language too.

use mail_triage_engine::knowledge::files::{BLOCKLISTS, SMTP_CODES};

use super::*;

#[test]
fn files_that_fail_are_told_and_come_with_the_next_try() {
    let mut visit = Visit::open("#/check/example.org");
    visit.fails(Piece::File(BLOCKLISTS));
    assert_eq!((visit.state.progress(), visit.error()), ("idle", Some("ui.error.files")));
    visit.all_arrives();
    assert!(visit.started.is_empty());
    visit.take(Event::Again { fresh: false });
    assert_eq!(visit.fetching, [Piece::File(BLOCKLISTS)]);
    visit.all_arrives();
    assert_eq!(visit.checked(), ["example.org"]);
}

#[test]
fn a_form_that_cannot_be_read_says_so() {
    let mut visit = Visit::open("#/");
    visit.submit("example.org");
    visit.fails(Piece::Program);
    assert_eq!((visit.state.progress(), visit.error()), ("idle", Some("ui.error.files")));
    visit.submit("example.org");
    visit.all_arrives();
    assert_eq!(visit.checked(), ["example.org"]);
}

#[test]
fn what_no_check_needs_does_not_hold_one_up() {
    let mut visit = Visit::open("#/check/example.org");
    visit.take(Event::Need(Need::Message));
    visit.fails(Piece::File(SMTP_CODES));
    assert_eq!(visit.waits(), Some(&Waits::Files));
    visit.all_arrives();
    assert_eq!(visit.checked(), ["example.org"]);
}

#[test]
fn another_language_in_mid_run_changes_the_words_alone() {
    let mut visit = Visit::ready("#/check/example.org");
    visit.take(Event::Speak("zh-Hant"));
    assert!(visit.effects.contains(&Effect::Speak("zh-Hant")));
    assert_eq!(visit.state.language, "en");
    visit.take(Event::Spoken { wanted: "zh-Hant", language: "zh-Hant", parts: vec!["report"] });
    assert_eq!((visit.state.language, visit.address()), ("zh-Hant", "#/check/example.org?lang=zh-Hant"));
    assert_eq!(visit.started.len(), 1);
    visit.done();
    assert_eq!(visit.reported().as_deref(), Some("example.org"));
}

#[test]
fn of_two_languages_the_one_chosen_last_is_spoken() {
    let mut visit = Visit::ready("#/");
    visit.take(Event::Speak("zh-Hant"));
    visit.take(Event::Speak("en"));
    visit.take(Event::Spoken { wanted: "en", language: "en", parts: vec!["report"] });
    visit.take(Event::Spoken { wanted: "zh-Hant", language: "zh-Hant", parts: vec!["report"] });
    assert_eq!(visit.state.language, "en");
}

#[test]
fn a_check_gets_the_texts_of_the_language_chosen_meanwhile() {
    let mut visit = Visit::open("#/check/example.org?lang=zh-Hant");
    assert!(visit.effects.contains(&Effect::Speak("zh-Hant")));
    asks_before_texts(&mut visit, "en");
    visit.take(Event::Spoken { wanted: "zh-Hant", language: "zh-Hant", parts: Vec::new() });
    // Those of the language that was left hold nothing up, nor are they enough.
    visit.fails(Piece::Texts("en", "report"));
    assert_eq!((visit.state.progress(), visit.reported()), ("running", None));
    visit.arrives(Piece::Texts("zh-Hant", "report"));
    assert_eq!(visit.reported(), None);
    visit.arrives(Piece::Results);
    assert_eq!(visit.reported().as_deref(), Some("example.org"));
    assert_eq!(visit.started.len(), 1);
}

#[test]
fn without_texts_or_what_draws_a_check_ends_and_the_next_try_fetches_them() {
    for missing in [Piece::Texts("en", "report"), Piece::Results] {
        let mut visit = Visit::open("#/check/example.org");
        asks_before_texts(&mut visit, "en");
        visit.fails(missing);
        assert_eq!((visit.state.progress(), visit.error()), ("idle", Some("ui.error.files")));
        assert_eq!(visit.effects.last(), Some(&Effect::End));
        visit.take(Event::Again { fresh: false });
        assert_eq!(visit.error(), None);
        visit.all_arrives();
        assert_eq!(visit.reported().as_deref(), Some("example.org"));
    }
}

/// The lookups begin before the texts of findings and what draws them are there, and nothing is told without them.
fn asks_before_texts(visit: &mut Visit, language: &'static str) {
    let later = [Piece::Results, Piece::Texts(language, "report")];
    assert!(!visit.fetching.iter().any(|piece| later.contains(piece)));
    while let Some(&piece) = visit.fetching.iter().find(|piece| !later.contains(piece)) {
        visit.arrives(piece);
    }
    assert_eq!((visit.checked(), visit.reported()), (vec!["example.org".to_owned()], None));
    assert_eq!(visit.fetching, later);
}
