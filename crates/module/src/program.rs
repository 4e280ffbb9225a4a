//! What is called, in the chunk of the program that it is in.

use wasm_bindgen::{JsError, JsValue};

use mail_triage_browser::host::{Function, Running};

/// What `check` calls.
type Check = fn(String, JsValue, Option<Function>) -> Running;
/// What `explain` calls.
type Explain = fn(JsValue, JsValue) -> Running;

/// Does what [`super::check`] promises.
pub fn check(target: String, options: JsValue, on_update: Option<Function>) -> Running {
    Box::pin(async { checks().await.map_err(|_| missing())?(target, options, on_update).await })
}

/// Does what [`super::explain`] promises.
pub fn explain(message: JsValue, options: JsValue) -> Running {
    Box::pin(async { messages().await.map_err(|_| missing())?(message, options).await })
}

fn missing() -> JsValue {
    JsError::new("the program cannot be fetched").into()
}

#[cfg(feature = "chunks")]
#[wasm_split_helpers::wasm_split(check, fallible)]
fn checks() -> Result<Check, wasm_split_helpers::SplitLoaderError> {
    Ok(super::check::run)
}

#[cfg(feature = "chunks")]
#[wasm_split_helpers::wasm_split(messages, fallible)]
fn messages() -> Result<Explain, wasm_split_helpers::SplitLoaderError> {
    Ok(super::explain::explain)
}

#[cfg(not(feature = "chunks"))]
async fn checks() -> Result<Check, std::convert::Infallible> {
    Ok(super::check::run)
}

#[cfg(not(feature = "chunks"))]
async fn messages() -> Result<Explain, std::convert::Infallible> {
    Ok(super::explain::explain)
}
