//! Are the settings of the mail program right? A form judged field by field, where the fields are in common programs,
//! and tests on the user's own machine. There is no field for a password, on purpose.

use super::fields::choice;
use crate::app::{
    h::{El, el, part},
    state::Action,
    ui::Ui,
};
use mail_triage_browser::words::args;
use mail_triage_engine::{
    input::limits,
    knowledge::Auth,
    report::Report,
    settings::{
        self, Encryption, EnteredSettings, FieldFinding, FieldVerdict, HostLookup, Purpose, SettingsContext,
        SettingsField, SettingsRemark, TestOutput,
    },
};

const SERVER: &str = "smtp.server";
const PORT: &str = "smtp.port";
const ENCRYPTION: &str = "smtp.encryption";
const USER: &str = "smtp.user";
const METHOD: &str = "smtp.method";
const OUTPUT: &str = "smtp.output";
/// Mail programs whose fields are described.
const PROGRAMS: [&str; 6] = ["outlook", "apple-mail", "thunderbird", "iphone", "android", "wordpress"];

/// All of it; without a report, where an error was pasted that names no domain.
pub fn settings(ui: &Ui<'_>, report: Option<&Report>) -> El {
    let typed = typed(ui);
    let around = around(ui, report, &typed);
    let judged = settings::judge(&typed, &around);
    let words = |all: &[&'static str]| all.iter().map(|word| ((*word).to_owned(), None)).collect();
    let encryptions: Vec<&str> = Encryption::ALL.iter().map(|word| word.as_str()).collect();
    let methods: Vec<&str> =
        ["unset"].into_iter().chain(Auth::ALL.iter().map(|auth| auth.as_str())).collect();
    let unknown = judged.iter().any(|judged| judged.remark == SettingsRemark::ServerUnknown);
    let automatic = report.filter(|_| unknown).map(settings::automatic).unwrap_or_default();
    let hints = automatic
        .into_iter()
        .map(|host| part("p", "note").key(&host).text(ui.with("smtp.automatic", "host", host.as_str())));
    let note = judged
        .iter()
        .any(|judged| judged.field == SettingsField::Method && judged.verdict <= FieldVerdict::Doubtful);
    let note = around.provider.filter(|_| note).and_then(|provider| provider.auth_note.as_ref());
    let form = part("div", "calc-form stacked")
        .with(
            row(ui, &judged, SettingsField::Server, text(ui, SERVER, "url"))
                .maybe(look_up(ui, &typed))
                .all(hints.collect()),
        )
        .with(row(ui, &judged, SettingsField::Port, text(ui, PORT, "numeric")))
        .with(row(ui, &judged, SettingsField::Encryption, choice(ui, ENCRYPTION, words(&encryptions))))
        .with(row(ui, &judged, SettingsField::User, text(ui, USER, "email")))
        .with(
            row(ui, &judged, SettingsField::Method, choice(ui, METHOD, words(&methods)))
                .maybe(note.map(|note| part("p", "note").text(ui.say(note)))),
        );
    part("section", "calc no-print")
        .put("id", "smtp")
        .with(ui.el("h3", "smtp.title"))
        .with(part("p", "note").text(ui.say("smtp.intro")))
        .with(form)
        .with(programs(ui))
        .with(ui.el("h3", "smtp.test"))
        .with(part("p", "note").text(ui.say("smtp.test.intro")))
        .with(tests(ui, &typed, &around))
        .with(output(ui, &typed))
}

fn typed(ui: &Ui<'_>) -> EnteredSettings {
    let entered = |name| limits::InputField::Line.part(ui.state.entered(name));
    EnteredSettings {
        server: entered(SERVER).to_owned(),
        port: entered(PORT).to_owned(),
        encryption: Encryption::from_word(entered(ENCRYPTION)).unwrap_or_default(),
        user: entered(USER).to_owned(),
        method: Auth::from_word(entered(METHOD)),
    }
}

fn around<'a>(ui: &'a Ui<'_>, report: Option<&Report>, typed: &EnteredSettings) -> SettingsContext<'a> {
    let host = settings::host(&typed.server).map(|name| name.to_string());
    let looked_up = ui.state.looked_up.as_ref().filter(|(asked, _)| Some(asked) == host.as_ref());
    SettingsContext {
        providers: ui.state.knowledge.as_ref().map(|knowledge| &knowledge.providers),
        provider: ui.provider(),
        published: report.map(settings::published).unwrap_or_default(),
        domain: domain(ui, report),
        lookup: looked_up.and_then(|(_, lookup)| *lookup),
    }
}

/// The sender's domain: what was checked, or what a pasted error names.
fn domain(ui: &Ui<'_>, report: Option<&Report>) -> Option<String> {
    let paste = ui.state.paste.as_ref();
    let name = match report {
        Some(report) => report.target.domain.clone(),
        None => ui.state.messages.zip(paste).and_then(|(messages, paste)| (messages.sender)(paste)),
    };
    name.map(|name| name.to_string())
}

fn text(ui: &Ui<'_>, name: &'static str, mode: &'static str) -> El {
    let input = el("input")
        .set("id", name.replace('.', "-"))
        .put("type", "text")
        .put("inputmode", mode)
        .put("autocomplete", "off")
        .put("autocapitalize", "none")
        .put("spellcheck", "false")
        .set("aria-describedby", format!("{}-said", name.replace('.', "-")))
        .value(ui.state.entered(name));
    part("label", "field")
        .with(ui.el("span", name))
        .with(ui.input(input, move |text| Action::Enter(name, text)))
        .maybe(ui.long(limits::InputField::Line, ui.state.entered(name)))
}

/// A field with what is said of it.
fn row(ui: &Ui<'_>, judged: &[FieldFinding], field: SettingsField, shown: El) -> El {
    let said = judged.iter().filter(|judged| judged.field == field).map(|judged| remark(ui, judged));
    let said = el("div").set("id", format!("smtp-{}-said", field.as_str())).all(said.collect());
    part("div", "calc-field").set("data-field", field.as_str().to_owned()).with(shown).with(said)
}

fn remark(ui: &Ui<'_>, judged: &FieldFinding) -> El {
    let key = judged.remark.key();
    let text = part("span", "state")
        .put("data-level", level(judged.verdict))
        .text(ui.state.words.fill(&key, &judged.args));
    let line = part("p", "remark")
        .key(judged.remark.as_str())
        .set("data-remark", judged.remark.as_str().to_owned())
        .with(text);
    line.maybe(judged.suggestion.as_ref().map(|suggestion| {
        let (name, shown) = match judged.field {
            SettingsField::Server => (SERVER, suggestion.clone()),
            SettingsField::Port => (PORT, suggestion.clone()),
            SettingsField::User => (USER, suggestion.clone()),
            SettingsField::Encryption => (ENCRYPTION, ui.say(&format!("{ENCRYPTION}.{suggestion}"))),
            SettingsField::Method => (METHOD, ui.say(&format!("{METHOD}.{suggestion}"))),
        };
        let button = part("button", "quiet").put("type", "button").text(ui.with("smtp.use", "text", shown));
        ui.press(button, Action::Take(name, suggestion.clone(), name.replace('.', "-")))
    }))
}

fn level(verdict: FieldVerdict) -> &'static str {
    match verdict {
        FieldVerdict::Wrong => "stops",
        FieldVerdict::Doubtful => "improve",
        FieldVerdict::Unknown => "unknown",
        FieldVerdict::Right => "pass",
    }
}

