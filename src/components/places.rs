//! Where whoever can help is found, and what they are called.

use mail_triage_engine::contact::{Contact, ContactParty, Page};

use super::page_context::{PageContext, external, host_of, source};
use crate::components::h::{El, el, part};

/// What a party is called: its kind, and its name where it is known.
pub fn name(page: &PageContext, key: &str, party: &ContactParty, found: &Contact) -> String {
    let key = format!("{key}.{}", party.as_str());
    match &found.name {
        Some(name) => page.with(&format!("{key}.named"), "name", name.as_str()),
        None => page.say(&key),
    }
}

/// Where somebody is found: an address, pages, and how that is known.
pub fn pages(page: &PageContext, found: &Contact) -> El {
    let mut items: Vec<El> = Vec::new();
    if let Some(address) = &found.address {
        let link = el("a").set("href", format!("mailto:{address}")).text(address.as_str());
        items.push(el("li").key("address").with(link));
    }
    for place in &found.pages {
        // One page may tell of several things.
        items.push(el("li").key(&format!("{} {}", place.kind.key(), place.url)).with(link(page, place)));
    }
    let mut sources: Vec<(&str, &str)> = Vec::new();
    for place in &found.pages {
        if !sources.iter().any(|(url, _)| host_of(url) == host_of(&place.source)) {
            sources.push((&place.source, &place.date));
        }
    }
    let sources = sources.into_iter().map(|(url, date)| el("li").key(url).with(source(url, date)));
    let sources: Vec<El> = sources.collect();
    el("div")
        .with(part("ul", "pages").all(items))
        .maybe((!sources.is_empty()).then(|| part("ul", "sources").all(sources)))
}

fn link(page: &PageContext, place: &Page) -> El {
    let what = page.say(&place.kind.key());
    let text = match &place.name {
        Some(name) => format!("{what}{}{name}", page.say("ui.colon")),
        None => what,
    };
    external(&place.url, text)
}
