//! What is drawn when, counted in a headless browser.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what it did not expect")]

use std::{cell::RefCell, collections::BTreeMap};

use mail_triage_browser::{dom, words::Words};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Event, EventInit, HtmlInputElement};
use yew::scheduler::flush;

wasm_bindgen_test_configure!(run_in_browser);

thread_local! {
    static DRAWN: RefCell<BTreeMap<&'static str, u32>> = RefCell::default();
}

/// A component is drawn. It says so where it is tested, and nowhere else.
pub fn drawn(component: &'static str) {
    DRAWN.with_borrow_mut(|drawn| *drawn.entry(component).or_default() += 1);
}

/// How often a component was drawn since it was last asked.
fn times(component: &str) -> u32 {
    DRAWN.with_borrow_mut(|drawn| drawn.get_mut(component).map_or(0, std::mem::take))
}

/// Types into the field called `id`, as a person does.
fn types(id: &str, text: &str) {
    let field: HtmlInputElement = dom::element(id).unwrap().dyn_into().unwrap();
    field.set_value(text);
    let bubbles = EventInit::new();
    bubbles.set_bubbles(true);
    field.dispatch_event(&Event::new_with_event_init_dict("input", &bubbles).unwrap()).unwrap();
}

fn value(id: &str) -> String {
    dom::element(id).unwrap().unchecked_into::<HtmlInputElement>().value()
}

#[wasm_bindgen_test]
async fn a_key_press_draws_the_form_alone() {
    let root = dom::document().unwrap().create_element("div").unwrap();
    dom::document().unwrap().body().unwrap().append_child(&root).unwrap();
    // There are no texts here: their keys stand in for them.
    let words = Words::fetch("nowhere/", "en", &[]).await;
    crate::shell::show(root, words, String::new(), None);
    flush().await;
    assert!(times("page") >= 1 && times("form") >= 1);

    // The first key press has the rest of the program come, which is here already.
    types("q", "e");
    flush().await;
    times("form");
    times("page");
    // What comes from the network comes later than what is drawn at once.
    for text in ["ex", "exa"] {
        types("q", text);
        flush().await;
        assert_eq!((times("form"), times("page")), (1, 0), "{text}");
    }
    assert_eq!(value("q"), "exa");

    // What else is drawn leaves what was typed as it is, and the form too once it has been told its own text.
    for form in [1, 0] {
        dom::window().unwrap().dispatch_event(&Event::new("offline").unwrap()).unwrap();
        flush().await;
        assert_eq!((times("form"), times("page")), (form, 1));
        assert_eq!(value("q"), "exa");
    }
}
