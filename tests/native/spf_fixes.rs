//! What the SPF checks tell people to publish, and which part of which record they point at.

use mail_triage_engine::{
    around::LookupCount,
    build::spf::{RefusedReason, read_own},
    change::Safety,
    check::Level,
    dns::{Name, is_inside},
    facts::Ask,
    record::spf::parse,
    report::{FindingReport, Report},
    session::Session,
    target::{ListKeys, Target},
    zone::Zone,
};
use serde_json::{Value, json};

use crate::common;

fn run(records: &str, ips: &[&str]) -> Report {
    run_of("example.org", records, ips)
}

fn run_of(domain: &str, records: &str, ips: &[&str]) -> Report {
    let zone = Zone::parse(&format!("example.org. SOA ns. host. 1 1\n{records}\n")).unwrap();
    let target = Target {
        ips: ips.iter().map(|ip| ip.parse().unwrap()).collect(),
        ..Target::domain(Name::parse(domain).unwrap())
    };
    let mut session = Session::new(target, common::shared_knowledge(), ListKeys::default());
    while let Some(query) = session.poll_query() {
        session.answer(&query, zone.ask(&query).unwrap().clone());
    }
    session.report()
}

fn find(report: &Report, id: &str) -> FindingReport {
    let mut findings = report.findings().map(|(_, finding)| finding);
    findings.find(|finding| finding.code.id() == id).unwrap_or_else(|| panic!("no {id}")).clone()
}

fn finding(records: &str, id: &str) -> FindingReport {
    find(&run(records, &[]), id)
}

/// The record that the fix publishes, which has to be one without mistakes.
fn published(finding: &FindingReport) -> &str {
    let fix = finding.fix.as_ref().unwrap_or_else(|| panic!("{} has no fix", finding.code.id()));
    assert_eq!(fix.owner.as_str(), "example.org");
    assert_eq!(parse(&fix.publish[0]).errors, [], "{}", fix.publish[0]);
    &fix.publish[0]
}

/// The part that the first label marks.
fn marked(finding: &FindingReport) -> &str {
    let label = &finding.labels[0];
    &label.text[label.span.clone()]
}

fn text(finding: &FindingReport, arg: &str) -> String {
    match common::arg(&finding.args, arg) {
        Value::String(text) => text,
        Value::Number(n) => n.to_string(),
        other => panic!("{arg}: {other:?}"),
    }
}

const MX: &str = "example.org. MX 10 mx.elsewhere.example.\nmx.elsewhere.example. A 11.22.33.1\n";

/// A domain that receives mail elsewhere and has this record.
fn record(text: &str) -> String {
    format!("{MX}example.org. TXT \"{text}\"\n")
}

#[test]
fn a_missing_record_is_proposed_by_what_is_known() {
    // The mailbox provider says what to publish.
    let google = "example.org. MX 1 smtp.google.com.\nsmtp.google.com. A 142.250.1.1";
    assert_eq!(published(&finding(google, "SPF-010")), "v=spf1 include:_spf.google.com ~all");
    // With the address that the user names.
    let report = run(google, &["11.22.33.9"]);
    assert_eq!(published(&find(&report, "SPF-010")), "v=spf1 include:_spf.google.com ip4:11.22.33.9 ~all");
    // The domain's own servers.
    assert_eq!(published(&finding(MX, "SPF-010")), "v=spf1 mx ~all");
    // The address that sends, and nothing else is known.
    assert_eq!(published(&find(&run("", &["2001:db8::9"]), "SPF-010")), "v=spf1 ip6:2001:db8::9 ~all");
    // A record of the wrong kind knows best.
    let old = format!("{MX}example.org. SPF \"v=spf1 ip4:11.22.33.7 -all\"");
    assert_eq!(published(&finding(&old, "SPF-010")), "v=spf1 ip4:11.22.33.7 -all");
    let sender_id = format!("{MX}example.org. TXT \"spf2.0/pra ip4:11.22.33.7 -all\"");
    assert_eq!(published(&finding(&sender_id, "SPF-010")), "v=spf1 ip4:11.22.33.7 -all");
    // Nobody sends.
    let unused = finding("example.org. MX 0 .", "SPF-020");
    assert_eq!(published(&unused), "v=spf1 -all");
    assert_eq!(unused.fix.clone().unwrap().safety, Safety::Decide);
}

