//! Asks others, over HTTPS: the one [`Source`] of answers that has to wait for them.
//!
//! A page has one [`Transport`]: what it asks at a time is counted over all runs, resolvers are known to all of them, and
//! each request stands in its log. A run asks through [`Lookups`] of its own, which say whom it asks and which keys of the
//! user's may be seen by whom.

use std::{
    cell::{Cell, Ref, RefCell},
    rc::{Rc, Weak},
};

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

use crate::{
    clock,
    doh::{self, Endpoint},
    fetch::Fetch,
    log::{Request, RequestResult, RequestSubject, Requests},
    policy,
};
use mail_triage_engine::{
    dns::{Failure, Name, Outcome, OwnAddress, Query, whoami},
    facts::{Fact, Question},
    permit::{PermitRequest, Permits},
    policy_file::PolicyFile,
    retry::{Healths, Next, Pool, Tries},
    session::MAX_IN_FLIGHT,
    source::{Deliver, Source},
    target::ListKeys,
    view::transport_security::mta_sts::StsPlaces,
};

/// What all runs of a page have in common. A clone is another handle on the same.
#[derive(Clone, Default)]
pub struct Transport(Rc<Shared>);

impl PartialEq for Transport {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Default)]
struct Shared {
    fetch: Fetch,
    log: RefCell<Requests>,
    permits: Permits,
    healths: RefCell<Healths>,
    runs: RefCell<Vec<Weak<Run>>>,
}

impl Transport {
    /// A transport of its own, with limits and a log of its own, that sends its requests by `fetch`.
    #[must_use]
    pub fn by(fetch: Fetch) -> Self {
        Self(Rc::new(Shared { fetch, ..Shared::default() }))
    }

    /// Every request of the visit. Runs write into it as long as anything of them is in flight.
    #[must_use]
    pub fn log(&self) -> Ref<'_, Requests> {
        self.0.log.borrow()
    }
}

/// How a run asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LookupOptions {
    /// Goes past the browser's cache.
    pub fresh: bool,
    /// Reads the domain's MTA-STS policy from its own server: the one request that is no lookup.
    pub reads_policy: bool,
}

/// The requests of one run. A clone is another handle on the same.
#[derive(Clone)]
pub struct Lookups(Rc<Run>);

struct Run {
    transport: Transport,
    /// The resolvers, in the order in which they are tried.
    endpoints: Vec<Endpoint>,
    /// What is known about them.
    pool: Pool,
    keys: ListKeys,
    fresh: Cell<bool>,
    reads_policy: bool,
    is_cancelled: Cell<bool>,
    /// Questions whose answer is awaited.
    open: Cell<usize>,
    next_id: Cell<u32>,
    in_flight: RefCell<Vec<InFlight>>,
    requests: RefCell<Requests>,
    /// What has not been brought yet.
    arrived: RefCell<Vec<(Question, Fact)>>,
    bring: RefCell<Option<Deliver>>,
}

/// A request on its way.
struct InFlight {
    id: u32,
    cancel: AbortController,
    what: RequestSubject,
    whom: String,
    start: f64,
}

impl Lookups {
    /// A run that asks `endpoints`, in this order; `keys` says which of them may see which key. What went wrong before is
    /// forgotten if nobody else is asking now.
    #[must_use]
    pub fn new(transport: &Transport, endpoints: Vec<Endpoint>, keys: ListKeys, how: LookupOptions) -> Self {
        let shared = &transport.0;
        shared.runs.borrow_mut().retain(|run| run.strong_count() > 0);
        let is_idle = |run: &Weak<Run>| run.upgrade().is_none_or(|run| !run.is_asking());
        if shared.runs.borrow().iter().all(is_idle) {
            shared.healths.borrow_mut().forget();
        }
        let addresses = endpoints.iter().map(|endpoint| endpoint.url.as_str());
        let pool = shared.healths.borrow_mut().pool(addresses);
        let run = Rc::new(Run {
            endpoints,
            pool,
            transport: transport.clone(),
            keys,
            fresh: Cell::new(how.fresh),
            reads_policy: how.reads_policy,
            is_cancelled: Cell::new(false),
            open: Cell::new(0),
            next_id: Cell::new(0),
            in_flight: RefCell::default(),
            requests: RefCell::default(),
            arrived: RefCell::default(),
            bring: RefCell::default(),
        });
        shared.runs.borrow_mut().push(Rc::downgrade(&run));
        Self(run)
    }

