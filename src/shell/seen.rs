//! What a check saw, into a link and out of one.
//!
//! Functions that need what follows after the first paint, reached through [`Program`](super::program::Program) alone.

use std::{future::Future, pin::Pin};

use yew::{platform::spawn_local, prelude::Context};

use super::{App, state::Action};
use mail_triage_browser::{clipboard, compress, save::save_text, share};
use mail_triage_engine::{
    report::Report,
    route::MAX_SEEN,
    snapshot::{MAX_OCTETS, Snapshot},
};

/// Characters of the longest link that programs for mail and chats take whole.
const MOST_LINK: usize = 8_000;

/// Expands what a link holds.
pub fn expand(seen: String) -> Pin<Box<dyn Future<Output = Action>>> {
    Box::pin(async move {
        let octets = compress::expand(&seen, MAX_OCTETS).await;
        Action::Expanded(seen, octets)
    })
}

/// Puts what the run at hand saw on the clipboard, as a link; or saves that as a file, where it is too long.
pub fn copy(app: &App, ctx: &Context<App>) {
    let Some(octets) = now(app) else { return };
    let (before, name) = (app.state.seen_link(), format!("mail-triage-{}.txt", part_of_name(&about(app))));
    ctx.link().send_future(async move {
        let Some(link) = link(&before, &octets).await else { return Action::SavedSeen(false) };
        if link.len() > MOST_LINK {
            return Action::SavedSeen(save_text(&name, "text/plain", &link));
        }
        let done = clipboard::copy(&link).await;
        Action::Copied(link, done)
    });
}

/// Gives a link to another program of this device: with what the run at hand saw, where that is not too long. Where the browser
/// does not allow it, the link is put on the clipboard.
pub fn send(app: &App, ctx: &Context<App>) {
    let title = format!("{}: {}", app.state.words.say("static.name"), about(app));
    let (plain, before) = (app.state.link(), app.state.seen_link());
    // What somebody else saw is in the link as it is.
    let octets = if app.state.machine.is_seen() { None } else { now(app) };
    let told = ctx.link().clone();
    spawn_local(async move {
        let with_result = match octets {
            Some(octets) => link(&before, &octets).await.filter(|link| link.len() <= MOST_LINK),
            None => None,
        };
        let link = with_result.unwrap_or(plain);
        if !share::share(&title, &link).await {
            let done = clipboard::copy(&link).await;
            told.send_message(Action::Copied(link, done));
        }
    });
}

/// What was checked.
fn about(app: &App) -> String {
    app.state.shown_report().map(|report| report.target.to_string()).unwrap_or_default()
}

/// The link that begins with `before`; none where it would be longer than any that is read.
async fn link(before: &str, octets: &[u8]) -> Option<String> {
    let seen = compress::compress(octets, MAX_SEEN).await.filter(|seen| seen.len() <= MAX_SEEN)?;
    Some(format!("{before}{seen}"))
}

/// Whether a sender was checked: a domain or an address that sends.
pub fn has_sender(report: &Report) -> bool {
    report.target.domain.is_some() || !report.target.ips.is_empty()
}

/// What was checked, for the name of a file.
pub fn part_of_name(what: &str) -> String {
    what.replace(|c: char| !c.is_ascii_alphanumeric() && c != '.', "-")
}

/// What the run at hand has seen, for somebody else. An example is nothing that was seen, and where only the recipient's domain
/// was looked up nothing is left that may be shown.
pub fn now(app: &App) -> Option<Vec<u8>> {
    let (run, knowledge) = (app.run.as_ref()?, app.state.knowledge.as_ref()?);
    app.state.shown_report().filter(|report| has_sender(report))?;
    let unix = app.state.machine.checked().and_then(|unix| u64::try_from(unix).ok())?;
    Some(Snapshot::of(&run.session(), knowledge, unix).pack())
}
