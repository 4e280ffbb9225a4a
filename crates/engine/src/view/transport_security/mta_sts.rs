//! The encryption that a domain demands of those who send to it (MTA-STS, RFC 8461).

use std::borrow::Cow;

use crate::{
    cx::Cx,
    dns::{Failure, Name, Outcome, Query, Rdata, Rtype, is_public},
    facts::{Ask, Step},
    input::limits,
    policy_file::PolicyFile,
    record::mta_sts::{PolicyJudgement, StsRecord, judge_policy},
    view::{
        mx,
        published::{Published, published},
    },
};

/// MTA-STS of a domain, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MtaSts {
    /// Where it stands.
    pub places: StsPlaces,
    /// The record that announces a policy; none while it is not known.
    pub record: Option<Published>,
    /// Whether the host that serves the policy has an address; none where no policy is announced, and while it is not known.
    pub host: Option<PolicyHost>,
    /// Who may issue the certificate of that host; none where no policy is announced, and while it is not known.
    pub issuers: Option<Issuers>,
    /// The policy file; none while it is on its way.
    pub policy: Option<PolicyFile>,
    /// The policy held against the receiving hosts; none where its text is not known, and while those are not.
    pub compared: Option<ComparedPolicy>,
}

/// Where MTA-STS of a domain stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StsPlaces {
    /// The name of the record: `_mta-sts.` and the domain (RFC 8461 section 3.1).
    pub record: Name,
    /// The host that serves the policy: `mta-sts.` and the domain (RFC 8461 section 3.3).
    pub host: Name,
}

/// Whether the host that serves a policy has an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyHost {
    /// It has.
    Addressed,
    /// It has none.
    Missing,
    /// That could not be looked up.
    Unknown(Failure),
}

/// Who may issue a certificate for a host: what the closest CAA records say (RFC 8659 section 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issuers {
    /// Whoever wants to: no record names an issuer.
    Any,
    /// Those that records name.
    Named {
        /// Where the records stand.
        name: Name,
        /// Domains of the issuers; without any, nobody may issue. Untrusted.
        issuers: Vec<String>,
        /// The CAA records as they are written. Untrusted.
        records: Vec<String>,
    },
    /// The lookup at this name failed, and none closer to the host says anything.
    Unknown(Name, Failure),
}

/// A policy held against the hosts that receive the domain's mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedPolicy {
    /// What comes of it.
    pub judged: PolicyJudgement,
    /// Why the hosts are not known.
    pub failure: Option<Failure>,
}

impl StsPlaces {
    /// Those of `domain`; none where the names would be too long.
    #[must_use]
    pub fn of(domain: &Name) -> Option<Self> {
        Some(Self { record: domain.under("_mta-sts").ok()?, host: domain.under("mta-sts").ok()? })
    }

    /// The address of the policy file (RFC 8461 section 3.3).
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{}/.well-known/mta-sts.txt", self.host)
    }

    /// The question for the record.
    pub(crate) fn query(&self) -> Query {
        Query::new(self.record.clone(), Rtype::Txt)
    }

    fn addresses(&self) -> [Query; 2] {
        [Rtype::A, Rtype::Aaaa].map(|rtype| Query::new(self.host.clone(), rtype))
    }
}

/// MTA-STS of `domain`, as far as it is known; none where its name is too long.
pub(crate) fn view(cx: &Cx<'_>, domain: &Name) -> Option<MtaSts> {
    let places = StsPlaces::of(domain)?;
    let record = record(cx, &places).ok();
    let announced = record.as_ref().map(is_announced);
    let policy = match announced {
        Some(announced) => policy(cx, domain, &places, announced).ok().map(Cow::into_owned),
        None => cx.known_policy(domain).cloned(),
    };
    let text = policy.as_ref().and_then(PolicyFile::text);
    let compared = text.and_then(|text| compared(cx, domain, text).ok());
    let (host, issuers) = match announced {
        Some(true) => (host(cx, &places).ok(), issuers(cx, &places).ok()),
        _ => (None, None),
    };
    Some(MtaSts { record, host, issuers, policy, compared, places })
}

/// The record that announces a policy.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn record(cx: &Cx<'_>, places: &StsPlaces) -> Step<Published> {
    published(cx, &places.record, "v=STSv1", StsRecord::is_meant)
}

