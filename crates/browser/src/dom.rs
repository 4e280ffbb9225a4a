//! The document: its elements, their focus and events.

use js_sys::Object;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    Document, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, MouseEvent, Window,
};
pub use web_sys::{Element, Event};

/// The window, where there is one.
#[must_use]
pub fn window() -> Option<Window> {
    web_sys::window()
}

/// The document of the window.
pub fn document() -> Option<Document> {
    window()?.document()
}

/// The element with this id.
pub fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// What stands in the text field called `id`, and whether it has the focus.
pub fn typed(id: &str) -> Option<(String, bool)> {
    let field: HtmlInputElement = element(id)?.dyn_into().ok()?;
    let focused = document()?.active_element().is_some_and(|active| active.id() == id);
    Some((field.value(), focused))
}

/// Puts the focus into the field called `id`, the caret behind its text.
pub fn focus(id: &str) {
    let Some(field) = element(id) else { return };
    if let Some(field) = field.dyn_ref::<HtmlElement>() {
        let _ = field.focus();
    }
    if let Some(field) = field.dyn_ref::<HtmlInputElement>() {
        let end = u32::try_from(field.value().encode_utf16().count()).unwrap_or(u32::MAX);
        let _ = field.set_selection_range(end, end);
    }
}

/// Whether the page stands in a frame of another origin, however deep.
pub fn is_framed_by_a_stranger() -> bool {
    let Some(mut at) = window() else { return false };
    loop {
        let Ok(Some(parent)) = at.parent() else { return true };
        if Object::is(&parent, &at) {
            return false;
        }
        // What belongs to another origin does not say where it is.
        if parent.location().href().is_err() {
            return true;
        }
        at = parent;
    }
}

/// Whether the element with this id has the focus.
pub fn has_focus(id: &str) -> bool {
    document().and_then(|document| document.active_element()).is_some_and(|active| active.id() == id)
}

/// Whether somebody is typing or choosing something.
pub fn is_typing() -> bool {
    let active = document().and_then(|document| document.active_element());
    active.is_some_and(|active| matches!(active.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}

/// Calls `then` whenever an event reaches the window, for as long as the document lives.
pub fn listen(event: &str, then: Box<dyn Fn()>) {
    let then = Closure::<dyn Fn()>::wrap(then);
    if let Some(window) = window() {
        let _ = window.add_event_listener_with_callback(event, then.as_ref().unchecked_ref());
    }
    then.forget();
}

/// Names the page in tabs and the history.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Prints the page.
pub fn print() {
    if let Some(window) = window() {
        let _ = window.print();
    }
}

/// Opens the fold with this id and every fold around it, and moves focus and view there.
pub fn reveal(id: &str) {
    let Some(element) = element(id) else { return };
    let mut at = Some(element.clone());
    while let Some(inner) = at {
        if inner.tag_name() == "DETAILS" {
            let _ = inner.set_attribute("open", "");
        }
        at = inner.parent_element();
    }
    // A fold is opened at its head; what takes the focus itself is none.
    let head = element.query_selector("summary").ok().flatten();
    let target = head.filter(|_| !element.has_attribute("tabindex")).unwrap_or(element);
    target.scroll_into_view();
    if let Some(target) = target.dyn_ref::<HtmlElement>() {
        let _ = target.focus();
    }
}

/// What stands in the input, text area or select that an event is about.
pub fn value_of(event: &Event) -> Option<String> {
    let target = event.target()?;
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        return Some(input.value());
    }
    if let Some(text) = target.dyn_ref::<HtmlTextAreaElement>() {
        return Some(text.value());
    }
    target.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value)
}

/// Whether the box that an event is about is ticked.
pub fn checked(event: &Event) -> Option<bool> {
    Some(event.target()?.dyn_ref::<HtmlInputElement>()?.checked())
}

/// Whether the browser opens a link that is clicked so in another tab or window, or saves it.
pub fn opens_elsewhere(event: &Event) -> bool {
    event
        .dyn_ref::<MouseEvent>()
        .is_some_and(|click| click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key())
}

/// Whether the fold that an event is about is open now.
pub fn unfolded(event: &Event) -> Option<bool> {
    Some(event.target()?.dyn_ref::<Element>()?.has_attribute("open"))
}

/// Closes the fold that holds what an event is about; its summary gets the focus, which would be lost with the fold.
pub fn fold(event: &Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if let Some(fold) = target.and_then(|element| element.closest("details").ok().flatten()) {
        let summary = fold.query_selector("summary").ok().flatten();
        if let Some(summary) = summary.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            let _ = summary.focus();
        }
        let _ = fold.remove_attribute("open");
    }
}

/// Paints the page in these colours, `light` or `dark`; without any, as the device says. `boot.js` does it at the start.
pub fn paint(theme: Option<&str>) {
    let Some(page) = document().and_then(|document| document.document_element()) else { return };
    let _ = match theme {
        Some(theme) => page.set_attribute("data-theme", theme),
        None => page.remove_attribute("data-theme"),
    };
}

/// Moves the focus to the element called `headline`, and the view to the first of what stands `above` it that is near enough
/// for both to be read at once: the page's own beginning, then these elements.
pub fn headline(headline: &str, above: &[&str]) {
    let Some(headline) = element(headline).and_then(|it| it.dyn_into::<HtmlElement>().ok()) else { return };
    let _ = headline.focus();
    let most = window().and_then(|window| window.inner_height().ok()?.as_f64()).unwrap_or(0.0) / 3.0;
    let top = |it: &Element| it.get_bounding_client_rect().top();
    let page = document().and_then(|document| document.document_element());
    let named = above.iter().filter_map(|id| element(id)).filter(|it| it.client_height() > 0);
    let near =
        page.into_iter().chain(named).find(|it: &Element| (0.0..most).contains(&(top(&headline) - top(it))));
    if let Some(top) = near.or_else(|| headline.parent_element()) {
        top.scroll_into_view();
    }
}