#[test]
fn behind_an_alias_the_record_is_changed_where_it_stands_and_that_is_for_somebody_to_decide() {
    let there = "pages.host.example. TXT \"v=spf1 ip4:11.22.33.1 -all \" \"ipv4:11.22.33.4\"\n";
    let fix = |alias: &str| {
        let report = run_of(
            "shop.example.org",
            &format!("{alias} CNAME pages.host.example.\n{there}"),
            &["11.22.33.9"],
        );
        let mut fixes = report.findings().filter_map(|(_, finding)| finding.fix.clone());
        let fix = fixes.find(|fix| fix.publish.iter().any(|text| text.starts_with("v=spf1"))).unwrap();
        (fix.owner.to_string(), fix.safety)
    };
    assert_eq!(fix("shop.example.org."), ("pages.host.example".to_owned(), Safety::Decide));
    // A name of its own goes before the wildcard.
    assert_eq!(fix("*.example.org.").0, "shop.example.org");
}

#[test]
fn several_records_become_one() {
    let both = format!(
        "{}example.org. TXT \"v=spf1 include:b.example ~all\"",
        record("v=spf1 include:a.example -all")
    );
    let found = finding(&both, "SPF-030");
    assert_eq!(published(&found), "v=spf1 include:a.example include:b.example ~all");
    assert_eq!(found.fix.as_ref().unwrap().remove.len(), 2);
    assert_eq!(found.labels.len(), 2);
}

#[test]
fn what_a_proposed_record_costs_is_looked_up() {
    let google = "example.org. MX 1 smtp.google.com.\nsmtp.google.com. A 142.250.1.1\n\
        _spf.google.com. TXT \"v=spf1 include:a.example include:b.example ~all\"\n\
        a.example. TXT \"v=spf1 ip4:11.22.33.0/24 ~all\"\nb.example. TXT \"v=spf1 ip4:11.22.34.0/24 ~all\"\n";
    let cost = |records: String, id: &str| finding(&records, id).around.and_then(|around| around.lookups);
    let lookups = |before, after| Some(LookupCount { before, after });
    assert_eq!(cost(google.to_owned(), "SPF-010"), lookups(None, 3));
    let two =
        "example.org. TXT \"v=spf1 include:_spf.google.com -all\"\nexample.org. TXT \"v=spf1 mx -all\"\n";
    assert_eq!(cost(format!("{google}{two}"), "SPF-030"), lookups(None, 4));
    let without = "example.org. TXT \"v=spf1 mx -all\"\n";
    assert_eq!(cost(format!("{google}{without}"), "SPF-350"), lookups(Some(1), 4));
}

#[test]
fn what_is_not_taken_for_a_record_is_corrected() {
    for (wrong, mark) in [
        (" v=spf1 ip4:11.22.33.7 -all", " v=spf1"),
        ("v=spf1;ip4:11.22.33.7; -all;", "v=spf1;"),
        ("v=spf1ip4:11.22.33.7 -all", "v=spf1"),
        ("v=spf2 ip4:11.22.33.7 -all", "v=spf2"),
    ] {
        let found = finding(&record(wrong), "SPF-040");
        assert_eq!(published(&found), "v=spf1 ip4:11.22.33.7 -all", "{wrong}");
        assert_eq!(marked(&found), mark, "{wrong}");
        assert_eq!(found.fix.clone().unwrap().remove, [wrong]);
    }
}

#[test]
fn mistakes_are_marked_and_mended() {
    let found = finding(&record("v=spf1 ipv4:11.22.33.7 a:11.22.33.8 –all"), "SPF-060");
    assert_eq!(published(&found), "v=spf1 ip4:11.22.33.7 ip4:11.22.33.8 -all");
    let marks: Vec<_> = found.labels.iter().map(|label| &label.text[label.span.clone()]).collect();
    assert_eq!(marks, ["ipv4", "11.22.33.8", "–"]);
    assert_eq!(text(&found, "n"), "3");
}

#[test]
fn characters_that_cannot_be_seen_are_named_by_number() {
    let found = finding(&record("v=spf1 include:\\226\\128\\174a.example -all"), "SPF-060");
    assert_eq!(text(&found, "part"), "U+202E");
}

#[test]
fn the_blank_comes_back_between_strings() {
    let split =
        format!("{MX}example.org. TXT \"v=spf1 include:a.example\" \"-all\"\na.example. TXT \"v=spf1 -all\"");
    let found = finding(&split, "SPF-070");
    assert_eq!(published(&found), "v=spf1 include:a.example -all");
    assert_eq!(marked(&found), "include:a.example-all");
}

