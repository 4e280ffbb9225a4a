//! What panels do when something happens to an element.

use std::rc::Rc;

use mail_triage_browser::{clock, dom};
use yew::platform::spawn_local;

use crate::app::h::{El, On};

/// The element, doing something when it is pressed.
pub fn pressed(el: El, then: impl Fn() + 'static) -> El {
    el.on(
        On::Click,
        Rc::new(move |event| {
            event.prevent_default();
            then();
        }),
    )
}

/// The element, doing something with what is typed or chosen in it.
pub fn typed(el: El, then: impl Fn(String) + 'static) -> El {
    el.on(
        On::Input,
        Rc::new(move |event| {
            if let Some(text) = dom::value_of(event) {
                then(text);
            }
        }),
    )
}

/// Puts the focus into the element with this id, once what was changed is drawn.
pub fn focus_soon(id: String) {
    spawn_local(async move {
        clock::sleep(0).await;
        dom::focus(&id);
    });
}
