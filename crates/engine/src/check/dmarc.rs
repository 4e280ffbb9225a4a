//! What do receivers do with mail that nobody vouches for, and who is told about it? (DMARC, RFC 9989)
//!
//! Objective: say which policy applies to the domain and where it comes from, find every reason for which receivers
//! do not read it as it was meant, and lead from "no record" to an enforced policy in steps that lose no mail.
//!
//! Inputs: the `_dmarc` records from the domain to its top-level domain, the permissions and the mail exchangers of
//! the addresses that get reports; SPF, MX and DKIM keys only to know whether the next step is safe.
//!
//! Procedure:
//! 1. Tree walk and policy ([`crate::dmarc::discover`]). A lookup that failed and on which the policy depends ends
//!    here: could not check.
//! 2. The TXT records at the domain's own `_dmarc` name: several, nearly right, foreign, an alias ([`place`]).
//! 3. No record: looked for at the wrong names before it is called missing ([`place`]).
//! 4. The text of the record that applies, tag by tag ([`syntax`]).
//! 5. What it asks for, and what the next step would be ([`policy`]). `quarantine` and `reject` are offered only where
//!    SPF and DKIM are in order as far as can be seen, or where the domain says that it sends no mail.
//! 6. The addresses for reports ([`reports`]).
//!
//! What a fix takes away is decided in one place, by what stands at the name ([`site_fix`]); whether a record may begin to act,
//! in another ([`revived`]).
//!
//! A domain without mail of its own is told apart first; the mailbox domains of providers (`gmail.com`) get the facts
//! and no advice, because their users cannot change them.

mod place;
mod policy;
mod reports;
mod revived;
mod site_fix;
mod syntax;

use super::{Arg, Code, Cx, Finding, Findings, Fix, Safety};
use crate::{
    dmarc::{self, AppliedPolicy, AppliedRecord, PolicyDiscovery, PolicySource},
    dns::{Name, Query, Rtype},
    facts::Step,
    record::dmarc::{FIRST, Policy},
    view::{
        dmarc::{query, record_name},
        domain, mail_use,
    },
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    let gone = domain::is_gone(cx);
    let discovery = dmarc::discover(cx, domain);
    if gone? {
        return Ok(());
    }
    let discovery = discovery?;
    if cx.knowledge.providers.by_domain(domain).is_some() {
        cx.section(|| policy::facts(cx, findings, &discovery));
        return Ok(());
    }
    let parked = mail_use::is_parked(cx, domain);
    let mut pending = cx.section(|| place::records(cx, findings, &discovery, parked));
    match &discovery.policy {
        AppliedPolicy::Unknown { asked, failure } => cx.section(|| {
            walked(cx, &discovery);
            let finding = about(Code::Dma030, domain).arg("name", asked).because(*failure);
            cx.found(findings, finding);
        }),
        AppliedPolicy::Nothing => {
            pending = pending.and(cx.section(|| missing(cx, findings, &discovery, parked)));
        }
        AppliedPolicy::Record(application) => {
            cx.section(|| policy::facts(cx, findings, &discovery));
            pending = pending.and(cx.section(|| policy::advice(cx, findings, &discovery, application)));
            if application.source != PolicySource::PublicSuffix {
                let mended = cx.section(|| syntax::mended(cx, &discovery, application, parked));
                pending = pending.and(cx.section(|| syntax::check(cx, findings, application, &mended)));
                let reports = cx.section(|| reports::check(cx, findings, &discovery, application, &mended));
                pending = pending.and(reports);
            }
        }
    }
    pending
}

/// The change that makes a record the only one at the `_dmarc` name of the domain, with nothing published yet in its place,
/// and what has to go with it; none while it is not known what stands there.
#[must_use]
pub fn dmarc_place(cx: &Cx<'_>) -> Option<(Fix, Vec<Fix>)> {
    let domain = cx.target.domain.as_ref()?;
    let finding = Finding::new(Code::Dma010, domain);
    let mut finding = site_fix::put(cx, finding, domain, String::new(), Safety::Decide).ok()?;
    let also = std::mem::take(&mut finding.also);
    finding.fix.take().map(|fix| (fix, also))
}

