//! The page on which a record is put together: what stands there now is looked up. All else is the panel's.

use std::rc::Rc;

use super::{
    App, entrust,
    live::{self, Begun},
    state::Build,
};
use crate::{
    components::{self, builder::Base},
    machine::{About, Order, Phase},
    panels::builder::Builder as Record,
};
use mail_triage_browser::{
    data,
    transport::{LookupOptions, Lookups},
};
use mail_triage_engine::{
    dns::Name,
    facts::Facts,
    route::{BuildKind, Building},
    session::Session,
};

/// Puts this record together, from the beginning where it is another one than before or `fresh`.
pub fn build(app: &mut App, building: Option<(Building, Name)>, fresh: bool) {
    // What the user has said of the domain meanwhile counts.
    let before = app.state.build.take().map(|build| Build { base: None, ..build });
    let Some((Building { kind, slim, .. }, domain)) = building else { return };
    let number = before.as_ref().map_or(0, |build| build.building.number);
    let same = |build: &Build| {
        let before = &build.building;
        (before.kind, before.slim) == (kind, slim) && before.domain == domain
    };
    app.state.build = before.filter(|build| !fresh && same(build)).or_else(|| {
        let building = components::builder::Building { kind, domain, slim, number: number + 1 };
        Some(Build { building, base: None })
    });
}

/// The run that finds out what stands there now.
pub fn lookups(app: &mut App, order: &Order, kind: BuildKind) -> Option<Begun> {
    let knowledge = live::knowledge(app)?;
    let About { target, resolver } = &order.about;
    let endpoints = data::endpoints(&knowledge.resolvers, resolver.as_deref());
    let keys = entrust::keys(&app.state);
    let needed = |check: &str| Record::needs(kind, check);
    let session = Session::only(needed, target.clone(), knowledge, keys.clone(), Facts::default());
    let options = LookupOptions { fresh: order.fresh, ..LookupOptions::default() };
    let lookups = Lookups::new(&app.transport, endpoints, keys, options);
    let source = Box::new(lookups.clone());
    Some(Begun { session, source, lookups: Some(lookups), header: None, recorded: None })
}

/// Once everything is in, it is known what stands there now.
pub fn built_upon(app: &mut App) {
    let Some(run) = app.run.as_ref().filter(|_| app.state.machine.phase() == Phase::Done) else { return };
    let session = run.session();
    let base = || Rc::new(Base { target: session.target().clone(), facts: session.facts().clone() });
    if let Some(build) = app.state.build.as_mut().filter(|build| build.base.is_none()) {
        build.base = Some(base());
    }
}
