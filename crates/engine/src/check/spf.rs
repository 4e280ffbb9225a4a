//! Is there one SPF record that receivers can use, and does it let the right ones send?
//!
//! Objective: receivers compare the address that hands over a message with the SPF record of the sender's domain
//! (RFC 7208). Inputs: TXT of the domain, of `www` below it where it has no record, of everything the record leads
//! to; MX, to tell a domain that sends from one that does not; SPF type 99.
//!
//! 1. Pick the record: none, several, or texts that were meant as one (`absent`).
//! 2. Read the record by itself: mistakes, and what it says of everybody else (`own`).
//! 3. Survey the tree: lookups, empty lookups, dead, broken and circular branches (`tree`).
//! 4. For each sending address that was given: evaluate, as a receiver would ([`sender`]).
//!
//! A lookup that failed is said to be unknown, branch by branch; it is never a missing record.

mod absent;
mod explanation;
mod own;
mod rewrite;
pub(super) mod sender;
mod slim;
mod stray;
mod tree;

use super::{Code, Cx, Finding, Findings, Fix, Level, Safety};
use crate::{
    bounds,
    cx::both,
    dns::{Name, Outcome, Rtype, Txt},
    facts::{Ask, Step},
    overlay::Overlay,
    record::spf::{SpfEdit, SpfRecord, parse},
    spf::{Selected, select, survey},
    view::{
        domain,
        mail_use::{self, UsedForMail},
        spf,
    },
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(name) = &cx.target.domain else { return Ok(()) };
    // Asked at the same time: everything that the record includes waits for it.
    let (gone, record) = (domain::is_gone(cx), cx.ask_first(&spf::query(name)));
    if gone? {
        return Ok(());
    }
    record?;
    cx.section(|| {
        let outcome = cx.ask(&spf::query(name))?;
        match select(outcome) {
            Selected::Failed(failure) => {
                cx.found(findings, about(Code::Spf330, name).because(failure));
                Ok(())
            }
            Selected::Nothing | Selected::NoneAmongOthers => absent::run(cx, findings, name, outcome),
            Selected::Several(records) => several(cx, findings, name, &records),
            Selected::One(txt) => {
                let text = txt.text().into_owned();
                let record = parse(&text);
                present(cx, findings, &OwnRecord { domain: name, outcome, txt, text, record })
            }
        }
    })
}

/// The domain's own record.
struct OwnRecord<'a> {
    domain: &'a Name,
    /// All TXT records at the domain.
    outcome: &'a Outcome,
    txt: &'a Txt,
    text: String,
    record: SpfRecord,
}

impl OwnRecord<'_> {
    /// The record, to be changed.
    fn edit(&self) -> SpfEdit {
        SpfEdit::parse(&self.text)
    }

    /// The record without the terms at `positions`.
    fn without(&self, positions: &[usize]) -> String {
        self.edit().without(positions).to_string()
    }
}

fn present(cx: &Cx<'_>, findings: &mut Findings, own: &OwnRecord<'_>) -> Step<()> {
    // What asks comes last, so that its answers are awaited together; each part says what it can without the others.
    let steps = if own::mistakes(cx, findings, own) {
        vec![own::leftovers(cx, findings, own)]
    } else {
        let policy = own::policy(cx, findings, own);
        let sends = sends(cx, own, findings);
        let explained = cx.section(|| explanation::run(cx, findings, own));
        vec![policy, sends, explained, tree::run(cx, findings, own), own::leftovers(cx, findings, own)]
    };
    steps.into_iter().collect::<Step<()>>()?;
    tree::in_order(cx, findings, own)
}

fn several(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, records: &[&Txt]) -> Step<()> {
    let texts: Vec<String> = records.iter().map(|txt| txt.text().into_owned()).collect();
    let mut finding = about(Code::Spf030, domain).arg("n", texts.len());
    for text in &texts {
        finding = finding.label(domain, Rtype::Txt, text, 0..0);
    }
    let merged = SpfEdit::merged(&texts).to_string();
    if merged.len() > bounds::TEXT_OCTETS {
        cx.found(findings, finding);
        return Ok(());
    }
    let same = texts.iter().all(|text| *text == texts[0]);
    let safety = if same { Safety::Safe } else { Safety::Decide };
    let finding = replaced(cx, finding, domain, texts, merged, safety)?;
    cx.found(findings, finding.clone());
    ask_ahead(cx, &finding);
    Ok(())
}

/// Asks what a proposed record leads to, so that its cost can be said with it.
fn ask_ahead(cx: &Cx<'_>, finding: &Finding) {
    if let Some(fix) = &finding.fix {
        // What comes of it is read later, from the facts.
        drop(survey(&Overlay::with_fix(cx, fix), &fix.owner));
    }
}

/// A record that lets nobody send: right for a domain without mail, the cause of all trouble for one with mail.
fn sends(cx: &Cx<'_>, own: &OwnRecord<'_>, findings: &mut Findings) -> Step<()> {
    if !own.record.lets_nobody_send() {
        return Ok(());
    }
    cx.section(|| {
        let finding = |code| about(code, own.domain).label(own.domain, Rtype::Txt, &own.text, 0..0);
        let mut finding = match mail_use::used(cx, own.domain)? {
            UsedForMail::Yes => finding(Code::Spf300),
            UsedForMail::No => {
                cx.found(findings, finding(Code::Spf290));
                return Ok(());
            }
            UsedForMail::Unknown(failure) => {
                cx.found(findings, finding(Code::Spf360).because(failure));
                return Ok(());
            }
        };
        if let Some(text) = absent::proposal(cx, own.domain)? {
            finding = finding.fix(change(own.domain, vec![own.text.clone()], Some(text), Safety::Decide));
        }
        cx.found(findings, finding);
        Ok(())
    })
}

fn about(code: Code, domain: &Name) -> Finding {
    Finding::new(code, domain).arg("domain", domain)
}

/// A change of the domain's TXT records.
fn change(owner: &Name, remove: Vec<String>, publish: Option<String>, safety: Safety) -> Fix {
    Fix::at(owner, Rtype::Txt, safety).removing(remove).publishing(publish)
}

/// `finding` with `text` as the record that is to stand in place of `remove`. One that lets nobody send is offered only
/// where nothing shows that the domain sends; elsewhere a record for a domain that does, if it is known.
fn replaced(
    cx: &Cx<'_>,
    finding: Finding,
    domain: &Name,
    remove: Vec<String>,
    text: String,
    safety: Safety,
) -> Step<Finding> {
    if !parse(&text).lets_nobody_send() {
        return Ok(finding.fix(change(domain, remove, Some(text), safety)));
    }
    let (used, proposal) = both(mail_use::used(cx, domain), absent::proposal(cx, domain))?;
    let text = if used == UsedForMail::No { Some(text) } else { proposal };
    Ok(match text {
        Some(text) => finding.fix(change(domain, remove, Some(text), Safety::Decide)),
        None => finding,
    })
}

/// `finding` with the change of the domain's record into `text`; without it where nobody would be left who may send, for
/// that would be worse than the fault.
fn rewritten(finding: Finding, own: &OwnRecord<'_>, text: String, safety: Safety) -> Finding {
    if text == own.text || parse(&text).lets_nobody_send() {
        return finding;
    }
    finding.fix(change(own.domain, vec![own.text.clone()], Some(text), safety))
}

fn is_well(findings: &Findings) -> bool {
    ![Level::Stops, Level::Improve, Level::Unknown].into_iter().any(|level| findings.has(level))
}
