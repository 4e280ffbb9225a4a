//! Checks of earlier visits, kept in this browser.
//!
//! Functions that need what follows after the first paint.

use super::{App, PAST, PAST_OFF, seen, state::Action};
use crate::{
    machine::Kind,
    panels::past::{PastCheck, PastChecks},
};
use mail_triage_browser::{clock, compress, storage};
use mail_triage_engine::{driver::Driver, report::Report, route::MAX_SEEN};
use std::rc::Rc;

/// How long the page is left alone after a check before it is kept, in milliseconds: whoever begins to read or scroll comes first.
const CALM: u32 = 500;

/// The checks that are kept.
pub fn kept() -> PastChecks {
    PastChecks::read(&storage::stored(PAST).unwrap_or_default())
}

/// Keeps these and no others; `false` if the browser does not let the page.
pub fn keep(checks: &PastChecks) -> bool {
    let text = checks.write();
    storage::keep(PAST, (!text.is_empty()).then_some(&text))
}

/// Whether checks are to be kept.
pub fn is_on() -> bool {
    storage::stored(PAST_OFF).is_none()
}

/// Says whether they are; `false` if the browser does not let the page.
pub fn switch(on: bool) -> bool {
    storage::keep(PAST_OFF, (!on).then_some("1"))
}

/// Waits until the run of this number can be kept.
pub async fn soon(run: u32) -> Action {
    clock::sleep(CALM).await;
    Action::Keep(run)
}

/// What is to be kept of the run of this number: its report, when it began, and what it saw. Only a check that came to its end
/// is, and neither an example nor what somebody else has seen.
pub fn of_run(app: &App, number: u32) -> Option<(Rc<Report>, i64, Vec<u8>)> {
    let live = app.order.as_ref().is_some_and(|order| matches!(order.kind, Kind::Live));
    let done = app.run.as_ref().is_some_and(|run: &Driver| run.is_done() && !run.is_cancelled());
    if !app.is_run(number) || !live || !done || !is_on() {
        return None;
    }
    let report = app.state.machine.check.report()?.clone();
    Some((report, app.state.machine.checked()?, seen::now(app)?))
}

/// Keeps it.
pub async fn add(report: Rc<Report>, unix: i64, octets: Vec<u8>) -> Action {
    if let Some(seen) = compress::compress(&octets, MAX_SEEN).await.filter(|seen| seen.len() <= MAX_SEEN) {
        // Read only now: another tab may have kept something meanwhile.
        let mut checks = kept();
        checks.add(PastCheck::of(&report, unix, seen));
        keep(&checks);
    }
    Action::Kept
}
