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
        while let Some((at, name)) = next(&held, &list) {
            begin(&held, &means, at, name);
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
        held.change(|state| next = state.table.begin_next());
    }
    next
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
        let (held, means, list) = (held.clone(), means.clone(), list);
        move |session: &Session| {
            if session.is_done() && Rc::ptr_eq(&held.get().runs.list, &list) {
                end(&held, &means, at, session);
            }
        }
    };
    let run = Driver::start(session, Box::new(lookups), Box::new(told));
    if run.is_done() {
        return end(held, means, at, &run.session());
    }
    held.change(|state| state.runs.running.push((at, run)));
}

/// Fills the row, gives the run up, and begins the next.
fn end(held: &Held<State>, means: &Means, at: usize, session: &Session) {
    let line = Line::of(&session.report());
    let unix = u64::try_from(clock::unix()).unwrap_or_default();
    let seen = Snapshot { target: session.target().clone(), unix, facts: session.facts().clone() }.pack();
    let (held, means) = (held.clone(), means.clone());
    let list = held.get().runs.list.clone();
    spawn_local(async move {
        // Not within a call of the run that is given up.
        let seen = compress::compress(&seen, MAX_SEEN).await.map(Rc::from);
        if !Rc::ptr_eq(&held.get().runs.list, &list) {
            return;
        }
        let mut ended = None;
        held.change(|state| {
            let place = state.runs.running.iter().position(|(other, _)| *other == at);
            ended = place.map(|place| state.runs.running.swap_remove(place));
            let stage = Stage::Done { line, seen };
            store_in_tab(&format!("{KEPT}.{at}"), stage.pack().as_deref());
            state.table.set(at, stage);
        });
        drop(ended);
        means.asking.asked.emit(());
        go_on(&held, &means);
    });
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
