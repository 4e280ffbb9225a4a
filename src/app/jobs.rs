//! What takes time: files, the clipboard, trying a resolver out. Each ends in an action.

use super::{BASE, program, state::Action};
use mail_triage_browser::{clipboard, clock, json, transport::Transport, words::Words};
use mail_triage_engine::visible::visible_lines;

/// How long short news stays, in milliseconds.
const NEWS: u32 = 4_000;
/// How long a record that is put together has to stay as it is before anybody is asked about it, in milliseconds.
const PAUSE: u32 = 500;
/// When what may be needed next is fetched, in milliseconds after the start, unless somebody types before that: reading it
/// in would hold up who begins to scroll.
const SETTLED: u32 = 5_000;
/// The same where the address asks for something: then `boot.js` has the engine on its way already.
const ASKED: u32 = 1_500;

/// Something to do.
pub enum Job {
    /// Fetch what a check needs of the program.
    Program,
    /// Fetch what reads messages.
    Messages,
    /// Fetch a file of the page.
    File(&'static str),
    /// Fetch the texts of a language, those of further files too.
    Words(&'static str, Vec<&'static str>),
    /// Fetch the texts of a language that the page does not speak, those of further files too.
    OtherWords(&'static str, Vec<&'static str>),
    /// Fetch a further file of texts of a language.
    Texts(&'static str, &'static str),
    /// Let the page draw the results, then what is folded away.
    Fill,
    /// Put text on the clipboard.
    Copy(String),
    /// Show the element with this id, once it is there.
    Reveal(String),
    /// Put the focus into the element with this id, once it is there.
    Focus(String),
    /// Show the element with this id, once it is there, below what stands right above it: the headline of an answer.
    Headline(&'static str),
    /// Wait so many milliseconds until the check of this number may begin.
    Turn(u32, u32),
    /// Wait until the short news of this number is old.
    Quiet(u32),
    /// Wait until the page has settled; whether the address asks for something.
    Later(bool),
    /// Wait until a record that is put together has settled.
    Settle(u32),
    /// Try the resolver called so, at this address.
    TryResolver(String, String),
}

/// Does it.
pub async fn perform(job: Job, transport: Transport) -> Action {
    match job {
        Job::File(name) => Action::File(name, json::fetch_json(format!("{BASE}{name}")).await),
        Job::Words(language, parts) => Action::Spoken(Words::fetch(BASE, language, &parts).await),
        Job::OtherWords(language, parts) => Action::OtherWords(Words::fetch(BASE, language, &parts).await),
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
        Job::Turn(turn, millis) => {
            clock::sleep(millis).await;
            Action::Turn(turn)
        }
        Job::Later(asked) => {
            clock::sleep(if asked { ASKED } else { SETTLED }).await;
            Action::Later
        }
        Job::Settle(ticket) => {
            clock::sleep(PAUSE).await;
            Action::Settled(ticket)
        }
        Job::Quiet(news) => {
            clock::sleep(NEWS).await;
            Action::Quiet(news)
        }
        Job::Fill => {
            clock::sleep(0).await;
            Action::Fill
        }
        Job::Program => Action::Program(program::arrived().await),
        Job::Messages => Action::Messages(program::messages_arrived().await),
        Job::TryResolver(id, url) => match program::arrived().await {
            Some(program) => (program.try_resolver)(id, url, transport).await,
            None => Action::ResolverTried(id, false),
        },
    }
}
