//! Addresses: links, Back and Forward, frames, results.

use mail_triage_engine::{
    knowledge::files::BLOCKLISTS,
    route::{MAX_TRIED, MAX_VALUES},
};

use super::*;
use crate::machine::{HEADLINE, NOTICES};

#[test]
fn a_link_begins_a_check_once_its_files_are_there() {
    let mut visit = Visit::open("#/check/example.org?ip=192.0.2.1");
    assert_eq!((visit.state.progress(), visit.waits()), ("running", Some(&Waits::Files)));
    assert_eq!(visit.state.form.text.what, "example.org");
    assert!(visit.fetching.contains(&Piece::Program) && visit.fetching.contains(&Piece::File(BLOCKLISTS)));
    visit.all_arrives();
    assert_eq!(visit.checked(), ["example.org"]);
    assert_eq!(visit.last().about.target.ips, ["192.0.2.1".parse::<std::net::IpAddr>().unwrap()]);
    assert_eq!(visit.state.progress(), "running");
    visit.take(told(&visit.last(), Some(End::Done)));
    assert_eq!(visit.state.progress(), "told");
    visit.fill(&visit.last());
    assert_eq!(visit.state.progress(), "done");
    assert_eq!(visit.shown, [Place::Headline(HEADLINE)]);
    assert!(visit.state.is_form_folded());
}

#[test]
fn many_domains_fetch_what_a_check_takes_and_begin_none() {
    let mut visit = Visit::open("#/many");
    assert!(visit.fetching.contains(&Piece::Tools) && visit.fetching.contains(&Piece::File(BLOCKLISTS)));
    assert_eq!(visit.state.progress(), "running");
    visit.all_arrives();
    assert_eq!((visit.state.progress(), visit.started.len()), ("idle", 0));
    assert_eq!(visit.address(), "#/many");
    visit.submit("a.example");
    assert_eq!(visit.address(), "#/check/a.example");
    visit.done();
    visit.back();
    assert_eq!((visit.state.progress(), visit.address()), ("idle", "#/many"));
}

#[test]
fn a_link_names_what_was_left_out_and_people_go_out_of_it() {
    let mut visit = Visit::open("#/check/info@example.org?ip=nonsense");
    assert_eq!(visit.state.notes.len(), 1);
    visit.all_arrives();
    assert_eq!(visit.address(), "#/check/example.org");
    assert_eq!(visit.state.form.text.what, "info@example.org");
    assert_eq!(visit.last().about.target.local_part.as_deref(), Some("info"));
    assert_eq!(visit.state.notes.iter().filter(|note| note.key == "ui.ignored").count(), 1);
}

#[test]
fn a_link_with_too_much_says_how_much_of_it_is_taken() {
    for (word, most) in [("ip=11.22.33.", MAX_VALUES), ("try=%2BTXT%20a.example.org%20", MAX_TRIED)] {
        let words: Vec<String> = (0..=most).map(|n| format!("{word}{n}")).collect();
        let visit = Visit::open(&format!("#/check/example.org?{}", words.join("&")));
        let [note] = visit.state.notes.as_slice() else { panic!("{:?}", visit.state.notes) };
        assert_eq!(note.key, "ui.ignored.many");
        assert!(format!("{:?}", note.args).contains(&format!("Number({most})")), "{note:?}");
    }
}

#[test]
fn back_and_forward_show_the_check_of_their_address() {
    let mut visit = Visit::ready("#/");
    visit.submit("a.example");
    visit.done();
    visit.submit("b.example");
    visit.done();
    assert_eq!(visit.history, ["#/", "#/check/a.example", "#/check/b.example"]);
    visit.back();
    assert_eq!(visit.checked(), ["a.example", "b.example", "a.example"]);
    // A second has to lie between two checks that nobody has pressed for.
    visit.forward();
    assert_eq!((visit.started.len(), visit.waits()), (3, Some(&Waits::Turn)));
    assert_eq!(visit.state.form.text.what, "b.example");
    let rest = visit.effects.iter().rev().find_map(|effect| match effect {
        Effect::Rest(rest) => Some(*rest),
        _ => None,
    });
    visit.take(Event::Rested(rest.unwrap()));
    assert_eq!(visit.checked().last().unwrap(), "b.example");
    visit.done();
    visit.back();
    visit.back();
    assert_eq!((visit.state.progress(), visit.reported()), ("idle", None));
    assert!(!visit.state.is_form_folded());
}

