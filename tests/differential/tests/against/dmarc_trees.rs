//! DMARC over trees of names: whose policy applies to a domain, and whether the domain of the return address is its own.

use std::cell::Cell;

use futures::executor::block_on;
use mail_auth::{
    AuthenticatedMessage, DmarcResult, SpfOutput, SpfResult, Txt,
    dmarc::{Policy as Theirs, verify::DmarcParameters},
};
use mail_triage_engine::{
    dmarc::{AppliedPolicy, aligned, discover},
    dns::Name,
    record::dmarc::{AlignmentMode, Policy},
    zone::Zone,
};
use proptest::prelude::*;

use crate::{
    answers::{Answers, authenticator},
    dmarc_records::by_cloudflare,
    runner,
};

/// Names of a small tree, below a suffix of one label and of two.
const NAMES: [&str; 8] = [
    "a.example.com",
    "b.a.example.com",
    "example.com",
    "c.example.com",
    "other.com",
    "shop.co.uk",
    "www.shop.co.uk",
    "rival.co.uk",
];

fn record() -> impl Strategy<Value = String> {
    let policy = || "(none|quarantine|reject)";
    (policy(), prop::option::of(policy()), prop::option::of("[rs]"), "(|; t=y)", "(|; psd=n|; psd=y|; psd=u)")
        .prop_map(|(p, sp, aspf, testing, psd)| {
            let sp = sp.map(|sp| format!("; sp={sp}")).unwrap_or_default();
            let aspf = aspf.map(|aspf| format!("; aspf={aspf}")).unwrap_or_default();
            format!("v=DMARC1; p={p}{sp}{aspf}{testing}{psd}")
        })
}

/// Every name at which a walk from one of them may ask.
fn asked() -> impl Iterator<Item = String> {
    let suffixes = NAMES.iter().flat_map(|name| {
        let starts = std::iter::once(0).chain(name.match_indices('.').map(|(at, _)| at + 1));
        starts.map(|at| name[at..].to_owned())
    });
    suffixes.flat_map(|name| [format!("_dmarc.{name}"), name])
}

fn zone(records: &[(usize, String)]) -> Zone {
    let mut text = String::new();
    for name in NAMES {
        text.push_str(&format!("{name}. A 192.0.2.1\n"));
    }
    let mut known = Vec::new();
    for (at, record) in records {
        if !known.contains(at) {
            known.push(*at);
            text.push_str(&format!("_dmarc.{}. TXT \"{record}\"\n", NAMES[*at]));
        }
    }
    Zone::parse(&text).unwrap()
}

fn word(policy: Theirs) -> Policy {
    match policy {
        Theirs::None | Theirs::Unspecified => Policy::None,
        Theirs::Quarantine => Policy::Quarantine,
        Theirs::Reject => Policy::Reject,
    }
}

#[test]
fn mail_auth_finds_the_same_policy_and_the_same_owner() {
    let authenticator = authenticator();
    let applied = Cell::new(0);
    let names = || 0..NAMES.len();
    let records = prop::collection::vec((names(), record()), 1..6);
    let outcome = runner(2_000).run(&(records, names(), names()), |(records, from, sender)| {
        let zone = zone(&records);
        let (from, sender) = (NAMES[from], NAMES[sender]);
        let name = |name: &str| Name::parse(name).unwrap();
        let discovery = discover(&zone, &name(from)).unwrap();

        let answers = Answers::of(&zone, asked(), Txt::Dmarc);
        let text = format!("From: someone@{from}\r\n\r\n");
        let message = AuthenticatedMessage::parse(text.as_bytes()).unwrap();
        let spf = SpfOutput::new(sender.to_owned()).with_result(SpfResult::Pass);
        let theirs = block_on(authenticator.verify_dmarc(answers.ask(DmarcParameters {
            message: &message,
            dkim_output: &[],
            dkim2_output: None,
            rfc5321_mail_from_domain: sender,
            spf_output: &spf,
        })));

        let AppliedPolicy::Record(ours) = &discovery.policy else {
            prop_assert!(theirs.dmarc_record().is_none(), "{} {:?}", from, records);
            return Ok(());
        };
        applied.set(applied.get() + 1);
        prop_assert_eq!(ours.asked, Some(word(theirs.policy())), "{} {:?}", from, records);
        let same = aligned(&name(from), &name(sender), ours.aspf, &zone).unwrap().aligned;
        prop_assert_eq!(same, *theirs.spf_result() == DmarcResult::Pass, "{} {} {:?}", from, sender, records);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert!(applied.get() > 800, "{} with a record", applied.get());
}

/// Names with a record at the registered domain: the old rule and the walk find the same owner there.
#[test]
fn cloudflare_finds_the_same_owner_where_the_registered_domain_has_a_record() {
    let registered = [2, 4, 5, 7].map(|at| (at, "v=DMARC1; p=none".to_owned()));
    let zone = zone(&registered);
    for first in NAMES {
        for second in NAMES {
            for (mode, action) in [(AlignmentMode::Relaxed, "r"), (AlignmentMode::Strict, "s")] {
                let policy = by_cloudflare(&format!("v=DMARC1; p=none; aspf={action}")).unwrap();
                let theirs = policy.check_spf_alignment(first, second);
                let ours = aligned(&Name::parse(first).unwrap(), &Name::parse(second).unwrap(), mode, &zone)
                    .unwrap();
                assert_eq!(ours.aligned, theirs, "{first} {second} {mode:?}");
                assert_eq!(ours.by_old_rule, theirs, "{first} {second} {mode:?}");
            }
        }
    }
}
