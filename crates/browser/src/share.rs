//! Links for other programs of the device: its share sheet (Web Share API).

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use crate::dom::window;

/// Whether this browser has a share sheet.
#[must_use]
pub fn can_share() -> bool {
    sheet().is_some()
}

/// Opens the share sheet with a link. `false` if the browser does not allow it; that the user closed it is no failure.
pub async fn share(title: &str, link: &str) -> bool {
    let (Some(window), Some(sheet)) = (window(), sheet()) else { return false };
    let what = Object::new();
    for (name, value) in [("title", title), ("url", link)] {
        let _ = Reflect::set(&what, &name.into(), &value.into());
    }
    let promise = sheet.call1(&window.navigator(), &what);
    let Some(promise) = promise.ok().and_then(|promise| promise.dyn_into::<Promise>().ok()) else {
        return false;
    };
    match JsFuture::from(promise).await {
        Ok(_) => true,
        Err(error) => Reflect::get(&error, &"name".into()).is_ok_and(|name| name == "AbortError"),
    }
}

fn sheet() -> Option<Function> {
    Reflect::get(&window()?.navigator(), &"share".into()).ok()?.dyn_into().ok()
}
