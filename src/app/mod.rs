//! The page: one component whose state is plain data ([`state`]), shown by functions ([`parts`]).

mod asked;
mod builder;
mod building;
mod calls;
mod entrust;
mod guide;
mod h;
mod jobs;
mod live;
mod message;
mod parts;
mod start;
mod state;
mod turn;
mod ui;
mod view;

use std::{cell::Cell, rc::Rc};

use yew::{
    Renderer,
    prelude::{Component, Context, Html, Properties},
};

use self::{
    jobs::Job,
    state::{Action, MyAddress, Panel, Paste, Phase, Sentence, State},
    ui::Ui,
};
use mail_triage_browser::{
    address, clipboard, clock, dom, files, network, storage,
    transport::{Lookups, Transport},
    words::{self, Words},
};
use mail_triage_engine::{
    bounce::Reader,
    bounds,
    checklist::ChecklistStep,
    dns::Query,
    driver::Driver,
    headers,
    knowledge::Value,
    report_text,
    route::{Route, View, is_resolver_address},
    target::Target,
};

/// Where the page's own files are, seen from the document.
const BASE: &str = "";
/// The box, in the first paint and here.
const BOX: &str = "q";
/// What is said of a message in the box.
const MESSAGE: &str = "input.error.looks-like-message";
/// Keys of the browser's storage. The language is kept by [`words`].
const THEME: &str = "mail-triage.theme";
const TICKS: &str = "mail-triage.ticks";
const RESOLVER: &str = "mail-triage.resolver";
const KEY: &str = "mail-triage.key.";
const ENTRUSTED: &str = "mail-triage.keys-to";

/// Mounts the page in `root`, once its words are there.
pub async fn mount(root: dom::Element) {
    let (route, _) = Route::parse(&address::fragment());
    let words = Words::fetch(BASE, words::preferred(route.lang.as_deref()), &[]).await;
    words::announce(words.language());
    // A breath between reading the words and drawing, for whoever scrolls or types.
    clock::sleep(0).await;
    // Somebody may have begun to type into the first paint.
    let (typed, focused) = dom::typed(BOX).unwrap_or_default();
    let sent = clipboard::sent();
    Renderer::<App>::with_root_and_props(root, Props { words, typed, sent }).render();
    if focused {
        clock::sleep(0).await;
        dom::focus(BOX);
    }
}

/// What the page begins with.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    words: Words,
    /// What was typed before the program was there.
    typed: String,
    /// What was sent before, where it is no name but a message.
    sent: Option<clipboard::PastedText>,
}

