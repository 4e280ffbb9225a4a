//! A check under way: from a target to a run, and from the run to what is shown.
//!
//! Functions of the [`App`] that need the engine, reached through [`Program`](super::program::Program) alone.

use std::rc::Rc;

use yew::prelude::Context;

use super::{App, KEY, acts, asked, building, entrust, state::Action};
use crate::{
    components::parts,
    machine::{About, Content, End, Event, Kind, Order, Piece, RECORDED},
    panels::keys::secrets,
};
use mail_triage_browser::{
    clock, data,
    doh::Endpoint,
    dom, storage,
    transport::{LookupOptions, Lookups},
    words::FINDINGS,
};
use mail_triage_engine::{
    cx::Cx,
    dns::OwnAddress,
    driver::Driver,
    facts::{Ask, Fact, Facts, Question, UnpackError},
    headers::HeaderReading,
    knowledge::{Blocklists, Knowledge, Read, Value},
    report::Report,
    route::CheckRequest,
    session::Session,
    snapshot::{self, Snapshot},
    source::Source,
    target::{ListKeys, Target},
    view::listings::{is_control, is_of_list},
    zone::Zone,
};

/// When the steps are filled although answers are still awaited, in milliseconds after the start. Until then the time goes
/// to the lookups.
const PATIENCE: f64 = 1_500.0;

/// Begins a run in place of the one before, which ends.
pub fn start(app: &mut App, ctx: &Context<App>, order: Order) -> Vec<Event> {
    let begun = match &order.kind {
        Kind::Live => live(app, &order),
        Kind::Example(id) => recorded(app, id),
        Kind::Seen => match app.seen.as_deref().map(Snapshot::unpack) {
            Some(Ok(snapshot)) => seen(app, snapshot),
            Some(Err(UnpackError::Version(version))) if version > snapshot::VERSION => {
                return cannot_read("ui.error.seen.version");
            }
            _ => return cannot_read("ui.error.seen"),
        },
        Kind::Build(kind) => building::lookups(app, &order, *kind),
    };
    let Some(Begun { session, source, lookups, header, recorded }) = begun else {
        // It cannot be read, so it was not had.
        return vec![Event::Arrived(Piece::File(RECORDED), None)];
    };
    // What was watched is checked as a whole now.
    app.state.wants_watch = false;
    if app.memory.watch.take().is_some() {
        dom::set_title(&app.title);
    }
    app.before = before(app, session.target());
    (app.lookups, app.header, app.frame) = (lookups, header, None);
    app.started = clock::now();
    (app.state.picked, app.state.learnt) = (None, None);
    let (unix, example) = match recorded {
        Some(Recorded { asked, unix }) => (unix, Some(asked)),
        None => (Some(clock::unix()), None),
    };
    let run = order.run;
    (app.order, app.unix) = (Some(order), unix);
    let changed = ctx.link().callback(|()| Action::Changed);
    app.run = Some(Driver::start(session, source, Box::new(move |_| changed.emit(()))));
    std::iter::once(Event::Began { run, unix, example }).chain(told(app)).collect()
}

/// What the run at hand has found, if it is about the same as the next one, which `target` is; an example is not.
fn before(app: &App, target: &Target) -> Option<(i64, Rc<Report>)> {
    let session = app.run.as_ref().filter(|run| run.is_done())?.session();
    let about = |target: &Target| (target.domain.clone(), target.ips.clone(), target.selectors.clone());
    let same = about(session.target()) == about(target);
    Some((app.unix.filter(|_| same)?, Rc::new((app.state.results?.report)(&session))))
}

/// What a run begins with.
pub struct Begun {
    /// What is asked.
    pub session: Session,
    /// Where the answers come from.
    pub source: Box<dyn Source>,
    /// The requests it makes; none for an example.
    pub lookups: Option<Lookups>,
    /// The header that is compared with what it learns.
    pub header: Option<Rc<HeaderReading>>,
    /// What it is about, if that is recorded.
    pub recorded: Option<Recorded>,
}

/// What is recorded with answers.
pub struct Recorded {
    /// What was asked about.
    pub asked: CheckRequest,
    /// When, in seconds since 1970; none for an example.
    pub unix: Option<i64>,
}

fn cannot_read(why: &'static str) -> Vec<Event> {
    vec![Event::Arrived(Piece::Seen, Some(Content::Unreadable(why)))]
}

