//! What every component has at hand: the words, and a way to say what the user did.

use yew::prelude::{Callback, Html, hook, html, use_context};

use super::state::Action;
use crate::{
    check::{Arg, Level},
    web::words::Words,
};

/// Handed down to every component.
#[derive(Clone, PartialEq)]
pub struct Ui {
    /// The texts.
    pub words: Words,
    /// Takes what the user did.
    pub act: Callback<Action>,
}

impl Ui {
    /// The text under a key.
    pub fn say(&self, key: &str) -> String {
        self.words.say(key)
    }

    /// The text under a key, with placeholders.
    pub fn with<const N: usize>(&self, key: &str, values: [(&'static str, Arg); N]) -> String {
        self.words.with(key, values)
    }

    /// A handler that says the same for every event.
    pub fn on<E: 'static>(&self, action: Action) -> Callback<E> {
        let act = self.act.clone();
        Callback::from(move |_| act.emit(action.clone()))
    }

    /// A quiet button.
    pub fn button(&self, key: &str, action: Action) -> Html {
        html! { <button type="button" class="quiet" onclick={self.on(action)}>{ self.say(key) }</button> }
    }

    /// A button that reads as a link.
    pub fn link(&self, key: &str, action: Action) -> Html {
        html! { <button type="button" class="link" onclick={self.on(action)}>{ self.say(key) }</button> }
    }
}

/// The context of the component at hand. There is always one: [`super::App`] provides it.
#[hook]
pub fn use_ui() -> Ui {
    #[allow(clippy::expect_used, reason = "a component outside the app is a mistake in this program")]
    use_context::<Ui>().expect("components stand inside the app")
}

/// The word of a level in `data-level` and in locale keys.
pub fn level_slug(level: Level) -> &'static str {
    match level {
        Level::Stops => "stops",
        Level::Improve => "improve",
        Level::Unknown => "unknown",
        Level::Info => "info",
        Level::Pass => "pass",
    }
}

/// A link out of the page, in a tab of its own and without a trace of where it was clicked.
pub fn external(url: &str, text: String) -> Html {
    if !(url.starts_with("https://") || url.starts_with("mailto:")) {
        return html! { <span>{ text }</span> };
    }
    html! { <a href={url.to_owned()} target="_blank" rel="noopener noreferrer">{ text }</a> }
}
