//! How a receiver judges mail: what SPF, DKIM and DMARC say together.
//!
//! A domain's records are not a message. Whether a message is signed cannot be seen from here, and the return address is
//! taken to be at the domain itself. So the answer often is "if": it is said as such, never as a result.

use std::net::IpAddr;

use serde::Serialize;

use super::senders;
use crate::{
    cx::Cx,
    dmarc::{self, Alignment, AppliedPolicy, PolicyDiscovery, PolicySource, Vouch, verdict},
    dns::{Failure, Name},
    facts::Ask,
    record::{
        dmarc::{AlignmentMode, Effect, Policy},
        spf::parse,
    },
    spf::{Evaluation, Reason, Selected, SpfResult, evaluate, select},
    view::{
        keys::{DkimKeys, keys},
        spf,
    },
};

pub use crate::dmarc::DmarcVerdict;

/// How mail of a domain is judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MailJudgement {
    /// The domain in the From line.
    pub from: Name,
    /// The domain of the return address, which SPF is about.
    pub envelope: Name,
    /// What the return address has to do with the From line.
    pub spf_match: AlignmentMatch,
    /// What can be said of a signature.
    pub dkim: DkimOutcome,
    /// What a signature of the domain's own has to do with the From line.
    pub dkim_match: AlignmentMatch,
    /// What the domain asks receivers to do.
    pub rule: RequestedPolicy,
    /// One for each sending address; one without an address if none is known.
    pub senders: Vec<SenderJudgement>,
}

/// Whether a name vouches for the From line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AlignmentMatch {
    /// Whether it does; none if that could not be looked up.
    pub aligned: Option<bool>,
    /// Whether it has to be the very same name.
    pub strict: bool,
}

/// What can be said of signatures from the keys that are published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "detail", rename_all = "kebab-case")]
pub enum DkimOutcome {
    /// Keys that receivers can use stand under these selectors: mail that is signed with them passes.
    Ready(Vec<String>),
    /// There are keys, but receivers cannot use them.
    Unusable(Vec<String>),
    /// There is no key; that is proven.
    Absent,
    /// No key under so many names that were tried.
    NotFound(usize),
    /// Not known.
    Unknown(Option<Failure>),
}

/// What a domain asks receivers to do with mail that fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "detail", rename_all = "kebab-case")]
pub enum RequestedPolicy {
    /// A record asks for it.
    Policy {
        /// What it asks for in the end.
        policy: Policy,
        /// The domain whose record it is, if it is another one.
        #[serde(skip_serializing_if = "Option::is_none")]
        by: Option<Name>,
        /// Whether the policy is being tested, and one level less is asked for.
        testing: bool,
    },
    /// There is no record, or none with an effect.
    Nothing,
    /// Not known.
    Unknown(Failure),
}

/// One sending address, judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SenderJudgement {
    /// The address; none if it is not known which one sends.
    pub ip: Option<IpAddr>,
    /// What SPF says.
    pub spf: SpfOutcome,
    /// What DMARC makes of it.
    pub verdict: DmarcVerdict,
    /// What receivers do then.
    pub fate: Fate,
}

/// What SPF says of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "detail", rename_all = "kebab-case")]
pub enum SpfOutcome {
    /// The result, the term that decided it, and why there is no proper one.
    Result(SpfResult, Option<String>),
    /// It depends on the address, which is not known.
    NoAddress,
    /// Not known.
    Unknown(Option<Failure>),
}

impl SenderJudgement {
    /// Whether the domain says that nobody at all may send in its name.
    #[must_use]
    pub fn is_parked(&self) -> bool {
        self.ip.is_none() && matches!(self.spf, SpfOutcome::Result(SpfResult::Fail, _))
    }
}

/// Where mail ends up, as far as these three decide it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Fate {
    /// Delivered like other mail.
    pub inbox: Chance,
    /// Put with the spam.
    pub junk: Chance,
    /// Not taken.
    pub refused: Chance,
}

words! {
    /// How likely an end is.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Chance {
        /// Not for this reason.
        No = "no",
        /// It may be.
        Maybe = "maybe",
        /// This is it.
        Yes = "yes",
    }
    key "judge.chance.{}"
}

