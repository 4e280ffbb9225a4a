//! The address of the page, and host names as the browser writes them.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::Url;

use crate::dom::window;

/// The fragment of the page's address.
pub fn fragment() -> String {
    window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Goes to a fragment: a new entry of the history, and a `hashchange` event if it differs.
pub fn go_to(fragment: &str) {
    if let Some(window) = window() {
        let _ = window.location().set_hash(fragment);
        let _ = Reflect::set(&js_sys::global(), &PRESSED.into(), &self::fragment().into());
    }
}

/// Where the page keeps the fragment that a person asked for last; `boot.js` notes it too, for links.
const PRESSED: &str = "mailTriagePressed";

/// Whether the fragment is one that a person asked for, and was not told so before. Any other came about by itself: with
/// the page, by Back and Forward, or because a page that opened this one or holds it in a frame changed it.
pub fn was_pressed() -> bool {
    let pressed = Reflect::get(&js_sys::global(), &PRESSED.into()).ok().and_then(|it| it.as_string());
    let here = pressed.is_some_and(|pressed| pressed == fragment());
    if here {
        let _ = Reflect::set(&js_sys::global(), &PRESSED.into(), &JsValue::UNDEFINED);
    }
    here
}

/// Rewrites the fragment in place, without an event.
pub fn rewrite(fragment: &str) {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(fragment));
    }
}

/// The whole address of the page with another fragment.
pub fn address_with(fragment: &str) -> String {
    let here = window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    format!("{}{fragment}", here.split('#').next().unwrap_or_default())
}

/// A host name in ASCII, as the browser writes it in a URL: internationalised names become `xn--` (UTS 46).
pub fn to_ascii(host: &str) -> Option<String> {
    if host.contains(['/', '?', '#', '@', ':', '\\']) {
        return None;
    }
    let host = Url::new(&format!("http://{host}/")).ok()?.hostname();
    (!host.is_empty()).then_some(host)
}

/// Where the source of this page is kept, if it is hosted where that can be told: `https://<owner>.github.io/<repository>/`.
pub fn source() -> Option<String> {
    let location = window()?.location();
    let host = location.hostname().ok()?;
    let owner = host.strip_suffix(".github.io")?;
    let path = location.pathname().ok()?;
    // What has no folder is the owner's own page, which is kept in a repository of the host's name.
    let repository = path.trim_start_matches('/').split_once('/').map_or(host.as_str(), |(folder, _)| folder);
    Some(format!("https://github.com/{owner}/{repository}"))
}
