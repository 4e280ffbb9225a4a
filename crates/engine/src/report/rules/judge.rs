//! From what is known to the status of each rule: the views say how far it is met, and the findings where to read on.

use std::{cmp::Reverse, net::IpAddr};

use super::RuleStatus;
use crate::{
    check::{CheckId, Code, Level, Subject},
    dmarc::AppliedPolicy,
    record::dmarc::Effect,
    report::{CheckReport, FindingReport, Report},
    spf::SpfResult,
    view::{
        dkim::{SelectorView, Worth},
        mail_use::UsedForMail,
        sending::NamedBy,
        spf::Standing,
    },
};

/// Domains that Gmail does not want to see in the From line of anybody else's mail.
const GMAIL_DOMAINS: [&str; 2] = ["gmail.com", "googlemail.com"];

/// What was made of a rule.
#[derive(Clone, Copy)]
pub(super) struct RuleResult {
    pub status: RuleStatus,
    pub note: Option<&'static str>,
    pub finding: Option<(usize, usize)>,
}

impl RuleResult {
    fn new(status: RuleStatus, finding: Option<(usize, usize)>) -> Self {
        Self { status, note: None, finding }
    }

    fn saying(self, note: &'static str) -> Self {
        Self { note: Some(note), ..self }
    }
}

/// Whether the rules concern whom the report is about.
pub(super) fn concerns(report: &Report) -> bool {
    report.target.domain.is_some() && all(report, &[Code::Dom010, Code::Spf290]).next().is_none()
}

pub(super) fn judge(rule: &str, report: &Report) -> RuleResult {
    match rule {
        "spf-or-dkim" => spf_or_dkim(report),
        "key-length" => key_length(report),
        "reverse-name" => reverse_name(report),
        "gmail-from" => gmail_from(report),
        "spf" => spf(report),
        "dkim" => dkim(report),
        "dmarc" => dmarc(report),
        "alignment" => RuleResult::new(RuleStatus::OnlyYou, first(report, &[Code::Dma240])),
        _ => RuleResult::new(RuleStatus::OnlyYou, None),
    }
}

type FindingPlace = (usize, usize);

/// The findings with one of these codes, and where they stand.
fn all<'r>(report: &'r Report, codes: &'r [Code]) -> impl Iterator<Item = (FindingPlace, &'r FindingReport)> {
    found(report, |_| true).filter(|(_, finding)| codes.contains(&finding.code))
}

/// The findings of some checks.
fn found<'r>(
    report: &'r Report,
    of: impl Fn(&CheckReport) -> bool + 'r,
) -> impl Iterator<Item = (FindingPlace, &'r FindingReport)> {
    let checks = report.checks.iter().enumerate().filter(move |(_, check)| of(check));
    checks.flat_map(|(c, check)| check.findings.iter().enumerate().map(move |(f, finding)| ((c, f), finding)))
}

fn first(report: &Report, codes: &[Code]) -> Option<FindingPlace> {
    all(report, codes).next().map(|(place, _)| place)
}

/// Whether a check of this name awaits answers, or found nothing at all: then nothing follows from what it did not say.
fn is_open(report: &Report, id: CheckId) -> bool {
    report.checks.iter().all(|check| check.id != id || check.running || check.findings.is_empty())
}

fn is_running(report: &Report, id: CheckId) -> bool {
    report.checks.iter().any(|check| check.id == id && check.running)
}

/// The finding of a check about `subject` that comes first of those that are `wanted`.
fn about(
    report: &Report,
    id: CheckId,
    subject: &Subject,
    wanted: impl Fn(&FindingReport) -> bool,
) -> Option<FindingPlace> {
    let mut findings = found(report, |check| check.id == id);
    findings.find(|(_, finding)| finding.subject == *subject && wanted(finding)).map(|(place, _)| place)
}

/// The finding of a check that says that something is in order.
fn passed(report: &Report, id: CheckId) -> Option<FindingPlace> {
    let mut findings = found(report, |check| check.id == id);
    findings.find(|(_, finding)| finding.level == Level::Pass).map(|(place, _)| place)
}

/// The finding of a check that matters most.
fn gravest(report: &Report, id: CheckId) -> Option<FindingPlace> {
    let findings = found(report, |check| check.id == id).filter(|(_, finding)| finding.level != Level::Pass);
    findings.min_by_key(|(_, finding)| (finding.level, Reverse(finding.weight))).map(|(place, _)| place)
}

