//! The resolver that is being chosen, above the results.

use yew::prelude::{Html, html};

use crate::components::{resolver::ResolverChoice, ui::Ui};

/// Its panel.
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
