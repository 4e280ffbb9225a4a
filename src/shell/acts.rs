//! What an action or the machine wants done where that takes the engine.

use yew::prelude::Context;

use super::{
    App, building, entrust,
    jobs::Job,
    live,
    state::{Action, State},
    watch::WatchAction,
};
use crate::{
    components::parts::opinion,
    machine::{Effect, Event, Need},
};
use mail_triage_browser::words;
use mail_triage_engine::{driver::Driver, knowledge::Provider};

/// Does what the machine wants done; gives what came of it at once.
pub fn carry_out(app: &mut App, ctx: &Context<App>, effect: Effect) -> Vec<Event> {
    let event = match effect {
        Effect::Start(order) => return live::start(app, ctx, *order),
        Effect::Retry(run, queries) => {
            if let Some(driver) = app.run.as_ref().filter(|_| app.is_run(run)) {
                driver.retry(queries.as_deref());
            }
            None
        }
        Effect::Cancel(run) => {
            if let Some(driver) = app.run.as_ref().filter(|_| app.is_run(run)) {
                driver.cancel();
            }
            live::told(app)
        }
        Effect::Fill { run, .. } => filled(app, ctx, run),
        Effect::Build(building, fresh) => {
            building::build(app, building, fresh);
            None
        }
        Effect::BuildOn => {
            building::built_upon(app);
            None
        }
        Effect::AskConnection => live::ask_my_address(app, ctx),
        _ => None,
    };
    event.into_iter().collect()
}

/// Takes an action; `false` if nothing is to be drawn.
pub fn act(app: &mut App, ctx: &Context<App>, action: Action) -> bool {
    match action {
        Action::CheckPaste => {
            if let Some(messages) = app.state.messages {
                (messages.check)(app, ctx);
            }
        }
        Action::Changed if app.run.as_ref().is_some_and(Driver::is_done) => show(app, ctx),
        Action::Changed => {
            app.draw_soon(ctx);
            return false;
        }
        Action::Show => show(app, ctx),
        Action::Fill(run) => {
            let event = filled(app, ctx, run);
            happened(app, ctx, event);
        }
        Action::MyAddress => {
            let event = live::my_address(app);
            happened(app, ctx, event);
        }
        Action::AskSecond => {
            app.state.second_opinion = app.state.machine.check.run().map(|run| run.number);
            app.state.tools_failed = false;
            app.need(ctx, Need::Tools);
            app.job(ctx, Job::Reveal(opinion::ID.to_owned()));
        }
        Action::Watch(action) => return watch(app, ctx, action),
        Action::UseKey(name, key) => entrust::use_key(app, ctx, &name, &key),
        Action::UsePolicy(text) => {
            if let Some(id) = live::use_policy(app, ctx, text) {
                app.job(ctx, Job::Reveal(id));
            }
        }
        action => {
            return app.state.results.is_some_and(|results| (results.act)(app, ctx, action));
        }
    }
    true
}

/// Something about what is watched. What that takes is fetched first.
fn watch(app: &mut App, ctx: &Context<App>, action: WatchAction) -> bool {
    let tools = app.state.tools.filter(|_| app.state.words.has_part(words::TOOLS));
    if let Some(tools) = tools {
        return (tools.watch)(app, ctx, action);
    }
    // Called again when it is there.
    if action == WatchAction::Begin {
        app.state.wants_watch = true;
        app.state.tools_failed = false;
        app.need(ctx, Need::Tools);
    }
    true
}

/// What is shown of the run of this number beside its report, by what draws it.
fn filled(app: &mut App, ctx: &Context<App>, run: u32) -> Option<Event> {
    let results = app.state.results?;
    (results.filled)(app, ctx, run)
}

/// Tells the machine, if something has happened.
fn happened(app: &mut App, ctx: &Context<App>, event: Option<Event>) {
    if let Some(event) = event {
        app.step(ctx, event);
    }
}

/// Tells what is known by now, and goes on with the record that is put together over it.
pub fn show(app: &mut App, ctx: &Context<App>) {
    let event = live::told(app);
    happened(app, ctx, event);
    building::built_upon(app);
}

/// Puts lists and providers together once their files are there.
pub fn know(app: &mut App) {
    live::knowledge(app);
}

/// The provider that the user chose, or that the report recognised, or whose own servers refused what was pasted.
pub fn provider(state: &State) -> Option<&Provider> {
    let providers = &state.knowledge.as_ref()?.providers;
    if let Some(id) = &state.chosen_provider {
        return providers.by_id(id);
    }
    let Some(report) = state.shown_report() else {
        return state.refused_by().and_then(|ids| ids.iter().find_map(|id| providers.by_id(id)));
    };
    providers.by_id(&report.views.provider.as_ref()?.mailbox.as_ref()?.id)
}
