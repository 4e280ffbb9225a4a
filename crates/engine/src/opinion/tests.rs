use std::rc::Rc;

use super::*;
use crate::{
    driver::Driver,
    session::Session,
    target::{ListKeys, Target},
    zone::Zone,
};

const SOA: &str = "example.org. 600 SOA ns.example.org. host.example.org. 1 600\n";
const MAIL: &str = "example.org. 300 MX 10 mx.example.org.\nmx.example.org. 300 A 11.22.33.44\n\
                    _dmarc.example.org. 300 TXT \"v=DMARC1; p=reject\"\n";
const NOON: i64 = 1_800_000_000;

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

/// All checks over what a resolver says, which is taken at its word.
fn asked(records: &str) -> (Facts, Report) {
    let zone = Zone::parse(&format!("{SOA}{records}")).unwrap();
    let target = Target::domain(name("example.org"));
    let session = Session::new(target, Rc::default(), ListKeys::default()).believing().also(control);
    let run = Driver::start(session, Box::new(zone), Box::new(|_| ()));
    let session = run.session();
    let mut facts = session.facts().clone();
    for (_, outcome) in facts.records_mut() {
        if let Outcome::NoData(negative) | Outcome::NxDomain(negative) = outcome {
            negative.ttl = Some(600);
        }
    }
    (facts, session.report())
}

/// What differs between two resolvers, of which the second was asked a minute later: query, reason, whose doing.
fn differs(first: &str, second: &str) -> (Vec<(String, Difference, Option<Which>)>, Opinion) {
    let ((first, _), (second, _)) = (asked(first), asked(second));
    let said = |facts, unix| Said { unix, facts };
    let opinion = compare(said(&first, NOON), said(&second, NOON + 60), Some(&name("example.org")));
    let rows = opinion.rows.iter().map(|row| (row.query.to_string(), row.difference, row.whose)).collect();
    (rows, opinion)
}

fn said(facts: &Facts) -> Said<'_> {
    Said { unix: NOON, facts }
}

fn of(query: &str, difference: Difference, whose: Option<Which>) -> (String, Difference, Option<Which>) {
    (query.to_owned(), difference, whose)
}

#[test]
fn two_that_agree_differ_in_nothing() {
    let spf = "example.org. 300 TXT \"v=spf1 mx -all\"\nexample.org. 300 TXT \"other\"\n";
    let turned = "example.org. 90 TXT \"other\"\nexample.org. 90 TXT \"v=spf1 mx -all\"\n";
    let (rows, opinion) = differs(&format!("{MAIL}{spf}"), &format!("{MAIL}{turned}"));
    assert_eq!((rows, opinion.unasked), (Vec::new(), Vec::new()), "neither order nor age is a difference");
    assert!(opinion.compared > 5);
}

#[test]
fn a_change_that_spreads_ends_when_no_answer_is_kept_any_longer() {
    let (rows, opinion) = differs(
        &format!("{MAIL}example.org. 120 TXT \"v=spf1 -all\"\n"),
        &format!("{MAIL}example.org. 300 TXT \"v=spf1 mx -all\"\n"),
    );
    assert_eq!(rows, [of("example.org TXT", Difference::Spreading, None)]);
    let until = KeptUntil { one: NOON + 120, both: NOON + 60 + 300 };
    assert_eq!(opinion.rows[0].until, Some(until));
    // What is new is not there yet for whoever asked too early: that is kept as well.
    let (rows, opinion) = differs(MAIL, &format!("{MAIL}example.org. 300 TXT \"v=spf1 mx -all\"\n"));
    assert_eq!(rows, [of("example.org TXT", Difference::Spreading, None)]);
    assert_eq!(opinion.rows[0].until, Some(KeptUntil { one: NOON + 360, both: NOON + 600 }));
}

#[test]
fn what_is_kept_no_longer_is_not_explained_by_it() {
    let (rows, _) = differs(
        &format!("{MAIL}example.org. 0 TXT \"v=spf1 -all\"\n"),
        &format!("{MAIL}example.org. 0 TXT \"v=spf1 mx -all\"\n"),
    );
    assert_eq!(rows, [of("example.org TXT", Difference::Unexplained, None)]);
}

#[test]
fn a_filter_refuses_denies_by_itself_or_leads_nowhere() {
    for withheld in [
        "mx.example.org. A REFUSED\n",
        "mx.example.org. 300 A 0.0.0.0\n",
        "mx.example.org. 300 A 127.0.0.1\n",
    ] {
        let filtered = MAIL.replace("mx.example.org. 300 A 11.22.33.44\n", withheld);
        let row = |whose| vec![of("mx.example.org A", Difference::Filtered, Some(whose))];
        assert_eq!(differs(MAIL, &filtered).0, row(Which::Second), "{withheld}");
        assert_eq!(differs(&filtered, MAIL).0, row(Which::First), "{withheld}");
    }
    let (first, _) = asked(MAIL);
    let mut second = first.clone();
    for (query, outcome) in second.records_mut() {
        if query.name.as_str() == "_dmarc.example.org" {
            *outcome = Outcome::NxDomain(Default::default());
        }
    }
    let rows = compare(said(&first), said(&second), None).rows;
    let found: Vec<_> = rows.iter().map(|row| (row.query.to_string(), row.difference, row.whose)).collect();
    assert_eq!(found, [of("_dmarc.example.org TXT", Difference::Filtered, Some(Which::Second))]);
}

