//! Records that somebody changes to see what would become of it, below the results.

use yew::prelude::{Html, html};

use crate::{
    components::{ui::Ui, what_if::WhatIf},
    shell::entrust,
};

/// The panel, once a check has come to its end.
#[inline(never)]
pub fn panel(ui: &Ui<'_>) -> Option<Html> {
    let learnt = ui.state.learnt.clone()?;
    let tried = ui.state.machine.route.asked().map(|asked| asked.tried.clone()).unwrap_or_default();
    Some(html! {
        <WhatIf
            scene={(**ui.scene).clone()}
            kept={ui.memory.what_if.clone()}
            asking={ui.asking.clone()}
            keys={entrust::keys(ui.state)}
            learnt={learnt}
            tried={tried}
        />
    })
}
