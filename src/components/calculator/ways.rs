//! The ways out of a limit: to wait, a larger plan, a service that sends.

use mail_triage_browser::{clock, words::args};
use mail_triage_engine::{
    check::Arg,
    knowledge::{Limit, LimitKind, Provider},
    limits::{Alternatives, LimitComparison, LimitRow, Reset, Upgrade},
};

use crate::components::{
    h::{El, el, part},
    page_context::PageContext,
};

/// The ways out.
pub fn ways(
    page: &PageContext,
    provider: &Provider,
    row: &LimitRow<'_>,
    comparison: &LimitComparison<'_>,
) -> El {
    let LimitComparison { reset, ways, .. } = comparison;
    part("ol", "howto")
        .with(wait(page, provider, row, *reset, ways.split))
        .with(larger(page, provider, row, &ways.upgrades))
        .with(service(page, row, ways))
}

fn way(page: &PageContext, key: &str) -> El {
    part("li", "calc-way").with(part("p", "howto-title").text(page.say(key)))
}

/// When it is free again.
fn wait(
    page: &PageContext,
    provider: &Provider,
    row: &LimitRow<'_>,
    reset: Option<Reset>,
    split: Option<u64>,
) -> El {
    let (key, hours) = match reset {
        Some(Reset::Rolling { hours }) => ("calc.wait.rolling", Some(hours)),
        Some(Reset::Stopped { hours }) => ("calc.wait.stopped", Some(hours)),
        Some(Reset::Span { hours }) => ("calc.wait.span", Some(hours)),
        Some(Reset::Slower) => ("calc.wait.slower", None),
        Some(Reset::Never) if row.limit.kind == LimitKind::MessageSize => ("calc.wait.size", None),
        Some(Reset::Never) if split.is_some() => ("calc.wait.split", None),
        Some(Reset::Never) => ("calc.wait.never", None),
        Some(Reset::Unknown) | None => ("calc.wait.unknown", None),
    };
    let mut values = args([("provider", provider.name.as_str().into())]);
    if let Some(hours) = hours {
        values.set("n", u64::from(hours).into());
        values.set("time", clock::in_hours(hours, page.words.language()).into());
    }
    if let Some(split) = split {
        values.set("n", split.into());
    }
    way(page, "calc.way.wait").with(el("p").text(page.fill(key, &values)))
}

/// A plan with more room.
fn larger(page: &PageContext, provider: &Provider, row: &LimitRow<'_>, upgrades: &[Upgrade<'_>]) -> El {
    let larger = way(page, "calc.way.upgrade");
    let larger = if upgrades.is_empty() {
        larger.with(el("p").text(page.with("calc.upgrade.unknown", "provider", provider.name.as_str())))
    } else {
        let items = upgrades.iter().map(|upgrade| {
            let account = upgrade.plan.map_or_else(|| page.say("calc.account.ordinary"), str::to_owned);
            let number = match upgrade.max {
                Some(max) => format!("{}–{max}", upgrade.number),
                None => upgrade.number.to_string(),
            };
            let text = [("account", Arg::Text(account.clone())), ("number", number.into())];
            el("li").key(&account).text(page.words.with("calc.upgrade", text))
        });
        larger.with(el("ul").all(items.collect()))
    };
    larger.maybe(row.limit.note.as_ref().map(|note| part("p", "note").text(page.say(note))))
}

/// A service that sends in one's stead.
fn service(page: &PageContext, row: &LimitRow<'_>, ways: &Alternatives<'_>) -> El {
    let service = way(page, "calc.way.service");
    if ways.services.is_empty() {
        let of_size = row.limit.kind == LimitKind::MessageSize;
        let key = if of_size { "calc.service.size" } else { "calc.service.none" };
        return service.with(el("p").text(page.say(key)));
    }
    let items = ways.services.iter().map(|(service, free)| {
        let item = el("li").key(&service.id).text(service.name.as_str());
        item.maybe(free.and_then(|limit| free_of_charge(page, limit)))
    });
    service
        .with(el("p").text(page.say("calc.service")))
        .with(el("ul").all(items.collect()))
        .maybe(ways.own_domain.then(|| el("p").text(page.say("calc.service.own-domain"))))
}

/// What a service lets somebody send without paying.
fn free_of_charge(page: &PageContext, limit: &Limit) -> Option<El> {
    let values = [
        ("plan", limit.plan.as_deref().unwrap_or_default().into()),
        ("limit", Arg::key(limit.kind.key())),
        ("number", u64::from(limit.value?).into()),
    ];
    Some(part("span", "note").text(page.words.with("calc.service.free", values)))
}
