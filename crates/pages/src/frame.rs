//! What all pages share.

use mail_triage_engine::text::LANGUAGES;
use serde_json::json;

use crate::{
    Page,
    html::{attribute, data, element, link, text},
    site::Site,
    words::Words,
};

/// From a page to the folder of the start page.
pub const ROOT: &str = "../../";

/// Neither program nor request to anybody else. What measures a page for search engines reads `robots.txt` from within it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'";

/// A kind of pages, which has a folder of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What a check can find.
    Rules,
    /// What an error message can mean.
    Errors,
}

impl Kind {
    /// The folder.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Errors => "errors",
        }
    }

    /// The key of the title of its list.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Rules => "pages.rules.title",
            Self::Errors => "pages.errors.title",
        }
    }

    /// The place of a page.
    #[must_use]
    pub fn path(self, language: &str, name: &str) -> String {
        format!("{}/{language}/{name}.html", self.folder())
    }
}

/// A page before it is written.
pub struct Frame<'a> {
    /// Its words.
    pub words: &'a Words,
    /// Its kind.
    pub kind: Kind,
    /// Its name, without the ending.
    pub name: &'a str,
    /// What it is called by browsers and search engines.
    pub title: String,
    /// What search engines say of it.
    pub description: String,
    /// Its heading.
    pub heading: String,
    /// What stands below the heading, as markup: what somebody who is worried wants to know first.
    pub body: String,
    /// What stands below the ways into the live page.
    pub more: String,
}

impl Frame<'_> {
    /// The whole page.
    #[must_use]
    pub fn page(&self, site: &Site) -> Page {
        let words = self.words;
        let main = format!(
            "<main>\n{}{}{}{}{}</main>\n",
            self.trail(),
            element("h1", &self.heading),
            self.body,
            ways_in(words),
            self.more,
        );
        let text =
            format!("{}<body>\n{}{main}{}</body>\n</html>\n", self.head(site), self.header(), foot(words));
        Page { path: self.kind.path(words.language, self.name), text }
    }

    fn head(&self, site: &Site) -> String {
        let words = self.words;
        let path = self.kind.path(words.language, self.name);
        let mut addresses = String::new();
        if let Some(address) = site.address(&path) {
            addresses += &format!("<link rel=\"canonical\" href=\"{}\">\n", attribute(&address));
            addresses += &format!("<meta property=\"og:url\" content=\"{}\">\n", attribute(&address));
            for (language, _) in LANGUAGES {
                let other = site.address(&self.kind.path(language, self.name)).unwrap_or_default();
                addresses += &format!(
                    "<link rel=\"alternate\" hreflang=\"{language}\" href=\"{}\">\n",
                    attribute(&other)
                );
            }
        }
        let picture = format!("icons/social.{}.png", words.language);
        let picture = site.address(&picture).unwrap_or_else(|| format!("{ROOT}{picture}"));
        format!(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n<meta charset=\"utf-8\">\n\
             <title>{}</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"description\" content=\"{description}\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<meta property=\"og:type\" content=\"article\">\n\
             <meta property=\"og:title\" content=\"{}\">\n<meta property=\"og:description\" content=\"{description}\">\n\
             <meta property=\"og:image\" content=\"{}\">\n<meta name=\"twitter:card\" content=\"summary_large_image\">\n{addresses}\
             <link rel=\"icon\" href=\"{ROOT}icons/icon.svg\" type=\"image/svg+xml\">\n\
             <script src=\"{ROOT}pages.js\"></script>\n<link rel=\"stylesheet\" href=\"{ROOT}pages.css\">\n{}</head>\n",
            words.language,
            text(&self.title),
            attribute(&self.title),
            attribute(&picture),
            self.structured(site),
            description = attribute(&self.description),
        )
    }

    /// What search engines read (schema.org).
    fn structured(&self, site: &Site) -> String {
        let words = self.words;
        let name = words.say("static.name");
        let mut article = json!({
            "@context": "https://schema.org",
            "@type": "TechArticle",
            "headline": self.heading,
            "description": self.description,
            "inLanguage": words.language,
            "isAccessibleForFree": true,
            "publisher": { "@type": "Organization", "name": name },
        });
        if let Some(address) = site.address(&self.kind.path(words.language, self.name)) {
            article["mainEntityOfPage"] = address.into();
        }
        let mut trail =
            vec![(name, site.address("")), (words.say(self.kind.title()), self.list_address(site))];
        if self.name != "index" {
            trail.push((self.heading.clone(), None));
        }
        let items = trail.into_iter().enumerate().map(|(at, (name, address))| {
            let mut item = json!({ "@type": "ListItem", "position": at + 1, "name": name });
            if let Some(address) = address {
                item["item"] = address.into();
            }
            item
        });
        let trail = json!({
            "@context": "https://schema.org",
            "@type": "BreadcrumbList",
            "itemListElement": items.collect::<Vec<_>>(),
        });
        // A list is no article; without addresses a trail says nothing.
        let mut all = if self.name == "index" { String::new() } else { data(&article) };
        if site.address("").is_some() {
            all += &data(&trail);
        }
        all
    }

    fn list_address(&self, site: &Site) -> Option<String> {
        site.address(&self.kind.path(self.words.language, "index"))
    }

    fn header(&self) -> String {
        let words = self.words;
        let others = LANGUAGES.iter().filter(|(language, _)| *language != words.language);
        let others: String = others
            .map(|(language, name)| {
                let to = attribute(&format!("../{language}/{}.html", self.name));
                format!("<a href=\"{to}\" lang=\"{language}\" hreflang=\"{language}\">{}</a>", text(name))
            })
            .collect();
        format!(
            "<header class=\"site-head\">\n<a class=\"brand\" href=\"{ROOT}\">{}</a>\n{others}\n</header>\n",
            text(&words.say("static.name"))
        )
    }

    /// Where the page belongs.
    fn trail(&self) -> String {
        if self.name == "index" {
            return String::new();
        }
        format!("<p class=\"trail\">{}</p>\n", link("index.html", &self.words.say(self.kind.title())))
    }
}

