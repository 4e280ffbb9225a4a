//! What a question looks like: answers to tick, one of several, a field to type in.

use mail_triage_engine::input::limits::InputField;

use super::drawing::Drawing;
use crate::{
    components::h::{El, On, el, part},
    panels::builder::choose::Choose,
};

/// A question with its answers.
pub fn question(drawing: &Drawing<'_>, key: &'static str, answers: Vec<El>) -> El {
    let mut field = part("fieldset", "ask-one").key(key).with(drawing.el("legend", &format!("build.{key}")));
    let note = format!("build.{key}.note");
    if drawing.page.words.has(&note) {
        field = field.with(part("p", "note").text(drawing.say(&note)));
    }
    field.all(answers)
}

/// One answer of several, or one that can be given beside others.
pub fn answer(
    drawing: &Drawing<'_>,
    (kind, name): (&'static str, &'static str),
    id: String,
    on: bool,
    shown: El,
    then: impl Fn(bool) -> Choose + 'static,
) -> El {
    let input = el("input").put("type", kind).put("name", name).set("value", id.clone()).checked(on);
    let input = drawing.ticked(input, then);
    part("label", "choice").key(&id).with(input).with(shown)
}

/// A text and a note below it.
pub fn words(text: String, note: Option<String>) -> El {
    el("span").text(text).maybe(note.map(|note| part("span", "note").text(note)))
}

/// One of several, with texts under keys.
pub fn choice(
    drawing: &Drawing<'_>,
    name: &'static str,
    id: &'static str,
    on: bool,
    then: impl Fn() -> Choose + 'static,
) -> El {
    let key = format!("build.{name}.{id}");
    let note = format!("{key}.note");
    let note = drawing.page.words.has(&note).then(|| drawing.say(&note));
    answer(drawing, ("radio", name), id.to_owned(), on, words(drawing.say(&key), note), move |_| then())
}

/// A field to type in, and what is wrong with what was typed.
pub fn field(
    drawing: &Drawing<'_>,
    key: &'static str,
    text: &str,
    error: Option<String>,
    then: impl Fn(String) -> Choose + 'static,
) -> El {
    let id = format!("build-{key}");
    let wrong = format!("{id}-error");
    let mut input = el("input")
        .put("type", "text")
        .put("autocomplete", "off")
        .put("autocapitalize", "none")
        .put("spellcheck", "false")
        .set("id", id.clone())
        .value(text);
    if error.is_some() {
        input = input.put("aria-invalid", "true").set("aria-describedby", wrong.clone());
    }
    let input = drawing.choosing(drawing.typed(input, then), On::Change, Choose::Left);
    let note = format!("build.{key}.note");
    part("div", "field")
        .key(key)
        .with(drawing.el("label", &format!("build.{key}")).set("for", id))
        .with(input)
        .maybe(drawing.page.words.has(&note).then(|| part("span", "note").text(drawing.say(&note))))
        .maybe(error.map(|error| part("p", "error").set("id", wrong).put("role", "alert").text(error)))
        .maybe(drawing.long(if key == "service" { InputField::Line } else { InputField::List }, text))
}
