//! What can be said of the domain's record by itself, without looking at what it leads to.

use super::{OwnRecord, about, absent, change, rewrite, rewritten, stray};
use crate::{
    change::Safety,
    check::{Arg, Code, Cx, Finding, Findings, Level},
    dns::{Outcome, Rtype},
    facts::{Ask, Step},
    record::{
        Span,
        spf::{Fault, Mechanism, Qualifier, SpfError, Term, TermKind, parse, seam},
    },
    view::spf,
};

/// Ranges wider than this let in addresses of strangers for certain: about a million, or more than any network of one
/// organisation.
const WIDE_V4: u8 = 12;
const WIDE_V6: u8 = 20;
/// Octets of a record up to which the answer fits the smallest message together with little else (RFC 7208 section 3.4).
const LONG_RECORD: usize = 450;
/// Octets of an answer that are sure to fit a DNS message over UDP without and with EDNS (RFC 6891, RFC 9715).
const ANSWER_CLASSIC: usize = 512;
const ANSWER_SAFE: usize = 1232;

/// Mistakes that make receivers give up on the record. The result is whether there are any.
pub(super) fn mistakes(cx: &Cx<'_>, findings: &mut Findings, own: &OwnRecord<'_>) -> bool {
    if let Some(at) = seam::missing_blank(own.txt) {
        cx.found(findings, seam_finding(own, at));
        return true;
    }
    let breaking: Vec<_> = own.record.errors.iter().filter(|error| error.fault.breaks()).collect();
    let Some(first) = breaking.first() else { return false };
    let (what, part) = match own.record.terms.iter().find(|term| term.span.contains(first.span)) {
        Some(term) if stray::is_proof(term.span.of(&own.text)) => {
            (Arg::key("spf.fault.proof"), term.span.of(&own.text).to_owned())
        }
        _ => (fault(first.fault), shown(first.span.of(&own.text))),
    };
    let mut finding =
        about(Code::Spf060, own.domain).arg("n", breaking.len()).arg("fault", what).arg("part", part);
    for error in &breaking {
        finding = finding.label(own.domain, Rtype::Txt, &own.text, error.span.range());
    }
    if let Some((text, safety)) = rewrite::repaired(&own.text) {
        finding = rewritten(finding, own, text, safety);
    }
    cx.found(findings, finding);
    true
}

/// A faulty part for use in a sentence: a character that cannot be seen, or that turns the text around, by its number.
fn shown(part: &str) -> String {
    let mut characters = part.chars();
    match (characters.next(), characters.next()) {
        (Some(c), None)
            if !c.is_ascii_graphic() && !c.is_alphanumeric() && !"\u{2013}\u{2014}".contains(c) =>
        {
            format!("U+{:04X}", u32::from(c))
        }
        _ => part.to_owned(),
    }
}

fn fault(fault: Fault) -> Arg {
    Arg::key(fault.key())
}

fn seam_finding(own: &OwnRecord<'_>, at: usize) -> Finding {
    let start = own.text[..at].rfind(' ').map_or(0, |blank| blank + 1);
    let end = own.text[at..].find(' ').map_or(own.text.len(), |length| at + length);
    let joined = seam::with_blanks(own.txt);
    let text = rewrite::repaired(&joined).map_or(joined, |(text, _)| text);
    let finding = about(Code::Spf070, own.domain)
        .arg("part", own.text.get(start..end).unwrap_or_default())
        .label(own.domain, Rtype::Txt, &own.text, start..end);
    rewritten(finding, own, text, Safety::Safe)
}

/// What a record that can be read says, and what of that is unwise.
pub(super) fn policy(cx: &Cx<'_>, findings: &mut Findings, own: &OwnRecord<'_>) -> Step<()> {
    let found = [
        upper_case(own),
        impossible_name(own),
        meant_as_mechanism(own),
        stray::skipped(own),
        behind_all(own),
        redirect_beside_all(own),
        wide(own),
        ptr(own),
        size(own),
    ];
    for finding in found.into_iter().flatten() {
        cx.found(findings, finding);
    }
    let Some(mut finding) = end(own) else { return Ok(()) };
    cx.section(|| {
        cx.ask(&spf::query(own.domain))?;
        // A record that names nobody needs names, not another end.
        if finding.code == Code::Spf190
            && finding.fix.is_none()
            && let Some(text) = absent::proposal(cx, own.domain)?
        {
            finding = rewritten(finding, own, text, Safety::Decide);
        }
        cx.found(findings, finding);
        Ok(())
    })
}

