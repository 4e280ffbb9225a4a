//! Drives a session: asks what it wants, brings it the answers, until it is dropped.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

use crate::{
    clock,
    doh::{self, Endpoint},
    log::{Asked, Brought, Log, Request, Requests},
    policy,
};
use mail_triage_engine::{
    cx::Cx,
    dns::{Failure, Name, Outcome, Query},
    facts::{Ask, Fact, Facts, Question},
    headers::Comparison,
    permit::{Claim, Permits},
    policy_file::PolicyFile,
    report::Report,
    retry::{Next, Pool, Tries},
    session::{MAX_IN_FLIGHT, Session},
    target::Keys,
    zone::Zone,
};

/// What all runs of a page have in common. A clone is another handle on the same.
#[derive(Clone, Default)]
pub struct Shared {
    /// Every request that is made.
    pub log: Log,
    /// How many of them may be under way.
    pub permits: Permits,
}

/// Where answers come from.
pub enum Source {
    /// Resolvers, in the order in which they are tried.
    Live(Vec<Endpoint>),
    /// Records shipped with the page; nothing is asked.
    Recorded(Box<Zone>),
}

/// What a run does beyond asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct How {
    /// Goes past the browser's cache.
    pub fresh: bool,
    /// Reads the domain's MTA-STS policy from its own server: the one request that is no lookup.
    pub reads_policy: bool,
}

/// A session under way. Dropping it cancels what is in flight; no answer reaches anybody after that.
pub struct Run(Rc<Inner>);

struct Inner {
    session: RefCell<Session>,
    source: Source,
    keys: Keys,
    pool: RefCell<Pool>,
    fresh: Cell<bool>,
    reads_policy: bool,
    gone: Cell<bool>,
    next_id: Cell<u32>,
    in_flight: RefCell<Vec<InFlight>>,
    requests: RefCell<Requests>,
    shared: Shared,
    /// What the session has not been told yet.
    arrived: RefCell<Vec<(Question, Fact)>>,
    changed: Box<dyn Fn()>,
}

/// A request on its way.
struct InFlight {
    id: u32,
    cancel: AbortController,
    what: Asked,
    whom: String,
    start: f64,
}

