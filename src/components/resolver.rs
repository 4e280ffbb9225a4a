//! The panel for a resolver of the user's own, and the trial of whatever was chosen: a run of a few questions.

use mail_triage_browser::doh::Endpoint;
use mail_triage_engine::{
    dns::OWN_RESOLVER, driver::Driver, input::limits::InputField, knowledge::Resolvers, session::Session,
};
use yew::prelude::{Callback, Html, Properties, component, use_effect_with};

use super::{
    asking::Asking,
    kept::{Held, Kept, use_kept},
    on::typed,
    page_context::{PageContext, short},
};
use crate::{
    components::h::{El, el, part},
    panels::resolver::{ResolverChoice as Choice, Stage, trial},
};

/// What is being chosen, and its trial.
#[derive(Default)]
pub struct State {
    choice: Choice,
    trial: Option<Driver>,
}

/// What the panel works with.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The words of the page, and its clipboard.
    pub page: PageContext,
    /// What was typed before.
    pub kept: Kept<State>,
    /// Through whom it is tried.
    pub asking: Asking,
    /// The id that was chosen of the list; empty for an address that is to be typed.
    pub choice: String,
    /// Which of the choices of this visit that is.
    pub number: u32,
    /// Told the resolver, an id or an address, that may be used.
    pub chosen: Callback<String>,
    /// Told that the user does not want another one after all.
    pub closed: Callback<()>,
}

/// The panel; empty while one of the list is tried.
#[component]
pub fn ResolverChoice(props: &Props) -> Html {
    let held = use_kept(&props.kept);
    let begin = {
        let (held, asking, chosen) = (held.clone(), props.asking.clone(), props.chosen.clone());
        let choice = props.choice.clone();
        move |number: &u32| {
            if !held.get().choice.is_before(*number) {
                return;
            }
            held.change(|state| state.choice.begin(*number, &choice));
            if !choice.is_empty() {
                start(&held, &asking, &chosen);
            }
        }
    };
    use_effect_with(props.number, begin);
    let state = held.get();
    if state.choice.is_before(props.number) || state.choice.stage() == Stage::TryingListed {
        return el("div").into();
    }
    panel(props, &held, &state.choice).into()
}

fn panel(props: &Props, held: &Held<State>, choice: &Choice) -> El {
    let page = &props.page;
    let input = el("input")
        .put("type", "url")
        .put("name", "resolver")
        .put("placeholder", "https://")
        .put("autocomplete", "off")
        .value(choice.address());
    let enter = {
        let held = held.clone();
        move |text| {
            held.change(|state| {
                state.choice.enter(text);
                state.trial = None;
            })
        }
    };
    let field = part("label", "field")
        .with(page.el("span", "ui.resolver.address"))
        .with(typed(input, enter))
        .with(part("span", "note").text(page.say("ui.resolver.address.note")))
        .maybe(page.long(InputField::Line, choice.address()));
    let start = {
        let (held, asking, chosen) = (held.clone(), props.asking.clone(), props.chosen.clone());
        move || start(&held, &asking, &chosen)
    };
    let close = {
        let (held, closed) = (held.clone(), props.closed.clone());
        move || {
            held.change(|state| state.trial = None);
            closed.emit(());
        }
    };
    part("section", "panel")
        .set("aria-label", page.say("ui.resolver"))
        .with(page.el("h2", "ui.resolver.title"))
        .with(part("p", "note").text(page.say("ui.resolver.sees")))
        .with(field)
        .maybe(wrong(page, choice, &props.asking.resolvers))
        .with(
            part("div", "actions").with(page.button("primary", "ui.resolver.try", start)).with(page.button(
                "quiet",
                "ui.cancel",
                close,
            )),
        )
}

/// What is wrong with what was chosen.
fn wrong(page: &PageContext, choice: &Choice, resolvers: &Resolvers) -> Option<El> {
    let (key, text) = match choice.stage() {
        Stage::NoAddress => ("ui.resolver.error", choice.address()),
        Stage::NotTruthful => {
            let listed = resolvers.by_id(choice.address());
            ("ui.resolver.failed", listed.map_or(choice.address(), |resolver| &resolver.name))
        }
        Stage::Typing | Stage::TryingListed | Stage::TryingTyped => return None,
    };
    Some(part("p", "error").put("role", "alert").text(page.with(key, "text", short(text))))
}

/// Tries what was chosen or typed. The last choice counts, not the last answer: what was tried before is cut off.
fn start(held: &Held<State>, asking: &Asking, chosen: &Callback<String>) {
    let mut url = None;
    held.change(|state| {
        state.trial = None;
        url = state.choice.start(&asking.resolvers);
    });
    let Some(url) = url else { return };
    let choice = held.get().choice.address().to_owned();
    let id = if choice == url { OWN_RESOLVER.to_owned() } else { choice.clone() };
    let answered = {
        let (held, chosen) = (held.clone(), chosen.clone());
        move |session: &Session| match trial(&session.cx()) {
            Err(_) => {}
            Ok(true) => chosen.emit(choice.clone()),
            Ok(false) => held.change(|state| state.choice.refuse()),
        }
    };
    let session = Session::asking(|cx| trial(cx).map(drop));
    let run = asking.ask(vec![Endpoint { id, url }], session, answered);
    held.change(|state| state.trial = Some(run));
}
