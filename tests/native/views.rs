//! What the views of a report say, beside its findings.

use mail_triage_engine::{
    dns::{Failure, Name},
    facts::Ask,
    knowledge::Security,
    policy_file::PolicyFile,
    record::mta_sts::StsMode,
    report::Report,
    session::Session,
    subject::Subject,
    target::{ListKeys, Target},
    view::{
        KnownEntry,
        listings::ListAnswer,
        mail_use::{SendsMail, UsedForMail},
        mx::{Form, Receiving},
        provider::RecognisedBy,
        published::Published,
        submission::Submission,
        transport_security::{
            TransportSecurity,
            dane::Dane,
            mta_sts::{Issuers, PolicyHost},
        },
    },
    zone::Zone,
};

use crate::common;

const SOA: &str = "shop.example. SOA ns.shop.example. hostmaster.shop.example. 1 3600\n";

fn of(domain: &str, zone: &str) -> Report {
    let zone = Zone::parse(&format!("{SOA}{zone}")).unwrap();
    let target = Target::domain(Name::parse(domain).unwrap());
    let mut session = Session::new(target, common::shared_knowledge(), ListKeys::default());
    while let Some(query) = session.poll_query() {
        session.answer(&query, zone.ask(&query).unwrap().clone());
    }
    session.report()
}

fn report(zone: &str) -> Report {
    of("shop.example", zone)
}

fn id(named: Option<&KnownEntry>) -> Option<&str> {
    named.map(|named| named.id.as_str())
}

#[test]
fn the_provider_is_known_by_the_hosts_that_receive_or_behind_a_filter_by_the_record() {
    let provider = |zone: &str| report(zone).views.provider.unwrap();
    let google = provider("shop.example. MX 1 smtp.google.com.\n");
    assert_eq!((id(google.mailbox.as_ref()), google.by), (Some("google-workspace"), RecognisedBy::Mx));
    assert_eq!((google.of_consumer_domain(), &google.gateway, google.failed), (None, &None, None));
    let filtered = provider(
        "shop.example. MX 1 mx1.shop.example.pphosted.com.\n\
         shop.example. TXT \"v=spf1 include:_spf.google.com -all\"\n_spf.google.com. TXT \"v=spf1 -all\"\n",
    );
    assert_eq!((id(filtered.mailbox.as_ref()), filtered.by), (Some("google-workspace"), RecognisedBy::Spf));
    assert_eq!(id(filtered.gateway.as_ref()), Some("proofpoint"));
    assert_eq!(filtered.senders.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["google-workspace"]);
    let nobody = provider("shop.example. MX 1 mx.shop.example.\n");
    assert_eq!((nobody.mailbox, nobody.by, nobody.failed), (None, RecognisedBy::Nothing, None));
    assert_eq!(provider("shop.example. MX SERVFAIL\n").failed, Some(Failure::ServFail));
}

#[test]
fn of_a_consumer_domain_the_provider_is_its_owner() {
    let provider =
        of("gmail.com", "gmail.com. SOA ns.gmail.com. dns.gmail.com. 1 1\n").views.provider.unwrap();
    assert_eq!(id(provider.of_consumer_domain()), id(provider.mailbox.as_ref()));
    assert_eq!(provider.by, RecognisedBy::ConsumerDomain);
}

#[test]
fn nothing_is_said_of_a_domain_that_does_not_exist() {
    let views = of("gone.example", "").views;
    assert_eq!((views.provider, views.dns_host, views.submission), (None, None, None));
}

#[test]
fn who_keeps_the_records_is_known_by_the_name_servers_of_the_closest_zone() {
    let host = |zone: &str| report(zone).views.dns_host;
    let cloudflare = "shop.example. NS ada.ns.cloudflare.com.\nshop.example. NS bob.ns.cloudflare.com.\n";
    let zone = host(cloudflare).unwrap();
    assert_eq!((zone.zone.as_str(), zone.servers.len(), zone.parked), ("shop.example", 2, None));
    assert_eq!(id(zone.host.as_ref()), Some("cloudflare"));
    let own = host("shop.example. NS ns.shop.example.\n").unwrap();
    assert_eq!(own.host, None);
    assert!(host("shop.example. NS ns1.sedoparking.com.\n").unwrap().parked.is_some());
    assert_eq!(host("shop.example. NS SERVFAIL\n"), None);
}

