//! The component around the [machine](crate::machine).
//!
//! It is a struct, for carrying out effects takes what is never drawn: runs, files, the transport of the page. What happens
//! reaches the machine as an event; what the machine wants done is carried out in `effects`, the one place for that. Actions
//! are what has not found its way into the machine or a panel: news, ticks, files that arrive. What follows after the first
//! paint is reached through the table of doors in [`program`].

mod acts;
mod asked;
mod building;
pub mod callbacks;
mod effects;
pub mod entrust;
mod jobs;
mod live;
pub mod messages;
mod outcome;
pub mod past;
pub mod program;
pub mod seen;
pub mod start;
pub mod state;
pub mod watch;

use std::{mem::ManuallyDrop, rc::Rc};

use yew::{
    Renderer,
    prelude::{Component, Context, Html, Properties},
};

use self::{
    callbacks::Callbacks,
    jobs::Job,
    state::{Action, Paste, State},
};
use crate::{
    components::{
        asked::ASKED,
        asking::Asking,
        kept::Kept,
        memory::Memory,
        page_context::PageContext,
        parts,
        paste::{PASTE, message_of},
        scene::{Scene, SceneProps},
        ui::Ui,
    },
    machine::{Event, NOTICES, Need, Order},
    panels::{paste::PastedMessage, ticket::Wish},
};
use mail_triage_browser::{
    address, clipboard, clock, dom,
    fetch::Fetch,
    files, menus, network, storage,
    transport::{Lookups, Transport},
    words::{self, Words},
};
use mail_triage_engine::{
    bounce::Reader,
    checklist::ChecklistStep,
    driver::Driver,
    headers,
    knowledge::{Knowledge, Value},
    report::Report,
    route::{Route, View, seen_in},
};

/// Where the page's own files are, seen from the document.
pub const BASE: &str = "";
/// The box, in the first paint and here.
const BOX: &str = "q";
/// Keys of the browser's storage. The language is kept by [`words`].
const THEME: &str = "mail-triage.theme";
const TICKS: &str = "mail-triage.ticks";
const RESOLVER: &str = "mail-triage.resolver";
pub const KEY: &str = "mail-triage.key.";
const ENTRUSTED: &str = "mail-triage.keys-to";
/// Checks of earlier visits, and whether none are to be kept.
pub const PAST: &str = "mail-triage.past";
pub const PAST_OFF: &str = "mail-triage.past.off";

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
    show(root, words, typed, sent);
    if focused {
        clock::sleep(0).await;
        dom::focus(BOX);
    }
}

