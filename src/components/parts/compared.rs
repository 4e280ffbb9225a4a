//! What the receiver of a message found, what the DNS says now, and why they differ.

use super::finding;
use crate::{
    components::{
        h::{El, el, part},
        ui::{Ui, cell},
    },
    machine::{Event, Phase},
    shell::state::{Action, Paste},
};
use mail_triage_engine::{
    bounce::PastedKind,
    dns::Name,
    headers::{
        AuthResults, DifferenceReason, DmarcState, HeaderComparison, HeaderReading, KeyState,
        ReceiverResults, Trust,
    },
    spf::SpfResult,
};

/// Foreign results that are shown; more are noise.
const MOST_STRANGERS: usize = 5;

/// The comparison; none if the header names nobody whose word could be checked.
pub fn compared(ui: &Ui<'_>, paste: &Paste, header: &HeaderReading) -> Option<El> {
    let said = ReceiverResults::of(header);
    let rows = rows(ui, paste, &said);
    let strangers = strangers(ui, header);
    if rows.is_empty() && strangers.is_none() {
        return None;
    }
    let returned = paste.reading.as_ref().is_some_and(|reading| reading.kind == PastedKind::Report);
    let lead = match header.judged() {
        Some(_) => "header.compare.lead",
        None if returned => "header.compare.returned",
        None => "header.compare.nothing",
    };
    let whole = paste.comparison.as_ref().is_some_and(|comparison| !comparison.pending);
    let before = ui.state.machine.beside.message.asked.is_none() && !rows.is_empty();
    let heads = ["header.col.what", "header.col.said", "header.col.now", "header.col.why"];
    let failed = paste.comparison.as_ref().is_some_and(has_failed) && ui.state.machine.phase() == Phase::Done;
    let retry = failed
        .then(|| part("div", "actions").with(ui.button("quiet", "ui.retry", Action::Do(Event::Retry(None)))));
    Some(
        part("section", "compared")
            .put("id", "compared")
            .put("data-compared", if whole { "yes" } else { "no" })
            .with(ui.el("h3", "header.compare"))
            .with(part("p", "note").text(ui.say(lead)))
            .maybe(before.then(|| part("p", "note").text(ui.say("header.compare.before"))))
            .maybe((!rows.is_empty()).then(|| ui.table(&heads, rows)))
            .maybe(retry)
            .maybe(strangers),
    )
}

fn has_failed(comparison: &HeaderComparison) -> bool {
    let key = |now: KeyState| matches!(now, KeyState::Failed(_));
    comparison.spf.as_ref().is_some_and(|spf| spf.now == SpfResult::TempError)
        || comparison.dkim.iter().any(|dkim| key(dkim.now))
        || comparison.dmarc.as_ref().is_some_and(|dmarc| dmarc.why == DifferenceReason::CannotAsk)
}

fn rows(ui: &Ui<'_>, paste: &Paste, said: &ReceiverResults) -> Vec<(String, Vec<El>)> {
    let now = paste.comparison.as_ref();
    let mut rows: Vec<(String, Vec<El>)> = Vec::new();
    if let Some((domain, result)) = &said.spf {
        let now = now.and_then(|now| now.spf.as_ref());
        let mut what = what("SPF", domain.as_ref(), None);
        if let Some(spf) = now {
            what = what.with(part("code", "note").text(spf.ip.to_string())).maybe(aligned(ui, spf.aligned));
        }
        let state = now.map(|spf| (result_state(ui, spf.now.as_str()), spf.why));
        rows.push(row(ui, "spf", what, result.as_deref(), state));
    }
    for (at, (domain, selector, result)) in said.dkim.iter().enumerate() {
        let now = now.and_then(|now| {
            now.dkim.iter().find(|other| other.domain == *domain && other.selector == *selector)
        });
        let mut what = what("DKIM", Some(domain), Some(selector));
        if let Some(dkim) = now {
            what = what.maybe(aligned(ui, dkim.aligned));
        }
        let state = now.map(|dkim| (key_state(ui, dkim.now), dkim.why));
        rows.push(row(ui, &format!("dkim-{at}"), what, result.as_deref(), state));
    }
    if let Some((domain, result)) = &said.dmarc {
        let now = now.and_then(|now| now.dmarc.as_ref());
        let state = now.map(|dmarc| {
            let level = match dmarc.now {
                DmarcState::Pass => "pass",
                DmarcState::Fail => "stops",
                DmarcState::NoRecord => "improve",
                DmarcState::Unknown => "unknown",
            };
            let mut shown = el("span").with(state(level, ui.say(&dmarc.now.key())));
            if let Some(policy) = dmarc.policy {
                let policy = ui.say(&policy.key());
                shown = shown.with(part("span", "note").text(ui.with("header.policy", "policy", policy)));
            }
            (shown, dmarc.why)
        });
        rows.push(row(ui, "dmarc", what("DMARC", Some(domain), None), result.as_deref(), state));
    }
    rows
}

