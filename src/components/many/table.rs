//! The table: a row a domain, sorted and filtered as the user wants it.

use std::rc::Rc;

use mail_triage_browser::{clock, dom, words::Words};
use mail_triage_engine::{check::Level, many::Column, report::CheckVerdict};
use yew::prelude::{Callback, Html, Properties, component, html, use_effect_with, use_state};

use super::State;
use crate::{
    components::{
        kept::Held,
        text::{say, seen},
    },
    panels::many::{Filter, Row, Stage, Table},
};

/// Rows that are drawn in one go.
const ROWS_AT_ONCE: usize = 100;

/// The table, and above it what is shown of it.
pub fn table(words: &Words, held: &Held<State>, table: &Table) -> Html {
    let rows = table.shown();
    let heads = Column::ALL.iter().map(|&column| {
        let held = held.clone();
        let sort = move |_: yew::MouseEvent| held.change(|state| state.table.sort(column));
        html! {
            <th scope="col" aria-sort={table.sorted(column)}>
                <button class="link" type="button" onclick={sort}>{ say(words, &column.key()) }</button>
            </th>
        }
    });
    let shown = words.with("many.shown", [("shown", rows.len().into()), ("n", table.rows().len().into())]);
    html! {
        <>
            <div class="many-filter">
                { filter(words, held, table) }
                <p class="note" role="status">{ seen(&shown) }</p>
            </div>
            <div class="scroll" tabindex="0">
                <table class="facts rows many-rows">
                    <thead><tr>{ for heads }</tr></thead>
                    <Rows rows={rows.into_iter().map(Kept).collect::<Vec<Kept>>()} words={words.clone()} />
                </table>
            </div>
        </>
    }
}

fn filter(words: &Words, held: &Held<State>, table: &Table) -> Html {
    let choose = {
        let held = held.clone();
        Callback::from(move |event: yew::Event| {
            if let Some(word) = dom::value_of(&event) {
                held.change(|state| state.table.filter = Filter::from_word(&word));
            }
        })
    };
    let find = {
        let held = held.clone();
        Callback::from(move |event: yew::InputEvent| {
            if let Some(text) = dom::value_of(&event) {
                held.change(|state| state.table.part = text);
            }
        })
    };
    let options = Filter::ALL.iter().map(|filter| {
        let (word, text) = (filter.as_str(), words.say(filter.key()));
        html! { <option value={word} selected={*filter == table.filter}>{ text }</option> }
    });
    html! {
        <>
            <label class="field">
                <span>{ say(words, "many.filter") }</span>
                <select onchange={choose}>{ for options }</select>
            </label>
            <label class="field">
                <span>{ say(words, "many.find") }</span>
                <input type="text" autocomplete="off" autocapitalize="none" spellcheck="false"
                    value={table.part.clone()} oninput={find} />
            </label>
        </>
    }
}

/// What the rows show.
#[derive(PartialEq, Properties)]
struct RowsProps {
    rows: Vec<Kept>,
    words: Words,
}

/// The rows: the first ones at once, the others a little later, so that nobody waits for hundreds of them.
#[component]
fn Rows(props: &RowsProps) -> Html {
    let drawn = use_state(|| ROWS_AT_ONCE);
    let more = drawn.clone();
    use_effect_with((*drawn, props.rows.len()), move |&(drawn, all)| {
        let frame = (drawn < all).then(|| clock::soon(move || more.set(drawn + ROWS_AT_ONCE)));
        move || drop(frame)
    });
    let rows = props.rows.iter().take(*drawn).map(|row| {
        let key = row.0.name.to_string();
        html! { <Domain {key} row={row.clone()} words={props.words.clone()} /> }
    });
    html! { <tbody>{ for rows }</tbody> }
}

/// A row, which is the same where it is shared.
#[derive(Clone)]
struct Kept(Rc<Row>);

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// What a row shows.
#[derive(PartialEq, Properties)]
struct RowProps {
    row: Kept,
    words: Words,
}

/// One domain. It is drawn anew only when something has become of it.
#[component]
fn Domain(props: &RowProps) -> Html {
    let (row, words) = (&props.row.0, &props.words);
    let name = row.name.as_str();
    let link = match &row.stage {
        Stage::Done { seen, .. } => Some(match seen {
            Some(seen) => format!("#/seen/{seen}"),
            None => format!("#/check/{name}"),
        }),
        Stage::Waiting | Stage::Running => None,
    };
    let first = match link {
        Some(href) => html! { <a {href}>{ seen(name) }</a> },
        None => html! { <span>{ seen(name) }</span> },
    };
    html! {
        <tr data-domain={name.to_owned()} data-stage={row.stage.as_str()}>
            <th scope="row">{ first }</th>
            { for Column::ALL.iter().skip(1).map(|column| cell(words, row, *column)) }
        </tr>
    }
}

fn cell(words: &Words, row: &Row, column: Column) -> Html {
    let label = words.say(&column.key());
    let Stage::Done { line, .. } = &row.stage else {
        let text = match (column, &row.stage) {
            (Column::Headline, Stage::Running) => words.say("ui.verdict.running"),
            (Column::Headline, _) => words.say("many.waiting"),
            _ => String::new(),
        };
        return html! { <td data-label={label}>{ text }</td> };
    };
    let (level, text) = match line.verdict(column) {
        None => (line.headline.level().as_str(), words.say(&format!("many.{}", line.headline.key()))),
        Some(verdict) => {
            let level = match verdict {
                CheckVerdict::Problem => Level::Stops,
                CheckVerdict::Improve => Level::Improve,
                CheckVerdict::Unknown => Level::Unknown,
                CheckVerdict::Pass => Level::Pass,
                CheckVerdict::NotApplicable => Level::Info,
            };
            (level.as_str(), words.say(&verdict.key()))
        }
    };
    html! { <td data-label={label}><span class="state" data-level={level}>{ text }</span></td> }
}
