//! DMARC policy discovery, organizational domains, alignment and report permissions, as tables.
//!
//! A zone is written short: `name: record` puts `v=DMARC1; record` at `_dmarc.name`, and other lines are zone text.
//! Names in a case exist only if the zone has something at or below them, as in the real DNS.

use mail_triage_engine::{
    dmarc::{
        AppliedPolicy, PolicyDiscovery, PolicySource, SuffixConfidence, aligned, discover, names,
        report::{Mailbox, Permission, ReportKind, mailbox, permission, permission_name},
        walk,
    },
    dns::Name,
    facts::Facts,
    record::dmarc::AlignmentMode,
    zone::Zone,
};

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn zone(lines: &str) -> Zone {
    let text: Vec<String> = lines
        .lines()
        .map(str::trim)
        .map(|line| match line.split_once(": ") {
            Some((name, record)) => format!("_dmarc.{name}. TXT \"v=DMARC1; {record}\""),
            None => line.to_owned(),
        })
        .collect();
    Zone::parse(&text.join("\n")).unwrap_or_else(|error| panic!("{lines}: {error}"))
}

fn find(lines: &str, domain: &str) -> PolicyDiscovery {
    discover(&zone(lines), &name(domain)).unwrap()
}

/// `author example.com p=reject, org example.com`, or what else came of it.
fn said(found: &PolicyDiscovery) -> String {
    let policy = match &found.policy {
        AppliedPolicy::Nothing => "nothing".to_owned(),
        AppliedPolicy::Unknown { asked, .. } => format!("unknown {asked}"),
        AppliedPolicy::Record(record) => {
            let source = match record.source {
                PolicySource::Author => "author",
                PolicySource::Organizational => "org",
                PolicySource::PublicSuffix => "psd",
            };
            let policy = match (record.policy, record.asked) {
                (Some(policy), Some(asked)) if asked == policy => {
                    format!("{}={}", record.tag.as_str(), policy.as_str())
                }
                (Some(policy), Some(asked)) => {
                    format!("{}={} tested as {}", record.tag.as_str(), policy.as_str(), asked.as_str())
                }
                _ => "without effect".to_owned(),
            };
            format!("{source} {} {policy}", record.domain)
        }
    };
    let sure = if found.organizational.unsure.is_some() { " perhaps" } else { "" };
    format!("{policy}, org {}{sure}", found.organizational.name)
}

