//! The page on which many domains are checked.

use yew::prelude::{Html, html};

use super::what_if::tools;
use crate::{
    components::{many::Many, shared::Shared, ui::Ui},
    shell::entrust,
};

/// The page.
pub fn page(ui: &Ui<'_>) -> Html {
    let (Some(knowledge), Some(_)) = (ui.state.knowledge.clone(), tools(ui)) else {
        return Html::default();
    };
    let dropped = ui.state.dropped_list.clone().map(Shared::from);
    html! {
        <Many
            page={ui.page.clone()}
            kept={ui.memory.many.clone()}
            asking={ui.asking.clone()}
            keys={entrust::keys(ui.state)}
            knowledge={Shared::from(knowledge)}
            {dropped}
        />
    }
}