#[test]
fn servers_for_mail_programs_come_with_port_and_encryption() {
    let submission =
        |zone: &str| report(&format!("shop.example. MX 1 mx.shop.example.\n{zone}")).views.submission;
    let found = submission(
        "_submission._tcp.shop.example. SRV 0 1 587 smtp.shop.example.\n\
         _submissions._tcp.shop.example. SRV 0 1 465 smtps.shop.example.\n\
         autoconfig.shop.example. CNAME settings.example.\nsettings.example. A 11.22.33.4\n",
    )
    .unwrap();
    let servers = found.servers.iter().map(|one| (one.host.as_str(), one.port, one.security));
    let wanted = [("smtps.shop.example", 465, Security::Tls), ("smtp.shop.example", 587, Security::StartTls)];
    assert_eq!(servers.collect::<Vec<_>>(), wanted);
    assert_eq!(found.automatic[0].host.as_str(), "autoconfig.shop.example");
    assert_eq!(found.automatic[0].alias_of.as_ref().unwrap().as_str(), "settings.example");
    assert_eq!(found.failed, None);
    let none = "_submissions._tcp.shop.example. SRV 0 0 0 .\n*.shop.example. A 11.22.33.4\n";
    assert_eq!(submission(none), Some(Submission::default()), "a wildcard is no host with settings");
    assert_eq!(submission("autodiscover.shop.example. A TIMEOUT\n").unwrap().failed, Some(Failure::TimedOut));
    assert_eq!(report("shop.example. MX 0 .\n").views.submission, None);
}

#[test]
fn the_hosts_that_receive_come_with_where_they_lead() {
    let mx = |zone: &str| report(zone).views.mx.unwrap();
    let found = mx("shop.example. MX 20 mx.shop.example.\nshop.example. MX 10 mail.\nshop.example. MX 0 .\n\
                    mx.shop.example. CNAME a.shop.example.\na.shop.example. A 11.22.33.4\n");
    assert_eq!((found.null, found.implicit), (vec![0], None));
    let targets = found.targets.unwrap();
    assert!(!targets.cut);
    let [bare, host] = &targets.hosts[..] else { panic!("{targets:?}") };
    assert_eq!((bare.host.as_str(), bare.preference, bare.form), ("mail", 10, Some(Form::SingleLabel)));
    assert!(!bare.works() && host.works() && !host.proxied);
    assert_eq!(host.addresses.alias_of.as_ref().unwrap().as_str(), "a.shop.example");

    let null = mx("shop.example. MX 0 .\n");
    assert_eq!((null.receiving, null.null, null.targets), (Receiving::Null, vec![0], None));
    let absent = mx("shop.example. A 11.22.33.4\n");
    assert_eq!(absent.implicit.unwrap().all.len(), 1);
    let failed = mx("shop.example. MX SERVFAIL\n");
    assert_eq!((failed.receiving, failed.implicit), (Receiving::Unknown(Failure::ServFail), None));
    let dead = mx("shop.example. MX 10 mx.shop.example.\nmx.shop.example. A TIMEOUT\n").targets.unwrap();
    assert!(dead.hosts[0].is_unknown() && !dead.hosts[0].works());
}

