//! The five steps.

use super::guided;
use crate::{
    components::{
        h::{El, el, part},
        ui::Ui,
    },
    machine::Phase,
};
use mail_triage_engine::checklist::ChecklistStep;

/// The five steps: open and in words until something was asked, folded with their results after that.
pub fn steps(ui: &Ui<'_>) -> El {
    let steps = ChecklistStep::ALL.iter().map(|&step| match ui.results() {
        Some((results, report)) => (results.step)(ui, report, step),
        None => quiet(ui, step),
    });
    part("ol", "steps").all(steps.collect())
}

/// The element of a step.
pub fn item(step: ChecklistStep) -> El {
    let n = step.number();
    part("li", "step").key(&n.to_string()).set("id", format!("step-{n}")).set("data-step", n.to_string())
}

/// A text of a step.
pub fn text(ui: &Ui<'_>, step: ChecklistStep, what: &str) -> String {
    ui.say(&step.key(what))
}

/// What needs no domain, once a message was read that leads here.
fn tools(ui: &Ui<'_>, step: ChecklistStep) -> Option<El> {
    let read = ui.state.paste.as_ref().is_some_and(|paste| paste.reading.is_some());
    let wanted = read && ui.state.knowledge.is_some() && ui.state.machine.phase() == Phase::Idle;
    ui.state.drawing().filter(|_| wanted).and_then(|results| (results.tools)(ui, None, step))
}

fn quiet(ui: &Ui<'_>, step: ChecklistStep) -> El {
    let head = part("div", "step-head")
        .with(part("span", "step-num").text(step.number().to_string()))
        .with(part("h2", "step-title").text(text(ui, step, "title")));
    let tools = tools(ui, step);
    let form = if tools.is_some() { None } else { guided::form(ui, step) };
    let body = part("div", "step-body")
        .with(part("p", "question").text(text(ui, step, "question")))
        .with(el("p").text(text(ui, step, "intro")))
        .maybe(tools)
        .maybe(form)
        .maybe(guided::items(ui, step));
    item(step).with(part("div", "step-box").with(head).with(body))
}