fn check(cases: &[(&str, &str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(lines, domain, expected)| {
            let got = said(&find(lines, domain));
            (got != *expected).then(|| format!("{domain} in\n{lines}\n  is {got:?}\n not {expected:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn the_record_that_applies() {
    check(&[
        // The domain's own record comes first, whatever stands above.
        ("example.com: p=reject", "example.com", "author example.com p=reject, org example.com"),
        (
            "example.com: p=reject\na.example.com: p=none",
            "a.example.com",
            "author a.example.com p=none, org example.com",
        ),
        (
            "a.example.com: p=none\nexample.com: p=reject; sp=quarantine",
            "a.example.com",
            "author a.example.com p=none, org example.com",
        ),
        (
            "a.example.com: p=none; sp=reject; np=reject",
            "a.example.com",
            "author a.example.com p=none, org a.example.com",
        ),
        // Then that of the organizational domain: the one with the fewest labels.
        (
            "example.com: p=reject\na.example.com. A 192.0.2.1",
            "a.example.com",
            "org example.com p=reject, org example.com",
        ),
        (
            "example.com: p=reject\nx.y.z.example.com. A 192.0.2.1",
            "x.y.z.example.com",
            "org example.com p=reject, org example.com",
        ),
        (
            "b.example.com: p=reject\na.b.example.com. A 192.0.2.1",
            "a.b.example.com",
            "org b.example.com p=reject, org b.example.com",
        ),
        (
            "b.example.com: p=reject\nexample.com: p=none\na.b.example.com. A 192.0.2.1",
            "a.b.example.com",
            "org example.com p=none, org example.com",
        ),
        (
            "com: p=reject\nexample.com: p=none\na.example.com. A 192.0.2.1",
            "a.example.com",
            "org com p=reject, org com",
        ),
        // Nothing anywhere, or nothing that begins with the version.
        ("example.com. A 192.0.2.1", "example.com", "nothing, org example.com"),
        ("_dmarc.example.com. TXT \"v=spf1 -all\"", "example.com", "nothing, org example.com"),
        ("_dmarc.example.com. TXT \"v=dmarc1; p=reject\"", "example.com", "nothing, org example.com"),
        ("_dmarc.example.com. TXT \" v=DMARC1; p=reject\"", "example.com", "nothing, org example.com"),
        ("_dmarc.example.com. TXT \"p=reject; v=DMARC1\"", "example.com", "nothing, org example.com"),
        ("_dmarc.example.com. TXT \"v=DMARC1 p=reject\"", "example.com", "nothing, org example.com"),
        ("_dmarc.example.com. TXT \"v=DMARC10; p=reject\"", "example.com", "nothing, org example.com"),
        // Blanks around the equals sign are in the grammar; strings are joined without a blank.
        (
            "_dmarc.example.com. TXT \"v = DMARC1 ; p=reject\"",
            "example.com",
            "author example.com p=reject, org example.com",
        ),
        (
            "_dmarc.example.com. TXT \"v=DM\" \"ARC1; p=rej\" \"ect\"",
            "example.com",
            "author example.com p=reject, org example.com",
        ),
        (
            "_dmarc.example.com. CNAME d.example.net.\nd.example.net. TXT \"v=DMARC1; p=reject\"",
            "example.com",
            "author example.com p=reject, org example.com",
        ),
        // Below an alias that leads nowhere the walk goes on.
        (
            "_dmarc.a.example.com. CNAME gone.example.net.\nexample.com: p=reject",
            "a.example.com",
            "org example.com p=reject, org example.com",
        ),
    ]);
}

#[test]
fn several_records_are_none() {
    check(&[
        ("example.com: p=reject\nexample.com: p=none", "example.com", "nothing, org example.com"),
        ("example.com: p=reject\nexample.com: p=reject;", "example.com", "nothing, org example.com"),
        // The same record twice is one record (RFC 2181 section 5).
        (
            "example.com: p=reject\nexample.com: p=reject",
            "example.com",
            "author example.com p=reject, org example.com",
        ),
        (
            "a.example.com: p=reject\na.example.com: p=none\nexample.com: sp=none; p=quarantine",
            "a.example.com",
            "org example.com sp=none, org example.com",
        ),
        (
            "b.example.com: p=reject\nexample.com: p=none\nexample.com: p=none;\na.b.example.com. A 192.0.2.1",
            "a.b.example.com",
            "org b.example.com p=reject, org b.example.com",
        ),
        (
            "example.com: psd=n; p=none\nexample.com: p=none\ncom: p=reject\na.example.com. A 192.0.2.1",
            "a.example.com",
            "org com p=reject, org com",
        ),
        // Texts of others beside the one record do not count.
        (
            "example.com: p=reject\n_dmarc.example.com. TXT \"v=spf1 -all\"",
            "example.com",
            "author example.com p=reject, org example.com",
        ),
        (
            "example.com: p=reject\n_dmarc.example.com. TXT \"v=dmarc1; p=none\"",
            "example.com",
            "author example.com p=reject, org example.com",
        ),
    ]);
}

#[test]
fn sp_for_names_that_exist_and_np_for_those_that_do_not() {
    let records = "example.com: p=reject; sp=quarantine; np=none\na.example.com. A 192.0.2.1";
    check(&[
        (records, "example.com", "author example.com p=reject, org example.com"),
        (records, "a.example.com", "org example.com sp=quarantine, org example.com"),
        (records, "no.example.com", "org example.com np=none, org example.com"),
        ("example.com: p=reject; sp=none", "no.example.com", "org example.com sp=none, org example.com"),
        ("example.com: p=reject", "no.example.com", "org example.com p=reject, org example.com"),
        (
            "example.com: p=none; np=reject\na.example.com. A 192.0.2.1",
            "a.example.com",
            "org example.com p=none, org example.com",
        ),
        ("example.com: p=none; np=reject", "no.example.com", "org example.com np=reject, org example.com"),
        // A name with names below it exists (RFC 8020), even without records of its own.
        (
            "example.com: p=none; np=reject\nx.a.example.com. A 192.0.2.1",
            "a.example.com",
            "org example.com p=none, org example.com",
        ),
        // Of a name whose lookup failed nobody knows; it is not called missing.
        (
            "example.com: p=none; np=reject\na.example.com. SOA SERVFAIL",
            "a.example.com",
            "org example.com p=none, org example.com",
        ),
        // sp and np of a record that is not the organizational domain's do nothing.
        (
            "b.example.com: p=none; sp=reject; np=reject\nexample.com: p=quarantine",
            "a.b.example.com",
            "org example.com p=quarantine, org example.com",
        ),
    ]);
}

#[test]
fn psd_ends_the_walk() {
    check(&[
        // psd=n: organizational domain of itself and what is below.
        (
            "b.example.com: psd=n; p=none\nexample.com: p=reject\na.b.example.com. A 192.0.2.1",
            "a.b.example.com",
            "org b.example.com p=none, org b.example.com",
        ),
        (
            "example.com: psd=n; p=none\ncom: p=reject",
            "example.com",
            "author example.com p=none, org example.com",
        ),
        (
            "a.b.example.com: p=none\nb.example.com: psd=n; p=reject\nexample.com: p=reject",
            "a.b.example.com",
            "author a.b.example.com p=none, org b.example.com",
        ),
        // psd=y above: one label below is the organizational domain, with or without a record.
        (
            "example: psd=y; p=reject\na.bank.example. A 192.0.2.1",
            "a.bank.example",
            "psd example p=reject, org bank.example",
        ),
        (
            "bank.example: psd=y; p=reject; sp=quarantine\ngiant.bank.example. A 192.0.2.1",
            "giant.bank.example",
            "psd bank.example sp=quarantine, org giant.bank.example",
        ),
        (
            "bank.example: psd=y; p=reject; np=quarantine",
            "tiny.bank.example",
            "psd bank.example np=quarantine, org tiny.bank.example",
        ),
        (
            "bank.example: psd=y; p=reject\ngiant.bank.example: p=none\na.giant.bank.example. A 192.0.2.1",
            "a.giant.bank.example",
            "org giant.bank.example p=none, org giant.bank.example",
        ),
        // A record between the domain and the organizational domain does not speak for what is below it.
        (
            "bank.example: psd=y; p=reject\nx.giant.bank.example: p=none\na.x.giant.bank.example. A 192.0.2.1",
            "a.x.giant.bank.example",
            "psd bank.example p=reject, org giant.bank.example",
        ),
        // psd=y where the walk starts says nothing about itself.
        (
            "bank.example: psd=y; p=reject\nexample: p=none",
            "bank.example",
            "author bank.example p=reject, org bank.example",
        ),
        // What stands above an end is never looked at.
        (
            "bank.example: psd=y; p=none\nexample: psd=n; p=reject\ngiant.bank.example. A 192.0.2.1",
            "giant.bank.example",
            "psd bank.example p=none, org giant.bank.example",
        ),
        // psd=u and what is no value at all are the default.
        (
            "b.example.com: psd=u; p=none\nexample.com: p=reject\na.b.example.com. A 192.0.2.1",
            "a.b.example.com",
            "org example.com p=reject, org example.com",
        ),
        (
            "b.example.com: psd=x; p=none\nexample.com: p=reject\na.b.example.com. A 192.0.2.1",
            "a.b.example.com",
            "org example.com p=reject, org example.com",
        ),
        (
            "b.example.com: PSD=N; p=none\nexample.com: p=reject\na.b.example.com. A 192.0.2.1",
            "a.b.example.com",
            "org b.example.com p=none, org b.example.com",
        ),
    ]);
}

#[test]
fn testing_is_one_level_less() {
    check(&[
        (
            "example.com: p=reject; t=y",
            "example.com",
            "author example.com p=reject tested as quarantine, org example.com",
        ),
        (
            "example.com: p=quarantine; t=y",
            "example.com",
            "author example.com p=quarantine tested as none, org example.com",
        ),
        ("example.com: p=none; t=y", "example.com", "author example.com p=none, org example.com"),
        ("example.com: p=reject; t=n", "example.com", "author example.com p=reject, org example.com"),
        ("example.com: p=reject; t=yes", "example.com", "author example.com p=reject, org example.com"),
        (
            "example.com: p=none; sp=reject; t=y\na.example.com. A 192.0.2.1",
            "a.example.com",
            "org example.com sp=reject tested as quarantine, org example.com",
        ),
        // pct is historic: it changes nothing.
        ("example.com: p=reject; pct=0", "example.com", "author example.com p=reject, org example.com"),
    ]);
}

#[test]
fn a_record_without_a_valid_policy() {
    check(&[
        (
            "example.com: rua=mailto:d@example.com",
            "example.com",
            "author example.com p=none, org example.com",
        ),
        ("example.com: rua=nobody", "example.com", "author example.com without effect, org example.com"),
        (
            "_dmarc.example.com. TXT \"v=DMARC1\"",
            "example.com",
            "author example.com without effect, org example.com",
        ),
        (
            "example.com: p=rejected; rua=mailto:d@example.com",
            "example.com",
            "author example.com p=none, org example.com",
        ),
        ("example.com: p=rejected", "example.com", "author example.com without effect, org example.com"),
        (
            "example.com: p=reject; sp=all; rua=mailto:d@example.com",
            "example.com",
            "author example.com p=none, org example.com",
        ),
        ("example.com: p=reject; np=all", "a.example.com", "org example.com without effect, org example.com"),
        // It is the record that applies all the same: nothing above stands in for it.
        (
            "a.example.com: p=rejected\nexample.com: p=quarantine",
            "a.example.com",
            "author a.example.com without effect, org example.com",
        ),
        (
            "example.com: p=reject; adkim=x; fo=9; bogus",
            "example.com",
            "author example.com p=reject, org example.com",
        ),
    ]);
}

#[test]
fn failed_lookups_are_neither_records_nor_their_absence() {
    check(&[
        (
            "_dmarc.example.com. TXT SERVFAIL",
            "example.com",
            "unknown _dmarc.example.com, org example.com perhaps",
        ),
        (
            "_dmarc.a.example.com. TXT TIMEOUT\nexample.com: p=reject",
            "a.example.com",
            "unknown _dmarc.a.example.com, org example.com perhaps",
        ),
        (
            "example.com: p=reject\n_dmarc.b.example.com. TXT REFUSED\na.b.example.com. A 192.0.2.1",
            "a.b.example.com",
            "unknown _dmarc.b.example.com, org example.com perhaps",
        ),
        (
            "a.example.com: p=reject\n_dmarc.example.com. TXT SERVFAIL",
            "a.example.com",
            "author a.example.com p=reject, org a.example.com perhaps",
        ),
        (
            "example.com: p=reject\n_dmarc.com. TXT SERVFAIL",
            "example.com",
            "author example.com p=reject, org example.com perhaps",
        ),
        (
            "a.example.com. A 192.0.2.1\n_dmarc.com. TXT SERVFAIL",
            "a.example.com",
            "unknown _dmarc.com, org a.example.com perhaps",
        ),
        // Above the end of a walk a failure does not matter.
        (
            "example.com: p=reject; psd=n\n_dmarc.com. TXT SERVFAIL",
            "example.com",
            "author example.com p=reject, org example.com",
        ),
    ]);
}

fn asked(domain: &str) -> Vec<String> {
    names(&name(domain)).iter().map(Name::to_string).collect()
}

#[test]
fn eight_questions_reach_the_top_from_any_depth() {
    assert_eq!(asked("example.com"), ["example.com", "com"]);
    assert_eq!(asked("com"), ["com"]);
    assert!(asked("").is_empty());
    assert_eq!(asked("a.b.c.d.e.example.com").len(), 7);
    assert_eq!(asked("a.b.c.d.e.f.example.com")[..2], ["a.b.c.d.e.f.example.com", "b.c.d.e.f.example.com"]);
    assert_eq!(
        asked("a.b.c.d.e.f.g.example.com")[..2],
        ["a.b.c.d.e.f.g.example.com", "c.d.e.f.g.example.com"]
    );
    for depth in 1..100 {
        let domain = name(&vec!["a"; depth].join("."));
        let names = names(&domain);
        assert_eq!(names.len(), depth.min(8), "{depth} labels");
        assert_eq!(names.first(), Some(&domain));
        assert_eq!(names.last().map(|top| top.labels().count()), Some(1));
    }
}

#[test]
fn a_record_between_the_shortened_names_is_never_found() {
    let records = "b.c.d.e.f.g.example.com: psd=n; p=none\nexample.com: p=reject\nmail.a.b.c.d.e.f.g.example.com. A 192.0.2.1";
    check(&[(records, "mail.a.b.c.d.e.f.g.example.com", "org example.com p=reject, org example.com")]);
    let deep = "mail.a.b.c.d.e.f.g.example.com: p=quarantine\nexample.com: p=reject";
    check(&[(
        deep,
        "mail.a.b.c.d.e.f.g.example.com",
        "author mail.a.b.c.d.e.f.g.example.com p=quarantine, org example.com",
    )]);
}

#[test]
fn a_walk_waits_for_its_answers() {
    let nothing = Facts::default();
    assert!(walk(&nothing, &name("example.com")).is_err());
    assert!(discover(&nothing, &name("example.com")).is_err());
}

/// Aligned, and aligned by the rule of RFC 7489.
fn alignment(lines: &str, from: &str, by: &str, mode: AlignmentMode) -> (bool, bool) {
    let found = aligned(&name(from), &name(by), mode, &zone(lines)).unwrap();
    (found.aligned, found.by_old_rule)
}

#[test]
fn whose_names_count_as_one_owner() {
    use AlignmentMode::{Relaxed, Strict};
    let both = (true, true);
    let neither = (false, false);
    let plain = "example.com: p=reject";
    for (lines, from, by, mode, expected) in [
        (plain, "example.com", "example.com", Strict, both),
        (plain, "example.com", "mail.example.com", Strict, neither),
        (plain, "example.com", "mail.example.com", Relaxed, both),
        (plain, "a.example.com", "b.example.com", Relaxed, both),
        (plain, "example.com", "example.net", Relaxed, neither),
        (plain, "example.com", "badexample.com", Relaxed, neither),
        // Only the subdomain has a record: new receivers do not see the parent as the same owner.
        ("a.example.com: p=reject", "a.example.com", "example.com", Relaxed, (false, true)),
        ("a.example.com: p=reject", "a.example.com", "b.a.example.com", Relaxed, both),
        // psd=n cuts a department off, psd=y everybody below a suffix.
        (
            "example.com: p=none\nb.example.com: psd=n; p=none",
            "b.example.com",
            "example.com",
            Relaxed,
            (false, true),
        ),
        (
            "example.com: p=none\nb.example.com: psd=n; p=none",
            "a.b.example.com",
            "b.example.com",
            Relaxed,
            both,
        ),
        ("example.com: psd=y; p=none", "a.example.com", "b.example.com", Relaxed, (false, true)),
        ("example.com: psd=y; p=none", "a.example.com", "x.a.example.com", Relaxed, both),
        // Two customers of one suffix that has a record without psd look like one owner.
        ("co.uk: p=none\na.co.uk: p=none\nb.co.uk: p=none", "a.co.uk", "b.co.uk", Relaxed, (true, false)),
        ("co.uk: p=none; psd=y\na.co.uk: p=none\nb.co.uk: p=none", "a.co.uk", "b.co.uk", Relaxed, neither),
        // Without any record every name is its own.
        ("example.com. A 192.0.2.1", "a.example.com", "b.example.com", Relaxed, (false, true)),
    ] {
        assert_eq!(alignment(lines, from, by, mode), expected, "{from} {by} {mode:?} in\n{lines}");
    }
}

#[test]
fn an_alignment_that_rests_on_a_failed_lookup_says_so() {
    let zone = zone("example.com: p=none\n_dmarc.a.example.com. TXT SERVFAIL");
    let found = aligned(&name("a.example.com"), &name("example.com"), AlignmentMode::Relaxed, &zone).unwrap();
    assert!(found.unsure().is_some());
    let same =
        aligned(&name("a.example.com"), &name("a.example.com"), AlignmentMode::Relaxed, &zone).unwrap();
    assert!(same.aligned && same.unsure().is_none());
}

/// The examples of RFC 9989 appendix B, as facts.
#[test]
fn appendix_b() {
    use AlignmentMode::{Relaxed, Strict};
    // B.1: identifiers of SPF and of DKIM.
    let simple = "example.com: p=none\nexample.net: p=none";
    assert!(alignment(simple, "example.com", "example.com", Strict).0);
    assert!(alignment(simple, "example.com", "child.example.com", Relaxed).0);
    assert!(!alignment(simple, "child.example.com", "example.net", Relaxed).0);
    assert!(alignment(simple, "child.example.com", "example.com", Relaxed).0);
    // B.2.1 to B.2.6: the records read as the text says.
    check(&[
        (
            "_dmarc.example.com. TXT \"v=DMARC1; p=none; \" \"rua=mailto:dmarc-feedback@example.com\"",
            "example.com",
            "author example.com p=none, org example.com",
        ),
        (
            "test.example.com: p=quarantine; rua=mailto:dmarc-feedback@example.com,mailto:tld-test@thirdparty.example.net; t=y",
            "test.example.com",
            "author test.example.com p=quarantine tested as none, org test.example.com",
        ),
        (
            "test.example.com: p=reject; rua=mailto:dmarc-feedback@example.com,mailto:tld-test@thirdparty.example.net",
            "test.example.com",
            "author test.example.com p=reject, org test.example.com",
        ),
    ]);
    // B.2.3 and B.2.4: a third party agrees to get the reports, and may name another of its addresses.
    let plain = "example.com._report._dmarc.thirdparty.example.net. TXT \"v=DMARC1;\"";
    assert!(matches!(permit(plain, "example.com", "thirdparty.example.net"), Permission::Given { .. }));
    let moved = "example.com._report._dmarc.thirdparty.example.net. TXT \"v=DMARC1; \" \"rua=mailto:aggregate-reports@thirdparty.example.net; \" \"ruf=mailto:failure-reports@thirdparty.example.net\"";
    assert!(matches!(permit(moved, "example.com", "thirdparty.example.net"), Permission::Given { .. }));
    // B.4.1: a simple walk.
    let records = "example.com: p=none\nsigning.example.com: p=none";
    check(&[(records, "example.com", "author example.com p=none, org example.com")]);
    assert!(alignment(records, "example.com", "signing.example.com", Relaxed).0);
    // B.4.2: a deep walk.
    let deep = "a.b.c.d.e.f.g.h.i.j.k.example.com";
    assert_eq!(
        asked(deep),
        [
            deep,
            "g.h.i.j.k.example.com",
            "h.i.j.k.example.com",
            "i.j.k.example.com",
            "j.k.example.com",
            "k.example.com",
            "example.com",
            "com"
        ]
    );
    check(&[(records, deep, "org example.com p=none, org example.com")]);
    assert!(alignment(records, deep, "example.com", Relaxed).0);
    assert!(alignment(records, deep, "signing.example.com", Relaxed).0);
    // B.4.3: a public suffix with a record.
    let bank = "bank.example: psd=y; p=reject\ngiant.bank.example: p=none\nmail.giant.bank.example. A 192.0.2.1\nmail.mega.bank.example. A 192.0.2.2";
    check(&[
        (bank, "giant.bank.example", "author giant.bank.example p=none, org giant.bank.example"),
        (bank, "mail.giant.bank.example", "org giant.bank.example p=none, org giant.bank.example"),
        (bank, "mail.mega.bank.example", "psd bank.example p=reject, org mega.bank.example"),
    ]);
    assert!(alignment(bank, "giant.bank.example", "mail.giant.bank.example", Relaxed).0);
    assert!(!alignment(bank, "giant.bank.example", "mail.mega.bank.example", Relaxed).0);
}

fn permit(lines: &str, domain: &str, target: &str) -> Permission {
    let zone = zone(lines);
    let org = walk(&zone, &name(domain)).unwrap().organizational().name;
    permission(&zone, &name(domain), &org, &name(target), ReportKind::Aggregate).unwrap()
}

#[test]
fn who_may_get_reports() {
    let at = |text: &str| name(text);
    let asked = at("example.com._report._dmarc.r.example.net");
    let given = Permission::Given { asked: asked.clone() };
    let missing = Permission::Missing { asked: Some(asked.clone()) };
    let own = "example.com: p=none\n";
    for (lines, domain, target, expected) in [
        (own, "example.com", "example.com", Permission::Own),
        (own, "example.com", "mail.example.com", Permission::Own),
        ("example.com: p=none\na.example.com: p=none", "a.example.com", "example.com", Permission::Own),
        ("example.com: p=none\na.example.com: p=none", "a.example.com", "b.example.com", Permission::Own),
        // The parent of the only record is another organizational domain.
        (
            "a.example.com: p=none",
            "a.example.com",
            "example.com",
            Permission::Missing { asked: Some(at("a.example.com._report._dmarc.example.com")) },
        ),
        // So is a department that psd=n cuts off.
        (
            "example.com: p=none\nb.example.com: psd=n; p=none",
            "example.com",
            "b.example.com",
            Permission::Missing { asked: Some(at("example.com._report._dmarc.b.example.com")) },
        ),
        ("example.com: p=none", "example.com", "r.example.net", missing.clone()),
        (
            "example.com._report._dmarc.r.example.net. TXT \"v=DMARC1\"",
            "example.com",
            "r.example.net",
            given.clone(),
        ),
        (
            "example.com._report._dmarc.r.example.net. TXT \"v=DMARC1;\"",
            "example.com",
            "r.example.net",
            given.clone(),
        ),
        (
            "example.com._report._dmarc.r.example.net. TXT \"v=spf1 -all\"",
            "example.com",
            "r.example.net",
            missing.clone(),
        ),
        (
            "example.com._report._dmarc.r.example.net. TXT \"v=dmarc1\"",
            "example.com",
            "r.example.net",
            missing.clone(),
        ),
        // Several agreements are one too many for a policy, and good enough here.
        (
            "example.com._report._dmarc.r.example.net. TXT \"v=DMARC1\"\nexample.com._report._dmarc.r.example.net. TXT \"v=DMARC1; \"",
            "example.com",
            "r.example.net",
            given.clone(),
        ),
        // Agreeing to everybody, or to others.
        ("*._report._dmarc.r.example.net. TXT \"v=DMARC1\"", "example.com", "r.example.net", given.clone()),
        (
            "example.org._report._dmarc.r.example.net. TXT \"v=DMARC1\"",
            "example.com",
            "r.example.net",
            missing.clone(),
        ),
        ("*._report._dmarc.example.net. TXT \"v=DMARC1\"", "example.com", "r.example.net", missing.clone()),
        // Another address of the same host is fine, one elsewhere is not; failure reports do not count here.
        (
            "example.com._report._dmarc.r.example.net. TXT \"v=DMARC1; rua=mailto:x@r.example.net\"",
            "example.com",
            "r.example.net",
            given.clone(),
        ),
        (
            "example.com._report._dmarc.r.example.net. TXT \"v=DMARC1; rua=mailto:x@example.org\"",
            "example.com",
            "r.example.net",
            Permission::Diverted { asked: asked.clone(), to: at("example.org") },
        ),
        (
            "example.com._report._dmarc.r.example.net. TXT \"v=DMARC1; ruf=mailto:x@example.org\"",
            "example.com",
            "r.example.net",
            given.clone(),
        ),
        // An alias leads to the agreement.
        (
            "example.com._report._dmarc.r.example.net. CNAME ok.example.\nok.example. TXT \"v=DMARC1\"",
            "example.com",
            "r.example.net",
            given.clone(),
        ),
    ] {
        assert_eq!(permit(lines, domain, target), expected, "{domain} to {target} in\n{lines}");
    }
    let failed =
        permit("example.com._report._dmarc.r.example.net. TXT TIMEOUT", "example.com", "r.example.net");
    assert!(matches!(failed, Permission::Unknown { .. }), "{failed:?}");
}

#[test]
fn a_permission_whose_name_is_too_long_cannot_be_given() {
    let domain = ["abcdefghi"; 12].join(".");
    let target = ["abcdefghj"; 13].join(".");
    assert_eq!(permission_name(&name(&domain), &name(&target)), None);
    assert_eq!(permit("", &domain, &target), Permission::Missing { asked: None });
}

#[test]
fn where_reports_can_arrive() {
    for (lines, expected) in [
        ("r.example. MX 10 mx.r.example.", Mailbox::Reachable),
        ("r.example. A 192.0.2.1", Mailbox::Reachable),
        ("r.example. AAAA 2001:db8::1", Mailbox::Reachable),
        ("r.example. MX 0 .", Mailbox::Refuses),
        ("r.example. TXT \"hello\"", Mailbox::Nowhere),
        ("other.example. A 192.0.2.1", Mailbox::Nowhere),
    ] {
        assert_eq!(mailbox(&zone(lines), &name("r.example")).unwrap(), expected, "{lines}");
    }
    for lines in ["r.example. MX SERVFAIL", "r.example. A TIMEOUT"] {
        let found = mailbox(&zone(lines), &name("r.example")).unwrap();
        assert!(matches!(found, Mailbox::Unknown { .. }), "{lines}: {found:?}");
    }
}

/// What RFC 7489 gives, and whether that differs: `example.com p=reject, org example.com` or `nothing, ...`.
#[test]
fn the_old_rule_beside_the_new() {
    for (lines, domain, expected, differs) in [
        ("example.com: p=reject", "example.com", "example.com reject, org example.com", false),
        (
            "example.com: p=reject; sp=none\na.example.com. A 192.0.2.1",
            "a.example.com",
            "example.com none, org example.com",
            false,
        ),
        (
            "example.co.uk: p=reject\na.example.co.uk. A 192.0.2.1",
            "a.example.co.uk",
            "example.co.uk reject, org example.co.uk",
            false,
        ),
        (
            "example.com.tw: p=reject\na.example.com.tw. A 192.0.2.1",
            "a.example.com.tw",
            "example.com.tw reject, org example.com.tw",
            false,
        ),
        // Between the domain and the registered domain the old rule does not look.
        (
            "b.example.com: p=reject\na.b.example.com. A 192.0.2.1",
            "a.b.example.com",
            "nothing, org example.com",
            true,
        ),
        // It knows no np.
        ("example.com: p=none; np=reject", "no.example.com", "example.com none, org example.com", true),
        // It takes the registered domain for the owner, whether it has a record or not.
        ("a.example.com: p=reject", "a.example.com", "a.example.com reject, org example.com", true),
        (
            "a.example.com: p=reject; adkim=s; aspf=s",
            "a.example.com",
            "a.example.com reject, org example.com",
            false,
        ),
        (
            "b.example.com: psd=n; p=reject\nexample.com: p=reject",
            "b.example.com",
            "b.example.com reject, org example.com",
            true,
        ),
        // Several records end it, where the new rule goes on.
        (
            "a.example.com: p=reject\na.example.com: p=none\nexample.com: p=quarantine",
            "a.example.com",
            "nothing, org example.com",
            true,
        ),
        ("example.com: p=reject\nexample.com: p=none", "example.com", "nothing, org example.com", false),
        // A suffix with a record of its own.
        (
            "co.uk: p=reject; psd=y\nexample.co.uk. A 192.0.2.1",
            "example.co.uk",
            "nothing, org example.co.uk",
            true,
        ),
        ("a.example.com. A 192.0.2.1", "a.example.com", "nothing, org example.com", false),
        // A lookup that failed makes no difference between rules.
        (
            "a.example.com: p=reject\n_dmarc.example.com. TXT SERVFAIL",
            "a.example.com",
            "a.example.com reject, org example.com",
            false,
        ),
    ] {
        let found = find(lines, domain);
        let record = match (&found.old.domain, found.old.policy) {
            (Some(domain), Some(policy)) => format!("{domain} {}", policy.as_str()),
            _ => "nothing".to_owned(),
        };
        assert_eq!(format!("{record}, org {}", found.old.organizational), expected, "{domain} in\n{lines}");
        assert_eq!(found.rules_differ(), differs, "{domain} in\n{lines}");
    }
    assert_eq!(find("example.co.ls: p=none", "a.example.co.ls").old.known, SuffixConfidence::Guess);
}

#[test]
fn a_discovery_is_data() {
    let found = find("example.com: p=reject; t=y\na.example.com. A 192.0.2.1", "a.example.com");
    let json = serde_json::to_value(&found).unwrap();
    assert_eq!(json["organizational"]["name"], "example.com");
    assert_eq!(json["policy"]["status"], "record");
    assert_eq!(json["policy"]["asked"], "quarantine");
    assert_eq!(json["walk"]["steps"][0]["found"]["status"], "nothing");
    assert_eq!(json["walk"]["steps"][1]["asked"], "_dmarc.example.com");
}
