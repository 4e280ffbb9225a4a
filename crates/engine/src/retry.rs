//! Which resolver to ask, and what to do when it does not answer. A policy without clock and network: whoever drives
//! it says what happened and when, and is told what comes next.
//!
//! - The resolvers are asked in their order. A try that brings no DNS answer goes on to the next one.
//! - SERVFAIL counts only after a second resolver said so too (it may be the resolver's own fault). REFUSED, NOTIMP and the
//!   other error codes mostly are that, and need a second one as well; a resolver that says nothing else comes last.
//! - A failure that may pass (no connection, a status of class 5, too slow for once) is not the end of a query that nobody
//!   else can be asked: a lone resolver is tried once more, after a pause. What breaks off together is one fault: a
//!   connection that is lost takes all requests with it that it carried.
//! - A query that is slow at a resolver that answers others is tried at one more resolver, not at all of them.
//! - An answer that was cut goes on to the next resolver too, and says nothing against the one that sent it.
//! - An answer of another type than was asked goes on as well. Mostly it is the domain's servers that send it, so it weighs
//!   little; of a resolver that rewrites answers it adds up.
//! - 429 pauses a resolver for as long as it asks, within bounds; where it does not say, each pause is twice the last.
//!   Others are asked meanwhile. One that has answered with nothing else for several pauses is not asked any more.
//! - One that refers elsewhere in place of an answer, or says itself that it filters, is passed by in the same way. One that
//!   was found not to answer truthfully ([`crate::resolver_trust`]) is asked no more, unless there is no other.
//! - A resolver that fails is put last for the rest of the run; one that keeps failing is not asked any more. When
//!   none is left, queries fail at once instead of waiting for nothing.
//!
//! Each run has a [`Pool`]: its resolvers in its order. What is known of a resolver is shared by all runs that ask at the same
//! time ([`Healths`]), so that a table of domains does not find out two hundred times that one is down, and a pause that
//! it asks for holds for all. It is forgotten when a run begins while no other asks, and [renewed](Pool::renew) when the user
//! wants another try: what was down a minute ago may be up. Which keys bar which resolvers is each run's own.

use std::{cell::Cell, rc::Rc};

use crate::dns::{Failure, Outcome};

/// How long one try may take, in milliseconds.
pub const TRY_LIMIT: u32 = 5_000;
/// The longest pause after a 429, in milliseconds, whatever the resolver asks for.
pub const MAX_PAUSE: u64 = 10_000;
/// The first pause after a 429 that names none, in milliseconds. Web pages seldom see what the resolver asks for: the
/// header is hidden from other origins unless the resolver shows it.
pub const DEFAULT_PAUSE: u64 = 1_000;
/// How often one resolver may answer one query with a 429 before that query goes without it, and how many pauses in a row
/// a resolver gets.
const MAX_LIMITED: u8 = 4;
/// The pause before a resolver that has just failed is asked again, in milliseconds.
const REST: u64 = 500;
/// How often a query is tried whose failures may pass, be it at one resolver or at several.
const TRIES: usize = 2;
/// So many resolvers have to say SERVFAIL, or answer with another error code, before it counts.
const OPINIONS: u8 = 2;
/// At so many resolvers a slow name is tried.
const MAX_SLOW: u8 = 2;
/// Weight of a try that did not reach a resolver; so much of it also puts the resolver last.
const FAULT: u8 = 3;
/// So much in a row, and the resolver is not asked any more.
const DEAD: u8 = 9;

/// What is known about the resolvers of a run, which are named by their position.
#[derive(Debug)]
pub struct Pool(Vec<Rc<Cell<Health>>>);

/// What is known about all resolvers that are asked, by their address.
#[derive(Debug, Default)]
pub struct Healths(Vec<(String, Rc<Cell<Health>>)>);

