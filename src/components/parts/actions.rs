//! What can be done with a result as a whole: few buttons, behind two of which there are more.

use mail_triage_browser::{dom, share::can_share};
use mail_triage_engine::report::Report;

use super::watch;
use crate::{
    components::{
        h::{El, On, el, part},
        ui::Ui,
    },
    machine::Event,
    shell::{
        seen::has_sender,
        state::{Action, SharingPanel},
    },
};

/// What can be done with the result.
pub fn actions(ui: &Ui<'_>, report: &Report) -> El {
    let failed = report.evidence.iter().any(|evidence| evidence.outcome.failure().is_some());
    // In this order they take the fewest rows on a phone.
    part("div", "actions")
        .with(ui.button("quiet", "ui.again", Action::Do(Event::Again { fresh: true })))
        .with(menu(ui, "ui.actions.share", share(ui, report)))
        .with(menu(ui, "ui.actions.save", save(ui)))
        .maybe(failed.then(|| ui.button("quiet", "ui.retry.all", Action::Do(Event::Retry(None)))))
        .with(ui.button("quiet", "ui.actions.write", Action::ShowMessage(None)))
        .maybe(watch::button(ui, report))
}

/// Ways to show the result to somebody else.
fn share(ui: &Ui<'_>, report: &Report) -> Vec<El> {
    let machine = &ui.state.machine;
    let seen = machine.example().is_none() && !machine.is_seen() && has_sender(report);
    let mut items = vec![item(ui, "ui.share", Action::Share)];
    items.extend(seen.then(|| item(ui, "ui.share.seen", Action::ShareSeen)));
    items.extend(can_share().then(|| item(ui, "share.send", Action::Send)));
    items.push(item(ui, "share.code", Action::OpenSharing(Some(SharingPanel::Code))));
    items
}

/// Ways to keep the result.
fn save(ui: &Ui<'_>) -> Vec<El> {
    let open = |key, panel| item(ui, key, Action::OpenSharing(Some(panel)));
    vec![
        item(ui, "ui.copy.report", Action::CopyReport),
        open("save.readings", SharingPanel::Readings),
        item(ui, "ui.print", Action::Print),
        open("ui.past", SharingPanel::Past),
    ]
}

/// A button behind which there are more; see [`mail_triage_browser::menus`].
fn menu(ui: &Ui<'_>, key: &str, items: Vec<El>) -> El {
    part("details", "menu")
        .key(key)
        .with(part("summary", "quiet").text(ui.say(key)))
        .with(part("div", "menu-body").all(items))
}

/// What is chosen in a menu, which closes.
fn item(ui: &Ui<'_>, key: &str, action: Action) -> El {
    let button = el("button").put("type", "button").key(key).text(ui.say(key));
    ui.on(button, On::Click, move |event| {
        event.prevent_default();
        dom::fold(event);
        Some(action.clone())
    })
}
