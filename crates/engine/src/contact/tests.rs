//! Tickets for each party in each language, from zones and pasted errors.

use std::{
    collections::{BTreeSet, HashMap},
    rc::Rc,
};

use super::*;
use crate::{
    bounce::{BounceReading, Reader},
    dns::{Failure, Name, Outcome},
    facts::Ask,
    knowledge::SmtpCodes,
    message::charset::plain,
    session::Session,
    target::Target,
    text::{Catalog, LANGUAGES},
    zone::Zone,
};

fn json<T: serde::de::DeserializeOwned>(path: &str) -> T {
    let path = format!("{}/../../www/{path}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn knowledge() -> Knowledge {
    Knowledge {
        blocklists: json("data/blocklists"),
        providers: json("data/providers"),
        dns_hosts: json("data/dns-hosts"),
        ..Knowledge::default()
    }
}

fn catalog(language: &str) -> Catalog {
    let parts = ["", ".report", ".bounce", ".ticket"];
    let texts = parts
        .into_iter()
        .flat_map(|part| json::<HashMap<String, String>>(&format!("locales/{language}{part}")));
    Catalog::new(texts.collect())
}

fn plural(n: u64) -> &'static str {
    if n == 1 { "one" } else { "other" }
}

fn read(text: &str) -> BounceReading {
    let codes: SmtpCodes = json("data/smtp-codes");
    let reader = Reader::new(codes.with(json("data/smtp-words")));
    reader.read(text.as_bytes(), &plain, &knowledge().blocklists)
}

/// The report about a target when the world is this zone; names that begin with `failing` fail.
fn report(target: Target, zone: &str, failing: &str) -> Report {
    let zone = Zone::parse(zone).unwrap();
    let mut session = Session::new(target, Rc::new(knowledge()), ListKeys::default());
    while let Some(query) = session.poll_query() {
        let outcome = if query.name.as_str().starts_with(failing) {
            Outcome::failed(Failure::TimedOut)
        } else {
            zone.ask(&query).unwrap().clone()
        };
        session.answer(&query, outcome);
    }
    session.report()
}

fn domain(name: &str) -> Target {
    Target::domain(Name::parse(name).unwrap())
}

fn wishes(third_parties: bool) -> TicketOptions<'static> {
    static NO_KEYS: std::sync::OnceLock<ListKeys> = std::sync::OnceLock::new();
    TicketOptions {
        since: "",
        third_parties,
        checked: Some(1_795_000_000),
        done: &[],
        local: &|unix| format!("local {unix}"),
        keys: NO_KEYS.get_or_init(ListKeys::default),
    }
}

/// A shop whose address is on one list, with a name that leads back.
const LISTED: &str = "shop.example. SOA ns.shop.example. host.shop.example. 1 3600\n\
     shop.example. MX 10 mx.shop.example.\nmx.shop.example. A 11.22.33.44\n\
     shop.example. TXT \"v=spf1 ip4:11.22.33.44 -all\"\n44.33.22.11.in-addr.arpa. PTR mx.shop.example.\n\
     44.33.22.11.bl.spamcop.net. A 127.0.0.2\n44.33.22.11.bl.spamcop.net. TXT \"why\"\n2.0.0.127.bl.spamcop.net. A 127.0.0.2\n\
     2.0.0.127.psbl.surriel.com. A 127.0.0.2\n";

fn listed() -> Report {
    let target = Target { ips: vec!["11.22.33.44".parse().unwrap()], ..domain("shop.example") };
    report(target, LISTED, "_dmarc")
}

const REFUSED: &str = "From: MAILER-DAEMON@mx.shop.example\nMessage-ID: <1@mx.shop.example>\nDate: Fri, 20 Nov 2026 09:12:33 +0800\n\n<bob.secret@bakery.example>: host mx.bakery.example[11.22.40.1] said:\n\
     550 5.7.1 Service unavailable; client host [11.22.33.44] blocked, user bob.secret knows why\n";

#[test]
fn a_refusal_that_names_no_list_goes_to_whoever_refused() {
    let knowledge = knowledge();
    let about = |text: &str| {
        let reading = read(text);
        suggested(&Case { reading: Some(&reading), knowledge: Some(&knowledge), ..Case::default() })
    };
    assert_eq!(about("550 5.7.1 Message rejected as spam by content filtering"), ContactParty::Postmaster);
    assert_eq!(
        about("554 5.7.1 Client host [11.22.33.44] blocked using bl.spamcop.net"),
        ContactParty::List("spamcop".into())
    );
}

