//! The page on which a record is put together: questions first, then the record, what it costs and what is wrong with
//! it, and how to publish it.

mod dmarc;
mod spf;

use super::{
    finding::{self, Inside},
    mend, summary,
};
use crate::app::{
    builder::{Builder, Choose, Stage},
    h::{El, On, el, part},
    state::Action,
    ui::Ui,
};
use crate::machine::{Event, Phase};
use mail_triage_engine::{
    build::spf::Length,
    check::Level,
    input::limits::InputField,
    report::Report,
    route::{BuildKind, CheckRequest, Route, View, building},
    spf::MAX_LOOKUPS,
};
use yew::prelude::Html;

/// The id of the heading, to which the focus goes.
pub const TITLE: &str = "build-title";

/// Links to the pages on which the records of the domain at hand are put together.
pub fn links(ui: &Ui<'_>, report: &Report) -> Option<El> {
    let domain = report.target.domain.as_ref().filter(|_| ui.state.example().is_none())?;
    let link = |kind: BuildKind| {
        let text = ui.say(&kind.key());
        el("li").with(el("a").set("href", building(kind, domain.as_str())).text(text))
    };
    let list = part("ul", "links").with(link(BuildKind::Spf)).with(link(BuildKind::Dmarc));
    Some(el("div").with(ui.el("h3", "build.links")).with(list))
}

/// The page.
pub fn page(ui: &Ui<'_>, builder: &Builder) -> El {
    let (kind, domain) = (builder.kind.as_str(), builder.domain.as_str());
    let check = View::Check(CheckRequest { what: domain.to_owned(), ..CheckRequest::default() });
    let back = Route { view: check, ..Route::default() }.to_string();
    let title = ui.with(&format!("build.{kind}.title"), "domain", domain);
    let page = part("section", "build")
        .with(el("p").with(el("a").set("href", back).text(ui.with("build.back", "domain", domain))))
        .with(el("h1").put("id", TITLE).put("tabindex", "-1").text(title))
        .with(part("p", "lead").text(ui.say(&format!("build.{kind}.lead"))));
    body(ui, page, builder)
}

/// What the live region says.
pub fn spoken(ui: &Ui<'_>, builder: &Builder) -> String {
    if builder.stage != Stage::Ready || builder.checking {
        return String::new();
    }
    let problems = judgements(builder).filter(|level| matches!(level, Level::Stops | Level::Improve)).count();
    let verdict = if problems == 0 { ui.say("build.fine") } else { ui.count("build.problems", problems) };
    match cost(ui, builder) {
        Some((_, cost)) => format!("{verdict} {cost}"),
        None => verdict,
    }
}

fn body(ui: &Ui<'_>, page: El, builder: &Builder) -> El {
    match builder.stage {
        Stage::Reading if ui.state.phase() == Phase::Idle => page,
        Stage::Reading => page.maybe(ui.report().map(|report| summary::progress(ui, report))),
        Stage::Gone => page.with(part("p", "error").text(ui.say("build.gone"))),
        Stage::Failed(failure) => {
            let retry = ui.button("quiet", "ui.retry", Action::Do(Event::Again { fresh: true }));
            page.with(part("p", "error").text(ui.say("build.failed")))
                .with(el("p").with(finding::failure(ui, failure)))
                .with(retry)
        }
        Stage::Ready => {
            let questions = match builder.kind {
                BuildKind::Spf => spf::questions(ui, builder),
                BuildKind::Dmarc => dmarc::questions(ui, builder),
            };
            page.with(before(ui, builder)).all(questions).with(result(ui, builder))
        }
    }
}

/// What stands there now.
fn before(ui: &Ui<'_>, builder: &Builder) -> El {
    let n = builder.before.len();
    let key = match n {
        0 if builder.proposed => "build.before.proposed",
        0 => "build.before.none",
        1 => "build.before",
        _ => "build.before.several",
    };
    let text = ui.state.words.with(key, [("n", n.into()), ("name", (&builder.owner()).into())]);
    let records = builder.before.iter().map(|text| ui.record(text).key(text)).collect();
    part("div", "before-record").with(el("p").text(text)).all(records)
}

/// A question with its answers.
fn question(ui: &Ui<'_>, key: &'static str, answers: Vec<El>) -> El {
    let mut field = part("fieldset", "ask-one").key(key).with(ui.el("legend", &format!("build.{key}")));
    let note = format!("build.{key}.note");
    if ui.state.words.has(&note) {
        field = field.with(part("p", "note").text(ui.say(&note)));
    }
    field.all(answers)
}

/// One answer of several, or one that can be given beside others.
fn answer(
    ui: &Ui<'_>,
    (kind, name): (&'static str, &'static str),
    id: String,
    on: bool,
    shown: El,
    then: impl Fn(bool) -> Choose + 'static,
) -> El {
    let input = el("input").put("type", kind).put("name", name).set("value", id.clone()).checked(on);
    let input = ui.on(input, On::Change, move |event| {
        let checked = mail_triage_browser::dom::checked(event)?;
        Some(Action::Choose(then(checked)))
    });
    part("label", "choice").key(&id).with(input).with(shown)
}

/// A text and a note below it.
fn words(text: String, note: Option<String>) -> El {
    el("span").text(text).maybe(note.map(|note| part("span", "note").text(note)))
}

