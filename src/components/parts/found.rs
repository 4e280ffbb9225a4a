//! A step with its results.

use super::{
    build, contact,
    finding::{self, Inside},
    guided, lists, owner, pictures, policy, provider, rules, senders,
    steps::{item, text},
};
use crate::{
    components::{
        calculator::Calculator,
        h::{El, el, part},
        settings::Settings,
        shared::Shared,
        ui::Ui,
    },
    machine::{Detail, Phase},
};
use mail_triage_engine::{
    check::{Code, Level},
    checklist::ChecklistStep,
    knowledge::Knowledge,
    report::{CheckReport, CheckVerdict, FindingReport, Report},
    settings::{automatic, published},
};
use yew::prelude::{Html, html};

/// The step: one line that says what came of it, and all that was found inside.
pub fn step(ui: &Ui<'_>, report: &Report, step: ChecklistStep) -> El {
    let state = StepState::of(report, step, ui.state.machine.phase() == Phase::Running);
    let head = part("summary", "step-head")
        .with(part("span", "step-num").text(step.number().to_string()))
        .with(part("h2", "step-title").text(text(ui, step, "title")))
        .with(part("span", "step-state").text(ui.say(&state.key())))
        .with(line(ui, report, step));
    let mut body = part("div", "step-body")
        .with(part("p", "question no-print").text(text(ui, step, "question")))
        .with(part("p", "no-print").text(text(ui, step, "intro")))
        .maybe((step == ChecklistStep::Contact).then(|| guided::form(ui, step)).flatten())
        .maybe((step == ChecklistStep::Dns).then(|| dns_example(ui, report)).flatten())
        .maybe((step == ChecklistStep::Contact).then(|| contact::connection(ui, report)))
        .maybe((step == ChecklistStep::Blocklists).then(|| senders::why(ui, report)).flatten())
        .with(findings(ui, report, step));
    if ui.state.machine.check.detail() >= Detail::Steps {
        body = rest(ui, report, step, body);
    }
    item(step).put("data-verdict", state.as_str()).with(part("details", "step-box").with(head).with(body))
}

/// What the DNS is, shown with an answer that came in: who receives the domain's mail, or keeps its records.
fn dns_example(ui: &Ui<'_>, report: &Report) -> Option<El> {
    let domain = report.target.domain.as_ref()?;
    let (key, host) = report.example_of_dns()?;
    let values = [("domain", domain.into()), ("host", host.into())];
    Some(part("p", "note").put("id", "dns-example").text(ui.state.words.with(key, values)))
}

/// What a step has besides findings.
fn rest(ui: &Ui<'_>, report: &Report, step: ChecklistStep, body: El) -> El {
    body.maybe(match step {
        ChecklistStep::Blocklists => Some(lists::lists(ui, report)),
        ChecklistStep::Limits | ChecklistStep::Authentication => tools(ui, Some(report), step),
        ChecklistStep::Dns => Some(pictures::pictures(ui)),
        ChecklistStep::Contact => Some(contact::contact(ui, report)),
    })
    .maybe((step == ChecklistStep::Blocklists).then(|| owner::owners(ui, report)))
    .maybe((step == ChecklistStep::Dns).then(|| rules::rules(ui, report)).flatten())
    .maybe((step == ChecklistStep::Blocklists).then(|| lists::web_only(ui, report)).flatten())
    .maybe((step == ChecklistStep::Blocklists).then(|| senders::senders(ui, report)))
    .maybe((step == ChecklistStep::Dns).then(|| build::links(ui, report)).flatten())
    .with(part("h3", "no-print").text(ui.say("ui.guided")))
    .maybe(guided::items(ui, step))
}

/// What a step has that needs no report: whose customer the user is, the form, and under it what the provider says.
pub fn tools(ui: &Ui<'_>, report: Option<&Report>, step: ChecklistStep) -> Option<El> {
    let (form, said) = match step {
        ChecklistStep::Limits => (calculator(ui), provider::limits(ui)),
        ChecklistStep::Authentication => (settings(ui, report), provider::settings(ui)),
        _ => return None,
    };
    Some(el("div").with(provider::choose(ui)).node(form).with(said))
}

/// So many findings that are merely worth knowing stand by themselves.
const FEW: usize = 1;

/// The findings of a step, the worst first; what passed folds into one, and what is merely worth knowing too.
fn findings(ui: &Ui<'_>, report: &Report, step: ChecklistStep) -> El {
    let mut found: Vec<El> = Vec::new();
    let mut known: Vec<El> = Vec::new();
    let mut passed: Vec<El> = Vec::new();
    // Empty while answers come in: building what nobody reads yet would cost more than all the checks.
    let whole = ui.state.machine.is_settled();
    for level in [Level::Stops, Level::Improve, Level::Unknown, Level::Info, Level::Pass] {
        for (c, check) in checks(report, step) {
            for (f, finding) in check.findings.iter().enumerate() {
                if finding.level != level || lists::is_row(check, finding) || owner::is_told(check) {
                    continue;
                }
                let list = match level {
                    Level::Pass => &mut passed,
                    Level::Info if !answers(finding) => &mut known,
                    _ => &mut found,
                };
                let inside = match whole {
                    true => Inside::Whole(policy::paste(ui, report, finding).unwrap_or_default()),
                    false => Inside::Empty,
                };
                list.push(finding::finding(ui, report, (c, f), finding, inside));
            }
        }
    }
    if known.len() > FEW {
        found.push(folded(ui, "ui.known", "info", known));
    } else {
        found.append(&mut known);
    }
    if !passed.is_empty() {
        found.push(folded(ui, "ui.passed", "pass", passed));
    }
    part("div", "findings").all(found)
}

