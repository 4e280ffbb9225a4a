//! Whatever a record says, reading and evaluating it ends without a panic, and every place is inside the text.

use std::rc::Rc;

use mail_triage_engine::{
    dns::{Name, Network, Rdata, Record, Rtype, Txt},
    facts::Ask,
    record::{Span, spf},
    session::Session,
    spf::{Input, MAX_LOOKUPS, SpfResult, Survey, check_zone, evaluate, survey, survey::MAX_NODES},
    target::{ListKeys, Target},
    zone::Zone,
};
use proptest::prelude::*;

/// Text of any kind, and text that resembles records.
fn text() -> impl Strategy<Value = String> {
    let term = prop_oneof![
        "[+?~-]{0,2}(all|a|mx|ptr|ip4|ip6|include|exists|redirect|exp|ra)[:=/]{0,2}",
        "(include|a|mx|exists|redirect|exp)[:=](example\\.org|b\\.example|[a-z.]{0,12}|%\\{[a-zA-Z][0-9]{0,3}r?[.+/-]{0,2}\\}?\\.?[a-z.]{0,5})(/[0-9]{0,3}){0,2}",
        "ip4:[0-9.]{0,15}(/[0-9]{0,3})?",
        "ip6:[0-9a-f:.]{0,20}(/[0-9]{0,3})?",
        "\\PC{0,6}",
    ];
    let record = prop::collection::vec(term, 0..14).prop_map(|terms| format!("v=spf1 {}", terms.join(" ")));
    prop_oneof![4 => record, 1 => any::<String>(), 1 => "[vV=spf1 ;\"\u{feff}2.0]{0,14}\\PC{0,10}"]
}

/// Terms of records that are hard to keep within ten lookups: much of it twice, covered, empty, failed or open.
fn crowded() -> impl Strategy<Value = Vec<String>> {
    let name = || prop_oneof![8 => "h[0-5]", 1 => Just("gone".to_owned()), 1 => Just("dead".to_owned())];
    let host = (prop_oneof![Just("a"), Just("mx")], name())
        .prop_map(|(kind, name)| format!("{kind}:{name}.example"));
    let include = "include:r[0-5]\\.example";
    let term = prop_oneof![
        8 => host,
        6 => include,
        4 => "ip4:192\\.0\\.2\\.[0-9](/3[01]|/2[89])?",
        1 => prop_oneof![
            Just("a".to_owned()), Just("mx".to_owned()), Just("include:gone.example".to_owned()),
            Just("-ip4:192.0.2.3".to_owned()), Just("?include:r1.example".to_owned()), Just("-a:h2.example".to_owned()),
            Just("exists:h1.example".to_owned()), Just("exists:gone.example".to_owned()),
            Just("exists:%{i}.gone.example".to_owned()), Just("ptr".to_owned()), Just("+mx:h1.example".to_owned()),
            Just("include:example.org".to_owned()),
        ],
    ];
    let records = prop::collection::vec(prop::collection::vec(term.clone(), 0..4), 6);
    let end =
        prop_oneof![6 => Just("-all"), 3 => Just("~all"), 1 => Just("redirect=r2.example"), 1 => Just("")];
    (prop::collection::vec(term, 7..16), end, records).prop_map(|(own, end, records)| {
        let own = format!("v=spf1 {} {end}", own.join(" "));
        let records = records.iter().map(|terms| format!("v=spf1 {} ~all", terms.join(" ")));
        std::iter::once(own.trim_end().to_owned()).chain(records).collect()
    })
}

