//! A finding: what, why, what to do, and the evidence.

use std::rc::Rc;

use super::mend;
use crate::components::{
    h::{El, el, part},
    page_context::cell,
    scene::{Scene, follow},
};
use mail_triage_browser::words::plural;
use mail_triage_engine::{
    bounds,
    check::{FindingText, Label, LinkKind},
    citation::Citation,
    command,
    dns::{Failure, Outcome, Query},
    report::{Evidence, FindingReport, Report},
    visible::visible,
};
use yew::prelude::Html;

/// The element id of the finding at a place of the report. Stable while results stream in.
pub fn id(report: &Report, (c, f): (usize, usize)) -> String {
    let Some(check) = report.checks.get(c) else { return String::new() };
    let Some(finding) = check.findings.get(f) else { return String::new() };
    let same = check.findings[..f].iter().filter(|other| other.code == finding.code).count();
    format!("{}-{}-{same}", check.id, finding.code.id())
}

/// A link to the finding at a place of the report: one of its own, so that it can be opened in a new tab and gone back
/// from.
pub fn link(scene: &Scene, report: &Report, place: (usize, usize)) -> El {
    let name = report.name(place).unwrap_or_default();
    let route = scene.route.to_share().with_finding(Some(name.clone()));
    follow(el("a").set("href", route.to_string()), &scene.see, name)
}

/// Its title, with how many more like it are left out.
pub fn title(scene: &Scene, finding: &FindingReport) -> String {
    let title = scene.page.words.fill(&finding.code.key(FindingText::Title), &finding.args);
    match finding.more {
        0 => title,
        more => format!("{title} ({})", scene.page.words.more(more)),
    }
}

/// What a finding holds when it is unfolded.
pub enum Inside {
    /// Nothing yet.
    Empty,
    /// All of it, with what belongs to this one alone below what is to be done.
    Whole(Html),
}

/// A finding that unfolds.
pub fn finding(
    scene: &Scene,
    report: &Report,
    place: (usize, usize),
    finding: &FindingReport,
    inside: Inside,
) -> El {
    let id = id(report, place);
    let level = finding.level.as_str();
    let code = finding.code.id();
    let state = part("span", "finding-state")
        .text(format!("{} ", scene.say(&finding.level.key())))
        .with(part("span", "code").text(code));
    let head = part("summary", "finding-head")
        .with(part("h3", "finding-title").text(title(scene, finding)))
        .with(state);
    let box_ = part("details", "finding")
        .key(&id)
        .put("data-level", level)
        .put("data-code", code)
        .set("data-subject", finding.subject.to_string())
        .set("id", id)
        .with(head);
    match inside {
        Inside::Empty => box_,
        Inside::Whole(own) => box_.with(body(scene, report, place, finding, own)),
    }
}

/// What was seen, then what to do; why, and what was asked, unfold. A copy button is for what is to be published, so a record
/// that a fix takes away has none.
fn body(scene: &Scene, report: &Report, place: (usize, usize), finding: &FindingReport, own: Html) -> El {
    let text = |text: FindingText| {
        let key = finding.code.key(text);
        scene.page.words.has(&key).then(|| scene.page.words.fill(&key, &finding.args))
    };
    let mut body = part("div", "finding-body");
    for label in &finding.labels {
        body = body.with(marked(scene, label, finding.fix.is_none()));
    }
    body = body.maybe(scene.more(finding.more_labels));
    if let Some(what) = text(FindingText::Do) {
        body = body.with(scene.el("h4", "ui.finding.do")).with(advice(scene, finding, &what));
        // What to do about each of several reasons.
        for advice in &finding.more_advice {
            body = body.with(el("p").text(scene.say(advice)));
        }
    }
    body = pages(scene, report, finding, body);
    body = body.node(own).maybe(mend::choice(scene, finding));
    if let (Some(fix), Some(around)) = (&finding.fix, &finding.around) {
        body = body.with(mend::mend(scene, finding, fix, around));
    }
    let evidence: Vec<&Evidence> =
        finding.evidence.iter().filter_map(|&at| report.evidence.get(at)).collect();
    let why = text(FindingText::Why).map(|why| {
        part("details", "why")
            .with(scene.el("summary", "ui.finding.why"))
            .with(el("p").text(why))
            .with(source(scene, finding))
    });
    let source = why.is_none().then(|| source(scene, finding));
    body.maybe(retry(scene, &evidence))
        .maybe(why)
        .maybe((!evidence.is_empty()).then(|| table(scene, &evidence)))
        .maybe(source)
        .with(explained(scene, finding))
        .maybe(onwards(scene, report, place))
}

