//! All pages at once: none lacks, no link is dead, nothing of an example becomes markup, and no address that was published goes.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::OnceLock,
};

use mail_triage_engine::{check::Code, text::LANGUAGES};
use mail_triage_pages::{Page, pages, site::Site, source::Source, start};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Every page by its place, for a site whose address is known.
fn all() -> &'static BTreeMap<String, String> {
    static ALL: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    ALL.get_or_init(|| {
        let site = Site::new(Some("https://owner.example/triage/")).unwrap();
        pages(root(), &site).unwrap().into_iter().map(|Page { path, text }| (path, text)).collect()
    })
}

fn html() -> impl Iterator<Item = (&'static String, &'static String)> {
    all().iter().filter(|(path, _)| path.ends_with(".html"))
}

/// The values of an attribute.
fn values<'t>(text: &'t str, attribute: &str) -> Vec<&'t str> {
    let before = format!(" {attribute}=\"");
    text.split(before.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_code_and_every_cause_has_its_page_in_every_language() {
    let data: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(root().join("www/data/smtp-codes.json")).unwrap()).unwrap();
    let causes = data["causes"].as_array().unwrap();
    for (language, _) in LANGUAGES {
        for code in Code::all() {
            let path = format!("rules/{language}/{}.html", code.id());
            assert!(all().contains_key(&path), "{path}");
        }
        for cause in causes {
            let id = cause["id"].as_str().unwrap();
            let code = cause["code"].as_str().map(|code| format!("{}-", code.replace(' ', "-")));
            let path = format!("errors/{language}/{}{id}.html", code.unwrap_or_default());
            assert!(all().contains_key(&path), "{path}");
        }
        let in_folder = |folder: &str| all().keys().filter(|path| path.starts_with(folder)).count();
        assert_eq!(in_folder(&format!("rules/{language}/")), Code::all().count() + 1);
        assert_eq!(in_folder(&format!("errors/{language}/")), causes.len() + 1);
    }
}

/// Others link to these pages: `UPDATE=1` adds new ones to the list, and an address goes only by hand.
#[test]
fn an_address_that_was_published_stays() {
    let path = root().join("tests/pages/addresses.txt");
    let listed = fs::read_to_string(&path).unwrap_or_default();
    let now: BTreeSet<&str> =
        html().map(|(path, _)| path.as_str()).filter(|path| path.contains("/en/")).collect();
    let known: BTreeSet<&str> = listed.lines().collect();
    let gone: Vec<_> = known.difference(&now).collect();
    assert!(gone.is_empty(), "{gone:#?}");
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, now.iter().flat_map(|path| [path, "\n"]).collect::<String>()).unwrap();
    } else {
        let new: Vec<_> = now.difference(&known).collect();
        assert!(new.is_empty(), "not in tests/pages/addresses.txt: {new:#?}");
    }
}

#[test]
fn no_link_between_the_pages_is_dead() {
    let mut dead = Vec::new();
    for (path, text) in html().filter(|(path, _)| *path != "404.html") {
        for link in values(text, "href").into_iter().chain(values(text, "src")) {
            if let Some(wrong) = wrong_with(path, link) {
                dead.push(format!("{path}: {link}: {wrong}"));
            }
        }
    }
    assert!(dead.is_empty(), "{} dead: {:#?}", dead.len(), &dead[..dead.len().min(20)]);
    let path = "errors/en/550-5.7.26-unauthenticated.html";
    assert!(wrong_with(path, "../../rules/en/SPF-999.html").is_some());
    assert!(wrong_with(path, "../../rules/en/index.html#nothing").is_some());
}

/// What is wrong with a link, if anything is.
fn wrong_with(from: &str, link: &str) -> Option<&'static str> {
    let site = "https://owner.example/triage/";
    if let Some(own) = link.strip_prefix(site) {
        return wrong_with("index.html", if own.is_empty() || own.ends_with('/') { "./" } else { own });
    }
    if link.starts_with("https://") || link.starts_with("http://") {
        return None;
    }
    let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
    let mut place: Vec<&str> = from.split('/').collect();
    place.pop();
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(place.pop()?),
            name => place.push(name),
        }
    }
    let target = place.join("/");
    // The page itself reads what stands behind its #.
    if target.is_empty() {
        return None;
    }
    let beside = ["icons/", "checklist."].iter().any(|start| target.starts_with(start));
    match all().get(&target) {
        Some(text) => {
            anchor.filter(|anchor| !text.contains(&format!(" id=\"{anchor}\""))).map(|_| "no such anchor")
        }
        None if beside && root().join("www").join(&target).exists() => None,
        None => Some("no such page"),
    }
}

