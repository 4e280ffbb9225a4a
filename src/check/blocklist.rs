//! Is the sending address, or the domain, on a blocklist?
//!
//! Objective: tell which lists hold an entry, what it means and who can act, and never take silence for an answer.
//! Inputs: the sending addresses, the address of the user's connection, the domain, the lists of `blocklists.json`.
//!
//! Procedure for one subject and one list:
//! 1. Ask for the subject and, at the same time, for the list's control entry that must be there (RFC 5782
//!    section 5).
//! 2. A hit counts only when the entry that must *not* be there is indeed absent: otherwise the zone is a wildcard.
//!    This second control is asked only after a hit, because a subject that comes back as "does not exist" is itself
//!    the proof that the zone answers no wildcard; lists are run by volunteers, and it spares them a third of the
//!    questions.
//! 3. No hit counts as clean only when the first control answered, through the same resolver.
//! 4. The reason (TXT) is asked only after a hit that counts.
//!
//! Everything else is "could not be asked", with its reason.

use std::net::{IpAddr, Ipv4Addr};

use super::{Arg, Code, Cx, Finding, Findings, Level, Subject};
use crate::{
    dns::{Name, Outcome, Query, Rdata, Rtype},
    facts::{Ask, Pending, Step},
    knowledge::{Blocklist, Judgement, Kind, Role, Scope, Subject as Listed, is_askable},
};

/// The sending addresses.
pub(super) fn addresses(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let mut pending = Ok(());
    for &ip in &cx.target.ips {
        pending = pending.and(subject(cx, findings, &Asked::sender(ip)));
    }
    if cx.target.ips.is_empty()
        && let Some(domain) = &cx.target.domain
        && !super::domain::is_gone(cx)?
    {
        cx.section(|| unknown_sender(cx, findings, domain))?;
    }
    pending
}

/// The user's own connection. It sends nothing to receivers unless a server of the user's own stands there, so an entry
/// is a sign of what happens in that network, not the reason that mail is refused.
pub(super) fn own(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    match cx.target.own {
        Some(ip) if !cx.target.ips.contains(&ip) => {
            subject(cx, findings, &Asked { own: true, ..Asked::sender(ip) })
        }
        _ => Ok(()),
    }
}

/// The hosts that receive the domain's mail, only when the user asks for them.
pub(super) fn receiving(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    if !cx.target.receiving_too {
        return Ok(());
    }
    let mut pending = Ok(());
    for host in super::provider::mx_hosts(cx, domain)? {
        for rtype in [Rtype::A, Rtype::Aaaa] {
            match cx.ask(&Query::new(host.clone(), rtype)) {
                Ok(outcome) => {
                    for ip in outcome.records().iter().filter_map(|record| record.data.address()) {
                        let asked = Asked { receiving: Some(&host), ..Asked::sender(ip) };
                        pending = pending.and(subject(cx, findings, &asked));
                    }
                }
                Err(Pending) => pending = Err(Pending),
            }
        }
    }
    pending
}

/// The domain itself.
pub(super) fn domain(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    if super::domain::is_gone(cx)? {
        return Ok(());
    }
    let asked = Asked {
        subject: domain.into(),
        listed: Listed::Domain(domain.as_str()),
        receiving: None,
        own: false,
        provider: None,
    };
    subject(cx, findings, &asked)
}

/// Outcomes of control entries hold for any run: whoever starts the next one may keep them.
#[must_use]
pub fn is_control(knowledge: &crate::knowledge::Knowledge, query: &Query) -> bool {
    knowledge.blocklists.lists.iter().any(|list| {
        list.covers.iter().any(|&kind| {
            let controls = list.controls(kind, None);
            [controls.listed, controls.clean].iter().flatten().any(|name| name == query.name.as_str())
        })
    })
}

struct Asked<'a> {
    subject: Subject,
    listed: Listed<'a>,
    /// The MX host, where the address is one that receives.
    receiving: Option<&'a Name>,
    /// It is the address of the user's connection.
    own: bool,
    /// The provider who shares the address among its customers.
    provider: Option<&'a str>,
}

impl Asked<'_> {
    fn sender(ip: IpAddr) -> Self {
        Self { subject: ip.into(), listed: Listed::Ip(ip), receiving: None, own: false, provider: None }
    }
}

fn unknown_sender(cx: &Cx<'_>, findings: &mut Findings, domain: &Name) -> Step<()> {
    let recognised = super::provider::recognise(cx, domain)?;
    let shared = recognised.mailbox.filter(|provider| provider.shared_addresses);
    let finding = match shared {
        Some(provider) if recognised.senders.len() <= 1 => {
            Finding::new(Code::Bl140, domain).arg("provider", provider.name.as_str())
        }
        _ => Finding::new(Code::Bl130, domain),
    };
    cx.found(findings, finding.arg("domain", domain));
    Ok(())
}

