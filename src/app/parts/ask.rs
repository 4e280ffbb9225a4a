//! The form, or one line in its place.

use crate::{
    app::{
        Told,
        h::{El, el, part},
        state::Action,
        ui::Ui,
        view::ASKED,
    },
    components::form::AskForm,
    machine::{Event, Field},
};
use mail_triage_browser::clock;
use mail_triage_engine::dns::OWN_RESOLVER;
use yew::prelude::{Html, html};

/// The form.
pub fn form(ui: &Ui<'_>) -> Html {
    let state = ui.state;
    let (words, text, error) = (state.words.clone(), state.form.text.clone(), state.form.error.clone());
    let Told { happened, pasted, open_paste } = ui.told.clone();
    html! { <AskForm {words} {text} {error} {happened} {pasted} {open_paste} /> }
}

/// What was checked, in one line, with the way back to the form; once there is a report, when and through whom.
pub fn line(ui: &Ui<'_>) -> El {
    let state = ui.state;
    let subject = ui
        .report()
        .map_or_else(|| state.form.text.what.trim().to_owned(), |report| report.target.to_string());
    let checked = state.checked().filter(|_| ui.report().is_some() && state.example().is_none());
    part("p", "asked-line")
        .put("id", ASKED)
        .with(el("b").text(subject))
        .with(ui.button("link", "asked.change", Action::Do(Event::Edit(Field::What))))
        .maybe(checked.map(|unix| part("span", "note").text(when(ui, unix))))
}

/// When it was checked, and through whom; not through whom where another resolver had to stand in, which a notice says.
fn when(ui: &Ui<'_>, unix: i64) -> String {
    let state = ui.state;
    let time = clock::time_of_day(unix, state.words.language());
    let Some(id) = state.effective_resolver().or_else(|| state.resolver.list.chain.first().cloned()) else {
        return time;
    };
    if state.outcome().is_some_and(|outcome| outcome.stand_ins.is_some()) {
        return time;
    }
    // The address of one's own may hold the number of an account.
    let listed = state.resolver.list.by_id(&id).is_some();
    let name = state.resolver_name(if listed { &id } else { OWN_RESOLVER });
    state.words.with("asked.at", [("time", time.into()), ("resolver", name.into())])
}