impl Run {
    /// Starts; `changed` is called after each answer. Every request is noted in the log that is shared.
    pub fn start(
        session: Session,
        source: Source,
        keys: Keys,
        how: How,
        shared: Shared,
        changed: impl Fn() + 'static,
    ) -> Self {
        let pool = new_pool(&source);
        let inner = Rc::new(Inner {
            session: RefCell::new(session),
            source,
            keys,
            pool: RefCell::new(pool),
            fresh: Cell::new(how.fresh),
            reads_policy: how.reads_policy,
            gone: Cell::new(false),
            next_id: Cell::new(0),
            in_flight: RefCell::default(),
            requests: RefCell::default(),
            shared,
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

    /// What the receiver of a message found and what the DNS says now as far as that is known, if the session was given
    /// its header.
    #[must_use]
    pub fn comparison(&self) -> Option<Comparison> {
        self.0.session.borrow().comparison().cloned()
    }

    /// Looks at what is known so far as a check does: `look` is a view, a picture, or another function over a [`Cx`].
    pub fn look<T>(&self, look: impl FnOnce(&Cx<'_>) -> T) -> T {
        look(&self.0.session.borrow().cx())
    }

    /// Whether everything was asked that is to be asked.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.0.session.borrow().is_done()
    }

    /// Takes the text of the MTA-STS policy file as somebody pasted it; without one, it is asked for again.
    pub fn paste_policy(&self, text: Option<String>) {
        self.0.session.borrow_mut().paste_policy(text);
        pump(&self.0);
        (self.0.changed)();
    }

    /// Whether it was cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.gone.get()
    }

    /// Every request of this run so far, of very many the last ones.
    #[must_use]
    pub fn requests(&self) -> Requests {
        self.0.requests.borrow().clone()
    }

    /// Whether a resolver was found not to answer truthfully.
    #[must_use]
    pub fn has_distrusted(&self) -> bool {
        self.0.session.borrow().has_distrusted()
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
        for InFlight { cancel, what, whom, start, .. } in self.0.in_flight.take() {
            cancel.abort();
            self.0.note(Request { what, whom, millis: since(start), result: Brought::Cancelled });
        }
    }

    /// Asks again what failed, or these queries whatever came of them, past the browser's cache.
    #[inline(never)]
    pub fn retry(&self, queries: Option<&[Query]>) {
        self.0.pool.borrow_mut().renew();
        self.0.fresh.set(true);
        match queries {
            None => self.0.session.borrow_mut().retry_failed(),
            Some(these) => {
                self.0.session.borrow_mut().ask_again(|query| these.contains(&self.0.shown(query)));
            }
        }
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
    if inner.gone.get() {
        return;
    }
    while let Some(question) = poll(inner) {
        match inner.known_at_once(&question) {
            Some(fact) => inner.session.borrow_mut().learn([(question, fact)]),
            None => spawn_local(settle(inner.clone(), question)),
        }
    }
}

fn poll(inner: &Inner) -> Option<Question> {
    inner.session.borrow_mut().poll()
}

/// Finds out about one question.
async fn settle(inner: Rc<Inner>, question: Question) {
    let fact = match &question {
        Question::Records(query) => inner.look_up(query).await.map(Fact::Records),
        Question::Policy(domain) => inner.read_policy(domain).await.map(Fact::Policy),
    };
    // Nobody waits for it any more.
    let Some(fact) = fact else { return };
    inner.arrived.borrow_mut().push((question, fact));
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
    inner.session.borrow_mut().learn(arrived);
    inner.leave_untruthful();
    pump(inner);
    (inner.changed)();
}

impl Inner {
    /// What is known without asking anybody.
    fn known_at_once(&self, question: &Question) -> Option<Fact> {
        match (question, &self.source) {
            (Question::Records(_), Source::Live(_)) => None,
            // A zone knows everything: what is not in it does not exist.
            (Question::Records(query), Source::Recorded(zone)) => {
                let outcome =
                    zone.ask(query).map_or_else(|_| Outcome::failed(Failure::Network), Clone::clone);
                Some(Fact::Records(outcome))
            }
            (Question::Policy(_), Source::Live(_)) if self.reads_policy => None,
            (Question::Policy(_), _) => Some(Fact::Policy(PolicyFile::NotAsked)),
        }
    }

    /// Looks records up, with as many tries as that takes; none once the run is cancelled.
    async fn look_up(&self, query: &Query) -> Option<Outcome> {
        let mut tries = Tries::without(self.barred(query));
        loop {
            let next = self.pool.borrow().next(&tries, clock::now() as u64);
            match next {
                Next::Ask(resolver) => self.try_once(resolver, query, &mut tries).await,
                Next::Wait(millis) => clock::sleep(u32::try_from(millis).unwrap_or(u32::MAX)).await,
                Next::Stop => return Some(self.pool.borrow().result(tries)),
            }
            if self.gone.get() {
                return None;
            }
        }
    }

    /// Reads the MTA-STS policy file of a domain; none once the run is cancelled.
    async fn read_policy(&self, domain: &Name) -> Option<PolicyFile> {
        let (url, host) = policy::address(domain);
        let claim = Claim { whom: host.clone(), most: MAX_IN_FLIGHT, list: false };
        let permit = self.shared.permits.enter(claim).await;
        if self.gone.get() {
            return None;
        }
        let Some((id, cancel)) = self.begin(Asked::File(url.clone()), &host) else {
            return Some(PolicyFile::Unreadable);
        };
        let start = clock::now();
        let file = policy::read(&url, self.fresh.get(), &cancel).await;
        drop(permit);
        self.end(id);
        if self.gone.get() {
            return None;
        }
        let result = Brought::file(&file);
        self.note(Request { what: Asked::File(url), whom: host, millis: since(start), result });
        Some(file)
    }

    async fn try_once(&self, resolver: usize, query: &Query, tries: &mut Tries) {
        let Source::Live(endpoints) = &self.source else { return };
        let Some(endpoint) = endpoints.get(resolver) else { return };
        let list = self.session.borrow().is_list(&Question::Records(query.clone()));
        let _permit = self.shared.permits.enter(endpoint.claim(list)).await;
        let sent = clock::now() as u64;
        // It may have been given up, or have asked for a pause, meanwhile.
        if self.gone.get() || self.pool.borrow().next(tries, sent) != Next::Ask(resolver) {
            return;
        }
        let Some((id, cancel)) = self.begin(Asked::Records(self.shown(query)), &endpoint.id) else { return };
        let answered = doh::ask(endpoint, query, self.fresh.get(), &cancel).await;
        self.end(id);
        if self.gone.get() {
            return;
        }
        let request = Request::records(self.shown(query), endpoint, &answered.outcome);
        self.note(request);
        let now = clock::now() as u64;
        self.pool.borrow_mut().happened(tries, resolver, answered.outcome, answered.retry_after, (sent, now));
    }

    /// The positions of the resolvers that must not see the query, because it holds a key that is not for them.
    fn barred(&self, query: &Query) -> Vec<usize> {
        let Source::Live(endpoints) = &self.source else { return Vec::new() };
        let all = endpoints.iter().enumerate();
        all.filter(|(_, endpoint)| !self.keys.may_go(&query.name, &endpoint.url)).map(|(at, _)| at).collect()
    }

    /// Turns from resolvers that do not answer truthfully to others; where there are none, what they deny is not known.
    fn leave_untruthful(&self) {
        let Source::Live(endpoints) = &self.source else { return };
        let mut session = self.session.borrow_mut();
        while let Some(resolver) = session.untruthful() {
            let at = endpoints.iter().position(|endpoint| endpoint.id == resolver);
            let others = at.is_some_and(|at| self.pool.borrow_mut().distrust(at));
            session.distrust(&resolver, others);
        }
    }

    /// Notes a request as under way; what ends it, and its number.
    fn begin(&self, what: Asked, whom: &str) -> Option<(u32, AbortController)> {
        let cancel = AbortController::new().ok()?;
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        let (whom, start) = (whom.to_owned(), clock::now());
        self.in_flight.borrow_mut().push(InFlight { id, cancel: cancel.clone(), what, whom, start });
        Some((id, cancel))
    }

    fn end(&self, id: u32) {
        self.in_flight.borrow_mut().retain(|other| other.id != id);
    }

    fn note(&self, request: Request) {
        self.shared.log.borrow_mut().push(request.clone());
        self.requests.borrow_mut().push(request);
    }

    /// The query as it may be shown: without keys.
    fn shown(&self, query: &Query) -> Query {
        Query { name: self.keys.redact_name(&query.name), ..query.clone() }
    }
}

fn since(start: f64) -> u32 {
    (clock::now() - start).max(0.0) as u32
}
