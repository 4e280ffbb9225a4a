//! The form, or one line in its place.

use crate::components::{asked::Asked, form::AskForm, ui::Ui};
use mail_triage_engine::dns::OWN_RESOLVER;
use yew::prelude::{Html, html};

/// The form.
pub fn form(ui: &Ui<'_>) -> Html {
    let state = ui.state;
    let (words, text, error) =
        (state.words.clone(), state.machine.form.text.clone(), state.machine.form.error.clone());
    let told = ui.callbacks;
    let (happened, read, open_paste) = (told.happened.clone(), told.read.clone(), told.open_paste.clone());
    html! { <AskForm {words} {text} {error} {happened} {read} {open_paste} /> }
}

/// What was checked, in one line, with the way back to the form.
pub fn line(ui: &Ui<'_>) -> Html {
    let state = ui.state;
    let report = state.shown_report();
    let subject = report
        .map_or_else(|| state.machine.form.text.what.trim().to_owned(), |report| report.target.to_string());
    let checked = state.machine.checked().filter(|_| report.is_some());
    let stood_in = state.machine.outcome().is_some_and(|outcome| outcome.stand_ins.is_some());
    let id = state.machine.first_resolver();
    // The address of one's own may hold the number of an account.
    let listed = state.machine.resolver.list.by_id(&id).is_some();
    let resolver = match report.filter(|_| state.machine.is_seen()) {
        // The one that was asked then.
        Some(report) => {
            report.evidence.iter().map(|one| one.outcome.meta().resolver.as_str()).find(|id| !id.is_empty())
        }
        None => (!stood_in && !id.is_empty()).then_some(if listed { id.as_str() } else { OWN_RESOLVER }),
    };
    let resolver = resolver.map(|id| state.resolver_name(id));
    let (words, happened) = (state.words.clone(), ui.callbacks.happened.clone());
    html! { <Asked {words} {subject} {checked} {resolver} {happened} /> }
}
