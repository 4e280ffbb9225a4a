#![allow(clippy::too_many_lines, reason = "a test is as long as its cases")]

use std::collections::BTreeSet;

use std::net::{IpAddr, Ipv4Addr};

use super::*;

fn real() -> Blocklists {
    serde_json::from_str(include_str!("../../../../../www/data/blocklists.json")).unwrap()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn answer(texts: &[&str]) -> Vec<Ipv4Addr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// A short form of a judgement for tables.
fn verdict(list: &Blocklist, texts: &[&str]) -> String {
    match list.judge(&answer(texts)) {
        ListJudgement::Listed { codes, good, weight } => {
            let meanings: Vec<&str> = codes.iter().map(|code| code.meaning.as_str()).collect();
            let sign = if good { "good" } else { "listed" };
            format!("{sign} {weight} {}", meanings.join("+"))
        }
        ListJudgement::Refused(_) => "refused".into(),
        ListJudgement::Broken(_) => "broken".into(),
        ListJudgement::UnknownCode(_) => "unknown".into(),
        ListJudgement::NoAddress => "none".into(),
    }
}

#[test]
fn answers_are_judged_by_each_lists_own_rules() {
    let lists = real();
    for (id, addresses, wanted) in [
        // Tables, and the global refusal range.
        ("spamhaus-zen", &["127.0.0.2"][..], "listed 10 spam-source"),
        ("spamhaus-zen", &["127.0.0.3"], "listed 9 snowshoe"),
        ("spamhaus-zen", &["127.0.0.4"], "listed 10 exploited-host"),
        ("spamhaus-zen", &["127.0.0.7"], "listed 10 exploited-host"),
        ("spamhaus-zen", &["127.0.0.10"], "listed 4 policy-by-provider"),
        ("spamhaus-zen", &["127.0.0.11", "127.0.0.4"], "listed 10 exploited-host+policy-no-direct-mail"),
        // The gravest comes first.
        ("spamhaus-zen", &["127.0.0.10", "127.0.0.3"], "listed 9 snowshoe+policy-by-provider"),
        ("spamhaus-zen", &["127.0.0.1"], "unknown"),
        ("spamhaus-zen", &["127.0.0.8"], "unknown"),
        ("spamhaus-zen", &["127.255.255.252"], "refused"),
        ("spamhaus-zen", &["127.255.255.254"], "refused"),
        ("spamhaus-zen", &["127.255.255.255"], "refused"),
        ("spamhaus-zen", &["127.255.255.0"], "refused"),
        ("spamhaus-zen", &["127.255.254.1"], "unknown"),
        ("spamhaus-zen", &["127.0.0.2", "127.255.255.254"], "refused"),
        ("spamhaus-zen", &[], "none"),
        ("barracuda", &["127.255.255.254"], "refused"),
        // Parked zones and rewriting resolvers.
        ("spamhaus-zen", &["185.53.178.9"], "broken"),
        ("spamhaus-zen", &["0.0.0.0"], "broken"),
        ("spamcop", &["127.0.0.2", "91.195.240.94"], "broken"),
        ("suomispam", &["93.184.216.34"], "broken"),
        ("surbl", &["192.0.2.64"], "broken"),
        // An address asked of a domain list.
        ("spamhaus-dbl", &["127.0.1.255"], "refused"),
        ("spamhaus-dbl", &["127.0.1.2"], "listed 9 spam-domain"),
        // Bits; bit 1 is a refusal for SURBL and URIBL, an entry for Validity.
        ("surbl", &["127.0.0.1"], "refused"),
        ("surbl", &["127.0.0.8"], "listed 7 phishing"),
        ("surbl", &["127.0.0.80"], "listed 7 malware+spam-domain"),
        ("surbl", &["127.0.0.9"], "refused"),
        ("surbl", &["127.0.1.8"], "unknown"),
        ("surbl", &["127.0.0.2"], "unknown"),
        ("uribl", &["127.0.0.1"], "refused"),
        ("uribl", &["127.0.0.255"], "refused"),
        ("uribl", &["127.0.0.14"], "listed 6 spam-domain+bulk+experimental"),
        ("uribl", &["127.0.0.4"], "listed 3 bulk"),
        ("validity", &["127.255.255.255"], "refused"),
        ("validity", &["127.0.0.1"], "listed 4 botnet"),
        ("validity", &["127.0.0.18"], "listed 4 no-authentication+bad-reputation"),
        // DNSWL: octets, good news, and the high marks it gives to those over quota.
        ("dnswl", &["127.0.5.1"], "good 0 trusted"),
        ("dnswl", &["127.0.3.0"], "good 0 known-sender"),
        ("dnswl", &["127.0.0.255"], "refused"),
        ("dnswl", &["127.0.10.0"], "refused"),
        ("dnswl", &["127.0.10.3"], "refused"),
        ("dnswl", &["127.1.5.1"], "unknown"),
        // Good, neutral and bad news in one list.
        ("hostkarma", &["127.0.0.1"], "good 0 trusted"),
        ("hostkarma", &["127.0.0.5"], "good 0 not-to-block"),
        ("hostkarma", &["127.0.0.2"], "listed 2 spam-source"),
        ("hostkarma", &["127.0.0.3"], "listed 0 mixed-source"),
        ("hostkarma", &["127.0.1.1"], "listed 0 observed"),
        ("hostkarma", &["127.0.0.1", "127.0.1.1"], "good 0 trusted+observed"),
        ("hostkarma", &["127.0.0.1", "127.0.0.2"], "listed 2 spam-source+trusted"),
        // 127.0.0.1 is an entry here and nowhere else.
        ("efnet", &["127.0.0.1"], "listed 1 open-proxy"),
        ("spamcop", &["127.0.0.1"], "unknown"),
        // Ranges.
        ("blocklistde", &["127.0.0.21"], "listed 2 attacks"),
        ("blocklistde", &["127.0.0.22"], "unknown"),
        ("spamhaus-dqs-zrd", &["127.0.2.24"], "listed 5 new-domain"),
        ("spamhaus-dqs-zrd", &["127.0.2.255"], "refused"),
        // Any answer counts.
        ("suomispam", &["127.0.0.99"], "listed 2 spam-source"),
        ("suomispam", &["127.0.0.1"], "unknown"),
        ("suomispam", &["127.255.255.1"], "refused"),
        // Whole networks weigh nothing.
        ("uceprotect2", &["127.0.0.2"], "listed 0 neighbours"),
        ("uceprotect3", &["127.0.0.2"], "listed 0 whole-network"),
    ] {
        let list = lists.by_id(id).unwrap();
        assert_eq!(verdict(list, addresses), wanted, "{id} {addresses:?}");
    }
}

#[test]
fn names_are_reversed_as_rfc_5782_says() {
    let lists = real();
    let zen = lists.by_id("spamhaus-zen").unwrap();
    assert_eq!(zen.query_name(ListSubject::Ip(ip("9.8.7.65")), None).unwrap(), "65.7.8.9.zen.spamhaus.org");
    assert_eq!(
        zen.query_name(ListSubject::Ip(ip("::ffff:9.8.7.65")), None).unwrap(),
        "65.7.8.9.zen.spamhaus.org"
    );
    assert_eq!(
        zen.query_name(ListSubject::Ip(ip("2a01:4f8:1:2:3:4:567:89ab")), None).unwrap(),
        "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.f.4.0.1.0.a.2.zen.spamhaus.org"
    );
    assert_eq!(
        lists
            .by_id("spamhaus-dbl")
            .unwrap()
            .query_name(ListSubject::Domain("Mail.Example.ORG."), None)
            .unwrap(),
        "mail.example.org.dbl.spamhaus.org"
    );
}

#[test]
fn what_must_not_be_asked_has_no_name() {
    let lists = real();
    for list in &lists.lists {
        for address in ["10.0.0.1", "100.64.1.1", "192.0.2.1", "224.0.0.1", "fe80::1", "2001:db8::1"] {
            assert_eq!(
                list.query_name(ListSubject::Ip(ip(address)), Some("k")),
                None,
                "{} {address}",
                list.id
            );
        }
        for domain in [
            "",
            ".",
            "com",
            "localhost",
            "a.localhost",
            "printer.local",
            "a..b",
            "192.0.2.1",
            "1.2.3.4",
            "a b.org",
            "x.test",
            "é.fr",
            "a.invalid",
        ] {
            assert_eq!(list.query_name(ListSubject::Domain(domain), Some("k")), None, "{} {domain}", list.id);
        }
        let covers = |kind| list.covers.contains(&kind);
        for (subject, kind) in [
            (ListSubject::Ip(ip("9.8.7.6")), ListKind::Ip4),
            (ListSubject::Ip(ip("2a00::1")), ListKind::Ip6),
            (ListSubject::Domain("a.org"), ListKind::Domain),
        ] {
            assert_eq!(list.query_name(subject, Some("k")).is_some(), covers(kind), "{} {kind:?}", list.id);
        }
    }
    let long = format!("{}.org", ["a"; 120].join("."));
    let dbl = lists.by_id("spamhaus-dbl").unwrap();
    assert_eq!(dbl.query_name(ListSubject::Domain(&long), None), None);
}

#[test]
fn a_keyed_list_is_asked_with_its_key_only() {
    let lists = real();
    let dqs = lists.by_id("spamhaus-dqs-zen").unwrap();
    let subject = ListSubject::Ip(ip("9.8.7.65"));
    assert_eq!(dqs.query_name(subject, None), None);
    for bad in ["", "a.b", "a b", "{key}", "ключ"] {
        assert_eq!(dqs.query_name(subject, Some(bad)), None, "{bad}");
    }
    let name = dqs.query_name(subject, Some("abcdef")).unwrap();
    assert_eq!(name, "65.7.8.9.abcdef.zen.dq.spamhaus.net");
    for list in lists.lists.iter().filter(|list| list.is_keyed()) {
        assert!(list.zone.starts_with("{key}."), "{}", list.id);
        assert!(list.secret_name.is_some(), "{}", list.id);
        let name = list.controls(list.covers[0], Some("s3cret")).clean.unwrap();
        assert!(name.contains("s3cret"), "{}", list.id);
    }
}

#[test]
fn control_names_come_in_both_families() {
    let lists = real();
    let zen = lists.by_id("spamhaus-zen").unwrap();
    assert_eq!(
        zen.controls(ListKind::Ip4, None),
        Controls {
            listed: Some("2.0.0.127.zen.spamhaus.org".into()),
            clean: Some("1.0.0.127.zen.spamhaus.org".into()),
        }
    );
    let six = zen.controls(ListKind::Ip6, None);
    assert_eq!(
        six.listed.unwrap(),
        "2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.zen.spamhaus.org"
    );
    assert_eq!(
        six.clean.unwrap(),
        "1.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.zen.spamhaus.org"
    );
    assert_eq!(zen.controls(ListKind::Domain, None), Controls::default());
    let dbl = lists.by_id("spamhaus-dbl").unwrap();
    assert_eq!(dbl.controls(ListKind::Domain, None).listed.unwrap(), "dbltest.com.dbl.spamhaus.org");
    for list in &lists.lists {
        for &kind in &list.covers {
            let clean = list.controls(kind, Some("k")).clean.unwrap();
            // Of Hostkarma 127.0.0.1 may be good news.
            assert_eq!(clean.starts_with("no-such-entry."), list.id == "hostkarma", "{}", list.id);
        }
    }
}

#[test]
fn every_list_with_weight_in_the_default_set_can_be_controlled() {
    let lists = real();
    for kind in [ListKind::Ip4, ListKind::Ip6] {
        for list in lists.default_for(kind).filter(|l| l.role == Role::Block) {
            assert!(list.controls(kind, None).listed.is_some(), "{} {kind:?}", list.id);
        }
    }
}

#[test]
fn the_default_set_is_of_sensible_size_and_asks_the_lists_that_matter() {
    let lists = real();
    let ids = |kind| -> Vec<&str> { lists.default_for(kind).map(|l| l.id.as_str()).collect() };
    let four = ids(ListKind::Ip4);
    assert!((18..=24).contains(&four.len()), "{four:?}");
    for id in ["spamhaus-zen", "barracuda", "spamcop", "psbl", "dnswl"] {
        assert!(four.contains(&id), "{id}");
    }
    assert!(ids(ListKind::Ip6).contains(&"spamhaus-zen"));
    assert!(ids(ListKind::Domain).contains(&"spamhaus-dbl"));
    for list in lists.lists.iter().filter(|list| list.default) {
        assert!(list.weight >= 1 && !list.is_keyed(), "{}", list.id);
    }
    for id in ["uceprotect2", "uceprotect3"] {
        let list = lists.by_id(id).unwrap();
        assert_eq!((list.weight, list.default), (0, false), "{id}");
        assert_ne!(list.who, Actor::You, "{id}");
    }
    assert_eq!(Blocklists::default().default_for(ListKind::Ip4).count(), 0);
}

#[test]
fn a_key_brings_in_its_lists_and_sends_the_replaced_one_home() {
    let lists = real();
    let ids = |secret: &'static str| -> Vec<&str> {
        lists
            .chosen_for(ListKind::Ip4, move |name| (name == secret).then_some("s3cret"))
            .map(|list| list.id.as_str())
            .collect()
    };
    let with = ids("spamhaus-dqs");
    assert!(with.contains(&"spamhaus-dqs-zen") && !with.contains(&"spamhaus-zen"));
    assert!(!with.contains(&"abusix"));
    let without = ids("none");
    assert!(without.contains(&"spamhaus-zen") && !without.contains(&"spamhaus-dqs-zen"));
    let default: Vec<&str> = lists.default_for(ListKind::Ip4).map(|l| l.id.as_str()).collect();
    assert_eq!(without, default);
    for list in &lists.lists {
        if let Some(replaced) = &list.replaces {
            assert!(lists.by_id(replaced).is_some(), "{}", list.id);
        }
    }
}

