//! What lists say of an address or a name.
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
//!
//! The first control is not awaited for a hit: a list that holds an entry is alive, and a control that merely timed out
//! must not hide one. Everything else is "could not be asked", with its reason.

use std::net::{IpAddr, Ipv4Addr};

use super::{KnownEntry, domain, mx, sending};
use crate::{
    cx::Cx,
    dmarc::suffix::{SuffixConfidence, registered},
    dns::{Failure, Name, Outcome, Query, Rdata, Rtype, is_public},
    facts::{Ask, Step},
    knowledge::{Actor, Blocklist, Knowledge, ListJudgement, ListSubject as Listed, ReturnCode, Role, Scope},
    subject::Subject,
};

/// Receiving hosts that are asked about; more would spend the budget of the whole run.
const MOST_HOSTS: usize = 8;
/// Receiving addresses that are asked about.
const MOST_RECEIVING: usize = 10;

/// What one list says of one address or name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The list.
    pub list: KnownEntry,
    /// What an entry in it is for.
    pub role: Role,
    /// What it was asked about.
    pub subject: Subject,
    /// Its page that says more of the subject.
    pub lookup_url: Option<String>,
    /// Its page to get the subject off it.
    pub delist_url: Option<String>,
    /// What it says.
    pub answer: ListAnswer,
}

/// What a list says of a subject, held against its control entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListAnswer {
    /// It holds an entry.
    Listed(ListEntry),
    /// It holds an entry with a code that is not known here.
    UnknownCode(Ipv4Addr),
    /// It holds none.
    Clean,
    /// It, or its control, could not be looked up.
    Failed(Failure),
    /// It declines to answer this resolver.
    Refused(Ipv4Addr),
    /// Its zone has an answer for every name, is parked, or the resolver rewrites answers: an address that shows it.
    Broken(Ipv4Addr),
    /// It is silent, and so is its control entry, or it has none: silence proves nothing.
    Silent,
    /// The control came through another resolver than the answer.
    OtherResolver,
}

/// An entry of a list that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListEntry {
    /// What its codes mean, the gravest first: ends of the locale keys `listcode.<meaning>`.
    pub meanings: Vec<String>,
    /// Proper names of the parts of the list that hold it.
    pub parts: Vec<String>,
    /// Whether it is good news.
    pub good: bool,
    /// How much it matters to receivers, 0 to 10.
    pub weight: u8,
    /// What is listed.
    pub scope: Scope,
    /// Who can get it removed.
    pub actor: Actor,
    /// What to do, by the gravest code first: ids in the locale keys `list.<id>.advice`; one at least.
    pub advice: Vec<String>,
    /// Where the list gives its reason; without keys of the user's own.
    pub reason_at: Name,
    /// The reason, in the list's own words. Untrusted.
    pub reasons: Vec<String>,
}

/// What the lists have answered by now, one row a list and subject: about the addresses that send, that of the user's
/// connection, those that receive where the user asks for them, and the domain.
pub(crate) fn view(cx: &Cx<'_>) -> Vec<Listing> {
    let mut ips: Vec<IpAddr> =
        sending::sending(cx).map(|sending| sending.ips().collect()).unwrap_or_default();
    ips.extend(cx.target.connection_ip);
    if let Ok(Some(receiving)) = receiving(cx) {
        ips.extend(receiving.addresses.into_iter().map(|(ip, _)| ip));
    }
    let mut rows = Vec::new();
    for (at, &ip) in ips.iter().enumerate() {
        if is_public(ip) && !ips[..at].contains(&ip) {
            for list in chosen(cx, Listed::Ip(ip)) {
                rows.extend(row(cx, list, &ip.into(), Listed::Ip(ip)));
            }
        }
    }
    for (list, name) in names(cx).unwrap_or_default() {
        rows.extend(row(cx, list, &Subject::from(&name), Listed::Domain(name.as_str())));
    }
    rows
}

fn row(cx: &Cx<'_>, list: &Blocklist, subject: &Subject, listed: Listed<'_>) -> Option<Listing> {
    let answer = ask(cx, list, listed).ok()??;
    let url = |url: &Option<String>| url.as_ref().map(|url| url.replace("{q}", &subject.to_string()));
    Some(Listing {
        list: KnownEntry { id: list.id.clone(), name: list.name.clone() },
        role: list.role,
        subject: subject.clone(),
        lookup_url: url(&list.lookup_url),
        delist_url: url(&list.delist_url),
        answer,
    })
}

/// The lists that are asked about such a subject.
pub(crate) fn chosen<'a>(cx: &Cx<'a>, subject: Listed<'_>) -> impl Iterator<Item = &'a Blocklist> {
    let keys = cx.keys;
    cx.knowledge.blocklists.chosen_for(subject.kind(), |secret| keys.get(secret))
}

