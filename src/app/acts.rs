//! What an action does where that takes the engine.

use yew::prelude::Context;

use super::{
    App, asked, building, entrust,
    jobs::Job,
    live, message,
    state::{Action, Phase, State},
};
use mail_triage_browser::words;
use mail_triage_engine::{
    dns::Query, driver::Driver, knowledge::Provider, report_text, route::View, target::Target,
};

/// Takes an action; `false` if nothing is to be drawn.
pub fn act(app: &mut App, ctx: &Context<App>, action: Action) -> bool {
    match action {
        Action::CheckPaste => {
            if let Some(messages) = app.state.messages {
                (messages.check)(app, ctx);
            }
        }
        Action::Write(write) => message::write(app, ctx, &write),
        Action::Changed if app.run.as_ref().is_some_and(Driver::is_done) => show(app, ctx),
        Action::Changed => {
            app.draw_soon(ctx);
            return false;
        }
        Action::Show => show(app, ctx),
        Action::Choose(choose) => building::chosen(app, ctx, &choose),
        Action::Settled(ticket) => building::settled(app, ctx, ticket),
        Action::Weighed => building::weighed(app),
        Action::Fill => {
            live::fill(app);
            app.look(ctx);
        }
        Action::Stop => {
            if let Some(run) = &app.run {
                run.cancel();
            }
            live::show(app, ctx);
        }
        Action::Retry(queries) => retry(app, ctx, queries.as_deref()),
        Action::AskMyAddress => live::ask_my_address(app, ctx),
        Action::MyAddress => live::my_address(app),
        Action::LookUp(host) => live::look_up(app, ctx, host),
        Action::LookedUp => live::looked_up(app),
        Action::UseKey(name) => entrust::use_key(app, ctx, &name),
        Action::Entrust(yes) => entrust::answered(app, ctx, yes),
        Action::UsePolicy => {
            if let Some(id) = live::use_policy(app, ctx) {
                app.job(ctx, Job::Reveal(id));
            }
        }
        Action::CopyReport => {
            if let Some(report) = &app.state.report {
                let text = report_text::text(report, app.state.words.catalog(), words::plural);
                app.job(ctx, Job::Copy(text));
            }
            return false;
        }
        _ => return false,
    }
    true
}

fn show(app: &mut App, ctx: &Context<App>) {
    live::show(app, ctx);
    building::built_upon(app, ctx);
}

/// Starts what the address asks for.
pub fn begin(app: &mut App, ctx: &Context<App>) {
    match app.state.route.view.clone() {
        // An error was pasted that names no sender: the run is about the recipient's domain alone.
        View::Home => live::live(app, ctx, Target::default()),
        View::Check(check) => asked::check(app, ctx, &check),
        View::Build(what) => building::build(app, ctx, &what),
        View::Example(id) => live::recorded(app, ctx, &id),
    }
}

/// Asks again what could not be found out.
fn retry(app: &mut App, ctx: &Context<App>, queries: Option<&[Query]>) {
    if matches!(app.state.route.view, View::Build(_)) {
        return building::retry(app, ctx, queries);
    }
    match &app.run {
        Some(run) if !run.is_cancelled() => {
            app.state.phase = Phase::Running;
            run.retry(queries);
        }
        // It was stopped: what it has learnt is kept, the rest is asked.
        _ => app.pressed(ctx),
    }
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
