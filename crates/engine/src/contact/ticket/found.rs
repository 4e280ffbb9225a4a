//! What the run found, could not check and ruled out.

use super::{Writer, moment::moment};
use crate::{
    check::{Arg, Args, CheckId, Code, FindingText, Level, Subject},
    checklist::ChecklistStep,
    contact::{ContactParty, party::owner},
    knowledge::Role,
    report::{CheckReport, FindingReport, Report},
    report_text,
    view::listings::Listing,
};

/// Problems that are told; more are not read.
const MOST_PROBLEMS: usize = 6;
/// Lines of evidence for each, to whoever can mend it.
const MOST_EVIDENCE: usize = 3;
/// Things ruled out, or not known, that are told.
const MOST_OTHERS: usize = 12;

impl Writer<'_> {
    /// Whether a finding belongs into this message.
    fn concerns(&self, check: &CheckReport, finding: &FindingReport) -> bool {
        // Whom somebody wrote to is nobody else's business.
        if check.id == CheckId::Recipient
            && !self.wishes.third_parties
            && *self.party != ContactParty::Postmaster
        {
            return false;
        }
        let trusted = [
            CheckId::Ptr,
            CheckId::Spf,
            CheckId::SpfSender,
            CheckId::Dkim,
            CheckId::Dmarc,
            CheckId::BlocklistAddress,
            CheckId::BlocklistDomain,
        ];
        match self.party {
            ContactParty::Mailbox => true,
            ContactParty::AddressOwner => {
                let about = owner(self.case).map(|owner| Subject::from(owner.ip));
                [CheckId::Ptr, CheckId::BlocklistAddress].contains(&check.id)
                    && about.as_ref() == Some(&finding.subject)
            }
            ContactParty::DnsHost => check.step == ChecklistStep::Dns || finding.fix.is_some(),
            ContactParty::List(id) => match finding.level {
                Level::Stops | Level::Improve => {
                    let listing = self.case.report.and_then(|report| report.listing(finding));
                    listing.is_some_and(|listing| listing.list.id == *id)
                }
                _ => trusted.contains(&check.id),
            },
            ContactParty::Postmaster => trusted.contains(&check.id) || check.id == CheckId::Recipient,
        }
    }

    pub(super) fn found(&mut self, report: &Report) {
        let time = self.wishes.checked.map(|unix| moment(unix, self.wishes.local, self.catalog, self.plural));
        let head = match time {
            Some(time) => self.with("ticket.found.at", "time", time.into()),
            None => self.say("ticket.found"),
        };
        let concerns = |&place: &(usize, usize)| {
            let (check, finding) = (report.checks.get(place.0)?, report.finding(place)?);
            self.concerns(check, finding).then_some(finding)
        };
        let causes: Vec<&FindingReport> = report.causes.iter().filter_map(concerns).collect();
        self.line("");
        self.line(&head);
        if causes.is_empty() {
            let nothing =
                self.say(if report.running { "ticket.found.stopped" } else { "ticket.found.nothing" });
            self.item(&nothing);
        }
        for finding in causes.into_iter().take(MOST_PROBLEMS) {
            self.problem(report, finding);
        }
    }

    /// One problem, with its proof, and to whoever keeps the records with what to change.
    fn problem(&mut self, report: &Report, finding: &FindingReport) {
        let title = self.title(finding);
        self.item(&format!("{title} ({})", finding.code.id()));
        // Whoever cannot mend it needs no more than a proof.
        let mends = matches!(self.party, ContactParty::List(_) | ContactParty::DnsHost);
        let most = if mends { MOST_EVIDENCE } else { 1 };
        for label in finding.labels.iter().take(most) {
            self.line(&format!("    {} {}: {}", label.name, label.rtype, label.text));
        }
        for evidence in finding.evidence.iter().filter_map(|&at| report.evidence.get(at)).take(most) {
            let answer = report_text::answer(evidence, self.catalog, self.plural);
            self.line(&format!("    {} -> {answer}", evidence.query));
        }
        for fix in finding.also.iter().chain(&finding.fix).filter(|_| *self.party == ContactParty::DnsHost) {
            for (key, texts) in [("ticket.remove", &fix.remove), ("ticket.publish", &fix.publish)] {
                for text in texts {
                    let what = self.say(key);
                    self.line(&format!("    {what} {} {} {text}", fix.owner, fix.rtype));
                }
            }
        }
    }

    /// What could not be checked: said, so that nobody takes it for ruled out.
    pub(super) fn unknown(&mut self, report: &Report) {
        let lines = self.titles(report, Level::Unknown, "ticket.unknown.lists");
        self.all("ticket.unknown", lines);
    }

    /// What passed.
    pub(super) fn clean(&mut self, report: &Report) {
        let lines = self.titles(report, Level::Pass, "ticket.clean.lists");
        self.all("ticket.clean", lines);
    }

    /// Titles of one level, each once; the lists in one line.
    fn titles(&self, report: &Report, level: Level, key: &str) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut lists: Vec<String> = Vec::new();
        for (check, finding) in report.findings() {
            if finding.level != level || !self.concerns(check, finding) {
                continue;
            }
            match report.listing(finding) {
                // A list of senders that are trusted blocks nobody.
                Some(Listing { list, role, .. }) if finding.code != Code::Bl120 && *role != Role::Allow => {
                    if !lists.contains(&list.name) {
                        lists.push(list.name.clone());
                    }
                }
                _ => {
                    let title = self.title(finding);
                    if !lines.contains(&title) && lines.len() < MOST_OTHERS {
                        lines.push(title);
                    }
                }
            }
        }
        if !lists.is_empty() {
            let mut args = Args::default();
            args.set("n", lists.len().into());
            args.set("lists", Arg::list(lists));
            lines.push(self.catalog.say(key, &args, self.plural));
        }
        lines
    }

    fn title(&self, finding: &FindingReport) -> String {
        self.catalog.say(&finding.code.key(FindingText::Title), &finding.args, self.plural)
    }
}
