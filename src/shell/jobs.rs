//! What takes time: files, the clipboard, waiting. Each ends in an action.

use super::{BASE, program, state::Action};
use crate::machine::Event;
use mail_triage_browser::{clipboard, clock, json, words::Words};
use mail_triage_engine::visible::visible_lines;

/// Milliseconds between two checks that begin by themselves.
const APART: u32 = 1_000;
/// How long short news stays, in milliseconds.
const NEWS: u32 = 4_000;
/// When what may be needed next is fetched, in milliseconds after the start, unless somebody types before that: reading it
/// in would hold up who begins to scroll.
const SETTLED: u32 = 5_000;
/// The same where the address asks for something: then `boot.js` has the engine on its way already.
const ASKED: u32 = 1_500;

/// Something to do.
pub enum Job {
    /// Fetch what asks and judges.
    Program,
    /// Fetch what draws results.
    Results,
    /// Fetch what reads messages.
    Messages,
    /// Fetch what shares and keeps results, tries changes and checks many domains.
    Tools,
    /// Fetch a file of the page.
    File(&'static str),
    /// Fetch the texts of a language, those of further files too.
    Words(&'static str, Vec<&'static str>),
    /// Fetch a further file of texts of a language.
    Texts(&'static str, &'static str),
    /// Let the page draw the results, then what is folded away of the run of this number.
    Fill(u32),
    /// Put text on the clipboard.
    Copy(String),
    /// Show the element with this id, once it is there.
    Reveal(String),
    /// Put the focus into the element with this id, once it is there.
    Focus(String),
    /// Show the element with this id, once it is there, below what stands right above it: the headline of an answer.
    Headline(&'static str),
    /// Wait a second, the one of this number.
    Rest(u32),
    /// Wait until the short news of this number is old.
    Quiet(u32),
    /// Wait until the page has settled; whether the address asks for something.
    Later(bool),
}

/// Does it.
pub async fn perform(job: Job) -> Action {
    match job {
        Job::File(name) => Action::File(name, json::fetch_json(format!("{BASE}{name}")).await),
        Job::Words(language, parts) => Action::Spoken(language, Words::fetch(BASE, language, &parts).await),
        Job::Texts(language, part) => Action::Texts(language, part, Words::part(BASE, language, part).await),
        Job::Copy(text) => {
            let done = clipboard::copy(&visible_lines(&text)).await;
            Action::Copied(text, done)
        }
        Job::Reveal(id) => {
            clock::sleep(0).await;
            Action::Reveal(id)
        }
        Job::Focus(id) => {
            clock::sleep(0).await;
            Action::Focus(id)
        }
        Job::Headline(id) => {
            clock::sleep(0).await;
            Action::Headline(id)
        }
        Job::Rest(rest) => {
            clock::sleep(APART).await;
            Action::Do(Event::Rested(rest))
        }
        Job::Later(asked) => {
            clock::sleep(if asked { ASKED } else { SETTLED }).await;
            Action::Later
        }
        Job::Quiet(news) => {
            clock::sleep(NEWS).await;
            Action::Quiet(news)
        }
        Job::Fill(run) => {
            clock::sleep(0).await;
            Action::Fill(run)
        }
        Job::Program => Action::Program(program::arrived().await),
        Job::Results => Action::Results(program::results_arrived().await),
        Job::Tools => Action::Tools(program::tools_arrived().await),
        Job::Messages => Action::Messages(program::messages_arrived().await),
    }
}
