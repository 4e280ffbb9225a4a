//! The page of the cause of an error: what it means, who must act, what to do, a message with the words that tell it, and how
//! other servers say it.

use std::collections::BTreeSet;

use mail_triage_engine::{
    bounce::Sentence,
    check::CheckId,
    knowledge::{Cause, ClaimKind, SmtpCode},
    text::{Arg, Args},
};

use crate::{
    Page,
    frame::{Frame, Kind},
    help,
    html::{element, link, marked, paragraphs, text},
    site::Site,
    source::Source,
    words::Words,
};

/// Wordings that are shown.
const WORDINGS: usize = 14;
/// Sources that are named.
const SOURCES: usize = 6;
/// Characters of the shortest wording that says something by itself.
const SHORTEST: usize = 8;

/// A page for each cause, in the order of the data.
pub(crate) fn pages(source: &Source, words: &Words, site: &Site) -> Vec<Page> {
    source.codes.causes.iter().map(|cause| page(source, words, site, cause)).collect()
}

/// What happened, without the names of a message.
#[must_use]
pub fn title(words: &Words, cause: &Cause) -> String {
    without_names(words, &format!("bounce.cause.{}", cause.id))
}

/// A sentence about an error that no message names anything for.
fn without_names(words: &Words, key: &str) -> String {
    let said = words.fill(key, &unnamed());
    let address = words.say("bounce.some.address");
    said.replace(&format!(" ({address})"), "").replace(&format!("（{address}）"), "")
}

/// What stands for the names that a message would give.
fn unnamed() -> Args {
    let mut args = Args::default();
    for (name, key) in [
        ("who", "bounce.some.server"),
        ("ip", "bounce.some.address"),
        ("domain", "bounce.some.domain"),
        ("list", "bounce.some.list"),
        ("recipient", "bounce.some.recipient"),
        ("code", "bounce.some.code"),
    ] {
        args.set(name, Arg::key(key));
    }
    args
}

fn page(source: &Source, words: &Words, site: &Site, cause: &Cause) -> Page {
    let heading = title(words, cause);
    let mut body = String::new();
    if let Some(code) = &cause.code {
        body += &format!("<p class=\"state\"><code>{}</code></p>\n", text(code));
    }
    body += &rows(words, cause);
    body += &element("h2", &words.say("ui.finding.do"));
    body += &paragraphs(&without_names(words, &format!("bounce.do.{}", cause.id)));
    body += &help::of_cause(source, words, cause);
    body += &rules(words, cause);
    let entries: Vec<&SmtpCode> = source.codes.codes.iter().filter(|entry| entry.cause == cause.id).collect();
    let more = example(source, words, cause) + &wordings(source, words, &entries) + &sources(words, &entries);
    let title = match &cause.code {
        Some(code) => format!("{code}: {heading}"),
        None => heading.clone(),
    };
    let description = words.with("pages.error.description", "title", heading.as_str());
    Frame { words, kind: Kind::Errors, name: &cause.page(), title, description, heading, body, more }
        .page(site)
}

/// Who must act, and when trying again makes sense.
fn rows(words: &Words, cause: &Cause) -> String {
    let who: Vec<String> = cause.who.iter().map(|who| text(&words.say(&who.key()))).collect();
    let row =
        |key: &str, value: &str| format!("<div><dt>{}</dt><dd>{value}</dd></div>\n", text(&words.say(key)));
    format!(
        "<dl class=\"rows\">\n{}{}</dl>\n",
        row("bounce.row.who", &who.join("<br>")),
        row("bounce.row.retry", &text(&words.say(&cause.retry.key())))
    )
}

/// The checks that say whether it is so.
fn rules(words: &Words, cause: &Cause) -> String {
    let checks: BTreeSet<CheckId> = cause.claims.iter().filter_map(|claim| checked_by(*claim)).collect();
    if checks.is_empty() {
        return String::new();
    }
    let items = checks.into_iter().map(|check| {
        let to = format!("../../{}#{check}", Kind::Rules.path(words.language, "index"));
        let name = words.say(&check.key());
        format!("<li>{}</li>\n", link(&to, &words.with("pages.error.check", "check", name.as_str())))
    });
    format!("<ul class=\"help\">\n{}</ul>\n", items.collect::<String>())
}

/// The check that looks at what is claimed, as the anchors of the list of findings name it.
fn checked_by(claim: ClaimKind) -> Option<CheckId> {
    match claim {
        ClaimKind::Spf => Some(CheckId::Spf),
        ClaimKind::Dkim => Some(CheckId::Dkim),
        ClaimKind::Dmarc => Some(CheckId::Dmarc),
        ClaimKind::Ptr => Some(CheckId::Ptr),
        ClaimKind::Listed | ClaimKind::DomainListed | ClaimKind::NotListed => Some(CheckId::BlocklistAddress),
        ClaimKind::SenderDomain => Some(CheckId::Domain),
        ClaimKind::RecipientDomain => Some(CheckId::Recipient),
        ClaimKind::Limit | ClaimKind::Size => None,
    }
}

