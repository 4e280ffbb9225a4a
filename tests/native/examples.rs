//! The recorded examples of the page: one domain as it should be, one with faults.

use std::collections::BTreeSet;

use mail_triage_engine::{
    check::Level,
    dns::Name,
    facts::Ask,
    session::Session,
    target::{ListKeys, Target},
    zone::Zone,
};

use crate::common;

/// Codes at these levels that an example shows.
fn found(example: &str, levels: &[Level]) -> BTreeSet<&'static str> {
    let text = std::fs::read_to_string("www/data/examples.json").unwrap();
    let all: serde_json::Value = serde_json::from_str(&text).unwrap();
    let example = &all[example];
    let words = |field: &str| -> Vec<String> {
        let items = example[field].as_array().unwrap().iter();
        items.map(|item| item.as_str().unwrap().to_owned()).collect()
    };
    let target = Target {
        ips: words("ips").iter().map(|ip| ip.parse().unwrap()).collect(),
        selectors: words("selectors"),
        ..Target::domain(Name::parse(example["what"].as_str().unwrap()).unwrap())
    };
    let zone = Zone::parse(&words("zone").join("\n")).unwrap();
    let mut session = Session::new(target, common::shared_knowledge(), ListKeys::default());
    while let Some(query) = session.poll_query() {
        session.answer(&query, zone.ask(&query).unwrap().clone());
    }
    let report = session.report();
    let findings = report.findings().filter(|(_, finding)| levels.contains(&finding.level));
    findings.map(|(_, finding)| finding.code.id()).collect()
}

#[test]
fn the_healthy_one_has_no_fault() {
    let faults = found("healthy", &[Level::Stops, Level::Improve]);
    assert!(faults.is_empty(), "{faults:?}");
    let well = found("healthy", &[Level::Pass]);
    assert!(well.contains("DKI-020") && well.contains("TLR-010"), "{well:?}");
}

#[test]
fn the_broken_one_has_faults_that_stop_mail() {
    assert!(!found("broken", &[Level::Stops]).is_empty());
}
