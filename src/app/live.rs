//! A check under way: from a target to a run, and from the run to what is shown.
//!
//! Functions of the [`App`] that need the engine, called only when `App::has_program` says that it is there.

use std::rc::Rc;

use yew::prelude::Context;

use super::{
    App, KEY, asked, entrust,
    jobs::Job,
    parts,
    start::{RECORDED, SMTP_CODES, SMTP_WORDS},
    state::{Action, EXAMPLES, Form, MyAddress, Paste, Phase, Sentence},
    view::Look,
};
use mail_triage_browser::{
    address, charset, clock, data,
    doh::Endpoint,
    log::{RequestResult, RequestSubject as Asks},
    storage,
    transport::{LookupOptions, Lookups},
    words::{FINDINGS, args},
};
use mail_triage_engine::{
    bounce::{self, Reader},
    cx::Cx,
    dns::{Name, OwnAddress, Query, Rtype},
    driver::Driver,
    facts::{Ask, Fact, Facts, Question},
    headers,
    input::limits::InputField,
    knowledge::{Knowledge, Read, SmtpCodes},
    picture::Pictures,
    retry,
    route::{CheckRequest, Route, View},
    session::Session,
    settings::HostLookup,
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

/// Starts a live check, or waits for the files that it needs.
#[inline(never)]
pub fn live(app: &mut App, ctx: &Context<App>, mut target: Target) {
    let Some(knowledge) = knowledge(app) else {
        app.wait(ctx);
        return;
    };
    if !app.may_begin(ctx) {
        return;
    }
    target.recipient = app.state.asked_recipient().cloned();
    let fresh = std::mem::take(&mut app.fresh);
    let resolver = app.state.effective_resolver();
    let endpoints = data::endpoints(&knowledge.resolvers, resolver.as_deref());
    let mut facts = if fresh { Facts::default() } else { kept(app, &knowledge, &target, &resolver) };
    // Where a resolver had to stand in for another, what lists said through it fits nothing that is asked now.
    facts.retain(|query, outcome| {
        let first = endpoints.first().is_some_and(|first| first.id == outcome.meta().resolver);
        first || !is_of_list(&knowledge, query)
    });
    if app.running.as_ref().is_none_or(|(before, _)| before.domain != target.domain) {
        app.state.chosen_provider = None;
        app.state.kept_at = None;
    }
    keep_policy(app, &target, &mut facts);
    let keys = entrust::keys(&app.state);
    let mut session = Session::with_facts(target.clone(), knowledge, keys.clone(), facts);
    app.end_run();
    app.header = header_of_paste(app).map(Rc::new);
    if let Some(header) = app.header.clone() {
        session = session.also(move |cx| headers::compare(&cx.first(), &header).map(drop));
    }
    let lookups = Lookups::new(&app.transport, endpoints, keys, LookupOptions { fresh, reads_policy: true });
    app.lookups = Some(lookups.clone());
    start(app, ctx, session, Box::new(lookups));
    app.running = Some((target, resolver));
}

/// Shows an example from records that came with the page.
#[inline(never)]
pub fn recorded(app: &mut App, ctx: &Context<App>, id: &str) {
    if !EXAMPLES.contains(&id) {
        app.idle();
        app.state.notes.push(Sentence {
            key: "ui.ignored".to_owned(),
            args: args([("name", "#".into()), ("text", id.into())]),
        });
        return;
    }
    let Some(knowledge) = knowledge(app) else {
        app.fetch(ctx, RECORDED);
        app.wait(ctx);
        return;
    };
    let Some(file) = app.file(RECORDED) else {
        app.wait(ctx);
        app.fetch(ctx, RECORDED);
        return;
    };
    let example = file.field(id);
    let lines: Vec<String> = Read::read(example.field("zone"));
    let (Ok(zone), what) = (Zone::parse(&lines.join("\n")), String::read(example.field("what"))) else {
        app.idle();
        return;
    };
    let ips = Vec::<String>::read(example.field("ips")).iter().filter_map(|ip| ip.parse().ok()).collect();
    let selectors = Read::read(example.field("selectors"));
    let asked = CheckRequest { what, ips, selectors, ..CheckRequest::default() };
    let Ok((target, _)) = asked::target(&asked) else { return };
    app.state.form = Form::of(&asked);
    app.state.example = Some(id.to_owned());
    app.state.chosen_provider = None;
    app.state.kept_at = None;
    let session = Session::new(target, knowledge, ListKeys::default());
    app.state.typed_policy.clear();
    app.state.policy_used = false;
    app.end_run();
    start(app, ctx, session, Box::new(zone));
    app.running = None;
}

/// Lists and providers, put together when all files are there, and the words for them.
pub fn knowledge(app: &mut App) -> Option<Rc<Knowledge>> {
    if !app.state.words.has_part(FINDINGS) {
        return None;
    }
    if app.state.knowledge.is_none() {
        let knowledge = Knowledge::from_files(|place| app.file(place))?;
        app.state.knowledge = Some(Rc::new(knowledge));
        keys_of_lists(app);
    }
    app.state.knowledge.clone()
}

/// Keys that the user has left in this browser.
fn keys_of_lists(app: &mut App) {
    for name in app.state.secrets() {
        if let Some(typed) = storage::stored(&format!("{KEY}{name}")) {
            app.state.typed_keys.set(&name, &typed);
            if let Some(key) = key(app, &name) {
                app.state.keys.set(&name, &key);
            }
        }
    }
}

/// The key in the field of a secret, empty to take it back; none, and it is said, if what stands there cannot be one.
#[inline(never)]
pub fn key(app: &mut App, name: &str) -> Option<String> {
    let typed = app.state.typed_keys.get(name).unwrap_or_default().trim();
    let blocklists = app.state.knowledge.as_deref().map(|knowledge| &knowledge.blocklists);
    let key = match typed {
        "" => Some(String::new()),
        _ => blocklists?.key_in(name, typed).map(str::to_owned),
    };
    if let Some(key) = &key {
        app.state.typed_keys.set(name, key);
    }
    app.state.wrong_keys.retain(|wrong| wrong != name);
    if key.is_none() {
        app.state.wrong_keys.push(name.to_owned());
        app.state.key_refused = true;
    }
    key
}

/// Takes over what the user pasted as the MTA-STS policy, until another domain is asked about.
fn keep_policy(app: &mut App, target: &Target, facts: &mut Facts) {
    let same = app.running.as_ref().is_some_and(|(before, _)| before.domain == target.domain);
    if !same {
        app.state.typed_policy.clear();
        app.state.policy_used = false;
    } else if app.state.policy_used
        && let (Some(domain), Some(file)) =
            (&target.domain, app.run.as_ref().and_then(|run| policy_file(&run.session().cx())))
    {
        facts.learn(Question::Policy(domain.clone()), Fact::Policy(file));
    }
}

/// Compares what was pasted; an empty field takes it back. Gives the element id of what came of it.
#[inline(never)]
pub fn use_policy(app: &mut App, ctx: &Context<App>) -> Option<String> {
    let text = InputField::Policy.part(&app.state.typed_policy).trim();
    let text = (!text.is_empty()).then(|| text.to_owned());
    app.state.policy_used = text.is_some();
    app.run.as_ref()?.change(|session| session.paste_policy(text));
    show(app, ctx);
    app.state.report.as_ref().and_then(parts::policy::result)
}

/// Starts a run in place of the one before, which has ended.
pub fn start(app: &mut App, ctx: &Context<App>, session: Session, source: Box<dyn Source>) {
    let changed = ctx.link().callback(|()| Action::Changed);
    app.frame = None;
    app.state.settled = false;
    app.state.whole = false;
    app.started = clock::now();
    app.state.checked = app.lookups.is_some().then(clock::unix);
    app.state.pictures = Pictures::default();
    app.state.picked = None;
    app.state.stand_ins = None;
    app.state.key_question = None;
    app.run = Some(Driver::start(session, source, Box::new(move |_| changed.emit(()))));
    show(app, ctx);
}

/// What the run before has learnt and this one may use: all, for the same domain through the same resolver; for
/// another one the control entries of the blocklists.
fn kept(app: &App, knowledge: &Knowledge, target: &Target, resolver: &Option<String>) -> Facts {
    let (Some(run), Some((before, through))) = (&app.run, &app.running) else {
        return Facts::default();
    };
    let session = run.session();
    // Where the resolver was not to be believed, the next run has to find that out for itself.
    if through != resolver || session.has_distrusted() {
        return Facts::default();
    }
    let mut facts = session.facts().without_failures();
    if before.domain != target.domain {
        facts.retain(|query, _| is_control(knowledge, query));
        facts.forget_policies();
    }
    facts
}

/// The questions for the addresses of a mail server.
fn addresses(host: &Name) -> [Query; 2] {
    [Rtype::A, Rtype::Aaaa].map(|rtype| Query::new(host.clone(), rtype))
}

/// Asks for the addresses of a mail server.
#[inline(never)]
pub fn look_up(app: &mut App, ctx: &Context<App>, host: String) {
    let name = Name::parse(&host);
    app.state.looked_up = Some((host, name.is_err().then_some(HostLookup::Missing)));
    let Ok(name) = name else { return };
    let resolver = app.state.effective_resolver();
    let endpoints = data::endpoints(&app.state.resolvers, resolver.as_deref());
    let ask = move |cx: &Cx<'_>| cx.ask_all(&addresses(&name)).map(drop);
    app.server = None;
    app.server = Some(beside(app, ctx, endpoints, Session::asking(ask), Action::LookedUp));
    looked_up(app);
}

/// Takes what came of it, once that is all.
#[inline(never)]
pub fn looked_up(app: &mut App) {
    let (Some(run), Some((host, lookup))) = (&app.server, &mut app.state.looked_up) else { return };
    let Ok(host) = Name::parse(host) else { return };
    *lookup = run.session().cx().ask_all(&addresses(&host)).ok().map(|outcomes| HostLookup::of(&outcomes));
    app.show_log();
}

/// Asks for the user's own address.
#[inline(never)]
pub fn ask_my_address(app: &mut App, ctx: &Context<App>) {
    app.state.mine = MyAddress::Asking;
    let endpoints = data::knows_own_address(&app.state.resolvers);
    let ask = |cx: &Cx<'_>| cx.ask_own_address().map(drop);
    app.my_address = None;
    app.my_address = Some(beside(app, ctx, endpoints, Session::asking(ask), Action::MyAddress));
    my_address(app);
}

/// Takes what came of it: the check goes on with the address.
#[inline(never)]
pub fn my_address(app: &mut App) {
    let Some(known) = app.my_address.as_ref().and_then(|run| run.session().facts().own_address().copied())
    else {
        return;
    };
    app.my_address = None;
    app.show_log();
    match known {
        OwnAddress::Known(ip) => {
            app.state.mine = MyAddress::Unknown;
            app.ask_about(|asked| asked.connection_ip = Some(ip));
        }
        OwnAddress::NotAsked | OwnAddress::Failed(_) => app.state.mine = MyAddress::Failed,
    }
}

/// Starts a run beside the checks, past the browser's cache; `told` is sent when something has come of it.
fn beside(app: &App, ctx: &Context<App>, endpoints: Vec<Endpoint>, session: Session, told: Action) -> Driver {
    let how = LookupOptions { fresh: true, ..LookupOptions::default() };
    let lookups = Lookups::new(&app.transport, endpoints, ListKeys::default(), how);
    let told = ctx.link().callback(move |()| told.clone());
    Driver::start(session, Box::new(lookups), Box::new(move |_| told.emit(())))
}

/// Shows what is known by now.
#[inline(never)]
pub fn show(app: &mut App, ctx: &Context<App>) {
    app.frame = None;
    let Some(run) = &app.run else { return };
    let session = run.session();
    let report = session.report();
    let done = run.is_done() || run.is_cancelled();
    app.state.asked = app.transport.log().made();
    if let Some(paste) = app.state.paste.as_mut().filter(|paste| paste.asked.is_some()) {
        let compare = |header| headers::compare_known(&session.cx().first(), header);
        paste.comparison = app.header.as_deref().map(compare);
    }
    app.state.policy = policy_file(&session.cx());
    drop(session);
    app.state.phase = if done { Phase::Done } else { Phase::Running };
    app.state.whole |= clock::now() - app.started > PATIENCE;
    app.state.report = Some(report);
    app.title();
    if done && !app.state.settled {
        app.job(ctx, Job::Fill);
    } else if done {
        fill(app);
    }
    app.look(ctx);
}

/// Fills what is folded away, after the results were drawn.
#[inline(never)]
pub fn fill(app: &mut App) {
    let (Some(run), Some(report)) = (&app.run, &app.state.report) else { return };
    if !(run.is_done() || run.is_cancelled()) {
        return;
    }
    app.state.settled = true;
    app.state.whole = true;
    let requests = app.lookups.as_ref().map(Lookups::requests).unwrap_or_default();
    let tries = requests.iter().filter(|request| matches!(request.what, Asks::Records(_)));
    let tries = tries.filter(|request| request.result != RequestResult::Cancelled);
    app.state.stand_ins = retry::stand_ins(tries.map(|request| (request.whom.as_str(), request.failure())))
        .map(|(silent, others)| (owned(silent), owned(others)));
    app.state.key_question = entrust::question(&app.state, report, &requests);
    app.state.pictures = Pictures::of(&run.session().cx());
    app.show_log();
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

/// Reads what was pasted, or says which files it takes beside those of a check.
#[inline(never)]
pub fn read_paste(app: &mut App) -> Result<(), Vec<&'static str>> {
    let Some(paste) = &app.state.paste else { return Err(Vec::new()) };
    let octets = paste.octets.as_deref().map_or(paste.text.as_bytes(), |octets| octets);
    let mut needed = vec![SMTP_CODES, SMTP_WORDS];
    needed.extend(bounce::wordings(octets, &charset::decode));
    if app.reader.as_ref().is_none_or(|(read, _)| *read != needed) {
        let files: Option<Vec<SmtpCodes>> =
            needed.iter().map(|name| app.file(name).map(SmtpCodes::read)).collect();
        let Some(all) = files.and_then(|files| files.into_iter().reduce(SmtpCodes::with)) else {
            return Err(needed);
        };
        app.reader = Some((needed.clone(), Reader::new(all)));
    }
    let Some(knowledge) = knowledge(app) else { return Err(needed) };
    let (Some((_, reader)), Some(paste)) = (&app.reader, &mut app.state.paste) else { return Err(needed) };
    let octets = paste.octets.as_deref().map_or(paste.text.as_bytes(), |octets| octets);
    paste.reading = Some(Rc::new(reader.read(octets, &charset::decode, &knowledge.blocklists)));
    paste.removed.clear();
    (paste.asked, paste.comparison, paste.recipient) = (None, None, None);
    (paste.waits, paste.open) = (false, false);
    Ok(())
}

/// The header whose findings are to be compared, if the check is the one that was started from what was pasted.
fn header_of_paste(app: &App) -> Option<headers::HeaderReading> {
    let paste = app.state.paste.as_ref()?;
    if paste.asked.is_none() || paste.asked.as_ref() != app.state.route.asked() {
        return None;
    }
    paste.reading.as_ref()?.header_without(&paste.removed)
}

/// Starts the check of what was pasted: its address is the check's; its header and the recipient's domain stay here.
#[inline(never)]
pub fn check_paste(app: &mut App, ctx: &Context<App>) {
    let Some(paste) = &mut app.state.paste else { return };
    let Some(reading) = &paste.reading else { return };
    paste.recipient = bounce::proposal(&reading.facts, &paste.removed).recipient;
    paste.asked = asked_of_paste(paste);
    let Some(asked) = paste.asked.clone() else {
        // Nothing is said of the sender: the recipient's domain is looked up beside what was asked before, or alone.
        if paste.recipient.is_some() {
            paste.asked = app.state.route.asked().cloned();
            app.look = Some(Look::Headline { pressed: true });
            app.pressed(ctx);
        }
        return;
    };
    app.state.form = Form::of(&asked);
    let here = app.state.route.with_finding(None);
    let route = Route { view: View::Check(asked), ..here.clone() };
    if route == here {
        app.pressed(ctx);
    } else {
        address::go_to(&route.to_string());
    }
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
