//! A box for the domain that somebody sends from, where a message that was pasted does not name it.

use mail_triage_browser::{dom, words::Words};
use yew::prelude::{Callback, Html, Properties, component, html, use_mut_ref};

use super::text::{say, sentence};
use crate::machine::{Event, Form, Sentence};

/// The box, and what is wrong with what was typed.
const SENDER: &str = "sender";
const WRONG: &str = "sender-error";

/// What the box shows, and whom it tells.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The texts of the page.
    pub words: Words,
    /// What is wrong with what was sent.
    pub error: Option<Sentence>,
    /// Told what is typed and sent.
    pub happened: Callback<Event>,
}

/// The box.
#[component]
pub fn SenderForm(props: &Props) -> Html {
    let typed = use_mut_ref(Form::default);
    let words = &props.words;
    let enter = {
        let (typed, happened) = (typed.clone(), props.happened.clone());
        move |event: yew::InputEvent| {
            typed.borrow_mut().what = dom::value_of(&event).unwrap_or_default();
            happened.emit(Event::Typed(typed.borrow().clone()));
        }
    };
    let submit = {
        let happened = props.happened.clone();
        move |event: yew::SubmitEvent| {
            event.prevent_default();
            happened.emit(Event::Submit(typed.borrow().clone()));
        }
    };
    let wrong = props.error.is_some();
    html! {
        <form class="ask" onsubmit={submit}>
            <label class="ask-label" for={SENDER}>{ say(words, "bounce.sender") }</label>
            <div class="ask-row">
                <input class="ask-box" id={SENDER} type="text" inputmode="url" enterkeyhint="go" autocomplete="off"
                    autocapitalize="none" spellcheck="false" placeholder="example.com"
                    aria-invalid={wrong.then_some("true")} aria-describedby={wrong.then_some(WRONG)} oninput={enter} />
                <button class="primary">{ say(words, "static.check") }</button>
            </div>
            if let Some(error) = &props.error {
                <p class="error" role="alert" id={WRONG}>{ sentence(words, error) }</p>
            }
        </form>
    }
}
