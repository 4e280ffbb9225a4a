//! A watch under way: carries out what its [machine](crate::machine::Watch) wants done. Each look is a run of its own over the
//! page's one transport; the result that is shown stays as it is.
//!
//! Functions of the [`App`] that are reached through [`Tools`](super::program::Tools) alone.

use yew::prelude::Context;

use super::{App, jobs::Job, state::Action};
use crate::{
    components::parts::watch::ID,
    machine::{Watch, WatchEffect, WatchEvent},
};
use mail_triage_browser::{
    clock, data, dom, notify,
    transport::{LookupOptions, Lookups},
};
use mail_triage_engine::{
    dns::Query,
    driver::Driver,
    facts::{Facts, Question},
    many::is_made,
    session::Session,
    target::ListKeys,
    watch::Watched,
};

/// Seconds from the beginning of a check to its last answer, at most: so much later than its beginning says its answers may be in.
const A_CHECK: i64 = 15;

/// What the user does about a watch, and what reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchAction {
    /// The user wants to be told when it is fixed.
    Begin,
    /// The timer of this number is over.
    Woke(u32),
    /// The page is seen again, or hidden.
    Seen,
    /// Answers have come in.
    Answered,
    /// The user wants notifications too.
    Notify,
    /// The user has said whether they may be shown.
    Asked,
    /// The user does not want to be told any more.
    Stop,
}

/// A watch, and what its looks take.
pub struct Watching {
    /// The run whose result is watched.
    pub run: u32,
    /// How far it is.
    pub watch: Watch,
    /// What is watched.
    pub watched: Watched,
    facts: Facts,
    /// What the look at hand asks again.
    asked: Vec<Query>,
    look: Option<Driver>,
    /// The timer that counts.
    timer: u32,
}

/// Takes what has happened; `false` if nothing is to be drawn.
pub fn act(app: &mut App, ctx: &Context<App>, action: WatchAction) -> bool {
    if action == WatchAction::Begin {
        return begin(app, ctx);
    }
    let run = app.state.machine.check.run().map(|run| run.number);
    let Some(watching) = &mut app.memory.watch else { return false };
    // Another check has begun, or the page has gone elsewhere.
    if action == WatchAction::Stop || run != Some(watching.run) {
        app.memory.watch = None;
        dom::set_title(&app.title);
        return true;
    }
    match action {
        WatchAction::Woke(timer) if timer != watching.timer => return false,
        WatchAction::Woke(_) | WatchAction::Seen => happened(app, ctx, WatchEvent::Clock(clock::unix())),
        WatchAction::Answered => answered(app, ctx),
        WatchAction::Notify => {
            ctx.link().send_future(async {
                notify::ask().await;
                Action::Watch(WatchAction::Asked)
            });
        }
        WatchAction::Begin | WatchAction::Asked | WatchAction::Stop => {}
    }
    true
}

fn begin(app: &mut App, ctx: &Context<App>) -> bool {
    app.state.wants_watch = false;
    let (Some(run), Some(learnt)) = (app.state.machine.check.run(), &app.state.learnt) else { return false };
    let now = clock::unix();
    let heard = run.unix.map_or(now, |unix| now.min(unix + A_CHECK));
    let Some(watched) = Watched::of(learnt.report.clone(), &learnt.facts, heard) else { return false };
    let (watch, effects) = Watch::begin(now, watched.next());
    let (run, facts) = (run.number, learnt.facts.clone());
    let listens = app.memory.listens;
    app.memory.listens = true;
    let watching = Watching { run, watch, watched, facts, asked: Vec::new(), look: None, timer: 0 };
    app.memory.watch = Some(watching);
    if !listens {
        let link = ctx.link().clone();
        let seen = move || link.send_message(Action::Watch(WatchAction::Seen));
        dom::listen("visibilitychange", Box::new(seen));
    }
    carry_out(app, ctx, effects);
    app.job(ctx, Job::Reveal(ID.to_owned()));
    true
}

fn happened(app: &mut App, ctx: &Context<App>, event: WatchEvent) {
    if let Some(watching) = &mut app.memory.watch {
        let effects = watching.watch.step(event);
        carry_out(app, ctx, effects);
    }
}

fn carry_out(app: &mut App, ctx: &Context<App>, effects: Vec<WatchEffect>) {
    for effect in effects {
        match effect {
            WatchEffect::Wake(seconds) => wake(app, ctx, seconds),
            WatchEffect::Look => look(app, ctx),
            WatchEffect::Tell { mended, all } => tell(app, mended, all),
        }
    }
}

fn wake(app: &mut App, ctx: &Context<App>, seconds: u32) {
    let Some(watching) = &mut app.memory.watch else { return };
    watching.timer += 1;
    let timer = watching.timer;
    ctx.link().send_future(async move {
        clock::sleep(seconds.saturating_mul(1000)).await;
        Action::Watch(WatchAction::Woke(timer))
    });
}

/// Asks again what may be another answer by now, past the browser's cache; and what that leads to.
fn look(app: &mut App, ctx: &Context<App>) {
    let Some(knowledge) = app.knowledge.clone() else { return };
    let endpoints = data::endpoints(&knowledge.resolvers, app.state.machine.effective_resolver().as_deref());
    let how = LookupOptions { fresh: true, ..LookupOptions::default() };
    let lookups = Lookups::new(&app.transport, endpoints, ListKeys::default(), how);
    let Some(watching) = &mut app.memory.watch else { return };
    watching.asked = watching.watched.due(clock::unix());
    let mut facts = watching.facts.clone();
    for query in &watching.asked {
        facts.forget(&Question::Records(query.clone()));
    }
    let target = watching.watched.before().target.clone();
    let without_lists = |check: &str| is_made(check, false);
    let session = Session::only(without_lists, target, knowledge, ListKeys::default(), facts);
    let told = ctx.link().callback(|()| Action::Watch(WatchAction::Answered));
    let run = Driver::start(session, Box::new(lookups), Box::new(move |_| told.emit(())));
    let is_done = run.is_done();
    watching.look = Some(run);
    if is_done {
        answered(app, ctx);
    }
}

/// Takes what a look has found, once everything is in.
fn answered(app: &mut App, ctx: &Context<App>) {
    app.show_log();
    let Some(watching) = &mut app.memory.watch else { return };
    let Some(run) = watching.look.take_if(|run| run.is_done()) else { return };
    let (report, facts) = (run.session().report(), run.session().facts().clone());
    let now = clock::unix();
    let look = watching.watched.look(&report, &facts, &watching.asked, now);
    let next = watching.watched.next();
    watching.facts = facts;
    happened(app, ctx, WatchEvent::Looked { now, look, next });
}

/// Tells by the title of the tab, and by a notification where the user allows it.
fn tell(app: &App, mended: usize, all: usize) {
    let Some(watching) = &app.memory.watch else { return };
    let target = watching.watched.before().target.to_string();
    let key = if mended < all { "watch.told.some" } else { "watch.told" };
    let values = [("n", mended.into()), ("all", all.into()), ("target", target.into())];
    let text = app.state.words.with(key, values);
    dom::set_title(&text);
    notify::show(&app.state.words.say("static.name"), &text);
}
