//! What to publish, exactly: the steps in the form of the host, and the same as a text or a link for whoever keeps the DNS.

use mail_triage_browser::{address, words};
use mail_triage_engine::{
    around::ChangeContext,
    change::Fix,
    check::Level,
    reading::Written,
    report::changes::{Change, Since},
    route::{MAX_TRIED, Route, View},
    what_if::SetChange,
};

use super::{Learnt, State};
use crate::components::{
    h::{El, el, part},
    parts::mend,
    scene::Scene,
};

/// All of it.
pub fn publish(
    scene: &Scene,
    state: &State,
    learnt: &Learnt,
    changes: &[SetChange],
    warnings: Vec<El>,
) -> El {
    let fixes: Vec<(Fix, ChangeContext)> = changes
        .iter()
        .map(|change| {
            let fix = change.fix();
            let around = ChangeContext::of(&learnt.facts, &fix);
            (fix, around)
        })
        .collect();
    let steps = fixes.iter().enumerate().map(|(at, (fix, around))| {
        let title = format!("{} {}", fix.owner, fix.rtype);
        let fold = part("details", "try-steps").key(&at.to_string()).with(el("summary").text(title));
        fold.with(mend::steps(scene, part("div", "fix"), fix, &[], around))
    });
    part("section", "try-publish")
        .with(scene.el("h3", "try.publish"))
        .with(el("div").all(warnings))
        .with(part("p", "note").text(scene.say("try.publish.lead")))
        .with(part("div", "actions").maybe(text(scene, state, fixes.clone())).maybe(link(scene, changes)))
        .with(el("div").all(steps.collect()))
}

/// What to know before anything of it is published: that it would stop mail, that it could not be checked, that somebody
/// else thought of it.
pub fn warnings(scene: &Scene, became: &[Change], from_link: bool) -> Vec<El> {
    let stops = |change: &Change| change.since == Since::New && change.level == Level::Stops;
    let unknown = |change: &Change| {
        change.since == Since::NotChecked || change.since == Since::New && change.level == Level::Unknown
    };
    let keys = [
        (became.iter().any(stops), "try.publish.stops"),
        (became.iter().any(unknown), "try.publish.unknown"),
        (from_link, "try.publish.link"),
    ];
    let said = keys.into_iter().filter(|(holds, _)| *holds);
    said.map(|(_, key)| part("p", "notice").key(key).text(scene.say(key))).collect()
}

fn text(scene: &Scene, state: &State, fixes: Vec<(Fix, ChangeContext)>) -> Option<El> {
    let (knowledge, report) = (scene.knowledge.clone()?, state.found.as_ref()?.report.clone());
    let (words_of_page, copy) = (scene.page.words.clone(), scene.page.copy.clone());
    let kept_at = scene.kept_at.clone();
    let press = move || {
        let from = Written {
            report: &report,
            knowledge: &knowledge,
            catalog: words_of_page.catalog(),
            plural: words::plural,
            kept_at: kept_at.as_deref(),
            seen: "",
        };
        copy.emit(from.to_publish(&fixes).to_text());
    };
    Some(scene.page.button("quiet", "try.copy.text", press))
}

/// None for what no address leads to, and where it would not hold all of the changes.
fn link(scene: &Scene, changes: &[SetChange]) -> Option<El> {
    let words: Vec<String> = changes.iter().flat_map(|change| change.words().collect::<Vec<_>>()).collect();
    let mut asked = scene.route.asked()?.clone();
    if words.len() > MAX_TRIED {
        return None;
    }
    asked.tried = words;
    let route = Route { view: View::Check(asked), finding: None, ..scene.route.clone() };
    let link = address::address_with(&route.to_share().to_string());
    let copy = scene.page.copy.clone();
    Some(scene.page.button("quiet", "try.copy.link", move || copy.emit(link.clone())))
}
