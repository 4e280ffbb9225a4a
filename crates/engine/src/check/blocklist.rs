//! Is the sending address, or the domain, on a blocklist?
//!
//! Objective: tell which lists hold an entry, what it means and who can act, and never take silence for an answer.
//! Inputs: the [addresses that send](sending), the address of the user's connection, the domain, the lists of
//! `blocklists.json`.
//!
//! Procedure: each list is asked about each subject as [`listings`] says; whose the address is decides what a hit means, so
//! nothing is said of one before that is known. Lists of domains are asked about the registered domain, unless they answer
//! for all below it.

use std::net::IpAddr;

use super::{Arg, Code, Cx, Finding, Findings, Level, LinkKind, Subject};
use crate::{
    dns::{Failure, Name, Rtype, is_public},
    facts::{Pending, Step},
    knowledge::{Actor, Blocklist, ListSubject as Listed, Role, Scope},
    view::{
        listings::{self, ListAnswer, ListEntry},
        provider::{self, SenderOwner},
        sending,
    },
};

/// The sending addresses.
pub(super) fn addresses(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let mut pending = cx.section(|| who_sends(cx, findings));
    for ip in sending::sending(cx)?.ips() {
        pending = pending.and(subject(cx, findings, &SubjectLookup::sender(ip)));
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
        let finding = match shared.support.as_ref().filter(|url| url.starts_with("https://")) {
            Some(url) => finding.link(LinkKind::Help, url),
            None => finding.arg("help", Arg::key("finding.BL-140.step")),
        };
        cx.found(findings, finding);
    }
    if sending.open {
        sending::offers(cx, &sending)?;
        let known = sending.addresses.len() + sending.shared.len() > 0;
        let code = if known { Code::Bl230 } else { Code::Bl130 };
        cx.found(findings, Finding::new(code, domain).arg("domain", domain));
    }
    Ok(())
}

/// The user's own connection. It sends nothing to receivers unless a server of the user's own stands there, so an entry
/// is a sign of what happens in that network, not the reason that mail is refused.
pub(super) fn own(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let sends = |ip| sending::sending(cx).map(|sending| sending.ips().any(|sender| sender == ip));
    match cx.target.connection_ip {
        Some(ip) if !sends(ip)? => subject(
            cx,
            findings,
            &SubjectLookup { owner: Ok(SenderOwner::Connection), ..SubjectLookup::sender(ip) },
        ),
        _ => Ok(()),
    }
}

/// The hosts that receive the domain's mail, only when the user asks for them.
pub(super) fn receiving(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let (Some(domain), Some(found)) = (&cx.target.domain, listings::receiving(cx)?) else { return Ok(()) };
    for (query, failure) in &found.failed {
        cx.section(|| {
            cx.cite(query);
            cx.found(findings, not_found(domain, &query.name, *failure));
        });
    }
    if found.cut {
        cx.section(|| cx.found(findings, not_found(domain, domain, Failure::Budget)));
    }
    let mut pending = if found.running { Err(Pending) } else { Ok(()) };
    for (ip, host) in &found.addresses {
        pending = pending.and(subject(
            cx,
            findings,
            &SubjectLookup { receiving: Some(host), ..SubjectLookup::sender(*ip) },
        ));
    }
    pending
}

/// A receiving host, or all of them, that could not be found, and so was not asked about.
fn not_found(domain: &Name, host: &Name, failure: Failure) -> Finding {
    Finding::new(Code::Bl210, host).arg("domain", domain).arg("host", host).because(failure)
}

/// The domain itself.
pub(super) fn domain(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let mut pending = Ok(());
    for (list, name) in listings::names(cx)? {
        let asked = SubjectLookup {
            subject: (&name).into(),
            listed: Listed::Domain(name.as_str()),
            receiving: None,
            owner: Ok(SenderOwner::Sender),
        };
        pending = pending.and(cx.section(|| one(cx, findings, list, &asked)));
    }
    pending
}

struct SubjectLookup<'a> {
    subject: Subject,
    listed: Listed<'a>,
    /// The MX host, where the address is one that receives.
    receiving: Option<&'a Name>,
    /// Whose the address is, as soon as that is known.
    owner: Step<SenderOwner<'a>>,
}

impl SubjectLookup<'_> {
    fn sender(ip: IpAddr) -> Self {
        Self { subject: ip.into(), listed: Listed::Ip(ip), receiving: None, owner: Ok(SenderOwner::Sender) }
    }
}

