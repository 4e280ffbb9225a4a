//! A finding: what, why, what to do, and the evidence.

use super::{mend, policy};
use crate::app::{
    h::{El, el, part},
    state::Action,
    ui::{Ui, cell},
};
use mail_triage_engine::{
    bounds,
    check::{Arg, FindingText, Label, LinkKind},
    command,
    dns::{Failure, Outcome, Query},
    report::{Evidence, FindingReport, Report},
    visible::visible,
};

/// The element id of the finding at a place of the report. Stable while results stream in.
pub fn id(report: &Report, (c, f): (usize, usize)) -> String {
    let Some(check) = report.checks.get(c) else { return String::new() };
    let Some(finding) = check.findings.get(f) else { return String::new() };
    let same = check.findings[..f].iter().filter(|other| other.code == finding.code).count();
    format!("{}-{}-{same}", check.id, finding.code.id())
}

/// A link to the finding at a place of the report: one of its own, so that it can be opened in a new tab and gone back
/// from.
pub fn link(ui: &Ui<'_>, report: &Report, place: (usize, usize)) -> El {
    let name = report.name(place).unwrap_or_default();
    let route = ui.state.route.to_share().with_finding(Some(name.clone()));
    ui.follow(el("a").set("href", route.to_string()), Action::See(name))
}

/// Its title, with how many more like it are left out.
pub fn title(ui: &Ui<'_>, finding: &FindingReport) -> String {
    let title = ui.state.words.fill(&finding.code.key(FindingText::Title), &finding.args);
    match finding.more {
        0 => title,
        more => format!("{title} ({})", ui.state.words.more(more)),
    }
}

/// A finding that unfolds; its inside only if `whole`.
pub fn finding(
    ui: &Ui<'_>,
    report: &Report,
    place: (usize, usize),
    finding: &FindingReport,
    whole: bool,
) -> El {
    let id = id(report, place);
    let level = finding.level.as_str();
    let code = finding.code.id();
    let state = part("span", "finding-state")
        .text(format!("{} ", ui.say(&finding.level.key())))
        .with(part("span", "code").text(code));
    let head = part("summary", "finding-head")
        .with(part("h3", "finding-title").text(title(ui, finding)))
        .with(state);
    let box_ = part("details", "finding")
        .key(&id)
        .put("data-level", level)
        .put("data-code", code)
        .set("data-subject", finding.subject.to_string())
        .set("id", id)
        .with(head);
    box_.maybe(whole.then(|| body(ui, report, place, finding)))
}

/// What was seen, then what to do; why, and what was asked, unfold. A copy button is for what is to be published, so a record
/// that a fix takes away has none.
fn body(ui: &Ui<'_>, report: &Report, place: (usize, usize), finding: &FindingReport) -> El {
    let text = |text: FindingText| {
        let key = finding.code.key(text);
        ui.state.words.has(&key).then(|| ui.state.words.fill(&key, &finding.args))
    };
    let mut body = part("div", "finding-body");
    for label in &finding.labels {
        body = body.with(marked(ui, label, finding.fix.is_none()));
    }
    body = body.maybe(ui.more(finding.more_labels));
    if let Some(what) = text(FindingText::Do) {
        body = body.with(ui.el("h4", "ui.finding.do")).with(advice(ui, finding, &what));
        // What to do about each of several reasons.
        for advice in &finding.more_advice {
            body = body.with(el("p").text(ui.say(advice)));
        }
    }
    body = pages(ui, report, finding, body);
    body = body.node(policy::paste(ui, report, finding).unwrap_or_default()).maybe(mend::choice(ui, finding));
    if let (Some(fix), Some(around)) = (&finding.fix, &finding.around) {
        body = body.with(mend::mend(ui, finding, fix, around));
    }
    let evidence: Vec<&Evidence> =
        finding.evidence.iter().filter_map(|&at| report.evidence.get(at)).collect();
    let why = text(FindingText::Why).map(|why| {
        part("details", "why")
            .with(ui.el("summary", "ui.finding.why"))
            .with(el("p").text(why))
            .with(source(ui, finding))
    });
    let source = why.is_none().then(|| source(ui, finding));
    body.maybe(retry(ui, &evidence))
        .maybe(why)
        .maybe((!evidence.is_empty()).then(|| table(ui, &evidence)))
        .maybe(source)
        .maybe(onwards(ui, report, place))
}

