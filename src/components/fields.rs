//! Fields of the forms in the panels.

use super::{on::typed, page_context::PageContext};
use crate::components::h::{El, el, part};

/// A choice between words, labelled with the text under `name`. `words` are the words with what each is called. A new `key`
/// makes a new element: the browser keeps what was chosen in the old one.
pub fn choice(
    page: &PageContext,
    name: &'static str,
    key: &str,
    words: Vec<(String, String)>,
    now: &str,
    then: impl Fn(String) + 'static,
) -> El {
    // Nothing chosen yet, or something that is not offered here: the first one, which the browser would not choose by
    // itself, since options come into being from the last to the first.
    let chosen = words.iter().position(|(word, _)| word == now).unwrap_or_default();
    let options = words.into_iter().enumerate().map(|(at, (word, text))| {
        el("option").key(&word).flag("selected", at == chosen).set("value", word).text(text)
    });
    let select = el("select").set("id", name.replace('.', "-")).all(options.collect()).key(key);
    part("label", "field").with(page.el("span", name)).with(typed(select, then))
}