fn subject(cx: &Cx<'_>, findings: &mut Findings, asked: &Asked<'_>) -> Step<()> {
    if let Listed::Ip(ip) = asked.listed
        && !is_askable(ip)
    {
        cx.section(|| cx.found(findings, base(Code::Bl160, asked)));
        return Ok(());
    }
    let owner = match asked.listed {
        Listed::Ip(_) if asked.own => Ok(None),
        Listed::Ip(ip) => cx.section(|| super::provider::of_sending_address(cx, ip)),
        Listed::Domain(_) => Ok(None),
    };
    let asked =
        Asked { provider: owner.as_ref().ok().copied().flatten(), subject: asked.subject.clone(), ..*asked };
    let kind = asked.listed.kind();
    let mut pending = owner.map(|_| ());
    for list in cx.knowledge.blocklists.chosen_for(kind, |secret| cx.keys.get(secret).is_some()) {
        pending = pending.and(cx.section(|| one(cx, findings, list, kind, &asked)));
    }
    pending
}

fn one(cx: &Cx<'_>, findings: &mut Findings, list: &Blocklist, kind: Kind, asked: &Asked<'_>) -> Step<()> {
    let key = list.secret_name.as_deref().and_then(|secret| cx.keys.get(secret));
    let Some(name) = list.query_name(asked.listed, key).and_then(|name| Name::parse(&name).ok()) else {
        return Ok(());
    };
    let controls = list.controls(kind, key);
    let control = |name: Option<String>| name.and_then(|name| Name::parse(&name).ok());
    let query = Query::new(name.clone(), Rtype::A);
    let answer = cx.ask_list(&query);
    // Lists without an entry of their own are asked for the one of RFC 5782 section 5.
    let listed = control(controls.listed).map(|name| Query::new(name, Rtype::A));
    let sanity = listed.as_ref().map(|query| cx.ask_list(query));
    let answer = answer?;
    let put = |findings: &mut Findings, finding: Finding| {
        cx.found(findings, with_list(finding, list, asked));
    };
    let addresses = addresses_of(answer);
    match answer {
        Outcome::Failed(failed) => {
            put(findings, base(Code::Bl080, asked).because(failed.failure));
            return Ok(());
        }
        Outcome::Records(_) => {}
        Outcome::NoData(_) | Outcome::NxDomain(_) => {
            let code = match sanity.transpose()? {
                None => Code::Bl090,
                Some(outcome) => match (judged(list, outcome), outcome) {
                    (_, Outcome::Failed(failed)) => {
                        put(findings, base(Code::Bl080, asked).because(failed.failure));
                        return Ok(());
                    }
                    (Judgement::Refused(code), _) => {
                        put(findings, base(Code::Bl070, asked).arg("answer", code.to_string()));
                        return Ok(());
                    }
                    (Judgement::Broken(code), _) => {
                        put(findings, base(Code::Bl100, asked).arg("answer", code.to_string()));
                        return Ok(());
                    }
                    (Judgement::NoAddress, _) => Code::Bl090,
                    _ if outcome.meta().resolver != answer.meta().resolver => Code::Bl170,
                    (Judgement::Listed { .. } | Judgement::UnknownCode(_), _) => Code::Bl060,
                },
            };
            put(findings, base(code, asked));
            return Ok(());
        }
    }
    match list.judge(&addresses) {
        Judgement::Refused(code) => put(findings, base(Code::Bl070, asked).arg("answer", code.to_string())),
        Judgement::Broken(code) => put(findings, base(Code::Bl100, asked).arg("answer", code.to_string())),
        Judgement::NoAddress => put(findings, base(Code::Bl090, asked)),
        judgement @ (Judgement::Listed { .. } | Judgement::UnknownCode(_)) => {
            if let Some(clean) = control(controls.clean) {
                let outcome = cx.ask_list(&Query::new(clean, Rtype::A))?;
                if let Some(failure) = outcome.failure() {
                    put(findings, base(Code::Bl080, asked).because(failure));
                    return Ok(());
                }
                if let Some(first) = addresses_of(outcome).first() {
                    put(findings, base(Code::Bl100, asked).arg("answer", first.to_string()));
                    return Ok(());
                }
            }
            let reason = cx.ask_list(&Query::new(name, Rtype::Txt))?;
            let finding = match judgement {
                Judgement::Listed { codes, good, weight } => hit(list, asked, &codes, good, weight),
                _ => base(Code::Bl110, asked)
                    .arg("answer", addresses.first().map(Ipv4Addr::to_string).unwrap_or_default()),
            };
            let finding = reason.records().iter().filter_map(|record| record.data.txt()).fold(
                finding,
                |finding, txt| {
                    finding.label(
                        &cx.keys.redact_name(&query.name),
                        Rtype::Txt,
                        cx.keys.redact(&txt.text()),
                        0..0,
                    )
                },
            );
            put(findings, finding);
        }
    }
    Ok(())
}

