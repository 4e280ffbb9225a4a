//! What can be done in the world.

use std::rc::Rc;

use mail_triage_engine::{
    dns::{Name, Query},
    route::Building,
};

use super::{check::Order, files::Piece};

/// What the shell has to do, as data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Fetch a piece of the page; then [`Event::Arrived`](super::Event::Arrived).
    Fetch(Piece),
    /// Fetch the texts of a language, those of further files too; then [`Event::Spoken`](super::Event::Spoken).
    Speak(&'static str),
    /// Keep the language for the next visit.
    KeepLanguage(&'static str),
    /// Begin a run in place of the one before; then `Began` and `Told`.
    Start(Box<Order>),
    /// Ask again in the run of this number; then `Told`.
    Retry(u32, Option<Rc<[Query]>>),
    /// Stop the run of this number; then `Told`.
    Cancel(u32),
    /// Give up the run at hand, if there is one.
    End,
    /// Look once more at the run of this number; then `Filled`.
    Fill {
        /// Its number.
        run: u32,
        /// Before anything is drawn, for nothing has to be built.
        at_once: bool,
    },
    /// Put this record together, from the beginning where it is another or `fresh`; nothing any more if there is none.
    Build(Option<(Building, Name)>, bool),
    /// Go on with that: what stands there now may be known.
    BuildOn,
    /// Open the field for a message.
    OpenMessage,
    /// Read what stood in the box as a message.
    ReadMessage(String),
    /// Find out the address of this connection; then `Connection`.
    AskConnection,
    /// Give that up.
    ForgetConnection,
    /// Go to a fragment: a new entry in the history; then `Routed`.
    GoTo(String),
    /// Write another fragment in place of the present one.
    Rewrite(String),
    /// Bring something into view, once it is drawn.
    Show(Place, When),
    /// Wait a second; then `Rested` with this number.
    Rest(u32),
    /// Keep this resolver for the next visit.
    KeepResolver(Option<String>),
    /// Keep that this resolver may see the user's keys; none if there are no keys any more.
    KeepEntrusted(Option<String>),
}

/// What is brought into view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The element with this id gets the focus.
    Focus(String),
    /// The element with this id is unfolded, and gets focus and view.
    Reveal(String),
    /// The headline with this id and what stands right above it.
    Headline(&'static str),
    /// The result of this name; the headline where it is not there any more.
    Finding(String),
}

/// When it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// In any case.
    Always,
    /// Unless somebody is typing.
    UnlessTyping,
    /// If this element has the focus.
    WhereFocused(&'static str),
}
