//! Calls from JavaScript: options in, objects and promises out.
//!
//! What few calls take is a table of functions behind a [`Door`]: a program brings it in a chunk of its own, which is fetched with
//! the first call that takes it. What nothing but the table names is in that chunk.

pub mod at_hand;
pub mod checks;
pub mod messages;
pub mod records;
mod source;
pub mod words;

use std::pin::Pin;

use serde::Serialize;
use wasm_bindgen::JsValue;

use mail_triage_browser::json;
use mail_triage_engine::{
    knowledge::{Read, Value},
    text::{Catalog, known},
};

use crate::refusal::{Refusal, RefusalCode};

/// Brings a table of functions; none if it cannot be had.
pub type Door<T> = fn() -> Pin<Box<dyn Future<Output = Option<&'static T>>>>;

/// What stands behind a door.
async fn behind<T>(door: Door<T>) -> Result<&'static T, JsValue> {
    let missing = || refused(&Refusal::new(RefusalCode::Files, "a file of the package cannot be read"));
    door().await.ok_or_else(missing)
}

/// A plain object.
fn object(value: &impl Serialize) -> Result<JsValue, JsValue> {
    // By way of text: as objects, each field is a call of its own, and the programs are a tenth larger.
    let text = serde_json::to_string(value).map_err(|_| JsValue::NULL)?;
    json::object(&text).ok_or(JsValue::NULL)
}

/// What a call that is refused fails with: an object, of which the scripts make an error.
fn refused(refusal: &Refusal) -> JsValue {
    object(refusal).unwrap_or_else(|error| error)
}

/// What came of a call that does not wait.
fn brought<T: Serialize>(found: Result<T, Refusal>) -> Result<JsValue, JsValue> {
    found.map_or_else(|refusal| Err(refused(&refusal)), |found| object(&found))
}

/// The texts of a language, and its tag.
fn catalog(lang: &str, texts: &JsValue) -> Result<(Catalog, &'static str), Refusal> {
    let language = known(lang)
        .ok_or_else(|| Refusal::new(RefusalCode::Language, format!("there are no texts in {lang}")))?;
    match json::tree(texts) {
        texts @ Value::Map(_) => Ok((Catalog::new(Read::read(&texts)), language)),
        _ => Err(Refusal::new(RefusalCode::Files, format!("the texts in {language} cannot be read"))),
    }
}
