//! Octets in links: compressed by the browser (RFC 1951), in base64url (RFC 4648 section 5).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use web_sys::{Blob, ReadableStream, ReadableWritablePair};

use crate::body;

/// The octets as text for a link. None where the browser cannot compress.
pub async fn compress(octets: &[u8], most: usize) -> Option<String> {
    let compressed = through("CompressionStream", octets)?;
    Some(URL_SAFE_NO_PAD.encode(body::read_stream(&compressed, most).await.ok()?))
}

/// The octets that [`compress`] wrote as `text`; none where it is something else, or expands to more than `most` octets. No
/// more than that is ever kept of it.
pub async fn expand(text: &str, most: usize) -> Option<Vec<u8>> {
    let expanded = through("DecompressionStream", &URL_SAFE_NO_PAD.decode(text).ok()?)?;
    body::read_stream(&expanded, most).await.ok()
}

/// The octets behind a stream of the browser that changes them, by the name of its class.
fn through(class: &str, octets: &[u8]) -> Option<ReadableStream> {
    let class: Function = Reflect::get(&js_sys::global(), &class.into()).ok()?.dyn_into().ok()?;
    let stream = Reflect::construct(&class, &Array::of1(&"deflate-raw".into())).ok()?;
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(octets))).ok()?;
    // It has what the two ends of a pair are called.
    Some(blob.stream().pipe_through(stream.unchecked_ref::<ReadableWritablePair>()))
}