/// A live check.
fn live(app: &mut App, order: &Order) -> Option<Begun> {
    let knowledge = knowledge(app)?;
    let About { target, resolver } = &order.about;
    let endpoints = data::endpoints(&knowledge.resolvers, resolver.as_deref());
    let mut facts = if order.fresh { Facts::default() } else { kept(app, &knowledge, &order.about) };
    // Where a resolver had to stand in for another, what lists said through it fits nothing that is asked now.
    facts.retain(|question, fact| match (question, fact) {
        (Question::Records(query), Fact::Records(outcome)) => {
            let first = endpoints.first().is_some_and(|first| first.id == outcome.meta().resolver);
            first || !is_of_list(&knowledge, query)
        }
        _ => true,
    });
    if !is_same_domain(app, target) {
        app.state.chosen_provider = None;
        app.state.kept_at = None;
    }
    keep_policy(app, target, &mut facts);
    let keys = entrust::keys(&app.state);
    let mut session = Session::with_facts(target.clone(), knowledge, keys.clone(), facts);
    let messages = app.state.messages;
    let header = messages.and_then(|messages| (messages.header)(app)).map(Rc::new);
    if let (Some(messages), Some(header)) = (messages, header.clone()) {
        session = session.also(move |cx| (messages.ask)(cx, &header));
    }
    let options = LookupOptions { fresh: order.fresh, reads_policy: true };
    let lookups = Lookups::new(&app.transport, endpoints, keys, options);
    let source = Box::new(lookups.clone());
    Some(Begun { session, source, lookups: Some(lookups), header, recorded: None })
}

/// An example from records that came with the page.
fn recorded(app: &mut App, id: &str) -> Option<Begun> {
    let knowledge = knowledge(app)?;
    let example = app.file(RECORDED)?.field(id);
    let (zone, what) = (zone_of(example)?, String::read(example.field("what")));
    let ips = Vec::<String>::read(example.field("ips")).iter().filter_map(|ip| ip.parse().ok()).collect();
    let selectors = Read::read(example.field("selectors"));
    let asked = CheckRequest { what, ips, selectors, ..CheckRequest::default() };
    let (target, _) = asked::target(&asked).ok()?;
    app.state.chosen_provider = None;
    app.state.kept_at = None;
    app.forget_policy();
    let session = Session::new(target, knowledge, ListKeys::default());
    let recorded = Some(Recorded { asked, unix: None });
    Some(Begun { session, source: Box::new(zone), lookups: None, header: None, recorded })
}

/// The records of an example.
fn zone_of(example: &Value) -> Option<Zone> {
    let lines: Vec<String> = Read::read(example.field("zone"));
    Zone::parse(&lines.join("\n")).ok()
}

pub fn example_zone(app: &App, id: &str) -> Option<Zone> {
    zone_of(app.file(RECORDED)?.field(id))
}

/// What an earlier check saw.
fn seen(app: &mut App, snapshot: Snapshot) -> Option<Begun> {
    let knowledge = knowledge(app)?;
    let recorded = Some(Recorded { asked: snapshot.request(), unix: i64::try_from(snapshot.unix).ok() });
    app.state.chosen_provider = None;
    app.state.kept_at = None;
    app.forget_policy();
    let session = Session::new(snapshot.target, knowledge, ListKeys::default());
    Some(Begun { session, source: Box::new(snapshot.facts), lookups: None, header: None, recorded })
}

/// Whether the run before was about the same domain. An example is about nobody's.
fn is_same_domain(app: &App, target: &Target) -> bool {
    let before = app.order.as_ref().filter(|before| !before.kind.is_recorded());
    before.is_some_and(|before| before.about.target.domain == target.domain)
}

/// Lists and providers, put together when all files are there. They are shown once there are words for them.
pub fn knowledge(app: &mut App) -> Option<Rc<Knowledge>> {
    if app.knowledge.is_none() {
        let knowledge = Knowledge::from_files(|place| app.file(place))?;
        keys_of_lists(app, &knowledge.blocklists);
        app.knowledge = Some(Rc::new(knowledge));
    }
    if app.state.words.has_part(FINDINGS) {
        app.state.knowledge.clone_from(&app.knowledge);
    }
    app.knowledge.clone()
}

