//! Answers: late, stopped, asked for again.

use super::*;
use crate::machine::{Change, Connection, Detail};

#[test]
fn a_late_answer_of_an_earlier_run_is_left_unheard() {
    let mut visit = Visit::ready("#/check/a.example");
    let first = visit.last();
    visit.follow("#/check/b.example");
    visit.take(Event::Began { run: first.run, unix: Some(1), example: None });
    visit.ends(&first, End::Done);
    assert_eq!(visit.reported().as_deref(), Some("b.example"));
    assert_ne!(visit.state.check.run().unwrap().unix, Some(1));
    assert_eq!(visit.state.progress(), "running");
    visit.done();
    visit.follow("#/");
    visit.take(told(&visit.last(), None));
    assert_eq!((visit.state.progress(), visit.reported()), ("idle", None));
}

#[test]
fn a_stopped_check_keeps_what_it_found_and_begins_again() {
    let mut visit = Visit::ready("#/check/example.org");
    let order = visit.last();
    visit.take(Event::Stop);
    assert!(visit.effects.contains(&Effect::Cancel(order.run)));
    visit.ends(&order, End::Stopped);
    assert_eq!((visit.state.progress(), visit.reported().as_deref()), ("done", Some("example.org")));
    visit.take(Event::Retry(None));
    assert_eq!(visit.started.len(), 2);
    assert!(!visit.last().fresh);
}

#[test]
fn a_retry_keeps_the_tables_that_stand_there() {
    let mut visit = Visit::ready("#/check/example.org");
    visit.done();
    let order = visit.last();
    visit.take(Event::Retry(None));
    assert!(visit.effects.contains(&Effect::Retry(order.run, None)));
    assert_eq!((visit.state.progress(), visit.state.check.detail()), ("running", Detail::All));
    visit.take(told(&order, None));
    visit.take(told(&order, Some(End::Done)));
    assert_eq!(visit.state.progress(), "done");
    assert!(visit.effects.contains(&Effect::Fill { run: order.run, at_once: true }));
    assert_eq!(visit.started.len(), 1);
}

#[test]
fn what_was_to_be_filled_is_left_where_answers_are_awaited_again() {
    let mut visit = Visit::ready("#/check/example.org");
    let order = visit.last();
    visit.take(told(&order, Some(End::Done)));
    visit.take(Event::Retry(None));
    visit.fill(&order);
    assert_eq!((visit.state.progress(), visit.state.check.detail()), ("running", Detail::Findings));
    visit.take(Event::Stop);
    visit.ends(&order, End::Stopped);
    assert_eq!(visit.state.progress(), "done");
}

#[test]
fn the_steps_are_filled_while_answers_are_awaited_long() {
    let mut visit = Visit::ready("#/check/example.org");
    let order = visit.last();
    let report = report(&order.about.target);
    visit.take(Event::Told { run: order.run, report, end: None, patient: true });
    assert_eq!(visit.state.check.detail(), Detail::Steps);
    visit.take(told(&order, None));
    assert_eq!(visit.state.check.detail(), Detail::Steps);
}

#[test]
fn the_address_of_the_connection_belongs_to_the_check_it_was_asked_for() {
    let ip = "203.0.113.9".parse().unwrap();
    let mut visit = Visit::ready("#/check/example.org");
    visit.done();
    visit.take(Event::Ask(Change::Connection));
    assert_eq!(visit.state.beside.connection, Connection::Asking);
    visit.take(Event::Connection(Some(ip)));
    assert_eq!(visit.address(), "#/check/example.org?own=203.0.113.9");
    assert_eq!(visit.last().about.target.connection_ip, Some(ip));

    visit.take(Event::Ask(Change::Connection));
    visit.follow("#/check/example.net");
    visit.take(Event::Connection(Some(ip)));
    assert_eq!(visit.address(), "#/check/example.net");
    visit.take(Event::Ask(Change::Connection));
    visit.take(Event::Connection(None));
    assert_eq!(visit.state.beside.connection, Connection::Failed);
    visit.take(Event::Ask(Change::Address(ip)));
    assert_eq!(visit.address(), "#/check/example.net?ip=203.0.113.9");
}