#[test]
fn no_fix_ever_leaves_nobody_to_send() {
    for (text, id) in [
        ("v=spf1 +all", "SPF-170"),
        ("v=spf1 include:gone.example -all", "SPF-130"),
        ("v=spf1 a:gone.example -all", "SPF-120"),
        ("v=spf1 ptr -all", "SPF-230"),
        ("v=spf1 moo -all", "SPF-060"),
        ("v=spf1 redirect=a.example -all", "SPF-220"),
    ] {
        assert_eq!(finding(&record(text), id).fix, None, "{text}");
    }
    assert_eq!(finding("example.org. TXT \"v=spf1 ?all\"", "SPF-190").fix, None);
}

#[test]
fn a_record_for_nobody_is_no_guess_at_a_domain_that_receives_mail() {
    let nobody = record("v=spf1 -all");
    for (records, id) in [
        (record("v=spf1 ?all"), "SPF-190"),
        (record(" v=spf1 -all"), "SPF-040"),
        (format!("{MX}example.org. SPF \"v=spf1 -all\""), "SPF-010"),
        (record("spf2.0/pra -all"), "SPF-010"),
        (format!("{nobody}{}", record("v=spf1  -all")), "SPF-030"),
        (nobody, "SPF-300"),
    ] {
        let found = finding(&records, id);
        assert_eq!(published(&found), "v=spf1 mx ~all", "{records}");
        assert_eq!(found.fix.clone().unwrap().safety, Safety::Decide, "{records}");
    }
    // Without a sign of mail it may be meant, and that is for the owner to say.
    let unused = finding("example.org. TXT \" v=spf1 -all\"", "SPF-040");
    assert_eq!(published(&unused), "v=spf1 -all");
    assert_eq!(unused.fix.clone().unwrap().safety, Safety::Decide);
}

#[test]
fn policy_fixes() {
    for (wrong, id, mark, right) in [
        ("v=spf1 mx +all", "SPF-170", "+all", "v=spf1 mx ~all"),
        ("v=spf1 mx ?all", "SPF-190", "?all", "v=spf1 mx ~all"),
        ("v=spf1 mx", "SPF-200", "", "v=spf1 mx ~all"),
        ("v=spf1 -all mx a:mx.elsewhere.example", "SPF-210", "mx", "v=spf1 mx a:mx.elsewhere.example -all"),
        ("v=spf1 mx redirect=a.example -all", "SPF-220", "redirect=a.example", "v=spf1 mx -all"),
        ("v=spf1 mx ptr -all", "SPF-230", "ptr", "v=spf1 mx -all"),
        ("v=spf1 mx ip4=11.22.33.7 -all", "SPF-240", "ip4=11.22.33.7", "v=spf1 mx ip4:11.22.33.7 -all"),
        (
            "v=spf1 mx includes=a.example -all",
            "SPF-240",
            "includes=a.example",
            "v=spf1 mx include:a.example -all",
        ),
        ("v=spf1 mx redirects=a.example", "SPF-240", "redirects=a.example", "v=spf1 mx redirect=a.example"),
        ("v=spf1 mx a:h..example -all", "SPF-080", "h..example", "v=spf1 mx a:h.example -all"),
        ("v=spf1 MS=ms12345678 mx -all", "SPF-390", "MS=ms12345678", "v=spf1 mx -all"),
        ("v=spf1 mx adobe-site-verification:1 -all", "SPF-060", "adobe-site-verification", "v=spf1 mx -all"),
        ("v=spf1 mx -all exp=gone.example", "SPF-510", "exp=gone.example", "v=spf1 mx -all"),
        ("V=Spf1 mx -all", "SPF-270", "V=Spf1", "v=spf1 mx -all"),
    ] {
        let found = finding(&record(wrong), id);
        assert_eq!((marked(&found), published(&found)), (mark, right), "{wrong}");
    }
}

#[test]
fn unknown_modifiers_are_left_alone() {
    let report = run(&record("v=spf1 mx ra=me rr=all rp=100 x-a=b default=pass -all"), &[]);
    assert!(report.findings().all(|(_, finding)| finding.code.id() != "SPF-240"));
}

