//! The message to whoever can help, in its place.

use yew::prelude::{Html, html};

use super::{
    contact::host,
    found::{knowledge, provider_id},
};
use crate::components::{shared::Shared, ticket::TicketPanel, ui::Ui};

/// Its panel.
pub fn ticket(ui: &Ui<'_>) -> Html {
    let state = ui.state;
    let report = state.machine.check.report().cloned();
    let reading = state.paste.as_ref().and_then(|paste| paste.reading.clone());
    html! {
        <TicketPanel
            page={ui.page.clone()}
            kept={ui.memory.ticket.clone()}
            wish={state.wish.clone()}
            report={report.map(Shared::from)}
            reading={reading.map(Shared::from)}
            knowledge={knowledge(ui)}
            provider={provider_id(ui)}
            host={host(ui, ui.report()).map(|host| host.id.clone())}
            checked={state.machine.checked()}
            ticks={state.ticks.clone()}
            keys={state.keys.clone()}
            choose_provider={ui.callbacks.choose_provider.clone()}
        />
    }
}
