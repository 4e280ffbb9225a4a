//! How a check begins: from the address of the page to a run.

use yew::prelude::Context;

use super::{
    App, ENTRUSTED, RESOLVER, THEME, TICKS, asked, building, guide,
    jobs::Job,
    live, parts,
    state::{Form, Message, MyAddress, Phase, Sentence, State},
};
use mail_triage_browser::{
    dom,
    log::Requests,
    network, storage,
    words::{BOUNCES, FINDINGS, TICKETS, Words, args},
};
use mail_triage_engine::{
    checklist::ChecklistStep,
    knowledge::{Read, Resolvers, Value, files::OF_CHECKS},
    picture::Pictures,
    policy_file::PolicyFile,
    route::{IgnoredReason, MAX_VALUES, Route, View, is_resolver_address},
    table::Table,
    target::{ListKeys, Target},
};

pub use mail_triage_engine::knowledge::files::{RESOLVERS, SMTP_CODES, SMTP_WORDS};

pub const RECORDED: &str = "data/examples.json";
/// The element that says what a message says.
pub const EXPLAINED: &str = "explained";
/// Stands for the rest of the program.
const PROGRAM: &str = "later";
/// What is said of a part of a link that was left out; the keys of its variants begin with it.
pub const IGNORED: &str = "ui.ignored";

/// The state of a page that was just opened.
#[expect(clippy::too_many_lines, reason = "grown before there was a limit")]
pub fn state(words: Words) -> State {
    State {
        words,
        has_program: false,
        theme: storage::stored(THEME)
            .and_then(|kept| parts::THEMES.into_iter().find(|theme| *theme == kept))
            .unwrap_or(parts::THEMES[0]),
        guide: guide::guide(),
        route: Route::default(),
        notes: Vec::new(),
        form: Form::default(),
        form_open: false,
        error: None,
        paste: None,
        phase: Phase::Idle,
        settled: false,
        whole: false,
        report: None,
        pictures: Pictures::default(),
        picked: None,
        asked: 0,
        requests: Requests::default(),
        log_open: false,
        stand_ins: None,
        knowledge: None,
        resolvers: Resolvers::default(),
        resolver: storage::stored(RESOLVER),
        accepted: Vec::new(),
        question: None,
        panel: None,
        attempts: 0,
        trying: None,
        chosen_provider: None,
        entered: Table::default(),
        suggested: 0,
        looked_up: None,
        opened: Vec::new(),
        forms_failed: false,
        message: Message::default(),
        other_words: None,
        checked: None,
        kept_at: None,
        keys: ListKeys::default(),
        entrusted: storage::stored(ENTRUSTED)
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        key_question: None,
        distrusted: Vec::new(),
        keys_shown: false,
        typed_keys: ListKeys::default(),
        wrong_keys: Vec::new(),
        key_refused: false,
        builder: None,
        example: None,
        mine: MyAddress::Unknown,
        framed: dom::is_framed_by_a_stranger(),
        held: false,
        online: network::is_online(),
        ticks: storage::stored(TICKS).unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        toast: None,
        copied: None,
        news: 0,
        policy: Some(PolicyFile::NotAsked),
        typed_policy: String::new(),
        policy_used: false,
    }
}

/// Goes to an address.
pub fn go(state: &mut State, fragment: &str) {
    let (route, ignored) = Route::parse(fragment);
    state.notes.clear();
    let more: usize = ignored.iter().map(|ignored| ignored.more).sum();
    for ignored in ignored {
        let key = if ignored.why == IgnoredReason::TooMany { "ui.ignored.many" } else { IGNORED };
        let mut note = Sentence::about(key, "text", &ignored.value);
        note.args.set("name", ignored.name.into());
        note.args.set("most", u64::try_from(MAX_VALUES).unwrap_or(u64::MAX).into());
        state.notes.push(note);
    }
    if more > 0 {
        state.notes.push(Sentence { key: "ui.ignored.more".to_owned(), args: args([("n", more.into())]) });
    }
    match &route.view {
        View::Check(check) => {
            let typed = std::mem::replace(&mut state.form, Form::of(check)).what;
            // What was typed stays in the box: the address of the page has only the piece that counts.
            if state.has_program && asked::is_what(&typed, &check.what) {
                state.form.what = typed;
            }
        }
        View::Build(building) => state.form.what.clone_from(&building.what),
        _ => {}
    }
    state.route = route;
    state.form_open = false;
    state.error = None;
    know_resolvers(state);
}