#[test]
fn one_page_that_looks_up_and_takes_off_is_named_once() {
    let report = listed();
    let knowledge = knowledge();
    let case = Case { report: Some(&report), knowledge: Some(&knowledge), ..Case::default() };
    for list in &knowledge.blocklists.lists {
        let found = contact(&ContactParty::List(list.id.clone()), &case);
        let urls: BTreeSet<&str> = found.pages.iter().map(|page| page.url.as_str()).collect();
        assert_eq!(urls.len(), found.pages.len(), "{found:?}");
    }
}

#[test]
fn a_listing_goes_to_the_one_who_keeps_the_list() {
    let report = listed();
    let knowledge = knowledge();
    let case = Case { report: Some(&report), knowledge: Some(&knowledge), ..Case::default() };
    let party = suggested(&case);
    assert_eq!(party, ContactParty::List("spamcop".into()));
    assert!(parties(&case).contains(&party));
    let found = contact(&party, &case);
    assert!(
        found.pages.iter().any(|page| page.kind == PageKind::Delist && page.url.contains("11.22.33.44")),
        "{found:?}"
    );
    for (language, _) in LANGUAGES {
        let catalog = catalog(language);
        let ticket = ticket(&party, &case, &wishes(false), &catalog, plural);
        assert!(ticket.subject.contains("11.22.33.44") && ticket.subject.contains("SpamCop"), "{ticket:?}");
        for part in [
            "shop.example",
            "BL-010",
            "44.33.22.11.bl.spamcop.net A",
            "2026-11-18 11:06 UTC",
            "local 1795000000",
        ] {
            assert!(ticket.body.contains(part), "{language} lacks {part}: {}", ticket.body);
        }
        whole(&ticket.body);
    }
}

#[test]
fn what_failed_is_not_ruled_out() {
    let report = listed();
    let knowledge = knowledge();
    let case = Case { report: Some(&report), knowledge: Some(&knowledge), ..Case::default() };
    for (language, _) in LANGUAGES {
        let catalog = catalog(language);
        let body = ticket(&ContactParty::Mailbox, &case, &wishes(false), &catalog, plural).body;
        let section = |key: &str| {
            let head = format!("\n{}\n", catalog.get(key).unwrap());
            let from = body.find(&head).unwrap_or_else(|| panic!("{language} lacks {key}: {body}"));
            body[from + head.len()..].split("\n\n").next().unwrap().to_owned()
        };
        let (unknown, clean) = (section("ticket.unknown"), section("ticket.clean"));
        assert!(unknown.contains("DMARC") && !clean.contains("DMARC"), "{body}");
        // The list that proved itself and holds nothing is ruled out; those that answered nothing are not.
        assert!(clean.contains("PSBL") && !unknown.contains("PSBL"), "{body}");
        assert!(unknown.contains("Barracuda") && !clean.contains("Barracuda"), "{body}");
        // A list of trusted senders is no blocklist.
        let blocklists = unknown.lines().find(|line| line.contains("Barracuda")).unwrap();
        assert!(unknown.contains("DNSWL") && !blocklists.contains("DNSWL"), "{body}");
        whole(&body);
    }
}

#[test]
fn with_no_answer_at_all_nothing_is_ruled_out() {
    let target = Target { ips: vec!["11.22.33.44".parse().unwrap()], ..domain("shop.example") };
    let report = report(target, "", "");
    let case = Case { report: Some(&report), ..Case::default() };
    for party in parties(&case) {
        for (language, _) in LANGUAGES {
            let catalog = catalog(language);
            let body = ticket(&party, &case, &wishes(false), &catalog, plural).body;
            assert!(!body.contains(catalog.get("ticket.clean").unwrap()), "{party:?}: {body}");
            assert!(body.contains(catalog.get("ticket.unknown").unwrap()), "{party:?}: {body}");
            whole(&body);
        }
    }
}

#[test]
fn a_pasted_error_alone_makes_a_ticket_without_people_in_it() {
    let reading = read(REFUSED);
    let knowledge = knowledge();
    let case = Case { reading: Some(&reading), knowledge: Some(&knowledge), ..Case::default() };
    for (language, _) in LANGUAGES {
        let catalog = catalog(language);
        for party in parties(&case) {
            let bare = ticket(&party, &case, &wishes(false), &catalog, plural);
            for secret in ["bob", "secret@", "@bakery"] {
                assert!(!bare.body.to_lowercase().contains(secret), "{language} {party:?}: {}", bare.body);
                assert!(!bare.subject.to_lowercase().contains(secret), "{bare:?}");
            }
            assert_eq!(
                bare.body.contains("bakery.example"),
                party == ContactParty::Postmaster,
                "{}",
                bare.body
            );
            assert!(bare.body.contains("550 5.7.1") && bare.body.contains("11.22.33.44"), "{}", bare.body);
            let named = ticket(&party, &case, &wishes(true), &catalog, plural);
            assert!(named.body.contains("bob.secret@bakery.example"), "{}", named.body);
            whole(&bare.body);
            whole(&named.body);
        }
        let to = ticket(&ContactParty::Postmaster, &case, &wishes(false), &catalog, plural).to;
        assert_eq!(to.as_deref(), Some("postmaster@bakery.example"));
        let since = prefilled(&reading, &|unix| format!("local {unix}"), &catalog, plural);
        assert!(since.contains("2026-11-20 01:12 UTC") && since.contains("local 1795137153"), "{since}");
    }
}