/// The lists that are asked about the target's domain, each with the name it is asked about: the registered domain, unless
/// it answers for all below it.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known that there is such a domain.
pub(crate) fn names<'a>(cx: &Cx<'a>) -> Step<Vec<(&'a Blocklist, Name)>> {
    let Some(domain) = &cx.target.domain else { return Ok(Vec::new()) };
    if domain::is_gone(cx)? {
        return Ok(Vec::new());
    }
    let whole = match registered(domain) {
        (name, SuffixConfidence::Sure) => name,
        (_, SuffixConfidence::Guess) => domain.clone(),
    };
    let mut asked: Vec<(&Blocklist, Name)> = Vec::new();
    for (wildcard, name) in [(true, domain), (false, &whole)] {
        let lists = chosen(cx, Listed::Domain(name.as_str())).filter(|list| list.wildcard == wildcard);
        asked.extend(lists.map(|list| (list, name.clone())));
    }
    Ok(asked)
}

/// Who receives the domain's mail, as far as it is asked about.
#[derive(Default)]
pub(crate) struct ReceivingAddresses {
    /// Public addresses, each with the host by which it was found.
    pub addresses: Vec<(IpAddr, Name)>,
    /// What could not be looked up.
    pub failed: Vec<(Query, Failure)>,
    /// Whether there are more than are asked about.
    pub cut: bool,
    /// Whether addresses are still awaited.
    pub running: bool,
}

/// The addresses of the hosts that receive the domain's mail, where the user asks for them.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until the MX records are known.
pub(crate) fn receiving(cx: &Cx<'_>) -> Step<Option<ReceivingAddresses>> {
    let Some(domain) = cx.target.domain.as_ref().filter(|_| cx.target.receiving_too) else { return Ok(None) };
    let mut found = ReceivingAddresses::default();
    let query = mx::query(domain);
    let mut hosts = mx::host_names(cx, domain)?;
    found.failed.extend(cx.ask(&query)?.failure().map(|failure| (query, failure)));
    found.cut = hosts.len() > MOST_HOSTS;
    hosts.truncate(MOST_HOSTS);
    for host in hosts {
        for rtype in [Rtype::A, Rtype::Aaaa] {
            let query = Query::new(host.clone(), rtype);
            let Ok(outcome) = cx.ask(&query) else {
                found.running = true;
                continue;
            };
            for ip in outcome.addresses() {
                // What is wrong with a private one is said where the MX records are looked at.
                if !is_public(ip) || found.addresses.iter().any(|(known, _)| *known == ip) {
                    continue;
                }
                if found.addresses.len() == MOST_RECEIVING {
                    found.cut = true;
                    break;
                }
                found.addresses.push((ip, host.clone()));
            }
            found.failed.extend(outcome.failure().map(|failure| (query, failure)));
        }
    }
    Ok(Some(found))
}

/// Asks one list about one subject, by the procedure at the head of this file; `None` for what no list can know, such as a
/// name of no public domain.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until the answer and its controls are known.
pub(crate) fn ask(cx: &Cx<'_>, list: &Blocklist, subject: Listed<'_>) -> Step<Option<ListAnswer>> {
    let question = |name: String| Name::parse(&name).ok().map(|name| Query::new(name, Rtype::A));
    let key = list.secret_name.as_deref().and_then(|secret| cx.keys.get(secret));
    let Some(query) = list.query_name(subject, key).and_then(question) else { return Ok(None) };
    // Lists without an entry of their own are asked for the one of RFC 5782 section 5.
    let controls = list.controls(subject.kind(), key);
    let listed = controls.listed.and_then(question);
    let answer = cx.ask_list(&query);
    let control = listed.as_ref().map(|query| cx.ask_list(query));
    let answer = answer?;
    if answer.is_void() {
        return Ok(Some(silence(list, answer, control.transpose()?)));
    }
    if let Some(unusable) = unusable(list, answer) {
        return Ok(Some(unusable));
    }
    let clean = controls.clean.and_then(question);
    let control = clean.as_ref().map(|query| cx.ask_list(query)).transpose()?;
    if let Some(wildcard) = control.and_then(|control| wildcard(list, answer, control)) {
        return Ok(Some(wildcard));
    }
    let reason = cx.ask_list(&Query::new(query.name.clone(), Rtype::Txt))?;
    Ok(Some(match list.judge(&addresses_of(answer)) {
        ListJudgement::Listed { codes, good, weight } => {
            let reasons = reason.texts().map(|txt| cx.keys.redact(&txt.text())).collect();
            let reason_at = cx.keys.redact_name(&query.name);
            ListAnswer::Listed(ListEntry { reason_at, reasons, ..entry(list, &codes, good, weight) })
        }
        ListJudgement::UnknownCode(code) => ListAnswer::UnknownCode(code),
        _ => ListAnswer::Silent,
    }))
}