/// One of several, with texts under keys.
fn choice(
    ui: &Ui<'_>,
    name: &'static str,
    id: &'static str,
    on: bool,
    then: impl Fn() -> Choose + 'static,
) -> El {
    let key = format!("build.{name}.{id}");
    let note = format!("{key}.note");
    let note = ui.state.words.has(&note).then(|| ui.say(&note));
    answer(ui, ("radio", name), id.to_owned(), on, words(ui.say(&key), note), move |_| then())
}

/// A field to type in, and what is wrong with what was typed.
fn field(
    ui: &Ui<'_>,
    key: &'static str,
    text: &str,
    error: Option<String>,
    then: impl Fn(String) -> Choose + 'static,
) -> El {
    let id = format!("build-{key}");
    let wrong = format!("{id}-error");
    let mut input = el("input")
        .put("type", "text")
        .put("autocomplete", "off")
        .put("autocapitalize", "none")
        .put("spellcheck", "false")
        .set("id", id.clone())
        .value(text);
    if error.is_some() {
        input = input.put("aria-invalid", "true").set("aria-describedby", wrong.clone());
    }
    let input = ui.input(input, move |text| Action::Choose(then(text)));
    let input = ui.on(input, On::Change, |_| Some(Action::Choose(Choose::Left)));
    let note = format!("build.{key}.note");
    part("div", "field")
        .key(key)
        .with(ui.el("label", &format!("build.{key}")).set("for", id))
        .with(input)
        .maybe(ui.state.words.has(&note).then(|| part("span", "note").text(ui.say(&note))))
        .maybe(error.map(|error| part("p", "error").set("id", wrong).put("role", "alert").text(error)))
        .maybe(ui.long(if key == "service" { InputField::Line } else { InputField::List }, text))
}

/// The record, what it costs, what is wrong with it, how to publish it.
fn result(ui: &Ui<'_>, builder: &Builder) -> El {
    let text = builder.record();
    let mut result = part("section", "built")
        .set("aria-label", ui.say("build.result"))
        .put("data-build", if builder.checking { "checking" } else { "done" })
        .with(ui.el("h2", "build.result"))
        .with(ui.record(&text))
        .maybe(gauge(ui, builder))
        .maybe(length(ui, &text));
    result = result.with(findings(ui, builder));
    if builder.is_published() {
        return result.with(ui.el("p", "build.unchanged"));
    }
    let steps = part("div", "fix").with(ui.el("h2", "build.publish"));
    let (fix, also) = builder.change();
    result.with(mend::steps(ui, steps, &fix, also, &builder.around))
}

/// The number of lookups and the sentence about it.
fn cost(ui: &Ui<'_>, builder: &Builder) -> Option<(usize, String)> {
    let n = builder.around.lookups.filter(|_| builder.kind == BuildKind::Spf)?.after;
    Some((n, ui.with("build.cost", "count", n)))
}

/// What the record costs, of the ten lookups that are allowed.
fn gauge(ui: &Ui<'_>, builder: &Builder) -> Option<El> {
    if builder.kind != BuildKind::Spf {
        return None;
    }
    let Some((n, text)) = cost(ui, builder) else {
        return Some(part("p", "note").text(ui.say("build.cost.unknown")));
    };
    let level = match n {
        n if n > MAX_LOOKUPS => "stops",
        n if n + 2 > MAX_LOOKUPS => "improve",
        _ => "pass",
    };
    let cells = (0..n.clamp(MAX_LOOKUPS, 20)).map(|at| {
        let state = if at >= MAX_LOOKUPS {
            "over"
        } else if at < n {
            "used"
        } else {
            "free"
        };
        el("span").key(&at.to_string()).put("data-cell", state)
    });
    let bar = part("span", "gauge").put("aria-hidden", "true").all(cells.collect());
    let text = part("span", "state").put("data-level", level).text(text);
    Some(part("p", "cost").put("data-level", level).with(bar).with(text))
}

fn length(ui: &Ui<'_>, text: &str) -> Option<El> {
    let key = match Length::of(text) {
        Length::Short => return None,
        Length::Split => "build.length.split",
        Length::Long => "build.length.long",
    };
    Some(part("p", "note").text(ui.with(key, "count", text.len())))
}

fn judgements(builder: &Builder) -> impl Iterator<Item = Level> {
    let report = builder.report.iter();
    report.flat_map(|report| report.checks.iter().flat_map(|check| check.findings.iter().map(|f| f.level)))
}

/// What the checks say of the new record: worst first, and what is merely worth knowing not at all.
fn findings(ui: &Ui<'_>, builder: &Builder) -> El {
    let mut list: Vec<El> = Vec::new();
    let mut verdict = None;
    if let Some(report) = &builder.report {
        for level in [Level::Stops, Level::Improve, Level::Unknown] {
            for (c, check) in report.checks.iter().enumerate() {
                for (f, finding) in check.findings.iter().enumerate().filter(|(_, f)| f.level == level) {
                    list.push(finding::finding(ui, report, (c, f), finding, Inside::Whole(Html::default())));
                }
            }
        }
        if let Some(lack) = builder.is_early() {
            let text = ui.with(&lack.key(), "domain", &builder.domain);
            verdict = Some(el("p").with(part("span", "state").put("data-level", "improve").text(text)));
        } else if list.is_empty() && !builder.checking {
            let fine = part("span", "state").put("data-level", "pass").text(ui.say("build.fine"));
            verdict = Some(el("p").with(fine));
        }
    }
    let checking = builder.checking.then(|| part("p", "note").text(ui.say("build.checking")));
    part("div", "judged").maybe(checking).maybe(verdict).with(part("div", "findings").all(list))
}