#[test]
fn signatures_are_broken_where_the_resolver_says_so_or_answers_without_them() {
    let spf = "example.org. 300 TXT \"v=spf1 mx -all\"\n";
    let bogus = format!("{MAIL}{spf}example.org. * BOGUS 7\n");
    let rows = differs(&bogus, &format!("{MAIL}{spf}")).0;
    assert!(
        rows.contains(&of("example.org TXT", Difference::BrokenSignatures, Some(Which::First))),
        "{rows:?}"
    );
    assert!(rows.iter().all(|(_, why, _)| *why == Difference::BrokenSignatures), "{rows:?}");

    // It gives no reason, and answers the same question once signatures are left unchecked.
    let (first, _) = asked(&format!("{MAIL}{spf}"));
    let mut second = first.clone();
    let query = Query::new(name("example.org"), Rtype::Txt);
    second.insert(query.clone(), Outcome::failed(Failure::ServFail));
    let opinion = compare(said(&first), said(&second), None);
    let unasked = Unasked { query: query.clone(), whom: Which::Second, failure: Failure::ServFail };
    assert_eq!((opinion.rows, opinion.unasked), (Vec::new(), vec![unasked]), "that says nothing yet");
    second.insert(Query::unchecked(query.name.clone(), query.rtype), first.get(&query).unwrap().clone());
    let rows = compare(said(&first), said(&second), None).rows;
    assert_eq!(rows[0].difference, Difference::BrokenSignatures);
    assert_eq!(rows.len(), 1);
}

#[test]
fn a_resolver_that_rewrites_has_an_address_for_what_cannot_exist() {
    let without = MAIL.replace("mx.example.org. 300 A 11.22.33.44\n", "");
    let made_up = "mx.example.org. 300 A 203.0.114.10\nmail-triage.invalid. 300 A 203.0.114.10\n";
    let rows = differs(&without, &format!("{without}{made_up}")).0;
    let both = ["mail-triage.invalid A", "mx.example.org A"];
    let rewritten = both.map(|query| of(query, Difference::Rewritten, Some(Which::Second)));
    assert_eq!(rows, rewritten);
    // An address of a local network, where the other one has a public one.
    let inside = MAIL.replace("11.22.33.44", "192.168.1.1");
    assert_eq!(differs(&inside, MAIL).0, [of("mx.example.org A", Difference::Rewritten, Some(Which::First))]);
    // The domain's own record says so, and both have it: no resolver made it.
    assert_eq!(differs(&inside, &inside).0, []);
}

#[test]
fn what_could_not_be_asked_is_no_difference() {
    for failure in ["TIMEOUT", "NETWORK", "SERVFAIL"] {
        let failing = MAIL.replace("300 MX 10 mx.example.org.", &format!("MX {failure}"));
        let (rows, opinion) = differs(MAIL, &failing);
        assert_eq!(rows, [], "{failure}");
        let unasked: Vec<_> = opinion.unasked.iter().map(|one| (one.query.to_string(), one.whom)).collect();
        assert_eq!(unasked, [("example.org MX".to_owned(), Which::Second)], "{failure}");
    }
}

#[test]
fn large_providers_give_each_place_its_own_addresses() {
    let zone = |ip: &str| {
        let mail = "example.org. 300 MX 10 mx.provider.example.\n";
        format!("{mail}mx.provider.example. 300 A {ip}\n")
    };
    let (rows, opinion) = differs(&zone("11.22.33.44"), &zone("11.22.33.45"));
    assert_eq!((rows, opinion.by_place), (Vec::new(), 1));
    // Of one's own domain that is a change.
    let own = differs(MAIL, &MAIL.replace("11.22.33.44", "11.22.33.45")).0;
    assert_eq!(own, [of("mx.example.org A", Difference::Spreading, None)]);
}

#[test]
fn verdicts_differ_by_check() {
    let spf = "example.org. 300 TXT \"v=spf1 mx -all\"\n";
    let ((_, first), (_, second)) = (asked(&format!("{MAIL}{spf}")), asked(MAIL));
    let rows = verdicts(&first, &second);
    let row = rows.iter().find(|row| row.check == CheckId::Spf).unwrap();
    assert_eq!((row.first, row.second), (CheckVerdict::Pass, CheckVerdict::Problem));
    assert_eq!(verdicts(&first, &first), []);
}

#[test]
fn only_what_a_resolver_said_itself_is_its_opinion() {
    let (mut facts, _) = asked(MAIL);
    for (at, (_, outcome)) in facts.records_mut().enumerate() {
        outcome.meta_mut().resolver = if at % 2 == 0 { "one" } else { "other" }.to_owned();
    }
    facts.insert(Query::new(name("list.example"), Rtype::A), {
        let mut outcome = Outcome::failed(Failure::ServFail);
        outcome.meta_mut().resolver = "one".to_owned();
        outcome
    });
    let is_list = |query: &Query| query.name.as_str() == "list.example";
    let said = said_by("one", &facts, is_list);
    let whom: Vec<&str> = said.records().map(|(_, outcome)| outcome.meta().resolver.as_str()).collect();
    assert!(!whom.is_empty() && whom.iter().all(|whom| *whom == "one"));
    assert!(!said.records().any(|(query, _)| is_list(query)));
}
