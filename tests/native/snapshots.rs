//! What was seen, packed for a link: it gives the same report, holds nothing private, and damage is an error.

use std::{collections::BTreeSet, fs};

use mail_triage_engine::{
    check::Level,
    dns::Name,
    driver::Driver,
    facts::{Facts, UnpackError},
    report::{
        Report,
        changes::{Since, compare},
    },
    route::CheckRequest,
    session::Session,
    snapshot::{Snapshot, VERSION},
    target::{ListKeys, Target},
    zone::Zone,
};
use proptest::prelude::*;

use crate::common::{lab, shared_knowledge};

const SEEN: u64 = 1_795_000_000;

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

/// A run over the local DNS, as the page makes it.
fn run(target: &Target, keys: &ListKeys) -> Driver {
    let session = Session::new(target.clone(), shared_knowledge(), keys.clone());
    Driver::start(session, Box::new(lab()), Box::new(|_| ()))
}

fn snapshot(target: &Target) -> Snapshot {
    Snapshot::of(&run(target, &ListKeys::default()).session(), &shared_knowledge(), SEEN)
}

fn json(session: &Session) -> String {
    serde_json::to_string(&session.report()).unwrap()
}

fn domains() -> BTreeSet<Name> {
    let files = fs::read_dir("tests/lab/zones/domains").unwrap();
    let names = files.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter_map(|file| Name::parse(file.strip_suffix(".zone")?).ok()).collect()
}

#[test]
fn a_snapshot_gives_the_report_of_the_check() {
    let domains = domains();
    assert!(domains.len() > 50, "{}", domains.len());
    for domain in domains {
        let target = Target {
            ips: vec!["11.22.33.44".parse().unwrap()],
            selectors: vec!["s1".to_owned()],
            receiving_too: true,
            ..Target::domain(domain.clone())
        };
        let run = run(&target, &ListKeys::default());
        let seen = Snapshot::of(&run.session(), &shared_knowledge(), SEEN);
        let opened = Snapshot::unpack(&seen.pack()).unwrap();
        assert_eq!(opened, seen, "{domain}");
        assert_eq!(json(&opened.run(shared_knowledge()).session()), json(&run.session()), "{domain}");
    }
}

#[test]
fn nothing_private_is_in_it() {
    let own = "11.22.33.44".parse().unwrap();
    let target = Target {
        local_part: Some("anna.private".to_owned()),
        connection_ip: Some(own),
        recipient: Some(name("rcpt-private.example")),
        ..Target::domain(name("bakery.example"))
    };
    let mut keys = ListKeys::default();
    keys.set("spamhaus-dqs", "secretkey1234567890abcdefgh");
    let run = run(&target, &keys);
    run.change(|session| session.paste_policy(Some("version: STSv1 private".to_owned())));
    let asked =
        run.session().facts().records().map(|(query, _)| query.to_string()).collect::<Vec<_>>().join("\n");
    for there in ["44.33.22.11.", "secretkey"] {
        assert!(asked.contains(there), "the run itself knows {there}");
    }
    let seen = Snapshot::of(&run.session(), &shared_knowledge(), SEEN);
    let text = String::from_utf8_lossy(&seen.pack()).into_owned();
    for private in ["private", "44.33.22.11.", "11.22.33.44", "secretkey"] {
        assert!(!text.contains(private), "{private}");
    }
    assert!(text.contains("bakery.example"));
}

