//! Whole visits, played natively: what happens in the order in which it happens in life.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what it did not expect")]

mod files;
mod form;
mod links;
mod resolvers;
mod runs;
mod seen;

use std::{collections::VecDeque, rc::Rc};

use mail_triage_engine::{
    knowledge::Knowledge, report::Report, session::Session, target::ListKeys, target::Target,
};

use super::{
    Content, Effect, End, Event, Form, InputReader, Need, Order, Outcome, Piece, Place, State,
    check::{Check, Waits},
    of_form, piece, step, target,
};

/// What the engine makes of typed text; host names stay as they are.
const READER: InputReader = InputReader {
    form: of_form,
    target: |asked| target(asked, |host| Some(host.to_lowercase())),
    piece: |text| piece(text, |host| Some(host.to_lowercase())),
};

/// A shell without a browser: it goes where it is sent and notes the rest.
struct Visit {
    state: State,
    /// The addresses of this visit, and which of them is shown.
    history: Vec<String>,
    at: usize,
    /// Whether somebody is typing.
    typing: bool,
    /// Pieces that were asked for and have not arrived.
    fetching: Vec<Piece>,
    /// The runs that were begun.
    started: Vec<Order>,
    /// What was to be brought into view.
    shown: Vec<Place>,
    /// Every other effect, in order.
    effects: Vec<Effect>,
}

impl Visit {
    /// Opens the page at this address.
    fn open(fragment: &str) -> Self {
        Self::framed(fragment, false)
    }

    /// The same, perhaps inside a page of somebody else's.
    fn framed(fragment: &str, framed: bool) -> Self {
        let mut state = State::new("en", None, Vec::new());
        state.turn.framed = framed;
        let mut visit = Self {
            state,
            history: vec![fragment.to_owned()],
            at: 0,
            typing: false,
            fetching: Vec::new(),
            started: Vec::new(),
            shown: Vec::new(),
            effects: Vec::new(),
        };
        visit.take(Event::Need(Need::Start));
        visit.routed(false);
        visit
    }

    /// The same, with everything that a check takes there.
    fn ready(fragment: &str) -> Self {
        let mut visit = Self::open(fragment);
        visit.take(Event::Need(Need::Check));
        visit.all_arrives();
        visit
    }

    /// Something happens, and what follows from it at once.
    fn take(&mut self, event: Event) {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            for effect in step(&mut self.state, event) {
                match effect {
                    Effect::Fetch(piece) => self.fetching.push(piece),
                    Effect::GoTo(fragment) => {
                        self.history.truncate(self.at + 1);
                        self.history.push(fragment);
                        self.at += 1;
                        events.push_back(self.event_of_address(true));
                    }
                    Effect::Rewrite(fragment) => self.history[self.at] = fragment,
                    Effect::Show(place, _) => self.shown.push(place),
                    Effect::Start(order) => {
                        let unix = Some(1_800_000_000);
                        events.push_back(Event::Began { run: order.run, unix, example: None });
                        if self.has_words() {
                            events.push_back(told(&order, None));
                        }
                        self.started.push(*order);
                    }
                    effect => self.effects.push(effect),
                }
            }
        }
    }

    fn event_of_address(&self, pressed: bool) -> Event {
        Event::Routed { fragment: self.history[self.at].clone(), pressed, typing: self.typing }
    }

    fn routed(&mut self, pressed: bool) {
        let event = self.event_of_address(pressed);
        self.take(event);
    }

    /// The user presses a link to another check.
    fn follow(&mut self, fragment: &str) {
        self.take_address(fragment, true);
    }

    /// The address changes by itself.
    fn take_address(&mut self, fragment: &str, pressed: bool) {
        self.history.truncate(self.at + 1);
        self.history.push(fragment.to_owned());
        self.at += 1;
        self.routed(pressed);
    }

    fn back(&mut self) {
        self.at -= 1;
        self.routed(false);
    }

    fn forward(&mut self) {
        self.at += 1;
        self.routed(false);
    }

    fn types(&mut self, what: &str) {
        self.take(Event::Typed(Form { what: what.to_owned(), ..Form::default() }));
    }

    fn submit(&mut self, what: &str) {
        self.take(Event::Submit(Form { what: what.to_owned(), ..Form::default() }));
    }

    fn arrives(&mut self, piece: Piece) {
        self.fetching.retain(|other| *other != piece);
        let content = if piece == Piece::Program { Content::Program(READER) } else { Content::Kept };
        self.take(Event::Arrived(piece, Some(content)));
        if self.state.check.run().is_some_and(|run| run.report.is_none()) && self.has_words() {
            let order = self.last();
            self.take(told(&order, None));
        }
    }

    /// Whether what a run finds can be told in words.
    fn has_words(&self) -> bool {
        self.state.files.has(Need::Check, self.state.language)
    }

    fn all_arrives(&mut self) {
        while let Some(&piece) = self.fetching.first() {
            self.arrives(piece);
        }
    }

    fn fails(&mut self, piece: Piece) {
        assert!(self.fetching.contains(&piece), "{piece:?} was not asked for");
        self.fetching.retain(|other| *other != piece);
        self.take(Event::Arrived(piece, None));
    }

    /// A run comes to its end, and is looked at once more.
    fn ends(&mut self, order: &Order, end: End) {
        self.take(told(order, Some(end)));
        self.fill(order);
    }

    /// The last run comes to its end.
    fn done(&mut self) {
        let order = self.last();
        self.ends(&order, End::Done);
    }

    fn fill(&mut self, order: &Order) {
        let outcome = Rc::new(Outcome::default());
        self.take(Event::Filled { run: order.run, outcome, asks_for_keys: None });
    }

    fn last(&self) -> Order {
        self.started.last().unwrap().clone()
    }

    /// What the runs were about, in order.
    fn checked(&self) -> Vec<String> {
        self.started.iter().map(|order| order.about.target.to_string()).collect()
    }

    fn address(&self) -> &str {
        &self.history[self.at]
    }

    /// What the report at hand is about.
    fn reported(&self) -> Option<String> {
        self.state.check.report().map(|report| report.target.to_string())
    }

    fn waits(&self) -> Option<&Waits> {
        match &self.state.check {
            Check::Waiting(waits) => Some(waits),
            _ => None,
        }
    }

    fn error(&self) -> Option<&str> {
        self.state.form.error.as_ref().map(|sentence| sentence.key.as_str())
    }
}

/// What a run says, in which nothing is known yet.
fn told(order: &Order, end: Option<End>) -> Event {
    Event::Told { run: order.run, report: report(&order.about.target), end, patient: false }
}

fn report(target: &Target) -> Rc<Report> {
    Rc::new(Session::new(target.clone(), Rc::new(Knowledge::default()), ListKeys::default()).report())
}
