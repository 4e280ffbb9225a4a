//! How a record is put together: what stands there now is looked up, and each new record is checked over the same
//! facts with itself in place of the old one.

use yew::prelude::Context;

use super::{
    App, acts,
    builder::{Builder, Choose, Stage},
    entrust,
    jobs::Job,
    live::{self, Begun},
    state::Action,
};
use crate::machine::{About, Event, Order, Phase};
use mail_triage_browser::{
    data,
    transport::{LookupOptions, Lookups},
};
use mail_triage_engine::{
    around::ChangeContext,
    check::{Code, dmarc_place},
    dns::{Name, Query},
    driver::Driver,
    facts::Facts,
    overlay::facts_with_fix,
    route::{BuildKind, Building},
    session::Session,
    view::{dmarc::lacks, mail_use::names_sender},
};

/// Puts this record together, from the beginning where it is another one than before or `fresh`.
pub fn build(app: &mut App, building: Option<(Building, Name)>, fresh: bool) {
    let Some((Building { kind, slim, .. }, domain)) = building else {
        app.state.builder = None;
        return;
    };
    let same = |builder: &Builder| (builder.kind, builder.slim) == (kind, slim) && builder.domain == domain;
    if fresh || !app.state.builder.as_ref().is_some_and(same) {
        app.state.builder = Some(Builder::new(kind, domain, slim));
        app.what_if = None;
    }
}

/// The run that finds out what stands there now.
pub fn lookups(app: &mut App, order: &Order, kind: BuildKind) -> Option<Begun> {
    let knowledge = live::knowledge(app)?;
    let About { target, resolver } = &order.about;
    let endpoints = data::endpoints(&knowledge.resolvers, resolver.as_deref());
    let keys = entrust::keys(&app.state);
    let needed = |check: &str| Builder::needs(kind, check);
    let session = Session::only(needed, target.clone(), knowledge, keys.clone(), Facts::default());
    let options = LookupOptions { fresh: order.fresh, ..LookupOptions::default() };
    let lookups = Lookups::new(&app.transport, endpoints, keys, options);
    let source = Box::new(lookups.clone());
    Some(Begun { session, source, lookups: Some(lookups), header: None, example: None })
}

/// Goes on: what stands there now may be known, and who sends may have been said meanwhile.
pub fn build_on(app: &mut App, ctx: &Context<App>) {
    let names_sender = app.order.as_ref().is_some_and(|order| names_sender(&order.about.target));
    if names_sender && app.state.builder.as_mut().is_some_and(Builder::sends_after_all) {
        weigh(app, ctx);
    }
    acts::show(app, ctx);
}

/// Once what stands there now is known, the choices can begin.
#[inline(never)]
pub fn built_upon(app: &mut App, ctx: &Context<App>) {
    let Some(run) = app.run.as_ref().filter(|_| app.state.phase() == Phase::Done) else { return };
    let session = run.session();
    let report = session.report();
    let too_many = report.findings().find(|(_, finding)| finding.code == Code::Spf090);
    let slim = too_many.and_then(|(_, finding)| finding.fix.clone());
    let mailbox = app.state.provider().cloned();
    let Some(builder) = app.state.builder.as_mut().filter(|builder| builder.stage != Stage::Ready) else {
        return;
    };
    let cx = session.cx();
    builder.begin(&cx, &report, mailbox.as_ref());
    if let Some(slim) = slim.filter(|_| builder.slim) {
        builder.give_up(&slim);
    }
    builder.place = dmarc_place(&cx).filter(|_| builder.kind == BuildKind::Dmarc);
    let ready = builder.stage == Stage::Ready;
    drop(cx);
    drop(session);
    if ready {
        weigh(app, ctx);
    }
}

/// The user chose or typed something.
#[inline(never)]
pub fn chosen(app: &mut App, ctx: &Context<App>, choose: &Choose) {
    let (Some(builder), Some(knowledge)) = (&mut app.state.builder, &app.state.knowledge) else {
        return;
    };
    if builder.take(choose, &knowledge.providers) {
        builder.checking = true;
        builder.ticket += 1;
        let ticket = builder.ticket;
        app.job(ctx, Job::Settle(ticket));
    }
}

/// The record stayed as it is for a moment.
#[inline(never)]
pub fn settled(app: &mut App, ctx: &Context<App>, ticket: u32) {
    if app.state.builder.as_ref().is_some_and(|builder| builder.ticket == ticket) {
        weigh(app, ctx);
    }
}

/// Everything that is known, the answers to what earlier choices led to included. What stands there now is not
/// replaced by what might.
fn known(app: &App) -> Facts {
    let answered = |run: &Driver| run.session().facts().without_failures();
    let mut facts = app.run.as_ref().map(answered).unwrap_or_default();
    let Some(what_if) = &app.what_if else { return facts };
    for (query, outcome) in answered(what_if).iter() {
        if facts.get(query).is_none() {
            facts.insert(query.clone(), outcome.clone());
        }
    }
    facts
}

/// Checks the record as if it were published.
fn weigh(app: &mut App, ctx: &Context<App>) {
    let about = app.order.as_ref().map(|order| order.about.clone());
    let (Some(knowledge), Some(About { target, resolver })) = (app.state.knowledge.clone(), about) else {
        return;
    };
    let facts = known(app);
    let Some(builder) = app.state.builder.as_mut().filter(|builder| builder.stage == Stage::Ready) else {
        return;
    };
    builder.checking = true;
    let kind = builder.kind;
    let facts = facts_with_fix(&facts, &builder.fix());
    let endpoints = data::endpoints(&knowledge.resolvers, resolver.as_deref());
    let keys = entrust::keys(&app.state);
    let judges = |check: &str| Builder::judges(kind, check);
    let session = Session::only(judges, target, knowledge, keys.clone(), facts);
    let changed = ctx.link().callback(|()| Action::Weighed);
    app.what_if = None;
    let lookups = Lookups::new(&app.transport, endpoints, keys, LookupOptions::default());
    app.what_if = Some(Driver::start(session, Box::new(lookups), Box::new(move |_| changed.emit(()))));
    weighed(app);
}

/// An answer about the new record came in.
#[inline(never)]
pub fn weighed(app: &mut App) {
    let Some(run) = &app.what_if else { return };
    let session = run.session();
    let (done, mut report, lack) = (run.is_done(), session.report(), lacks(&session.cx()));
    drop(session);
    // Whoever puts a record together changes the answers, not the result.
    for finding in report.checks.iter_mut().flat_map(|check| &mut check.findings) {
        finding.fix = None;
    }
    let facts = known(app);
    let Some(builder) = &mut app.state.builder else { return };
    // While a later choice settles, this is about an earlier one.
    builder.around = ChangeContext::of(&facts, &builder.fix());
    if done {
        builder.checking = false;
        builder.report = Some(report);
        builder.lack = lack;
        app.show_log();
    }
}

/// Asks again what the builder could not find out.
pub fn retry(app: &mut App, queries: Option<&[Query]>) -> Option<Event> {
    match (&app.what_if, &mut app.state.builder) {
        (Some(run), Some(builder)) if builder.stage == Stage::Ready => {
            builder.checking = true;
            run.retry(queries);
            weighed(app);
            None
        }
        _ => Some(Event::Again { fresh: true }),
    }
}
