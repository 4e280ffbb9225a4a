//! Who is asked, who may see keys, and a network that goes and comes.

use mail_triage_engine::knowledge::{Resolvers, files::RESOLVERS};

use super::*;
use crate::machine::NOTICES;

const OWN: &str = "https://dns.example/dns-query";

#[test]
fn a_resolver_of_a_link_is_asked_only_with_consent() {
    let link = format!("#/check/example.org?resolver={OWN}");
    let mut visit = Visit::ready(&link);
    assert_eq!(visit.state.resolver_in_question(), Some(OWN));
    assert!(visit.started.is_empty());
    assert_eq!(visit.shown, [Place::Reveal(NOTICES.to_owned())]);
    visit.take(Event::Accept(true));
    assert_eq!(visit.last().about.resolver.as_deref(), Some(OWN));
    // It was agreed to, and is not asked about again.
    visit.follow("#/");
    visit.follow(&link);
    assert_eq!((visit.state.resolver_in_question(), visit.started.len()), (None, 2));

    let mut visit = Visit::ready(&link);
    visit.take(Event::Accept(false));
    assert_eq!((visit.address(), visit.last().about.resolver), ("#/check/example.org", None));
    visit.take(Event::Accept(true));
    assert_eq!(visit.started.len(), 1);
}

#[test]
fn the_question_stands_on_the_start_page_too() {
    let mut visit = Visit::open(&format!("#/?resolver={OWN}"));
    assert_eq!((visit.state.resolver_in_question(), visit.state.progress()), (Some(OWN), "idle"));
    visit.take(Event::Resolver("google".to_owned()));
    assert_eq!((visit.state.resolver_in_question(), visit.address()), (None, "#/"));
    assert_eq!(visit.state.effective_resolver().as_deref(), Some("google"));
}

#[test]
fn another_resolver_checks_again_and_the_same_one_does_not() {
    let mut visit = Visit::ready("#/check/example.org");
    visit.done();
    visit.take(Event::Resolver(OWN.to_owned()));
    assert_eq!(visit.last().about.resolver.as_deref(), Some(OWN));
    assert!(visit.effects.contains(&Effect::KeepResolver(Some(OWN.to_owned()))));
    visit.take(Event::Resolver(OWN.to_owned()));
    assert_eq!(visit.started.len(), 2);
}

#[test]
fn a_resolver_that_is_none_is_left_out_once_the_list_is_there() {
    let mut visit = Visit::open("#/check/example.org?resolver=nobody");
    visit.state.resolver.chosen = Some("gone".to_owned());
    let resolver = mail_triage_engine::knowledge::Resolver { id: "google".to_owned(), ..Default::default() };
    let list = Resolvers { resolvers: vec![resolver], ..Resolvers::default() };
    visit.take(Event::Arrived(Piece::File(RESOLVERS), Some(Content::Resolvers(Rc::new(list)))));
    assert_eq!(visit.state.effective_resolver(), None);
    assert_eq!(visit.state.notes.len(), 1);
    assert!(visit.effects.contains(&Effect::KeepResolver(None)));
}

#[test]
fn offline_and_back_the_check_goes_on() {
    let mut visit = Visit::ready("#/check/example.org");
    visit.take(Event::Network(false));
    assert!(visit.state.is_offline());
    visit.done();
    assert_eq!(visit.state.progress(), "done");
    visit.take(Event::Network(true));
    assert!(!visit.state.is_offline());
    visit.take(Event::Retry(None));
    visit.done();
    assert_eq!((visit.state.progress(), visit.started.len()), ("done", 1));
    // A resolver on this machine needs no network.
    visit.take(Event::Network(false));
    visit.take(Event::Resolver("http://127.0.0.1:8053/dns-query".to_owned()));
    assert!(!visit.state.is_offline());
}

#[test]
fn who_may_see_keys_is_asked_after_the_run_and_answered_once() {
    let mut visit = Visit::ready("#/check/example.org");
    let order = visit.last();
    visit.take(told(&order, Some(End::Done)));
    let asks_for_keys = Some("google".to_owned());
    visit.take(Event::Filled { run: order.run, outcome: Rc::default(), asks_for_keys });
    assert_eq!(visit.state.trust.question.as_deref(), Some("google"));
    assert_eq!(visit.shown.last(), Some(&Place::Reveal(NOTICES.to_owned())));
    visit.take(Event::Entrust(true));
    assert_eq!(
        (visit.state.trust.entrusted.as_slice(), visit.started.len()),
        (&["google".to_owned()][..], 2)
    );
    visit.take(Event::Entrust(true));
    assert_eq!(visit.started.len(), 2);
}

#[test]
fn a_key_is_for_the_resolver_that_is_named_beside_it() {
    let mut visit = Visit::ready("#/check/example.org?resolver=google");
    let list = Resolvers { chain: vec!["cloudflare".to_owned()], ..Resolvers::default() };
    visit.state.resolver.list = Rc::new(list);
    visit.take(Event::KeysChanged { any: true });
    assert_eq!(visit.state.trust.entrusted, ["cloudflare"]);
    assert!(visit.effects.contains(&Effect::KeepEntrusted(Some("cloudflare".to_owned()))));
    assert_eq!(visit.started.len(), 2);
    visit.take(Event::KeysChanged { any: false });
    assert!(visit.state.trust.entrusted.is_empty());
    assert!(visit.effects.contains(&Effect::KeepEntrusted(None)));
}