impl Healths {
    /// The resolvers at these addresses, in this order.
    pub fn pool<'a>(&mut self, addresses: impl IntoIterator<Item = &'a str>) -> Pool {
        let health = |address: &str| match self.0.iter().find(|(known, _)| known == address) {
            Some((_, known)) => known.clone(),
            None => {
                let health = Rc::<Cell<Health>>::default();
                self.0.push((address.to_owned(), health.clone()));
                health
            }
        };
        Pool(addresses.into_iter().map(health).collect())
    }

    /// Forgets everything: whoever asks next begins anew.
    pub fn forget(&mut self) {
        for (_, health) in &self.0 {
            health.take();
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Health {
    /// It has answered.
    answered: bool,
    /// Weight of what went wrong since it answered last.
    faults: u8,
    /// When it last failed in a way that may pass.
    failed_at: Option<u64>,
    /// It asked not to be asked before this time.
    paused_until: u64,
    /// Pauses since it answered last.
    pauses: u8,
    /// What it says is not true.
    distrusted: bool,
    /// What went wrong last, and when.
    last: Option<(u64, Failure)>,
}

impl Health {
    fn answers(&mut self) {
        (self.answered, self.faults, self.pauses) = (true, 0, 0);
    }

    fn is_given_up(&self) -> bool {
        self.distrusted || self.faults >= DEAD || self.pauses >= MAX_LIMITED
    }

    /// It brought nothing on the way that a request sent at `sent` took until `now`. What was under way at the last such
    /// failure belongs to that one.
    fn breaks(&mut self, sent: u64, now: u64) {
        if self.failed_at.is_some_and(|before| sent < before) {
            return;
        }
        self.failed_at = Some(now);
        self.faults = self.faults.saturating_add(FAULT);
        self.paused_until = self.paused_until.max(now + REST);
    }

    /// It answered with an error code that is its own more often than the domain's. It comes last when it says little
    /// else, and is never given up for it.
    fn refuses(&mut self) {
        let faults = self.faults.saturating_add(1).min(FAULT);
        self.answers();
        self.faults = faults;
    }

    /// It answered with a 429 at the time `now`.
    fn limited(&mut self, retry_after: Option<u32>, now: u64) {
        // Answers to what was asked before the pause began belong to it.
        if now >= self.paused_until {
            self.pauses = self.pauses.saturating_add(1);
        }
        let doubled = DEFAULT_PAUSE << self.pauses.saturating_sub(1).min(8);
        let pause = retry_after.map_or(doubled, |seconds| u64::from(seconds) * 1000);
        let until = now + pause.clamp(DEFAULT_PAUSE / 4, MAX_PAUSE);
        self.paused_until = self.paused_until.max(until);
    }
}

/// How far one query has come.
#[derive(Clone, Debug, Default)]
pub struct Tries {
    asked: Vec<usize>,
    /// Who answered with a 429, once for each time.
    limited: Vec<usize>,
    settled: bool,
    servfails: u8,
    refusals: u8,
    slow: u8,
    /// Something went wrong that asking the same resolver again would not mend.
    lasting: bool,
    outcome: Option<Outcome>,
    /// Who is never asked, whatever the others bring.
    barred: Vec<usize>,
    /// That is so because they must not see it.
    withheld: bool,
}

/// What to do next for a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Ask the resolver at this position.
    Ask(usize),
    /// Wait this many milliseconds, then ask what comes next.
    Wait(u64),
    /// It is over: [`Pool::result`] has the outcome.
    Stop,
}

impl Pool {
    /// So many resolvers, of which nothing is known, shared with nobody.
    #[must_use]
    pub fn new(resolvers: usize) -> Self {
        Self((0..resolvers).map(|_| Rc::default()).collect())
    }

    /// What to do for a query at the time `now` (milliseconds from any beginning).
    #[must_use]
    pub fn next(&self, tries: &Tries, now: u64) -> Next {
        let opinions = tries.servfails.max(tries.refusals);
        if tries.settled || opinions >= OPINIONS || tries.slow >= MAX_SLOW {
            return Next::Stop;
        }
        self.choose(now, &|resolver| !tries.is_done_with(resolver))
            .or_else(|| self.choose(now, &|resolver| tries.may_go_back_to(resolver)))
            .unwrap_or(Next::Stop)
    }

    /// Which of the resolvers that `fits` names is asked now, or when.
    fn choose(&self, now: u64, fits: &dyn Fn(usize) -> bool) -> Option<Next> {
        let left = || {
            let all = self.0.iter().map(|health| health.get()).enumerate();
            all.filter(|(index, health)| !health.is_given_up() && fits(*index))
        };
        let ready = left().filter(|(_, health)| health.paused_until <= now);
        if let Some((index, _)) = ready.min_by_key(|(index, health)| (health.faults >= FAULT, *index)) {
            return Some(Next::Ask(index));
        }
        let until = left().map(|(_, health)| health.paused_until).min()?;
        Some(Next::Wait(until.saturating_sub(now)))
    }

    /// Takes what a try at `resolver` brought, which took from `sent` to `now`. `retry_after` is the header of that name
    /// in seconds (RFC 9110 section 10.2.3).
    pub fn happened(
        &self,
        tries: &mut Tries,
        resolver: usize,
        outcome: Outcome,
        retry_after: Option<u32>,
        (sent, now): (u64, u64),
    ) {
        let Some(shared) = self.0.get(resolver) else { return };
        let mut health = shared.get();
        let failure = outcome.failure();
        tries.lasting |= failure.is_some_and(|failure| !may_pass(failure));
        if let Some(failure) = failure {
            health.last = Some((now, failure));
        }
        match failure {
            Some(Failure::RateLimited) => health.limited(retry_after, now),
            Some(Failure::Offline) => tries.settled = true,
            Some(Failure::TimedOut) if health.answered || tries.slow > 0 => {
                health.faults = health.faults.saturating_add(if health.answered { 1 } else { FAULT });
                tries.slow += 1;
            }
            Some(Failure::Truncated) => health.answers(),
            Some(Failure::WrongType | Failure::Referral | Failure::Filtered) => {
                health.faults = health.faults.saturating_add(1);
            }
            Some(Failure::Network | Failure::Http(500..=599)) => health.breaks(sent, now),
            Some(Failure::Refused | Failure::Rcode(_)) => {
                health.refuses();
                tries.refusals += 1;
            }
            Some(Failure::ServFail) => {
                health.answers();
                tries.servfails += 1;
            }
            Some(failure) if is_transport(failure) => health.faults = health.faults.saturating_add(FAULT),
            _ => {
                health.answers();
                tries.settled = true;
            }
        }
        shared.set(health);
        let whom = if failure == Some(Failure::RateLimited) { &mut tries.limited } else { &mut tries.asked };
        whom.push(resolver);
        tries.keep(outcome);
    }

    /// What went wrong last at any of the resolvers.
    fn last(&self) -> Failure {
        let last = self.0.iter().filter_map(|health| health.get().last);
        last.max_by_key(|&(when, _)| when).map_or(Failure::Network, |(_, failure)| failure)
    }

    /// The outcome of a query for which there is nothing left to do.
    #[must_use]
    pub fn result(&self, tries: Tries) -> Outcome {
        let last = self.last();
        let kept = tries.withheld && last != Failure::Offline;
        let mut outcome = match tries.outcome {
            Some(outcome) if !(kept && outcome.failure().is_some_and(is_transport)) => outcome,
            _ if kept => Outcome::failed(Failure::KeyWithheld),
            _ => Outcome::failed(last),
        };
        outcome.meta_mut().confirmed =
            tries.servfails >= OPINIONS && outcome.failure() == Some(Failure::ServFail);
        outcome
    }

    /// Forgets what went wrong, for another try; not who is distrusted.
    pub fn renew(&self) {
        for health in &self.0 {
            health.set(Health { distrusted: health.get().distrusted, ..Health::default() });
        }
    }

    /// Asks this resolver no more, because what it says is not true. `false`, and it is asked on, if there is no other.
    pub fn distrust(&self, resolver: usize) -> bool {
        let Some(health) = self.0.get(resolver) else { return false };
        let distrusted = |distrusted| health.set(Health { distrusted, ..health.get() });
        distrusted(true);
        let others = !self.is_dead();
        distrusted(others);
        others
    }

    /// Whether no resolver is left that could be asked.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.0.iter().all(|health| health.get().is_given_up())
    }
}

