//! How a check begins: from the address of the page to a run.

use std::rc::Rc;

use yew::prelude::Context;

use super::{
    App, KEY, RESOLVER, TICKS, guide,
    jobs::Job,
    state::{Action, EXAMPLES, Form, MyAddress, Phase, Sentence, State},
};
use crate::{
    check::is_control,
    facts::Facts,
    input,
    knowledge::{Knowledge, Read, Resolvers, Value},
    picture::Pictures,
    route::{Asked, Route, View, is_resolver_address},
    session::Session,
    target::{Keys, Target},
    web::{
        browser, data,
        run::{Run, Source},
        words::{Words, args},
    },
    zone::Zone,
};

const RESOLVERS: &str = "data/resolvers.json";
const BLOCKLISTS: &str = "data/blocklists.json";
const PROVIDERS: &str = "data/providers.json";
const SELECTORS: &str = "data/selectors.json";
const DNS_HOSTS: &str = "data/dns-hosts.json";
const RECORDED: &str = "data/examples.json";
/// Stands for the file of the language in use.
const FINDINGS: &str = "locales/report.json";
/// The resolver that says where a question comes from, if it is on the list.
const KNOWS_ADDRESSES: &str = "cloudflare";

/// So many sending addresses are offered.
const MOST_SENDERS: usize = 12;

/// The state of a page that was just opened.
pub fn state(words: Words) -> State {
    State {
        words,
        guide: guide::guide(),
        route: Route::default(),
        notes: Vec::new(),
        form: Form::default(),
        error: None,
        phase: Phase::Idle,
        settled: false,
        report: None,
        senders: Vec::new(),
        pictures: Pictures::default(),
        picked: None,
        requests: Vec::new(),
        knowledge: None,
        resolvers: Resolvers::default(),
        resolver: browser::stored(RESOLVER),
        accepted: Vec::new(),
        question: None,
        panel: None,
        attempts: 0,
        chosen_provider: None,
        kept_at: None,
        keys: Keys::default(),
        typed_keys: Keys::default(),
        example: None,
        mine: MyAddress::Unknown,
        online: browser::is_online(),
        ticks: browser::stored(TICKS).unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        toast: None,
        copied: None,
    }
}

/// Goes to an address.
pub fn go(state: &mut State, fragment: &str) {
    let (route, ignored) = Route::parse(fragment);
    state.notes.clear();
    for ignored in ignored {
        let mut note = Sentence::about("ui.ignored", "text", &ignored.value);
        note.args.set("name", ignored.name.into());
        state.notes.push(note);
    }
    if let View::Check(asked) = &route.view {
        state.form = Form::of(asked);
    }
    state.route = route;
    state.error = None;
}

/// What the form or the link is about, and what was changed on the way.
///
/// # Errors
/// A sentence that says what was expected.
pub fn target(asked: &Asked) -> Result<(Target, Vec<Sentence>), Sentence> {
    let reading = input::read(&asked.what, browser::to_ascii)
        .map_err(|error| Sentence { key: format!("input.error.{}", error.slug()), args: error.args() })?;
    let notes = reading
        .notes
        .iter()
        .map(|note| Sentence { key: format!("input.note.{}", note.slug()), args: note.args() });
    let notes = notes.collect();
    let mut target = reading.target;
    for &ip in &asked.ips {
        if !target.ips.contains(&ip) {
            target.ips.push(ip);
        }
    }
    for selector in &asked.selectors {
        if !target.selectors.contains(selector) {
            target.selectors.push(selector.clone());
        }
    }
    target.helo.clone_from(&asked.helo);
    target.receiving_too = asked.receiving_too;
    Ok((target, notes))
}

