//! What is made of error messages.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what it did not expect")]

mod common;
#[path = "common/bounces.rs"]
mod texts;

use texts::{cases, read, reader, words};

#[test]
fn every_text_leads_to_its_step_and_cause() {
    let (reader, lists) = (reader(), common::knowledge().blocklists);
    let mut wrong = Vec::new();
    let cases = cases("tests/bounces");
    assert!(cases.len() >= 200, "{}", cases.len());
    for case in &cases {
        let reading = read(&reader, &case.text, &lists);
        let verdict = reading.verdicts.first();
        let found = words(verdict);
        if found != case.wanted {
            let by = verdict.map(|verdict| {
                (verdict.entry.as_deref(), verdict.basis, verdict.provider.as_ref().map(|p| &p.id))
            });
            wrong.push(format!("{}: {found:?} by {by:?} instead of {:?}", case.name, case.wanted));
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), cases.len());
}

#[test]
fn texts_that_no_pattern_was_made_for_are_mostly_understood() {
    let (reader, lists) = (reader(), common::knowledge().blocklists);
    let cases = cases("tests/bounces-fresh");
    let (mut right, mut astray) = (0, Vec::new());
    for case in &cases {
        let reading = read(&reader, &case.text, &lists);
        let found = words(reading.verdicts.first());
        right += usize::from(found == case.wanted);
        if found[0] != case.wanted[0] {
            let entry = reading.verdicts.first().and_then(|verdict| verdict.entry.clone());
            astray.push(format!("{}: {found:?} by {entry:?} instead of {:?}", case.name, case.wanted));
        }
    }
    assert!(right * 100 >= cases.len() * 85, "{right} of {}: {astray:#?}", cases.len());
    assert!(astray.len() * 100 <= cases.len() * 8, "{} of {}: {astray:#?}", astray.len(), cases.len());
}
