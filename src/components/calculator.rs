//! Does what I send fit? A few numbers, held against the provider's limits while they are typed.

mod result;
mod ways;

use mail_triage_engine::{
    input::limits::InputField,
    knowledge::{Knowledge, Provider},
    limits::{Account, SendingKind, Unreadable},
};
use yew::prelude::{Html, Properties, component};

use self::result::result;
use super::{
    fields::choice,
    kept::{Held, Kept, use_kept},
    on::typed,
    page_context::PageContext,
    shared::Shared,
};
use crate::{
    components::h::{El, el, part},
    panels::calculator::{Calculator as Entered, Field, account_word},
};

/// What the calculator works with.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The words of the page, and its clipboard.
    pub page: PageContext,
    /// What was typed before.
    pub kept: Kept<Entered>,
    /// The providers and what they limit.
    pub knowledge: Option<Shared<Knowledge>>,
    /// The provider at hand, by its id.
    pub provider: Option<String>,
}

/// The form, and under it what comes of it.
#[component]
pub fn Calculator(props: &Props) -> Html {
    let Props { page, kept, knowledge, provider } = props;
    let held = use_kept(kept);
    let providers = knowledge.as_ref().map(|knowledge| &knowledge.providers);
    let provider = provider.as_ref().and_then(|id| providers?.by_id(id));
    let habit = held.get().habit(provider);
    let form = part("div", "calc-form")
        .with(number(page, &held, Field::Messages, "numeric"))
        .with(number(page, &held, Field::Recipients, "numeric"))
        .with(number(page, &held, Field::Size, "decimal"))
        .with(sending(page, &held))
        .maybe(provider.and_then(|provider| account(page, &held, provider)));
    part("section", "calc no-print")
        .put("id", "calc")
        .with(page.el("h3", "calc.title"))
        .with(part("p", "note").text(page.say("calc.intro")))
        .with(form)
        .maybe(habit.map(|habit| result(page, &habit, providers.zip(provider))))
        .into()
}

/// A field for a number, with what is wrong with it.
fn number(page: &PageContext, held: &Held<Entered>, field: Field, mode: &'static str) -> El {
    let entered = held.get();
    let text = entered.text(field);
    let wrong = entered.number(field).err();
    let id = field.key().replace('.', "-");
    let error = format!("{id}-error");
    let mut input = el("input")
        .set("id", id)
        .put("type", "text")
        .put("inputmode", mode)
        .put("autocomplete", "off")
        .value(text);
    if wrong.is_some() {
        input = input.put("aria-invalid", "true").set("aria-describedby", error.clone());
    }
    let held = held.clone();
    let input = typed(input, move |text| held.change(|entered| entered.enter(field, text)));
    let label = part("label", "field")
        .with(page.el("span", field.key()))
        .with(input)
        .maybe(page.long(InputField::Line, text));
    let wrong = wrong.map(|wrong| {
        let key = match wrong {
            Unreadable::NoNumber => "calc.error.number",
            Unreadable::TooLarge => "calc.error.large",
        };
        let short: String = text.chars().take(40).collect();
        part("p", "error").set("id", error).put("role", "alert").text(page.with(key, "text", short))
    });
    part("div", "calc-field").with(label).maybe(wrong)
}

/// What the mail is for.
fn sending(page: &PageContext, held: &Held<Entered>) -> El {
    let words = SendingKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), page.say(&kind.key())));
    chosen(page, held, Field::Sending, "", words.collect())
}

/// Which account it is, where that makes a difference at the provider.
fn account(page: &PageContext, held: &Held<Entered>, provider: &Provider) -> Option<El> {
    let choices = Account::choices(provider);
    if choices.is_empty() {
        return None;
    }
    let named = choices.iter().any(|choice| matches!(choice, Account::Plan(_)));
    let mut words = vec![("unknown".to_owned(), page.say("calc.account.unknown"))];
    words.extend(choices.into_iter().map(|account| {
        let word = account_word(&account);
        let text = match account {
            Account::Plan(plan) => plan,
            Account::Ordinary if named => page.say("calc.account.other"),
            _ => page.say(&format!("calc.account.{word}")),
        };
        (word, text)
    }));
    Some(chosen(page, held, Field::Account, &provider.id, words))
}

fn chosen(
    page: &PageContext,
    held: &Held<Entered>,
    field: Field,
    key: &str,
    words: Vec<(String, String)>,
) -> El {
    let entered = held.get();
    let held = held.clone();
    let then = move |word| held.change(|entered| entered.enter(field, word));
    choice(page, field.key(), key, words, entered.text(field), then)
}
