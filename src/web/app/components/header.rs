//! The head of the page: the name, the language, the resolver.

use web_sys::HtmlSelectElement;
use yew::prelude::{Callback, Event, Html, TargetCast, html};

use crate::{
    text::LANGUAGES,
    web::{
        app::{
            state::{Action, State},
            ui::Ui,
        },
        words,
    },
};

/// The head of the page.
pub fn header(ui: &Ui, state: &State) -> Html {
    let act = ui.act.clone();
    let speak = Callback::from(move |event: Event| {
        let chosen = event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value());
        if let Some(language) = chosen.as_deref().and_then(words::known) {
            act.emit(Action::Speak(language));
        }
    });
    let current = state.words.language();
    html! {
        <header class="site-head">
            <a class="brand" href="#/">{ ui.say("static.name") }</a>
            <div class="head-tools">
                <select class="langs" aria-label={ui.say("ui.language")} onchange={speak}>
                    { for LANGUAGES.iter().map(|&(tag, name)| html! {
                        <option key={tag} value={tag} lang={tag} selected={tag == current}>{ name }</option>
                    }) }
                </select>
            </div>
        </header>
    }
}