/// A hit that counts.
fn hit(
    list: &Blocklist,
    asked: &Asked<'_>,
    codes: &[&crate::knowledge::ReturnCode],
    good: bool,
    weight: u8,
) -> Finding {
    // The gravest code decides: an infected host is one even where it is on the policy list too.
    let gravest = codes.first();
    let scope = gravest.map_or(list.scope, |code| list.scope_of(code));
    let actor = gravest.map_or(list.who, |code| list.actor_of(code));
    let advice = gravest.and_then(|code| list.advice_of(code));
    let (code, level, weight) = rate(list, asked, scope, good, weight);
    let meanings = codes.iter().map(|code| Arg::key(format!("listcode.{}", code.meaning))).collect();
    let mut finding = base(code, asked)
        .rated(level, weight)
        .arg("meaning", Arg::List(meanings))
        .arg("who", Arg::key(format!("list.who.{}", actor.as_str())));
    let parts: Vec<&str> = codes.iter().filter_map(|code| code.part.as_deref()).collect();
    if !parts.is_empty() {
        finding = finding.arg("part", Arg::list(parts));
    }
    match advice {
        Some(advice) => finding.arg("advice", Arg::key(format!("list.{advice}.advice"))),
        None => finding.arg("advice", Arg::key("list.default.advice")),
    }
}

fn rate(list: &Blocklist, asked: &Asked<'_>, scope: Scope, good: bool, weight: u8) -> (Code, Level, u8) {
    if good || list.role == Role::Allow {
        return (Code::Bl120, Level::Pass, 0);
    }
    if asked.receiving.is_some() {
        return (Code::Bl150, Level::Info, 0);
    }
    if asked.provider.is_some() {
        return (Code::Bl050, Level::Info, 0);
    }
    match scope {
        Scope::Network => (Code::Bl030, Level::Info, 0),
        Scope::Policy if asked.own => (Code::Bl190, Level::Info, 0),
        _ if asked.own => {
            (Code::Bl180, if weight < 2 { Level::Info } else { Level::Improve }, weight.saturating_mul(2))
        }
        Scope::Policy => (Code::Bl040, Level::Improve, 40),
        _ => {
            let code = if scope == Scope::Domain { Code::Bl020 } else { Code::Bl010 };
            // Weights of lists go to 10. From 5 on large receivers refuse by it.
            let level = match weight {
                5.. => Level::Stops,
                2..=4 => Level::Improve,
                _ => Level::Info,
            };
            (code, level, (weight.saturating_mul(6)).saturating_add(35).min(95))
        }
    }
}

fn base(code: Code, asked: &Asked<'_>) -> Finding {
    let finding = Finding::new(code, asked.subject.clone()).arg("subject", asked.subject.to_string());
    let finding = match asked.provider {
        Some(provider) => finding.arg("provider", provider),
        None => finding,
    };
    match asked.receiving {
        Some(host) => finding.arg("host", host),
        None => finding,
    }
}

fn with_list(finding: Finding, list: &Blocklist, asked: &Asked<'_>) -> Finding {
    let subject = asked.subject.to_string();
    let link = |url: &Option<String>| url.as_ref().map(|url| url.replace("{q}", &subject));
    let mut finding = finding.arg("list", list.name.as_str()).arg("id", list.id.as_str());
    if let Some(url) = link(&list.lookup_url) {
        finding = finding.arg("lookup", url);
    }
    if let Some(url) = link(&list.delist_url) {
        finding = finding.arg("delist", url);
    }
    finding
}

fn judged<'l>(list: &'l Blocklist, outcome: &Outcome) -> Judgement<'l> {
    list.judge(&addresses_of(outcome))
}

fn addresses_of(outcome: &Outcome) -> Vec<Ipv4Addr> {
    outcome
        .records()
        .iter()
        .filter_map(|record| match record.data {
            Rdata::A(ip) => Some(ip),
            _ => None,
        })
        .collect()
}