/// Leaves out a resolver that a link or an earlier visit names and that is none, once the list is there.
fn know_resolvers(state: &mut State) {
    let State { resolvers, route, resolver, notes, .. } = state;
    let is_unknown = |id: &String| {
        !resolvers.resolvers.is_empty() && resolvers.by_id(id).is_none() && !is_resolver_address(id)
    };
    if let Some(named) = route.resolver.take_if(|named| is_unknown(named)) {
        let mut note = Sentence::about(IGNORED, "text", &named);
        note.args.set("name", "resolver".into());
        notes.push(note);
    }
    if resolver.take_if(|kept| is_unknown(kept)).is_some() {
        storage::store(RESOLVER, None);
    }
}

impl App {
    /// Fetches a file of the page, unless it is there or on its way.
    pub fn fetch(&mut self, ctx: &Context<Self>, name: &'static str) {
        if self.file(name).is_none() && !self.fetching.contains(&name) {
            self.fetching.push(name);
            self.job(ctx, Job::File(name));
        }
    }

    /// Fetches what a check needs.
    pub fn fetch_all(&mut self, ctx: &Context<Self>) {
        if !self.state.has_program && !self.fetching.contains(&PROGRAM) {
            self.fetching.push(PROGRAM);
            self.job(ctx, Job::Program);
        }
        for name in OF_CHECKS {
            self.fetch(ctx, name);
        }
        self.fetch_texts(ctx, FINDINGS);
    }

    /// Fetches a further file of texts, unless it is there or on its way.
    pub fn fetch_texts(&mut self, ctx: &Context<Self>, part: &'static str) {
        if !self.state.words.has_part(part) && !self.fetching.contains(&part) {
            self.fetching.push(part);
            self.job(ctx, Job::Texts(self.state.words.language(), part));
        }
    }

    /// A file that has arrived.
    pub fn file(&self, name: &str) -> Option<&Value> {
        self.files.iter().find(|(known, _)| *known == name).map(|(_, json)| json)
    }

    /// A file arrived, or did not.
    pub fn arrived(&mut self, ctx: &Context<Self>, name: &'static str, file: Option<Value>) {
        self.fetching.retain(|other| *other != name);
        match file {
            Some(json) => {
                if name == RESOLVERS {
                    self.state.resolvers = Resolvers::read(&json);
                    know_resolvers(&mut self.state);
                }
                self.files.push((name, json));
                self.go_on(ctx);
            }
            None => self.cannot_begin(),
        }
    }

    /// Texts arrived, or did not. Those of a language that was left meanwhile are asked for again.
    pub fn texts_arrived(
        &mut self,
        ctx: &Context<Self>,
        language: &'static str,
        part: &'static str,
        texts: Option<Value>,
    ) {
        self.fetching.retain(|other| *other != part);
        match texts {
            Some(texts) if language == self.state.words.language() => {
                self.state.words = self.state.words.with_part(part, &texts);
            }
            Some(_) => {}
            None => return self.cannot_begin(),
        }
        self.go_on(ctx);
    }

    /// Does what waited for files.
    fn go_on(&mut self, ctx: &Context<Self>) {
        if self.sent && self.state.has_program {
            self.sent = false;
            self.state.phase = Phase::Idle;
            asked::submit(self, ctx);
        }
        if self.wanted {
            self.begin(ctx);
        }
        if self.state.paste.as_ref().is_some_and(|paste| paste.waits) {
            self.read_paste(ctx);
        }
        if !self.state.opened.is_empty() && self.state.has_program {
            live::knowledge(self);
        }
    }

    /// Fetches what the form of a step takes.
    pub fn open_form(&mut self, ctx: &Context<Self>, step: ChecklistStep) {
        if !self.state.opened.contains(&step) {
            self.state.opened.push(step);
        }
        self.state.forms_failed = false;
        self.fetch_all(ctx);
        if step == ChecklistStep::Contact {
            self.fetch_texts(ctx, TICKETS);
        }
        self.go_on(ctx);
    }

    /// The rest of the program arrived, or did not.
    pub fn program_arrived(&mut self, ctx: &Context<Self>, there: bool) {
        self.fetching.retain(|other| *other != PROGRAM);
        self.state.has_program |= there;
        match there {
            true => self.go_on(ctx),
            false => self.cannot_begin(),
        }
    }