/// The zone of [`crowded`] records, the domain's own first.
fn crowded_zone(own: &str, records: &[String]) -> Zone {
    let mut text = String::from(
        "example.org. SOA ns. host. 1 1\nexample.org. A 192.0.2.8\nexample.org. MX 10 h1.example.\n\
         dead.example. A SERVFAIL\ndead.example. MX SERVFAIL\n",
    );
    for n in 0..6 {
        text.push_str(&format!("h{n}.example. A 192.0.2.{n}\nh{n}.example. MX 10 h{}.example.\n", 5 - n));
    }
    let names = (0..records.len()).map(|n| format!("r{n}.example"));
    for (name, record) in names.zip(records).chain([("example.org".to_owned(), &own.to_owned())]) {
        text.push_str(&format!("{name}. TXT \"{record}\"\n"));
    }
    Zone::parse(&text).unwrap()
}

/// The record that is proposed because of too many lookups.
fn proposed(zone: &Zone) -> Option<String> {
    let mut session =
        Session::new(Target::domain(Name::parse("example.org").unwrap()), Rc::default(), ListKeys::default());
    while let Some(query) = session.poll_query() {
        session.answer(&query, zone.ask(&query).unwrap().clone());
    }
    let report = session.report();
    let found =
        report.findings().map(|(_, finding)| finding).find(|finding| finding.code.id() == "SPF-090")?;
    let fix = found.fix.as_ref();
    // What is marked is what goes.
    let marked = found.labels.iter().filter(|label| !label.span.is_empty()).count() + found.more_labels;
    let terms = |text: &str| spf::parse(text).terms.len();
    let gone = fix.map_or(0, |fix| terms(&found.labels[0].text) - terms(&fix.publish[0]));
    assert_eq!(marked, gone, "{found:?}");
    fix.map(|fix| fix.publish[0].clone())
}

fn result_for(zone: &Zone, last: u8) -> SpfResult {
    let ip = std::net::Ipv4Addr::new(192, 0, 2, last).into();
    let input = Input { domain: "example.org", ..Input::new(ip, "a@example.org", "example.org") };
    evaluate(zone, &input).unwrap().result
}

