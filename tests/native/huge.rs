//! Honest but huge answers: whatever a zone holds, what a run keeps, compares and shows stays within its bounds, and what
//! lies beyond them is "could not check".
//!
//! Counted is what there is, never how long it takes.

use std::{cell::Cell, collections::BTreeMap, rc::Rc};

use mail_triage_engine::{
    bounds,
    check::{CheckId, Level},
    dns::{Failure, Name, Outcome, Query, Rtype, wire::outcome},
    facts::{Ask, Facts, Step},
    picture::{Pictures, spf_tree::MAX_ROWS},
    report::Report,
    session::{QUERY_BUDGET, Session},
    spf::survey,
    target::{ListKeys, Target},
};

use crate::common::{as_text, catalogs, knowledge};

/// Octets of a DNS message over HTTPS at most.
const MESSAGE: usize = 65_535;

fn name(text: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    for label in text.split('.').filter(|label| !label.is_empty()) {
        octets.push(u8::try_from(label.len()).unwrap());
        octets.extend(label.bytes());
    }
    octets.push(0);
    octets
}

/// An answer to `query` with one record for each of `data`, as many as a message holds.
fn answer(query: &Query, rtype: Rtype, data: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut octets = vec![0, 0, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0];
    octets.extend(name(query.name.as_str()));
    octets.extend(query.rtype.number().to_be_bytes());
    octets.extend([0, 1]);
    let mut count: u16 = 0;
    for data in data {
        if octets.len() + 12 + data.len() > MESSAGE {
            break;
        }
        octets.extend([0xc0, 12]);
        octets.extend(rtype.number().to_be_bytes());
        octets.extend([0, 1, 0, 0, 1, 44]);
        octets.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        octets.extend(data);
        count += 1;
    }
    octets[6..8].copy_from_slice(&count.to_be_bytes());
    octets
}

fn txt(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(255)
        .flat_map(|chunk| [&[u8::try_from(chunk.len()).unwrap()][..], chunk].concat())
        .collect()
}

/// Data number `at` of a type, each different.
fn data(rtype: Rtype, at: u16) -> Vec<u8> {
    let [high, low] = at.to_be_bytes();
    match rtype {
        Rtype::A => vec![11, 22, high, low],
        Rtype::Aaaa => [&[0x26, 0x20, 1, 2][..], &[0; 10], &[high, low]].concat(),
        Rtype::Mx => [&at.to_be_bytes()[..], &name(&format!("m{at}.huge.example"))].concat(),
        Rtype::Ns | Rtype::Ptr => name(&format!("n{at}.huge.example")),
        Rtype::Txt | Rtype::Spf => txt(&format!("token-{at}")),
        Rtype::Tlsa => [&[3, 1, 1, high, low][..], &[0; 30]].concat(),
        Rtype::Srv => [&[high, low, 0, 0, 2, 75][..], &name(&format!("s{at}.huge.example"))].concat(),
        Rtype::Ds => [&[high, low, 13, 2][..], &[7; 32]].concat(),
        Rtype::Dnskey => [&[high, low, 3, 13][..], &[7; 64]].concat(),
        Rtype::Caa => [&[0, 5][..], format!("issueca{at}.example").as_bytes()].concat(),
        Rtype::Cname | Rtype::Soa => unreachable!("there is one"),
    }
}

fn nothing(query: &Query) -> Vec<u8> {
    answer(query, query.rtype, [])
}

fn soa(query: &Query) -> Vec<u8> {
    answer(query, Rtype::Soa, [[name("ns.huge.example"), name("h.huge.example"), vec![0; 20]].concat()])
}

/// Every type filled with as many different records as `most`.
fn filled(most: u16) -> impl Fn(&Query) -> Vec<u8> {
    move |query| match query.rtype {
        Rtype::Soa => soa(query),
        Rtype::Cname => nothing(query),
        rtype => answer(query, rtype, (0..most).map(|at| data(rtype, at))),
    }
}

/// What the TXT records of names are, beside hosts that all exist and have `hosts` addresses of each kind.
fn texts(hosts: u16, of: impl Fn(&str) -> Vec<String>) -> impl Fn(&Query) -> Vec<u8> {
    move |query| match query.rtype {
        Rtype::Txt => answer(query, Rtype::Txt, of(query.name.as_str()).iter().map(|text| txt(text))),
        Rtype::A | Rtype::Aaaa => answer(query, query.rtype, (0..hosts).map(|at| data(query.rtype, at))),
        Rtype::Mx if query.name.as_str() == "huge.example" => {
            answer(query, Rtype::Mx, (0..10).map(|at| data(Rtype::Mx, at)))
        }
        Rtype::Soa => soa(query),
        _ => nothing(query),
    }
}

