//! Can the domain receive mail, and so replies and bounce messages?
//!
//! Objective: some receivers refuse mail from a domain that could not be answered, and a sender whose MX is broken
//! never sees the bounce that would explain everything. This is about mail coming *in*; the hosts named here are not
//! the ones that send.
//!
//! Inputs: MX of the domain, A and AAAA of each target, and the domain's SPF record where it has to be known whether
//! the domain sends at all.
//!
//! Procedure:
//! 1. No MX record: the address of the domain itself stands in (RFC 5321 section 5.1); without one, or with one behind a
//!    proxy for web sites, nothing can come in. For a domain that says it sends no mail this is no fault, and a null MX is offered.
//! 2. A null MX (RFC 7505) alone says "no mail here": wrong for a domain that sends, and wrong beside other records.
//! 3. Every other target is looked at by [`host`]; all lookups run at the same time. A fault of one target stops mail
//!    only if no other target works.
//! 4. A host that is named again, and a null MX with a preference of its own, are said by [`repeated`].

mod host;
mod repeated;

use super::{Arg, Code, Cx, Finding, Findings, Fix, Safety};
use crate::{
    dns::{Answer, Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
    view::{
        addresses, domain, mail_use,
        mx::{self, exchanges},
    },
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    let gone = domain::is_gone(cx);
    cx.section(|| {
        let outcome = cx.ask(&Query::new(domain.clone(), Rtype::Mx));
        if gone? {
            return Ok(());
        }
        match outcome? {
            Outcome::Records(answer) => published(cx, findings, domain, answer),
            Outcome::NoData(_) | Outcome::NxDomain(_) => absent(cx, findings, domain),
            Outcome::Failed(failed) => {
                let finding = Finding::new(Code::Mx150, domain).arg("domain", domain).because(failed.failure);
                cx.found(findings, finding);
                Ok(())
            }
        }
    })
}

/// A record as it is written: `10 mx.example.org`.
fn record(preference: u16, host: &Name) -> String {
    format!("{preference} {host}")
}

fn published(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, answer: &Answer) -> Step<()> {
    if let (Some(_), Some(first)) = (answer.chain.first(), answer.records.first()) {
        let finding = Finding::new(Code::Mx220, domain).arg("domain", domain).arg("host", &first.owner);
        cx.found(findings, finding);
    }
    let (null, hosts): (Vec<_>, Vec<_>) = exchanges(answer).into_iter().partition(|(_, host)| host.is_root());
    repeated::hosts(cx, findings, domain, &hosts);
    let Some((preference, root)) = null.first() else { return host::check_all(cx, findings, domain, &hosts) };
    let null_record = record(*preference, root);
    let remove = |safety| {
        let records = null.iter().map(|(preference, root)| record(*preference, root));
        Fix::at(domain, Rtype::Mx, safety).removing(records)
    };
    if !hosts.is_empty() {
        let stays = hosts.iter().map(|(_, host)| host);
        let finding = Finding::new(Code::Mx060, domain)
            .arg("domain", domain)
            .arg("hosts", Arg::list(stays))
            .label(domain, Rtype::Mx, null_record, 0..0)
            .fix(remove(Safety::Decide));
        cx.found(findings, finding);
        return host::check_all(cx, findings, domain, &hosts);
    }
    let code =
        if mail_use::sends(cx, domain)? == mail_use::SendsMail::Yes { Code::Mx050 } else { Code::Mx040 };
    let mut finding =
        Finding::new(code, domain).arg("domain", domain).label(domain, Rtype::Mx, null_record, 0..0);
    if code == Code::Mx050 {
        finding = finding.fix(remove(Safety::Decide));
    }
    cx.found(findings, finding);
    // Of a domain that sends, the whole record goes.
    if code == Code::Mx040 {
        repeated::null(cx, findings, domain, &null);
    }
    Ok(())
}

fn absent(cx: &Cx<'_>, findings: &mut Findings, domain: &Name) -> Step<()> {
    let sends = mail_use::sends(cx, domain);
    let found = addresses::addresses(cx, domain)?;
    let sends = sends?;
    if let mail_use::SendsMail::Failed(failure) = sends {
        cx.found(findings, Finding::new(Code::Mx240, domain).arg("domain", domain).because(failure));
        return Ok(());
    }
    if sends == mail_use::SendsMail::No {
        let null = Fix::at(domain, Rtype::Mx, Safety::Decide).publishing(["0 ."]);
        cx.found(findings, Finding::new(Code::Mx030, domain).arg("domain", domain).fix(null));
        return Ok(());
    }
    let reachable: Vec<_> = found.public().collect();
    let finding = if let Some(failure) = found.unknown() {
        Finding::new(Code::Mx140, domain).arg("host", domain).because(failure)
    } else if found.all.is_empty() {
        Finding::new(Code::Mx010, domain).arg("domain", domain)
    } else if reachable.is_empty() {
        host::rated(about(Code::Mx130, domain).arg("ips", Arg::list(found.all)), false)
    } else {
        if mx::is_proxied(cx, domain, &found) {
            cx.found(findings, about(Code::Mx270, domain).arg("ips", Arg::list(&reachable)));
        }
        Finding::new(Code::Mx020, domain).arg("domain", domain).arg("ips", Arg::list(reachable))
    };
    cx.found(findings, finding);
    Ok(())
}

/// A finding about one target among several.
fn about(code: Code, host: &Name) -> Finding {
    Finding::new(code, host).arg("host", host)
}

/// Information that rests on every target: families, shared preferences, what is well.
fn info(cx: &Cx<'_>, findings: &mut Findings, code: Code, domain: &Name, names: Vec<&Name>) {
    let finding = Finding::new(code, domain).arg("domain", domain).arg("hosts", Arg::list(names));
    cx.found(findings, finding);
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use crate::{
        change::Fix,
        check::Level,
        dns::Name,
        facts::Ask,
        report::{FindingReport, Report},
        session::Session,
        target::{ListKeys, Target},
        zone::Zone,
    };

    fn report(records: &str) -> Report {
        let zone = Zone::parse(&format!("example.org. SOA ns. host. 1 1\n{records}")).unwrap();
        let target = Target::domain(Name::parse("example.org").unwrap());
        let mut session = Session::new(target, Rc::default(), ListKeys::default());
        while let Some(query) = session.poll_query() {
            session.answer(&query, zone.ask(&query).unwrap().clone());
        }
        session.report()
    }

    fn finding(report: &Report, id: &str) -> FindingReport {
        report.findings().find(|(_, finding)| finding.code.id() == id).unwrap().1.clone()
    }

    fn fix(records: &str, id: &str) -> Fix {
        finding(&report(records), id).fix.clone().unwrap()
    }

    #[test]
    fn an_alias_is_replaced_by_where_it_leads() {
        let fix = fix(
            "example.org. MX 10 mail.example.org.\nmail.example.org. CNAME a.example.\na.example. A 11.22.33.1",
            "MX-070",
        );
        assert_eq!(
            (fix.remove[0].as_str(), fix.publish[0].as_str()),
            ("10 mail.example.org", "10 a.example")
        );
    }

    #[test]
    fn of_a_null_mx_beside_a_server_only_the_null_goes() {
        let fix = fix("example.org. MX 0 .\n MX 5 a.example.\na.example. A 11.22.33.1", "MX-060");
        assert_eq!((fix.remove.as_slice(), fix.publish.len()), (["0 .".to_owned()].as_slice(), 0));
    }

    #[test]
    fn a_full_name_is_offered_only_if_it_leads_somewhere() {
        let half = "example.org. MX 10 mail.";
        assert_eq!(finding(&report(half), "MX-110").fix, None);
        let there = format!("{half}\nmail.example.org. A 11.22.33.1");
        assert_eq!(fix(&there, "MX-110").publish, ["10 mail.example.org"]);
        let doubled = "example.org. MX 10 mail.example.org.example.org.";
        assert_eq!(finding(&report(doubled), "MX-120").fix, None);
        let there = format!("{doubled}\nmail.example.org. A 11.22.33.1");
        assert_eq!(fix(&there, "MX-120").publish, ["10 mail.example.org"]);
    }

    #[test]
    fn a_null_mx_is_offered_only_to_a_domain_that_says_it_sends_nothing() {
        assert_eq!(fix("example.org. TXT \"v=spf1 -all\"", "MX-030").publish, ["0 ."]);
        assert_eq!(finding(&report("example.org. TXT \"v=spf1 mx -all\""), "MX-010").fix, None);
        for unknown in [
            "example.org. TXT SERVFAIL",
            "example.org. TXT \"v=spf1 -all\"\n_submissions._tcp.example.org. SRV TIMEOUT",
            "example.org. TXT \"v=spf1 -all\"\n_domainkey.example.org. TXT TIMEOUT",
        ] {
            let found = finding(&report(unknown), "MX-240");
            assert_eq!((found.level, found.fix.clone()), (Level::Unknown, None), "{unknown}");
        }
    }

    #[test]
    fn a_dead_server_stops_mail_only_if_it_is_the_last() {
        let dead = "example.org. MX 10 dead.example.\n";
        assert_eq!(finding(&report(dead), "MX-090").level, Level::Stops);
        let two = format!("{dead} MX 20 live.example.\nlive.example. A 11.22.33.1");
        assert_eq!(finding(&report(&two), "MX-090").level, Level::Improve);
        let both = format!("{dead} MX 20 dead.example.\n");
        assert_eq!(
            finding(&report(&both), "MX-090").level,
            Level::Stops,
            "the same server twice is no other way"
        );
    }

    #[test]
    fn the_faulty_part_of_the_record_is_marked_and_its_lookups_are_the_evidence() {
        let report =
            report("example.org. MX 10 dead.example.\n MX 20 live.example.\nlive.example. A 11.22.33.1");
        let finding = finding(&report, "MX-090");
        let label = &finding.labels[0];
        assert_eq!(&label.text[label.span.clone()], "dead.example");
        let asked: Vec<String> =
            finding.evidence.iter().map(|&at| report.evidence[at].query.to_string()).collect();
        assert_eq!(asked, ["example.org MX", "dead.example A", "dead.example AAAA"]);
    }

    #[test]
    fn the_lookups_of_all_targets_are_made_at_the_same_time() {
        let mut session = Session::new(
            Target::domain(Name::parse("example.org").unwrap()),
            Rc::default(),
            ListKeys::default(),
        );
        let zone = Zone::parse("example.org. SOA ns. host. 1 1\n MX 1 a.example.\n MX 2 b.example.").unwrap();
        let mut first = Vec::new();
        while let Some(query) = session.poll_query() {
            first.push(query);
        }
        assert!(
            first.iter().all(|query| !query.name.as_str().ends_with(".example")),
            "no target is known yet"
        );
        for query in first {
            session.answer(&query, zone.ask(&query).unwrap().clone());
        }
        let second: Vec<String> =
            std::iter::from_fn(|| session.poll_query()).map(|query| query.to_string()).collect();
        for query in ["a.example A", "a.example AAAA", "b.example A", "b.example AAAA"] {
            assert!(second.iter().any(|asked| asked == query), "{query} not in {second:?}");
        }
    }
}
