//! Whether there is a network.

use crate::dom::window;

/// What the browser says about the network. It may say "online" wrongly; "offline" means that nothing but this machine
/// can be reached.
pub fn is_online() -> bool {
    window().is_none_or(|window| window.navigator().on_line())
}
