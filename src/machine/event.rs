//! What can happen.

use std::{net::IpAddr, rc::Rc};

use mail_triage_engine::{dns::Query, knowledge::Resolvers, report::Report, route::CheckRequest};

use super::{
    check::{End, Outcome},
    files::{Need, Piece},
    form::{Field, Form},
    reader::InputReader,
    state::FromMessage,
};

/// What can happen. What a person does is named as they mean it; the rest is the world's.
#[derive(Clone, Debug)]
pub enum Event {
    /// The address of the page changed, or the page was opened.
    Routed {
        /// What stands behind `#`.
        fragment: String,
        /// Whether a person asked for it here: by a button or a link of this page.
        pressed: bool,
        /// Whether somebody is typing meanwhile.
        typing: bool,
    },
    /// The user types into the form; this stands in it now.
    Typed(Form),
    /// The user sends the form.
    Submit(Form),
    /// The user wants to change what is checked, beginning with this field.
    Edit(Field),
    /// A part of the page needs files.
    Need(Need),
    /// A piece of the page arrived; none if it could not be had.
    Arrived(Piece, Option<Content>),
    /// The run of this number has begun.
    Began {
        /// Its number.
        run: u32,
        /// When, in seconds since 1970; none for an example.
        unix: Option<i64>,
        /// What an example is about.
        example: Option<CheckRequest>,
    },
    /// What is known in the run of this number.
    Told {
        /// Its number.
        run: u32,
        /// What was found by now.
        report: Rc<Report>,
        /// How it came to its end, if it did.
        end: Option<End>,
        /// Whether it takes so long that the steps are to be filled meanwhile.
        patient: bool,
    },
    /// The run of this number was looked at once more after its end.
    Filled {
        /// Its number.
        run: u32,
        /// What is shown of it beside the report.
        outcome: Rc<Outcome>,
        /// The resolver that would have to see the user's keys, and may not yet.
        asks_for_keys: Option<String>,
    },
    /// The user stops the check.
    Stop,
    /// The user wants the check begun, or begun again.
    Again {
        /// Everything is to be asked anew.
        fresh: bool,
    },
    /// The user wants failed lookups asked again: these, or all.
    Retry(Option<Rc<[Query]>>),
    /// A second is over, the one of this number.
    Rested(u32),
    /// The user wants to see the result of this name.
    See(String),
    /// The user wants to go back from the result of this name to the list of causes.
    ToCauses(String),
    /// The user adds something to what is asked.
    Ask(Change),
    /// The address of this connection is known, or cannot be found out.
    Connection(Option<IpAddr>),
    /// The user chose a resolver, and it answers.
    Resolver(String),
    /// The user says whether the resolver of a link may be used.
    Accept(bool),
    /// The user put in or took back a key for a list; whether there is any now.
    KeysChanged {
        /// Whether there is any.
        any: bool,
    },
    /// The user says whether the resolver in question may see the keys.
    Entrust(bool),
    /// The browser has a network, or lost it.
    Network(bool),
    /// The user chose a language.
    Speak(&'static str),
    /// Texts of a language arrived.
    Spoken {
        /// The language that was asked for.
        wanted: &'static str,
        /// The one that could be had.
        language: &'static str,
        /// The further files of texts that came with it.
        parts: Vec<&'static str>,
    },
    /// The user wants a check of what a pasted message names; nothing, once there is another message or none.
    FromMessage(FromMessage),
}

/// What somebody adds to a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A sending address.
    Address(IpAddr),
    /// The receiving hosts are looked up in the lists too.
    ReceivingToo,
    /// The address of this connection, which has to be found out first.
    Connection,
}

/// What arrived.
#[derive(Clone, Debug)]
pub enum Content {
    /// The rest of the program.
    Program(InputReader),
    /// The list of resolvers.
    Resolvers(Rc<Resolvers>),
    /// Something that the shell keeps.
    Kept,
    /// Something that cannot be read: the key of the sentence that says why.
    Unreadable(&'static str),
}