#[test]
fn a_key_that_cannot_be_one_sends_nothing_home() {
    let lists = real();
    let chosen: Vec<&str> =
        lists.chosen_for(ListKind::Ip4, |_| Some("a.b")).map(|list| list.id.as_str()).collect();
    let default: Vec<&str> = lists.default_for(ListKind::Ip4).map(|list| list.id.as_str()).collect();
    assert_eq!(chosen, default);
}

#[test]
fn what_is_asked_of_a_list_is_in_its_zone_with_a_key_too() {
    let lists = real();
    for list in &lists.lists {
        let controls = list.controls(list.covers[0], Some("s3cret"));
        for asked in controls.listed.iter().chain(&controls.clean) {
            assert!(lists.holds(&name(asked)), "{asked}");
        }
    }
    assert!(!lists.holds(&name("example.org")));
}

#[test]
fn a_key_is_found_in_what_was_pasted() {
    let lists = real();
    let dqs = |typed| lists.key_in("spamhaus-dqs", typed);
    let key = Some("abcdefghijklmnopqrstuvwxyz");
    for typed in [
        "abcdefghijklmnopqrstuvwxyz",
        "  abcdefghijklmnopqrstuvwxyz\n",
        "abcdefghijklmnopqrstuvwxyz.zen.dq.spamhaus.net",
        "abcdefghijklmnopqrstuvwxyz.DBL.dq.spamhaus.net.",
        "2.0.0.127.abcdefghijklmnopqrstuvwxyz.zen.dq.spamhaus.net",
    ] {
        assert_eq!(dqs(typed), key, "{typed:?}");
    }
    for typed in [
        "",
        "a",
        "zen.dq.spamhaus.net",
        ".zen.dq.spamhaus.net",
        "two words",
        "abcdefghijklmnopqrstuvwxyz.zen.spamhaus.org",
        "abcdefghijklmnopqrstuvwxyz.mail.abusix.zone",
        "schlüssel-schlüssel",
    ] {
        assert_eq!(dqs(typed), None, "{typed:?}");
    }
}

