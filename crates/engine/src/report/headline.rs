//! The verdict over a whole report, in one place: page, text and module say the same.
//!
//! It never says more than is known. "In order" is said only where everything that was asked has an answer, "partly" only of
//! what passed, and a domain whose mail cannot work, or whose records are not the user's, has a headline of its own.

use serde::Serialize;

use crate::{
    check::{CheckId, Code, Level},
    checklist::ChecklistStep,
    dns::{Failure, Outcome},
    report::{CheckReport, FindingReport, Report},
};

/// An unknown of this weight leaves open what decides whether mail works at all.
const DECIDES: u8 = 50;
/// Extended errors that lay the failure to the zone's own servers: none reached, error on the way to them, what they sent
/// not valid (RFC 8914 sections 4.23 to 4.25).
const OF_THE_SERVERS: [u16; 3] = [22, 23, 24];

/// The verdict, and what is counted beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Headline {
    /// The verdict itself.
    #[serde(rename = "says")]
    pub verdict: HeadlineVerdict,
    /// Causes that stop mail.
    pub stops: usize,
    /// Causes that are worth mending.
    pub improve: usize,
    /// What could not be checked, each once: the name of a check, or [`SENDING_ADDRESS`].
    pub unchecked: Vec<&'static str>,
}

/// Stands in [`Headline::unchecked`] for the address that sends, which nobody has named or that could not be found.
pub const SENDING_ADDRESS: &str = "sending-address";

words! {
    /// What the headline says. Each has words: `headline.<slug>` and, for what it means and what to do, `headline.<slug>.then`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
    pub enum HeadlineVerdict {
        /// Answers are still awaited, or the run was stopped before its end.
        #[default]
        Unfinished = "unfinished",
        /// The only resolver does not answer truthfully.
        ResolverUntruthful = "resolver-untruthful",
        /// No lookup brought an answer.
        NothingChecked = "nothing-checked",
        /// The name servers of the domain do not answer, while those of other domains do.
        NameServersDoNotAnswer = "name-servers-do-not-answer",
        /// There is no such domain: misspelt, never registered, run out, or put on hold by the registrar.
        DomainDoesNotExist = "domain-does-not-exist",
        /// The registrar has put servers of its own in place of the domain's, as after a registration that ran out.
        DomainRanOut = "domain-ran-out",
        /// The domain is parked: it is for sale, or unused.
        DomainParked = "domain-parked",
        /// The domain belongs to a provider of mailboxes: its records are not the user's.
        NotYourRecords = "not-your-records",
        /// SPF lets nobody send although the domain is used for mail.
        NobodyMaySend = "nobody-may-send",
        /// Something stops mail.
        StopsMail = "stops-mail",
        /// What decides whether mail works could not be looked up.
        CouldNotCheck = "could-not-check",
        /// The domain says that it sends no mail.
        SendsNoMail = "sends-no-mail",
        /// Nothing stops mail; something is worth mending.
        WorthMending = "worth-mending",
        /// What could be checked is in order, and something could not.
        PartlyChecked = "partly-checked",
        /// Everything has an answer, and nothing is wrong.
        InOrder = "in-order",
    }
    key "headline.{}"
}

impl HeadlineVerdict {
    /// The key of what it means and what to do.
    #[must_use]
    pub fn key_of_advice(self) -> String {
        format!("{}.then", self.key())
    }

    /// How grave it is.
    #[must_use]
    pub fn level(self) -> Level {
        match self {
            Self::NameServersDoNotAnswer
            | Self::DomainDoesNotExist
            | Self::DomainRanOut
            | Self::NobodyMaySend
            | Self::StopsMail => Level::Stops,
            Self::DomainParked | Self::SendsNoMail | Self::WorthMending => Level::Improve,
            Self::Unfinished | Self::ResolverUntruthful | Self::NothingChecked | Self::CouldNotCheck => {
                Level::Unknown
            }
            Self::NotYourRecords | Self::PartlyChecked => Level::Info,
            Self::InOrder => Level::Pass,
        }
    }

    /// Whether what could not be checked is named beside it, and not all or nothing.
    #[must_use]
    pub fn names_unchecked(self) -> bool {
        !matches!(
            self,
            Self::Unfinished
                | Self::ResolverUntruthful
                | Self::NothingChecked
                | Self::NameServersDoNotAnswer
                | Self::DomainDoesNotExist
        )
    }

    /// Whether it matters which address sends: not where no mail leaves, or nothing is known of it.
    #[must_use]
    pub fn asks_who_sends(self) -> bool {
        self.names_unchecked() && !matches!(self, Self::SendsNoMail | Self::DomainParked | Self::DomainRanOut)
    }

    /// Whether there are records, or could be, that the user may change: not where there is no domain to have any, and not those
    /// of a provider of mailboxes.
    #[must_use]
    pub fn has_records_of_the_user(self) -> bool {
        !matches!(self, Self::DomainDoesNotExist | Self::DomainRanOut | Self::NotYourRecords)
    }

    /// Whether the causes that stop mail, or are worth mending, are counted beside it.
    #[must_use]
    pub fn counts_beside(self, level: Level) -> bool {
        match self {
            Self::NotYourRecords | Self::DomainDoesNotExist => false,
            Self::StopsMail | Self::NobodyMaySend | Self::DomainRanOut => level == Level::Improve,
            Self::WorthMending => false,
            _ => true,
        }
    }
}