/// One text at one name, elsewhere none.
fn text_at(at: &'static str, text: String) -> impl Fn(&Query) -> Vec<u8> {
    texts(2, move |name| if name == at { vec![text.clone()] } else { Vec::new() })
}

fn terms(n: usize, term: impl Fn(usize) -> String) -> String {
    (0..n).fold("v=spf1".to_owned(), |text, at| format!("{text} {}", term(at)))
}

/// Whether a question goes to a list: those are out of order here.
fn is_list(query: &Query) -> bool {
    let name = query.name.as_str();
    !name.ends_with("huge.example") && (query.rtype == Rtype::A || !name.ends_with(".arpa"))
        || name.contains("in-addr") && query.rtype != Rtype::Ptr
}

/// A whole run against answers that `zone` makes; how many there were.
fn run_about(target: Target, zone: &dyn Fn(&Query) -> Vec<u8>) -> (Session, usize) {
    let mut session = Session::new(target, Rc::new(knowledge()), ListKeys::default());
    let mut asked = 0;
    while let Some(query) = session.poll_query() {
        asked += 1;
        let outcome = match is_list(&query) {
            true => Outcome::failed(Failure::ServFail),
            false => outcome(&query, &zone(&query)),
        };
        session.answer(&query, outcome);
    }
    (session, asked)
}

fn run(zone: &dyn Fn(&Query) -> Vec<u8>) -> (Session, usize) {
    let target = Target {
        ips: vec!["11.22.0.1".parse().unwrap()],
        receiving_too: true,
        ..Target::domain(Name::parse("huge.example").unwrap())
    };
    run_about(target, zone)
}

fn report(zone: impl Fn(&Query) -> Vec<u8>) -> Report {
    run(&zone).0.report()
}

fn level(report: &Report, code: &str) -> Option<Level> {
    report.findings().find(|(_, finding)| finding.code.id() == code).map(|(_, finding)| finding.level)
}

type Zone = Box<dyn Fn(&Query) -> Vec<u8>>;

/// Zones as huge as they come.
fn zones() -> Vec<(&'static str, Zone)> {
    let spf = |text: String| Box::new(text_at("huge.example", text)) as Zone;
    let dmarc = |text: String| Box::new(text_at("_dmarc.huge.example", text)) as Zone;
    let tree = |width: usize, term: &'static str| -> Zone {
        Box::new(texts(256, move |name| {
            let spf = name == "huge.example" || name.starts_with('i');
            let below = name.replace('.', "-");
            let text = terms(width, |at| match at % 2 {
                0 => format!("include:i{at}.{}.huge.example", below.get(..20).unwrap_or(&below)),
                _ => term.replace('#', &at.to_string()),
            });
            if spf { vec![text] } else { Vec::new() }
        }))
    };
    vec![
        ("as many as are kept", Box::new(filled(256))),
        ("one more than is kept", Box::new(filled(257))),
        ("as many as a message holds", Box::new(filled(u16::MAX))),
        (
            "texts of one octet",
            Box::new(texts(256, |_| (0..9000).map(|at| format!("{}", at % 10)).collect())),
        ),
        (
            "many SPF records",
            Box::new(texts(256, |_| {
                (0..250).map(|at| terms(12, |term| format!("a:h{at}-{term}.huge.example"))).collect()
            })),
        ),
        ("an SPF record of 64 KB", spf(terms(5000, |at| format!("a:h{at}")))),
        ("an SPF record of hosts", spf(terms(300, |at| format!("a:h{at}")))),
        ("an SPF record of the same term", spf(terms(499, |_| "mx".to_owned()))),
        ("an SPF record of short terms", spf(terms(2000, |_| "a".to_owned()))),
        ("an SPF record of addresses", spf(terms(300, |at| format!("ip4:1.2.3.{at}")))),
        ("an SPF record of mistakes", spf(terms(490, |at| format!("ipx4:{at}")))),
        ("an SPF record of impossible names", spf(terms(250, |at| format!("include:a..{at}")))),
        ("a tree of includes", tree(40, "a:h#.huge.example")),
        ("a wide tree of includes", tree(100, "ip4:10.0.#.1")),
        (
            "a tree of missing records",
            Box::new(texts(2, |name| {
                let text = terms(130, |at| format!("include:i{at}.huge.example"));
                if name == "huge.example" { vec![text] } else { Vec::new() }
            })),
        ),
        (
            "a DMARC record of addresses",
            dmarc(format!(
                "v=DMARC1; p=none; rua={}",
                (0..180).map(|at| format!("mailto:a@b{at}.example")).collect::<Vec<_>>().join(",")
            )),
        ),
        (
            "a DMARC record of broken addresses",
            dmarc(format!(
                "v=DMARC1; p=none; rua={}",
                (0..900).map(|at| format!("m{at}!1")).collect::<Vec<_>>().join(",")
            )),
        ),
        (
            "a DMARC record of tags",
            dmarc(format!(
                "v=DMARC1; p=none; {}",
                (0..500).map(|at| format!("x{at}=1;")).collect::<String>()
            )),
        ),
        (
            "many DMARC records",
            Box::new(texts(2, |name| {
                if name.starts_with("_dmarc") {
                    (0..250).map(|at| format!("v=DMARC1; p=none; x=y{at}")).collect()
                } else {
                    Vec::new()
                }
            })),
        ),
        (
            "keys everywhere",
            Box::new(texts(2, |name| {
                if name.contains("_domainkey") {
                    vec![format!("v=DKIM1; p={}", "A".repeat(3900))]
                } else {
                    Vec::new()
                }
            })),
        ),
        (
            "keys of many tags",
            Box::new(texts(2, |name| {
                if name.contains("_domainkey") {
                    vec![format!("v=DKIM1; {}", "a=;".repeat(1300))]
                } else {
                    Vec::new()
                }
            })),
        ),
        (
            "everything under every name",
            Box::new(texts(2, |_| {
                vec![
                    format!("v=spf1 {}", "x ".repeat(400)),
                    "v=DMARC1; p=none".into(),
                    "v=STSv1; id=1".into(),
                    "v=TLSRPTv1; rua=mailto:a@b.example".into(),
                    "v=BIMI1; l=".into(),
                ]
            })),
        ),
    ]
}