/// A finding of one of these checks that says that a lookup failed.
fn failed(report: &Report, ids: &[CheckId]) -> Option<FindingPlace> {
    let mut unknown =
        found(report, |check| ids.contains(&check.id)).filter(|(_, finding)| finding.level == Level::Unknown);
    unknown.next().map(|(place, _)| place)
}

/// There is a record that receivers can use, and for the addresses that were given it says yes.
fn spf(report: &Report) -> RuleResult {
    let spf = &report.views.spf;
    let not_met = |place| RuleResult::new(RuleStatus::NotMet, place);
    let is_known = match spf.standing {
        Some(Standing::Nothing | Standing::Misplaced | Standing::Several | Standing::Broken) => {
            return not_met(gravest(report, CheckId::Spf));
        }
        Some(Standing::Nobody) if report.views.mail_use.used == Some(UsedForMail::Yes) => {
            return not_met(gravest(report, CheckId::Spf));
        }
        Some(Standing::Usable) => true,
        Some(Standing::Nobody | Standing::Unknown(_)) | None => false,
    };
    let of = |ip: IpAddr| about(report, CheckId::SpfSender, &ip.into(), |_| true);
    let sender = |wanted: &[SpfResult]| {
        let mut senders = spf.senders.iter();
        senders.find(|(_, result)| result.is_some_and(|result| wanted.contains(&result))).map(|(ip, _)| *ip)
    };
    let refused = [SpfResult::Fail, SpfResult::SoftFail, SpfResult::Neutral, SpfResult::PermError];
    if let Some(ip) = sender(&refused) {
        return not_met(of(ip));
    }
    let waits = [CheckId::Spf, CheckId::SpfSender].into_iter().any(|id| is_running(report, id));
    let is_open = spf.senders.iter().any(|(_, result)| matches!(result, None | Some(SpfResult::TempError)));
    if waits || is_open || !is_known {
        return RuleResult::new(RuleStatus::Unknown, failed(report, &[CheckId::Spf, CheckId::SpfSender]));
    }
    // That the record lets in whom it names goes without saying.
    let named = report.views.sending.named_by == NamedBy::User;
    match sender(&[SpfResult::Pass]).filter(|_| named) {
        Some(ip) => RuleResult::new(RuleStatus::Met, of(ip)),
        None => RuleResult::new(RuleStatus::Met, passed(report, CheckId::Spf)).saying("spf-address"),
    }
}

/// There is a key that works; whether messages are signed with it, only a message shows. A key at a selector that nobody
/// named may be left over, and its fault says nothing of the one that messages are signed with.
fn dkim(report: &Report) -> RuleResult {
    let keys = report.views.dkim.as_deref().unwrap_or_default();
    if is_running(report, CheckId::Dkim) {
        return RuleResult::new(RuleStatus::Unknown, None);
    }
    let of = |key: &SelectorView, level: Level| {
        about(report, CheckId::Dkim, &Subject::from(&key.name), |finding| finding.level == level)
    };
    let faulty = |key: &&SelectorView| key.given && matches!(key.worth, Worth::Short | Worth::Useless);
    if let Some(key) = keys.iter().find(faulty) {
        return RuleResult::new(RuleStatus::NotMet, fault_of(report, &Subject::from(&key.name)));
    }
    // Proven to be missing, or known to wait at a provider.
    let missing = report.target.domain.as_ref().and_then(|domain| fault_of(report, &domain.into()));
    if missing.is_some() {
        return RuleResult::new(RuleStatus::NotMet, missing);
    }
    if let Some(key) = keys.iter().find(|key| key.worth == Worth::Works) {
        return RuleResult::new(RuleStatus::Met, of(key, Level::Pass)).saying("signed");
    }
    if let Some(key) = keys.iter().find(|key| key.worth == Worth::NotEverywhere) {
        return RuleResult::new(RuleStatus::Unknown, of(key, Level::Info));
    }
    let hint = || first(report, &[Code::Dki050, Code::Dki030, Code::Dki160, Code::Dki170]);
    RuleResult::new(RuleStatus::Unknown, failed(report, &[CheckId::Dkim]).or_else(hint)).saying("selector")
}

