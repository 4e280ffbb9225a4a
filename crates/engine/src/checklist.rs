//! The five steps of the checklist.

words! {
    /// One of the five steps of the checklist.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum ChecklistStep {
        /// 1: is the sending address or the domain blocked?
        Blocklists = "blocklists",
        /// 2: is a sending limit reached?
        Limits = "limits",
        /// 3: are the settings of the mail program right?
        Authentication = "authentication",
        /// 4: do other servers trust the domain?
        Dns = "dns",
        /// 5: who can help?
        Contact = "contact",
    }
}

impl ChecklistStep {
    /// The key of one of its texts: `title`, `question`, ...
    #[must_use]
    pub fn key(self, text: &str) -> String {
        format!("step.{}.{text}", self.number())
    }

    /// The number printed in front of it, 1 to 5.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8 + 1
    }
}
