//! What stands below the box: further fields, and links to the recorded examples.

use mail_triage_browser::{dom, words::Words};
use mail_triage_engine::input::limits::InputField;
use yew::prelude::{Callback, Html, html};

use crate::{
    components::text::{say, too_long},
    machine::{EXAMPLES, Field, Form},
};

/// A further field: its name, and how much of it is read.
pub type Further = (Field, &'static str, InputField);

/// All of them.
pub const FURTHER: [Further; 3] = [
    (Field::Ip, "ip", InputField::List),
    (Field::Selector, "selector", InputField::List),
    (Field::Helo, "helo", InputField::Line),
];

/// A further field, if it is shown.
pub fn extra(
    words: &Words,
    form: &Form,
    further: Further,
    enter: &Callback<(Field, String)>,
) -> Option<Html> {
    let (field, name, most) = further;
    let text = form.shown(field)?;
    Some(html! {
        <label class="field" key={name}>
            <span>{ say(words, &format!("ui.ask.{name}")) }</span>
            <input id={format!("q-{name}")} {name} type="text" autocomplete="off" autocapitalize="none"
                spellcheck="false" value={text.to_owned()} oninput={input(field, enter)} />
            <span class="note">{ say(words, &format!("ui.ask.{name}.note")) }</span>
            { too_long(words, most, text) }
        </label>
    })
}

/// Takes what is typed into a field.
pub fn input(field: Field, enter: &Callback<(Field, String)>) -> Callback<yew::InputEvent> {
    let enter = enter.clone();
    Callback::from(move |event: yew::InputEvent| {
        if let Some(text) = dom::value_of(&event) {
            enter.emit((field, text));
        }
    })
}

/// Links to the recorded examples.
pub fn examples(words: &Words) -> Html {
    let links = EXAMPLES.iter().enumerate().map(|(place, id)| {
        html! {
            <span key={*id}>
                { if place == 0 { " " } else { " · " } }
                <a href={format!("#/example/{id}")}>{ say(words, &format!("ui.example.{id}")) }</a>
            </span>
        }
    });
    html! { <span>{ say(words, "ui.examples") }{ for links }</span> }
}