/// An SPF record may ask for a name that is made from who writes (RFC 7208 section 7.2).
#[test]
fn no_question_that_names_who_writes_is_in_it() {
    let zone = "writer.example. SOA ns.writer.example. host.writer.example. 1 3600\n\
         writer.example. TXT \"v=spf1 exists:%{l}.who.writer.example -all\"\n\
         anna-private.who.writer.example. A 127.0.0.2\n";
    let target = Target {
        local_part: Some("anna-private".to_owned()),
        ips: vec!["11.22.33.44".parse().unwrap()],
        ..Target::domain(name("writer.example"))
    };
    let session = Session::new(target, shared_knowledge(), ListKeys::default());
    let run = Driver::start(session, Box::new(Zone::parse(zone).unwrap()), Box::new(|_| ()));
    let asks = |facts: &Facts| facts.records().any(|(query, _)| query.name.as_str().contains("private"));
    assert!(asks(run.session().facts()), "the run itself asks for it");
    let seen = Snapshot::of(&run.session(), &shared_knowledge(), SEEN);
    assert_eq!(seen.target.local_part, None);
    assert!(!asks(&seen.facts));
}

#[test]
fn what_was_asked_can_be_asked_anew() {
    let ip = "11.22.33.44".parse().unwrap();
    for target in [
        Target {
            ips: vec![ip],
            helo: Some(name("mx.bakery.example")),
            ..Target::domain(name("bakery.example"))
        },
        Target { ips: vec![ip], ..Target::default() },
    ] {
        let CheckRequest { what, ips, selectors, helo, .. } = snapshot(&target).request();
        let again = CheckRequest { what, ips, selectors, helo, ..CheckRequest::default() };
        assert_eq!(again.read(|host| Some(host.to_owned())).unwrap().target, target);
    }
}

#[test]
fn damage_and_later_versions_are_errors() {
    let octets = snapshot(&Target::domain(name("two-spf.example"))).pack();
    for length in 1..octets.len() {
        assert_eq!(Snapshot::unpack(&octets[..length]), Err(UnpackError::Damaged), "{length} octets");
    }
    assert_eq!(Snapshot::unpack(&[]), Err(UnpackError::Damaged));
    assert_eq!(Snapshot::unpack(&[&octets[..], b"x"].concat()), Err(UnpackError::Damaged));
    assert_eq!(Snapshot::unpack(&[VERSION + 1, 0]), Err(UnpackError::Version(VERSION + 1)));
}

proptest! {
    #[test]
    fn whatever_the_octets_reading_ends(octets in prop::collection::vec(any::<u8>(), 0..400)) {
        let _error_or_snapshot = Snapshot::unpack(&[&[VERSION][..], &octets].concat());
    }

    #[test]
    fn a_damaged_snapshot_is_an_error_or_another_report(at in any::<prop::sample::Index>(), octet in any::<u8>()) {
        let mut octets = fs::read("tests/snapshots/1.bin").unwrap();
        let at = at.index(octets.len());
        octets[at] = octet;
        if let Ok(seen) = Snapshot::unpack(&octets) {
            prop_assert!(!seen.run(shared_knowledge()).session().report().checks.is_empty());
        }
    }
}

const BROKEN: &str = r#"
shop.example. 300 SOA ns.shop.example. hostmaster.shop.example. 1 3600
shop.example. 300 NS ns.shop.example.
ns.shop.example. 300 A 11.22.33.53
shop.example. 300 MX 10 mx.shop.example.
mx.shop.example. 300 A 11.22.33.44
shop.example. 1800 TXT "v=spf1 ip4:11.22.33.44 -all"
shop.example. 1800 TXT "v=spf1 include:_spf.google.com ~all"
"#;
const SPF: &str = "shop.example. 1800 TXT \"v=spf1 include:_spf.google.com ~all\"\n";

fn report(zone: &str) -> Report {
    let session = Session::new(Target::domain(name("shop.example")), shared_knowledge(), ListKeys::default());
    let run = Driver::start(session, Box::new(Zone::parse(zone).unwrap()), Box::new(|_| ()));
    run.session().report()
}

/// What became of the causes with this code.
fn became(before: &Report, after: &Report, code: &str) -> Vec<(Since, Option<u32>)> {
    let of = |since: Since| match since {
        Since::New | Since::Same => after,
        Since::Mended | Since::NotChecked => before,
    };
    let changes = compare(before, after).into_iter();
    let changes = changes.filter(|change| of(change.since).finding(change.row[0]).unwrap().code.id() == code);
    changes.map(|change| (change.since, change.old_answer_lives)).collect()
}

