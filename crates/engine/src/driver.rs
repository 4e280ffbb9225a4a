//! Joins a [`Session`] to a [`Source`]: what one wants to know is asked of the other, until nothing is left to ask.
//!
//! One driver is one run. It knows nothing of resolvers, HTTP or time: those are the source's.

use std::{
    cell::{Cell, Ref, RefCell},
    rc::Rc,
};

use crate::{
    dns::Query,
    facts::{Fact, Question},
    session::Session,
    source::Source,
};

/// A session under way. Dropping it cancels what it has asked; no answer reaches anybody after that.
pub struct Driver(Rc<Inner>);

struct Inner {
    session: RefCell<Session>,
    source: Box<dyn Source>,
    is_cancelled: Cell<bool>,
    changed: Box<dyn Fn(&Session)>,
}

impl Driver {
    /// Starts. What `source` knows at once is known when this returns; `changed` is called after each burst that comes
    /// later, and after each [`Driver::change`].
    #[must_use]
    pub fn start(session: Session, source: Box<dyn Source>, changed: Box<dyn Fn(&Session)>) -> Self {
        let session = RefCell::new(session);
        let inner = Rc::new(Inner { session, source, is_cancelled: Cell::new(false), changed });
        let run = Rc::downgrade(&inner);
        inner.source.connect(Box::new(move |answers| {
            if let Some(inner) = run.upgrade() {
                inner.take_in(answers);
            }
        }));
        inner.go_on();
        Self(inner)
    }

    /// The session, to be read. Give it back before anything else is done with the driver.
    #[must_use]
    pub fn session(&self) -> Ref<'_, Session> {
        self.0.session.borrow()
    }

    /// Changes something about the session, and asks what that takes.
    pub fn change(&self, change: impl FnOnce(&mut Session)) {
        change(&mut self.0.session.borrow_mut());
        self.0.go_on();
        (self.0.changed)(&self.session());
    }

    /// Asks again what failed, or these queries whatever came of them; they are named as the report shows them.
    pub fn retry(&self, queries: Option<&[Query]>) {
        self.0.source.renew();
        self.change(|session| match queries {
            None => session.retry_failed(),
            Some(queries) => session.ask_again(|query| queries.contains(query)),
        });
    }

    /// Whether everything was asked that is to be asked.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.session().is_done()
    }

    /// Whether it was cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.get()
    }

    /// Ends it: what is on its way is cut off, and no answer comes any more. What was found stays.
    pub fn cancel(&self) {
        self.0.is_cancelled.set(true);
        self.0.source.cancel();
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.cancel();
    }
}

impl Inner {
    /// Takes what has come.
    fn take_in(&self, answers: Vec<(Question, Fact)>) {
        if self.is_cancelled.get() {
            return;
        }
        self.session.borrow_mut().learn(answers);
        self.go_on();
        (self.changed)(&self.session.borrow());
    }

    /// Asks everything that may be asked now.
    fn go_on(&self) {
        while !self.is_cancelled.get() {
            self.ask_all();
            if !self.leave_untruthful() {
                return;
            }
        }
    }

    fn ask_all(&self) {
        while let Some((question, is_list)) = self.next() {
            if let Some(fact) = self.source.answer(&question, is_list) {
                self.session.borrow_mut().learn([(question, fact)]);
            }
        }
    }

    /// The next question, and whether it goes to a blocklist.
    fn next(&self) -> Option<(Question, bool)> {
        let mut session = self.session.borrow_mut();
        let question = session.poll()?;
        let is_list = session.is_list(&question);
        Some((question, is_list))
    }

    /// Turns from a resolver that does not answer truthfully to others; where there are none, what it denies is not known.
    /// `false` if there is no such resolver.
    fn leave_untruthful(&self) -> bool {
        let mut session = self.session.borrow_mut();
        let Some(resolver) = session.untruthful() else { return false };
        let others = self.source.distrust(&resolver);
        session.distrust(&resolver, others);
        true
    }
}

#[cfg(test)]
mod tests;
