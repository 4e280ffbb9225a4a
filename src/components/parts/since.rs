//! What became of what the check before had found.

use crate::{
    components::{
        h::{El, el, part},
        ui::Ui,
    },
    machine::Since,
};
use mail_triage_browser::{clock, words, words::args};
use mail_triage_engine::{
    report::{
        Report,
        changes::{self, Change},
    },
    report_text::row_title,
    text::Arg,
};

/// How many were mended, are new, are as they were; which are gone, and what could not be looked at again.
pub fn since(ui: &Ui<'_>) -> Option<El> {
    let since = ui.state.machine.outcome()?.since.as_ref()?;
    let counts = changes::Since::ALL.iter().filter_map(|what| {
        let n = since.changes.iter().filter(|change| change.since == *what).count();
        (n > 0).then(|| ui.count(&what.key(), n))
    });
    let counts: Vec<String> = counts.collect();
    let time = clock::time_of_day(since.unix, ui.state.words.language());
    let said = args([("time", time.into()), ("counts", Arg::list(&counts))]);
    let key = if counts.is_empty() { "since.nothing" } else { "since.title" };
    let gone: Vec<El> = [changes::Since::Mended, changes::Since::NotChecked]
        .into_iter()
        .flat_map(|what| since.changes.iter().filter(move |change| change.since == what))
        .filter_map(|change| row(ui, &since.before, change))
        .collect();
    let section = part("section", "since")
        .put("id", "since")
        .with(el("h3").text(ui.state.words.fill(key, &said)))
        .maybe((!gone.is_empty()).then(|| el("ul").all(gone)));
    Some(section.maybe(waits(ui, since)))
}

/// One that is gone, or could not be looked at.
fn row(ui: &Ui<'_>, before: &Report, change: &Change) -> Option<El> {
    let title = row_title(before, &change.row, ui.state.words.catalog(), words::plural)?;
    let (level, key) = match change.since {
        changes::Since::Mended => ("pass", "since.mended"),
        _ => ("unknown", "since.not-checked"),
    };
    let state = part("span", "state").put("data-level", level).text(ui.say(key));
    Some(el("li").put("data-since", change.since.as_str()).with(state).text(" ").text(title))
}

/// Until when resolvers may go on giving old answers about what is as it was.
fn waits(ui: &Ui<'_>, since: &Since) -> Option<El> {
    let longest = since.changes.iter().filter_map(|change| change.old_answer_lives).max()?;
    let until = since.unix + i64::from(longest);
    (until > clock::unix()).then(|| {
        let time = clock::time_of_day(until, ui.state.words.language());
        part("p", "note").text(ui.with("since.wait", "time", time))
    })
}
