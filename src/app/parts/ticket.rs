//! The message to whoever can help: chosen, written, changed by hand, copied or opened in a mail program.

use std::rc::Rc;

use super::{contact as places, provider};
use crate::app::{
    h::{El, On, el, part},
    state::{Action, Draft, Write},
    ui::Ui,
};
use mail_triage_browser::{
    clock, dom,
    words::{self, Words},
};
use mail_triage_engine::{
    contact::{self, Case, Contact, ContactParty, PageKind, Ticket, TicketOptions},
    input::limits::InputField,
    knowledge::DnsHost,
    report::Report,
    text::LANGUAGES,
};

/// Steps whose ticks say what was done.
const DONE: [&str; 5] = ["guide.1.", "guide.2.", "guide.3.", "guide.4.", "before."];

/// What is known of the trouble.
pub fn case<'a>(ui: &'a Ui<'_>, report: Option<&'a Report>) -> Case<'a> {
    Case {
        report,
        reading: ui.state.paste.as_ref().and_then(|paste| paste.reading.as_deref()),
        knowledge: ui.state.knowledge.as_deref(),
        provider: ui.provider(),
        host: host(ui, report),
    }
}

/// Who keeps the records, as the user says or the report recognised.
fn host<'a>(ui: &'a Ui<'_>, report: Option<&Report>) -> Option<&'a DnsHost> {
    let hosts = &ui.state.knowledge.as_ref()?.dns_hosts;
    if let Some(id) = &ui.state.kept_at {
        return hosts.by_id(id);
    }
    let zone = report?.views.dns_host.as_ref().filter(|zone| zone.parked.is_none())?;
    hosts.by_id(&zone.host.as_ref()?.id)
}

/// What a party is called: its kind, and its name where it is known.
pub fn name(ui: &Ui<'_>, key: &str, party: &ContactParty, found: &Contact) -> String {
    let key = format!("{key}.{}", party.as_str());
    match &found.name {
        Some(name) => ui.with(&format!("{key}.named"), "name", name.as_str()),
        None => ui.say(&key),
    }
}

/// All of it.
#[inline(never)]
pub fn ticket(ui: &Ui<'_>) -> El {
    let message = &ui.state.message;
    let case = case(ui, ui.report());
    let parties = contact::parties(&case);
    let suggested = contact::suggested(&case);
    let wanted = |party: &&ContactParty| message.party.as_deref() == Some(party.id().as_str());
    let party = parties.iter().find(wanted).unwrap_or(&suggested);
    let found = contact::contact(party, &case);
    let form = part("div", "calc-form")
        .with(to(ui, &case, &parties, party, &suggested))
        .maybe((*party == ContactParty::Mailbox && case.report.is_none()).then(|| provider::choose(ui)))
        .with(language(ui))
        .with(since(ui, &case));
    let private = case.reading.is_some_and(|reading| reading.facts.iter().any(|fact| fact.private));
    part("div", "ticket")
        .with(part("p", "note").text(ui.say("ticket.note")))
        .with(form)
        .maybe(private.then(|| people(ui)))
        .with(place(ui, party, found))
        .with(text(ui, &case, party))
}

fn to(
    ui: &Ui<'_>,
    case: &Case<'_>,
    parties: &[ContactParty],
    chosen: &ContactParty,
    suggested: &ContactParty,
) -> El {
    let options = parties.iter().map(|party| {
        let found = contact::contact(party, case);
        let mut text = name(ui, "ticket.party", party, &found);
        if party == suggested {
            text = ui.with("ticket.suggested", "party", text);
        }
        let slug = party.id();
        el("option").key(&slug).flag("selected", party == chosen).set("value", slug).text(text)
    });
    let select = el("select").put("id", "ticket-party").all(options.collect()).key(&format!(
        "{} {}",
        parties.len(),
        suggested.id()
    ));
    part("label", "field")
        .with(ui.el("span", "ticket.party"))
        .with(ui.input(select, |slug| Action::Write(Write::To(slug))))
}

fn language(ui: &Ui<'_>) -> El {
    let now = chosen_language(ui);
    let options = LANGUAGES.iter().map(|(tag, name)| {
        el("option").key(tag).flag("selected", *tag == now).put("value", tag).put("lang", tag).text(*name)
    });
    let select =
        el("select").put("id", "ticket-language").all(options.collect()).key(ui.state.words.language());
    let act = ui.on(select, On::Input, |event| {
        let language = words::known(&dom::value_of(event)?)?;
        Some(Action::Write(Write::In(language)))
    });
    part("label", "field")
        .with(ui.el("span", "ticket.language"))
        .with(act)
        .with(part("span", "note").text(ui.say("ticket.language.note")))
}

