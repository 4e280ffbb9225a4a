//! What the user does and ticks off.

use crate::{
    components::{
        guide::Item,
        h::{El, On, el, part},
        ui::Ui,
    },
    machine::NOT_HAD,
    shell::state::Action,
};
use mail_triage_browser::words::TICKETS;
use mail_triage_engine::{
    checklist::ChecklistStep,
    command::{self, Value},
};
use yew::virtual_dom::VNode;

/// The three simple causes: what comes first while nothing was asked, and last where there is a result.
pub fn before(ui: &Ui<'_>) -> El {
    let items = ui.state.guide.before.iter().map(|id| {
        let key = format!("before.{id}");
        let mut body = paragraphs(ui.say(&format!("{key}.text")));
        if id == "attachment" {
            body.extend(ui.state.drawing().and_then(|results| (results.size_limit)(ui)));
        }
        tick(ui, &key, body)
    });
    part("section", "before")
        .with(ui.el("h2", if ui.report().is_some() { "before.title.last" } else { "before.title" }))
        .with(part("ul", "guided").all(items.collect()))
}

/// The items of a step.
pub fn items(ui: &Ui<'_>, step: ChecklistStep) -> Option<El> {
    let n = step.number();
    let provider = ui.provider().map(|provider| provider.id.as_str());
    let guide = ui.state.guide.steps.iter().find(|guide| guide.step == n)?;
    let mut items: Vec<El> = Vec::new();
    for item in &guide.items {
        let other = provider.is_some_and(|id| !item.providers.iter().any(|other| other == id));
        if item.providers.is_empty() || !other {
            items.push(one(ui, n, item));
        }
    }
    Some(part("ul", "guided").all(items))
}

fn one(ui: &Ui<'_>, step: u8, item: &Item) -> El {
    let key = format!("guide.{step}.{}", item.id);
    let mut body = paragraphs(ui.say(&format!("{key}.text")));
    for command in &item.commands {
        body.push(part("p", "record-label").text(command.on.as_str()));
        body.push(match filled(ui, &command.run) {
            Ok(line) => ui.record(&line),
            Err(command::Unsafe) => part("p", "note left-out").text(ui.count("ui.command.left-out", 1)),
        });
    }
    tick(ui, &key, body)
}

fn tick(ui: &Ui<'_>, key: &str, body: Vec<El>) -> El {
    let title = ui.say(&format!("{key}.title"));
    let id = key.to_owned();
    let input = el("input")
        .put("type", "checkbox")
        .set("id", key.replace('.', "-"))
        .set("aria-label", title.clone())
        .checked(ui.state.ticks.iter().any(|done| done == key));
    let input = ui.on(input, On::Change, move |_| Some(Action::Tick(id.clone())));
    let mut details = el("details").with(el("summary").text(title));
    for part in body {
        details = details.with(part);
    }
    part("li", "tick").key(key).with(input).with(details)
}

fn paragraphs(text: String) -> Vec<El> {
    text.lines().map(|line| el("p").text(line)).collect()
}

/// A command with host, port and domain of this case.
fn filled(ui: &Ui<'_>, template: &str) -> Result<String, command::Unsafe> {
    let service = ui.provider().and_then(|provider| provider.smtp.first());
    let domain = ui.state.domain();
    let (host, port) = match service {
        // What else a name wants the reader knows, such as a region: its word stays in place of it.
        Some(service) => (service.host.replace("{domain}", &domain).replace(['{', '}'], ""), service.port),
        None => (format!("mail.{domain}"), 587),
    };
    let values =
        [("host", Value::Name(&host)), ("port", Value::Port(port)), ("domain", Value::Name(&domain))];
    command::line(template, &values)
}

/// What a step lets the user do beyond reading, in its fold: work out what may be sent, hold settings against what the
/// provider wants, write to whoever can help. Its inside comes with what a check needs.
pub fn form(ui: &Ui<'_>, step: ChecklistStep) -> Option<El> {
    let (id, title) = match step {
        ChecklistStep::Limits => ("limits", "guide.2.form"),
        ChecklistStep::Authentication => ("settings", "guide.3.form"),
        ChecklistStep::Contact => (super::TICKET, "guide.5.message"),
        ChecklistStep::Blocklists | ChecklistStep::Dns => return None,
    };
    let state = ui.state;
    let texts = step != ChecklistStep::Contact || state.words.has_part(TICKETS);
    let results = state.drawing().filter(|_| state.knowledge.is_some() && texts);
    let summary = ui.on(ui.el("summary", title), On::Click, move |_| Some(Action::OpenForm(step)));
    let inside = match results {
        _ if !state.opened.contains(&step) => VNode::default(),
        Some(results) if step == ChecklistStep::Contact => (results.ticket)(ui),
        Some(results) => (results.tools)(ui, None, step).map(VNode::from).unwrap_or_default(),
        None if state.forms_failed => {
            let again = ui.button("quiet", "ui.retry", Action::OpenForm(step));
            part("p", "error").put("role", "alert").text(ui.say(NOT_HAD)).with(again).into()
        }
        None => part("p", "note").text(ui.say("ui.verdict.running")).into(),
    };
    Some(part("details", "form no-print").put("id", id).with(summary).node(inside))
}
