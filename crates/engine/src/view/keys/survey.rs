//! Which keys can be seen, for everybody who wants to know.

use super::tried::{self, SelectorContent, SelectorOrigin, TriedSelector, Wildcard};
use crate::{
    cx::Cx,
    dns::{Failure, Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
    knowledge::Provider,
    view::{provider, wildcard},
};

/// Selectors of providers that are asked; more would spend the budget of the whole run.
const MAX_OF_PROVIDERS: usize = 24;

/// What is known of a domain's keys all together.
pub(crate) enum DkimKeys {
    /// Keys that receivers can use stand under these selectors.
    Working(Vec<String>),
    /// Keys stand under these selectors, which the user named, but receivers can use none of them. A key that was only
    /// guessed may be left over, and says nothing of the one that is in use.
    Unusable(Vec<String>),
    /// There are none; that is proven.
    Absent,
    /// A wildcard withdraws every key; those at names that are not known would still count.
    Revoked,
    /// None under so many names that were tried.
    NotFound(usize),
    /// Not known.
    Unknown(Failure),
}

/// The keys of `domain`, as the check sees them.
pub(crate) fn keys(cx: &Cx<'_>, domain: &Name) -> Step<DkimKeys> {
    let Ok(base) = domain.under("_domainkey") else { return Ok(DkimKeys::Absent) };
    let survey = survey(cx, domain, &base)?;
    let selectors = |which: &dyn Fn(&TriedSelector<'_>) -> bool| -> Vec<String> {
        let tried = survey.tried.iter().filter(|tried| which(tried));
        tried.map(|tried| tried.selector.clone()).collect()
    };
    let working = selectors(&|tried| tried.found.works());
    if !working.is_empty() {
        return Ok(DkimKeys::Working(working));
    }
    let others = selectors(&|tried| tried.is_given() && tried.found.is_something());
    if !others.is_empty() {
        return Ok(DkimKeys::Unusable(others));
    }
    if survey.absent {
        return Ok(DkimKeys::Absent);
    }
    if survey.wildcard.revokes() {
        return Ok(DkimKeys::Revoked);
    }
    let root = cx.ask(&Query::new(base.clone(), Rtype::Txt))?;
    let failed = survey.tried.iter().find_map(|tried| match tried.found {
        SelectorContent::Failed(failure) => Some(failure),
        _ => None,
    });
    Ok(match failed.or_else(|| root.failure()) {
        Some(failure) => DkimKeys::Unknown(failure),
        None => DkimKeys::NotFound(survey.tried.iter().filter(|tried| !tried.found.is_something()).count()),
    })
}

/// What was asked and what came of it.
pub(crate) struct KeySurvey<'a> {
    pub base: &'a Name,
    /// What answers for a name that nobody published.
    pub wildcard: Wildcard,
    /// Nothing stands below `base`; that is proven.
    pub absent: bool,
    pub tried: Vec<TriedSelector<'a>>,
    /// Who might hold the keys, most likely first.
    pub providers: Vec<&'a Provider>,
}

/// Asks for everything that may hold a key.
pub(crate) fn survey<'a>(cx: &Cx<'a>, domain: &'a Name, base: &'a Name) -> Step<KeySurvey<'a>> {
    let txt = |name: &Name| Query::new(name.clone(), Rtype::Txt);
    let root = cx.ask(&txt(base));
    let probe = wildcard::sibling(base);
    let sibling = probe.as_ref().map(|name| cx.ask(&txt(name))).transpose();
    let mut names: Vec<(String, SelectorOrigin<'a>)> =
        given(cx).filter_map(Result::ok).map(|selector| (selector, SelectorOrigin::Given(None))).collect();
    let given = tried::ask(cx, base, &names, 0);
    let providers = cx.section(|| providers(cx, domain))?;
    let before = names.len();
    add_theirs(&mut names, &providers);
    let theirs = tried::ask(cx, base, &names, before);
    let (root, sibling) = (root?, sibling?);
    given?;
    theirs?;
    let wildcard = wildcard(cx, probe.as_ref(), sibling)?;
    let mut tried = tried::read(cx, base, &names, &wildcard)?;
    // Below a name that does not exist there is nothing to look for.
    let empty = root.is_gone();
    // What answers everywhere with a key is a key, if a strange one.
    let only_wild = !empty && !wildcard.has_key() && only_wildcard(cx, domain, root, sibling)?;
    if !empty {
        // Names that all fail would fail for every portion. And a wildcard proves enough to leave it at the most
        // common ones, which are asked for the servers that let it answer above and beside what is published.
        let first_only = root.failure().is_some() || only_wild;
        try_common(cx, base, &wildcard, &mut tried, first_only)?;
    }
    Ok(KeySurvey { base, wildcard, absent: empty || only_wild, tried, providers })
}

