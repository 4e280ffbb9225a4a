//! Texts on the page.

use mail_triage_browser::words::Words;
use mail_triage_engine::{input::limits::InputField, visible::visible_lines};
use yew::prelude::{Html, html};

use crate::machine::Sentence;

/// A text in which everything can be seen, whoever wrote it.
pub fn seen(text: &str) -> Html {
    html! { visible_lines(text).into_owned() }
}

/// The text under a key.
pub fn say(words: &Words, key: &str) -> Html {
    seen(&words.say(key))
}

/// A sentence.
pub fn sentence(words: &Words, sentence: &Sentence) -> Html {
    seen(&words.fill(&sentence.key, &sentence.args))
}

/// That no more than a part of what stands in a field is read, where it is longer.
pub fn too_long(words: &Words, field: InputField, text: &str) -> Html {
    if !field.is_longer(text) {
        return Html::default();
    }
    let said = words.with("ui.long", [("n", field.most().into())]);
    html! { <span class="note" role="status" data-long="">{ said }</span> }
}

/// A link out of the page, in a tab of its own and without a trace of where it was clicked.
pub fn external(url: &str, text: &str) -> Html {
    if !(url.starts_with("https://") || url.starts_with("mailto:")) {
        return html! { <span>{ seen(text) }</span> };
    }
    html! { <a href={url.to_owned()} target="_blank" rel="noopener noreferrer">{ seen(text) }</a> }
}
