//! Which address sends the mail? What can be asked about beyond what was given.

use crate::{
    dns::OWN_RESOLVER,
    input::limits::Field,
    report::Report,
    route::is_resolver_address,
    web::app::{
        entrust,
        h::{El, el, part},
        state::{Action, MyAddress},
        ui::Ui,
    },
};

/// The choice of sending addresses, and the keys of lists that want one.
pub fn senders(ui: &Ui<'_>, report: &Report) -> El {
    let state = ui.state;
    let mut offers: Vec<El> = Vec::new();
    // Only a check that is a link of its own can be asked about more: an example or a recipient's domain cannot.
    let live = state.route.asked().is_some();
    for &ip in state.senders.iter().filter(|_| live) {
        let button = part("button", "quiet").put("type", "button").key(&ip.to_string()).text(ip.to_string());
        offers.push(ui.press(button, Action::AddAddress(ip)));
    }
    let listed = (!offers.is_empty())
        .then(|| el("div").with(ui.el("p", "senders.spf")).with(part("div", "actions").all(offers)));
    let receiving = live && report.target.domain.is_some() && !report.target.receiving_too;
    // Nothing on paper: it asks, and the keys are nobody else's.
    part("div", "senders no-print")
        .with(ui.el("h3", "senders.title"))
        .with(el("p").text(ui.say("senders.text")))
        .maybe(listed)
        .maybe(receiving.then(|| {
            part("div", "actions").with(ui.button("quiet", "senders.receiving", Action::ReceivingToo))
        }))
        .maybe(live.then(|| own(ui, report)))
        .maybe(state.example.is_none().then(|| keys(ui)))
}

/// The address of this connection, of which only lists are asked.
fn own(ui: &Ui<'_>, report: &Report) -> El {
    if let Some(ip) = report.target.own {
        let sends =
            part("button", "quiet").put("type", "button").text(ui.with("senders.own.sends", "ip", ip));
        return el("div")
            .key("own")
            .with(part("p", "note").text(ui.with("senders.own", "ip", ip)))
            .with(part("div", "actions").with(ui.press(sends, Action::AddAddress(ip))));
    }
    let ask = |key| part("div", "actions").with(ui.button("quiet", key, Action::AskMyAddress));
    let asked = el("div").key("mine");
    match &ui.state.mine {
        MyAddress::Unknown => {
            asked.with(ask("senders.mine")).with(part("p", "note").text(ui.say("senders.mine.note")))
        }
        MyAddress::Asking => asked.with(part("p", "note").text(ui.say("senders.asking"))),
        MyAddress::Failed => {
            let failed = part("p", "error").put("role", "alert").text(ui.say("senders.failed"));
            asked.with(failed).with(ask("ui.retry"))
        }
    }
}

/// Fields for the keys of lists that want one. They stay in this browser.
fn keys(ui: &Ui<'_>) -> El {
    let state = ui.state;
    let first = entrust::first(state);
    let chosen = state.resolver.as_ref() == Some(&first) && is_resolver_address(&first);
    let resolver = state.resolver_name(if chosen { OWN_RESOLVER } else { &first });
    let shown_key = if state.keys_shown { "keys.hide" } else { "keys.show" };
    let fields = state.secrets().into_iter().map(|name| {
        let kept = state.keys.get(&name).unwrap_or_default();
        let shown = state.typed_keys.get(&name).unwrap_or(kept);
        let mut input = el("input")
            // No password field: browsers would offer to keep it elsewhere, and want a form around it. The style sheet
            // puts dots in place of what is typed.
            .put("class", if state.keys_shown { "key" } else { "key masked" })
            .put("type", "text")
            .put("autocomplete", "off")
            .put("autocapitalize", "none")
            .put("spellcheck", "false")
            .value(shown);
        let wrong = state.wrong_keys.contains(&name).then(|| format!("key-{name}-error"));
        if let Some(id) = &wrong {
            input = input.put("aria-invalid", "true").set("aria-describedby", id.clone());
        }
        let error = |id| part("p", "error").put("role", "alert").set("id", id).text(ui.say("keys.error"));
        let field = name.clone();
        part("div", "key-field")
            .key(&name)
            .with(
                part("label", "field")
                    .with(ui.el("span", &format!("list.secret.{name}")))
                    .with(ui.input(input, move |text| Action::TypedKey(field.clone(), text))),
            )
            .maybe(ui.long(Field::Line, shown))
            .with(ui.button("quiet", "keys.use", Action::UseKey(name.clone())))
            .maybe(wrong.map(error))
    });
    part("details", "evidence")
        .flag("open", state.key_refused)
        .with(ui.el("summary", "keys.title"))
        .with(part("p", "note").text(ui.with("keys.text", "resolver", resolver)))
        .with(el("div").all(fields.collect()))
        .with(ui.button("link", shown_key, Action::ShowKeys))
}
