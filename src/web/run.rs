//! Drives a session: asks what it wants, brings it the answers, until it is dropped.

use std::{
    cell::{Cell, RefCell},
    net::IpAddr,
    rc::Rc,
};

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

use super::{
    browser,
    doh::{self, Endpoint},
};
use crate::{
    dns::{Failure, Outcome, Query},
    facts::{Ask, Facts},
    picture::Pictures,
    report::Report,
    retry::{Next, Pool, Tries},
    session::Session,
    target::Keys,
    zone::Zone,
};

/// Where answers come from.
pub enum Source {
    /// Resolvers, in the order in which they are tried.
    Live(Vec<Endpoint>),
    /// Records shipped with the page; nothing is asked.
    Recorded(Box<Zone>),
}

/// One request that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What was asked, without keys of the user's own.
    pub query: Query,
    /// Which resolver was asked.
    pub resolver: String,
    /// How long it took, in milliseconds.
    pub millis: u32,
    /// What came of it.
    pub result: Brought,
}

/// What a request brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brought {
    /// So many records.
    Records(usize),
    /// The name has no such record.
    NoData,
    /// The name does not exist.
    NxDomain,
    /// Nothing that could be used.
    Failed(Failure),
}

/// A session under way. Dropping it cancels what is in flight; no answer reaches anybody after that.
pub struct Run(Rc<Inner>);

struct Inner {
    session: RefCell<Session>,
    source: Source,
    keys: Keys,
    pool: RefCell<Pool>,
    fresh: Cell<bool>,
    gone: Cell<bool>,
    next_id: Cell<u32>,
    in_flight: RefCell<Vec<(u32, AbortController)>>,
    requests: RefCell<Vec<Request>>,
    /// Outcomes that the session has not been told yet.
    arrived: RefCell<Vec<(Query, Outcome)>>,
    changed: Box<dyn Fn()>,
}

impl Run {
    /// Starts; `changed` is called after each answer. `fresh` goes past the browser's cache.
    pub fn start(
        session: Session,
        source: Source,
        keys: Keys,
        fresh: bool,
        changed: impl Fn() + 'static,
    ) -> Self {
        let pool = new_pool(&source);
        let inner = Rc::new(Inner {
            session: RefCell::new(session),
            source,
            keys,
            pool: RefCell::new(pool),
            fresh: Cell::new(fresh),
            gone: Cell::new(false),
            next_id: Cell::new(0),
            in_flight: RefCell::default(),
            requests: RefCell::default(),
            arrived: RefCell::default(),
            changed: Box::new(changed),
        });
        pump(&inner);
        Self(inner)
    }

    /// What is found so far.
    #[must_use]
    pub fn report(&self) -> Report {
        self.0.session.borrow().report()
    }

    /// Addresses that the domain says send its mail.
    #[must_use]
    pub fn sending_addresses(&self, most: usize) -> Vec<IpAddr> {
        self.0.session.borrow().sending_addresses(most)
    }

    /// What can be drawn of what is known so far.
    #[must_use]
    pub fn pictures(&self) -> Pictures {
        self.0.session.borrow().pictures()
    }

    /// Whether everything was asked that is to be asked.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.0.session.borrow().is_done()
    }

    /// Whether it was cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.gone.get()
    }

    /// How many requests were made so far.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.0.requests.borrow().len()
    }

    /// Every request made so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.0.requests.borrow().clone()
    }

    /// What was learnt, without lookups that failed.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let mut facts = self.0.session.borrow().facts().clone();
        facts.retain(|_, outcome| outcome.failure().is_none());
        facts
    }

    /// What was learnt, lookups that failed included.
    #[must_use]
    pub fn all_facts(&self) -> Facts {
        self.0.session.borrow().facts().clone()
    }

    /// Ends it: requests in flight are cut off, and no answer comes any more. What was found stays.
    pub fn cancel(&self) {
        self.0.gone.set(true);
        for (_, controller) in self.0.in_flight.borrow().iter() {
            controller.abort();
        }
    }

    /// Asks again what failed, past the browser's cache.
    #[inline(never)]
    pub fn retry(&self, which: impl Fn(&Query) -> bool) {
        *self.0.pool.borrow_mut() = new_pool(&self.0.source);
        self.0.fresh.set(true);
        self.0.session.borrow_mut().retry(|query| which(&self.0.shown(query)));
        pump(&self.0);
        (self.0.changed)();
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.cancel();
    }
}

