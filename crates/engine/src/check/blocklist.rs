//! Is the sending address, or the domain, on a blocklist?
//!
//! Objective: tell which lists hold an entry, what it means and who can act, and never take silence for an answer.
//! Inputs: the [addresses that send](super::sending), the address of the user's connection, the domain, the lists of
//! `blocklists.json`.
//!
//! Procedure for one subject and one list:
//! 1. Ask for the subject and, at the same time, for the list's control entry that must be there (RFC 5782
//!    section 5).
//! 2. A hit counts only when the entry that must *not* be there is indeed absent: otherwise the zone is a wildcard.
//!    This second control is asked only after a hit, because a subject that comes back as "does not exist" is itself
//!    the proof that the zone answers no wildcard; lists are run by volunteers, and it spares them a third of the
//!    questions. Where a list has no such entry it is one that is no address and no domain.
//! 3. No hit counts as clean only when the first control answered, through the same resolver.
//! 4. The reason (TXT) is asked only after a hit that counts.
//! 5. Whose the address is decides what a hit means: nothing is said of one before that is known.
//!
//! The first control is not awaited for a hit: a list that holds an entry is alive, and a control that merely timed out
//! must not hide one. Lists of domains are asked about the registered domain, unless they answer for all below it.
//!
//! Everything else is "could not be asked", with its reason.

use std::net::{IpAddr, Ipv4Addr};

use super::{Arg, Code, Cx, Finding, Findings, Level, Subject, provider::Owner, sending};
use crate::{
    dmarc::suffix::{Known, registered},
    dns::{Failure, Name, Outcome, Query, Rdata, Rtype, is_public},
    facts::{Ask, Step},
    knowledge::{Actor, Blocklist, Judgement, Kind, ReturnCode, Role, Scope, Subject as Listed},
};

/// Receiving hosts that are asked about; more would spend the budget of the whole run.
const MOST_HOSTS: usize = 8;
/// Receiving addresses that are asked about.
const MOST_RECEIVING: usize = 10;

/// The sending addresses.
pub(super) fn addresses(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let mut pending = cx.section(|| who_sends(cx, findings));
    for ip in sending::sending(cx)?.ips() {
        pending = pending.and(subject(cx, findings, &Asked::sender(ip)));
    }
    pending
}

/// What is to be said of who sends before any list is asked: what could not be found, through whose servers mail leaves, and
/// that nobody knows who else sends.
fn who_sends(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let sending = sending::sending(cx)?;
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    for (host, failure) in &sending.failed {
        let finding = Finding::new(Code::Bl220, host).arg("domain", domain).arg("host", host);
        cx.found(findings, finding.because(*failure));
    }
    for shared in &sending.shared {
        let finding =
            Finding::new(Code::Bl140, domain).arg("domain", domain).arg("provider", shared.name.as_str());
        let help = shared.support.as_ref().filter(|url| url.starts_with("https://"));
        let help = help.map_or_else(|| Arg::key("finding.BL-140.step"), |url| Arg::from(url.as_str()));
        cx.found(findings, finding.arg("help", help));
    }
    if sending.open {
        sending::offers(cx, &sending)?;
        let known = sending.addresses.len() + sending.shared.len() > 0;
        let code = if known { Code::Bl230 } else { Code::Bl130 };
        cx.found(findings, Finding::new(code, domain).arg("domain", domain));
    }
    Ok(())
}

/// Whether a list of lines of homes and offices, or of others that should not deliver mail themselves, holds the address.
pub(super) fn holds_line(cx: &Cx<'_>, ip: IpAddr) -> Step<bool> {
    let asked = Asked::sender(ip);
    let kind = asked.listed.kind();
    let of_lines = |list: &&Blocklist| list.codes.iter().any(|code| list.scope_of(code) == Scope::Policy);
    let mut found = Findings::default();
    let chosen = cx.knowledge.blocklists.chosen_for(kind, |secret| cx.keys.get(secret));
    let steps: Vec<Step<()>> =
        chosen.filter(of_lines).map(|list| one(cx, &mut found, list, kind, &asked)).collect();
    steps.into_iter().collect::<Step<()>>()?;
    Ok(found.all().iter().any(|finding| finding.code == Code::Bl040))
}

