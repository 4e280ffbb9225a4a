//! The record that is put together: questions first, then the record, what it costs and what is wrong with it, and how to
//! publish it. Each new record is checked over what is known, with itself in place of the old one.

mod dmarc;
mod drawing;
mod questions;
mod result;
mod spf;
mod weigh;

use std::rc::Rc;

use mail_triage_engine::{
    dns::Name,
    driver::Driver,
    facts::Facts,
    knowledge::Knowledge,
    route::BuildKind,
    target::{ListKeys, Target},
};
use yew::{
    prelude::{Callback, Html, Properties, component, use_effect_with},
    virtual_dom::VNode,
};

use self::{
    drawing::Drawing,
    result::{result, spoken},
};
use super::{
    asking::Asking,
    kept::{Kept, use_kept},
    scene::{Scene, SceneProps},
    shared::Shared,
};
use crate::{
    components::{
        h::{El, el, part},
        parts::finding,
    },
    panels::builder::{Builder as Record, Stage},
};

/// Which record is put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Building {
    /// Its kind.
    pub kind: BuildKind,
    /// For whom.
    pub domain: Name,
    /// Whether it begins without what the check proposes to take out.
    pub slim: bool,
    /// Counts how often it was begun anew.
    pub number: u32,
}

/// What was found out about the domain.
pub struct Base {
    /// What it was asked with: what the user said of the domain, such as the addresses that send, is in the record that is
    /// proposed.
    pub target: Target,
    /// What stands there now.
    pub facts: Facts,
}

/// The record, and the checks of it as if it were published.
#[derive(Default)]
pub struct State {
    building: Option<Building>,
    record: Option<Record>,
    what_if: Option<Rc<Driver>>,
}

/// What it is put together with.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What findings and changes are drawn with.
    pub scene: SceneProps,
    /// What was chosen before.
    pub kept: Kept<State>,
    /// Through whom new questions are asked.
    pub asking: Asking,
    /// The user's keys for lists, and who may see them.
    pub keys: ListKeys,
    /// The record.
    pub building: Building,
    /// What was found out about the domain, once that is all.
    pub base: Option<Shared<Base>>,
    /// The provider of the mailboxes, by its id.
    pub mailbox: Option<String>,
    /// Told what the live region says of the record.
    pub spoken: Callback<String>,
}

impl Props {
    fn knowledge(&self) -> Option<&Rc<Knowledge>> {
        self.scene.knowledge.as_ref().map(Shared::rc)
    }
}

/// The questions and the record, once it is known what stands there now.
#[component]
pub fn Builder(props: &Props) -> Html {
    let held = use_kept(&props.kept);
    let weighing = weigh::Weighing::new(&held, props);
    let begin = {
        let weighing = weighing.clone();
        move |(building, base): &(Building, Option<Shared<Base>>)| weighing.begin(building, base.as_ref())
    };
    use_effect_with((props.building.clone(), props.base.clone()), begin);

    let retry = {
        let (weighing, again) = (weighing.clone(), props.scene.again.clone());
        Callback::from(move |queries: Option<_>| {
            if !weighing.retry(queries.as_deref()) {
                again.emit(());
            }
        })
    };
    let scene = Scene::new(SceneProps { retry, ..props.scene.clone() }, "b");
    let choose = Callback::from(move |choose| weighing.choose(&choose));
    let drawing = Drawing { scene: &scene, choose: &choose, mailbox: props.mailbox.as_deref() };
    let state = held.get();
    let record = state.record.as_ref().filter(|_| state.building.as_ref() == Some(&props.building));
    let said = record.map(|record| spoken(&scene, record)).unwrap_or_default();
    let speak = props.spoken.clone();
    use_effect_with(said, move |said| speak.emit(said.clone()));
    match record {
        Some(record) => body(&drawing, record),
        None => VNode::default(),
    }
}

fn body(drawing: &Drawing<'_>, record: &Record) -> Html {
    let shown: Vec<El> = match record.stage {
        Stage::Reading => Vec::new(),
        Stage::Gone => vec![part("p", "error").text(drawing.say("build.gone"))],
        Stage::Failed(failure) => {
            let again = drawing.again.clone();
            vec![
                part("p", "error").text(drawing.say("build.failed")),
                el("p").with(finding::failure(drawing, failure)),
                drawing.page.button("quiet", "ui.retry", move || again.emit(())),
            ]
        }
        Stage::Ready => {
            let questions = match record.kind {
                BuildKind::Spf => spf::questions(drawing, record),
                BuildKind::Dmarc => dmarc::questions(drawing, record),
            };
            let mut shown = vec![before(drawing, record)];
            shown.extend(questions);
            shown.push(result(drawing, record));
            shown
        }
    };
    shown.into_iter().map(VNode::from).collect()
}

/// What stands there now.
fn before(drawing: &Drawing<'_>, record: &Record) -> El {
    let n = record.before.len();
    let key = match n {
        0 if record.proposed => "build.before.proposed",
        0 => "build.before.none",
        1 => "build.before",
        _ => "build.before.several",
    };
    let text = drawing.page.words.with(key, [("n", n.into()), ("name", (&record.owner()).into())]);
    let records = record.before.iter().map(|text| drawing.record(text).key(text)).collect();
    part("div", "before-record").with(el("p").text(text)).all(records)
}
