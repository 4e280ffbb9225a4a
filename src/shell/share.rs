//! Links that hold what was seen: written and read. What that takes is behind [`Program`](super::program::Program).

use std::pin::Pin;

use super::state::Action;
use mail_triage_browser::{clipboard, compress};
use mail_triage_engine::snapshot::MAX_OCTETS;

/// Characters of the longest link that programs for mail and chats take whole.
const MOST_LINK: usize = 8_000;

/// What comes of a call in time. Boxed, so that its states are not written out in what is there from the start.
pub type Soon<T> = Pin<Box<dyn Future<Output = T>>>;

/// What a link holds; none if it holds something else.
pub fn expand(seen: String) -> Soon<Option<Vec<u8>>> {
    Box::pin(async move { compress::expand(&seen, MAX_OCTETS).await })
}

/// Copies a link of `before` and what was seen, packed.
pub fn copy(before: String, octets: Vec<u8>) -> Soon<Action> {
    Box::pin(async move {
        match compress::compress(&octets, MOST_LINK).await {
            Some(seen) if before.len() + seen.len() <= MOST_LINK => {
                let link = before + &seen;
                let done = clipboard::copy(&link).await;
                Action::Copied(link, done)
            }
            _ => Action::TooLong,
        }
    })
}
