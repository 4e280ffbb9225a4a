//! The summary: one sentence, the causes in order, and what can be done with the whole.

use super::{actions, finding, senders, since, watch};
use crate::{
    components::{
        h::{El, el, part},
        ui::Ui,
    },
    machine::{CAUSE, Event, HEADLINE, Phase},
    shell::state::{Action, State},
};
use mail_triage_browser::{clock, words};
use mail_triage_engine::{check::Level, report::Report, report_text, route::is_near};

/// The id of its element.
pub const ID: &str = "summary";

/// The summary.
pub fn summary(ui: &Ui<'_>, report: &Report) -> El {
    let running = ui.state.machine.phase() == Phase::Running;
    part("section", "summary")
        .put("id", ID)
        .put("tabindex", "-1")
        .set("aria-label", ui.say("ui.summary"))
        .with(line(ui, report, running))
        .maybe(running.then(|| progress(ui, report)))
        .with(on_paper(ui))
        .maybe((!running).then(|| part("p", "note").text(meaning(ui, report))))
        .maybe(causes(ui, report, running))
        .maybe((!running).then(|| since::since(ui)).flatten())
        .maybe((!running).then(|| actions::actions(ui, report)))
        .maybe((!running).then(|| watch::place(ui)).flatten())
}

/// What the live region says: where the check is, and at its end the sentence.
pub fn spoken(ui: &Ui<'_>, report: &Report) -> String {
    match ui.state.machine.phase() {
        Phase::Running => ui.with("ui.summary.running", "subject", report.target.to_string()),
        Phase::Done => {
            let said: Vec<String> = parts(ui, report).into_iter().map(|(_, text)| text).collect();
            let (colon, separator) = (ui.say("ui.colon"), ui.say("list.separator"));
            format!("{}{colon}{}", report.target, said.join(&separator))
        }
        Phase::Idle => String::new(),
    }
}

/// That no resolver could be reached, if it is so.
pub fn cut_off(state: &State, report: &Report) -> Option<String> {
    let near = state.machine.effective_resolver().filter(|resolver| is_near(resolver));
    report.is_cut_off().then(|| match near {
        Some(address) => state.words.with("ui.cut-off.near", [("address", address.into())]),
        None => state.words.say("ui.cut-off"),
    })
}

/// How far the run is.
pub fn progress(ui: &Ui<'_>, report: &Report) -> El {
    let (done, total) = (report.progress.done, report.progress.total);
    let bar = el("progress")
        .set("max", total.max(1).to_string())
        .set("value", done.to_string())
        .set("aria-label", ui.say("ui.progress.label"));
    let text = ui.state.words.with("ui.progress", [("done", done.into()), ("n", total.into())]);
    part("div", "progress")
        .set("data-lookups", format!("{done}/{total}"))
        .with(bar)
        .with(el("span").text(text))
        .with(ui.button("link", "ui.stop", Action::Do(Event::Stop)))
}

fn line(ui: &Ui<'_>, report: &Report, running: bool) -> El {
    let heading = part("h2", "summary-line").put("id", HEADLINE).put("tabindex", "-1");
    if running {
        return heading.text(ui.with("ui.summary.running", "subject", report.target.to_string()));
    }
    // What matters most is large; the rest is one smaller line.
    let mut heading = heading.set("data-headline", report.headline.verdict.as_str().to_owned());
    let mut rest = part("span", "summary-rest");
    for (index, (level, text)) in parts(ui, report).into_iter().enumerate() {
        let said = el("b").put("data-level", level).text(text);
        match index {
            0 => heading = heading.with(said),
            1 => rest = rest.with(said),
            _ => rest = rest.text(ui.say("list.separator")).with(said),
        }
    }
    heading.with(el("span").put("class", "hide").text(ui.say("list.separator"))).with(rest)
}

/// The parts of the sentence, with their levels.
fn parts(ui: &Ui<'_>, report: &Report) -> Vec<(&'static str, String)> {
    report_text::sentence(report, ui.state.words.catalog(), words::plural)
}

fn meaning(ui: &Ui<'_>, report: &Report) -> String {
    report_text::meaning(report, ui.state.words.catalog(), words::plural)
}

/// So many causes stand before the question which address sends, beside those that stop mail.
const FIRST: usize = 3;

/// What is one fact is one row, and leads to the first that tells it. The question which address sends stands among them,
/// behind what is to be done first.
fn causes(ui: &Ui<'_>, report: &Report, running: bool) -> Option<El> {
    let rows = report.rows.iter().filter_map(|row| {
        let place = *row.first()?;
        let cause = report.finding(place)?;
        let id = finding::id(report, place);
        let title = report_text::row_title(report, row, ui.state.words.catalog(), words::plural)?;
        // The whole row is the link.
        let link = finding::link(ui, report, place)
            .set("id", format!("{CAUSE}{}", report.name(place)?))
            .with(part("span", "cause-title").text(title))
            .with(part("span", "cause-level").text(ui.say(&cause.level.key())))
            .with(part("span", "go").text(ui.say("ui.summary.go")));
        Some((cause.level, el("li").key(&id).put("data-level", cause.level.as_str()).with(link)))
    });
    let rows: Vec<(Level, El)> = rows.collect();
    let stops = rows.iter().filter(|(level, _)| *level == Level::Stops).count();
    let mut all: Vec<El> = rows.into_iter().map(|(_, row)| row).collect();
    if let Some(question) = (!running).then(|| senders::question(ui, report)).flatten() {
        all.insert(stops.max(FIRST).min(all.len()), question);
    }
    (!all.is_empty()).then(|| part("ol", "causes").all(all))
}

/// What a sheet of paper says and a screen does not.
fn on_paper(ui: &Ui<'_>) -> El {
    part("p", "on-paper").text(when_and_where(ui.state))
}

/// When it was checked, and where to see it again.
pub fn when_and_where(state: &State) -> String {
    let link = state.link();
    match state.machine.checked() {
        Some(unix) => {
            let values = [("date", clock::local_time(unix).into()), ("link", link.into())];
            state.words.with("print.checked", values)
        }
        None => state.words.with("print.link", [("link", link.into())]),
    }
}