/// Whether what stands there announces a policy as it should.
fn is_announced(found: &Published) -> bool {
    matches!(found, Published::One(text) if StsRecord::parse(text).errors.is_empty())
}

/// Whether the host of the policy has an address.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn host(cx: &Cx<'_>, places: &StsPlaces) -> Step<PolicyHost> {
    let outcomes = cx.ask_all(&places.addresses())?;
    if outcomes.iter().any(|outcome| !outcome.records().is_empty()) {
        return Ok(PolicyHost::Addressed);
    }
    let failure = outcomes.iter().find_map(|outcome| outcome.failure());
    Ok(failure.map_or(PolicyHost::Missing, PolicyHost::Unknown))
}

/// The policy file: what was pasted, else what its host serves, where it is `announced`. It is not asked of a host whose
/// addresses are not all known to be public.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn policy<'c>(
    cx: &'c Cx<'_>,
    domain: &Name,
    places: &StsPlaces,
    announced: bool,
) -> Step<Cow<'c, PolicyFile>> {
    if let Some(known) = cx.known_policy(domain) {
        return Ok(Cow::Borrowed(known));
    }
    if !announced {
        return Ok(Cow::Owned(PolicyFile::NotAsked));
    }
    let outcomes = cx.ask_all(&places.addresses())?;
    let addresses: Vec<_> = outcomes
        .iter()
        .flat_map(|outcome| outcome.records().iter().filter_map(|record| record.data.address()))
        .collect();
    if addresses.is_empty() || outcomes.iter().any(|outcome| outcome.failure().is_some()) {
        return Ok(Cow::Owned(PolicyFile::NotAsked));
    }
    if !addresses.into_iter().all(is_public) {
        return Ok(Cow::Owned(PolicyFile::NotPublic));
    }
    cx.ask_policy(domain).map(Cow::Borrowed)
}

/// Who may issue a certificate for the host of the policy.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn issuers(cx: &Cx<'_>, places: &StsPlaces) -> Step<Issuers> {
    let mut names = Vec::new();
    let mut at = Some(places.host.clone());
    while let Some(name) = at.filter(|name| name.labels().count() >= 2) {
        at = name.parent();
        names.push(name);
    }
    let queries: Vec<Query> = names.iter().map(|name| Query::new(name.clone(), Rtype::Caa)).collect();
    let outcomes = cx.ask_all(&queries)?;
    // A lookup that failed closer to the host hides what counts.
    let closest = outcomes
        .iter()
        .zip(names)
        .find(|(outcome, _)| outcome.failure().is_some() || !outcome.records().is_empty());
    Ok(match closest {
        None => Issuers::Any,
        Some((outcome, name)) => match outcome.failure() {
            Some(failure) => Issuers::Unknown(name, failure),
            None => Issuers::read(outcome, name),
        },
    })
}

impl Issuers {
    fn read(outcome: &Outcome, name: Name) -> Self {
        let named: Vec<&str> = outcome
            .records()
            .iter()
            .filter_map(|record| match &record.data {
                Rdata::Caa { tag, value, .. } if tag.eq_ignore_ascii_case("issue") => Some(value.as_str()),
                _ => None,
            })
            .map(|value| value.split(';').next().unwrap_or_default().trim())
            .collect();
        if named.is_empty() {
            return Self::Any;
        }
        let issuers = named.into_iter().filter(|issuer| !issuer.is_empty()).map(str::to_owned).collect();
        let records = outcome.records().iter().map(|record| record.data.to_string()).collect();
        Self::Named { name, issuers, records }
    }
}

/// Holds the text of a policy against the receiving hosts. Without MX records the domain itself receives (RFC 5321 section
/// 5.1). No more than [`limits::InputField::Policy`] is read.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until the hosts are known.
pub(crate) fn compared(cx: &Cx<'_>, domain: &Name, text: &str) -> Step<ComparedPolicy> {
    let outcome = cx.ask(&mx::query(domain))?;
    let mut hosts = mx::host_names(cx, domain)?;
    if hosts.is_empty() && outcome.records().is_empty() {
        hosts.push(domain.clone());
    }
    let judged = judge_policy(limits::InputField::Policy.part(text), &hosts);
    Ok(ComparedPolicy { judged, failure: outcome.failure() })
}
