//! Do the receiving hosts prove by DNS which certificate is theirs?
//!
//! Objective: read the TLSA records of the MX hosts (RFC 7672). It concerns mail coming in, few domains have it, and
//! its absence is no fault. Records count only where MX, address and TLSA answers are all vouched for by DNSSEC.
//!
//! Procedure: TLSA at `_25._tcp.<host>` for each MX host; where there is one, A and AAAA of the host for their AD.
//! Usages 2 and 3 are for mail, 0 and 1 are not (RFC 7672 section 3.1.3); digests have a fixed length (RFC 6698
//! section 2.1.3). Where all usable records of a host name issuers that have given up their work, its next certificate
//! fits none of them.

mod issuers;

use super::{Arg, Code, Cx, Finding, Findings, Level, provider};
use crate::{
    dns::{Failure, Name, Outcome, Query, Rdata, Rtype},
    facts::{Ask, Pending, Step},
    table::Table,
};

/// Hosts that are looked up.
const MAX_HOSTS: usize = 8;

#[expect(clippy::too_many_lines, reason = "grown before there was a limit")]
pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    let gone = super::domain::is_gone(cx);
    let mut hosts = provider::mx_hosts(cx, domain)?;
    if gone? {
        return Ok(());
    }
    let mx = Query::new(domain.clone(), Rtype::Mx);
    let receiving = cx.ask(&mx)?;
    let unknown = |failure| Finding::new(Code::Dan080, domain).arg("domain", domain).because(failure);
    if let Some(failure) = receiving.failure() {
        cx.section(|| {
            let _known = cx.ask(&mx);
            cx.found(findings, unknown(failure));
        });
    }
    if hosts.is_empty() {
        return Ok(());
    }
    let more = hosts.len() > MAX_HOSTS;
    hosts.truncate(MAX_HOSTS);
    let mx_authentic = receiving.meta().authentic;
    let mut pending = Ok(());
    let mut states = Vec::new();
    for host in &hosts {
        match cx.section(|| one(cx, findings, host, mx_authentic)) {
            Ok(state) => states.push(state),
            Err(Pending) => pending = Err(Pending),
        }
    }
    pending?;
    let count = |wanted| states.iter().filter(|&&state| state == wanted).count();
    let with = |code, wanted| {
        let named = hosts.iter().zip(&states).filter(|&(_, &state)| state == wanted).map(|(host, _)| host);
        Finding::new(code, domain).arg("domain", domain).arg("hosts", Arg::list(named))
    };
    cx.section(|| {
        let _known = cx.ask(&mx);
        for query in hosts.iter().filter_map(tlsa) {
            let _known = cx.ask(&query);
        }
        let failure = states.iter().find_map(|state| match state {
            State::Unknown(failure) => Some(*failure),
            _ => None,
        });
        if let Some(failure) = failure.or(more.then_some(Failure::Budget)) {
            cx.found(findings, unknown(failure));
        }
        // Of those that were not looked at nothing is known.
        if more && count(State::Unsigned) == 0 {
            return;
        }
        if count(State::Works) == hosts.len() {
            cx.found(findings, with(Code::Dan010, State::Works));
        } else if count(State::None) == hosts.len() {
            cx.found(findings, Finding::new(Code::Dan020, domain).arg("domain", domain));
        } else if count(State::Unsigned) > 0 {
            cx.found(findings, with(Code::Dan030, State::Unsigned));
        } else if count(State::Works) > 0 && count(State::None) > 0 {
            cx.found(findings, with(Code::Dan070, State::None));
        }
    });
    Ok(())
}

/// What DANE does for one host.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// There is no TLSA record.
    None,
    /// There are, and they count.
    Works,
    /// There are, but DNSSEC does not vouch for the way to them.
    Unsigned,
    /// They are at fault, or could not be had; that is said already.
    Faulty,
    /// A lookup failed on which it depends.
    Unknown(Failure),
}

