//! What has to be said above the results: no connection, a link's wishes, an example.

use crate::app::{
    h::{El, el, part},
    state::{Action, Panel, Phase},
    ui::{Ui, host_of},
    view::NOTICES,
};
use mail_triage_engine::{input::limits::InputField, route::CheckRequest, text::Arg};

/// All strips that apply.
pub fn notices(ui: &Ui<'_>) -> El {
    let state = ui.state;
    let mut strips: Vec<El> = Vec::new();
    if let Some(panel) = &state.panel {
        strips.push(resolver(ui, panel).key("panel"));
    }
    if let Some(address) = &state.question {
        let host = host_of(address);
        let strip = strip("info", "question")
            .with(el("p").text(ui.with("ui.resolver.link", "address", address.as_str())))
            .with(
                part("div", "actions")
                    .with(
                        ui.button("quiet", "ui.resolver.use", Action::Accept(true))
                            .set("data-host", host.to_owned()),
                    )
                    .with(ui.button("quiet", "ui.resolver.keep", Action::Accept(false))),
            );
        strips.push(strip);
    }
    if state.held {
        let subject = state.route.asked().map_or_else(|| state.form.what.clone(), |asked| told(ui, asked));
        strips.push(
            strip("info", "frame")
                .with(el("p").text(ui.with("frame.asks", "subject", subject)))
                .with(part("div", "actions").with(ui.button("primary", "static.check", Action::Proceed))),
        );
    }
    strips.extend(state.key_question.as_ref().map(|who| key(ui, who)));
    for note in state.notes.iter() {
        let text = state.words.fill(&note.key, &note.args);
        strips.push(strip("info", &text).with(el("p").text(text.as_str())));
    }
    if state.example.is_some() && state.phase != Phase::Idle {
        strips.push(strip("info", "example").with(ui.el("p", "ui.example.note")));
    }
    if state.is_offline() {
        strips.push(strip("unknown", "offline").with(ui.el("p", "ui.offline")));
    } else if state.phase == Phase::Done
        && let Some(strip) = ui.results().and_then(|(program, report)| (program.cut_off)(ui, report))
    {
        strips.push(strip);
    } else if state.phase == Phase::Done
        && let Some((silent, others)) = &state.stand_ins
    {
        let names = |ids: &[String]| Arg::list(ids.iter().map(|id| state.resolver_name(id)));
        let values = [("resolver", names(silent)), ("others", names(others))];
        let text = state.words.with("ui.resolver.stand-in", values);
        strips.push(strip("info", "stand-in").with(el("p").text(text)));
    }
    part("div", "notices").put("id", NOTICES).put("tabindex", "-1").all(strips)
}

/// A strip of this level.
pub fn strip(level: &'static str, key: &str) -> El {
    part("div", "notice").put("data-level", level).key(key)
}

/// What a check is about, with all addresses that the lists would be asked about.
fn told(ui: &Ui<'_>, asked: &CheckRequest) -> String {
    let ips = asked.ips.iter().chain(&asked.connection_ip).map(ToString::to_string);
    let all: Vec<String> = std::iter::once(asked.what.clone()).chain(ips).collect();
    all.join(&ui.say("list.separator"))
}

/// Whether this resolver may see the keys for lists.
fn key(ui: &Ui<'_>, who: &str) -> El {
    let name = ui.state.resolvers.by_id(who).map_or(who, |resolver| resolver.name.as_str());
    strip("info", "key-question").with(el("p").text(ui.with("keys.question", "resolver", name))).with(
        part("div", "actions")
            .with(ui.button("quiet", "keys.question.yes", Action::Entrust(true)))
            .with(ui.button("quiet", "keys.question.no", Action::Entrust(false))),
    )
}

/// The panel for an address of the user's own.
fn resolver(ui: &Ui<'_>, panel: &Panel) -> El {
    let input = el("input")
        .put("type", "url")
        .put("name", "resolver")
        .put("placeholder", "https://")
        .put("autocomplete", "off")
        .value(&panel.address);
    let field = part("label", "field")
        .with(ui.el("span", "ui.resolver.address"))
        .with(ui.input(input, Action::OwnResolver))
        .with(part("span", "note").text(ui.say("ui.resolver.address.note")))
        .maybe(ui.long(InputField::Line, &panel.address));
    part("section", "panel")
        .set("aria-label", ui.say("ui.resolver"))
        .with(ui.el("h2", "ui.resolver.title"))
        .with(part("p", "note").text(ui.say("ui.resolver.sees")))
        .with(field)
        .maybe(panel.error.as_ref().map(|error| {
            part("p", "error").put("role", "alert").text(ui.state.words.fill(&error.key, &error.args))
        }))
        .with(
            part("div", "actions")
                .with(ui.button("primary", "ui.resolver.try", Action::TryResolver(panel.address.clone())))
                .with(ui.button("quiet", "ui.cancel", Action::ClosePanel)),
        )
}
