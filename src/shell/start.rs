//! How the page begins, and what its panels wait for.

use yew::prelude::Context;

use super::{
    App, ENTRUSTED, PAST, RESOLVER, THEME, TICKS,
    jobs::Job,
    state::{Action, SharingPanel, SharingState, State},
    watch::WatchAction,
};
use crate::{
    components::{
        guide,
        parts::{self, sharing::SHARING},
        paste::PASTE,
    },
    machine::{self, NOT_HAD, Need, Sentence},
    panels::ticket::Wish,
};
use mail_triage_browser::{
    dom,
    log::Requests,
    network, storage,
    words::{BOUNCES, FINDINGS, Words},
};
use mail_triage_engine::{checklist::ChecklistStep, route::View, target::ListKeys};

/// The element that says what a message says.
pub const EXPLAINED: &str = "explained";

/// The machine of a page that was just opened, with what is kept from earlier visits.
fn machine(language: &'static str) -> machine::State {
    let entrusted = storage::stored(ENTRUSTED).unwrap_or_default();
    let entrusted = entrusted.split_whitespace().map(str::to_owned).collect();
    let mut machine = machine::State::new(language, storage::stored(RESOLVER), entrusted);
    machine.turn.framed = dom::is_framed_by_a_stranger();
    machine.online = network::is_online();
    machine
}

/// The state of a page that was just opened.
pub fn state(words: Words) -> State {
    State {
        machine: machine(words.language()),
        words,
        program: None,
        results: None,
        messages: None,
        sharing: SharingState { has_past: storage::stored(PAST).is_some(), ..SharingState::default() },
        tools: None,
        trying: None,
        second_opinion: None,
        wants_watch: false,
        tools_failed: false,
        theme: storage::stored(THEME)
            .and_then(|kept| parts::THEMES.into_iter().find(|theme| *theme == kept))
            .unwrap_or(parts::THEMES[0]),
        guide: guide::guide(),
        paste: None,
        picked: None,
        asked: 0,
        requests: Requests::default(),
        log_open: false,
        knowledge: None,
        choosing: None,
        choices: 0,
        chosen_provider: None,
        opened: Vec::new(),
        forms_failed: false,
        wish: Wish::default(),
        kept_at: None,
        keys: ListKeys::default(),
        build: None,
        learnt: None,
        dropped_list: None,
        builder_says: String::new(),
        ticks: storage::stored(TICKS).unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        toast: None,
        copied: None,
        news: 0,
        policy_used: false,
    }
}

impl App {
    /// Does what the panels waited for.
    pub fn panels_go_on(&mut self, ctx: &Context<Self>) {
        if self.waiting_paste().is_some() {
            self.read_paste(ctx);
        }
        let many = self.state.machine.route.view == View::Many;
        let wanted = many || !self.state.opened.is_empty() || self.state.sharing.open.is_some();
        if let Some(program) = self.state.program.filter(|_| wanted) {
            (program.know)(self);
        }
        if let Some(program) = self.state.program.filter(|_| self.state.wants_watch) {
            (program.act)(self, ctx, Action::Watch(WatchAction::Begin));
        }
        // Words for what a run has found by now.
        let waits = self.run.is_some() && self.state.machine.check.report().is_none();
        if let Some(program) = self.state.program.filter(|_| waits) {
            (program.act)(self, ctx, Action::Show);
        }
    }

    /// This piece could not be had: what waits for it says so.
    pub fn panels_cannot(&mut self) {
        // What is to be tried is shown and tried by the program.
        if self.state.results.is_none() && self.state.choosing.take().is_some() {
            self.state.choices += 1;
            self.state.machine.form.error = Some(Sentence::plain(NOT_HAD));
        }
        self.state.sharing.failed = self.state.tools.is_none();
        self.state.tools_failed = true;
        self.state.forms_failed = !self.state.opened.is_empty();
        let without = self.state.results.is_none();
        if let Some(paste) = self.state.paste.as_mut().filter(|paste| paste.waits || without) {
            paste.waits = false;
            paste.failed = true;
            self.state.machine.form.error = Some(Sentence::plain(NOT_HAD));
        }
    }

    /// Fetches what the form of a step takes.
    pub fn open_form(&mut self, ctx: &Context<Self>, step: ChecklistStep) {
        if !self.state.opened.contains(&step) {
            self.state.opened.push(step);
        }
        self.state.forms_failed = false;
        self.need(ctx, if step == ChecklistStep::Contact { Need::Ticket } else { Need::Check });
        self.panels_go_on(ctx);
    }

    /// Opens a panel of what shares and keeps results, and fetches what it takes; or closes it.
    pub fn open_sharing(&mut self, ctx: &Context<Self>, panel: Option<SharingPanel>) {
        let sharing = &mut self.state.sharing;
        (sharing.open, sharing.failed) = (panel, false);
        if panel.is_some() {
            self.need(ctx, Need::Tools);
            self.job(ctx, Job::Reveal(SHARING.to_owned()));
        }
    }

    /// Reads what was pasted, or fetches what that takes.
    pub fn read_paste(&mut self, ctx: &Context<Self>) {
        let Some(paste) = &mut self.state.paste else { return };
        if paste.message.as_ref().is_none_or(|message| message.is_empty()) {
            return dom::focus(PASTE);
        }
        paste.failed = false;
        paste.waits = true;
        self.state.machine.form.error.take_if(|error| error.key == NOT_HAD);
        let words = &self.state.words;
        let mut wordings = Vec::new();
        if let (Some(program), Some(messages)) = (self.state.program, self.state.messages)
            && self.state.results.is_some()
            && words.has_part(FINDINGS)
            && words.has_part(BOUNCES)
        {
            (program.know)(self);
            match (messages.read)(self) {
                Ok(()) => {
                    self.forget_message(ctx);
                    return self.job(ctx, Job::Headline(EXPLAINED));
                }
                Err(places) => wordings = places,
            }
        }
        self.need(ctx, Need::Message);
        for place in wordings {
            self.need(ctx, Need::Wordings(place));
        }
    }
}
