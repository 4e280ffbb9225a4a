//! The place of what shares and keeps results, whose program follows when somebody opens it.

use crate::{
    components::{
        h::{El, el, part},
        ui::Ui,
    },
    machine::NOT_HAD,
    shell::state::{Action, SharingPanel},
};

/// The id of its element.
pub const SHARING: &str = "sharing";

/// The panel that is open, or on a page without a result the way to earlier checks.
pub fn place(ui: &Ui<'_>) -> Option<El> {
    let sharing = &ui.state.sharing;
    let Some(open) = sharing.open else {
        let offered = sharing.has_past && ui.report().is_none();
        let open = Action::OpenSharing(Some(SharingPanel::Past));
        return offered.then(|| el("p").key(SHARING).with(ui.button("link", "ui.past", open)));
    };
    let place = part("section", "panel").key(SHARING).put("id", SHARING).put("tabindex", "-1");
    let place = match ui.state.tools.filter(|_| ui.state.knowledge.is_some()) {
        Some(tools) => place.node((tools.sharing)(ui, open)),
        None if sharing.failed => place
            .with(part("p", "error").put("role", "alert").text(ui.say(NOT_HAD)))
            .with(ui.button("quiet", "ui.retry", Action::OpenSharing(Some(open)))),
        None => place.put("aria-busy", "true"),
    };
    Some(place.with(ui.button("quiet", "ui.close", Action::OpenSharing(None))))
}