#[test]
fn with_nothing_known_there_are_gaps_to_fill_in() {
    let case = Case::default();
    assert_eq!(suggested(&case), ContactParty::Mailbox);
    for (language, _) in LANGUAGES {
        let catalog = catalog(language);
        for party in parties(&case) {
            let ticket = ticket(&party, &case, &wishes(false), &catalog, plural);
            assert!(ticket.body.matches("……").count() >= 3, "{}", ticket.body);
            assert_eq!(ticket.to, None);
            whole(&ticket.body);
            whole(&ticket.subject);
        }
    }
}

#[test]
fn a_record_to_mend_goes_to_the_dns_host_with_what_to_publish() {
    let zone = "shop.example. SOA ns.shop.example. host.shop.example. 1 3600\nshop.example. MX 10 mx.shop.example.\n\
                mx.shop.example. A 11.22.33.44\nshop.example. TXT \"v=spf1 mx -all\"\n\
                shop.example. TXT \"v=spf1 ip4:11.22.33.44 -all\"\n";
    let report = report(domain("shop.example"), zone, "-");
    let knowledge = knowledge();
    let host = knowledge.dns_hosts.by_id("cloudflare");
    let case = Case { report: Some(&report), knowledge: Some(&knowledge), host, ..Case::default() };
    assert_eq!(suggested(&case), ContactParty::DnsHost);
    for (language, _) in LANGUAGES {
        let catalog = catalog(language);
        let body = ticket(&ContactParty::DnsHost, &case, &wishes(false), &catalog, plural).body;
        assert!(
            body.contains("Cloudflare") && body.contains(catalog.get("ticket.publish").unwrap()),
            "{body}"
        );
        whole(&body);
    }
}

#[test]
fn the_error_says_who_is_asked() {
    let knowledge = knowledge();
    let party = |text: &str| {
        let reading = read(text);
        suggested(&Case { reading: Some(&reading), knowledge: Some(&knowledge), ..Case::default() })
    };
    assert_eq!(
        party("550 5.7.1 Client host [11.22.33.44] blocked using bl.spamcop.net"),
        ContactParty::List("spamcop".into())
    );
    assert_eq!(party("452 4.2.2 <bob@shop.example>: mailbox full"), ContactParty::Postmaster);
    assert_eq!(
        party(
            "550-5.7.26 Unauthenticated email from shop.example is not accepted due to domain's DMARC policy"
        ),
        ContactParty::DnsHost
    );
}

#[test]
fn who_refused_is_told_by_its_pages() {
    let knowledge = knowledge();
    let reading = read(
        "<bob@contoso.example>: host contoso-example.mail.protection.outlook.com[52.101.73.1] said: 550 5.7.606 Access denied, banned sending IP [11.22.33.44]",
    );
    let case = Case { reading: Some(&reading), knowledge: Some(&knowledge), ..Case::default() };
    let found = contact(&ContactParty::Postmaster, &case);
    assert_eq!(found.address.as_deref(), Some("postmaster@contoso.example"));
    assert!(found.pages.iter().any(|page| page.url == "https://sender.office.com/"), "{found:?}");
}

#[test]
fn keys_are_never_written() {
    let report = listed();
    let case = Case { report: Some(&report), ..Case::default() };
    let mut keys = ListKeys::default();
    keys.set("spamhaus-dqs", "spamcop");
    let wishes = TicketOptions { keys: &keys, ..wishes(false) };
    let ticket = ticket(&ContactParty::List("spamcop".into()), &case, &wishes, &catalog("en"), plural);
    assert!(!ticket.body.to_lowercase().contains("spamcop") && ticket.body.contains("your-key"));
}

#[test]
fn resolvers_are_counted_with_their_times() {
    let mut report = listed();
    for (place, evidence) in report.evidence.iter_mut().enumerate() {
        let meta = evidence.outcome.meta_mut();
        meta.resolver = if place % 4 == 0 { "quad9" } else { "cloudflare" }.to_owned();
        meta.millis = Some(10 + u32::try_from(place).unwrap() % 3);
    }
    let counted = connection(&report);
    let failed = report.evidence.iter().filter(|evidence| evidence.outcome.failure().is_some()).count();
    assert!(failed > 0);
    assert_eq!(counted.answered, counted.asked - failed);
    assert_eq!(counted.resolvers.iter().map(|one| one.answered).sum::<usize>(), counted.answered);
    assert_eq!(counted.resolvers[0].resolver, "cloudflare");
    assert_eq!(counted.resolvers[0].millis, Some(11));
}

