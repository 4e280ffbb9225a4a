use std::collections::BTreeSet;

use super::*;

fn real() -> Providers {
    serde_json::from_str(include_str!("../../../../../www/data/providers.json")).unwrap()
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn id(provider: Option<&Provider>) -> &str {
    provider.map_or("-", |provider| provider.id.as_str())
}

#[test]
fn mx_hosts_name_their_provider_and_the_longest_suffix_wins() {
    let providers = real();
    for (host, wanted) in [
        ("aspmx.l.google.com", "google-workspace"),
        ("ALT1.ASPMX.L.GOOGLE.COM.", "google-workspace"),
        ("smtp.google.com", "google-workspace"),
        ("aspmx2.googlemail.com", "google-workspace"),
        ("alt3.gmail-smtp-in.l.google.com", "gmail"),
        ("example-com.mail.protection.outlook.com", "microsoft365"),
        ("example-com.n-v1.mx.microsoft", "microsoft365"),
        ("hotmail-com.olc.protection.outlook.com", "outlook"),
        ("mta5.am0.yahoodns.net", "yahoo"),
        ("163mx01.mxmail.netease.com", "netease"),
        ("qiye163mx01.mxmail.netease.com", "netease-qiye"),
        ("mx1.qq.com", "qq"),
        ("mxbiz1.qq.com", "tencent-exmail"),
        ("inbound-smtp.eu-west-1.amazonaws.com", "ses"),
        ("ec2-1-2-3-4.compute-1.amazonaws.com", "-"),
        ("1-2-3-4.hinet-ip.hinet.net", "-"),
        ("ms31.hinet.net", "hinet"),
        ("static.9.8.7.6.clients.your-server.de", "-"),
        ("www123.your-server.de", "hetzner"),
        ("mx0a-00123401.pphosted.com", "proofpoint"),
        ("eu-smtp-inbound-1.mimecast.com", "mimecast"),
        ("notgoogle.com", "-"),
        ("aspmx.l.google.com.example.org", "-"),
        ("mail.example.org", "-"),
        ("", "-"),
        (".", "-"),
    ] {
        assert_eq!(id(providers.by_mx(&name(host))), wanted, "{host}");
    }
}

#[test]
fn limits_of_several_plans_are_taken_together() {
    let providers = real();
    let of = |id, kind| providers.by_id(id).unwrap().span(kind);
    let span = |id| of(id, LimitKind::MessagesPerDay);
    let migadu = span("migadu").unwrap();
    assert_eq!((migadu.low, migadu.high, migadu.by_plan, migadu.verified), (20, 2000, true, false));
    let yahoo = of("yahoo", LimitKind::RecipientsPerDay).unwrap();
    assert_eq!((yahoo.low, yahoo.high, yahoo.by_plan, yahoo.verified), (500, 500, false, true));
    let ses = of("ses", LimitKind::RecipientsPerDay).unwrap();
    assert_eq!((ses.low, ses.by_plan, ses.limit.plan.as_deref()), (200, false, Some("Sandbox")));
    assert_eq!(span("rackspace"), None);
}

#[test]
fn spf_includes_name_their_provider_exactly_or_by_parent() {
    let providers = real();
    for (name, wanted) in [
        ("_spf.google.com", "google-workspace"),
        ("spf.protection.outlook.com", "microsoft365"),
        ("u123.wl.sendgrid.net", "sendgrid"),
        ("sendgrid.net", "sendgrid"),
        ("amazonses.com", "ses"),
        ("spf.mail.qq.com", "tencent-exmail"),
        ("spf.163.com", "netease-qiye"),
        ("1234567.spf05.hubspotemail.net", "hubspot"),
        ("spf.abc.iphmx.com", "cisco-ces"),
        ("notsendgrid.net", "-"),
        ("google.com", "-"),
    ] {
        assert_eq!(id(providers.by_spf_include(name)), wanted, "{name}");
    }
}

#[test]
fn consumer_domains_are_known_with_those_below_them() {
    let providers = real();
    for (domain, wanted) in [
        ("gmail.com", "gmail"),
        ("Hotmail.com.", "outlook"),
        ("yahoo.com.tw", "yahoo"),
        ("yahoo.co.jp", "yahoo-japan"),
        ("qq.com", "qq"),
        ("ms45.hinet.net", "hinet"),
        ("notgmail.com", "-"),
        ("example.org", "-"),
    ] {
        assert_eq!(id(providers.by_domain(&name(domain))), wanted, "{domain}");
    }
}

#[test]
fn a_gateway_is_seen_through_by_spf() {
    let providers = real();
    let found = providers.recognise(
        &["mx0a-0012.pphosted.com", "mx0b-0012.pphosted.com"],
        &["sendgrid.net", "spf.protection.outlook.com", "pphosted.com", "sendgrid.net"],
    );
    assert_eq!(id(found.gateway), "proofpoint");
    assert_eq!(id(found.mailbox), "microsoft365");
    assert!(found.behind_gateway);
    let senders: Vec<&str> = found.senders.iter().map(|p| p.id.as_str()).collect();
    assert_eq!(senders, ["sendgrid", "microsoft365", "proofpoint"]);

    let found =
        providers.recognise(&["route1.mx.cloudflare.net"], &["_spf.mx.cloudflare.net", "_spf.google.com"]);
    assert_eq!(id(found.gateway), "cloudflare-routing");
    assert_eq!(id(found.mailbox), "google-workspace");
}

#[test]
fn a_mailbox_provider_is_read_from_mx_alone() {
    let providers = real();
    let found = providers.recognise(&["smtp.google.com"], &["spf.protection.outlook.com"]);
    assert_eq!(id(found.mailbox), "google-workspace");
    assert!(found.gateway.is_none() && !found.behind_gateway);
    assert_eq!(found.senders.len(), 1);

    let own = providers.recognise(&["mail.example.org"], &["_spf.google.com"]);
    assert_eq!(id(own.mailbox), "-");
    assert_eq!(own.senders.len(), 1);

    let none = providers.recognise(&[], &[]);
    assert!(none.mailbox.is_none() && none.gateway.is_none() && none.senders.is_empty());
    assert_eq!(id(Providers::default().by_mx(&name("smtp.google.com"))), "-");
}

#[test]
fn limits_are_numbers_with_their_conditions() {
    let providers = real();
    let workspace = providers.by_id("google-workspace").unwrap();
    let day = workspace.limit(LimitKind::MessagesPerDay).unwrap();
    assert_eq!((day.value, day.trial), (Some(2000), Some(500)));
    assert_eq!(day.confidence, Confidence::Verified);
    assert_eq!(workspace.limit(LimitKind::RecipientsPerMessageSmtp).unwrap().value, Some(100));
    let zoho = providers.by_id("zoho").unwrap();
    let hour = zoho.limit(LimitKind::ExternalMessagesPerHour).unwrap();
    assert_eq!((hour.value, hour.max), (Some(50), Some(500)));
    assert!(zoho.limit(LimitKind::MessagesPerDay).is_none());
}

#[test]
fn the_file_is_consistent_in_itself() {
    let providers = real();
    assert!(providers.providers.len() >= 68);
    let mut ids = BTreeSet::new();
    let mut domains = BTreeSet::new();
    for provider in &providers.providers {
        assert!(ids.insert(&provider.id), "{} twice", provider.id);
        for domain in &provider.domains {
            assert!(domains.insert(domain), "{domain} twice");
        }
        for suffix in provider.mx_suffix.iter().chain(&provider.spf_recognise) {
            assert_ne!(suffix.as_str(), "", "{} has an end that is no name", provider.id);
        }
        for limit in &provider.limits {
            let id = &provider.id;
            assert_ne!(limit.kind, LimitKind::Other, "{id}");
            assert!(!limit.source.is_empty() && !limit.date.is_empty(), "{id}");
            let unpublished = matches!(limit.kind, LimitKind::SharedDailyQuota | LimitKind::BulkForbidden);
            assert_eq!(limit.value.is_none(), unpublished, "{id} {:?}", limit.kind);
            assert!(limit.max.is_none_or(|max| Some(max) > limit.value), "{id}");
        }
        for service in &provider.smtp {
            assert!(!service.host.is_empty() && service.port > 0, "{}", provider.id);
            assert!(!service.auth.is_empty(), "{}", provider.id);
        }
    }
}
