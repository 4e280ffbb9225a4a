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
//! report is that of [`mail_triage_engine::report`], as a plain object; `report.headline.says` is the verdict ([`mail_triage_engine::report::headline::HeadlineVerdict`]).
//!
//! ```js
//! const reading = await explain(await file.text(), { lang: "en" });
//! ```
//!
//! `explain` takes a message as text or as a `Uint8Array`: an error, a returned mail, headers. Nothing is asked. It
//! brings [`mail_triage_engine::bounce::BounceReading`] as a plain object, with the words of each verdict (what happened, what to do) in
//! `words` where `lang` names a language, and what stands out in the header in `remarks` ([`mail_triage_engine::headers::remarks`]).

#![cfg(target_arch = "wasm32")]

mod check;
mod explain;
mod program;

use std::rc::Rc;

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use mail_triage_browser::host::{Function, Promise, promise};

/// Checks a domain, an e-mail address or an IP address. `on_update` gets the whole report so far after each burst of answers,
/// which takes its time to write: nothing is written for a page that passes no `on_update`. The
/// promise brings it when all is in, and fails when the target cannot be read, the data files cannot be fetched or
/// the signal aborts (an `AbortError`). An option that does not exist or cannot be read is an error that names it.
#[wasm_bindgen]
pub fn check(target: String, options: JsValue, on_update: Option<Function>) -> Promise {
    promise(Rc::new(move || program::check(target.clone(), options.clone(), on_update.clone())))
}

/// Says what a message says: an error, a returned mail, headers; see the head of this module. Nothing of it leaves the
/// page. Fails when it is neither text nor octets, or the data files cannot be fetched.
#[wasm_bindgen]
pub fn explain(message: JsValue, options: JsValue) -> Promise {
    promise(Rc::new(move || program::explain(message.clone(), options.clone())))
}
