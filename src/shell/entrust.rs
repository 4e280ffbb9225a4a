//! Who may see the user's keys for lists: the resolver that the user has chosen, the one that was named when a key was
//! put in, and those that the user agreed to when asked. A key is a part of the name that is looked up, so whoever runs a
//! resolver sees it; one that a link names, or that stands in for another, gets none unasked.
//!
//! Functions of the [`App`] that need the engine, reached through [`Program`](super::program::Program) alone.

use yew::prelude::Context;

use super::{App, KEY, state::State};
use crate::machine::Event;
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
    let who = state.machine.resolver.chosen.iter().chain(&state.machine.trust.entrusted);
    let urls =
        who.map(|who| state.machine.resolver.list.by_id(who).map_or(who, |resolver| &resolver.url).clone());
    state.keys.clone().entrusted_to(urls.collect())
}

/// The user wants a key used, or taken back.
pub fn use_key(app: &mut App, ctx: &Context<App>, name: &str, key: &str) {
    storage::store(&format!("{KEY}{name}"), (!key.is_empty()).then_some(key));
    app.state.keys.set(name, key);
    app.step(ctx, Event::KeysChanged { any: !app.state.keys.is_empty() });
}

/// Whom to ask the user about, once a run has ended in which keys were held back: the first that answered other
/// questions in it.
pub fn question(state: &State, report: &Report, requests: &Requests) -> Option<String> {
    let held =
        report.evidence.iter().any(|evidence| evidence.outcome.failure() == Some(Failure::KeyWithheld));
    let choice = state.machine.effective_resolver().filter(|_| held);
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
    let endpoints = data::endpoints(&state.machine.resolver.list, choice.as_deref());
    let who = endpoints.into_iter().map(|endpoint| match endpoint.id.as_str() {
        OWN_RESOLVER => (endpoint.id, endpoint.url),
        _ => (endpoint.id.clone(), endpoint.id),
    });
    let open = |choice: &String| {
        state.machine.resolver.chosen.as_ref() != Some(choice)
            && !state.machine.trust.entrusted.contains(choice)
            && !state.machine.trust.distrusted.contains(choice)
    };
    who.filter(|(id, choice)| held && answered(id) && open(choice)).map(|(_, choice)| choice).next()
}
