//! Time: what the clock says, how the user writes it, waiting.

use std::{cell::Cell, rc::Rc};

use gloo_timers::callback::Timeout;
use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Performance;

/// Milliseconds since the page, worker or program was started; 0 where nobody counts them.
pub fn now() -> f64 {
    // Not by the window: a worker has none, and the checks run there too.
    let counts = Reflect::get(&js_sys::global(), &"performance".into()).ok().filter(JsValue::is_object);
    counts.map_or(0.0, |performance| performance.unchecked_into::<Performance>().now())
}

/// Seconds since 1970.
pub fn unix() -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "saturates, as it should")]
    let seconds = (js_sys::Date::now() / 1000.0) as i64;
    seconds
}

/// A point in time, in seconds since 1970, as this browser's clock and zone have it, the same in every language:
/// `2026-11-20 09:05 UTC+01:00`.
pub fn local_time(unix: i64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "dates are far below 2^53")]
    let then = js_sys::Date::new(&(unix as f64 * 1000.0).into());
    let (year, month, day) = (then.get_full_year(), then.get_month() + 1, then.get_date());
    let (hour, minute) = (then.get_hours(), then.get_minutes());
    // JavaScript counts the minutes from here to UTC.
    #[allow(clippy::cast_possible_truncation, reason = "at most a day")]
    let offset = -then.get_timezone_offset() as i32;
    let sign = if offset < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02} UTC{sign}{hours:02}:{minutes:02}")
}

/// A time, in milliseconds since 1970, as this browser's clock and zone have it, in the words of a language; `parts`
/// are options of `Intl.DateTimeFormat`.
pub fn time(millis: f64, parts: &[(&str, &str)], language: &str) -> String {
    let options = Object::new();
    for &(name, value) in parts {
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    String::from(js_sys::Date::new(&millis.into()).to_locale_string(language, &options))
}

/// Hour and minute of a point in time, in seconds since 1970.
pub fn time_of_day(unix: i64, language: &str) -> String {
    #[allow(clippy::cast_precision_loss, reason = "dates are far below 2^53")]
    time(unix as f64 * 1000.0, &[("timeStyle", "short")], language)
}

/// The time of day of a point in time, in seconds since 1970, with the day where that is another one than today.
pub fn near_time(unix: i64, language: &str) -> String {
    #[allow(clippy::cast_precision_loss, reason = "dates are far below 2^53")]
    let millis = unix as f64 * 1000.0;
    let day = |millis: f64| time(millis, &[("dateStyle", "short")], language);
    if day(millis) == day(js_sys::Date::now()) {
        return time_of_day(unix, language);
    }
    time(millis, &[("dateStyle", "medium"), ("timeStyle", "short")], language)
}

/// Weekday and time so many hours from now.
pub fn in_hours(hours: u32, language: &str) -> String {
    let parts = [("weekday", "long"), ("hour", "numeric"), ("minute", "2-digit"), ("timeZoneName", "short")];
    time(js_sys::Date::now() + f64::from(hours) * 3_600_000.0, &parts, language)
}

/// Waits.
pub async fn sleep(millis: u32) {
    let promise = Promise::new(&mut |done, _| {
        Timeout::new(millis, move || {
            let _ = done.call0(&JsValue::UNDEFINED);
        })
        .forget();
    });
    let _ = JsFuture::from(promise).await;
}

/// How often a page that is filling up is drawn, in milliseconds. Drawing takes time from the lookups, and nobody reads
/// faster.
const DRAW: u32 = 200;

/// Calls `then` when it is time to draw again. Dropping the handle cancels.
pub fn soon(then: impl FnOnce() + 'static) -> Frame {
    let cancelled = Rc::new(Cell::new(false));
    let dropped = cancelled.clone();
    let run = move || {
        if !dropped.get() {
            then();
        }
    };
    Timeout::new(DRAW, run).forget();
    Frame(cancelled)
}

/// A call that waits until it is time to draw.
pub struct Frame(Rc<Cell<bool>>);

impl Drop for Frame {
    fn drop(&mut self) {
        self.0.set(true);
    }
}
