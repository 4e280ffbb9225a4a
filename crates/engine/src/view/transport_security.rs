//! What protects mail on its way to the domain: MTA-STS and its policy file (RFC 8461), reports about it (RFC 8460), and the
//! certificates that the receiving hosts name in the DNS (DANE, RFC 7672).

pub(crate) mod dane;
mod issuers;

use std::borrow::Cow;

use super::{
    mx,
    published::{Published, published},
};
use crate::{
    cx::Cx,
    dns::{Failure, Name, Query, Rtype, is_public},
    facts::{Ask, Pending, Step},
    input::limits,
    policy_file::PolicyFile,
    record::{
        mta_sts::{PolicyJudgement, StsRecord, judge_policy},
        tls_rpt::TlsRpt,
    },
};

/// The MTA-STS record of a domain, and the name at which it stands.
pub(crate) struct Sts {
    /// `_mta-sts.` and the domain.
    pub name: Name,
    /// The host that serves the policy, `mta-sts.` and the domain (RFC 8461 section 3.3).
    pub host: Name,
}

impl Sts {
    /// Where those of `domain` are; none where the names would be too long.
    pub fn of(domain: &Name) -> Option<Self> {
        Some(Self { name: domain.under("_mta-sts").ok()?, host: domain.under("mta-sts").ok()? })
    }

    /// The question for the record.
    pub fn query(&self) -> Query {
        Query::new(self.name.clone(), Rtype::Txt)
    }

    /// What stands there.
    pub fn record(&self, cx: &Cx<'_>) -> Step<Published> {
        published(cx, &self.name, "v=STSv1", StsRecord::is_meant)
    }

    /// The questions for the addresses of the host.
    pub fn addresses(&self) -> [Query; 2] {
        [Rtype::A, Rtype::Aaaa].map(|rtype| Query::new(self.host.clone(), rtype))
    }

    /// The policy file: what was pasted, else what its host serves, where it is `announced`. It is not asked of a host whose
    /// addresses are not all known to be public.
    pub fn file<'c>(&self, cx: &'c Cx<'_>, domain: &Name, announced: bool) -> Step<Cow<'c, PolicyFile>> {
        if let Some(known) = cx.known_policy(domain) {
            return Ok(Cow::Borrowed(known));
        }
        if !announced {
            return Ok(Cow::Owned(PolicyFile::NotAsked));
        }
        let outcomes = cx.ask_all(&self.addresses())?;
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
}

/// The MTA-STS policy file of the target as far as it is known; none while it is on its way.
#[must_use]
pub fn policy_file(cx: &Cx<'_>) -> Option<PolicyFile> {
    let domain = cx.target.domain.as_ref()?;
    let sts = Sts::of(domain)?;
    let announced = match sts.record(cx) {
        Ok(Published::One(text)) => StsRecord::parse(&text).errors.is_empty(),
        Ok(_) => false,
        Err(Pending) => return None,
    };
    sts.file(cx, domain, announced).ok().map(Cow::into_owned)
}

/// A policy held against the hosts that receive the domain's mail.
pub(crate) struct Compared {
    /// What comes of it.
    pub judged: PolicyJudgement,
    /// Why the hosts are not known.
    pub failure: Option<Failure>,
}

/// Holds the text of a policy against the receiving hosts. Without MX records the domain itself receives (RFC 5321 section
/// 5.1). No more than [`limits::InputField::Policy`] is read.
///
/// # Errors
/// [`Pending`] until the hosts are known.
pub(crate) fn compared(cx: &Cx<'_>, domain: &Name, text: &str) -> Step<Compared> {
    let outcome = cx.ask(&mx::query(domain))?;
    let mut hosts = mx::host_names(cx, domain)?;
    if hosts.is_empty() && outcome.records().is_empty() {
        hosts.push(domain.clone());
    }
    let judged = judge_policy(limits::InputField::Policy.part(text), &hosts);
    Ok(Compared { judged, failure: outcome.failure() })
}

/// The record that says where reports about encryption go (TLS-RPT, RFC 8460), at `name`.
///
/// # Errors
/// [`Pending`] until it is known.
pub(crate) fn tls_rpt(cx: &Cx<'_>, name: &Name) -> Step<Published> {
    published(cx, name, "v=TLSRPTv1", TlsRpt::is_meant)
}
