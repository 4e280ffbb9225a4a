//! Records that somebody changes to see what would become of it, below the results.

use mail_triage_browser::{dom, words::TOOLS};
use yew::prelude::{Html, html};

use crate::{
    components::{
        h::{El, On, el, part},
        ui::Ui,
        what_if::WhatIf,
    },
    shell::{entrust, program::Tools, state::Action},
};

/// The id of its element.
const ID: &str = "try";

/// The fold, once a check has come to its end. A link with changes opens it.
pub fn fold(ui: &Ui<'_>) -> Option<El> {
    ui.state.learnt.as_ref()?;
    let named = ui.state.machine.route.asked().is_some_and(|asked| !asked.tried.is_empty());
    let own = ui.report().is_some_and(|report| report.headline.verdict.has_records_of_the_user());
    if !own && !named {
        return None;
    }
    let open = ui.state.trying.unwrap_or(named);
    let fold = part("details", "what-if no-print").put("id", ID).flag("open", open);
    let inside = open.then(|| match tools(ui) {
        Some(tools) => el("div").node((tools.what_if)(ui)),
        None => part("p", "note").text(ui.say("ui.verdict.running")),
    });
    let fold = ui.on(fold, On::Toggle, |event| dom::unfolded(event).map(Action::Try));
    Some(fold.with(el("summary").with(ui.el("h2", "try.title"))).maybe(inside))
}

/// What comes later for it, once its texts are there too.
pub fn tools(ui: &Ui<'_>) -> Option<&'static Tools> {
    ui.state.tools.filter(|_| ui.state.words.has_part(TOOLS))
}

/// What is in the fold.
pub fn panel(ui: &Ui<'_>) -> Html {
    let Some(learnt) = ui.state.learnt.clone() else { return Html::default() };
    let tried = ui.state.machine.route.asked().map(|asked| asked.tried.clone()).unwrap_or_default();
    html! {
        <WhatIf
            scene={(**ui.scene).clone()}
            kept={ui.memory.what_if.clone()}
            asking={ui.asking.clone()}
            keys={entrust::keys(ui.state)}
            learnt={learnt}
            tried={tried}
        />
    }
}
