//! Every request that was made, and who saw it.

use super::finding;
use crate::web::{
    app::{
        h::{El, el, part},
        ui::{Ui, cell},
    },
    run::{Asked, Brought, Request},
};

/// The list.
#[inline(never)]
pub fn log(ui: &Ui<'_>) -> El {
    let state = ui.state;
    // While answers come in only their number is shown.
    let requests: &[Request] = if state.settled { &state.requests } else { &[] };
    let all = requests.iter().chain(&state.beside).enumerate();
    let rows = all.map(|(index, request)| row(ui, index, request)).collect();
    let sees = state.effective_resolver().or_else(|| state.resolvers.chain.first().cloned());
    let sees = sees.and_then(|id| state.resolvers.by_id(&id)).map(|resolver| {
        part("p", "note")
            .text(ui.with("ui.log.resolver", "operator", resolver.operator.as_str()))
            .text(" ")
            .with(ui.external(&resolver.privacy, ui.say("ui.log.privacy")))
    });
    let why = el("p").text(ui.say("ui.log.controls"));
    let file = requests.iter().find(|request| matches!(request.what, Asked::File(_)));
    let file = file.map(|request| part("p", "note").text(ui.with("sts.log", "host", request.whom.as_str())));
    part("details", "log")
        .with(el("summary").text(ui.count("ui.log", state.asked + state.beside.len())))
        .maybe(sees)
        .with(part("div", "note").with(why))
        .maybe(file)
        .with(ui.table(&["query", "result", "resolver", "ms"], rows))
}

fn row(ui: &Ui<'_>, index: usize, request: &Request) -> (String, Vec<El>) {
    let result = match request.result {
        Brought::Records(n) => cell(ui.count("ui.answer.records", n)),
        Brought::NoData => cell(ui.say("ui.answer.no-data")),
        Brought::NxDomain => cell(ui.say("ui.answer.nx-domain")),
        Brought::Failed(failure) => finding::failure(ui, failure),
        Brought::File => cell(ui.say("sts.brought.file")),
        Brought::Unreadable => cell(ui.say("sts.brought.unreadable")),
        Brought::Refused(status) => cell(ui.with("failure.http", "status", u64::from(status))),
    };
    let what = match &request.what {
        Asked::Records(query) => query.to_string(),
        Asked::OwnAddress => ui.say("log.own-address"),
        Asked::File(url) => url.clone(),
    };
    let cells = vec![
        el("code").text(what),
        result,
        cell(ui.state.resolver_name(&request.whom)),
        cell(request.millis.to_string()),
    ];
    (index.to_string(), cells)
}
