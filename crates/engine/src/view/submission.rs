//! What a domain publishes for mail programs: servers for outgoing mail, hosts with automatic settings.
//!
//! SRV `_submissions._tcp` (TLS from the start, RFC 8314) and `_submission._tcp` (RFC 6186), and the hosts `autoconfig` and
//! `autodiscover`. A host of that name says something only if the domain does not answer for every name, so one name that
//! nobody uses is asked as a control.

use super::{
    domain,
    mx::{self, Receiving},
};
use crate::{
    cx::Cx,
    dns::{Failure, Name, Outcome, Query, Rdata, Rtype},
    facts::{Ask, Step},
    knowledge::Security,
};

/// Servers of one SRV set that are looked at, most preferred first.
const MAX_SERVERS: usize = 4;
/// Exists in no zone but one with a wildcard.
const CONTROL: &str = "no-such-host-mail-triage";

/// Service label and the encryption that goes with it.
pub(crate) const SERVICES: [(&str, Security); 2] =
    [("_submissions._tcp", Security::Tls), ("_submission._tcp", Security::StartTls)];
/// Labels of hosts with automatic settings.
pub(crate) const SETTINGS: [&str; 2] = ["autoconfig", "autodiscover"];

/// What a domain publishes for mail programs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submission {
    /// Servers for outgoing mail, TLS from the start before STARTTLS, most preferred first.
    pub servers: Vec<Server>,
    /// Hosts with automatic settings.
    pub automatic: Vec<Automatic>,
    /// Why not all of it is known, if it is not.
    pub failed: Option<Failure>,
}

/// A server for outgoing mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its name. Untrusted.
    pub host: Name,
    /// Its port.
    pub port: u16,
    /// The encryption that it wants.
    pub security: Security,
}

/// A host with automatic settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Automatic {
    /// Its name.
    pub host: Name,
    /// The name that it is an alias of.
    pub alias_of: Option<Name>,
    /// Its addresses, as they are written in records.
    pub records: Vec<Rdata>,
}

/// What the target's domain publishes for mail programs; none without a domain, and where it takes no mail.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until all of it is known.
pub(crate) fn view(cx: &Cx<'_>) -> Step<Option<Submission>> {
    let Some(domain) = &cx.target.domain else { return Ok(None) };
    if !concerns(cx)? {
        return Ok(None);
    }
    let Some(outcomes) = ask(cx, domain)? else { return Ok(None) };
    let (services, hosts) = outcomes.split_at(SERVICES.len());
    let mut found =
        Submission { failed: outcomes.iter().find_map(|one| one.failure()), ..Default::default() };
    for ((_, security), outcome) in SERVICES.iter().zip(services) {
        found.servers.extend(servers(outcome, *security).unwrap_or_default());
    }
    for (label, outcome) in SETTINGS.iter().zip(hosts) {
        match automatic(cx, domain, label, outcome)? {
            Ok(host) => found.automatic.extend(host),
            Err(failure) => found.failed = found.failed.or(Some(failure)),
        }
    }
    Ok(Some(found))
}

/// Whether there can be anything: the domain exists, and does not say that it takes no mail.
pub(crate) fn concerns(cx: &Cx<'_>) -> Step<bool> {
    let (gone, receiving) = (domain::is_gone(cx), mx::receiving(cx));
    Ok(!gone? && receiving? != Receiving::Null)
}

/// What stands at the names of [`SERVICES`] and [`SETTINGS`], in this order; none where the domain's name is too long for
/// labels in front of it, so that nothing can be published there.
pub(crate) fn ask<'c>(cx: &'c Cx<'_>, domain: &Name) -> Step<Option<Vec<&'c Outcome>>> {
    let services = SERVICES.iter().map(|(label, _)| (*label, Rtype::Srv));
    let all = services.chain(SETTINGS.iter().map(|label| (*label, Rtype::A)));
    let queries: Vec<Query> =
        all.filter_map(|(label, rtype)| Some(Query::new(domain.under(label).ok()?, rtype))).collect();
    let outcomes = cx.ask_all(&queries)?;
    Ok((outcomes.len() == SERVICES.len() + SETTINGS.len()).then_some(outcomes))
}

/// The servers of one SRV set, most preferred first; none at all where the domain says that it has no such service, `None`
/// where it says nothing.
pub(crate) fn servers(outcome: &Outcome, security: Security) -> Option<Vec<Server>> {
    let records = outcome.records().iter().filter_map(|record| match &record.data {
        Rdata::Srv { priority, port, target, .. } => Some((*priority, *port, target.clone())),
        _ => None,
    });
    let mut servers: Vec<(u16, u16, Name)> = records.collect();
    if servers.is_empty() {
        return None;
    }
    servers.sort();
    servers.dedup();
    let named = servers.into_iter().filter(|(.., target)| !target.is_root()).take(MAX_SERVERS);
    Some(named.map(|(_, port, host)| Server { host, port, security }).collect())
}

/// The host with automatic settings at `label`, if there is one, and not every name of the domain leads somewhere; or why
/// that is not known.
pub(crate) fn automatic(
    cx: &Cx<'_>,
    domain: &Name,
    label: &str,
    outcome: &Outcome,
) -> Step<Result<Option<Automatic>, Failure>> {
    let Outcome::Records(answer) = outcome else { return Ok(Ok(None)) };
    let (Ok(host), Ok(control)) = (domain.under(label), domain.under(CONTROL)) else { return Ok(Ok(None)) };
    let any = cx.ask(&Query::new(control, Rtype::A))?;
    if let Some(failure) = any.failure() {
        return Ok(Err(failure));
    }
    if !any.is_void() {
        return Ok(Ok(None));
    }
    let first = answer.records.first().filter(|_| !answer.chain.is_empty());
    let alias_of = first.map(|record| record.owner.clone());
    let records = answer.records.iter().map(|record| record.data.clone()).collect();
    Ok(Ok(Some(Automatic { host, alias_of, records })))
}

/// Whether the query is for a name that was made up, to see whether the zone, or the resolver, has an answer for every name.
#[must_use]
pub fn is_made_up(query: &Query) -> bool {
    query.name.as_str().split('.').next() == Some(CONTROL)
}
