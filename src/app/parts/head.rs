//! The head of the page: the name, the language, the resolver.

use crate::app::{
    h::{El, el, part},
    state::Action,
    ui::Ui,
};
use mail_triage_browser::words;
use mail_triage_engine::text::LANGUAGES;

/// The value that stands for an address of the user's own.
const OTHER: &str = "?";

/// The head of the page.
pub fn head(ui: &Ui<'_>) -> El {
    part("header", "site-head")
        .with(part("a", "brand").put("href", "#/").text(ui.say("static.name")))
        .with(part("div", "head-tools").with(languages(ui)).with(resolvers(ui)))
}

fn languages(ui: &Ui<'_>) -> El {
    let current = ui.state.words.language();
    let options = LANGUAGES.iter().map(|&(tag, name)| {
        el("option").key(tag).put("value", tag).put("lang", tag).flag("selected", tag == current).text(name)
    });
    let select = part("select", "langs").set("aria-label", ui.say("ui.language")).all(options.collect());
    ui.input(select, |tag| Action::Speak(words::known(&tag).unwrap_or(LANGUAGES[0].0)))
}

fn resolvers(ui: &Ui<'_>) -> El {
    let state = ui.state;
    let current = state.effective_resolver();
    let listed = &state.resolvers.resolvers;
    let first = state.resolvers.chain.first().map(String::as_str);
    let chosen = current.as_deref().or(first);
    let mut options: Vec<El> = Vec::new();
    for resolver in listed {
        let on = Some(resolver.id.as_str()) == chosen;
        let option = el("option").key(&resolver.id).set("value", resolver.id.clone());
        options.push(option.flag("selected", on).text(resolver.name.as_str()));
    }
    if let Some(own) = current.filter(|own| state.resolvers.by_id(own).is_none()) {
        options.push(el("option").key(&own).set("value", own.clone()).put("selected", "").text(own));
    }
    let other = el("option").key(OTHER).put("value", OTHER).flag("selected", state.panel.is_some());
    options.push(other.text(ui.say("ui.resolver.other")));
    // A new element after each attempt: what the user picked must not stay if it was not accepted.
    let select = part("select", "resolver")
        .key(&state.attempts.to_string())
        .set("aria-label", ui.say("ui.resolver"))
        .all(options);
    ui.input(select, |value| {
        if value == OTHER { Action::OwnResolver(String::new()) } else { Action::TryResolver(value) }
    })
}