impl MailJudgement {
    /// How mail of `domain` is judged; none if the domain does not exist, or not all of it is known yet.
    #[must_use]
    pub fn of(cx: &Cx<'_>, domain: &Name) -> Option<Self> {
        let discovery = dmarc::discover(cx, domain).ok()?;
        if discovery.exists == Some(false) {
            return None;
        }
        let dkim = match keys(cx, domain) {
            Ok(DkimKeys::Working(selectors)) => DkimOutcome::Ready(selectors),
            Ok(DkimKeys::Unusable(selectors)) => DkimOutcome::Unusable(selectors),
            Ok(DkimKeys::Absent | DkimKeys::Revoked) => DkimOutcome::Absent,
            Ok(DkimKeys::NotFound(tried)) => DkimOutcome::NotFound(tried),
            Ok(DkimKeys::Unknown(failure)) => DkimOutcome::Unknown(Some(failure)),
            Err(_) => DkimOutcome::Unknown(None),
        };
        let (adkim, aspf) =
            discovery.applied().map_or((AlignmentMode::Relaxed, AlignmentMode::Relaxed), |application| {
                (application.adkim, application.aspf)
            });
        let mut checked: Vec<(Option<IpAddr>, SpfOutcome)> =
            senders(cx).map(|ip| (Some(ip), spf_of(cx, domain, ip))).collect();
        if checked.is_empty() {
            checked.push((None, without_address(cx, domain)));
        }
        let spf_match = matching(cx, domain, domain, aspf);
        let dkim_match = matching(cx, domain, domain, adkim);
        Some(Self::new(domain, domain, dkim, [spf_match, dkim_match], rule(&discovery), checked))
    }

    /// Puts together what is known: SPF of each address, the keys, what they have to do with the From line (first the
    /// return address, then signatures), and what the domain asks for.
    #[must_use]
    pub fn new(
        from: &Name,
        envelope: &Name,
        dkim: DkimOutcome,
        [spf_match, dkim_match]: [AlignmentMatch; 2],
        rule: RequestedPolicy,
        checked: Vec<(Option<IpAddr>, SpfOutcome)>,
    ) -> Self {
        let senders = checked.into_iter().map(|(ip, spf)| {
            let verdict = judged(&spf, spf_match, &dkim, dkim_match);
            SenderJudgement { ip, spf, verdict, fate: fate(verdict, &rule) }
        });
        let senders = senders.collect();
        Self { from: from.clone(), envelope: envelope.clone(), spf_match, dkim, dkim_match, rule, senders }
    }
}

fn judged(
    spf: &SpfOutcome,
    spf_match: AlignmentMatch,
    dkim: &DkimOutcome,
    dkim_match: AlignmentMatch,
) -> DmarcVerdict {
    let by_spf = match spf {
        SpfOutcome::Result(SpfResult::Pass, _) => Vouch::Yes,
        SpfOutcome::Result(..) => Vouch::No,
        SpfOutcome::NoAddress => Vouch::Perhaps,
        SpfOutcome::Unknown(_) => Vouch::Unknown,
    };
    let by_dkim = match dkim {
        DkimOutcome::Ready(_) | DkimOutcome::NotFound(_) => Vouch::Perhaps,
        DkimOutcome::Unusable(_) | DkimOutcome::Absent => Vouch::No,
        DkimOutcome::Unknown(_) => Vouch::Unknown,
    };
    match verdict(by_spf.aligned(spf_match.aligned), by_dkim.aligned(dkim_match.aligned)) {
        DmarcVerdict::IfSigned if matches!(dkim, DkimOutcome::NotFound(_)) => DmarcVerdict::IfSignedUnseen,
        verdict => verdict,
    }
}

