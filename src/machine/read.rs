//! From what was typed to what is asked about. This takes the engine, which a first paint does not: the machine reads
//! through [`InputReader`](super::InputReader).

use mail_triage_engine::{check::Arg, check_request::WrongField, input, route::CheckRequest};

use super::{
    form::{Form, Sentence},
    reader::TargetRead,
};

/// What the form asks for.
///
/// # Errors
/// A sentence that says what was expected.
pub fn of_form(form: &Form) -> Result<CheckRequest, Sentence> {
    let field = |text: &Option<String>| text.clone().unwrap_or_default();
    let (ips, selectors, helo) = (field(&form.ip), field(&form.selector), field(&form.helo));
    CheckRequest::of_fields(&form.what, &ips, &selectors, &helo).map_err(|wrong| {
        let parts = |key: &str, parts| Sentence::with(key, [("parts", Arg::list(parts))]);
        match wrong {
            WrongField::Ips(wrong) => parts("input.error.ips", wrong),
            WrongField::Selectors(wrong) => parts("input.error.selectors", wrong),
            WrongField::Helo(wrong) => Sentence::about("ui.error.helo", "text", &wrong),
        }
    })
}

/// The name or address in what was typed, as it was typed. `to_ascii` is that of [`input::read`].
pub fn piece(text: &str, to_ascii: fn(&str) -> Option<String>) -> Option<String> {
    input::read(text, to_ascii).ok().map(|reading| reading.piece)
}

/// What a check is about, and what was changed on the way.
///
/// # Errors
/// A sentence that says what was expected.
pub fn target(asked: &CheckRequest, to_ascii: fn(&str) -> Option<String>) -> Result<TargetRead, Sentence> {
    let reading = asked.read(to_ascii).map_err(|error| Sentence { key: error.key(), args: error.args() })?;
    let notes = reading.notes.iter().map(|note| Sentence { key: note.key(), args: note.args() });
    Ok((reading.target, notes.collect()))
}
