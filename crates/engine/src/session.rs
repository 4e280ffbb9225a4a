//! The engine: runs the checks, hands out the queries they want, takes the answers.
//!
//! It does no I/O and reads no clock. Whoever drives it, as a [`Driver`](crate::driver::Driver) does, calls
//! [`Session::poll`] until it returns `None`, asks, and brings what came of each [`Question`] to [`Session::learn`], after
//! which there may be more to poll. Who has nothing but records to answer with calls [`Session::poll_query`] and
//! [`Session::answer`].
//!
//! What runs in it are functions over a [`Cx`], which ask: the checks, and whatever else somebody wants to know beside
//! them ([`Session::also`]) or alone ([`Session::asking`]). Each is run again when one of its answers is in.

use std::{collections::VecDeque, net::IpAddr, rc::Rc};

use crate::{
    bounds,
    check::{CHECKS, Check, Findings},
    cx::{Cx, Lane},
    dns::{Failure, LookupFailure, Outcome, Query},
    facts::{Fact, Facts, Question, Step},
    knowledge::Knowledge,
    policy_file::PolicyFile,
    report::{CheckRun, Progress, Report, ShownEvidence},
    resolver_trust::{self, Sign},
    table::Table,
    target::{ListKeys, Target},
    view::{Views, sending},
};

/// Requests under way at a time.
pub const MAX_IN_FLIGHT: usize = 16;
/// Of those, requests to blocklists.
pub const MAX_LISTS_IN_FLIGHT: usize = 8;
/// Different queries a run may make. A large, honest set-up needs about 150, and 30 more
/// for each further address that sends; this ends hostile include trees.
pub const QUERY_BUDGET: usize = 600;

/// One run of all checks about one target.
pub struct Session {
    target: Target,
    knowledge: Rc<Knowledge>,
    keys: ListKeys,
    facts: Facts,
    shown: ShownEvidence,
    /// What the facts weigh, see [`bounds::RUN_OCTETS`].
    kept: usize,
    tasks: Vec<Task>,
    waiting: [VecDeque<Question>; 3],
    in_flight: Table<Question, Lane>,
    seen: Table<Question, ()>,
    budget: usize,
    limits: [usize; 2],
    /// Resolvers that do not answer truthfully, and how that shows.
    distrusted: Vec<(String, Vec<Sign>)>,
    is_believing: bool,
}

