//! Which resolver to ask, and what to do when it does not answer. A policy without clock and network: whoever drives
//! it says what happened and when, and is told what comes next.
//!
//! - The resolvers are asked in their order. A try that brings no DNS answer goes on to the next one.
//! - SERVFAIL counts only after a second resolver was asked (it may be the resolver's own fault).
//! - A query that is slow at a resolver that answers others is tried at one more resolver, not at all of them.
//! - 429 pauses a resolver for as long as it asks, within bounds; others are asked meanwhile.
//! - A resolver that fails is put last for the rest of the run; one that keeps failing is not asked any more. When
//!   none is left, queries fail at once instead of waiting for nothing.

use crate::dns::{Failure, Outcome};

/// How long one try may take, in milliseconds.
pub const TRY_LIMIT: u32 = 5_000;
/// The longest pause after a 429, in milliseconds, whatever the resolver asks for.
pub const MAX_PAUSE: u64 = 10_000;
/// The pause after a 429 that names none, in milliseconds.
pub const DEFAULT_PAUSE: u64 = 1_000;
/// How often one query may be answered with a 429 before it is given up.
const MAX_LIMITED: u8 = 4;
/// Weight of a try that did not reach a resolver; so much of it also puts the resolver last.
const FAULT: u8 = 3;
/// So much in a row, and the resolver is not asked any more.
const DEAD: u8 = 9;

/// What is known about the resolvers of a run, which are named by their position.
#[derive(Clone, Debug)]
pub struct Pool {
    resolvers: Vec<Health>,
    last: Failure,
}

#[derive(Clone, Copy, Debug, Default)]
struct Health {
    /// It has answered in this run.
    answered: bool,
    /// Weight of what went wrong since it answered last.
    faults: u8,
    /// It asked not to be asked before this time.
    paused_until: u64,
}

/// How far one query has come.
#[derive(Clone, Debug, Default)]
pub struct Tries {
    asked: Vec<usize>,
    limited: u8,
    settled: bool,
    only_one_more: bool,
    outcome: Option<Outcome>,
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
    /// So many resolvers, of which nothing is known.
    #[must_use]
    pub fn new(resolvers: usize) -> Self {
        Self { resolvers: vec![Health::default(); resolvers], last: Failure::Network }
    }

    /// What to do for a query at the time `now` (milliseconds from any beginning).
    #[must_use]
    pub fn next(&self, tries: &Tries, now: u64) -> Next {
        if tries.settled || tries.only_one_more && tries.asked.len() > 1 {
            return Next::Stop;
        }
        let left = || {
            let all = self.resolvers.iter().enumerate();
            all.filter(|(index, health)| health.faults < DEAD && !tries.asked.contains(index))
        };
        let ready = left().filter(|(_, health)| health.paused_until <= now);
        if let Some((index, _)) = ready.min_by_key(|(index, health)| (health.faults >= FAULT, *index)) {
            return Next::Ask(index);
        }
        match left().map(|(_, health)| health.paused_until).min() {
            Some(until) if tries.limited < MAX_LIMITED => Next::Wait(until.saturating_sub(now)),
            _ => Next::Stop,
        }
    }

    /// Takes what a try at `resolver` brought. `retry_after` is the header of that name in seconds (RFC 9110
    /// section 10.2.3), `now` the time.
    pub fn happened(
        &mut self,
        tries: &mut Tries,
        resolver: usize,
        outcome: Outcome,
        retry_after: Option<u32>,
        now: u64,
    ) {
        let Some(health) = self.resolvers.get_mut(resolver) else { return };
        let failure = outcome.failure();
        match failure {
            Some(Failure::RateLimited) => {
                let pause = retry_after.map_or(DEFAULT_PAUSE, |seconds| u64::from(seconds) * 1000);
                health.paused_until = now + pause.clamp(DEFAULT_PAUSE / 4, MAX_PAUSE);
                tries.limited += 1;
                tries.keep(outcome);
                return;
            }
            Some(Failure::Offline) => tries.settled = true,
            Some(Failure::TimedOut) if health.answered => {
                health.faults = health.faults.saturating_add(1);
                tries.only_one_more = true;
            }
            Some(failure) if is_transport(failure) => health.faults = health.faults.saturating_add(FAULT),
            failure => {
                health.answered = true;
                health.faults = 0;
                match failure {
                    Some(Failure::ServFail) => tries.only_one_more = true,
                    _ => tries.settled = true,
                }
            }
        }
        if let Some(failure) = failure {
            self.last = failure;
        }
        tries.asked.push(resolver);
        tries.keep(outcome);
    }

    /// The outcome of a query for which there is nothing left to do.
    #[must_use]
    pub fn result(&self, tries: Tries) -> Outcome {
        tries.outcome.unwrap_or_else(|| Outcome::failed(self.last))
    }

    /// Whether no resolver is left that could be asked.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.resolvers.iter().all(|health| health.faults >= DEAD)
    }
}

impl Tries {
    /// Keeps what tells most: an answer before a failure, the resolver's word before a failure on the way to it, the
    /// first before later ones.
    fn keep(&mut self, outcome: Outcome) {
        let worth = |outcome: &Outcome| match outcome.failure() {
            None => 3,
            Some(Failure::RateLimited) => 0,
            Some(failure) if is_transport(failure) => 1,
            Some(_) => 2,
        };
        if self.outcome.as_ref().is_none_or(|kept| worth(&outcome) > worth(kept)) {
            self.outcome = Some(outcome);
        }
    }
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
        | Failure::WrongType => true,
        Failure::ServFail | Failure::Refused | Failure::Rcode(_) | Failure::Budget => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::Negative;