/// The domain's own record put right, as it is offered in findings about it; none where it has none that applies, while it
/// is not known, and where nobody can tell what was meant.
#[must_use]
pub fn dmarc_put_right(cx: &Cx<'_>) -> Option<String> {
    let domain = cx.target.domain.as_ref()?;
    let discovery = dmarc::discover(cx, domain).ok()?;
    let application = discovery.applied().filter(|application| application.domain == *domain)?;
    let mended = syntax::mended(cx, &discovery, application, mail_use::is_parked(cx, domain)).ok()?;
    mended.record.map(|record| record.to_string())
}

/// No record speaks for the domain, and none of those beside the mark explains it.
fn missing(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &PolicyDiscovery,
    parked: Step<bool>,
) -> Step<()> {
    let domain = &discovery.domain;
    let elsewhere = cx.section(|| place::elsewhere(cx, findings, discovery, parked));
    let (parked, elsewhere) = (parked?, elsewhere?);
    if parked {
        return cx.section(|| policy::parked(cx, findings, discovery, elsewhere.gone));
    }
    if !elsewhere.explains {
        walked(cx, discovery);
        let text = FIRST.to_owned();
        let finding = site_fix::put(cx, about(Code::Dma010, domain), domain, text, Safety::Decide)?;
        cx.found(findings, finding);
    }
    Ok(())
}

/// A finding about a domain.
fn about(code: Code, domain: &Name) -> Finding {
    Finding::new(code, domain).arg("domain", domain)
}

/// The finding with the record that applies, `span` of it marked.
fn shown(finding: Finding, application: &AppliedRecord, span: std::ops::Range<usize>) -> Finding {
    finding.label(&record_name(&application.domain), Rtype::Txt, application.text.clone(), span)
}

/// Makes the walk's questions the evidence of what follows in this section.
fn walked(cx: &Cx<'_>, discovery: &PolicyDiscovery) {
    for step in &discovery.walk.steps {
        cx.cite(&Query::new(step.asked.clone(), Rtype::Txt));
    }
}

/// Makes the record that applies the evidence of what follows in this section.
fn read(cx: &Cx<'_>, application: &AppliedRecord) {
    cx.cite(&query(&application.domain));
}

