//! What shares and keeps results: the link as a code, the result in words, checks of earlier visits. Its program is fetched when
//! one of them is opened.

mod code;
mod compared;
mod past;
mod readings;

use yew::prelude::{Html, html};

use self::{code::LinkCode, past::PastPanel, readings::ReadingsPanel};
use super::{
    parts::{found::knowledge, summary::when_and_where},
    shared::Shared,
    ui::Ui,
};
use crate::shell::state::SharingPanel;

/// One of its panels.
pub fn panel(ui: &Ui<'_>, open: SharingPanel) -> Html {
    let state = ui.state;
    let page = ui.page.clone();
    let Some(knowledge) = knowledge(ui) else { return Html::default() };
    let report = state.machine.check.report().cloned().map(Shared::from);
    match (open, report) {
        (SharingPanel::Past, _) => html! { <PastPanel {page} {knowledge} /> },
        (SharingPanel::Code, Some(_)) => html! { <LinkCode {page} link={state.link()} /> },
        (SharingPanel::Readings, Some(report)) => html! {
            <ReadingsPanel
                {page}
                {knowledge}
                {report}
                kept_at={state.kept_at.clone()}
                seen={when_and_where(state)}
                checked={state.machine.checked()}
            />
        },
        (SharingPanel::Code | SharingPanel::Readings, None) => Html::default(),
    }
}
