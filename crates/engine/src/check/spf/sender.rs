//! Does SPF let the addresses send?
//!
//! Objective: what a receiver finds for a message from the address. Inputs: the [addresses that send](sending), the local
//! part and the HELO name that the user gave. Procedure: `check_host()` for the domain of the sender, and apart from
//! it for the HELO name; the two are never mixed (RFC 7208 sections 2.3 and 2.4).

use std::net::IpAddr;

use super::change;
use crate::{
    change::Safety,
    check::{Arg, Code, Cx, Finding, Findings},
    dns::{Name, Rtype, is_inside},
    facts::Step,
    record::spf::SpfEdit,
    spf::{Evaluation, Input, Reason, SpfResult, evaluate},
    view::{
        domain, sending,
        spf::{self, Standing},
    },
};

pub(in crate::check) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(name) = &cx.target.domain else { return Ok(()) };
    let sending = sending::sending(cx)?;
    if sending.addresses.is_empty() || domain::is_gone(cx)? {
        return Ok(());
    }
    let mut steps = Vec::new();
    for ip in sending.ips().filter(|ip| !is_inside(*ip)).take(spf::MOST_SENDERS) {
        steps.push(cx.section(|| sender(cx, findings, name, ip)));
        if let Some(helo) = &cx.target.helo {
            steps.push(cx.section(|| greeting(cx, findings, helo, ip)));
        }
    }
    steps.into_iter().collect()
}

fn sender(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, ip: IpAddr) -> Step<()> {
    let first = cx.first();
    let evaluation = evaluate(&first, &spf::message(cx, domain, ip))?;
    let code = match evaluation.result {
        // The check of the record itself says so.
        SpfResult::None => return Ok(()),
        SpfResult::Pass => Code::Spf400,
        SpfResult::Fail => Code::Spf410,
        SpfResult::SoftFail => Code::Spf420,
        SpfResult::Neutral => Code::Spf430,
        SpfResult::PermError => {
            // If the record is broken for everybody that is said already, and counts once.
            match cx.section(|| spf::standing(cx, domain))? {
                Standing::Broken | Standing::Several => Code::Spf440,
                _ => Code::Spf450,
            }
        }
        SpfResult::TempError => Code::Spf460,
    };
    let mut finding = Finding::new(code, ip)
        .arg("domain", domain)
        .arg("ip", ip)
        .arg("result", evaluation.result.as_str())
        .arg("n", evaluation.lookups());
    finding = with_reason(with_place(finding, &evaluation), &evaluation);
    if matches!(code, Code::Spf410 | Code::Spf420 | Code::Spf430)
        && let Some(own) = evaluation.records.first()
    {
        let text = SpfEdit::parse(&own.text).with_sender(ip).to_string();
        finding = finding.fix(change(domain, vec![own.text.to_string()], Some(text), Safety::Decide));
    }
    cx.found(findings, finding);
    Ok(())
}

/// With the record and the term that decided, or at which the evaluation ended: the innermost, and where that is not
/// in the domain's own record, the term of the own record that led there.
fn with_place(mut finding: Finding, evaluation: &Evaluation<'_>) -> Finding {
    let problem = evaluation.problem.and_then(|problem| evaluation.trace.get(problem.entry? as usize));
    let decisive = problem.or_else(|| evaluation.decisive());
    let Some(entry) = decisive else {
        // Nothing matched: the record as a whole is the reason.
        return match evaluation.records.first() {
            Some(own) => {
                finding.arg("term", own.text.as_ref()).label(&own.domain, Rtype::Txt, own.text.as_ref(), 0..0)
            }
            None => finding.arg("term", ""),
        };
    };
    let mut places = vec![entry];
    if entry.record != 0 {
        // The entry of the own record under which it happened.
        let index = evaluation.trace.iter().position(|other| std::ptr::eq(other, entry)).unwrap_or_default();
        places.extend(evaluation.trace[..index].iter().rev().find(|other| other.record == 0));
    }
    if let Some((_, text)) = evaluation.term(entry) {
        finding = finding.arg("term", text);
    }
    for place in places.into_iter().rev() {
        if let (Some(visited), Some((term, _))) = (evaluation.record(place), evaluation.term(place)) {
            finding = finding.label(&visited.domain, Rtype::Txt, visited.text.as_ref(), term.span.range());
        }
    }
    finding
}

/// With what kept the evaluation from a result as `{reason}`.
fn with_reason(finding: Finding, evaluation: &Evaluation<'_>) -> Finding {
    match evaluation.problem.map(|problem| problem.reason) {
        Some(Reason::Lookup(failure)) => finding.because(failure),
        Some(reason) => finding.arg("reason", Arg::key(reason.key())),
        None => finding,
    }
}

/// The HELO name has a record of its own. Receivers use it for bounces, and some for every message.
fn greeting(cx: &Cx<'_>, findings: &mut Findings, helo: &Name, ip: IpAddr) -> Step<()> {
    let first = cx.first();
    let evaluation = evaluate(&first, &Input::new(ip, "", helo.as_str()))?;
    let code = match evaluation.result {
        SpfResult::Pass => Code::Spf470,
        SpfResult::Fail | SpfResult::SoftFail => Code::Spf480,
        // Of the domain itself that is said already.
        SpfResult::TempError | SpfResult::PermError if cx.target.domain.as_ref() == Some(helo) => {
            return Ok(());
        }
        SpfResult::TempError => Code::Spf490,
        SpfResult::PermError => Code::Spf500,
        SpfResult::None | SpfResult::Neutral => return Ok(()),
    };
    let mut finding = Finding::new(code, helo).arg("helo", helo).arg("ip", ip);
    finding = with_reason(with_place(finding, &evaluation), &evaluation);
    if code == Code::Spf480
        && let Some(own) = evaluation.records.first()
    {
        let text = SpfEdit::parse(&own.text).with_sender(ip).to_string();
        finding = finding.fix(change(helo, vec![own.text.to_string()], Some(text), Safety::Decide));
    }
    cx.found(findings, finding);
    Ok(())
}
