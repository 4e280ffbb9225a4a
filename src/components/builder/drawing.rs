//! What the questions are drawn with.

use std::{ops::Deref, rc::Rc};

use mail_triage_browser::dom;
use yew::prelude::Callback;

use crate::{
    components::{
        h::{El, On},
        on::typed,
        scene::Scene,
    },
    panels::builder::choose::Choose,
};

/// One drawing of the questions and the record.
pub struct Drawing<'a> {
    /// What findings and changes are drawn with.
    pub scene: &'a Scene,
    /// Takes what the user chooses.
    pub choose: &'a Callback<Choose>,
    /// The provider of the mailboxes, by its id.
    pub mailbox: Option<&'a str>,
}

impl Deref for Drawing<'_> {
    type Target = Scene;

    fn deref(&self) -> &Scene {
        self.scene
    }
}

impl Drawing<'_> {
    /// The field, choosing what is typed into it.
    pub fn typed(&self, el: El, then: impl Fn(String) -> Choose + 'static) -> El {
        let choose = self.choose.clone();
        typed(el, move |text| choose.emit(then(text)))
    }

    /// The box, choosing whether it is ticked.
    pub fn ticked(&self, el: El, then: impl Fn(bool) -> Choose + 'static) -> El {
        let choose = self.choose.clone();
        el.on(
            On::Change,
            Rc::new(move |event| {
                if let Some(on) = dom::checked(event) {
                    choose.emit(then(on));
                }
            }),
        )
    }

    /// The element, choosing this when it is pressed, left or sent.
    pub fn choosing(&self, el: El, kind: On, then: Choose) -> El {
        let choose = self.choose.clone();
        el.on(
            kind,
            Rc::new(move |event| {
                // A form is not to be sent, and a field loses nothing by it.
                event.prevent_default();
                choose.emit(then.clone());
            }),
        )
    }
}