#[test]
fn a_query_is_known_as_one_of_a_list() {
    let lists = real();
    let zen = lists.by_id("spamhaus-dqs-zen").unwrap();
    assert!(zen.answers(&name("2.0.0.127.s3cret.zen.dq.spamhaus.net")));
    assert!(lists.by_id("psbl").unwrap().answers(&name("2.0.0.127.PSBL.surriel.com.")));
    assert!(!zen.answers(&name("example.org")) && !zen.answers(&name("zen.dq.spamhaus.net.example.org")));
}

#[test]
fn no_dead_zone_is_among_the_lists() {
    let lists = real();
    assert!(lists.dead.len() > 60);
    for list in &lists.lists {
        assert!(!lists.is_dead(&name(&list.zone)), "{}", list.id);
        let controls = list.controls(list.covers[0], Some("k"));
        let control = name(&controls.clean.or(controls.listed).unwrap());
        for dead in &lists.dead {
            let parent = dead.zone.strip_prefix("*.").unwrap_or(&dead.zone);
            assert_eq!(control.in_front_of(parent), None, "{} under {parent}", list.id);
        }
    }
    for zone in [
        "dnsbl.sorbs.net",
        "spam.dnsbl.sorbs.net",
        "DNSBL.njabl.org",
        "combined.njabl.org",
        "anything.nszones.com",
        "nszones.com",
        "sbl.spamhaus.org",
        "xbl.spamhaus.org",
        "pbl.spamhaus.org",
        "cbl.abuseat.org",
    ] {
        assert!(lists.is_dead(&name(zone)), "{zone}");
    }
    for zone in ["notnszones.com", "zen.spamhaus.org", "", "org"] {
        assert!(!lists.is_dead(&name(zone)), "{zone}");
    }
}

