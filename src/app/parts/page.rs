//! The page as a whole.

use super::{ask, guided, head, notices, steps};
use crate::app::{
    h::{El, el, part},
    state::{EXAMPLES, Phase, Sentence, State},
    ui::Ui,
};
use mail_triage_browser::address;
use mail_triage_engine::route::View;

/// The page.
pub fn page(ui: &Ui<'_>) -> El {
    let state = ui.state;
    let live = ui.report().is_some() && state.example.is_none();
    let builds = matches!(state.route.view, View::Build(_));
    let main = match &state.builder {
        builder if builds => el("main").key("build").with(notices::notices(ui)).with(
            state
                .program
                .zip(builder.as_ref())
                .map_or_else(|| before_building(ui), |(program, builder)| (program.build)(ui, builder)),
        ),
        _ => el("main")
            .key("check")
            .with(question(ui))
            .maybe(waiting(ui).map(|text| part("p", "note").text(text)))
            .maybe(state.program.zip(state.paste.as_ref()).map(|(program, paste)| (program.paste)(ui, paste)))
            .with(notices::notices(ui))
            .maybe(ui.results().map(|(program, report)| (program.summary)(ui, report)))
            .maybe(ui.report().is_none().then(|| guided::before(ui)))
            .with(steps::steps(ui))
            .maybe(ui.report().map(|_| guided::before(ui)))
            .maybe(unconfirmed(ui)),
    };
    let main = main.maybe(state.program.filter(|_| live || state.asked > 0).map(|program| (program.log)(ui)));
    let toast = state.toast.map_or_else(String::new, |key| ui.say(key));
    let spoken = match ui.results() {
        Some((program, report)) if toast.is_empty() => match &state.builder {
            Some(builder) if builds => (program.build_spoken)(ui, builder),
            _ => (program.spoken)(ui, report),
        },
        None if toast.is_empty() => waiting(ui).unwrap_or_default(),
        _ => toast.clone(),
    };
    part("div", "page")
        .put("data-state", state.progress())
        .with(head::head(ui))
        .with(main)
        .with(foot(ui))
        .with(part("p", "toast").put("aria-hidden", "true").text(toast))
        .with(part("p", "hide").put("role", "status").put("aria-live", "polite").text(spoken))
}

/// What is asked: the form, or one line in its place once there is an answer to look at.
fn question(ui: &Ui<'_>) -> El {
    if ui.state.is_explained() {
        return part("div", "asked").key("explained").with(ui.el("h1", "static.title").put("class", "hide"));
    }
    if ui.state.is_form_folded() {
        return part("div", "asked")
            .key("asked")
            .with(ui.el("h1", "static.title").put("class", "hide"))
            .with(ask::line(ui));
    }
    part("div", "asking")
        .key("asking")
        .with(ui.el("h1", "static.title"))
        .with(part("p", "lead").text(ui.say("static.lead")))
        .with(ask::form(ui))
}

/// The foot of the page: what is done with what is typed, what this is, and where a fault of it can be told.
fn foot(ui: &Ui<'_>) -> El {
    let source = address::source();
    let link = |key: &str, url: String| ui.external(&url, ui.say(key));
    let about = el("p")
        .with(ui.el("a", "static.licences").put("href", "THIRD-PARTY.txt"))
        .maybe(source.as_ref().map(|url| link("foot.source", url.clone())))
        .maybe(source.as_ref().map(|url| link("foot.fault", format!("{url}/issues"))));
    part("footer", "foot").with(ui.el("p", "static.privacy")).with(about).with(el("p").text(ui.with(
        "foot.version",
        "version",
        env!("CARGO_PKG_VERSION"),
    )))
}

/// What the star behind some sources means: said once, below all of them.
fn unconfirmed(ui: &Ui<'_>) -> Option<El> {
    ui.state.knowledge.as_ref()?;
    let note = part("p", "note").text(ui.say("limit.unverified.note"));
    Some(el("div").key("unconfirmed").with(note))
}

/// What is said until there is a report: the page still fetches what a check takes.
fn waiting(ui: &Ui<'_>) -> Option<String> {
    let State { phase, route, form, .. } = ui.state;
    if *phase != Phase::Running || ui.report().is_some() {
        return None;
    }
    let subject = match &route.view {
        View::Example(id) if EXAMPLES.contains(&id.as_str()) => ui.say(&format!("ui.example.{id}")),
        View::Example(id) => id.clone(),
        _ => form.what.trim().to_owned(),
    };
    if subject.is_empty() {
        return Some(ui.say("ui.verdict.running"));
    }
    // A whole message may stand in the box.
    let said = Sentence::about("ui.summary.running", "subject", &subject);
    Some(ui.state.words.fill(&said.key, &said.args))
}

/// What is shown until it is known for whom a record is put together.
fn before_building(ui: &Ui<'_>) -> El {
    let sentence = ui.state.error.as_ref();
    let error = sentence.map(|sentence| ui.state.words.fill(&sentence.key, &sentence.args));
    part("section", "build")
        .with(ui.el("h1", "static.title"))
        .maybe(error.map(|error| part("p", "error").put("role", "alert").text(error)))
        .maybe(ask::again(ui))
        .maybe(waiting(ui).map(|text| part("p", "note").text(text)))
        .with(el("p").with(el("a").put("href", "#/").text(ui.say("static.name"))))
}
