//! Which address sends the mail? What can be asked about beyond what was given.

use super::found::knowledge;
use crate::{
    components::{
        h::{El, el, part},
        keys::Keys,
        ui::Ui,
    },
    machine::{Change, Connection, Event, Field},
    shell::state::Action,
};
use mail_triage_engine::{
    check::Arg,
    dns::OWN_RESOLVER,
    report::{Report, headline::SENDING_ADDRESS},
    route::is_resolver_address,
    view::sending::{AddressOrigin, Candidate, NamedBy},
    visible::visible,
};
use yew::prelude::{Html, html};

/// The choice of sending addresses, and the keys of lists that want one.
pub fn senders(ui: &Ui<'_>, report: &Report) -> El {
    let state = ui.state;
    let live = is_live(ui);
    let sending = &report.views.sending;
    let known = sending.addresses.len() + sending.shared.len() > 0;
    let title = if known { "senders.other" } else { "senders.title" };
    let text = if known { "senders.text" } else { "senders.type" };
    let own_servers = report.target.domain.is_some() && report.headline.verdict.has_records_of_the_user();
    let receiving = live && own_servers && !report.target.receiving_too;
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
        .node(keys(ui).filter(|_| state.machine.example().is_none()).unwrap_or_default())
}

/// Whether the check can be asked about more: only one that is a link of its own can, an example or a recipient's domain
/// cannot.
fn is_live(ui: &Ui<'_>) -> bool {
    ui.state.machine.route.asked().is_some()
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
    match ui.state.machine.beside.connection {
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
fn keys(ui: &Ui<'_>) -> Option<Html> {
    let state = ui.state;
    let first = state.machine.first_resolver();
    let chosen = state.machine.resolver.chosen.as_ref() == Some(&first) && is_resolver_address(&first);
    let resolver = state.resolver_name(if chosen { OWN_RESOLVER } else { &first });
    let knowledge = knowledge(ui)?;
    Some(html! {
        <Keys
            page={ui.page.clone()}
            kept={ui.memory.keys.clone()}
            {knowledge}
            keys={state.keys.clone()}
            {resolver}
            use_key={ui.callbacks.use_key.clone()}
        />
    })
}
