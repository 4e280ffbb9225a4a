//! The parts of the page, each a few dozen lines. The class names are those of `www/style.css`.

use mail_triage_engine::report::Report;

use crate::components::{
    h::{El, el},
    ui::Ui,
};

mod actions;
mod ask;
pub mod build;
mod compared;
mod contact;
pub mod explained;
pub mod finding;
pub mod found;
mod guided;
mod judged;
mod lists;
pub mod log;
pub mod many;
pub mod mend;
mod notices;
pub mod opinion;
mod owner;
pub mod page;
pub mod paste;
mod pictures;
pub mod policy;
pub mod provider;
pub mod resolver;
mod rules;
mod senders;
pub mod sharing;
mod since;
mod steps;
pub mod summary;
pub mod ticket;
mod tree;
pub mod watch;
mod way;
pub mod what_if;

pub use crate::components::head::THEMES;

/// The element of the result that a link calls so.
pub fn element_of(report: &Report, name: &str) -> Option<String> {
    report.named(name).map(|place| finding::id(report, place))
}

/// The places of what follows later, once a check has come to its end.
pub fn later(ui: &Ui<'_>) -> El {
    el("div").key("later").maybe(what_if::fold(ui)).maybe(opinion::place(ui))
}

/// The element that holds the message to whoever can help.
pub const TICKET: &str = "ticket";
