//! The form: one box, and further fields for those who know more.

use web_sys::HtmlInputElement;
use yew::prelude::{Callback, Html, InputEvent, SubmitEvent, TargetCast, html};

use crate::web::app::{
    state::{Action, Field, State},
    ui::Ui,
};

/// The form.
pub fn form(ui: &Ui, state: &State) -> Html {
    let act = ui.act.clone();
    let submit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        act.emit(Action::Submit);
    });
    let error = state.error.as_ref().map(|sentence| ui.words.fill(sentence.key, &sentence.args));
    let extras = [
        (Field::Ip, "ip", &state.form.ip),
        (Field::Selector, "selector", &state.form.selector),
        (Field::Helo, "helo", &state.form.helo),
    ];
    html! {
        <form class="ask" role="search" onsubmit={submit}>
            <label class="ask-label" for="q">{ ui.say("static.label") }</label>
            <div class="ask-row">
                <input class="ask-box" id="q" name="q" type="text" inputmode="url" enterkeyhint="go" autocomplete="off"
                    autocapitalize="none" spellcheck="false" placeholder="example.com" value={state.form.what.clone()}
                    aria-invalid={error.is_some().then_some("true")} aria-describedby={error.is_some().then_some("q-error")}
                    oninput={typed(ui, Field::What)} />
                <button class="primary">{ ui.say("static.check") }</button>
            </div>
            if let Some(error) = error {
                <p class="error" role="alert" id="q-error">{ error }</p>
            }
            <div class="ask-more">
                { for extras.iter().filter(|(.., text)| text.is_none()).map(|&(field, name, _)| html! {
                    <button key={name} type="button" class="link" onclick={ui.on(Action::Open(field))}>
                        { ui.say(&format!("ui.ask.{name}.add")) }
                    </button>
                }) }
            </div>
            if extras.iter().any(|(.., text)| text.is_some()) {
                <div class="ask-extra">
                    { for extras.iter().filter_map(|&(field, name, text)| {
                        text.as_ref().map(|text| extra(ui, field, name, text))
                    }) }
                </div>
            }
        </form>
    }
}

fn extra(ui: &Ui, field: Field, name: &'static str, text: &str) -> Html {
    html! {
        <label class="field" key={name}>
            <span>{ ui.say(&format!("ui.ask.{name}")) }</span>
            <input {name} type="text" autocomplete="off" autocapitalize="none" spellcheck="false"
                value={text.to_owned()} oninput={typed(ui, field)} />
            <span class="note">{ ui.say(&format!("ui.ask.{name}.note")) }</span>
        </label>
    }
}

fn typed(ui: &Ui, field: Field) -> Callback<InputEvent> {
    let act = ui.act.clone();
    Callback::from(move |event: InputEvent| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            act.emit(Action::Typed(field, input.value()));
        }
    })
}
