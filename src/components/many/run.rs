//! The runs behind the table: a few at a time over the page's one transport, each ended as soon as its row is filled. What a
//! row needs to be opened again is kept in this tab, packed; the run itself is not.

use std::rc::Rc;

use mail_triage_browser::{
    clock, compress,
    storage::{store_in_tab, stored_in_tab},
};
use mail_triage_engine::{
    dns::Name,
    driver::Driver,
    facts::Facts,
    knowledge::Knowledge,
    many::{Line, is_made},
    route::MAX_SEEN,
    session::Session,
    snapshot::Snapshot,
    target::{ListKeys, Target},
};
use yew::platform::spawn_local;

use super::{Props, State};
use crate::{
    components::{asking::Asking, kept::Held, shared::Shared},
    panels::many::{Stage, Table},
};

/// Runs at a time. The transport lets no more than its sixteen requests go, whatever their number.
const AT_ONCE: usize = 6;
/// The list, and in front of the place of a row what is kept of it.
const KEPT: &str = "mail-triage.many";

/// The runs under way.
#[derive(Default)]
pub struct Runs {
    /// Counts the lists, so that what an earlier one still says is left unheard.
    list: Rc<()>,
    running: Vec<(usize, Driver)>,
}

/// Through whom domains are looked up, and with what.
#[derive(Clone)]
pub struct Means {
    asking: Asking,
    keys: ListKeys,
    knowledge: Rc<Knowledge>,
}

impl Means {
    /// Of the panel.
    pub fn of(props: &Props) -> Self {
        let (asking, keys) = (props.asking.clone(), props.keys.clone());
        Self { asking, keys, knowledge: Shared::rc(&props.knowledge).clone() }
    }
}

/// Begins as many runs as there may be. One a task: none is to hold up whoever scrolls.
pub fn go_on(held: &Held<State>, means: &Means) {
    let (held, means) = (held.clone(), means.clone());
    let list = held.get().runs.list.clone();
    spawn_local(async move {
        clock::sleep(0).await;
        while let Some((at, name)) = next(&held, &list) {
            begin(&held, &means, at, name);
            draw_soon(&held, &means);
            clock::sleep(0).await;
        }
    });
}

fn next(held: &Held<State>, list: &Rc<()>) -> Option<(usize, Name)> {
    let is_free = {
        let state = held.get();
        Rc::ptr_eq(&state.runs.list, list) && state.runs.running.len() < AT_ONCE && !state.table.is_stopped
    };
    let mut next = None;
    if is_free {
        held.change_undrawn(|state| next = state.table.begin_next());
    }
    next
}

/// Has what has changed drawn a little later, together with what changes by then: to draw hundreds of rows takes time, and
/// they are not to be drawn for each domain anew.
fn draw_soon(held: &Held<State>, means: &Means) {
    if held.get().frame.is_some() {
        return;
    }
    let (shown, asked) = (held.clone(), means.asking.asked.clone());
    let frame = clock::soon(move || {
        shown.change(|state| state.frame = None);
        asked.emit(());
    });
    held.change_undrawn(|state| state.frame = Some(frame));
}

fn begin(held: &Held<State>, means: &Means, at: usize, name: Name) {
    let (list, with_lists) = {
        let state = held.get();
        (state.runs.list.clone(), state.table.with_lists)
    };
    let which = |check: &str| is_made(check, with_lists);
    let target = Target::domain(name);
    let session = Session::only(which, target, means.knowledge.clone(), means.keys.clone(), Facts::default());
    let lookups = means.asking.lookups(means.keys.clone());
    let told = {
        let (held, means, list) = (held.clone(), means.clone(), list.clone());
        move |session: &Session| {
            if session.is_done() {
                end(&held, &means, &list, at);
            }
        }
    };
    let run = Driver::start(session, Box::new(lookups), Box::new(told));
    let is_done = run.is_done();
    held.change_undrawn(|state| state.runs.running.push((at, run)));
    if is_done {
        end(held, means, &list, at);
    }
}

/// Gives the run up, fills its row, and begins the next: not within a call of that run, and in tasks of their own.
fn end(held: &Held<State>, means: &Means, list: &Rc<()>, at: usize) {
    let (held, means, list) = (held.clone(), means.clone(), list.clone());
    spawn_local(async move {
        clock::sleep(0).await;
        let Some(run) = taken(&held, &list, at) else { return };
        let (line, seen) = found(&run.session());
        drop(run);
        let seen = compress::compress(&seen, MAX_SEEN).await.map(Rc::from);
        if !Rc::ptr_eq(&held.get().runs.list, &list) {
            return;
        }
        let stage = Stage::Done { line, seen };
        store_in_tab(&format!("{KEPT}.{at}"), stage.pack().as_deref());
        held.change_undrawn(|state| state.table.set(at, stage));
        draw_soon(&held, &means);
        go_on(&held, &means);
    });
}

/// The run of a row, which is under way no more; none if it was given up before.
fn taken(held: &Held<State>, list: &Rc<()>, at: usize) -> Option<Driver> {
    let mut run = None;
    held.change_undrawn(|state| {
        let runs = &mut state.runs;
        let place = runs.running.iter().position(|(other, _)| *other == at);
        run = place.filter(|_| Rc::ptr_eq(&runs.list, list)).map(|place| runs.running.swap_remove(place).1);
    });
    run
}

/// What stands in the row, and what it is opened with.
fn found(session: &Session) -> (Line, Vec<u8>) {
    let unix = u64::try_from(clock::unix()).unwrap_or_default();
    let seen = Snapshot { target: session.target().clone(), unix, facts: session.facts().clone() };
    (Line::of(&session.report()), seen.pack())
}

/// Keeps the list, in place of the one before.
pub fn keep_list(table: &Table) {
    forget(table);
    store_in_tab(KEPT, Some(&table.pack()));
}

/// Forgets what is kept.
pub fn forget(table: &Table) {
    let before = stored_in_tab(KEPT).and_then(|text| Table::unpack(&text, |_| None));
    let most = before.map_or(0, |before| before.rows().len()).max(table.rows().len());
    store_in_tab(KEPT, None);
    (0..most).for_each(|at| store_in_tab(&format!("{KEPT}.{at}"), None));
}

/// Reads what was kept before a reload, once.
pub fn read_back(held: &Held<State>) {
    if held.get().is_read {
        return;
    }
    let kept = stored_in_tab(KEPT);
    let row = |at: usize| stored_in_tab(&format!("{KEPT}.{at}"));
    let table = kept.and_then(|text| Table::unpack(&text, row));
    held.change(|state| {
        state.is_read = true;
        if let Some(table) = table {
            state.with_lists = table.with_lists;
            state.table = table;
        }
    });
}
