//! Facts packed and unpacked: nothing is lost, nothing private is in them, and damage is an error.

use std::{collections::BTreeSet, fs};

use mail_triage_engine::{
    dns::{
        Answer, Ede, Failure, LookupFailure, Meta, Name, Negative, Outcome, OwnAddress, Query, Rdata, Record,
        Rtype, Txt, ip::reversed,
    },
    facts::{Ask, Fact, Facts, Pending, Question, Redaction, UnpackError, VERSION},
    policy_file::PolicyFile,
    session::Session,
    target::{ListKeys, Target},
};
use proptest::prelude::*;

use crate::common::{lab, shared_knowledge};

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

/// What a run over the local DNS learns.
fn learnt(target: &Target) -> Facts {
    let zone = lab();
    let mut session = Session::new(target.clone(), shared_knowledge(), ListKeys::default());
    while let Some(query) = session.poll_query() {
        let mut outcome = zone.ask(&query).unwrap().clone();
        outcome.meta_mut().resolver = "cloudflare".to_owned();
        outcome.meta_mut().millis = Some(23);
        session.answer(&query, outcome);
    }
    session.facts().clone()
}

fn domains() -> BTreeSet<Name> {
    let files = fs::read_dir("tests/lab/zones/domains").unwrap();
    files
        .filter_map(|entry| {
            let file = entry.unwrap().file_name().to_string_lossy().into_owned();
            Name::parse(file.strip_suffix(".zone")?).ok()
        })
        .collect()
}

#[test]
fn what_is_packed_and_unpacked_gives_the_same_report() {
    let domains = domains();
    assert!(domains.len() > 50);
    for domain in domains {
        let target = Target { ips: vec!["11.22.33.44".parse().unwrap()], ..Target::domain(domain.clone()) };
        let facts = learnt(&target);
        let unpacked = Facts::unpack(&facts.pack(Redaction::default())).unwrap();
        assert_eq!(unpacked, facts, "{domain}");
        let report = |facts| {
            let session = Session::with_facts(target.clone(), shared_knowledge(), ListKeys::default(), facts);
            serde_json::to_string(&session.report()).unwrap()
        };
        assert_eq!(report(unpacked), report(facts), "{domain}");
    }
}

#[test]
fn nothing_private_is_packed() {
    let own = "11.22.33.44".parse().unwrap();
    let target = Target { connection_ip: Some(own), ..Target::domain(name("bakery.example")) };
    let mut facts = learnt(&target);
    let keyed = Query::new(name("2.0.0.127.SecretKey.zen.dq.spamhaus.net"), Rtype::A);
    facts.insert(keyed.clone(), Outcome::failed(Failure::Refused));
    let mut keys = ListKeys::default();
    keys.set("spamhaus-dqs", "SecretKey");
    let about_own = |facts: &Facts| {
        facts.records().filter(|(query, _)| query.name.as_str().starts_with(&reversed(own))).count()
    };
    assert!(about_own(&facts) > 3);
    let told = |facts: &Facts, private| Facts::unpack(&facts.pack(private)).unwrap();
    let private = Redaction { keys: Some(&keys), connection_ip: Some(own), ..Redaction::default() };
    let packed = told(&facts, private);
    assert_eq!(about_own(&packed), 0);
    assert_eq!(packed.get(&keyed), None);
    assert_eq!(packed.len(), facts.len() - about_own(&facts) - 1, "all else is there");
    // What was learnt of the connection is kept back unasked, unless it is named.
    facts.learn(Question::OwnAddress, Fact::OwnAddress(OwnAddress::Known(own)));
    let packed = told(&facts, Redaction { keys: Some(&keys), ..Redaction::default() });
    assert_eq!((about_own(&packed), packed.ask_own_address()), (0, Err(Pending)));
    let packed = told(&facts, Redaction { tells_own_address: true, ..Redaction::default() });
    assert_eq!(packed, facts);
}