#[test]
fn lookups_are_saved_where_nobody_is_locked_out() {
    let many: String =
        (0..8).map(|n| format!("h{n}.example. TXT \"v=spf1 ip4:198.51.100.{n} -all\"\n")).collect();
    let includes: Vec<_> = (0..8).map(|n| format!("include:h{n}.example")).collect();
    let zone = |more: &str| {
        format!(
            "{}{many}example.org. A 11.22.33.80\n",
            record(&format!("v=spf1 {} {more} -all", includes.join(" ")))
        )
    };
    // What is there twice, or leads to nobody new.
    let found = finding(&zone("mx include:H0.example ptr"), "SPF-090");
    assert_eq!(published(&found), format!("v=spf1 {} mx ptr -all", includes.join(" ")));
    let found = finding(&zone("a mx a:mx.elsewhere.example"), "SPF-090");
    assert_eq!(published(&found), format!("v=spf1 {} a mx -all", includes.join(" ")));
    let marks: Vec<_> = found.labels.iter().map(|label| &label.text[label.span.clone()]).collect();
    assert_eq!(marks, ["a:mx.elsewhere.example"], "what goes is what is marked");
    assert_eq!((text(&found, "n").as_str(), text(&found, "after").as_str()), ("11", "10"));
    assert_eq!(found.fix.clone().unwrap().safety, Safety::Safe);
    // An address that is in an `ip4` of the record, and one that is in the record of somebody who is included.
    let found = finding(&zone("a a:mx.elsewhere.example mx ip4:11.22.33.0/24"), "SPF-090");
    assert_eq!(published(&found), format!("v=spf1 {} ip4:11.22.33.0/24 -all", includes.join(" ")));
    let found = finding(&format!("{}b.example. A 198.51.100.3\n", zone("a mx a:b.example")), "SPF-090");
    assert_eq!(published(&found), format!("v=spf1 {} a mx -all", includes.join(" ")));
    // What leads to nothing may be a slip of the pen.
    for nothing in ["a:gone.example", "include:gone.example", "exists:gone.example", "mx:gone.example"] {
        let found = finding(&zone(&format!("a mx {nothing}")), "SPF-090");
        assert_eq!(published(&found), format!("v=spf1 {} a mx -all", includes.join(" ")), "{nothing}");
        assert_eq!((marked(&found), found.fix.as_ref().unwrap().safety), (nothing, Safety::Decide));
    }
    // So may a record that names nobody, and what of it is not enough is said with what is left.
    let empty = format!(
        "{}e.example. TXT \"v=spf1 ~all\"\nb.example. A 11.22.33.81\n",
        zone("a mx a:b.example include:e.example")
    );
    let found = finding(&empty, "SPF-090");
    assert_eq!((marked(&found), text(&found, "after").as_str()), ("include:e.example", "11"));
    assert_eq!(common::arg(&found.args, "way"), json!({"key": "spf.slim.helps"}));
    assert_eq!(found.fix.clone().unwrap().safety, Safety::Decide);
}

/// Eight services that cost one lookup each, `more` beside them, and records of others.
fn crowded(more: &str, others: &str) -> FindingReport {
    let many: String =
        (0..8).map(|n| format!("h{n}.example. TXT \"v=spf1 ip4:198.51.100.{n} -all\"\n")).collect();
    let includes: Vec<_> = (0..8).map(|n| format!("include:h{n}.example")).collect();
    let own = record(&format!("v=spf1 {} {more}", includes.join(" ")));
    finding(&format!("{own}{many}example.org. A 11.22.33.80\n{others}"), "SPF-090")
}

#[test]
fn what_may_let_somebody_send_stays() {
    for (more, others, why) in [
        ("a mx a:b.example -all", "b.example. A 11.22.33.81\n", "a host of its own"),
        ("a mx ptr -all", "", "ptr"),
        ("a mx exists:%{i}.x.example -all", "", "a macro"),
        ("a mx exists:x.example -all", "x.example. A 127.0.0.2\n", "an exists that always matches"),
        ("a mx include:%{i}.x.example -all", "", "a name that is made for each message"),
        ("a mx include:f.example -all", "f.example. TXT SERVFAIL\n", "a failed lookup"),
        (
            "a mx include:f.example -all",
            "f.example. TXT \"v=spf1 a:g.example -all\"\ng.example. A SERVFAIL\n",
            "one inside",
        ),
        (
            "a mx a:g.example -all",
            "g.example. A SERVFAIL\ng.example. AAAA SERVFAIL\n",
            "a host that is not known",
        ),
        ("a -ip4:11.22.33.1 mx a:mx.elsewhere.example -all", "", "somebody is refused in between"),
        (
            "a mx include:b.example -all",
            "b.example. TXT \"v=spf1 ip4:11.22.33.0/24 -all\"\n",
            "a sender with a name",
        ),
        ("?a:mx.elsewhere.example a mx -all", "", "it lets nobody in, and keeps out what follows"),
    ] {
        let found = crowded(more, others);
        if why == "a sender with a name" {
            // The hosts are inside its ranges, the sender itself stays; with the rest in order that is enough.
            assert!(published(&found).ends_with("include:b.example -all"), "{}", published(&found));
            continue;
        }
        assert_eq!(found.fix, None, "{why}");
        assert_eq!(marked(&found), "", "{why}: nothing is marked");
        assert_eq!(common::arg(&found.args, "way"), json!({"key": "spf.slim.none"}), "{why}");
    }
}

