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

use crate::{
    cx::Cx,
    dns::{Failure, Name, Outcome, Query, Rdata, Rtype},
    facts::Step,
    knowledge::{Actor, Blocklist, Judgement, Knowledge, ReturnCode, Role, Scope, Subject},
};

/// What a list says of a subject, held against its control entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It holds an entry.
    Listed(Entry),
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
pub struct Entry {
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

/// Asks one list about one subject, by the procedure at the head of this file; `None` for what no list can know, such as a
/// name of no public domain.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until the answer and its controls are known.
pub(crate) fn ask(cx: &Cx<'_>, list: &Blocklist, subject: Subject<'_>) -> Step<Option<Answer>> {
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
        Judgement::Listed { codes, good, weight } => {
            let reasons = reason.texts().map(|txt| cx.keys.redact(&txt.text())).collect();
            let reason_at = cx.keys.redact_name(&query.name);
            Answer::Listed(Entry { reason_at, reasons, ..entry(list, &codes, good, weight) })
        }
        Judgement::UnknownCode(code) => Answer::UnknownCode(code),
        _ => Answer::Silent,
    }))
}

/// Why an answer of a list says nothing of what was asked; none for one that holds a code of an entry.
fn unusable(list: &Blocklist, answer: &Outcome) -> Option<Answer> {
    if let Some(failure) = answer.failure() {
        return Some(Answer::Failed(failure));
    }
    match list.judge(&addresses_of(answer)) {
        Judgement::Refused(code) => Some(Answer::Refused(code)),
        Judgement::Broken(code) => Some(Answer::Broken(code)),
        Judgement::NoAddress => Some(Answer::Silent),
        Judgement::Listed { .. } | Judgement::UnknownCode(_) => None,
    }
}

/// What it means that a list holds no entry: it is clean if the control that must be there is, by the same resolver.
fn silence(list: &Blocklist, answer: &Outcome, control: Option<&Outcome>) -> Answer {
    let Some(control) = control else { return Answer::Silent };
    let against = match list.judge(&addresses_of(control)) {
        // There are lists whose test entry answers with a code that elsewhere is a refusal.
        Judgement::Refused(code) if list.is_test_answer(code) => None,
        _ => unusable(list, control),
    };
    against.or_else(|| other_resolver(answer, control)).unwrap_or(Answer::Clean)
}

/// Why an entry does not count, by the control that must not be there: if it is, the zone answers whatever is asked.
fn wildcard(list: &Blocklist, answer: &Outcome, control: &Outcome) -> Option<Answer> {
    let addresses = addresses_of(control);
    match list.judge(&addresses) {
        Judgement::NoAddress if control.is_void() => other_resolver(answer, control),
        Judgement::NoAddress | Judgement::Refused(_) => unusable(list, control),
        Judgement::Listed { .. } | Judgement::UnknownCode(_) | Judgement::Broken(_) => {
            addresses.first().copied().map(Answer::Broken)
        }
    }
}

/// A control that came through another resolver than the answer proves nothing of it.
fn other_resolver(answer: &Outcome, control: &Outcome) -> Option<Answer> {
    (control.meta().resolver != answer.meta().resolver).then_some(Answer::OtherResolver)
}

/// What the codes of an entry say together.
fn entry(list: &Blocklist, codes: &[&ReturnCode], good: bool, weight: u8) -> Entry {
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
    Entry {
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
    let subject = Subject::Ip(ip);
    let of_lines = |list: &&Blocklist| list.codes.iter().any(|code| list.scope_of(code) == Scope::Policy);
    let chosen = cx.knowledge.blocklists.chosen_for(subject.kind(), |secret| cx.keys.get(secret));
    let answers: Vec<Step<bool>> = chosen
        .filter(of_lines)
        .map(|list| {
            let answer = ask(cx, list, subject)?;
            Ok(matches!(answer, Some(Answer::Listed(entry)) if entry.keeps_from_delivering(list)))
        })
        .collect();
    Ok(answers.into_iter().collect::<Step<Vec<bool>>>()?.contains(&true))
}

impl Entry {
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