#[test]
fn whatever_the_zone_what_is_kept_and_told_stays_within_bounds() {
    for (what, zone) in zones() {
        let (session, asked) = run(&*zone);
        assert!(session.is_done() && asked <= QUERY_BUDGET, "{what}: {asked} lookups");
        let weight: usize = session.facts().records().map(|(_, outcome)| outcome.weight()).sum();
        assert!(weight <= bounds::RUN_OCTETS, "{what}: {weight} octets are kept");
        let report = session.report();
        let mut alike = BTreeMap::new();
        for (_, finding) in report.findings() {
            assert!(finding.labels.len() <= bounds::LABELS, "{what}: {}", finding.code.id());
            let list = format!("{:?}", finding.listing);
            *alike.entry((finding.code.id(), finding.subject.clone(), list)).or_insert(0) += 1;
        }
        let most = alike.into_iter().max_by_key(|(_, n)| *n).unwrap();
        // A code that two checks have is kept by both.
        assert!(most.1 <= 2 * bounds::FINDINGS_ALIKE, "{what}: {most:?}");
        for evidence in &report.evidence {
            assert!(evidence.outcome.records().len() <= bounds::ANSWER_RECORDS, "{what}: {}", evidence.query);
        }
        for (language, catalog) in catalogs() {
            let text = as_text(&report, &catalog);
            let (lines, octets) = (text.lines().count(), text.len());
            assert!(!text.contains("failure.") && !text.contains("list.more"), "{language} lacks a text");
            assert!(lines < 2_000 && octets < 600_000, "{what}, {language}: {lines} lines, {octets} octets");
        }
        let pictures = Pictures::of(&session.cx());
        let rows = pictures.spf.map_or(0, |tree| tree.rows.len());
        assert!(rows <= 2 * MAX_ROWS, "{what}: {rows} rows");
    }
}

#[test]
fn a_decisive_record_behind_thousands_of_others_is_not_missing() {
    let report = report(|query| match query.rtype {
        Rtype::Txt => answer(
            query,
            Rtype::Txt,
            (0..2000).map(|at| data(Rtype::Txt, at)).chain([txt("v=spf1 -all"), txt("v=DMARC1; p=none")]),
        ),
        Rtype::Soa => soa(query),
        _ => nothing(query),
    });
    assert_eq!(level(&report, "SPF-330"), Some(Level::Unknown));
    let told = |prefix: &str| {
        let found = report.findings().filter(|(_, finding)| finding.code.id().starts_with(prefix));
        found.map(|(_, finding)| (finding.code.id(), finding.level)).collect::<Vec<_>>()
    };
    for prefix in ["SPF-", "DMA-", "DKI-", "STS-", "TLS-", "BIM-"] {
        let calm = told(prefix).into_iter().filter(|(_, level)| *level != Level::Unknown).collect::<Vec<_>>();
        assert!(calm.is_empty(), "{calm:?} is concluded from what nobody read");
    }
}

#[test]
fn as_many_records_as_are_kept_are_judged() {
    let report = report(|query| match query.rtype {
        Rtype::Txt if query.name.as_str() == "huge.example" => answer(
            query,
            Rtype::Txt,
            (0..255).map(|at| data(Rtype::Txt, at)).chain([txt("v=spf1 ip4:192.0.2.1 -all")]),
        ),
        Rtype::Soa => soa(query),
        _ => nothing(query),
    });
    assert_eq!(level(&report, "SPF-330"), None);
    assert!(report.findings().any(|(check, _)| check.id == CheckId::Spf));
}

