//! The form: one box, and further fields for those who know more.

use crate::app::{
    h::{El, On, el, part},
    start::FILES,
    state::{Action, EXAMPLES, Field},
    ui::Ui,
    view::ASKED,
};
use mail_triage_browser::{clipboard, clock};
use mail_triage_engine::{dns::OWN_RESOLVER, input::limits, route::View};

/// The form.
pub fn form(ui: &Ui<'_>) -> El {
    let state = ui.state;
    let form = &state.form;
    let error = state.error.as_ref().map(|sentence| state.words.fill(&sentence.key, &sentence.args));
    let mut input = part("input", "ask-box")
        .put("id", "q")
        .put("name", "q")
        .put("type", "text")
        .put("inputmode", "url")
        .put("enterkeyhint", "go")
        .put("autocomplete", "off")
        .put("autocapitalize", "none")
        .put("spellcheck", "false")
        .put("placeholder", "example.com")
        .value(&form.what);
    if error.is_some() {
        input = input.put("aria-invalid", "true").put("aria-describedby", "q-error");
    }
    let input = ui.input(input, |text| Action::Typed(Field::What, text));
    // The box has one line: what has several is a message, and would lose its lines here. So is what no name is as long as.
    let input = ui.on(input, On::Paste, |event| {
        let is_message = |text: &str| text.trim().contains('\n') || limits::InputField::Box.is_longer(text);
        let text = clipboard::pasted(event).filter(|pasted| is_message(&pasted.text))?;
        event.prevent_default();
        Some(Action::Pasted(text))
    });
    let row = part("div", "ask-row").with(input).with(part("button", "primary").text(ui.say("static.check")));
    let extras = [
        (Field::Ip, "ip", &form.ip),
        (Field::Selector, "selector", &form.selector),
        (Field::Helo, "helo", &form.helo),
    ];
    let fields: Vec<El> = extras
        .into_iter()
        .filter_map(|(field, name, text)| Some(extra(ui, field, name, text.as_deref()?)))
        .collect();
    let details = (fields.len() < 3).then(|| ui.button("link", "ui.ask.details", Action::OpenDetails));
    let whole = part("form", "ask")
        .put("role", "search")
        .with(part("label", "ask-label").put("for", "q").text(ui.say("static.label")))
        .with(row)
        .maybe(error.map(|error| part("p", "error").put("role", "alert").put("id", "q-error").text(error)))
        .maybe(again(ui).map(|again| part("p", "actions").with(again)))
        .maybe(ui.long(limits::InputField::Box, &form.what))
        .with(ui.button("quiet", "ui.paste.open", Action::OpenPaste(true)))
        .with(part("div", "ask-more").maybe(details).with(examples(ui)))
        .maybe((!fields.is_empty()).then(|| part("div", "ask-extra").all(fields)));
    ui.on(whole, On::Submit, |event| {
        event.prevent_default();
        Some(Action::Submit)
    })
}

/// What was checked, in one line, with the way back to the form; once there is a report, when and through whom.
pub fn line(ui: &Ui<'_>) -> El {
    let state = ui.state;
    let subject =
        ui.report().map_or_else(|| state.form.what.trim().to_owned(), |report| report.target.to_string());
    let checked = state.checked.filter(|_| ui.report().is_some() && state.example.is_none());
    part("p", "asked-line")
        .put("id", ASKED)
        .with(el("b").text(subject))
        .with(ui.button("link", "asked.change", Action::Change))
        .maybe(checked.map(|unix| part("span", "note").text(when(ui, unix))))
}

/// When it was checked, and through whom; not through whom where another resolver had to stand in, which a notice says.
fn when(ui: &Ui<'_>, unix: i64) -> String {
    let state = ui.state;
    let time = clock::time_of_day(unix, state.words.language());
    let Some(id) = state.effective_resolver().or_else(|| state.resolvers.chain.first().cloned()) else {
        return time;
    };
    if state.stand_ins.is_some() {
        return time;
    }
    // The address of one's own may hold the number of an account.
    let listed = state.resolvers.by_id(&id).is_some();
    let name = state.resolver_name(if listed { &id } else { OWN_RESOLVER });
    state.words.with("asked.at", [("time", time.into()), ("resolver", name.into())])
}

fn extra(ui: &Ui<'_>, field: Field, name: &'static str, text: &str) -> El {
    let input = el("input")
        .set("id", format!("q-{name}"))
        .put("name", name)
        .put("type", "text")
        .put("autocomplete", "off")
        .put("autocapitalize", "none")
        .put("spellcheck", "false")
        .value(text);
    let most = if field == Field::Helo { limits::InputField::Line } else { limits::InputField::List };
    part("label", "field")
        .key(name)
        .with(ui.el("span", &format!("ui.ask.{name}")))
        .with(ui.input(input, move |text| Action::Typed(field, text)))
        .with(part("span", "note").text(ui.say(&format!("ui.ask.{name}.note"))))
        .maybe(ui.long(most, text))
}

fn examples(ui: &Ui<'_>) -> El {
    let links = EXAMPLES.iter().enumerate().map(|(place, id)| {
        let link = el("a").set("href", format!("#/example/{id}")).text(ui.say(&format!("ui.example.{id}")));
        el("span").key(id).text(if place == 0 { " " } else { " · " }).with(link)
    });
    el("span").text(ui.say("ui.examples")).all(links.collect())
}

/// Fetches again what could not be had, and does what waited for it.
pub fn again(ui: &Ui<'_>) -> Option<El> {
    let state = ui.state;
    state.error.as_ref().filter(|error| error.key == FILES)?;
    let action = match state.paste.as_ref().filter(|paste| paste.failed) {
        Some(paste) if paste.octets.is_some() || !paste.text.trim().is_empty() => Action::ReadPaste,
        Some(_) => Action::OpenPaste(true),
        None if state.route.view != View::Home => Action::Proceed,
        None => Action::Submit,
    };
    Some(ui.button("quiet", "ui.retry", action))
}
