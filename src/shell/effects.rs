//! The shell: tells the machine what has happened, and carries out what it wants done. This is the one place for that.

use std::rc::Rc;

use yew::prelude::Context;

use super::{
    App, ENTRUSTED, RESOLVER,
    jobs::Job,
    program::{Messages, Program, Results, Tools},
    state::{Action, Paste},
};
use crate::{
    components::{
        parts::sharing::SHARING,
        paste::{PASTE, message_of},
    },
    machine::{self, Content, Effect, Event, HEADLINE, Need, Piece, Place, When},
};
use mail_triage_browser::{
    address, dom, storage,
    words::{self, Words},
};
use mail_triage_engine::{
    knowledge::{Read, Resolvers, Value, files::RESOLVERS},
    route::View,
};

impl App {
    /// Something has happened: takes it, and does what follows.
    pub fn step(&mut self, ctx: &Context<Self>, event: Event) {
        for effect in machine::step(&mut self.state.machine, event) {
            for event in self.carry_out(ctx, effect) {
                self.step(ctx, event);
            }
        }
        self.title();
    }

    /// Does what the machine wants done; gives what came of it at once.
    fn carry_out(&mut self, ctx: &Context<Self>, effect: Effect) -> Vec<Event> {
        match effect {
            Effect::Fetch(Piece::Program) => self.job(ctx, Job::Program),
            Effect::Fetch(Piece::Results) => self.job(ctx, Job::Results),
            Effect::Fetch(Piece::Messages) => self.job(ctx, Job::Messages),
            Effect::Fetch(Piece::Tools) => self.job(ctx, Job::Tools),
            Effect::Fetch(Piece::File(name)) => self.job(ctx, Job::File(name)),
            Effect::Fetch(Piece::Texts(language, part)) => self.job(ctx, Job::Texts(language, part)),
            Effect::Fetch(Piece::Seen) => self.expand_seen(ctx),
            Effect::Speak(language) => {
                self.job(ctx, Job::Words(language, self.state.words.parts().to_vec()));
            }
            Effect::KeepLanguage(language) => words::remember(language),
            Effect::End => self.end_run(),
            Effect::Fill { run, at_once: false } => self.job(ctx, Job::Fill(run)),
            Effect::OpenMessage => ctx.link().send_message(Action::OpenPaste(true)),
            Effect::ReadMessage(text) => {
                ctx.link().send_message(Action::Read(Rc::new(message_of(text.into()))));
            }
            Effect::ForgetConnection => self.my_address = None,
            Effect::GoTo(fragment) => address::go_to(&fragment),
            Effect::Rewrite(fragment) => address::rewrite(&fragment),
            Effect::Show(place, when) => self.bring_into_view(ctx, place, when),
            Effect::Rest(rest) => self.job(ctx, Job::Rest(rest)),
            Effect::KeepResolver(choice) => storage::store(RESOLVER, choice.as_deref()),
            Effect::KeepEntrusted(who) => keep_entrusted(who),
            // These take the engine. The machine wants them once it is there.
            Effect::Start(_)
            | Effect::Retry(..)
            | Effect::Cancel(_)
            | Effect::Fill { .. }
            | Effect::Build(..)
            | Effect::BuildOn
            | Effect::AskConnection => {
                let program = self.state.program;
                return program.map_or_else(Vec::new, |program| (program.carry_out)(self, ctx, effect));
            }
        }
        Vec::new()
    }

    /// Brings something into view, once it is drawn.
    fn bring_into_view(&mut self, ctx: &Context<Self>, place: Place, when: When) {
        let wanted = match when {
            When::Always => true,
            When::UnlessTyping => !dom::is_typing(),
            When::WhereFocused(id) => dom::has_focus(id),
        };
        if !wanted {
            return;
        }
        let job = match place {
            Place::Focus(id) => Job::Focus(id),
            Place::Reveal(id) => Job::Reveal(id),
            Place::Headline(id) => Job::Headline(id),
            Place::Finding(name) => {
                let known = self.state.program.zip(self.state.machine.check.report());
                let id = known.and_then(|(program, report)| (program.element_of)(report, &name));
                id.map_or(Job::Headline(HEADLINE), Job::Reveal)
            }
        };
        self.job(ctx, job);
    }

    /// Ends the run at hand. What it had in flight is noted as it is cut off.
    fn end_run(&mut self) {
        (self.order, self.lookups, self.header) = (None, None, None);
        self.state.learnt = None;
        if self.run.take().is_some() {
            self.show_log();
        }
    }

    /// Whether the run at hand is the one of this number.
    pub fn is_run(&self, number: u32) -> bool {
        self.order.as_ref().is_some_and(|order| order.run == number)
    }

    /// Shows the requests that were made by now.
    pub fn show_log(&mut self) {
        self.state.requests.clone_from(&self.transport.log());
        self.state.asked = self.state.requests.made();
    }

    /// Names the page after what is asked about.
    fn title(&mut self) {
        let words = &self.state.words;
        let about = match self.state.machine.check.report() {
            Some(report) => report.target.to_string(),
            None => words.say("static.title"),
        };
        let title = format!("{}: {about}", words.say("static.name"));
        if title != self.title {
            dom::set_title(&title);
            self.title = title;
        }
    }

    /// A file that has arrived.
    pub fn file(&self, name: &str) -> Option<&Value> {
        self.files.iter().find(|(known, _)| *known == name).map(|(_, json)| json)
    }

