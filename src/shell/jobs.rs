//! What takes time: files, the clipboard, waiting. Each ends in an action.

use super::{BASE, program, state::Action};
use crate::machine::Event;
use mail_triage_browser::{clipboard, clock, compress, json, words::Words};
use mail_triage_engine::{snapshot::MAX_OCTETS, visible::visible_lines};

/// Characters of the longest link that programs for mail and chats take whole.
const MOST_LINK: usize = 8_000;

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
    /// Fetch the rest of the program.
    Program,
    /// Fetch a file of the page.
    File(&'static str),
    /// Fetch the texts of a language, those of further files too.
    Words(&'static str, Vec<&'static str>),
    /// Fetch a further file of texts of a language.
    Texts(&'static str, &'static str),
    /// Expand what a link holds of an earlier check.
    Expand(String),
    /// Put what a check saw on the clipboard, as a link before whose end this stands.
    CopySeen(String, Vec<u8>),
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
        Job::Expand(seen) => {
            let octets = compress::expand(&seen, MAX_OCTETS).await;
            Action::Expanded(seen, octets)
        }
        Job::CopySeen(before, octets) => match compress::compress(&octets, MOST_LINK).await {
            Some(seen) if before.len() + seen.len() <= MOST_LINK => {
                let link = before + &seen;
                let done = clipboard::copy(&link).await;
                Action::Copied(link, done)
            }
            _ => Action::TooLong,
        },
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
    }
}
