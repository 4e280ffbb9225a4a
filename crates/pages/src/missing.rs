//! The page of a missing address. A server shows it at any depth, so its links begin at the root of the site, and it brings
//! its few lines of style with it.

use crate::{
    Page,
    frame::Kind,
    html::{attribute, link, text},
    site::Site,
    source::Source,
    words::Words,
};

const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const STYLE: &str = "html{color-scheme:light dark;font:106.25%/1.6 system-ui,sans-serif}\
body{max-width:44rem;margin:0 auto;padding:1rem 1.2rem 3rem}\
h1{font-size:1.5rem;line-height:1.3}a{display:inline-block;padding:.4rem 0}\
section+section{margin-top:2.5rem}";

/// `404.html`, in every language: whoever follows a wrong address says none.
pub(crate) fn page(source: &Source, site: &Site) -> Page {
    let name = source.languages.first().map(|words| words.say("static.name")).unwrap_or_default();
    let parts: Vec<String> = source.languages.iter().map(|words| part(words, site)).collect();
    let text = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n<meta charset=\"utf-8\">\n\
         <title>404 · {}</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
        text(&name),
        parts.concat()
    );
    Page { path: "404.html".to_owned(), text }
}

fn part(words: &Words, site: &Site) -> String {
    let root = site.path();
    let list = |kind: Kind| {
        let to = format!("{root}{}", kind.path(words.language, "index"));
        format!("<li>{}</li>\n", link(&to, &words.say(kind.title())))
    };
    // One heading of the first order is enough for a page.
    let tag = if words.language == "en" { "h1" } else { "h2" };
    format!(
        "<section lang=\"{}\">\n<{tag}>{}</{tag}>\n<p>{}</p>\n<ul>\n<li>{}</li>\n{}{}</ul>\n</section>\n",
        attribute(words.language),
        text(&words.say("pages.missing.title")),
        text(&words.say("pages.missing.text")),
        link(root, &words.say("pages.check.open")),
        list(Kind::Errors),
        list(Kind::Rules),
    )
}
