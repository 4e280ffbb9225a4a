//! The foot of the page: what is done with what is typed, what this is, and where a fault of it can be told.

use mail_triage_browser::{address, words::Words};
use yew::prelude::{Html, Properties, component, html};

use super::text::{external, say, seen};

/// What the foot shows.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The texts of the page.
    pub words: Words,
}

/// The foot.
#[component]
pub fn Foot(props: &Props) -> Html {
    let words = &props.words;
    let version = words.with("foot.version", [("version", env!("CARGO_PKG_VERSION").into())]);
    html! {
        <footer class="foot">
            <p><a href="#/many">{ say(words, "foot.many") }</a></p>
            <p>{ say(words, "static.privacy") }</p>
            <p>
                <a href={format!("errors/{}/index.html", words.language())}>{ say(words, "static.explained") }</a>
                <a href="THIRD-PARTY.txt">{ say(words, "static.licences") }</a>
                if let Some(source) = address::source() {
                    { external(&source, &words.say("foot.source")) }
                    { external(&format!("{source}/issues"), &words.say("foot.fault")) }
                }
            </p>
            <p>{ seen(&version) }</p>
        </footer>
    }
}
