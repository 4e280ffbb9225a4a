//! One report as three people read it.

use mail_triage_engine::{
    dns::Name,
    driver::Driver,
    facts::Ask,
    reading::{Reading, Written},
    report::Report,
    report_json::ReportFile,
    session::Session,
    target::{ListKeys, Target},
    text::Catalog,
    zone::Zone,
};

use crate::common::{self, as_text, catalogs, lab, shared_knowledge};

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
    let from =
        Written { report, knowledge: &knowledge, catalog, plural: common::plural, kept_at: None, seen: SEEN };
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

/// A run over a small zone, with every answer in.
fn of_zone(domain: &str, zone: &str) -> Report {
    let session =
        Session::new(Target::domain(Name::parse(domain).unwrap()), shared_knowledge(), ListKeys::default());
    let run = Driver::start(session, Box::new(Zone::parse(zone).unwrap()), Box::new(|_| ()));
    run.session().report()
}

#[test]
fn the_cause_comes_first_with_what_to_do() {
    let (_, catalog) = catalogs().remove(0);
    let text = as_text(&of_zone("gone.example", "there.example. A 192.0.2.1"), &catalog);
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines[..2], ["Mail Triage: gone.example", "this domain does not exist"]);
    assert_eq!(lines[3], "1. The domain gone.example does not exist (DOM-010)");
}

#[test]
fn what_could_not_be_looked_up_is_said() {
    let (_, catalog) = catalogs().remove(0);
    let text = as_text(&of_zone("slow.example", "slow.example. * SERVFAIL"), &catalog);
    assert!(text.contains("could not be checked") && text.contains("(SERVFAIL)"), "{text}");
}

#[test]
fn a_run_that_was_stopped_is_called_so() {
    let zone = Zone::parse("example.org. SOA ns.example.org. hostmaster.example.org. 1 3600").unwrap();
    let target = Target::domain(Name::parse("example.org").unwrap());
    let mut session = Session::new(target, shared_knowledge(), ListKeys::default());
    let query = session.poll_query().unwrap();
    session.answer(&query, zone.ask(&query).unwrap().clone());
    let report = session.report();
    assert!(report.running, "answers are awaited still");
    let (_, catalog) = catalogs().remove(0);
    let text = as_text(&report, &catalog);
    assert_eq!(text.lines().nth(1), Some("stopped before the end"), "{text}");
}

#[test]
fn records_are_written_for_the_host_that_the_user_names() {
    let (report, knowledge) = (report("two-spf.example"), shared_knowledge());
    let (_, catalog) = catalogs().remove(0);
    let read = |kept_at| {
        let from = Written {
            report: &report,
            knowledge: &knowledge,
            catalog: &catalog,
            plural: common::plural,
            kept_at,
            seen: SEEN,
        };
        from.read_by(Reading::Keeper).to_text()
    };
    let name =
        |text: &str| text.lines().find(|line| line.starts_with("- Name or host: ")).unwrap().to_owned();
    assert_eq!(name(&read(None)), "- Name or host: @");
    assert_eq!(name(&read(Some("he"))), "- Name or host: two-spf.example");
    assert!(read(Some("he")).contains("Hurricane Electric"), "{}", read(Some("he")));
}

/// Every report of the local DNS, as it is saved for programs.
#[test]
fn what_is_saved_for_programs_fits_its_schema() {
    let schema = std::fs::read_to_string("www/schema/report.schema.json").unwrap();
    let validator = jsonschema::draft202012::new(&serde_json::from_str(&schema).unwrap()).unwrap();
    for entry in std::fs::read_dir("tests/lab/zones/domains").unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let report = report(file.strip_suffix(".zone").unwrap());
        let mut saved = serde_json::to_value(ReportFile::new(&report, Some(1_795_000_000))).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&saved)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{file}: {errors:#?}");
        saved["report"]["headline"]["says"] = "whatever".into();
        assert!(!validator.is_valid(&saved), "{file}: an unknown verdict");
    }
}
