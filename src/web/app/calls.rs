//! Single questions to a resolver, outside a check.

use std::pin::Pin;

use web_sys::AbortController;

use super::state::Action;
use crate::{
    dns::{Failure, Name, Query, Rtype, whoami},
    settings::Lookup,
    web::doh::{self, Endpoint},
};

/// What ends in an action. Boxed, so that its states are not written out in what is there from the start.
pub type Call = Pin<Box<dyn Future<Output = Action>>>;

/// Asks the resolver called `id` one question.
pub fn try_resolver(id: String, url: String) -> Call {
    Box::pin(async move {
        let Ok(cancel) = AbortController::new() else { return Action::ResolverTried(id, false) };
        // Every resolver knows the name servers of the root, and the question says nothing about anybody.
        let query = Query::new(Name::root(), Rtype::Ns);
        let endpoint = Endpoint { id, url };
        let answered = doh::ask(&endpoint, &query, true, &cancel).await;
        Action::ResolverTried(endpoint.id, answered.outcome.failure().is_none())
    })
}

/// Asks one resolver after the other for the addresses of a host, until one has an answer.
pub fn look_up(host: String, endpoints: Vec<Endpoint>) -> Call {
    Box::pin(async move {
        let mut lookup = Lookup::Failed(Failure::Network);
        let Ok(name) = Name::parse(&host) else { return Action::LookedUp(host, Lookup::Missing) };
        for endpoint in &endpoints {
            let mut outcomes = Vec::new();
            for rtype in [Rtype::A, Rtype::Aaaa] {
                let Ok(cancel) = AbortController::new() else { continue };
                let query = Query::new(name.clone(), rtype);
                outcomes.push(doh::ask(endpoint, &query, true, &cancel).await.outcome);
            }
            lookup = Lookup::of(&outcomes);
            if !matches!(lookup, Lookup::Failed(_)) {
                break;
            }
        }
        Action::LookedUp(host, lookup)
    })
}

/// Asks a resolver where the question comes from.
pub fn my_address(url: String) -> Call {
    Box::pin(async move {
        let Ok(cancel) = AbortController::new() else { return Action::MyAddress(None) };
        let answer = doh::send(url, whoami::question(), true, cancel).await;
        Action::MyAddress(answer.ok().and_then(|octets| whoami::address(&octets)))
    })
}
