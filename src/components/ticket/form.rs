//! To whom, in which language, since when.

use std::rc::Rc;

use mail_triage_browser::{
    clock, dom,
    words::{self, Words},
};
use mail_triage_engine::{
    contact::{self, Case, ContactParty},
    input::limits::InputField,
    text::LANGUAGES,
};

use super::{Props, State, chosen_language};
use crate::components::{
    h::{El, On, el, part},
    kept::Held,
    on::typed,
    page_context::PageContext,
    places::name,
    provider_choice::provider_choice,
};

/// The parties that there are, the one that is written to, and the one that fits best.
type Parties<'a> = (&'a [ContactParty], &'a ContactParty, &'a ContactParty);

/// The fields.
pub fn form(props: &Props, held: &Held<State>, case: &Case<'_>, parties: Parties<'_>) -> El {
    let page = &props.page;
    let is_unknown = *parties.1 == ContactParty::Mailbox && case.report.is_none();
    let provider = case.knowledge.filter(|_| is_unknown).map(|knowledge| {
        let choose = props.choose_provider.clone();
        provider_choice(page, &knowledge.providers, case.provider, move |id| choose.emit(id))
    });
    part("div", "calc-form")
        .with(to(props, held, case, parties))
        .maybe(provider)
        .with(language(page, held))
        .with(since(page, held, case))
}

fn to(props: &Props, held: &Held<State>, case: &Case<'_>, parties: Parties<'_>) -> El {
    let page = &props.page;
    let (parties, chosen, suggested) = parties;
    let options = parties.iter().map(|party| {
        let found = contact::contact(party, case);
        let mut text = name(page, "ticket.party", party, &found);
        if party == suggested {
            text = page.with("ticket.suggested", "party", text);
        }
        let slug = party.id();
        el("option").key(&slug).flag("selected", party == chosen).set("value", slug).text(text)
    });
    let select = el("select").put("id", "ticket-party").all(options.collect()).key(&format!(
        "{} {} {}",
        parties.len(),
        suggested.id(),
        props.wish.number
    ));
    let (held, wish) = (held.clone(), props.wish.clone());
    let choose = move |slug| held.change(|state| state.edits.write_to(slug, &wish));
    part("label", "field").with(page.el("span", "ticket.party")).with(typed(select, choose))
}

fn language(page: &PageContext, held: &Held<State>) -> El {
    let now = chosen_language(page, held);
    let options = LANGUAGES.iter().map(|(tag, name)| {
        el("option").key(tag).flag("selected", *tag == now).put("value", tag).put("lang", tag).text(*name)
    });
    let select = el("select").put("id", "ticket-language").all(options.collect()).key(page.words.language());
    let held = held.clone();
    let choose = move |tag: String| {
        if let Some(language) = words::known(&tag) {
            held.change(|state| state.edits.language = Some(language));
        }
    };
    part("label", "field")
        .with(page.el("span", "ticket.language"))
        .with(typed(select, choose))
        .with(part("span", "note").text(page.say("ticket.language.note")))
}

/// Since when, as the user has it, or else as the error says.
pub fn since_when(held: &Held<State>, case: &Case<'_>, words: &Words) -> String {
    match (&held.get().edits.since, case.reading) {
        (Some(since), _) => since.clone(),
        (None, Some(reading)) => {
            contact::prefilled(reading, &clock::local_time, words.catalog(), words::plural)
        }
        (None, None) => String::new(),
    }
}

fn since(page: &PageContext, held: &Held<State>, case: &Case<'_>) -> El {
    let since = since_when(held, case, &page.words);
    let input =
        el("input").put("id", "ticket-since").put("type", "text").put("autocomplete", "off").value(&since);
    let held = held.clone();
    let write = move |text| held.change(|state| state.edits.since = Some(text));
    part("label", "field")
        .with(page.el("span", "ticket.since.label"))
        .with(typed(input, write))
        .maybe(page.long(InputField::Line, &since))
}

/// Whether addresses of people are put in, where there are any.
pub fn people(page: &PageContext, held: &Held<State>, case: &Case<'_>) -> Option<El> {
    case.reading.filter(|reading| reading.facts.iter().any(|fact| fact.private))?;
    let input =
        el("input").put("type", "checkbox").put("id", "ticket-people").checked(held.get().edits.people);
    let held = held.clone();
    let input = input.on(
        On::Change,
        Rc::new(move |event| {
            if let Some(on) = dom::checked(event) {
                held.change(|state| state.edits.people = on);
            }
        }),
    );
    let note = part("span", "note").text(page.say("ticket.people.note"));
    let text = el("span").with(page.el("span", "ticket.people")).with(el("br")).with(note);
    Some(part("label", "choice").with(input).with(text))
}
