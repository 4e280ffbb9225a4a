//! What the machine reads with: the engine, and host names as the browser writes them.

use crate::machine::{self, Form, InputReader, Sentence, TargetRead};
use mail_triage_browser::address::to_ascii;
use mail_triage_engine::route::CheckRequest;

/// For [`Program`](super::program::Program).
pub const READER: InputReader = InputReader { form, target, piece };

fn form(form: &Form) -> Result<CheckRequest, Sentence> {
    machine::of_form(form)
}

fn piece(text: &str) -> Option<String> {
    machine::piece(text, to_ascii)
}

/// What a check is about, and what was changed on the way.
///
/// # Errors
/// A sentence that says what was expected.
pub fn target(asked: &CheckRequest) -> Result<TargetRead, Sentence> {
    machine::target(asked, to_ascii)
}
