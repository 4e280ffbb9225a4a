//! Which DMARC policy applies to a domain, and whether two names belong to the same owner (RFC 9989).
//!
//! [`discover`] finds the policy by the tree walk, and beside it what the older rule of RFC 7489 would find.
//! [`aligned`] compares two names. Both ask through [`Ask`], like everything else.

pub mod report;
pub mod suffix;
mod verdict;
mod walk;

use serde::Serialize;

use crate::{
    dns::{Failure, Name, Query, Rtype},
    facts::{Ask, Step},
    record::dmarc::{AlignmentMode, Dmarc, Effect, Policy, PolicyTag},
};

pub use suffix::SuffixConfidence;
pub use verdict::{DmarcVerdict, Vouch, verdict};
pub use walk::{Organizational, RecordsFound, Walk, WalkStep, names, question, skipped, walk};

pub(crate) use walk::texts;

/// What applies to mail from a domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyDiscovery {
    /// The domain in the From line.
    pub domain: Name,
    /// Whether it exists in the DNS; `None` if that could not be looked up. A zone that denies names the short way
    /// (RFC 9824) makes every name look as if it existed.
    pub exists: Option<bool>,
    /// The tree walk from the domain.
    pub walk: Walk,
    /// The organizational domain.
    pub organizational: Organizational,
    /// The policy that applies, or why none is known.
    pub policy: AppliedPolicy,
    /// What receivers find that still follow RFC 7489.
    pub old: OldRule,
}

/// The policy that applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum AppliedPolicy {
    /// A record speaks for the domain.
    Record(Box<AppliedRecord>),
    /// No record speaks for the domain: receivers leave DMARC alone.
    Nothing,
    /// A lookup failed on which it depends.
    Unknown {
        /// The name that could not be looked up.
        asked: Name,
        /// Why.
        failure: Failure,
    },
}

/// How a record speaks for a domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AppliedRecord {
    /// The domain whose record it is.
    pub domain: Name,
    /// The record's text, untrusted.
    pub text: String,
    /// Why this record.
    pub source: PolicySource,
    /// What the record does with its policies.
    pub effect: Effect,
    /// The policy as written for this domain, and the tag it stands in; `None` if the record has no effect.
    pub policy: Option<Policy>,
    /// The tag that speaks for the domain.
    pub tag: PolicyTag,
    /// Whether the policy is only tested (`t=y`).
    pub testing: bool,
    /// What receivers are asked to do in the end: the policy, or one level less while it is tested.
    pub asked: Option<Policy>,
    /// How near a DKIM signature's domain must be.
    pub adkim: AlignmentMode,
    /// How near the envelope sender's domain must be.
    pub aspf: AlignmentMode,
}

words! {
    /// Why a record speaks for a domain, in the order of preference (RFC 9989 section 4.10.1).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum PolicySource {
        /// It is the domain's own.
        Author = "author",
        /// It is that of the organizational domain.
        Organizational = "organizational",
        /// It is that of the public suffix above.
        PublicSuffix = "public-suffix",
    }
    key "dmarc.source.{}"
}

/// What the rule of RFC 7489 gives: the domain's own record, or that of the registered domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OldRule {
    /// The registered domain, which was the organizational domain.
    pub organizational: Name,
    /// How well that is known.
    pub known: SuffixConfidence,
    /// The domain whose record counts; `None` if there is none.
    pub domain: Option<Name>,
    /// The policy for the domain; `None` if there is no record, or none with an effect.
    pub policy: Option<Policy>,
    /// A lookup that failed on which this depends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsure: Option<Failure>,
}

impl AppliedRecord {
    /// Whether it is the record of an ending under which others register their domains, and says nothing that this domain
    /// chose. Of a domain that only claims to be such an ending it is not.
    #[must_use]
    pub fn is_borrowed(&self) -> bool {
        let claimed =
            suffix::registered(&self.domain).0 == self.domain && !suffix::is_public_suffix(&self.domain);
        self.source == PolicySource::PublicSuffix && !claimed
    }
}

impl PolicyDiscovery {
    /// The record that speaks for the domain.
    #[must_use]
    pub fn applied(&self) -> Option<&AppliedRecord> {
        match &self.policy {
            AppliedPolicy::Record(application) => Some(application),
            _ => None,
        }
    }

    /// Whether old and new receivers come to different answers: another policy, or other names that count as the
    /// same owner. Unknown lookups do not count as a difference.
    #[must_use]
    pub fn rules_differ(&self) -> bool {
        if self.old.unsure.is_some() || self.organizational.unsure.is_some() {
            return false;
        }
        match &self.policy {
            AppliedPolicy::Record(new) => {
                let strict = new.adkim == AlignmentMode::Strict && new.aspf == AlignmentMode::Strict;
                new.policy != self.old.policy
                    || !strict
                        && new.effect != Effect::Nothing
                        && self.old.organizational != self.organizational.name
            }
            AppliedPolicy::Nothing => self.old.policy.is_some(),
            AppliedPolicy::Unknown { .. } => false,
        }
    }
}