#[test]
fn the_file_is_consistent_in_itself() {
    let lists = real();
    let mut ids = BTreeSet::new();
    let mut zones = BTreeSet::new();
    for list in &lists.lists {
        assert!(ids.insert(&list.id), "{} twice", list.id);
        assert!(zones.insert(&list.zone), "{} twice", list.zone);
        assert!(!list.codes.is_empty(), "{}", list.id);
        for code in &list.codes {
            let low = code.code.replace('*', "5");
            let low = low.split('-').next().unwrap().parse::<Ipv4Addr>().unwrap();
            assert!(low.is_loopback(), "{} {}", list.id, code.code);
            assert!(
                list.matching != Matching::Bits || low.octets()[3].is_power_of_two(),
                "{} {}",
                list.id,
                code.code
            );
            assert_eq!(
                code.good,
                verdict(list, &[&low.to_string()]).starts_with("good"),
                "{} {}",
                list.id,
                code.code
            );
        }
        for template in [&list.lookup_url, &list.delist_url].into_iter().flatten() {
            assert!(template.starts_with("http"), "{}", list.id);
        }
        if list.role == Role::Allow {
            assert!(list.codes.iter().all(|code| code.good), "{}", list.id);
        }
    }
    for web in &lists.web_only {
        assert!(ids.insert(&web.id), "{} twice", web.id);
    }
}
