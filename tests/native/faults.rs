//! Whatever fails, and in whatever way: nothing is concluded that a healthy run does not conclude, and no headline is calmer
//! than what is known.

use std::{collections::BTreeSet, rc::Rc};

use mail_triage_engine::{
    check::Level,
    dns::{Failure, Name, Outcome, Query, Rtype},
    facts::Ask,
    report::{Report, headline::HeadlineVerdict},
    session::Session,
    target::{ListKeys, Target},
    zone::Zone,
};

use crate::common::knowledge;

/// Every way in which a lookup can fail.
const FAILURES: [Failure; 17] = [
    Failure::Offline,
    Failure::Network,
    Failure::TimedOut,
    Failure::RateLimited,
    Failure::Http(503),
    Failure::NotDns,
    Failure::Malformed,
    Failure::WrongQuestion,
    Failure::Truncated,
    Failure::WrongType,
    Failure::Referral,
    Failure::Filtered,
    Failure::Untruthful,
    Failure::ServFail,
    Failure::Refused,
    Failure::Rcode(4),
    Failure::Budget,
];

const SERVERS: &str = "example.org. SOA ns1.host.example. hostmaster.example.org. 1 3600\n\
    example.org. NS ns1.host.example.\n NS ns2.host.example.\n\
    ns1.host.example. A 11.22.32.1\nns2.host.example. A 11.22.32.2\n\
    example.org. MX 10 mx.example.org.\nmx.example.org. A 11.22.33.45\n\
    2.0.0.127.bl.spamcop.net. A 127.0.0.2\ntest.uribl.com.multi.uribl.com. A 127.0.0.2\n";

/// A domain of which everything is in order, and the address that sends for it.
fn healthy() -> (Target, Zone) {
    (target(), Zone::parse(&healthy_zone()).unwrap())
}

fn healthy_zone() -> String {
    let key = include_str!("../keys/rsa2048.txt").trim();
    format!(
        "{SERVERS}example.org. TXT \"v=spf1 ip4:11.22.33.44 -all\"\n\
         s1._domainkey.example.org. TXT \"v=DKIM1; p={}\" \"{}\"\n\
         _dmarc.example.org. TXT \"v=DMARC1; p=reject; rua=mailto:d@example.org\"\n\
         44.33.22.11.in-addr.arpa. PTR out.example.org.\nout.example.org. A 11.22.33.44\n",
        &key[..200],
        &key[200..]
    )
}

/// The same, with nobody saying which address sends: the SPF record names it.
fn found() -> (Target, Zone) {
    let (target, zone) = healthy();
    (Target { ips: Vec::new(), ..target }, zone)
}

/// A domain with faults in most of its records, whose address is on a list.
fn broken() -> (Target, Zone) {
    let zone = format!(
        "{SERVERS}example.org. TXT \"v=spf1 include:gone.example.org -all\"\nexample.org. TXT \"v=spf1 mx -all\"\n\
         44.33.22.11.bl.spamcop.net. A 127.0.0.2\n44.33.22.11.in-addr.arpa. PTR out.example.org.\n"
    );
    (target(), Zone::parse(&zone).unwrap())
}

fn target() -> Target {
    Target {
        ips: vec!["11.22.33.44".parse().unwrap()],
        selectors: vec!["s1".to_owned()],
        ..Target::domain(Name::parse("example.org").unwrap())
    }
}

/// Whether no problem can hide behind a lookup, of the two domains here: who owns an address, on which nothing rests; an
/// alias where there is an SOA; what lies below `_domainkey` in general where a key was found or none is expected; and the
/// probes for wildcards, which are only remarked on, see `what_a_spare_lookup_might_have_shown_is_a_remark`.
fn is_spare(query: &Query) -> bool {
    let name = query.name.as_str();
    let (first, rest) = name.split_once('.').unwrap_or_default();
    match (first, rest, query.rtype) {
        ("example", "org", Rtype::Cname) | ("_domainkey", "example.org", Rtype::Txt) => true,
        (probe, "example.org", Rtype::Txt | Rtype::Mx) | (probe, "_domainkey.example.org", Rtype::Txt) => {
            probe.starts_with("mt-")
        }
        _ => name.ends_with(".asn.cymru.com") || name.ends_with(".abuse-contacts.abusix.zone"),
    }
}

/// Runs to the end; `fails` says which lookups bring nothing. Also gives how many of those could matter.
fn run(target: &Target, zone: &Zone, mut fails: impl FnMut(&Query) -> Option<Failure>) -> (Report, usize) {
    let mut session = Session::new(target.clone(), Rc::new(knowledge()), ListKeys::default());
    let mut failed = 0;
    while let Some(query) = session.poll_query() {
        let outcome = match fails(&query) {
            Some(failure) => {
                failed += usize::from(!is_spare(&query));
                Outcome::failed(failure)
            }
            None => zone.ask(&query).unwrap().clone(),
        };
        session.answer(&query, outcome);
    }
    (session.report(), failed)
}

