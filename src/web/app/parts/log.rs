//! Every request that was made, and who saw it.

use super::finding;
use crate::web::{
    app::{
        h::{El, el, part},
        ui::{Ui, cell},
    },
    run::{Brought, Request},
};

/// The list.
#[inline(never)]
pub fn log(ui: &Ui<'_>) -> El {
    let state = ui.state;
    let requests = &state.requests;
    // While answers come in only their number is shown.
    let rows: Vec<(String, Vec<El>)> = if state.settled {
        requests.iter().enumerate().map(|(index, request)| row(ui, index, request)).collect()
    } else {
        Vec::new()
    };
    let sees = state.effective_resolver().or_else(|| state.resolvers.chain.first().cloned());
    let sees = sees.and_then(|id| state.resolvers.by_id(&id)).map(|resolver| {
        part("p", "note")
            .text(ui.with("ui.log.resolver", "operator", resolver.operator.as_str()))
            .text(" ")
            .with(ui.external(&resolver.privacy, ui.say("ui.log.privacy")))
    });
    let why = el("p").text(ui.say("ui.log.controls"));
    part("details", "log")
        .with(el("summary").text(ui.count("ui.log", state.asked)))
        .maybe(sees)
        .with(part("div", "note").with(why))
        .with(ui.table(&["query", "result", "resolver", "ms"], rows))
}

fn row(ui: &Ui<'_>, index: usize, request: &Request) -> (String, Vec<El>) {
    let result = match request.result {
        Brought::Records(n) => cell(ui.count("ui.answer.records", n)),
        Brought::NoData => cell(ui.say("ui.answer.no-data")),
        Brought::NxDomain => cell(ui.say("ui.answer.nx-domain")),
        Brought::Failed(failure) => finding::failure(ui, failure),
    };
    let cells = vec![
        el("code").text(request.query.to_string()),
        result,
        cell(ui.state.resolver_name(&request.resolver)),
        cell(request.millis.to_string()),
    ];
    (index.to_string(), cells)
}