impl Headline {
    /// The headline of a report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let unchecked = unchecked(report);
        let verdict = verdict(report, &unchecked);
        Self { verdict, stops: report.summary.stops, improve: report.summary.improve, unchecked }
    }
}

fn verdict(report: &Report, unchecked: &[&'static str]) -> HeadlineVerdict {
    if report.running {
        return HeadlineVerdict::Unfinished;
    }
    let has = |code| has(report, code);
    let failed = || report.evidence.iter().filter_map(|evidence| evidence.outcome.failure());
    if failed().any(|failure| failure == Failure::Untruthful) {
        return HeadlineVerdict::ResolverUntruthful;
    }
    if report.evidence.len() == failed().count() {
        return HeadlineVerdict::NothingChecked;
    }
    if servers_fail(report) {
        return HeadlineVerdict::NameServersDoNotAnswer;
    }
    if has(Code::Dom010) {
        return HeadlineVerdict::DomainDoesNotExist;
    }
    if has(Code::Nsh120) {
        return HeadlineVerdict::DomainRanOut;
    }
    if has(Code::Nsh130) && !has(Code::Mx200) {
        return HeadlineVerdict::DomainParked;
    }
    if has(Code::Prv050) && !stops_the_user(report) {
        return HeadlineVerdict::NotYourRecords;
    }
    let gravest = report.rows.first().and_then(|row| report.finding(*row.first()?));
    if let Some(gravest) = gravest.filter(|finding| finding.level == Level::Stops) {
        return if gravest.code == Code::Spf300 {
            HeadlineVerdict::NobodyMaySend
        } else {
            HeadlineVerdict::StopsMail
        };
    }
    if report.findings().any(|(_, finding)| finding.level == Level::Unknown && finding.weight >= DECIDES) {
        return HeadlineVerdict::CouldNotCheck;
    }
    if report.views.mail_use.denied {
        return HeadlineVerdict::SendsNoMail;
    }
    let passes = report.findings().any(|(_, finding)| finding.level == Level::Pass);
    match (report.summary.improve, unchecked, passes) {
        (1.., ..) => HeadlineVerdict::WorthMending,
        (_, [], true) => HeadlineVerdict::InOrder,
        (_, _, true) => HeadlineVerdict::PartlyChecked,
        (_, _, false) => HeadlineVerdict::CouldNotCheck,
    }
}

fn has(report: &Report, code: Code) -> bool {
    report.findings().any(|(_, finding)| finding.code == code)
}

/// Whether the servers of the domain's zone are at fault: a second resolver got nothing from them either, or the resolver
/// names them. Where nothing else was answered it may as well be the resolvers' own trouble.
fn servers_fail(report: &Report) -> bool {
    let soa = report.findings().find(|(_, finding)| finding.code == Code::Dom020);
    let outcomes =
        soa.iter().flat_map(|(_, finding)| finding.evidence.iter().map(|&at| &report.evidence[at].outcome));
    let of_the_zone = |outcome: &Outcome| {
        let meta = outcome.meta();
        outcome.failure() == Some(Failure::ServFail)
            && (meta.confirmed || meta.ede.iter().any(|error| OF_THE_SERVERS.contains(&error.code)))
    };
    outcomes.into_iter().any(of_the_zone) && !has(report, Code::Sec030) && !has(report, Code::Sec040)
}

/// Whether something stops mail that is the user's to mend, where the domain is a provider's: not the provider's records.
fn stops_the_user(report: &Report) -> bool {
    report.findings().any(|(check, finding)| finding.level == Level::Stops && !is_of_the_domain(check))
}

/// Whether a check looks at records of the domain, or at its name.
fn is_of_the_domain(check: &CheckReport) -> bool {
    check.step == ChecklistStep::Dns && check.id != CheckId::SpfSender || check.id == CheckId::BlocklistDomain
}

/// What could not be checked, each check once. A list that proves to be broken is used by nobody, so it is not counted
/// while another one has an answer about the same subject.
fn unchecked(report: &Report) -> Vec<&'static str> {
    let not_yours = has(report, Code::Prv050);
    let mut unchecked = Vec::new();
    for (check, finding) in report.findings() {
        let does_not_apply = not_yours && is_of_the_domain(check);
        if does_not_apply || !is_open(report, check, finding) {
            continue;
        }
        let what = match finding.code {
            Code::Bl130 | Code::Bl140 | Code::Bl220 | Code::Bl230 => SENDING_ADDRESS,
            // To the user lists are one thing.
            _ if finding.code.is_of_lists() => CheckId::BlocklistAddress.as_str(),
            _ => check.id.as_str(),
        };
        if !unchecked.contains(&what) {
            unchecked.push(what);
        }
    }
    unchecked
}

/// Whether a finding leaves something open: it says so, or rests on a lookup that failed.
fn is_open(report: &Report, check: &CheckReport, finding: &FindingReport) -> bool {
    // Who owns an address is nice to know: nothing rests on it, and nobody can make those services answer.
    if check.id == CheckId::Owner {
        return false;
    }
    let broken = matches!(finding.code, Code::Bl090 | Code::Bl100);
    if broken {
        let answers = |other: &&FindingReport| {
            matches!(other.level, Level::Pass | Level::Stops | Level::Improve)
                && other.subject == finding.subject
        };
        return !check.findings.iter().any(|other| answers(&other));
    }
    finding.level == Level::Unknown
        || finding.evidence.iter().any(|&at| report.evidence[at].outcome.failure().is_some())
}
