//! What to do at whom: the forms of DNS hosts, and what providers ask for.

use mail_triage_engine::{
    change::Fix,
    check::Code,
    checklist::ChecklistStep,
    dns::Name,
    knowledge::{Cause, ClaimKind, DnsHost, Provider, Role},
    report::FindingReport,
};

use crate::{
    html::{element, link, text},
    source::Source,
    words::Words,
};

/// A fold with a list in it.
fn fold(words: &Words, title: &str, items: &str) -> String {
    if items.is_empty() {
        return String::new();
    }
    format!(
        "<details>\n<summary>{}</summary>\n<ul class=\"help\">\n{items}</ul>\n</details>\n",
        text(&words.say(title))
    )
}

/// Where the change is made at each DNS host, and what its form wants in the field for the name.
pub(crate) fn hosts(source: &Source, words: &Words, fix: &Fix, finding: &FindingReport) -> String {
    let Some(record) = fix.publish.first().or(fix.remove.first()) else { return String::new() };
    let zone = finding.around.as_ref().and_then(|around| around.zone.clone());
    let zone = zone.unwrap_or_else(|| registered(&fix.owner));
    let hosts = source.knowledge.dns_hosts.hosts.iter().filter(|host| host.one_of.is_empty());
    let items: String = hosts.map(|host| host_item(words, host, fix, record, &zone)).collect();
    element("p", &words.say("pages.hosts.lead")) + &fold(words, "pages.hosts.title", &items)
}

/// The domain of an example: its scenarios name none of their zones below a second label.
fn registered(owner: &Name) -> Name {
    let mut name = owner.clone();
    while let Some(parent) = name.parent().filter(|parent| parent.labels().count() >= 2) {
        name = parent;
    }
    name
}

fn host_item(words: &Words, host: &DnsHost, fix: &Fix, record: &str, zone: &Name) -> String {
    let fields = host.fields(&fix.owner, fix.rtype, record, zone);
    let name = match fields.name.is_empty() {
        true => text(&words.say("fix.name.leave-empty")),
        false => format!("<code>{}</code>", text(&fields.name)),
    };
    let mut links: Vec<String> = Vec::new();
    links.extend(
        host.panel.as_ref().map(|url| link(url, &words.with("fix.panel", "host", host.name.as_str()))),
    );
    links.extend(
        host.help.as_ref().map(|url| link(url, &words.with("pages.help", "who", host.name.as_str()))),
    );
    format!(
        "<li><b>{}</b> {}<br>{}: {name}<br>{}</li>\n",
        text(&host.name),
        text(&words.say(&format!("host.{}.path", host.id))),
        text(&words.say("fix.field.name")),
        links.join(" · ")
    )
}

/// What providers ask for: one line a provider that has something to say.
fn providers(
    source: &Source,
    words: &Words,
    title: &str,
    line: impl Fn(&Provider) -> Option<String>,
) -> String {
    let items = source.knowledge.providers.providers.iter().filter_map(|provider| {
        Some(format!("<li><b>{}</b> {}</li>\n", text(&provider.name), line(provider)?))
    });
    fold(words, title, &items.collect::<String>())
}

fn page_of(words: &Words, provider: &Provider, url: Option<&String>) -> Option<String> {
    url.map(|url| link(url, &words.with("pages.help", "who", provider.name.as_str())))
}

fn spf(source: &Source, words: &Words) -> String {
    let fold = providers(source, words, "pages.providers.spf", |provider| {
        let records = provider.spf_to_publish.iter().filter(|offer| offer.mx.is_empty());
        let mut parts: Vec<String> =
            records.map(|offer| format!("<code>{}</code>", text(&offer.record))).collect();
        parts.extend(page_of(words, provider, provider.urls.spf.as_ref()));
        (!parts.is_empty()).then(|| parts.join(" "))
    });
    fold + &element("p", &words.say("pages.providers.spf.one")).replace("<p>", "<p class=\"note\">")
}

fn dkim(source: &Source, words: &Words) -> String {
    providers(source, words, "pages.providers.dkim", |provider| {
        page_of(words, provider, provider.urls.dkim.as_ref())
    })
}

fn dmarc(source: &Source, words: &Words) -> String {
    providers(source, words, "pages.providers.dmarc", |provider| {
        page_of(words, provider, provider.urls.dmarc.as_ref())
    })
}

fn limits(source: &Source, words: &Words) -> String {
    providers(source, words, "pages.providers.limits", |provider| {
        page_of(words, provider, provider.urls.limits.as_ref())
    })
}

fn settings(source: &Source, words: &Words) -> String {
    providers(source, words, "pages.providers.smtp", |provider| {
        let servers = provider.smtp.iter().filter(|service| !service.host.contains('{')).take(2);
        let mut parts: Vec<String> = servers
            .map(|service| {
                let place = format!("{}:{}", service.host, service.port);
                format!("<code>{}</code> {}.", text(&place), text(&words.say(&service.security.key())))
            })
            .collect();
        parts.extend(provider.auth_note.as_ref().map(|key| text(&words.say(key))));
        (!parts.is_empty()).then(|| parts.join(" "))
    })
}

fn support(source: &Source, words: &Words) -> String {
    providers(source, words, "pages.providers.support", |provider| {
        page_of(words, provider, provider.urls.postmaster.as_ref())
    })
}

fn lists(source: &Source, words: &Words) -> String {
    // Only lists for which mail is refused; those that say good things of a sender take nobody off.
    let refused =
        source.knowledge.blocklists.lists.iter().filter(|list| list.role == Role::Block && list.weight > 0);
    let lists = refused.filter_map(|list| {
        let delist = list.delist_url.as_ref().map(|url| (url, "ui.list.delist"));
        let (url, key) = delist.or_else(|| Some((list.lookup_url.as_ref()?, "ui.list.lookup")))?;
        // Addresses with a place for what is listed are filled in by the live page.
        let is_whole = !url.contains('{');
        is_whole.then(|| format!("<li><b>{}</b> {}</li>\n", text(&list.name), link(url, &words.say(key))))
    });
    fold(words, "pages.lists", &lists.collect::<String>())
}

/// What belongs to a finding, by the check that it is of.
pub(crate) fn of_code(source: &Source, words: &Words, code: Code) -> String {
    match code.id().split('-').next().unwrap_or_default() {
        "SPF" => spf(source, words),
        "DKI" => dkim(source, words),
        "DMA" => dmarc(source, words),
        "BL" => lists(source, words),
        _ => String::new(),
    }
}

/// What belongs to the cause of an error, by what it claims and the step that helps.
pub(crate) fn of_cause(source: &Source, words: &Words, cause: &Cause) -> String {
    let claims = |kinds: &[ClaimKind]| cause.claims.iter().any(|claim| kinds.contains(claim));
    let mut part = String::new();
    if claims(&[ClaimKind::Spf, ClaimKind::Dmarc]) {
        part += &spf(source, words);
    }
    if claims(&[ClaimKind::Dkim, ClaimKind::Dmarc]) {
        part += &dkim(source, words);
    }
    if claims(&[ClaimKind::Dmarc]) {
        part += &dmarc(source, words);
    }
    if claims(&[ClaimKind::Listed, ClaimKind::DomainListed]) {
        part += &lists(source, words);
    }
    part += &match cause.step {
        ChecklistStep::Limits => limits(source, words),
        ChecklistStep::Authentication => settings(source, words),
        ChecklistStep::Blocklists => support(source, words),
        _ => String::new(),
    };
    part
}