/// Adds the selectors that the recognised providers use, and says of those that the user named whose they are.
fn add_theirs<'a>(names: &mut Vec<(String, SelectorOrigin<'a>)>, providers: &[&'a Provider]) {
    for (selector, origin) in &mut *names {
        let uses = |provider: &&Provider| provider.dkim_selectors.contains(selector);
        *origin = SelectorOrigin::Given(providers.iter().copied().find(uses));
    }
    let most = names.len() + MAX_OF_PROVIDERS;
    for &provider in providers {
        for name in &provider.dkim_selectors {
            if names.len() < most && names.iter().all(|(known, _)| known != name) {
                names.push((name.clone(), SelectorOrigin::Provider(provider)));
            }
        }
    }
}

/// What `sibling`, the answer for the name `probe` that nobody published, says of a wildcard.
fn wildcard(cx: &Cx<'_>, probe: Option<&Name>, sibling: Option<&Outcome>) -> Step<Wildcard> {
    let alias = sibling.filter(|outcome| outcome.is_void());
    let alias = alias.map(|outcome| wildcard::alias_target(cx, outcome)).transpose()?.flatten();
    let label = probe.and_then(|name| name.labels().next()).unwrap_or_default();
    Ok(match (sibling, alias) {
        (_, Some(target)) => Wildcard::Alias { label: label.to_owned(), target },
        (Some(Outcome::NxDomain(_)), _) => Wildcard::No,
        (Some(Outcome::NoData(_)), _) => Wildcard::Blank,
        (Some(Outcome::Records(answer)), _) => Wildcard::of(answer),
        (Some(Outcome::Failed(_)) | None, _) => Wildcard::Unknown,
    })
}

/// Tries common selectors, a portion at a time, until one holds a key; if `first_only`, no more than the first portion.
fn try_common<'a>(
    cx: &Cx<'a>,
    base: &Name,
    wildcard: &Wildcard,
    tried: &mut Vec<TriedSelector<'a>>,
    first_only: bool,
) -> Step<()> {
    // What is broken or left over does not end the search: it may hide the key that is in use.
    let answered = |tried: &[TriedSelector<'_>]| tried.iter().any(|tried| tried.found.works());
    let before = tried.len();
    for batch in cx.knowledge.selectors.batches() {
        if answered(tried) {
            break;
        }
        let is_new = |name: &String| tried[..before].iter().all(|known| known.selector != *name);
        let new = batch.iter().filter(|selector| is_new(&selector.name));
        let new: Vec<_> =
            new.map(|selector| (selector.name.clone(), SelectorOrigin::Common(selector))).collect();
        tried::ask(cx, base, &new, 0)?;
        tried.extend(tried::read(cx, base, &new, wildcard)?);
        if first_only {
            break;
        }
    }
    Ok(())
}

/// Whether one wildcard answers for a name in `domain` that nobody published, for `_domainkey`, and for a name below
/// that. Were anything published at `_domainkey` or below, the wildcard would not reach there (RFC 4592 section 2.2).
fn only_wildcard(cx: &Cx<'_>, domain: &Name, root: &Outcome, sibling: Option<&Outcome>) -> Step<bool> {
    let Some(wild) = wildcard::behind(cx, domain, root)? else { return Ok(false) };
    let below = sibling.map(|sibling| wildcard::answer(cx, sibling)).transpose()?.flatten();
    Ok(below == Some(wild))
}

/// The user's selectors: the bare word, or `Err` with what was given if that is not one. A whole name such as
/// `selector._domainkey.example.org` is cut down.
pub(crate) fn given<'a>(cx: &'a Cx<'_>) -> impl Iterator<Item = Result<String, &'a str>> {
    cx.target.selectors.iter().map(|given| word(given).ok_or(given.as_str()))
}

/// The bare word of a selector as the user gave it; `None` if that is not one.
pub(crate) fn word(given: &str) -> Option<String> {
    let lower = given.trim().trim_end_matches('.').to_ascii_lowercase();
    let word = lower.split("._domainkey").next().unwrap_or_default();
    Name::parse(word).is_ok_and(|name| !name.is_root()).then(|| word.to_owned())
}

/// Who might sign for the domain: whose consumer domain it is, the mailbox provider, the sending services.
fn providers<'a>(cx: &Cx<'a>, domain: &Name) -> Step<Vec<&'a Provider>> {
    let found = provider::recognise(cx, domain)?;
    let own = cx.knowledge.providers.by_domain(domain);
    let mut providers: Vec<&Provider> = Vec::new();
    for provider in own.into_iter().chain(found.mailbox).chain(found.senders).chain(found.gateway) {
        if providers.iter().all(|known| known.id != provider.id) {
            providers.push(provider);
        }
    }
    Ok(providers)
}
