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
//! 3. Otherwise the common names are tried, a portion at a time, until a portion or a provider has answered.
//! 4. An answer equal to the wildcard's is no find. Aliases are followed; one that leads nowhere is said to.
//! 5. Each key found is judged by [`key`].

mod key;
mod tried;

use super::{Arg, Code, Cx, Finding, Findings, Fix, Level, Safety, mx, provider, wild};
use crate::{
    dns::{Failure, Name, Outcome, Query, Rdata, Rtype},
    facts::{Ask, Pending, Step},
    knowledge::Provider,
    record::dkim::{Key, Material},
};
use tried::{Found, Origin, Tried};

/// Selectors of providers that are asked; more would spend the budget of the whole run.
const MAX_OF_PROVIDERS: usize = 24;

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    let Ok(base) = domain.under("_domainkey") else { return Ok(()) };
    let gone = super::domain::is_gone(cx);
    let survey = survey(cx, domain, &base);
    if gone? {
        return Ok(());
    }
    let survey = survey?;
    not_selectors(cx, findings, domain);
    wildcard(cx, findings, &survey);
    let working = survey.tried.iter().filter(|tried| matches!(&tried.found, Found::Key(key) if key.works()));
    let working: Vec<Option<&str>> =
        working.map(|tried| key::owner(cx, tried).map(|provider| provider.id.as_str())).collect();
    for tried in &survey.tried {
        cx.section(|| key::judge(cx, findings, domain, tried, &working))?;
    }
    if survey.tried.iter().any(|tried| tried.found.is_something()) {
        return Ok(());
    }
    if cx.section(|| waiting(cx, findings, domain, &survey))? {
        return Ok(());
    }
    cx.section(|| nothing_found(cx, findings, domain, &survey))
}

/// What is known of a domain's keys all together.
pub(crate) enum Keys {
    /// Keys that receivers can use stand under these selectors.
    Working(Vec<String>),
    /// Keys stand under these selectors, but receivers can use none of them.
    Unusable(Vec<String>),
    /// There are none; that is proven.
    Absent,
    /// None under so many names that were tried.
    NotFound(usize),
    /// Not known.
    Unknown(Failure),
}

/// The keys of `domain`, as the check sees them.
pub(crate) fn keys(cx: &Cx<'_>, domain: &Name) -> Step<Keys> {
    let Ok(base) = domain.under("_domainkey") else { return Ok(Keys::Absent) };
    let survey = survey(cx, domain, &base)?;
    let selectors = |which: &dyn Fn(&Found) -> bool| -> Vec<String> {
        let tried = survey.tried.iter().filter(|tried| which(&tried.found));
        tried.map(|tried| tried.selector.clone()).collect()
    };
    let working = selectors(&|found| matches!(found, Found::Key(key) if key.works()));
    if !working.is_empty() {
        return Ok(Keys::Working(working));
    }
    let others = selectors(&Found::is_something);
    if !others.is_empty() {
        return Ok(Keys::Unusable(others));
    }
    let root = cx.ask(&Query::new(base.clone(), Rtype::Txt))?;
    if matches!(root, Outcome::NxDomain(_)) || survey.wildcard.revokes() {
        return Ok(Keys::Absent);
    }
    let failed = survey.tried.iter().find_map(|tried| match tried.found {
        Found::Failed(failure) => Some(failure),
        _ => None,
    });
    Ok(match failed.or_else(|| root.failure()) {
        Some(failure) => Keys::Unknown(failure),
        None => Keys::NotFound(survey.tried.len()),
    })
}

/// What was asked and what came of it.
struct Survey<'a> {
    base: &'a Name,
    /// What answers for a name that nobody published.
    wildcard: Wildcard,
    tried: Vec<Tried<'a>>,
    /// Who might hold the keys, most likely first.
    providers: Vec<&'a Provider>,
}

/// What a name that nobody published brought.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wildcard {
    /// It does not exist: names exist only if they are published.
    No,
    /// It exists without text, as every name does under compact denial (RFC 9824).
    Blank,
    /// These texts.
    Texts(Vec<String>),
    /// Not known.
    Unknown,
}

impl Wildcard {
    /// Whether it says under every name that there is no key.
    fn revokes(&self) -> bool {
        let Self::Texts(texts) = self else { return false };
        let revoked = |text: &String| {
            Key::is_meant(text) && Key::parse(text.clone(), &[]).material == Material::Revoked
        };
        !texts.is_empty() && texts.iter().all(revoked)
    }
}