/// The ways into the live page: a form for the domain, which needs the small script, and links that need nothing.
#[must_use]
pub fn ways_in(words: &Words) -> String {
    let say = |key: &str| text(&words.say(key));
    let language = words.language;
    format!(
        "<section class=\"ways\">\n<h2>{}</h2>\n<p>{}</p>\n\
         <form class=\"ask\" role=\"search\" data-page=\"{ROOT}\">\n<label for=\"q\">{}</label>\n\
         <div class=\"ask-row\"><input id=\"q\" name=\"q\" inputmode=\"url\" autocomplete=\"off\" autocapitalize=\"none\" \
         spellcheck=\"false\" placeholder=\"example.com\" required><button type=\"submit\">{}</button></div>\n</form>\n\
         <p class=\"plain\">{}</p>\n<p>{}</p>\n</section>\n",
        say("pages.check.title"),
        say("static.lead"),
        say("static.label"),
        say("static.check"),
        link(&format!("{ROOT}#/?lang={language}"), &words.say("pages.check.open")),
        link(&format!("{ROOT}#/message?lang={language}"), &words.say("ui.paste.open")),
    )
}

fn foot(words: &Words) -> String {
    let language = words.language;
    let list =
        |kind: Kind| link(&format!("{ROOT}{}", kind.path(language, "index")), &words.say(kind.title()));
    format!(
        "<footer class=\"foot\">\n<p>{} · {} · {}</p>\n<p>{}</p>\n</footer>\n",
        list(Kind::Errors),
        list(Kind::Rules),
        link(&format!("{ROOT}checklist.{language}.html"), &words.say("static.whole")),
        text(&words.say("static.privacy")),
    )
}
