//! What every part of the page has at hand.

use std::{cell::Cell, rc::Rc};

use mail_triage_browser::dom::{self, Event};
use yew::prelude::Callback;

use super::{
    h::{El, On, el, part},
    program::Program,
    state::{Action, State},
};
use mail_triage_engine::{
    check::Arg, input::limits::InputField, knowledge::Provider, report::Report, visible::visible,
};

/// The state, its words, and a way to say what the user did.
pub struct Ui<'a> {
    /// Everything that is shown.
    pub state: &'a State,
    /// Takes what the user did.
    pub act: &'a Callback<Action>,
    /// Numbers for elements that need an id of their own.
    pub ids: Cell<u32>,
    /// Lookups that may still be shown, see [`PAGE_LOOKUPS`](mail_triage_engine::bounds::PAGE_LOOKUPS).
    pub lookups: Cell<usize>,
}

impl Ui<'_> {
    /// The text under a key.
    pub fn say(&self, key: &str) -> String {
        self.state.words.say(key)
    }

    /// The text under a key with one placeholder.
    pub fn with(&self, key: &str, name: &'static str, value: impl Into<Arg>) -> String {
        self.state.words.with(key, [(name, value.into())])
    }

    /// The text under a key about a number, in the right plural form.
    pub fn count(&self, key: &str, n: usize) -> String {
        self.state.words.with(key, [("n", n.into())])
    }

    /// The report, once something was asked.
    pub fn report(&self) -> Option<&Report> {
        self.state.shown_report()
    }

    /// The report, with what draws it.
    pub fn results(&self) -> Option<(&'static Program, &Report)> {
        self.state.program.zip(self.report())
    }

    /// The provider that the report recognised.
    pub fn provider(&self) -> Option<&Provider> {
        self.state.provider()
    }

    /// That there are so many more than are shown, if there are any.
    pub fn more(&self, n: usize) -> Option<El> {
        (n > 0).then(|| part("p", "note").text(self.state.words.more(n)))
    }

    /// That no more than a part of what stands in a field is read, where it is longer.
    pub fn long(&self, field: InputField, text: &str) -> Option<El> {
        field.is_longer(text).then(|| {
            let said = self.with("ui.long", "n", field.most());
            part("span", "note").put("role", "status").put("data-long", "").text(said)
        })
    }

    /// An element with the text under a key.
    pub fn el(&self, tag: &'static str, key: &str) -> El {
        el(tag).text(self.say(key))
    }

    /// A button with the text under a key.
    pub fn button(&self, class: &'static str, key: &str, action: Action) -> El {
        self.press(part("button", class).put("type", "button").text(self.say(key)), action)
    }

    /// The element, doing something when it is pressed.
    pub fn press(&self, el: El, action: Action) -> El {
        self.on(el, On::Click, move |event| {
            event.prevent_default();
            Some(action.clone())
        })
    }

    /// The link, doing something when it is pressed; not where it is to be opened elsewhere.
    pub fn follow(&self, el: El, action: Action) -> El {
        self.on(el, On::Click, move |event| {
            if dom::opens_elsewhere(event) {
                return None;
            }
            event.prevent_default();
            Some(action.clone())
        })
    }

    /// The element, doing something with what is typed or chosen in it.
    pub fn input(&self, el: El, then: impl Fn(String) -> Action + 'static) -> El {
        self.on(el, On::Input, move |event| dom::value_of(event).map(&then))
    }

    /// The element, doing something when something happens to it.
    pub fn on(&self, el: El, kind: On, then: impl Fn(&Event) -> Option<Action> + 'static) -> El {
        let act = self.act.clone();
        el.on(
            kind,
            Rc::new(move |event| {
                if let Some(action) = then(event) {
                    act.emit(action);
                }
            }),
        )
    }

    /// A link out of the page, in a tab of its own and without a trace of where it was clicked.
    pub fn external(&self, url: &str, text: impl Into<String>) -> El {
        if !(url.starts_with("https://") || url.starts_with("mailto:")) {
            return el("span").text(text);
        }
        el("a")
            .set("href", url.to_owned())
            .put("target", "_blank")
            .put("rel", "noopener noreferrer")
            .text(text)
    }

    /// A record, name or command line that can be copied whole.
    pub fn record(&self, text: &str) -> El {
        let text = visible(text);
        self.copyable(el("code").text(&*text), &text)
    }

    /// What stands for a text that can be copied, with the button that copies it.
    pub fn copyable(&self, shown: El, text: &str) -> El {
        let done = self.state.copied.as_deref() == Some(text);
        let id = self.ids.get();
        self.ids.set(id + 1);
        let label = self.say(if done { "ui.copy.done" } else { "ui.copy" });
        let button = part("button", "copy")
            .put("type", "button")
            .flag("data-done", done)
            .set("aria-describedby", format!("r{id}"))
            .text(label);
        part("div", "record")
            .with(shown.set("id", format!("r{id}")))
            .with(self.press(button, Action::Copy(text.to_owned())))
    }

    /// A fact and where it comes from: `source, date`.
    pub fn source(&self, url: &str, date: &str) -> El {
        let shown = if url.starts_with("https://") { host_of(url) } else { url };
        part("span", "note").with(self.external(url, shown)).text(format!(", {date}"))
    }

    /// A table: the keys of the column heads under `ui.col.`, or whole ones, and rows whose first cell names the row.
    pub fn table(&self, heads: &[&'static str], rows: Vec<(String, Vec<El>)>) -> El {
        let head = heads.iter().map(|head| el("th").put("scope", "col").text(self.col(head))).collect();
        let rows = rows.into_iter().map(|(key, cells)| {
            let cells = cells.into_iter().zip(heads).enumerate().map(|(index, (cell, head))| {
                if index == 0 {
                    el("th").put("scope", "row").with(cell)
                } else {
                    el("td").set("data-label", self.col(head)).with(cell)
                }
            });
            el("tr").key(&key).all(cells.collect())
        });
        let table = part("table", "facts rows")
            .with(el("thead").with(el("tr").all(head)))
            .with(el("tbody").all(rows.collect()));
        part("div", "scroll").put("tabindex", "0").with(table)
    }

    fn col(&self, head: &str) -> String {
        if head.contains('.') { self.say(head) } else { self.say(&format!("ui.col.{head}")) }
    }
}

/// A cell with nothing but text.
pub fn cell(text: impl Into<String>) -> El {
    el("span").text(text)
}

/// The host of a web address.
pub fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}
