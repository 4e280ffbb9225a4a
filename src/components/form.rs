//! The form: one box, and further fields for those who know more. It owns what is typed: a key press draws nothing else.

mod further;

use std::rc::Rc;

use mail_triage_browser::{clipboard, words::Words};
use mail_triage_engine::input::limits::InputField;
use yew::prelude::{Callback, Html, Properties, component, html, use_force_update, use_mut_ref};

use self::further::{FURTHER, examples, extra, input};
use super::{
    paste::message_of,
    text::{say, sentence, too_long},
};
use crate::{
    machine::{Event, Field, Form, Sentence},
    panels::paste::PastedMessage,
};

/// What the form shows, and whom it tells.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The texts of the page.
    pub words: Words,
    /// What the page put into the fields. Where that changes it replaces what was typed.
    pub text: Form,
    /// What is wrong with it.
    pub error: Option<Sentence>,
    /// Told what is typed and sent.
    pub happened: Callback<Event>,
    /// Told what is pasted into the box and is a message.
    pub read: Callback<Rc<PastedMessage>>,
    /// The user wants the field for messages.
    pub open_paste: Callback<()>,
}

/// The form.
#[component]
pub fn AskForm(props: &Props) -> Html {
    #[cfg(test)]
    crate::renders::drawn("form");
    let given = use_mut_ref(|| props.text.clone());
    let typed = use_mut_ref(|| props.text.clone());
    let redraw = use_force_update();
    if *given.borrow() != props.text {
        given.replace(props.text.clone());
        typed.replace(props.text.clone());
    }
    let form = typed.borrow().clone();
    let words = &props.words;

    let enter = {
        let (typed, redraw, happened) = (typed.clone(), redraw.clone(), props.happened.clone());
        Callback::from(move |(field, text): (Field, String)| {
            *typed.borrow_mut().field(field) = text;
            redraw.force_update();
            happened.emit(Event::Typed(typed.borrow().clone()));
        })
    };
    let submit = {
        let (typed, happened) = (typed.clone(), props.happened.clone());
        move |event: yew::SubmitEvent| {
            event.prevent_default();
            happened.emit(Event::Submit(typed.borrow().clone()));
        }
    };
    let more = move |_| {
        for (field, _, _) in FURTHER {
            typed.borrow_mut().field(field);
        }
        redraw.force_update();
    };
    let fields: Vec<Html> =
        FURTHER.iter().filter_map(|further| extra(words, &form, *further, &enter)).collect();
    let open_paste = props.open_paste.reform(|_: yew::MouseEvent| ());
    html! {
        <form class="ask" role="search" onsubmit={submit}>
            <label class="ask-label" for="q">{ say(words, "static.label") }</label>
            <div class="ask-row">
                { question(props, &form, &enter) }
                <button class="primary">{ say(words, "static.check") }</button>
            </div>
            if let Some(error) = &props.error {
                <p class="error" role="alert" id="q-error">{ sentence(words, error) }</p>
            }
            { too_long(words, InputField::Box, &form.what) }
            <button class="quiet" type="button" onclick={open_paste}>{ say(words, "ui.paste.open") }</button>
            <div class="ask-more">
                if fields.len() < FURTHER.len() {
                    <button class="link" type="button" onclick={more}>{ say(words, "ui.ask.details") }</button>
                }
                { examples(words) }
            </div>
            if !fields.is_empty() {
                <div class="ask-extra">{ fields }</div>
            }
        </form>
    }
}

/// The box. It has one line: what has several is a message, and would lose its lines here. So is what no name is as long as.
fn question(props: &Props, form: &Form, enter: &Callback<(Field, String)>) -> Html {
    let wrong = props.error.is_some();
    let read = props.read.clone();
    let paste = move |event: yew::Event| {
        let is_message = |text: &str| text.trim().contains('\n') || InputField::Box.is_longer(text);
        if let Some(text) = clipboard::pasted(&event).filter(|pasted| is_message(&pasted.text)) {
            event.prevent_default();
            read.emit(Rc::new(message_of(text)));
        }
    };
    html! {
        <input class="ask-box" id="q" name="q" type="text" inputmode="url" enterkeyhint="go" autocomplete="off"
            autocapitalize="none" spellcheck="false" placeholder="example.com"
            aria-invalid={wrong.then_some("true")} aria-describedby={wrong.then_some("q-error")}
            value={form.what.clone()} oninput={input(Field::What, enter)} onpaste={paste} />
    }
}
