//! Notifications of the browser, where the user allows them. They are reached by name: a browser without them, or a frame that
//! may have none, is no mistake.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Whether the page may show notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// The user was not asked yet.
    NotAsked,
    /// It may.
    Granted,
    /// It may not, or the browser has none.
    Denied,
}

fn constructor() -> Option<Function> {
    Reflect::get(&js_sys::global(), &"Notification".into()).ok()?.dyn_into().ok()
}

/// Whether the page may show notifications.
#[must_use]
pub fn permission() -> Permission {
    let permission = constructor().and_then(|all| Reflect::get(&all, &"permission".into()).ok());
    match permission.and_then(|permission| permission.as_string()).as_deref() {
        Some("granted") => Permission::Granted,
        Some("default") => Permission::NotAsked,
        _ => Permission::Denied,
    }
}

/// Asks the user; to be called because of a press.
pub async fn ask() {
    let Some(all) = constructor() else { return };
    let ask =
        Reflect::get(&all, &"requestPermission".into()).ok().and_then(|ask| ask.dyn_into::<Function>().ok());
    let answer =
        ask.and_then(|ask| ask.call0(&all).ok()).and_then(|answer| answer.dyn_into::<Promise>().ok());
    if let Some(answer) = answer {
        let _ = JsFuture::from(answer).await;
    }
}

/// Shows one, if the page may. Some devices let only a service worker show them: there nothing is shown.
pub fn show(title: &str, text: &str) {
    let Some(all) = constructor().filter(|_| permission() == Permission::Granted) else { return };
    let options = Object::new();
    let _ = Reflect::set(&options, &"body".into(), &text.into());
    let values = Array::of1(&title.into());
    values.push(&options);
    let _: Result<JsValue, JsValue> = Reflect::construct(&all, &values);
}