#[test]
fn damage_and_other_versions_are_errors() {
    let facts = learnt(&Target::domain(name("two-spf.example")));
    let octets = facts.pack(Redaction::default());
    assert_eq!(octets[0], VERSION);
    for length in 1..octets.len() {
        assert_eq!(Facts::unpack(&octets[..length]), Err(UnpackError::Damaged), "{length} octets");
    }
    assert_eq!(Facts::unpack(&[]), Err(UnpackError::Damaged));
    assert_eq!(Facts::unpack(&[&octets[..], b"x"].concat()), Err(UnpackError::Damaged));
    assert_eq!(Facts::unpack(&[VERSION + 1]), Err(UnpackError::Version(VERSION + 1)));
    // A length that is not there takes no room.
    let huge = [VERSION, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
    assert_eq!(Facts::unpack(&huge), Err(UnpackError::Damaged));
}

fn any_name() -> impl Strategy<Value = Name> {
    "[a-z_*][a-z0-9-]{0,8}(\\.[a-z0-9]{1,9}){0,3}".prop_map(|text| name(&text))
}

fn any_rdata() -> impl Strategy<Value = Rdata> {
    let strings = prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..4);
    prop_oneof![
        any::<[u8; 4]>().prop_map(|ip| Rdata::A(ip.into())),
        any::<[u8; 16]>().prop_map(|ip| Rdata::Aaaa(ip.into())),
        (any::<u16>(), any_name()).prop_map(|(preference, exchange)| Rdata::Mx { preference, exchange }),
        strings.prop_map(|all| Rdata::Txt(Txt::new(all.iter().map(Vec::as_slice)))),
        any_name().prop_map(Rdata::Cname),
        any_name().prop_map(Rdata::Ns),
        any_name().prop_map(Rdata::Ptr),
        (any_name(), any_name(), any::<u32>(), any::<u32>())
            .prop_map(|(primary, mailbox, serial, minimum)| Rdata::Soa { primary, mailbox, serial, minimum }),
        (any::<[u16; 3]>(), any_name()).prop_map(|([priority, weight, port], target)| Rdata::Srv {
            priority,
            weight,
            port,
            target
        }),
        (any::<[u8; 3]>(), prop::collection::vec(any::<u8>(), 0..40))
            .prop_map(|([usage, selector, matching], data)| Rdata::Tlsa { usage, selector, matching, data }),
        (any::<u8>(), ".{0,9}", ".{0,20}").prop_map(|(flags, tag, value)| Rdata::Caa { flags, tag, value }),
        (any::<u16>(), any::<u8>(), any::<u8>()).prop_map(|(key_tag, algorithm, digest)| Rdata::Ds {
            key_tag,
            algorithm,
            digest
        }),
        (any::<u16>(), any::<u8>()).prop_map(|(flags, algorithm)| Rdata::Dnskey { flags, algorithm }),
    ]
}

fn any_failure() -> impl Strategy<Value = Failure> {
    prop_oneof![
        Just(Failure::Offline),
        Just(Failure::TimedOut),
        any::<u16>().prop_map(Failure::Http),
        any::<u16>().prop_map(Failure::Rcode),
        any::<u16>().prop_map(Failure::TooMany),
        Just(Failure::KeyWithheld),
        Just(Failure::NotRecorded),
    ]
}

fn any_own_address() -> impl Strategy<Value = Option<OwnAddress>> {
    prop_oneof![
        Just(None),
        Just(Some(OwnAddress::NotAsked)),
        any::<[u8; 4]>().prop_map(|ip| Some(OwnAddress::Known(std::net::IpAddr::from(ip)))),
        any::<[u8; 16]>().prop_map(|ip| Some(OwnAddress::Known(std::net::IpAddr::from(ip)))),
        any_failure().prop_map(|failure| Some(OwnAddress::Failed(failure))),
    ]
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    let meta = (".{0,9}", any::<Option<u32>>(), any::<[bool; 3]>(), any::<u16>(), ".{0,9}").prop_map(
        |(resolver, millis, [authentic, truncated, confirmed], code, text)| {
            let ede = vec![Ede { code, text }];
            Meta { resolver, millis, authentic, truncated, confirmed, ede }
        },
    );
    let record =
        (any_name(), any::<u32>(), any_rdata()).prop_map(|(owner, ttl, data)| Record { owner, ttl, data });
    let chain = prop::collection::vec(any_name(), 0..3);
    (meta, prop::collection::vec(record, 0..5), chain, any::<Option<u32>>(), any_failure(), 0..4).prop_map(
        |(meta, records, chain, ttl, failure, kind)| match kind {
            0 => Outcome::Records(Answer { records, chain, meta }),
            1 => Outcome::NoData(Negative { chain, ttl, meta }),
            2 => Outcome::NxDomain(Negative { chain, ttl, meta }),
            _ => Outcome::Failed(LookupFailure { failure, meta }),
        },
    )
}

proptest! {
    #[test]
    fn whatever_was_learnt_comes_back(
        all in prop::collection::vec((any_name(), any::<bool>(), any_outcome()), 0..8),
        policy in ".{0,40}",
        own in any_own_address(),
    ) {
        let mut facts = Facts::default();
        for (name, checking_disabled, outcome) in all {
            facts.insert(Query { name, rtype: Rtype::Txt, checking_disabled }, outcome);
        }
        facts.learn(Question::Policy(name("example.org")), Fact::Policy(PolicyFile::Pasted(policy)));
        if let Some(own) = own {
            facts.learn(Question::OwnAddress, Fact::OwnAddress(own));
        }
        let all = Redaction { tells_own_address: true, ..Redaction::default() };
        prop_assert_eq!(Facts::unpack(&facts.pack(all)), Ok(facts));
    }

    #[test]
    fn whatever_the_octets_reading_ends(octets in prop::collection::vec(any::<u8>(), 0..400)) {
        let _error_or_facts = Facts::unpack(&[&[VERSION][..], &octets].concat());
    }
}