    fn cannot_begin(&mut self) {
        self.state.forms_failed = !self.state.opened.is_empty();
        if self.wanted || self.sent {
            (self.wanted, self.sent) = (false, false);
            self.state.phase = Phase::Idle;
            self.state.error = Some(Sentence::plain("ui.error.files"));
        }
        if let Some(paste) = &mut self.state.paste
            && (paste.waits || !self.state.has_program)
        {
            paste.waits = false;
            paste.failed = true;
            self.state.error = Some(Sentence::plain("ui.error.files"));
        }
    }

    /// Reads what was pasted, or fetches what that takes.
    pub fn read_paste(&mut self, ctx: &Context<Self>) {
        let Some(paste) = &mut self.state.paste else { return };
        if paste.octets.is_none() && paste.text.trim().is_empty() {
            return dom::focus(parts::PASTE);
        }
        paste.failed = false;
        paste.waits = true;
        let words = &self.state.words;
        let mut needed = vec![SMTP_CODES, SMTP_WORDS];
        if self.state.has_program && words.has_part(FINDINGS) && words.has_part(BOUNCES) {
            match live::read_paste(self) {
                Ok(()) => return self.job(ctx, Job::Headline(EXPLAINED)),
                // Those of the languages that the text shows.
                Err(missing) => needed = missing,
            }
        }
        self.fetch_all(ctx);
        self.fetch_texts(ctx, BOUNCES);
        for name in needed {
            self.fetch(ctx, name);
        }
    }

    /// Starts what the address asks for. Whatever ran before is cancelled.
    pub fn begin(&mut self, ctx: &Context<Self>) {
        self.wanted = false;
        self.state.held = false;
        self.state.example = None;
        match self.state.route.view.clone() {
            // An error was pasted that names no sender: the run is about the recipient's domain alone.
            View::Home if self.state.has_program && self.state.asked_recipient().is_some() => {
                live::live(self, ctx, Target::default());
            }
            View::Home => {
                self.idle();
                if self.ask_for_resolver() {
                    self.ask(ctx);
                }
            }
            View::Check(check) if self.state.has_program => asked::check(self, ctx, &check),
            View::Check(_) => self.wait(ctx),
            View::Build(what) if self.state.has_program => building::build(self, ctx, &what),
            View::Build(_) => self.wait(ctx),
            View::Example(id) if self.state.has_program => live::recorded(self, ctx, &id),
            View::Example(_) => {
                self.fetch(ctx, RECORDED);
                self.wait(ctx);
            }
        }
    }

    /// Goes back to the question.
    pub fn idle(&mut self) {
        let ran = self.run.is_some();
        self.end_run();
        if ran {
            self.show_log();
        }
        self.state.stand_ins = None;
        self.running = None;
        self.state.phase = Phase::Idle;
        self.state.report = None;
        self.state.pictures = Pictures::default();
        self.title();
    }

    /// Whether the link names a resolver that the user has to agree to first.
    pub fn ask_for_resolver(&mut self) -> bool {
        let named = self.state.route.resolver.clone().filter(|named| is_resolver_address(named));
        self.state.question = named.filter(|named| {
            !self.state.accepted.contains(named) && self.state.resolver.as_ref() != Some(named)
        });
        self.state.question.is_some()
    }

    /// Ends the run at hand. What it had in flight is noted as it is cut off.
    pub fn end_run(&mut self) {
        self.run = None;
        self.lookups = None;
        self.header = None;
    }

    /// Shows the requests that were made by now.
    pub fn show_log(&mut self) {
        self.state.requests.clone_from(&self.transport.log());
        self.state.asked = self.state.requests.made();
    }

    /// Until the files are there.
    pub fn wait(&mut self, ctx: &Context<Self>) {
        self.end_run();
        self.wanted = true;
        self.state.report = None;
        self.state.phase = Phase::Running;
        self.fetch_all(ctx);
    }

    /// Names the page after what is asked about.
    pub fn title(&mut self) {
        let words = &self.state.words;
        let about = match &self.state.report {
            Some(report) => report.target.to_string(),
            None => words.say("static.title"),
        };
        let title = format!("{}: {about}", words.say("static.name"));
        if title != self.title {
            dom::set_title(&title);
            self.title = title;
        }
    }

    /// Fetches what may be needed next, so that examples and checks do not depend on the connection to this site.
    pub fn later(&mut self, ctx: &Context<Self>) {
        self.fetch_all(ctx);
        self.fetch(ctx, RECORDED);
    }
}