fn word(policy: Policy) -> Arg {
    Arg::key(policy.key())
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use crate::{
        change::{Fix, Safety},
        check::{CheckId, Level},
        dns::Name,
        facts::Ask,
        report::{FindingReport, Report},
        session::Session,
        target::{ListKeys, Target},
        zone::Zone,
    };

    const KEY: &str = concat!(
        "s._domainkey.example.org. TXT \"p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA2RkQPHxz2BGvdt2umsiaI84Cot4aHww+oNGqXIHofpZbZZWpqPtaKL\" ",
        "\"mOMudkwZKDom0U7k9oJUj6hiFdXkz4SuVsEdVtVt49eexokxflq2aNB1f+55e4pHPqyZbCuDl2OPY6FhmLj4AdUOEA4ZnV6tsq\" ",
        "\"+1XfzUOf2IATuFFbuZApXyRhrZxq18bD3tN4s/srTlsXlWIaiQCSZeC5lodf4QTH5wKlTLCmgJzIkDz0Td2OWjmLoYEoQIirke\" ",
        "\"o71NPviRZk3Kd5lFR5UReRilOOFNxxRYv3WWURjINl1pG+5gpCWFNh9fuyOFAruH7rt+ZuOfRjB2lfCWLJ+ZCMy94SvQIDAQAB\"
"
    );
    const MAIL: &str = "example.org. MX 10 mx.example.org.\n TXT \"v=spf1 mx -all\"\n";

    fn report(records: &str) -> Report {
        let zone = Zone::parse(&format!("example.org. SOA ns. host. 1 1\n{records}")).unwrap();
        let mut target = Target::domain(Name::parse("example.org").unwrap());
        if records.contains("s._domainkey") {
            target.selectors = vec!["s".to_owned()];
        }
        let mut session = Session::new(target, Rc::default(), ListKeys::default());
        while let Some(query) = session.poll_query() {
            session.answer(&query, zone.ask(&query).unwrap().clone());
        }
        session.report()
    }

    fn finding(report: &Report, id: &str) -> FindingReport {
        let found = report.findings().find(|(_, finding)| finding.code.id() == id);
        found.unwrap_or_else(|| panic!("no {id}")).1.clone()
    }

    /// What the fix of a finding publishes, with the domain's `_dmarc` record and other records.
    fn fix(record: &str, others: &str, id: &str) -> Option<Fix> {
        finding(&report(&format!("_dmarc.example.org. TXT \"{record}\"\n{others}")), id).fix.clone()
    }

    fn published(record: &str, others: &str, id: &str) -> (String, Safety) {
        let fix = fix(record, others, id).unwrap();
        assert_eq!(fix.owner.as_str(), "_dmarc.example.org");
        (fix.publish.join("|"), fix.safety)
    }

    #[test]
    fn no_address_for_reports_is_invented() {
        for records in [MAIL, "example.org. TXT \"v=spf1 ip4:11.22.33.44 -all\""] {
            let fix = finding(&report(records), "DMA-010").fix.clone().unwrap();
            assert_eq!(fix.publish, ["v=DMARC1; p=none"]);
            assert_eq!((fix.safety, fix.remove.len()), (Safety::Decide, 0));
        }
        let silent = format!("{MAIL}_dmarc.example.org. TXT \"v=DMARC1; p=none\"\n");
        assert_eq!(finding(&report(&silent), "DMA-310").fix, None);
    }

    #[test]
    fn more_is_asked_only_when_spf_dkim_and_reports_are_there() {
        let record = "v=DMARC1; p=none; rua=mailto:d@example.org";
        let all = format!("{MAIL}{KEY}");
        let next = ("v=DMARC1; p=quarantine; rua=mailto:d@example.org".to_owned(), Safety::Decide);
        assert_eq!(published(record, &all, "DMA-210"), next);
        for (record, others, why) in [
            ("v=DMARC1; p=none", all.as_str(), "no reports"),
            (record, MAIL, "no key"),
            (record, KEY, "no SPF record"),
            (record, "example.org. MX 10 mx.example.org.\n TXT SERVFAIL\n", "SPF not known"),
            (record, &format!("{KEY}example.org. MX 10 mx.\n TXT \"v=spf1 ip4:1.2.3 -all\"\n"), "SPF broken"),
            (record, &format!("{MAIL}s._domainkey.example.org. TXT \"v=DKIM1; p=\"\n"), "the key is revoked"),
            (record, &format!("{all}example.org. TXT \"v=spf1 -all\"\n"), "two SPF records"),
        ] {
            assert_eq!(fix(record, others, "DMA-210"), None, "{why}");
        }
    }

    #[test]
    fn each_step_leads_to_the_next_and_keeps_the_rest() {
        let all = format!("{MAIL}{KEY}");
        let record = "v=DMARC1;p=quarantine;rua=mailto:d@example.org!5m;pct=100;adkim=s";
        let (text, safety) = published(record, &all, "DMA-220");
        assert_eq!(text, "v=DMARC1; p=reject; rua=mailto:d@example.org; adkim=s");
        assert_eq!(safety, Safety::Decide);
    }

    #[test]
    fn a_domain_without_mail_may_refuse_everything_at_once() {
        let parked = "example.org. TXT \"v=spf1 -all\"\n MX 0 .\n";
        assert_eq!(
            published("v=DMARC1; p=none", parked, "DMA-300"),
            ("v=DMARC1; p=reject".into(), Safety::Decide)
        );
        let tested = "v=DMARC1; p=reject; t=y";
        assert_eq!(published(tested, parked, "DMA-300"), ("v=DMARC1; p=reject".into(), Safety::Decide));
        assert_eq!(published("v=DMARC1; p=none; sp=foo", parked, "DMA-300").0, "v=DMARC1; p=reject");
        assert_eq!(finding(&report(parked), "DMA-300").fix.clone().unwrap().publish, ["v=DMARC1; p=reject"]);
    }

    #[test]
    fn a_record_that_begins_to_act_is_for_the_owner_to_decide() {
        assert_eq!(published("v=dmarc1; p=none", MAIL, "DMA-050"), ("v=DMARC1; p=none".into(), Safety::Safe));
        let all = format!("{MAIL}{KEY}");
        for (record, id) in
            [("v=dmarc1; p=reject; sp=reject", "DMA-050"), ("v=DMARC1; p=rejct; sp=reject", "DMA-120")]
        {
            let asked = ("v=DMARC1; p=reject; sp=reject".into(), Safety::Decide);
            assert_eq!(published(record, &all, id), asked, "SPF and DKIM are there");
            assert_eq!(
                published(record, MAIL, id),
                ("v=DMARC1; p=none".into(), Safety::Decide),
                "no key was seen"
            );
        }
        assert_eq!(fix("v=DMARC1; p=monitor", MAIL, "DMA-120"), None, "nobody can tell what was meant");
        assert_eq!(published("v=DMARC1; p=reject; p=none", MAIL, "DMA-160").1, Safety::Decide);
        assert_eq!(published("v=DMARC1; p=none; pct=50", MAIL, "DMA-170").1, Safety::Safe);
        assert_eq!(published("v=DMARC1; p=reject; pct=50", MAIL, "DMA-170").1, Safety::Decide);
    }

    #[test]
    fn of_several_records_the_one_that_says_most_is_kept() {
        let two = format!(
            "{MAIL}_dmarc.example.org. TXT \"v=DMARC1\"\n TXT \"v=DMARC1; p=none; rua=mailto:d@example.org\"\n"
        );
        let fix = finding(&report(&two), "DMA-040").fix.clone().unwrap();
        assert_eq!((fix.remove, fix.publish.len()), (vec!["v=DMARC1".to_owned()], 0));
        // Each from a service that collects reports: one record names both.
        let services =
            ["a.example", "b.example"].map(|service| format!("v=DMARC1; p=none; rua=mailto:d@{service}"));
        let texts = services.each_ref().map(|text| format!("_dmarc.example.org. TXT \"{text}\"\n"));
        for texts in [texts.concat(), texts.iter().rev().cloned().collect()] {
            let fix = finding(&report(&format!("{MAIL}{texts}")), "DMA-040").fix.clone().unwrap();
            assert_eq!(fix.publish, ["v=DMARC1; p=none; rua=mailto:d@b.example,mailto:d@a.example"]);
            assert_eq!((fix.remove.len(), fix.safety), (2, Safety::Decide));
        }
        // The same strings twice are one record (RFC 2181 section 5); the same text in other strings is another one.
        let same = format!("{MAIL}_dmarc.example.org. TXT \"v=DMARC1\"\n TXT \"v=DMA\" \"RC1\"\n");
        assert_eq!(finding(&report(&same), "DMA-040").fix, None, "equal texts cannot be told apart");
        let once = format!("{MAIL}_dmarc.example.org. 60 TXT \"v=DMARC1\"\n 300 TXT \"v=DMARC1\"\n");
        let told = report(&once);
        assert!(
            told.findings().all(|(_, finding)| finding.code.id() != "DMA-040"),
            "one record, not several"
        );
    }

    #[test]
    fn a_remnant_beside_a_record_is_removed_and_not_corrected() {
        let remnant =
            format!("{MAIL}_dmarc.example.org. TXT \"v=DMARC1; p=none\"\n TXT \"v=dmarc1; p=reject\"\n");
        let fix = finding(&report(&remnant), "DMA-050").fix.clone().unwrap();
        assert_eq!((fix.remove, fix.publish.len()), (vec!["v=dmarc1; p=reject".to_owned()], 0));
        assert_eq!(fix.safety, Safety::Decide);
        let several = format!("{remnant} TXT \"v=DMARC1; p=reject\"\n");
        assert_eq!(finding(&report(&several), "DMA-050").fix, None, "first there has to be one");
    }

    #[test]
    fn a_domain_without_mail_gets_each_change_once() {
        let parked = "example.org. TXT \"v=spf1 -all\"\n MX 0 .\n";
        for wrong in
            ["_dmarc.example.org. TXT \"v=dmarc1; p=none\"", "dmarc.example.org. TXT \"v=DMARC1; p=none\""]
        {
            let report = report(&format!("{parked}{wrong}\n"));
            let fixes = report.findings().filter_map(|(_, finding)| finding.fix.as_ref());
            let same = fixes.filter(|fix| fix.owner.as_str() == "_dmarc.example.org").count();
            assert_eq!(same, 1, "{wrong}");
        }
    }

    #[test]
    fn reports_are_not_lost_that_may_reach_an_address_that_was_not_looked_up() {
        let next = |targets: &[&str]| {
            let rua: Vec<String> =
                targets.iter().map(|target| format!("mailto:d@{target}.example")).collect();
            let record = format!("v=DMARC1; p=none; rua={}", rua.join(","));
            let text = format!("{MAIL}{KEY}_dmarc.example.org. TXT \"{record}\"\n");
            let args = serde_json::to_value(finding(&report(&text), "DMA-210").args.clone()).unwrap();
            args["next"]["key"].as_str().unwrap().to_owned()
        };
        assert_eq!(next(&["a", "b", "c", "d", "e", "f"]), "dmarc.next.reports-lost");
        assert_eq!(next(&["a", "b", "c", "d", "e", "f", "g"]), "dmarc.next.reports-unknown");
        assert_eq!(next(&["a", "b", "c", "d", "e", "f", "a", "b"]), "dmarc.next.reports-lost", "none is new");
    }

    #[test]
    fn the_faulty_part_is_marked() {
        for (record, id, part) in [
            ("v=DMARC1; p=rejct", "DMA-120", "p=rejct"),
            ("v=DMARC1; p=none; adkim=x", "DMA-130", "adkim=x"),
            ("v=DMARC1; p=none; hello", "DMA-140", "hello"),
            ("v=DMARC1; p=none; rua=a b", "DMA-320", "a b"),
            ("v=DMARC1 p=none", "DMA-050", "DMARC1 "),
            ("v=DMARC1; p=none; rua=mailto:d@r.example", "DMA-370", "mailto:d@r.example"),
        ] {
            let report = report(&format!("{MAIL}_dmarc.example.org. TXT \"{record}\"\n"));
            let label = &finding(&report, id).labels[0];
            assert_eq!(&label.text[label.span.clone()], part, "{record}");
        }
    }

    #[test]
    fn evidence_is_what_a_finding_rests_on() {
        let report =
            report(&format!("{MAIL}_dmarc.example.org. TXT \"v=DMARC1; p=none; rua=mailto:d@r.example\"\n"));
        let asked = |id| -> Vec<String> {
            finding(&report, id).evidence.iter().map(|&at| report.evidence[at].query.to_string()).collect()
        };
        assert_eq!(asked("DMA-020"), ["_dmarc.example.org TXT", "_dmarc.org TXT"]);
        assert_eq!(
            asked("DMA-370"),
            ["example.org._report._dmarc.r.example TXT", "r.example MX", "_dmarc.example.org TXT"]
        );
    }

    #[test]
    fn a_sound_domain_gives_no_cause_to_worry() {
        let report = report(&format!(
            "{MAIL}{KEY}_dmarc.example.org. TXT \"v=DMARC1; p=reject; rua=mailto:d@example.org\"\n"
        ));
        let check = report.checks.iter().find(|check| check.id == CheckId::Dmarc).unwrap();
        assert!(check.findings.iter().all(|finding| matches!(finding.level, Level::Pass | Level::Info)));
        assert_eq!(check.verdict, crate::report::CheckVerdict::Pass);
    }
}
