//! Points in time.

use crate::{
    bounce::{BounceReading, FactKind},
    check::Args,
    message::Date,
    text::{Catalog, Plural},
};

/// Since when, as the error says it.
#[must_use]
pub fn prefilled(
    reading: &BounceReading,
    local: &dyn Fn(i64) -> String,
    catalog: &Catalog,
    plural: Plural,
) -> String {
    let Some(time) = reading.facts.iter().find(|fact| fact.kind == FactKind::Time) else {
        return String::new();
    };
    match Date::parse(&time.value) {
        Some(date) if date.offset.is_some() => moment(date.unix, local, catalog, plural),
        // Whose clock that was is not said.
        _ => time.value.clone(),
    }
}

/// A point in time in universal time and as the user's clock shows it.
pub(super) fn moment(unix: i64, local: &dyn Fn(i64) -> String, catalog: &Catalog, plural: Plural) -> String {
    let (year, month, day, hour, minute, _) = Date { unix, offset: Some(0) }.civil();
    let utc = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02} UTC");
    let local = local(unix);
    if local == utc {
        return utc;
    }
    let mut args = Args::default();
    args.set("utc", utc.into());
    args.set("local", local.into());
    catalog.say("ticket.moment", &args, plural)
}
