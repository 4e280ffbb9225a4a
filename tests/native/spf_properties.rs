//! Whatever a record says, reading and evaluating it ends without a panic, and every place is inside the text.

use std::rc::Rc;

use mail_triage::{
    dns::{Name, Rdata, Record, Rtype, Txt},
    facts::Ask,
    record::{Span, spf},
    session::Session,
    spf::{Input, MAX_LOOKUPS, check_zone, evaluate, survey, survey::MAX_NODES},
    target::{Keys, Target},
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
            prop_assert!(term.kind != spf::Kind::Broken || errors.count() > 0, "a broken term without an error");
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
        let mut session = Session::new(target, Rc::default(), Keys::default());
        while let Some(query) = session.poll_query() {
            session.answer(&query, zone.ask(&query).unwrap().clone());
        }
        for (check, finding) in session.report().findings() {
            for label in &finding.labels {
                prop_assert!(label.text.get(label.span.clone()).is_some(), "{:?}", label);
            }
            let fix = finding.fix.iter().filter(|fix| check.id == "spf" && fix.rtype == Rtype::Txt);
            for published in fix.flat_map(|fix| &fix.publish) {
                prop_assert!(spf::is_spf(published.as_bytes()), "{}: {published}", finding.code.id());
            }
        }
    }
}
