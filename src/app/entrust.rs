//! Who may see the user's keys for lists: the resolver that the user has chosen, the one that was named when a key was
//! put in, and those that the user agreed to when asked. A key is a part of the name that is looked up, so whoever runs a
//! resolver sees it; one that a link names, or that stands in for another, gets none unasked.
//!
//! Functions of the [`App`] that need the engine, reached through [`Program`](super::program::Program) alone.

use yew::prelude::Context;

use super::{App, ENTRUSTED, KEY, live, state::State};
use mail_triage_browser::{
    data,
    log::{RequestResult, RequestSubject, Requests},
    storage,
};
use mail_triage_engine::{
    dns::{Failure, OWN_RESOLVER},
    report::Report,
    target::ListKeys,
};

/// The keys, and who may see them.
pub fn keys(state: &State) -> ListKeys {
    let who = state.resolver.iter().chain(&state.entrusted);
    let urls = who.map(|who| state.resolvers.by_id(who).map_or(who, |resolver| &resolver.url).clone());
    state.keys.clone().entrusted_to(urls.collect())
}

/// The resolver that would be asked first, as it is chosen: an id, or an address.
pub fn first(state: &State) -> String {
    state.effective_resolver().or_else(|| state.resolvers.chain.first().cloned()).unwrap_or_default()
}

/// The user wants a key used, or taken back.
pub fn use_key(app: &mut App, ctx: &Context<App>, name: &str) {
    let Some(key) = live::key(app, name) else { return };
    storage::store(&format!("{KEY}{name}"), (!key.is_empty()).then_some(key.as_str()));
    app.state.keys.set(name, &key);
    told(app);
    app.allowed = true;
    app.begin(ctx);
}

/// A key was put in, or taken back, beside the name of the resolver that will see it.
fn told(app: &mut App) {
    let state = &mut app.state;
    if state.keys.is_empty() {
        state.entrusted.clear();
        return storage::store(ENTRUSTED, None);
    }
    let who = first(state);
    if !state.entrusted.contains(&who) {
        state.entrusted.push(who.clone());
    }
    // One that a link names is asked about again in the next visit.
    let kept = storage::stored(ENTRUSTED).unwrap_or_default();
    let named_by_link = state.route.resolver.as_ref() == Some(&who);
    if !named_by_link && !kept.split(' ').any(|other| other == who) {
        storage::store(ENTRUSTED, Some(format!("{kept} {who}").trim()));
    }
}

/// Whom to ask the user about, once a run has ended in which keys were held back: the first that answered other
/// questions in it.
pub fn question(state: &State, report: &Report, requests: &Requests) -> Option<String> {
    let held =
        report.evidence.iter().any(|evidence| evidence.outcome.failure() == Some(Failure::KeyWithheld));
    let choice = state.effective_resolver().filter(|_| held);
    let answered = |id: &str| {
        requests.iter().any(|request| {
            request.whom == id
                && matches!(request.what, RequestSubject::Records(_))
                && matches!(
                    request.result,
                    RequestResult::Records(_) | RequestResult::NoData | RequestResult::NxDomain
                )
        })
    };
    let endpoints = data::endpoints(&state.resolvers, choice.as_deref());
    let who = endpoints.into_iter().map(|endpoint| match endpoint.id.as_str() {
        OWN_RESOLVER => (endpoint.id, endpoint.url),
        _ => (endpoint.id.clone(), endpoint.id),
    });
    let open = |choice: &String| {
        state.resolver.as_ref() != Some(choice)
            && !state.entrusted.contains(choice)
            && !state.distrusted.contains(choice)
    };
    who.filter(|(id, choice)| held && answered(id) && open(choice)).map(|(_, choice)| choice).next()
}

/// The user said whether the resolver in question may see the keys. It is not kept: the next visit asks again.
pub fn answered(app: &mut App, ctx: &Context<App>, yes: bool) {
    let Some(who) = app.state.key_question.take() else { return };
    if yes {
        app.state.entrusted.push(who);
        app.allowed = true;
        app.begin(ctx);
    } else {
        app.state.distrusted.push(who);
    }
}
