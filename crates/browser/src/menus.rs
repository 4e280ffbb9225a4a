//! Menus: folds that lie over the page. They close when somebody turns to something else.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, FocusOptions, HtmlElement, KeyboardEvent};

use crate::dom::{document, window};

/// The menu that is open: opening another closes it.
const OPEN: &str = "details.menu[open]";

/// Closes the open menu on Escape, and when something beside it is pressed or gets the focus; for as long as the document
/// lives. The focus goes back to the menu's own button, unless it went to something else that can be pressed or filled in.
pub fn close_when_left() {
    listen("keydown", |event| {
        if event.dyn_ref::<KeyboardEvent>().is_some_and(|key| key.key() == "Escape") {
            close(None);
        }
    });
    listen("click", |event| close(target(event).as_ref()));
    listen("focusin", |event| {
        // A headline gets the focus while somebody is in a menu.
        if let Some(target) = target(event).filter(is_stop) {
            close(Some(&target));
        }
    });
}

fn listen(kind: &str, then: fn(&Event)) {
    let then = Closure::<dyn Fn(Event)>::new(move |event: Event| then(&event));
    if let Some(window) = window() {
        let _ = window.add_event_listener_with_callback(kind, then.as_ref().unchecked_ref());
    }
    then.forget();
}

fn target(event: &Event) -> Option<HtmlElement> {
    event.target()?.dyn_into().ok()
}

/// Whether Tab stops there.
fn is_stop(element: &HtmlElement) -> bool {
    element.tab_index() >= 0
}

/// Closes the open menu, unless `at` is in it.
fn close(at: Option<&HtmlElement>) {
    let Some(document) = document() else { return };
    let open = document.query_selector(OPEN).ok().flatten();
    let Some(menu) = open.filter(|menu| !menu.contains(at.map(AsRef::as_ref))) else { return };
    let active = document.active_element().and_then(|active| active.dyn_into::<HtmlElement>().ok());
    let is_elsewhere = active.is_some_and(|active| is_stop(&active) && !menu.contains(Some(active.as_ref())));
    let _ = menu.remove_attribute("open");
    let button = menu.query_selector("summary").ok().flatten().filter(|_| !is_elsewhere);
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = button.focus_with_options(&options);
    }
}