/// The page: its state, and what it has to do with the world.
pub struct App {
    state: State,
    /// Explains messages by the wordings of these files, once they are there.
    reader: Option<(Vec<&'static str>, Reader)>,
    /// Files of the page that have arrived, by name.
    files: Vec<(&'static str, Value)>,
    /// Files that are on their way.
    fetching: Vec<&'static str>,
    /// What all runs of this visit have in common.
    transport: Transport,
    run: Option<Driver>,
    /// The requests of that run; none for an example.
    lookups: Option<Lookups>,
    /// The header whose findings are compared with what that run learns.
    header: Option<Rc<headers::HeaderReading>>,
    /// The checks of a record that is put together, as if it were published.
    what_if: Option<Driver>,
    /// The question for the user's own address, while it is asked.
    my_address: Option<Driver>,
    /// The lookup of the mail server that was typed into the settings.
    server: Option<Driver>,
    /// What the run is about, and through whom.
    running: Option<(Target, Option<String>)>,
    /// The next run asks everything anew.
    fresh: bool,
    /// A run waits for files or for an answer of the user's.
    wanted: bool,
    /// The check at hand may begin: a person asked for it, or its turn has come (see [`turn`]).
    allowed: bool,
    /// When a check last began by itself, on the browser's clock in milliseconds.
    began: f64,
    /// How often a check had to wait for its turn.
    turns: u32,
    /// What is to be brought into view (see [`view`]).
    look: Option<view::Look>,
    /// The form was sent before the engine was there.
    sent: bool,
    frame: Option<clock::Frame>,
    /// When the run began, on the browser's clock in milliseconds.
    started: f64,
    /// How the page is named in tabs.
    title: String,
}

impl Component for App {
    type Message = Action;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        for event in ["hashchange", "online", "offline"] {
            let link = ctx.link().clone();
            let action = if event == "hashchange" { Action::Routed } else { Action::Network };
            dom::listen(event, Box::new(move || link.send_message(action.clone())));
        }
        let link = ctx.link().clone();
        files::listen_to_files(move |name, octets| link.send_message(Action::Dropped(name, octets)));
        let mut app = Self {
            state: start::state(ctx.props().words.clone()),
            reader: None,
            files: Vec::new(),
            fetching: Vec::new(),
            transport: Transport::default(),
            run: None,
            lookups: None,
            header: None,
            what_if: None,
            my_address: None,
            server: None,
            running: None,
            fresh: false,
            wanted: false,
            allowed: false,
            began: f64::NEG_INFINITY,
            turns: 0,
            look: None,
            sent: false,
            frame: None,
            started: 0.0,
            title: String::new(),
        };
        app.fetch(ctx, "data/resolvers.json");
        app.routed(ctx);
        let typed = ctx.props().typed.trim();
        if !typed.is_empty() {
            app.state.form.what.clone_from(&ctx.props().typed);
        }
        match &ctx.props().sent {
            Some(sent) if sent.text.contains('\n') => {
                // Of a message only the first line stands in the box, unless something else was typed since.
                if sent.text.lines().next().map(str::trim) == Some(typed) {
                    app.state.form.what.clear();
                }
                ctx.link().send_message(Action::Pasted(sent.clone()));
            }
            // What was changed since is sent by the user, not by the page.
            Some(sent) if sent.text == typed => ctx.link().send_message(Action::Submit),
            _ => {}
        }
        app.job(ctx, Job::Later(app.state.route.view != View::Home));
        app
    }

    #[expect(clippy::too_many_lines, reason = "grown before there was a limit")]
    fn update(&mut self, ctx: &Context<Self>, action: Action) -> bool {
        if self.state.reduce(&action) {
            self.afterwards(ctx, &action);
            return true;
        }
        match action {
            Action::Submit => self.submit(ctx),
            Action::Pasted(text) => {
                self.take_back();
                self.state.paste = Some(Paste::of(text));
                self.read_paste(ctx);
            }
            Action::ReadPaste => self.read_paste(ctx),
            Action::Dropped(name, octets) => {
                self.take_back();
                self.state.paste = Some(Paste { file: Some(name), octets: Some(octets), ..Paste::default() });
                self.read_paste(ctx);
            }
            Action::CheckPaste => live::check_paste(self, ctx),
            Action::OpenForm(step) => self.open_form(ctx, step),
            Action::ShowMessage(party) => {
                self.state.message.party = party.or(self.state.message.party.take());
                self.open_form(ctx, ChecklistStep::Contact);
                self.job(ctx, Job::Reveal(parts::MESSAGE.to_owned()));
            }
            Action::Write(write) => message::write(self, ctx, &write),
            Action::OtherWords(words) => self.state.other_words = Some(words),
            Action::Routed => self.routed(ctx),
            Action::Program(there) => self.program_arrived(ctx, there),
            Action::File(name, file) => self.arrived(ctx, name, file),
            Action::Changed if self.run.as_ref().is_some_and(Driver::is_done) => {
                live::show(self, ctx);
                building::built_upon(self, ctx);
            }
            Action::Changed => {
                if self.frame.is_none() {
                    let link = ctx.link().clone();
                    self.frame = Some(clock::soon(move || link.send_message(Action::Show)));
                }
                return false;
            }
            Action::Show => {
                live::show(self, ctx);
                building::built_upon(self, ctx);
            }
            Action::Choose(choose) => building::chosen(self, ctx, &choose),
            Action::Settled(ticket) => building::settled(self, ctx, ticket),
            Action::Weighed => building::weighed(self),
            Action::Fill => {
                live::fill(self);
                self.look(ctx);
            }
            Action::Stop => {
                if let Some(run) = &self.run {
                    run.cancel();
                }
                live::show(self, ctx);
            }
            Action::Again => {
                self.fresh = true;
                self.pressed(ctx);
            }
            Action::Proceed => self.pressed(ctx),
            Action::Turn(turn) => {
                if turn == self.turns && !self.allowed {
                    self.begin(ctx);
                }
            }
            Action::See(name) => self.see(ctx, name),
            Action::ToCauses(name) => self.go_to_causes(ctx, &name),
            Action::Headline(id) => {
                dom::headline(id, &[view::ASKED, view::ASKED_OF_PASTE, view::NOTICES]);
                return false;
            }
            Action::Retry(queries) => self.retry(ctx, queries.as_deref()),
            Action::AddAddress(ip) => self.ask_about(|asked| {
                if !asked.ips.contains(&ip) {
                    asked.ips.push(ip);
                }
                asked.connection_ip = asked.connection_ip.filter(|own| *own != ip);
            }),
            Action::ReceivingToo => self.ask_about(|asked| asked.receiving_too = true),
            Action::AskMyAddress => live::ask_my_address(self, ctx),
            Action::MyAddress => live::my_address(self),
            Action::LookUp(host) => live::look_up(self, ctx, host),
            Action::LookedUp => live::looked_up(self),
            Action::UseKey(name) => self.use_key(ctx, &name),
            Action::Entrust(yes) => entrust::answered(self, ctx, yes),
            Action::UsePolicy => {
                if let Some(id) = live::use_policy(self, ctx) {
                    self.job(ctx, Job::Reveal(id));
                }
            }
            Action::TryResolver(choice) => self.try_resolver(ctx, choice),
            Action::ResolverTried(choice, answered) => self.tried(ctx, choice, answered),
            Action::Accept(yes) => self.accept(ctx, yes),
            Action::Later => self.later(ctx),
            Action::Network => self.state.online = network::is_online(),
            Action::Speak(language) => {
                self.job(ctx, Job::Words(language, self.state.words.parts().to_vec()));
                return false;
            }
            Action::Texts(language, part, texts) => self.texts_arrived(ctx, language, part, texts),
            Action::Spoken(words) => {
                words::remember(words.language());
                self.state.route.lang = Some(words.language().to_owned());
                self.state.words = words;
                // Chosen, so the program is there.
                if self.state.message.language.is_some() {
                    message::fetch_other_words(self, ctx);
                }
                self.title();
                address::rewrite(&self.state.route.to_string());
            }
            Action::Focus(id) => {
                dom::focus(&id);
                return false;
            }
            Action::Reveal(id) => {
                dom::reveal(&id);
                return false;
            }
            Action::Share => {
                self.job(ctx, Job::Copy(self.state.link()));
                return false;
            }
            Action::CopyReport => {
                if let Some(report) = &self.state.report {
                    let text = report_text::text(report, self.state.words.catalog(), words::plural);
                    self.job(ctx, Job::Copy(text));
                }
                return false;
            }
            Action::Copy(text) => {
                self.job(ctx, Job::Copy(text));
                return false;
            }
            Action::Copied(text, done) => {
                self.state.toast = Some(if done { "ui.copied" } else { "ui.copy.failed" });
                self.state.copied = done.then_some(text);
                self.state.news += 1;
                self.job(ctx, Job::Quiet(self.state.news));
            }
            Action::Print => {
                dom::print();
                return false;
            }
            _ => return false,
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let act = ctx.link().callback(|action| action);
        parts::page::page(&Ui {
            state: &self.state,
            act: &act,
            ids: Cell::new(0),
            lookups: Cell::new(bounds::PAGE_LOOKUPS),
        })
        .into()
    }
}

impl App {
    /// What has to be kept or fetched after the state took an action.
    fn afterwards(&mut self, ctx: &Context<Self>, action: &Action) {
        match action {
            Action::Paint(theme) => {
                let chosen = (*theme != parts::THEMES[0]).then_some(*theme);
                storage::store(THEME, chosen);
                dom::paint(chosen);
            }
            Action::Tick(_) => storage::store(TICKS, Some(&self.state.ticks.join(" "))),
            Action::ChangePaste | Action::OpenPaste(true) => {
                self.fetch_all(ctx);
                self.job(ctx, Job::Focus(parts::PASTE.to_owned()));
            }
            Action::Change => self.job(ctx, Job::Focus(BOX.to_owned())),
            Action::EnterAddress => self.job(ctx, Job::Reveal("q-ip".to_owned())),
            Action::Take(_, _, id) => self.job(ctx, Job::Focus(id.clone())),
            // Whoever types is going to ask: the lists may come already.
            Action::Typed(..) => {
                self.take_back();
                self.fetch_all(ctx);
            }
            _ => {}
        }
    }

    fn job(&self, ctx: &Context<Self>, job: Job) {
        ctx.link().send_future(jobs::perform(job, self.transport.clone()));
    }

    /// What was typed is read by the engine: until that is there, the form waits.
    fn submit(&mut self, ctx: &Context<Self>) {
        if self.state.has_program {
            return asked::submit(self, ctx);
        }
        self.sent = true;
        self.state.error = None;
        self.state.phase = Phase::Running;
        self.fetch_all(ctx);
    }

    /// What was sent and still waits is not what the user wants any more: it is sent anew, or not at all.
    fn take_back(&mut self) {
        if std::mem::take(&mut self.sent) && !self.wanted {
            self.state.phase = Phase::Idle;
        }
    }

    /// Changes what the check is about, and with it the address of the page.
    fn ask_about(&mut self, change: impl FnOnce(&mut mail_triage_engine::route::CheckRequest)) {
        let mut route = self.state.route.with_finding(None);
        if let View::Check(asked) = &mut route.view {
            change(asked);
            address::go_to(&route.to_string());
        }
    }

    /// The address changed: by a link, by the form, by back and forward.
    fn routed(&mut self, ctx: &Context<Self>) {
        let before = std::mem::take(&mut self.state.route);
        start::go(&mut self.state, &address::fragment());
        if let Some(language) = self.state.route.lang.as_deref().and_then(words::known)
            && language != self.state.words.language()
        {
            self.job(ctx, Job::Words(language, self.state.words.parts().to_vec()));
        }
        let what = |route: &Route| route.asked().map(|asked| asked.what.clone());
        if what(&before) != what(&self.state.route) {
            // The answer belongs to the check that it was asked for.
            self.state.mine = MyAddress::Unknown;
            self.my_address = None;
        }
        let same = before.view == self.state.route.view && before.resolver == self.state.route.resolver;
        let pressed = address::was_pressed();
        // Whoever is typing keeps the form.
        self.state.form_open = !pressed && dom::is_typing();
        if !same || pressed {
            self.allowed = pressed;
        }
        if !same || self.run.is_none() {
            // Whoever goes elsewhere does not wait for the form any more.
            self.sent = false;
            self.look = view::Look::at_results(&self.state.route, pressed);
            self.begin(ctx);
        } else {
            self.look_again(ctx, &before);
        }
        if matches!((&before.view, &self.state.route.view), (View::Check(_), View::Build(_))) {
            self.job(ctx, Job::Reveal(parts::build::TITLE.to_owned()));
        }
    }

    fn retry(&mut self, ctx: &Context<Self>, queries: Option<&[Query]>) {
        if matches!(self.state.route.view, View::Build(_)) {
            return building::retry(self, ctx, queries);
        }
        match &self.run {
            Some(run) if !run.is_cancelled() => {
                self.state.phase = Phase::Running;
                run.retry(queries);
            }
            // It was stopped: what it has learnt is kept, the rest is asked.
            _ => self.pressed(ctx),
        }
    }

    fn use_key(&mut self, ctx: &Context<Self>, name: &str) {
        let Some(key) = live::key(self, name) else { return };
        storage::store(&format!("{KEY}{name}"), (!key.is_empty()).then_some(key.as_str()));
        self.state.keys.set(name, &key);
        entrust::told(self);
        self.allowed = true;
        self.begin(ctx);
    }

    /// A resolver is asked one question before it is accepted.
    fn try_resolver(&mut self, ctx: &Context<Self>, choice: String) {
        let choice = choice.trim().to_owned();
        let listed = self.state.resolvers.by_id(&choice).map(|resolver| resolver.url.clone());
        let url = listed.or_else(|| is_resolver_address(&choice).then(|| choice.clone()));
        self.state.trying = url.as_ref().map(|_| choice.clone());
        match url {
            Some(url) => self.job(ctx, Job::TryResolver(choice, url)),
            None => {
                let error = Some(Sentence::about("ui.resolver.error", "text", &choice));
                self.state.panel = Some(Panel { address: choice, error });
            }
        }
    }

    fn tried(&mut self, ctx: &Context<Self>, choice: String, answered: bool) {
        self.show_log();
        // The last choice counts, not the last answer.
        if self.state.trying.as_ref() != Some(&choice) {
            return;
        }
        self.state.trying = None;
        self.state.attempts += 1;
        if !answered {
            let error =
                Some(Sentence::about("ui.resolver.failed", "text", &self.state.resolver_name(&choice)));
            self.state.panel = Some(Panel { address: choice, error });
            return;
        }
        self.state.panel = None;
        let before = self.state.effective_resolver();
        let waits = self.state.question.is_some();
        if self.state.route.resolver.as_deref() != Some(choice.as_str()) {
            // The choice counts, not what a link said.
            self.state.route.resolver = None;
            address::rewrite(&self.state.route.to_string());
        }
        self.state.accepted.push(choice.clone());
        storage::store(RESOLVER, Some(&choice));
        self.state.resolver = Some(choice);
        // A link may have named another one than was kept.
        if waits || self.state.effective_resolver() != before {
            self.begin(ctx);
        }
    }

    /// The user says whether the resolver of a link may be used. It is not kept: the next visit asks again.
    fn accept(&mut self, ctx: &Context<Self>, yes: bool) {
        let Some(address) = self.state.question.take() else { return };
        if yes {
            self.state.accepted.push(address);
        } else {
            self.state.route.resolver = None;
            address::rewrite(&self.state.route.to_string());
        }
        self.pressed(ctx);
    }
}
