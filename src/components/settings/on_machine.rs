//! Tests on the user's own machine: lines to be run, and what they printed.

use super::{State, remark::level};
use crate::{
    components::{
        h::{El, el, part},
        kept::Held,
        on::typed,
        page_context::PageContext,
    },
    panels::settings::Field,
};
use mail_triage_browser::words::args;
use mail_triage_engine::{
    check::Arg,
    input::limits::InputField,
    knowledge::Auth,
    settings::{self, Command, EnteredSettings, Purpose, SettingsContext, TestOutput},
};

/// The lines to be run: with what was typed, corrected where it is wrong, or else with what the provider says.
pub fn lines(page: &PageContext, entered: &EnteredSettings, around: &SettingsContext<'_>) -> El {
    let service =
        around.provider.and_then(|provider| provider.smtp.iter().find(|service| !service.host.contains('{')));
    let (server, port, encryption) = match service {
        Some(service) if entered.server.trim().is_empty() => {
            (service.host.clone(), service.port.to_string(), service.security.into())
        }
        _ => {
            let right = settings::corrected(entered, around);
            (right.server, right.port, right.encryption)
        }
    };
    let lines = settings::commands(&server, &port, encryption, &entered.user);
    if lines.is_empty() {
        return part("p", "note").key("none").text(page.say("smtp.test.none"));
    }
    let purposes = [Purpose::Reach, Purpose::Encrypt, Purpose::SignIn];
    el("div").key("lines").all(purposes.map(|purpose| of_purpose(page, purpose, &lines)).into())
}

fn of_purpose(page: &PageContext, purpose: Purpose, lines: &[Command]) -> El {
    let lines = lines.iter().enumerate().filter(|(_, line)| line.purpose == purpose).map(|(at, line)| {
        el("div")
            .key(line.on)
            .with(part("p", "record-label").text(line.on))
            .with(page.record(format!("smtp-line-{at}"), &line.line))
    });
    el("div")
        .key(purpose.as_str())
        .with(page.el("h4", &purpose.key()))
        .with(part("p", "note").text(page.say(&purpose.key_of_text())))
        .with(el("div").all(lines.collect()))
}

/// The field for what a test printed, and what it means.
pub fn output(page: &PageContext, held: &Held<State>, method: Option<Auth>) -> El {
    let state = held.get();
    let text = state.entered.text(Field::Output);
    let area = el("textarea")
        .set("id", Field::Output.id())
        .put("rows", "4")
        .put("autocomplete", "off")
        .put("spellcheck", "false")
        .put("aria-describedby", "smtp-heard")
        .value(text);
    let (mut heard, offers) = settings::read_output(text);
    heard.extend(settings::misfit(&offers, method));
    let values = args([("methods", Arg::list(&offers))]);
    let lines = heard.into_iter().map(|what: TestOutput| {
        let word = what.as_str();
        let text = part("span", "state")
            .put("data-level", level(what.verdict()))
            .text(page.fill(&what.key(), &values));
        part("p", "remark").key(word).put("data-heard", word).with(text)
    });
    let held = held.clone();
    let area = typed(area, move |text| held.change(|state| state.entered.enter(Field::Output, text)));
    el("div")
        .with(part("label", "field").with(page.el("span", Field::Output.key())).with(area))
        .maybe(page.long(InputField::Output, text))
        .with(part("p", "note").text(page.say("smtp.output.note")))
        .with(el("div").put("id", "smtp-heard").put("role", "status").all(lines.collect()))
}
