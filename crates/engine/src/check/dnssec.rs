//! Do the domain's DNSSEC signatures hold?
//!
//! Objective: a zone whose signatures do not hold is not there for most of the world, and mail from it and to it
//! stops; an unsigned zone is no fault. The two must never be confused with each other, nor with a zone that is down.
//!
//! Procedure:
//! 1. SOA, MX and TXT of the domain. If all are answered, AD on the SOA says "signed and checked"; without it, the DS of
//!    the zone that holds the domain tells an unsigned zone from one that this resolver did not vouch for.
//! 2. What ended in SERVFAIL is asked again with CD, which leaves signatures unchecked. Bogus is what the resolver
//!    calls so by an extended error (RFC 8914 section 4.7 on), or what answers with CD while the parent holds a DS.
//! 3. Of a signed zone the kinds of its DS records: some are withdrawn, and more and more resolvers do not look at them.
//! 4. The addresses of the MX hosts: bogus if the resolver calls them so.

use super::{Arg, Code, Cx, Finding, Findings};
use crate::{
    dns::{Failure, Name, Outcome, Query, Rdata, Record, Rtype},
    facts::{Ask, Pending, Step},
    view::{
        dns_host::{self, ZoneApex},
        domain, mx,
    },
};

/// Hosts that are looked up.
const MAX_HOSTS: usize = 8;

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    if domain::is_gone(cx)? {
        return Ok(());
    }
    let own = cx.section(|| zone(cx, findings, domain));
    let hosts = receiving(cx, findings, domain);
    own.and(hosts)
}

fn zone(cx: &Cx<'_>, findings: &mut Findings, domain: &Name) -> Step<()> {
    let queries = [Rtype::Soa, Rtype::Mx, Rtype::Txt].map(|rtype| Query::new(domain.clone(), rtype));
    let outcomes = cx.ask_all(&queries)?;
    let failed: Vec<(&Query, &Outcome)> = queries
        .iter()
        .zip(outcomes.iter().copied())
        .filter(|(_, outcome)| outcome.failure() == Some(Failure::ServFail))
        .collect();
    let about = |code| Finding::new(code, domain).arg("domain", domain);
    if failed.is_empty() {
        let soa = outcomes.first().copied();
        let finding = match soa.map(|soa| (soa.failure(), soa.meta().authentic)) {
            Some((Some(failure), _)) => about(Code::Sec060).because(failure),
            Some((None, true)) => {
                cx.found(findings, about(Code::Sec010));
                return cx.section(|| age(cx, findings, domain));
            }
            _ => match signer(cx, domain)? {
                Ok(true) => {
                    cx.found(findings, about(Code::Sec050));
                    return cx.section(|| age(cx, findings, domain));
                }
                Ok(false) => about(Code::Sec020),
                Err(failure) => about(Code::Sec060).because(failure),
            },
        };
        cx.found(findings, finding);
        return Ok(());
    }
    let again: Vec<Query> =
        failed.iter().map(|(query, _)| Query::unchecked(query.name.clone(), query.rtype)).collect();
    let (again, signer) = (cx.ask_all(&again), signer(cx, domain));
    let (again, signer) = (again?, signer?);
    let called = cause(failed.iter().map(|(_, outcome)| *outcome));
    let answers_unchecked = again.iter().any(|outcome| outcome.failure().is_none());
    let signed = signer == Ok(true);
    let finding = match called {
        Some("expired") => about(Code::Sec040),
        Some(cause) => about(Code::Sec030).arg("cause", Arg::key(format!("dnssec.cause.{cause}"))),
        None if answers_unchecked && signed => {
            about(Code::Sec030).arg("cause", Arg::key("dnssec.cause.bogus"))
        }
        None => about(Code::Sec060).because(Failure::ServFail),
    };
    cx.found(findings, finding.arg("types", Arg::list(failed.iter().map(|(query, _)| query.rtype))));
    Ok(())
}

/// Whether the parent of the zone that holds `domain` says that it is signed, by a DS record; or why that is not known.
fn signer(cx: &Cx<'_>, domain: &Name) -> Step<Result<bool, Failure>> {
    Ok(delegation(cx, domain)?.map(|records| !records.is_empty()))
}

