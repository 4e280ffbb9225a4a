//! Menus: folds that lie over the page. They close when somebody turns to something else.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, FocusOptions, HtmlElement, KeyboardEvent, Node};

use crate::dom::{document, window};

/// The menu that is open: opening another closes it.
const OPEN: &str = "details.menu[open]";

/// Closes the open menu on Escape, and when something beside it is pressed or gets the focus; for as long as the document
/// lives. The focus goes back to the menu's own button, unless it went somewhere else.
pub fn close_when_left() {
    listen("keydown", |event| {
        if event.dyn_ref::<KeyboardEvent>().is_some_and(|key| key.key() == "Escape") {
            close(None);
        }
    });
    for kind in ["click", "focusin"] {
        listen(kind, |event| {
            if let Some(target) = event.target().and_then(|target| target.dyn_into().ok()) {
                close(Some(&target));
            }
        });
    }
}

fn listen(kind: &str, then: fn(&Event)) {
    let then = Closure::<dyn Fn(Event)>::new(move |event: Event| then(&event));
    if let Some(window) = window() {
        let _ = window.add_event_listener_with_callback(kind, then.as_ref().unchecked_ref());
    }
    then.forget();
}

/// Closes the open menu, unless `at` is in it.
fn close(at: Option<&Node>) {
    let open = document().and_then(|document| document.query_selector(OPEN).ok().flatten());
    if let Some(menu) = open.filter(|menu| !menu.contains(at)) {
        fold(&menu);
    }
}

fn fold(menu: &Element) {
    let active = document().and_then(|document| document.active_element());
    let _ = menu.remove_attribute("open");
    // Whoever pressed on nothing has left the focus to the whole page.
    let is_lost = active.is_none_or(|active| menu.contains(Some(&active)) || active.tag_name() == "BODY");
    let button = menu.query_selector("summary").ok().flatten().filter(|_| is_lost);
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = button.focus_with_options(&options);
    }
}
