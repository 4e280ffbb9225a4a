//! The text, and what can be done with it.

use std::rc::Rc;

use mail_triage_browser::{
    clock,
    words::{self, Words},
};
use mail_triage_engine::{
    contact::{self, Case, ContactParty, Ticket, TicketOptions},
    text::Plural,
};

use super::{Props, State, chosen_language, form::since_when};
use crate::{
    components::{
        h::{El, On, el, part},
        kept::Held,
        on::{focus_soon, typed},
        page_context::PageContext,
    },
    panels::ticket::{Draft, DraftOf, TicketEdits},
};

/// The id of the field that holds the text.
const TEXT: &str = "ticket-text";
/// Steps whose ticks say what was done.
const DONE: [&str; 5] = ["guide.1.", "guide.2.", "guide.3.", "guide.4.", "before."];

/// The text with its subject and its buttons, once the texts of its language are there.
pub fn text(props: &Props, held: &Held<State>, case: &Case<'_>, party: &ContactParty) -> El {
    let page = &props.page;
    let language = chosen_language(page, held);
    let Some((words, plural)) = words_of(page, held, language) else {
        return part("p", "note").text(page.say("ui.verdict.running"));
    };
    let Ticket { subject, body, to } = ticket(props, held, case, party, (&words, plural));
    let of = (party.id(), language);
    let base: Rc<str> = body.into();
    let state = held.get();
    let draft = state.edits.draft(&of);
    let is_stale = draft.is_some_and(|draft| draft.base != base);
    let shown = draft.map_or(&*base, |draft| draft.text.as_str());
    let label = format!("{}{}", words.say("ticket.subject"), words.say("ui.colon"));
    let link = contact::mailto(to.as_deref(), &subject, shown, &words.say("ticket.mail.rest"));
    let whole = format!("{label}{subject}\n\n{shown}");
    let stale = is_stale.then(|| part("p", "notice").text(page.say("ticket.stale")));
    part("div", "ticket-out")
        .with(part("p", "ticket-subject").put("lang", language).text(label).with(el("b").text(subject)))
        .with(part("label", "field").with(page.el("span", "ticket.text")).with(field(
            held,
            &of,
            base.clone(),
            shown,
        )))
        .with(el("div").put("role", "status").maybe(stale))
        .with(
            part("div", "actions")
                .with(copy(page, whole.clone()))
                .with(mail(page, link, whole))
                .maybe(
                    draft.map(|_| {
                        rewrite(page, held, &of, "ticket.anew", TicketEdits::write_anew).key("anew")
                    }),
                )
                .maybe(
                    state
                        .edits
                        .has_aside(&of)
                        .then(|| rewrite(page, held, &of, "ticket.back", TicketEdits::take_back).key("back")),
                ),
        )
        .with(part("p", "note").text(page.say("ticket.mail.note")))
}

/// The texts of the language that the message is in, and its plural forms.
fn words_of(page: &PageContext, held: &Held<State>, language: &'static str) -> Option<(Words, Plural)> {
    if language == page.words.language() {
        return Some((page.words.clone(), words::plural));
    }
    let words = held.get().other_words.clone().filter(|words| words.language() == language)?;
    Some((words, words::plural_of(language)))
}

fn ticket(
    props: &Props,
    held: &Held<State>,
    case: &Case<'_>,
    party: &ContactParty,
    (words, plural): (&Words, Plural),
) -> Ticket {
    let ticks = props.ticks.iter().filter(|key| DONE.iter().any(|part| key.starts_with(part)));
    let done: Vec<String> = ticks.cloned().collect();
    let wishes = TicketOptions {
        since: &since_when(held, case, words),
        third_parties: held.get().edits.people,
        checked: props.checked.filter(|_| case.report.is_some()),
        done: &done,
        local: &clock::local_time,
        keys: &props.keys,
    };
    contact::ticket(party, case, &wishes, words.catalog(), plural)
}

fn field(held: &Held<State>, of: &DraftOf, base: Rc<str>, shown: &str) -> El {
    let area = part("textarea", "ticket-text")
        .put("id", TEXT)
        .put("rows", "18")
        .put("lang", of.1)
        .put("spellcheck", "false")
        .value(shown);
    let (held, of) = (held.clone(), of.clone());
    typed(area, move |text| {
        let draft = Draft { of: of.clone(), base: base.clone(), text };
        held.change(|state| state.edits.write(draft));
    })
}

fn copy(page: &PageContext, whole: String) -> El {
    let copy = page.copy.clone();
    page.button("primary", "ticket.copy", move || copy.emit(whole.clone()))
}

/// The mail program opens by the link itself; beside that the text goes to the clipboard, since it may not fit.
fn mail(page: &PageContext, link: String, whole: String) -> El {
    let copy = page.copy.clone();
    part("a", "quiet button")
        .put("id", "ticket-mail")
        .set("href", link)
        .text(page.say("ticket.mail"))
        .on(On::Click, Rc::new(move |_| copy.emit(whole.clone())))
}

/// A button for another text than that which stands there. It is gone once it was pressed: the text gets the focus.
fn rewrite(
    page: &PageContext,
    held: &Held<State>,
    of: &DraftOf,
    key: &str,
    how: fn(&mut TicketEdits, &DraftOf),
) -> El {
    let (held, of) = (held.clone(), of.clone());
    page.button("quiet", key, move || {
        held.change(|state| how(&mut state.edits, &of));
        focus_soon(TEXT.to_owned());
    })
}
