//! SPF: random trees, evaluated for random addresses by mail-auth and here.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
};

use futures::executor::block_on;
use mail_auth::{MessageAuthenticator, SpfResult as Theirs, Txt, spf::verify::SpfParameters};
use mail_triage_engine::{
    record::spf::{Mechanism, Qualifier, TermKind},
    spf::{Evaluation, Reason, SpfResult, TermEffect, TraceEntry, check_zone},
    zone::Zone,
};
use proptest::prelude::*;

use crate::{
    answers::{Answers, authenticator},
    runner,
};

/// Names that a record can lead to: six hosts, six records, a name with nothing.
fn names() -> impl Iterator<Item = String> {
    let numbered = |kind: char| (0..6).map(move |n| format!("{kind}{n}.example"));
    numbered('h').chain(numbered('r')).chain(["gone.example".to_owned(), "example.org".to_owned()])
}

fn term() -> impl Strategy<Value = String> {
    let sign = prop_oneof![6 => Just(""), 1 => Just("+"), 1 => Just("-"), 1 => Just("~"), 1 => Just("?")];
    let mechanism = prop_oneof![
        3 => "(a|mx):h[0-5]\\.example(/(2[4-9]|3[0-2]))?",
        1 => "(a|mx)(/(2[4-9]|3[0-2]))?(//(6[0-4]|128))?",
        5 => "include:r[0-5]\\.example",
        3 => "ip4:192\\.0\\.2\\.[0-9](/(2[4-9]|3[0-2]))?",
        1 => "ip6:2001:db8::[0-9](/(6[0-4]|12[0-8]))?",
        1 => "exists:h[0-5]\\.example",
        1 => "(a|mx|include):gone\\.example",
        1 => "((A|MX):h[0-5]\\.example|IP4:192\\.0\\.2\\.[0-9]|INCLUDE:R[0-5]\\.Example)",
        1 => "(ip4:192\\.0\\.2|ip4|ip4:2001:db8::1|a:|include:|all:x|a:%\\{x\\}\\.example|include:r1\\.example/24|redirect:r1\\.example)",
    ];
    (sign, mechanism).prop_map(|(sign, mechanism)| format!("{sign}{mechanism}"))
}

/// Seven records, the domain's own first.
fn records() -> impl Strategy<Value = Vec<String>> {
    let end = prop_oneof![
        5 => "[-~?+]all".prop_map(|all| format!(" {all}")),
        2 => Just(String::new()),
        1 => " redirect=(r[0-5]|gone)\\.example",
        1 => " (moo|ra)=x [-~]all",
    ];
    let record = |most: usize| {
        (prop::collection::vec(term(), 0..most), end.clone())
            .prop_map(|(terms, end)| format!("v=spf1 {}{end}", terms.join(" ")).replace("  ", " "))
    };
    (record(8), prop::collection::vec(record(4), 6))
        .prop_map(|(own, others)| std::iter::once(own).chain(others).collect())
}

fn zone(records: &[String]) -> Zone {
    let mut text = String::from(
        "example.org. SOA ns. host. 1 1\nexample.org. A 192.0.2.8\nexample.org. MX 10 h1.example.\n\
         example.org. AAAA 2001:db8::8\n",
    );
    for n in 0..6 {
        text.push_str(&format!(
            "h{n}.example. A 192.0.2.{n}\nh{n}.example. AAAA 2001:db8::{n}\nh{n}.example. MX 10 h{}.example.\n\
             r{n}.example. A 192.0.2.{n}\nr{n}.example. MX 10 h{n}.example.\n",
            5 - n
        ));
    }
    for (at, record) in records.iter().enumerate() {
        let name = if at == 0 { "example.org".to_owned() } else { format!("r{}.example", at - 1) };
        text.push_str(&format!("{name}. TXT \"{record}\"\n"));
    }
    Zone::parse(&text).unwrap()
}

const SENDER: &str = "someone@example.org";

fn by_mail_auth(authenticator: &MessageAuthenticator, zone: &Zone, ip: IpAddr) -> SpfResult {
    let answers = Answers::of(zone, names(), Txt::Spf);
    let params = SpfParameters::verify_mail_from(ip, "example.org", "mx.example", SENDER);
    match block_on(authenticator.verify_spf(answers.ask(params))).result() {
        Theirs::Pass => SpfResult::Pass,
        Theirs::Fail => SpfResult::Fail,
        Theirs::SoftFail => SpfResult::SoftFail,
        Theirs::Neutral => SpfResult::Neutral,
        Theirs::TempError => SpfResult::TempError,
        Theirs::PermError => SpfResult::PermError,
        Theirs::None => SpfResult::None,
    }
}

