//! Which provider it is: recognised, or chosen by the user.

use mail_triage_engine::knowledge::{Provider, Providers};

use super::{on::typed, page_context::PageContext};
use crate::components::h::{El, el, part};

/// The choice; `current` is the provider at hand.
pub fn provider_choice(
    page: &PageContext,
    providers: &Providers,
    current: Option<&Provider>,
    choose: impl Fn(String) + 'static,
) -> El {
    let current = current.map(|provider| provider.id.as_str()).unwrap_or_default();
    // Options come into being from the last to the first, and the browser would choose the first of those.
    let none = el("option").key("").put("value", "").flag("selected", current.is_empty());
    let mut options = vec![none.text(page.say("ui.provider.choose"))];
    let option = |provider: &Provider| {
        let option = el("option").key(&provider.id).set("value", provider.id.clone());
        option.flag("selected", provider.id == current).text(provider.name.as_str())
    };
    options.extend(providers.providers.iter().map(option));
    let select = el("select").all(options).key(current);
    el("div").with(part("label", "field").with(page.el("span", "ui.provider")).with(typed(select, choose)))
}
