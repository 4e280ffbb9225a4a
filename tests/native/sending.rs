//! Which addresses a run asks about by itself, whom that asks, and what is said of an address where the user has to choose.

use mail_triage_engine::{
    check::Code,
    dns::{Failure, Name, Outcome, Query, Rtype},
    facts::Ask,
    record::{
        abuse::abuse_contact,
        origin::{MOST_NUMBERS, NAME_CHARS, Origin, System},
    },
    report::Report,
    session::{QUERY_BUDGET, Session},
    target::{ListKeys, Target},
    view::{
        owner::NetworkKind,
        sending::{AddressOrigin, MOST_ASKED, NamedBy},
    },
    zone::Zone,
};
use proptest::{collection::vec, prelude::*, sample::select};

use crate::common;

const SOA: &str = "example.org. SOA ns.example.org. hostmaster.example.org. 1 3600\n";

/// What comes of `example.org`, and every question that was asked; those that `fails` names bring nothing.
fn run(zone: &str, ips: &[&str], fails: impl Fn(&Query) -> bool) -> (Report, Vec<Query>) {
    let zone = Zone::parse(&format!("{SOA}{zone}")).unwrap();
    let target = Target {
        ips: ips.iter().map(|ip| ip.parse().unwrap()).collect(),
        ..Target::domain(Name::parse("example.org").unwrap())
    };
    let mut session = Session::new(target, common::shared_knowledge(), ListKeys::default());
    let mut asked = Vec::new();
    while let Some(query) = session.poll_query() {
        asked.push(query.clone());
        let mut outcome = match fails(&query) {
            true => Outcome::failed(Failure::TimedOut),
            false => zone.ask(&query).unwrap().clone(),
        };
        outcome.meta_mut().resolver = "resolver".to_owned();
        session.answer(&query, outcome);
    }
    (session.report(), asked)
}

fn report(zone: &str) -> Report {
    run(zone, &[], |_| false).0
}

fn ips(report: &Report) -> Vec<String> {
    report.views.sending.ips().map(|ip| ip.to_string()).collect()
}

fn has(report: &Report, code: Code) -> bool {
    report.findings().any(|(_, finding)| finding.code == code)
}

fn is_of_owner(query: &Query) -> bool {
    let name = query.name.as_str();
    name.ends_with(".asn.cymru.com") || name.ends_with(".abuse-contacts.abusix.zone")
}

#[test]
fn the_domains_own_single_addresses_are_found_wherever_its_record_names_them() {
    let hosts = "example.org. MX 10 mx.example.org.\nmx.example.org. A 11.22.33.2\n\
                 out.example.org. A 11.22.33.3\nout.example.org. AAAA 2a00:1111::3\nexample.org. A 11.22.33.4\n";
    for (record, wanted) in [
        ("ip4:11.22.33.1 -all", vec!["11.22.33.1"]),
        ("ip4:11.22.33.1/32 ip6:2a00:1111::1/128 -all", vec!["11.22.33.1", "2a00:1111::1"]),
        ("mx -all", vec!["11.22.33.2"]),
        ("a -all", vec!["11.22.33.4"]),
        ("a:out.%{d} -all", vec!["11.22.33.3", "2a00:1111::3"]),
        ("mx ip4:11.22.33.2 -all", vec!["11.22.33.2"]),
        // Shared servers beside them are the provider's.
        ("ip4:11.22.33.1 include:_spf.google.com ~all", vec!["11.22.33.1"]),
        ("ip4:11.22.33.1 mx:smtp-host.example -all", vec!["11.22.33.1"]),
        // None that are not let send, that no receiver sees, or that are too many.
        (
            "-ip4:11.22.33.1 ?ip4:11.22.33.2 ip4:10.0.0.1 ip4:192.0.2.1 ip4:11.22.33.3 -all",
            vec!["11.22.33.3"],
        ),
        ("ip4:11.22.33.0/30 -all", vec![]),
        ("a/24 -all", vec![]),
        ("a mx a:out.example.org ip4:11.22.33.1 -all", vec![]),
        ("-all", vec![]),
    ] {
        let report = report(&format!(
            "{hosts}example.org. TXT \"v=spf1 {record}\"\nsmtp-host.example. MX 1 smtp.google.com.\n"
        ));
        assert_eq!(ips(&report), wanted, "{record}");
        let by = if wanted.is_empty() { NamedBy::Nobody } else { NamedBy::Spf };
        assert_eq!(report.views.sending.named_by, by, "{record}");
        assert!(wanted.len() <= MOST_ASKED);
    }
}

