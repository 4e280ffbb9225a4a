//! An evaluation over a source of answers: what is not known yet is asked, until there is a result.
//!
//! A [`Session`](mail_triage_engine::session::Session) does the same for checks. It brings views, lists and the trust in
//! resolvers with it, which weigh more than all of SPF.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use mail_triage_engine::{
    dns::{Outcome, Query},
    facts::{Ask, Fact, Facts, Pending, Question, Step},
    source::Source,
};

use super::Message;

/// An evaluation under way. Dropping it cancels what it has asked.
pub struct SpfRun(Rc<Inner>);

struct Inner {
    message: Message,
    source: Box<dyn Source>,
    facts: RefCell<Facts>,
    asked: RefCell<Vec<Query>>,
    done: Box<dyn Fn()>,
}

/// What is known, and what somebody wants to know besides. Everything is evaluated over this: over facts alone it would be
/// compiled a second time.
pub(super) struct Known<'a> {
    facts: &'a Facts,
    wanted: RefCell<Vec<Query>>,
}

impl<'a> Known<'a> {
    /// Nothing is wanted yet.
    pub(super) fn of(facts: &'a Facts) -> Self {
        Self { facts, wanted: RefCell::default() }
    }
}

impl Ask for Known<'_> {
    fn ask(&self, query: &Query) -> Step<&Outcome> {
        let known = self.facts.get(query);
        if known.is_none() {
            self.wanted.borrow_mut().push(query.clone());
        }
        known.ok_or(Pending)
    }
}

impl SpfRun {
    /// Starts. `done` is called once the result is known, perhaps before this returns.
    #[must_use]
    pub fn start(message: Message, source: Box<dyn Source>, done: Box<dyn Fn()>) -> Self {
        let (facts, asked) = (RefCell::default(), RefCell::default());
        let inner = Rc::new(Inner { message, source, facts, asked, done });
        let run: Weak<Inner> = Rc::downgrade(&inner);
        inner.source.connect(Box::new(move |answers| {
            if let Some(inner) = run.upgrade() {
                inner.learn(answers);
                inner.go_on();
            }
        }));
        inner.go_on();
        Self(inner)
    }

    /// The result, once it is known.
    #[must_use]
    pub fn result(&self) -> Option<super::SpfEvaluation> {
        self.0.message.result(&self.0.facts.borrow())
    }
}

impl Drop for SpfRun {
    fn drop(&mut self) {
        self.0.source.cancel();
    }
}

impl Inner {
    fn learn(&self, answers: Vec<(Question, Fact)>) {
        let mut facts = self.facts.borrow_mut();
        answers.into_iter().for_each(|(question, fact)| facts.learn(question, fact));
    }

    /// Asks everything that is wanted now. How much that can be, the limits of SPF say.
    fn go_on(&self) {
        while let Some(wanted) = self.wanted() {
            let mut at_once = Vec::new();
            for query in wanted {
                if self.asked.borrow().contains(&query) {
                    continue;
                }
                self.asked.borrow_mut().push(query.clone());
                let question = Question::Records(query);
                if let Some(fact) = self.source.answer(&question, false) {
                    at_once.push((question, fact));
                }
            }
            if at_once.is_empty() {
                return;
            }
            self.learn(at_once);
        }
        (self.done)();
    }

    /// What is wanted and not known; `None` if there is a result.
    fn wanted(&self) -> Option<Vec<Query>> {
        let facts = self.facts.borrow();
        let known = Known::of(&facts);
        let is_pending = self.message.evaluate(&known).is_err();
        is_pending.then(|| known.wanted.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use mail_triage_engine::{source::Deliver, zone::Zone};

    use super::*;

    /// Answers later, one question at a time.
    #[derive(Clone)]
    struct Late {
        zone: Rc<Zone>,
        bring: Rc<RefCell<Option<Deliver>>>,
        open: Rc<RefCell<Vec<Question>>>,
        cancelled: Rc<Cell<bool>>,
    }

    impl Late {
        fn new(zone: &str) -> Self {
            let zone = Rc::new(Zone::parse(zone).unwrap());
            Self { zone, bring: Rc::default(), open: Rc::default(), cancelled: Rc::default() }
        }

        /// Answers the last question; `false` if there is none.
        fn answer_one(&self) -> bool {
            let Some(Question::Records(query)) = self.open.borrow_mut().pop() else { return false };
            let fact = Fact::Records(self.zone.ask(&query).unwrap().clone());
            self.bring.borrow().as_ref().unwrap()(vec![(Question::Records(query), fact)]);
            true
        }
    }

    impl Source for Late {
        fn connect(&self, bring: Deliver) {
            *self.bring.borrow_mut() = Some(bring);
        }

        fn answer(&self, question: &Question, _: bool) -> Option<Fact> {
            self.open.borrow_mut().push(question.clone());
            None
        }

        fn cancel(&self) {
            self.cancelled.set(true);
        }
    }

    #[test]
    fn each_question_is_asked_once_and_the_end_is_told_once() {
        let zone = "a.example. TXT \"v=spf1 a:h.example mx include:b.example -all\"\na.example. MX 1 h.example.\n\
                    b.example. TXT \"v=spf1 a:h.example -all\"\nh.example. A 192.0.2.1\n";
        let late = Late::new(zone);
        let message = serde_json::from_str(r#"{"ip": "192.0.2.9", "sender": "x@a.example"}"#).unwrap();
        let message = Message::read(&message, |_| None).unwrap();
        let told = Rc::new(Cell::new(0));
        let count = told.clone();
        let run =
            SpfRun::start(message, Box::new(late.clone()), Box::new(move || count.set(count.get() + 1)));
        let mut answered = 0;
        while late.answer_one() {
            answered += 1;
        }
        // The records of both domains, the hosts of one, the address of the host.
        assert_eq!((answered, told.get()), (4, 1));
        assert_eq!(run.result().map(|found| found.result.as_str()), Some("fail"));
        drop(run);
        assert!(late.cancelled.get());
    }
}