#[test]
fn texts_are_filled_and_nothing_is_left_as_a_key() {
    for (path, text) in html() {
        for sign in ["{n}", "{domain}", "{title}", "{code}", "{who}", "finding.", "bounce.cause", "pages."] {
            let found = text.replace("pages.js", "").replace("pages.css", "");
            assert!(!found.contains(sign), "{path} holds {sign}");
        }
        let title = text.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        assert!(title.chars().count() >= 8, "{path}: {title}");
        assert_eq!(text.matches("<h1").count(), 1, "{path}");
    }
}

#[test]
fn titles_and_descriptions_tell_pages_apart() {
    let mut titles: BTreeMap<&str, &str> = BTreeMap::new();
    for (path, text) in html() {
        let title = text.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        if let Some(other) = titles.insert(title, path) {
            panic!("{path} and {other} are both called {title}");
        }
    }
}

/// Data of the web is everything between tags, never a tag: a page has only elements that this crate writes.
#[test]
fn nothing_but_known_elements_stands_on_a_page() {
    let known: BTreeSet<&str> = [
        "!DOCTYPE", "html", "head", "meta", "title", "link", "script", "style", "body", "header", "main",
        "footer", "a", "p", "h1", "h2", "h3", "code", "pre", "mark", "ins", "del", "b", "br", "ul", "li",
        "dl", "dt", "dd", "div", "details", "summary", "section", "form", "label", "input", "button", "q",
        "span",
    ]
    .into();
    for (path, text) in html() {
        for rest in text.split('<').skip(1) {
            let name = rest.trim_start_matches('/');
            let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '!').unwrap_or(name.len());
            assert!(known.contains(&name[..end]), "{path}: <{}", &name[..end]);
        }
        let inline = [" onclick", " onload", " onerror", "javascript:"];
        assert!(!inline.iter().any(|sign| text.contains(sign)), "{path}");
    }
}

#[test]
fn the_start_page_has_a_preview_where_its_address_is_known() {
    let page = fs::read_to_string(root().join("index.html")).unwrap();
    let source = Source::read(root()).unwrap();
    let words = &source.languages[0];
    assert_eq!(start::with_preview(&page, words, &Site::default()), page);
    let known = start::with_preview(&page, words, &Site::new(Some("https://owner.example/triage")).unwrap());
    assert!(known.contains("<link rel=\"canonical\" href=\"https://owner.example/triage/\">"));
    assert!(known.contains("content=\"https://owner.example/triage/icons/social.en.png\""));
    // The policy stays what comes first.
    let head = known.split("<head>").nth(1).unwrap().trim_start();
    assert!(head.starts_with("<meta http-equiv=\"Content-Security-Policy\""));
    for (language, _) in LANGUAGES {
        assert!(root().join(format!("www/icons/social.{language}.png")).exists());
    }
}

#[test]
fn without_an_address_nothing_absolute_is_made_up() {
    let page = pages(root(), &Site::default()).unwrap();
    let one = page.iter().find(|page| page.path == "rules/en/SPF-090.html").unwrap();
    assert!(!one.text.contains("canonical") && !one.text.contains("rel=\"alternate\""));
    assert!(page.iter().all(|page| page.path != "sitemap.xml"));
    let known = &all()["rules/en/SPF-090.html"];
    assert!(
        known
            .contains("<link rel=\"canonical\" href=\"https://owner.example/triage/rules/en/SPF-090.html\">")
    );
    assert!(
        known.contains(
            "hreflang=\"zh-Hant\" href=\"https://owner.example/triage/rules/zh-Hant/SPF-090.html\""
        )
    );
    assert_eq!(all()["sitemap.xml"].matches("<url>").count(), html().count() - 1 + 1 + LANGUAGES.len());
}