#[test]
fn of_addresses_that_change_by_themselves_the_last_one_counts() {
    let mut visit = Visit::ready("#/check/a.example");
    for what in ["b", "c", "d"] {
        visit.take_address(&format!("#/check/{what}.example"), false);
    }
    assert_eq!(visit.checked(), ["a.example"]);
    // What a person presses waits for nothing.
    visit.follow("#/check/e.example");
    assert_eq!(visit.checked(), ["a.example", "e.example"]);
    visit.take(Event::Rested(1));
    visit.take(Event::Rested(1));
    assert_eq!(visit.started.len(), 2);
}

#[test]
fn inside_a_strangers_frame_a_check_waits_for_a_person() {
    let mut visit = Visit::framed("#/check/example.org", true);
    visit.all_arrives();
    assert!(visit.state.is_held() && visit.started.is_empty());
    assert_eq!(visit.shown, [Place::Reveal(NOTICES.to_owned())]);
    visit.take(Event::Again { fresh: false });
    assert_eq!(visit.checked(), ["example.org"]);
    assert!(!visit.state.is_held());
}

#[test]
fn a_result_is_a_part_of_the_address_and_back_leads_to_the_list() {
    let mut visit = Visit::ready("#/check/example.org/SPF-090");
    assert!(visit.shown.is_empty());
    visit.done();
    assert_eq!(visit.shown, [Place::Finding("SPF-090".to_owned())]);
    visit.take(Event::ToCauses("SPF-090".to_owned()));
    assert_eq!(visit.address(), "#/check/example.org");
    visit.take(Event::See("MX-010".to_owned()));
    assert_eq!(visit.address(), "#/check/example.org/MX-010");
    visit.back();
    assert_eq!(visit.shown.last(), Some(&Place::Focus("cause-MX-010".to_owned())));
    assert_eq!(visit.started.len(), 1);
}

#[test]
fn an_unknown_example_is_named_and_a_known_one_begins() {
    let mut visit = Visit::ready("#/example/nonsense");
    assert_eq!((visit.state.progress(), visit.state.notes.len()), ("idle", 1));
    visit.follow("#/example/broken");
    assert!(visit.fetching.contains(&Piece::File(crate::machine::RECORDED)));
    visit.all_arrives();
    assert_eq!(visit.state.example(), Some("broken"));
    assert_eq!(visit.state.check.run().unwrap().about, None);
}

#[test]
fn a_record_is_put_together_over_what_the_check_has_learnt() {
    let mut visit = Visit::ready("#/check/example.org");
    visit.done();
    visit.follow("#/build/spf/example.org");
    assert_eq!(visit.started.len(), 1);
    let built = visit.effects.iter().filter(|effect| matches!(effect, Effect::Build(Some(_), false)));
    assert_eq!(built.count(), 1);
    visit.follow("#/build/dmarc/example.net");
    assert_eq!(visit.checked(), ["example.org", "example.net"]);
    // What was looked up for one kind of record does not hold what the other takes.
    visit.follow("#/build/spf/example.net");
    assert_eq!(visit.checked(), ["example.org", "example.net", "example.net"]);
    visit.follow("#/build/spf/8.8.8.8");
    assert_eq!((visit.error(), visit.state.progress()), (Some("build.error.domain"), "idle"));
}

#[test]
fn the_address_of_a_message_opens_its_field_and_is_an_ordinary_page_then() {
    let mut visit = Visit::ready("#/message?lang=zh-Hant");
    assert_eq!(visit.effects.iter().filter(|effect| **effect == Effect::OpenMessage).count(), 1);
    assert_eq!((visit.address(), visit.state.progress()), ("#/?lang=zh-Hant", "idle"));
    assert!(visit.state.notes.is_empty());
    visit.submit("a.example");
    assert_eq!(visit.checked(), ["a.example"]);
}