/// The button that asks whether the server's name leads anywhere. Examples ask nothing.
fn look_up(ui: &Ui<'_>, typed: &EnteredSettings) -> Option<El> {
    let host = settings::host(&typed.server).filter(|_| ui.state.example.is_none())?.to_string();
    match ui.state.looked_up.as_ref().filter(|(asked, _)| *asked == host) {
        Some((_, None)) => Some(part("p", "note").key("asking").text(ui.say("smtp.looking"))),
        Some((_, Some(HostLookup::Found | HostLookup::Missing))) => None,
        Some((_, Some(HostLookup::Failed(_)))) | None => {
            Some(ui.button("quiet", "smtp.look-up", Action::LookUp(host)).key("ask"))
        }
    }
}

/// Where the fields are, program by program.
fn programs(ui: &Ui<'_>) -> El {
    let programs = PROGRAMS.iter().map(|id| {
        let key = format!("smtp.program.{id}");
        let text = ui.say(&format!("{key}.text"));
        let steps = text.lines().map(|line| el("li").key(line).text(line));
        part("details", "evidence")
            .key(id)
            .set("data-program", (*id).to_owned())
            .with(ui.el("summary", &key))
            .with(el("ol").all(steps.collect()))
    });
    el("div").with(ui.el("h3", "smtp.programs")).with(el("div").all(programs.collect()))
}

