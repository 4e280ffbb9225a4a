//! What panels do when something happens to an element.

use std::rc::Rc;

use mail_triage_browser::{clock, dom};
use yew::platform::spawn_local;

use crate::components::h::{El, On};

/// The element, doing something when it is pressed.
pub fn pressed(el: El, then: impl Fn() + 'static) -> El {
    on_press(el, Rc::new(then))
}

/// The element, doing something with what is typed or chosen in it.
pub fn typed(el: El, then: impl Fn(String) + 'static) -> El {
    on_input(el, Rc::new(then))
}

// Written out once, not once for each thing that is done.
fn on_press(el: El, then: Rc<dyn Fn()>) -> El {
    el.on(
        On::Click,
        Rc::new(move |event| {
            event.prevent_default();
            then();
        }),
    )
}

fn on_input(el: El, then: Rc<dyn Fn(String)>) -> El {
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
