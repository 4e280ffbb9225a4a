//! Ids of what is brought into view, and the address of what is shown.

use super::state::State;
use mail_triage_browser::address;

/// The id of the line that says which message is explained.
pub const ASKED_OF_PASTE: &str = "asked-of-paste";

impl State {
    /// The address of what is shown, for somebody else.
    pub fn link(&self) -> String {
        address::address_with(&self.route.to_share().with_finding(None).to_string())
    }
}
