//! The field for a message: an error, a returned mail, headers.

use std::rc::Rc;

use mail_triage_browser::{
    clipboard::{self, PastedText},
    dom, files,
};
use yew::{
    prelude::{Callback, Html, Properties, component},
    virtual_dom::VNode,
};

use super::{
    kept::{Held, Kept, use_kept},
    on::typed,
    page_context::PageContext,
    shared::Shared,
};
use crate::{
    components::h::{El, On, el, part},
    panels::paste::{MessageName, PasteField, PastedMessage},
};

/// The id of the field.
pub const PASTE: &str = "paste";

/// What the field works with.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The words of the page, and its clipboard.
    pub page: PageContext,
    /// What was typed before.
    pub kept: Kept<PasteField>,
    /// What was given to be read last.
    pub given: Option<Shared<PastedMessage>>,
    /// Whether the files that reading takes could not be had.
    pub failed: bool,
    /// Told what is to be read.
    pub read: Callback<Rc<PastedMessage>>,
    /// Told that the panel is to be closed.
    pub close: Callback<()>,
}

/// The field with its heading and its buttons.
#[component]
pub fn Paste(props: &Props) -> Html {
    let page = &props.page;
    let held = use_kept(&props.kept);
    let state = held.get();
    let message = state.message(props.given.as_ref().map(Shared::rc)).cloned();
    let text = message.as_ref().map_or("", |message| message.text());
    let label = part("label", "field").with(page.el("span", "ui.paste.label")).with(area(props, &held, text));
    let file = message.as_ref().and_then(|message| message.name());
    let file = file.map(|name| part("p", "paste-file").text(named(page, name)));
    let failed =
        props.failed.then(|| part("p", "error").put("role", "alert").text(page.say("ui.error.files")));
    let read = {
        let (read, message) = (props.read.clone(), message.clone());
        move || match message.as_ref().filter(|message| !message.is_empty()) {
            Some(message) => read.emit(message.clone()),
            None => dom::focus(PASTE),
        }
    };
    let close = {
        let close = props.close.clone();
        move || close.emit(())
    };
    let place = |shown: Option<El>| shown.map(VNode::from).unwrap_or_default();
    [
        page.el("h2", "ui.paste").into(),
        label.into(),
        place(file),
        part("p", "note").text(page.say("ui.paste.private")).into(),
        place(failed),
        part("div", "actions")
            .with(page.button("primary", "ui.paste.read", read))
            .with(choose(props))
            .with(page.button("quiet", "ui.close", close))
            .into(),
    ]
    .into_iter()
    .collect()
}

fn area(props: &Props, held: &Held<PasteField>, text: &str) -> El {
    let area = part("textarea", "paste-box")
        .put("id", PASTE)
        .put("rows", "7")
        .put("autocomplete", "off")
        .put("autocapitalize", "none")
        .put("spellcheck", "false")
        .set("placeholder", props.page.say("ui.paste.placeholder"))
        .value(text);
    let (held, given) = (held.clone(), props.given.clone());
    let area = typed(area, move |text| {
        let message = message_of(text.into());
        held.change(|field| field.enter(message, given.as_ref().map(|given| given.rc().clone())));
    });
    let read = props.read.clone();
    area.on(
        On::Paste,
        Rc::new(move |event| {
            // A browser takes seconds to lay out what nobody would read there.
            if let Some(text) = clipboard::pasted(event).filter(|text| !PastedMessage::is_shown(text.whole)) {
                event.prevent_default();
                read.emit(Rc::new(message_of(text)));
            }
        }),
    )
}

/// A text as it was pasted.
pub fn message_of(pasted: PastedText) -> PastedMessage {
    PastedMessage::of_text(pasted.text, pasted.whole)
}

/// What is said in place of a message that the field does not show.
pub fn named(page: &PageContext, name: &MessageName) -> String {
    match name {
        MessageName::Long(whole) => page.with("ui.paste.long", "n", whole / 1000),
        MessageName::File(name) => page.with("ui.paste.file", "name", name.as_str()),
    }
}

/// The field for a file, dressed as a button.
fn choose(props: &Props) -> El {
    let read = props.read.clone();
    let input = part("input", "hide")
        .put("type", "file")
        .put("id", "paste-file")
        .put("accept", ".eml,.txt,.msg,.mht,.html,message/rfc822,text/plain");
    let input = input.on(
        On::Change,
        Rc::new(move |event| {
            let read = read.clone();
            let then = move |name, octets| read.emit(Rc::new(PastedMessage::of_file(name, octets)));
            files::chosen_file(event, Rc::new(then));
        }),
    );
    let label =
        part("label", "quiet button").put("for", "paste-file").text(props.page.say("ui.paste.choose"));
    el("span").with(input).with(label)
}
