//! The lists of all pages of a kind.

use mail_triage_engine::{check::Code, checklist::ChecklistStep};

use crate::{
    Page, error,
    frame::{Frame, Kind},
    html::{attribute, element, link, text},
    rule,
    scenario::Shown,
    site::Site,
    source::Source,
    words::Words,
};

/// A part of a list: its anchor, its heading, its entries as markup.
type Part = (String, String, Vec<String>);

/// The list of findings and the list of errors.
pub(crate) fn pages(source: &Source, words: &Words, site: &Site) -> Vec<Page> {
    let list = |kind: Kind, parts: Vec<Part>| {
        let key = |part: &str| format!("pages.{}.{part}", kind.folder());
        let heading = words.say(&key("title"));
        let mut body = element("p", &words.say(&key("lead")));
        for (anchor, title, items) in parts {
            body += &format!(
                "<h2 id=\"{}\">{}</h2>\n<ul class=\"list\">\n{}</ul>\n",
                attribute(&anchor),
                text(&title),
                items.concat()
            );
        }
        let title = format!("{heading} · {}", words.say("static.name"));
        let description = words.say(&key("lead"));
        Frame { words, kind, name: "index", title, description, heading, body, more: String::new() }
            .page(site)
    };
    vec![list(Kind::Rules, rules(source, words)), list(Kind::Errors, errors(source, words))]
}

/// Findings by the check that finds them, what stops mail first.
fn rules(source: &Source, words: &Words) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut shown: Vec<&Shown> = Code::all().filter_map(|code| source.shown.get(&code)).collect();
    shown.sort_by_key(|shown| (shown.check, shown.finding.level));
    for one in shown {
        let title = words.say(&one.check.key());
        let code = one.finding.code.id();
        let item = format!(
            "<li>{} <span class=\"state\" data-level=\"{}\">{}</span></li>\n",
            link(&format!("{code}.html"), &format!("{code} {}", rule::title(words, &one.finding))),
            one.finding.level.as_str(),
            text(&words.say(&one.finding.level.key()))
        );
        // Several checks of one kind, such as those of blocklists, share their name.
        match parts.iter_mut().find(|(_, known, _)| *known == title) {
            Some((_, _, items)) => items.push(item),
            None => parts.push((one.check.to_string(), title, vec![item])),
        }
    }
    parts
}

/// Causes by the step that helps.
fn errors(source: &Source, words: &Words) -> Vec<Part> {
    let parts = ChecklistStep::ALL.iter().map(|step| {
        let causes = source.codes.causes.iter().filter(|cause| cause.step == *step);
        let items = causes.map(|cause| {
            let code = cause.code.as_ref().map(|code| format!("<code>{}</code> ", text(code)));
            let to = format!("{}.html", cause.page());
            format!("<li>{}{}</li>\n", code.unwrap_or_default(), link(&to, &error::title(words, cause)))
        });
        (format!("step-{}", step.number()), words.say(&step.key("title")), items.collect::<Vec<_>>())
    });
    parts.filter(|(_, _, items)| !items.is_empty()).collect()
}