#[test]
fn a_term_that_is_read_early_goes_only_if_the_rest_is_then_in_order() {
    // Mail of the first term passes although the record has too many lookups, and must go on to do so.
    let more: String = (0..3).map(|n| format!("y{n}.example. A 203.0.113.{n}\n")).collect();
    let many = "a:y0.example a:y1.example a:y2.example";
    let records = |text: &str| {
        let services: String =
            (0..8).map(|n| format!("h{n}.example. TXT \"v=spf1 ip4:198.51.100.{n} -all\"\n")).collect();
        format!("{}{services}{more}", record(text))
    };
    let includes: Vec<_> = (0..8).map(|n| format!("include:h{n}.example")).collect();
    let late = records(&format!("v=spf1 mx {} {many} ip4:11.22.33.1 -all", includes.join(" ")));
    assert_eq!(finding(&late, "SPF-090").fix, None);
    let early = records(&format!("v=spf1 ip4:11.22.33.1 mx {} {many} -all", includes.join(" ")));
    assert_eq!(marked(&finding(&early, "SPF-090")), "mx");
}

#[test]
fn the_mailbox_provider_is_never_among_what_is_to_go() {
    let blocks: String =
        (0..6).map(|n| format!("n{n}.example. TXT \"v=spf1 ip4:203.0.113.{n} -all\"\n")).collect();
    let google = format!(
        "example.org. MX 1 smtp.google.com.\nsmtp.google.com. A 142.250.1.1\n{blocks}\
         _spf.google.com. TXT \"v=spf1 include:n0.example include:n1.example include:n2.example include:n3.example include:n4.example include:n5.example ~all\"\n\
         a.example. TXT \"v=spf1 include:n0.example include:n1.example -all\"\n\
         all.example. TXT \"v=spf1 include:_spf.google.com -all\"\n\
         none.example. TXT \"v=spf1 ~all\"\n"
    );
    let of = |text: &str| finding(&format!("{google}example.org. TXT \"{text}\"\n"), "SPF-090");
    let found =
        of("v=spf1 include:_spf.google.com include:a.example include:none.example ip4:192.0.2.1 -all");
    assert_eq!(published(&found), "v=spf1 include:_spf.google.com include:a.example ip4:192.0.2.1 -all");
    assert_eq!(
        (marked(&found), text(&found, "mailbox").as_str()),
        ("include:none.example", "Google Workspace")
    );
    assert_eq!(common::arg(&found.args, "branches"), json!(["include:a.example (3)"]));
    // Inside the record of somebody else it is not safe for ever.
    let found = of("v=spf1 include:all.example include:_spf.google.com -all");
    assert_eq!((marked(&found), found.fix.is_none()), ("", true));
    // Twice is once too often.
    let found = of("v=spf1 include:_spf.google.com include:_spf.google.com -all");
    assert_eq!(published(&found), "v=spf1 include:_spf.google.com -all");
    assert_eq!(found.labels[0].span.start, "v=spf1 include:_spf.google.com ".len());
    // And what it includes itself need not be named again.
    let found =
        of("v=spf1 include:_spf.google.com include:n0.example a:a1.example a:a2.example a:a3.example -all");
    assert!(!published(&found).contains("n0.example"));
}

#[test]
fn dead_ends_leave_together_and_redirects_stay() {
    let found = finding(&record("v=spf1 mx include:gone1.example include:gone2.example -all"), "SPF-130");
    assert_eq!((marked(&found), published(&found)), ("include:gone1.example", "v=spf1 mx -all"));
    assert_eq!(finding(&record("v=spf1 mx redirect=gone.example"), "SPF-130").fix, None);
    // In a record of somebody else there is nothing to fix here.
    let other = format!(
        "{}a.example. TXT \"v=spf1 include:gone.example -all\"",
        record("v=spf1 mx include:a.example -all")
    );
    let found = finding(&other, "SPF-130");
    assert_eq!((found.fix.is_none(), found.labels[0].name.as_str()), (true, "a.example"));
    assert_eq!(text(&found, "at"), "a.example");
}