    /// A file arrived, or did not.
    pub fn file_arrived(&mut self, ctx: &Context<Self>, name: &'static str, file: Option<Value>) {
        let content = file.map(|json| {
            let content = match name {
                RESOLVERS => Content::Resolvers(Resolvers::read(&json).into()),
                _ => Content::Kept,
            };
            self.files.push((name, json));
            content
        });
        self.arrived(ctx, Piece::File(name), content);
    }

    /// Texts arrived, or did not. Those of a language that was left meanwhile are asked for again.
    pub fn texts_arrived(
        &mut self,
        ctx: &Context<Self>,
        language: &'static str,
        part: &'static str,
        texts: Option<Value>,
    ) {
        let texts = texts.filter(|_| language == self.state.words.language());
        if let Some(texts) = &texts {
            self.state.words = self.state.words.with_part(part, texts);
        }
        self.arrived(ctx, Piece::Texts(language, part), texts.map(|_| Content::Kept));
    }

    /// What asks and judges arrived, or did not.
    pub fn program_arrived(&mut self, ctx: &Context<Self>, program: Option<&'static Program>) {
        let is_new = self.state.program.is_none() && program.is_some();
        self.state.program = self.state.program.or(program);
        if is_new {
            self.expand_seen(ctx);
        }
        self.arrived(ctx, Piece::Program, program.map(|program| Content::Program(program.reader)));
    }

    /// What draws results arrived, or did not.
    pub fn results_arrived(&mut self, ctx: &Context<Self>, results: Option<&'static Results>) {
        let is_new = self.state.results.is_none() && results.is_some();
        self.state.results = self.state.results.or(results);
        // The field for messages is drawn only now.
        if is_new && self.state.paste.as_ref().is_some_and(|paste| paste.message.is_none()) {
            self.job(ctx, Job::Focus(PASTE.to_owned()));
        }
        self.arrived(ctx, Piece::Results, results.map(|_| Content::Kept));
    }

    /// What reads messages arrived, or did not.
    pub fn messages_arrived(&mut self, ctx: &Context<Self>, messages: Option<&'static Messages>) {
        self.state.messages = self.state.messages.or(messages);
        self.arrived(ctx, Piece::Messages, messages.map(|_| Content::Kept));
    }

    /// What shares and keeps results, tries changes and checks many domains arrived, or did not.
    pub fn tools_arrived(&mut self, ctx: &Context<Self>, tools: Option<&'static Tools>) {
        let is_new = self.state.tools.is_none() && tools.is_some();
        self.state.tools = self.state.tools.or(tools);
        if is_new && self.state.sharing.open.is_some() {
            self.job(ctx, Job::Reveal(SHARING.to_owned()));
        }
        self.arrived(ctx, Piece::Tools, tools.map(|_| Content::Kept));
    }

    fn arrived(&mut self, ctx: &Context<Self>, piece: Piece, content: Option<Content>) {
        let there = content.is_some();
        self.step(ctx, Event::Arrived(piece, content));
        if there { self.panels_go_on(ctx) } else { self.panels_cannot() }
    }

    /// Expands what the address holds of an earlier check, once the program for that is there.
    fn expand_seen(&self, ctx: &Context<Self>) {
        if let (View::Seen(seen), Some(program)) = (&self.state.machine.route.view, self.state.program) {
            ctx.link().send_future((program.expand)(seen.clone()));
        }
    }

    /// What the address holds of an earlier check was expanded, or cannot be.
    pub fn seen_arrived(&mut self, ctx: &Context<Self>, of: &str, octets: Option<Vec<u8>>) {
        // The address may be another one by now.
        if !matches!(&self.state.machine.route.view, View::Seen(seen) if seen == of) {
            return;
        }
        let content = if octets.is_some() { Content::Kept } else { Content::Unreadable("ui.error.seen") };
        self.seen = octets;
        self.arrived(ctx, Piece::Seen, Some(content));
    }

    /// Texts of a language arrived.
    pub fn spoken(&mut self, ctx: &Context<Self>, wanted: &'static str, words: Words) {
        if wanted == self.state.machine.wanted_language {
            self.state.words = words;
        }
        let (language, parts) = (self.state.words.language(), self.state.words.parts().to_vec());
        self.step(ctx, Event::Spoken { wanted, language, parts });
        self.panels_go_on(ctx);
    }

    /// There is another message, or none: what was checked because of the one before is forgotten.
    pub fn forget_message(&mut self, ctx: &Context<Self>) {
        self.step(ctx, Event::FromMessage(machine::FromMessage::default()));
    }

    /// What a part of the page needs.
    pub fn need(&mut self, ctx: &Context<Self>, need: Need) {
        self.step(ctx, Event::Need(need));
    }

    /// What was pasted, while it waits for files.
    pub fn waiting_paste(&mut self) -> Option<&mut Paste> {
        self.state.paste.as_mut().filter(|paste| paste.waits)
    }
}

/// Keeps who may see the user's keys; nobody, once there are none.
fn keep_entrusted(who: Option<String>) {
    let Some(who) = who else { return storage::store(ENTRUSTED, None) };
    let kept = storage::stored(ENTRUSTED).unwrap_or_default();
    if !kept.split(' ').any(|other| other == who) {
        storage::store(ENTRUSTED, Some(format!("{kept} {who}").trim()));
    }
}
