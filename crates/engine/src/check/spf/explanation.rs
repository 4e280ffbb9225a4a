//! Can receivers read the text that `exp=` promises to those who are refused?
//!
//! Without it receivers use words of their own; the result of a check never depends on it (RFC 7208 section 6.2). A name that
//! is made of parts of the message cannot be looked up, and of a record that hands over to another by `redirect` the
//! explanation is never read.

use super::{OwnRecord, about, rewritten};
use crate::{
    change::Safety,
    check::{Arg, Code, Cx, Findings},
    dns::{Outcome, Query, Rtype},
    facts::{Ask, Step},
    record::spf::{TermKind, pieces},
    spf::fixed,
    view::spf,
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings, own: &OwnRecord<'_>) -> Step<()> {
    let explanation = own.record.terms.iter().enumerate().find_map(|(index, term)| match term.kind {
        TermKind::Explanation(spec) => Some((index, term.span, spec)),
        _ => None,
    });
    let Some((index, span, spec)) = explanation else { return Ok(()) };
    if own.record.all().is_none() && own.record.redirect().is_some() {
        return Ok(());
    }
    let Some(name) = fixed(own.domain, own.domain, spec, &own.text) else { return Ok(()) };
    cx.cite(&spf::query(own.domain));
    let outcome = cx.ask(&Query::new(name.clone(), Rtype::Txt))?;
    let finding = |code| {
        about(code, own.domain).arg("name", &name).label(own.domain, Rtype::Txt, &own.text, span.range())
    };
    if let Some(failure) = outcome.failure() {
        cx.found(findings, finding(Code::Spf520).because(failure));
    } else if let Some(problem) = problem(outcome) {
        let finding = finding(Code::Spf510).arg("problem", Arg::key(format!("spf.exp.{problem}")));
        cx.found(findings, rewritten(finding, own, own.without(&[index]), Safety::Safe));
    }
    Ok(())
}

/// Why receivers ignore the text that was found, as the end of its key.
fn problem(outcome: &Outcome) -> Option<&'static str> {
    let mut texts = outcome.texts();
    let Some(txt) = texts.next() else { return Some("nothing") };
    if texts.next().is_some() {
        return Some("several");
    }
    let plain = txt.octets().iter().all(|octet| (b' '..=b'~').contains(octet));
    let sound = plain && pieces(&txt.text()).all(|piece| piece.is_ok());
    (!sound).then_some("unreadable")
}
