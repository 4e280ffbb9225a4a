//! The summary: one sentence, the causes in order, and what can be done with the whole.

use yew::prelude::{Callback, Html, MouseEvent, html};

use crate::{
    report::Report,
    web::app::{
        components::finding,
        state::{Action, Phase, State},
        ui::{Ui, level_slug},
    },
};

/// The summary.
pub fn summary(ui: &Ui, state: &State, report: &Report) -> Html {
    let running = state.phase == Phase::Running;
    html! {
        <section class="summary">
            if running {
                { progress(ui, report) }
            }
            <h2 class="summary-line" tabindex="-1">{ line(ui, report, running) }</h2>
            if !running {
                <div class="actions">
                    { ui.button("ui.share", Action::Share) }
                    { ui.button("ui.print", Action::Print) }
                    { ui.button("ui.again", Action::Again) }
                </div>
            }
            { causes(ui, report) }
        </section>
    }
}

fn progress(ui: &Ui, report: &Report) -> Html {
    let (done, total) = (report.progress.done, report.progress.total);
    html! {
        <div class="progress" data-lookups={format!("{done}/{total}")}>
            <progress max={total.to_string()} value={done.to_string()} aria-label={ui.say("ui.progress.label")} />
            <span>{ ui.with("ui.progress", [("done", done.into()), ("n", total.into())]) }</span>
            { ui.link("ui.stop", Action::Stop) }
        </div>
    }
}

/// What the report is about, for people.
pub fn subject(report: &Report) -> String {
    match (&report.target.domain, report.target.ips.first()) {
        (Some(domain), _) => domain.to_string(),
        (None, Some(ip)) => ip.to_string(),
        (None, None) => String::new(),
    }
}

fn line(ui: &Ui, report: &Report, running: bool) -> Html {
    let subject = subject(report);
    if running && report.causes.is_empty() {
        return html! { { ui.with("ui.summary.running", [("subject", subject.into())]) } };
    }
    let summary = report.summary;
    let parts = [("stops", summary.stops), ("improve", summary.improve), ("unknown", summary.unknown)];
    let separator = ui.say("list.separator");
    let mut said: Vec<Html> = Vec::new();
    for (level, count) in parts {
        if count > 0 {
            if !said.is_empty() {
                said.push(html! { { separator.clone() } });
            }
            let text = ui.with(&format!("ui.summary.{level}"), [("n", count.into())]);
            said.push(html! { <b data-level={level}>{ text }</b> });
        }
    }
    if said.is_empty() {
        said.push(html! { <b data-level="pass">{ ui.say("ui.summary.pass") }</b> });
    }
    html! { <>{ subject }{ ui.say("ui.summary.colon") }{ for said }</> }
}

fn causes(ui: &Ui, report: &Report) -> Html {
    if report.causes.is_empty() {
        return html! {};
    }
    html! {
        <ol class="causes">
            { for report.causes.iter().filter_map(|&place| {
                let cause = report.finding(place)?;
                let id = finding::id(report, place);
                let reveal = ui.act.reform({
                    let id = id.clone();
                    move |event: MouseEvent| {
                        event.prevent_default();
                        Action::Reveal(id.clone())
                    }
                });
                let _: &Callback<MouseEvent> = &reveal;
                Some(html! {
                    <li key={id.clone()} data-level={level_slug(cause.level)}>
                        <a href={format!("#{id}")} onclick={reveal}>{ finding::title(ui, cause) }</a>
                        <span class="go" aria-hidden="true">{ ui.say("ui.summary.go") }</span>
                    </li>
                })
            }) }
        </ol>
    }
}