#[test]
fn the_same_record_thousands_of_times_is_one() {
    let report = report(|query| match query.rtype {
        Rtype::Txt if query.name.as_str() == "huge.example" => {
            answer(query, Rtype::Txt, (0..3000).map(|_| txt("v=spf1 mx -all")))
        }
        Rtype::Mx if query.name.as_str() == "huge.example" => {
            answer(query, Rtype::Mx, (0..2).map(|_| data(Rtype::Mx, 7)))
        }
        Rtype::A => answer(query, Rtype::A, [data(Rtype::A, 1)]),
        Rtype::Soa => soa(query),
        _ => nothing(query),
    });
    assert_eq!((level(&report, "SPF-030"), level(&report, "SPF-320")), (None, Some(Level::Pass)));
    assert_eq!(level(&report, "MX-160"), None, "one server shares its preference with nobody");
}

#[test]
fn of_servers_that_were_not_looked_at_nothing_is_said() {
    let servers = |n: u16, dead: bool| {
        move |query: &Query| match query.rtype {
            Rtype::Mx if query.name.as_str() == "huge.example" => {
                answer(query, Rtype::Mx, (0..n).map(|at| data(Rtype::Mx, at)))
            }
            Rtype::Ns if query.name.as_str() == "huge.example" => {
                answer(query, Rtype::Ns, (0..n).map(|at| data(Rtype::Ns, at)))
            }
            Rtype::A if !dead => answer(query, Rtype::A, [data(Rtype::A, 1)]),
            Rtype::Soa => soa(query),
            _ => nothing(query),
        }
    };
    let all_dead = report(servers(3, true));
    assert_eq!(level(&all_dead, "MX-080"), Some(Level::Stops));
    let some_dead = report(servers(40, true));
    assert_eq!(level(&some_dead, "MX-080"), Some(Level::Improve), "the other 24 may work");
    let well = report(servers(3, false));
    assert_eq!(level(&well, "DAN-020"), Some(Level::Info));
    assert_eq!(level(&well, "MX-180"), Some(Level::Info));
    assert_eq!((level(&well, "NSH-010"), level(&well, "BL-210")), (Some(Level::Pass), None));
    let many = report(servers(40, false));
    assert_eq!((level(&many, "DAN-020"), level(&many, "DAN-080")), (None, Some(Level::Unknown)));
    assert_eq!((level(&many, "MX-230"), level(&many, "MX-180")), (Some(Level::Info), None));
    assert_eq!((level(&many, "NSH-010"), level(&many, "BL-210")), (None, Some(Level::Unknown)));
    let recipient = Target { recipient: Some(Name::parse("huge.example").unwrap()), ..Target::default() };
    let told = |n| {
        let (session, _) = run_about(recipient.clone(), &servers(n, true));
        session.report().findings().map(|(_, finding)| finding.code.id()).collect::<Vec<_>>()
    };
    assert!(told(3).contains(&"RCP-030"));
    assert!(told(40).contains(&"RCP-050"), "{:?}", told(40));
}

#[test]
fn an_answer_for_which_there_is_no_room_fails_and_what_is_forgotten_makes_room() {
    let zone = filled(256);
    let (mut session, _) = run(&zone);
    let full = |session: &Session| {
        let failed = |outcome: &Outcome| outcome.failure() == Some(Failure::TooLarge);
        session.facts().records().filter(|(_, outcome)| failed(outcome)).count()
    };
    let before = full(&session);
    assert!(before > 0, "this is more than a run keeps");
    session.ask_again(|query| query.rtype == Rtype::Txt);
    session.retry_failed();
    let mut answered = 0;
    while let Some(query) = session.poll_query() {
        session.answer(&query, outcome(&query, &nothing(&query)));
        answered += 1;
    }
    assert!(answered > before && full(&session) == 0);
}

/// Counts what is asked.
struct Counting<'z>(&'z Facts, Cell<usize>);

impl Ask for Counting<'_> {
    fn ask(&self, query: &Query) -> Step<&Outcome> {
        self.1.set(self.1.get() + 1);
        self.0.ask(query)
    }
}

#[test]
fn the_steps_of_a_survey_grow_with_the_record_and_end() {
    let steps = |n: usize| {
        let zone = text_at("huge.example", terms(n, |at| format!("exists:h{at}.huge.example")));
        let (session, _) = run(&zone);
        let counting = Counting(session.facts(), Cell::new(0));
        let _ = survey(&counting, &Name::parse("huge.example").unwrap());
        counting.1.get()
    };
    assert_eq!(steps(40), 41);
    assert_eq!(steps(80), 81);
    // Beyond what is read of one text there is the question for it, and no more.
    assert_eq!(steps(4000), 1);
}
