//! The panel for a message: the field, or one line in its place, and what it says.

use yew::prelude::{Html, html};

use crate::{
    components::{
        h::{El, part},
        paste::{Paste as Field, named},
        ui::Ui,
    },
    shell::state::{Action, Paste},
};

/// The id of the line that says which message is explained.
pub const ASKED_OF_PASTE: &str = "asked-of-paste";

/// The panel: the field, or one line in its place once there is something to read about it.
pub fn panel(ui: &Ui<'_>, paste: &Paste) -> El {
    let section = part("section", "panel").set("aria-label", ui.say("ui.paste"));
    let section = match &paste.reading {
        Some(_) if !paste.open => section.with(line(ui, paste)),
        _ => section.node(field(ui, paste)),
    };
    let read = ui.state.messages.zip(paste.reading.as_deref());
    section.maybe(read.map(|(messages, reading)| (messages.explained)(ui, paste, reading)))
}

/// What was read, in one line, with the way back to the field.
fn line(ui: &Ui<'_>, paste: &Paste) -> El {
    let name = paste.message.as_ref().and_then(|message| message.name());
    let file = name.map(|name| part("span", "note paste-file").text(named(&ui.page, name)));
    part("div", "asked-line")
        .put("id", ASKED_OF_PASTE)
        .with(ui.el("h2", "ui.paste.yours"))
        .maybe(file)
        .with(ui.button("link", "asked.change", Action::ChangePaste))
        .with(ui.button("link", "ui.close", Action::OpenPaste(false)))
}

fn field(ui: &Ui<'_>, paste: &Paste) -> Html {
    html! {
        <Field
            page={ui.page.clone()}
            kept={ui.memory.paste.clone()}
            given={paste.message.clone().map(Into::into)}
            failed={paste.failed}
            read={ui.callbacks.read.clone()}
            close={ui.callbacks.close_paste.clone()}
        />
    }
}
