//! Times as the browser's clock has them.

use mail_triage_browser::clock::local_time;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn a_local_time_can_be_read_back_to_the_minute() {
    // A winter and a summer, and a day of one figure.
    for unix in [1_770_000_000_i64, 1_783_300_000, 1_793_500_000] {
        let shown = local_time(unix);
        let (date, rest) = shown.split_once(' ').unwrap();
        let (time, zone) = rest.split_once(" UTC").unwrap();
        let millis = js_sys::Date::parse(&format!("{date}T{time}:00{zone}"));
        assert_eq!(millis, (unix - unix % 60) as f64 * 1000.0, "{shown}");
    }
}