fn tlsa(host: &Name) -> Option<Query> {
    Some(Query::new(host.under("_25._tcp").ok()?, Rtype::Tlsa))
}

fn one(cx: &Cx<'_>, findings: &mut Findings, host: &Name, mx_authentic: bool) -> Step<State> {
    let Some(query) = tlsa(host) else { return Ok(State::None) };
    let outcome = cx.ask(&query)?;
    if outcome.is_void() {
        return Ok(State::None);
    }
    let addresses =
        cx.ask_all(&[Query::new(host.clone(), Rtype::A), Query::new(host.clone(), Rtype::Aaaa)])?;
    let host_signed = addresses.iter().any(|outcome| !outcome.records().is_empty())
        && addresses.iter().all(|outcome| outcome.meta().authentic);
    let host_failed = addresses.iter().find_map(|outcome| outcome.failure());
    let about = |code| Finding::new(code, host).arg("host", host).arg("name", &query.name);
    let answer = match outcome {
        // Senders that use DANE hold mail back then, but only for hosts in a signed zone (RFC 7672 section 2.1.1).
        Outcome::Failed(failed) if host_signed => {
            cx.found(findings, about(Code::Dan060).because(failed.failure));
            return Ok(State::Faulty);
        }
        Outcome::Failed(failed) if host_failed.is_some() => return Ok(State::Unknown(failed.failure)),
        // Of a host that nobody vouches for, the addresses alone tell that DANE is not used.
        Outcome::Failed(_) | Outcome::NoData(_) | Outcome::NxDomain(_) => return Ok(State::None),
        Outcome::Records(answer) => answer,
    };
    let (mut usable, mut usage, mut broken) = (Vec::new(), Vec::new(), Vec::new());
    let mut issuers = Vec::new();
    for record in &answer.records {
        let Rdata::Tlsa { usage: kind, selector, matching, data } = &record.data else { continue };
        let text = record.data.to_string();
        if !well_formed(*kind, *selector, *matching, data) {
            broken.push(text);
        } else if matches!(kind, 2 | 3) {
            usable.push(text);
            issuers.extend(issuers::retired(*selector, *matching, data).filter(|_| *kind == 2));
        } else {
            usage.push(text);
        }
    }
    let labelled = |finding: Finding, texts: &[String]| {
        texts.iter().fold(finding, |finding, text| {
            finding.label(&query.name, Rtype::Tlsa, text.as_str(), 0..text.len())
        })
    };
    for (code, texts) in [(Code::Dan050, &broken), (Code::Dan040, &usage)] {
        if !texts.is_empty() {
            let finding = labelled(about(code), texts);
            // Beside a record that can be used, one that cannot is ignored.
            cx.found(findings, if usable.is_empty() { finding } else { finding.rated(Level::Info, 0) });
        }
    }
    // One that names the key of the host itself, or an issuer that is not known, may still fit.
    let outlived = issuers.len() == usable.len();
    Ok(match (usable.is_empty(), host_failed) {
        (true, _) => State::Faulty,
        _ if mx_authentic && host_signed && answer.meta.authentic && outlived => {
            let named: Table<&str, ()> = issuers.into_iter().map(|name| (name, ())).collect();
            let finding = about(Code::Dan090).arg("issuers", Arg::list(named.iter().map(|(name, ())| *name)));
            cx.found(findings, labelled(finding, &usable));
            State::Faulty
        }
        _ if mx_authentic && host_signed && answer.meta.authentic => State::Works,
        (_, Some(failure)) if mx_authentic && answer.meta.authentic => State::Unknown(failure),
        _ => State::Unsigned,
    })
}

/// RFC 6698 section 2.1 and 2.2.
fn well_formed(usage: u8, selector: u8, matching: u8, data: &[u8]) -> bool {
    usage <= 3
        && selector <= 1
        && match matching {
            0 => !data.is_empty(),
            1 => data.len() == 32,
            2 => data.len() == 64,
            _ => false,
        }
}