#[test]
fn what_the_user_names_goes_before_the_record() {
    let (report, _) = run("example.org. TXT \"v=spf1 ip4:11.22.33.1 -all\"\n", &["11.22.33.9"], |_| false);
    assert_eq!((ips(&report), report.views.sending.named_by), (vec!["11.22.33.9".to_owned()], NamedBy::User));
}

/// Each of the lookups that lead from the record to its addresses fails in turn: it is said, and never that nobody sends.
#[test]
fn a_failed_lookup_on_the_way_to_an_address_is_could_not_check() {
    let zone = "example.org. MX 10 mx.example.org.\nmx.example.org. A 11.22.33.2\nout.example.org. A 11.22.33.3\n\
                example.org. TXT \"v=spf1 ip4:11.22.33.1 mx a:out.example.org -all\"\n";
    for (name, rtype, found) in [
        ("out.example.org", Rtype::A, vec!["11.22.33.1", "11.22.33.2"]),
        ("out.example.org", Rtype::Aaaa, vec!["11.22.33.1", "11.22.33.2", "11.22.33.3"]),
        ("mx.example.org", Rtype::A, vec!["11.22.33.1", "11.22.33.3"]),
        ("example.org", Rtype::Mx, vec!["11.22.33.1", "11.22.33.3"]),
        ("example.org", Rtype::Txt, vec![]),
    ] {
        let (report, _) = run(zone, &[], |query| query.name.as_str() == name && query.rtype == rtype);
        let mut asked = ips(&report);
        asked.sort();
        assert_eq!(asked, found, "{name} {rtype}");
        let code = if rtype == Rtype::Txt { Code::Bl130 } else { Code::Bl220 };
        assert!(has(&report, code), "{name} {rtype}");
        assert!(
            report.headline.unchecked.contains(&"sending-address"),
            "{name} {rtype}: {:?}",
            report.headline
        );
    }
    let (whole, _) = run(zone, &[], |_| false);
    assert!(!has(&whole, Code::Bl220) && !whole.headline.unchecked.contains(&"sending-address"));
}

/// A resolver that leaves reverse names out must not accuse a server: what every resolver finds is asked first.
#[test]
fn that_an_address_has_no_name_is_believed_of_a_resolver_that_knows_such_names() {
    let zone = "example.org. TXT \"v=spf1 ip4:11.22.33.1 -all\"\n";
    let (_, asked) = run(zone, &[], |_| false);
    let control = |query: &&Query| query.rtype == Rtype::Ptr && !query.name.as_str().contains("33.22.11");
    assert!(asked.iter().filter(control).count() > 0, "{asked:?}");
    let named =
        format!("{zone}1.33.22.11.in-addr.arpa. PTR mail.example.org.\nmail.example.org. A 11.22.33.1\n");
    let (_, asked) = run(&named, &[], |_| false);
    assert_eq!(asked.iter().filter(control).count(), 0);
}

#[test]
fn no_list_is_asked_before_somebody_says_which_of_many_sends() {
    let (report, asked) = run("example.org. TXT \"v=spf1 ip4:11.22.33.0/24 -all\"\n", &[], |_| false);
    assert!(has(&report, Code::Bl130));
    assert!(asked.iter().all(|query| !is_of_owner(query)));
    let of_ip = |query: &&Query| common::is_list(query) && query.name.as_str().contains("33.22.11");
    assert_eq!(asked.iter().filter(of_ip).count(), 0);
}

#[test]
fn choices_say_whose_they_are_what_they_are_called_and_what_they_do() {
    let report = report(
        "example.org. TXT \"v=spf1 ip4:11.22.33.4/31 include:_spf.host.example include:_spf.google.com -all\"\n\
         example.org. MX 10 mx.example.org.\nmx.example.org. A 11.22.33.9\n\
         example.org. MX 20 smtp.google.com.\nsmtp.google.com. A 142.250.27.26\n\
         _spf.host.example. TXT \"v=spf1 a:out.host.example -all\"\nout.host.example. A 11.22.34.1\n\
         _spf.google.com. TXT \"v=spf1 ip4:74.125.0.1 ~all\"\n\
         4.33.22.11.in-addr.arpa. PTR mail.example.org.\n",
    );
    let said: Vec<String> = report
        .views
        .sending
        .offers
        .iter()
        .map(|one| {
            let name = one.name.as_ref().map_or("-", Name::as_str);
            format!("{} {name} {:?} {} {}", one.ip, one.of, one.receives, one.sends)
        })
        .collect();
    let host = AddressOrigin::Included(Name::parse("_spf.host.example").unwrap());
    assert_eq!(
        said,
        [
            "11.22.33.4 mail.example.org Domain false true".to_owned(),
            "11.22.33.9 mx.example.org Domain true false".to_owned(),
            "11.22.33.5 - Domain false true".to_owned(),
            format!("11.22.34.1 out.host.example {host:?} false true"),
            format!("74.125.0.1 - {:?} false true", AddressOrigin::Provider("Google Workspace".to_owned())),
        ]
    );
    // Receiving servers of a provider send nobody's mail.
    assert!(said.iter().all(|one| !one.contains("142.250.27.26")));
}