#[test]
fn what_a_list_says_comes_with_its_pages() {
    let zone = Zone::parse(
        "44.33.22.11.psbl.surriel.com. A 127.0.0.2\n2.0.0.127.psbl.surriel.com. A 127.0.0.2\n\
         44.33.22.11.psbl.surriel.com. TXT \"because\"\n",
    )
    .unwrap();
    let target = Target { ips: vec!["11.22.33.44".parse().unwrap()], ..Target::default() };
    let mut session = Session::new(target, common::shared_knowledge(), ListKeys::default());
    while let Some(query) = session.poll_query() {
        session.answer(&query, zone.ask(&query).unwrap().clone());
    }
    let listings = session.report().views.listings;
    let of = |id: &str| listings.iter().find(|listing| listing.list.id == id).unwrap();
    let listed = of("psbl");
    assert_eq!(listed.subject, Subject::Address("11.22.33.44".parse().unwrap()));
    assert!(listed.lookup_url.as_ref().unwrap().starts_with("https://"));
    let ListAnswer::Listed(entry) = &listed.answer else { panic!("{listed:?}") };
    assert_eq!((&entry.reasons[..], entry.good), (&["because".to_owned()][..], false));
    assert_eq!(of("spamcop").answer, ListAnswer::Silent, "its control entry is not there");
    assert!(listings.iter().all(|listing| listing.answer != ListAnswer::Clean));
}

#[test]
fn what_a_domain_does_with_mail_is_decided_once() {
    let mail = |zone: &str| report(zone).views.mail_use;
    let nobody = "shop.example. TXT \"v=spf1 -all\"\n";
    let parked = mail(nobody);
    assert_eq!(
        (parked.sends, parked.used, parked.denied),
        (Some(SendsMail::No), Some(UsedForMail::No), true)
    );
    let sends = mail("shop.example. TXT \"v=spf1 mx -all\"\nshop.example. MX 10 mx.shop.example.\n");
    assert_eq!(
        (sends.sends, sends.used, sends.denied),
        (Some(SendsMail::Yes), Some(UsedForMail::Yes), false)
    );
    let receives = mail(&format!("{nobody}shop.example. MX 10 mx.shop.example.\n"));
    assert_eq!(
        (receives.sends, receives.used, receives.denied),
        (Some(SendsMail::No), Some(UsedForMail::Yes), false)
    );
    assert!(mail("shop.example. MX 0 .\n").denied);
    let unsure = "_submissions._tcp.shop.example. SRV TIMEOUT\n";
    for open in [format!("{nobody}{unsure}"), format!("shop.example. MX 0 .\n{unsure}")] {
        let open = mail(&open);
        assert_eq!((open.used, open.denied), (Some(UsedForMail::Unknown(Failure::TimedOut)), false));
    }
    assert!(!mail("shop.example. MX 0 .\nshop.example. TXT SERVFAIL\n").denied);
    assert!(!mail(&format!("{nobody}shop.example. MX SERVFAIL\n")).denied);
}

const ANNOUNCED: &str = "shop.example. MX 10 mx.shop.example.\nmx.shop.example. A 11.22.33.44\n\
                         _mta-sts.shop.example. TXT \"v=STSv1; id=1\"\n";

fn transport(zone: &str) -> TransportSecurity {
    report(&format!("{ANNOUNCED}{zone}")).views.transport_security.unwrap()
}

#[test]
fn a_policy_comes_with_its_host_and_who_may_issue_its_certificate() {
    let mta_sts = |zone: &str| transport(zone).mta_sts.unwrap();
    let found = mta_sts(
        "mta-sts.shop.example. A 11.22.33.45\nshop.example. CAA 0 issue \"ca.example; account=1\"\n\
         shop.example. CAA 0 iodef \"mailto:a@shop.example\"\n",
    );
    assert_eq!(found.record, Some(Published::One("v=STSv1; id=1".to_owned())));
    assert_eq!(found.places.url(), "https://mta-sts.shop.example/.well-known/mta-sts.txt");
    assert_eq!((found.host, found.policy), (Some(PolicyHost::Addressed), Some(PolicyFile::NotAsked)));
    let Some(Issuers::Named { name, issuers, records }) = found.issuers else {
        panic!("{:?}", found.issuers)
    };
    assert_eq!(
        (name.as_str(), &issuers[..], records.len()),
        ("shop.example", &["ca.example".to_owned()][..], 2)
    );
    assert_eq!(found.compared, None, "its text is not known");

    let missing = mta_sts("");
    assert_eq!((missing.host, missing.issuers), (Some(PolicyHost::Missing), Some(Issuers::Any)));
    let failed = mta_sts("mta-sts.shop.example. A TIMEOUT\nshop.example. CAA SERVFAIL\n");
    assert_eq!(failed.host, Some(PolicyHost::Unknown(Failure::TimedOut)));
    assert!(matches!(failed.issuers, Some(Issuers::Unknown(_, Failure::ServFail))), "{:?}", failed.issuers);

    let silent = report("shop.example. MX 10 mx.shop.example.\n_mta-sts.shop.example. TXT SERVFAIL\n");
    let silent = silent.views.transport_security.unwrap().mta_sts.unwrap();
    assert_eq!(silent.record, Some(Published::Failed(Failure::ServFail)));
    assert_eq!((silent.host, silent.issuers), (None, None), "nothing is announced");
}

