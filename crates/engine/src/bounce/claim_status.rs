//! What an error claimed, and what the lookups say now.

use super::Claim;
use crate::{
    check::{Code, Level},
    knowledge::ClaimKind,
    report::{FindingReport, Report},
    view::sending::NamedBy,
};

words! {
    /// How a claim stands after a run. The words are `bounce.now.<word>`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum ClaimStatus {
        /// It was not looked at: no run, or nothing that a page can look at.
        NotChecked = "not-checked",
        /// Only the address that sent the mail could tell, and the run knows none.
        NeedsAddress = "needs-address",
        /// Answers are awaited.
        Running = "running",
        /// It still is so.
        Still = "still",
        /// It could not be checked.
        Unknown = "unknown",
        /// It is not so, as far as could be seen.
        Gone = "gone",
    }
    key "bounce.now.{}"
}

/// How a claim stands, and where the report says so, as (check, finding) positions: the findings that bear it out, or
/// those that could not tell.
#[must_use]
pub fn claim_status(claim: &Claim, report: Option<&Report>) -> (ClaimStatus, Vec<(usize, usize)>) {
    let nothing = (ClaimStatus::NotChecked, Vec::new());
    let Some(report) = report else { return nothing };
    // What is true of one domain says nothing of another.
    if is_about_sender(claim.kind)
        && let (Some(subject), Some(domain)) = (&claim.subject, &report.target.domain)
        && !domain.as_str().eq_ignore_ascii_case(subject)
    {
        return nothing;
    }
    let mut said: Vec<((usize, usize), &FindingReport)> = Vec::new();
    let mut running = false;
    for (c, check) in report.checks.iter().enumerate().filter(|(_, check)| claim.checks.contains(&check.id)) {
        running |= check.running;
        let findings =
            check.findings.iter().enumerate().filter(|(_, finding)| is_about(claim, report, finding));
        said.extend(findings.map(|(f, finding)| ((c, f), finding)));
    }
    let places = |is_meant: fn(&FindingReport) -> bool| -> Vec<(usize, usize)> {
        said.iter().filter(|(_, finding)| is_meant(finding)).map(|(place, _)| *place).collect()
    };
    let bad = places(bears_out);
    if !bad.is_empty() {
        return (ClaimStatus::Still, bad);
    }
    if running {
        return (ClaimStatus::Running, Vec::new());
    }
    let unknown = places(|finding| finding.level == Level::Unknown);
    let good = places(|finding| matches!(finding.level, Level::Pass | Level::Improve));
    match (unknown.is_empty(), good.is_empty()) {
        // One list that answers "clean" says nothing for the one that does not answer; of many, some always refuse.
        (false, _) if claim.list.is_some() || good.is_empty() => (ClaimStatus::Unknown, unknown),
        (_, false) if !needs_address(claim.kind) || is_known(claim, report) => (ClaimStatus::Gone, good),
        _ if needs_address(claim.kind) && report.target.ips.is_empty() => {
            (ClaimStatus::NeedsAddress, Vec::new())
        }
        _ => nothing,
    }
}

/// Whether a claim is about the sender's domain, which the run is about.
fn is_about_sender(kind: ClaimKind) -> bool {
    matches!(
        kind,
        ClaimKind::DomainListed
            | ClaimKind::Spf
            | ClaimKind::Dkim
            | ClaimKind::Dmarc
            | ClaimKind::SenderDomain
    )
}

/// Whether a claim is about the address that sent the mail.
fn needs_address(kind: ClaimKind) -> bool {
    matches!(kind, ClaimKind::Listed | ClaimKind::NotListed | ClaimKind::Spf | ClaimKind::Ptr)
}

/// Whether the run asked about the address that the claim is about: the user named it, or the claim does. One that the
/// domain's own record names need not be the one that sent, and that this record lets it in goes without saying.
fn is_known(claim: &Claim, report: &Report) -> bool {
    report.views.sending.named_by == NamedBy::User || claim.kind != ClaimKind::Spf && claim.subject.is_some()
}