#[test]
fn at_most_three_questions_an_address_say_who_owns_it_and_the_network_is_asked_once() {
    let mut zone = String::from("example.org. TXT \"v=spf1");
    let mut origins = String::new();
    for last in 1..=4 {
        zone.push_str(&format!(" ip4:11.22.33.{last}"));
        origins.push_str(&format!(
            "{last}.33.22.11.origin.asn.cymru.com. TXT \"64500 64501 | 11.22.32.0/20 | TW | apnic | \"\n"
        ));
    }
    let (report, asked) = run(&format!("{zone} -all\"\n{origins}"), &[], |_| false);
    assert_eq!(report.views.owners.len(), 4);
    let owner: Vec<_> = asked.iter().filter(|query| is_of_owner(query)).collect();
    assert_eq!(owner.len(), 4 * 2 + 1, "{owner:?}");
    assert!(asked.len() < QUERY_BUDGET / 2, "{} questions for four addresses", asked.len());
    let (_, six) = run("", &["2a00:1111::25", "192.168.1.1", "2001:db8::1"], |_| false);
    let names: Vec<_> =
        six.iter().filter(|query| is_of_owner(query)).map(|query| query.name.to_string()).collect();
    assert_eq!(names.len(), 2, "only public addresses are asked about: {names:?}");
    assert!(names.iter().any(|name| name.ends_with(".1.1.1.1.0.0.a.2.origin6.asn.cymru.com")), "{names:?}");
}

#[test]
fn what_kind_of_network_it_is_is_said_where_names_or_lists_say_so() {
    let own = "example.org. TXT \"v=spf1 ip4:11.22.33.1 -all\"\n\
               1.33.22.11.origin.asn.cymru.com. TXT \"64500 | 11.22.32.0/20 | TW | apnic | \"\n";
    let kind = |more: &str| report(&format!("{own}{more}")).views.owners[0].kind.clone();
    let system =
        |name: &str| format!("as64500.asn.cymru.com. TXT \"64500 | TW | apnic | 2010 | {name}, TW\"\n");
    let ptr = |name: &str| format!("1.33.22.11.in-addr.arpa. PTR {name}.\n");
    assert_eq!(kind(""), None);
    assert_eq!(kind(&system("HINET Data Communication Business Group")), None);
    assert_eq!(kind(&system("EXAMPLE-CLOUD - Example Ltd.")), Some(NetworkKind::Hoster));
    assert_eq!(kind(&ptr("static.1.33.22.11.clients.server.example")), None);
    assert_eq!(kind(&ptr("vps12.host.example")), Some(NetworkKind::Hoster));
    assert_eq!(kind(&ptr("1-33.dynamic.isp.example")), Some(NetworkKind::Line));
    assert_eq!(kind(&ptr("dynamic.example.org")), None, "a name of one's own says nothing");
    // A list of lines says so, if it proves itself.
    let listed = "1.33.22.11.zen.spamhaus.org. A 127.0.0.10\n2.0.0.127.zen.spamhaus.org. A 127.0.0.2\n";
    assert_eq!(kind(listed), Some(NetworkKind::Line));
    assert_eq!(kind(&format!("{listed}1.0.0.127.zen.spamhaus.org. A 127.0.0.10\n")), None);
    let google = "mail-sor-f1.google.com";
    let there_and_back = format!("{}{google}. A 11.22.33.1\n", ptr(google));
    assert_eq!(kind(&there_and_back), Some(NetworkKind::Provider("Google Workspace".to_owned())));
    assert_eq!(kind(&ptr(google)), None, "a name that does not lead back proves nothing");
}

