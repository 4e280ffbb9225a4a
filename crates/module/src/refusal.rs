//! Why a call is refused: a code that stays, and a sentence for whoever writes the program.

use std::fmt;

use serde::Serialize;

use mail_triage_engine::words;

words! {
    /// What a call is refused for. Once published, a word is never given another meaning.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum RefusalCode {
        /// The target is no domain, e-mail address or IP address.
        Target = "target",
        /// An option does not exist, or its value cannot be read; `option` names it.
        Option = "option",
        /// The facts are damaged, or of another version.
        Facts = "facts",
        /// What was passed as a report is none of this package, or holds no facts because its run was not finished.
        Report = "report",
        /// A change of the zone cannot be read.
        Change = "change",
        /// There is no such kind of record.
        Kind = "kind",
        /// There is no finding of this code.
        Code = "code",
        /// The report has no such form.
        Format = "format",
        /// There are no texts in this language.
        Language = "language",
        /// The message is neither text nor octets.
        Message = "message",
        /// A file of the package cannot be fetched or read.
        Files = "files",
    }
}

/// A call that is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// What for.
    pub code: RefusalCode,
    /// The option that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub option: Option<String>,
    /// What is wrong, in English: for whoever writes the program.
    pub message: String,
}

impl Refusal {
    /// A call that is refused for what `message` says.
    pub fn new(code: RefusalCode, message: impl Into<String>) -> Self {
        Self { code, option: None, message: message.into() }
    }

    /// A call that is refused for one of its options.
    #[must_use]
    pub fn of_option(name: &str, what: &str) -> Self {
        let message = format!("option {name}: {what}");
        Self { option: Some(name.to_owned()), ..Self::new(RefusalCode::Option, message) }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}