#[test]
fn what_is_proposed_against_too_many_lookups_takes_the_right_to_send_from_nobody() {
    let domain = Name::parse("example.org").unwrap();
    let config = ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() };
    let proposals = std::cell::Cell::new(0);
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let outcome = runner.run(&crowded(), |records| {
        let (own, others) = records.split_first().unwrap();
        let before = crowded_zone(own, others);
        let Some(text) = proposed(&before) else { return Ok(()) };
        proposals.set(proposals.get() + 1);
        let after = crowded_zone(&text, others);
        let (old, new) = (survey(&before, &domain).unwrap(), survey(&after, &domain).unwrap());
        prop_assert!(new.lookups() < old.lookups(), "{text}");
        let networks =
            |survey: &Survey| survey.senders().iter().map(|sender| sender.network).collect::<Vec<Network>>();
        let within = |one: &[Network], all: &[Network]| {
            one.iter().all(|n| all.iter().any(|o| o.prefix <= n.prefix && o.contains(n.first)))
        };
        let (mine, theirs) = (networks(&old), networks(&new));
        prop_assert!(within(&mine, &theirs) && within(&theirs, &mine), "{own}\n{text}");
        for last in 0..12 {
            if result_for(&before, last) == SpfResult::Pass {
                prop_assert_eq!(
                    result_for(&after, last),
                    SpfResult::Pass,
                    "192.0.2.{}: {}\n{}",
                    last,
                    own,
                    text
                );
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert!(proposals.get() > 200, "only {} proposals", proposals.get());
}

fn inside(span: Span, text: &str) -> bool {
    text.get(span.range()).is_some()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn places_are_inside_the_text(text in text()) {
        let record = spf::parse(&text);
        let mut end = 0;
        for term in &record.terms {
            prop_assert!(inside(term.span, &text) && !term.span.is_empty() && term.span.start >= end);
            end = term.span.end;
            let errors = record.errors.iter().filter(|error| {
                error.span.start >= term.span.start && error.span.end <= term.span.end
            });
            prop_assert!(term.kind != spf::TermKind::Broken || errors.count() > 0, "a broken term without an error");
        }
        for error in &record.errors {
            prop_assert!(inside(error.span, &text), "{:?}", error);
        }
        if let Some(miss) = spf::near_miss(&text) {
            prop_assert!(inside(miss.span, &text));
            prop_assert!(spf::is_spf(miss.meant.as_bytes()), "{}", miss.meant);
        }
        prop_assert_eq!(spf::is_spf(text.as_bytes()), record.errors.iter().all(|e| e.fault != spf::Fault::NoVersion));
    }

    #[test]
    fn evaluation_ends_within_its_limits(
        first in text(),
        second in text(),
        octets in prop::collection::vec(any::<u8>(), 0..40),
        v6: bool,
        sender in "\\PC{0,8}@(example\\.org|\\PC{0,10})|\\PC{0,10}",
        helo in "\\PC{0,12}",
    ) {
        let mut zone = Zone::parse("example.org. MX 10 b.example.\nb.example. A 192.0.2.1\n1.2.0.192.in-addr.arpa. PTR b.example.\n").unwrap();
        for (name, octets) in
            [("example.org", first.as_bytes()), ("b.example", second.as_bytes()), ("b.example", &octets[..])]
        {
            let data = Rdata::Txt(Txt::new([octets]));
            zone.add(Record { owner: Name::parse(name).unwrap(), ttl: 60, data }, Rtype::Txt);
        }
        zone.finish();
        let ip = if v6 { "2001:db8::1" } else { "192.0.2.1" }.parse().unwrap();
        let by_hand = check_zone(&zone, ip, &sender, &helo);
        prop_assert!(by_hand.lookups() <= MAX_LOOKUPS + 1);
        let input = Input { domain: "example.org", ..Input::new(ip, &sender, &helo) };
        let evaluation = evaluate(&zone, &input).unwrap();
        prop_assert!(evaluation.lookups() <= MAX_LOOKUPS + 1);
        for entry in &evaluation.trace {
            prop_assert!(evaluation.term(entry).is_some());
            prop_assert!(entry.end_asked as usize <= evaluation.asked.len());
        }
    }

    #[test]
    fn surveys_end_and_fixes_are_records(first in text(), second in text(), strings in 1usize..4) {
        let mut zone = Zone::parse(
            "example.org. SOA ns. host. 1 1\nexample.org. MX 10 b.example.\nb.example. A 192.0.2.1\n",
        )
        .unwrap();
        let cut = (first.len() / strings).max(1);
        let pieces: Vec<&[u8]> = first.as_bytes().chunks(cut).collect();
        for (name, txt) in [("example.org", Txt::new(pieces)), ("b.example", Txt::new([second.as_bytes()]))] {
            let owner = Name::parse(name).unwrap();
            zone.add(Record { owner, ttl: 60, data: Rdata::Txt(txt) }, Rtype::Txt);
        }
        zone.finish();
        let domain = Name::parse("example.org").unwrap();
        let tree = survey(&zone, &domain).unwrap();
        prop_assert!(tree.nodes.len() <= MAX_NODES);
        prop_assert!(tree.senders().iter().all(|sender| tree.nodes.len() > sender.by.node));
        let target = Target { ips: vec!["192.0.2.9".parse().unwrap()], ..Target::domain(domain) };
        let mut session = Session::new(target, Rc::default(), ListKeys::default());
        while let Some(query) = session.poll_query() {
            session.answer(&query, zone.ask(&query).unwrap().clone());
        }
        for (check, finding) in session.report().findings() {
            for label in &finding.labels {
                prop_assert!(label.text.get(label.span.clone()).is_some(), "{:?}", label);
            }
            let fix = finding.fix.iter().filter(|fix| check.id.as_str() == "spf" && fix.rtype == Rtype::Txt);
            for published in fix.flat_map(|fix| &fix.publish) {
                prop_assert!(spf::is_spf(published.as_bytes()), "{}: {published}", finding.code.id());
            }
        }
    }
}