    /// Every request of this run so far, of very many the last ones.
    #[must_use]
    pub fn requests(&self) -> Requests {
        self.0.requests.borrow().clone()
    }
}

impl Source for Lookups {
    fn connect(&self, bring: Deliver) {
        *self.0.bring.borrow_mut() = Some(bring);
    }

    fn answer(&self, question: &Question, is_list: bool) -> Option<Fact> {
        let is_asked = match question {
            Question::Records(_) => true,
            Question::Policy(_) => self.0.reads_policy,
            Question::OwnAddress => self.0.knows_own_address().is_some(),
        };
        if !is_asked {
            return Some(question.not_asked().clone());
        }
        self.0.open.set(self.0.open.get() + 1);
        spawn_local(settle(self.0.clone(), question.clone(), is_list));
        None
    }

    fn distrust(&self, resolver: &str) -> bool {
        self.0.position(resolver).is_some_and(|at| self.0.pool.distrust(at))
    }

    fn renew(&self) {
        self.0.pool.renew();
        self.0.fresh.set(true);
    }

    fn cancel(&self) {
        self.0.is_cancelled.set(true);
        for request in self.0.in_flight.take() {
            request.cancel.abort();
            self.0.note(request, RequestResult::Cancelled);
        }
    }
}

/// Finds out about one question.
async fn settle(run: Rc<Run>, question: Question, is_list: bool) {
    let fact = match &question {
        Question::Policy(domain) => run.read_policy(domain).await.map(Fact::Policy),
        Question::Records(_) | Question::OwnAddress => run.look_up(&question, is_list).await,
    };
    run.open.set(run.open.get() - 1);
    // Nobody waits for it any more.
    let Some(fact) = fact else { return };
    run.arrived.borrow_mut().push((question, fact));
    if run.arrived.borrow().len() == 1 {
        Timeout::new(0, move || run.hand_on()).forget();
    }
}

impl Run {
    fn is_asking(&self) -> bool {
        self.open.get() > 0 && !self.is_cancelled.get()
    }

    /// Hands on what has arrived. Answers come in bursts, each as a task of the browser's; one task behind them takes them
    /// together, and the checks that wait for several run once.
    fn hand_on(&self) {
        let arrived = self.arrived.take();
        if let Some(bring) = self.bring.borrow().as_ref().filter(|_| !self.is_cancelled.get()) {
            bring(arrived);
        }
    }

    fn position(&self, resolver: &str) -> Option<usize> {
        self.endpoints.iter().position(|endpoint| endpoint.id == resolver)
    }

    /// The resolver that can say where a question comes from, if it is among those that are asked.
    fn knows_own_address(&self) -> Option<usize> {
        self.position(whoami::RESOLVER)
    }

    /// Asks resolvers, with as many tries as that takes; nothing comes of it once the run is cancelled.
    async fn look_up(&self, question: &Question, is_list: bool) -> Option<Fact> {
        let mut tries = match question {
            Question::Records(query) => Tries::without(self.barred(query)),
            _ => Tries::only(self.knows_own_address()?, self.endpoints.len()),
        };
        let outcome = loop {
            match self.pool.next(&tries, clock::now() as u64) {
                Next::Ask(resolver) => self.try_once(resolver, question, is_list, &mut tries).await,
                Next::Wait(millis) => clock::sleep(u32::try_from(millis).unwrap_or(u32::MAX)).await,
                Next::Stop => break self.pool.result(tries),
            }
            if self.is_cancelled.get() {
                return None;
            }
        };
        Some(match question {
            Question::Records(_) => Fact::Records(outcome),
            _ => Fact::OwnAddress(OwnAddress::of(&outcome)),
        })
    }

