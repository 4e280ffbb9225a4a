//! What takes time: files, the clipboard, a question to a resolver. Each ends in an action.

use web_sys::AbortController;

use super::{BASE, state::Action};
use crate::{
    dns::{Name, Query, Rtype, whoami},
    web::{
        browser,
        doh::{self, Endpoint},
        words::Words,
    },
};

/// How long short news stays, in milliseconds.
const NEWS: u32 = 4_000;
/// When what may be needed next is fetched, in milliseconds after the start.
const SETTLED: u32 = 1_500;

/// Something to do.
pub enum Job {
    /// Fetch a file of the page.
    File(&'static str),
    /// Fetch the texts of a language, those of findings too if so.
    Words(&'static str, bool),
    /// Fetch the texts of findings in the language in use.
    Findings(Words),
    /// Put text on the clipboard.
    Copy(String),
    /// Show the element with this id, once it is there.
    Reveal(&'static str),
    /// Wait until short news is old.
    Quiet,
    /// Wait until the page has settled.
    Later,
    /// Ask the resolver called so, at this address, one question.
    TryResolver(String, String),
    /// Ask the resolver at this address where the question comes from.
    MyAddress(String),
}

/// Does it.
pub async fn perform(job: Job) -> Action {
    match job {
        Job::File(name) => Action::File(name, browser::fetch_json(format!("{BASE}{name}")).await),
        Job::Words(language, complete) => Action::Spoken(Words::fetch(BASE, language, complete).await),
        Job::Findings(words) => Action::Findings(words.completed(BASE).await),
        Job::Copy(text) => {
            let done = browser::copy(&text).await;
            Action::Copied(text, done)
        }
        Job::Reveal(id) => {
            browser::sleep(0).await;
            Action::Reveal(id.to_owned())
        }
        Job::Later => {
            browser::sleep(SETTLED).await;
            Action::Later
        }
        Job::Quiet => {
            browser::sleep(NEWS).await;
            Action::Quiet
        }
        Job::TryResolver(id, url) => {
            let Ok(cancel) = AbortController::new() else { return Action::ResolverTried(id, false) };
            // Every resolver knows the name servers of the root, and the question says nothing about anybody.
            let query = Query::new(Name::root(), Rtype::Ns);
            let endpoint = Endpoint { id, url };
            let answered = doh::ask(&endpoint, &query, true, &cancel).await;
            Action::ResolverTried(endpoint.id, answered.outcome.failure().is_none())
        }
        Job::MyAddress(url) => {
            let Ok(cancel) = AbortController::new() else { return Action::MyAddress(None) };
            let answer = doh::send(url, whoami::question(), true, cancel).await;
            Action::MyAddress(answer.ok().and_then(|octets| whoami::address(&octets)))
        }
    }
}
