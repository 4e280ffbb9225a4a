//! The record, what it costs of the ten lookups that are allowed, and what the checks say of it.

use mail_triage_engine::{build::spf::Length, check::Level, route::BuildKind, spf::MAX_LOOKUPS};
use yew::prelude::Html;

use super::drawing::Drawing;
use crate::{
    components::{
        h::{El, el, part},
        parts::{
            finding::{self, Inside},
            mend,
        },
        scene::Scene,
    },
    panels::builder::{Builder as Record, Stage},
};

/// What the live region says.
pub fn spoken(scene: &Scene, record: &Record) -> String {
    if record.stage != Stage::Ready || record.checking {
        return String::new();
    }
    let problems = judgements(record).filter(|level| matches!(level, Level::Stops | Level::Improve)).count();
    let verdict =
        if problems == 0 { scene.say("build.fine") } else { scene.count("build.problems", problems) };
    match cost(scene, record) {
        Some((_, cost)) => format!("{verdict} {cost}"),
        None => verdict,
    }
}

/// The record, what it costs, what is wrong with it, how to publish it.
pub fn result(drawing: &Drawing<'_>, record: &Record) -> El {
    let text = record.record();
    let mut result = part("section", "built")
        .set("aria-label", drawing.say("build.result"))
        .put("data-build", if record.checking { "checking" } else { "done" })
        .with(drawing.el("h2", "build.result"))
        .with(drawing.record(&text))
        .maybe(gauge(drawing, record))
        .maybe(length(drawing, &text));
    result = result.with(findings(drawing, record));
    if record.is_published() {
        return result.with(drawing.el("p", "build.unchanged"));
    }
    let steps = part("div", "fix").with(drawing.el("h2", "build.publish"));
    let (fix, also) = record.change();
    result.with(mend::steps(drawing, steps, &fix, also, &record.around))
}

/// The number of lookups and the sentence about it.
fn cost(scene: &Scene, record: &Record) -> Option<(usize, String)> {
    let n = record.around.lookups.filter(|_| record.kind == BuildKind::Spf)?.after;
    Some((n, scene.with("build.cost", "count", n)))
}

/// What the record costs, of the ten lookups that are allowed.
pub fn gauge(drawing: &Drawing<'_>, record: &Record) -> Option<El> {
    if record.kind != BuildKind::Spf {
        return None;
    }
    let Some((n, text)) = cost(drawing, record) else {
        return Some(part("p", "note").text(drawing.say("build.cost.unknown")));
    };
    let level = match n {
        n if n > MAX_LOOKUPS => "stops",
        n if n + 2 > MAX_LOOKUPS => "improve",
        _ => "pass",
    };
    let cells = (0..n.clamp(MAX_LOOKUPS, 20)).map(|at| {
        let state = if at >= MAX_LOOKUPS {
            "over"
        } else if at < n {
            "used"
        } else {
            "free"
        };
        el("span").key(&at.to_string()).put("data-cell", state)
    });
    let bar = part("span", "gauge").put("aria-hidden", "true").all(cells.collect());
    let text = part("span", "state").put("data-level", level).text(text);
    Some(part("p", "cost").put("data-level", level).with(bar).with(text))
}

fn length(drawing: &Drawing<'_>, text: &str) -> Option<El> {
    let key = match Length::of(text) {
        Length::Short => return None,
        Length::Split => "build.length.split",
        Length::Long => "build.length.long",
    };
    Some(part("p", "note").text(drawing.with(key, "count", text.len())))
}

fn judgements(record: &Record) -> impl Iterator<Item = Level> {
    let report = record.report.iter();
    report.flat_map(|report| report.checks.iter().flat_map(|check| check.findings.iter().map(|f| f.level)))
}

/// What the checks say of the new record: worst first, and what is merely worth knowing not at all.
fn findings(drawing: &Drawing<'_>, record: &Record) -> El {
    let mut list: Vec<El> = Vec::new();
    let mut verdict = None;
    if let Some(report) = &record.report {
        for level in [Level::Stops, Level::Improve, Level::Unknown] {
            for (c, check) in report.checks.iter().enumerate() {
                for (f, finding) in check.findings.iter().enumerate().filter(|(_, f)| f.level == level) {
                    list.push(finding::finding(
                        drawing,
                        report,
                        (c, f),
                        finding,
                        Inside::Whole(Html::default()),
                    ));
                }
            }
        }
        if let Some(lack) = record.is_early() {
            let text = drawing.with(&lack.key(), "domain", &record.domain);
            verdict = Some(el("p").with(part("span", "state").put("data-level", "improve").text(text)));
        } else if list.is_empty() && !record.checking {
            let fine = part("span", "state").put("data-level", "pass").text(drawing.say("build.fine"));
            verdict = Some(el("p").with(fine));
        }
    }
    let checking = record.checking.then(|| part("p", "note").text(drawing.say("build.checking")));
    part("div", "judged").maybe(checking).maybe(verdict).with(part("div", "findings").all(list))
}
