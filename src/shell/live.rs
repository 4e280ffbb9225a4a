//! A check under way: from a target to a run, and from the run to what is shown.
//!
//! Functions of the [`App`] that need the engine, reached through [`Program`](super::program::Program) alone.

use std::rc::Rc;

use yew::prelude::Context;

use super::{
    App, KEY, acts, asked, building, entrust,
    state::{Action, Paste},
};
use crate::{
    components::parts,
    machine::{About, Content, End, Event, FromMessage, Kind, Order, Outcome, Piece, RECORDED, Since},
    panels::keys::secrets,
};
use mail_triage_browser::{
    charset, clock, data,
    doh::Endpoint,
    log::{RequestResult, RequestSubject as Asks},
    storage,
    transport::{LookupOptions, Lookups},
    words::FINDINGS,
};
use mail_triage_engine::{
    bounce::{self, Reader},
    cx::Cx,
    dns::OwnAddress,
    driver::Driver,
    facts::{Ask, Fact, Facts, Question, UnpackError},
    headers,
    knowledge::{
        Blocklists, Knowledge, Read, SmtpCodes,
        files::{SMTP_CODES, SMTP_WORDS},
    },
    picture::Pictures,
    report::{Report, changes::compare},
    retry,
    route::CheckRequest,
    session::Session,
    snapshot::Snapshot,
    source::Source,
    target::{ListKeys, Target},
    view::{
        listings::{is_control, is_of_list},
        transport_security::policy_file,
    },
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
            Some(Err(UnpackError::Version(_))) => return cannot_read("ui.error.seen.version"),
            _ => return cannot_read("ui.error.seen"),
        },
        Kind::Build(kind) => building::lookups(app, &order, *kind),
    };
    let Some(Begun { session, source, lookups, header, recorded }) = begun else {
        // It cannot be read, so it was not had.
        return vec![Event::Arrived(Piece::File(RECORDED), None)];
    };
    app.before = before(app, session.target());
    (app.lookups, app.header, app.frame) = (lookups, header, None);
    app.started = clock::now();
    app.state.picked = None;
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
    Some((app.unix.filter(|_| same)?, Rc::new(session.report())))
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
    pub header: Option<Rc<headers::HeaderReading>>,
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
    facts.retain(|query, outcome| {
        let first = endpoints.first().is_some_and(|first| first.id == outcome.meta().resolver);
        first || !is_of_list(&knowledge, query)
    });
    if !is_same_domain(app, target) {
        app.state.chosen_provider = None;
        app.state.kept_at = None;
    }
    keep_policy(app, target, &mut facts);
    let keys = entrust::keys(&app.state);
    let mut session = Session::with_facts(target.clone(), knowledge, keys.clone(), facts);
    let header = header_of_paste(app).map(Rc::new);
    if let Some(header) = header.clone() {
        session = session.also(move |cx| headers::compare(&cx.first(), &header).map(drop));
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
    let lines: Vec<String> = Read::read(example.field("zone"));
    let (zone, what) = (Zone::parse(&lines.join("\n")).ok()?, String::read(example.field("what")));
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

/// Lists and providers, put together when all files are there, and the words for them.
pub fn knowledge(app: &mut App) -> Option<Rc<Knowledge>> {
    if !app.state.words.has_part(FINDINGS) {
        return None;
    }
    if app.state.knowledge.is_none() {
        let knowledge = Knowledge::from_files(|place| app.file(place))?;
        keys_of_lists(app, &knowledge.blocklists);
        app.state.knowledge = Some(Rc::new(knowledge));
    }
    app.state.knowledge.clone()
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
        && let (Some(domain), Some(file)) =
            (&target.domain, app.run.as_ref().and_then(|run| policy_file(&run.session().cx())))
    {
        facts.learn(Question::Policy(domain.clone()), Fact::Policy(file));
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
        facts.retain(|query, _| is_control(knowledge, query));
        facts.forget_policies();
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
    let known = app.my_address.as_ref()?.session().facts().own_address().copied()?;
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

/// What is known by now in the run at hand.
pub fn told(app: &mut App) -> Option<Event> {
    app.frame = None;
    let (Some(run), Some(order)) = (&app.run, &app.order) else { return None };
    let session = run.session();
    let report = Rc::new(session.report());
    app.state.asked = app.transport.log().made();
    if app.state.machine.beside.message.asked.is_some()
        && let Some(paste) = &mut app.state.paste
    {
        let compare = |header| headers::compare_known(&session.cx().first(), header);
        paste.comparison = app.header.as_deref().map(compare);
    }
    app.state.policy = policy_file(&session.cx());
    let end = match (run.is_cancelled(), run.is_done()) {
        (true, _) => Some(End::Stopped),
        (_, true) => Some(End::Done),
        _ => None,
    };
    let patient = clock::now() - app.started > PATIENCE;
    Some(Event::Told { run: order.run, report, end, patient })
}

/// What is shown of the run of this number beside its report, if it has come to its end.
pub fn filled(app: &mut App, number: u32) -> Option<Event> {
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
    let outcome = Rc::new(Outcome { pictures: Pictures::of(&run.session().cx()), stand_ins, since });
    app.show_log();
    Some(Event::Filled { run: number, outcome, asks_for_keys })
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

/// Reads what was pasted. While a file is missing, it says which files of wordings the text takes.
#[inline(never)]
pub fn read_paste(app: &mut App) -> Result<(), Vec<&'static str>> {
    let message = app.state.paste.as_ref().and_then(|paste| paste.message.as_ref());
    let Some(message) = message else { return Err(Vec::new()) };
    let wordings = bounce::wordings(message.octets(), &charset::decode);
    let Some(knowledge) = knowledge(app) else { return Err(wordings) };
    if app.reader.as_ref().is_none_or(|(read, _)| *read != wordings) {
        let files = [SMTP_CODES, SMTP_WORDS].iter().chain(&wordings);
        let files: Option<Vec<SmtpCodes>> = files.map(|name| app.file(name).map(SmtpCodes::read)).collect();
        let Some(all) = files.and_then(|files| files.into_iter().reduce(SmtpCodes::with)) else {
            return Err(wordings);
        };
        app.reader = Some((wordings, Reader::new(all)));
    }
    let (Some((_, reader)), Some(paste)) = (&app.reader, &mut app.state.paste) else {
        return Err(Vec::new());
    };
    let Some(message) = &paste.message else { return Err(Vec::new()) };
    paste.reading = Some(Rc::new(reader.read(message.octets(), &charset::decode, &knowledge.blocklists)));
    paste.removed.clear();
    paste.comparison = None;
    (paste.waits, paste.open) = (false, false);
    Ok(())
}

/// The header whose findings are to be compared, if the check is the one that was started from what was pasted.
fn header_of_paste(app: &App) -> Option<headers::HeaderReading> {
    let paste = app.state.paste.as_ref().filter(|_| app.state.machine.is_from_message())?;
    paste.reading.as_ref()?.header_without(&paste.removed)
}

/// Starts the check of what was pasted.
pub fn check_paste(app: &mut App, ctx: &Context<App>) {
    let Some(paste) = &app.state.paste else { return };
    let Some(reading) = &paste.reading else { return };
    let recipient = bounce::proposal(&reading.facts, &paste.removed).recipient;
    let asked = asked_of_paste(paste);
    app.step(ctx, Event::FromMessage(FromMessage { asked, recipient }));
}

/// Whether there is something to check.
pub fn can_check(paste: &Paste) -> bool {
    let recipient =
        |reading: &Rc<bounce::BounceReading>| bounce::proposal(&reading.facts, &paste.removed).recipient;
    asked_of_paste(paste).is_some() || paste.reading.as_ref().and_then(recipient).is_some()
}

/// The check that the facts of a pasted text ask for; none if they name neither a domain nor an address.
#[inline(never)]
pub fn asked_of_paste(paste: &Paste) -> Option<CheckRequest> {
    let reading = paste.reading.as_ref()?;
    let target = bounce::proposal(&reading.facts, &paste.removed);
    let what = match (&target.domain, target.ips.first()) {
        (Some(domain), _) => domain.to_string(),
        (None, Some(ip)) => ip.to_string(),
        (None, None) => return None,
    };
    Some(CheckRequest {
        what,
        ips: target.ips,
        selectors: target.selectors,
        helo: target.helo,
        ..CheckRequest::default()
    })
}
