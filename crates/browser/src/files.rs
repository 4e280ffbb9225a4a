//! Files that are dropped on the page or chosen in a field, and files that are saved.

use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use mail_triage_engine::input::limits::MESSAGE;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, DragEvent, Event, File, HtmlElement, HtmlInputElement, Url};

use crate::{
    clock,
    dom::{document, window},
};

/// How long a saved file is kept for the browser to write, in milliseconds: it may ask the user where to put it.
const WRITTEN: u32 = 60_000;

/// Has the browser save a text as a file of this name and media type. `false` if it cannot.
pub fn save(name: &str, media_type: &str, text: &str) -> bool {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options) else {
        return false;
    };
    let Ok(url) = Url::create_object_url_with_blob(&blob) else { return false };
    let link = document().and_then(|document| document.create_element("a").ok());
    let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) else { return false };
    let is_set = link.set_attribute("href", &url).is_ok() && link.set_attribute("download", name).is_ok();
    if is_set {
        link.click();
    }
    spawn_local(async move {
        clock::sleep(WRITTEN).await;
        let _ = Url::revoke_object_url(&url);
    });
    is_set
}

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
