//! The guided checklist: what the user does and ticks off (`www/data/guide.json`; its words are in the locales).

use serde::Deserialize;

use crate::web::browser;

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Guide {
    /// Before the steps; keys `before.<id>.*`.
    pub before: Vec<String>,
    /// The steps.
    pub steps: Vec<GuideStep>,
}

/// The items of one step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct GuideStep {
    /// Its number, 1 to 5.
    pub step: u8,
    /// What there is to do.
    pub items: Vec<Item>,
}

/// One thing to do; keys `guide.<step>.<id>.*`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Item {
    /// Its name.
    pub id: String,
    /// Commands to run on one's own machine, with placeholders.
    pub commands: Vec<Command>,
    /// Key of a text to send, with placeholders.
    pub template: Option<String>,
    /// Providers for whose customers it is meant; empty for everybody.
    pub providers: Vec<String>,
}

/// A command for a system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Command {
    /// The system.
    pub on: String,
    /// The command line.
    pub run: String,
}

/// The guide, which is part of the program: the page shows it before anything is fetched.
#[must_use]
pub fn guide() -> Guide {
    browser::read_json(include_str!("../../../www/data/guide.json")).unwrap_or_default()
}
