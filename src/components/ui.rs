//! What every part of the page has at hand.

use std::{ops::Deref, rc::Rc};

use mail_triage_browser::dom::Event;
use yew::prelude::Callback;

pub use super::page_context::{cell, host_of};
use super::{
    asking::Asking,
    h::{El, On, part},
    memory::Memory,
    scene::Scene,
};
use crate::shell::{
    callbacks::Callbacks,
    program::Results,
    state::{Action, State},
};
use mail_triage_engine::{knowledge::Provider, report::Report};

/// The state, its words, and a way to say what the user did.
pub struct Ui<'a> {
    /// Everything that is shown.
    pub state: &'a State,
    /// Takes what the user did.
    pub act: &'a Callback<Action>,
    /// What panels tell the page.
    pub callbacks: &'a Callbacks,
    /// Through whom panels ask.
    pub asking: &'a Asking,
    /// What panels keep.
    pub memory: &'a Memory,
    /// What is drawn with.
    pub scene: &'a Scene,
}

impl Deref for Ui<'_> {
    type Target = Scene;

    fn deref(&self) -> &Scene {
        self.scene
    }
}

impl Ui<'_> {
    /// The report, once something was asked.
    pub fn report(&self) -> Option<&Report> {
        self.state.shown_report()
    }

    /// The report, with what draws it.
    pub fn results(&self) -> Option<(&'static Results, &Report)> {
        self.state.results.zip(self.report())
    }

    /// The provider that the report recognised.
    pub fn provider(&self) -> Option<&Provider> {
        self.state.provider()
    }

    /// A button with the text under a key.
    pub fn button(&self, class: &'static str, key: &str, action: Action) -> El {
        self.press(part("button", class).put("type", "button").text(self.say(key)), action)
    }

    /// The element, doing something when it is pressed.
    pub fn press(&self, el: El, action: Action) -> El {
        self.on(el, On::Click, move |event| {
            event.prevent_default();
            Some(action.clone())
        })
    }

    /// The element, doing something when something happens to it.
    pub fn on(&self, el: El, kind: On, then: impl Fn(&Event) -> Option<Action> + 'static) -> El {
        let act = self.act.clone();
        el.on(
            kind,
            Rc::new(move |event| {
                if let Some(action) = then(event) {
                    act.emit(action);
                }
            }),
        )
    }
}
