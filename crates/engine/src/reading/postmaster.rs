//! For whoever runs the mail server: every cause with its reason, rule and records, every finding, the rules of large receivers,
//! and every lookup with the command that repeats it.

use super::{Written, coded};
use crate::{
    bounds,
    check::{Arg, Args, FindingText},
    checklist::ChecklistStep,
    command,
    document::Document,
    report::{FindingReport, rules::RuleStatus},
    report_text::answer,
    view::sending::NamedBy,
};

pub(super) fn write(from: &Written<'_>, document: &mut Document) {
    document.paragraph(&from.meaning());
    for (index, row) in from.report.rows.iter().enumerate() {
        cause(from, index + 1, row, document);
    }
    for step in ChecklistStep::ALL {
        findings(from, *step, document);
    }
    rules(from, document);
    lookups(from, document);
}

fn cause(from: &Written<'_>, number: usize, row: &[(usize, usize)], document: &mut Document) {
    let causes: Vec<&FindingReport> = row.iter().filter_map(|&place| from.report.finding(place)).collect();
    let Some(first) = causes.first() else { return };
    document.heading(2, &coded(&format!("{number}. {}", from.row_title(row)), first.code));
    for text in [FindingText::Why, FindingText::Do] {
        from.texts(row, text).iter().for_each(|said| document.paragraph(said));
    }
    document.paragraph(&format!("{}{}", from.say("ui.finding.source"), first.source));
    for cause in causes {
        for label in &cause.labels {
            document.code(&format!("{} {}: {}", label.name, label.rtype, label.text));
        }
        from.more(document, cause.more_labels);
        for fix in cause.also.iter().chain(&cause.fix) {
            for (key, texts) in [("ui.fix.remove", &fix.remove), ("ui.fix.publish", &fix.publish)] {
                let (shown, more) = bounds::shown(texts, bounds::SHOWN_RECORDS);
                for text in shown {
                    document.paragraph(&format!("{}: {} {}", from.say(key), fix.owner, fix.rtype));
                    document.code(text);
                }
                from.more(document, more);
            }
        }
    }
}

fn findings(from: &Written<'_>, step: ChecklistStep, document: &mut Document) {
    document.heading(2, &format!("({}) {}", step.number(), from.say(&step.key("title"))));
    let sending = &from.report.views.sending;
    if step == ChecklistStep::Blocklists && sending.named_by == NamedBy::Spf {
        let mut args = Args::default();
        args.set("n", sending.addresses.len().into());
        args.set("ips", Arg::list(sending.ips()));
        document.paragraph(&from.catalog.say("senders.why", &args, from.plural));
    }
    for (_, finding) in from.report.findings().filter(|(check, _)| check.step == step) {
        let level = from.say(&finding.level.key());
        let title = from.text(finding, FindingText::Title).unwrap_or_default();
        document.item(&coded(&format!("[{level}] {title}"), finding.code));
        from.more(document, finding.more);
    }
}

/// What large receivers require; not what only the sender can know.
fn rules(from: &Written<'_>, document: &mut Document) {
    if from.report.rules.is_empty() {
        return;
    }
    document.heading(2, &from.say("rules.title"));
    for line in from.report.rules.iter().filter(|line| line.status != RuleStatus::OnlyYou) {
        let (status, rule) = (from.say(&line.status.key()), from.say(&line.key_of_title()));
        document.item(&format!("[{status}] {rule}"));
    }
}

fn lookups(from: &Written<'_>, document: &mut Document) {
    document.heading(2, &from.count("ui.evidence", from.report.evidence.len()));
    for evidence in &from.report.evidence {
        let answer = answer(evidence, from.catalog, from.plural);
        document.item(&format!("{}: {answer}", evidence.query));
    }
    let commands = command::lookups(from.report.evidence.iter().map(|evidence| &evidence.query));
    if !commands.text.is_empty() {
        document.paragraph(&from.say("ui.evidence.dig"));
        document.commands(&commands.text);
    }
    if commands.left_out > 0 {
        document.paragraph(&from.count("ui.command.left-out", commands.left_out));
    }
}
