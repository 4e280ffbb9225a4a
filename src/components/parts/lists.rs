//! The blocklists: one table for each address or domain that was asked about.

use super::{finding, provider};
use crate::{
    components::{
        h::{El, el, part},
        ui::{Ui, cell},
    },
    machine::Event,
    shell::state::Action,
};
use mail_triage_engine::{
    check::{Arg, Code, FindingText, Level, Subject},
    dns::is_public,
    knowledge::{ListKind, ListSubject as Listed, Role},
    report::{CheckReport, Evidence, FindingReport, Report},
    view::listings::Listing,
};

/// Whether the finding is a row of the table and nothing more: there is nothing to do about it.
pub fn is_row(check: &CheckReport, finding: &FindingReport) -> bool {
    check.id.asks_lists()
        && finding.listing.is_some()
        && matches!(finding.level, Level::Unknown | Level::Pass)
}

/// What the lists have answered, each with what was found of it.
fn results(report: &Report) -> impl Iterator<Item = (&FindingReport, &Listing)> {
    let findings = report.findings().filter(|(check, _)| check.id.asks_lists());
    findings.filter_map(|(_, finding)| Some((finding, report.listing(finding)?)))
}

/// Whether the list has an entry that is no good news.
fn entry(finding: &FindingReport) -> bool {
    matches!(finding.level, Level::Stops | Level::Improve | Level::Info)
}

fn is_remark(finding: &FindingReport) -> bool {
    finding.code == Code::Bl200
}

/// The line of the step: how many lists say what.
pub fn line(ui: &Ui<'_>, report: &Report) -> String {
    // That a home connection should not deliver mail itself is as it should be.
    let counted = || results(report).filter(|(finding, _)| finding.code != Code::Bl190);
    let count = |which: &dyn Fn(&FindingReport) -> bool| counted().filter(|(f, _)| which(f)).count();
    // Most who are honest are on no list of good senders: that says nothing.
    let clean = |(finding, listing): &(&FindingReport, &Listing)| {
        finding.code == Code::Bl060 && listing.role != Role::Allow
    };
    let counts = [
        ("listed", count(&|finding| entry(finding) && !is_remark(finding))),
        ("remark", count(&is_remark)),
        ("good", count(&|finding| finding.code == Code::Bl120)),
        ("clean", counted().filter(clean).count()),
        ("unasked", count(&|finding| finding.level == Level::Unknown)),
    ];
    let mut parts: Vec<String> = Vec::new();
    for (what, n) in counts {
        if n > 0 {
            parts.push(ui.count(&format!("lists.{what}"), n));
        }
    }
    let shared: Vec<&str> = report.views.sending.shared.iter().map(|shared| shared.name.as_str()).collect();
    if !shared.is_empty() {
        parts.push(ui.with("lists.shared", "provider", Arg::list(shared)));
    }
    let mut line = parts.join(&ui.say("list.separator"));
    // What is said of the domain says nothing of the address that sends.
    if report.findings().any(|(_, finding)| finding.code == Code::Bl130) {
        if !line.is_empty() {
            line.push_str(" · ");
        }
        line.push_str(&ui.say("senders.title"));
    }
    line
}

/// The tables.
pub fn lists(ui: &Ui<'_>, report: &Report) -> El {
    let mut subjects: Vec<&Subject> = Vec::new();
    for (finding, _) in results(report) {
        if !subjects.contains(&&finding.subject) {
            subjects.push(&finding.subject);
        }
    }
    let tables = subjects.into_iter().map(|subject| {
        let mine: Vec<_> = results(report).filter(|(finding, _)| finding.subject == *subject).collect();
        one(ui, report, subject, &mine)
    });
    el("div").all(tables.collect())
}

