//! What the user changes is asked about once it has stayed as it is for a moment.

use mail_triage_browser::clock;
use yew::platform::spawn_local;

/// How long it has to stay as it is, in milliseconds.
const PAUSE: u32 = 500;

/// Does `then` a moment later, unless it is not current any more by then.
pub fn once_settled(is_current: impl FnOnce() -> bool + 'static, then: impl FnOnce() + 'static) {
    spawn_local(async move {
        clock::sleep(PAUSE).await;
        if is_current() {
            then();
        }
    });
}
