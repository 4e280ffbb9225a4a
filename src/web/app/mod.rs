//! The page.

mod components;
mod guide;
mod state;
mod ui;

use std::{collections::BTreeSet, rc::Rc};

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::Element;
use yew::{
    Renderer,
    prelude::{Component, Context, ContextProvider, Html, Properties, html},
};

use self::{
    components::page,
    guide::Guide,
    state::{Action, Form, Phase, Sentence, State},
    ui::Ui,
};
use super::{
    browser, data,
    run::{Run, Source},
    words::{self, Words},
};
use crate::{
    check::is_control,
    dns::Name,
    facts::Facts,
    knowledge::Knowledge,
    route::{Asked, Route, View},
    session::Session,
    target::{Keys, Target},
};

/// Where the page's own files are, seen from the document.
const BASE: &str = "";
const TICKS: &str = "mail-triage.ticks";
const RESOLVER: &str = "mail-triage.resolver";

/// Mounts the page in `root`, once its words are there.
pub async fn mount(root: Element) {
    let (route, _) = Route::parse(&browser::fragment());
    let words = Words::fetch(BASE, words::preferred(route.lang.as_deref())).await;
    words::announce(words.language());
    Renderer::<App>::with_root_and_props(root, Props { words }).render();
}

/// What the page begins with.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    words: Words,
}

/// The page: its state, and what it does with the world.
pub struct App {
    state: State,
    guide: Rc<Guide>,
    knowledge: Option<Rc<Knowledge>>,
    run: Option<Run>,
    /// What the run is about, and through whom.
    running: Option<(Target, Option<String>)>,
    fresh: bool,
    frame: Option<browser::Frame>,
}

impl Component for App {
    type Message = Action;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        listen(ctx);
        let ticks: BTreeSet<String> =
            browser::stored(TICKS).unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        let state = State {
            words: ctx.props().words.clone(),
            route: Route::default(),
            ignored: Rc::new([]),
            form: Form::default(),
            error: None,
            phase: Phase::Idle,
            report: None,
            requests: Rc::new([]),
            resolvers: Rc::default(),
            resolver: browser::stored(RESOLVER),
            ticks: Rc::new(ticks),
            toast: None,
        };
        ctx.link().send_future(async {
            Action::Resolvers(Rc::new(data::resolvers(BASE).await.unwrap_or_default()))
        });
        ctx.link().send_message(Action::Routed);
        Self {
            state,
            guide: Rc::new(guide::guide()),
            knowledge: None,
            run: None,
            running: None,
            fresh: false,
            frame: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, action: Action) -> bool {
        if self.state.reduce(&action) {
            self.afterwards(ctx, &action);
            return true;
        }
        match action {
            Action::Submit => self.submit(ctx),
            Action::Routed => self.routed(ctx),
            Action::Knowledge(knowledge) => {
                self.knowledge = knowledge;
                if self.knowledge.is_none() {
                    self.state.phase = Phase::Idle;
                    self.state.error = Some(Sentence::about("ui.error.files", ""));
                } else {
                    self.begin(ctx);
                }
            }
            Action::Changed => {
                if self.frame.is_none() {
                    let link = ctx.link().clone();
                    self.frame = Some(browser::before_paint(move || link.send_message(Action::Show)));
                }
                return false;
            }
            Action::Show => self.show(),
            Action::Stop => {
                self.show();
                self.run = None;
                self.state.phase = Phase::Done;
            }
            Action::Again => {
                self.fresh = true;
                self.begin(ctx);
            }
            Action::Retry(queries) => {
                if let Some(run) = &self.run {
                    self.state.phase = Phase::Running;
                    match queries {
                        Some(queries) => run.retry(|query| queries.contains(query)),
                        None => run.retry(|_| true),
                    }
                }
            }
            Action::Speak(language) => {
                ctx.link().send_future(async move { Action::Spoken(Words::fetch(BASE, language).await) });
                return false;
            }
            Action::Reveal(id) => {
                browser::reveal(&id);
                return false;
            }
            Action::Share => {
                let link = browser::address_with(&self.state.route.to_string());
                ctx.link().send_future(async move {
                    Action::Say(Some(if browser::copy(&link).await {
                        "ui.copied.link"
                    } else {
                        "ui.copy.failed"
                    }))
                });
                return false;
            }
            Action::Print => {
                if let Some(window) = browser::window() {
                    let _ = window.print();
                }
                return false;
            }
            _ => return false,
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let ui = Ui { words: self.state.words.clone(), act: ctx.link().callback(|action| action) };
        html! {
            <ContextProvider<Ui> context={ui.clone()}>
                { page::page(&ui, &self.state, &self.guide) }
            </ContextProvider<Ui>>
        }
    }
}

impl App {
    /// What has to be kept or told after the state took an action.
    fn afterwards(&mut self, ctx: &Context<Self>, action: &Action) {
        match action {
            Action::Tick(..) => {
                let ticks: Vec<&str> = self.state.ticks.iter().map(String::as_str).collect();
                browser::store(TICKS, Some(&ticks.join(" ")));
            }
            Action::Spoken(words) => {
                words::remember(words.language());
                self.state.route.lang = Some(words.language().to_owned());
                browser::rewrite(&self.state.route.to_string());
            }
            Action::Say(Some(_)) => ctx.link().send_future(async {
                browser::sleep(4_000).await;
                Action::Say(None)
            }),
            _ => {}
        }
    }

