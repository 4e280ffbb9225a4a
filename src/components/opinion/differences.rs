//! Where two resolvers differ: by the reason, answer by answer and check by check.

use mail_triage_browser::clock;
use mail_triage_engine::{
    bounds::shown,
    opinion::{AnswerRow, Difference, KeptUntil, Which},
    report::CheckVerdict,
};

use super::{State, name};
use crate::{
    components::{
        h::{El, el, part},
        parts::finding::{answer, failure},
        scene::Scene,
    },
    panels::opinion::{Compared, unasked},
};

/// So many answers are shown of one reason.
const MOST: usize = 20;

/// All of it.
pub fn differences(scene: &Scene, state: &State, compared: &Compared) -> El {
    let by_place = compared.opinion.by_place;
    el("div")
        .put("class", "try-body")
        .all(reasons(scene, state, &compared.opinion.rows))
        .maybe(verdicts(scene, state, compared))
        .maybe((by_place > 0).then(|| part("p", "note").text(scene.count("opinion.by-place", by_place))))
        .maybe(not_asked(scene, state, compared))
        .with(part("p", "note").text(scene.say("opinion.lists")))
}

/// The answers that differ, those of one reason together.
fn reasons(scene: &Scene, state: &State, rows: &[AnswerRow]) -> Vec<El> {
    let mut reasons = Vec::new();
    for &why in Difference::ALL {
        for whose in [None, Some(Which::First), Some(Which::Second)] {
            let is_of = |row: &&AnswerRow| (row.difference, row.whose) == (why, whose);
            let rows: Vec<&AnswerRow> = rows.iter().filter(is_of).collect();
            reasons.extend(rows.first().map(|first| reason(scene, state, first, &rows)));
        }
    }
    reasons
}

fn reason(scene: &Scene, state: &State, first: &AnswerRow, rows: &[&AnswerRow]) -> El {
    let key = first.difference.key();
    let other = match first.whose {
        Some(Which::First) => Which::Second,
        Some(Which::Second) | None => Which::First,
    };
    let whose = name(scene, state, first.whose.unwrap_or(Which::Second));
    let values = [("name", whose.into()), ("other", name(scene, state, other).into())];
    let text = scene.page.words.with(&first.difference.key_of_text(), values);
    let (shown, more) = shown(rows, MOST);
    let level = match first.difference {
        Difference::BrokenSignatures => "stops",
        Difference::Filtered | Difference::Rewritten => "improve",
        Difference::Spreading | Difference::Unexplained => "unknown",
    };
    let title = part("span", "state").put("data-level", level).text(scene.say(&key));
    part("section", "since")
        .put("data-difference", first.difference.as_str())
        .with(el("h3").with(title))
        .with(el("p").text(text))
        .with(el("ul").all(shown.iter().map(|row| row_of(scene, state, row)).collect()))
        .maybe(scene.more(more))
}

fn row_of(scene: &Scene, state: &State, row: &AnswerRow) -> El {
    let both = [(Which::First, answer(scene, &row.first)), (Which::Second, answer(scene, &row.second))];
    let query = row.query.to_string();
    el("li")
        .key(&query)
        .with(part("p", "record-label").text(query.as_str()))
        .with(side_by_side(scene, state, both))
        .maybe(row.until.map(|until| part("p", "note").text(kept_until(scene, until))))
}

/// What each of the two says.
fn side_by_side(scene: &Scene, state: &State, both: [(Which, El); 2]) -> El {
    let rows = both.map(|(which, says)| {
        el("div").with(el("dt").text(name(scene, state, which))).with(el("dd").with(says))
    });
    part("dl", "rows").all(rows.into())
}

/// Until when an old answer may be given.
fn kept_until(scene: &Scene, KeptUntil { one, both }: KeptUntil) -> String {
    let words = &scene.page.words;
    let now = clock::unix();
    let time = |unix: i64| clock::near_time(unix, words.language());
    if both <= now {
        scene.say("opinion.until.past")
    } else if one <= now || time(one) == time(both) {
        scene.with("opinion.until", "time", time(both))
    } else {
        words.with("opinion.until.two", [("one", time(one).into()), ("both", time(both).into())])
    }
}

/// The checks of which the two make different things.
fn verdicts(scene: &Scene, state: &State, compared: &Compared) -> Option<El> {
    let rows = compared.verdicts.iter().map(|row| {
        let both = [(Which::First, row.first), (Which::Second, row.second)];
        let both = both.map(|(which, verdict)| (which, state_of(scene, verdict)));
        el("li")
            .key(row.check.as_str())
            .put("data-check", row.check.as_str())
            .with(part("p", "record-label").text(scene.say(&row.check.key())))
            .with(side_by_side(scene, state, both))
    });
    let rows: Vec<El> = rows.collect();
    (!rows.is_empty())
        .then(|| part("section", "since").with(scene.el("h3", "opinion.verdicts")).with(el("ul").all(rows)))
}

fn state_of(scene: &Scene, verdict: CheckVerdict) -> El {
    let level = match verdict {
        CheckVerdict::Problem => "stops",
        CheckVerdict::Improve => "improve",
        CheckVerdict::Unknown => "unknown",
        CheckVerdict::Pass => "pass",
        CheckVerdict::NotApplicable => "info",
    };
    part("span", "state").put("data-level", level).text(scene.say(&verdict.key()))
}

/// What could not be asked, and why.
fn not_asked(scene: &Scene, state: &State, compared: &Compared) -> Option<El> {
    let rows = unasked(&compared.opinion).into_iter().enumerate().map(|(at, (one, queries))| {
        let (named, more) = shown(&queries, MOST);
        let named: Vec<String> = named.iter().map(ToString::to_string).collect();
        let why = el("p").text(name(scene, state, one.whom)).text(scene.say("ui.colon"));
        el("li")
            .key(&at.to_string())
            .with(why.with(failure(scene, one.failure)))
            .with(el("p").with(el("code").text(named.join(", "))))
            .maybe(scene.more(more))
    });
    let rows: Vec<El> = rows.collect();
    (!rows.is_empty()).then(|| {
        part("section", "since")
            .put("data-difference", "not-asked")
            .with(scene.el("h3", "opinion.not-asked"))
            .with(el("ul").all(rows))
    })
}
