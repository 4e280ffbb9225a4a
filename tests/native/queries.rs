//! How many questions the search for DKIM keys and the look at the provider's servers cost: nobody is asked more than it
//! takes.

use std::collections::BTreeSet;

use mail_triage_engine::{
    dns::{Name, Query},
    facts::{Ask, Facts},
    session::Session,
    target::{ListKeys, Target},
    zone::Zone,
};

use crate::common;

const BASE: &str = "example.org. SOA ns.example.org. hostmaster.example.org. 1 3600\n\
                    example.org. MX 1 smtp.google.com.\n\
                    example.org. TXT \"v=spf1 include:_spf.google.com ~all\"\n";

/// The names below `_domainkey` that a run asks for, in the waves in which it asks.
fn asked(zone: &str) -> Vec<BTreeSet<String>> {
    let zone = Zone::parse(&format!("{BASE}{zone}")).unwrap();
    let target = Target::domain(Name::parse("example.org").unwrap());
    let mut session = Session::new(target, common::shared_knowledge(), ListKeys::default());
    let mut waves = Vec::new();
    loop {
        let wave: Vec<Query> = std::iter::from_fn(|| session.poll_query()).collect();
        if wave.is_empty() {
            return waves;
        }
        let keys = wave.iter().map(|query| query.name.as_str());
        let keys: BTreeSet<String> =
            keys.filter(|name| name.ends_with("_domainkey.example.org")).map(str::to_owned).collect();
        if !keys.is_empty() {
            waves.push(keys);
        }
        for query in wave {
            session.answer(&query, zone.ask(&query).unwrap().clone());
        }
    }
}

fn total(waves: &[BTreeSet<String>]) -> usize {
    waves.iter().map(BTreeSet::len).sum()
}

#[test]
fn below_a_name_that_does_not_exist_nothing_common_is_asked() {
    // `_domainkey` itself, the name nobody published, the provider's own.
    assert_eq!(total(&asked("")), 3);
}

#[test]
fn once_the_provider_has_answered_the_search_ends() {
    let key = include_str!("../keys/rsa2048.txt").trim();
    let waves = asked(&format!("google._domainkey.example.org. TXT \"v=DKIM1; p={key}\"\n"));
    assert_eq!(total(&waves), 3);
}

#[test]
fn a_find_in_the_first_portion_ends_the_search_too() {
    let key = include_str!("../keys/rsa2048.txt").trim();
    let waves = asked(&format!("default._domainkey.example.org. TXT \"v=DKIM1; p={key}\"\n"));
    assert!(total(&waves) <= 3 + 14, "{waves:?}");
}

#[test]
fn the_longest_search_is_bounded_and_comes_in_portions() {
    let waves = asked("nobody-knows._domainkey.example.org. TXT \"v=DKIM1; p=\"\n");
    assert!(total(&waves) <= 60, "{}", total(&waves));
    assert!(waves.iter().all(|wave| wave.len() <= 16));
    assert!(waves.len() <= 6, "{} waves", waves.len());
}

#[test]
fn a_wildcard_that_proves_it_ends_the_search_after_the_first_portion() {
    let waves = asked("*.example.org. TXT \"hello\"\n");
    assert!(total(&waves) <= 4 + 14, "{waves:?}");
}

#[test]
fn that_the_provider_can_be_found_costs_few_questions_and_no_time() {
    let zone = common::lab();
    for name in ["bakery.example", "lawfirm.example", "too-many-lookups.example", "selfhosted.example"] {
        let run = |with: bool| {
            let target = Target {
                ips: vec!["11.22.33.44".parse().unwrap()],
                ..Target::domain(Name::parse(name).unwrap())
            };
            let which = |id: &str| with || id != "reach";
            let knowledge = common::shared_knowledge();
            let mut session = Session::only(which, target, knowledge, ListKeys::default(), Facts::default());
            let (mut waves, mut asked) = (0, 0);
            loop {
                let wave: Vec<Query> = std::iter::from_fn(|| session.poll_query()).collect();
                if wave.is_empty() {
                    return (waves, asked);
                }
                waves += 1;
                asked += wave.len();
                for query in wave {
                    session.answer(&query, zone.ask(&query).unwrap().clone());
                }
            }
        };
        let ((waves, asked), (waves_with, asked_with)) = (run(false), run(true));
        assert_eq!(waves_with, waves, "{name}");
        assert!(asked_with <= asked + 3, "{name}: {asked} and {asked_with}");
    }
}
