//! Are the settings of the mail program right? A form judged field by field, where the fields are in common programs,
//! and tests on the user's own machine. There is no field for a password, on purpose.

mod form;
mod lookup;
mod on_machine;
mod programs;
mod remark;

use mail_triage_engine::{
    driver::Driver,
    knowledge::Knowledge,
    settings::{self, PublishedServer, SettingsContext},
};
use yew::prelude::{Html, Properties, component};

use self::programs::programs;
use super::{
    asking::Asking,
    kept::{Kept, use_kept},
    page_context::PageContext,
    shared::Shared,
};
use crate::{components::h::part, panels::settings::Settings as Entered};

/// What the form holds, and the lookup of the server that was typed.
#[derive(Default)]
pub struct State {
    entered: Entered,
    lookup: Option<Driver>,
}

/// What the form works with.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The words of the page, and its clipboard.
    pub page: PageContext,
    /// What was typed before.
    pub kept: Kept<State>,
    /// Through whom a server is looked up; nobody for an example.
    pub asking: Option<Asking>,
    /// The providers and what they want.
    pub knowledge: Option<Shared<Knowledge>>,
    /// The provider at hand, by its id.
    pub provider: Option<String>,
    /// The domain that mail is sent from.
    pub domain: Option<String>,
    /// The servers that it publishes.
    pub published: Vec<PublishedServer>,
    /// Its hosts with automatic settings for mail programs.
    pub automatic: Vec<String>,
}

/// All of it.
#[component]
pub fn Settings(props: &Props) -> Html {
    let page = &props.page;
    let held = use_kept(&props.kept);
    let providers = props.knowledge.as_ref().map(|knowledge| &knowledge.providers);
    let typed = held.get().entered.typed();
    let around = SettingsContext {
        providers,
        provider: props.provider.as_ref().and_then(|id| providers?.by_id(id)),
        published: props.published.clone(),
        domain: props.domain.clone(),
        lookup: held.get().entered.lookup(),
    };
    let judged = settings::judge(&typed, &around);
    part("section", "calc no-print")
        .put("id", "smtp")
        .with(page.el("h3", "smtp.title"))
        .with(part("p", "note").text(page.say("smtp.intro")))
        .with(form::form(props, &held, &judged, around.provider))
        .with(programs(page))
        .with(page.el("h3", "smtp.test"))
        .with(part("p", "note").text(page.say("smtp.test.intro")))
        .with(on_machine::lines(page, &typed, &around))
        .with(on_machine::output(page, &held, typed.method))
        .into()
}
