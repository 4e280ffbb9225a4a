//! Honest but huge answers: whatever a zone holds, what a run keeps, compares and shows stays within its bounds, and what
//! lies beyond them is "could not check".
//!
//! Counted is what there is, never how long it takes.

use std::{cell::Cell, rc::Rc};

use mail_triage::{
    bounds,
    check::Level,
    dns::{Failure, Name, Outcome, Query, Rtype, wire::outcome},
    report::Report,
    report_text,
    session::{QUERY_BUDGET, Session},
    target::{Keys, Target},
};

use crate::common::{catalogs, knowledge, plural};

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
    text.as_bytes().chunks(255).flat_map(|chunk| [&[chunk.len() as u8][..], chunk].concat()).collect()
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

/// One text at one name, `-` elsewhere nothing.
fn text_at(at: &'static str, text: String) -> impl Fn(&Query) -> Vec<u8> {
    texts(2, move |name| if name == at { vec![text.clone()] } else { Vec::new() })
}

fn terms(n: usize, term: impl Fn(usize) -> String) -> String {
    (0..n).fold("v=spf1".to_owned(), |text, at| format!("{text} {}", term(at)))
}

/// A whole run against answers that `zone` makes; how many there were.
fn run(zone: &dyn Fn(&Query) -> Vec<u8>) -> (Report, Session, usize) {
    let target = Target {
        ips: vec!["11.22.0.1".parse().unwrap()],
        receiving_too: true,
        ..Target::domain(Name::parse("huge.example").unwrap())
    };
    let mut session = Session::new(target, Rc::new(knowledge()), Keys::default());
    let asked = Cell::new(0);
    let slow = Cell::new(std::time::Duration::ZERO);
    while let Some(query) = session.poll_query() {
        asked.set(asked.get() + 1);
        let list = !query.name.as_str().ends_with("huge.example") && query.rtype == Rtype::A
            || query.name.as_str().contains("in-addr") && query.rtype != Rtype::Ptr;
        let outcome = if list { Outcome::failed(Failure::ServFail) } else { outcome(&query, &zone(&query)) };
        let t = std::time::Instant::now();
        session.answer(&query, outcome);
        if t.elapsed() > slow.get() {
            slow.set(t.elapsed());
        }
    }
    let t = std::time::Instant::now();
    let report = session.report();
    let r = t.elapsed();
    let t = std::time::Instant::now();
    session.pictures();
    let p = t.elapsed();
    let t = std::time::Instant::now();
    session.sending_addresses(8);
    eprintln!(
        "   slowest {:?} report {r:?} pictures {p:?} senders {:?} asked {}",
        slow.get(),
        t.elapsed(),
        asked.get()
    );
    (report, session, asked.get())
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
fn measure() {
    for (what, zone) in zones() {
        eprintln!("{what}");
        let (report, session, asked) = run(&*zone);
        let findings = report.findings().count();
        let labels: usize = report.findings().map(|(_, f)| f.labels.len()).sum();
        let evidence: usize = report.findings().map(|(_, f)| f.evidence.len()).sum();
        let fixes = report.findings().filter(|(_, f)| f.fix.is_some()).count();
        let records: usize = report.evidence.iter().map(|e| e.outcome.records().len()).sum();
        let kept: usize = session.facts().iter().map(|(_, o)| o.weight()).sum();
        let (_, catalog) = &catalogs()[0];
        let text = report_text::text(&report, catalog, plural);
        eprintln!(
            "   asked {asked} findings {findings} labels {labels} evidence {evidence} fixes {fixes} records {records} kept {kept} text lines {} octets {}",
            text.lines().count(),
            text.len()
        );
        let mut codes: std::collections::BTreeMap<&str, usize> = Default::default();
        for (_, f) in report.findings() {
            *codes.entry(f.code.id()).or_default() += 1;
        }
        let mut top: Vec<_> = codes.into_iter().collect();
        top.sort_by_key(|t| std::cmp::Reverse(t.1));
        eprintln!("   {:?}", &top[..top.len().min(8)]);
        assert!(asked <= QUERY_BUDGET);
        let _ = (Level::Stops, bounds::LABELS);
    }
}