    fn answer() -> Outcome {
        Outcome::NoData(Negative::default())
    }

    /// Plays one query: what each resolver brings, by position. Returns whom it asked and what came of it.
    fn play(pool: &mut Pool, brings: &[Outcome]) -> (Vec<usize>, Outcome) {
        let mut tries = Tries::default();
        let mut asked = Vec::new();
        let mut now = 0;
        loop {
            match pool.next(&tries, now) {
                Next::Ask(resolver) => {
                    asked.push(resolver);
                    pool.happened(&mut tries, resolver, brings[resolver].clone(), None, now);
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
            Failure::Truncated,
            Failure::WrongType,
        ] {
            let mut pool = Pool::new(3);
            let (asked, outcome) = play(&mut pool, &[Outcome::failed(failure), answer(), answer()]);
            assert_eq!((asked, outcome), (vec![0, 1], answer()), "{failure:?}");
            let (asked, _) = play(&mut pool, &[answer(), answer(), answer()]);
            assert_eq!(asked, [1], "the one that failed is last for the rest of the run");
        }
    }

    #[test]
    fn servfail_counts_after_a_second_resolver() {
        let mut pool = Pool::new(3);
        let (asked, outcome) = play(&mut pool, &fails(&[Failure::ServFail; 3]));
        assert_eq!((asked, outcome.failure()), (vec![0, 1], Some(Failure::ServFail)));
        let (asked, outcome) = play(&mut pool, &[Outcome::failed(Failure::ServFail), answer(), answer()]);
        assert_eq!((asked, outcome), (vec![0, 1], answer()));
        let (asked, outcome) = play(&mut Pool::new(1), &fails(&[Failure::ServFail]));
        assert_eq!((asked, outcome.failure()), (vec![0], Some(Failure::ServFail)), "there is no second one");
        let brings = fails(&[Failure::ServFail, Failure::Network]);
        assert_eq!(
            play(&mut Pool::new(2), &brings).1.failure(),
            Some(Failure::ServFail),
            "the DNS has a say"
        );
    }

    #[test]
    fn the_dns_is_believed_when_it_refuses() {
        let (asked, outcome) = play(&mut Pool::new(2), &fails(&[Failure::Refused, Failure::Network]));
        assert_eq!((asked, outcome.failure()), (vec![0], Some(Failure::Refused)));
    }

    #[test]
    fn offline_ends_it() {
        let (asked, outcome) = play(&mut Pool::new(2), &fails(&[Failure::Offline, Failure::Network]));
        assert_eq!((asked, outcome.failure()), (vec![0], Some(Failure::Offline)));
    }

    #[test]
    fn a_slow_name_does_not_walk_through_all_resolvers() {
        let mut pool = Pool::new(4);
        play(&mut pool, &[answer(), answer(), answer(), answer()]);
        let (asked, outcome) = play(&mut pool, &fails(&[Failure::TimedOut; 4]));
        assert_eq!((asked, outcome.failure()), (vec![0, 1], Some(Failure::TimedOut)));
    }

    #[test]
    fn when_all_are_unreachable_queries_fail_at_once() {
        let mut pool = Pool::new(2);
        let brings = fails(&[Failure::TimedOut, Failure::Network]);
        for _ in 0..3 {
            assert_eq!(play(&mut pool, &brings).0.len(), 2);
        }
        assert!(pool.is_dead());
        let (asked, outcome) = play(&mut pool, &brings);
        assert_eq!((asked, outcome.failure()), (vec![], Some(Failure::Network)));
    }

    #[test]
    fn an_answer_makes_good_for_faults() {
        let mut pool = Pool::new(1);
        for _ in 0..5 {
            play(&mut pool, &fails(&[Failure::Network]));
            play(&mut pool, &fails(&[Failure::Network]));
            assert_eq!(play(&mut pool, &[answer()]).1, answer());
        }
    }

    #[test]
    fn a_limited_resolver_gets_its_pause() {
        let limited = || Outcome::failed(Failure::RateLimited);
        let mut pool = Pool::new(1);
        let mut tries = Tries::default();
        assert_eq!(pool.next(&tries, 100), Next::Ask(0));
        pool.happened(&mut tries, 0, limited(), Some(2), 100);
        assert_eq!(pool.next(&tries, 100), Next::Wait(2000));
        assert_eq!(pool.next(&tries, 2100), Next::Ask(0));
        pool.happened(&mut tries, 0, limited(), Some(3600), 2100);
        assert_eq!(pool.next(&tries, 2100), Next::Wait(MAX_PAUSE), "within bounds");
        assert_eq!(pool.next(&Tries::default(), 2100), Next::Wait(MAX_PAUSE), "for other queries too");
        pool.happened(&mut tries, 0, answer(), None, 20_000);
        assert_eq!((pool.next(&tries, 20_000), pool.result(tries)), (Next::Stop, answer()));
    }

    #[test]
    fn a_resolver_that_only_limits_is_given_up() {
        let (asked, outcome) = play(&mut Pool::new(1), &fails(&[Failure::RateLimited]));
        assert_eq!((asked.len(), outcome.failure()), (4, Some(Failure::RateLimited)));
        let (asked, outcome) = play(&mut Pool::new(2), &[Outcome::failed(Failure::RateLimited), answer()]);
        assert_eq!((asked, outcome), (vec![0, 1], answer()), "others are asked meanwhile");
    }

    #[test]
    fn without_resolvers_there_is_nothing_to_do() {
        assert_eq!(play(&mut Pool::new(0), &[]).1.failure(), Some(Failure::Network));
    }
}
