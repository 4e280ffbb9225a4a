//! Before and after: the verdict, the lookups, who may send, what vouches for the From line, and what became of each cause.

use mail_triage_browser::words;
use mail_triage_engine::{
    outlook::{Outlook, Senders},
    picture::judgement::RequestedPolicy,
    report::{
        Report,
        changes::{Change, Since},
    },
    report_text::{row_title, sentence},
    spf::MAX_LOOKUPS,
};

use super::{Learnt, State};
use crate::components::{
    h::{El, el, part},
    page_context::cell,
    scene::Scene,
};

/// Both, side by side.
pub fn changed(scene: &Scene, state: &State, learnt: &Learnt, became: Option<&[Change]>) -> El {
    let section = part("section", "try-result")
        .set("aria-label", scene.say("try.result"))
        .with(scene.el("h3", "try.result"));
    let Some((found, became)) = state.found.as_ref().zip(became) else {
        return section.with(part("p", "note").put("role", "status").text(scene.say("try.nothing")));
    };
    let checking = (!found.is_done).then(|| part("p", "note").text(scene.say("try.running")));
    let said = |report: &Report| {
        let parts = sentence(report, scene.page.words.catalog(), words::plural);
        parts.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(&scene.say("list.separator"))
    };
    let mut rows = vec![(
        "verdict".to_owned(),
        vec![
            cell(scene.say("try.row.verdict")),
            cell(said(&learnt.report)),
            cell(said(&found.report)).put("role", "status"),
        ],
    )];
    rows.extend(outlook(scene, &learnt.outlook, &found.outlook));
    let table = scene.table(&["try.col.what", "try.col.now", "try.col.then"], rows);
    section.maybe(checking).with(table).maybe(causes(scene, &learnt.report, &found.report, became))
}

fn outlook(scene: &Scene, now: &Outlook, then: &Outlook) -> Vec<(String, Vec<El>)> {
    type Column = fn(&Scene, &Outlook) -> El;
    let rows: [(&'static str, Column); 6] = [
        ("try.row.lookups", lookups),
        ("try.row.senders", senders),
        ("try.row.everybody", everybody),
        ("try.row.spf", |scene, outlook| aligned(scene, outlook.spf_aligned)),
        ("try.row.dkim", |scene, outlook| aligned(scene, outlook.dkim_aligned)),
        ("try.row.policy", policy),
    ];
    let row = |(key, column): (&'static str, Column)| {
        let (before, after) = (column(scene, now), column(scene, then));
        (key.to_owned(), vec![cell(scene.say(key)), before, after])
    };
    rows.into_iter().map(row).collect()
}

fn unknown(scene: &Scene) -> El {
    cell(scene.say("try.unknown"))
}

fn none(scene: &Scene) -> El {
    cell(scene.say("try.none"))
}

fn lookups(scene: &Scene, outlook: &Outlook) -> El {
    let Some(n) = outlook.lookups else {
        return if outlook.senders == Senders::NoRecord { none(scene) } else { unknown(scene) };
    };
    let key = if outlook.at_least { "try.lookups.least" } else { "try.lookups" };
    let level = if n > MAX_LOOKUPS { "stops" } else { "pass" };
    let text = scene.page.words.with(key, [("n", n.into()), ("most", MAX_LOOKUPS.into())]);
    el("span").with(part("span", "state").put("data-level", level).text(text))
}

fn senders(scene: &Scene, outlook: &Outlook) -> El {
    match &outlook.senders {
        Senders::Unknown => unknown(scene),
        Senders::NoRecord => cell(scene.say("try.no-record")),
        Senders::Several => cell(scene.say("try.several")),
        Senders::Named { terms, .. } if terms.is_empty() => cell(scene.say("try.nobody")),
        Senders::Named { terms, more, .. } => {
            let terms = terms.iter().map(|term| el("li").with(el("code").text(term.as_str())));
            el("div").with(part("ul", "try-terms").all(terms.collect())).maybe(scene.more(*more))
        }
    }
}

fn everybody(scene: &Scene, outlook: &Outlook) -> El {
    match &outlook.senders {
        Senders::Named { others: Some(term), .. } => el("span").with(el("code").text(term.as_str())),
        Senders::Named { others: None, .. } | Senders::NoRecord | Senders::Several => none(scene),
        Senders::Unknown => unknown(scene),
    }
}

fn aligned(scene: &Scene, aligned: Option<bool>) -> El {
    match aligned {
        Some(true) => cell(scene.say("try.aligned.yes")),
        Some(false) => cell(scene.say("try.aligned.no")),
        None => unknown(scene),
    }
}

fn policy(scene: &Scene, outlook: &Outlook) -> El {
    match &outlook.requested {
        Some(RequestedPolicy::Policy { policy, .. }) => {
            el("span").with(el("code").text(format!("p={}", policy.as_str())))
        }
        Some(RequestedPolicy::Nothing) => none(scene),
        Some(RequestedPolicy::Unknown(_)) | None => unknown(scene),
    }
}

/// What is mended, what is new, what could not be looked at; the rest is counted.
fn causes(scene: &Scene, before: &Report, after: &Report, changes: &[Change]) -> Option<El> {
    let same = changes.iter().filter(|change| change.since == Since::Same).count();
    let rows = changes.iter().enumerate().filter_map(|(at, change)| {
        let (report, level, key) = match change.since {
            Since::Mended => (before, "pass", "since.mended"),
            Since::New => (after, change.level.as_str(), "try.new"),
            Since::NotChecked => (before, "unknown", "since.not-checked"),
            Since::Same => return None,
        };
        let title = row_title(report, &change.row, scene.page.words.catalog(), words::plural)?;
        let state = part("span", "state").put("data-level", level).text(scene.say(key));
        let item = el("li").key(&at.to_string()).put("data-since", change.since.as_str());
        Some(item.with(state).text(" ").text(title))
    });
    let rows: Vec<El> = rows.collect();
    let as_before = (same > 0).then(|| part("p", "note").text(scene.count(&Since::Same.key(), same)));
    (!rows.is_empty() || same > 0).then(|| part("div", "since").with(el("ul").all(rows)).maybe(as_before))
}