/// Keys that the user has left in this browser.
fn keys_of_lists(app: &mut App, blocklists: &Blocklists) {
    for name in secrets(blocklists) {
        let stored = storage::stored(&format!("{KEY}{name}")).unwrap_or_default();
        if let Some(key) = blocklists.key_in(&name, &stored) {
            app.state.keys.set(&name, key);
        }
    }
}

/// Takes over what the user pasted as the MTA-STS policy, until another domain is asked about.
fn keep_policy(app: &mut App, target: &Target, facts: &mut Facts) {
    if !is_same_domain(app, target) {
        app.forget_policy();
    } else if app.state.policy_used
        && let (Some(domain), Some(run)) = (&target.domain, &app.run)
        && let Ok(file) = run.session().facts().ask_policy(domain)
    {
        facts.learn(Question::Policy(domain.clone()), Fact::Policy(file.clone()));
    }
}

/// Compares what was pasted; nothing takes it back. Gives the element id of what came of it.
pub fn use_policy(app: &mut App, ctx: &Context<App>, text: Option<String>) -> Option<String> {
    app.state.policy_used = text.is_some();
    app.run.as_ref()?.change(|session| session.paste_policy(text));
    acts::show(app, ctx);
    app.state.machine.check.report().and_then(|report| parts::policy::result(report))
}

/// What the run before has learnt and this one may use: all, for the same domain through the same resolver; for
/// another one the control entries of the blocklists.
fn kept(app: &App, knowledge: &Knowledge, about: &About) -> Facts {
    let (Some(run), Some(before)) = (&app.run, &app.order) else { return Facts::default() };
    let session = run.session();
    // Where the resolver was not to be believed, the next run has to find that out for itself. An example asks nobody.
    if before.kind.is_recorded() || before.about.resolver != about.resolver || session.has_distrusted() {
        return Facts::default();
    }
    let mut facts = session.facts().without_failures();
    if before.about.target.domain != about.target.domain {
        facts.retain(
            |question, _| matches!(question, Question::Records(query) if is_control(knowledge, query)),
        );
    }
    facts
}

/// Asks for the user's own address.
pub fn ask_my_address(app: &mut App, ctx: &Context<App>) -> Option<Event> {
    let endpoints = data::knows_own_address(&app.state.machine.resolver.list);
    let ask = |cx: &Cx<'_>| cx.ask_own_address().map(drop);
    app.my_address = None;
    app.my_address = Some(beside(app, ctx, endpoints, Session::asking(ask), Action::MyAddress));
    my_address(app)
}

/// What came of it, once that is known.
pub fn my_address(app: &mut App) -> Option<Event> {
    let known = app.my_address.as_ref()?.session().facts().ask_own_address().ok().copied()?;
    app.my_address = None;
    app.show_log();
    Some(Event::Connection(match known {
        OwnAddress::Known(ip) => Some(ip),
        OwnAddress::NotAsked | OwnAddress::Failed(_) => None,
    }))
}

/// Starts a run beside the checks, past the browser's cache; `told` is sent when something has come of it.
fn beside(app: &App, ctx: &Context<App>, endpoints: Vec<Endpoint>, session: Session, told: Action) -> Driver {
    let how = LookupOptions { fresh: true, ..LookupOptions::default() };
    let lookups = Lookups::new(&app.transport, endpoints, ListKeys::default(), how);
    let told = ctx.link().callback(move |()| told.clone());
    Driver::start(session, Box::new(lookups), Box::new(move |_| told.emit(())))
}

/// What is known by now in the run at hand, once there are words for it, and what draws it.
pub fn told(app: &mut App) -> Option<Event> {
    app.frame = None;
    knowledge(app);
    let results = app.state.results.filter(|_| app.state.words.has_part(FINDINGS))?;
    let (Some(run), Some(order)) = (&app.run, &app.order) else { return None };
    let session = run.session();
    let report = Rc::new((results.report)(&session));
    app.state.asked = app.transport.log().made();
    if app.state.machine.beside.message.asked.is_some()
        && let Some(paste) = &mut app.state.paste
    {
        let compare = app.state.messages.map(|messages| messages.compare);
        paste.comparison =
            compare.zip(app.header.as_deref()).map(|(compare, header)| compare(&session, header));
    }
    let end = match (run.is_cancelled(), run.is_done()) {
        (true, _) => Some(End::Stopped),
        (_, true) => Some(End::Done),
        _ => None,
    };
    let patient = clock::now() - app.started > PATIENCE;
    Some(Event::Told { run: order.run, report, end, patient })
}