fn labelled(own: &OwnRecord<'_>, code: Code, span: Span) -> Finding {
    about(code, own.domain).arg("term", span.of(&own.text)).arg("at", own.domain).label(
        own.domain,
        Rtype::Txt,
        &own.text,
        span.range(),
    )
}

fn upper_case(own: &OwnRecord<'_>) -> Option<Finding> {
    let version = own.text.get(..6)?;
    (version != "v=spf1").then(|| {
        let text = format!("v=spf1{}", &own.text[6..]);
        rewritten(labelled(own, Code::Spf270, Span::new(0, 6)), own, text, Safety::Safe)
    })
}

/// A host that cannot exist never matches. Where a record should be taken over from such a name, the survey says so.
fn impossible_name(own: &OwnRecord<'_>) -> Option<Finding> {
    let end = own.record.all().map(|(index, _)| index);
    let takes_over = |error: &&SpfError| {
        let index = own.record.terms.iter().position(|term| term.span.contains(error.span));
        index.is_some_and(|index| match own.record.terms[index].kind {
            TermKind::Directive(_, Mechanism::Include(_)) => end.is_none_or(|end| index < end),
            TermKind::Redirect(_) => end.is_none(),
            _ => false,
        })
    };
    let error = own.record.errors.iter().find(|error| !takes_over(error))?;
    let finding = labelled(own, Code::Spf080, error.span)
        .arg("fault", fault(error.fault))
        .arg("part", shown(error.span.of(&own.text)));
    Some(match rewrite::repaired(&own.text) {
        Some((text, _)) => rewritten(finding, own, text, Safety::Decide),
        None => finding,
    })
}

/// `include=example.org`: a legal modifier that nobody reads.
fn meant_as_mechanism(own: &OwnRecord<'_>) -> Option<Finding> {
    let names = ["include", "ip4", "ip6", "exists", "a", "mx", "ptr", "all"];
    own.record.terms.iter().enumerate().find_map(|(index, term)| {
        let TermKind::Unknown { name, value } = term.kind else { return None };
        if stray::is_proof(term.span.of(&own.text)) {
            return None;
        }
        let (name, value) = (name.of(&own.text).to_ascii_lowercase(), value.of(&own.text));
        let redirect = rewrite::is_near(&name, "redirect");
        let meant = if redirect {
            format!("redirect={value}")
        } else {
            let known = names
                .iter()
                .find(|known| **known == name || (known.len() > 3 && rewrite::is_near(&name, known)));
            let known = known?;
            if value.is_empty() { (*known).to_owned() } else { format!("{known}:{value}") }
        };
        let finding = labelled(own, Code::Spf240, term.span).arg("meant", meant.clone());
        let sound = parse(&format!("v=spf1 {meant}")).errors.is_empty();
        Some(if sound {
            rewritten(finding, own, own.edit().replaced(index, &meant).to_string(), Safety::Decide)
        } else {
            finding
        })
    })
}

/// What the record says of everybody it does not name.
fn end(own: &OwnRecord<'_>) -> Option<Finding> {
    let soft = |code: Code, index: usize| {
        let finding = labelled(own, code, own.record.terms[index].span);
        rewritten(finding, own, own.edit().replaced(index, "~all").to_string(), Safety::Decide)
    };
    match own.record.all() {
        Some((index, Qualifier::Pass)) => Some(soft(Code::Spf170, index)),
        Some((index, Qualifier::Neutral)) => Some(soft(Code::Spf190, index)),
        Some(_) => None,
        None if own.record.redirect().is_some() => None,
        None => {
            let finding = labelled(own, Code::Spf200, Span::default());
            Some(rewritten(finding, own, own.edit().with_last("~all").to_string(), Safety::Decide))
        }
    }
}

