//! The domain's SPF record: what stands there, the tree it leads to, and what receivers make of it (RFC 7208).

use std::net::IpAddr;

use super::{domain, sending};
use crate::{
    cx::Cx,
    dns::{Failure, Name, Outcome, Query, Rtype, is_inside},
    facts::{Ask, Step},
    record::spf::{Oddity, near_miss, parse, seam},
    spf::{Input, Selected, SpfResult, Survey, evaluate, select, survey, survey::RecordState},
};

/// Addresses that are evaluated at most.
pub(crate) const MOST_SENDERS: usize = 16;

/// What the domain's SPF record says, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpfView {
    /// What receivers make of it, whoever sends.
    pub standing: Option<Standing>,
    /// What it says of each address that sends; none while that is not known.
    pub senders: Vec<(IpAddr, Option<SpfResult>)>,
}

/// What receivers make of what stands at a domain, whoever sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is no record.
    Nothing,
    /// There is none that they read, but a text at the domain was meant as one, or one stands at `www` below it.
    Misplaced,
    /// There are several, and they read none (section 4.5).
    Several,
    /// One at which they give up: it cannot be read, or the tree below it takes too many lookups or has a dead end.
    Broken,
    /// One by which nobody may send.
    Nobody,
    /// One by which somebody may send, and that they read to its end.
    Usable,
    /// It depends on a lookup that failed.
    Unknown(Failure),
}

/// The question for the record of `domain`.
pub(crate) fn query(domain: &Name) -> Query {
    Query::new(domain.clone(), Rtype::Txt)
}

/// The tree of the domain's record. Its lookups go first, for each leads to the next.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until all of it is known.
pub(crate) fn tree(cx: &Cx<'_>, domain: &Name) -> Step<Survey> {
    survey(&cx.first(), domain)
}

/// A message from `ip` in the name of `domain`, with what else the user said of it.
pub(crate) fn message<'m>(cx: &'m Cx<'_>, domain: &'m Name, ip: IpAddr) -> Input<'m> {
    let helo = cx.target.helo.as_ref().unwrap_or(domain);
    let local_part = cx.target.local_part.as_deref().unwrap_or("postmaster");
    Input { local_part, domain: domain.as_str(), ..Input::new(ip, "", helo.as_str()) }
}

/// What receivers make of what stands at `domain`, whoever sends.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn standing(cx: &Cx<'_>, domain: &Name) -> Step<Standing> {
    let outcome = cx.ask_first(&query(domain))?;
    let txt = match select(outcome) {
        Selected::Failed(failure) => return Ok(Standing::Unknown(failure)),
        Selected::Several(_) => return Ok(Standing::Several),
        Selected::Nothing | Selected::NoneAmongOthers if is_misplaced(cx, domain, outcome)? => {
            return Ok(Standing::Misplaced);
        }
        Selected::Nothing | Selected::NoneAmongOthers => return Ok(Standing::Nothing),
        Selected::One(txt) => txt,
    };
    let record = parse(&txt.text());
    if seam::missing_blank(txt).is_some() || record.breaking().is_some() {
        return Ok(Standing::Broken);
    }
    let tree = tree(cx, domain)?;
    Ok(match failed(&tree) {
        _ if tree.is_error() => Standing::Broken,
        Some(failure) => Standing::Unknown(failure),
        None if record.lets_nobody_send() => Standing::Nobody,
        None => Standing::Usable,
    })
}

/// Whether something that is no record of the domain was meant to be it.
fn is_misplaced(cx: &Cx<'_>, domain: &Name, outcome: &Outcome) -> Step<bool> {
    let mut texts = outcome.texts().filter_map(|txt| near_miss(&txt.text()));
    Ok(texts.any(|miss| miss.oddity != Oddity::SenderId) || on_www(cx, domain)?.is_some())
}

/// The name `www` below the domain and the record that stands there, where it can have been meant for the domain: one that
/// lets somebody send. A name with an alias has no record of its own: that one belongs to somebody else.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known; a lookup that fails there says nothing about the domain.
pub(crate) fn on_www(cx: &Cx<'_>, domain: &Name) -> Step<Option<(Name, String)>> {
    let Ok(www) = domain.under("www") else { return Ok(None) };
    let outcome = cx.ask(&query(&www))?;
    let Selected::One(record) = select(outcome) else { return Ok(None) };
    if !outcome.chain().is_empty() || domain.as_str().starts_with("www.") {
        return Ok(None);
    }
    let text = record.text().into_owned();
    // That the website sends no mail says nothing about the domain.
    Ok((!parse(&text).lets_nobody_send()).then_some((www, text)))
}

