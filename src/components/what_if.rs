//! Try before you publish: the records that a check has seen can be changed, added or taken away, and all checks run over what
//! would stand there then. Below that: what would change, and what to ask for from whoever keeps the DNS.

mod changed;
mod fields;
mod publish;
mod weigh;

use std::rc::Rc;

use mail_triage_engine::{
    dns::Query,
    driver::Driver,
    facts::Facts,
    outlook::Outlook,
    report::{Report, changes::compare},
    report_text::row_title,
    source::Source,
    target::{ListKeys, Target},
    what_if::SetChange,
};
use yew::prelude::{Callback, Html, Properties, component, use_effect_with};

use self::weigh::Weighing;
use super::{
    asking::Asking,
    kept::{Kept, use_kept},
    scene::{Scene, SceneProps},
    shared::Shared,
};
use crate::{
    components::h::{El, el, part},
    panels::what_if::{Edit, Records},
};
use mail_triage_browser::words;

/// Proposed changes that have a button.
const MOST_PROPOSED: usize = 8;

/// What a check has learnt, for whoever tries something else.
pub struct Learnt {
    /// What it was about.
    pub target: Target,
    /// Everything it asked.
    pub facts: Facts,
    /// Which of the questions went to blocklists.
    pub lists: Vec<Query>,
    /// What it found.
    pub report: Rc<Report>,
    /// What is looked at first.
    pub outlook: Outlook,
    /// Makes what is asked for what the check has not asked; none where that is resolvers.
    pub beyond: Option<Beyond>,
}

/// Makes a source of answers: the zone of an example, or nothing.
pub type Beyond = Rc<dyn Fn() -> Box<dyn Source>>;

/// The records as they would be, and what would be found.
#[derive(Default)]
pub struct State {
    of: Option<Shared<Learnt>>,
    records: Records,
    /// Changes that a link named and that were made.
    made: Vec<String>,
    known: Rc<std::cell::RefCell<Facts>>,
    run: Option<Driver>,
    found: Option<Found>,
    /// Counts what was typed, so that what comes late is known as such.
    number: u32,
}

/// What would be found.
struct Found {
    report: Rc<Report>,
    outlook: Outlook,
    is_done: bool,
}

/// What it works with.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What findings and changes are drawn with.
    pub scene: SceneProps,
    /// What was changed before.
    pub kept: Kept<State>,
    /// Through whom new questions are asked.
    pub asking: Asking,
    /// The user's keys for lists, and who may see them.
    pub keys: ListKeys,
    /// What the check has learnt.
    pub learnt: Shared<Learnt>,
    /// Changes that the link names.
    pub tried: Vec<String>,
}

/// The records, and what would be found.
#[component]
pub fn WhatIf(props: &Props) -> Html {
    let held = use_kept(&props.kept);
    let weighing = Weighing::new(&held, props);
    let begin = {
        let weighing = weighing.clone();
        move |(learnt, tried): &(Shared<Learnt>, Vec<String>)| weighing.begin(learnt, tried)
    };
    use_effect_with((props.learnt.clone(), props.tried.clone()), begin);
    let scene = Scene::new(props.scene.clone(), "t");
    let take = Callback::from(move |edit| weighing.take(edit));
    let state = held.get();
    match &state.of {
        Some(of) if *of == props.learnt => body(&scene, &state, props, &take).into(),
        _ => el("div").into(),
    }
}

fn body(scene: &Scene, state: &State, props: &Props, take: &Callback<Edit>) -> El {
    let changes = state.records.changes();
    let done = state.found.as_ref().is_none_or(|found| found.is_done);
    let found = state.found.as_ref().filter(|_| !changes.is_empty());
    let became = found.map(|found| compare(&props.learnt.report, &found.report));
    // What would come of it is known before anybody is asked to publish it.
    let publish = became.as_ref().filter(|_| done).map(|became| {
        let warnings = publish::warnings(scene, became, !props.tried.is_empty());
        publish::publish(scene, state, &props.learnt, &changes, warnings)
    });
    el("div")
        .put("class", "try-body")
        .put("data-try", if done { "done" } else { "running" })
        .set("data-changes", changes.len().to_string())
        .with(part("p", "lead").text(scene.say("try.lead")))
        .maybe(proposed(scene, &props.learnt.report, take))
        .with(fields::records(scene, &state.records, take))
        .with(changed::changed(scene, state, &props.learnt, became.as_deref()))
        .maybe(publish)
}

/// The changes that the report proposes, each with a button that makes it.
fn proposed(scene: &Scene, report: &Report, take: &Callback<Edit>) -> Option<El> {
    let buttons = report.rows.iter().filter_map(|row| {
        let finding = row.iter().filter_map(|&place| report.finding(place)).find(|one| one.fix.is_some())?;
        let fixes = finding.also.iter().chain(&finding.fix);
        let changes: Option<Vec<SetChange>> = fixes.map(SetChange::of_fix).collect();
        let changes = changes?;
        let title = row_title(report, row, scene.page.words.catalog(), words::plural)?;
        let take = take.clone();
        let press = move || take.emit(Edit::Make(changes.clone()));
        let button =
            part("button", "quiet").put("type", "button").text(scene.with("try.make", "title", title));
        Some(el("li").key(finding.code.id()).with(super::on::pressed(button, press)))
    });
    let buttons: Vec<El> = buttons.take(MOST_PROPOSED).collect();
    (!buttons.is_empty()).then(|| {
        part("section", "try-proposed")
            .with(scene.el("h3", "try.proposed"))
            .with(part("ul", "links").all(buttons))
    })
}
