//! What is known about the recognised provider: limits, settings for mail programs, whom to ask.

use crate::components::{
    h::{El, el, part},
    provider_choice::provider_choice,
    ui::{Ui, cell},
};
use mail_triage_engine::knowledge::{Confidence, Limit, LimitKind, LimitSpan, SmtpService};

/// Step 2: the limits.
pub fn limits(ui: &Ui<'_>) -> El {
    let Some(provider) = ui.provider() else { return unknown(ui) };
    let rows = provider.limits.iter().map(|limit| {
        let mut what = el("span").text(ui.say(&limit.kind.key()));
        if let Some(plan) = &limit.plan {
            what = what.text(format!(" ({plan})"));
        }
        let mut number = el("span").text(value(ui, limit));
        if let Some(per) = &limit.per {
            number = number.text(format!(" {}", ui.say(&format!("limit.per.{per}"))));
        }
        if let Some(note) = &limit.note {
            number = number.with(el("br")).with(part("span", "note").text(ui.say(note)));
        }
        let key = format!("{} {:?} {:?}", limit.kind.as_str(), limit.plan, limit.value);
        (key, vec![what, number, source(ui, &limit.source, &limit.date, limit.confidence)])
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return part("p", "note").text(ui.with("ui.limits.none", "provider", provider.name.as_str()));
    }
    el("div")
        .with(ui.table(&["limit", "number", "source"], rows))
        .maybe(provider.note.as_ref().map(|note| el("p").text(ui.say(note))))
}

/// The number of a limit with what belongs to it.
fn value(ui: &Ui<'_>, limit: &Limit) -> String {
    let Some(low) = limit.value else { return ui.say("ui.limit.unpublished") };
    let about = if limit.about { ui.say("ui.limit.about") } else { String::new() };
    let high = limit.max.map(|high| format!("–{high}")).unwrap_or_default();
    let trial =
        limit.trial.map(|trial| ui.with("ui.limit.trial", "trial", u64::from(trial))).unwrap_or_default();
    format!("{about}{low}{high}{trial}")
}

/// Where a fact comes from, with a star if it was not seen there; what that means stands once at the end of the page.
pub fn source(ui: &Ui<'_>, url: &str, date: &str, confidence: Confidence) -> El {
    let source = ui.source(url, date);
    match confidence {
        Confidence::Verified => source,
        Confidence::GeneralKnowledge => source.text(ui.say("limit.unverified")),
    }
}

/// What the provider says about the size of a message, and where.
pub fn size_limit(ui: &Ui<'_>) -> Option<El> {
    let provider = ui.provider()?;
    let limit = provider.limit(LimitKind::MessageSize)?;
    let values =
        [("provider", provider.name.as_str().into()), ("limit", format!("{} MB", limit.value?).into())];
    let said = el("p").text(ui.state.words.with("before.attachment.limit", values)).text(" ");
    Some(said.with(source(ui, &limit.source, &limit.date, limit.confidence)))
}

/// The number that the limits of a kind come to, with the plan it is for.
fn spanned(ui: &Ui<'_>, span: &LimitSpan<'_>) -> String {
    let mut number = match (span.by_plan, &span.limit.plan) {
        (true, _) => ui.with("limit.by-plan", "number", format!("{}–{}", span.low, span.high)),
        (false, Some(plan)) => format!("{} ({plan})", value(ui, span.limit)),
        (false, None) => value(ui, span.limit),
    };
    if !span.verified {
        number.push_str(&ui.say("limit.unverified"));
    }
    number
}

/// The line of step 2.
pub fn limit_line(ui: &Ui<'_>) -> String {
    let Some(provider) = ui.provider() else { return ui.say("ui.provider.unknown.short") };
    let day = [
        LimitKind::MessagesPerDay,
        LimitKind::RecipientsPerDay,
        LimitKind::RelaysPerDay,
        LimitKind::MessagesPerHour,
        LimitKind::RecipientsPerHour,
    ];
    match day.iter().find_map(|&kind| provider.span(kind)) {
        Some(span) => {
            let what = ui.say(&span.limit.kind.key());
            let values = [
                ("provider", provider.name.as_str().into()),
                ("what", what.into()),
                ("number", spanned(ui, &span).into()),
            ];
            ui.state.words.with("limit.line", values)
        }
        None => provider.name.clone(),
    }
}

/// Stands in the name of a server for a part that only the customer knows.
const REGION: &str = "{region}";

fn is_of_region(service: &SmtpService) -> bool {
    service.host.contains(REGION)
}

/// The name of a server, with the domain at hand.
fn host(ui: &Ui<'_>, service: &SmtpService) -> String {
    service.host.replace("{domain}", &ui.state.domain())
}

/// Step 3: the settings for mail programs.
pub fn settings(ui: &Ui<'_>) -> El {
    let Some(provider) = ui.provider() else { return unknown(ui) };
    let rows = provider.smtp.iter().map(|service| {
        let host = el("span").with(el("code").text(host(ui, service)));
        let host = match &service.via {
            Some(via) => host.with(el("br")).with(part("span", "note").text(via.as_str())),
            None => host,
        };
        let mut auth = el("span");
        for (index, kind) in service.auth.iter().enumerate() {
            if index > 0 {
                auth = auth.with(el("br"));
            }
            auth = auth.text(ui.say(&kind.key()));
        }
        let security = cell(ui.say(&service.security.key()));
        let url = service.source.as_deref().unwrap_or(&provider.source);
        let key = format!("{}:{}", service.host, service.port);
        let source = source(ui, url, &service.date, provider.confidence);
        (key, vec![host, cell(service.port.to_string()), security, auth, source])
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return part("p", "note").text(ui.with("ui.smtp.none", "provider", provider.name.as_str()));
    }
    el("div")
        .with(ui.table(&["server", "port", "security", "auth", "source"], rows))
        .maybe(
            provider
                .smtp
                .iter()
                .any(is_of_region)
                .then(|| part("p", "note").text(ui.with("smtp.region", "part", REGION))),
        )
        .maybe(provider.auth_note.as_ref().map(|note| el("p").text(ui.say(note))))
}

/// The line of step 3.
pub fn settings_line(ui: &Ui<'_>) -> String {
    match ui.provider().and_then(|provider| provider.smtp.first()) {
        Some(service) if is_of_region(service) => ui.say("smtp.region.short"),
        Some(service) => format!("{}:{}", host(ui, service), service.port),
        None => ui.say("ui.provider.unknown.short"),
    }
}

/// The line of step 5.
pub fn line(ui: &Ui<'_>) -> String {
    ui.provider().map_or_else(|| ui.say("ui.provider.unknown.short"), |provider| provider.name.clone())
}

fn unknown(ui: &Ui<'_>) -> El {
    part("p", "note").text(ui.say("ui.provider.unknown"))
}

/// Which provider it is: recognised, or chosen by the user.
pub fn choose(ui: &Ui<'_>) -> El {
    let Some(knowledge) = &ui.state.knowledge else { return el("div") };
    let choose = ui.callbacks.choose_provider.clone();
    provider_choice(&ui.page, &knowledge.providers, ui.provider(), move |id| choose.emit(id))
}