/// Pages of others about it.
fn pages(scene: &Scene, report: &Report, finding: &FindingReport, mut body: El) -> El {
    let listing = report.listing(finding);
    let pages = [
        (listing.and_then(|listing| listing.lookup_url.as_deref()), "ui.list.lookup"),
        (listing.and_then(|listing| listing.delist_url.as_deref()), "ui.list.delist"),
        (linked(finding, LinkKind::Logo), "bimi.logo"),
    ];
    for (url, key) in pages {
        body = body.maybe(url.map(|url| el("p").with(scene.external(url, scene.say(key)))));
    }
    body
}

/// The button that asks again what failed.
fn retry(scene: &Scene, evidence: &[&Evidence]) -> Option<El> {
    let failed: Vec<Query> = evidence
        .iter()
        .filter(|evidence| evidence.outcome.failure().is_some())
        .map(|evidence| evidence.query.clone())
        .collect();
    if failed.is_empty() {
        return None;
    }
    let (retry, failed): (_, Rc<[Query]>) = (scene.retry.clone(), failed.into());
    let again = move || retry.emit(Some(failed.clone()));
    Some(el("p").with(scene.page.button("quiet", "ui.retry", again)))
}

/// The way to the page that explains it to whoever has no report: it is plain HTML, and can be sent to somebody.
fn explained(scene: &Scene, finding: &FindingReport) -> El {
    let code = finding.code.id();
    let page = format!("rules/{}/{code}.html", scene.page.words.language());
    let link = el("a").set("href", page).text(scene.with("ui.finding.page", "code", code));
    part("p", "note no-print").with(link)
}

/// The rule that it rests on.
fn source(scene: &Scene, finding: &FindingReport) -> El {
    part("p", "note").text(scene.say("ui.finding.source")).with(rule(scene, finding.source))
}

/// The way on from one of the causes: the next one, and their list.
fn onwards(scene: &Scene, report: &Report, place: (usize, usize)) -> Option<El> {
    let at = report.rows.iter().position(|row| row.contains(&place))?;
    let next = report.rows.get(at + 1).and_then(|row| row.first());
    let next = next.map(|&next| link(scene, report, next).text(scene.say("ui.finding.next")));
    let list = scene.route.to_share().with_finding(None).to_string();
    let name = report.rows.get(at)?.first().and_then(|&first| report.name(first))?;
    let list = follow(el("a").set("href", list).text(scene.say("ui.finding.list")), &scene.to_causes, name);
    Some(part("p", "onwards no-print").maybe(next).with(list))
}

/// What to do, with the provider's own page as a link. It comes from what this project knows; a text of the DNS never
/// becomes a link.
fn advice(scene: &Scene, finding: &FindingReport, text: &str) -> El {
    if let Some(url) = linked(finding, LinkKind::Help)
        && let Some((before, after)) = text.split_once(url)
    {
        return el("p").text(before).with(scene.external(url, url)).text(after);
    }
    el("p").text(text)
}

/// The address of this kind that a finding leads to.
fn linked(finding: &FindingReport, kind: LinkKind) -> Option<&str> {
    finding.links.iter().find(|link| link.kind == kind).map(|link| link.url.as_str())
}

/// The rule, with a link to the RFC where it is one.
fn rule(scene: &Scene, source: &'static str) -> El {
    let Citation { text, url } = Citation::of(source, scene.page.words.catalog(), plural);
    match url {
        Some(url) => scene.external(&url, text),
        None => cell(text),
    }
}

/// A record with its faulty part marked, to be copied where that helps. The text comes from DNS and stays text.
fn marked(scene: &Scene, label: &Label, copied: bool) -> El {
    let span = label.span.clone();
    let parts = (label.text.get(..span.start), label.text.get(span.clone()), label.text.get(span.end..));
    let code = match parts {
        (Some(before), Some(fault), Some(after)) if !fault.is_empty() => {
            el("code").text(visible(before)).with(el("mark").text(visible(fault))).text(visible(after))
        }
        _ => el("code").text(visible(&label.text)),
    };
    let name = format!("{} {}", label.name, label.rtype);
    let record =
        if copied { scene.copyable(code, &visible(&label.text)) } else { part("div", "record").with(code) };
    el("div").with(part("p", "record-label").text(name)).with(record)
}

