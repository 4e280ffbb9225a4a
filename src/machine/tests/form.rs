//! What is typed and sent.

use super::*;
use crate::machine::{Field, FromMessage};

#[test]
fn whoever_types_while_the_page_loads_waits_for_nothing_later() {
    let mut visit = Visit::open("#/");
    visit.types("example");
    assert!(visit.fetching.contains(&Piece::Program));
    let asked_for = visit.fetching.len();
    visit.types("example");
    assert_eq!(visit.fetching.len(), asked_for);
    visit.submit("example.org");
    assert_eq!(visit.state.progress(), "running");
    assert_eq!(visit.waits(), Some(&Waits::Form { address_too: false }));
    visit.all_arrives();
    assert_eq!((visit.address(), visit.checked()), ("#/check/example.org", vec!["example.org".to_owned()]));
}

#[test]
fn what_was_sent_is_taken_back_by_typing_on() {
    let mut visit = Visit::open("#/");
    visit.submit("example");
    visit.types("example");
    assert_eq!(visit.state.progress(), "idle");
    visit.all_arrives();
    assert!(visit.started.is_empty());
    assert_eq!(visit.address(), "#/");
}

#[test]
fn typing_does_not_take_back_what_the_link_asks_for() {
    let mut visit = Visit::open("#/check/a.example");
    visit.submit("b.example");
    visit.types("example");
    assert_eq!(visit.waits(), Some(&Waits::Files));
    visit.all_arrives();
    assert_eq!(visit.checked(), ["a.example"]);
}

#[test]
fn of_two_quick_submits_the_second_counts() {
    let mut visit = Visit::open("#/check/link.example");
    visit.submit("a.example");
    visit.submit("b.example");
    visit.all_arrives();
    assert_eq!(visit.checked(), ["b.example"]);

    let mut visit = Visit::ready("#/");
    visit.submit("a.example");
    let first = visit.last();
    visit.submit("b.example");
    assert_eq!(visit.checked(), ["a.example", "b.example"]);
    visit.ends(&first, End::Done);
    assert_eq!((visit.state.progress(), visit.reported().as_deref()), ("running", Some("b.example")));
}

#[test]
fn the_same_sent_again_asks_everything_anew_once() {
    let mut visit = Visit::ready("#/");
    visit.submit("example.org");
    visit.done();
    visit.submit("example.org");
    visit.follow("#/check/example.net");
    let fresh: Vec<bool> = visit.started.iter().map(|order| order.fresh).collect();
    assert_eq!(fresh, [false, true, false]);
}

#[test]
fn an_error_says_what_was_expected_until_somebody_types() {
    let mut visit = Visit::ready("#/");
    visit.submit("!!!");
    assert!(visit.error().is_some() && visit.started.is_empty());
    visit.types("example");
    assert_eq!(visit.error(), None);
    let form = Form { what: "example.org".to_owned(), ip: Some("x".to_owned()), ..Form::default() };
    visit.take(Event::Submit(form));
    assert_eq!(visit.error(), Some("input.error.ips"));
}

#[test]
fn a_message_in_the_box_is_read_and_goes_into_no_link() {
    let mut visit = Visit::ready("#/");
    let message = "550 5.7.26 Unauthenticated email from example.org is not accepted due to domain's policy";
    visit.submit(message);
    assert!(visit.effects.contains(&Effect::ReadMessage(message.to_owned())));
    assert_eq!((visit.address(), visit.error()), ("#/", None));
}

#[test]
fn a_check_from_a_message_has_its_recipient_beside_it() {
    let mut visit = Visit::ready("#/");
    let asked = of_form(&Form { what: "example.org".to_owned(), ..Form::default() }).unwrap();
    let recipient = Some(mail_triage_engine::dns::Name::parse("example.net").unwrap());
    visit.take(Event::FromMessage(FromMessage { asked: Some(asked), recipient: recipient.clone() }));
    assert_eq!(visit.last().about.target.recipient, recipient);
    assert!(visit.state.is_from_message());
    visit.follow("#/check/example.com");
    assert_eq!(visit.last().about.target.recipient, None);

    let mut visit = Visit::ready("#/");
    visit.take(Event::FromMessage(FromMessage { asked: None, recipient }));
    assert_eq!(visit.checked(), ["example.net"]);
    assert_eq!(visit.address(), "#/");
    visit.take(Event::FromMessage(FromMessage::default()));
    assert_eq!(visit.started.len(), 1);
}

#[test]
fn the_form_is_shown_again_where_somebody_wants_to_change_it() {
    let mut visit = Visit::ready("#/check/example.org");
    visit.done();
    visit.take(Event::Edit(Field::Ip));
    assert!(!visit.state.is_form_folded());
    assert_eq!(visit.state.form.text.ip.as_deref(), Some(""));
    assert_eq!(visit.shown.last(), Some(&Place::Reveal("q-ip".to_owned())));
}
