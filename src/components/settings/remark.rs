//! What is said of a field, with the button that puts the right thing in.

use mail_triage_engine::settings::{FieldFinding, FieldVerdict};

use super::State;
use crate::{
    components::{
        h::{El, part},
        kept::Held,
        on::{focus_soon, pressed},
        page_context::PageContext,
    },
    panels::settings::Field,
};

/// One remark.
pub fn remark(page: &PageContext, held: &Held<State>, judged: &FieldFinding) -> El {
    let word = judged.remark.as_str();
    let text = part("span", "state")
        .put("data-level", level(judged.verdict))
        .text(page.fill(&judged.remark.key(), &judged.args));
    let suggestion = judged.suggestion.as_deref();
    part("p", "remark")
        .key(word)
        .put("data-remark", word)
        .with(text)
        .maybe(suggestion.map(|suggestion| suggested(page, held, judged.field.into(), suggestion)))
}

fn suggested(page: &PageContext, held: &Held<State>, field: Field, suggestion: &str) -> El {
    let shown = match field.is_choice() {
        true => page.say(&format!("{}.{suggestion}", field.key())),
        false => suggestion.to_owned(),
    };
    let button = part("button", "quiet").put("type", "button").text(page.with("smtp.use", "text", shown));
    let (held, suggestion) = (held.clone(), suggestion.to_owned());
    pressed(button, move || {
        held.change(|state| state.entered.take_suggestion(field, suggestion.clone()));
        focus_soon(field.id());
    })
}

/// How a verdict is coloured.
pub fn level(verdict: FieldVerdict) -> &'static str {
    match verdict {
        FieldVerdict::Wrong => "stops",
        FieldVerdict::Doubtful => "improve",
        FieldVerdict::Unknown => "unknown",
        FieldVerdict::Right => "pass",
    }
}
