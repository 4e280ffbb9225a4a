//! What a pasted message says: what happened, who must act, and what of it still holds.

use super::{ask, compared, finding, steps, summary, way};
use crate::{
    components::{
        h::{El, el, part},
        sender_form::SenderForm,
        ui::{Ui, host_of},
    },
    machine::Phase,
    shell::{
        messages,
        start::EXPLAINED,
        state::{Action, Paste},
    },
};
use mail_triage_engine::{
    bounce::{
        self, Basis, BounceFact, BounceReading, BounceVerdict, Claim, ClaimStatus, FactKind, Finality,
        PastedKind, READ_AT_EACH_END,
    },
    checklist::ChecklistStep,
    knowledge::ResponsibleParty,
    text::close_up,
};
use yew::prelude::{Html, html};

/// Characters of the text that are shown around the words that told it.
const AROUND: usize = 4_000;

/// The explanation.
pub fn explained(ui: &Ui<'_>, paste: &Paste, reading: &BounceReading) -> El {
    let mut all = part("div", "explained").put("id", EXPLAINED).put("tabindex", "-1");
    let header = reading.header.as_ref();
    let not_passed = header.map(|header| header.not_passed()).unwrap_or_default();
    if reading.verdicts.is_empty() {
        let key = match reading.kind {
            PastedKind::Headers | PastedKind::Message if !not_passed.is_empty() => "header.read.not-passed",
            PastedKind::Headers if header.is_some() => "header.read.headers",
            PastedKind::Message if header.is_some() => "header.read.message",
            _ if reading.facts.is_empty() && header.is_none() => "bounce.nothing",
            _ => "bounce.no-error",
        };
        all = all
            .with(part("p", "said").text(ui.with(key, "tests", not_passed.join(", "))))
            .node(sender(ui, paste));
    }
    let mut facts = facts(ui, paste, reading);
    let verdicts = reading.verdicts.iter().enumerate();
    let verdict = |(at, one): (usize, &BounceVerdict)| {
        let ask = if at == 0 { sender(ui, paste) } else { Html::default() };
        let facts = if at == 0 && is_checked(one) { facts.take() } else { None };
        verdict(ui, reading, one, (ask, facts)).key(&at.to_string())
    };
    all = all.all(verdicts.map(verdict).collect());
    let told = header.is_none() || !reading.verdicts.is_empty();
    let compared = || header.and_then(|header| compared::compared(ui, paste, header));
    // What the receiver found amiss comes first.
    let (first, last) = if not_passed.is_empty() { (None, compared()) } else { (compared(), None) };
    all.maybe(facts)
        .maybe(first)
        .maybe(header.and_then(|header| way::remarks(ui, header)))
        .maybe(header.and_then(|header| way::way(ui, header)))
        .maybe(last)
        .maybe(
            (reading.skipped > 0)
                .then(|| part("p", "note").text(ui.with("bounce.long", "n", READ_AT_EACH_END / 1024))),
        )
        .maybe(told.then(|| text(ui, reading)))
}

/// Whether the checks tell what has to be done about it: then they stand above what only explains.
fn is_checked(verdict: &BounceVerdict) -> bool {
    matches!(verdict.step, ChecklistStep::Blocklists | ChecklistStep::Dns)
}

