//! The head of the page: the name; language, colours and resolver behind the name of the language.

use mail_triage_browser::{
    dom,
    words::{self, Words},
};
use mail_triage_engine::{knowledge::Resolvers, text::LANGUAGES};
use yew::prelude::{AttrValue, Callback, Html, Properties, component, html};

use super::{shared::Shared, text::say};
use crate::machine::Event;

/// The value that stands for an address of the user's own.
const OTHER: &str = "?";

/// The colours that can be chosen; the first is what the device says.
pub const THEMES: [&str; 3] = ["system", "light", "dark"];

/// What the head shows, and whom it tells.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The texts of the page.
    pub words: Words,
    /// The colours: one of [`THEMES`].
    pub theme: &'static str,
    /// The resolvers that can be chosen.
    pub resolvers: Shared<Resolvers>,
    /// The resolver that is asked: an id or an address; none for the first of the list.
    pub resolver: Option<String>,
    /// The one that is being chosen; nothing for an address of the user's own.
    pub choosing: Option<String>,
    /// How often one was chosen, or was not after all.
    pub choices: u32,
    /// Told the language.
    pub happened: Callback<Event>,
    /// Told the colours.
    pub paint: Callback<&'static str>,
    /// Told the resolver; nothing for an address of the user's own.
    pub choose: Callback<String>,
}

/// The head.
#[component]
pub fn Head(props: &Props) -> Html {
    let Props { words, happened, paint, choose, .. } = props;
    let current = words.language();
    let name = LANGUAGES.iter().find(|(tag, _)| *tag == current).map_or("", |(_, name)| name);
    let label = format!("{name}, {}", words.say("ui.settings"));
    let speak = on_choice(happened, |tag| Event::Speak(words::known(&tag).unwrap_or(LANGUAGES[0].0)));
    let paint =
        on_choice(paint, |theme| THEMES.into_iter().find(|known| *known == theme).unwrap_or(THEMES[0]));
    let choose = on_choice(choose, |value| if value == OTHER { String::new() } else { value });
    let languages = LANGUAGES.iter().map(|&(tag, name)| {
        html! { <option key={tag} value={tag} lang={tag} selected={tag == current}>{ name }</option> }
    });
    let themes = THEMES.iter().map(|&theme| {
        let name = say(words, &format!("ui.theme.{theme}"));
        html! { <option key={theme} value={theme} selected={theme == props.theme}>{ name }</option> }
    });
    html! {
        <header class="site-head">
            <a class="brand" href="#/">{ say(words, "static.name") }</a>
            <details class="head-tools menu">
                <summary aria-label={label}>{ name }</summary>
                <div class="menu-body">
                    <label class="field">
                        <span>{ say(words, "ui.language") }</span>
                        <select class="langs" oninput={speak}>{ for languages }</select>
                    </label>
                    <label class="field">
                        <span>{ say(words, "ui.theme") }</span>
                        <select class="theme" oninput={paint}>{ for themes }</select>
                    </label>
                    <label class="field">
                        <span>{ say(words, "ui.resolver") }</span>
                        // A new element after each choice: what the user picked must not stay if it was not accepted.
                        <select class="resolver" key={props.choices} oninput={choose}>{ resolvers(props) }</select>
                    </label>
                </div>
            </details>
        </header>
    }
}

/// The resolvers of the list, one of the user's own, and the way to another.
fn resolvers(props: &Props) -> Vec<Html> {
    let Props { words, resolvers, resolver, choosing, .. } = props;
    let first = resolvers.chain.first().map(String::as_str);
    let tried = choosing.as_deref();
    let chosen = tried.or(resolver.as_deref()).or(first);
    let option = |id: &str, selected: bool, name: Html| {
        let value = AttrValue::from(id.to_owned());
        html! { <option key={id} {value} {selected}>{ name }</option> }
    };
    let mut options: Vec<Html> = Vec::new();
    for listed in &resolvers.resolvers {
        let selected = Some(listed.id.as_str()) == chosen;
        options.push(option(&listed.id, selected, html! { listed.name.clone() }));
    }
    if let Some(own) = resolver.as_deref().filter(|own| resolvers.by_id(own).is_none()) {
        options.push(option(own, tried.is_none(), html! { own.to_owned() }));
    }
    options.push(option(OTHER, tried == Some(""), say(words, "ui.resolver.other")));
    options
}

/// Tells what is chosen in a select; the fold around it closes.
fn on_choice<T: 'static>(
    told: &Callback<T>,
    read: impl Fn(String) -> T + 'static,
) -> Callback<yew::InputEvent> {
    let told = told.clone();
    Callback::from(move |event: yew::InputEvent| {
        dom::fold(&event);
        if let Some(value) = dom::value_of(&event) {
            told.emit(read(value));
        }
    })
}