#[test]
fn what_strangers_published_stays_in_its_line() {
    let mut report = listed();
    for check in &mut report.checks {
        for finding in &mut check.findings {
            for label in &mut finding.labels {
                label.text = "a\r\n- forged\u{202e}gpj\u{1b}[31m".to_owned();
            }
        }
    }
    let case = Case { report: Some(&report), ..Case::default() };
    let party = ContactParty::List("spamcop".into());
    let body = ticket(&party, &case, &wishes(false), &catalog("en"), plural).body;
    assert!(body.contains("a\\013\\010- forged\\226\\128\\174gpj\\027[31m\n"), "{body}");
}

/// Every text is there, and every placeholder is filled.
fn whole(text: &str) {
    assert!(!text.contains('{') && !text.contains("ticket.") && !text.contains("finding."), "{text}");
    assert!(!text.contains("failure.") && !text.contains("bounce."), "{text}");
}

/// A server without a name, in a network that is known.
const UNNAMED: &str = "shop.example. SOA ns.shop.example. host.shop.example. 1 3600\n\
     shop.example. MX 10 mx.shop.example.\nmx.shop.example. A 11.22.33.44\n\
     shop.example. TXT \"v=spf1 ip4:11.22.33.44 -all\"\n\
     _dmarc.shop.example. TXT \"v=DMARC1; p=none; rua=mailto:d@shop.example\"\n\
     44.33.22.11.origin.asn.cymru.com. TXT \"64500 | 11.22.32.0/20 | TW | apnic | 2010-05-05\"\n\
     as64500.asn.cymru.com. TXT \"64500 | TW | apnic | 2010-05-05 | EXAMPLE-NET - Example\\010Network Ltd., TW\"\n\
     44.33.22.11.abuse-contacts.abusix.zone. TXT \"abuse@isp.example\"\n";

#[test]
fn an_address_without_a_name_goes_to_whoever_owns_it() {
    let report = report(domain("shop.example"), UNNAMED, "nothing");
    let knowledge = knowledge();
    let case = Case { report: Some(&report), knowledge: Some(&knowledge), ..Case::default() };
    assert_eq!(suggested(&case), ContactParty::AddressOwner);
    for (language, _) in LANGUAGES {
        let catalog = catalog(language);
        let ticket = ticket(&ContactParty::AddressOwner, &case, &wishes(false), &catalog, plural);
        assert_eq!(ticket.to.as_deref(), Some("abuse@isp.example"));
        assert!(ticket.subject.contains("11.22.33.44"), "{ticket:?}");
        let network = "11.22.32.0/20, AS64500, EXAMPLE-NET - Example\\010Network Ltd.";
        for part in [network, "PTR-030", "25", "mx.shop.example", "44.33.22.11.in-addr.arpa PTR"] {
            assert!(ticket.body.contains(part), "{language} lacks {part}: {}", ticket.body);
        }
        // What is none of theirs to mend is not told.
        assert!(!ticket.body.contains("DKI-"), "{}", ticket.body);
        whole(&ticket.body);
    }
}

#[test]
fn who_owns_the_address_is_asked_even_where_nothing_is_known_of_them() {
    let report = report(domain("shop.example"), UNNAMED, "44.33.22.11.");
    let case = Case { report: Some(&report), ..Case::default() };
    assert!(parties(&case).contains(&ContactParty::AddressOwner));
    let ticket = ticket(&ContactParty::AddressOwner, &case, &wishes(false), &catalog("en"), plural);
    assert_eq!(ticket.to, None);
    assert!(!ticket.body.contains("isp.example") && ticket.body.contains("11.22.33.44"), "{}", ticket.body);
}

#[test]
fn shared_servers_have_no_owner_to_write_to() {
    let zone = "shop.example. SOA ns.shop.example. host.shop.example. 1 3600\n\
                shop.example. TXT \"v=spf1 include:_spf.google.com -all\"\n";
    let report = report(domain("shop.example"), zone, "nothing");
    let case = Case { report: Some(&report), ..Case::default() };
    assert!(!parties(&case).contains(&ContactParty::AddressOwner));
    let shared = "41.220.85.209.in-addr.arpa. PTR mail-sor-f41.google.com.\nmail-sor-f41.google.com. A 209.85.220.41\n";
    let target = Target { ips: vec!["209.85.220.41".parse().unwrap()], ..domain("shop.example") };
    let report = self::report(target, &format!("{zone}{shared}"), "nothing");
    let case = Case { report: Some(&report), ..Case::default() };
    assert!(!parties(&case).contains(&ContactParty::AddressOwner));
}