fn new_pool(source: &Source) -> Pool {
    match source {
        Source::Live(endpoints) => Pool::new(endpoints.len()),
        Source::Recorded(_) => Pool::new(0),
    }
}

/// Asks everything that may be asked now.
fn pump(inner: &Rc<Inner>) {
    while let Some(query) = poll(inner) {
        match &inner.source {
            Source::Live(_) => spawn_local(settle(inner.clone(), query)),
            Source::Recorded(zone) => {
                // A zone knows everything: what is not in it does not exist.
                let outcome =
                    zone.ask(&query).map_or_else(|_| Outcome::failed(Failure::Network), Clone::clone);
                inner.session.borrow_mut().answer(&query, outcome);
            }
        }
    }
}

fn poll(inner: &Inner) -> Option<Query> {
    inner.session.borrow_mut().poll_query()
}

/// Finds out about one query, with as many tries as that takes.
async fn settle(inner: Rc<Inner>, query: Query) {
    let mut tries = Tries::default();
    let outcome = loop {
        let next = inner.pool.borrow().next(&tries, browser::now() as u64);
        match next {
            Next::Ask(resolver) => inner.try_once(resolver, &query, &mut tries).await,
            Next::Wait(millis) => browser::sleep(u32::try_from(millis).unwrap_or(u32::MAX)).await,
            Next::Stop => break inner.pool.borrow().result(tries),
        }
        if inner.gone.get() {
            return;
        }
    };
    inner.arrived.borrow_mut().push((query, outcome));
    if inner.arrived.borrow().len() == 1 {
        Timeout::new(0, move || take_in(&inner)).forget();
    }
}

/// Hands on what has arrived. Answers come in bursts, each as a task of the browser's; one task behind them takes them
/// together, and the checks that wait for several run once.
fn take_in(inner: &Rc<Inner>) {
    if inner.gone.get() {
        return;
    }
    let arrived = inner.arrived.take();
    inner.session.borrow_mut().answer_all(arrived);
    pump(inner);
    (inner.changed)();
}

impl Inner {
    async fn try_once(&self, resolver: usize, query: &Query, tries: &mut Tries) {
        let Source::Live(endpoints) = &self.source else { return };
        let (Some(endpoint), Ok(cancel)) = (endpoints.get(resolver), AbortController::new()) else { return };
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        self.in_flight.borrow_mut().push((id, cancel.clone()));
        let answered = doh::ask(endpoint, query, self.fresh.get(), &cancel).await;
        self.in_flight.borrow_mut().retain(|(other, _)| *other != id);
        if self.gone.get() {
            return;
        }
        self.requests.borrow_mut().push(Request {
            query: self.shown(query),
            resolver: endpoint.id.clone(),
            millis: answered.outcome.meta().millis.unwrap_or_default(),
            result: brought(&answered.outcome),
        });
        let now = browser::now() as u64;
        self.pool.borrow_mut().happened(tries, resolver, answered.outcome, answered.retry_after, now);
    }

    /// The query as it may be shown: without keys.
    fn shown(&self, query: &Query) -> Query {
        Query { name: self.keys.redact_name(&query.name), ..query.clone() }
    }
}

fn brought(outcome: &Outcome) -> Brought {
    match outcome {
        Outcome::Records(answer) => Brought::Records(answer.records.len()),
        Outcome::NoData(_) => Brought::NoData,
        Outcome::NxDomain(_) => Brought::NxDomain,
        Outcome::Failed(failed) => Brought::Failed(failed.failure),
    }
}
