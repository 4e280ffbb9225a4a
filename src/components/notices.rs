//! What has to be said above the results: no connection, a link's wishes, an example.

use mail_triage_browser::{clock, words::Words};
use yew::prelude::{Callback, Html, Properties, component, html};

use super::text::{say, seen, sentence};
use crate::machine::{Event, NOTICES, Sentence};

/// What stands above the results, and whom it tells.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The texts of the page.
    pub words: Words,
    /// A panel above all of them.
    #[prop_or_default]
    pub children: Html,
    /// The address of a resolver that a link names, and its host, until the user has said whether it may be asked.
    pub resolver: Option<(String, String)>,
    /// What a check is about that waits for a person.
    pub held: Option<String>,
    /// The name of a resolver that would see the user's keys, until the user has said whether it may.
    pub keys: Option<String>,
    /// What was changed or left out on the way.
    pub notes: Vec<Sentence>,
    /// An example is shown.
    pub example: bool,
    /// When what is shown was seen, in seconds since 1970, if it is that of an earlier check.
    pub seen: Option<i64>,
    /// What is said of the connection.
    pub connection: Option<Connection>,
    /// Told what the user answers.
    pub happened: Callback<Event>,
}

/// What is said of the connection: the first of these that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    /// There is none.
    Offline,
    /// Nothing could be asked of anybody: the sentence.
    CutOff(String),
    /// Other resolvers had to be asked: the sentence.
    StandIn(String),
}

/// All that apply.
#[component]
pub fn Notices(props: &Props) -> Html {
    let Props { words, happened, .. } = props;
    let answer = |class: &'static str, key: &str, host: Option<String>, event: Event| {
        let told = happened.reform(move |_: yew::MouseEvent| event.clone());
        html! { <button {class} type="button" data-host={host} onclick={told}>{ say(words, key) }</button> }
    };
    let mut strips: Vec<Html> = Vec::new();
    if let Some((address, host)) = &props.resolver {
        let said = words.with("ui.resolver.link", [("address", address.as_str().into())]);
        let answers = html! {
            <>
                { answer("quiet", "ui.resolver.use", Some(host.clone()), Event::Accept(true)) }
                { answer("quiet", "ui.resolver.keep", None, Event::Accept(false)) }
            </>
        };
        strips.push(strip("info", "question", seen(&said), Some(answers)));
    }
    if let Some(subject) = &props.held {
        let said = words.with("frame.asks", [("subject", subject.as_str().into())]);
        let answers = answer("primary", "static.check", None, Event::Again { fresh: false });
        strips.push(strip("info", "frame", seen(&said), Some(answers)));
    }
    if let Some(name) = &props.keys {
        let said = words.with("keys.question", [("resolver", name.as_str().into())]);
        let answers = html! {
            <>
                { answer("quiet", "keys.question.yes", None, Event::Entrust(true)) }
                { answer("quiet", "keys.question.no", None, Event::Entrust(false)) }
            </>
        };
        strips.push(strip("info", "key-question", seen(&said), Some(answers)));
    }
    for note in &props.notes {
        strips.push(strip("info", &words.fill(&note.key, &note.args), sentence(words, note), None));
    }
    if props.example {
        strips.push(strip("info", "example", say(words, "ui.example.note"), None));
    }
    if let Some(unix) = props.seen {
        let said = words.with("ui.seen.note", [("date", clock::local_time(unix).into())]);
        let answers = answer("primary", "ui.seen.again", None, Event::Again { fresh: true });
        strips.push(strip("info", "seen", seen(&said), Some(answers)));
    }
    strips.extend(props.connection.as_ref().map(|connection| match connection {
        Connection::Offline => strip("unknown", "offline", say(words, "ui.offline"), None),
        Connection::CutOff(said) => {
            let answers = answer("quiet", "ui.retry.all", None, Event::Retry(None));
            strip("unknown", "cut-off", seen(said), Some(answers))
        }
        Connection::StandIn(said) => strip("info", "stand-in", seen(said), None),
    }));
    html! { <div class="notices" id={NOTICES} tabindex="-1">{ props.children.clone() }{ strips }</div> }
}

/// A strip of this level, with what the user may answer.
fn strip(level: &'static str, key: &str, said: Html, answers: Option<Html>) -> Html {
    html! {
        <div class="notice" data-level={level} {key}>
            <p>{ said }</p>
            if let Some(answers) = answers {
                <div class="actions">{ answers }</div>
            }
        </div>
    }
}
