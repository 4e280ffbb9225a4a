//! What every panel has of the page.

use std::rc::Rc;

use mail_triage_browser::words::Words;
use mail_triage_engine::{check::Arg, input::limits::InputField, text::Args, visible::visible};
use yew::prelude::Callback;

use super::on::pressed;
use crate::components::h::{El, el, part};

/// The words of the page, and its clipboard.
#[derive(Clone, PartialEq)]
pub struct PageContext {
    /// The texts.
    pub words: Words,
    /// The text that was copied last.
    pub copied: Option<Rc<str>>,
    /// Puts a text on the clipboard.
    pub copy: Callback<String>,
}

impl PageContext {
    /// The text under a key.
    pub fn say(&self, key: &str) -> String {
        self.words.say(key)
    }

    /// The text under a key with one placeholder.
    pub fn with(&self, key: &str, name: &'static str, value: impl Into<Arg>) -> String {
        self.words.with(key, [(name, value.into())])
    }

    /// The text under a key with placeholders.
    pub fn fill(&self, key: &str, args: &Args) -> String {
        self.words.fill(key, args)
    }

    /// An element with the text under a key.
    pub fn el(&self, tag: &'static str, key: &str) -> El {
        el(tag).text(self.say(key))
    }

    /// A button with the text under a key, doing something when it is pressed.
    pub fn button(&self, class: &'static str, key: &str, then: impl Fn() + 'static) -> El {
        pressed(part("button", class).put("type", "button").text(self.say(key)), then)
    }

    /// That no more than a part of what stands in a field is read, where it is longer.
    pub fn long(&self, field: InputField, text: &str) -> Option<El> {
        field.is_longer(text).then(|| {
            let said = self.with("ui.long", "n", field.most());
            part("span", "note").put("role", "status").put("data-long", "").text(said)
        })
    }

    /// A record, name or command line that can be copied whole; `id` is that of its text.
    pub fn record(&self, id: String, text: &str) -> El {
        let text = visible(text);
        self.copyable(id, el("code").text(&*text), &text)
    }

    /// What stands for a text that can be copied, with the button that copies it; `id` is that of what is shown.
    pub fn copyable(&self, id: String, shown: El, text: &str) -> El {
        let done = self.copied.as_deref() == Some(text);
        let label = self.say(if done { "ui.copy.done" } else { "ui.copy" });
        let button = part("button", "copy")
            .put("type", "button")
            .flag("data-done", done)
            .set("aria-describedby", id.clone())
            .text(label);
        let (copy, text) = (self.copy.clone(), text.to_owned());
        part("div", "record").with(shown.set("id", id)).with(pressed(button, move || copy.emit(text.clone())))
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

/// A text for the middle of a sentence, cut where it is long.
pub fn short(text: &str) -> String {
    let mut short: String = text.chars().take(80).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// A cell with nothing but text.
pub fn cell(text: impl Into<String>) -> El {
    el("span").text(text)
}

/// A link out of the page, in a tab of its own and without a trace of where it was clicked.
pub fn external(url: &str, text: impl Into<String>) -> El {
    if !(url.starts_with("https://") || url.starts_with("mailto:")) {
        return el("span").text(text);
    }
    el("a").set("href", url.to_owned()).put("target", "_blank").put("rel", "noopener noreferrer").text(text)
}

/// A fact and where it comes from: `source, date`.
pub fn source(url: &str, date: &str) -> El {
    let shown = if url.starts_with("https://") { host_of(url) } else { url };
    part("span", "note").with(external(url, shown)).text(format!(", {date}"))
}

/// The host of a web address.
pub fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}
