//! What becomes of a change: all checks run at once over what is known, with the change made. What it leads to and nobody knows
//! is asked once the change has stayed as it is for a moment.

use std::rc::Rc;

use mail_triage_engine::{
    driver::Driver,
    knowledge::Knowledge,
    outlook::Outlook,
    session::Session,
    source::Source,
    target::ListKeys,
    what_if::{Change, SetChange, Silence, Tried, after},
};

use super::{Found, Learnt, Props, State};
use crate::{
    components::{asking::Asking, kept::Held, settled::once_settled, shared::Shared},
    panels::what_if::{Edit, Records},
};

/// The records that are changed, and what their checks take.
#[derive(Clone)]
pub struct Weighing {
    held: Held<State>,
    asking: Asking,
    knowledge: Option<Rc<Knowledge>>,
    keys: ListKeys,
    learnt: Shared<Learnt>,
}

impl Weighing {
    /// Of a panel.
    pub fn new(held: &Held<State>, props: &Props) -> Self {
        Self {
            held: held.clone(),
            asking: props.asking.clone(),
            knowledge: props.scene.knowledge.as_ref().map(Shared::rc).cloned(),
            keys: props.keys.clone(),
            learnt: props.learnt.clone(),
        }
    }

    /// Begins with what a check has learnt, or goes on over what a later one has: what was changed stays changed where it is
    /// about the same domain. Makes the changes that a link names, once.
    pub fn begin(&self, learnt: &Shared<Learnt>, tried: &[String]) {
        if self.held.get().of.as_ref() == Some(learnt) {
            return;
        }
        let mut weighs = false;
        self.held.change(|state| {
            let before = state.of.as_ref().map(|of| &of.target.domain);
            let mut changes = Vec::new();
            if before == Some(&learnt.target.domain) {
                changes = state.records.changes();
            }
            if state.made != tried {
                changes.extend(SetChange::of_words(tried.iter().map(String::as_str)));
                state.made = tried.to_vec();
            }
            let is_list = |query: &_| learnt.lists.contains(query);
            state.records = Records::of(&learnt.target, &learnt.facts, is_list);
            state.known = Rc::new(learnt.facts.clone().into());
            (state.run, state.found) = (None, None);
            state.of = Some(learnt.clone());
            if !changes.is_empty() {
                state.records.take(Edit::Make(changes));
                weighs = true;
            }
        });
        if weighs {
            self.weigh();
        }
    }

    /// Takes what somebody does.
    pub fn take(&self, edit: Edit) {
        let before = self.held.get().records.changes();
        self.held.change(|state| {
            state.records.take(edit);
        });
        let is_other = self.held.get().records.changes() != before;
        if is_other {
            self.weigh();
        }
    }

    /// Checks at once what is known; asks for the rest a moment later.
    fn weigh(&self) {
        let beyond = self.learnt.beyond.as_ref().map(|make| make());
        let mut number = 0;
        self.held.change(|state| {
            state.number += 1;
            number = state.number;
        });
        let waits = beyond.is_none();
        self.run(number, beyond.unwrap_or_else(|| Box::new(Silence)));
        if !waits || self.is_done() {
            return;
        }
        let (held, weighing) = (self.held.clone(), self.clone());
        once_settled(
            move || held.get().number == number,
            move || {
                let lookups = weighing.asking.lookups(weighing.keys.clone());
                weighing.run(number, Box::new(lookups));
            },
        );
    }

    fn is_done(&self) -> bool {
        self.held.get().found.as_ref().is_some_and(|found| found.is_done)
    }

    /// Runs all checks with the changes made over `below`.
    fn run(&self, number: u32, below: Box<dyn Source>) {
        let Some(knowledge) = self.knowledge.clone() else { return };
        let (changes, known) = {
            let state = self.held.get();
            let changes: Vec<_> = state.records.changes().into_iter().map(Change::from).collect();
            (changes, state.known.clone())
        };
        let facts = after(&known.borrow(), &changes);
        let session = Session::with_facts(self.learnt.target.clone(), knowledge, self.keys.clone(), facts);
        let (weighing, asked) = (self.clone(), self.asking.asked.clone());
        let told = move |session: &Session| {
            asked.emit(());
            weighing.found(number, session);
        };
        let run = Driver::start(session, Box::new(Tried::new(changes, known, below)), Box::new(told));
        self.found(number, &run.session());
        self.held.change(|state| state.run = Some(run));
    }

    /// Takes what is found by now, unless something else was changed meanwhile.
    fn found(&self, number: u32, session: &Session) {
        if self.held.get().number != number {
            return;
        }
        let found = Found {
            report: Rc::new(session.report()),
            outlook: Outlook::of(&session.cx()),
            is_done: session.is_done(),
        };
        self.held.change(|state| state.found = Some(found));
    }
}