/// Signing algorithms and digests that RFC 9904 says must not be used any more (RFC 9905 those with SHA-1, RFC 9906 those of
/// GOST): some resolvers take a zone for unsigned that has no others.
fn is_withdrawn(algorithm: u8, digest: u8) -> bool {
    matches!(algorithm, 1 | 3 | 5 | 6 | 7 | 12) || matches!(digest, 1 | 3)
}

/// Says of a signed zone that all its DS records are of withdrawn kinds. One of another kind is enough: resolvers go by that
/// (RFC 4509 section 3).
fn age(cx: &Cx<'_>, findings: &mut Findings, domain: &Name) -> Step<()> {
    let about = |code| Finding::new(code, domain).arg("domain", domain);
    let records = match delegation(cx, domain)? {
        Ok(records) => records,
        Err(failure) => {
            cx.found(findings, about(Code::Sec090).because(failure));
            return Ok(());
        }
    };
    let kinds = records.iter().filter_map(|record| match record.data {
        Rdata::Ds { algorithm, digest, .. } => Some((algorithm, digest)),
        _ => None,
    });
    let kinds: Vec<(u8, u8)> = kinds.collect();
    if kinds.is_empty() || !kinds.iter().all(|&(algorithm, digest)| is_withdrawn(algorithm, digest)) {
        return Ok(());
    }
    let finding = records.iter().fold(about(Code::Sec080), |finding, record| {
        finding.label(&record.owner, Rtype::Ds, record.data.to_string(), 0..0)
    });
    cx.found(findings, finding);
    Ok(())
}

/// The DS records of the zone that holds `domain`, as its parent has them; or why they are not known.
fn delegation<'c>(cx: &'c Cx<'_>, domain: &Name) -> Step<Result<&'c [Record], Failure>> {
    // Most domains are zones of their own: that is asked beside the question for the zone.
    let (own, apex) = (cx.ask(&Query::new(domain.clone(), Rtype::Ds)), dns_host::find(cx, domain));
    let (own, apex) = (own?, apex?);
    if !own.records().is_empty() {
        return Ok(Ok(own.records()));
    }
    let ds = match apex {
        ZoneApex::At(zone) => cx.ask(&Query::new(zone, Rtype::Ds))?,
        ZoneApex::Unknown(_, failure) => return Ok(Err(failure)),
        ZoneApex::Nowhere => own,
    };
    Ok(ds.failure().map_or(Ok(ds.records()), Err))
}

fn receiving(cx: &Cx<'_>, findings: &mut Findings, domain: &Name) -> Step<()> {
    let mut pending = Ok(());
    for host in mx::host_names(cx, domain)?.iter().take(MAX_HOSTS) {
        let looked_at = cx.section(|| {
            let queries = [Query::new(host.clone(), Rtype::A), Query::new(host.clone(), Rtype::Aaaa)];
            let outcomes = cx.ask_all(&queries)?;
            let failed =
                outcomes.iter().copied().filter(|outcome| outcome.failure() == Some(Failure::ServFail));
            if let Some(cause) = cause(failed) {
                let finding = Finding::new(Code::Sec070, host)
                    .arg("domain", domain)
                    .arg("host", host)
                    .arg("cause", Arg::key(format!("dnssec.cause.{cause}")));
                cx.found(findings, finding);
            }
            Ok::<(), Pending>(())
        });
        pending = pending.and(looked_at);
    }
    pending
}

/// What a resolver says is wrong with signatures (RFC 8914 sections 4.7 to 4.13), from all answers about them together: the
/// end of `dnssec.cause.<slug>`.
fn cause<'o>(outcomes: impl Iterator<Item = &'o Outcome>) -> Option<&'static str> {
    let slug = |code| match code {
        7 => Some("expired"),
        8 => Some("not-yet-valid"),
        9 => Some("no-key"),
        10 => Some("no-signature"),
        11 => Some("no-key"),
        12 => Some("no-denial"),
        6 => Some("bogus"),
        _ => None,
    };
    // "Bogus" says least: it stands beside the others, or in their place where an answer was kept for a moment.
    let found: Vec<_> =
        outcomes.flat_map(|outcome| &outcome.meta().ede).filter_map(|error| slug(error.code)).collect();
    found.iter().copied().find(|&slug| slug != "bogus").or(found.first().copied())
}
