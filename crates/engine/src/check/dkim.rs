//! Is the mail of the domain signed with keys that receivers can use?
//!
//! Objective: find the domain's DKIM keys and judge each. Selectors cannot be listed from DNS, so the result is
//! graded: found, proven absent, not among the names tried, could not be looked up. "Not found" is never "missing".
//!
//! Inputs: the user's selectors, those of the recognised providers, the common ones of `selectors.json`.
//!
//! Procedure:
//! 1. At the same time: `_domainkey` itself, a name below it that nobody published (a wildcard answers there), and
//!    the user's selectors; as soon as the providers are known, theirs.
//! 2. NXDOMAIN at `_domainkey` proves that nothing stands below it (RFC 8020). A wildcard would have answered, and
//!    compact denial (RFC 9824) says NODATA, so neither can fake this proof.
//!    One wildcard that answers at `_domainkey`, below and beside it proves the same (RFC 4592), unless it is a key. As some
//!    servers let a wildcard answer more widely, the first portion of the common names is tried all the same.
//! 3. Otherwise the common names are tried, a portion at a time, until a key is found that works: what is broken or left
//!    over at a name that was guessed may hide it, and says nothing of the key in use.
//! 4. An answer equal to the wildcard's is no find. Aliases are followed; one that leads nowhere is said to.
//! 5. Each key found is judged by [`key`].

mod key;

use super::{Arg, Code, Cx, Finding, Findings, Fix, Level, LinkKind, Safety};
use crate::{
    dns::{Name, Outcome, Query, Rtype},
    facts::{Ask, Pending, Step},
    knowledge::Provider,
    record::dkim::Key,
    view::{
        domain,
        keys::{KeySurvey, SelectorContent, TriedSelector, Wildcard, given, survey},
        mail_use, wildcard,
    },
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    let Ok(base) = domain.under("_domainkey") else { return Ok(()) };
    let gone = domain::is_gone(cx);
    let survey = survey(cx, domain, &base);
    if gone? {
        return Ok(());
    }
    let survey = survey?;
    not_selectors(cx, findings, domain);
    wildcard(cx, findings, &survey);
    let working = survey.tried.iter().filter(|tried| tried.found.works());
    let working: Vec<Option<&str>> =
        working.map(|tried| key::owner(cx, tried).map(|provider| provider.id.as_str())).collect();
    for tried in &survey.tried {
        cx.section(|| key::judge(cx, findings, domain, tried, &working))?;
    }
    if !working.is_empty() {
        return Ok(());
    }
    if cx.section(|| waiting(cx, findings, domain, &survey))? {
        return Ok(());
    }
    cx.section(|| nothing_found(cx, findings, domain, &survey))
}

fn not_selectors(cx: &Cx<'_>, findings: &mut Findings, domain: &Name) {
    for wrong in given(cx).filter_map(Result::err) {
        let finding = Finding::new(Code::Dki230, domain).arg("selector", wrong);
        cx.section(|| cx.found(findings, finding));
    }
}

fn wildcard(cx: &Cx<'_>, findings: &mut Findings, survey: &KeySurvey<'_>) {
    let Wildcard::Texts(texts) = &survey.wildcard else { return };
    let Some(probe) = wildcard::sibling(survey.base) else { return };
    let code = if survey.wildcard.revokes() { Code::Dki170 } else { Code::Dki160 };
    let wild = survey.base.under("*").unwrap_or_else(|_| survey.base.clone());
    cx.section(|| {
        cx.cite(&Query::new(probe, Rtype::Txt));
        let finding = Finding::new(code, survey.base).arg("name", &wild);
        let finding =
            texts.iter().fold(finding, |finding, text| finding.label(&wild, Rtype::Txt, text.as_str(), 0..0));
        cx.found(findings, finding);
    });
}

/// A provider that made a key which the domain does not point to yet.
fn waiting(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, survey: &KeySurvey<'_>) -> Step<bool> {
    let mut pending = Ok(());
    let mut found = false;
    for provider in &survey.providers {
        for (waiting, names) in cx.knowledge.selectors.waiting_for(&provider.id, domain.as_str()) {
            let Ok(owner) = survey.base.under(&waiting.selector) else { continue };
            // What stands there already is judged for itself.
            if survey.tried.iter().any(|tried| tried.name == owner && tried.found.is_something()) {
                continue;
            }
            for name in names.iter().filter_map(|name| Name::parse(name).ok()) {
                let outcome = cx.ask(&Query::new(name.clone(), Rtype::Txt));
                let Ok(outcome) = outcome else {
                    pending = Err(Pending);
                    continue;
                };
                let key = outcome.texts();
                if found || !key.map(|txt| txt.text()).any(|text| Key::is_meant(&text)) {
                    continue;
                }
                found = true;
                let fix = Fix::at(&owner, Rtype::Cname, Safety::Safe).publishing([name.as_str()]);
                let finding = Finding::new(Code::Dki210, domain)
                    .arg("domain", domain)
                    .arg("selector", waiting.selector.as_str())
                    .arg("target", &name)
                    .fix(fix);
                cx.found(findings, asked_of(finding, Some(provider)));
            }
        }
    }
    pending.map(|()| found)
}

