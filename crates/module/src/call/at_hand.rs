//! What is at hand in place of resolvers: facts and zones, and changes that are tried over the facts of a report.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use mail_triage_browser::json;
use mail_triage_engine::{
    facts::Facts,
    knowledge::Value,
    session::Session,
    source::Source,
    target::ListKeys,
    what_if::{Tried, after},
    zone::Zone,
};

use super::checks::Checks;
use crate::{
    changes, facts_text,
    options::{self, OF_WHAT_IF, Options},
    refusal::{Refusal, RefusalCode},
};

/// What is at hand, as a table: the program brings it in a chunk of its own.
pub struct AtHand {
    /// See [`source`].
    pub source: fn(Options<'_>) -> Result<Box<dyn Source>, Refusal>,
    /// A session about the report as it would be with a changed zone, and what answers it: the report's facts first.
    pub what_if: fn(&Checks, &WhatIf) -> Result<Answered, Refusal>,
}

/// A session, and what answers it.
pub type Answered = (Session, Box<dyn Source>);

/// What a change is tried on, as it was passed.
#[derive(Clone)]
pub struct WhatIf {
    /// A report that was finished.
    pub report: JsValue,
    /// The changes.
    pub changes: JsValue,
    /// The options.
    pub options: JsValue,
}

/// What the program of the checks brings through its door.
pub static AT_HAND: AtHand = AtHand { source, what_if };

/// The source that options name [at hand](Options::names_what_is_at_hand): facts, or a zone.
///
/// # Errors
/// If it cannot be read, or both are named.
pub fn source(options: Options<'_>) -> Result<Box<dyn Source>, Refusal> {
    match (options.text("facts")?, options.text("zone")?) {
        (Some(_), Some(_)) => Err(Refusal::of_option("zone", "cannot stand beside facts")),
        (Some(facts), None) => Ok(Box::new(facts_text::read(facts)?)),
        (None, zone) => {
            let zone = Zone::parse(zone.unwrap_or_default());
            Ok(Box::new(zone.map_err(|wrong| Refusal::of_option("zone", &wrong.to_string()))?))
        }
    }
}

fn what_if(checks: &Checks, passed: &WhatIf) -> Result<Answered, Refusal> {
    let report = json::tree(&passed.report);
    let mut known = facts_of(&report)?;
    // Where nobody was asked, somebody can be now.
    known.retain(|question, fact| fact != question.not_asked());
    let (target, changes) =
        (options::target_of_report(&report)?, changes::read(&json::tree(&passed.changes))?);
    let value = json::tree(&passed.options);
    let options = Options::read(&value, &OF_WHAT_IF)?;
    checks.whom(options)?;
    let source = if options.names_what_is_at_hand() {
        source(options)?
    } else {
        checks.lookups(options, &passed.options)?
    };
    let facts = after(&known, &changes);
    let session = Session::with_facts(target, checks.knowledge.clone(), ListKeys::default(), facts);
    Ok((session, Box::new(Tried::new(changes, Rc::new(known.into()), source))))
}

/// The facts that a report carries.
///
/// # Errors
/// If it carries none, or they cannot be read.
pub(super) fn facts_of(report: &Value) -> Result<Facts, Refusal> {
    let none = || Refusal::new(RefusalCode::Report, "this is no report of a run that was finished");
    facts_text::read(report.field("facts").text().ok_or_else(none)?)
}
