//! The checks for other pages, as a JavaScript module.
//!
//! ```js
//! import init, { check } from "./mail-triage.js";
//! await init();
//! const report = await check("example.org", { ips: ["192.0.2.1"] }, (report) => console.log(report.progress));
//! ```
//!
//! Options, all of them optional: `ips` and `selectors` (arrays of text), `helo`, `resolver` (an id of
//! `resolvers.json` or an address), `receivingToo`, `signal` (an `AbortSignal`), and `base`, the address below which
//! `data/*.json` is found. `mtaStsPolicy` is the text of the domain's MTA-STS policy; with `readPolicy: true` it is
//! read from the domain's own server where that lets web pages do so, which is the only request that is no lookup. The
//! report is that of [`crate::report`], as a plain object.

mod run;

use js_sys::{Function, Promise};
use wasm_bindgen::{JsError, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::spawn_local;

use super::later;

/// Checks a domain, an e-mail address or an IP address. `on_update` gets the report so far after each answer; the
/// promise brings it when all is in, and fails when the target cannot be read, the data files cannot be fetched or
/// the signal aborts.
#[wasm_bindgen]
pub fn check(target: String, options: JsValue, on_update: Option<Function>) -> Promise {
    Promise::new(&mut |resolve, reject| {
        let (target, options, on_update) = (target.clone(), options.clone(), on_update.clone());
        spawn_local(async move {
            let ended = if later::arrived().await {
                run::run(target, options, on_update).await
            } else {
                Err(JsError::new("the program cannot be fetched").into())
            };
            let _ = match ended {
                Ok(report) => resolve.call1(&JsValue::UNDEFINED, &report),
                Err(error) => reject.call1(&JsValue::UNDEFINED, &error),
            };
        });
    })
}