/// Pages of others about it.
fn pages(ui: &Ui<'_>, report: &Report, finding: &FindingReport, mut body: El) -> El {
    let listing = report.listing(finding);
    let pages = [
        (listing.and_then(|listing| listing.lookup_url.as_deref()), "ui.list.lookup"),
        (listing.and_then(|listing| listing.delist_url.as_deref()), "ui.list.delist"),
        (linked(finding, LinkKind::Logo), "bimi.logo"),
    ];
    for (url, key) in pages {
        body = body.maybe(url.map(|url| el("p").with(ui.external(url, ui.say(key)))));
    }
    body
}

/// The button that asks again what failed.
fn retry(ui: &Ui<'_>, evidence: &[&Evidence]) -> Option<El> {
    let failed: Vec<Query> = evidence
        .iter()
        .filter(|evidence| evidence.outcome.failure().is_some())
        .map(|evidence| evidence.query.clone())
        .collect();
    let retry = || ui.button("quiet", "ui.retry", Action::Retry(Some(failed.clone().into())));
    (!failed.is_empty()).then(|| el("p").with(retry()))
}

/// The rule that it rests on.
fn source(ui: &Ui<'_>, finding: &FindingReport) -> El {
    part("p", "note").text(ui.say("ui.finding.source")).with(rule(ui, finding.source))
}

/// The way on from one of the causes: the next one, and their list.
fn onwards(ui: &Ui<'_>, report: &Report, place: (usize, usize)) -> Option<El> {
    let at = report.rows.iter().position(|row| row.contains(&place))?;
    let next = report.rows.get(at + 1).and_then(|row| row.first());
    let next = next.map(|&next| link(ui, report, next).text(ui.say("ui.finding.next")));
    let list = ui.state.route.to_share().with_finding(None).to_string();
    let name = report.rows.get(at)?.first().and_then(|&first| report.name(first))?;
    let list = ui.follow(el("a").set("href", list).text(ui.say("ui.finding.list")), Action::ToCauses(name));
    Some(part("p", "onwards no-print").maybe(next).with(list))
}

/// What to do, with the provider's own page as a link. It comes from what this project knows; a text of the DNS never
/// becomes a link.
fn advice(ui: &Ui<'_>, finding: &FindingReport, text: &str) -> El {
    if let Some(url) = linked(finding, LinkKind::Help)
        && let Some((before, after)) = text.split_once(url)
    {
        return el("p").text(before).with(ui.external(url, url)).text(after);
    }
    el("p").text(text)
}

/// The address of this kind that a finding leads to.
fn linked(finding: &FindingReport, kind: LinkKind) -> Option<&str> {
    finding.links.iter().find(|link| link.kind == kind).map(|link| link.url.as_str())
}

/// The rule, with a link to the RFC where it is one.
fn rule(ui: &Ui<'_>, source: &'static str) -> El {
    let mut words = source.split([' ', ',']);
    let number = (words.next() == Some("RFC")).then(|| words.next()).flatten();
    let section = (words.next() == Some("section")).then(|| words.next()).flatten();
    match number {
        Some(number) => {
            let section = section.map(|section| format!("#section-{section}")).unwrap_or_default();
            ui.external(&format!("https://www.rfc-editor.org/rfc/rfc{number}{section}"), cited(ui, source))
        }
        None => cell(cited(ui, source)),
    }
}

/// A source as the language says it: numbers of sections, and the rules of large receivers. Titles stay as they are.
fn cited(ui: &Ui<'_>, source: &str) -> String {
    let rules = ui.say("source.sender-rules");
    let source = source.replace("sender rules of Gmail, Yahoo and Microsoft", &rules);
    let source = source.replace("appendix", &ui.say("source.appendix"));
    let mut pieces = source.split("section");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (numbers, rest) = numbers(piece.trim_start_matches('s').trim_start());
        let key = if numbers.len() > 1 { "source.sections" } else { "source.section" };
        text.push_str(&ui.with(key, "n", Arg::list(&numbers)));
        text.push_str(rest);
    }
    text
}

