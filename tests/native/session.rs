//! The engine does not care in which order answers come, how often, or whether they come late.

use std::collections::{BTreeSet, HashSet};

use mail_triage_engine::{
    check::Level,
    dns::{Ede, Failure, Name, Outcome, Query, Rtype},
    facts::{Ask, Fact, Question},
    report::{Evidence, FindingReport, Report},
    retry::{Next, Pool, Tries},
    session::Session,
    target::{ListKeys, Target},
    zone::Zone,
};

use crate::common;

const ZONE: &str = r#"
example.org. SOA ns.example.org. hostmaster.example.org. 1 3600
example.org. MX 10 mx.example.org.
             MX 20 mx2.example.org.
mx.example.org. A 11.22.33.44
mx2.example.org. AAAA 2a01:4f8:1::1
example.org. TXT "v=spf1 mx include:one.example.org include:two.example.org include:gone.example.org -all"
one.example.org. TXT "v=spf1 include:three.example.org a:mx.example.org ~all"
two.example.org. TXT "v=spf1 include:one.example.org exists:%{i}.example.org ~all"
three.example.org. TXT "v=spf1 ip4:11.22.33.0/28 ~all"
44.33.22.11.in-addr.arpa. PTR mx.example.org.
44.33.22.11.bl.spamcop.net. A 127.0.0.2
2.0.0.127.bl.spamcop.net. A 127.0.0.2
2.0.0.127.psbl.surriel.com. A 127.0.0.2
zen.spamhaus.org. * SERVFAIL
"#;

/// Numbers that look random and are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n as u64).unwrap()
    }
}

fn session() -> Session {
    let target = Target {
        ips: vec!["11.22.33.44".parse().unwrap()],
        receiving_too: true,
        ..Target::domain(Name::parse("example.org").unwrap())
    };
    Session::new(target, common::shared_knowledge(), ListKeys::default())
}

fn in_order(zone: &Zone) -> Report {
    let mut session = session();
    while let Some(query) = session.poll_query() {
        session.answer(&query, zone.ask(&query).unwrap().clone());
    }
    session.report()
}

/// What must be equal: everything but how many questions it took to get there.
fn essence(report: &Report) -> String {
    let mut report = serde_json::to_value(report).unwrap();
    report.as_object_mut().unwrap().remove("progress");
    report.to_string()
}

#[test]
fn order_repetition_and_delay_do_not_change_the_report() {
    let zone = Zone::parse(ZONE).unwrap();
    let expected = in_order(&zone);
    assert!(!expected.running && expected.findings().count() > 20);
    for seed in 1..60 {
        let mut dice = Dice(seed);
        let mut session = session();
        let mut open: Vec<Query> = Vec::new();
        let mut answered: Vec<Query> = Vec::new();
        let mut asked = BTreeSet::new();
        loop {
            while let Some(query) = session.poll_query() {
                assert!(asked.insert(query.clone()), "{query} asked twice");
                open.push(query);
            }
            // As promised to resolvers and lists; the engine's own constants would agree with themselves.
            assert!(open.len() <= 16, "{} questions at a time", open.len());
            let lists = open.iter().filter(|query| common::is_list(query)).count();
            assert!(lists <= 8, "{lists} questions to lists at a time");
            if open.is_empty() {
                break;
            }
            // One answer, or a burst of them.
            let burst = dice.below(open.len());
            let together = open.split_off(open.len().saturating_sub(burst));
            session.learn(together.iter().map(|query| {
                (Question::Records(query.clone()), Fact::Records(zone.ask(query).unwrap().clone()))
            }));
            answered.extend(together);
            let query = open.swap_remove(dice.below(open.len()));
            session.answer(&query, zone.ask(&query).unwrap().clone());
            if dice.below(3) == 0 && !answered.is_empty() {
                // A second answer to a question that has one, and an answer nobody asked for, change nothing.
                let again = &answered[dice.below(answered.len())];
                session.answer(again, Outcome::failed(Failure::ServFail));
                let stray = Query::new(Name::parse("late.example").unwrap(), Rtype::A);
                session.answer(&stray, Outcome::failed(Failure::ServFail));
            }
            answered.push(query);
        }
        assert!(session.is_done());
        assert_eq!(essence(&session.report()), essence(&expected), "seed {seed}");
    }
}