/// How likely a finding must be the reason that mail is refused, to bear out that it was, 0 to 100.
const LIKELY: u8 = 20;

/// Whether a finding bears a claim out. What is merely worth mending gets no message refused.
fn bears_out(finding: &FindingReport) -> bool {
    match finding.level {
        Level::Stops => true,
        Level::Improve => finding.weight >= LIKELY,
        _ => false,
    }
}

/// Whether a finding speaks of what the claim speaks of.
fn is_about(claim: &Claim, report: &Report, finding: &FindingReport) -> bool {
    let is_list = matches!(claim.kind, ClaimKind::Listed | ClaimKind::NotListed | ClaimKind::DomainListed);
    let same_list = match &claim.list {
        Some(list) => report.listing(finding).is_some_and(|listing| listing.list.id == *list),
        None => true,
    };
    let by_subject = matches!(
        claim.kind,
        ClaimKind::Listed | ClaimKind::NotListed | ClaimKind::Ptr | ClaimKind::RecipientDomain
    );
    let same_subject = match &claim.subject {
        Some(subject) if by_subject => finding.subject.to_string().eq_ignore_ascii_case(subject),
        _ => true,
    };
    // That a record can be read does not show that it lets the server send: only the address that sent tells.
    let tells = claim.kind != ClaimKind::Spf
        || finding.code == Code::Spf400
        || finding.level == Level::Unknown
        || bears_out(finding);
    tells && same_subject && (!is_list || same_list)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::{
        check::CheckId,
        dns::Failure,
        dns::{Name, Outcome},
        facts::Ask,
        session::Session,
        target::{ListKeys, Target},
        zone::Zone,
    };

    fn claim(kind: ClaimKind, checks: &'static [CheckId], list: Option<&str>) -> Claim {
        let subject = Some(if is_about_sender(kind) { "shop.example" } else { "192.0.2.1" }.to_owned());
        Claim { kind, subject, list: list.map(str::to_owned), list_name: None, checks }
    }

    /// The report about `shop.example` when its zone holds this; `failing` names fail.
    fn report(zone: &str, failing: &str) -> Report {
        let zone = Zone::parse(zone).unwrap();
        let mut session = Session::new(
            Target::domain(Name::parse("shop.example").unwrap()),
            Rc::default(),
            ListKeys::default(),
        );
        while let Some(query) = session.poll_query() {
            let outcome = if query.name.as_str().starts_with(failing) {
                Outcome::failed(Failure::ServFail)
            } else {
                zone.ask(&query).unwrap().clone()
            };
            session.answer(&query, outcome);
        }
        session.report()
    }

    #[test]
    fn a_missing_record_is_still_missing_or_there_by_now_or_not_known() {
        let dmarc = claim(ClaimKind::Dmarc, &[CheckId::Dmarc], None);
        let good = "shop.example. MX 10 mx.shop.example.\nmx.shop.example. A 192.0.2.9\n";
        let (now_, places) = claim_status(&dmarc, Some(&report(good, "-")));
        assert_eq!(now_, ClaimStatus::Still);
        assert!(!places.is_empty());
        let mended =
            format!("{good}_dmarc.shop.example. TXT \"v=DMARC1; p=none; rua=mailto:d@shop.example\"\n");
        assert_eq!(claim_status(&dmarc, Some(&report(&mended, "-"))).0, ClaimStatus::Gone);
        assert_eq!(claim_status(&dmarc, Some(&report(&mended, "_dmarc"))).0, ClaimStatus::Unknown);
        let other = Claim { subject: Some("bakery.example".to_owned()), ..dmarc };
        assert_eq!(
            claim_status(&other, Some(&report(good, "-"))).0,
            ClaimStatus::NotChecked,
            "the run is about another domain"
        );
    }

    #[test]
    fn a_record_that_can_be_read_does_not_settle_who_may_send() {
        let spf = claim(ClaimKind::Spf, &[CheckId::Spf, CheckId::SpfSender], None);
        let zone = "shop.example. MX 10 mx.shop.example.\nshop.example. TXT \"v=spf1 ip4:192.0.2.7 -all\"\n";
        assert_eq!(claim_status(&spf, Some(&report(zone, "-"))).0, ClaimStatus::NeedsAddress);
        // That the record lets in whom it names says nothing of whoever was refused.
        let named = zone.replace("192.0.2.7", "11.22.33.7");
        assert_eq!(claim_status(&spf, Some(&report(&named, "-"))).0, ClaimStatus::NeedsAddress);
    }

    #[test]
    fn an_address_that_the_record_names_need_not_be_the_one_that_was_refused() {
        let zone = "shop.example. TXT \"v=spf1 ip4:11.22.33.7 -all\"\n\
                    7.33.22.11.in-addr.arpa. PTR mx.shop.example.\nmx.shop.example. A 11.22.33.7\n";
        let of = |subject: Option<&str>, zone: &str| {
            let subject = subject.map(str::to_owned);
            let ptr = Claim { subject, ..claim(ClaimKind::Ptr, &[CheckId::Ptr], None) };
            claim_status(&ptr, Some(&report(zone, "-"))).0
        };
        assert_eq!(of(None, zone), ClaimStatus::NeedsAddress);
        assert_eq!(of(Some("11.22.33.9"), zone), ClaimStatus::NeedsAddress);
        assert_eq!(of(Some("11.22.33.7"), zone), ClaimStatus::Gone);
        let unnamed = zone.replace("7.33.22.11.in-addr.arpa. PTR mx.shop.example.\n", "");
        assert_eq!(of(None, &unnamed), ClaimStatus::Still);
    }

    #[test]
    fn a_recipients_domain_is_looked_at_when_it_comes_along() {
        let recipient = |subject: &str| Claim {
            subject: Some(subject.to_owned()),
            ..claim(ClaimKind::RecipientDomain, &[CheckId::Recipient], None)
        };
        let run = |recipient: Option<&str>, failing: &str| {
            let zone =
                Zone::parse("bakery.example. MX 10 mx.bakery.example.\nmx.bakery.example. A 11.22.33.9\n");
            let target = Target {
                recipient: recipient.map(|name| Name::parse(name).unwrap()),
                ..Target::domain(Name::parse("shop.example").unwrap())
            };
            let mut session = Session::new(target, Rc::default(), ListKeys::default());
            while let Some(query) = session.poll_query() {
                let outcome = if query.name.as_str() == failing {
                    Outcome::failed(Failure::ServFail)
                } else {
                    zone.as_ref().unwrap().ask(&query).unwrap().clone()
                };
                session.answer(&query, outcome);
            }
            session.report()
        };
        let (there, gone) = (recipient("bakery.example"), recipient("bakrey.example"));
        assert_eq!(claim_status(&there, Some(&run(Some("bakery.example"), "-"))).0, ClaimStatus::Gone);
        assert_eq!(claim_status(&gone, Some(&run(Some("bakrey.example"), "-"))).0, ClaimStatus::Still);
        assert_eq!(
            claim_status(&there, Some(&run(Some("bakery.example"), "bakery.example"))).0,
            ClaimStatus::Unknown
        );
        assert_eq!(claim_status(&there, Some(&run(None, "-"))).0, ClaimStatus::NotChecked);
        // What was looked at is another domain than the one that the error speaks of.
        assert_eq!(claim_status(&there, Some(&run(Some("bakrey.example"), "-"))).0, ClaimStatus::NotChecked);
    }

    #[test]
    fn what_nobody_looked_at_is_not_checked() {
        let limit = claim(ClaimKind::Limit, &[], None);
        assert_eq!(
            claim_status(&limit, Some(&report("shop.example. A 192.0.2.1\n", "-"))).0,
            ClaimStatus::NotChecked
        );
        assert_eq!(
            claim_status(&claim(ClaimKind::Spf, &[CheckId::Spf], None), None).0,
            ClaimStatus::NotChecked
        );
    }
}
