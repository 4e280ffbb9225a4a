//! What a check saw, into a link and out of one.
//!
//! Functions that need what follows after the first paint, reached through [`Program`](super::program::Program) alone.

use std::{future::Future, pin::Pin};

use super::{App, state::Action};
use mail_triage_browser::{clipboard, compress};
use mail_triage_engine::snapshot::{MAX_OCTETS, Snapshot};

/// Characters of the longest link that programs for mail and chats take whole.
const MOST_LINK: usize = 8_000;

/// Expands what a link holds.
pub fn expand(seen: String) -> Pin<Box<dyn Future<Output = Action>>> {
    Box::pin(async move {
        let octets = compress::expand(&seen, MAX_OCTETS).await;
        Action::Expanded(seen, octets)
    })
}

/// Puts what a check saw on the clipboard, as a link that begins with `before`.
pub async fn copy(before: String, octets: Vec<u8>) -> Action {
    match compress::compress(&octets, MOST_LINK).await {
        Some(seen) if before.len() + seen.len() <= MOST_LINK => {
            let link = before + &seen;
            let done = clipboard::copy(&link).await;
            Action::Copied(link, done)
        }
        _ => Action::TooLong,
    }
}

/// What the run at hand has seen, for somebody else. An example is nothing that was seen.
pub fn now(app: &App) -> Option<Vec<u8>> {
    let (run, knowledge) = (app.run.as_ref()?, app.state.knowledge.as_ref()?);
    let unix = app.state.machine.checked().and_then(|unix| u64::try_from(unix).ok())?;
    Some(Snapshot::of(&run.session(), knowledge, unix).pack())
}