fn nothing_found(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, survey: &KeySurvey<'_>) -> Step<()> {
    // A given selector without a key is its own finding.
    if survey.tried.iter().any(TriedSelector::is_given) {
        return Ok(());
    }
    // The mailbox provider's own domains are its own affair.
    if cx.knowledge.providers.by_domain(domain).is_some() {
        return Ok(());
    }
    if survey.absent {
        return absent(cx, findings, domain, survey);
    }
    if survey.wildcard.has_key() {
        // It is said already, and it is why nothing can be found.
        return Ok(());
    }
    not_found(cx, findings, domain, survey)
}

/// A finding about the domain's keys, with whom to ask for one.
fn about(code: Code, domain: &Name, survey: &KeySurvey<'_>) -> Finding {
    asked_of(Finding::new(code, domain).arg("domain", domain), survey.providers.first().copied())
}

/// There is no key, and that is proven.
fn absent(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, survey: &KeySurvey<'_>) -> Step<()> {
    let root = cx.ask(&Query::new(survey.base.clone(), Rtype::Txt))?;
    match mail_use::sends(cx, domain)? {
        mail_use::SendsMail::No => cx.found(findings, about(Code::Dki220, domain, survey)),
        mail_use::SendsMail::Failed(failure) => {
            let finding = about(Code::Dki240, domain, survey).arg("name", survey.base);
            cx.found(findings, finding.because(failure));
        }
        mail_use::SendsMail::Yes | mail_use::SendsMail::Unknown => {
            // Where a wildcard answers, it takes what is below and beside to prove it.
            if !root.is_gone() {
                for probe in [survey.base, domain].into_iter().filter_map(wildcard::sibling) {
                    cx.cite(&Query::new(probe, Rtype::Txt));
                }
            }
            let absent = about(Code::Dki030, domain, survey).arg("name", survey.base);
            // Mail of a name inside another domain is often signed by that domain.
            let apex = !cx.ask(&Query::new(domain.clone(), Rtype::Soa))?.records().is_empty();
            cx.found(findings, if apex { absent } else { absent.rated(Level::Info, 0) });
        }
    }
    Ok(())
}

/// None was seen under the names that were tried. The evidence is all of those.
fn not_found(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, survey: &KeySurvey<'_>) -> Step<()> {
    let root = cx.ask(&Query::new(survey.base.clone(), Rtype::Txt))?;
    for tried in &survey.tried {
        cx.cite(&Query::new(tried.name.clone(), Rtype::Txt));
    }
    let failure = survey.tried.iter().find_map(|tried| match tried.found {
        SelectorContent::Failed(failure) => Some(failure),
        _ => None,
    });
    if let Some(failure) = failure.or_else(|| root.failure()) {
        let failed =
            survey.tried.iter().filter(|tried| matches!(tried.found, SelectorContent::Failed(_))).count();
        let finding = about(Code::Dki060, domain, survey).arg("n", failed.max(1)).because(failure);
        cx.found(findings, finding);
        return Ok(());
    }
    // What is broken or left over is said for itself.
    let (others, without): (Vec<_>, Vec<_>) =
        survey.tried.iter().partition(|tried| tried.found.is_something());
    let exists = matches!(root, Outcome::NoData(_)) && survey.wildcard == Wildcard::No && others.is_empty();
    let code = if exists { Code::Dki050 } else { Code::Dki040 };
    if without.is_empty() {
        return Ok(());
    }
    let names = without.iter().map(|tried| &tried.selector);
    cx.found(findings, about(code, domain, survey).arg("n", without.len()).arg("names", Arg::list(names)));
    Ok(())
}

/// With whom to ask for the key as `{ask}`, and `{provider}` and `{help}`, the provider's own page, for it.
fn asked_of(finding: Finding, provider: Option<&Provider>) -> Finding {
    let Some(provider) = provider else { return finding.arg("ask", Arg::key("dkim.ask.anyone")) };
    let finding = finding.arg("provider", provider.name.as_str());
    match &provider.urls.dkim {
        Some(url) => finding.link(LinkKind::Help, url).arg("ask", Arg::key("dkim.ask.page")),
        None => finding.arg("ask", Arg::key("dkim.ask.provider")),
    }
}
