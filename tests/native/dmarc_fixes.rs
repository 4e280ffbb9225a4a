//! What is proposed for DMARC, carried out: alone and in pairs, whatever stood there before.
//!
//! Each world is a domain's mail (in use, not ready, ready, given up) and what stands at its `_dmarc` names. Every fix is made
//! in it as a person makes it: who does not find the record that is to be changed changes nothing.

use std::collections::BTreeSet;

use mail_triage_engine::{
    change::Fix,
    check::Level,
    dmarc::discover,
    dns::{Name, Rtype},
    facts::{Ask, Facts},
    record::dmarc::{Policy, is_record},
    report::{FindingReport, Report},
    session::Session,
    target::{ListKeys, Target},
    zone::Zone,
};

use crate::common::shared_knowledge;

const KEY: &str = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDMEUIuLmsugaEAFunvoN72DidDh/EpmjfXoXZD+masjU658T0WKjPLUPl6gMkTL3MIN4HysbF8aP0El/ScTK6gVK7DYwM8vpnHcuF3QtwZfLShpfDl0xr8HvxDUrDXA5pIRl9wLwbmpTum+7ysBfZx9EISGNYshXTbIbh9B4xLSQIDAQAB";

type Line = (String, Rtype, String);

fn line(owner: &str, rtype: Rtype, text: &str) -> Line {
    (owner.to_owned(), rtype, text.to_owned())
}

fn txt(owner: &str, text: &str) -> Line {
    line(owner, Rtype::Txt, text)
}

/// How the domain uses mail; whether all that is needed for a strict policy is seen.
fn mail() -> Vec<(&'static str, bool, Vec<Line>)> {
    let mx = line("example.org", Rtype::Mx, "10 mx.example.org.");
    let host = line("mx.example.org", Rtype::A, "11.22.33.44");
    let spf = txt("example.org", "v=spf1 mx -all");
    let key = txt("s._domainkey.example.org", &format!("v=DKIM1; p={KEY}"));
    vec![
        ("nothing is set up", false, vec![mx.clone(), host.clone()]),
        ("no key", false, vec![mx.clone(), host.clone(), spf.clone()]),
        ("ready", true, vec![mx, host, spf, key]),
        ("given up", true, vec![txt("example.org", "v=spf1 -all")]),
    ]
}

/// What stands at the names of DMARC.
fn dmarc() -> Vec<Vec<Line>> {
    let own = |text: &str| txt("_dmarc.example.org", text);
    let cname = |owner: &str, to: &str| line(owner, Rtype::Cname, to);
    let single = [
        "v=DMARC1; p=none",
        "v=DMARC1; p=none; rua=mailto:d@example.org",
        "v=DMARC1; p=none; t=y; rua=mailto:d@example.org",
        "v=DMARC1; p=none; rua=mailto:d@gone.example",
        "v=DMARC1; p=quarantine; rua=mailto:d@example.org,mailto:e@gone.example",
        "v=DMARC1; p=reject; t=y; rua=mailto:d@example.org",
        "v=DMARC1; p=rejct",
        "v=DMARC1; p=rejct; rua=d@example.org; fo=1",
        "v=DMARC1; p=none; sp=rejct; rua=mailto:d@example.org",
        "v=DMARC1; p=none; sp=foo",
        "v=DMARC1; p=reject; sp=none; pct=50; psd=y",
        "v=DMARC1; p=monitor",
        "v=DMARC1; rua=mailto:d@example.org; p=none p=reject",
        "v=DMARC1; p=reject; p=none",
        "v=DMARC1",
        "v=dmarc1; p=reject; sp=reject",
        "v=DMARC1 p=reject; rua=mailto:d@example.org",
        "v=DMARC2; say=what",
        "hello",
    ];
    let mut worlds: Vec<Vec<Line>> = single.iter().map(|text| vec![own(text)]).collect();
    // The same texts at the end of an alias, and for every name.
    worlds.extend(
        single.iter().map(|text| {
            vec![cname("_dmarc.example.org", "d.service.example"), txt("d.service.example", text)]
        }),
    );
    worlds.extend(single.iter().map(|text| vec![txt("*.example.org", text)]));
    worlds.extend(
        single
            .iter()
            .map(|text| vec![cname("*.example.org", "d.service.example"), txt("d.service.example", text)]),
    );
    let both = [own("v=DMARC1; p=none"), own("v=DMARC1; p=reject; rua=mailto:d@example.org")];
    worlds.extend([
        vec![],
        both.to_vec(),
        vec![own("v=DMARC1; p=none"), own("v=DMARC1; p=none; rua=mailto:d@example.org")],
        vec![own("v=dmarc1; p=reject"), own("DMARC1; p=none; rua=mailto:d@example.org")],
        vec![own("v=dmarc1; p=reject"), own("v=DMARC1; p=none; rua=mailto:d@example.org")],
        [both.to_vec(), vec![own("v=dmarc1; p=reject")]].concat(),
        vec![
            cname("_dmarc.example.org", "d.service.example"),
            txt("d.service.example", "v=DMARC1; p=none"),
            txt("d.service.example", "v=DMARC1; p=reject; rua=mailto:d@example.org"),
        ],
        vec![cname("_dmarc.example.org", "gone.service.example")],
        vec![cname("*.example.org", "web.service.example")],
        vec![txt("example.org", "v=DMARC1; p=reject")],
        vec![txt("dmarc.example.org", "v=DMARC1; p=none"), txt("example.org", "v=dmarc1; p=reject")],
        vec![
            txt("_dmarc._dmarc.example.org", "v=DMARC1; p=reject; rua=mailto:d@example.org"),
            txt("_dmarc.example.org.example.org", "v=DMARC1; p=none"),
            txt("_dmarc.www.example.org", "v=DMARC1; p=reject"),
            own("hello"),
        ],
        vec![cname("dmarc.example.org", "d.service.example"), txt("d.service.example", "v=DMARC1; p=reject")],
        vec![txt("_dmarc.www.example.org", "v=DMARC1; p=reject")],
        vec![
            txt("dmarc.example.org", "v=DMARC1; p=none"),
            cname("_dmarc.example.org", "gone.service.example"),
        ],
    ]);
    worlds
}

