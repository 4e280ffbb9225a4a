//! Actions that only hand something on: what has arrived, and what is done with the document without drawing the page.

use yew::prelude::Context;

use super::{App, jobs::Job, state::Action};
use crate::{
    components::{asked::ASKED, parts},
    machine::NOTICES,
};
use mail_triage_browser::dom;

impl App {
    /// Takes what was fetched; gives back any other action.
    pub fn take_arrival(&mut self, ctx: &Context<Self>, action: Action) -> Option<Action> {
        match action {
            Action::Program(program) => self.program_arrived(ctx, program),
            Action::Messages(messages) => self.messages_arrived(ctx, messages),
            Action::Tools(tools) => self.tools_arrived(ctx, tools),
            Action::Sharing(program) => self.sharing_arrived(ctx, program),
            Action::File(name, file) => self.file_arrived(ctx, name, file),
            Action::Texts(language, part, texts) => self.texts_arrived(ctx, language, part, texts),
            Action::Expanded(seen, octets) => self.seen_arrived(ctx, &seen, octets),
            Action::Spoken(wanted, words) => self.spoken(ctx, wanted, words),
            other => return Some(other),
        }
        None
    }

    /// Does what changes nothing that is drawn; gives back any other action.
    pub fn act_undrawn(&self, ctx: &Context<Self>, action: Action) -> Option<Action> {
        match action {
            Action::Headline(id) => dom::headline(id, &[ASKED, parts::paste::ASKED_OF_PASTE, NOTICES]),
            Action::Focus(id) => dom::focus(&id),
            Action::Reveal(id) => dom::reveal(&id),
            Action::Share => self.job(ctx, Job::Copy(self.state.link())),
            Action::Copy(text) => self.job(ctx, Job::Copy(text)),
            Action::Print => dom::print(),
            other => return Some(other),
        }
        None
    }
}
