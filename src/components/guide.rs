//! The guided checklist: what the user does and ticks off (`www/data/guide.json`; its words are in the locales).

use mail_triage_browser::json;
use mail_triage_engine::reads;

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guide {
    /// Before the steps; keys `before.<id>.*`.
    pub before: Vec<String>,
    /// The steps.
    pub steps: Vec<GuideStep>,
}

reads!(Guide { before: "before", steps: "steps" });

/// The items of one step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GuideStep {
    /// Its number, 1 to 5.
    pub step: u8,
    /// What there is to do.
    pub items: Vec<Item>,
}

reads!(GuideStep { step: "step", items: "items" });

/// One thing to do; keys `guide.<step>.<id>.*`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Its name.
    pub id: String,
    /// Commands to run on one's own machine, with placeholders.
    pub commands: Vec<Command>,
    /// Providers for whose customers it is meant; empty for everybody.
    pub providers: Vec<String>,
}

reads!(Item { id: "id", commands: "commands", providers: "providers" });

/// A command for a system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// The system.
    pub on: String,
    /// The command line.
    pub run: String,
}

reads!(Command { on: "on", run: "run" });

/// The guide, which is part of the program: the page shows it before anything is fetched.
#[must_use]
pub fn guide() -> Guide {
    json::read_json(include_str!("../../www/data/guide.json")).unwrap_or_default()
}