/// Shows the page in `root`, with what was typed and what was sent before the program was there.
pub fn show(root: dom::Element, words: Words, typed: String, sent: Option<clipboard::PastedText>) {
    Renderer::<App>::with_root_and_props(root, Props { words, typed, sent }).render();
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
    /// What components tell the page.
    callbacks: Callbacks,
    /// What the panels keep.
    ///
    /// It lives as long as the page: what would give it back weighs 1.2 KB in the first program, gzip.
    memory: ManuallyDrop<Memory>,
    /// Explains messages by the wordings of these files, once they are there.
    reader: Option<(Vec<&'static str>, Reader)>,
    /// Files of the page that have arrived, by name.
    files: Vec<(&'static str, Value)>,
    /// What all runs of this visit have in common.
    transport: Transport,
    /// What the run at hand was begun with.
    order: Option<Order>,
    run: Option<Driver>,
    /// Lists and providers, once they are fetched. There may be no words for them yet.
    knowledge: Option<Rc<Knowledge>>,
    /// The requests of that run; none for an example.
    lookups: Option<Lookups>,
    /// The header whose findings are compared with what that run learns.
    header: Option<Rc<headers::HeaderReading>>,
    /// The question for the user's own address, while it is asked.
    my_address: Option<Driver>,
    /// What the address holds of an earlier check, not read yet.
    seen: Option<Vec<u8>>,
    frame: Option<clock::Frame>,
    /// When the run began, in seconds since 1970; none for an example.
    unix: Option<i64>,
    /// When the run before it was made, and what it found, if that was about the same.
    before: Option<(i64, Rc<Report>)>,
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
        files::listen_to_files(move |name, octets| {
            link.send_message(Action::Read(Rc::new(PastedMessage::of_file(name, octets))));
        });
        menus::close_when_left();
        let mut app = Self {
            state: start::state(ctx.props().words.clone()),
            callbacks: Callbacks::new(ctx),
            memory: ManuallyDrop::default(),
            reader: None,
            files: Vec::new(),
            transport: Transport::by(Fetch::of_page()),
            order: None,
            run: None,
            knowledge: None,
            lookups: None,
            header: None,
            my_address: None,
            seen: None,
            unix: None,
            before: None,
            frame: None,
            started: 0.0,
            title: String::new(),
        };
        app.step(ctx, Event::Need(Need::Start));
        app.routed(ctx);
        let typed = ctx.props().typed.trim();
        if !typed.is_empty() {
            app.state.machine.form.text.what.clone_from(&ctx.props().typed);
        }
        match &ctx.props().sent {
            Some(sent) if sent.text.contains('\n') => {
                // Of a message only the first line stands in the box, unless something else was typed since.
                if sent.text.lines().next().map(str::trim) == Some(typed) {
                    app.state.machine.form.text.what.clear();
                }
                ctx.link().send_message(Action::Read(Rc::new(message_of(sent.clone()))));
            }
            // What was changed since is sent by the user, not by the page.
            Some(sent) if sent.text == typed => ctx.link().send_message(Action::Submit),
            _ => {}
        }
        app.job(ctx, Job::Later(app.state.machine.route.view != View::Home));
        app
    }

    fn update(&mut self, ctx: &Context<Self>, action: Action) -> bool {
        if self.state.reduce(&action) {
            self.afterwards(ctx, &action);
            return true;
        }
        if self.act_undrawn(ctx, &action) {
            return false;
        }
        match action {
            Action::Do(event) => return self.happened(ctx, event),
            Action::Submit => self.step(ctx, Event::Submit(self.state.machine.form.text.clone())),
            Action::Read(file) if self.state.machine.route.view == View::Many => {
                self.state.dropped_list = Some(file);
            }
            Action::Read(message) => self.take_message(ctx, Paste::of(message)),
            Action::OpenForm(step) => self.open_form(ctx, step),
            Action::ShowMessage(party) => {
                self.state.wish = Wish { number: self.state.wish.number + 1, party };
                self.open_form(ctx, ChecklistStep::Contact);
                self.job(ctx, Job::Reveal(parts::TICKET.to_owned()));
            }
            Action::Routed => self.routed(ctx),
            Action::Program(program) => self.program_arrived(ctx, program),
            Action::Results(results) => self.results_arrived(ctx, results),
            Action::Messages(messages) => self.messages_arrived(ctx, messages),
            Action::Tools(tools) => self.tools_arrived(ctx, tools),
            Action::File(name, file) => self.file_arrived(ctx, name, file),
            Action::Texts(language, part, texts) => self.texts_arrived(ctx, language, part, texts),
            Action::Expanded(seen, octets) => self.seen_arrived(ctx, &seen, octets),
            Action::Spoken(wanted, words) => self.spoken(ctx, wanted, words),
            Action::Asked => self.show_log(),
            Action::ChooseResolver(choice) => {
                self.state.choosing = Some(choice);
                self.state.choices += 1;
                self.step(ctx, Event::Need(Need::Check));
            }
            Action::ResolverChosen(choice) => {
                self.state.choosing = None;
                self.state.choices += 1;
                self.step(ctx, Event::Resolver(choice));
            }
            Action::Later => {
                // So that examples and checks do not depend on the connection to this site.
                self.step(ctx, Event::Need(Need::Check));
                self.step(ctx, Event::Need(Need::Example));
            }
            Action::Network => self.step(ctx, Event::Network(network::is_online())),
            Action::Copied(text, done) => {
                self.state.copied = done.then(|| text.into());
                self.tell_news(ctx, if done { "ui.copied" } else { "ui.copy.failed" });
            }
            Action::SavedSeen(done) => {
                self.tell_news(ctx, if done { "ui.share.seen.saved" } else { "ui.share.seen.long" });
            }
            Action::OpenSharing(panel) => self.open_sharing(ctx, panel),
            Action::Kept => self.state.sharing.has_past = true,
            action => return self.state.program.is_some_and(|program| (program.act)(self, ctx, action)),
        }
        true
    }

    fn view(&self, _: &Context<Self>) -> Html {
        #[cfg(test)]
        crate::renders::drawn("page");
        let page = PageContext {
            words: self.state.words.clone(),
            copied: self.state.copied.clone(),
            copy: self.callbacks.copy.clone(),
        };
        let asking = Asking {
            transport: self.transport.clone(),
            resolvers: self.state.machine.resolver.list.clone().into(),
            resolver: self.state.machine.effective_resolver(),
            asked: self.callbacks.asked.clone(),
        };
        let scene = Scene::new(
            SceneProps {
                page,
                knowledge: self.state.knowledge.clone().map(Into::into),
                resolvers: self.state.machine.resolver.list.clone().into(),
                route: self.state.machine.route.clone(),
                is_example: self.state.machine.example().is_some(),
                kept_at: self.state.kept_at.clone(),
                keep_at: self.callbacks.keep_at.clone(),
                see: self.callbacks.see.clone(),
                to_causes: self.callbacks.to_causes.clone(),
                retry: self.callbacks.retry.clone(),
                again: self.callbacks.again.clone(),
            },
            "r",
        );
        parts::page::page(&Ui {
            state: &self.state,
            act: &self.callbacks.act,
            callbacks: &self.callbacks,
            asking: &asking,
            memory: &self.memory,
            scene: &scene,
        })
        .into()
    }
}

impl App {
    /// Does what changes nothing that is drawn; `false` if it is not of that kind.
    fn act_undrawn(&self, ctx: &Context<Self>, action: &Action) -> bool {
        match action {
            Action::Headline(id) => dom::headline(id, &[ASKED, parts::paste::ASKED_OF_PASTE, NOTICES]),
            Action::Focus(id) => dom::focus(id),
            Action::Reveal(id) => dom::reveal(id),
            Action::Share => self.job(ctx, Job::Copy(self.state.link())),
            Action::Copy(text) => self.job(ctx, Job::Copy(text.clone())),
            Action::Print => dom::print(),
            _ => return false,
        }
        true
    }

    /// What has to be kept or fetched after the state took an action.
    fn afterwards(&mut self, ctx: &Context<Self>, action: &Action) {
        match action {
            Action::Paint(theme) => {
                let chosen = (*theme != parts::THEMES[0]).then_some(*theme);
                storage::store(THEME, chosen);
                dom::paint(chosen);
            }
            Action::Tick(_) => storage::store(TICKS, Some(&self.state.ticks.join(" "))),
            Action::ChangePaste => self.show_paste(ctx),
            Action::Try(true) => self.step(ctx, Event::Need(Need::Tools)),
            Action::OpenPaste(open) => {
                self.memory.paste = Kept::default();
                self.forget_message(ctx);
                if *open {
                    self.show_paste(ctx);
                }
            }
            _ => {}
        }
    }

    /// Takes an event; `false` if nothing but the form is to be drawn, which has done so itself.
    fn happened(&mut self, ctx: &Context<Self>, event: Event) -> bool {
        let drawn = !matches!(event, Event::Typed(_)) || self.state.machine.is_changed_by_typing();
        self.step(ctx, event);
        drawn
    }

    /// Shows short news, by its locale key, for a while.
    fn tell_news(&mut self, ctx: &Context<Self>, news: &'static str) {
        self.state.toast = Some(news);
        self.state.news += 1;
        self.job(ctx, Job::Quiet(self.state.news));
    }

    fn job(&self, ctx: &Context<Self>, job: Job) {
        ctx.link().send_future(jobs::perform(job));
    }

    /// The address changed: by a link, by the form, by Back and Forward.
    fn routed(&mut self, ctx: &Context<Self>) {
        let (fragment, pressed, typing) = (address::fragment(), address::was_pressed(), dom::is_typing());
        self.step(ctx, Event::Routed { fragment, pressed, typing });
    }

    /// The field for messages is wanted.
    fn show_paste(&mut self, ctx: &Context<Self>) {
        self.step(ctx, Event::Need(Need::Check));
        self.job(ctx, Job::Focus(PASTE.to_owned()));
    }

    /// A message was pasted or dropped.
    fn take_message(&mut self, ctx: &Context<Self>, paste: Paste) {
        // A file with a link that was too long for a mail.
        let text = paste.message.as_ref().and_then(|message| std::str::from_utf8(message.octets()).ok());
        if let Some(place) = text.and_then(seen_in) {
            return address::go_to(&place);
        }
        // What was sent and still waits is not what the user wants any more.
        self.step(ctx, Event::Typed(self.state.machine.form.text.clone()));
        self.state.paste = Some(paste);
        self.read_paste(ctx);
    }

    /// What was pasted as a policy is not that of the domain which is asked about now.
    pub fn forget_policy(&mut self) {
        self.state.policy_used = false;
        self.memory.policy = Kept::default();
    }

    /// Draws what came in, a little later.
    fn draw_soon(&mut self, ctx: &Context<Self>) {
        if self.frame.is_none() {
            let link = ctx.link().clone();
            self.frame = Some(clock::soon(move || link.send_message(Action::Show)));
        }
    }
}
