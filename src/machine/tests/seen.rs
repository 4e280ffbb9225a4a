//! What an earlier check saw, out of a link.

use mail_triage_engine::route::CheckRequest;

use super::*;
use crate::machine::{Change, Kind};

const LINK: &str = "#/seen/q1Yq_-x";

#[test]
fn a_link_shows_what_was_seen_and_asks_nobody_until_somebody_wants_it() {
    let mut visit = Visit::open(LINK);
    assert!(visit.fetching.contains(&Piece::Seen));
    visit.all_arrives();
    assert_eq!(visit.last().kind, Kind::Seen);
    let asked = CheckRequest { what: "example.org".to_owned(), ..CheckRequest::default() };
    visit.take(Event::Began { run: 1, unix: Some(1_700_000_000), example: Some(asked) });
    visit.done();
    assert!(visit.state.is_seen());
    assert_eq!(visit.state.checked(), Some(1_700_000_000));
    // Asking again is a check of its own; Back leads to what was seen.
    visit.take(Event::Again { fresh: true });
    assert_eq!((visit.address(), visit.last().kind), ("#/check/example.org", Kind::Live));
    assert!(!visit.state.is_seen());
    visit.back();
    visit.all_arrives();
    assert_eq!(visit.last().kind, Kind::Seen);
}

#[test]
fn what_the_user_adds_to_what_was_seen_is_checked() {
    let mut visit = Visit::open(LINK);
    visit.all_arrives();
    let asked = CheckRequest { what: "example.org".to_owned(), ..CheckRequest::default() };
    visit.take(Event::Began { run: 1, unix: Some(1_700_000_000), example: Some(asked) });
    visit.done();
    visit.take(Event::Ask(Change::Address("192.0.2.7".parse().unwrap())));
    assert_eq!((visit.address(), visit.last().kind), ("#/check/example.org?ip=192.0.2.7", Kind::Live));
}

#[test]
fn a_damaged_link_is_said_and_nothing_begins() {
    let mut visit = Visit::open(LINK);
    visit.take(Event::Arrived(Piece::Seen, Some(Content::Unreadable("ui.error.seen"))));
    assert_eq!((visit.state.progress(), visit.error()), ("idle", Some("ui.error.seen")));
    visit.fetching.retain(|piece| *piece != Piece::Seen);
    visit.all_arrives();
    assert!(visit.started.is_empty());
}

#[test]
fn a_link_that_turns_out_to_hold_no_check_is_said_too() {
    let mut state = State::new("en", None, Vec::new());
    let mut start = None;
    let mut events =
        VecDeque::from([Event::Routed { fragment: LINK.to_owned(), pressed: true, typing: false }]);
    while let Some(event) = events.pop_front() {
        for effect in step(&mut state, event) {
            match effect {
                Effect::Fetch(Piece::Program) => {
                    events.push_back(Event::Arrived(Piece::Program, Some(Content::Program(READER))));
                }
                Effect::Fetch(piece) => events.push_back(Event::Arrived(piece, Some(Content::Kept))),
                Effect::Start(order) => start = Some(order.run),
                _ => {}
            }
        }
    }
    assert!(start.is_some());
    let _ = step(&mut state, Event::Arrived(Piece::Seen, Some(Content::Unreadable("ui.error.seen.version"))));
    assert_eq!(state.progress(), "idle");
    assert_eq!(state.form.error.as_ref().map(|error| error.key.as_str()), Some("ui.error.seen.version"));
}

#[test]
fn what_one_link_held_is_not_shown_for_another() {
    let mut visit = Visit::open(LINK);
    visit.all_arrives();
    visit.follow("#/seen/another");
    assert_eq!(visit.fetching, [Piece::Seen]);
    assert_eq!(visit.started.len(), 1);
    visit.all_arrives();
    assert_eq!(visit.started.len(), 2);
}