/// The user's own connection. It sends nothing to receivers unless a server of the user's own stands there, so an entry
/// is a sign of what happens in that network, not the reason that mail is refused.
pub(super) fn own(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let sends = |ip| sending::sending(cx).map(|sending| sending.ips().any(|sender| sender == ip));
    match cx.target.own {
        Some(ip) if !sends(ip)? => {
            subject(cx, findings, &Asked { owner: Ok(Owner::Connection), ..Asked::sender(ip) })
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
    cx.section(|| -> Step<()> {
        if let Some(failure) = cx.ask(&super::provider::mx(domain))?.failure() {
            cx.found(findings, not_found(domain, domain, failure));
        }
        Ok(())
    })?;
    let mut pending = Ok(());
    let mut addresses: Vec<(IpAddr, Name)> = Vec::new();
    let mut hosts = super::provider::mx_hosts(cx, domain)?;
    let mut more = hosts.len() > MOST_HOSTS;
    hosts.truncate(MOST_HOSTS);
    for host in hosts {
        for rtype in [Rtype::A, Rtype::Aaaa] {
            let asked = cx.section(|| -> Step<()> {
                let outcome = cx.ask(&Query::new(host.clone(), rtype))?;
                if let Some(failure) = outcome.failure() {
                    cx.found(findings, not_found(domain, &host, failure));
                }
                for ip in outcome.addresses() {
                    // What is wrong with a private one is said where the MX records are looked at.
                    if !is_public(ip) || addresses.iter().any(|(known, _)| *known == ip) {
                        continue;
                    }
                    if addresses.len() == MOST_RECEIVING {
                        more = true;
                        break;
                    }
                    addresses.push((ip, host.clone()));
                }
                Ok(())
            });
            pending = pending.and(asked);
        }
    }
    if more {
        cx.section(|| cx.found(findings, not_found(domain, domain, Failure::Budget)));
    }
    for (ip, host) in &addresses {
        pending = pending.and(subject(cx, findings, &Asked { receiving: Some(host), ..Asked::sender(*ip) }));
    }
    pending
}

/// A receiving host, or all of them, that could not be found, and so was not asked about.
fn not_found(domain: &Name, host: &Name, failure: Failure) -> Finding {
    Finding::new(Code::Bl210, host).arg("domain", domain).arg("host", host).because(failure)
}

/// The domain itself.
pub(super) fn domain(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    if super::domain::is_gone(cx)? {
        return Ok(());
    }
    let whole = match registered(domain) {
        (name, Known::Sure) => name,
        (_, Known::Guess) => domain.clone(),
    };
    let mut pending = Ok(());
    for wildcard in [true, false] {
        let name = if wildcard { domain } else { &whole };
        let asked = Asked {
            subject: name.into(),
            listed: Listed::Domain(name.as_str()),
            receiving: None,
            owner: Ok(Owner::Sender),
        };
        pending = pending.and(lists(cx, findings, &asked, |list| list.wildcard == wildcard));
    }
    pending
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

/// Whether a list is asked. What a list says holds only beside controls that came through the same resolver: whoever
/// starts the next run may keep it if that one is asked first again.
#[must_use]
pub fn is_of_list(knowledge: &crate::knowledge::Knowledge, query: &Query) -> bool {
    knowledge.blocklists.lists.iter().any(|list| list.answers(&query.name))
}

struct Asked<'a> {
    subject: Subject,
    listed: Listed<'a>,
    /// The MX host, where the address is one that receives.
    receiving: Option<&'a Name>,
    /// Whose the address is, as soon as that is known.
    owner: Step<Owner<'a>>,
}

impl Asked<'_> {
    fn sender(ip: IpAddr) -> Self {
        Self { subject: ip.into(), listed: Listed::Ip(ip), receiving: None, owner: Ok(Owner::Sender) }
    }
}

fn subject(cx: &Cx<'_>, findings: &mut Findings, asked: &Asked<'_>) -> Step<()> {
    let Listed::Ip(ip) = asked.listed else { return Ok(()) };
    if !is_public(ip) {
        cx.section(|| cx.found(findings, base(Code::Bl160, asked)));
        return Ok(());
    }
    let owner = match asked.owner {
        Ok(Owner::Connection) => Ok(Owner::Connection),
        // What is said of a host that receives is the same whosever it is.
        _ if asked.receiving.is_some() => asked.owner,
        _ => cx.section(|| super::provider::of_sending_address(cx, ip)),
    };
    lists(cx, findings, &Asked { owner, subject: asked.subject.clone(), ..*asked }, |_| true)?;
    owner.map(|_| ())
}

fn lists(
    cx: &Cx<'_>,
    findings: &mut Findings,
    asked: &Asked<'_>,
    which: impl Fn(&Blocklist) -> bool,
) -> Step<()> {
    let kind = asked.listed.kind();
    let mut pending = Ok(());
    for list in cx.knowledge.blocklists.chosen_for(kind, |secret| cx.keys.get(secret)) {
        if which(list) {
            pending = pending.and(cx.section(|| one(cx, findings, list, kind, asked)));
        }
    }
    pending
}

/// Asks one list about one subject, by the procedure at the head of this file.
fn one(cx: &Cx<'_>, findings: &mut Findings, list: &Blocklist, kind: Kind, asked: &Asked<'_>) -> Step<()> {
    let question = |name: String| Name::parse(&name).ok().map(|name| Query::new(name, Rtype::A));
    let key = list.secret_name.as_deref().and_then(|secret| cx.keys.get(secret));
    let Some(query) = list.query_name(asked.listed, key).and_then(question) else {
        // A name of no public domain, which no list can know.
        return Ok(());
    };
    // Lists without an entry of their own are asked for the one of RFC 5782 section 5.
    let controls = list.controls(kind, key);
    let listed = controls.listed.and_then(question);
    let answer = cx.ask_list(&query);
    let control = listed.as_ref().map(|query| cx.ask_list(query));
    let answer = answer?;
    let finding = if answer.is_void() {
        silence(list, asked, answer, control.transpose()?)
    } else if let Some(unusable) = unusable(list, asked, answer) {
        unusable
    } else {
        let clean = controls.clean.and_then(question);
        let control = clean.as_ref().map(|query| cx.ask_list(query)).transpose()?;
        match control.and_then(|control| wildcard(list, asked, answer, control)) {
            Some(wildcard) => wildcard,
            None => entry(cx, list, asked, &query, answer)?,
        }
    };
    cx.found(findings, with_list(finding, list, asked));
    Ok(())
}

/// Why an answer of a list says nothing of what was asked; none for one that holds a code of an entry.
fn unusable(list: &Blocklist, asked: &Asked<'_>, answer: &Outcome) -> Option<Finding> {
    if let Some(failure) = answer.failure() {
        return Some(base(Code::Bl080, asked).because(failure));
    }
    match list.judge(&addresses_of(answer)) {
        Judgement::Refused(code) => Some(base(Code::Bl070, asked).arg("answer", code.to_string())),
        Judgement::Broken(code) => Some(base(Code::Bl100, asked).arg("answer", code.to_string())),
        Judgement::NoAddress => Some(base(Code::Bl090, asked)),
        Judgement::Listed { .. } | Judgement::UnknownCode(_) => None,
    }
}

/// What it means that a list holds no entry: it is clean if the control that must be there is, by the same resolver.
fn silence(list: &Blocklist, asked: &Asked<'_>, answer: &Outcome, control: Option<&Outcome>) -> Finding {
    let Some(control) = control else { return base(Code::Bl090, asked) };
    let against = match list.judge(&addresses_of(control)) {
        // There are lists whose test entry answers with a code that elsewhere is a refusal.
        Judgement::Refused(code) if list.is_test_answer(code) => None,
        _ => unusable(list, asked, control),
    };
    against.or_else(|| other_resolver(asked, answer, control)).unwrap_or_else(|| base(Code::Bl060, asked))
}

/// Why an entry does not count, by the control that must not be there: if it is, the zone answers whatever is asked.
fn wildcard(list: &Blocklist, asked: &Asked<'_>, answer: &Outcome, control: &Outcome) -> Option<Finding> {
    let addresses = addresses_of(control);
    match list.judge(&addresses) {
        Judgement::NoAddress if control.is_void() => other_resolver(asked, answer, control),
        Judgement::NoAddress | Judgement::Refused(_) => unusable(list, asked, control),
        Judgement::Listed { .. } | Judgement::UnknownCode(_) | Judgement::Broken(_) => {
            Some(base(Code::Bl100, asked).arg("answer", first(&addresses)))
        }
    }
}

/// A control that came through another resolver than the answer proves nothing of it.
fn other_resolver(asked: &Asked<'_>, answer: &Outcome, control: &Outcome) -> Option<Finding> {
    (control.meta().resolver != answer.meta().resolver).then(|| base(Code::Bl170, asked))
}

/// An entry that counts, with the reason that the list gives.
fn entry(cx: &Cx<'_>, list: &Blocklist, asked: &Asked<'_>, query: &Query, answer: &Outcome) -> Step<Finding> {
    let reason = cx.ask_list(&Query::new(query.name.clone(), Rtype::Txt));
    let (owner, reason) = (asked.owner?, reason?);
    let addresses = addresses_of(answer);
    let mut finding = match list.judge(&addresses) {
        Judgement::Listed { codes, good, weight } => hit(list, asked, owner, &codes, good, weight),
        _ => base(Code::Bl110, asked).arg("answer", first(&addresses)),
    };
    for txt in reason.texts() {
        let (name, text) = (cx.keys.redact_name(&query.name), cx.keys.redact(&txt.text()));
        finding = finding.label(&name, Rtype::Txt, text, 0..0);
    }
    Ok(finding)
}

/// What is said of an entry whose codes are known.
fn hit(
    list: &Blocklist,
    asked: &Asked<'_>,
    owner: Owner<'_>,
    codes: &[&ReturnCode],
    good: bool,
    weight: u8,
) -> Finding {
    // The gravest code decides: an infected host is one even where it is on the policy list too. Among equals it is
    // the one for a whole network, out of which nobody gets alone.
    let whole = |code: &&&ReturnCode| list.weight_of(code) == weight && list.scope_of(code) == Scope::Network;
    let gravest = codes.iter().find(whole).or(codes.first());
    let scope = gravest.map_or(list.scope, |code| list.scope_of(code));
    let actor = gravest.map_or(list.who, |code| list.actor_of(code));
    let (code, level, rated) = rate(list, asked, owner, scope, good, weight);
    let meanings = codes.iter().map(|code| Arg::key(format!("listcode.{}", code.meaning))).collect();
    let who = match (owner, actor) {
        (Owner::Unknown, Actor::You) => "list.who.perhaps-you".to_owned(),
        (Owner::Provider(_), Actor::You) => Actor::Provider.key(),
        _ => actor.key(),
    };
    let use_ = match weight {
        _ if list.role == Role::Info => "remark",
        8.. => "many",
        4..=7 => "some",
        1..=3 => "few",
        0 => "remark",
    };
    let mut finding = base(code, asked)
        .rated(level, rated)
        .arg("meaning", Arg::List(meanings))
        .arg("scope", Arg::key(scope.key()))
        .arg("use", Arg::key(format!("list.use.{use_}")))
        .arg("who", Arg::key(who));
    if let Owner::Provider(provider) = owner {
        finding = finding.arg("provider", provider);
    }
    let parts: Vec<&str> = codes.iter().filter_map(|code| code.part.as_deref()).collect();
    if !parts.is_empty() {
        finding = finding.arg("part", Arg::list(parts));
    }
    let mut advice: Vec<&str> = Vec::new();
    for code in gravest.into_iter().chain(codes) {
        let of_code = list.advice_of(code).unwrap_or("default");
        if !advice.contains(&of_code) {
            advice.push(of_code);
        }
    }
    let mut advice = advice.into_iter().map(|id| Arg::key(format!("list.{id}.advice")));
    finding = finding.arg("advice", advice.next().unwrap_or(Arg::key("list.default.advice")));
    let more: Vec<Arg> = advice.collect();
    // Where the advice is not the list's, what else the list advises has no place.
    let advised = matches!(code, Code::Bl010 | Code::Bl020 | Code::Bl030 | Code::Bl040 | Code::Bl200);
    if more.is_empty() || !advised { finding } else { finding.arg("more", Arg::List(more)) }
}

fn rate(
    list: &Blocklist,
    asked: &Asked<'_>,
    owner: Owner<'_>,
    scope: Scope,
    good: bool,
    weight: u8,
) -> (Code, Level, u8) {
    if good || list.role == Role::Allow {
        return (Code::Bl120, Level::Pass, 0);
    }
    if asked.receiving.is_some() {
        return (Code::Bl150, Level::Info, 0);
    }
    let refuses = weight > 0 && list.role != Role::Info;
    if !refuses && scope != Scope::Network {
        return (Code::Bl200, Level::Info, 0);
    }
    if let Owner::Provider(_) = owner {
        return (Code::Bl050, Level::Info, 0);
    }
    let code = match scope {
        Scope::Network if owner == Owner::Connection => return (Code::Bl030, Level::Info, 0),
        Scope::Policy if owner == Owner::Connection => return (Code::Bl190, Level::Info, 0),
        _ if owner == Owner::Connection => {
            let level = if weight < 2 { Level::Info } else { Level::Improve };
            return (Code::Bl180, level, weight.saturating_mul(2));
        }
        Scope::Policy => return (Code::Bl040, Level::Improve, 40),
        Scope::Network => Code::Bl030,
        Scope::Domain => Code::Bl020,
        Scope::Address | Scope::Range => Code::Bl010,
    };
    // Weights of lists go to 10. From 5 on large receivers refuse by it.
    let level = match weight {
        _ if !refuses => Level::Info,
        5.. => Level::Stops,
        2..=4 => Level::Improve,
        _ => Level::Info,
    };
    let rated = if level == Level::Info { 0 } else { (weight.saturating_mul(6)).saturating_add(35).min(90) };
    (code, level, rated)
}

fn base(code: Code, asked: &Asked<'_>) -> Finding {
    let finding = Finding::new(code, asked.subject.clone()).arg("subject", asked.subject.to_string());
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

fn first(addresses: &[Ipv4Addr]) -> String {
    addresses.first().map(Ipv4Addr::to_string).unwrap_or_default()
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
