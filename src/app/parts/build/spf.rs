//! The questions about SPF: who sends, and what becomes of everybody else.

use super::{answer, choice, field, gauge, question, words};
use crate::app::{
    builder::{Builder, Choose},
    h::{El, On, el, part},
    state::Action,
    ui::Ui,
};
use mail_triage_engine::{
    build::spf::{End, Item, RefusedReason},
    check::Arg,
    knowledge::{Provider, Providers},
};

/// The questions, in order.
pub fn questions(ui: &Ui<'_>, builder: &Builder) -> Vec<El> {
    let Some(knowledge) = &ui.state.knowledge else { return Vec::new() };
    let mut all: Vec<El> = given_up(ui, builder).into_iter().collect();
    all.extend([services(ui, builder, &knowledge.providers), own(ui, builder)]);
    all.extend(kept(ui, builder));
    all.push(end(ui, builder));
    all
}

/// What the check proposes to take out of a record with too many lookups, and what that costs or saves at once. It is asked
/// about here and nowhere else.
fn given_up(ui: &Ui<'_>, builder: &Builder) -> Option<El> {
    let given_up = builder.given_up.iter().map(|item| term(ui, builder, "given-up", item));
    let mut given_up: Vec<El> = given_up.collect();
    if given_up.is_empty() {
        return None;
    }
    given_up.extend(gauge(ui, builder).map(|gauge| gauge.key("cost")));
    Some(question(ui, "given-up", given_up))
}

/// A term as written, in the record or not.
fn term(ui: &Ui<'_>, builder: &Builder, name: &'static str, item: &Item) -> El {
    let (text, item, on) = (item.term(), item.clone(), builder.spf.has(item));
    let shown = el("span").with(el("code").text(text.as_str()));
    answer(ui, ("checkbox", name), text, on, shown, move |on| Choose::Item(item.clone(), on))
}

/// Providers and services: those chosen or recognised first, the rest folded.
fn services(ui: &Ui<'_>, builder: &Builder, providers: &Providers) -> El {
    let chosen = |provider: &Provider| {
        let theirs = |domain: &str| providers.by_spf_include(domain).is_some_and(|own| own.id == provider.id);
        builder.spf.includes().any(theirs)
    };
    let mailbox = ui.provider().map(|provider| provider.id.as_str());
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    for provider in &providers.providers {
        let (on, here) = (chosen(provider), mailbox == Some(provider.id.as_str()));
        let named = builder.names(provider, providers);
        let theirs = |domain: &str| providers.by_spf_include(domain).is_some_and(|own| own.id == provider.id);
        if builder.gives_up(theirs) || !on && !named && builder.include_of(provider).is_none() {
            continue;
        }
        let note = if here { ui.say("build.services.mailbox") } else { String::new() };
        let id = provider.id.clone();
        let shown = words(provider.name.clone(), here.then_some(note));
        let answer = answer(ui, ("checkbox", "service"), provider.id.clone(), on, shown, move |on| {
            Choose::Provider(id.clone(), on)
        });
        // What was chosen in the fold stays there, so that nothing moves under the finger.
        if here || named { first.push(answer) } else { rest.push(answer) }
    }
    // Domains that belong to nobody who is known.
    for domain in builder.named.iter().filter(|domain| providers.by_spf_include(domain).is_none()) {
        let item = Item::Include(domain.clone());
        if builder.given_up.contains(&item) {
            continue;
        }
        let on = builder.spf.has(&item);
        first.push(answer(
            ui,
            ("checkbox", "service"),
            domain.clone(),
            on,
            el("span").with(el("code").text(domain.as_str())),
            move |on| Choose::Item(item.clone(), on),
        ));
    }
    let more = part("details", "more")
        .key("more")
        .with(el("summary").text(ui.count("build.services.more", rest.len())))
        .with(part("div", "choices").all(rest));
    first.push(more);
    first.push(another(ui, builder));
    question(ui, "services", first)
}

/// A service that is not on the list: the name it gives its customers.
fn another(ui: &Ui<'_>, builder: &Builder) -> El {
    let typed = &builder.service;
    let error = typed.refused.first().map(|text| ui.with("build.service.error", "text", text.as_str()));
    let form = part("form", "add")
        .key("add")
        .with(field(ui, "service", &typed.text, error, Choose::Service))
        .with(part("button", "quiet").text(ui.say("build.service.add")));
    ui.on(form, On::Submit, |event| {
        event.prevent_default();
        Some(Action::Choose(Choose::AddService))
    })
}

/// Servers of the user's own.
fn own(ui: &Ui<'_>, builder: &Builder) -> El {
    let tick = |item: Item, id: &'static str| {
        let on = builder.spf.has(&item);
        let note = Some(ui.say(&format!("build.own.{id}.note")));
        let shown = words(ui.say(&format!("build.own.{id}")), note);
        answer(ui, ("checkbox", "own"), id.to_owned(), on, shown, move |on| Choose::Item(item.clone(), on))
    };
    let typed = &builder.own;
    let refused = typed.refused.first().filter(|_| typed.left);
    let error = refused.map(|refused| {
        let key = match refused.why {
            RefusedReason::Unreadable => "build.own.error",
            RefusedReason::Private => "build.own.private",
        };
        ui.with(key, "text", refused.text.as_str())
    });
    let addresses = field(ui, "own-servers", &typed.text, error, Choose::Own);
    let ticks = [(Item::Mx, "mx"), (Item::Website, "website")];
    let ticks = ticks.into_iter().filter(|(item, _)| !builder.given_up.contains(item));
    let mut answers: Vec<El> = ticks.map(|(item, id)| tick(item, id)).collect();
    answers.push(addresses);
    question(ui, "own", answers)
}

/// What stays because nobody here knows better.
fn kept(ui: &Ui<'_>, builder: &Builder) -> Option<El> {
    let kept = builder.all_kept.iter().map(|text| Item::Kept(text.clone()));
    let kept = kept.filter(|item| !builder.given_up.contains(item));
    let kept: Vec<El> = kept.map(|item| term(ui, builder, "kept", &item)).collect();
    (!kept.is_empty()).then(|| question(ui, "kept", kept))
}

/// What becomes of mail from everybody else.
fn end(ui: &Ui<'_>, builder: &Builder) -> El {
    let mut ends: Vec<El> = Vec::new();
    for end in End::CHOICES {
        let on = builder.spf.end == end;
        ends.push(choice(ui, "end", end.as_str(), on, move || Choose::End(end)));
    }
    if let Some(domain) = &builder.spf.redirect {
        let shown = words(
            ui.with("build.end.redirect", "domain", Arg::from(domain.as_str())),
            Some(ui.say("build.end.redirect.note")),
        );
        let on = builder.spf.end == End::Redirect;
        ends.push(answer(ui, ("radio", "end"), "redirect".to_owned(), on, shown, |_| {
            Choose::End(End::Redirect)
        }));
    }
    question(ui, "end", ends)
}