fn survey<'a>(cx: &Cx<'a>, domain: &'a Name, base: &'a Name) -> Step<Survey<'a>> {
    let txt = |name: &Name| Query::new(name.clone(), Rtype::Txt);
    let root = cx.ask(&txt(base));
    let probe = wild::sibling(base);
    let sibling = probe.as_ref().map(|name| cx.ask(&txt(name))).transpose();
    let mut names: Vec<(String, Origin<'a>)> =
        given(cx).filter_map(Result::ok).map(|selector| (selector, Origin::Given(None))).collect();
    let given = tried::ask(cx, base, &names, 0);
    let providers = cx.section(|| providers(cx, domain))?;
    for (selector, origin) in &mut names {
        let uses = |provider: &&Provider| provider.dkim_selectors.contains(selector);
        *origin = Origin::Given(providers.iter().copied().find(uses));
    }
    let of_providers = providers.iter().flat_map(|&provider| {
        provider.dkim_selectors.iter().map(move |name| (name.clone(), Origin::Provider(provider)))
    });
    let before = names.len();
    for (name, origin) in of_providers {
        if names.len() < before + MAX_OF_PROVIDERS && names.iter().all(|(known, _)| *known != name) {
            names.push((name, origin));
        }
    }
    let theirs = tried::ask(cx, base, &names, before);
    let (root, sibling) = (root?, sibling?);
    given?;
    theirs?;
    let wildcard = match sibling {
        None => Wildcard::Unknown,
        Some(Outcome::NxDomain(_)) => Wildcard::No,
        Some(Outcome::NoData(_)) => Wildcard::Blank,
        Some(Outcome::Records(answer)) => Wildcard::Texts(
            answer
                .records
                .iter()
                .filter_map(|record| record.data.txt())
                .map(|txt| txt.text().into_owned())
                .collect(),
        ),
        Some(Outcome::Failed(_)) => Wildcard::Unknown,
    };
    let mut tried = tried::read(cx, base, &names, &wildcard)?;
    // Below a name that does not exist there is nothing to look for.
    let empty = matches!(root, Outcome::NxDomain(_));
    let answered = |tried: &[Tried<'_>]| tried.iter().any(|tried| tried.found.is_something());
    if !empty && !answered(&tried) {
        for batch in cx.knowledge.selectors.batches() {
            let new: Vec<(String, Origin<'a>)> = batch
                .iter()
                .filter(|selector| names.iter().all(|(known, _)| *known != selector.name))
                .map(|selector| (selector.name.clone(), Origin::Common(selector)))
                .collect();
            tried::ask(cx, base, &new, 0)?;
            tried.extend(tried::read(cx, base, &new, &wildcard)?);
            // Names that all fail would fail for every portion.
            if answered(&tried) || root.failure().is_some() {
                break;
            }
        }
    }
    Ok(Survey { base, wildcard, tried, providers })
}

/// The user's selectors: the bare word, or `Err` with what was given if that is not one. A whole name such as
/// `selector._domainkey.example.org` is cut down.
fn given<'a>(cx: &'a Cx<'_>) -> impl Iterator<Item = Result<String, &'a str>> {
    cx.target.selectors.iter().map(|given| {
        let lower = given.trim().trim_end_matches('.').to_ascii_lowercase();
        let word = lower.split("._domainkey").next().unwrap_or_default();
        let fits = Name::parse(word).is_ok_and(|name| !name.is_root());
        if fits { Ok(word.to_owned()) } else { Err(given.as_str()) }
    })
}

fn not_selectors(cx: &Cx<'_>, findings: &mut Findings, domain: &Name) {
    for wrong in given(cx).filter_map(Result::err) {
        let finding = Finding::new(Code::Dki230, domain).arg("selector", wrong);
        cx.section(|| cx.found(findings, finding));
    }
}

/// Who might sign for the domain: whose consumer domain it is, the mailbox provider, the sending services.
fn providers<'a>(cx: &Cx<'a>, domain: &Name) -> Step<Vec<&'a Provider>> {
    let found = provider::recognise(cx, domain)?;
    let own = cx.knowledge.providers.by_domain(domain.as_str());
    let mut providers: Vec<&Provider> = Vec::new();
    for provider in own.into_iter().chain(found.mailbox).chain(found.senders).chain(found.gateway) {
        if providers.iter().all(|known| known.id != provider.id) {
            providers.push(provider);
        }
    }
    Ok(providers)
}

fn wildcard(cx: &Cx<'_>, findings: &mut Findings, survey: &Survey<'_>) {
    let Wildcard::Texts(texts) = &survey.wildcard else { return };
    let Some(probe) = wild::sibling(survey.base) else { return };
    let code = if survey.wildcard.revokes() { Code::Dki170 } else { Code::Dki160 };
    let wild = survey.base.under("*").unwrap_or_else(|_| survey.base.clone());
    cx.section(|| {
        let _known = cx.ask(&Query::new(probe, Rtype::Txt));
        let finding = Finding::new(code, survey.base).arg("name", &wild);
        let finding =
            texts.iter().fold(finding, |finding, text| finding.label(&wild, Rtype::Txt, text.as_str(), 0..0));
        cx.found(findings, finding);
    });
}

