//! One report as three people read it.

use mail_triage_engine::{
    dns::Name,
    driver::Driver,
    reading::{Reading, Written},
    report::Report,
    session::Session,
    target::{ListKeys, Target},
    text::Catalog,
};

use crate::common::{self, catalogs, lab, shared_knowledge};

const SEEN: &str = "Checked on 30 November 2026: https://mail.example/#/check/x";

fn report(domain: &str) -> Report {
    let target =
        Target { ips: vec!["11.22.33.44".parse().unwrap()], ..Target::domain(Name::parse(domain).unwrap()) };
    let session = Session::new(target, shared_knowledge(), ListKeys::default());
    let run = Driver::start(session, Box::new(lab()), Box::new(|_| ()));
    run.session().report()
}

fn read(report: &Report, catalog: &Catalog, reading: Reading) -> [String; 2] {
    let knowledge = shared_knowledge();
    let from = Written { report, knowledge: &knowledge, catalog, plural: common::plural, seen: SEEN };
    let document = from.read_by(reading);
    [document.to_markdown(), document.to_text()]
}

#[test]
fn every_reading_has_its_words_in_every_language() {
    for domain in
        ["two-spf.example", "too-many-lookups.example", "bakery.example", "hostile.example", "parked.example"]
    {
        let report = report(domain);
        for (language, catalog) in catalogs() {
            for reading in Reading::ALL {
                for text in read(&report, &catalog, *reading) {
                    let name = format!("{domain}, {language}, {}: {text}", reading.as_str());
                    assert!(text.contains(domain) && text.contains("30 November 2026"), "{name}");
                    for missing in ["reading.", "ui.", "fix.", "finding.", "{n}", "{host}"] {
                        assert!(!text.contains(missing), "{missing} in {name}");
                    }
                }
            }
        }
    }
}

#[test]
fn who_wants_mail_to_arrive_reads_neither_codes_nor_records() {
    let report = report("two-spf.example");
    let (_, catalog) = catalogs().remove(0);
    let [_, text] = read(&report, &catalog, Reading::Owner);
    for jargon in ["SPF-030", "v=spf1", "RFC", "dig "] {
        assert!(!text.contains(jargon), "{jargon}: {text}");
    }
    assert!(text.contains("1. ") && text.contains(catalog.get("reading.owner.records").unwrap()), "{text}");
}

#[test]
fn who_keeps_the_records_reads_each_of_them_whole() {
    let report = report("two-spf.example");
    let (_, catalog) = catalogs().remove(0);
    let [markdown, text] = read(&report, &catalog, Reading::Keeper);
    let (_, finding) = report.findings().find(|(_, finding)| finding.code.id() == "SPF-030").unwrap();
    let fix = finding.fix.as_ref().unwrap();
    for record in fix.remove.iter().chain(&fix.publish) {
        assert!(markdown.contains(&format!("```\n{record}\n```")), "{record}: {markdown}");
    }
    assert!(!text.contains("dig ") && !text.contains("DKI-"), "{text}");
    let [_, none] = read(&self::report("bakery.example"), &catalog, Reading::Keeper);
    assert!(none.contains(catalog.get("reading.keeper.none").unwrap()) || none.contains("v="), "{none}");
}

#[test]
fn who_runs_the_server_reads_rules_lookups_and_commands() {
    let report = report("two-spf.example");
    let (_, catalog) = catalogs().remove(0);
    let [markdown, text] = read(&report, &catalog, Reading::Postmaster);
    for part in ["SPF-030", "RFC 7208", "dig +dnssec \"two-spf.example.\" TXT", "v=spf1"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for evidence in &report.evidence {
        assert!(text.contains(&evidence.query.to_string()), "{}", evidence.query);
    }
    assert!(markdown.starts_with("# "), "{markdown}");
}

#[test]
fn markup_of_strangers_stays_text() {
    let report = report("hostile.example");
    let (_, catalog) = catalogs().remove(0);
    let [markdown, _] = read(&report, &catalog, Reading::Postmaster);
    let mut in_code = false;
    for line in markdown.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            let bare = line.replace("\\<", "").replace("\\[", "").replace("\\`", "");
            assert!(!bare.contains(['<', '[', '`']), "{line}");
        }
    }
}
