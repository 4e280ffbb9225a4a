//! What large receivers require of senders, and how far the domain meets it.

use super::finding;
use crate::components::{
    h::{El, el, part},
    ui::Ui,
};
use mail_triage_engine::report::{
    Report,
    rules::{Audience, RuleLine, RuleSource, RuleStatus},
};

/// The rules, folded; nothing where they do not concern whom the report is about.
pub fn rules(ui: &Ui<'_>, report: &Report) -> Option<El> {
    let lines = &report.rules;
    if lines.is_empty() {
        return None;
    }
    let mut head = el("summary").with(el("span").text(ui.say("rules.title")));
    // While answers come in, what is known changes all the time.
    if ui.state.machine.is_settled() {
        head = head.with(el("span").with(counts(ui, lines)));
    }
    let mut body = part("div", "rules-body").with(ui.el("p", "rules.intro"));
    for (audience, key, note) in [
        (Audience::Everyone, "rules.everyone", None),
        (Audience::Bulk, "rules.bulk", Some("rules.bulk.note")),
    ] {
        let mine: Vec<RuleLine> = lines.iter().copied().filter(|line| line.audience == audience).collect();
        let rows = if ui.state.machine.is_settled() { rows(ui, report, &mine) } else { Vec::new() };
        body = body
            .with(ui.el("h3", key))
            .maybe(note.map(|note| part("p", "note").text(ui.say(note))))
            .with(ui.table(&["rules.col.rule", "rules.col.status", "rules.col.asks"], rows));
    }
    Some(part("details", "rules").put("id", "rules").with(head).with(body))
}

/// How many lines have which status.
fn counts(ui: &Ui<'_>, lines: &[RuleLine]) -> El {
    let mut counts = part("span", "note");
    let mut before = false;
    for status in RuleStatus::COUNTED {
        let n = lines.iter().filter(|line| line.status == status).count();
        if n > 0 {
            if before {
                counts = counts.text(ui.say("list.separator"));
            }
            let text = ui.count(&status.key_of_count(), n);
            counts = counts.with(el("b").put("data-level", level(status)).text(text));
            before = true;
        }
    }
    counts
}

fn rows(ui: &Ui<'_>, report: &Report, lines: &[RuleLine]) -> Vec<(String, Vec<El>)> {
    let row = |line: &RuleLine| {
        let advice = part("span", "note").text(ui.say(&line.key_of_advice()));
        let rule = el("span").with(el("span").text(ui.say(&line.key_of_title()))).with(advice);
        let status = part("span", "state")
            .put("data-level", level(line.status))
            .put("data-rule", line.rule)
            .put("data-status", line.status.as_str())
            .text(ui.say(&line.status.key()));
        let note = line.key_of_note().map(|key| part("span", "note").text(ui.say(&key)));
        let status = el("span").with(status).maybe(note).maybe(more(ui, report, line));
        (line.rule.to_owned(), vec![rule, status, asks(ui, line.asks)])
    };
    lines.iter().map(row).collect()
}

/// Who requires it, with the page that says so and when it was read.
fn asks(ui: &Ui<'_>, asks: &[RuleSource]) -> El {
    let links = asks.iter().map(|ask| {
        part("span", "ask-by")
            .key(ask.source)
            .with(ui.external(ask.source, ask.receiver.name()))
            .text(" ")
            .with(part("span", "note").text(ask.date))
    });
    el("span").all(links.collect())
}

/// The way to the finding that says more.
fn more(ui: &Ui<'_>, report: &Report, line: &RuleLine) -> Option<El> {
    let place = line.finding?;
    let title = finding::title(ui, report.finding(place)?);
    Some(part("span", "note").with(finding::link(ui, report, place).text(title)))
}

/// Colour and shape. Nothing here is more urgent than the finding behind it.
fn level(status: RuleStatus) -> &'static str {
    match status {
        RuleStatus::Met => "pass",
        RuleStatus::NotMet => "improve",
        RuleStatus::Unknown => "unknown",
        RuleStatus::OnlyYou => "info",
    }
}
