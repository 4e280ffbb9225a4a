//! The domains of the local DNS, checked natively and in the browser (`tests/e2e/zones.spec.mjs`) against one file of
//! expectations, which says where each is checked.
//!
//! The blocklists of the local DNS are not in its zone files, so codes about them are left to the browser.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    net::IpAddr,
};

use mail_triage_engine::{
    check::Code,
    dns::Name,
    facts::Ask,
    session::Session,
    target::{ListKeys, Target},
    zone::Zone,
};
use serde::Deserialize;

use crate::common;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Expected {
    #[serde(default)]
    ip: Option<IpAddr>,
    #[serde(default, rename = "in")]
    place: Place,
    #[serde(default)]
    must: BTreeSet<String>,
    #[serde(default)]
    must_not: BTreeSet<String>,
}

/// Where the codes of a domain are checked.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Place {
    /// Here alone: nothing of it rests on a browser or a server.
    #[default]
    Native,
    /// In the browser too: it rests on its transport or on servers in part, or is a check of the checks here.
    Both,
    /// In the browser alone: it rests on what only servers do, such as signatures and wildcards.
    Browser,
}

fn expected() -> BTreeMap<String, Expected> {
    serde_json::from_str(&fs::read_to_string("tests/lab/expect.json").unwrap()).unwrap()
}

/// The zones, with what the servers of the local DNS do wrong.
fn zone() -> Zone {
    let mut text = String::new();
    for folder in ["tops", "providers", "domains", "signed", "reverse"] {
        for entry in fs::read_dir(format!("tests/lab/zones/{folder}")).unwrap() {
            let path = entry.unwrap().path();
            // Its signatures are not valid any more, which only a resolver sees.
            if path.file_stem().unwrap() != "expired.example" {
                text.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    text.push_str(
        "$ORIGIN example.\nexpired * SERVFAIL\nservfail * SERVFAIL\nrefused * REFUSED\n\
         shop.alias-unknown CNAME SERVFAIL\n",
    );
    text.push_str("$ORIGIN 22.11.in-addr.arpa.\n80.33 PTR SERVFAIL\n");
    Zone::parse(&text).unwrap()
}

#[test]
fn every_domain_has_the_expected_codes() {
    let zone = zone();
    let mut wrong = Vec::new();
    for (domain, expected) in expected().into_iter().filter(|(_, expected)| expected.place != Place::Browser)
    {
        let target = Target {
            ips: expected.ip.into_iter().collect(),
            ..Target::domain(Name::parse(&domain).unwrap())
        };
        let mut session = Session::new(target, common::shared_knowledge(), ListKeys::default());
        while let Some(query) = session.poll_query() {
            session.answer(&query, zone.ask(&query).unwrap().clone());
        }
        let report = session.report();
        let found: BTreeSet<String> =
            report.findings().map(|(_, finding)| finding.code.id().to_owned()).collect();
        let must: BTreeSet<_> =
            expected.must.iter().filter(|code| !code.starts_with("BL-")).cloned().collect();
        let missing: Vec<_> = must.difference(&found).collect();
        let forbidden: Vec<_> = expected.must_not.intersection(&found).collect();
        if !(missing.is_empty() && forbidden.is_empty()) {
            wrong.push(format!("{domain}: missing {missing:?}, forbidden {forbidden:?}; found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_zone_has_expectations_with_codes_that_exist() {
    let expected = expected();
    for folder in ["domains", "signed"] {
        for entry in fs::read_dir(format!("tests/lab/zones/{folder}")).unwrap() {
            let path = entry.unwrap().path();
            let domain = path.file_stem().unwrap().to_str().unwrap();
            let of_domain = expected.get(domain);
            assert!(
                of_domain.is_some_and(|domain| !domain.must.is_empty()),
                "nothing is expected of {domain}"
            );
        }
    }
    for (domain, expected) in expected {
        for code in expected.must.iter().chain(&expected.must_not) {
            assert!(Code::from_id(code).is_some(), "{domain}: there is no {code}");
        }
    }
}

/// Codes of blocklists are left out above, so only the browser can see to them.
#[test]
fn what_blocklists_say_is_checked_in_the_browser() {
    for (domain, expected) in expected() {
        let of_lists = expected.must.iter().chain(&expected.must_not).any(|code| code.starts_with("BL-"));
        assert!(
            !of_lists || expected.place != Place::Native,
            "{domain}: nobody checks its codes of blocklists"
        );
    }
}

/// What stands in the file for neither place alone is checked here, and what it names for the browser there.
#[test]
fn enough_domains_are_checked_in_both_places() {
    let both = expected().values().filter(|expected| expected.place == Place::Both).count();
    assert!(both > 10, "{both} domains show whether the browser comes to what the engine comes to");
    let spec = fs::read_to_string("tests/e2e/zones.spec.mjs").unwrap();
    assert!(spec.contains("filter(([, { in: place }]) => place)"), "the spec takes other domains");
}