impl Tries {
    /// A query that these resolvers must not see, because it holds a key that is not entrusted to them. Where the others
    /// bring nothing, its outcome is [`Failure::KeyWithheld`].
    #[must_use]
    pub fn without(barred: Vec<usize>) -> Self {
        Self { withheld: !barred.is_empty(), barred, ..Self::default() }
    }

    /// A query that of `all` resolvers only this one can answer.
    #[must_use]
    pub fn only(resolver: usize, all: usize) -> Self {
        Self { barred: (0..all).filter(|&other| other != resolver).collect(), ..Self::default() }
    }

    /// Whether this resolver has been asked about the query, limits it too often, or must not see it.
    fn is_done_with(&self, resolver: usize) -> bool {
        self.asked.contains(&resolver) || self.barred.contains(&resolver) || self.is_limited_by(resolver)
    }

    /// Whether this resolver, which has been asked, may be asked once more as there is nobody else.
    fn may_go_back_to(&self, resolver: usize) -> bool {
        let again = !self.lasting && self.asked.len() < TRIES;
        again && self.asked.contains(&resolver) && !self.is_limited_by(resolver)
    }

    fn is_limited_by(&self, resolver: usize) -> bool {
        let limited = self.limited.iter().filter(|&&other| other == resolver).count();
        limited >= usize::from(MAX_LIMITED)
    }

    /// Keeps what tells most: an answer before a failure, what a resolver says of the name before its own refusal, both
    /// before a failure on the way to it, the first before later ones.
    fn keep(&mut self, outcome: Outcome) {
        let worth = |outcome: &Outcome| match outcome.failure() {
            None => 4,
            Some(Failure::RateLimited) => 0,
            Some(failure) if is_transport(failure) => 1,
            Some(Failure::Refused | Failure::Rcode(_)) => 2,
            Some(_) => 3,
        };
        if self.outcome.as_ref().is_none_or(|kept| worth(&outcome) > worth(kept)) {
            self.outcome = Some(outcome);
        }
    }
}

