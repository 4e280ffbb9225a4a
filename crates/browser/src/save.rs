//! Files that the page gives to whoever uses it.

use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

use crate::dom::document;

/// Saves a text as a file of this name and media type, as a link that is pressed does. `false` where the browser cannot.
pub fn save_text(name: &str, media_type: &str, text: &str) -> bool {
    save(name, media_type, text).is_some()
}

fn save(name: &str, media_type: &str, text: &str) -> Option<()> {
    let kind = BlobPropertyBag::new();
    kind.set_type(media_type);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &kind).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let link = document()?.create_element("a").ok()?.dyn_into::<HtmlElement>().ok()?;
    link.set_attribute("href", &address).ok()?;
    link.set_attribute("download", name).ok()?;
    link.click();
    // The browser has begun to read it.
    Url::revoke_object_url(&address).ok()
}