/// What is wrong with a key, or with the keys of the domain.
fn fault_of(report: &Report, subject: &Subject) -> Option<FindingPlace> {
    about(report, CheckId::Dkim, subject, |finding| finding.level <= Level::Improve)
}

/// No key is too short, and one was seen.
fn key_length(report: &Report) -> RuleResult {
    let keys = report.views.dkim.as_deref().unwrap_or_default();
    if let Some(key) = keys.iter().find(|key| key.given && key.worth == Worth::Short) {
        return RuleResult::new(RuleStatus::NotMet, fault_of(report, &Subject::from(&key.name)));
    }
    let dkim = dkim(report);
    match dkim.status {
        RuleStatus::Met => RuleResult { note: None, ..dkim },
        // What is missing or broken has no length.
        _ => RuleResult::new(RuleStatus::Unknown, dkim.finding).saying("no-key"),
    }
}

fn spf_or_dkim(report: &Report) -> RuleResult {
    let (spf, dkim) = (spf(report), dkim(report));
    match (spf.status, dkim.status) {
        (RuleStatus::Met, _) => spf,
        (_, RuleStatus::Met) => dkim,
        (RuleStatus::NotMet, RuleStatus::NotMet) => spf,
        (RuleStatus::Unknown, _) => spf,
        _ => dkim,
    }
}

/// A record with a policy of its own applies to the domain. `p=none` is enough.
fn dmarc(report: &Report) -> RuleResult {
    let unknown = || RuleResult::new(RuleStatus::Unknown, failed(report, &[CheckId::Dmarc]));
    let Some(discovery) = report.views.dmarc.as_ref().filter(|_| !is_open(report, CheckId::Dmarc)) else {
        return unknown();
    };
    match &discovery.policy {
        AppliedPolicy::Unknown { .. } => unknown(),
        AppliedPolicy::Nothing => match gravest(report, CheckId::Dmarc) {
            // What stands in its place may be that of a wildcard, which could not be looked up.
            Some(place) if Some(place) == failed(report, &[CheckId::Dmarc]) => unknown(),
            place => RuleResult::new(RuleStatus::NotMet, place),
        },
        AppliedPolicy::Record(record) if record.is_borrowed() => {
            RuleResult::new(RuleStatus::NotMet, first(report, &[Code::Dma290]))
        }
        AppliedPolicy::Record(record) if record.effect == Effect::AsWritten => {
            RuleResult::new(RuleStatus::Met, passed(report, CheckId::Dmarc))
        }
        AppliedPolicy::Record(_) => {
            RuleResult::new(RuleStatus::NotMet, first(report, &[Code::Dma110, Code::Dma120]))
        }
    }
}

/// Every address that sends, as far as they are known, has a name that leads back to it.
fn reverse_name(report: &Report) -> RuleResult {
    if let Some(place) = first(report, &[Code::Ptr030, Code::Ptr050]) {
        return RuleResult::new(RuleStatus::NotMet, Some(place));
    }
    let open = first(report, &[Code::Bl130, Code::Bl220, Code::Bl230]);
    if report.views.sending.addresses.is_empty() {
        return match first(report, &[Code::Bl140]).filter(|_| open.is_none()) {
            Some(place) => RuleResult::new(RuleStatus::Unknown, Some(place)).saying("provider-address"),
            None => RuleResult::new(RuleStatus::Unknown, open).saying("no-address"),
        };
    }
    let good = first(report, &[Code::Ptr100, Code::Ptr070]);
    let doubt = first(report, &[Code::Ptr010, Code::Ptr020, Code::Ptr040, Code::Ptr090]);
    match (good, doubt) {
        (Some(place), None) if open.is_none() && !is_open(report, CheckId::Ptr) => {
            RuleResult::new(RuleStatus::Met, Some(place))
        }
        _ => RuleResult::new(RuleStatus::Unknown, doubt.or(open)),
    }
}

