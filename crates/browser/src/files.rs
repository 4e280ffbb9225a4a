//! Files that are dropped on the page or chosen in a field.

use std::rc::Rc;

use js_sys::Uint8Array;
use mail_triage_engine::input::limits::MESSAGE;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DragEvent, Event, File, HtmlInputElement};

use crate::dom::window;

/// Calls `then` with the name and the octets of a file that is dropped anywhere on the page, which would leave the page
/// otherwise. For as long as the document lives.
pub fn listen_to_files(then: impl Fn(String, Vec<u8>) + 'static) {
    let then: Rc<dyn Fn(String, Vec<u8>)> = Rc::new(then);
    let dropped = move |event: Event| {
        let Some(data) = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer) else { return };
        // Text that is dragged goes into the field it is dropped on.
        if !data.types().includes(&"Files".into(), 0) {
            return;
        }
        event.prevent_default();
        if event.type_() == "drop"
            && let Some(file) = data.files().and_then(|files| files.get(0))
        {
            spawn_local(read_file(file, then.clone()));
        }
    };
    let dropped = Closure::<dyn Fn(Event)>::new(dropped);
    if let Some(window) = window() {
        for event in ["dragover", "drop"] {
            let _ = window.add_event_listener_with_callback(event, dropped.as_ref().unchecked_ref());
        }
    }
    dropped.forget();
}

/// Calls `then` with the file that was chosen in a field.
pub fn chosen_file(event: &Event, then: Rc<dyn Fn(String, Vec<u8>)>) {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    if let Some(file) = field.and_then(|field| field.files()).and_then(|files| files.get(0)) {
        spawn_local(read_file(file, then));
    }
}

/// Octets of a file that are read as a whole: what Outlook saves has its words anywhere.
const MOST_OF_A_FILE: f64 = 25.0 * 1024.0 * 1024.0;

/// Reads a file, or the beginning and the end of one that is longer than any message.
async fn read_file(file: File, then: Rc<dyn Fn(String, Vec<u8>)>) {
    // One more than is read: the reader finds out that it is not the whole.
    const HALF: f64 = (MESSAGE / 2 + 1) as f64;
    let (size, mut octets) = (file.size(), Vec::new());
    let parts: &[(f64, f64)] =
        if size <= MOST_OF_A_FILE { &[(0.0, size)] } else { &[(0.0, HALF), (size - HALF, size)] };
    for &(start, end) in parts {
        let Ok(part) = file.slice_with_f64_and_f64(start, end) else { return };
        let Ok(buffer) = JsFuture::from(part.array_buffer()).await else { return };
        octets.extend(Uint8Array::new(&buffer).to_vec());
    }
    then(file.name(), octets);
}