fn zone(world: &[Line]) -> Zone {
    let mut text = "example.org. SOA ns. host. 1 1\n".to_owned();
    for (owner, rtype, value) in world {
        let value = match rtype {
            Rtype::Txt => format!("\"{value}\""),
            Rtype::Cname => format!("{value}."),
            _ => value.clone(),
        };
        text.push_str(&format!("{owner}. {rtype} {value}\n"));
    }
    Zone::parse(&text).unwrap_or_else(|error| panic!("{error}:\n{text}"))
}

fn report(world: &[Line]) -> Report {
    let zone = zone(world);
    let mut target = Target::domain(Name::parse("example.org").unwrap());
    // Whoever names a selector says that mail is sent.
    if world.iter().any(|(owner, ..)| owner.starts_with("s._domainkey.")) {
        target.selectors = vec!["s".to_owned()];
    }
    let dmarc = |check: &str| check == "dmarc";
    let mut session = Session::only(dmarc, target, shared_knowledge(), ListKeys::default(), Facts::default());
    while let Some(query) = session.poll_query() {
        session.answer(&query, zone.ask(&query).unwrap().clone());
    }
    session.report()
}

/// What receivers are asked to do with mail of the domain.
fn asked(world: &[Line]) -> Policy {
    let discovery = discover(&zone(world), &Name::parse("example.org").unwrap()).unwrap();
    discovery.applied().and_then(|application| application.asked).unwrap_or(Policy::None)
}

/// Makes one change, as far as there is what it is to change.
fn make(world: &mut Vec<Line>, fix: &Fix) {
    let owner = fix.owner.as_str();
    let meant = |line: &Line| line.0 == owner && line.1 == fix.rtype && fix.remove.contains(&line.2);
    if !fix.remove.is_empty() && !world.iter().any(meant) {
        return;
    }
    world.retain(|line| !meant(line));
    for text in &fix.publish {
        let new = line(owner, fix.rtype, text);
        if !world.contains(&new) {
            world.push(new);
        }
    }
}

fn mended(world: &[Line], findings: &[&FindingReport]) -> Vec<Line> {
    let mut world = world.to_vec();
    for finding in findings {
        finding.also.iter().chain(&finding.fix).for_each(|fix| make(&mut world, fix));
    }
    world
}

/// What must not be in a zone, whoever made it.
fn broken(world: &[Line]) -> Option<String> {
    for (owner, rtype, _) in world {
        let beside = world.iter().filter(|line| line.0 == *owner);
        if *rtype == Rtype::Cname && beside.clone().count() > 1 {
            return Some(format!("something stands beside the alias {owner}"));
        }
        // What an alias leads to counts as well; what none leads to any more is nobody's record.
        let counts = owner.starts_with("_dmarc.")
            || world.iter().any(|line| line.1 == Rtype::Cname && line.2 == *owner);
        let records = beside.filter(|line| line.1 == Rtype::Txt && is_record(&line.2));
        if counts && records.count() > 1 {
            return Some(format!("several records at {owner}"));
        }
    }
    None
}

/// Its name, whether it is ready, what is in it, and what is found.
type World = (String, bool, Vec<Line>, Report);

fn worlds() -> Vec<World> {
    let mut worlds = Vec::new();
    for (mail, ready, lines) in mail() {
        for dmarc in dmarc() {
            let world = [lines.clone(), dmarc.clone()].concat();
            let report = report(&world);
            worlds.push((format!("{mail}: {dmarc:?}"), ready, world, report));
        }
    }
    worlds
}

fn with_fix(report: &Report) -> Vec<&FindingReport> {
    report.findings().map(|(_, finding)| finding).filter(|finding| finding.fix.is_some()).collect()
}

#[test]
fn what_is_proposed_can_be_carried_out() {
    let worlds = worlds();
    every_fix_leaves_a_sound_zone(&worlds);
    nothing_is_published_at_an_alias(&worlds);
    a_domain_without_mail_is_offered_one_record(&worlds);
}