fn subject(cx: &Cx<'_>, findings: &mut Findings, asked: &SubjectLookup<'_>) -> Step<()> {
    let Listed::Ip(ip) = asked.listed else { return Ok(()) };
    if !is_public(ip) {
        cx.section(|| cx.found(findings, base(Code::Bl160, asked)));
        return Ok(());
    }
    let owner = match asked.owner {
        Ok(SenderOwner::Connection) => Ok(SenderOwner::Connection),
        // What is said of a host that receives is the same whosever it is.
        _ if asked.receiving.is_some() => asked.owner,
        _ => cx.section(|| provider::of_sending_address(cx, ip)),
    };
    let asked = SubjectLookup { owner, subject: asked.subject.clone(), ..*asked };
    let mut pending = Ok(());
    for list in listings::chosen(cx, asked.listed) {
        pending = pending.and(cx.section(|| one(cx, findings, list, &asked)));
    }
    pending.and(owner.map(|_| ()))
}

/// Says what one list holds of one subject.
fn one(cx: &Cx<'_>, findings: &mut Findings, list: &Blocklist, asked: &SubjectLookup<'_>) -> Step<()> {
    let about = |code| base(code, asked);
    let finding = match listings::ask(cx, list, asked.listed)? {
        None => return Ok(()),
        Some(ListAnswer::Listed(entry)) => hit(list, asked, asked.owner?, &entry),
        Some(ListAnswer::UnknownCode(code)) => {
            asked.owner?;
            about(Code::Bl110).arg("answer", code.to_string())
        }
        Some(ListAnswer::Clean) => about(Code::Bl060),
        Some(ListAnswer::Failed(failure)) => about(Code::Bl080).because(failure),
        Some(ListAnswer::Refused(code)) => about(Code::Bl070).arg("answer", code.to_string()),
        Some(ListAnswer::Broken(code)) => about(Code::Bl100).arg("answer", code.to_string()),
        Some(ListAnswer::Silent) => about(Code::Bl090),
        Some(ListAnswer::OtherResolver) => about(Code::Bl170),
    };
    cx.found(findings, with_list(finding, list, asked));
    Ok(())
}

/// What is said of an entry whose codes are known.
fn hit(list: &Blocklist, asked: &SubjectLookup<'_>, owner: SenderOwner<'_>, entry: &ListEntry) -> Finding {
    let ListEntry { scope, actor, weight, .. } = *entry;
    let (code, level, rated) = rate(list, asked, owner, scope, entry.good, weight);
    let meanings = entry.meanings.iter().map(|meaning| Arg::key(format!("listcode.{meaning}"))).collect();
    let who = match (owner, actor) {
        (SenderOwner::Unknown, Actor::You) => "list.who.perhaps-you".to_owned(),
        (SenderOwner::Provider(_), Actor::You) => Actor::Provider.key(),
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
    if let SenderOwner::Provider(provider) = owner {
        finding = finding.arg("provider", provider);
    }
    if !entry.parts.is_empty() {
        finding = finding.arg("part", Arg::list(&entry.parts));
    }
    for text in &entry.reasons {
        finding = finding.label(&entry.reason_at, Rtype::Txt, text.as_str(), 0..0);
    }
    let mut advice = entry.advice.iter().map(|id| format!("list.{id}.advice"));
    finding = finding.arg("advice", Arg::key(advice.next().unwrap_or("list.default.advice".to_owned())));
    // Where the advice is not the list's, what else the list advises has no place.
    if matches!(code, Code::Bl010 | Code::Bl020 | Code::Bl030 | Code::Bl040 | Code::Bl200) {
        finding.more_advice = advice.collect();
    }
    if finding.more_advice.is_empty() {
        return finding;
    }
    let more = finding.more_advice.iter().map(Arg::key).collect();
    finding.arg("more", Arg::List(more))
}

fn rate(
    list: &Blocklist,
    asked: &SubjectLookup<'_>,
    owner: SenderOwner<'_>,
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
    if let SenderOwner::Provider(_) = owner {
        return (Code::Bl050, Level::Info, 0);
    }
    let code = match scope {
        Scope::Network if owner == SenderOwner::Connection => return (Code::Bl030, Level::Info, 0),
        Scope::Policy if owner == SenderOwner::Connection => return (Code::Bl190, Level::Info, 0),
        _ if owner == SenderOwner::Connection => {
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

fn base(code: Code, asked: &SubjectLookup<'_>) -> Finding {
    let finding = Finding::new(code, asked.subject.clone()).arg("subject", asked.subject.to_string());
    match asked.receiving {
        Some(host) => finding.arg("host", host),
        None => finding,
    }
}

fn with_list(finding: Finding, list: &Blocklist, asked: &SubjectLookup<'_>) -> Finding {
    let subject = asked.subject.to_string();
    let link = |url: &Option<String>| url.as_ref().map(|url| url.replace("{q}", &subject));
    let mut finding = finding.of_list(&list.id).arg("list", list.name.as_str()).arg("id", list.id.as_str());
    if let Some(url) = link(&list.lookup_url) {
        finding = finding.arg("lookup", url);
    }
    if let Some(url) = link(&list.delist_url) {
        finding = finding.arg("delist", url);
    }
    finding
}
