//! The five steps of the checklist.

use serde::Serialize;

/// One of the five steps of the checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChecklistStep {
    /// 1: is the sending address or the domain blocked?
    Blocklists,
    /// 2: is a sending limit reached?
    Limits,
    /// 3: are the settings of the mail program right?
    Authentication,
    /// 4: do other servers trust the domain?
    Dns,
    /// 5: who can help?
    Contact,
}

impl ChecklistStep {
    /// The five, in order.
    pub const ALL: [Self; 5] =
        [Self::Blocklists, Self::Limits, Self::Authentication, Self::Dns, Self::Contact];

    /// The number printed in front of it, 1 to 5.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8 + 1
    }
}
