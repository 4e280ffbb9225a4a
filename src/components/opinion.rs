//! A second opinion: the same checks through a second resolver, and where the two differ. Each of the two is asked alone, what
//! it said before is not asked again, and no blocklist is asked.

mod asked;
mod differences;

use std::rc::Rc;

use mail_triage_engine::{driver::Driver, input::limits::InputField, opinion::Which};
use yew::prelude::{Html, Properties, component, use_effect_with};

use self::asked::Asked;
use super::{
    asking::Asking,
    kept::{Kept, use_kept},
    on::typed,
    page_context::short,
    scene::{Scene, SceneProps},
    shared::Shared,
    what_if::Learnt,
};
use crate::{
    components::h::{El, el, part},
    panels::opinion::{Answers, Compared, Second, seconds},
};

/// Whom to ask, and what has come of it.
#[derive(Default)]
pub struct State {
    of: Option<Shared<Learnt>>,
    second: Second,
    /// How the two are called that are held against each other.
    pair: [String; 2],
    answers: [Answers; 2],
    runs: Vec<Driver>,
    compared: Option<Rc<Compared>>,
    /// Counts the askings, so that what comes late is known as such.
    number: u32,
}

/// What it works with.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What it is drawn with.
    pub scene: SceneProps,
    /// What was asked before.
    pub kept: Kept<State>,
    /// Through whom the check asked.
    pub asking: Asking,
    /// When it began, in seconds since 1970.
    pub unix: i64,
    /// What it has learnt.
    pub learnt: Shared<Learnt>,
}

/// Whom to ask, and what has come of it.
#[component]
pub fn SecondOpinion(props: &Props) -> Html {
    let held = use_kept(&props.kept);
    let asked = Asked::new(&held, props);
    let begin = {
        let asked = asked.clone();
        move |_: &Shared<Learnt>| asked.begin()
    };
    use_effect_with(props.learnt.clone(), begin);
    let scene = Scene::new(props.scene.clone(), "o");
    let state = held.get();
    if state.of.as_ref() != Some(&props.learnt) {
        return el("div").into();
    }
    let done = state.compared.is_some();
    el("div")
        .put("class", "try-body")
        .put("data-opinion", if done { "done" } else { "running" })
        .with(scene.el("h2", "opinion.title"))
        .with(part("p", "lead").put("role", "status").text(said(&scene, &state)))
        .maybe(state.compared.as_ref().map(|compared| differences::differences(&scene, &state, compared)))
        .with(whom(&scene, &state, &asked, props))
        .into()
}

/// What has come of it, in one sentence.
fn said(scene: &Scene, state: &State) -> String {
    let words = &scene.page.words;
    let [first, second] = [Which::First, Which::Second].map(|which| name(scene, state, which));
    let Some(compared) = &state.compared else {
        let done = state.answers.iter().map(|answers| answers.progress.0).sum::<usize>();
        let all = state.answers.iter().map(|answers| answers.progress.1).sum::<usize>();
        return words
            .with("opinion.running", [("name", second.into()), ("done", done.into()), ("n", all.into())]);
    };
    let opinion = &compared.opinion;
    let n = if opinion.rows.is_empty() { opinion.compared } else { opinion.rows.len() };
    let key = match (opinion.compared, opinion.rows.len(), opinion.unasked.len()) {
        (0, ..) => "opinion.nothing",
        (_, 0, 0) => "opinion.agree",
        (_, 0, _) => "opinion.agree.partly",
        _ => "opinion.differ",
    };
    let values = [
        ("first", first.into()),
        ("second", second.into()),
        ("n", n.into()),
        ("all", opinion.compared.into()),
    ];
    words.with(key, values)
}

/// What one of the two is called.
fn name(scene: &Scene, state: &State, which: Which) -> String {
    scene.resolver_name(&state.pair[which as usize])
}

/// Who else may be asked.
fn whom(scene: &Scene, state: &State, asked: &Asked, props: &Props) -> El {
    let page = &scene.page;
    let second = &state.second;
    let first = props.asking.endpoints().into_iter().next().map(|first| first.id).unwrap_or_default();
    let chosen = if second.typed.is_some() { "" } else { second.whom.as_str() };
    let option = |id: &str, name: String| {
        el("option").key(id).set("value", id.to_owned()).flag("selected", id == chosen).text(name)
    };
    let listed = seconds(&props.asking.resolvers, &first);
    let mut options: Vec<El> = listed.iter().map(|id| option(id, scene.resolver_name(id))).collect();
    options.push(option("", page.say("ui.resolver.other")));
    let choose = {
        let asked = asked.clone();
        move |id: String| asked.choose(&id)
    };
    let select = typed(el("select").all(options).key(chosen), choose);
    let again = {
        let asked = asked.clone();
        move || asked.again()
    };
    el("div")
        .with(part("label", "field").with(page.el("span", "opinion.whom")).with(select))
        .maybe(second.typed.as_deref().map(|text| address(scene, second, text, asked)))
        .with(part("div", "actions").with(page.button("quiet", "opinion.again", again)))
}

/// The field for an address of one's own.
fn address(scene: &Scene, second: &Second, text: &str, asked: &Asked) -> El {
    let page = &scene.page;
    let input = el("input")
        .put("type", "url")
        .put("name", "second")
        .put("placeholder", "https://")
        .put("autocomplete", "off")
        .value(text);
    let enter = {
        let asked = asked.clone();
        move |text: String| asked.enter(text)
    };
    let wrong = second.is_wrong.then(|| {
        part("p", "error").put("role", "alert").text(page.with("ui.resolver.error", "text", short(text)))
    });
    let label = part("label", "field")
        .with(page.el("span", "ui.resolver.address"))
        .with(typed(input, enter))
        .with(part("span", "note").text(page.say("ui.resolver.address.note")))
        .maybe(page.long(InputField::Line, text));
    el("div").with(label).maybe(wrong)
}
