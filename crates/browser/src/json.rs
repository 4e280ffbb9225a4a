//! JSON, read and written by the browser.

use std::pin::Pin;

use js_sys::{Array, JSON, Object};
use mail_triage_engine::knowledge::{Read, Value};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};

/// Reads JSON text.
pub fn read_json<T: Read>(text: &str) -> Option<T> {
    Some(T::read(&parse(text)?))
}

/// A value as JSON text, with two blanks for each level; none if it cannot be written.
pub fn text_of<T: Serialize>(value: &T) -> Option<String> {
    let value = value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).ok()?;
    let text = JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, &2.into()).ok()?;
    Some(text.into())
}

/// JSON text as a tree; none if it is something else.
pub fn parse(text: &str) -> Option<Value> {
    Some(tree(&JSON::parse(text).ok()?))
}

/// JSON text as a JavaScript value; none if it is something else.
#[must_use]
pub fn object(text: &str) -> Option<JsValue> {
    JSON::parse(text).ok()
}

/// A JavaScript value as a tree. Walked by hand: a general reader carries the words for everything that can be wrong
/// with a value, numbers with all their digits included, and would be a tenth of the page's program.
#[must_use]
pub fn tree(value: &JsValue) -> Value {
    if let Some(text) = value.as_string() {
        return Value::Text(text);
    }
    if let Some(number) = value.as_f64() {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates, as it should"
        )]
        return Value::Number(number as u64);
    }
    if let Some(bool) = value.as_bool() {
        return Value::Bool(bool);
    }
    if Array::is_array(value) {
        return Value::List(Array::from(value).iter().map(|item| tree(&item)).collect());
    }
    let Some(object) = value.dyn_ref::<Object>() else { return Value::Null };
    let entries = Object::entries(object);
    let fields = entries.iter().map(|entry| {
        let entry = Array::from(&entry);
        (entry.get(0).as_string().unwrap_or_default(), tree(&entry.get(1)))
    });
    Value::Map(fields.collect())
}

/// Fetches a JSON file of the page's own.
pub fn fetch_json(path: String) -> Pin<Box<dyn Future<Output = Option<Value>>>> {
    // Boxed, so that its states are not written out in everything that waits for it.
    Box::pin(async move {
        let response = gloo_net::http::Request::get(&path).send().await.ok()?;
        if !response.ok() {
            return None;
        }
        parse(&response.text().await.ok()?)
    })
}
