//! What is said of a DKIM key by its length: receivers do not use an RSA key below 1024 bits, and signers should have one of
//! 2048 (RFC 8301 section 3.2).

use mail_triage_engine::{
    check::Code,
    dns::Name,
    facts::{Ask, Facts},
    session::Session,
    target::{ListKeys, Target},
    zone::Zone,
};

use crate::common;

/// What is remarked about the length of a key.
fn remarked(key: &str) -> Vec<Code> {
    let zone = format!(
        "example.org. SOA ns.example.org. hostmaster.example.org. 1 3600\n\
         example.org. MX 1 smtp.google.com.\n\
         google._domainkey.example.org. TXT \"v=DKIM1; p={}\"\n",
        key.trim()
    );
    let zone = Zone::parse(&zone).unwrap();
    let target = Target::domain(Name::parse("example.org").unwrap());
    let mut session = Session::only(
        |id| id == "dkim",
        target,
        common::shared_knowledge(),
        ListKeys::default(),
        Facts::default(),
    );
    while let Some(query) = session.poll_query() {
        session.answer(&query, zone.ask(&query).unwrap().clone());
    }
    let report = session.report();
    let codes = report.checks.iter().flat_map(|check| &check.findings).map(|finding| finding.code);
    codes.filter(|code| matches!(code, Code::Dki010 | Code::Dki020 | Code::Dki090 | Code::Dki100)).collect()
}

#[test]
fn a_key_is_judged_by_its_length() {
    let works = remarked(include_str!("../keys/rsa2048.txt"));
    assert_eq!(works.len(), 1, "{works:?}");
    let weak = [works.clone(), vec![Code::Dki100]].concat();
    for (key, said) in [
        (include_str!("../keys/rsa1023.txt"), &vec![Code::Dki090]),
        (include_str!("../keys/rsa1024.txt"), &weak),
        (include_str!("../keys/rsa2047.txt"), &weak),
    ] {
        assert_eq!(remarked(key), *said, "{} octets", key.len());
    }
}