#[test]
fn a_pasted_policy_is_held_against_the_receiving_hosts() {
    let zone = Zone::parse(&format!("{SOA}{ANNOUNCED}")).unwrap();
    let target = Target::domain(Name::parse("shop.example").unwrap());
    let mut session = Session::new(target, common::shared_knowledge(), ListKeys::default());
    session.paste_policy(Some(
        "version: STSv1\nmode: enforce\nmx: other.shop.example\nmax_age: 604800\n".to_owned(),
    ));
    let compared = |session: &Session| session.report().views.transport_security?.mta_sts?.compared;
    assert_eq!(compared(&session), None, "the hosts are not known");
    while let Some(query) = session.poll_query() {
        session.answer(&query, zone.ask(&query).unwrap().clone());
    }
    let found = compared(&session).unwrap();
    assert_eq!((found.judged.policy.mode, found.failure), (Some(StsMode::Enforce), None));
    assert_eq!(found.judged.unmatched, [Name::parse("mx.shop.example").unwrap()]);
}

#[test]
fn what_receiving_hosts_prove_by_dns_comes_host_by_host() {
    let tlsa = "_25._tcp.mx.shop.example. TLSA 3 1 1 \
                0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n";
    let dane = |zone: &str| transport(zone).dane.unwrap();
    let two = dane(&format!("shop.example. MX 20 mx2.shop.example.\nshop.example. * SECURE\n{tlsa}"));
    assert_eq!((two.failure, two.more), (None, false));
    let [(first, Dane::Records(records)), (second, Dane::None)] = &two.hosts[..] else { panic!("{two:?}") };
    assert_eq!((first.as_str(), second.as_str()), ("mx.shop.example", "mx2.shop.example"));
    assert_eq!((records.usable.len(), records.vouched), (1, Ok(true)));
    let unsigned = dane(tlsa);
    assert!(matches!(&unsigned.hosts[..], [(_, Dane::Records(records))] if records.vouched == Ok(false)));
    let failed = "shop.example. * SECURE\n_25._tcp.mx.shop.example. TLSA SERVFAIL\n";
    assert_eq!(dane(failed).hosts[0].1, Dane::Failed(Failure::ServFail));
    let unknown = report("shop.example. MX SERVFAIL\n").views.transport_security.unwrap().dane.unwrap();
    assert_eq!((unknown.failure, unknown.hosts), (Some(Failure::ServFail), Vec::new()));
}

#[test]
fn where_reports_about_encryption_go_is_known_or_why_not() {
    let record = "v=TLSRPTv1; rua=mailto:tls@shop.example";
    let there = transport(&format!("_smtp._tls.shop.example. TXT \"{record}\"\n"));
    assert_eq!(there.tls_rpt, Some(Published::One(record.to_owned())));
    assert_eq!(transport("").tls_rpt, Some(Published::Nothing));
    let failed = transport("_smtp._tls.shop.example. TXT TIMEOUT\n");
    assert_eq!(failed.tls_rpt, Some(Published::Failed(Failure::TimedOut)));
    assert_eq!(of("gone.example", "").views.transport_security, None);
}