    fn submit(&mut self, ctx: &Context<Self>) {
        match self.state.form.asked().and_then(|asked| target(&asked).map(|_| asked)) {
            Ok(asked) => {
                let route = Route { view: View::Check(asked), ..self.state.route.clone() };
                let fragment = route.to_string();
                if fragment == browser::fragment() {
                    self.fresh = true;
                    self.begin(ctx);
                } else {
                    browser::go_to(&fragment);
                }
            }
            Err(sentence) => self.state.error = Some(sentence),
        }
    }

    /// The address changed: by a link, by the form, by back and forward.
    fn routed(&mut self, ctx: &Context<Self>) {
        self.state.go(&browser::fragment());
        if let Some(language) = self.state.route.lang.as_deref().and_then(words::known)
            && language != self.state.words.language()
        {
            ctx.link().send_message(Action::Speak(language));
        }
        self.begin(ctx);
    }

    /// Starts what the address asks for. Whatever ran before is cancelled.
    fn begin(&mut self, ctx: &Context<Self>) {
        let fresh = std::mem::take(&mut self.fresh);
        let Some(asked) = self.state.route.asked() else {
            self.run = None;
            self.running = None;
            self.state.phase = Phase::Idle;
            self.state.report = None;
            return;
        };
        let target = match target(asked) {
            Ok(target) => target,
            Err(sentence) => {
                self.run = None;
                self.state.phase = Phase::Idle;
                self.state.report = None;
                self.state.error = Some(sentence);
                return;
            }
        };
        self.state.phase = Phase::Running;
        let Some(knowledge) = self.knowledge.clone() else {
            self.fresh = fresh;
            ctx.link().send_future(async {
                let resolvers = data::resolvers(BASE).await.unwrap_or_default();
                Action::Knowledge(data::knowledge(BASE, resolvers).await.map(Rc::new))
            });
            return;
        };
        let resolver = self.state.resolver.clone();
        let facts = if fresh { Facts::default() } else { self.kept(&target, resolver.as_deref()) };
        let endpoints = data::endpoints(&knowledge.resolvers, resolver.as_deref());
        let keys = Keys::default();
        let session = Session::with_facts(target.clone(), knowledge, keys.clone(), facts);
        let changed = ctx.link().callback(|()| Action::Changed);
        self.frame = None;
        self.run = Some(Run::start(session, Source::Live(endpoints), keys, fresh, move || changed.emit(())));
        self.running = Some((target, resolver));
        self.show();
    }

    /// What the run before has learnt and this one may use: all, for the same domain through the same resolver; for
    /// another one the control entries of the blocklists.
    fn kept(&self, target: &Target, resolver: Option<&str>) -> Facts {
        let (Some(run), Some((before, through)), Some(knowledge)) =
            (&self.run, &self.running, &self.knowledge)
        else {
            return Facts::default();
        };
        if through.as_deref() != resolver {
            return Facts::default();
        }
        let mut facts = run.facts();
        if before.domain != target.domain {
            facts.retain(|query, _| is_control(knowledge, query));
        }
        facts
    }

    fn show(&mut self) {
        self.frame = None;
        let Some(run) = &self.run else { return };
        self.state.report = Some(Rc::new(run.report()));
        self.state.requests = run.requests().into();
        self.state.phase = if run.is_done() { Phase::Done } else { Phase::Running };
    }
}

/// What the form or the link is about.
fn target(asked: &Asked) -> Result<Target, Sentence> {
    let text = asked.what.trim();
    let mut target = if let Ok(ip) = text.parse::<std::net::IpAddr>() {
        Target { ips: vec![ip.to_canonical()], ..Target::default() }
    } else {
        let name = browser::to_ascii(text).and_then(|host| Name::parse(&host).ok());
        let name =
            name.filter(|name| !name.is_root()).ok_or_else(|| Sentence::about("ui.error.what", text))?;
        Target::domain(name)
    };
    for &ip in &asked.ips {
        if !target.ips.contains(&ip) {
            target.ips.push(ip);
        }
    }
    target.selectors.clone_from(&asked.selectors);
    target.helo.clone_from(&asked.helo);
    target.receiving_too = asked.receiving_too;
    Ok(target)
}

/// The page lives as long as the document: what it listens to is never taken away.
fn listen(ctx: &Context<App>) {
    let link = ctx.link().clone();
    let routed = Closure::<dyn Fn()>::new(move || link.send_message(Action::Routed));
    if let Some(window) = browser::window() {
        let _ = window.add_event_listener_with_callback("hashchange", routed.as_ref().unchecked_ref());
    }
    routed.forget();
}
