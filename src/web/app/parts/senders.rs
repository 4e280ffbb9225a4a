//! Which address sends the mail? What can be asked about beyond what was given.

use crate::{
    report::Report,
    web::app::{
        h::{El, el, part},
        state::{Action, MyAddress},
        ui::Ui,
    },
};

/// The choice of sending addresses, and the keys of lists that want one.
pub fn senders(ui: &Ui<'_>, report: &Report) -> El {
    let state = ui.state;
    let mut offers: Vec<El> = Vec::new();
    for &ip in &state.senders {
        let button = part("button", "quiet").put("type", "button").key(&ip.to_string()).text(ip.to_string());
        offers.push(ui.press(button, Action::AddAddress(ip)));
    }
    let listed = (!offers.is_empty())
        .then(|| el("div").with(ui.el("p", "senders.spf")).with(part("div", "actions").all(offers)));
    let live = state.example.is_none();
    let receiving = live && report.target.domain.is_some() && !report.target.receiving_too;
    let mine = || match &state.mine {
        MyAddress::Unknown => ui.button("quiet", "senders.mine", Action::AskMyAddress).key("mine"),
        MyAddress::Asking => part("p", "note").key("asking").text(ui.say("senders.asking")),
        MyAddress::Failed => part("p", "error").key("failed").text(ui.say("senders.failed")),
    };
    part("div", "senders")
        .with(ui.el("h3", "senders.title"))
        .with(el("p").text(ui.say("senders.text")))
        .maybe(listed)
        .maybe(live.then(|| {
            part("div", "actions")
                .with(mine())
                .maybe(receiving.then(|| ui.button("quiet", "senders.receiving", Action::ReceivingToo)))
        }))
        .maybe(live.then(|| keys(ui)))
}

/// Fields for the keys of lists that want one. They stay in this browser.
fn keys(ui: &Ui<'_>) -> El {
    let state = ui.state;
    let fields = state.secrets().into_iter().map(|name| {
        let kept = state.keys.get(&name).unwrap_or_default();
        let shown = state.typed_keys.get(&name).unwrap_or(kept);
        let input = el("input")
            .put("type", "text")
            .put("autocomplete", "off")
            .put("spellcheck", "false")
            .value(shown);
        let field = name.clone();
        part("div", "key-field")
            .key(&name)
            .with(
                part("label", "field")
                    .with(ui.el("span", &format!("list.secret.{name}")))
                    .with(ui.input(input, move |text| Action::TypedKey(field.clone(), text))),
            )
            .with(ui.button("quiet", "keys.use", Action::UseKey(name)))
    });
    part("details", "evidence")
        .with(ui.el("summary", "keys.title"))
        .with(part("p", "note").text(ui.say("keys.text")))
        .with(el("div").all(fields.collect()))
}