/// What was asked and what came of it: as much as there is room for.
pub fn table(scene: &Scene, evidence: &[&Evidence]) -> El {
    let (shown, more) = bounds::shown(evidence, bounds::SHOWN_LOOKUPS.min(scene.lookups.get()));
    // A row with many records takes the room of many rows.
    let room: usize =
        shown.iter().map(|one| 1 + one.outcome.records().len().min(bounds::SHOWN_RECORDS) / 2).sum();
    scene.lookups.set(scene.lookups.get().saturating_sub(room));
    let rows = shown.iter().map(|evidence| {
        let meta = evidence.outcome.meta();
        let ttl = match &evidence.outcome {
            Outcome::Records(answer) => answer.records.iter().map(|record| record.ttl).min(),
            Outcome::NoData(negative) | Outcome::NxDomain(negative) => negative.ttl,
            Outcome::Failed(_) => None,
        };
        let number = |number: Option<u32>| cell(number.map(|n| n.to_string()).unwrap_or_default());
        let mut resolver = el("span").text(scene.resolver_name(&meta.resolver));
        if meta.authentic {
            resolver = resolver.text(" ").with(part("span", "chip").put("title", "DNSSEC").text("AD"));
        }
        let cells = vec![
            el("code").text(evidence.query.to_string()),
            answer(scene, &evidence.outcome),
            resolver,
            number(ttl),
            number(meta.millis),
        ];
        (evidence.query.to_string(), cells)
    });
    part("details", "evidence")
        .with(el("summary").text(scene.count("ui.evidence", evidence.len())))
        .with(scene.table(&["query", "answer", "resolver", "ttl", "ms"], rows.collect()))
        .maybe(scene.more(more))
        .all(commands(scene, shown))
}

/// The same from a terminal. A name that a shell might run is in no line, and that is said.
fn commands(scene: &Scene, evidence: &[&Evidence]) -> Vec<El> {
    let lines = command::lookups(evidence.iter().map(|evidence| &evidence.query));
    let mut shown = vec![part("p", "record-label").key("label").text(scene.say("ui.evidence.dig"))];
    if !lines.text.is_empty() {
        let code = el("code").text(lines.text.as_str());
        shown.push(scene.copyable(code, &lines.text).key("lines"));
    }
    if lines.left_out > 0 {
        let said = scene.count("ui.command.left-out", lines.left_out);
        shown.push(part("p", "note left-out").key("left-out").text(said));
    }
    shown
}

/// The answer: records, or a word for what came instead, and the resolver's remarks.
pub fn answer(scene: &Scene, outcome: &Outcome) -> El {
    let mut answer = el("span");
    for name in outcome.chain() {
        answer = answer.with(el("code").text(format!("{name} →"))).with(el("br"));
    }
    let (shown, more) = bounds::shown(outcome.records(), bounds::SHOWN_RECORDS);
    for (index, record) in shown.iter().enumerate() {
        if index > 0 {
            answer = answer.with(el("br"));
        }
        answer = answer.with(el("code").text(record.data.to_string()));
    }
    if more > 0 {
        answer = answer.with(el("br")).with(part("span", "note").text(scene.page.words.more(more)));
    }
    answer = match outcome {
        Outcome::Records(_) => answer,
        Outcome::NoData(_) => answer.text(scene.say("ui.answer.no-data")),
        Outcome::NxDomain(_) => answer.text(scene.say("ui.answer.nx-domain")),
        Outcome::Failed(failed) => answer.with(failure(scene, failed.failure)),
    };
    for ede in &outcome.meta().ede {
        let text = format!(" EDE {} {}", ede.code, visible(&ede.text));
        answer = answer.with(part("span", "note").text(text));
    }
    answer
}

/// Why there is no answer.
pub fn failure(scene: &Scene, failure: Failure) -> El {
    let number = failure.number().map(u64::from).unwrap_or_default();
    let text = scene.with(&failure.key(), "status", number);
    part("span", "state").put("data-level", "unknown").text(text)
}