/// What a report concludes.
fn lines(report: &Report) -> BTreeSet<String> {
    let all =
        report.findings().filter(|(_, f)| matches!(f.level, Level::Stops | Level::Improve | Level::Pass));
    all.map(|(_, f)| format!("{} {:?} {}", f.code.id(), f.level, f.subject)).collect()
}

/// A row of numbers that looks like chance and is the same each time (Marsaglia's xorshift).
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// Says what is wrong with a report of a run in which `failed` lookups brought nothing.
fn judge(report: &Report, whole: &Report, failed: usize) -> Option<String> {
    let headline = &report.headline;
    let new: Vec<_> = lines(report).difference(&lines(whole)).cloned().collect();
    if !new.is_empty() {
        return Some(format!("concludes {new:?}"));
    }
    let calm = headline.verdict == HeadlineVerdict::InOrder;
    let unnamed = headline.unchecked.is_empty() && headline.verdict.names_unchecked();
    (failed > 0 && (calm || unnamed)).then(|| format!("{headline:?} although {failed} lookups failed"))
}

#[test]
fn a_healthy_domain_is_in_order_and_a_broken_one_is_not() {
    for (target, zone) in [healthy(), found()] {
        assert_eq!(run(&target, &zone, |_| None).0.headline.verdict, HeadlineVerdict::InOrder);
    }
    let (target, zone) = broken();
    assert_eq!(run(&target, &zone, |_| None).0.headline.verdict, HeadlineVerdict::StopsMail);
}

#[test]
fn where_everything_fails_nothing_is_checked() {
    for (target, zone) in [healthy(), found(), broken()] {
        for failure in FAILURES {
            let (report, _) = run(&target, &zone, |_| Some(failure));
            let says = report.headline.verdict;
            let wanted = match failure {
                Failure::Untruthful => HeadlineVerdict::ResolverUntruthful,
                _ => HeadlineVerdict::NothingChecked,
            };
            assert_eq!(says, wanted, "{failure:?}");
            assert_eq!(lines(&report), BTreeSet::new(), "{failure:?}");
        }
    }
}

#[test]
fn no_lookup_that_fails_alone_is_passed_over() {
    for (target, zone) in [healthy(), found()] {
        none_is_passed_over(&target, &zone);
    }
}

fn none_is_passed_over(target: &Target, zone: &Zone) {
    let (whole, _) = run(target, zone, |_| None);
    let mut all = Vec::new();
    run(target, zone, |query| {
        all.push(query.clone());
        None
    });
    let mut wrong = Vec::new();
    for one in &all {
        let (report, failed) = run(target, zone, |query| (query == one).then_some(Failure::TimedOut));
        wrong.extend(judge(&report, &whole, failed).map(|what| format!("{one}: {what}")));
    }
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), all.len());
}

/// The zone with a wildcard behind each probe: what comes of it is said, and no more than that.
#[test]
fn what_a_spare_lookup_might_have_shown_is_a_remark() {
    let (target, zone) = healthy();
    let (whole, _) = run(&target, &zone, |_| None);
    let mut spare = BTreeSet::new();
    run(&target, &zone, |query| {
        spare.extend(is_spare(query).then(|| query.to_string()));
        None
    });
    // An alias, what lies below `_domainkey`, three probes; and the network and the contact of one address.
    assert_eq!(spare.len(), 7, "{spare:?}");
    for wildcard in [
        "*.example.org. TXT \"x\"\n",
        "*.example.org. MX 10 mx.example.org.\n",
        "*._domainkey.example.org. TXT \"v=DKIM1; p=\"\n",
    ] {
        let zone = Zone::parse(&format!("{}{wildcard}", healthy_zone())).unwrap();
        let (report, _) = run(&target, &zone, |_| None);
        let codes = |report: &Report| report.findings().map(|(_, f)| f.code.id()).collect::<BTreeSet<_>>();
        assert_ne!(codes(&report), codes(&whole), "{wildcard}: nothing is said");
        assert_eq!(lines(&report), lines(&whole), "{wildcard}");
        assert_eq!(report.headline.verdict, HeadlineVerdict::InOrder, "{wildcard}");
    }
}

#[test]
fn no_headline_is_calmer_than_what_is_known() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut wrong = Vec::new();
    for (what, (target, zone)) in [("healthy", healthy()), ("found", found()), ("broken", broken())] {
        let (whole, _) = run(&target, &zone, |_| None);
        for failure in FAILURES {
            for share in [2, 3, 5, 10, 30] {
                let (report, failed) = run(&target, &zone, |_| (dice.throw(share) == 0).then_some(failure));
                let found = judge(&report, &whole, failed);
                wrong.extend(found.map(|found| format!("{what}, {failure:?}, 1 in {share}: {found}")));
            }
        }
        for _ in 0..40 {
            let share = 2 + dice.throw(20);
            let (report, failed) = run(&target, &zone, |_| {
                let failure = FAILURES[dice.throw(FAILURES.len() as u64) as usize];
                (dice.throw(share) == 0).then_some(failure)
            });
            wrong.extend(judge(&report, &whole, failed).map(|found| format!("{what}, mixed: {found}")));
        }
    }
    assert!(wrong.is_empty(), "{} wrong: {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
}