fn one(ui: &Ui<'_>, report: &Report, subject: &Subject, results: &[(&FindingReport, &Listing)]) -> El {
    let rows = results.iter().map(|(finding, listing)| {
        let name = el("span").text(listing.list.name.as_str());
        (listing.list.id.clone(), vec![name, result(ui, report, finding), links(ui, listing)])
    });
    let mut evidence: Vec<&Evidence> = Vec::new();
    for &at in results.iter().flat_map(|(finding, _)| &finding.evidence) {
        if let Some(found) = report.evidence.get(at)
            && !evidence.iter().any(|known| known.query == found.query)
        {
            evidence.push(found);
        }
    }
    let failed = results.iter().any(|(finding, _)| finding.code == Code::Bl080);
    let name = subject.to_string();
    let sends = |ip| report.views.sending.ips().any(|sender| sender == ip);
    let own = report.target.connection_ip.is_some_and(|ip| *subject == Subject::from(ip) && !sends(ip));
    let about = if own { "lists.about.own" } else { "lists.about" };
    el("div")
        .key(&name)
        .with(
            part("details", "evidence")
                .with(el("summary").text(ui.with(about, "subject", name.as_str())))
                .with(ui.table(&["list", "result", "more"], rows.collect()))
                .maybe(
                    failed.then(|| {
                        el("p").with(ui.button("quiet", "ui.retry", Action::Do(Event::Retry(None))))
                    }),
                ),
        )
        .maybe(ui.state.machine.is_settled().then(|| finding::table(ui, &evidence)))
}

/// Lists that answer no lookups: their pages, for what they can be asked about.
pub fn web_only(ui: &Ui<'_>, report: &Report) -> Option<El> {
    let lists = &ui.state.knowledge.as_ref()?.blocklists.web_only;
    let target = &report.target;
    let sending = report.views.sending.ips().filter(|ip| is_public(*ip));
    let mut subjects: Vec<(String, ListKind)> =
        sending.map(|ip| (ip.to_string(), Listed::Ip(ip).kind())).collect();
    subjects.extend(target.domain.iter().map(|domain| (domain.to_string(), ListKind::Domain)));
    let mut rows: Vec<(String, Vec<El>)> = Vec::new();
    for list in lists {
        let mut pages: Vec<El> = Vec::new();
        for (subject, kind) in &subjects {
            if !list.covers.contains(kind) {
                continue;
            }
            let asks = list.url.contains("{q}");
            if !asks && !pages.is_empty() {
                break;
            }
            let text = if asks {
                ui.with("lists.web.look", "subject", subject.as_str())
            } else {
                ui.say("lists.web.open")
            };
            pages.push(el("li").key(subject).with(ui.external(&list.url.replace("{q}", subject), text)));
        }
        if pages.is_empty() {
            continue;
        }
        let mut name = el("span").text(list.name.as_str());
        if let Some(note) = &list.note {
            name = name.with(el("br")).with(part("span", "note").text(ui.say(note)));
        }
        let source = provider::source(ui, &list.source, &list.date, list.confidence);
        rows.push((list.id.clone(), vec![name, part("ul", "pages").all(pages), source]));
    }
    (!rows.is_empty()).then(|| {
        part("details", "evidence")
            .set("id", "web-lists".to_owned())
            .with(ui.el("summary", "lists.web"))
            .with(part("p", "note").text(ui.say("lists.web.text")))
            .with(ui.table(&["list", "more", "source"], rows))
    })
}

fn result(ui: &Ui<'_>, report: &Report, finding: &FindingReport) -> El {
    let code = finding.code.id();
    let own = format!("lists.result.{code}");
    let word = ui.say(if ui.state.words.has(&own) { &own } else { "lists.result.listed" });
    let level = finding.level.as_str();
    let state = part("span", "state").put("data-level", level).put("data-code", code).text(word);
    // What is also a finding of its own has its code there.
    let say = |key: &str| el("div").with(part("span", "note").text(ui.state.words.fill(key, &finding.args)));
    if entry(finding) {
        return el("div").with(state).with(say("lists.entry"));
    }
    if finding.level != Level::Unknown {
        return state;
    }
    // Nothing but this row says why there is no answer, and what can be done.
    let queries = finding.evidence.iter().filter_map(|&at| Some(report.evidence.get(at)?.query.clone()));
    let again = Action::Do(Event::Retry(Some(queries.collect::<Vec<_>>().into())));
    let mut cell = el("div").with(state);
    for key in [FindingText::Title, FindingText::Do].map(|text| finding.code.key(text)) {
        if ui.state.words.has(&key) {
            cell = cell.with(say(&key));
        }
    }
    cell.maybe(ui.state.machine.example().is_none().then(|| ui.button("quiet", "lists.retry", again)))
}

fn links(ui: &Ui<'_>, listing: &Listing) -> El {
    match &listing.lookup_url {
        Some(url) => ui.external(url, ui.say("ui.list.lookup")),
        None => cell(""),
    }
}