    async fn try_once(&self, resolver: usize, question: &Question, is_list: bool, tries: &mut Tries) {
        let Some(endpoint) = self.endpoints.get(resolver) else { return };
        let _permit = self.transport.0.permits.enter(endpoint.claim(is_list)).await;
        let sent = clock::now() as u64;
        // It may have been given up, or have asked for a pause, meanwhile.
        if self.is_cancelled.get() || self.pool.next(tries, sent) != Next::Ask(resolver) {
            return;
        }
        let what = match question {
            Question::Records(query) => RequestSubject::Records(self.keys.redact_query(query)),
            _ => RequestSubject::OwnAddress,
        };
        let Some((id, cancel)) = self.begin(what, &endpoint.id) else { return };
        let answered = doh::ask(&self.transport.0.fetch, endpoint, question, self.fresh.get(), &cancel).await;
        if !self.end(id, RequestResult::records(&answered.outcome)) {
            return;
        }
        let now = clock::now() as u64;
        self.pool.happened(tries, resolver, answered.outcome, answered.retry_after, (sent, now));
    }

    /// The positions of the resolvers that must not see the query, because it holds a key that is not for them.
    fn barred(&self, query: &Query) -> Vec<usize> {
        let all = self.endpoints.iter().enumerate();
        all.filter(|(_, endpoint)| !self.keys.may_go(&query.name, &endpoint.url)).map(|(at, _)| at).collect()
    }

    /// Reads the MTA-STS policy file of a domain; none once the run is cancelled.
    async fn read_policy(&self, domain: &Name) -> Option<PolicyFile> {
        let Some(places) = StsPlaces::of(domain) else { return Some(PolicyFile::NotAsked) };
        let (url, host) = (places.url(), places.host.as_str());
        let claim = PermitRequest { whom: host.to_owned(), most: MAX_IN_FLIGHT, list: false };
        let permit = self.transport.0.permits.enter(claim).await;
        if self.is_cancelled.get() {
            return None;
        }
        let Some((id, cancel)) = self.begin(RequestSubject::File(url.clone()), host) else {
            return Some(PolicyFile::Unreadable);
        };
        let file = policy::read(&self.transport.0.fetch, &url, self.fresh.get(), &cancel).await;
        drop(permit);
        self.end(id, RequestResult::file(&file)).then_some(file)
    }

    /// Notes a request as under way; what ends it, and its number.
    fn begin(&self, what: RequestSubject, whom: &str) -> Option<(u32, AbortController)> {
        let cancel = AbortController::new().ok()?;
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        let (whom, start) = (whom.to_owned(), clock::now());
        self.in_flight.borrow_mut().push(InFlight { id, cancel: cancel.clone(), what, whom, start });
        Some((id, cancel))
    }

    /// Notes what came of it; `false` if it was cut off meanwhile.
    fn end(&self, id: u32, result: RequestResult) -> bool {
        let mut in_flight = self.in_flight.borrow_mut();
        let Some(at) = in_flight.iter().position(|request| request.id == id) else { return false };
        self.note(in_flight.remove(at), result);
        true
    }

    /// Each request is kept once, whoever lists it.
    fn note(&self, InFlight { what, whom, start, .. }: InFlight, result: RequestResult) {
        let millis = (clock::now() - start).max(0.0) as u32;
        let request = Rc::new(Request { what, whom, millis, result });
        self.transport.0.log.borrow_mut().push(request.clone());
        self.requests.borrow_mut().push(request);
    }
}

/// Asks one resolver once, past the browser's cache: whether it answers at all, not what it says, is to be known.
pub async fn try_resolver(transport: &Transport, endpoint: &Endpoint, query: Query) -> Outcome {
    let Ok(cancel) = AbortController::new() else { return Outcome::failed(Failure::Network) };
    let permit = transport.0.permits.enter(endpoint.claim(false)).await;
    let outcome = doh::ask(&transport.0.fetch, endpoint, &Question::Records(query.clone()), true, &cancel)
        .await
        .outcome;
    drop(permit);
    let (what, whom) = (RequestSubject::Records(query), endpoint.id.clone());
    let millis = outcome.meta().millis.unwrap_or_default();
    let request = Request { what, whom, millis, result: RequestResult::records(&outcome) };
    transport.0.log.borrow_mut().push(Rc::new(request));
    outcome
}