/// Where this project follows the RFC and mail-auth does not.
fn known_difference(ours: &Evaluation<'_>) -> Option<&'static str> {
    // It does not count lookups that come back empty (section 4.6.4).
    if ours.problem.is_some_and(|problem| problem.reason == Reason::TooManyVoids) {
        return Some("voids");
    }
    // When an include inside an included record matches, it ends with the sign of that include, whatever stands before the
    // outer one, and whether or not the inner record passes (section 5.2).
    let includes = ours.trace.iter().filter_map(|entry| {
        let term = ours.records[entry.record as usize].record.terms[entry.term as usize];
        match term.kind {
            TermKind::Directive(qualifier, Mechanism::Include(_)) => Some((entry, qualifier)),
            _ => None,
        }
    });
    let inner =
        |(entry, _): &(&TraceEntry, Qualifier)| entry.depth > 0 && entry.effect == TermEffect::Matched;
    let signed = includes.clone().any(|(_, qualifier)| qualifier != Qualifier::Pass);
    (signed && includes.clone().any(|include| inner(&include))).then_some("signs of nested includes")
}

#[test]
fn random_trees_come_to_the_same_result() {
    let authenticator = authenticator();
    let (compared, left_out) = (Cell::new(0), RefCell::new(BTreeMap::new()));
    let address = prop_oneof![
        4 => (0..12_u8).prop_map(|last| IpAddr::V4(Ipv4Addr::new(192, 0, 2, last))),
        1 => (0..12_u16).prop_map(|last| IpAddr::V6([0x2001, 0xdb8, 0, 0, 0, 0, 0, last].into())),
    ];
    let outcome = runner(3_000).run(&(records(), address), |(records, ip)| {
        let zone = zone(&records);
        let ours = check_zone(&zone, ip, SENDER, "example.org");
        let other = by_mail_auth(&authenticator, &zone, ip);
        if let Some(why) = known_difference(&ours) {
            left_out.borrow_mut().entry(why).and_modify(|n| *n += 1).or_insert(1);
            return Ok(());
        }
        compared.set(compared.get() + 1);
        prop_assert_eq!(ours.result, other, "{} {:#?} {:?}", ip, records, ours.problem);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let left_out = left_out.into_inner();
    assert!(
        compared.get() > 2_400 && left_out.len() == 2,
        "{} compared, left out: {left_out:?}",
        compared.get()
    );
}

/// Records that mail-auth reads in another way, each with the section that decides. The random ones hold none of them. Once
/// one of them is read the same way, it belongs there.
#[test]
fn known_differences_are_differences() {
    use SpfResult::{Fail, Neutral, Pass, PermError};
    let authenticator = authenticator();
    for (own, right, other) in [
        // A mechanism that nobody knows is a syntax error (section 4.6); so is a name without any letter, or two signs.
        ("moo -all", PermError, Neutral),
        (":x -all", PermError, Neutral),
        ("a, -all", PermError, Neutral),
        ("++all", PermError, Pass),
        ("+ -all", PermError, Fail),
        // What stands before `=` and is no modifier that is known is an unknown one, also if there is a mechanism of that
        // name (sections 6 and 12).
        ("all=x -all", Fail, PermError),
        ("include=r1.example -all", Fail, PermError),
        ("ip4=192.0.2.0 -all", Fail, PermError),
        // A prefix is a number without leading zeros, no longer than the address (sections 5.6 and 12).
        ("a:h1.example/40 -all", PermError, Fail),
        ("a:h1.example/024 -all", PermError, Pass),
        ("a/24/64 -all", PermError, Pass),
        ("a// -all", PermError, Fail),
        ("mx:h1.example//129 -all", PermError, Fail),
        ("ip4:192.0.2.0/ -all", PermError, Pass),
        ("ip4:192.0.2.0/00 -all", PermError, Pass),
        ("ip4:192.0.2.1/33 -all", PermError, Fail),
        ("ip6:2001:db8::1/129 -all", PermError, Fail),
        // An IPv4 address in the place of an IPv6 one (section 12), and an IPv4 sender is no IPv6 one (section 5.6).
        ("ip6:192.0.2.0 -all", PermError, Fail),
        ("ip6:::ffff:192.0.2.0 -all", Fail, Pass),
        // The two of `known_difference`.
        ("mx:gone.example a:gone.example include:r0.example -all", PermError, Pass),
        ("-include:r1.example -all", Fail, Pass),
    ] {
        let mut records = vec![format!("v=spf1 {own}")];
        let others = ["a:gone.example +all", "include:r2.example", "+all", "+all", "+all", "+all"];
        records.extend(others.map(|terms| format!("v=spf1 {terms}")));
        let zone = zone(&records);
        let ip = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 0));
        assert_eq!(check_zone(&zone, ip, SENDER, "example.org").result, right, "{own}");
        assert_eq!(by_mail_auth(&authenticator, &zone, ip), other, "{own}: it has changed");
    }
}
