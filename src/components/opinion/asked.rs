//! The two runs behind a second opinion, over the page's one transport.

use std::rc::Rc;

use mail_triage_browser::{clock, data, doh::Endpoint};
use mail_triage_engine::{
    dns::Query,
    facts::Facts,
    knowledge::Knowledge,
    many::is_made,
    opinion::{control, said_by},
    session::Session,
    target::ListKeys,
};

use super::{Props, State};
use crate::{
    components::{asking::Asking, kept::Held, shared::Shared, what_if::Learnt},
    panels::opinion::{Answers, Compared, Second, seconds, without_records},
};

/// Whom to ask, and about what.
#[derive(Clone)]
pub struct Asked {
    held: Held<State>,
    asking: Asking,
    knowledge: Option<Rc<Knowledge>>,
    learnt: Shared<Learnt>,
    unix: i64,
}

impl Asked {
    /// Of a panel.
    pub fn new(held: &Held<State>, props: &Props) -> Self {
        Self {
            held: held.clone(),
            asking: props.asking.clone(),
            knowledge: props.scene.knowledge.as_ref().map(Shared::rc).cloned(),
            learnt: props.learnt.clone(),
            unix: props.unix,
        }
    }

    /// Begins with what a check has learnt, unless that was done.
    pub fn begin(&self) {
        if self.held.get().of.as_ref() == Some(&self.learnt) {
            return;
        }
        let first = self.first();
        self.held.change(|state| {
            state.of = Some(self.learnt.clone());
            let seconds = seconds(&self.asking.resolvers, first.as_ref().map_or("", |first| &first.id));
            let is_known = seconds.contains(&state.second.whom);
            if !is_known {
                state.second = Second::new(&seconds);
            }
        });
        self.ask(false);
    }

    /// The user chose another one.
    pub fn choose(&self, id: &str) {
        let mut asks = false;
        self.held.change(|state| asks = state.second.choose(id));
        if asks {
            self.ask(false);
        }
    }

    /// The user types the address of another one.
    pub fn enter(&self, text: String) {
        self.held.change(|state| state.second.enter(text));
    }

    /// The user wants both asked again.
    pub fn again(&self) {
        let mut asks = false;
        self.held.change(|state| asks = state.second.take());
        if asks {
            self.ask(true);
        }
    }

    fn first(&self) -> Option<Endpoint> {
        self.asking.endpoints().into_iter().next()
    }

    /// Asks the second everything, and the first what it has not said itself; where it is `anew`, that too.
    fn ask(&self, anew: bool) {
        let whom = self.held.get().second.whom.clone();
        let second = data::endpoints(&self.asking.resolvers, Some(&whom)).into_iter().next();
        let (Some(first), Some(second)) = (self.first(), second) else { return };
        let is_list = |query: &Query| self.learnt.lists.contains(query);
        let rest = without_records(&self.learnt.facts);
        let known = if anew { rest.clone() } else { said_by(&first.id, &self.learnt.facts, is_list) };
        let now = clock::unix();
        let unix = if anew { now } else { self.unix };
        let mut number = 0;
        self.held.change(|state| {
            state.number += 1;
            number = state.number;
            state.pair = [first.id.clone(), second.id.clone()];
            state.answers = [unix, now].map(|unix| Answers { unix, ..Answers::default() });
            state.compared = None;
            state.runs.clear();
        });
        self.run(number, 0, first, known);
        self.run(number, 1, second, rest);
    }

    /// Runs all checks but those of lists over what one of the two says.
    fn run(&self, number: u32, which: usize, whom: Endpoint, known: Facts) {
        let Some(knowledge) = self.knowledge.clone() else { return };
        let without_lists = |check: &str| is_made(check, false);
        let target = self.learnt.target.clone();
        let session = Session::only(without_lists, target, knowledge, ListKeys::default(), known);
        let session = session.believing().also(control);
        let asked = self.clone();
        let run = self.asking.ask(vec![whom], session, move |session| asked.heard(number, which, session));
        self.heard(number, which, &run.session());
        self.held.change(|state| state.runs.push(run));
    }

    /// Takes what one of the two has said by now, unless others were asked meanwhile.
    fn heard(&self, number: u32, which: usize, session: &Session) {
        if self.held.get().number != number {
            return;
        }
        let progress = session.progress();
        let all = session.is_done().then(|| (session.facts().clone(), session.report()));
        self.held.change(|state| {
            let Some(answers) = state.answers.get_mut(which) else { return };
            answers.progress = (progress.done, progress.total);
            answers.all = all;
            state.compared = Compared::of(&state.answers).map(Rc::new);
        });
    }
}