/// Which resolvers did not answer every question, and which others were asked, each once and in the order of `tries`: who
/// was asked, and what went wrong. That a second resolver is asked about a SERVFAIL takes nobody's place.
#[must_use]
pub fn stand_ins<'a>(
    tries: impl Iterator<Item = (&'a str, Option<Failure>)>,
) -> Option<(Vec<&'a str>, Vec<&'a str>)> {
    let (mut silent, mut others) = (Vec::new(), Vec::new());
    for (whom, failure) in tries {
        if failure.is_some_and(|failure| is_transport(failure) || is_refusal(failure)) {
            others.retain(|other| *other != whom);
            if !silent.contains(&whom) {
                silent.push(whom);
            }
        } else if !silent.is_empty() && !silent.contains(&whom) && !others.contains(&whom) {
            others.push(whom);
        }
    }
    (!others.is_empty()).then_some((silent, others))
}

/// Whether the failure lies between us and the resolver, or in what it sent, rather than in what the DNS says.
fn is_transport(failure: Failure) -> bool {
    match failure {
        Failure::Offline
        | Failure::Network
        | Failure::TimedOut
        | Failure::RateLimited
        | Failure::Http(_)
        | Failure::NotDns
        | Failure::Malformed
        | Failure::WrongQuestion
        | Failure::Truncated
        | Failure::WrongType
        | Failure::Referral
        | Failure::Filtered => true,
        Failure::ServFail
        | Failure::Refused
        | Failure::Rcode(_)
        | Failure::Budget
        | Failure::KeyWithheld
        | Failure::NotRecorded
        | Failure::TooMany(_)
        | Failure::TooLarge
        | Failure::Untruthful => false,
    }
}

/// Whether a resolver answered with an error code of its own (RFC 1035 section 4.1.1), other than SERVFAIL.
fn is_refusal(failure: Failure) -> bool {
    matches!(failure, Failure::Refused | Failure::Rcode(_))
}