/// The lines to be run: with what was typed, corrected where it is wrong, or else with what the provider says.
fn tests(ui: &Ui<'_>, typed: &EnteredSettings, around: &SettingsContext<'_>) -> El {
    let service =
        around.provider.and_then(|provider| provider.smtp.iter().find(|service| !service.host.contains('{')));
    let (server, port, encryption) = match service {
        Some(service) if typed.server.trim().is_empty() => {
            (service.host.clone(), service.port.to_string(), service.security.into())
        }
        _ => {
            let typed = settings::corrected(typed, around);
            (typed.server, typed.port, typed.encryption)
        }
    };
    let lines = settings::commands(&server, &port, encryption, &typed.user);
    if lines.is_empty() {
        return part("p", "note").key("none").text(ui.say("smtp.test.none"));
    }
    let shown = [Purpose::Reach, Purpose::Encrypt, Purpose::SignIn].into_iter().map(|purpose| {
        let lines = lines.iter().filter(|line| line.purpose == purpose).map(|line| {
            el("div").key(line.on).with(part("p", "record-label").text(line.on)).with(ui.record(&line.line))
        });
        el("div")
            .key(purpose.as_str())
            .with(ui.el("h4", &purpose.key()))
            .with(part("p", "note").text(ui.say(&purpose.key_of_text())))
            .with(el("div").all(lines.collect()))
    });
    el("div").key("lines").all(shown.collect())
}

/// The field for what a test printed, and what it means.
fn output(ui: &Ui<'_>, typed: &EnteredSettings) -> El {
    let text = ui.state.entered(OUTPUT);
    let area = el("textarea")
        .put("id", "smtp-output")
        .put("rows", "4")
        .put("autocomplete", "off")
        .put("spellcheck", "false")
        .put("aria-describedby", "smtp-heard")
        .value(text);
    let (mut heard, offers) = settings::read_output(text);
    heard.extend(settings::misfit(&offers, typed.method));
    let values = args([("methods", mail_triage_engine::text::Arg::list(&offers))]);
    let lines = heard.into_iter().map(|what: TestOutput| {
        let key = what.key();
        let text = part("span", "state")
            .put("data-level", level(what.verdict()))
            .text(ui.state.words.fill(&key, &values));
        part("p", "remark").key(what.as_str()).set("data-heard", what.as_str().to_owned()).with(text)
    });
    el("div")
        .with(
            part("label", "field")
                .with(ui.el("span", OUTPUT))
                .with(ui.input(area, |text| Action::Enter(OUTPUT, text))),
        )
        .maybe(ui.long(limits::InputField::Output, text))
        .with(part("p", "note").text(ui.say("smtp.output.note")))
        .with(el("div").put("id", "smtp-heard").put("role", "status").all(lines.collect()))
}
