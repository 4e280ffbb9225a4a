//! What is done with a result: what stands beside it once a check has come to its end, and what of it is copied, shared or kept.
//!
//! Functions of the [`App`] that are reached through [`Results`](super::program::Results) alone.

use std::rc::Rc;

use yew::prelude::Context;

use super::{
    App, entrust,
    jobs::Job,
    live, past, seen,
    state::{Action, State},
};
use crate::{
    components::{
        parts::summary,
        what_if::{Beyond, Learnt},
    },
    machine::{Event, Kind, Outcome, Since},
};
use mail_triage_browser::{
    log::{RequestResult, RequestSubject as Asks},
    transport::Lookups,
    words,
};
use mail_triage_engine::{
    driver::Driver,
    facts::Facts,
    outlook::Outlook,
    picture::Pictures,
    reading::{Reading, Written},
    report::{Report, changes::compare},
    retry,
};

/// Takes an action that is about a result; nothing is to be drawn for it.
pub fn act(app: &mut App, ctx: &Context<App>, action: Action) -> bool {
    match action {
        Action::CopyReport => {
            if let Some(text) = everything(&app.state) {
                app.job(ctx, Job::Copy(text));
            }
        }
        Action::ShareSeen => seen::copy(app, ctx),
        Action::Send => seen::send(app, ctx),
        Action::Keep(run) => {
            if let Some((report, unix, octets)) = past::of_run(app, run) {
                ctx.link().send_future(past::add(report, unix, octets));
            }
        }
        _ => {}
    }
    false
}

/// What is shown of the run of this number beside its report; and it is kept for later visits.
pub fn filled(app: &mut App, ctx: &Context<App>, run: u32) -> Option<Event> {
    let event = outcome(app, run);
    if event.is_some() {
        ctx.link().send_future(past::soon(run));
    }
    event
}

/// The report as whoever runs a mail server reads it.
fn everything(state: &State) -> Option<String> {
    let written = Written {
        report: state.machine.check.report()?,
        knowledge: state.knowledge.as_ref()?,
        catalog: state.words.catalog(),
        plural: words::plural,
        kept_at: state.kept_at.as_deref(),
        seen: &summary::when_and_where(state),
    };
    Some(written.read_by(Reading::Postmaster).to_text())
}

/// What is shown of the run of this number beside its report, if it has come to its end.
fn outcome(app: &mut App, number: u32) -> Option<Event> {
    let run = app.run.as_ref().filter(|run| app.is_run(number) && (run.is_done() || run.is_cancelled()))?;
    let report = app.state.machine.check.report()?;
    let requests = app.lookups.as_ref().map(Lookups::requests).unwrap_or_default();
    let tries = requests.iter().filter(|request| matches!(request.what, Asks::Records(_)));
    let tries = tries.filter(|request| request.result != RequestResult::Cancelled);
    let stand_ins = retry::stand_ins(tries.map(|request| (request.whom.as_str(), request.failure())))
        .map(|(silent, others)| (owned(silent), owned(others)));
    let asks_for_keys = entrust::question(&app.state, report, &requests);
    let since = app.before.as_ref().map(|(unix, before)| Since {
        unix: *unix,
        before: before.clone(),
        changes: compare(before, report),
    });
    app.state.learnt = Some(Rc::new(learnt(app, run, report)).into());
    let outcome = Rc::new(Outcome { pictures: Pictures::of(&run.session().cx()), stand_ins, since });
    app.show_log();
    Some(Event::Filled { run: number, outcome, asks_for_keys })
}

/// What the run has learnt, for whoever tries something else.
fn learnt(app: &App, run: &Driver, report: &Rc<Report>) -> Learnt {
    let session = run.session();
    let blocklists = &session.cx().knowledge.blocklists;
    let lists = session.facts().records().map(|(query, _)| query);
    let lists = lists.filter(|query| blocklists.holds(&query.name)).cloned().collect();
    let beyond: Option<Beyond> = match app.order.as_ref().map(|order| &order.kind) {
        Some(Kind::Example(id)) => {
            live::example_zone(app, id).map(|zone| -> Beyond { Rc::new(move || Box::new(zone.clone())) })
        }
        Some(Kind::Seen) | None => Some(Rc::new(|| Box::new(Facts::default()))),
        Some(Kind::Live | Kind::Build(_)) => None,
    };
    Learnt {
        target: session.target().clone(),
        facts: session.facts().clone(),
        lists,
        report: report.clone(),
        outlook: Outlook::of(&session.cx()),
        beyond,
    }
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}
