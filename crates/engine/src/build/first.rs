//! The record with which somebody begins who puts one together: what the checks propose where nothing stands there that
//! receivers read, else what stands there, put right where the checks offer that.

use super::{dmarc, spf};
use crate::{
    check::dmarc_put_right,
    cx::Cx,
    dns::{Name, Outcome, Query, Rtype},
    facts::Ask,
    overlay::Overlay,
    record::{dmarc::is_record, spf::is_spf},
    report::Report,
    route::BuildKind,
};

/// The name at which a record of this kind stands for `domain`.
#[must_use]
pub fn owner(kind: BuildKind, domain: &Name) -> Name {
    match kind {
        BuildKind::Spf => domain.clone(),
        // Too long a name has no record, so nothing is ever found there.
        BuildKind::Dmarc => domain.under("_dmarc").unwrap_or_else(|_| domain.clone()),
    }
}

/// The record that the checks propose: the one that is there once the change is made which `report` offers, or that which
/// stands there, put right. None where it stands there already, where that is not known, and where nothing is proposed.
#[must_use]
pub fn proposal(kind: BuildKind, domain: &Name, report: &Report, cx: &Cx<'_>) -> Option<String> {
    let query = Query::new(owner(kind, domain), Rtype::Txt);
    let now = cx.known(&query).filter(|now| now.failure().is_none())?;
    if records(kind, now).len() == 1 {
        return match kind {
            BuildKind::Spf => None,
            BuildKind::Dmarc => dmarc_put_right(cx).filter(|_| cx.target.domain.as_ref() == Some(domain)),
        };
    }
    report.findings().filter_map(|(_, finding)| finding.fix.as_ref()).find_map(|fix| {
        let after = Overlay::with_fix(cx, fix);
        let [record] = records(kind, after.ask(&query).ok()?).try_into().ok()?;
        Some(record)
    })
}

/// The text with which somebody begins; none where what stands there is not known.
#[must_use]
pub fn first_record(kind: BuildKind, domain: &Name, report: &Report, cx: &Cx<'_>) -> Option<String> {
    let outcome = cx.known(&Query::new(owner(kind, domain), Rtype::Txt))?;
    if outcome.failure().is_some() {
        return None;
    }
    let proposal = proposal(kind, domain, report, cx);
    Some(match kind {
        BuildKind::Spf => spf::SpfChoices::first(outcome, proposal.as_deref()).1.record(),
        BuildKind::Dmarc => dmarc::DmarcChoices::first(outcome, proposal.as_deref()).1.record(),
    })
}

/// The texts that receivers read as records of this kind.
fn records(kind: BuildKind, outcome: &Outcome) -> Vec<String> {
    let texts = outcome.texts().map(|txt| txt.text().into_owned());
    let reads = |text: &String| match kind {
        BuildKind::Spf => is_spf(text.as_bytes()),
        BuildKind::Dmarc => is_record(text),
    };
    texts.filter(reads).collect()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::{
        knowledge::Knowledge,
        session::Session,
        target::{ListKeys, Target},
        zone::Zone,
    };

    fn first(kind: BuildKind, zone: &str, ips: &[&str]) -> Option<String> {
        let zone = Zone::parse(zone).unwrap();
        let domain = Name::parse("example.org").unwrap();
        let mut target = Target::domain(domain.clone());
        target.ips = ips.iter().map(|ip| ip.parse().unwrap()).collect();
        let mut session = Session::new(target, Rc::new(Knowledge::default()), ListKeys::default());
        while let Some(query) = session.poll_query() {
            session.answer(&query, zone.ask(&query).unwrap().clone());
        }
        first_record(kind, &domain, &session.report(), &session.cx())
    }

    #[test]
    fn the_addresses_of_the_user_are_in_the_first_record() {
        let zone = "example.org. MX 10 mx.example.org.\nmx.example.org. A 192.0.2.1\n";
        let record = first(BuildKind::Spf, zone, &["192.0.2.7", "2001:db8::7"]);
        assert_eq!(record.as_deref(), Some("v=spf1 mx ip4:192.0.2.7 ip6:2001:db8::7 ~all"));
        assert_eq!(first(BuildKind::Spf, zone, &[]).as_deref(), Some("v=spf1 mx ~all"));
    }

    #[test]
    fn of_several_records_the_one_that_is_proposed_is_the_first() {
        let zone = "example.org. MX 10 mx.example.org.\nmx.example.org. A 192.0.2.1\n\
            example.org. TXT \"v=spf1 mx -all\"\nexample.org. TXT \"v=spf1 a +all\"\n\
            _dmarc.example.org. TXT \"v=DMARC1; p=none\"\n\
            _dmarc.example.org. TXT \"v=DMARC1; p=none; rua=mailto:d@example.org\"\n";
        assert_eq!(first(BuildKind::Spf, zone, &[]).as_deref(), Some("v=spf1 mx a ?all"));
        let record = first(BuildKind::Dmarc, zone, &[]);
        assert_eq!(record.as_deref(), Some("v=DMARC1; p=none; rua=mailto:d@example.org"));
    }

    #[test]
    fn one_record_is_begun_with_as_it_is_and_what_is_not_known_with_none() {
        let zone = "example.org. TXT \"v=spf1 -all\"\nexample.org. MX 10 mx.example.org.\n\
            mx.example.org. A 192.0.2.1\n_dmarc.example.org. TXT SERVFAIL\n";
        assert_eq!(first(BuildKind::Spf, zone, &[]).as_deref(), Some("v=spf1 -all"));
        assert_eq!(first(BuildKind::Dmarc, zone, &[]), None);
    }
}
