//! Single questions to a resolver, before it is chosen.

use std::pin::Pin;

use super::state::Action;
use mail_triage_browser::{
    doh::Endpoint,
    transport::{Transport, try_resolver},
};
use mail_triage_engine::{dns::OWN_RESOLVER, resolver_trust::Probe};

/// What ends in an action. Boxed, so that its states are not written out in what is there from the start.
pub type Call = Pin<Box<dyn Future<Output = Action>>>;

/// Tries the resolver called `id`, by which its address may stand: whether it answers, and does not hold back or change
/// answers. One that denied what everybody knows would deny other names too: that a domain has no mail would be its own
/// invention.
pub fn try_out(id: String, url: String, transport: Transport) -> Call {
    Box::pin(async move {
        let own = id == url;
        let endpoint = Endpoint { id: if own { OWN_RESOLVER.to_owned() } else { id.clone() }, url };
        for probe in Probe::all() {
            let outcome = try_resolver(&transport, &endpoint, probe.query.clone()).await;
            if !probe.is_met(&outcome) {
                return Action::ResolverTried(id, false);
            }
        }
        Action::ResolverTried(id, true)
    })
}
