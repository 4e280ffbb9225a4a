//! What has to be said above the results.

use crate::{
    components::{
        notices::{Connection, Notices},
        ui::{Ui, host_of},
    },
    machine::Phase,
    shell::state::State,
};
use mail_triage_engine::{route::CheckRequest, text::Arg};
use yew::prelude::{Html, html};

/// All that applies.
pub fn notices(ui: &Ui<'_>) -> Html {
    let state = ui.state;
    let named = state.machine.resolver_in_question().map(|url| (url.to_owned(), host_of(url).to_owned()));
    let held = state.machine.is_held().then(|| match state.machine.route.asked() {
        Some(asked) => told(ui, asked),
        None => state.machine.form.text.what.clone(),
    });
    let keys = state
        .machine
        .trust
        .question
        .as_ref()
        .map(|who| state.machine.resolver.list.by_id(who).map_or(who, |resolver| &resolver.name).clone());
    // What tries it comes with what a check needs.
    let choosing = state.results.zip(state.choosing.as_ref());
    let choosing = choosing.map(|(results, choice)| (results.resolver)(ui, choice));
    html! {
        <Notices
            words={state.words.clone()}
            resolver={named}
            {held}
            {keys}
            notes={state.machine.notes.clone()}
            example={state.machine.example().is_some()}
            seen={state.machine.checked().filter(|_| state.machine.is_seen())}
            connection={connection(state)}
            happened={ui.callbacks.happened.clone()}
        >
            { choosing.unwrap_or_default() }
        </Notices>
    }
}

/// What is said of the connection.
fn connection(state: &State) -> Option<Connection> {
    if state.machine.is_offline() {
        return Some(Connection::Offline);
    }
    let report = state.shown_report().filter(|_| state.machine.phase() == Phase::Done)?;
    if let Some(said) = state.results.and_then(|results| (results.cut_off)(state, report)) {
        return Some(Connection::CutOff(said));
    }
    let (silent, others) = state.machine.outcome()?.stand_ins.as_ref()?;
    let names = |ids: &[String]| Arg::list(ids.iter().map(|id| state.resolver_name(id)));
    let values = [("resolver", names(silent)), ("others", names(others))];
    Some(Connection::StandIn(state.words.with("ui.resolver.stand-in", values)))
}

/// What a check is about, with all addresses that the lists would be asked about.
fn told(ui: &Ui<'_>, asked: &CheckRequest) -> String {
    let ips = asked.ips.iter().chain(&asked.connection_ip).map(ToString::to_string);
    let all: Vec<String> = std::iter::once(asked.what.clone()).chain(ips).collect();
    all.join(&ui.say("list.separator"))
}
