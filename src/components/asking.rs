//! Through whom a panel asks what it wants to know for itself.

use mail_triage_browser::{
    data,
    doh::Endpoint,
    transport::{LookupOptions, Lookups, Transport},
};
use mail_triage_engine::{driver::Driver, knowledge::Resolvers, session::Session, target::ListKeys};
use yew::prelude::Callback;

use super::shared::Shared;

/// The one transport of the page, and the resolver that was chosen.
#[derive(Clone, PartialEq)]
pub struct Asking {
    /// What all runs of this visit have in common.
    pub transport: Transport,
    /// The resolvers that there are.
    pub resolvers: Shared<Resolvers>,
    /// The one to ask first: an id or an address; none for the first of the list.
    pub resolver: Option<String>,
    /// Told after each answer: the list of requests is longer.
    pub asked: Callback<()>,
}

impl Asking {
    /// Whom to ask, in order.
    pub fn endpoints(&self) -> Vec<Endpoint> {
        data::endpoints(&self.resolvers, self.resolver.as_deref())
    }

    /// Starts a run beside the checks, past the browser's cache and without the user's keys; `answered` is called when
    /// something has come of it.
    pub fn ask(
        &self,
        endpoints: Vec<Endpoint>,
        session: Session,
        answered: impl Fn(&Session) + 'static,
    ) -> Driver {
        let how = LookupOptions { fresh: true, ..LookupOptions::default() };
        self.start(Lookups::new(&self.transport, endpoints, ListKeys::default(), how), session, answered)
    }

    /// The same through the browser's cache, with the user's keys for whoever may see them.
    pub fn ask_with(
        &self,
        keys: ListKeys,
        session: Session,
        answered: impl Fn(&Session) + 'static,
    ) -> Driver {
        self.start(self.lookups(keys), session, answered)
    }

    /// The page's transport as a source of its own, through the browser's cache.
    pub fn lookups(&self, keys: ListKeys) -> Lookups {
        Lookups::new(&self.transport, self.endpoints(), keys, LookupOptions::default())
    }

    fn start(&self, lookups: Lookups, session: Session, answered: impl Fn(&Session) + 'static) -> Driver {
        let asked = self.asked.clone();
        let changed = move |session: &Session| {
            answered(session);
            asked.emit(());
        };
        Driver::start(session, Box::new(lookups), Box::new(changed))
    }
}