/// Something that asks.
enum Asker {
    /// A check, which also finds.
    Check(&'static Check),
    /// What somebody wants to know. What comes of it stands in the facts.
    Other(Box<Asking>),
}

/// A function over what is known, which asks for the rest.
type Asking = dyn Fn(&Cx<'_>) -> Step<()>;

/// An asker and how far it has come.
struct Task {
    asker: Asker,
    findings: Findings,
    pending: Table<Question, ()>,
}

impl Task {
    fn new(asker: Asker) -> Self {
        Self { asker, findings: Findings::default(), pending: Table::default() }
    }

    /// Runs it from its start, over what `cx` knows.
    fn run(&self, cx: &Cx<'_>) -> Findings {
        let mut findings = Findings::default();
        let _pending = match &self.asker {
            Asker::Check(check) => (check.run)(cx, &mut findings),
            Asker::Other(ask) => ask(cx),
        };
        findings
    }
}

impl Session {
    /// A session that knows nothing yet.
    #[must_use]
    pub fn new(target: Target, knowledge: Rc<Knowledge>, keys: ListKeys) -> Self {
        Self::with_facts(target, knowledge, keys, Facts::default())
    }

    /// A session that begins with what is known already; none of it is asked again.
    #[must_use]
    pub fn with_facts(target: Target, knowledge: Rc<Knowledge>, keys: ListKeys, facts: Facts) -> Self {
        Self::only(|_| true, target, knowledge, keys, facts)
    }

    /// As [`Session::with_facts`], with those of the [`CHECKS`] alone that `which` names.
    #[must_use]
    pub fn only(
        which: impl Fn(&str) -> bool,
        target: Target,
        knowledge: Rc<Knowledge>,
        keys: ListKeys,
        facts: Facts,
    ) -> Self {
        let checks = CHECKS.iter().filter(|check| which(check.id.as_str()));
        let tasks = checks.map(|check| Task::new(Asker::Check(check))).collect();
        Self::of(tasks, target, knowledge, keys, facts)
    }

    fn of(tasks: Vec<Task>, target: Target, knowledge: Rc<Knowledge>, keys: ListKeys, facts: Facts) -> Self {
        let mut session = Self {
            target,
            knowledge,
            keys,
            kept: weight(&facts),
            facts,
            shown: ShownEvidence::default(),
            tasks,
            waiting: Default::default(),
            in_flight: Table::default(),
            seen: Table::default(),
            budget: QUERY_BUDGET,
            limits: [MAX_IN_FLIGHT, MAX_LISTS_IN_FLIGHT],
            distrusted: Vec::new(),
            is_believing: false,
        };
        session.settle(|_| true);
        session
    }

    /// A session without checks, which asks what `ask` asks.
    #[must_use]
    pub fn asking(ask: impl Fn(&Cx<'_>) -> Step<()> + 'static) -> Self {
        let (target, keys) = (Target::default(), ListKeys::default());
        Self::of(Vec::new(), target, Rc::default(), keys, Facts::default()).also(ask)
    }

    /// With something that is to be known beside what the checks ask: `ask` is run, like a check, until it waits for
    /// nothing more. What comes of it stands in [`Session::facts`].
    #[must_use]
    pub fn also(mut self, ask: impl Fn(&Cx<'_>) -> Step<()> + 'static) -> Self {
        self.tasks.push(Task::new(Asker::Other(Box::new(ask))));
        self.settle_these(vec![self.tasks.len() - 1]);
        self
    }

    /// Taking every resolver at its word, for who wants to know what it says and not what is true.
    #[must_use]
    pub fn believing(mut self) -> Self {
        self.is_believing = true;
        self
    }

    /// With another budget of queries than [`QUERY_BUDGET`].
    #[must_use]
    pub fn with_budget(mut self, budget: usize) -> Self {
        self.budget = budget;
        self
    }

    /// With other limits than [`MAX_IN_FLIGHT`] and [`MAX_LISTS_IN_FLIGHT`]; without any, the time a run takes is its
    /// longest chain of dependent lookups.
    #[must_use]
    pub fn with_limits(mut self, in_flight: usize, lists: usize) -> Self {
        self.limits = [in_flight, lists];
        self
    }

    /// The next query to ask, if there is one that may be asked now, for who has nothing but records to answer with. Call
    /// again after each [`Session::answer`].
    pub fn poll_query(&mut self) -> Option<Query> {
        loop {
            match self.poll()? {
                Question::Records(query) => return Some(query),
                other => {
                    let fact = other.not_asked().clone();
                    self.learn([(other, fact)]);
                }
            }
        }
    }

    /// The next question to ask, if there is one that may be asked now. Call again after each [`Session::learn`].
    ///
    /// Blocklists have their share of the requests from the start: they are many, and few may be asked at a time.
    pub fn poll(&mut self) -> Option<Question> {
        let [all, most_lists] = self.limits;
        let in_flight = self.in_flight.len();
        if in_flight >= all {
            return None;
        }
        let lists = self.in_flight.iter().filter(|&(_, &lane)| lane == Lane::Blocklist).count();
        let order = if in_flight - lists < all.saturating_sub(most_lists) || lists >= most_lists {
            [Lane::First, Lane::Normal, Lane::Blocklist]
        } else {
            [Lane::Blocklist, Lane::First, Lane::Normal]
        };
        for lane in order {
            if lane == Lane::Blocklist && lists >= most_lists {
                continue;
            }
            if let Some(question) = self.waiting[lane as usize].pop_front() {
                self.in_flight.insert(question.clone(), lane);
                return Some(question);
            }
        }
        None
    }

    /// Whether a question that was polled, and not answered yet, goes to a blocklist.
    #[must_use]
    pub fn is_list(&self, question: &Question) -> bool {
        self.in_flight.get(question) == Some(&Lane::Blocklist)
    }

    /// Takes the outcome of a query that was polled. Anything else — a second answer, an answer to a question of
    /// another run — is dropped.
    pub fn answer(&mut self, query: &Query, outcome: Outcome) {
        self.learn([(Question::Records(query.clone()), Fact::Records(outcome))]);
    }

    /// Takes what came of questions that were polled; anything else is dropped. What came together is best brought
    /// together: a check that waits for several answers runs once.
    pub fn learn(&mut self, learnt: impl IntoIterator<Item = (Question, Fact)>) {
        let mut answered = Table::default();
        for (question, fact) in learnt {
            if self.in_flight.remove(&question).is_some() {
                let mut fact = fact;
                if let Fact::Records(outcome) = &mut fact {
                    disbelieve(outcome, &self.distrusted);
                }
                let fact = self.with_room(fact);
                self.facts.learn(question.clone(), fact);
                answered.insert(question, ());
            }
        }
        self.settle(|task| answered.iter().any(|(question, ())| task.pending.has(question)));
        if self.is_done() {
            self.ask_controls();
        }
    }

    /// Asks what shows whether the resolver may be believed, where that matters: once, when everything else is known.
    fn ask_controls(&mut self) {
        let cx = self.cx();
        let senders: Vec<IpAddr> = sending::view(&cx).ips().collect();
        for query in resolver_trust::controls(&self.target, &senders, &self.facts, &self.knowledge) {
            let question = Question::Records(query);
            if self.seen.len() < self.budget && !self.facts.knows(&question) {
                self.seen.insert(question.clone(), ());
                self.waiting[Lane::First as usize].push_back(question);
            }
        }
    }

    /// A resolver that was found not to answer truthfully, when everything that was asked is known. Whoever drives the
    /// session says by [`Session::distrust`] what comes of it, and calls this again.
    #[must_use]
    pub fn untruthful(&self) -> Option<String> {
        if self.is_believing || !self.is_done() {
            return None;
        }
        let known = |resolver: &str| self.distrusted.iter().any(|(name, _)| name == resolver);
        let resolvers =
            resolver_trust::resolvers(&self.facts).into_iter().filter(|resolver| !known(resolver));
        let mut liars = resolvers.filter(|resolver| {
            resolver_trust::is_untruthful(&resolver_trust::signs(resolver, &self.facts, &self.knowledge))
        });
        liars.next().map(str::to_owned)
    }

    /// Whether a resolver was found not to answer truthfully.
    #[must_use]
    pub fn has_distrusted(&self) -> bool {
        !self.distrusted.is_empty()
    }

    /// Believes a resolver no more. If there are `others`, what it said is forgotten, to be asked there; else what it denies
    /// is not known ([`Failure::Untruthful`]), now and from here on.
    pub fn distrust(&mut self, resolver: &str, others: bool) {
        let signs = resolver_trust::signs(resolver, &self.facts, &self.knowledge);
        self.distrusted.push((resolver.to_owned(), signs));
        if others {
            let said =
                |fact: &Fact| matches!(fact, Fact::Records(outcome) if outcome.meta().resolver == resolver);
            return self.forget(|_, fact| said(fact));
        }
        self.shown.forget();
        for (_, outcome) in self.facts.records_mut() {
            disbelieve(outcome, &self.distrusted);
        }
        self.settle(|_| true);
    }

    /// The fact, or that there is no room for it.
    fn with_room(&mut self, fact: Fact) -> Fact {
        let weight = fact.weight();
        if self.kept + weight > bounds::RUN_OCTETS {
            return fact.without_room();
        }
        self.kept += weight;
        fact
    }

    /// What is known, to be read by checks and views. What these ask for is asked by nobody: see [`Session::also`].
    #[must_use]
    pub fn cx(&self) -> Cx<'_> {
        Cx::new(&self.target, &self.knowledge, &self.keys, &self.facts)
    }

    /// Runs the tasks that `due` names, until none can go on without an answer.
    fn settle(&mut self, due: impl Fn(&Task) -> bool) {
        self.settle_these((0..self.tasks.len()).filter(|&index| due(&self.tasks[index])).collect());
    }

    fn settle_these(&mut self, mut due: Vec<usize>) {
        while let Some(index) = due.pop() {
            let cx = self.cx();
            let findings = self.tasks[index].run(&cx);
            let wanted = cx.into_wanted();
            let task = &mut self.tasks[index];
            task.findings = findings;
            task.pending = wanted.iter().map(|(question, _)| (question.clone(), ())).collect();
            let mut spent = false;
            for (question, lane) in wanted {
                if self.seen.has(&question) {
                    hasten(&mut self.waiting, &question, lane);
                    continue;
                }
                if self.seen.len() >= self.budget {
                    let fact = question.beyond_budget();
                    self.facts.learn(question, fact);
                    spent = true;
                } else {
                    self.seen.insert(question.clone(), ());
                    self.waiting[lane as usize].push_back(question);
                }
            }
            if spent {
                due.push(index);
            }
        }
    }

    /// Asks again what failed to be looked up; everything else is kept.
    pub fn retry_failed(&mut self) {
        self.distrusted.clear();
        self.forget(|_, fact| fact.is_failure());
    }

    /// Asks again the queries that `which` names, whatever came of them; everything else is kept. What came through
    /// different resolvers, or was refused, is an answer and may still be another one the next time. `which` is given them
    /// as the report shows them: without keys.
    pub fn ask_again(&mut self, which: impl Fn(&Query) -> bool) {
        let keys = self.keys.clone();
        self.forget(|question, _| match question {
            Question::Records(query) => which(&keys.redact_query(query)),
            _ => false,
        });
    }

    fn forget(&mut self, which: impl Fn(&Question, &Fact) -> bool) {
        self.shown.forget();
        let mut again = Table::default();
        self.facts.retain(|question, fact| {
            let forgotten = which(question, fact);
            if forgotten {
                again.insert(question.clone(), ());
            }
            !forgotten
        });
        self.kept = weight(&self.facts);
        self.seen.retain(|question, ()| !again.has(question));
        self.settle(|_| true);
    }

    /// Takes the text of the MTA-STS policy file as somebody pasted it; without one, the file is asked for again.
    pub fn paste_policy(&mut self, text: Option<String>) {
        let Some(domain) = self.target.domain.clone() else { return };
        let question = Question::Policy(domain);
        match text {
            Some(text) => {
                self.facts.learn(question, Fact::Policy(PolicyFile::Pasted(text)));
                self.settle(|_| true);
            }
            // What is on its way comes without being asked for twice.
            None => self.forget(|known, _| *known == question),
        }
    }

    /// Whether every check has come to its end.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.in_flight.is_empty() && self.waiting.iter().all(VecDeque::is_empty)
    }

    /// How many queries are answered, and how many are known to be needed.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let open = self.in_flight.len() + self.waiting.iter().map(VecDeque::len).sum::<usize>();
        Progress { done: self.seen.len() - open, total: self.seen.len() }
    }

    /// What has been learnt so far.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// What the session is about.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// What is found so far. The same facts give the same report, in whatever order they came.
    #[must_use]
    pub fn report(&self) -> Report {
        let runs = self.tasks.iter().filter_map(|task| match task.asker {
            Asker::Check(check) => {
                Some(CheckRun { check, findings: task.findings.all(), running: !task.pending.is_empty() })
            }
            Asker::Other(_) => None,
        });
        let views = Views::of(&self.cx());
        Report::new(&self.target, &self.facts, &self.keys, &self.shown, self.progress(), views, runs)
    }
}

fn weight(facts: &Facts) -> usize {
    facts.iter().map(|(_, fact)| fact.weight()).sum()
}

/// Takes the word of a resolver that is not truthful for nothing.
fn disbelieve(outcome: &mut Outcome, distrusted: &[(String, Vec<Sign>)]) {
    let resolver = &outcome.meta().resolver;
    let signs = distrusted.iter().find(|(name, _)| name == resolver).map(|(_, signs)| signs);
    if signs.is_some_and(|signs| resolver_trust::is_worthless(outcome, signs)) {
        let meta = std::mem::take(outcome.meta_mut());
        *outcome = Outcome::Failed(LookupFailure { failure: Failure::Untruthful, meta });
    }
}

/// Moves a query that waits behind others to the front, if it turns out to be one that leads to more.
fn hasten(waiting: &mut [VecDeque<Question>; 3], question: &Question, lane: Lane) {
    if lane == Lane::First
        && let Some(at) = waiting[Lane::Normal as usize].iter().position(|waits| waits == question)
    {
        waiting[Lane::Normal as usize].remove(at);
        waiting[Lane::First as usize].push_back(question.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dns::Name, facts::Ask, headers, zone::Zone};

    #[test]
    fn checks_that_were_not_named_ask_nothing() {
        let target = Target::domain(Name::parse("example.org").unwrap());
        let only = |id: &str| id == "tls-rpt";
        let mut session = Session::only(only, target, Rc::default(), ListKeys::default(), Facts::default());
        let mut asked = Vec::new();
        while let Some(query) = session.poll_query() {
            asked.push(query.to_string());
        }
        asked.sort();
        assert_eq!(asked, ["_smtp._tls.example.org TXT", "example.org SOA"]);
        let report = session.report();
        assert_eq!(report.checks.iter().map(|check| check.id.as_str()).collect::<Vec<_>>(), ["tls-rpt"]);
    }

    const STS: &str = "example.org. SOA ns. host. 1 1\n MX 10 mx.example.org.\nmx.example.org. A 11.22.33.44\n\
                       _mta-sts.example.org. TXT \"v=STSv1; id=1\"\n";
    const POLICY: &str = "version: STSv1\nmode: enforce\nmx: mx.example.org\nmax_age: 604800\n";

    fn example() -> Target {
        Target::domain(Name::parse("example.org").unwrap())
    }

    /// The policy file as the report has it.
    fn policy_file(session: &Session) -> Option<PolicyFile> {
        session.report().views.transport_security?.policy().cloned()
    }

    /// Runs a session; gives what was asked beside records.
    fn run(session: &mut Session, zone: &Zone, file: &PolicyFile) -> Vec<Question> {
        let mut others = Vec::new();
        while let Some(question) = session.poll() {
            let fact = match &question {
                Question::Records(query) => Fact::Records(zone.ask(query).unwrap().clone()),
                other => {
                    others.push(other.clone());
                    Fact::Policy(file.clone())
                }
            };
            session.learn([(question, fact)]);
        }
        others
    }

    #[test]
    fn a_policy_is_asked_for_once_and_what_is_pasted_says_the_same() {
        let zone = Zone::parse(&format!("{STS}mta-sts.example.org. A 11.22.33.45\n")).unwrap();
        let mut read = Session::new(example(), Rc::default(), ListKeys::default());
        assert_eq!(run(&mut read, &zone, &PolicyFile::Read(POLICY.to_owned())).len(), 1);
        assert_eq!(policy_file(&read).unwrap().text(), Some(POLICY));
        let codes = |session: &Session| {
            session.report().findings().map(|(_, finding)| finding.code.id()).collect::<Vec<_>>()
        };
        assert!(codes(&read).contains(&"STS-100"));

        let mut pasted = Session::new(example(), Rc::default(), ListKeys::default());
        run(&mut pasted, &zone, &PolicyFile::Unreadable);
        assert_eq!(policy_file(&pasted), Some(PolicyFile::Unreadable));
        assert!(codes(&pasted).contains(&"STS-010"), "it is to be pasted");
        pasted.paste_policy(Some(POLICY.to_owned()));
        assert_eq!(codes(&pasted), codes(&read));
        // Taken back, it is asked for again.
        pasted.paste_policy(None);
        assert_eq!(policy_file(&pasted), None);
        assert_eq!(run(&mut pasted, &zone, &PolicyFile::TooLong).len(), 1);
        assert_eq!(policy_file(&pasted), Some(PolicyFile::TooLong));

        let mut early = Session::new(example(), Rc::default(), ListKeys::default());
        let mut asked = 0;
        while let Some(question) = early.poll() {
            let fact = match &question {
                Question::Records(query) => Fact::Records(zone.ask(query).unwrap().clone()),
                _ => {
                    asked += 1;
                    early.paste_policy(None);
                    Fact::Policy(PolicyFile::Unreadable)
                }
            };
            early.learn([(question, fact)]);
        }
        assert_eq!(asked, 1, "an empty field while it is on its way asks for nothing");
    }

    #[test]
    fn who_has_nothing_but_records_is_not_asked_for_a_file() {
        let zone = Zone::parse(&format!("{STS}mta-sts.example.org. A 11.22.33.45\n")).unwrap();
        let mut session = Session::new(example(), Rc::default(), ListKeys::default());
        while let Some(query) = session.poll_query() {
            session.answer(&query, zone.ask(&query).unwrap().clone());
        }
        assert!(session.is_done());
        assert_eq!(policy_file(&session), Some(PolicyFile::NotAsked));
    }

    #[test]
    fn a_policy_is_asked_for_when_every_address_of_its_host_is_known_to_be_public() {
        let asked = |addresses: &str| {
            let zone = Zone::parse(&format!("{STS}mta-sts.example.org. {addresses}\n")).unwrap();
            let mut session = Session::new(example(), Rc::default(), ListKeys::default());
            assert_eq!(policy_file(&session), None, "nothing was looked up");
            let asked = run(&mut session, &zone, &PolicyFile::Unreadable).len() == 1;
            (asked, policy_file(&session).unwrap())
        };
        assert_eq!(asked("A 11.22.33.45"), (true, PolicyFile::Unreadable));
        assert_eq!(asked("A 11.22.33.45\n AAAA 2a00:1450::1"), (true, PolicyFile::Unreadable));
        for inside in [
            "127.0.0.1",
            "10.0.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.2.1",
            "224.0.0.1",
        ] {
            let refused = (false, PolicyFile::NotPublic);
            assert_eq!(asked(&format!("A {inside}")), refused, "{inside}");
            assert_eq!(asked(&format!("A 11.22.33.45\n A {inside}")), refused, "{inside} beside another");
        }
        for inside in ["::1", "fd00::1", "fe80::1", "2001:db8::1", "::ffff:192.168.1.1", "64:ff9b::c0a8:101"]
        {
            let refused = (false, PolicyFile::NotPublic);
            assert_eq!(asked(&format!("A 11.22.33.45\n AAAA {inside}")), refused, "{inside}");
        }
        let unknown = asked("A 11.22.33.45\n AAAA SERVFAIL");
        assert_eq!(unknown, (false, PolicyFile::NotAsked), "what failed may be any address");
    }

    #[test]
    fn a_header_is_compared_beside_the_checks_and_nothing_is_asked_twice() {
        let zone = Zone::parse(
            "shop.example. SOA ns. host. 1 1\n TXT \"v=spf1 ip4:11.22.33.44 -all\"\n\
             _dmarc.shop.example. TXT \"v=DMARC1; p=reject\"\n",
        )
        .unwrap();
        let text = "Received: from a.shop.example ([11.22.33.44]) by mx.rcpt.example with ESMTPS id x; Fri, 20 Nov 2026 01:12:38 +0000\n\
            Authentication-Results: mx.rcpt.example; spf=fail smtp.mailfrom=shop.example; dmarc=fail header.from=shop.example\n\
            Return-Path: <a@shop.example>\nFrom: a@shop.example\nDKIM-Signature: d=service.example; s=key\n";
        let (headers, _) = crate::message::Headers::read(text).unwrap();
        let header = headers::read(&headers, &crate::message::charset::plain);
        let target = Target::domain(Name::parse("shop.example").unwrap());
        let mut plain = Session::new(target.clone(), Rc::default(), ListKeys::default());
        while let Some(query) = plain.poll_query() {
            plain.answer(&query, zone.ask(&query).unwrap().clone());
        }
        let compared = header.clone();
        let comparison = |session: &Session| headers::compare_known(&session.cx().first(), &compared);
        assert!(comparison(&plain).pending, "not all that it takes is asked for the checks alone");
        let compare = move |cx: &Cx<'_>| headers::compare(&cx.first(), &header).map(drop);
        let mut session = Session::new(target, Rc::default(), ListKeys::default()).also(compare);
        assert!(comparison(&session).pending);
        let mut asked: Vec<Query> = Vec::new();
        let mut fails = true;
        while let Some(query) = session.poll_query() {
            assert!(!asked.contains(&query), "{query} is asked twice");
            let failed = fails && query.name.as_str().starts_with("key.");
            let outcome = zone.ask(&query).unwrap().clone();
            session.answer(&query, if failed { Outcome::failed(Failure::ServFail) } else { outcome });
            asked.push(query);
        }
        let found = comparison(&session);
        assert!(!found.pending);
        assert_eq!(found.spf.as_ref().unwrap().why, headers::DifferenceReason::MendedSince);
        assert_eq!(found.dkim[0].now, headers::KeyState::Failed(Failure::ServFail));
        assert_eq!(session.report(), Report { progress: session.progress(), ..plain.report() });
        fails = false;
        session.retry_failed();
        while let Some(query) = session.poll_query() {
            assert!(!fails && query.name.as_str().starts_with("key."));
            session.answer(&query, zone.ask(&query).unwrap().clone());
        }
        assert_eq!(comparison(&session).dkim[0].now, headers::KeyState::Missing);
    }

    #[test]
    fn a_domain_that_is_not_there_is_said_first() {
        let zone = Zone::parse("other.example. A 192.0.2.1\n").unwrap();
        let target = Target::domain(Name::parse("gone.example").unwrap());
        let mut session = Session::new(target, Rc::default(), ListKeys::default());
        while let Some(query) = session.poll_query() {
            let outcome = zone.ask(&query).unwrap().clone();
            session.answer(&query, outcome);
        }
        let report = session.report();
        assert!(!report.running);
        let (_, first) = report.findings().next().unwrap();
        assert_eq!(first.code.id(), "DOM-010");
        assert_eq!(report.evidence[first.evidence[0]].query.to_string(), "gone.example SOA");
    }
}
