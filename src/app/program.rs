//! The doors between what is needed for the first paint and what follows with the first check.
//!
//! Everything that is there from the start reaches the engine, and the parts of the page that draw its results, through
//! [`Program`] and nothing else. It is handed out by [`arrived`] when the rest is there, so that nobody can call too early.

use mail_triage_browser::{later, transport::Transport};
use mail_triage_engine::{checklist::ChecklistStep, knowledge::Provider, report::Report};
use yew::prelude::Context;

use super::{
    App, acts, asked,
    builder::Builder,
    calls::{self, Call},
    h::El,
    live, message,
    parts::{self, build, found, log, paste, provider, summary, ticket},
    state::{Action, Paste, State},
    ui::Ui,
};

/// The rest of the program, as a table of functions.
pub struct Program {
    /// Takes an action that needs the engine; `false` if nothing is to be drawn.
    pub act: fn(&mut App, &Context<App>, Action) -> bool,
    /// Starts what the address asks for.
    pub begin: fn(&mut App, &Context<App>),
    /// Takes the form.
    pub submit: fn(&mut App, &Context<App>),
    /// Whether the second text is the piece of the first that counts.
    pub is_what: fn(&str, &str) -> bool,
    /// Reads what was pasted; `false` if a file is missing.
    pub read_paste: fn(&mut App) -> bool,
    /// Puts lists and providers together once their files are there.
    pub know: fn(&mut App),
    /// Fetches the texts of the language of the message to whoever can help.
    pub fetch_other_words: fn(&App, &Context<App>),
    /// Tries a resolver, by its name and address.
    pub try_resolver: fn(String, String, Transport) -> Call,
    /// The provider that the user chose, or that was recognised.
    pub provider: for<'a> fn(&'a State) -> Option<&'a Provider>,
    /// The element of the result that a link calls so.
    pub element_of: fn(&Report, &str) -> Option<String>,

    /// Draws the headline and the causes.
    pub summary: fn(&Ui<'_>, &Report) -> El,
    /// What the live region says of a report.
    pub spoken: fn(&Ui<'_>, &Report) -> String,
    /// Says that nothing could be asked of anybody, if it is so.
    pub cut_off: fn(&Ui<'_>, &Report) -> Option<El>,
    /// Draws a step with its results.
    pub step: fn(&Ui<'_>, &Report, ChecklistStep) -> El,
    /// Draws what a step has that needs no report.
    pub tools: fn(&Ui<'_>, ChecklistStep) -> Option<El>,
    /// Draws the message to whoever can help.
    pub ticket: fn(&Ui<'_>) -> El,
    /// Draws what the provider says about the size of a message.
    pub size_limit: fn(&Ui<'_>) -> Option<El>,
    /// Draws what was pasted.
    pub paste: fn(&Ui<'_>, &Paste) -> El,
    /// Draws the list of requests.
    pub log: fn(&Ui<'_>) -> El,
    /// Draws the record that is put together.
    pub build: fn(&Ui<'_>, &Builder) -> El,
    /// What the live region says of it.
    pub build_spoken: fn(&Ui<'_>, &Builder) -> String,
}

static PROGRAM: Program = Program {
    act: acts::act,
    begin: acts::begin,
    submit: asked::submit,
    is_what: asked::is_what,
    read_paste: live::read_paste,
    know: acts::know,
    fetch_other_words: message::fetch_other_words,
    try_resolver: calls::try_out,
    provider: acts::provider,
    element_of: parts::element_of,
    summary: summary::summary,
    spoken: summary::spoken,
    cut_off: summary::cut_off,
    step: found::step,
    tools: found::tools,
    ticket: ticket::ticket,
    size_limit: provider::size_limit,
    paste: paste::panel,
    log: log::log,
    build: build::page,
    build_spoken: build::spoken,
};

/// Fetches what follows; none if it cannot be had.
pub async fn arrived() -> Option<&'static Program> {
    later::arrived().await.then_some(&PROGRAM)
}