fn every_fix_leaves_a_sound_zone(worlds: &[World]) {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (name, ready, world, before) in worlds {
        let fixes = with_fix(before);
        for finding in &fixes {
            let id = finding.code.id();
            let after = mended(world, &[*finding]);
            seen.insert(id);
            if let Some(fault) = broken(&after) {
                wrong.push(format!("{name}\n  {id}: {fault}"));
                continue;
            }
            if after == *world {
                wrong.push(format!("{name}\n  {id} changes nothing: {:?}", finding.fix));
            }
            if !*ready && asked(&after) > asked(world) {
                wrong.push(format!("{name}\n  {id} asks for more before SPF and DKIM are seen"));
            }
            let whole = ["DMA-010", "DMA-040", "DMA-050", "DMA-060", "DMA-120", "DMA-300"].contains(&id);
            let still = || report(&after).findings().any(|(_, other)| other.code == finding.code);
            if whole && still() {
                wrong.push(format!("{name}\n  {id} is still there after {:?}", finding.fix));
            }
            for other in &fixes {
                if let Some(fault) = broken(&mended(world, &[*finding, *other])) {
                    wrong.push(format!("{name}\n  {id}, then {}: {fault}", other.code.id()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    for id in ["DMA-010", "DMA-040", "DMA-050", "DMA-060", "DMA-120", "DMA-210", "DMA-220", "DMA-300"] {
        assert!(seen.contains(id), "{id} offered nothing");
    }
}

fn nothing_is_published_at_an_alias(worlds: &[World]) {
    let mut wrong = Vec::new();
    let mut aliases = 0;
    for (name, _, world, report) in worlds {
        for finding in with_fix(report) {
            let fix = finding.fix.as_ref().unwrap();
            let alias = world.iter().any(|line| line.0 == fix.owner.as_str() && line.1 == Rtype::Cname);
            let goes = finding.also.iter().any(|gone| gone.owner == fix.owner && gone.rtype == Rtype::Cname);
            aliases += usize::from(alias);
            if alias && !goes {
                wrong.push(format!("{name}\n  {}: {fix:?}", finding.code.id()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(aliases > 0, "no alias was replaced");
}

fn a_domain_without_mail_is_offered_one_record(worlds: &[World]) {
    for (name, _, _, report) in worlds.iter().filter(|(name, ..)| name.starts_with("given up")) {
        let meant = ["DMA-040", "DMA-050", "DMA-060", "DMA-300"];
        let fixes = with_fix(report).into_iter().filter(|finding| meant.contains(&finding.code.id()));
        let texts: BTreeSet<&String> =
            fixes.flat_map(|finding| &finding.fix.as_ref().unwrap().publish).collect();
        assert!(
            texts.len() <= 1 && texts.iter().all(|text| text.starts_with("v=DMARC1; p=reject")),
            "{name}: {texts:?}"
        );
    }
}

#[test]
fn reports_that_reach_nobody_lead_to_no_stricter_policy() {
    let ready = mail().remove(2).2;
    let next = |rua: &str, others: &[Line]| {
        let own = txt("_dmarc.example.org", &format!("v=DMARC1; p=none; rua={rua}"));
        let report = report(&[ready.clone(), vec![own], others.to_vec()].concat());
        let finding =
            report.findings().map(|(_, finding)| finding).find(|f| f.code.id() == "DMA-210").unwrap();
        finding.fix.is_some()
    };
    let host = line("r.example", Rtype::Mx, "10 mx.example.org.");
    let agrees = txt("example.org._report._dmarc.r.example", "v=DMARC1;");
    assert!(next("mailto:d@example.org", &[]));
    assert!(next("mailto:d@gone.example,mailto:d@example.org", &[]), "one that arrives is enough");
    assert!(next("mailto:d@r.example", &[host.clone(), agrees.clone()]));
    assert!(!next("mailto:d@r.example", &[host]), "it did not agree");
    assert!(!next("mailto:d@r.example", &[agrees]), "it takes no mail");
    assert!(!next("https://r.example/", &[]), "hardly anybody sends them this way");
}

#[test]
fn what_stands_at_the_wrong_names_goes_with_the_fix() {
    let world = [
        mail().remove(1).2,
        vec![
            txt("dmarc.example.org", "v=DMARC1; p=none"),
            txt("example.org", "v=DMARC1; p=none; rua=mailto:d@example.org"),
        ],
    ]
    .concat();
    let report = report(&world);
    let found = with_fix(&report);
    assert_eq!(found.iter().filter(|finding| finding.code.id() == "DMA-060").count(), 2);
    for finding in found {
        assert_eq!(finding.level, Level::Improve);
        let records: Vec<Line> =
            mended(&world, &[finding]).into_iter().filter(|line| is_record(&line.2)).collect();
        assert_eq!(records, [txt("_dmarc.example.org", "v=DMARC1; p=none; rua=mailto:d@example.org")]);
    }
}
