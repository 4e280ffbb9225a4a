//! The page as a whole.

use super::{ask, guided, notices, sharing, steps};
use crate::{
    components::{
        foot::Foot,
        h::{El, el, part},
        head::Head,
        shared::Shared,
        ui::Ui,
    },
    machine::{EXAMPLES, Phase, Sentence},
};
use mail_triage_engine::route::View;
use yew::prelude::{Html, html};

/// The page.
pub fn page(ui: &Ui<'_>) -> El {
    let state = ui.state;
    let live = ui.report().is_some() && state.machine.example().is_none();
    let builds = matches!(state.machine.route.view, View::Build(_));
    let many = state.machine.route.view == View::Many;
    let main = match &state.build {
        _ if many => el("main").key("many").node(notices::notices(ui)).node(
            state
                .tools
                .filter(|_| state.knowledge.is_some())
                .map_or_else(|| before_building(ui).into(), |tools| (tools.many)(ui)),
        ),
        build if builds => el("main").key("build").node(notices::notices(ui)).with(
            state
                .drawing()
                .zip(build.as_ref())
                .map_or_else(|| before_building(ui), |(results, build)| (results.build)(ui, build)),
        ),
        _ => el("main")
            .key("check")
            .with(question(ui))
            .maybe(waiting(ui).map(|text| part("p", "note").text(text)))
            .maybe(state.results.zip(state.paste.as_ref()).map(|(results, paste)| (results.paste)(ui, paste)))
            .node(notices::notices(ui))
            .maybe(ui.results().map(|(results, report)| (results.summary)(ui, report)))
            .maybe(sharing::place(ui))
            .maybe(ui.report().is_none().then(|| guided::before(ui)))
            .with(steps::steps(ui))
            .maybe(ui.results().map(|(results, _)| (results.later)(ui)))
            .maybe(ui.report().map(|_| guided::before(ui)))
            .maybe(unconfirmed(ui)),
    };
    let main =
        main.maybe(state.drawing().filter(|_| live || state.asked > 0).map(|results| (results.log)(ui)));
    let toast = state.toast.map_or_else(String::new, |key| ui.say(key));
    let spoken = match ui.results() {
        Some(_) if toast.is_empty() && builds => state.builder_says.clone(),
        Some((results, report)) if toast.is_empty() => (results.spoken)(ui, report),
        None if toast.is_empty() => waiting(ui).unwrap_or_default(),
        _ => toast.clone(),
    };
    part("div", "page")
        .put("data-state", state.machine.progress())
        // Nothing that is read moves once the answer comes: see the style.
        .flag("data-reserved", state.machine.phase() == Phase::Running && !state.machine.is_settled())
        .node(head(ui))
        .with(main)
        .node(html! { <Foot words={state.words.clone()} /> })
        .with(part("p", "toast").put("aria-hidden", "true").text(toast))
        .with(part("p", "hide").put("role", "status").put("aria-live", "polite").text(spoken))
}

/// What is asked: the form, or one line in its place once there is an answer to look at.
fn question(ui: &Ui<'_>) -> El {
    let explained = ui.state.is_explained();
    if explained || ui.state.machine.is_form_folded() {
        let asked = part("div", "asked").key("asked").with(ui.el("h1", "static.title").put("class", "hide"));
        return if explained { asked } else { asked.node(ask::line(ui)) };
    }
    part("div", "asking")
        .key("asking")
        .with(ui.el("h1", "static.title"))
        .with(part("p", "lead").text(ui.say("static.lead")))
        .node(ask::form(ui))
}

/// The head of the page.
fn head(ui: &Ui<'_>) -> Html {
    let state = ui.state;
    html! {
        <Head
            words={state.words.clone()}
            theme={state.theme}
            resolvers={Shared::from(state.machine.resolver.list.clone())}
            resolver={state.machine.effective_resolver()}
            choosing={state.choosing.clone()}
            choices={state.choices}
            happened={ui.callbacks.happened.clone()}
            paint={ui.callbacks.paint.clone()}
            choose={ui.callbacks.choose_resolver.clone()}
        />
    }
}

/// What the star behind some sources means: said once, below all of them.
fn unconfirmed(ui: &Ui<'_>) -> Option<El> {
    ui.state.knowledge.as_ref()?;
    // Without a provider there are stars in what a step unfolds alone: see the style.
    let class = if ui.provider().is_some() { "note" } else { "note unconfirmed" };
    let note = part("p", class).text(ui.say("limit.unverified.note"));
    Some(el("div").key("unconfirmed").with(note))
}

/// What is said until there is a report: the page still fetches what a check takes.
fn waiting(ui: &Ui<'_>) -> Option<String> {
    let state = ui.state;
    if state.machine.phase() != Phase::Running || ui.report().is_some() {
        return None;
    }
    let subject = match &state.machine.route.view {
        View::Example(id) if EXAMPLES.contains(&id.as_str()) => ui.say(&format!("ui.example.{id}")),
        View::Example(id) => id.clone(),
        _ => state.machine.form.text.what.trim().to_owned(),
    };
    if subject.is_empty() {
        return Some(ui.say("ui.verdict.running"));
    }
    // A whole message may stand in the box.
    let said = Sentence::about("ui.summary.running", "subject", &subject);
    Some(ui.state.words.fill(&said.key, &said.args))
}

/// What is shown until it is known for whom a record is put together, or what many domains take is there.
fn before_building(ui: &Ui<'_>) -> El {
    let sentence = ui.state.machine.form.error.as_ref();
    let error = sentence.map(|sentence| ui.state.words.fill(&sentence.key, &sentence.args));
    part("section", "build")
        .with(ui.el("h1", "static.title"))
        .maybe(error.map(|error| part("p", "error").put("role", "alert").text(error)))
        .maybe(ask::again(ui))
        .maybe(waiting(ui).map(|text| part("p", "note").text(text)))
        .with(el("p").with(el("a").put("href", "#/").text(ui.say("static.name"))))
}
