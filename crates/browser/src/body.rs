//! Bodies of answers, read to a limit.
//!
//! Who answers decides how much comes, and a compressed body may grow a thousandfold on arrival. So a body is read piece
//! by piece, as it comes out of the browser's decompression, and what is left of one that is too long is never fetched.

use gloo_net::http::Response;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ReadableStream, ReadableStreamDefaultReader};

/// Why a body was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// It holds more octets than are taken.
    TooLong,
    /// The connection ended before it did, or was cut off.
    Broken,
}

/// The body of `response`, of `most` octets at most after decompression.
///
/// # Errors
/// Why there is none. Nothing more of the body is read then; whoever owns the request aborts it.
pub async fn read(response: &Response, most: usize) -> Result<Vec<u8>, BodyError> {
    // A status that allows none has none (RFC 9110 section 6.4.1).
    let Some(body) = response.body() else { return Ok(Vec::new()) };
    read_stream(&body, most).await
}

/// What comes out of a stream of octets, of `most` octets at most.
///
/// # Errors
/// Why there is none. Nothing more is read then.
pub async fn read_stream(body: &ReadableStream, most: usize) -> Result<Vec<u8>, BodyError> {
    let mut octets = Vec::new();
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    while let Some(piece) = next(&reader).await.map_err(|_| BodyError::Broken)? {
        let (start, length) = (octets.len(), piece.length() as usize);
        if start + length > most {
            let cancelled = JsFuture::from(reader.cancel());
            spawn_local(async move {
                let _whatever_came_of_it = cancelled.await;
            });
            return Err(BodyError::TooLong);
        }
        octets.resize(start + length, 0);
        piece.copy_to(&mut octets[start..]);
    }
    Ok(octets)
}

/// The next piece, none at the end.
async fn next(reader: &ReadableStreamDefaultReader) -> Result<Option<Uint8Array>, JsValue> {
    let step = JsFuture::from(reader.read()).await?;
    if Reflect::get(&step, &"done".into())?.is_truthy() {
        return Ok(None);
    }
    Reflect::get(&step, &"value".into())?.dyn_into().map(Some)
}
