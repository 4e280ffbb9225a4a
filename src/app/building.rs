//! The page on which a record is put together: what stands there now is looked up. All else is the panel's.

use std::rc::Rc;

use yew::prelude::Context;

use super::{
    App, asked, entrust, live,
    state::{Build, Phase, Sentence},
};
use crate::{
    components::{self, builder::Base},
    panels::builder::Builder as Record,
};
use mail_triage_browser::{
    address, data,
    transport::{LookupOptions, Lookups},
};
use mail_triage_engine::{
    dns::Name,
    facts::Facts,
    route::{Building, CheckRequest, View},
    session::Session,
    target::Target,
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
            app.state.build = None;
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
    let same = |build: &Build| {
        let before = &build.building;
        (before.kind, before.slim) == (building.kind, building.slim) && before.domain == domain
    };
    // What the user has said of the domain meanwhile counts.
    let before = app.state.build.take().map(|build| Build { base: None, ..build });
    let number = before.as_ref().map_or(0, |build| build.building.number);
    app.state.build = before.filter(|build| !fresh && same(build)).or_else(|| {
        let (kind, slim) = (building.kind, building.slim);
        let building =
            components::builder::Building { kind, domain: domain.clone(), slim, number: number + 1 };
        Some(Build { building, base: None })
    });
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
        let needed = |check: &str| Record::needs(kind, check);
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
    built_upon(app);
}

fn is_about(target: &Target, domain: &Name) -> bool {
    target.domain.as_ref() == Some(domain)
}

fn cannot_build(app: &mut App, key: &str) {
    app.state.build = None;
    app.state.error = Some(Sentence::plain(key));
    app.idle();
}

/// Once everything is in, it is known what stands there now.
pub fn built_upon(app: &mut App) {
    let Some(run) = app.run.as_ref().filter(|_| app.state.phase == Phase::Done) else { return };
    let session = run.session();
    let base = || Rc::new(Base { target: session.target().clone(), facts: session.facts().clone() });
    if let Some(build) = app.state.build.as_mut().filter(|build| build.base.is_none()) {
        build.base = Some(base());
    }
}
