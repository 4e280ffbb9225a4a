//! Which address sends the mail? What can be asked about beyond what was given.

use crate::app::{
    h::{El, el, part},
    state::Action,
    ui::Ui,
};
use crate::machine::{Change, Connection, Event, Field};
use mail_triage_engine::{
    check::Arg,
    dns::OWN_RESOLVER,
    input::limits::InputField,
    report::{Report, headline::SENDING_ADDRESS},
    route::is_resolver_address,
    view::sending::{AddressOrigin, Candidate, NamedBy},
    visible::visible,
};

/// The choice of sending addresses, and the keys of lists that want one.
pub fn senders(ui: &Ui<'_>, report: &Report) -> El {
    let state = ui.state;
    let live = is_live(ui);
    let sending = &report.views.sending;
    let known = sending.addresses.len() + sending.shared.len() > 0;
    let title = if known { "senders.other" } else { "senders.title" };
    let text = if known { "senders.text" } else { "senders.type" };
    let receiving = live && report.target.domain.is_some() && !report.target.receiving_too;
    // Nothing on paper: it asks, and the keys are nobody else's.
    part("div", "senders no-print")
        .with(ui.el("h3", title))
        .with(el("p").text(ui.say(text)))
        .maybe(receiving.then(|| {
            part("div", "actions").with(ui.button(
                "quiet",
                "senders.receiving",
                Action::Do(Event::Ask(Change::ReceivingToo)),
            ))
        }))
        .maybe(live.then(|| own(ui, report)))
        .maybe(state.example().is_none().then(|| keys(ui)))
}

/// Whether the check can be asked about more: only one that is a link of its own can, an example or a recipient's domain
/// cannot.
fn is_live(ui: &Ui<'_>) -> bool {
    ui.state.route.asked().is_some()
}

/// Why these addresses were looked up, where nobody asked for it.
pub fn why(ui: &Ui<'_>, report: &Report) -> Option<El> {
    let sending = &report.views.sending;
    let named = sending.named_by == NamedBy::Spf && !sending.addresses.is_empty();
    let values = [("ips", Arg::list(sending.ips())), ("n", sending.addresses.len().into())];
    named.then(|| part("p", "why").put("id", "why-these").text(ui.state.words.with("senders.why", values)))
}

/// The question which address sends, among the first things to do: where it is open, and mail can leave at all.
pub fn question(ui: &Ui<'_>, report: &Report) -> Option<El> {
    let headline = &report.headline;
    let matters = headline.unchecked.contains(&SENDING_ADDRESS) && headline.verdict.asks_who_sends();
    if !(matters && report.views.sending.open && is_live(ui)) {
        return None;
    }
    let offers = &report.views.sending.offers;
    let text = if offers.is_empty() { "senders.type" } else { "senders.choose" };
    let enter = if offers.is_empty() { "judge.ask.enter" } else { "senders.enter" };
    let mut buttons = choices(ui, offers);
    buttons.push(ui.button("quiet", enter, Action::Do(Event::Edit(Field::Ip))).key("enter"));
    let known = report.views.sending.addresses.len() + report.views.sending.shared.len() > 0;
    let title = ui.el("h3", if known { "senders.other" } else { "senders.title" });
    let body = el("div").with(title).with(part("p", "note").text(ui.say(text)));
    let body = body.with(part("div", "choices").all(buttons));
    Some(
        part("li", "which no-print")
            .key("which-sends")
            .put("id", "which-sends")
            .put("data-level", "unknown")
            .with(body),
    )
}

/// A button for each address, with whose it is, what it is called, and what it does for the domain. Names come from the DNS.
pub fn choices(ui: &Ui<'_>, offers: &[Candidate]) -> Vec<El> {
    let button = |offer: &Candidate| {
        let ip = offer.ip.to_string();
        let mut said: Vec<String> =
            offer.name.iter().map(|name| visible(name.as_str()).into_owned()).collect();
        said.extend(whose(ui, &offer.of));
        said.extend(does(offer).map(|key| ui.say(key)));
        let button = part("button", "quiet choose")
            .put("type", "button")
            .set("data-ip", ip.clone())
            .key(&ip)
            .with(el("b").text(ip.as_str()))
            .with(part("span", "note").text(said.join(" · ")));
        ui.press(button, Action::Do(Event::Ask(Change::Address(offer.ip))))
    };
    offers.iter().map(button).collect()
}

fn whose(ui: &Ui<'_>, of: &AddressOrigin) -> Option<String> {
    match of {
        AddressOrigin::User => None,
        AddressOrigin::Domain => Some(ui.say("senders.domain")),
        AddressOrigin::Included(name) => Some(ui.with("senders.included", "name", name)),
        AddressOrigin::Provider(name) => Some(ui.with("senders.provider", "name", name.as_str())),
    }
}

fn does(offer: &Candidate) -> Option<&'static str> {
    match (offer.receives, offer.sends) {
        (true, true) => Some("senders.both"),
        (true, false) => Some("senders.receives"),
        (false, true) => Some("senders.sends"),
        (false, false) => None,
    }
}

/// The address of this connection, of which only lists are asked.
fn own(ui: &Ui<'_>, report: &Report) -> El {
    if let Some(ip) = report.target.connection_ip {
        let sends =
            part("button", "quiet").put("type", "button").text(ui.with("senders.own.sends", "ip", ip));
        return el("div")
            .key("own")
            .with(part("p", "note").text(ui.with("senders.own", "ip", ip)))
            .with(part("div", "actions").with(ui.press(sends, Action::Do(Event::Ask(Change::Address(ip))))));
    }
    let ask = |key| {
        part("div", "actions").with(ui.button("quiet", key, Action::Do(Event::Ask(Change::Connection))))
    };
    let asked = el("div").key("mine");
    match ui.state.beside.connection {
        Connection::Unknown => {
            asked.with(ask("senders.mine")).with(part("p", "note").text(ui.say("senders.mine.note")))
        }
        Connection::Asking => asked.with(part("p", "note").text(ui.say("senders.asking"))),
        Connection::Failed => {
            let failed = part("p", "error").put("role", "alert").text(ui.say("senders.failed"));
            asked.with(failed).with(ask("ui.retry"))
        }
    }
}

/// Fields for the keys of lists that want one. They stay in this browser.
fn keys(ui: &Ui<'_>) -> El {
    let state = ui.state;
    let first = state.first_resolver();
    let chosen = state.resolver.chosen.as_ref() == Some(&first) && is_resolver_address(&first);
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
            .maybe(ui.long(InputField::Line, shown))
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
