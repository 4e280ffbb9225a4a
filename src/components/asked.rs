//! What was checked, in one line, with the way back to the form; once there is a report, when and through whom.

use mail_triage_browser::{clock, words::Words};
use yew::prelude::{Callback, Html, Properties, component, html};

use super::text::{say, seen};
use crate::machine::{Event, Field};

/// The id of the line.
pub const ASKED: &str = "asked";

/// What the line shows, and whom it tells.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The texts of the page.
    pub words: Words,
    /// What was checked.
    pub subject: String,
    /// When, in seconds since 1970; none for an example, and until there is a report.
    pub checked: Option<i64>,
    /// Through whom; none where another resolver had to stand in, which a notice says.
    pub resolver: Option<String>,
    /// Told that the user wants to change it.
    pub happened: Callback<Event>,
}

/// The line.
#[component]
pub fn Asked(props: &Props) -> Html {
    let Props { words, subject, checked, resolver, happened } = props;
    let change = happened.reform(|_: yew::MouseEvent| Event::Edit(Field::What));
    let checked = checked.map(|unix| {
        let time = clock::time_of_day(unix, words.language());
        match resolver {
            Some(name) => words.with("asked.at", [("time", time.into()), ("resolver", name.as_str().into())]),
            None => time,
        }
    });
    html! {
        <p class="asked-line" id={ASKED}>
            <b>{ seen(subject) }</b>
            <button class="link" type="button" onclick={change}>{ say(words, "asked.change") }</button>
            if let Some(checked) = checked {
                <span class="note">{ seen(&checked) }</span>
            }
        </p>
    }
}
