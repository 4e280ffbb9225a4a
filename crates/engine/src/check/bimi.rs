//! Does the domain show a logo beside its mail?
//!
//! Objective: read the BIMI record. It never explains mail that does not arrive, and most domains have none.
//! Procedure: TXT at `default._bimi.<domain>`, and if there is none, at that of the organizational domain; where there is
//! one, whether DMARC is enforced for all mail, without which it is ignored. The logo itself is not fetched: showing it is
//! for the page, after a click.

use super::{
    Arg, Code, Cx, Finding, Findings, Fix, LinkKind,
    single::{keep_first, rewrite},
};
use crate::{
    dmarc::{self, AppliedPolicy},
    dns::{Name, Rtype},
    facts::Step,
    record::{
        bimi::Bimi,
        dmarc::{Dmarc, Policy, PolicyTag},
        tags::TagList,
    },
    view::{
        domain,
        published::{Published, published},
    },
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    let Ok(name) = domain.under("default._bimi") else { return Ok(()) };
    let gone = domain::is_gone(cx);
    cx.section(|| {
        let found = record(cx, &name);
        let discovery = dmarc::discover(cx, domain);
        if gone? {
            return Ok(());
        }
        let found = found?;
        if !matches!(found, Published::Nothing) {
            return judge(cx, findings, domain, &name, &found);
        }
        // Mail of a name without a record is shown with the logo of the organizational domain.
        let organizational = discovery?.organizational;
        match organizational.name.under("default._bimi") {
            Ok(above) if organizational.name != *domain => match (record(cx, &above)?, organizational.unsure)
            {
                // With the answer that failed another domain may turn out to be the one.
                (Published::Nothing, Some(failure)) => {
                    judge(cx, findings, domain, &name, &Published::Failed(failure))
                }
                (found, _) => judge(cx, findings, domain, &above, &found),
            },
            _ => judge(cx, findings, domain, &name, &found),
        }
    })
}

fn record(cx: &Cx<'_>, name: &Name) -> Step<Published> {
    published(cx, name, "v=BIMI1", Bimi::is_meant)
}

fn judge(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, name: &Name, found: &Published) -> Step<()> {
    let about = |code| Finding::new(code, domain).arg("domain", domain).arg("name", name);
    match found {
        Published::Nothing => cx.found(findings, about(Code::Bim020)),
        Published::Failed(failure) => cx.found(findings, about(Code::Bim070).because(*failure)),
        Published::Several(texts) => {
            let finding = about(Code::Bim060).arg("n", texts.len()).fix(keep_first(name, texts));
            let finding = texts
                .iter()
                .fold(finding, |finding, text| finding.label(name, Rtype::Txt, text.as_str(), 0..0));
            cx.found(findings, finding);
        }
        Published::One(text) => return one(cx, findings, domain, name, text, about),
    }
    Ok(())
}

fn one(
    cx: &Cx<'_>,
    findings: &mut Findings,
    domain: &Name,
    name: &Name,
    text: &str,
    about: impl Fn(Code) -> Finding,
) -> Step<()> {
    let record = Bimi::parse(text);
    let labelled = |finding: Finding| finding.label(name, Rtype::Txt, text, 0..0);
    if let Some(error) = record.errors.first() {
        let finding = about(Code::Bim030).arg("problem", Arg::key(error.kind.key())).label(
            name,
            Rtype::Txt,
            text,
            error.span.range(),
        );
        cx.found(findings, finding);
        return Ok(());
    }
    if record.declines() {
        cx.found(findings, labelled(about(Code::Bim050)));
        return Ok(());
    }
    for error in &record.settings {
        let finding = about(Code::Bim090)
            .arg("problem", Arg::key(error.kind.key()))
            .label(name, Rtype::Txt, text, error.span.range())
            .fix(without_settings(name, text, &record));
        cx.found(findings, finding);
    }
    let logo = record.logo.as_deref().unwrap_or_default();
    if logo.is_empty() {
        cx.found(findings, labelled(about(Code::Bim100)));
        return Ok(());
    }
    if dmarc_enforced(cx, domain)? == Some(false) {
        cx.found(findings, labelled(about(Code::Bim040)));
    } else {
        cx.found(findings, labelled(about(Code::Bim010).link(LinkKind::Logo, logo)));
    }
    if record.evidence.as_deref().is_none_or(str::is_empty) {
        cx.found(findings, labelled(about(Code::Bim080)));
    }
    Ok(())
}

/// The record without settings that are not valid: the logo and its certificate stay.
fn without_settings(name: &Name, text: &str, record: &Bimi) -> Fix {
    let list = TagList::parse(text);
    let kept = list.tags.iter().filter(|tag| record.settings.iter().all(|wrong| wrong.span != tag.span()));
    let kept: Vec<&str> = kept.map(|tag| tag.span().of(text)).collect();
    rewrite(name, text, kept.join("; "))
}

/// Whether DMARC tells receivers to act on all mail that fails: a policy of quarantine or reject, not as a trial and not
/// for a part, the domain's own or that of a domain above it; and whether the organizational domain does so for itself
/// and for its subdomains. `None` if that could not be looked up.
fn dmarc_enforced(cx: &Cx<'_>, domain: &Name) -> Step<Option<bool>> {
    let discovery = dmarc::discover(cx, domain)?;
    let applies = match &discovery.policy {
        AppliedPolicy::Unknown { .. } => return Ok(None),
        AppliedPolicy::Nothing => false,
        AppliedPolicy::Record(application) => {
            application.policy.is_some_and(|policy| policy != Policy::None) && for_all_mail(&application.text)
        }
    };
    let above = match discovery.walk.record_at(&discovery.organizational.name) {
        Some(text) => {
            let record = Dmarc::parse(text);
            let acts = |tag| record.policy_for(tag).is_some_and(|(policy, _)| policy != Policy::None);
            acts(PolicyTag::P) && acts(PolicyTag::Sp) && for_all_mail(text)
        }
        None => applies,
    };
    Ok(Some(applies && above))
}

/// Whether a record is neither on trial nor meant for a part of the mail (RFC 7489 section 6.3).
fn for_all_mail(text: &str) -> bool {
    let record = Dmarc::parse(text);
    let part = record.list.get("pct").and_then(|pct| pct.value.parse::<u8>().ok());
    !record.is_testing() && part.is_none_or(|part| part >= 100)
}
