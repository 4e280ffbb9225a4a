//! Fields for the keys of lists that want one. They stay in this browser.

use mail_triage_browser::storage;
use mail_triage_engine::{input::limits::InputField, knowledge::Knowledge, target::ListKeys};
use yew::prelude::{Callback, Html, Properties, component};

use super::{
    kept::{Held, Kept, use_kept},
    on::typed,
    page_context::PageContext,
    shared::Shared,
};
use crate::{
    components::h::{El, el, part},
    panels::keys::{KeyFields, secrets},
    shell::KEY,
};

/// What the panel works with.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The words of the page, and its clipboard.
    pub page: PageContext,
    /// What was typed before.
    pub kept: Kept<KeyFields>,
    /// The lists.
    pub knowledge: Shared<Knowledge>,
    /// The keys in use.
    pub keys: ListKeys,
    /// What the resolver is called that will see them.
    pub resolver: String,
    /// Told the secret name and the key that is to be used; an empty one takes it back.
    pub use_key: Callback<(String, String)>,
}

/// The fields, in a fold.
#[component]
pub fn Keys(props: &Props) -> Html {
    let page = &props.page;
    let held = use_kept(&props.kept);
    let mut has_wrong = false;
    let fields = secrets(&props.knowledge.blocklists).into_iter().map(|name| {
        let stored = storage::stored(&format!("{KEY}{name}"));
        let fields = held.get();
        let field = fields.field(&name, props.keys.get(&name), stored.as_deref());
        has_wrong |= field.is_wrong;
        part("div", "key-field")
            .key(&name)
            .with(part("label", "field").with(page.el("span", &format!("list.secret.{name}"))).with(input(
                &held,
                &name,
                field.text,
                field.is_wrong,
            )))
            .maybe(page.long(InputField::Line, field.text))
            .with(take_button(props, &held, name.clone(), field.text.to_owned()))
            .maybe(field.is_wrong.then(|| {
                part("p", "error")
                    .put("role", "alert")
                    .set("id", error_id(&name))
                    .text(page.say("keys.error"))
            }))
    });
    let fields: Vec<El> = fields.collect();
    let show = if held.get().is_shown() { "keys.hide" } else { "keys.show" };
    let show_or_hide = {
        let held = held.clone();
        move || held.change(KeyFields::show_or_hide)
    };
    part("details", "evidence")
        .flag("open", has_wrong || held.get().has_refused())
        .with(page.el("summary", "keys.title"))
        .with(part("p", "note").text(page.with("keys.text", "resolver", props.resolver.as_str())))
        .with(el("div").all(fields))
        .with(page.button("link", show, show_or_hide))
        .into()
}

fn error_id(name: &str) -> String {
    format!("key-{name}-error")
}

fn input(held: &Held<KeyFields>, name: &str, text: &str, is_wrong: bool) -> El {
    let mut input = el("input")
        // No password field: browsers would offer to keep it elsewhere, and want a form around it. The style sheet puts
        // dots in place of what is typed.
        .put("class", if held.get().is_shown() { "key" } else { "key masked" })
        .put("type", "text")
        .put("autocomplete", "off")
        .put("autocapitalize", "none")
        .put("spellcheck", "false")
        .value(text);
    if is_wrong {
        input = input.put("aria-invalid", "true").set("aria-describedby", error_id(name));
    }
    let (held, name) = (held.clone(), name.to_owned());
    typed(input, move |text| held.change(|fields| fields.enter(&name, text)))
}

fn take_button(props: &Props, held: &Held<KeyFields>, name: String, text: String) -> El {
    let (held, knowledge, use_key) = (held.clone(), props.knowledge.clone(), props.use_key.clone());
    props.page.button("quiet", "keys.use", move || {
        let mut key = None;
        held.change(|fields| key = fields.key(&name, &text, &knowledge.blocklists));
        if let Some(key) = key {
            use_key.emit((name.clone(), key));
        }
    })
}