#[test]
fn what_was_mended_is_said_and_what_is_as_before() {
    let (broken, mended) = (report(BROKEN), report(&BROKEN.replace(SPF, "")));
    assert_eq!(became(&broken, &mended, "SPF-030"), [(Since::Mended, None)]);
    assert_eq!(became(&mended, &broken, "SPF-030"), [(Since::New, None)]);
    // A resolver may go on saying so for half an hour.
    assert_eq!(became(&broken, &broken, "SPF-030"), [(Since::Same, Some(1800))]);
    assert!(compare(&broken, &broken).iter().all(|change| change.since == Since::Same));
}

#[test]
fn what_could_not_be_asked_again_is_not_mended() {
    let (broken, silent) = (report(BROKEN), report("shop.example. * SERVFAIL"));
    let changes = compare(&broken, &silent);
    assert!(changes.iter().any(|change| change.since == Since::NotChecked && change.level == Level::Stops));
    assert!(changes.iter().all(|change| change.since != Since::Mended), "{changes:?}");
}

#[test]
fn what_is_not_looked_at_to_the_end_is_not_mended() {
    let broken = report(BROKEN);
    let session = Session::new(Target::domain(name("shop.example")), shared_knowledge(), ListKeys::default());
    let begun = session.report();
    assert!(begun.running);
    assert_eq!(became(&broken, &begun, "SPF-030"), [(Since::NotChecked, None)]);
    // The records themselves are there again, and what one of them includes is not.
    let own = "shop.example. 1800 TXT \"v=spf1 ip4:11.22.33.44 -all\"\n";
    let half = report(&format!("{}_spf.google.com. * SERVFAIL\n", BROKEN.replace(own, "")));
    assert_eq!(became(&broken, &half, "SPF-030"), [(Since::NotChecked, None)]);
}

#[test]
fn one_list_that_is_silent_does_not_hide_that_another_lets_go() {
    let ip = "44.33.22.11";
    let listed = format!(
        "{BROKEN}{ip}.bl.spamcop.net. A 127.0.0.2\n2.0.0.127.bl.spamcop.net. A 127.0.0.2\nzen.spamhaus.org. * SERVFAIL\n"
    );
    let target = Target { ips: vec!["11.22.33.44".parse().unwrap()], ..Target::domain(name("shop.example")) };
    let report = |zone: &str| {
        let session = Session::new(target.clone(), shared_knowledge(), ListKeys::default());
        let run = Driver::start(session, Box::new(Zone::parse(zone).unwrap()), Box::new(|_| ()));
        run.session().report()
    };
    let before = report(&listed);
    let free = report(&listed.replace(&format!("{ip}.bl.spamcop.net. A 127.0.0.2\n"), ""));
    assert_eq!(became(&before, &free, "BL-010"), [(Since::Mended, None)]);
    let silent =
        report(&listed.replace(&format!("{ip}.bl.spamcop.net. A 127.0.0.2"), "bl.spamcop.net. * SERVFAIL"));
    assert_eq!(became(&before, &silent, "BL-010"), [(Since::NotChecked, None)]);
}

/// Links are kept by people: each version that was ever written is here as a file, and opens.
#[test]
fn snapshots_of_every_version_open() {
    let mut versions = BTreeSet::new();
    for entry in fs::read_dir("tests/snapshots").unwrap() {
        let octets = fs::read(entry.unwrap().path()).unwrap();
        versions.insert(octets[0]);
        let seen = Snapshot::unpack(&octets).unwrap();
        let report = seen.run(shared_knowledge()).session().report();
        assert!(!report.running && report.summary.stops > 0, "{}", seen.target);
    }
    assert_eq!(versions, (1..=VERSION).collect());
}
