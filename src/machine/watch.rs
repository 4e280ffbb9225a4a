//! The life of a watch: when is looked again, and when it ends. A small machine of its own, as the page's is: it reads no clock,
//! is told what has happened and says what is to be done. It comes with what is fetched later.
//!
//! A timer is never trusted for long: a device that sleeps stops it, and what was due meanwhile is due when the clock is looked
//! at again.

use mail_triage_engine::watch::{LEAST, Look};

/// Seconds for which something is watched at most: a day.
pub const MOST: i64 = 86_400;
/// Seconds after which the clock is looked at again.
const GLANCE: i64 = 60;

/// A watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// How far it is.
    pub stage: WatchStage,
    /// When it ends in any case, in seconds since 1970.
    pub ends: i64,
    /// What was found last, and when.
    pub last: Option<(i64, Look)>,
}

/// How far a watch is. Times are in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchStage {
    /// Nothing new can be heard before this time.
    Waiting(i64),
    /// Answers are awaited.
    Looking,
    /// All of it was mended at this time.
    Fixed(i64),
    /// A day is over.
    Over,
}

/// What can happen to a watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchEvent {
    /// The clock was looked at.
    Clock(i64),
    /// Answers are in.
    Looked {
        /// When.
        now: i64,
        /// What the checks make of them.
        look: Look,
        /// When something new can be heard.
        next: i64,
    },
}

/// What is to be done for a watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchEffect {
    /// Look at the clock after so many seconds; in place of what was to be done before.
    Wake(u32),
    /// Ask for what may be another one by now.
    Look,
    /// Tell the user that so many of so many are mended.
    Tell {
        /// So many are.
        mended: usize,
        /// Of so many.
        all: usize,
    },
}

impl Watch {
    /// A watch that begins at the time `now`; `next` is when something new can be heard.
    pub fn begin(now: i64, next: i64) -> (Self, Vec<WatchEffect>) {
        let mut watch = Self { stage: WatchStage::Waiting(next), ends: now + MOST, last: None };
        let effects = watch.step(WatchEvent::Clock(now));
        (watch, effects)
    }

    /// Whether it goes on.
    pub fn is_on(&self) -> bool {
        matches!(self.stage, WatchStage::Waiting(_) | WatchStage::Looking)
    }

    /// Takes what has happened, and gives what is to be done, in this order.
    pub fn step(&mut self, event: WatchEvent) -> Vec<WatchEffect> {
        match (event, self.stage) {
            (WatchEvent::Clock(now), WatchStage::Waiting(next)) => self.clock(now, next),
            (WatchEvent::Looked { now, look, next }, WatchStage::Looking) => self.looked(now, look, next),
            // What comes twice, or late.
            _ => Vec::new(),
        }
    }

    fn clock(&mut self, now: i64, next: i64) -> Vec<WatchEffect> {
        if now >= self.ends {
            self.stage = WatchStage::Over;
            return Vec::new();
        }
        if now >= next {
            self.stage = WatchStage::Looking;
            return vec![WatchEffect::Look];
        }
        let wait = (next.min(self.ends) - now).min(GLANCE);
        vec![WatchEffect::Wake(u32::try_from(wait).unwrap_or(LEAST))]
    }

