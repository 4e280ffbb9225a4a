//! How the machine reads what is typed, before it knows the engine.

use mail_triage_engine::{route::CheckRequest, target::Target};

use super::form::{Form, Sentence};

/// What is said of a message in the box.
const MESSAGE: &str = "input.error.looks-like-message";

/// What the engine makes of typed text. The shell hands it over once the engine is there, so that nothing is read too early.
#[derive(Clone, Copy, Debug)]
pub struct InputReader {
    /// What the form asks for, or a sentence that says what was expected.
    pub form: fn(&Form) -> Result<CheckRequest, Sentence>,
    /// What a check is about and what was changed on the way, or a sentence that says what was expected.
    pub target: fn(&CheckRequest) -> Result<TargetRead, Sentence>,
    /// The name or address in what was typed, as it was typed.
    pub piece: fn(&str) -> Option<String>,
}

/// What a check is about, and what was changed on the way.
pub type TargetRead = (Target, Vec<Sentence>);

impl InputReader {
    /// Whether `what` is the piece of what was typed that counts.
    pub fn is_what(self, typed: &str, what: &str) -> bool {
        (self.piece)(typed).is_some_and(|piece| piece == what)
    }
}

/// Whether the sentence says that what was typed is a message.
pub fn is_message(sentence: &Sentence) -> bool {
    sentence.key == MESSAGE
}
