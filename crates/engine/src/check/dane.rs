//! Do the receiving hosts prove by DNS which certificate is theirs?
//!
//! Objective: read the TLSA records of the MX hosts (RFC 7672). It concerns mail coming in, few domains have it, and
//! its absence is no fault. Records count only where MX, address and TLSA answers are all vouched for by DNSSEC.
//!
//! Procedure: TLSA at `_25._tcp.<host>` for each MX host; where there is one, A and AAAA of the host for their AD
//! ([`dane`]). Where all usable records of a host name issuers that have given up their work, its next certificate
//! fits none of them.

use super::{Arg, Code, Cx, Finding, Findings, Level};
use crate::{
    dns::{Failure, Name, Rtype},
    facts::{Pending, Step},
    view::{
        domain, mx,
        transport_security::dane::{self, Dane},
    },
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    let gone = domain::is_gone(cx);
    let receiving = dane::hosts(cx, domain)?;
    if gone? {
        return Ok(());
    }
    let mx = mx::query(domain);
    if let Some(failure) = receiving.failure {
        cx.section(|| {
            cx.cite(&mx);
            cx.found(findings, unknown(domain, failure));
        });
    }
    if receiving.names.is_empty() {
        return Ok(());
    }
    let mut pending = Ok(());
    let mut states = Vec::new();
    for host in &receiving.names {
        match cx.section(|| one(cx, findings, host, receiving.mx_authentic)) {
            Ok(state) => states.push(state),
            Err(Pending) => pending = Err(Pending),
        }
    }
    pending?;
    let hosts = Hosts { domain, hosts: &receiving.names, states: &states, more: receiving.more };
    cx.section(|| {
        cx.cite(&mx);
        hosts.hosts.iter().filter_map(dane::query).for_each(|query| cx.cite(&query));
        hosts.together(cx, findings);
    });
    Ok(())
}

fn unknown(domain: &Name, failure: Failure) -> Finding {
    Finding::new(Code::Dan080, domain).arg("domain", domain).because(failure)
}

/// The hosts that receive a domain's mail, and what DANE does for each.
struct Hosts<'a> {
    domain: &'a Name,
    hosts: &'a [Name],
    states: &'a [DaneState],
    /// Whether there are more, which were not looked at.
    more: bool,
}

impl Hosts<'_> {
    /// What is said of all of them.
    fn together(&self, cx: &Cx<'_>, findings: &mut Findings) {
        let failure = self.states.iter().find_map(|state| match state {
            DaneState::Unknown(failure) => Some(*failure),
            _ => None,
        });
        if let Some(failure) = failure.or(self.more.then_some(Failure::Budget)) {
            cx.found(findings, unknown(self.domain, failure));
        }
        // Of those that were not looked at nothing is known.
        if self.more && self.count(DaneState::Unsigned) == 0 {
            return;
        }
        if self.count(DaneState::Works) == self.hosts.len() {
            cx.found(findings, self.naming(Code::Dan010, DaneState::Works));
        } else if self.count(DaneState::None) == self.hosts.len() {
            cx.found(findings, Finding::new(Code::Dan020, self.domain).arg("domain", self.domain));
        } else if self.count(DaneState::Unsigned) > 0 {
            cx.found(findings, self.naming(Code::Dan030, DaneState::Unsigned));
        } else if self.count(DaneState::Works) > 0 && self.count(DaneState::None) > 0 {
            cx.found(findings, self.naming(Code::Dan070, DaneState::None));
        }
    }

    fn count(&self, wanted: DaneState) -> usize {
        self.states.iter().filter(|&&state| state == wanted).count()
    }

    /// A finding that names the hosts in this state.
    fn naming(&self, code: Code, wanted: DaneState) -> Finding {
        let hosts = self.hosts.iter().zip(self.states).filter(|&(_, &state)| state == wanted);
        let named = hosts.map(|(host, _)| host);
        Finding::new(code, self.domain).arg("domain", self.domain).arg("hosts", Arg::list(named))
    }
}

/// What DANE does for one host.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DaneState {
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

fn one(cx: &Cx<'_>, findings: &mut Findings, host: &Name, mx_authentic: bool) -> Step<DaneState> {
    let tlsa = match dane::dane(cx, host, mx_authentic)? {
        Dane::None => return Ok(DaneState::None),
        Dane::Unknown(failure) => return Ok(DaneState::Unknown(failure)),
        Dane::Failed(failure) => {
            cx.found(findings, about(Code::Dan060, host).because(failure));
            return Ok(DaneState::Faulty);
        }
        Dane::Records(tlsa) => tlsa,
    };
    for (code, texts) in [(Code::Dan050, &tlsa.broken), (Code::Dan040, &tlsa.not_for_mail)] {
        if !texts.is_empty() {
            let finding = labelled(about(code, host), host, texts);
            // Beside a record that can be used, one that cannot is ignored.
            cx.found(findings, if tlsa.usable.is_empty() { finding } else { finding.rated(Level::Info, 0) });
        }
    }
    if tlsa.usable.is_empty() {
        return Ok(DaneState::Faulty);
    }
    Ok(match tlsa.vouched {
        Err(failure) => DaneState::Unknown(failure),
        Ok(false) => DaneState::Unsigned,
        Ok(true) if tlsa.outlived.is_empty() => DaneState::Works,
        Ok(true) => {
            let finding = about(Code::Dan090, host).arg("issuers", Arg::list(&tlsa.outlived));
            cx.found(findings, labelled(finding, host, &tlsa.usable));
            DaneState::Faulty
        }
    })
}

fn about(code: Code, host: &Name) -> Finding {
    let finding = Finding::new(code, host).arg("host", host);
    match dane::query(host) {
        Some(query) => finding.arg("name", &query.name),
        None => finding,
    }
}

/// The finding with TLSA records of `host`.
fn labelled(finding: Finding, host: &Name, texts: &[String]) -> Finding {
    let Some(query) = dane::query(host) else { return finding };
    let label = |finding: Finding, text: &String| {
        finding.label(&query.name, Rtype::Tlsa, text.as_str(), 0..text.len())
    };
    texts.iter().fold(finding, label)
}
