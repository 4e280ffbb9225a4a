//! The doors between what is needed for the first paint and what follows with the first check.
//!
//! Everything that is there from the start reaches the engine, and the parts of the page that draw its results, through
//! [`Program`] and nothing else. It is handed out by [`arrived`] when the rest is there, so that nobody can call too early.

use std::{future::Future, pin::Pin};

use yew::prelude::{Context, Html};

use super::{
    App, acts, asked, live, seen,
    state::{Action, Build, Paste, State},
};
use crate::{
    components::{
        h::El,
        parts::{self, build, found, log, message, paste, provider, resolver, summary},
        ui::Ui,
    },
    machine::{Effect, Event, InputReader},
};
use mail_triage_browser::later;
use mail_triage_engine::{checklist::ChecklistStep, knowledge::Provider, report::Report};

/// The rest of the program, as a table of functions.
pub struct Program {
    /// Takes an action that needs the engine; `false` if nothing is to be drawn.
    pub act: fn(&mut App, &Context<App>, Action) -> bool,
    /// Does what the machine wants done, where that takes the engine; gives what came of it at once.
    pub carry_out: fn(&mut App, &Context<App>, Effect) -> Vec<Event>,
    /// What the machine reads typed text with.
    pub reader: InputReader,
    /// Reads what was pasted; while a file is missing, which files of wordings the text takes.
    pub read_paste: fn(&mut App) -> Result<(), Vec<&'static str>>,
    /// Expands what a link holds of an earlier check.
    pub expand: fn(String) -> Pin<Box<dyn Future<Output = Action>>>,
    /// Puts lists and providers together once their files are there.
    pub know: fn(&mut App),
    /// The provider that the user chose, or that was recognised.
    pub provider: for<'a> fn(&'a State) -> Option<&'a Provider>,
    /// The element of the result that a link calls so.
    pub element_of: fn(&Report, &str) -> Option<String>,

    /// Draws the headline and the causes.
    pub summary: fn(&Ui<'_>, &Report) -> El,
    /// What the live region says of a report.
    pub spoken: fn(&Ui<'_>, &Report) -> String,
    /// Says that nothing could be asked of anybody, if it is so.
    pub cut_off: fn(&State, &Report) -> Option<String>,
    /// Draws a step with its results.
    pub step: fn(&Ui<'_>, &Report, ChecklistStep) -> El,
    /// Draws what a step has that needs no report.
    pub tools: fn(&Ui<'_>, ChecklistStep) -> Option<El>,
    /// Draws the message to whoever can help.
    pub message: fn(&Ui<'_>) -> Html,
    /// Draws the panel for the resolver that is being chosen.
    pub resolver: fn(&Ui<'_>, &str) -> Html,
    /// Draws what the provider says about the size of a message.
    pub size_limit: fn(&Ui<'_>) -> Option<El>,
    /// Draws what was pasted.
    pub paste: fn(&Ui<'_>, &Paste) -> El,
    /// Draws the list of requests.
    pub log: fn(&Ui<'_>) -> El,
    /// Draws the record that is put together.
    pub build: fn(&Ui<'_>, &Build) -> El,
}

static PROGRAM: Program = Program {
    act: acts::act,
    carry_out: acts::carry_out,
    reader: asked::READER,
    read_paste: live::read_paste,
    expand: seen::expand,
    know: acts::know,
    provider: acts::provider,
    element_of: parts::element_of,
    summary: summary::summary,
    spoken: summary::spoken,
    cut_off: summary::cut_off,
    step: found::step,
    tools: found::tools,
    message: message::message,
    resolver: resolver::choice,
    size_limit: provider::size_limit,
    paste: paste::panel,
    log: log::log,
    build: build::page,
};

/// Fetches what follows; none if it cannot be had.
pub async fn arrived() -> Option<&'static Program> {
    later::arrived().await.then_some(&PROGRAM)
}