fn chosen_language(ui: &Ui<'_>) -> &'static str {
    ui.state.message.language.unwrap_or_else(|| ui.state.words.language())
}

/// Since when, as the user has it, or else as the error says.
fn since_when(ui: &Ui<'_>, case: &Case<'_>, words: &Words) -> String {
    match (&ui.state.message.since, case.reading) {
        (Some(since), _) => since.clone(),
        (None, Some(reading)) => {
            contact::prefilled(reading, &clock::local_time, words.catalog(), words::plural)
        }
        (None, None) => String::new(),
    }
}

fn since(ui: &Ui<'_>, case: &Case<'_>) -> El {
    let since = since_when(ui, case, &ui.state.words);
    let input =
        el("input").put("id", "ticket-since").put("type", "text").put("autocomplete", "off").value(&since);
    part("label", "field")
        .with(ui.el("span", "ticket.since.label"))
        .with(ui.input(input, |text| Action::Write(Write::Since(text))))
        .maybe(ui.long(InputField::Line, &since))
}

/// Whether addresses of people are put in.
fn people(ui: &Ui<'_>) -> El {
    let input =
        el("input").put("type", "checkbox").put("id", "ticket-people").checked(ui.state.message.people);
    let input = ui.on(input, On::Change, |event| Some(Action::Write(Write::People(dom::checked(event)?))));
    part("label", "choice").with(input).with(
        el("span")
            .with(ui.el("span", "ticket.people"))
            .with(el("br"))
            .with(part("span", "note").text(ui.say("ticket.people.note"))),
    )
}

/// Where to send it: of all pages those that take messages, or lead to one that does.
fn place(ui: &Ui<'_>, party: &ContactParty, mut found: Contact) -> El {
    found.pages.retain(|page| match page.kind {
        PageKind::Support | PageKind::Delist | PageKind::Panel | PageKind::Help => true,
        PageKind::Postmaster => *party == ContactParty::Postmaster,
        _ => false,
    });
    let key = match party {
        ContactParty::Postmaster if found.address.is_some() => "ticket.where.postmaster",
        ContactParty::AddressOwner if found.address.is_some() => "ticket.where.owner",
        _ if found.address.is_some() => "",
        ContactParty::Mailbox if found.name.is_none() => "ticket.where.provider",
        _ if found.pages.is_empty() => "ticket.where.unknown",
        _ => "ticket.where.form",
    };
    let all = part("div", "where")
        .with(ui.el("h3", "ticket.where"))
        .maybe((!key.is_empty()).then(|| part("p", "note").text(ui.say(key))));
    all.with(places::pages(ui, &found))
}

/// The text, and what can be done with it.
#[expect(clippy::too_many_lines, reason = "grown before there was a limit")]
fn text(ui: &Ui<'_>, case: &Case<'_>, party: &ContactParty) -> El {
    let language = chosen_language(ui);
    let state = ui.state;
    let own = language == state.words.language();
    let words = match own {
        true => Some(&state.words),
        false => state.other_words.as_ref().filter(|words| words.language() == language),
    };
    let Some(words) = words else { return part("p", "note").text(ui.say("ui.verdict.running")) };
    let plural = if own { words::plural } else { words::plural_of(language) };
    let done: Vec<String> =
        state.ticks.iter().filter(|key| DONE.iter().any(|part| key.starts_with(part))).cloned().collect();
    let wishes = TicketOptions {
        since: &since_when(ui, case, words),
        third_parties: state.message.people,
        checked: state.checked().filter(|_| case.report.is_some()),
        done: &done,
        local: &clock::local_time,
        keys: &state.keys,
    };
    let Ticket { subject, body, to } = contact::ticket(party, case, &wishes, words.catalog(), plural);
    let base: Rc<str> = body.into();
    let of = (party.id(), language);
    let draft = state.message.drafts.iter().find(|draft| draft.of == of);
    let stale = draft.is_some_and(|draft| draft.base != base);
    let aside = state.message.aside.iter().any(|draft| draft.of == of);
    let shown = draft.map_or(&*base, |draft| draft.text.as_str());

    let area = part("textarea", "ticket-text")
        .put("id", "ticket-text")
        .put("rows", "18")
        .put("lang", language)
        .put("spellcheck", "false")
        .value(shown);
    let (key, base) = (of.clone(), base.clone());
    let area = ui.input(area, move |text| {
        Action::Write(Write::Text(Draft { of: key.clone(), base: base.clone(), text }))
    });
    let link = contact::mailto(to.as_deref(), &subject, shown, &words.say("ticket.mail.rest"));
    let whole = format!("{}{}{subject}\n\n{shown}", words.say("ticket.subject"), words.say("ui.colon"));
    let copied = Action::Copy(whole.clone());
    // The mail program opens by the link itself; beside that the text goes to the clipboard, since it may not fit.
    let mail = ui.on(
        part("a", "quiet button").put("id", "ticket-mail").set("href", link).text(ui.say("ticket.mail")),
        On::Click,
        move |_| Some(copied.clone()),
    );
    part("div", "ticket-out")
        .with(
            part("p", "ticket-subject")
                .put("lang", language)
                .text(format!("{}{}", words.say("ticket.subject"), words.say("ui.colon")))
                .with(el("b").text(subject)),
        )
        .with(part("label", "field").with(ui.el("span", "ticket.text")).with(area))
        .with(
            el("div")
                .put("role", "status")
                .maybe(stale.then(|| part("p", "notice").text(ui.say("ticket.stale")))),
        )
        .with(
            part("div", "actions")
                .with(ui.button("primary", "ticket.copy", Action::Copy(whole)))
                .with(mail)
                .maybe(draft.map(|_| {
                    ui.button("quiet", "ticket.anew", Action::Write(Write::Anew(of.clone()))).key("anew")
                }))
                .maybe(aside.then(|| {
                    ui.button("quiet", "ticket.back", Action::Write(Write::Back(of.clone()))).key("back")
                })),
        )
        .with(part("p", "note").text(ui.say("ticket.mail.note")))
}
