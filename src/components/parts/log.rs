//! Every request that was made, and who saw it.

use super::finding;
use crate::{
    components::{
        h::{El, On, el, part},
        ui::{Ui, cell},
    },
    machine::Phase,
    shell::state::Action,
};
use mail_triage_browser::{
    dom,
    log::{Request, RequestResult, RequestSubject},
};
use mail_triage_engine::text::Arg;

/// The list.
pub fn log(ui: &Ui<'_>) -> El {
    let state = ui.state;
    // While answers come in only their number is shown; and what is folded away is not made anew at every key.
    let ready = state.log_open && (state.machine.is_settled() || state.machine.phase() == Phase::Idle);
    let requests: Vec<&Request> = if ready { state.requests.iter().collect() } else { Vec::new() };
    let requests = requests.as_slice();
    let left_out = state.requests.left_out();
    let rows =
        requests.iter().enumerate().map(|(index, request)| row(ui, left_out + index, request)).collect();
    let why = el("p").text(ui.say("ui.log.controls"));
    let hosts =
        whom(requests.iter().copied().filter(|request| matches!(request.what, RequestSubject::File(_))));
    let file =
        (!hosts.is_empty()).then(|| part("p", "note").text(ui.with("sts.log", "host", Arg::list(hosts))));
    let fold = part("details", "log");
    let title = match left_out {
        0 => ui.count("ui.log", state.asked),
        _ => state
            .words
            .with("log.last", [("n", (state.asked - left_out).into()), ("all", state.asked.into())]),
    };
    let older = (left_out > 0).then(|| part("p", "note").text(ui.count("log.left-out", left_out)));
    ui.on(fold, On::Toggle, |event| dom::unfolded(event).map(Action::Log))
        .with(el("summary").text(title))
        .maybe(who_saw(ui, requests))
        .with(part("div", "note").with(why))
        .maybe(file)
        .maybe(older)
        .with(ui.table(&["query", "result", "resolver", "ms"], rows))
}

/// Who runs the resolvers that were asked, and what is known of each.
fn who_saw(ui: &Ui<'_>, requests: &[&Request]) -> Option<El> {
    let asked =
        whom(requests.iter().copied().filter(|request| !matches!(request.what, RequestSubject::File(_))));
    let listed = |id: &str| ui.state.machine.resolver.list.by_id(id);
    let operator = |id: &str| {
        listed(id).map_or_else(|| ui.state.resolver_name(id), |resolver| resolver.operator.clone())
    };
    let operators = Arg::list(asked.iter().map(|id| operator(id)));
    let about = asked.iter().filter_map(|id| listed(id)).map(|resolver| {
        let note = resolver.note.as_deref().map(|note| format!("{} ", ui.say(note)));
        el("li")
            .key(&resolver.id)
            .text(format!("{}{}", resolver.name, ui.say("ui.colon")))
            .text(note.unwrap_or_default())
            .with(ui.external(&resolver.privacy, ui.say("ui.log.privacy")))
    });
    let about: Vec<El> = about.collect();
    (!asked.is_empty()).then(|| {
        part("div", "note")
            .with(el("p").text(ui.with("ui.log.resolver", "operators", operators)))
            .maybe((!about.is_empty()).then(|| el("ul").all(about)))
    })
}

/// Who was asked, each once.
fn whom<'a>(requests: impl Iterator<Item = &'a Request>) -> Vec<&'a str> {
    let mut whom: Vec<&str> = Vec::new();
    for request in requests {
        if !whom.contains(&request.whom.as_str()) {
            whom.push(&request.whom);
        }
    }
    whom
}

fn row(ui: &Ui<'_>, index: usize, request: &Request) -> (String, Vec<El>) {
    let result = match request.result {
        RequestResult::Records(n) => cell(ui.count("ui.answer.records", n)),
        RequestResult::NoData => cell(ui.say("ui.answer.no-data")),
        RequestResult::NxDomain => cell(ui.say("ui.answer.nx-domain")),
        RequestResult::Failed(failure) => finding::failure(ui, failure),
        RequestResult::Cancelled => cell(ui.say("ui.answer.cancelled")),
        RequestResult::File => cell(ui.say("sts.brought.file")),
        RequestResult::Unreadable => cell(ui.say("sts.brought.unreadable")),
        RequestResult::TooLong => cell(ui.say("sts.brought.too-long")),
        RequestResult::Refused(status) => cell(ui.with("failure.http", "status", u64::from(status))),
    };
    let what = match &request.what {
        RequestSubject::Records(query) => query.to_string(),
        RequestSubject::OwnAddress => ui.say("log.own-address"),
        RequestSubject::File(url) => url.clone(),
    };
    let cells = vec![
        el("code").text(what),
        result,
        cell(ui.state.resolver_name(&request.whom)),
        cell(request.millis.to_string()),
    ];
    (index.to_string(), cells)
}