/// What a row is about.
fn what(method: &'static str, domain: Option<&Name>, selector: Option<&str>) -> El {
    let mut what = part("span", "compared-what").with(el("b").text(method));
    if let Some(domain) = domain {
        what = what.with(el("code").text(domain.to_string()));
    }
    match selector {
        Some(selector) => what.with(part("code", "note").text(format!("s={selector}"))),
        None => what,
    }
}

fn aligned(ui: &Ui<'_>, aligned: Option<bool>) -> Option<El> {
    let key = if aligned? { "header.aligned.yes" } else { "header.aligned.no" };
    Some(part("span", "note").text(ui.say(key)))
}

fn row(
    ui: &Ui<'_>,
    key: &str,
    what: El,
    said: Option<&str>,
    now: Option<(El, DifferenceReason)>,
) -> (String, Vec<El>) {
    let said = match said {
        Some(word) => result_state(ui, word),
        None => part("span", "note").text(ui.say("header.not-said")),
    };
    let (now, why) = match now {
        Some((now, why)) => (now, ui.say(&why.key())),
        None => {
            let runs =
                ui.state.machine.beside.message.asked.is_some() && ui.state.machine.phase() == Phase::Running;
            let word = if runs { "bounce.now.running" } else { "bounce.now.not-checked" };
            (part("span", "note").text(ui.say(word)), String::new())
        }
    };
    (key.to_owned(), vec![what, said, now, cell(why)])
}

fn state(level: &'static str, text: String) -> El {
    part("span", "state").put("data-level", level).text(text)
}

/// A result of SPF, DKIM or DMARC in words; one that is not known, as it stands.
fn result_state(ui: &Ui<'_>, word: &str) -> El {
    let level = match word {
        "pass" | "bestguesspass" => "pass",
        "fail" | "hardfail" | "permerror" => "stops",
        "softfail" | "neutral" | "none" | "policy" => "improve",
        "temperror" => "unknown",
        _ => "info",
    };
    let key = format!("header.result.{word}");
    let text = if ui.state.words.has(&key) { ui.say(&key) } else { word.chars().take(40).collect() };
    state(level, text)
}

fn key_state(ui: &Ui<'_>, now: KeyState) -> El {
    let level = match now {
        KeyState::Usable => "pass",
        KeyState::Broken | KeyState::Revoked | KeyState::Missing => "stops",
        KeyState::Failed(_) => "unknown",
    };
    let shown = el("span").with(state(level, ui.say(&now.key())));
    match now {
        KeyState::Failed(failure) => shown.with(finding::failure(ui, failure)),
        _ => shown,
    }
}

/// Results that somebody else wrote, which nobody should believe (RFC 8601 section 5).
fn strangers(ui: &Ui<'_>, header: &HeaderReading) -> Option<El> {
    let foreign: Vec<&AuthResults> = header
        .results
        .iter()
        .filter(|results| results.trust != Trust::Receiver)
        .take(MOST_STRANGERS)
        .collect();
    if foreign.is_empty() {
        return None;
    }
    let items = foreign.into_iter().enumerate().map(|(at, results)| {
        let found: Vec<String> = results
            .results
            .iter()
            .take(8)
            .map(|result| format!("{}={}", result.method, result.result).chars().take(60).collect())
            .collect();
        let id: String = results.id.as_deref().unwrap_or("?").chars().take(120).collect();
        el("li")
            .key(&at.to_string())
            .put("data-level", "unknown")
            .put("data-trust", results.trust.as_str())
            .with(
                el("span")
                    .text(ui.say(&results.trust.key()))
                    .text(" ")
                    .with(el("code").text(id))
                    .text(" ")
                    .with(part("code", "note").text(found.join(", "))),
            )
    });
    Some(part("ul", "marks lines strangers").all(items.collect()))
}