/// Whom to ask for the user's own address.
pub fn who_knows_my_address(state: &State) -> String {
    state.resolvers.by_id(KNOWS_ADDRESSES).map(|resolver| resolver.url.clone()).unwrap_or_default()
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
        for name in [RESOLVERS, BLOCKLISTS, PROVIDERS, SELECTORS, DNS_HOSTS] {
            self.fetch(ctx, name);
        }
        if !self.state.words.is_complete() && !self.fetching.contains(&FINDINGS) {
            self.fetching.push(FINDINGS);
            self.job(ctx, Job::Findings(self.state.words.clone()));
        }
    }

    fn file(&self, name: &str) -> Option<&Value> {
        self.files.iter().find(|(known, _)| *known == name).map(|(_, json)| json)
    }

    /// A file arrived, or did not.
    pub fn arrived(&mut self, ctx: &Context<Self>, name: &'static str, file: Option<Value>) {
        self.fetching.retain(|other| *other != name);
        match file {
            Some(json) => {
                if name == RESOLVERS {
                    self.state.resolvers = Resolvers::read(&json);
                }
                self.files.push((name, json));
                if self.wanted {
                    self.begin(ctx);
                }
            }
            None => self.cannot_begin(),
        }
    }

    /// The texts of findings arrived, or did not. Those of a language that was left meanwhile are asked for again.
    pub fn findings_arrived(&mut self, ctx: &Context<Self>, words: Option<Words>) {
        self.fetching.retain(|other| *other != FINDINGS);
        match words {
            Some(words) if words.language() == self.state.words.language() => self.state.words = words,
            Some(_) => {}
            None => return self.cannot_begin(),
        }
        if self.wanted {
            self.begin(ctx);
        }
    }

    fn cannot_begin(&mut self) {
        if self.wanted {
            self.wanted = false;
            self.state.phase = Phase::Idle;
            self.state.error = Some(Sentence::plain("ui.error.files"));
        }
    }

    /// Lists and providers, put together when all files are there, and the words for them.
    fn knowledge(&mut self) -> Option<Rc<Knowledge>> {
        if !self.state.words.is_complete() {
            return None;
        }
        if self.state.knowledge.is_none() {
            let knowledge = Knowledge {
                resolvers: Read::read(self.file(RESOLVERS)?),
                blocklists: Read::read(self.file(BLOCKLISTS)?),
                providers: Read::read(self.file(PROVIDERS)?),
                selectors: Read::read(self.file(SELECTORS)?),
                dns_hosts: Read::read(self.file(DNS_HOSTS)?),
            };
            self.state.knowledge = Some(Rc::new(knowledge));
            self.keys_of_lists();
        }
        self.state.knowledge.clone()
    }

    /// Keys that the user has left in this browser.
    fn keys_of_lists(&mut self) {
        for name in self.state.secrets() {
            if let Some(key) = browser::stored(&format!("{KEY}{name}")) {
                self.state.keys.set(&name, &key);
                self.state.typed_keys.set(&name, &key);
            }
        }
    }

    /// Starts what the address asks for. Whatever ran before is cancelled.
    pub fn begin(&mut self, ctx: &Context<Self>) {
        self.wanted = false;
        self.state.example = None;
        match self.state.route.view.clone() {
            View::Home => {
                self.idle();
                self.ask_for_resolver();
            }
            View::Check(asked) => match target(&asked) {
                Ok((target, notes)) => {
                    self.state.notes.retain(|note| note.key == "ui.ignored");
                    self.state.notes.extend(notes);
                    self.live(ctx, target);
                }
                Err(sentence) => {
                    self.idle();
                    self.state.error = Some(sentence);
                }
            },
            View::Example(id) => self.recorded(ctx, &id),
        }
    }

    fn idle(&mut self) {
        self.run = None;
        self.running = None;
        self.state.phase = Phase::Idle;
        self.state.report = None;
        self.state.pictures = Pictures::default();
        self.state.senders.clear();
        self.title();
    }

    /// Whether the link names a resolver that the user has to agree to first.
    fn ask_for_resolver(&mut self) -> bool {
        let named = self.state.route.resolver.clone().filter(|named| is_resolver_address(named));
        self.state.question = named.filter(|named| {
            !self.state.accepted.contains(named) && self.state.resolver.as_ref() != Some(named)
        });
        self.state.question.is_some()
    }

    fn live(&mut self, ctx: &Context<Self>, target: Target) {
        if self.ask_for_resolver() {
            self.idle();
            return;
        }
        let Some(knowledge) = self.knowledge() else {
            self.wait(ctx);
            return;
        };
        let fresh = std::mem::take(&mut self.fresh);
        let resolver = self.state.effective_resolver();
        let facts = if fresh { Facts::default() } else { self.kept(&knowledge, &target, &resolver) };
        let endpoints = data::endpoints(&knowledge.resolvers, resolver.as_deref());
        if self.running.as_ref().is_none_or(|(before, _)| before.domain != target.domain) {
            self.state.chosen_provider = None;
            self.state.kept_at = None;
        }
        let keys = self.state.keys.clone();
        let session = Session::with_facts(target.clone(), knowledge, keys, facts);
        self.start(ctx, session, Source::Live(endpoints), fresh);
        self.running = Some((target, resolver));
    }

    /// Until the files are there.
    fn wait(&mut self, ctx: &Context<Self>) {
        self.run = None;
        self.wanted = true;
        self.state.report = None;
        self.state.phase = Phase::Running;
        self.fetch_all(ctx);
    }

    fn start(&mut self, ctx: &Context<Self>, session: Session, source: Source, fresh: bool) {
        let changed = ctx.link().callback(|()| Action::Changed);
        self.frame = None;
        self.state.settled = false;
        self.state.pictures = Pictures::default();
        self.state.picked = None;
        self.run =
            Some(Run::start(session, source, self.state.keys.clone(), fresh, move || changed.emit(())));
        self.show();
    }

    /// What the run before has learnt and this one may use: all, for the same domain through the same resolver; for
    /// another one the control entries of the blocklists.
    fn kept(&self, knowledge: &Knowledge, target: &Target, resolver: &Option<String>) -> Facts {
        let (Some(run), Some((before, through))) = (&self.run, &self.running) else {
            return Facts::default();
        };
        if through != resolver {
            return Facts::default();
        }
        let mut facts = run.facts();
        if before.domain != target.domain {
            facts.retain(|query, _| is_control(knowledge, query));
        }
        facts
    }

    /// Shows an example from records that came with the page.
    fn recorded(&mut self, ctx: &Context<Self>, id: &str) {
        if !EXAMPLES.contains(&id) {
            self.idle();
            self.state.notes.push(Sentence {
                key: "ui.ignored".to_owned(),
                args: args([("name", "#".into()), ("text", id.into())]),
            });
            return;
        }
        let Some(knowledge) = self.knowledge() else {
            self.fetch(ctx, RECORDED);
            self.wait(ctx);
            return;
        };
        let Some(file) = self.file(RECORDED) else {
            self.wait(ctx);
            self.fetch(ctx, RECORDED);
            return;
        };
        let example = file.field(id);
        let lines: Vec<String> = Read::read(example.field("zone"));
        let (Ok(zone), what) = (Zone::parse(&lines.join("\n")), String::read(example.field("what"))) else {
            self.idle();
            return;
        };
        let ips = Vec::<String>::read(example.field("ips")).iter().filter_map(|ip| ip.parse().ok()).collect();
        let selectors = Read::read(example.field("selectors"));
        let asked = Asked { what, ips, selectors, ..Asked::default() };
        let Ok((target, _)) = target(&asked) else { return };
        self.state.form = Form::of(&asked);
        self.state.example = Some(id.to_owned());
        self.state.chosen_provider = None;
        self.state.kept_at = None;
        let session = Session::new(target, knowledge, Keys::default());
        self.start(ctx, session, Source::Recorded(Box::new(zone)), false);
        self.running = None;
    }

    /// Shows what is known by now.
    pub fn show(&mut self) {
        self.frame = None;
        let Some(run) = &self.run else { return };
        let report = run.report();
        let done = run.is_done() || run.is_cancelled();
        self.state.requests = run.requests();
        self.state.phase = if done { Phase::Done } else { Phase::Running };
        if done {
            self.state.settled = true;
            self.state.senders = run.sending_addresses(MOST_SENDERS);
            self.state.senders.retain(|ip| !report.target.ips.contains(ip));
            self.state.pictures = run.pictures();
        }
        self.state.report = Some(report);
        self.title();
    }

    /// Names the page after what is asked about.
    pub fn title(&self) {
        let words = &self.state.words;
        let about = match &self.state.report {
            Some(report) => report.target.to_string(),
            None => words.say("static.title"),
        };
        browser::set_title(&format!("{}: {about}", words.say("static.name")));
    }

    /// Fetches what may be needed next, so that examples and checks do not depend on the connection to this site.
    pub fn later(&mut self, ctx: &Context<Self>) {
        self.fetch_all(ctx);
        self.fetch(ctx, RECORDED);
    }
}