fn example(source: &Source, words: &Words, cause: &Cause) -> String {
    let Some(sample) = source.samples.get(&cause.id) else { return String::new() };
    let say = |sentence: &Sentence| words.fill(&sentence.key, &sentence.args);
    format!(
        "{}<p class=\"note\">{}</p>\n<pre class=\"record\"><code>{}</code></pre>\n<p>{}</p>\n",
        element("h2", &words.say("pages.example.title")),
        text(&words.say("pages.example.note")),
        marked(&sample.text, std::slice::from_ref(&sample.mark)),
        text(&say(&sample.said)),
    )
}

/// How servers say it, with the codes that come with it.
fn wordings(source: &Source, words: &Words, entries: &[&SmtpCode]) -> String {
    let mut items: Vec<String> = Vec::new();
    for entry in entries {
        let provider = entry.provider.as_ref().and_then(|id| source.codes.provider(id));
        let provider = provider.map(|provider| format!("<b>{}</b> ", text(&provider.name)));
        let codes = codes(entry);
        for wording in entry.patterns.iter().filter_map(|pattern| readable(pattern)).take(2) {
            let item = format!(
                "<li>{}{}<q>{}</q></li>\n",
                provider.as_deref().unwrap_or_default(),
                codes,
                text(&wording)
            );
            if !items.contains(&item) {
                items.push(item);
            }
        }
    }
    if items.is_empty() {
        return String::new();
    }
    items.truncate(WORDINGS);
    format!(
        "{}<ul class=\"help wordings\" lang=\"en\">\n{}</ul>\n",
        element("h2", &words.say("pages.wordings.title")),
        items.concat()
    )
}

fn codes(entry: &SmtpCode) -> String {
    let reply = entry.reply.iter().map(u16::to_string);
    let enhanced = entry.enhanced.iter().filter(|code| !code.starts_with('x')).cloned();
    let codes: Vec<String> =
        reply.chain(enhanced).map(|code| format!("<code>{}</code> ", text(&code))).collect();
    codes.concat()
}

/// A pattern of the data as a server would say it; none where too little of it is left. See
/// [`Pattern`](mail_triage_engine::bounce::Pattern).
fn readable(pattern: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = pattern.trim_start_matches('<').trim_end_matches('>').chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '(' => {
                let group: String = rest.by_ref().take_while(|c| *c != ')').collect();
                out.push_str(group.split('|').find(|choice| !choice.is_empty()).unwrap_or_default());
            }
            '*' => out.push_str(" … "),
            // Between letters it is the apostrophe of "doesn't".
            '?' if out.ends_with(char::is_alphabetic)
                && rest.peek().is_some_and(|next| next.is_alphabetic()) =>
            {
                out.push('’');
            }
            '?' => out.push(' '),
            '@' => out.push_str("example.com"),
            '#' => return None,
            c => out.push(c),
        }
    }
    let text = out.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_end_matches(" …").trim_matches(['?', '(', ' ']).to_owned();
    (!text.contains(['?', '|']) && text.chars().count() >= SHORTEST).then_some(text)
}

/// Where it is known from: pages that can be read.
fn sources(words: &Words, entries: &[&SmtpCode]) -> String {
    let mut urls: Vec<&str> = Vec::new();
    for entry in entries {
        for url in entry.source.split([' ', ';']).filter(|word| word.starts_with("https://")) {
            if !urls.contains(&url) && urls.len() < SOURCES {
                urls.push(url);
            }
        }
    }
    if urls.is_empty() {
        return String::new();
    }
    let items: String = urls.iter().map(|url| format!("<li>{}</li>\n", link(url, url))).collect();
    format!("{}<ul class=\"help\">\n{items}</ul>\n", element("h2", &words.say("pages.sources.title")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_becomes_what_a_server_says() {
        let read = |pattern| readable(pattern);
        assert_eq!(read("<user unknown>").as_deref(), Some("user unknown"));
        assert_eq!(read("(|e)(|-)mail relay denied").as_deref(), Some("e-mail relay denied"));
        assert_eq!(read("spf authentication didn?t pass").as_deref(), Some("spf authentication didn’t pass"));
        assert_eq!(read("rejected due to *dmarc policy").as_deref(), Some("rejected due to … dmarc policy"));
        assert_eq!(read("[bl2#]"), None);
        assert_eq!(read("over"), None);
    }
}
