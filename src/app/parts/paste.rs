//! The panel for a message: an error, a returned mail, headers.

use std::rc::Rc;

use super::PASTE;
use crate::app::{
    h::{El, On, el, part},
    state::{Action, Paste},
    ui::Ui,
    view::ASKED_OF_PASTE,
};
use mail_triage_browser::{clipboard, files};

/// The panel: the field, or one line in its place once there is something to read about it.
#[inline(never)]
pub fn panel(ui: &Ui<'_>, paste: &Paste) -> El {
    let section = part("section", "panel").set("aria-label", ui.say("ui.paste"));
    let section = match &paste.reading {
        Some(_) if !paste.open => section.with(line(ui, paste)),
        _ => field(ui, paste, section),
    };
    let read = ui.state.messages.zip(paste.reading.as_deref());
    section.maybe(read.map(|(messages, reading)| (messages.explained)(ui, paste, reading)))
}

/// What was read, in one line, with the way back to the field.
fn line(ui: &Ui<'_>, paste: &Paste) -> El {
    let file = paste.file.as_ref().map(|name| part("span", "note paste-file").text(named(ui, paste, name)));
    part("div", "asked-line")
        .put("id", ASKED_OF_PASTE)
        .with(ui.el("h2", "ui.paste.yours"))
        .maybe(file)
        .with(ui.button("link", "asked.change", Action::ChangePaste))
        .with(ui.button("link", "ui.close", Action::OpenPaste(false)))
}

fn field(ui: &Ui<'_>, paste: &Paste, section: El) -> El {
    let field = part("textarea", "paste-box")
        .put("id", PASTE)
        .put("rows", "7")
        .put("autocomplete", "off")
        .put("autocapitalize", "none")
        .put("spellcheck", "false")
        .set("placeholder", ui.say("ui.paste.placeholder"))
        .value(&paste.text);
    let label = part("label", "field").with(ui.el("span", "ui.paste.label")).with(ui.on(
        ui.input(field, Action::TypedPaste),
        On::Paste,
        |event| {
            // A browser takes seconds to lay out what nobody would read there.
            let text = clipboard::pasted(event).filter(|text| !Paste::is_shown(text))?;
            event.prevent_default();
            Some(Action::Pasted(text))
        },
    ));
    let file = paste.file.as_ref().map(|name| part("p", "paste-file").text(named(ui, paste, name)));
    let failed = paste.failed.then(|| part("p", "error").put("role", "alert").text(ui.say("ui.error.files")));
    section
        .with(ui.el("h2", "ui.paste"))
        .with(label)
        .maybe(file)
        .with(part("p", "note").text(ui.say("ui.paste.private")))
        .maybe(failed)
        .with(
            part("div", "actions")
                .with(ui.button("primary", "ui.paste.read", Action::ReadPaste))
                .with(choose(ui))
                .with(ui.button("quiet", "ui.close", Action::OpenPaste(false))),
        )
}

/// What was given in place of a text in the field.
fn named(ui: &Ui<'_>, paste: &Paste, name: &str) -> String {
    if name.is_empty() {
        return ui.with("ui.paste.long", "n", paste.whole / 1000);
    }
    ui.with("ui.paste.file", "name", name)
}

/// The field for a file, dressed as a button.
fn choose(ui: &Ui<'_>) -> El {
    let act = ui.act.clone();
    let input = part("input", "hide")
        .put("type", "file")
        .put("id", "paste-file")
        .put("accept", ".eml,.txt,.msg,.mht,.html,message/rfc822,text/plain");
    let input = input.on(
        On::Change,
        Rc::new(move |event| {
            let act = act.clone();
            files::chosen_file(event, Rc::new(move |name, octets| act.emit(Action::Dropped(name, octets))));
        }),
    );
    el("span")
        .with(input)
        .with(part("label", "quiet button").put("for", "paste-file").text(ui.say("ui.paste.choose")))
}
