//! The certificates that receiving hosts name in the DNS (TLSA, RFC 7672).
//!
//! Usages 2 and 3 are for mail, 0 and 1 are not (RFC 7672 section 3.1.3); digests have a fixed length (RFC 6698 section
//! 2.1.3). Records count only where MX, address and TLSA answers are all vouched for by DNSSEC.

use super::issuers;
use crate::{
    cx::Cx,
    dns::{Answer, Failure, Name, Outcome, Query, Rdata, Rtype},
    facts::{Ask, Step},
    table::Table,
    view::mx,
};

/// Receiving hosts that are looked at.
const MAX_HOSTS: usize = 8;

/// The receiving hosts of a domain, and what DANE does for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receivers {
    /// Why they are not known.
    pub failure: Option<Failure>,
    /// Those that are looked at, in the order of the answer.
    pub hosts: Vec<(Name, Dane)>,
    /// Whether there are more.
    pub more: bool,
}

/// The hosts of which TLSA records are asked.
pub(crate) struct Hosts {
    /// Why they are not known.
    pub failure: Option<Failure>,
    /// Their names.
    pub names: Vec<Name>,
    /// Whether there are more.
    pub more: bool,
    /// Whether DNSSEC vouches for the MX records that name them.
    pub mx_authentic: bool,
}

/// What DANE does for a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dane {
    /// There is no TLSA record, or the host is in a zone that nobody vouches for.
    None,
    /// Its records could not be had, and its zone is signed: senders that use DANE hold mail back (RFC 7672 section 2.1.1).
    Failed(Failure),
    /// A lookup failed on which it depends.
    Unknown(Failure),
    /// There are records.
    Records(Tlsa),
}

/// The TLSA records of a host, as texts. Untrusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tlsa {
    /// Those that are for mail.
    pub usable: Vec<String>,
    /// Those of a usage that is not for mail.
    pub not_for_mail: Vec<String>,
    /// Those that cannot be read.
    pub broken: Vec<String>,
    /// The issuers that all usable records name, where all have given up their work: the next certificate of the host fits
    /// none of them. One that names the key of the host itself, or an issuer that is not known, may still fit.
    pub outlived: Vec<&'static str>,
    /// Whether DNSSEC vouches for the way to them, or why that is not known.
    pub vouched: Result<bool, Failure>,
}

/// What DANE does for the hosts that receive mail for `domain`.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known of all of them.
pub(crate) fn view(cx: &Cx<'_>, domain: &Name) -> Step<Receivers> {
    let Hosts { failure, names, more, mx_authentic } = hosts(cx, domain)?;
    let states = names.into_iter().map(|host| {
        let state = dane(cx, &host, mx_authentic)?;
        Ok((host, state))
    });
    Ok(Receivers { failure, hosts: states.collect::<Step<_>>()?, more })
}

/// The hosts that receive mail for `domain`.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until the MX records are known.
pub(crate) fn hosts(cx: &Cx<'_>, domain: &Name) -> Step<Hosts> {
    let mut names = mx::host_names(cx, domain)?;
    let receiving = cx.ask(&mx::query(domain))?;
    let more = names.len() > MAX_HOSTS;
    names.truncate(MAX_HOSTS);
    Ok(Hosts { failure: receiving.failure(), names, more, mx_authentic: receiving.meta().authentic })
}

/// The question for the TLSA records of `host`; none where the name would be too long.
pub(crate) fn query(host: &Name) -> Option<Query> {
    Some(Query::new(host.under("_25._tcp").ok()?, Rtype::Tlsa))
}

/// What DANE does for `host`. `mx_authentic` is whether DNSSEC vouches for the MX record that names it.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn dane(cx: &Cx<'_>, host: &Name, mx_authentic: bool) -> Step<Dane> {
    let Some(query) = query(host) else { return Ok(Dane::None) };
    let outcome = cx.ask(&query)?;
    if outcome.is_void() {
        return Ok(Dane::None);
    }
    let addresses = cx.ask_all(&[Rtype::A, Rtype::Aaaa].map(|rtype| Query::new(host.clone(), rtype)))?;
    let host_signed = addresses.iter().any(|outcome| !outcome.records().is_empty())
        && addresses.iter().all(|outcome| outcome.meta().authentic);
    let host_failed = addresses.iter().find_map(|outcome| outcome.failure());
    Ok(match (outcome, host_failed) {
        (Outcome::Failed(failed), _) if host_signed => Dane::Failed(failed.failure),
        (Outcome::Failed(failed), Some(_)) => Dane::Unknown(failed.failure),
        // Of a host that nobody vouches for, the addresses alone tell that DANE is not used.
        (Outcome::Failed(_) | Outcome::NoData(_) | Outcome::NxDomain(_), _) => Dane::None,
        (Outcome::Records(answer), _) => {
            let above = mx_authentic && answer.meta.authentic;
            let vouched = match host_failed {
                _ if above && host_signed => Ok(true),
                Some(failure) if above => Err(failure),
                _ => Ok(false),
            };
            Dane::Records(Tlsa::read(answer, vouched))
        }
    })
}

impl Tlsa {
    fn read(answer: &Answer, vouched: Result<bool, Failure>) -> Self {
        let (mut usable, mut not_for_mail, mut broken) = (Vec::new(), Vec::new(), Vec::new());
        let mut retired = Vec::new();
        for record in &answer.records {
            let Rdata::Tlsa { usage, selector, matching, data } = &record.data else { continue };
            let text = record.data.to_string();
            if !is_well_formed(*usage, *selector, *matching, data) {
                broken.push(text);
            } else if matches!(usage, 2 | 3) {
                usable.push(text);
                retired.extend(issuers::retired(*selector, *matching, data).filter(|_| *usage == 2));
            } else {
                not_for_mail.push(text);
            }
        }
        let mut outlived = Vec::new();
        if retired.len() == usable.len() {
            let named: Table<&str, ()> = retired.into_iter().map(|name| (name, ())).collect();
            outlived.extend(named.iter().map(|(name, ())| *name));
        }
        Self { usable, not_for_mail, broken, outlived, vouched }
    }
}

/// RFC 6698 section 2.1 and 2.2.
fn is_well_formed(usage: u8, selector: u8, matching: u8, data: &[u8]) -> bool {
    usage <= 3
        && selector <= 1
        && match matching {
            0 => !data.is_empty(),
            1 => data.len() == 32,
            2 => data.len() == 64,
            _ => false,
        }
}