/// Why an answer of a list says nothing of what was asked; none for one that holds a code of an entry.
fn unusable(list: &Blocklist, answer: &Outcome) -> Option<ListAnswer> {
    if let Some(failure) = answer.failure() {
        return Some(ListAnswer::Failed(failure));
    }
    match list.judge(&addresses_of(answer)) {
        ListJudgement::Refused(code) => Some(ListAnswer::Refused(code)),
        ListJudgement::Broken(code) => Some(ListAnswer::Broken(code)),
        ListJudgement::NoAddress => Some(ListAnswer::Silent),
        ListJudgement::Listed { .. } | ListJudgement::UnknownCode(_) => None,
    }
}

/// What it means that a list holds no entry: it is clean if the control that must be there is, by the same resolver.
fn silence(list: &Blocklist, answer: &Outcome, control: Option<&Outcome>) -> ListAnswer {
    let Some(control) = control else { return ListAnswer::Silent };
    let against = match list.judge(&addresses_of(control)) {
        // There are lists whose test entry answers with a code that elsewhere is a refusal.
        ListJudgement::Refused(code) if list.is_test_answer(code) => None,
        _ => unusable(list, control),
    };
    against.or_else(|| other_resolver(answer, control)).unwrap_or(ListAnswer::Clean)
}

/// Why an entry does not count, by the control that must not be there: if it is, the zone answers whatever is asked.
fn wildcard(list: &Blocklist, answer: &Outcome, control: &Outcome) -> Option<ListAnswer> {
    let addresses = addresses_of(control);
    match list.judge(&addresses) {
        ListJudgement::NoAddress if control.is_void() => other_resolver(answer, control),
        ListJudgement::NoAddress | ListJudgement::Refused(_) => unusable(list, control),
        ListJudgement::Listed { .. } | ListJudgement::UnknownCode(_) | ListJudgement::Broken(_) => {
            addresses.first().copied().map(ListAnswer::Broken)
        }
    }
}

/// A control that came through another resolver than the answer proves nothing of it.
fn other_resolver(answer: &Outcome, control: &Outcome) -> Option<ListAnswer> {
    (control.meta().resolver != answer.meta().resolver).then_some(ListAnswer::OtherResolver)
}

/// What the codes of an entry say together.
fn entry(list: &Blocklist, codes: &[&ReturnCode], good: bool, weight: u8) -> ListEntry {
    // The gravest code decides: an infected host is one even where it is on the policy list too. Among equals it is
    // the one for a whole network, out of which nobody gets alone.
    let whole = |code: &&&ReturnCode| list.weight_of(code) == weight && list.scope_of(code) == Scope::Network;
    let gravest = codes.iter().find(whole).or(codes.first()).copied();
    let mut advice: Vec<String> = Vec::new();
    for code in gravest.into_iter().chain(codes.iter().copied()) {
        let of_code = list.advice_of(code).unwrap_or("default");
        if advice.iter().all(|known| known != of_code) {
            advice.push(of_code.to_owned());
        }
    }
    if advice.is_empty() {
        advice.push("default".to_owned());
    }
    ListEntry {
        meanings: codes.iter().map(|code| code.meaning.clone()).collect(),
        parts: codes.iter().filter_map(|code| code.part.clone()).collect(),
        good,
        weight,
        scope: gravest.map_or(list.scope, |code| list.scope_of(code)),
        actor: gravest.map_or(list.who, |code| list.actor_of(code)),
        advice,
        reason_at: Name::root(),
        reasons: Vec::new(),
    }
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

/// Whether a list of lines of homes and offices, or of others that should not deliver mail themselves, holds the address.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until every such list has answered.
pub(crate) fn holds_line(cx: &Cx<'_>, ip: IpAddr) -> Step<bool> {
    let subject = Listed::Ip(ip);
    let of_lines = |list: &&Blocklist| list.codes.iter().any(|code| list.scope_of(code) == Scope::Policy);
    let answers: Vec<Step<bool>> = chosen(cx, subject)
        .filter(of_lines)
        .map(|list| {
            let answer = ask(cx, list, subject)?;
            Ok(matches!(answer, Some(ListAnswer::Listed(entry)) if entry.keeps_from_delivering(list)))
        })
        .collect();
    Ok(answers.into_iter().collect::<Step<Vec<bool>>>()?.contains(&true))
}

impl ListEntry {
    /// Whether it says that the address should not deliver mail itself, and receivers go by it.
    pub(crate) fn keeps_from_delivering(&self, list: &Blocklist) -> bool {
        let refuses = self.weight > 0 && list.role != Role::Info;
        !self.good && list.role != Role::Allow && refuses && self.scope == Scope::Policy
    }
}

/// Whether the query is for a control entry of a list. What came of it holds for any run: whoever starts the next one may
/// keep it.
#[must_use]
pub fn is_control(knowledge: &Knowledge, query: &Query) -> bool {
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
pub fn is_of_list(knowledge: &Knowledge, query: &Query) -> bool {
    knowledge.blocklists.lists.iter().any(|list| list.answers(&query.name))
}
