//! The fields, each with what is said of it.

use mail_triage_engine::{
    input::limits::InputField,
    knowledge::{Auth, Provider},
    settings::{Encryption, FieldFinding, FieldVerdict, SettingsField, SettingsRemark},
};

use super::{Props, State, lookup::question, remark::remark};
use crate::{
    components::{
        fields::choice,
        h::{El, el, part},
        kept::Held,
        on,
        page_context::PageContext,
    },
    panels::settings::Field,
};

/// The form.
pub fn form(props: &Props, held: &Held<State>, judged: &[FieldFinding], provider: Option<&Provider>) -> El {
    let page = &props.page;
    let unknown = judged.iter().any(|judged| judged.remark == SettingsRemark::ServerUnknown);
    let hints = props
        .automatic
        .iter()
        .filter(|_| unknown)
        .map(|host| part("p", "note").key(host).text(page.with("smtp.automatic", "host", host.as_str())));
    let doubted = judged
        .iter()
        .any(|judged| judged.field == SettingsField::Method && judged.verdict <= FieldVerdict::Doubtful);
    let note = provider.filter(|_| doubted).and_then(|provider| provider.auth_note.as_ref());
    let row = |field: SettingsField, shown: El| {
        let said = judged.iter().filter(|judged| judged.field == field);
        let said = said.map(|judged| remark(page, held, judged)).collect();
        part("div", "calc-field")
            .put("data-field", field.as_str())
            .with(shown)
            .with(el("div").set("id", format!("smtp-{}-said", field.as_str())).all(said))
    };
    part("div", "calc-form stacked")
        .with(
            row(SettingsField::Server, text(page, held, Field::Server, "url"))
                .maybe(props.asking.as_ref().and_then(|asking| question(page, held, asking)))
                .all(hints.collect()),
        )
        .with(row(SettingsField::Port, text(page, held, Field::Port, "numeric")))
        .with(row(SettingsField::Encryption, chosen(page, held, Field::Encryption)))
        .with(row(SettingsField::User, text(page, held, Field::User, "email")))
        .with(
            row(SettingsField::Method, chosen(page, held, Field::Method))
                .maybe(note.map(|note| part("p", "note").text(page.say(note)))),
        )
}

/// A field to type in.
fn text(page: &PageContext, held: &Held<State>, field: Field, mode: &'static str) -> El {
    let state = held.get();
    let text = state.entered.text(field);
    let input = el("input")
        .set("id", field.id())
        .put("type", "text")
        .put("inputmode", mode)
        .put("autocomplete", "off")
        .put("autocapitalize", "none")
        .put("spellcheck", "false")
        .set("aria-describedby", format!("{}-said", field.id()))
        .value(text);
    let held = held.clone();
    let input = on::typed(input, move |text| held.change(|state| state.entered.enter(field, text)));
    part("label", "field")
        .with(page.el("span", field.key()))
        .with(input)
        .maybe(page.long(InputField::Line, text))
}

/// A field to choose in.
fn chosen(page: &PageContext, held: &Held<State>, field: Field) -> El {
    let words: Vec<&str> = match field {
        Field::Encryption => Encryption::ALL.iter().map(|word| word.as_str()).collect(),
        _ => ["unset"].into_iter().chain(Auth::ALL.iter().map(|auth| auth.as_str())).collect(),
    };
    let words = words.into_iter().map(|word| (word.to_owned(), page.say(&format!("{}.{word}", field.key()))));
    let state = held.get();
    // A new element when a suggestion was taken.
    let key = state.entered.suggested().to_string();
    let then = {
        let held = held.clone();
        move |word| held.change(|state| state.entered.enter(field, word))
    };
    choice(page, field.key(), &key, words.collect(), state.entered.text(field), then)
}
