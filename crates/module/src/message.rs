//! Places in a message that was read, as JavaScript counts them.

use std::ops::Range;

use mail_triage_engine::{bounce::BounceReading, record::Span};

use crate::span::Units;

/// Translates every place in the text of the reading from octets into UTF-16 units.
pub fn count_in_units(reading: &mut BounceReading) {
    let units = Units::of(&reading.text);
    let translated = |range: &Range<usize>| {
        let span = units.span(Span::new(range.start, range.end));
        span.start as usize..span.end as usize
    };
    for verdict in &mut reading.verdicts {
        verdict.span = verdict.span.as_ref().map(translated);
        if let Some(codes) = &mut verdict.codes {
            codes.span = translated(&codes.span);
        }
    }
    for fact in &mut reading.facts {
        fact.span = fact.span.as_ref().map(translated);
    }
}
