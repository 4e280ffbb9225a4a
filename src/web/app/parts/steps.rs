//! The five steps.

use super::{found, guided};
use crate::{
    check::ChecklistStep,
    web::app::{
        h::{El, el, part},
        ui::Ui,
    },
};

/// The five steps: open and in words until something was asked, folded with their results after that.
pub fn steps(ui: &Ui<'_>) -> El {
    let steps = ChecklistStep::ALL.iter().map(|&step| match ui.report() {
        Some(report) => found::step(ui, report, step),
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
    ui.say(&format!("step.{}.{what}", step.number()))
}

fn quiet(ui: &Ui<'_>, step: ChecklistStep) -> El {
    let head = part("div", "step-head")
        .with(part("span", "step-num").text(step.number().to_string()))
        .with(part("h2", "step-title").text(text(ui, step, "title")));
    let body = part("div", "step-body")
        .with(part("p", "question").text(text(ui, step, "question")))
        .with(el("p").text(text(ui, step, "intro")))
        .maybe(guided::items(ui, step))
        .maybe((step == ChecklistStep::Contact).then(|| guided::message(ui)));
    item(step).with(part("div", "step-box").with(head).with(body))
}