    fn looked(&mut self, now: i64, look: Look, next: i64) -> Vec<WatchEffect> {
        let before = self.last.map_or(0, |(_, before)| before.mended);
        self.last = Some((now, look));
        let mut effects = Vec::new();
        if look.mended > before || look.mended >= look.all {
            effects.push(WatchEffect::Tell { mended: look.mended, all: look.all });
        }
        if look.mended >= look.all {
            self.stage = WatchStage::Fixed(now);
            return effects;
        }
        self.stage = WatchStage::Waiting(next.max(now + i64::from(LEAST)));
        effects.extend(self.step(WatchEvent::Clock(now)));
        effects
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_800_000_000;

    fn found(mended: usize, unsure: usize) -> Look {
        Look { all: 2, mended, unsure }
    }

    /// Plays a watch with a clock of its own: the timer wakes it, and every look finds what `look` says. Gives when it looked, and
    /// what was told.
    fn play(ttl: i64, look: impl Fn(usize) -> Look) -> (Watch, Vec<i64>, Vec<(usize, usize)>) {
        let mut now = NOON;
        let (mut watch, mut effects) = Watch::begin(now, now + ttl);
        let (mut looks, mut told) = (Vec::new(), Vec::new());
        while let Some(effect) = (!effects.is_empty()).then(|| effects.remove(0)) {
            match effect {
                WatchEffect::Wake(seconds) => {
                    assert!(seconds <= 60);
                    now += i64::from(seconds);
                    effects.extend(watch.step(WatchEvent::Clock(now)));
                }
                WatchEffect::Look => {
                    looks.push(now - NOON);
                    assert!(looks.len() <= 1_440, "once a minute for a day, and no more");
                    let event = WatchEvent::Looked { now, look: look(looks.len()), next: now + ttl };
                    effects.extend(watch.step(event));
                }
                WatchEffect::Tell { mended, all } => told.push((mended, all)),
            }
        }
        (watch, looks, told)
    }

    #[test]
    fn it_looks_when_the_answer_may_be_another_one_until_all_is_mended() {
        let (watch, looks, told) = play(300, |at| found(at - 1, 0));
        assert_eq!(looks, [300, 600, 900]);
        assert_eq!(told, [(1, 2), (2, 2)], "the first look found nothing new");
        assert_eq!(watch.stage, WatchStage::Fixed(NOON + 900));
    }

    #[test]
    fn it_ends_after_a_day() {
        let (watch, looks, told) = play(3_600, |_| found(0, 0));
        assert_eq!((watch.stage, looks.len(), told.len()), (WatchStage::Over, 23, 0));
        let (watch, looks, _) = play(2 * MOST, |_| found(0, 0));
        assert_eq!((watch.stage, looks.len()), (WatchStage::Over, 0));
    }

    #[test]
    fn it_never_looks_more_often_than_once_a_minute() {
        let (_, looks, _) = play(1, |at| found(if at > 5 { 2 } else { 0 }, 0));
        assert_eq!(looks, [1, 61, 121, 181, 241, 301]);
    }

    #[test]
    fn what_could_not_be_looked_at_is_not_mended_and_told_once() {
        let (watch, looks, told) = play(300, |at| if at < 3 { found(1, 1) } else { found(2, 0) });
        assert_eq!((looks.len(), told), (3, vec![(1, 2), (2, 2)]));
        assert_eq!(watch.last, Some((NOON + 900, found(2, 0))));
    }

    #[test]
    fn what_stops_mail_since_is_waited_for_and_its_end_is_told() {
        let one_more = |at| Look { all: if at < 3 { 2 } else { 1 }, mended: 1, unsure: 0 };
        let (watch, looks, told) = play(300, one_more);
        assert_eq!((looks.len(), told), (3, vec![(1, 2), (1, 1)]));
        assert_eq!(watch.stage, WatchStage::Fixed(NOON + 900));
    }

    #[test]
    fn a_device_that_slept_looks_when_it_wakes() {
        let (mut watch, effects) = Watch::begin(NOON, NOON + 300);
        assert_eq!(effects, [WatchEffect::Wake(60)]);
        assert_eq!(
            watch.step(WatchEvent::Clock(NOON + 10)),
            [WatchEffect::Wake(60)],
            "somebody came back early"
        );
        assert_eq!(watch.step(WatchEvent::Clock(NOON + 30_000)), [WatchEffect::Look]);
        // The timer that slept too comes late, and finds nothing to do.
        assert_eq!(watch.step(WatchEvent::Clock(NOON + 30_001)), []);
        let looked = WatchEvent::Looked { now: NOON + 30_002, look: found(2, 0), next: NOON + 31_000 };
        assert_eq!(watch.step(looked), [WatchEffect::Tell { mended: 2, all: 2 }]);
        assert_eq!(watch.step(looked), [], "an answer that comes twice tells nothing twice");
        assert_eq!(watch.step(WatchEvent::Clock(NOON + 40_000)), []);
        // It slept for longer than a day.
        let (mut watch, _) = Watch::begin(NOON, NOON + 300);
        assert_eq!(watch.step(WatchEvent::Clock(NOON + MOST)), []);
        assert!(!watch.is_on());
    }
}