/// Domains that differ in whether they send, and in whether they say so.
const ZONES: [&str; 5] = [
    ZONE,
    "example.org. SOA ns.example.org. hostmaster.example.org. 1 3600\nexample.org. TXT \"v=spf1 -all\"\n",
    "example.org. SOA ns.example.org. hostmaster.example.org. 1 3600\nexample.org. MX 0 .\n\
     example.org. TXT \"v=spf1 -all\"\n_dmarc.example.org. TXT \"v=DMARC1; p=reject\"\n",
    "example.org. SOA ns.example.org. hostmaster.example.org. 1 3600\nexample.org. A 11.22.33.80\n",
    "example.org. SOA ns.example.org. hostmaster.example.org. 1 3600\nexample.org. TXT \"v=spf1 -all\"\n\
     _submissions._tcp.example.org. SRV 0 1 465 mail.example.org.\nmail.example.org. A 11.22.33.44\n",
];

/// What is proven while something else is not known, and what would be said in its place if that were known too.
const IN_ITS_PLACE: [(&str, &str); 1] = [
    // There is no DMARC record; that a domain without mail may refuse everything at once follows from its SPF record.
    ("DMA-010", "DMA-300"),
];

#[test]
fn a_failed_lookup_is_never_a_problem_and_never_a_pass() {
    let run = |zone: &Zone, mut fails: Box<dyn FnMut() -> bool>| {
        let target = Target::domain(Name::parse("example.org").unwrap());
        let mut session = Session::new(target, common::shared_knowledge(), ListKeys::default());
        while let Some(query) = session.poll_query() {
            let outcome =
                if fails() { Outcome::failed(Failure::TimedOut) } else { zone.ask(&query).unwrap().clone() };
            session.answer(&query, outcome);
        }
        session.report()
    };
    let mut wrong = BTreeSet::new();
    let mut compared = 0;
    for zone in ZONES {
        let zone = Zone::parse(zone).unwrap();
        let whole = run(&zone, Box::new(|| false));
        let told: BTreeSet<_> =
            whole.findings().map(|(_, finding)| (finding.code.id(), finding.subject.clone())).collect();
        for seed in 1..80 {
            let mut dice = Dice(seed);
            let one_in = if seed % 2 == 0 { 2 } else { 12 };
            let report = run(&zone, Box::new(move || dice.below(one_in) == 0));
            assert!(!report.running);
            for (_, finding) in report.findings() {
                if !matches!(finding.level, Level::Stops | Level::Improve | Level::Pass) {
                    continue;
                }
                compared += 1;
                let (id, subject) = (finding.code.id(), &finding.subject);
                let instead = IN_ITS_PLACE.iter().find(|(proven, _)| *proven == id);
                let is_told = |id: &'static str| told.contains(&(id, subject.clone()));
                if !is_told(id) && !instead.is_some_and(|(_, id)| is_told(id)) {
                    wrong.insert(format!("{id} about {subject} is {:?}: {:?}", finding.level, &told));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), Vec::from_iter(wrong).join("\n"));
    assert!(compared > 500, "{compared}");
}

#[test]
fn with_no_answer_at_all_everything_is_unknown_and_the_page_says_it_is_cut_off() {
    let mut session = session();
    while let Some(query) = session.poll_query() {
        session.answer(&query, Outcome::failed(Failure::Network));
    }
    let report = session.report();
    assert!(report.is_cut_off());
    assert_eq!((report.summary.stops, report.summary.improve, report.summary.pass), (0, 0, 0));
    assert!(report.summary.unknown > 0);
}

#[test]
fn trying_again_asks_only_what_failed() {
    let zone = Zone::parse(ZONE).unwrap();
    let mut session = session();
    let mut failed = BTreeSet::new();
    while let Some(query) = session.poll_query() {
        let fail = query.rtype == Rtype::Mx || query.name.as_str() == "44.33.22.11.bl.spamcop.net";
        if fail {
            failed.insert(query.clone());
        }
        let outcome =
            if fail { Outcome::failed(Failure::TimedOut) } else { zone.ask(&query).unwrap().clone() };
        session.answer(&query, outcome);
    }
    let known: BTreeSet<Query> = session
        .facts()
        .records()
        .map(|(query, _)| query.clone())
        .filter(|query| !failed.contains(query))
        .collect();
    session.retry_failed();
    let mut again = BTreeSet::new();
    while let Some(query) = session.poll_query() {
        again.insert(query.clone());
        session.answer(&query, zone.ask(&query).unwrap().clone());
    }
    let servfail = |query: &Query| query.name.as_str().ends_with("zen.spamhaus.org");
    assert!(failed.is_subset(&again), "{failed:?} in {again:?}");
    assert!(again.iter().all(|query| !known.contains(query) || servfail(query)), "{again:?}");
    assert_eq!(essence(&session.report()), essence(&in_order(&zone)));
}

#[test]
fn a_spent_budget_ends_the_run_as_could_not_check() {
    let zone = Zone::parse(ZONE).unwrap();
    let ask_all = |mut session: Session| {
        let mut asked = 0;
        while let Some(query) = session.poll_query() {
            asked += 1;
            session.answer(&query, zone.ask(&query).unwrap().clone());
        }
        (asked, session.report())
    };
    let (all, whole) = ask_all(session());
    assert!(whole.evidence.iter().all(|e| e.outcome.failure() != Some(Failure::Budget)));
    let (asked, report) = ask_all(session().with_budget(all - 1));
    assert!(!report.running);
    assert_eq!(asked, all - 1);
    assert!(report.evidence.iter().any(|e| e.outcome.failure() == Some(Failure::Budget)));
}

#[test]
fn no_dead_list_is_ever_asked() {
    let zone = Zone::parse(ZONE).unwrap();
    let knowledge = common::knowledge();
    let mut session = session();
    while let Some(query) = session.poll_query() {
        let mut zone_name = Some(query.name.clone());
        while let Some(name) = zone_name {
            assert!(!knowledge.blocklists.is_dead(&name), "{query} asks a dead list");
            zone_name = name.parent();
        }
        session.answer(&query, zone.ask(&query).unwrap().clone());
    }
}

#[test]
fn a_key_appears_nowhere_in_the_report() {
    let zone = Zone::parse(
        "44.33.22.11.verysecretkey.zen.dq.spamhaus.net. A 127.0.0.2\n\
         44.33.22.11.verysecretkey.zen.dq.spamhaus.net. TXT \"see verysecretkey\"\n\
         2.0.0.127.verysecretkey.zen.dq.spamhaus.net. A 127.0.0.2\n\
         45.33.22.11.verysecretkey.zen.dq.spamhaus.net. A SERVFAIL\n\
         46.33.22.11.verysecretkey.zen.dq.spamhaus.net. TXT \"of another type\"\n",
    )
    .unwrap();
    let mut keys = ListKeys::default();
    keys.set("spamhaus-dqs", "VerySecretKey");
    let ips = ["11.22.33.44", "11.22.33.45", "11.22.33.46"].map(|ip| ip.parse().unwrap()).to_vec();
    let mut session =
        Session::new(Target { ips, ..Target::default() }, common::shared_knowledge(), keys.clone());
    let mut kinds = HashSet::new();
    while let Some(query) = session.poll_query() {
        let mut outcome = zone.ask(&query).unwrap().clone();
        if keys.leaks(query.name.as_str()) {
            // Resolvers quote the name in the text of an error, and a list may answer through an alias.
            outcome
                .meta_mut()
                .ede
                .push(Ede { code: 23, text: format!("rcode=REFUSED for {}/a", query.name) });
            if let Outcome::NoData(negative) | Outcome::NxDomain(negative) = &mut outcome {
                negative.chain.push(query.name.clone());
            }
            kinds.insert(std::mem::discriminant(&outcome));
        }
        session.answer(&query, outcome);
    }
    assert_eq!(kinds.len(), 4, "each kind of outcome");
    let report = session.report();
    assert!(report.findings().any(|(_, finding)| finding.code.id() == "BL-010"));
    let quoted = |evidence: &Evidence| evidence.outcome.meta().ede.iter().any(|ede| ede.code == 23);
    assert!(report.evidence.iter().any(quoted));
    assert!(!serde_json::to_string(&report).unwrap().to_lowercase().contains("verysecretkey"));
    for (language, catalog) in common::catalogs() {
        let text = common::as_text(&report, &catalog).to_lowercase();
        assert!(text.contains("zen") && !text.contains("verysecretkey"), "{language}");
    }
}

/// A run about one address: what zone text says of it.
fn levels(zone: &str, keep: impl Fn(&Query) -> bool) -> Vec<String> {
    let zone = Zone::parse(zone).unwrap();
    let target = Target { ips: vec!["11.22.33.44".parse().unwrap()], ..Target::default() };
    let mut keys = ListKeys::default();
    keys.set("spamhaus-dqs", "verysecretkey");
    let mut session = Session::new(target, common::shared_knowledge(), keys);
    while let Some(query) = session.poll_query() {
        if keep(&query) {
            session.answer(&query, zone.ask(&query).unwrap().clone());
        }
    }
    let report = session.report();
    let listed = |finding: &FindingReport| {
        ["BL-010", "BL-030", "BL-050", "BL-200"].contains(&finding.code.id()).then(|| {
            format!(
                "{} {:?} {}",
                finding.code.id(),
                finding.level,
                common::arg(&finding.args, "advice")["key"]
            )
        })
    };
    report.findings().filter_map(|(_, finding)| listed(finding)).collect()
}

#[test]
fn a_network_that_large_receivers_refuse_stops_mail() {
    let zone = "44.33.22.11.verysecretkey.zen.dq.spamhaus.net. A 127.0.0.2\n A 127.0.0.9\n";
    assert_eq!(levels(zone, |_| true), [r#"BL-030 Stops "list.spamhaus-drop.advice""#]);
}

#[test]
fn nothing_is_said_of_a_listed_address_before_it_is_known_whose_it_is() {
    let zone = "44.33.22.11.bl.spamcop.net. A 127.0.0.2\n2.0.0.127.bl.spamcop.net. A 127.0.0.2\n";
    assert_eq!(levels(zone, |_| true).len(), 1);
    assert_eq!(levels(zone, |query| query.rtype != Rtype::Ptr), Vec::<String>::new());
}

#[test]
fn an_address_whose_owner_could_not_be_looked_up_may_be_anybodys() {
    let who = |zone: &str| {
        let zone = Zone::parse(zone).unwrap();
        let target = Target { ips: vec!["11.22.33.44".parse().unwrap()], ..Target::default() };
        let mut session = Session::new(target, common::shared_knowledge(), ListKeys::default());
        while let Some(query) = session.poll_query() {
            session.answer(&query, zone.ask(&query).unwrap().clone());
        }
        let report = session.report();
        let (_, finding) = report.findings().find(|(_, finding)| finding.code.id() == "BL-010").unwrap();
        common::arg(&finding.args, "who")["key"].clone()
    };
    let listed = "44.33.22.11.psbl.surriel.com. A 127.0.0.2\n2.0.0.127.psbl.surriel.com. A 127.0.0.2\n";
    assert_eq!(who(listed), "list.who.you");
    let failed = format!("{listed}44.33.22.11.in-addr.arpa. PTR SERVFAIL\n");
    assert_eq!(who(&failed), "list.who.perhaps-you");
}

#[test]
fn answers_that_do_not_fit_together_can_be_asked_for_again() {
    let zone = Zone::parse("2.0.0.127.bl.spamcop.net. A 127.0.0.2\n").unwrap();
    let target = Target { ips: vec!["11.22.33.44".parse().unwrap()], ..Target::default() };
    let mut session = Session::new(target, common::shared_knowledge(), ListKeys::default());
    let run = |session: &mut Session, stand_in: bool| {
        let mut asked = 0;
        while let Some(query) = session.poll_query() {
            let mut outcome = zone.ask(&query).unwrap().clone();
            if stand_in && query.name.as_str() == "2.0.0.127.bl.spamcop.net" {
                outcome.meta_mut().resolver = "another".to_owned();
            }
            session.answer(&query, outcome);
            asked += 1;
        }
        asked
    };
    run(&mut session, true);
    let report = session.report();
    let (_, finding) = report.findings().find(|(_, finding)| finding.code.id() == "BL-170").unwrap();
    let queries: Vec<Query> = finding.evidence.iter().map(|&at| report.evidence[at].query.clone()).collect();
    session.retry_failed();
    assert_eq!(run(&mut session, false), 0);
    session.ask_again(|query| queries.contains(query));
    assert_eq!(run(&mut session, false), queries.len());
    let codes = |report: &Report| -> BTreeSet<&str> { report.findings().map(|(_, f)| f.code.id()).collect() };
    assert!(!codes(&session.report()).contains("BL-170") && codes(&session.report()).contains("BL-060"));
}

#[test]
fn a_resolver_that_asks_for_an_hour_is_given_ten_seconds() {
    let (pool, mut tries) = (Pool::new(1), Tries::default());
    assert_eq!(pool.next(&tries, 0), Next::Ask(0));
    pool.happened(&mut tries, 0, Outcome::failed(Failure::RateLimited), Some(3_600), (0, 0));
    assert_eq!(pool.next(&tries, 0), Next::Wait(10_000));
    assert_eq!(pool.next(&tries, 10_000), Next::Ask(0));
}