/// Finds the policy that applies to mail from `domain`.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) while an answer is missing.
pub fn discover(ask: &dyn Ask, domain: &Name) -> Step<PolicyDiscovery> {
    // Both before either is waited for.
    let soa = ask.ask(&Query::new(domain.clone(), Rtype::Soa));
    let walk = walk(ask, domain);
    let soa = soa?;
    let exists = if soa.failure().is_some() { None } else { Some(!soa.is_gone()) };
    let walk = walk?;
    let organizational = walk.organizational();
    let policy = applied(domain, exists, &walk, &organizational);
    let old = old_rule(ask, domain, &walk)?;
    Ok(PolicyDiscovery { domain: domain.clone(), exists, walk, organizational, policy, old })
}

fn applied(
    domain: &Name,
    exists: Option<bool>,
    walk: &Walk,
    organizational: &Organizational,
) -> AppliedPolicy {
    let apply = |at: &Name, text: &str, source| {
        AppliedPolicy::Record(Box::new(application(domain, exists, at, text, source)))
    };
    if let Some(text) = walk.record_at(domain) {
        return apply(domain, text, PolicySource::Author);
    }
    // Without the domain's own record everything above counts: a missing answer there could be the deciding one.
    if let Some((step, failure)) = walk.failed() {
        return AppliedPolicy::Unknown { asked: step.asked.clone(), failure };
    }
    if let Some(text) = walk.record_at(&organizational.name) {
        return apply(&organizational.name, text, PolicySource::Organizational);
    }
    match walk.public_suffix().and_then(|name| Some((name, walk.record_at(name)?))) {
        Some((name, text)) => apply(name, text, PolicySource::PublicSuffix),
        None => AppliedPolicy::Nothing,
    }
}

fn application(
    domain: &Name,
    exists: Option<bool>,
    at: &Name,
    text: &str,
    source: PolicySource,
) -> AppliedRecord {
    let record = Dmarc::parse(text);
    let tag = match (at == domain, exists) {
        (true, _) => PolicyTag::P,
        (false, Some(false)) => PolicyTag::Np,
        (false, _) => PolicyTag::Sp,
    };
    let said = record.policy_for(tag);
    let policy = said.map(|(policy, _)| policy);
    let testing = record.is_testing();
    AppliedRecord {
        domain: at.clone(),
        text: text.to_owned(),
        source,
        effect: record.effect(),
        policy,
        tag: said.map_or(tag, |(_, tag)| tag),
        testing,
        asked: policy.map(|policy| if testing { policy.one_lower() } else { policy }),
        adkim: record.adkim(),
        aspf: record.aspf(),
    }
}

/// RFC 7489 section 6.6.3: the domain, then the registered domain, nothing between; several records end it.
fn old_rule(ask: &dyn Ask, domain: &Name, walk: &Walk) -> Step<OldRule> {
    let (organizational, known) = suffix::registered(domain);
    let mut rule =
        OldRule { organizational: organizational.clone(), known, domain: None, policy: None, unsure: None };
    let names = if organizational == *domain { vec![domain] } else { vec![domain, &organizational] };
    for name in names {
        let met = walk.steps.iter().find(|step| step.domain == *name).map(|step| step.found.clone());
        let found = match met {
            Some(found) => found,
            // The walk did not come by: it ended below, or left the name out.
            None => match walk::walk_one(ask, name)? {
                Some(found) => found,
                None => continue,
            },
        };
        match found {
            RecordsFound::Nothing => continue,
            RecordsFound::Several { .. } => {}
            RecordsFound::Failed { failure } => rule.unsure = Some(failure),
            RecordsFound::Record { text, .. } => {
                let tag = if name == domain { PolicyTag::P } else { PolicyTag::Sp };
                rule.domain = Some(name.clone());
                rule.policy = Dmarc::parse(&text).policy_for(tag).map(|(policy, _)| policy);
            }
        }
        break;
    }
    Ok(rule)
}

/// Whether one name may vouch for mail from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Alignment {
    /// Whether it may.
    pub aligned: bool,
    /// The organizational domain of the first name; not looked for where it does not matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Organizational>,
    /// The organizational domain of the second name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second: Option<Organizational>,
    /// What a receiver finds that compares registered domains (RFC 7489).
    pub by_old_rule: bool,
}

impl Alignment {
    /// A lookup that failed: with its answer the result might be another one.
    #[must_use]
    pub fn unsure(&self) -> Option<Failure> {
        [&self.first, &self.second].into_iter().flatten().find_map(|org| org.unsure)
    }
}

/// Compares the domain of the From line with one that SPF or DKIM vouches for (RFC 9989 section 4.10.2).
///
/// # Errors
/// [`Pending`](crate::facts::Pending) while an answer is missing.
pub fn aligned(a: &Name, b: &Name, mode: AlignmentMode, ask: &dyn Ask) -> Step<Alignment> {
    let same = a == b;
    if same || mode == AlignmentMode::Strict {
        return Ok(Alignment { aligned: same, first: None, second: None, by_old_rule: same });
    }
    let (first, second) = (walk(ask, a), walk(ask, b));
    let (first, second) = (first?.organizational(), second?.organizational());
    Ok(Alignment {
        aligned: first.name == second.name,
        by_old_rule: suffix::registered(a).0 == suffix::registered(b).0,
        first: Some(first),
        second: Some(second),
    })
}
