//! Rules for the data files that no schema can say, one a test: each stands for a class of error that was once in them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use serde_json::Value;

use mail_triage_engine::{
    build::spf::include_of,
    dns::{Name, Query, Rtype},
    facts::Ask,
    knowledge::{LimitKind, Provider},
    limits::Window,
    record::spf::parse,
    spf::{MAX_LOOKUPS, Selected, select, survey},
};

use crate::common;

fn file(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(format!("www/data/{name}.json")).unwrap()).unwrap()
}

/// The domain that each record to publish names: what customers come to depend on.
fn named(provider: &Provider) -> Vec<String> {
    let terms = provider.spf_to_publish.iter().flat_map(|offer| offer.record.split(' '));
    let named = terms.filter_map(|term| term.strip_prefix("include:").or(term.strip_prefix("redirect=")));
    named.map(str::to_owned).collect()
}

#[test]
fn a_record_to_publish_is_one_that_receivers_can_read() {
    for provider in common::knowledge().providers.providers {
        for offer in &provider.spf_to_publish {
            assert_eq!(parse(&offer.record).errors, [], "{}: {}", provider.id, offer.record);
        }
    }
}

/// Without an SPF record at the name, the record of every customer would be an error (RFC 7208 section 5.2); the same if what
/// it leads to is one.
#[test]
fn what_is_offered_for_including_is_an_spf_record_in_the_local_dns() {
    let zone = common::lab();
    let mut wrong = Vec::new();
    for provider in common::knowledge().providers.providers {
        let named = named(&provider);
        assert_eq!(named.len(), provider.spf_to_publish.len(), "{}: one name each", provider.id);
        for domain in named {
            let domain = Name::parse(&domain).unwrap();
            let outcome = zone.ask(&Query::new(domain.clone(), Rtype::Txt)).unwrap();
            if !matches!(select(outcome), Selected::One(_)) {
                wrong.push(format!("{}: there is no SPF record at {domain}", provider.id));
                continue;
            }
            let survey = survey(&zone, &domain).unwrap();
            // The include itself is a lookup too.
            if survey.is_error() || survey.cut || survey.lookups() >= MAX_LOOKUPS {
                wrong.push(format!("{}: receivers give up at {domain}", provider.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_that_only_recognises_is_offered_for_publishing() {
    for provider in common::knowledge().providers.providers {
        let offered = include_of(&provider, &[]);
        assert!(offered.is_none() || !provider.spf_to_publish.is_empty(), "{}: {offered:?}", provider.id);
    }
}

#[test]
fn a_provider_with_records_for_several_regions_offers_none_of_them_without_knowing_which() {
    let providers = common::knowledge().providers;
    for (id, host, include) in [
        ("zoho", "mx.zoho.eu", Some("zohomail.eu")),
        ("zoho", "mx2.zoho.com", Some("zohomail.com")),
        ("zoho", "mx.example.org", None),
        ("ionos", "mx00.ionos.com", Some("_spf-us.ionos.com")),
        ("ionos", "mx00.kundenserver.de", Some("_spf-eu.ionos.com")),
    ] {
        let provider = providers.by_id(id).unwrap();
        assert_eq!(include_of(provider, &[host]).as_deref(), include, "{id} {host}");
    }
}

#[test]
fn a_domain_belongs_to_one_provider() {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for provider in common::knowledge().providers.providers {
        for domain in provider.domains {
            let before = owners.insert(domain.to_string(), provider.id.clone());
            assert_eq!(before, None, "{domain} of {}", provider.id);
        }
    }
}

#[test]
fn services_that_take_money_for_each_recipient_count_recipients() {
    // Where a sending service publishes a number a day or a month, it is one of e-mails to one recipient each.
    let providers = common::knowledge().providers;
    for id in ["ses", "resend", "mailgun", "brevo", "sendgrid", "postmark", "mailjet", "smtp2go"] {
        for limit in &providers.by_id(id).unwrap().limits {
            let long = Window::of(limit.kind) >= Window::Second;
            let messages = limit.kind.as_str().starts_with("messages-");
            assert!(!(long && messages), "{id}: {}", limit.kind.as_str());
        }
    }
    assert!(providers.by_id("yahoo").unwrap().limit(LimitKind::RecipientsPerDay).is_some());
}

#[test]
fn an_address_of_a_page_stands_once_in_each_place() {
    let lists = file("blocklists");
    let mut seen = BTreeSet::new();
    for page in lists["webOnly"].as_array().unwrap() {
        let url = page["url"].as_str().unwrap();
        assert!(seen.insert(url.to_owned()), "{url} twice");
    }
}

#[test]
fn pages_that_have_moved_are_gone() {
    let moved =
        ["sendersupport.olc.protection.outlook.com", "olcsupport.office.com", "mailspike.org/iplookup"];
    for name in ["blocklists", "providers", "smtp-codes", "smtp-words"] {
        let text = fs::read_to_string(format!("www/data/{name}.json")).unwrap();
        for page in moved {
            assert!(!text.contains(page), "{name}: {page}");
        }
    }
}
