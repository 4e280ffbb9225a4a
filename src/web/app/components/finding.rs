//! A finding: what, why, what to do, and the evidence.

use std::rc::Rc;

use yew::prelude::{Html, Properties, component, html};

use super::record;
use crate::{
    dns::{Outcome, Query},
    report::{FindingReport, Report},
    web::app::ui::{Ui, level_slug, use_ui},
};

/// The element id of the finding at a place of the report. Stable while results stream in.
pub fn id(report: &Report, (c, f): (usize, usize)) -> String {
    let Some(check) = report.checks.get(c) else { return String::new() };
    let Some(finding) = check.findings.get(f) else { return String::new() };
    let same = check.findings[..f].iter().filter(|other| other.code == finding.code).count();
    format!("{}-{}-{same}", check.id, finding.code.id())
}

/// Its title.
pub fn title(ui: &Ui, finding: &FindingReport) -> String {
    ui.words.fill(&format!("finding.{}.title", finding.code.id()), &finding.args)
}

/// What a finding is shown with.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    pub id: String,
    pub finding: FindingReport,
    pub report: Rc<Report>,
}

/// A finding that unfolds.
#[component]
pub fn Finding(Props { id, finding, report }: &Props) -> Html {
    let ui = use_ui();
    let level = level_slug(finding.level);
    let code = finding.code.id();
    let text = |part: &str| {
        let key = format!("finding.{code}.{part}");
        ui.words.has(&key).then(|| ui.words.fill(&key, &finding.args))
    };
    html! {
        <details class="finding" id={id.clone()} data-level={level} data-code={code}>
            <summary class="finding-head">
                <span class="finding-title">{ title(&ui, finding) }</span>
                <span class="finding-state">{ ui.say(&format!("ui.level.{level}")) }{ " " }<span class="code">{ code }</span></span>
            </summary>
            <div class="finding-body">
                { for finding.labels.iter().map(record::marked) }
                if let Some(why) = text("why") {
                    <h4>{ ui.say("ui.finding.why") }</h4>
                    <p>{ why }</p>
                }
                if let Some(what) = text("do") {
                    <h4>{ ui.say("ui.finding.do") }</h4>
                    <p>{ what }</p>
                }
                { for finding.evidence.iter().filter_map(|&at| report.evidence.get(at)).map(|evidence| {
                    answer(&evidence.query, &evidence.outcome)
                }) }
            </div>
        </details>
    }
}

fn answer(query: &Query, outcome: &Outcome) -> Html {
    let text: Vec<String> = outcome.records().iter().map(|record| record.data.to_string()).collect();
    html! { <p><code>{ query.to_string() }</code>{ " " }{ text.join(", ") }</p> }
}
