//! Many domains: a list is pasted or dropped, and a table fills as results come. Each row opens as its report, out of what was
//! seen, and nobody is asked again.

mod run;
mod table;

use mail_triage_browser::{address, clock, dom, save::save_text};
use mail_triage_engine::{
    knowledge::Knowledge,
    many::{self, DomainList, MOST},
    target::ListKeys,
};
use yew::prelude::{Callback, Html, Properties, component, html, use_effect_with};

use self::run::Runs;
use super::{
    asking::Asking,
    kept::{Held, Kept, use_kept},
    page_context::PageContext,
    shared::Shared,
    text::{say, seen},
};
use crate::panels::{many::Table, paste::PastedMessage};

/// The id of the heading, to which the focus goes.
pub const TITLE: &str = "many-title";

/// What was typed, the table, and the runs under way.
#[derive(Default)]
pub struct State {
    typed: String,
    with_lists: bool,
    /// What the last list named that is no domain.
    list: DomainList,
    table: Table,
    runs: Runs,
    /// The drawing that is due.
    frame: Option<clock::Frame>,
    is_read: bool,
}

/// What it works with.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The words of the page, and its clipboard.
    pub page: PageContext,
    /// What was there before.
    pub kept: Kept<State>,
    /// Through whom domains are looked up.
    pub asking: Asking,
    /// The user's keys for lists, and who may see them.
    pub keys: ListKeys,
    /// Lists and providers.
    pub knowledge: Shared<Knowledge>,
    /// A file that was dropped on the page.
    pub dropped: Option<Shared<PastedMessage>>,
}

/// The form, and the table once there is one.
#[component]
pub fn Many(props: &Props) -> Html {
    let held = use_kept(&props.kept);
    let (page, words) = (&props.page, &props.page.words);
    let begin = {
        let (held, props) = (held.clone(), run::Means::of(props));
        move |dropped: &Option<Shared<PastedMessage>>| {
            run::read_back(&held);
            if let Some(file) = dropped {
                let text = String::from_utf8_lossy(file.octets()).into_owned();
                enter(&held, &props, &text);
            }
        }
    };
    use_effect_with(props.dropped.clone(), begin);
    let state = held.get();
    html! {
        <section class="many">
            <p><a href="#/">{ say(words, "static.name") }</a></p>
            <h1 id={TITLE} tabindex="-1">{ say(words, "many.title") }</h1>
            <p class="lead">{ seen(&page.with("many.lead", "n", MOST)) }</p>
            { form(props, &held, &state) }
            if !state.table.is_empty() {
                { controls(props, &held, &state) }
                { table::table(words, &held, &state.table) }
            }
        </section>
    }
}

fn form(props: &Props, held: &Held<State>, state: &State) -> Html {
    let words = &props.page.words;
    let typed = {
        let held = held.clone();
        Callback::from(move |event: yew::InputEvent| {
            if let Some(text) = dom::value_of(&event) {
                held.change(|state| state.typed = text);
            }
        })
    };
    let lists = {
        let held = held.clone();
        Callback::from(move |_: yew::Event| held.change(|state| state.with_lists = !state.with_lists))
    };
    let submit = {
        let (held, means) = (held.clone(), run::Means::of(props));
        Callback::from(move |event: yew::SubmitEvent| {
            event.prevent_default();
            let text = held.get().typed.clone();
            enter(&held, &means, &text);
        })
    };
    html! {
        <form class="many-form" onsubmit={submit}>
            <label class="field" for="many-list">{ say(words, "many.list") }</label>
            <textarea id="many-list" rows="6" autocapitalize="none" spellcheck="false"
                value={state.typed.clone()} oninput={typed} />
            <label class="choice">
                <input type="checkbox" checked={state.with_lists} onchange={lists} />
                <span>{ say(words, "many.lists") }<span class="note">{ say(words, "many.lists.note") }</span></span>
            </label>
            <button class="primary">{ say(words, "many.start") }</button>
            <p class="note" role="status">{ seen(&not_read(&props.page, &state.list)) }</p>
        </form>
    }
}

/// What of the list was not taken.
fn not_read(page: &PageContext, list: &DomainList) -> String {
    let mut said = Vec::new();
    if !list.not_read.is_empty() {
        let named = mail_triage_engine::text::Arg::list(&list.not_read);
        said.push(page.with("many.not-read", "words", named));
        if list.more_not_read > 0 {
            said.push(page.words.more(list.more_not_read));
        }
    }
    if list.is_cut {
        said.push(page.with("many.cut", "n", MOST));
    }
    said.join(" ")
}

/// Takes a list in place of the one before, and begins.
fn enter(held: &Held<State>, means: &run::Means, text: &str) {
    held.change(|state| {
        state.list = DomainList::read(text, address::to_ascii);
        if !state.list.names.is_empty() {
            state.runs = Runs::default();
            state.table = Table::new(&state.list, state.with_lists);
            run::keep_list(&state.table);
        }
    });
    run::go_on(held, means);
}

/// How far it is, stopping and going on, and the table as a file.
fn controls(props: &Props, held: &Held<State>, state: &State) -> Html {
    let words = &props.page.words;
    let (done, all) = (state.table.done(), state.table.rows().len());
    let progress = words.with("many.progress", [("done", done.into()), ("n", all.into())]);
    let stop = {
        let held = held.clone();
        Callback::from(move |_: yew::MouseEvent| {
            held.change(|state| {
                state.runs = Runs::default();
                state.table.stop();
            });
        })
    };
    let go_on = {
        let (held, means) = (held.clone(), run::Means::of(props));
        Callback::from(move |_: yew::MouseEvent| {
            held.change(|state| state.table.is_stopped = false);
            run::go_on(&held, &means);
        })
    };
    let forget = {
        let held = held.clone();
        Callback::from(move |_: yew::MouseEvent| {
            held.change(|state| {
                run::forget(&state.table);
                (state.runs, state.table, state.list) = Default::default();
            });
        })
    };
    let file = |is_csv: bool| {
        let (held, words) = (held.clone(), words.clone());
        Callback::from(move |_: yew::MouseEvent| {
            let state = held.get();
            let rows = state.table.rows().iter().map(|row| (&row.name, row.line()));
            if is_csv {
                // What tells programs for sheets that it is UTF-8.
                let text = format!("\u{feff}{}", many::csv(rows, words.catalog()));
                save_text("mail-triage.csv", "text/csv;charset=utf-8", &text);
            } else {
                save_text("mail-triage.json", "application/json", &many::json(rows));
            }
        })
    };
    html! {
        <div class="many-controls">
            <div class="progress" data-many={format!("{done}/{all}")}>
                <progress max={all.to_string()} value={done.to_string()} aria-label={words.say("ui.progress.label")} />
                <span>{ seen(&progress) }</span>
            </div>
            <div class="actions">
                if state.table.is_stopped {
                    <button class="quiet" type="button" onclick={go_on}>{ say(words, "many.go-on") }</button>
                } else if done < all {
                    <button class="quiet" type="button" onclick={stop}>{ say(words, "ui.stop") }</button>
                }
                <button class="quiet" type="button" onclick={file(true)}>{ say(words, "many.csv") }</button>
                <button class="quiet" type="button" onclick={file(false)}>{ say(words, "many.json") }</button>
                <button class="quiet" type="button" onclick={forget}>{ say(words, "many.forget") }</button>
            </div>
        </div>
    }
}