/// The numbers at the beginning of a text, such as `4.3, 5.2 and 6.1`, and what is behind them.
fn numbers(text: &str) -> (Vec<&str>, &str) {
    let (mut numbers, mut rest) = (Vec::new(), text);
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        numbers.push(&rest[..end]);
        rest = &rest[end..];
        let next = rest.strip_prefix(", ").or_else(|| rest.strip_prefix(" and "));
        match next.filter(|next| next.starts_with(|c: char| c.is_ascii_digit())) {
            Some(next) => rest = next,
            None => return (numbers, rest),
        }
    }
}

/// A record with its faulty part marked, to be copied where that helps. The text comes from DNS and stays text.
fn marked(ui: &Ui<'_>, label: &Label, copied: bool) -> El {
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
        if copied { ui.copyable(code, &visible(&label.text)) } else { part("div", "record").with(code) };
    el("div").with(part("p", "record-label").text(name)).with(record)
}

/// What was asked and what came of it: as much as there is room for.
pub fn table(ui: &Ui<'_>, evidence: &[&Evidence]) -> El {
    let (shown, more) = bounds::shown(evidence, bounds::SHOWN_LOOKUPS.min(ui.lookups.get()));
    // A row with many records takes the room of many rows.
    let room: usize =
        shown.iter().map(|one| 1 + one.outcome.records().len().min(bounds::SHOWN_RECORDS) / 2).sum();
    ui.lookups.set(ui.lookups.get().saturating_sub(room));
    let rows = shown.iter().map(|evidence| {
        let meta = evidence.outcome.meta();
        let ttl = match &evidence.outcome {
            Outcome::Records(answer) => answer.records.iter().map(|record| record.ttl).min(),
            Outcome::NoData(negative) | Outcome::NxDomain(negative) => negative.ttl,
            Outcome::Failed(_) => None,
        };
        let number = |number: Option<u32>| cell(number.map(|n| n.to_string()).unwrap_or_default());
        let mut resolver = el("span").text(ui.state.resolver_name(&meta.resolver));
        if meta.authentic {
            resolver = resolver.text(" ").with(part("span", "chip").put("title", "DNSSEC").text("AD"));
        }
        let cells = vec![
            el("code").text(evidence.query.to_string()),
            answer(ui, &evidence.outcome),
            resolver,
            number(ttl),
            number(meta.millis),
        ];
        (evidence.query.to_string(), cells)
    });
    part("details", "evidence")
        .with(el("summary").text(ui.count("ui.evidence", evidence.len())))
        .with(ui.table(&["query", "answer", "resolver", "ttl", "ms"], rows.collect()))
        .maybe(ui.more(more))
        .all(commands(ui, shown))
}

/// The same from a terminal. A name that a shell might run is in no line, and that is said.
fn commands(ui: &Ui<'_>, evidence: &[&Evidence]) -> Vec<El> {
    let lines = command::lookups(evidence.iter().map(|evidence| &evidence.query));
    let mut shown = vec![part("p", "record-label").key("label").text(ui.say("ui.evidence.dig"))];
    if !lines.text.is_empty() {
        let code = el("code").text(lines.text.as_str());
        shown.push(ui.copyable(code, &lines.text).key("lines"));
    }
    if lines.left_out > 0 {
        let said = ui.count("ui.command.left-out", lines.left_out);
        shown.push(part("p", "note left-out").key("left-out").text(said));
    }
    shown
}

/// The answer: records, or a word for what came instead, and the resolver's remarks.
fn answer(ui: &Ui<'_>, outcome: &Outcome) -> El {
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
        answer = answer.with(el("br")).with(part("span", "note").text(ui.state.words.more(more)));
    }
    answer = match outcome {
        Outcome::Records(_) => answer,
        Outcome::NoData(_) => answer.text(ui.say("ui.answer.no-data")),
        Outcome::NxDomain(_) => answer.text(ui.say("ui.answer.nx-domain")),
        Outcome::Failed(failed) => answer.with(failure(ui, failed.failure)),
    };
    for ede in &outcome.meta().ede {
        let text = format!(" EDE {} {}", ede.code, visible(&ede.text));
        answer = answer.with(part("span", "note").text(text));
    }
    answer
}

/// Why there is no answer.
pub fn failure(ui: &Ui<'_>, failure: Failure) -> El {
    let number = failure.number().map(u64::from).unwrap_or_default();
    let text = ui.with(&failure.key(), "status", number);
    part("span", "state").put("data-level", "unknown").text(text)
}
