//! The doors between what is needed for the first paint and what follows: with the first check, with its first answers, with
//! the first message, with the first press on what is done with a result.
//!
//! Everything that is there from the start reaches the engine through [`Program`] and nothing else, the parts of the page that
//! draw its results through [`Results`], everything but itself what reads messages through [`Messages`], and what shares, keeps
//! and tries through [`Tools`]. They are handed out when their chunk is there, so that nobody can call too early. The engine
//! comes by itself, so that it can ask while the rest is still on its way, what makes reports too: 439 KB come before the first
//! lookup, 634 before that.
//! Four chunks and no more: what several have in common comes in a file for each set of them, 11 files for four, 26 for five.

use std::{future::Future, pin::Pin};

use yew::prelude::{Context, Html};

use super::{
    App, acts, asked, messages, outcome, seen,
    state::{Action, Build, Paste, SharingPanel, State},
    watch::{self, WatchAction, Watching},
};
use crate::{
    components::{
        h::El,
        parts::{
            self, build, explained, found, log, many, opinion, paste, provider, resolver, summary, ticket,
            what_if,
        },
        sharing,
        ui::Ui,
    },
    machine::{Effect, Event, InputReader},
};
use mail_triage_engine::{
    bounce::BounceReading,
    checklist::ChecklistStep,
    cx::Cx,
    dns::Name,
    facts::Step,
    headers::{HeaderComparison, HeaderReading},
    knowledge::Provider,
    report::Report,
    session::Session,
};

/// What a check needs, as a table of functions.
pub struct Program {
    /// Takes an action that needs the engine; `false` if nothing is to be drawn.
    pub act: fn(&mut App, &Context<App>, Action) -> bool,
    /// Does what the machine wants done, where that takes the engine; gives what came of it at once.
    pub carry_out: fn(&mut App, &Context<App>, Effect) -> Vec<Event>,
    /// What the machine reads typed text with.
    pub reader: InputReader,
    /// Expands what a link holds of an earlier check.
    pub expand: fn(String) -> Pin<Box<dyn Future<Output = Action>>>,
    /// Puts lists and providers together once their files are there.
    pub know: fn(&mut App),
    /// The provider that the user chose, or that was recognised.
    pub provider: for<'a> fn(&'a State) -> Option<&'a Provider>,
    /// The element of the result that a link calls so.
    pub element_of: fn(&Report, &str) -> Option<String>,
}

/// What puts the results of a check together, draws them and what stands beside them, as a table of functions.
pub struct Results {
    /// Takes an action that is about a result; `false` if nothing is to be drawn.
    pub act: fn(&mut App, &Context<App>, Action) -> bool,
    /// What a run has found by now.
    pub report: fn(&Session) -> Report,
    /// What is shown of the run of this number beside its report, if it has come to its end.
    pub filled: fn(&mut App, &Context<App>, u32) -> Option<Event>,