/// A lookup that failed somewhere in the tree.
fn failed(tree: &Survey) -> Option<Failure> {
    tree.branches().find_map(|(_, _, branch)| match branch.leads_to.map(|node| tree.nodes[node].state) {
        Some(RecordState::Failed(failure)) => Some(failure),
        _ => branch.failed,
    })
}

/// What is known of the record by now.
pub(crate) fn view(cx: &Cx<'_>) -> SpfView {
    let Some(domain) = cx.target.domain.as_ref().filter(|_| domain::is_gone(cx) == Ok(false)) else {
        return SpfView::default();
    };
    let standing = standing(cx, domain).ok();
    let senders = match sending::sending(cx) {
        Ok(sending) => sending.ips().filter(|ip| !is_inside(*ip)).take(MOST_SENDERS).collect(),
        Err(_) => Vec::new(),
    };
    let first = cx.first();
    let result = |ip: IpAddr| evaluate(&first, &message(cx, domain, ip)).ok().map(|found| found.result);
    SpfView { standing, senders: senders.into_iter().map(|ip| (ip, result(ip))).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::Facts,
        knowledge::Knowledge,
        target::{ListKeys, Target},
        zone::Zone,
    };

    /// What receivers make of `records`, of which every lookup is answered.
    fn standing_of(records: &str) -> Standing {
        let zone = Zone::parse(records).unwrap();
        let domain = Name::parse("example.org").unwrap();
        let (target, knowledge, keys) =
            (Target::domain(domain.clone()), Knowledge::default(), ListKeys::default());
        let mut facts = Facts::default();
        loop {
            let cx = Cx::new(&target, &knowledge, &keys, &facts);
            if let Ok(standing) = standing(&cx, &domain) {
                return standing;
            }
            for (question, _) in cx.into_wanted() {
                let crate::facts::Question::Records(query) = question else { continue };
                facts.insert(query.clone(), zone.ask(&query).unwrap().clone());
            }
        }
    }

    #[test]
    fn what_stands_there_is_told_apart() {
        use Standing::{Broken, Misplaced, Nobody, Nothing, Several, Unknown, Usable};
        for (records, expected) in [
            ("example.org. SOA ns. h. 1 1", Nothing),
            ("example.org. TXT \"hello\"", Nothing),
            ("example.org. TXT \"v=spf2.0/pra mx -all\"", Nothing),
            ("example.org. TXT \"v=spf1mx -all\"", Misplaced),
            ("www.example.org. TXT \"v=spf1 mx -all\"", Misplaced),
            ("www.example.org. TXT \"v=spf1 -all\"", Nothing),
            ("example.org. TXT \"v=spf1 mx -all\"\n TXT \"v=spf1 -all\"", Several),
            ("example.org. TXT \"v=spf1 ip4:1.2.3 -all\"", Broken),
            ("example.org. TXT \"v=spf1 ip4:192.0.2.1\" \"ip4:192.0.2.2 -all\"", Broken),
            ("example.org. TXT \"v=spf1 include:gone.example -all\"", Broken),
            (
                "example.org. TXT \"v=spf1 include:gone.example include:down.example -all\"\n\
                 down.example. TXT SERVFAIL",
                Broken,
            ),
            ("example.org. TXT \"v=spf1 -all\"", Nobody),
            ("example.org. TXT \"v=spf1 ip4:192.0.2.1 -all\"", Usable),
            (
                "example.org. TXT \"v=spf1 ip4:192.0.2.1 exp=down.example -all\"\ndown.example. TXT SERVFAIL",
                Usable,
            ),
            (
                "example.org. TXT \"v=spf1 include:down.example -all\"\ndown.example. TXT SERVFAIL",
                Unknown(Failure::ServFail),
            ),
            ("example.org. TXT SERVFAIL", Unknown(Failure::ServFail)),
        ] {
            assert_eq!(standing_of(records), expected, "{records}");
        }
    }
}
