//! The page as a whole.

use super::{ask, guided, head, log, notices, steps, summary};
use crate::web::app::{
    h::{El, el, part},
    ui::Ui,
};

/// The page.
pub fn page(ui: &Ui<'_>) -> El {
    let state = ui.state;
    let live = ui.report().is_some() && state.example.is_none();
    let main = el("main")
        .with(ui.el("h1", "static.title"))
        .with(part("p", "lead").text(ui.say("static.lead")))
        .with(ask::form(ui))
        .with(notices::notices(ui))
        .maybe(ui.report().map(|report| summary::summary(ui, report)))
        .with(guided::before(ui))
        .with(steps::steps(ui))
        .maybe(live.then(|| log::log(ui)));
    let toast = state.toast.map_or_else(String::new, |key| ui.say(key));
    let spoken = match ui.report() {
        Some(report) if toast.is_empty() => summary::spoken(ui, report),
        _ => toast.clone(),
    };
    part("div", "page")
        .put("data-state", state.phase.as_str())
        .with(head::head(ui))
        .with(main)
        .with(part("footer", "foot").with(ui.el("p", "static.privacy")))
        .with(part("p", "toast").put("aria-hidden", "true").text(toast))
        .with(part("p", "hide").put("role", "status").put("aria-live", "polite").text(spoken))
}