/// One of the causes. What asks the user for something, and what can be checked, stands where it is seen at once: above what
/// only explains.
fn verdict(
    ui: &Ui<'_>,
    reading: &BounceReading,
    verdict: &BounceVerdict,
    (ask, facts): (Html, Option<El>),
) -> El {
    let words = &ui.state.words;
    let mut rows: Vec<(&'static str, Vec<String>)> = Vec::new();
    let who = verdict.who.iter().map(|who| ui.say(&who.key()));
    rows.push(("who", who.collect()));
    if verdict.finality != Finality::Unknown {
        rows.push(("finality", vec![ui.say(&verdict.finality.key())]));
    }
    rows.push(("retry", vec![ui.say(&verdict.retry.key())]));
    if let Some(provider) = &verdict.provider {
        rows.push(("by", vec![provider.name.clone()]));
    }
    let list = rows.into_iter().map(|(key, values)| {
        let mut row = el("div").key(key).with(ui.el("dt", &format!("bounce.row.{key}")));
        for value in values {
            row = row.with(el("dd").text(value));
        }
        row
    });
    let step = format!("step-{}", verdict.step.number());
    let go = el("a").set("href", format!("#{step}")).text(format!(
        "{} {}",
        verdict.step.number(),
        steps::text(ui, verdict.step, "title")
    ));
    // What only the sender can mend, and alone, nobody needs to be written to for.
    let alone = verdict.step == ChecklistStep::Contact && verdict.who.first() == Some(&ResponsibleParty::You);
    let helps = !alone && verdict.who.first() != Some(&ResponsibleParty::Wait);
    part("article", "verdict")
        .put("data-cause-known", if verdict.cause.is_some() { "yes" } else { "no" })
        .set("data-cause", verdict.cause.clone().unwrap_or_default())
        .set("data-leads-to", verdict.step.number().to_string())
        .with(part("h3", "said").text(close_up(&words.fill(&verdict.said.key, &verdict.said.args))))
        .maybe(quoted(ui, reading, verdict))
        .with(part("p", "advice").text(close_up(&words.fill(&verdict.advice.key, &verdict.advice.args))))
        .maybe(facts)
        .with(part("dl", "rows").all(list.collect()))
        .node(ask)
        .with(el("p").text(ui.say("bounce.step")).with(ui.press(go, Action::Reveal(step))))
        .maybe(helps.then(|| el("p").with(ui.button("quiet", "bounce.write", Action::ShowMessage(None)))))
        .maybe((!verdict.claims.is_empty()).then(|| claims(ui, reading, &verdict.claims)))
        .maybe(recognised(ui, verdict))
        .maybe(verdict.page.as_ref().map(|page| explaining_page(ui, page)))
}

/// What was said, where the cause cannot be told: somebody may see more in it.
fn quoted(ui: &Ui<'_>, reading: &BounceReading, verdict: &BounceVerdict) -> Option<El> {
    let span = verdict.span.clone().filter(|_| verdict.cause.is_none())?;
    let said = reading.text.get(span)?.trim();
    (!said.is_empty()).then(|| {
        let quote = part("div", "record").with(el("code").text(said));
        part("div", "quoted").with(el("p").text(ui.say("bounce.quoted"))).with(quote)
    })
}

/// How it was recognised, if it was.
fn recognised(ui: &Ui<'_>, verdict: &BounceVerdict) -> Option<El> {
    if verdict.basis == Basis::Nothing {
        return None;
    }
    let note = part("p", "note").text(ui.with("bounce.recognised", "basis", ui.say(&verdict.basis.key())));
    let source = verdict.source.as_ref().filter(|source| source.starts_with("https://"));
    Some(match source {
        Some(source) => note.text(" ").with(ui.external(source, host_of(source))),
        None => note,
    })
}

/// The way to the page that explains the cause: it is plain HTML, and can be sent to somebody.
fn explaining_page(ui: &Ui<'_>, page: &str) -> El {
    let page = format!("errors/{}/{page}.html", ui.state.words.language());
    part("p", "note no-print").with(el("a").set("href", page).text(ui.say("bounce.page")))
}

/// What it claims, and how that stands now.
fn claims(ui: &Ui<'_>, reading: &BounceReading, claims: &[Claim]) -> El {
    let time = reading.facts.iter().find(|fact| fact.kind == FactKind::Time).map(|fact| fact.value.as_str());
    let items = claims.iter().enumerate().map(|(at, claim)| {
        let mut about: Vec<&str> = Vec::new();
        about.extend(claim.subject.as_deref());
        about.extend(claim.list_name.as_deref());
        about.extend(time);
        let mut said = ui.say(&claim.kind.key());
        if !about.is_empty() {
            said = format!("{said} ({})", about.join(", "));
        }
        let (now, places) = bounce::claim_status(claim, ui.report());
        let level = match now {
            ClaimStatus::Still => "stops",
            ClaimStatus::Unknown | ClaimStatus::NeedsAddress => "unknown",
            ClaimStatus::Gone => "pass",
            ClaimStatus::NotChecked | ClaimStatus::Running => "info",
        };
        let mut item =
            el("li")
                .key(&at.to_string())
                .put("data-now", now.as_str())
                .with(part("p", "claim-said").text(ui.say("bounce.said")).with(el("b").text(said)))
                .with(el("p").text(ui.say("bounce.now")).with(
                    part("span", "state").put("data-level", level).text(ui.say(&now_key(ui, claim, now))),
                ));
        if let Some((report, &place)) = ui.report().zip(places.first())
            && let Some(found) = report.finding(place)
        {
            let link = finding::link(ui, report, place).text(finding::title(ui, found));
            item = item.with(el("p").with(link));
        }
        item
    });
    part("ul", "claims").all(items.collect())
}

/// How it stands; some claims have words of their own for that.
fn now_key(ui: &Ui<'_>, claim: &Claim, now: ClaimStatus) -> String {
    let key = now.key();
    let own = format!("{key}.{}", claim.kind.as_str());
    if ui.state.words.has(&own) { own } else { key }
}

/// What can be asked about, each with a button that leaves it out.
fn facts(ui: &Ui<'_>, paste: &Paste, reading: &BounceReading) -> Option<El> {
    let proposed: Vec<(usize, &BounceFact)> =
        reading.facts.iter().enumerate().filter(|(_, fact)| fact.proposed).collect();
    if proposed.is_empty() {
        return None;
    }
    let chips = proposed.into_iter().map(|(at, fact)| {
        let off = paste.removed.contains(&at);
        let what = format!("{} {}", ui.say(&fact.kind.key()), fact.value);
        let key = if off { "bounce.chip.back" } else { "bounce.chip.drop" };
        let button = part("button", "chip-x")
            .put("type", "button")
            .set("aria-label", ui.with(key, "what", what))
            .text(if off { "+" } else { "×" });
        part("li", "chip")
            .key(&at.to_string())
            .flag("data-off", off)
            .text(format!("{} ", ui.say(&fact.kind.key())))
            .with(el("code").text(fact.value.as_str()))
            .with(ui.press(button, Action::DropFact(at)))
    });
    let may = messages::can_check(paste);
    let check = ui.button("primary", "bounce.check", Action::CheckPaste).flag("disabled", !may);
    Some(
        part("div", "chips-box")
            .with(ui.el("h3", "bounce.facts"))
            .with(part("ul", "chips").all(chips.collect()))
            .with(part("div", "actions").with(check))
            .maybe(progress(ui))
            .with(part("p", "note").text(ui.say("bounce.check.note"))),
    )
}

/// Asks for the domain of the sender where the message does not name it.
fn sender(ui: &Ui<'_>, paste: &Paste) -> Html {
    if !paste.asks_for_sender || !ui.state.is_explained() {
        return Html::default();
    }
    let (words, happened) = (ui.state.words.clone(), ui.callbacks.happened.clone());
    let error = ui.state.machine.form.error.clone();
    html! {
        <>
            <SenderForm {words} {error} {happened} />
            { ask::again(ui).map(Html::from).unwrap_or_default() }
        </>
    }
}

/// How far the check of what was pasted is: its results stand below all that is said here.
fn progress(ui: &Ui<'_>) -> Option<El> {
    let report = ui.report().filter(|_| ui.state.machine.beside.message.asked.is_some())?;
    let line = part("p", "checked");
    Some(if ui.state.machine.phase() == Phase::Running {
        let (done, total) = (report.progress.done, report.progress.total);
        line.text(ui.state.words.with("ui.progress", [("done", done.into()), ("n", total.into())]))
    } else {
        let link = el("a").set("href", format!("#{}", summary::ID)).text(ui.say("bounce.see"));
        line.with(ui.press(link, Action::Reveal(summary::ID.to_owned())))
    })
}

/// The text as it was read, the words that told it marked.
fn text(ui: &Ui<'_>, reading: &BounceReading) -> El {
    let whole = reading.text.as_str();
    let told = reading.verdicts.iter().find_map(|verdict| Some((verdict.span.clone()?, verdict.speaker)));
    let (span, speaker) = told.unwrap_or((0..0, None));
    let edge = |mut at: usize| {
        while !whole.is_char_boundary(at) {
            at += 1;
        }
        at
    };
    let from = edge(span.start.saturating_sub(AROUND));
    let to = edge((span.end + AROUND).min(whole.len()));
    let piece = |part: std::ops::Range<usize>| whole.get(part).unwrap_or_default();
    let mut shown = el("code").text(if from > 0 { "… " } else { "" }).text(piece(from..span.start));
    if !span.is_empty() {
        shown = shown.with(el("mark").text(piece(span.clone())));
    }
    shown = shown.text(piece(span.end.max(from)..to)).text(if to < whole.len() { " …" } else { "" });
    // Who said the words that are marked.
    let by =
        speaker.filter(|_| !span.is_empty()).map(|speaker| part("p", "note").text(ui.say(&speaker.key())));
    part("details", "evidence")
        .with(ui.el("summary", "bounce.text"))
        .maybe(by)
        .with(part("div", "record").with(shown))
}
