//! Does the domain show a logo beside its mail?
//!
//! Objective: read the BIMI record. It never explains mail that does not arrive, and most domains have none.
//! Procedure: TXT at `default._bimi.<domain>`; where there is one, whether DMARC is enforced, without which it is
//! ignored. The logo itself is not fetched: showing it is for the page, after a click.

use super::{
    Arg, Code, Cx, Finding, Findings,
    single::{Published, keep_first, published},
};
use crate::{
    dmarc::{self, Applied},
    dns::{Name, Rtype},
    facts::Step,
    record::{
        bimi::Bimi,
        dmarc::{Dmarc, Policy},
    },
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    let Ok(name) = domain.under("default._bimi") else { return Ok(()) };
    let gone = super::domain::is_gone(cx);
    cx.section(|| {
        let found = published(cx, &name, "v=BIMI1", Bimi::is_meant);
        if gone? {
            return Ok(());
        }
        let about = |code| Finding::new(code, domain).arg("domain", domain).arg("name", &name);
        match found? {
            Published::Nothing => cx.found(findings, about(Code::Bim020)),
            Published::Failed(failure) => cx.found(findings, about(Code::Bim070).because(failure)),
            Published::Several(texts) => {
                let finding = about(Code::Bim060).arg("n", texts.len()).fix(keep_first(&name, &texts));
                let finding = texts
                    .iter()
                    .fold(finding, |finding, text| finding.label(&name, Rtype::Txt, text.as_str(), 0..0));
                cx.found(findings, finding);
            }
            Published::One(text) => return one(cx, findings, domain, &text, about),
        }
        Ok(())
    })
}

fn one(
    cx: &Cx<'_>,
    findings: &mut Findings,
    domain: &Name,
    text: &str,
    about: impl Fn(Code) -> Finding,
) -> Step<()> {
    let Ok(name) = domain.under("default._bimi") else { return Ok(()) };
    let record = Bimi::parse(text);
    let labelled = |finding: Finding| finding.label(&name, Rtype::Txt, text, 0..0);
    if let Some(error) = record.errors.first() {
        let finding = about(Code::Bim030)
            .arg("problem", Arg::key(format!("record.problem.{}", error.kind.slug())))
            .label(&name, Rtype::Txt, text, error.span.range());
        cx.found(findings, finding);
        return Ok(());
    }
    if record.declines() {
        cx.found(findings, labelled(about(Code::Bim050)));
        return Ok(());
    }
    let logo = record.logo.as_deref().unwrap_or_default();
    if dmarc_enforced(cx, domain)? == Some(false) {
        cx.found(findings, labelled(about(Code::Bim040)));
    } else {
        cx.found(findings, labelled(about(Code::Bim010).arg("logo", logo)));
    }
    if record.evidence.as_deref().is_none_or(str::is_empty) {
        cx.found(findings, labelled(about(Code::Bim080)));
    }
    Ok(())
}

/// Whether DMARC tells receivers to act on mail that fails: a policy of quarantine or reject, not as a trial, the
/// domain's own or that of a domain above it. `None` if that could not be looked up.
fn dmarc_enforced(cx: &Cx<'_>, domain: &Name) -> Step<Option<bool>> {
    let discovery = dmarc::discover(cx, domain)?;
    Ok(match &discovery.policy {
        Applied::Unknown { .. } => None,
        Applied::Nothing => Some(false),
        Applied::Record(application) => {
            let record = Dmarc::parse(&application.text);
            let sampled = record.list.get("pct").is_some_and(|pct| pct.value == "0");
            let acts = application.policy.is_some_and(|policy| policy != Policy::None);
            Some(acts && !application.testing && !sampled)
        }
    })
}