/// Whether a finding that is merely worth knowing answers the question of its step, and is told in no fold: that nothing
/// has to be done about shared addresses.
fn answers(finding: &FindingReport) -> bool {
    finding.code == Code::Bl140
}

/// Findings behind one line that counts them.
fn folded(ui: &Ui<'_>, title: &str, level: &'static str, findings: Vec<El>) -> El {
    let title = part("span", "finding-title").text(ui.count(title, findings.len()));
    let head = part("summary", "finding-head").with(title);
    let body = part("div", "finding-body").all(findings);
    part("details", "finding").key(level).put("data-level", level).with(head).with(body)
}

fn checks(report: &Report, step: ChecklistStep) -> impl Iterator<Item = (usize, &CheckReport)> {
    report.checks.iter().enumerate().filter(move |(_, check)| check.step == step)
}

/// What is said of a step.
#[derive(Clone, Copy)]
enum StepState {
    /// What came of its checks.
    Checked(CheckVerdict),
    /// The user has to go through it.
    Guided,
    /// Answers are still awaited.
    Running,
}

impl StepState {
    /// What is said of `step`. One that the user has to go through never passes by itself.
    fn of(report: &Report, step: ChecklistStep, running: bool) -> Self {
        let Some(result) = report.steps.iter().find(|result| result.step == step) else {
            return Self::Checked(CheckVerdict::NotApplicable);
        };
        if result.running && running {
            return Self::Running;
        }
        match result.verdict {
            // Stopped before its end.
            CheckVerdict::Pass | CheckVerdict::NotApplicable if result.running => {
                Self::Checked(CheckVerdict::Unknown)
            }
            // That its provider can be found helps nobody yet.
            CheckVerdict::Pass if step == ChecklistStep::Contact => Self::Guided,
            CheckVerdict::NotApplicable if step != ChecklistStep::Dns => Self::Guided,
            verdict => Self::Checked(verdict),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Checked(verdict) => verdict.as_str(),
            Self::Guided => "guided",
            Self::Running => "running",
        }
    }

    /// The key of its text.
    fn key(self) -> String {
        match self {
            Self::Checked(verdict) => verdict.key(),
            Self::Guided => "ui.verdict.guided".to_owned(),
            Self::Running => "ui.verdict.running".to_owned(),
        }
    }
}

/// One line that says what is inside.
fn line(ui: &Ui<'_>, report: &Report, step: ChecklistStep) -> El {
    let line = part("span", "step-line");
    match step {
        ChecklistStep::Blocklists => line.text(lists::line(ui, report)),
        ChecklistStep::Limits => line.text(provider::limit_line(ui)),
        ChecklistStep::Authentication => line.text(provider::settings_line(ui)),
        ChecklistStep::Contact => line.text(provider::line(ui)),
        ChecklistStep::Dns => line.all(tally(ui, report, step)),
    }
}

/// Every check of a step with a mark, and the word for it to those who do not see the mark.
fn tally(ui: &Ui<'_>, report: &Report, step: ChecklistStep) -> Vec<El> {
    let mut checks_told: Vec<El> = Vec::new();
    for (_, check) in checks(report, step) {
        let mark = match check.verdict {
            CheckVerdict::Problem | CheckVerdict::Improve => "!",
            CheckVerdict::Unknown => "?",
            CheckVerdict::Pass => "✓",
            CheckVerdict::NotApplicable => continue,
        };
        let name = ui.say(&check.id.key());
        let word =
            format!("{}{}{}", ui.say("ui.colon"), ui.say(&check.verdict.key()), ui.say("list.separator"));
        let told = part("span", "tally")
            .key(check.id.as_str())
            .text(name)
            .with(part("span", "hide").text(word))
            .with(el("span").put("aria-hidden", "true").text(format!("\u{a0}{mark}")));
        checks_told.push(told);
    }
    checks_told
}

/// The calculator of step 2.
fn calculator(ui: &Ui<'_>) -> Html {
    let (knowledge, provider) = (knowledge(ui), provider_id(ui));
    html! {
        <Calculator page={ui.page.clone()} kept={ui.memory.calculator.clone()} {knowledge} {provider} />
    }
}

/// The form of step 3; without a report, where an error was pasted that names no domain.
fn settings(ui: &Ui<'_>, report: Option<&Report>) -> Html {
    let (knowledge, provider) = (knowledge(ui), provider_id(ui));
    html! {
        <Settings
            page={ui.page.clone()}
            kept={ui.memory.settings.clone()}
            asking={ui.state.machine.example().is_none().then(|| ui.asking.clone())}
            {knowledge}
            {provider}
            domain={sender_domain(ui, report)}
            published={report.map(published).unwrap_or_default()}
            automatic={report.map(automatic).unwrap_or_default()}
        />
    }
}

/// Lists and providers, as panels have them.
pub fn knowledge(ui: &Ui<'_>) -> Option<Shared<Knowledge>> {
    ui.state.knowledge.clone().map(Shared::from)
}

/// The provider at hand.
pub fn provider_id(ui: &Ui<'_>) -> Option<String> {
    ui.provider().map(|provider| provider.id.clone())
}

/// The sender's domain: what was checked, or what a pasted error names.
fn sender_domain(ui: &Ui<'_>, report: Option<&Report>) -> Option<String> {
    let name = match (report, &ui.state.paste) {
        (Some(report), _) => report.target.domain.clone(),
        (None, Some(paste)) => ui.state.messages.and_then(|messages| (messages.sender)(paste)),
        (None, None) => None,
    };
    name.map(|name| name.to_string())
}
