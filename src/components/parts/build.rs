//! The page on which a record is put together, and the links to it.

use mail_triage_engine::{
    report::Report,
    route::{BuildKind, CheckRequest, Route, View, building},
};
use yew::prelude::html;

use super::summary;
use crate::{
    components::{
        builder::Builder,
        h::{El, el, part},
        ui::Ui,
    },
    machine::Phase,
    shell::{entrust, state::Build},
};

/// The id of the heading, to which the focus goes.
pub const TITLE: &str = "build-title";

/// Links to the pages on which the records of the domain at hand are put together.
pub fn links(ui: &Ui<'_>, report: &Report) -> Option<El> {
    let wanted = ui.state.machine.example().is_none() && report.headline.verdict.has_records_of_the_user();
    let domain = report.target.domain.as_ref().filter(|_| wanted)?;
    let link = |kind: BuildKind| {
        let text = ui.say(&kind.key());
        el("li").with(el("a").set("href", building(kind, domain.as_str())).text(text))
    };
    let list = part("ul", "links").with(link(BuildKind::Spf)).with(link(BuildKind::Dmarc));
    Some(el("div").with(ui.el("h3", "build.links")).with(list))
}

/// The page.
pub fn page(ui: &Ui<'_>, build: &Build) -> El {
    let (kind, domain) = (build.building.kind.as_str(), build.building.domain.as_str());
    let check = View::Check(CheckRequest { what: domain.to_owned(), ..CheckRequest::default() });
    let back = Route { view: check, ..Route::default() }.to_string();
    let title = ui.with(&format!("build.{kind}.title"), "domain", domain);
    let reads = build.base.is_none() && ui.state.machine.phase() != Phase::Idle;
    let builder = html! {
        <Builder
            scene={(**ui.scene).clone()}
            kept={ui.memory.builder.clone()}
            asking={ui.asking.clone()}
            keys={entrust::keys(ui.state)}
            building={build.building.clone()}
            base={build.base.clone().map(Into::into)}
            mailbox={ui.provider().map(|provider| provider.id.clone())}
            spoken={ui.callbacks.builder_says.clone()}
        />
    };
    part("section", "build")
        .with(el("p").with(el("a").set("href", back).text(ui.with("build.back", "domain", domain))))
        .with(el("h1").put("id", TITLE).put("tabindex", "-1").text(title))
        .with(part("p", "lead").text(ui.say(&format!("build.{kind}.lead"))))
        .maybe(ui.report().filter(|_| reads).map(|report| summary::progress(ui, report)))
        .node(builder)
}
