//! The questions about SPF: who sends, and what becomes of everybody else.

use super::{
    drawing::Drawing,
    questions::{answer, choice, field, question, words},
    result::gauge,
};
use crate::{
    components::h::{El, On, el, part},
    panels::builder::{Builder as Record, choose::Choose},
};
use mail_triage_engine::{
    build::spf::{End, Item, RefusedReason},
    check::Arg,
    knowledge::{Provider, Providers},
};

/// The questions, in order.
pub fn questions(drawing: &Drawing<'_>, record: &Record) -> Vec<El> {
    let Some(knowledge) = &drawing.knowledge else { return Vec::new() };
    let mut all: Vec<El> = given_up(drawing, record).into_iter().collect();
    all.extend([services(drawing, record, &knowledge.providers), own(drawing, record)]);
    all.extend(kept(drawing, record));
    all.push(end(drawing, record));
    all
}

/// What the check proposes to take out of a record with too many lookups, and what that costs or saves at once. It is asked
/// about here and nowhere else.
fn given_up(drawing: &Drawing<'_>, record: &Record) -> Option<El> {
    let given_up = record.given_up.iter().map(|item| term(drawing, record, "given-up", item));
    let mut given_up: Vec<El> = given_up.collect();
    if given_up.is_empty() {
        return None;
    }
    given_up.extend(gauge(drawing, record).map(|gauge| gauge.key("cost")));
    Some(question(drawing, "given-up", given_up))
}

/// A term as written, in the record or not.
fn term(drawing: &Drawing<'_>, record: &Record, name: &'static str, item: &Item) -> El {
    let (text, item, on) = (item.term(), item.clone(), record.spf.has(item));
    let shown = el("span").with(el("code").text(text.as_str()));
    answer(drawing, ("checkbox", name), text, on, shown, move |on| Choose::Item(item.clone(), on))
}

/// Providers and services: those chosen or recognised first, the rest folded.
fn services(drawing: &Drawing<'_>, record: &Record, providers: &Providers) -> El {
    let chosen = |provider: &Provider| {
        let theirs = |domain: &str| providers.by_spf_include(domain).is_some_and(|own| own.id == provider.id);
        record.spf.includes().any(theirs)
    };
    let mailbox = drawing.mailbox;
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    for provider in &providers.providers {
        let (on, here) = (chosen(provider), mailbox == Some(provider.id.as_str()));
        let named = record.names(provider, providers);
        let theirs = |domain: &str| providers.by_spf_include(domain).is_some_and(|own| own.id == provider.id);
        if record.gives_up(theirs) || !on && !named && record.include_of(provider).is_none() {
            continue;
        }
        let note = if here { drawing.say("build.services.mailbox") } else { String::new() };
        let id = provider.id.clone();
        let shown = words(provider.name.clone(), here.then_some(note));
        let answer = answer(drawing, ("checkbox", "service"), provider.id.clone(), on, shown, move |on| {
            Choose::Provider(id.clone(), on)
        });
        // What was chosen in the fold stays there, so that nothing moves under the finger.
        if here || named { first.push(answer) } else { rest.push(answer) }
    }
    // Domains that belong to nobody who is known.
    for domain in record.named.iter().filter(|domain| providers.by_spf_include(domain).is_none()) {
        let item = Item::Include(domain.clone());
        if record.given_up.contains(&item) {
            continue;
        }
        let on = record.spf.has(&item);
        first.push(answer(
            drawing,
            ("checkbox", "service"),
            domain.clone(),
            on,
            el("span").with(el("code").text(domain.as_str())),
            move |on| Choose::Item(item.clone(), on),
        ));
    }
    let more = part("details", "more")
        .key("more")
        .with(el("summary").text(drawing.count("build.services.more", rest.len())))
        .with(part("div", "choices").all(rest));
    first.push(more);
    first.push(another(drawing, record));
    question(drawing, "services", first)
}

/// A service that is not on the list: the name it gives its customers.
fn another(drawing: &Drawing<'_>, record: &Record) -> El {
    let typed = &record.service;
    let error = typed.refused.first().map(|text| drawing.with("build.service.error", "text", text.as_str()));
    let form = part("form", "add")
        .key("add")
        .with(field(drawing, "service", &typed.text, error, Choose::Service))
        .with(part("button", "quiet").text(drawing.say("build.service.add")));
    drawing.choosing(form, On::Submit, Choose::AddService)
}

/// Servers of the user's own.
fn own(drawing: &Drawing<'_>, record: &Record) -> El {
    let tick = |item: Item, id: &'static str| {
        let on = record.spf.has(&item);
        let note = Some(drawing.say(&format!("build.own.{id}.note")));
        let shown = words(drawing.say(&format!("build.own.{id}")), note);
        answer(drawing, ("checkbox", "own"), id.to_owned(), on, shown, move |on| {
            Choose::Item(item.clone(), on)
        })
    };
    let typed = &record.own;
    let refused = typed.refused.first().filter(|_| typed.left);
    let error = refused.map(|refused| {
        let key = match refused.why {
            RefusedReason::Unreadable => "build.own.error",
            RefusedReason::Private => "build.own.private",
        };
        drawing.with(key, "text", refused.text.as_str())
    });
    let addresses = field(drawing, "own-servers", &typed.text, error, Choose::Own);
    let ticks = [(Item::Mx, "mx"), (Item::Website, "website")];
    let ticks = ticks.into_iter().filter(|(item, _)| !record.given_up.contains(item));
    let mut answers: Vec<El> = ticks.map(|(item, id)| tick(item, id)).collect();
    answers.push(addresses);
    question(drawing, "own", answers)
}

/// What stays because nobody here knows better.
fn kept(drawing: &Drawing<'_>, record: &Record) -> Option<El> {
    let kept = record.all_kept.iter().map(|text| Item::Kept(text.clone()));
    let kept = kept.filter(|item| !record.given_up.contains(item));
    let kept: Vec<El> = kept.map(|item| term(drawing, record, "kept", &item)).collect();
    (!kept.is_empty()).then(|| question(drawing, "kept", kept))
}

/// What becomes of mail from everybody else.
fn end(drawing: &Drawing<'_>, record: &Record) -> El {
    let mut ends: Vec<El> = Vec::new();
    for end in End::CHOICES {
        let on = record.spf.end == end;
        ends.push(choice(drawing, "end", end.as_str(), on, move || Choose::End(end)));
    }
    if let Some(domain) = &record.spf.redirect {
        let shown = words(
            drawing.with("build.end.redirect", "domain", Arg::from(domain.as_str())),
            Some(drawing.say("build.end.redirect.note")),
        );
        let on = record.spf.end == End::Redirect;
        ends.push(answer(drawing, ("radio", "end"), "redirect".to_owned(), on, shown, |_| {
            Choose::End(End::Redirect)
        }));
    }
    question(drawing, "end", ends)
}
