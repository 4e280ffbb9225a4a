//! What a second resolver says, below the results.

use yew::prelude::{Html, html};

use super::what_if::tools;
use crate::{
    components::{
        h::{El, part},
        opinion::SecondOpinion,
        ui::Ui,
    },
    machine::NOT_HAD,
    shell::state::Action,
};

/// The id of its element.
pub const ID: &str = "second";

/// The button, or what came of it, once a check has come to its end. What is recorded asked nobody.
pub fn place(ui: &Ui<'_>) -> Option<El> {
    ui.state.learnt.as_ref().filter(|learnt| learnt.beyond.is_none())?;
    let asked = ui.state.second_opinion.is_some() && ui.state.second_opinion == run(ui);
    let place = part("section", "what-if no-print").key(ID).put("id", ID).put("tabindex", "-1");
    let place = place.set("aria-label", ui.say("opinion.ask"));
    Some(if !asked {
        place.with(ui.button("quiet", "opinion.ask", Action::AskSecond))
    } else if let Some(tools) = tools(ui) {
        place.node((tools.opinion)(ui))
    } else {
        fetching(ui, place, Action::AskSecond)
    })
}

/// That what belongs here is on its way, or cannot be had and is tried again by `again`.
pub fn fetching(ui: &Ui<'_>, place: El, again: Action) -> El {
    if ui.state.tools_failed {
        let error = part("p", "error").put("role", "alert").text(ui.say(NOT_HAD));
        return place.with(error).with(ui.button("quiet", "ui.retry", again));
    }
    place.with(part("p", "note").text(ui.say("ui.verdict.running")))
}

fn run(ui: &Ui<'_>) -> Option<u32> {
    ui.state.machine.check.run().map(|run| run.number)
}

/// What came of it.
pub fn panel(ui: &Ui<'_>) -> Html {
    let Some(learnt) = ui.state.learnt.clone() else { return Html::default() };
    html! {
        <SecondOpinion
            scene={(**ui.scene).clone()}
            kept={ui.memory.opinion.clone()}
            asking={ui.asking.clone()}
            unix={ui.state.machine.checked().unwrap_or_default()}
            {learnt}
        />
    }
}