fn fate(verdict: DmarcVerdict, rule: &RequestedPolicy) -> Fate {
    let failing = match rule {
        RequestedPolicy::Policy { policy: Policy::Reject, .. } => [Chance::No, Chance::No, Chance::Yes],
        RequestedPolicy::Policy { policy: Policy::Quarantine, .. } => [Chance::No, Chance::Yes, Chance::No],
        // Nobody is asked for anything, and receivers have rules of their own for mail that nobody vouches for.
        RequestedPolicy::Policy { .. } | RequestedPolicy::Nothing => {
            [Chance::Maybe, Chance::Maybe, Chance::Maybe]
        }
        RequestedPolicy::Unknown(_) => [Chance::Maybe; 3],
    };
    let [inbox, junk, refused] = match verdict {
        DmarcVerdict::Pass => [Chance::Yes, Chance::No, Chance::No],
        DmarcVerdict::Fail => failing,
        DmarcVerdict::IfSigned
        | DmarcVerdict::IfSignedUnseen
        | DmarcVerdict::IfSender
        | DmarcVerdict::Unknown => {
            let [_, junk, refused] = failing;
            [Chance::Maybe, junk.min(Chance::Maybe), refused.min(Chance::Maybe)]
        }
    };
    Fate { inbox, junk, refused }
}

fn spf_of(cx: &Cx<'_>, domain: &Name, ip: IpAddr) -> SpfOutcome {
    let first = cx.first();
    let Ok(evaluation) = evaluate(&first, &spf::message(cx, domain, ip)) else {
        return SpfOutcome::Unknown(None);
    };
    match (evaluation.result, evaluation.problem.map(|problem| problem.reason)) {
        (SpfResult::TempError, Some(Reason::Lookup(failure))) => SpfOutcome::Unknown(Some(failure)),
        (SpfResult::TempError, _) => SpfOutcome::Unknown(None),
        (result, _) => SpfOutcome::Result(result, deciding(&evaluation)),
    }
}

/// The term of the domain's own record that decided, or at which the evaluation ended.
fn deciding(evaluation: &Evaluation<'_>) -> Option<String> {
    let problem = evaluation.problem.and_then(|problem| evaluation.trace.get(problem.entry? as usize));
    let entry = problem.or_else(|| evaluation.decisive())?;
    evaluation.term(entry).map(|(_, text)| text.to_owned())
}

/// What SPF says whatever the address is.
fn without_address(cx: &Cx<'_>, domain: &Name) -> SpfOutcome {
    let Ok(outcome) = cx.ask(&spf::query(domain)) else { return SpfOutcome::Unknown(None) };
    match select(outcome) {
        Selected::Nothing | Selected::NoneAmongOthers => SpfOutcome::Result(SpfResult::None, None),
        Selected::Several(_) => SpfOutcome::Result(SpfResult::PermError, None),
        Selected::Failed(failure) => SpfOutcome::Unknown(Some(failure)),
        Selected::One(txt) if parse(&txt.text()).breaking().is_some() => {
            SpfOutcome::Result(SpfResult::PermError, None)
        }
        Selected::One(txt) => for_everybody(&txt.text()),
    }
}

/// A record that begins with `all` says the same of every address.
fn for_everybody(text: &str) -> SpfOutcome {
    let record = parse(text);
    let first = record.terms.iter().find(|term| term.directive().is_some());
    match first.and_then(|term| Some((term, term.all()?))) {
        Some((term, qualifier)) => SpfOutcome::Result(qualifier.into(), Some(term.span.of(text).to_owned())),
        None => SpfOutcome::NoAddress,
    }
}

fn matching(cx: &Cx<'_>, from: &Name, other: &Name, mode: AlignmentMode) -> AlignmentMatch {
    let known = |alignment: Alignment| match alignment.unsure() {
        Some(_) => None,
        None => Some(alignment.aligned),
    };
    let aligned = dmarc::aligned(from, other, mode, cx).ok().and_then(known);
    AlignmentMatch { aligned, strict: mode == AlignmentMode::Strict }
}

fn rule(discovery: &PolicyDiscovery) -> RequestedPolicy {
    match &discovery.policy {
        AppliedPolicy::Unknown { failure, .. } => RequestedPolicy::Unknown(*failure),
        AppliedPolicy::Nothing => RequestedPolicy::Nothing,
        AppliedPolicy::Record(application) => match application.asked {
            Some(policy) if application.effect != Effect::Nothing => RequestedPolicy::Policy {
                policy,
                by: (application.source != PolicySource::Author).then(|| application.domain.clone()),
                testing: application.testing,
            },
            _ => RequestedPolicy::Nothing,
        },
    }
}
