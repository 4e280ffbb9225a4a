//! Text that is copied and pasted.

use js_sys::{Function, JsString, Reflect};
use mail_triage_engine::input::limits::MESSAGE;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ClipboardEvent, Event};

use crate::dom::window;

/// What was sent before the program was there, if it is no name: `boot.js` keeps it.
pub fn sent() -> Option<PastedText> {
    let sent = Reflect::get(&js_sys::global(), &"mailTriageSent".into()).ok()?;
    sent.dyn_ref().map(PastedText::of)
}

/// Puts text on the clipboard; `false` if the browser does not allow it.
pub async fn copy(text: &str) -> bool {
    let Some(window) = window() else { return false };
    // Absent where the page is not served securely.
    let clipboard = Reflect::get(&window.navigator(), &"clipboard".into()).unwrap_or(JsValue::UNDEFINED);
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
}

/// A text as the browser holds it. Of a long one only what is read of it is taken into the program: to copy ten million
/// characters holds the page up longer than to read that part.
#[derive(Clone, PartialEq)]
pub struct PastedText {
    /// The text, or its beginning and its end.
    pub text: String,
    /// Characters of the whole, in units of UTF-16.
    pub whole: usize,
}

impl PastedText {
    fn of(text: &JsString) -> Self {
        // One more than is read: the reader finds out that it is not the whole.
        const HALF: u32 = MESSAGE as u32 / 2 + 1;
        let whole = text.length();
        if whole <= 2 * HALF {
            return Self { text: text.into(), whole: whole as usize };
        }
        let mut ends = String::from(text.slice(0, HALF));
        ends.push_str(&String::from(text.slice(whole - HALF, whole)));
        Self { text: ends, whole: whole as usize }
    }
}

impl From<String> for PastedText {
    fn from(text: String) -> Self {
        Self { whole: text.encode_utf16().count(), text }
    }
}

/// What is being pasted, if it is text.
pub fn pasted(event: &Event) -> Option<PastedText> {
    let data = event.dyn_ref::<ClipboardEvent>()?.clipboard_data()?;
    let get: Function = Reflect::get(&data, &"getData".into()).ok()?.dyn_into().ok()?;
    let text: JsString = get.call1(&data, &"text/plain".into()).ok()?.dyn_into().ok()?;
    (text.length() > 0).then(|| PastedText::of(&text))
}
