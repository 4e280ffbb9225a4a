//! The five steps.

use std::rc::Rc;

use yew::prelude::{Html, Properties, component, html};

use super::finding::{self, Finding};
use crate::{
    check::{ChecklistStep, Level},
    report::{Report, Verdict},
    web::app::{
        guide::Guide,
        state::{Phase, State},
        ui::{Ui, use_ui},
    },
};

/// The five steps, open and without results until something was asked.
pub fn steps(ui: &Ui, state: &State, _guide: &Guide) -> Html {
    let report = (state.phase != Phase::Idle).then_some(state.report.as_ref()).flatten();
    html! {
        <ol class="steps">
            { for ChecklistStep::ALL.iter().map(|&step| match report {
                Some(report) => html! { <LiveStep key={step.number()} {step} report={report.clone()} /> },
                None => quiet(ui, step),
            }) }
        </ol>
    }
}

fn quiet(ui: &Ui, step: ChecklistStep) -> Html {
    let n = step.number();
    html! {
        <li class="step" id={format!("step-{n}")} key={n} data-step={n.to_string()}>
            <div class="step-box">
                <div class="step-head"><span class="step-num">{ n }</span><h2 class="step-title">{ ui.say(&format!("step.{n}.title")) }</h2></div>
                <div class="step-body">
                    <p class="question">{ ui.say(&format!("step.{n}.question")) }</p>
                    <p>{ ui.say(&format!("step.{n}.intro")) }</p>
                </div>
            </div>
        </li>
    }
}

/// What a step with results is made of.
#[derive(Clone, PartialEq, Properties)]
pub struct StepProps {
    step: ChecklistStep,
    report: Rc<Report>,
}

/// A step with results.
#[component]
fn LiveStep(StepProps { step, report }: &StepProps) -> Html {
    let ui = use_ui();
    let n = step.number();
    let verdict = verdict(report, *step);
    let places: Vec<(usize, usize)> = places(report, *step).collect();
    html! {
        <li class="step" id={format!("step-{n}")} data-step={n.to_string()} data-verdict={verdict}>
            <details class="step-box">
                <summary class="step-head">
                    <span class="step-num">{ n }</span>
                    <h2 class="step-title">{ ui.say(&format!("step.{n}.title")) }</h2>
                    <span class="step-state">{ ui.say(&format!("ui.verdict.{verdict}")) }</span>
                </summary>
                <div class="step-body">
                    <p class="question">{ ui.say(&format!("step.{n}.question")) }</p>
                    <div>
                        { for places.iter().filter_map(|&place| {
                            let found = report.finding(place)?;
                            let id = finding::id(report, place);
                            Some(html! { <Finding key={id.clone()} id={id.clone()} finding={found.clone()} report={report.clone()} /> })
                        }) }
                    </div>
                </div>
            </details>
        </li>
    }
}

/// The findings of a step, the worst first.
fn places(report: &Report, step: ChecklistStep) -> impl Iterator<Item = (usize, usize)> {
    let mut places: Vec<(Level, usize, usize)> = Vec::new();
    for (c, check) in report.checks.iter().enumerate().filter(|(_, check)| check.step == step) {
        places.extend(check.findings.iter().enumerate().map(|(f, finding)| (finding.level, c, f)));
    }
    places.sort();
    places.into_iter().map(|(_, c, f)| (c, f))
}

/// The word for what came of a step. Steps that the user has to go through never pass by themselves.
fn verdict(report: &Report, step: ChecklistStep) -> &'static str {
    let Some(result) = report.steps.iter().find(|result| result.step == step) else { return "na" };
    if result.running {
        return "running";
    }
    match result.verdict {
        Verdict::Problem => "problem",
        Verdict::Improve => "improve",
        Verdict::Unknown => "unknown",
        Verdict::Pass => "pass",
        Verdict::NotApplicable if step == ChecklistStep::Dns => "na",
        Verdict::NotApplicable => "guided",
    }
}
