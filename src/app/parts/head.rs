//! The head of the page: the name, the language, the resolver.

use crate::app::{
    h::{El, On, el, part},
    state::Action,
    ui::Ui,
};
use mail_triage_browser::{dom, words};
use mail_triage_engine::text::LANGUAGES;

/// The value that stands for an address of the user's own.
const OTHER: &str = "?";

/// The colours that can be chosen; the first is what the device says.
pub const THEMES: [&str; 3] = ["system", "light", "dark"];

/// The head of the page.
pub fn head(ui: &Ui<'_>) -> El {
    part("header", "site-head")
        .with(part("a", "brand").put("href", "#/").text(ui.say("static.name")))
        .with(tools(ui))
}

/// Language, colours and resolver, behind the name of the language.
fn tools(ui: &Ui<'_>) -> El {
    let current = ui.state.words.language();
    let name = LANGUAGES.iter().find(|(tag, _)| *tag == current).map_or("", |(_, name)| name);
    let title = el("summary").set("aria-label", format!("{name}, {}", ui.say("ui.settings"))).text(name);
    let field = |key: &str, select: El| part("label", "field").with(ui.el("span", key)).with(select);
    let body = part("div", "tools-body")
        .with(field("ui.language", languages(ui)))
        .with(field("ui.theme", themes(ui)))
        .with(field("ui.resolver", resolvers(ui)));
    part("details", "head-tools").with(title).with(body)
}

/// The select, doing something with what is chosen in it; the fold around it closes.
fn on_choice(ui: &Ui<'_>, select: El, then: impl Fn(String) -> Action + 'static) -> El {
    ui.on(select, On::Input, move |event| {
        dom::fold(event);
        dom::value_of(event).map(&then)
    })
}

fn themes(ui: &Ui<'_>) -> El {
    let options = THEMES.iter().map(|&theme| {
        let chosen = theme == ui.state.theme;
        el("option")
            .key(theme)
            .put("value", theme)
            .flag("selected", chosen)
            .text(ui.say(&format!("ui.theme.{theme}")))
    });
    on_choice(ui, part("select", "theme").all(options.collect()), |theme| {
        Action::Paint(THEMES.into_iter().find(|known| *known == theme).unwrap_or(THEMES[0]))
    })
}

fn languages(ui: &Ui<'_>) -> El {
    let current = ui.state.words.language();
    let options = LANGUAGES.iter().map(|&(tag, name)| {
        el("option").key(tag).put("value", tag).put("lang", tag).flag("selected", tag == current).text(name)
    });
    let select = part("select", "langs").all(options.collect());
    on_choice(ui, select, |tag| Action::Speak(words::known(&tag).unwrap_or(LANGUAGES[0].0)))
}

fn resolvers(ui: &Ui<'_>) -> El {
    let state = ui.state;
    let current = state.effective_resolver();
    let listed = &state.resolvers.resolvers;
    let first = state.resolvers.chain.first().map(String::as_str);
    let tried = state.choosing.as_deref();
    let chosen = tried.or(current.as_deref()).or(first);
    let mut options: Vec<El> = Vec::new();
    for resolver in listed {
        let on = Some(resolver.id.as_str()) == chosen;
        let option = el("option").key(&resolver.id).set("value", resolver.id.clone());
        options.push(option.flag("selected", on).text(resolver.name.as_str()));
    }
    if let Some(own) = current.filter(|own| state.resolvers.by_id(own).is_none()) {
        options.push(
            el("option").key(&own).set("value", own.clone()).flag("selected", tried.is_none()).text(own),
        );
    }
    let other = el("option").key(OTHER).put("value", OTHER).flag("selected", tried == Some(""));
    options.push(other.text(ui.say("ui.resolver.other")));
    // A new element after each choice: what the user picked must not stay if it was not accepted.
    let select = part("select", "resolver").key(&state.choices.to_string()).all(options);
    on_choice(ui, select, |value| Action::ChooseResolver(if value == OTHER { String::new() } else { value }))
}