    /// Draws the headline and the causes.
    pub summary: fn(&Ui<'_>, &Report) -> El,
    /// What the live region says of a report.
    pub spoken: fn(&Ui<'_>, &Report) -> String,
    /// Says that nothing could be asked of anybody, if it is so.
    pub cut_off: fn(&State, &Report) -> Option<String>,
    /// Draws a step with its results.
    pub step: fn(&Ui<'_>, &Report, ChecklistStep) -> El,
    /// Draws what a step has that needs no report.
    pub tools: fn(&Ui<'_>, Option<&Report>, ChecklistStep) -> Option<El>,
    /// Draws the message to whoever can help.
    pub ticket: fn(&Ui<'_>) -> Html,
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
    /// Draws the places of what follows later: of changes that are tried, and of a second opinion.
    pub later: fn(&Ui<'_>) -> El,
}

/// What shares and keeps results, tries changes and checks many domains, as a table of functions.
pub struct Tools {
    /// Draws a panel of what shares and keeps results.
    pub sharing: fn(&Ui<'_>, SharingPanel) -> Html,
    /// Draws the table of many domains.
    pub many: fn(&Ui<'_>) -> Html,
    /// Draws the records that can be changed to see what would become of it.
    pub what_if: fn(&Ui<'_>) -> Html,
    /// Draws what a second resolver says.
    pub opinion: fn(&Ui<'_>) -> Html,
    /// Takes something about what is watched; `false` if nothing is to be drawn.
    pub watch: fn(&mut App, &Context<App>, WatchAction) -> bool,
    /// Draws what is watched, and how far that is.
    pub watched: fn(&Ui<'_>, &Watching) -> El,
}

/// What reads messages, as a table of functions.
pub struct Messages {
    /// Reads what was pasted; while a file is missing, which files of wordings the text takes.
    pub read: fn(&mut App) -> Result<(), Vec<&'static str>>,
    /// Starts the check of what was pasted.
    pub check: fn(&mut App, &Context<App>),
    /// The header whose findings the check at hand is to be compared with.
    pub header: fn(&App) -> Option<HeaderReading>,
    /// Asks what that comparison takes.
    pub ask: fn(&Cx<'_>, &HeaderReading) -> Step<()>,
    /// What is known of it by now.
    pub compare: fn(&Session, &HeaderReading) -> HeaderComparison,
    /// The domain of the sender that a message names.
    pub sender: fn(&Paste) -> Option<Name>,
    /// Draws what a message says.
    pub explained: fn(&Ui<'_>, &Paste, &BounceReading) -> El,
}

static PROGRAM: Program = Program {
    act: acts::act,
    carry_out: acts::carry_out,
    reader: asked::READER,
    expand: seen::expand,
    know: acts::know,
    provider: acts::provider,
    element_of: parts::element_of,
};

static RESULTS: Results = Results {
    act: outcome::act,
    report: Session::report,
    filled: outcome::filled,
    summary: summary::summary,
    spoken: summary::spoken,
    cut_off: summary::cut_off,
    step: found::step,
    tools: found::tools,
    ticket: ticket::ticket,
    resolver: resolver::choice,
    size_limit: provider::size_limit,
    paste: paste::panel,
    log: log::log,
    build: build::page,
    later: parts::later,
};

static TOOLS: Tools = Tools {
    sharing: sharing::panel,
    many: many::page,
    what_if: what_if::panel,
    opinion: opinion::panel,
    watch: watch::act,
    watched: parts::watch::watched,
};

static MESSAGES: Messages = Messages {
    read: messages::read_paste,
    check: messages::check_paste,
    header: messages::header_of_paste,
    ask: messages::ask,
    compare: messages::compare,
    sender: messages::sender,
    explained: explained::explained,
};

/// Fetches what a check needs; none if it cannot be had.
pub async fn arrived() -> Option<&'static Program> {
    program().await.ok()
}

/// Fetches what draws results; none if it cannot be had.
pub async fn results_arrived() -> Option<&'static Results> {
    results().await.ok()
}

/// Fetches what reads messages; none if it cannot be had.
pub async fn messages_arrived() -> Option<&'static Messages> {
    messages().await.ok()
}

/// Fetches what shares, keeps and tries; none if it cannot be had.
pub async fn tools_arrived() -> Option<&'static Tools> {
    tools().await.ok()
}

/// All that the table names comes in a chunk of its own, because nothing else names it.
#[cfg(feature = "chunks")]
#[wasm_split_helpers::wasm_split(check, fallible)]
fn program() -> Result<&'static Program, wasm_split_helpers::SplitLoaderError> {
    Ok(&PROGRAM)
}

#[cfg(feature = "chunks")]
#[wasm_split_helpers::wasm_split(results, fallible)]
fn results() -> Result<&'static Results, wasm_split_helpers::SplitLoaderError> {
    Ok(&RESULTS)
}

#[cfg(not(feature = "chunks"))]
async fn results() -> Result<&'static Results, std::convert::Infallible> {
    Ok(&RESULTS)
}

#[cfg(feature = "chunks")]
#[wasm_split_helpers::wasm_split(messages, fallible)]
fn messages() -> Result<&'static Messages, wasm_split_helpers::SplitLoaderError> {
    Ok(&MESSAGES)
}

#[cfg(feature = "chunks")]
#[wasm_split_helpers::wasm_split(tools, fallible)]
fn tools() -> Result<&'static Tools, wasm_split_helpers::SplitLoaderError> {
    Ok(&TOOLS)
}

#[cfg(not(feature = "chunks"))]
async fn tools() -> Result<&'static Tools, std::convert::Infallible> {
    Ok(&TOOLS)
}

#[cfg(not(feature = "chunks"))]
async fn messages() -> Result<&'static Messages, std::convert::Infallible> {
    Ok(&MESSAGES)
}

#[cfg(not(feature = "chunks"))]
async fn program() -> Result<&'static Program, std::convert::Infallible> {
    Ok(&PROGRAM)
}
