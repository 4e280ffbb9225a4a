//! Single questions to a resolver, outside a check. The list of requests names them like all others.

use std::pin::Pin;

use mail_triage_browser::doh::AbortController;

use super::state::Action;
use mail_triage_browser::{
    clock,
    doh::{self, Endpoint},
    log::{Asked, Brought, Request},
};
use mail_triage_engine::{
    dns::{Failure, Name, OWN_RESOLVER, Query, Rtype, whoami},
    permit::Permits,
    resolver_trust::Probe,
    settings::Lookup,
};

/// What ends in an action. Boxed, so that its states are not written out in what is there from the start.
pub type Call = Pin<Box<dyn Future<Output = Action>>>;

/// Tries the resolver called `id`, by which its address may stand: whether it answers, and does not hold back or change
/// answers. One that denied what everybody knows would deny other names too: that a domain has no mail would be its own
/// invention.
pub fn try_resolver(id: String, url: String, permits: Permits) -> Call {
    Box::pin(async move {
        let own = id == url;
        let endpoint = Endpoint { id: if own { OWN_RESOLVER.to_owned() } else { id.clone() }, url };
        let mut requests = Vec::new();
        let mut answers = true;
        for probe in Probe::all() {
            let Ok(cancel) = AbortController::new() else { break };
            let permit = permits.enter(endpoint.claim(false)).await;
            let outcome = doh::ask(&endpoint, &probe.query, true, &cancel).await.outcome;
            drop(permit);
            answers = probe.is_met(&outcome);
            requests.push(Request::records(probe.query, &endpoint, &outcome));
            if !answers {
                break;
            }
        }
        let answers = answers && !requests.is_empty();
        beside(requests, Action::ResolverTried(id, answers))
    })
}

/// Asks one resolver after the other for the addresses of a host, until one has an answer.
pub fn look_up(host: String, endpoints: Vec<Endpoint>, permits: Permits) -> Call {
    Box::pin(async move {
        let mut lookup = Lookup::Failed(Failure::Network);
        let Ok(name) = Name::parse(&host) else { return Action::LookedUp(host, Lookup::Missing) };
        let mut requests = Vec::new();
        for endpoint in &endpoints {
            let mut outcomes = Vec::new();
            for rtype in [Rtype::A, Rtype::Aaaa] {
                let Ok(cancel) = AbortController::new() else { continue };
                let query = Query::new(name.clone(), rtype);
                let _permit = permits.enter(endpoint.claim(false)).await;
                let outcome = doh::ask(endpoint, &query, true, &cancel).await.outcome;
                requests.push(Request::records(query, endpoint, &outcome));
                outcomes.push(outcome);
            }
            lookup = Lookup::of(&outcomes);
            if !matches!(lookup, Lookup::Failed(_)) {
                break;
            }
        }
        beside(requests, Action::LookedUp(host, lookup))
    })
}

/// Asks a resolver where the question comes from.
pub fn my_address(endpoint: Endpoint, permits: Permits) -> Call {
    Box::pin(async move {
        let Ok(cancel) = AbortController::new() else { return Action::MyAddress(None) };
        let _permit = permits.enter(endpoint.claim(false)).await;
        let start = clock::now();
        let answer = doh::send(endpoint.url, whoami::question(), true, cancel).await;
        let address = answer.as_ref().ok().and_then(|octets| whoami::address(octets));
        let result = match (answer, address) {
            (Ok(_), Some(_)) => Brought::Records(1),
            (Ok(_), None) => Brought::Failed(Failure::Malformed),
            (Err((failure, _)), _) => Brought::Failed(failure),
        };
        let millis = (clock::now() - start).max(0.0) as u32;
        let request = Request { what: Asked::OwnAddress, whom: endpoint.id, millis, result };
        beside(vec![request], Action::MyAddress(address))
    })
}

/// What a call ends in, and what it asked.
fn beside(requests: Vec<Request>, then: Action) -> Action {
    Action::Beside(requests, Box::new(then))
}
