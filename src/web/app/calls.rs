//! Single questions to a resolver, outside a check.

use std::pin::Pin;

use web_sys::AbortController;

use super::state::Action;
use crate::{
    dns::{Name, Query, Rtype, whoami},
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

/// Asks a resolver where the question comes from.
pub fn my_address(url: String) -> Call {
    Box::pin(async move {
        let Ok(cancel) = AbortController::new() else { return Action::MyAddress(None) };
        let answer = doh::send(url, whoami::question(), true, cancel).await;
        Action::MyAddress(answer.ok().and_then(|octets| whoami::address(&octets)))
    })
}
