//! How a record is put together: what stands there now is looked up, and each new record is checked over the same
//! facts with itself in place of the old one.

use yew::prelude::Context;

use super::{
    App, asked,
    builder::{Builder, Choose, Stage},
    entrust,
    jobs::Job,
    live,
    state::{Action, Phase, Sentence},
};
use mail_triage_browser::{
    address, data,
    transport::{LookupOptions, Lookups},
};
use mail_triage_engine::{
    around::ChangeContext,
    check::{Code, dmarc_place},
    dns::{Name, Query},
    driver::Driver,
    facts::Facts,
    overlay::facts_with_fix,
    route::{BuildKind, Building, CheckRequest, View},
    session::Session,
    target::Target,
    view::{dmarc::lacks, mail_use::names_sender},
};

/// Goes to the page on which a record is put together.
#[inline(never)]
pub fn build(app: &mut App, ctx: &Context<App>, building: &Building) {
    let Some(knowledge) = live::knowledge(app) else { return app.wait(ctx) };
    let asked = CheckRequest { what: building.what.clone(), ..CheckRequest::default() };
    let domain = match asked::target(&asked) {
        Ok((Target { domain: Some(domain), .. }, _)) => domain,
        Ok(_) => return cannot_build(app, "build.error.domain"),
        Err(sentence) => {
            app.state.builder = None;
            app.state.error = Some(sentence);
            return app.idle();
        }
    };
    if building.what.contains('@') {
        let what = domain.to_string();
        app.state.route.view = View::Build(Building { what: what.clone(), ..building.clone() });
        app.state.form.what = what;
        address::rewrite(&app.state.route.to_string());
    }
    if app.ask_for_resolver() {
        return app.idle();
    }
    let fresh = std::mem::take(&mut app.fresh);
    let same = |builder: &Builder| {
        (builder.kind, builder.slim) == (building.kind, building.slim) && builder.domain == domain
    };
    if fresh || !app.state.builder.as_ref().is_some_and(same) {
        app.state.builder = Some(Builder::new(building.kind, domain.clone(), building.slim));
        app.what_if = None;
    }
    let resolver = app.state.effective_resolver();
    let known = |(target, through): &(Target, _)| is_about(target, &domain) && *through == resolver;
    if fresh || app.run.is_none() || !app.running.as_ref().is_some_and(known) {
        if !app.may_begin(ctx) {
            return;
        }
        let endpoints = data::endpoints(&knowledge.resolvers, resolver.as_deref());
        let kind = building.kind;
        // What the user said of the domain before, such as the addresses that send, is in the record that is proposed.
        let said = app.running.as_ref().map(|(target, _)| target).filter(|target| is_about(target, &domain));
        let target = said.cloned().unwrap_or_else(|| Target::domain(domain));
        let keys = entrust::keys(&app.state);
        let needed = |check: &str| Builder::needs(kind, check);
        let session = Session::only(needed, target.clone(), knowledge, keys.clone(), Facts::default());
        app.end_run();
        let lookups = Lookups::new(
            &app.transport,
            endpoints,
            keys,
            LookupOptions { fresh, ..LookupOptions::default() },
        );
        app.lookups = Some(lookups.clone());
        live::start(app, ctx, session, Box::new(lookups));
        app.running = Some((target, resolver));
    } else {
        live::show(app, ctx);
    }
    let names_sender = app.running.as_ref().is_some_and(|(target, _)| names_sender(target));
    if names_sender && app.state.builder.as_mut().is_some_and(Builder::sends_after_all) {
        weigh(app, ctx);
    }
    built_upon(app, ctx);
}

fn is_about(target: &Target, domain: &Name) -> bool {
    target.domain.as_ref() == Some(domain)
}

fn cannot_build(app: &mut App, key: &str) {
    app.state.builder = None;
    app.state.error = Some(Sentence::plain(key));
    app.idle();
}

/// Once what stands there now is known, the choices can begin.
#[inline(never)]
pub fn built_upon(app: &mut App, ctx: &Context<App>) {
    let Some(run) = app.run.as_ref().filter(|_| app.state.phase == Phase::Done) else { return };
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
    let (Some(knowledge), Some((target, resolver))) = (app.state.knowledge.clone(), app.running.clone())
    else {
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
#[inline(never)]
pub fn retry(app: &mut App, ctx: &Context<App>, queries: Option<&[Query]>) {
    match (&app.what_if, &mut app.state.builder) {
        (Some(run), Some(builder)) if builder.stage == Stage::Ready => {
            builder.checking = true;
            run.retry(queries);
            weighed(app);
        }
        _ => {
            app.fresh = true;
            app.begin(ctx);
        }
    }
}