fn gmail_from(report: &Report) -> RuleResult {
    let domain = report.target.domain.as_ref().map(|name| name.as_str()).unwrap_or_default();
    if GMAIL_DOMAINS.contains(&domain) {
        return RuleResult::new(RuleStatus::OnlyYou, first(report, &[Code::Prv050]));
    }
    RuleResult::new(RuleStatus::Met, None).saying("own-domain")
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use crate::{
        check::{CHECKS, CheckId},
        dns::{Failure, Name, Outcome, Query},
        facts::Ask,
        knowledge::Knowledge,
        report::{
            Report,
            rules::{RULES, RuleLine, RuleStatus},
        },
        session::Session,
        target::{ListKeys, Target},
        zone::Zone,
    };

    /// A good RSA key of 2048 bits, and one of 768.
    const LONG: &str = include_str!("../../../../../tests/keys/rsa2048.txt");
    const SHORT: &str = include_str!("../../../../../tests/keys/rsa768.txt");
    const SOUND: &str = "example.org. MX 10 mx.example.org.\n TXT \"v=spf1 ip4:11.22.33.44 -all\"\n\
                         mx.example.org. A 11.22.33.44\n\
                         44.33.22.11.in-addr.arpa. PTR mx.example.org.\n\
                         _dmarc.example.org. TXT \"v=DMARC1; p=none\"\n";

    fn key(text: &str) -> String {
        format!("s._domainkey.example.org. TXT \"v=DKIM1; k=rsa; p={}\"\n", text.trim())
    }

    /// What comes of `records`; lookups of names and types that end with one of `failing` time out.
    fn report(records: &str, ip: Option<&str>, failing: &[&str]) -> Report {
        let zone = Zone::parse(&format!("example.org. SOA ns. host. 1 1\n{records}")).unwrap();
        let mut target = Target::domain(Name::parse("example.org").unwrap());
        // Whoever names a selector signs.
        if !records.contains("v=spf1 -all") {
            target.selectors = vec!["s".to_owned()];
        }
        target.ips = ip.iter().map(|ip| ip.parse().unwrap()).collect();
        let mut session = Session::new(target, Rc::default(), ListKeys::default());
        while let Some(query) = session.poll_query() {
            let fails = |query: &Query| failing.iter().any(|end| query.to_string().ends_with(end));
            let outcome = if fails(&query) {
                Outcome::failed(Failure::TimedOut)
            } else {
                zone.ask(&query).unwrap().clone()
            };
            session.answer(&query, outcome);
        }
        session.report()
    }

    fn line(report: &Report, rule: &str) -> RuleLine {
        *report.rules.iter().find(|line| line.rule == rule).unwrap()
    }

    /// The status of a rule and the code of the finding that it leads to.
    fn judged(report: &Report, rule: &str) -> (RuleStatus, Option<&'static str>) {
        let line = line(report, rule);
        (line.status, line.finding.map(|place| report.finding(place).unwrap().code.id()))
    }

    #[test]
    fn what_is_in_order_is_met_and_leads_to_the_proof() {
        let report = report(&format!("{SOUND}{}", key(LONG)), Some("11.22.33.44"), &[]);
        for (rule, code) in [
            ("spf-or-dkim", "SPF-400"),
            ("key-length", "DKI-010"),
            ("reverse-name", "PTR-100"),
            ("spf", "SPF-400"),
            ("dkim", "DKI-010"),
            ("dmarc", "DMA-020"),
        ] {
            assert_eq!(judged(&report, rule), (RuleStatus::Met, Some(code)), "{rule}");
        }
        assert_eq!(judged(&report, "gmail-from"), (RuleStatus::Met, None));
        assert_eq!(report.rules.len(), RULES.len());
    }

    #[test]
    fn what_is_wrong_is_not_met_and_leads_to_the_fault() {
        let bare = report("example.org. MX 10 mx.example.org.", Some("11.22.33.44"), &[]);
        for (rule, code) in [
            ("spf-or-dkim", "SPF-010"),
            ("reverse-name", "PTR-030"),
            ("spf", "SPF-010"),
            ("dkim", "DKI-070"),
            ("dmarc", "DMA-010"),
        ] {
            assert_eq!(judged(&bare, rule), (RuleStatus::NotMet, Some(code)), "{rule}");
        }
        let other = report(&format!("{SOUND}{}", key(SHORT)), Some("11.22.33.45"), &[]);
        assert_eq!(judged(&other, "spf"), (RuleStatus::NotMet, Some("SPF-410")));
        assert_eq!(judged(&other, "key-length"), (RuleStatus::NotMet, Some("DKI-090")));
        assert_eq!(judged(&other, "spf-or-dkim"), (RuleStatus::NotMet, Some("SPF-410")));
        let astray = report("45.33.22.11.in-addr.arpa. PTR x.example.net.", Some("11.22.33.45"), &[]);
        assert_eq!(judged(&astray, "reverse-name"), (RuleStatus::NotMet, Some("PTR-050")));
        for (record, code) in [
            ("v=DMARC1; rua=mailto:d@example.org", "DMA-110"),
            ("v=DMARC1; p=rejct", "DMA-120"),
            ("v=DMARC2; p=none", "DMA-050"),
        ] {
            let report = report(&format!("_dmarc.example.org. TXT \"{record}\""), None, &[]);
            assert_eq!(judged(&report, "dmarc"), (RuleStatus::NotMet, Some(code)), "{record}");
        }
    }

    #[test]
    fn a_fault_of_a_key_that_was_only_guessed_leaves_the_rule_open() {
        let knowledge = include_str!("../../../../../www/data/selectors.json");
        let zone = |record: &str| {
            Zone::parse(&format!(
                "example.org. SOA ns. host. 1 1\n{SOUND}s1._domainkey.example.org. {record}\n"
            ))
            .unwrap()
        };
        let run = |record: &str, selectors: &[&str]| {
            let mut target = Target::domain(Name::parse("example.org").unwrap());
            target.selectors = selectors.iter().map(|&selector| selector.to_owned()).collect();
            let selectors = serde_json::from_str(knowledge).unwrap();
            let known = Knowledge { selectors, ..Knowledge::default() };
            let (zone, mut session) =
                (zone(record), Session::new(target, Rc::new(known), ListKeys::default()));
            while let Some(query) = session.poll_query() {
                session.answer(&query, zone.ask(&query).unwrap().clone());
            }
            session.report()
        };
        let short = format!("TXT \"v=DKIM1; k=rsa; p={}\"", SHORT.trim());
        for record in ["CNAME s1.gone.example.net.", "TXT \"v=DKIM1; p=\"", &short] {
            let (guessed, given) = (run(record, &[]), run(record, &["S1._domainkey.example.org."]));
            assert_eq!(judged(&guessed, "dkim"), (RuleStatus::Unknown, Some("DKI-040")), "{record}");
            assert_eq!(judged(&given, "dkim").0, RuleStatus::NotMet, "{record}");
        }
        assert_eq!(judged(&run(&short, &[]), "key-length").0, RuleStatus::Unknown);
        assert_eq!(judged(&run(&short, &["s1"]), "key-length").0, RuleStatus::NotMet);
    }

    #[test]
    fn one_of_spf_and_dkim_is_enough_for_small_senders() {
        let signed = report(&key(LONG), None, &[]);
        assert_eq!(judged(&signed, "spf-or-dkim").0, RuleStatus::Met);
        assert_eq!(judged(&signed, "spf").0, RuleStatus::NotMet);
        let listed =
            report("example.org. TXT \"v=spf1 ip4:11.22.33.44 -all\"\n MX 0 mx.example.org.", None, &[]);
        assert_eq!(judged(&listed, "spf-or-dkim").0, RuleStatus::Met);
        assert_eq!(judged(&listed, "dkim").0, RuleStatus::NotMet);
        assert_eq!(line(&listed, "spf").note, Some("spf-address"));
    }

    #[test]
    fn the_address_that_the_record_names_is_judged() {
        let report = report(&format!("{SOUND}{}", key(LONG)), None, &[]);
        assert_eq!(judged(&report, "reverse-name"), (RuleStatus::Met, Some("PTR-100")));
    }

    #[test]
    fn what_was_not_given_could_not_be_checked() {
        let ranges = SOUND.replace("ip4:11.22.33.44 ", "ip4:11.22.33.0/24 ");
        let report = report(&format!("{ranges}{}", key(LONG)), None, &[]);
        assert_eq!(judged(&report, "reverse-name"), (RuleStatus::Unknown, Some("BL-130")));
        assert_eq!(line(&report, "reverse-name").note, Some("no-address"));
    }

    #[test]
    fn only_you_know_what_no_record_shows() {
        let report = report(SOUND, None, &[]);
        for rule in ["tls", "spam-rate", "format", "alignment", "one-click", "unsubscribe-link", "two-days"] {
            assert_eq!(judged(&report, rule).0, RuleStatus::OnlyYou, "{rule}");
        }
    }

    #[test]
    fn nothing_is_met_that_failed_to_be_looked_up() {
        let sound = format!("{SOUND}{}", key(LONG));
        for (failing, rules) in [
            (
                ["example.org TXT", ""].as_slice(),
                ["spf", "dkim", "key-length", "dmarc", "spf-or-dkim"].as_slice(),
            ),
            (&["_domainkey.example.org TXT"], &["dkim", "key-length"]),
            (&["_dmarc.example.org TXT"], &["dmarc"]),
            (&[" PTR"], &["reverse-name"]),
            (&["mx.example.org A"], &["reverse-name"]),
        ] {
            let failing: Vec<&str> = failing.iter().copied().filter(|end| !end.is_empty()).collect();
            let report = report(&sound, Some("11.22.33.44"), &failing);
            for rule in rules {
                assert_eq!(judged(&report, rule).0, RuleStatus::Unknown, "{failing:?}: {rule}");
            }
        }
        let dead = report(&sound, Some("11.22.33.44"), &["A", "X", "T", "R", "S", "V"]);
        let met: Vec<_> = dead.rules.iter().filter(|line| line.status == RuleStatus::Met).collect();
        assert!(met.iter().all(|line| line.rule == "gmail-from"), "{met:?}");
    }

    #[test]
    fn what_no_result_depends_on_leaves_no_rule_open() {
        let explained = SOUND.replace("-all", "exp=why.example.org -all");
        let report =
            report(&format!("{explained}{}", key(LONG)), Some("11.22.33.44"), &["why.example.org TXT"]);
        assert_eq!(report.summary.unknown, 1, "it is said that it could not be looked up");
        assert_eq!(judged(&report, "spf"), (RuleStatus::Met, Some("SPF-400")));
    }

    #[test]
    fn nothing_is_met_while_answers_are_awaited() {
        let zone = Zone::parse(&format!("example.org. SOA ns. host. 1 1\n{SOUND}{}", key(LONG))).unwrap();
        let mut target = Target::domain(Name::parse("example.org").unwrap());
        target.selectors = vec!["s".to_owned()];
        let mut session = Session::new(target, Rc::default(), ListKeys::default());
        let mut met_early = Vec::new();
        while let Some(query) = session.poll_query() {
            for line in session.report().rules {
                let fed_by = match line.rule {
                    "spf" => CheckId::Spf,
                    "dkim" | "key-length" => CheckId::Dkim,
                    "dmarc" => CheckId::Dmarc,
                    _ => continue,
                };
                let report = session.report();
                let running = report.checks.iter().any(|check| check.id == fed_by && check.running);
                if running && line.status == RuleStatus::Met {
                    met_early.push((line.rule, query.to_string()));
                }
            }
            session.answer(&query, zone.ask(&query).unwrap().clone());
        }
        assert!(
            CHECKS.iter().any(|check| check.id == CheckId::Dkim) && met_early.is_empty(),
            "{met_early:?}"
        );
    }

    #[test]
    fn they_do_not_concern_who_does_not_send() {
        assert!(report("example.org. TXT \"v=spf1 -all\"\n MX 0 .", None, &[]).rules.is_empty());
        let address = Target { ips: vec!["11.22.33.44".parse().unwrap()], ..Target::default() };
        assert!(Session::new(address, Rc::default(), ListKeys::default()).report().rules.is_empty());
        let mut gone = Session::new(
            Target::domain(Name::parse("gone.example").unwrap()),
            Rc::default(),
            ListKeys::default(),
        );
        let zone = Zone::parse("example.org. SOA ns. host. 1 1\n").unwrap();
        while let Some(query) = gone.poll_query() {
            gone.answer(&query, zone.ask(&query).unwrap().clone());
        }
        assert!(gone.report().rules.is_empty());
    }

    #[test]
    fn a_gmail_address_in_the_from_line_is_for_gmail_alone() {
        let target = Target::domain(Name::parse("gmail.com").unwrap());
        let report = Session::new(target, Rc::default(), ListKeys::default()).report();
        assert_eq!(line(&report, "gmail-from").status, RuleStatus::OnlyYou);
    }
}
