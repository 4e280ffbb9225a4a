//! The message to whoever can help: chosen, written, changed by hand, copied or opened in a mail program.

mod form;
mod text;

use mail_triage_browser::words::{BOUNCES, FINDINGS, TICKETS, Words};
use mail_triage_engine::{
    bounce::BounceReading,
    contact::{self, Case, Contact, ContactParty, PageKind},
    knowledge::Knowledge,
    report::Report,
    target::ListKeys,
};
use yew::{
    platform::spawn_local,
    prelude::{Callback, Html, Properties, component, use_effect_with},
};

use super::{
    kept::{Held, Kept, use_kept},
    page_context::PageContext,
    places,
    shared::Shared,
};
use crate::{
    components::h::{El, part},
    panels::ticket::{TicketEdits, Wish},
};

/// What was chosen and written, and the texts of the language that it is written in.
#[derive(Default)]
pub struct State {
    edits: TicketEdits,
    /// The texts of another language than that of the page.
    other_words: Option<Words>,
}

/// What the message is written from.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The words of the page, and its clipboard.
    pub page: PageContext,
    /// What was written before.
    pub kept: Kept<State>,
    /// To whom something elsewhere on the page wants the user to write.
    pub wish: Wish,
    /// What was found.
    pub report: Option<Shared<Report>>,
    /// What a pasted error says.
    pub reading: Option<Shared<BounceReading>>,
    /// Lists, providers and DNS hosts.
    pub knowledge: Option<Shared<Knowledge>>,
    /// The provider at hand, by its id.
    pub provider: Option<String>,
    /// Who keeps the records, by the id of the DNS host.
    pub host: Option<String>,
    /// When the check began, in seconds since 1970.
    pub checked: Option<i64>,
    /// What the user has ticked off.
    pub ticks: Vec<String>,
    /// The user's keys for lists, to be made unreadable.
    pub keys: ListKeys,
    /// Told the provider that the user chooses.
    pub choose_provider: Callback<String>,
}

impl Props {
    /// What is known of the trouble.
    fn case(&self) -> Case<'_> {
        let knowledge = self.knowledge.as_deref();
        Case {
            report: self.report.as_deref(),
            reading: self.reading.as_deref(),
            knowledge,
            provider: self.provider.as_ref().and_then(|id| knowledge?.providers.by_id(id)),
            host: self.host.as_ref().and_then(|id| knowledge?.dns_hosts.by_id(id)),
        }
    }
}

/// All of it.
#[component]
pub fn TicketPanel(props: &Props) -> Html {
    let page = &props.page;
    let held = use_kept(&props.kept);
    let language = chosen_language(page, &held);
    let fetch = {
        let held = held.clone();
        move |(language, own): &(&'static str, &'static str)| {
            if language != own {
                fetch_words(held, language);
            }
        }
    };
    use_effect_with((language, page.words.language()), fetch);

    let case = props.case();
    let parties = contact::parties(&case);
    let suggested = contact::suggested(&case);
    let party = {
        let state = held.get();
        let wanted = state.edits.party(&props.wish);
        let party = parties.iter().find(|party| wanted == Some(party.id().as_str()));
        party.unwrap_or(&suggested).clone()
    };
    let found = contact::contact(&party, &case);
    part("div", "ticket")
        .with(part("p", "note").text(page.say("ticket.note")))
        .with(form::form(props, &held, &case, (&parties, &party, &suggested)))
        .maybe(form::people(page, &held, &case))
        .with(text::text(props, &held, &case, &party))
        .with(place(page, &party, found))
        .into()
}

fn chosen_language(page: &PageContext, held: &Held<State>) -> &'static str {
    held.get().edits.language.unwrap_or_else(|| page.words.language())
}

/// Fetches the texts of the message's language, unless they are there. A message may quote an error, whatever was pasted.
fn fetch_words(held: Held<State>, language: &'static str) {
    if held.get().other_words.as_ref().is_some_and(|words| words.language() == language) {
        return;
    }
    spawn_local(async move {
        let words = Words::fetch(crate::shell::BASE, language, &[FINDINGS, BOUNCES, TICKETS]).await;
        held.change(|state| state.other_words = Some(words));
    });
}

/// Where to send it: of all pages those that take messages, or lead to one that does.
fn place(page: &PageContext, party: &ContactParty, mut found: Contact) -> El {
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
    part("div", "where")
        .with(page.el("h3", "ticket.where"))
        .maybe((!key.is_empty()).then(|| part("p", "note").text(page.say(key))))
        .with(places::pages(page, &found))
}
