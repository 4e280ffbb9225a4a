//! What is watched until it is fixed, below the causes.

use mail_triage_browser::{
    clock,
    notify::{Permission, permission},
    words,
};
use mail_triage_engine::{report::Report, report_text::row_title, watch::causes};

use super::{opinion::fetching, what_if::tools};
use crate::{
    components::{
        h::{El, el, part},
        ui::Ui,
    },
    machine::{Watch, WatchStage},
    shell::{
        state::Action,
        watch::{WatchAction, Watching},
    },
};

/// The id of its element.
pub const ID: &str = "watch";

/// The button, where there is something to wait for and nothing is watched yet. What is recorded never changes, and what others
/// keep is mended by others.
pub fn button(ui: &Ui<'_>, report: &Report) -> Option<El> {
    let learnt = ui.state.learnt.as_ref().filter(|learnt| learnt.beyond.is_none());
    let own = report.headline.verdict.has_records_of_the_user();
    let wanted = ui.state.wants_watch || at_hand(ui).is_some();
    let offered = learnt.is_some() && own && !wanted && !causes(report).is_empty();
    offered.then(|| ui.button("quiet", "watch.begin", Action::Watch(WatchAction::Begin)))
}

/// The watch over the result at hand.
fn at_hand<'a>(ui: &Ui<'a>) -> Option<&'a Watching> {
    let run = ui.state.machine.check.run()?.number;
    ui.memory.watch.as_ref().filter(|watching| watching.run == run)
}

/// The place of it, once it is wanted.
pub fn place(ui: &Ui<'_>) -> Option<El> {
    let place = part("section", "since no-print").key(ID).put("id", ID).put("tabindex", "-1");
    match (at_hand(ui), tools(ui)) {
        (Some(watching), Some(tools)) => Some(place.with((tools.watched)(ui, watching))),
        _ if ui.state.wants_watch => Some(fetching(ui, place, Action::Watch(WatchAction::Begin))),
        _ => None,
    }
}

/// What is watched, and how far that is.
pub fn watched(ui: &Ui<'_>, watching: &Watching) -> El {
    let before = watching.watched.before();
    let titles = watching.watched.rows().iter().filter_map(|row| {
        let title = row_title(before, row, ui.state.words.catalog(), words::plural)?;
        Some(el("li").key(&title).text(title.as_str()))
    });
    let titles: Vec<El> = titles.collect();
    let on = watching.watch.is_on();
    let again = if on { "watch.stop" } else { "ui.close" };
    el("div")
        .put("data-watch", stage(&watching.watch))
        .with(ui.el("h3", "watch.title"))
        .with(el("ul").all(titles))
        .with(part("p", "watch-now").put("role", "status").text(now(ui, &watching.watch)))
        .maybe(last(ui, &watching.watch).map(|text| part("p", "note").text(text)))
        .maybe(on.then(|| part("p", "note").text(ui.say("watch.open"))))
        .maybe(on.then(|| notice(ui)))
        .with(part("div", "actions").with(ui.button("quiet", again, Action::Watch(WatchAction::Stop))))
}

/// How far it is, in one word.
fn stage(watch: &Watch) -> &'static str {
    match watch.stage {
        WatchStage::Waiting(_) => "waiting",
        WatchStage::Looking => "looking",
        WatchStage::Fixed(_) => "fixed",
        WatchStage::Over => "over",
    }
}

/// The same in a sentence.
fn now(ui: &Ui<'_>, watch: &Watch) -> String {
    let time = |unix| clock::near_time(unix, ui.state.words.language());
    match watch.stage {
        WatchStage::Waiting(next) => ui.with("watch.next", "time", time(next)),
        WatchStage::Looking => ui.say("watch.looking"),
        WatchStage::Fixed(at) => ui.with("watch.fixed", "time", time(at)),
        WatchStage::Over => ui.say("watch.over"),
    }
}

/// What was found last.
fn last(ui: &Ui<'_>, watch: &Watch) -> Option<String> {
    let (unix, look) = watch.last.filter(|_| watch.is_on())?;
    let key = match (look.mended, look.unsure) {
        (0, 0) => "watch.last",
        (0, _) => "watch.last.unsure",
        _ => "watch.last.some",
    };
    let time = clock::near_time(unix, ui.state.words.language());
    let values = [("time", time.into()), ("n", look.mended.into()), ("all", look.all.into())];
    Some(ui.state.words.with(key, values))
}

/// Whether a notification will tell it, and the way to that.
fn notice(ui: &Ui<'_>) -> El {
    match permission() {
        Permission::NotAsked => {
            part("p", "").with(ui.button("link", "watch.notify", Action::Watch(WatchAction::Notify)))
        }
        Permission::Granted => part("p", "note").text(ui.say("watch.notify.on")),
        Permission::Denied => part("p", "note").text(ui.say("watch.notify.off")),
    }
}
