//! Fields of the forms inside the steps.

use crate::app::{
    h::{El, el, part},
    state::Action,
    ui::Ui,
};

/// A choice between words; the text of each stands under its name and the word, unless it is a proper name.
pub fn choice(ui: &Ui<'_>, name: &'static str, words: Vec<(String, Option<String>)>) -> El {
    let now = ui.state.entered(name);
    // Nothing chosen yet, or something that is not offered here: the first one, which the browser would not choose by
    // itself, since options come into being from the last to the first.
    let now =
        words.iter().find(|(word, _)| word == now).or(words.first()).map_or("", |(word, _)| word).to_owned();
    let options = words.into_iter().map(|(word, proper)| {
        let text = proper.unwrap_or_else(|| ui.say(&format!("{name}.{word}")));
        el("option").key(&word).flag("selected", word == now).set("value", word).text(text)
    });
    // A new element when something else than the user chose: the browser keeps what was chosen in the old one.
    let key = format!("{name} {}", ui.state.suggested);
    let select = el("select").set("id", name.replace('.', "-")).all(options.collect()).key(&key);
    part("label", "field")
        .with(ui.el("span", name))
        .with(ui.input(select, move |word| Action::Enter(name, word)))
}