/// Mechanisms that stand behind `all` and are never looked at.
fn behind_all(own: &OwnRecord<'_>) -> Option<Finding> {
    let (all, _) = own.record.all()?;
    let late: Vec<_> = own.record.terms[all + 1..].iter().filter(|term| term.directive().is_some()).collect();
    let first = late.first()?;
    let only_all = late.iter().all(|term| term.all().is_some());
    let terms = late.iter().map(|term| term.span.of(&own.text));
    let safety = if only_all { Safety::Safe } else { Safety::Decide };
    let finding = labelled(own, Code::Spf210, first.span).arg("terms", Arg::list(terms));
    let finding = rewritten(finding, own, own.edit().all_last().to_string(), safety);
    Some(if only_all { finding.rated(Level::Improve, 5) } else { finding })
}

fn redirect_beside_all(own: &OwnRecord<'_>) -> Option<Finding> {
    own.record.all()?;
    let (index, _) = own.record.redirect()?;
    let finding = labelled(own, Code::Spf220, own.record.terms[index].span);
    Some(rewritten(finding, own, own.without(&[index]), Safety::Safe))
}

/// Ranges so wide that strangers are in them.
fn wide(own: &OwnRecord<'_>) -> Option<Finding> {
    let end = own.record.all().map_or(own.record.terms.len(), |(index, _)| index);
    own.record.terms[..end]
        .iter()
        .find_map(|term| is_wide(*term).then(|| labelled(own, Code::Spf180, term.span)))
}

/// Whether a term lets in a range in which strangers are.
pub(super) fn is_wide(term: Term) -> bool {
    match term.directive() {
        Some((Qualifier::Pass, Mechanism::Ip4(_, prefix))) => prefix < WIDE_V4,
        Some((Qualifier::Pass, Mechanism::Ip6(_, prefix))) => prefix < WIDE_V6,
        Some((Qualifier::Pass, Mechanism::A(_, cidr) | Mechanism::Mx(_, cidr))) => {
            cidr.v4 < WIDE_V4 || cidr.v6 < WIDE_V6
        }
        _ => false,
    }
}

fn ptr(own: &OwnRecord<'_>) -> Option<Finding> {
    let index = own
        .record
        .terms
        .iter()
        .position(|term| matches!(term.directive(), Some((Qualifier::Pass, Mechanism::Ptr(_)))))?;
    let finding = labelled(own, Code::Spf230, own.record.terms[index].span);
    Some(rewritten(finding, own, own.without(&[index]), Safety::Decide))
}

/// How much of a DNS message the record takes, and all TXT records of the name together.
fn size(own: &OwnRecord<'_>) -> Option<Finding> {
    let record = own.txt.wire_len();
    let answer = answer_size(own.domain.as_str().len(), own.outcome);
    let finding = about(Code::Spf260, own.domain).arg("octets", record).arg("answer", answer).label(
        own.domain,
        Rtype::Txt,
        &own.text,
        0..0,
    );
    if record > LONG_RECORD || answer > ANSWER_SAFE {
        Some(finding)
    } else if answer > ANSWER_CLASSIC {
        Some(finding.rated(Level::Info, 0))
    } else {
        None
    }
}

/// Octets of the message that carries all TXT records: header, question, records with compressed names, EDNS.
fn answer_size(name: usize, outcome: &Outcome) -> usize {
    let records: usize =
        outcome.records().iter().filter_map(|record| Some(12 + record.data.txt()?.wire_len())).sum();
    12 + name + 2 + 4 + records + 11
}

/// Texts beside the record that nobody reads: of the withdrawn type, of Sender ID, misspelt.
pub(super) fn leftovers(cx: &Cx<'_>, findings: &mut Findings, own: &OwnRecord<'_>) -> Step<()> {
    for (text, miss) in absent::near_misses(own.outcome) {
        cx.found(findings, absent::leftover(own.domain, &text, &miss));
    }
    cx.section(|| {
        if let Some(text) = absent::old_type(cx, own.domain)? {
            let mut fix = change(own.domain, vec![text.clone()], None, Safety::Safe);
            fix.rtype = Rtype::Spf;
            let finding = about(Code::Spf250, own.domain).label(own.domain, Rtype::Spf, text, 0..0);
            cx.found(findings, finding.fix(fix));
        }
        Ok(())
    })
}
