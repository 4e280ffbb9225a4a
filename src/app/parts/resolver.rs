//! The resolver that is being chosen, above the results.

use yew::prelude::{Html, html};

use crate::{app::ui::Ui, components::resolver::ResolverChoice};

/// Its panel.
#[inline(never)]
pub fn choice(ui: &Ui<'_>, choice: &str) -> Html {
    html! {
        <ResolverChoice
            page={ui.page.clone()}
            kept={ui.memory.resolver.clone()}
            asking={ui.asking.clone()}
            choice={choice.to_owned()}
            number={ui.state.choices}
            chosen={ui.callbacks.resolver_chosen.clone()}
            closed={ui.callbacks.keep_resolver.clone()}
        />
    }
}
