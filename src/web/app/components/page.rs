//! The page as a whole.

use yew::prelude::{Html, html};

use super::{ask, header, steps, summary};
use crate::web::app::{
    guide::Guide,
    state::{Phase, State},
    ui::Ui,
};

/// The page.
pub fn page(ui: &Ui, state: &State, guide: &Guide) -> Html {
    html! {
        <div class="page" data-state={state.phase.as_str()}>
            { header::header(ui, state) }
            <main>
                <h1>{ ui.say("static.title") }</h1>
                <p class="lead">{ ui.say("static.lead") }</p>
                { ask::form(ui, state) }
                if let (Some(report), true) = (&state.report, state.phase != Phase::Idle) {
                    { summary::summary(ui, state, report) }
                }
                { steps::steps(ui, state, guide) }
            </main>
            <footer class="foot"><p>{ ui.say("static.privacy") }</p></footer>
        </div>
    }
}
