//! The machine behind the page: [`State`], what happens to it ([`Event`]), and what is to be done in the world ([`Effect`]).
//!
//! [`step`] is the only way from one state to the next. It reads no clock, calls no browser and asks nobody: a shell tells
//! it what has happened and carries out what it gives back, in that order. So a whole visit can be played in a test
//! (`tests/`), with events in the order in which they come in life: late, twice, after a change of mind.
//!
//! The life of a check is one value, [`check::Check`]. What a run says is told with the run's number; what an earlier run still
//! says is left unheard.
//!
//! | module | what is in it |
//! |---|---|
//! | `state` | everything the page knows that more than one part of it shows |
//! | `event`, `effect` | what can happen, what can be done |
//! | `check` | the life of a check |
//! | `files` | what has to be fetched before a check, and how far that is |
//! | `form` | what is typed, and what is said of it |
//! | `read`, `reader` | from typed text to what is asked about: the engine's part of the form, and how it is reached |
//! | `begin` | from an address to a run |
//! | `results` | from what a run says to what is shown |
//! | `routes` | addresses: links, Back and Forward, what is brought into view |
//! | `watch` | the life of a watch, which is a machine of its own |
//! | `resolvers` | which resolver is asked, and which may see keys |

mod begin;
mod check;
mod effect;
mod event;
mod files;
mod form;
mod read;
mod reader;
mod resolvers;
mod results;
mod routes;
mod state;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
mod watch;

pub use check::{About, Detail, End, Kind, Order, Outcome, Phase, Since};
pub use effect::{Effect, Place, When};
pub use event::{Change, Content, Event};
pub use files::{NOT_HAD, Need, Piece, RECORDED};
pub use form::{Field, Form, Sentence};
pub use read::{of_form, piece, target};
pub use reader::{InputReader, TargetRead};
pub use routes::{CAUSE, HEADLINE, NOTICES};
pub use state::{Connection, EXAMPLES, FromMessage, State};
pub use watch::{Watch, WatchEffect, WatchEvent, WatchStage};

/// Takes what has happened, and gives what is to be done, in this order.
#[must_use]
pub fn step(state: &mut State, event: Event) -> Vec<Effect> {
    let mut machine = Machine { state, effects: Vec::new() };
    machine.take(event);
    machine.effects
}

/// One step under way.
struct Machine<'a> {
    state: &'a mut State,
    effects: Vec<Effect>,
}

impl Machine<'_> {
    fn take(&mut self, event: Event) {
        match event {
            Event::Routed { fragment, pressed, typing } => self.routed(&fragment, pressed, typing),
            Event::Typed(form) => self.typed(form),
            Event::Submit(form) => self.submit(form),
            Event::Edit(field) => self.edit(field),
            Event::Need(need) => self.need(need),
            Event::Arrived(piece, content) => self.arrived(piece, content),
            Event::Began { run, unix, example } => self.began(run, unix, example),
            Event::Told { run, report, end, patient } => self.told(run, report, end, patient),
            Event::Filled { run, outcome, asks_for_keys } => self.filled(run, outcome, asks_for_keys),
            Event::Stop => self.stop(),
            Event::Again { fresh } => self.again(fresh),
            Event::Retry(queries) => self.retry(queries),
            Event::Rested(rest) => self.rested(rest),
            Event::See(name) => self.see(name),
            Event::ToCauses(name) => self.back_to_causes(&name),
            Event::Ask(change) => self.ask_about(change),
            Event::Connection(ip) => self.connection(ip),
            Event::Resolver(choice) => self.choose_resolver(choice),
            Event::Accept(yes) => self.accept(yes),
            Event::KeysChanged { any } => self.keys_changed(any),
            Event::Entrust(yes) => self.entrust(yes),
            Event::Network(online) => self.state.online = online,
            Event::Speak(language) => self.speak(language),
            Event::Spoken { wanted, language, parts } => self.spoken(wanted, language, parts),
            Event::FromMessage(from) => self.check_message(from),
        }
    }

    fn do_(&mut self, effect: Effect) {
        self.effects.push(effect);
    }
}