/// Whether the same resolver may have an answer a moment later.
fn may_pass(failure: Failure) -> bool {
    matches!(failure, Failure::Network | Failure::TimedOut | Failure::RateLimited | Failure::Http(500..=599))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::Negative;

    fn answer() -> Outcome {
        Outcome::NoData(Negative::default())
    }

    /// Plays one query: what each resolver brings, by position. Returns whom it asked and what came of it.
    fn play(pool: &Pool, brings: &[Outcome]) -> (Vec<usize>, Outcome) {
        let mut tries = Tries::default();
        let mut asked = Vec::new();
        let mut now = 0;
        loop {
            match pool.next(&tries, now) {
                Next::Ask(resolver) => {
                    asked.push(resolver);
                    pool.happened(&mut tries, resolver, brings[resolver].clone(), None, (now, now));
                }
                Next::Wait(millis) => now += millis,
                Next::Stop => return (asked, pool.result(tries)),
            }
        }
    }

    fn fails(failures: &[Failure]) -> Vec<Outcome> {
        failures.iter().map(|&failure| Outcome::failed(failure)).collect()
    }

    #[test]
    fn the_next_resolver_is_asked_when_one_does_not_answer() {
        for failure in [
            Failure::Network,
            Failure::TimedOut,
            Failure::Http(503),
            Failure::NotDns,
            Failure::Malformed,
            Failure::WrongQuestion,
        ] {
            let pool = Pool::new(3);
            let (asked, outcome) = play(&pool, &[Outcome::failed(failure), answer(), answer()]);
            assert_eq!((asked, outcome), (vec![0, 1], answer()), "{failure:?}");
            let (asked, _) = play(&pool, &[answer(), answer(), answer()]);
            assert_eq!(asked, [1], "the one that failed is last for the rest of the run");
        }
    }

    #[test]
    fn servfail_counts_after_a_second_resolver() {
        let pool = Pool::new(3);
        let (asked, outcome) = play(&pool, &fails(&[Failure::ServFail; 3]));
        assert_eq!((asked, outcome.failure()), (vec![0, 1], Some(Failure::ServFail)));
        let (asked, outcome) = play(&pool, &[Outcome::failed(Failure::ServFail), answer(), answer()]);
        assert_eq!((asked, outcome), (vec![0, 1], answer()));
        let (asked, outcome) = play(&Pool::new(1), &fails(&[Failure::ServFail]));
        assert_eq!((asked, outcome.failure()), (vec![0], Some(Failure::ServFail)), "there is no second one");
        let brings = fails(&[Failure::ServFail, Failure::Network]);
        assert_eq!(play(&Pool::new(2), &brings).1.failure(), Some(Failure::ServFail), "the DNS has a say");
    }

    #[test]
    fn that_a_second_resolver_said_servfail_too_is_kept() {
        let confirmed = |brings: &[Outcome]| play(&Pool::new(brings.len()), brings).1.meta().confirmed;
        assert!(confirmed(&fails(&[Failure::ServFail; 2])));
        assert!(!confirmed(&fails(&[Failure::ServFail])), "there is no second one");
        assert!(!confirmed(&fails(&[Failure::ServFail, Failure::Network])), "the second one is silent");
        assert!(!confirmed(&[Outcome::failed(Failure::ServFail), answer()]));
    }

    #[test]
    fn a_resolver_that_does_not_answer_truthfully_is_left_while_there_is_another() {
        let pool = Pool::new(2);
        assert!(pool.distrust(0));
        assert_eq!(play(&pool, &[answer(), answer()]).0, [1]);
        assert!(!pool.distrust(1), "there is no other");
        assert_eq!(play(&pool, &[answer(), answer()]).0, [1]);
        assert!(!pool.distrust(7), "nobody is called so");
    }

    #[test]
    fn a_referral_and_a_filter_are_passed_by() {
        for failure in [Failure::Referral, Failure::Filtered] {
            let brings = [fails(&[failure]), vec![answer()]].concat();
            assert_eq!(play(&Pool::new(2), &brings), (vec![0, 1], answer()), "{failure:?}");
        }
    }

    #[test]
    fn servfail_counts_after_two_opinions_however_many_others_are_silent() {
        let brings = fails(&[Failure::Network, Failure::ServFail, Failure::ServFail, Failure::ServFail]);
        let (asked, outcome) = play(&Pool::new(4), &brings);
        assert_eq!((asked, outcome.failure()), (vec![0, 1, 2], Some(Failure::ServFail)));
        let brings = [fails(&[Failure::ServFail, Failure::TimedOut]), vec![answer()]].concat();
        let pool = Pool::new(3);
        play(&pool, &[answer(), answer(), answer()]);
        assert_eq!(play(&pool, &brings), (vec![0, 1, 2], answer()), "slow is no opinion");
    }

    #[test]
    fn a_cut_answer_is_asked_for_elsewhere_and_says_nothing_against_a_resolver() {
        let pool = Pool::new(2);
        for _ in 0..5 {
            let brings = [fails(&[Failure::Truncated]), vec![answer()]].concat();
            assert_eq!(play(&pool, &brings), (vec![0, 1], answer()));
        }
        let (asked, outcome) = play(&pool, &fails(&[Failure::Truncated; 2]));
        assert_eq!((asked, outcome.failure()), (vec![0, 1], Some(Failure::Truncated)));
        assert_eq!(play(&pool, &[answer(), answer()]).0, [0]);
    }

    #[test]
    fn answers_of_the_wrong_type_weigh_little_until_they_add_up() {
        let pool = Pool::new(2);
        let brings = [fails(&[Failure::WrongType]), vec![answer()]].concat();
        for _ in 0..2 {
            assert_eq!(play(&pool, &brings), (vec![0, 1], answer()));
        }
        assert_eq!(play(&pool, &[answer(), answer()]).0, [0], "it answers what is asked");
        for _ in 0..FAULT {
            assert_eq!(play(&pool, &brings).0, [0, 1]);
        }
        assert_eq!(play(&pool, &brings).0, [1], "it comes last");
    }

    #[test]
    fn whoever_stands_in_is_named() {
        let told = |tries: &[(&'static str, Option<Failure>)]| stand_ins(tries.iter().copied());
        assert_eq!(
            told(&[("a", None), ("a", Some(Failure::ServFail)), ("b", Some(Failure::ServFail))]),
            None
        );
        assert_eq!(
            told(&[("a", Some(Failure::Network)), ("b", Some(Failure::TimedOut))]),
            None,
            "nobody did"
        );
        assert_eq!(
            told(&[("a", None), ("a", Some(Failure::TimedOut)), ("b", None), ("a", None), ("b", None)]),
            Some((vec!["a"], vec!["b"]))
        );
        assert_eq!(
            told(&[("a", Some(Failure::Network)), ("b", Some(Failure::Http(500))), ("c", None)]),
            Some((vec!["a", "b"], vec!["c"]))
        );
    }

    #[test]
    fn a_refusal_needs_a_second_opinion() {
        for failure in [Failure::Refused, Failure::Rcode(4), Failure::Rcode(1)] {
            let (asked, outcome) = play(&Pool::new(3), &[Outcome::failed(failure), answer(), answer()]);
            assert_eq!((asked, outcome), (vec![0, 1], answer()), "{failure:?}");
            let (asked, outcome) = play(&Pool::new(3), &fails(&[failure; 3]));
            assert_eq!((asked, outcome.failure()), (vec![0, 1], Some(failure)), "two are enough");
            let (asked, outcome) = play(&Pool::new(1), &fails(&[failure]));
            assert_eq!((asked, outcome.failure()), (vec![0], Some(failure)), "there is no second one");
            let (_, outcome) = play(&Pool::new(2), &fails(&[failure, Failure::Network]));
            assert_eq!(outcome.failure(), Some(failure), "it is more than silence");
        }
    }

    #[test]
    fn a_refusal_is_no_opinion_on_a_name() {
        let brings = fails(&[Failure::Refused, Failure::ServFail, Failure::ServFail, Failure::Network]);
        let (asked, outcome) = play(&Pool::new(4), &brings);
        assert_eq!((asked, outcome.failure()), (vec![0, 1, 2], Some(Failure::ServFail)));
    }

    #[test]
    fn a_resolver_that_refuses_everything_comes_last_and_is_not_given_up() {
        let pool = Pool::new(2);
        let brings = [fails(&[Failure::Refused]), vec![answer()]].concat();
        for _ in 0..FAULT {
            assert_eq!(play(&pool, &brings).0, [0, 1]);
        }
        assert_eq!(play(&pool, &brings).0, [1]);
        let lone = Pool::new(1);
        for _ in 0..100 {
            assert_eq!(play(&lone, &fails(&[Failure::Refused])).0, [0]);
        }
        assert!(!lone.is_dead(), "it may answer for another name");
    }

    #[test]
    fn a_lone_resolver_is_asked_once_more() {
        for failure in [Failure::Network, Failure::Http(502)] {
            let (pool, mut tries) = (Pool::new(1), Tries::default());
            assert_eq!(pool.next(&tries, 100), Next::Ask(0));
            pool.happened(&mut tries, 0, Outcome::failed(failure), None, (100, 110));
            assert_eq!(pool.next(&tries, 110), Next::Wait(REST), "{failure:?}");
            assert_eq!(pool.next(&tries, 110 + REST), Next::Ask(0));
            let mut once = tries.clone();
            pool.happened(&mut once, 0, answer(), None, (610, 620));
            assert_eq!((pool.next(&once, 620), pool.result(once)), (Next::Stop, answer()));
            pool.happened(&mut tries, 0, Outcome::failed(failure), None, (610, 630));
            assert_eq!(pool.next(&tries, 10_000), Next::Stop, "twice is no accident");
            assert_eq!(pool.result(tries).failure(), Some(failure));
        }
    }

    #[test]
    fn what_would_not_pass_is_not_asked_again() {
        for failure in [Failure::Http(404), Failure::NotDns, Failure::Malformed, Failure::WrongQuestion] {
            assert_eq!(play(&Pool::new(1), &fails(&[failure])).0, [0], "{failure:?}");
        }
    }

    #[test]
    fn a_slow_name_is_tried_twice_at_a_lone_resolver_and_a_silent_resolver_is_given_up() {
        let pool = Pool::new(1);
        play(&pool, &[answer()]);
        let (asked, outcome) = play(&pool, &fails(&[Failure::TimedOut]));
        assert_eq!((asked, outcome.failure()), (vec![0, 0], Some(Failure::TimedOut)));
        // All that were sent at the beginning of a run.
        let pool = Pool::new(1);
        let mut run = vec![Tries::default(); 6];
        for tries in &mut run {
            pool.happened(tries, 0, Outcome::failed(Failure::TimedOut), None, (0, 5_000));
        }
        assert!(run.iter().all(|tries| pool.next(tries, 5_000) == Next::Stop));
    }

    #[test]
    fn a_connection_that_is_lost_is_one_fault_however_many_requests_it_carried() {
        let pool = Pool::new(1);
        let mut run = vec![Tries::default(); 16];
        for (sent, tries) in (0..).zip(&mut run) {
            pool.happened(tries, 0, Outcome::failed(Failure::Network), None, (sent, 1_000 + sent));
        }
        assert!(!pool.is_dead());
        for tries in &mut run {
            assert_eq!(pool.next(tries, 2_000), Next::Ask(0));
            pool.happened(tries, 0, answer(), None, (2_000, 2_010));
            assert_eq!(pool.next(tries, 2_010), Next::Stop);
        }
    }

    #[test]
    fn a_dead_lone_resolver_is_not_hammered() {
        // 600 queries, 16 at a time, to a resolver where nobody answers.
        let (pool, mut now, mut asked) = (Pool::new(1), 0, 0);
        let mut waiting = vec![Tries::default(); 600];
        while !waiting.is_empty() {
            let mut busy: Vec<Tries> = waiting.drain(..waiting.len().min(16)).collect();
            let next: Vec<Next> = busy.iter().map(|tries| pool.next(tries, now)).collect();
            let sent = now;
            now += 5;
            for (tries, next) in busy.iter_mut().zip(&next) {
                if matches!(next, Next::Ask(_)) {
                    asked += 1;
                    pool.happened(tries, 0, Outcome::failed(Failure::Network), None, (sent, now));
                }
            }
            if let Some(wait) = next
                .iter()
                .filter_map(|next| if let Next::Wait(wait) = next { Some(wait) } else { None })
                .max()
            {
                now += wait;
            }
            busy.retain(|tries| pool.next(tries, now) != Next::Stop);
            waiting.splice(0..0, busy);
        }
        assert!((2..=48).contains(&asked), "{asked} requests");
        assert!(now <= 2_000, "{now} ms");
    }

    #[test]
    fn offline_ends_it() {
        let (asked, outcome) = play(&Pool::new(2), &fails(&[Failure::Offline, Failure::Network]));
        assert_eq!((asked, outcome.failure()), (vec![0], Some(Failure::Offline)));
    }

    #[test]
    fn a_slow_name_does_not_walk_through_all_resolvers() {
        let pool = Pool::new(4);
        play(&pool, &[answer(), answer(), answer(), answer()]);
        let (asked, outcome) = play(&pool, &fails(&[Failure::TimedOut; 4]));
        assert_eq!((asked, outcome.failure()), (vec![0, 1], Some(Failure::TimedOut)));
    }

    #[test]
    fn when_all_are_unreachable_queries_fail_at_once() {
        let pool = Pool::new(2);
        let brings = fails(&[Failure::TimedOut, Failure::Network]);
        for _ in 0..3 {
            assert_eq!(play(&pool, &brings).0.len(), 2);
        }
        assert!(pool.is_dead());
        let (asked, outcome) = play(&pool, &brings);
        assert_eq!((asked, outcome.failure()), (vec![], Some(Failure::Network)));
    }

    #[test]
    fn an_answer_makes_good_for_faults() {
        let pool = Pool::new(1);
        for _ in 0..5 {
            // Tried twice.
            assert_eq!(play(&pool, &fails(&[Failure::Http(500)])).0, [0, 0]);
            assert_eq!(play(&pool, &[answer()]).1, answer());
        }
    }

    #[test]
    fn a_limited_resolver_gets_its_pause() {
        let limited = || Outcome::failed(Failure::RateLimited);
        let pool = Pool::new(1);
        let mut tries = Tries::default();
        assert_eq!(pool.next(&tries, 100), Next::Ask(0));
        pool.happened(&mut tries, 0, limited(), Some(2), (100, 100));
        assert_eq!(pool.next(&tries, 100), Next::Wait(2000));
        assert_eq!(pool.next(&tries, 2100), Next::Ask(0));
        pool.happened(&mut tries, 0, limited(), Some(3600), (2100, 2100));
        // Ten seconds, as the user is to wait no longer; the constant would agree with itself.
        assert_eq!(pool.next(&tries, 2100), Next::Wait(10_000), "within bounds");
        assert_eq!(pool.next(&Tries::default(), 2100), Next::Wait(10_000), "for other queries too");
        pool.happened(&mut tries, 0, answer(), None, (20_000, 20_000));
        assert_eq!((pool.next(&tries, 20_000), pool.result(tries)), (Next::Stop, answer()));
    }

    #[test]
    fn a_resolver_that_only_limits_is_given_up() {
        let (asked, outcome) = play(&Pool::new(1), &fails(&[Failure::RateLimited]));
        assert_eq!((asked.len(), outcome.failure()), (4, Some(Failure::RateLimited)));
        let (asked, outcome) = play(&Pool::new(2), &[Outcome::failed(Failure::RateLimited), answer()]);
        assert_eq!((asked, outcome), (vec![0, 1], answer()), "others are asked meanwhile");
        let pool = Pool::new(4);
        let (asked, outcome) = play(&pool, &fails(&[Failure::RateLimited; 4]));
        assert_eq!(
            (asked.len(), outcome.failure()),
            (16, Some(Failure::RateLimited)),
            "each gets its pauses"
        );
        let (asked, outcome) = play(&pool, &fails(&[Failure::RateLimited; 4]));
        assert_eq!(
            (asked.len(), outcome.failure()),
            (0, Some(Failure::RateLimited)),
            "and the next query no more"
        );
    }

    #[test]
    fn pauses_that_nobody_names_grow() {
        let limited = || Outcome::failed(Failure::RateLimited);
        let (pool, mut tries) = (Pool::new(1), Tries::default());
        let mut now = 0;
        for pause in [1000, 2000, 4000] {
            pool.happened(&mut tries, 0, limited(), None, (now, now));
            // What was asked at the same time is refused a little later, and is not asked again at once.
            pool.happened(&mut Tries::default(), 0, limited(), None, (now + 10, now + 10));
            assert_eq!(pool.next(&tries, now + 10), Next::Wait(pause));
            now += 10 + pause;
        }
        assert_eq!(pool.next(&tries, now), Next::Ask(0));
        pool.happened(&mut tries, 0, answer(), None, (now, now));
        let mut other = Tries::default();
        pool.happened(&mut other, 0, limited(), None, (now, now));
        assert_eq!(pool.next(&other, now), Next::Wait(1000), "an answer makes good for it");
    }

    #[test]
    fn two_slow_resolvers_that_limit_one_name_come_to_an_end() {
        let (pool, mut tries, mut now) = (Pool::new(2), Tries::default(), 0);
        let mut asked = 0;
        while let Next::Ask(resolver) = pool.next(&tries, now) {
            // Each answer takes longer than the pause of the other, and other names are answered.
            now += 20_000;
            pool.happened(&mut tries, resolver, Outcome::failed(Failure::RateLimited), None, (now, now));
            pool.happened(&mut Tries::default(), resolver, answer(), None, (now, now));
            now += 20_000;
            asked += 1;
            assert!(asked < 100, "it goes on and on");
        }
        assert_eq!((asked, pool.result(tries).failure()), (8, Some(Failure::RateLimited)));
    }

    #[test]
    fn a_key_goes_to_nobody_whom_it_is_not_entrusted_to() {
        let ask = |pool: &Pool, barred: &[usize], brings: &[Outcome]| {
            let (mut tries, mut asked) = (Tries::without(barred.to_vec()), Vec::new());
            while let Next::Ask(resolver) = pool.next(&tries, 0) {
                asked.push(resolver);
                pool.happened(&mut tries, resolver, brings[resolver].clone(), None, (0, 0));
            }
            (asked, pool.result(tries))
        };
        let withheld = Outcome::failed(Failure::KeyWithheld);
        let silent = [fails(&[Failure::Network]), vec![answer(), answer()]].concat();
        assert_eq!(ask(&Pool::new(3), &[1, 2], &silent), (vec![0], withheld.clone()), "a stand-in");
        assert_eq!(ask(&Pool::new(3), &[2], &silent), (vec![0, 1], answer()), "one that may see it");
        assert_eq!(ask(&Pool::new(1), &[0], &silent), (vec![], withheld), "named by a link");
        let says = fails(&[Failure::ServFail, Failure::ServFail]);
        assert_eq!(ask(&Pool::new(2), &[1], &says), (vec![0], says[0].clone()), "what the DNS says counts");
        let offline = fails(&[Failure::Offline, Failure::Offline]);
        assert_eq!(ask(&Pool::new(2), &[1], &offline).1, offline[0], "nobody can be reached at all");
    }

    #[test]
    fn without_resolvers_there_is_nothing_to_do() {
        assert_eq!(play(&Pool::new(0), &[]).1.failure(), Some(Failure::Network));
    }

    #[test]
    fn what_one_resolver_alone_can_answer_goes_to_nobody_else() {
        let (pool, mut tries) = (Pool::new(3), Tries::only(1, 3));
        for now in [0, 600] {
            assert_eq!(pool.next(&tries, now), Next::Ask(1));
            pool.happened(&mut tries, 1, Outcome::failed(Failure::Network), None, (now, now));
        }
        assert_eq!(pool.next(&tries, 2_000), Next::Stop);
        assert_eq!(pool.result(tries).failure(), Some(Failure::Network));
    }

    #[test]
    fn runs_at_the_same_time_share_what_they_know_of_a_resolver() {
        let mut healths = Healths::default();
        let one = healths.pool(["a", "b"]);
        let two = healths.pool(["b", "a", "c"]);
        let fail = |failure| vec![Outcome::failed(failure); 3];
        let (asked, _) = play(&one, &[Outcome::failed(Failure::Http(404)), answer()]);
        assert_eq!(asked, [0, 1]);
        let (asked, _) = play(&two, &fail(Failure::NotDns));
        assert_eq!(asked, [0, 2, 1], "it failed elsewhere and comes last here");
        one.renew();
        let (asked, _) = play(&two, &[Outcome::failed(Failure::NotDns), answer(), answer()]);
        assert_eq!(asked, [0, 1], "the other try of one run is one of the other, too");
        assert!(two.distrust(1));
        assert_eq!(play(&one, &fail(Failure::NotDns)).0, [1], "nobody asks who is not to be believed");
        healths.forget();
        assert_eq!(play(&one, &[answer(), answer()]).0, [0], "a run that begins alone begins anew");
    }

    #[test]
    fn a_pause_that_a_resolver_asks_for_holds_for_all_runs_and_so_does_the_reason() {
        let mut healths = Healths::default();
        let (one, two) = (healths.pool(["a"]), healths.pool(["a"]));
        one.happened(&mut Tries::default(), 0, Outcome::failed(Failure::RateLimited), Some(3), (0, 0));
        assert_eq!(two.next(&Tries::default(), 1_000), Next::Wait(2_000));
        for now in (1..=u64::from(MAX_LIMITED)).map(|pauses| pauses * 20_000) {
            one.happened(&mut Tries::default(), 0, Outcome::failed(Failure::RateLimited), None, (now, now));
        }
        assert_eq!(two.next(&Tries::default(), 200_000), Next::Stop);
        assert_eq!(two.result(Tries::default()).failure(), Some(Failure::RateLimited));
    }
}
