//! What the page keeps for its panels.

use super::{builder, kept::Kept, many, opinion, resolver, settings, ticket, what_if};
use crate::panels::{calculator::Calculator, keys::KeyFields, paste::PasteField};
use crate::shell::watch::Watching;

/// The state of every panel that comes and goes.
#[derive(Default)]
pub struct Memory {
    /// The record that is put together.
    pub builder: Kept<builder::State>,
    /// What stands in the calculator.
    pub calculator: Kept<Calculator>,
    /// The fields for keys of lists.
    pub keys: Kept<KeyFields>,
    /// The table of many domains.
    pub many: Kept<many::State>,
    /// What a second resolver says.
    pub opinion: Kept<opinion::State>,
    /// What is watched until it is fixed, whether it is shown or not.
    pub watch: Option<Watching>,
    /// Whether it is noticed that the page is seen again.
    pub listens: bool,
    /// The message to whoever can help.
    pub ticket: Kept<ticket::State>,
    /// What is typed into the field for a message.
    pub paste: Kept<PasteField>,
    /// What was pasted as the MTA-STS policy of the domain at hand.
    pub policy: Kept<String>,
    /// The resolver that is being chosen, and its trial.
    pub resolver: Kept<resolver::State>,
    /// What stands in the settings form, and its lookup.
    pub settings: Kept<settings::State>,
    /// The records that somebody changes to see what would become of it.
    pub what_if: Kept<what_if::State>,
}