/// A provider that made a key which the domain does not point to yet.
fn waiting(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, survey: &Survey<'_>) -> Step<bool> {
    let mut pending = Ok(());
    let mut found = false;
    for provider in &survey.providers {
        for (waiting, names) in cx.knowledge.selectors.waiting_for(&provider.id, domain.as_str()) {
            let Ok(owner) = survey.base.under(&waiting.selector) else { continue };
            for name in names.iter().filter_map(|name| Name::parse(name).ok()) {
                let outcome = cx.ask(&Query::new(name.clone(), Rtype::Txt));
                let Ok(outcome) = outcome else {
                    pending = Err(Pending);
                    continue;
                };
                let key = outcome.records().iter().filter_map(|record| record.data.txt());
                if found || !key.map(|txt| txt.text()).any(|text| Key::is_meant(&text)) {
                    continue;
                }
                found = true;
                let fix = Fix {
                    owner: owner.clone(),
                    rtype: Rtype::Cname,
                    remove: Vec::new(),
                    publish: vec![name.to_string()],
                    safety: Safety::Safe,
                };
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

fn nothing_found(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, survey: &Survey<'_>) -> Step<()> {
    // A given selector without a key is its own finding.
    if survey.tried.iter().any(|tried| matches!(tried.origin, Origin::Given(_))) {
        return Ok(());
    }
    // The mailbox provider's own domains are its own affair.
    if cx.knowledge.providers.by_domain(domain.as_str()).is_some() {
        return Ok(());
    }
    let root = cx.ask(&Query::new(survey.base.clone(), Rtype::Txt))?;
    let provider = survey.providers.first().copied();
    let finding = |code| asked_of(Finding::new(code, domain).arg("domain", domain), provider);
    if matches!(root, Outcome::NxDomain(_)) {
        if mx::sends(cx, domain)? == mx::Sends::No {
            cx.found(findings, finding(Code::Dki220));
        } else {
            let absent = finding(Code::Dki030).arg("name", survey.base);
            // Mail of a name inside another domain is often signed by that domain.
            let apex = !cx.ask(&Query::new(domain.clone(), Rtype::Soa))?.records().is_empty();
            cx.found(findings, if apex { absent } else { absent.rated(Level::Info, 0) });
        }
        return Ok(());
    }
    if matches!(&survey.wildcard, Wildcard::Texts(_)) {
        // It is said already, and it is why nothing can be found.
        return Ok(());
    }
    // The evidence is everything that was tried.
    for tried in &survey.tried {
        let _known = cx.ask(&Query::new(tried.name.clone(), Rtype::Txt));
    }
    let failure = survey.tried.iter().find_map(|tried| match tried.found {
        Found::Failed(failure) => Some(failure),
        _ => None,
    });
    if let Some(failure) = failure.or_else(|| root.failure()) {
        let failed = survey.tried.iter().filter(|tried| matches!(tried.found, Found::Failed(_))).count();
        let finding = finding(Code::Dki060).arg("n", failed.max(1)).because(failure);
        cx.found(findings, finding);
        return Ok(());
    }
    let exists = matches!(root, Outcome::NoData(_)) && survey.wildcard == Wildcard::No;
    let code = if exists { Code::Dki050 } else { Code::Dki040 };
    let names = survey.tried.iter().map(|tried| &tried.selector);
    cx.found(findings, finding(code).arg("n", survey.tried.len()).arg("names", Arg::list(names)));
    Ok(())
}

/// With whom to ask for the key as `{ask}`, and `{provider}` and `{url}` for it.
fn asked_of(finding: Finding, provider: Option<&Provider>) -> Finding {
    let Some(provider) = provider else { return finding.arg("ask", Arg::key("dkim.ask.anyone")) };
    let finding = finding.arg("provider", provider.name.as_str());
    match &provider.urls.dkim {
        Some(url) => finding.arg("url", url.as_str()).arg("ask", Arg::key("dkim.ask.page")),
        None => finding.arg("ask", Arg::key("dkim.ask.provider")),
    }
}

/// The target of the alias that stands last in the chain of `outcome`.
fn alias_target(cx: &Cx<'_>, outcome: &Outcome) -> Step<Option<Name>> {
    if let (Outcome::Records(answer), Some(_)) = (outcome, outcome.chain().first()) {
        return Ok(answer.records.first().map(|record| record.owner.clone()));
    }
    let Some(last) = outcome.chain().last() else { return Ok(None) };
    let alias = cx.ask(&Query::new(last.clone(), Rtype::Cname))?;
    Ok(alias.records().iter().find_map(|record| match &record.data {
        Rdata::Cname(target) => Some(target.clone()),
        _ => None,
    }))
}
