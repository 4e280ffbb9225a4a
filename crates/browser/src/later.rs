//! The part of the program that follows after the first paint.
//!
//! `cargo xtask build` takes the program apart, so that a first visit fetches half of it: the modules that a check needs
//! come in a second file. Nothing in them may be called before [`arrived`] has said so; which modules these are stands
//! in `xtask/src/halves.rs`. A program built in another way is whole from the start.

use js_sys::Promise;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// Fetches the second file, once. The build writes the function into the script of a program that it took apart;
    /// in any other there is none, and the call fails.
    #[wasm_bindgen(catch, js_namespace = globalThis, js_name = mailTriageLater)]
    fn fetch_later() -> Result<Promise, JsValue>;
}

/// Fetches the second file; `false` if it cannot be had.
pub async fn arrived() -> bool {
    match fetch_later() {
        Ok(promise) => JsFuture::from(promise).await.is_ok(),
        // The program is whole.
        Err(_) => true,
    }
}