#[test]
fn what_strangers_write_into_the_directories_stays_text_within_bounds() {
    let long = "x".repeat(200);
    let report = report(&format!(
        "example.org. TXT \"v=spf1 ip4:11.22.33.1 -all\"\n\
         1.33.22.11.origin.asn.cymru.com. TXT \"64500 | 11.22.33.0/24 | TW | apnic | \"\n\
         as64500.asn.cymru.com. TXT \"64500 | TW | apnic | 2010 | a\\226\\128\\174\\010b{long}\"\n\
         1.33.22.11.abuse-contacts.abusix.zone. TXT \"a@b.example?bcc=eve@evil.example\"\n\
         1.33.22.11.abuse-contacts.abusix.zone. TXT \"abuse@net.example\"\n"
    ));
    let owner = &report.views.owners[0];
    let name = owner.name.as_ref().unwrap();
    assert!(name.chars().all(|c| !c.is_control() && c != '\u{202e}'), "{name:?}");
    assert!(name.chars().count() < NAME_CHARS * 4, "{name:?}");
    assert_eq!(owner.abuse.as_deref(), Some("abuse@net.example"));
}

#[test]
fn silence_of_the_directories_is_not_counted_and_said_as_not_known() {
    let zone = "example.org. TXT \"v=spf1 ip4:11.22.33.1 -all\"\n";
    let (quiet, _) = run(zone, &[], is_of_owner);
    let (whole, _) = run(zone, &[], |_| false);
    assert_eq!(quiet.headline, whole.headline);
    assert!(has(&quiet, Code::Net020) && !quiet.views.owners[0].is_known());
    let steps = |report: &Report| report.steps.iter().map(|step| step.verdict).collect::<Vec<_>>();
    assert_eq!(steps(&quiet), steps(&whole));
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => select(vec![
            "|", " | ", " ", "64500", "0", "4294967296", "192.0.2.0/24", "192.0.2.1/24", "2001:db8::/32", "::/0", "/",
            "TW", "tw", ",", ", US", "apnic", "2010-05-05", "NAME - Text", "abuse", "@", "isp.example", ".", "..", "?", "%",
            "mailto:", "<", ">", "\"", "-", "é", "信", "\u{202e}",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_and_what_is_wrong_has_a_place(pieces in vec(piece(), 0..40)) {
        let text = pieces.concat();
        let (origin, system) = (Origin::parse(&text), System::parse(&text));
        prop_assert!(origin.numbers.len() <= MOST_NUMBERS && !origin.numbers.contains(&0));
        if let Some(network) = origin.network {
            prop_assert!(text.contains('/') && network.contains(network.first));
        }
        for country in [&origin.country, &system.country].into_iter().flatten() {
            prop_assert!(country.len() == 2 && text.contains(country.as_str()));
        }
        if let Some(name) = &system.name {
            prop_assert!(!name.is_empty() && name.chars().count() <= NAME_CHARS + 1);
        }
        for error in origin.errors.iter().chain(&system.errors) {
            prop_assert!(text.get(error.span.range()).is_some(), "{error:?} in {text:?}");
        }
        match abuse_contact(&text) {
            Ok(address) => {
                prop_assert!(address.bytes().all(|b| b.is_ascii_alphanumeric() || b"@._-+".contains(&b)), "{address}");
                prop_assert_eq!(address.matches('@').count(), 1);
                prop_assert_eq!(abuse_contact(&address), Ok(address));
            }
            Err(error) => prop_assert!(text.get(error.span.range()).is_some(), "{error:?} in {text:?}"),
        }
    }
}

#[test]
fn the_report_as_text_says_why_these_addresses() {
    let report = report("example.org. TXT \"v=spf1 ip4:11.22.33.1 ip4:11.22.33.2 -all\"\n");
    for (language, catalog) in common::catalogs() {
        let text = common::as_text(&report, &catalog);
        let lines: Vec<&str> =
            text.lines().filter(|line| line.contains("11.22.33.1") && line.contains("11.22.33.2")).collect();
        assert!(lines.iter().any(|line| line.contains("SPF")), "{language}: {text}");
    }
}

#[test]
fn a_host_that_fails_beside_shared_servers_is_the_only_thing_left_open() {
    let zone = "example.org. TXT \"v=spf1 include:_spf.google.com a:out.example.org -all\"\n\
                out.example.org. A 11.22.33.3\n_spf.google.com. TXT \"v=spf1 ip4:35.190.247.0/24 -all\"\n";
    let (report, _) = run(zone, &[], |query| query.name.as_str() == "out.example.org");
    assert!(has(&report, Code::Bl140) && has(&report, Code::Bl220));
    let (whole, _) = run(zone, &[], |_| false);
    assert!(!whole.headline.unchecked.contains(&"sending-address"), "{:?}", whole.headline);
    let new = report.headline.unchecked.iter().filter(|one| !whole.headline.unchecked.contains(one));
    assert_eq!(new.collect::<Vec<_>>(), [&"sending-address", &"spf"]);
}