#[test]
fn what_the_record_of_a_service_does_is_no_fault_of_the_user() {
    let zone = format!(
        "{}a.example. TXT \"v=spf1 a:gone.a.example ip4:198.51.100.1 -all\"",
        record("v=spf1 include:a.example -all")
    );
    assert_eq!(finding(&zone, "SPF-120").level, Level::Info);
    let mine = finding(&record("v=spf1 mx a:gone.example -all"), "SPF-120");
    assert_eq!((mine.level, published(&mine)), (Level::Improve, "v=spf1 mx -all"));
}

#[test]
fn a_domain_that_sends_is_not_told_that_it_does_not() {
    let found = finding(&record("v=spf1 -all"), "SPF-300");
    assert_eq!(published(&found), "v=spf1 mx ~all");
    let report = run("example.org. TXT \"v=spf1 -all\"", &["11.22.33.9"]);
    assert_eq!(published(&find(&report, "SPF-300")), "v=spf1 ip4:11.22.33.9 ~all");
    // A record of modifiers and a soft all lets nobody send either.
    finding("example.org. TXT \"v=spf1 exp=e.example ~all\"", "SPF-290");
}

#[test]
fn a_sender_that_is_refused_is_let_in_at_the_right_place() {
    let zone =
        format!("{}a.example. TXT \"v=spf1 ip4:198.51.100.1 -all\"", record("v=spf1 include:a.example -all"));
    let report = run(&zone, &["11.22.33.9"]);
    let found = find(&report, "SPF-410");
    assert_eq!((marked(&found), published(&found)), ("-all", "v=spf1 include:a.example ip4:11.22.33.9 -all"));
    assert_eq!(text(&found, "result"), "fail");
    // An address in IPv6 clothes is let in as what it is.
    let report = run(&zone, &["::ffff:11.22.33.9"]);
    assert_eq!(published(&find(&report, "SPF-410")), "v=spf1 include:a.example ip4:11.22.33.9 -all");
    // The record that lets it in, and under which term of the domain.
    let report = run(&zone, &["198.51.100.1"]);
    let found = find(&report, "SPF-400");
    assert_eq!((marked(&found), text(&found, "n").as_str()), ("include:a.example", "1"));
}

#[test]
fn an_error_is_shown_where_it_arises_and_where_that_is_reached_from() {
    let zone = format!(
        "{}4.a.example. TXT \"v=spf1 include:gone.example -all\"",
        record("v=spf1 mx include:%{d1}.a.example include:%{i1}.a.example -all")
    );
    let zone = format!("{zone}\norg.a.example. TXT \"v=spf1 ip4:198.51.100.7 -all\"");
    let report = run(&zone, &["198.51.100.4"]);
    let found = find(&report, "SPF-450");
    let labels: Vec<_> =
        found.labels.iter().map(|label| (label.name.as_str(), &label.text[label.span.clone()])).collect();
    assert_eq!(labels, [("example.org", "include:%{i1}.a.example"), ("4.a.example", "include:gone.example")]);
}

#[test]
fn evidence_is_what_was_asked_for_it() {
    let report = run(&record("v=spf1 mx ?all"), &[]);
    let asked: Vec<_> =
        find(&report, "SPF-190").evidence.iter().map(|&at| report.evidence[at].query.to_string()).collect();
    assert_eq!(asked, ["example.org TXT"]);
}

/// The record builder refuses exactly the addresses that checks call inside: no record lets in what no receiver sees.
#[test]
fn the_builder_and_the_checks_agree_about_what_is_inside_a_network() {
    let refused =
        |ip: &str| read_own(ip).1.first().is_some_and(|refused| refused.why == RefusedReason::Private);
    for inside in
        ["10.1.2.3", "100.64.0.1", "100.127.255.254", "192.168.1.1", "169.254.1.1", "127.0.0.1", "fd00::1"]
    {
        assert!(is_inside(inside.parse().unwrap()) && refused(inside), "{inside}");
    }
    for outside in ["100.63.255.255", "100.128.0.0", "192.0.2.1", "2001:db8::1"] {
        assert!(!is_inside(outside.parse().unwrap()) && !refused(outside), "{outside}");
    }
}
