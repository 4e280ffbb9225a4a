//! Pages that explain: plain HTML for whoever comes from a search engine with an error, or got a link to a finding.
//!
//! `rules/<language>/<CODE>.html` explains a finding, `errors/<language>/<code>-<cause>.html` what an error message means; each
//! folder has a list. All sentences come from `www/locales`, examples from `tests/scenarios` and `tests/bounces`, and what to do
//! at whom from `www/data`. The build of the page writes them beside it; nothing of them is kept in the repository.
//!
//! ```text
//! catalogs, data, scenarios --> Source --> rule, error, list, missing --> Page(path, text) --> dist
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | [`source`] | what pages are made from |
//! | [`scenario`] | the scenarios of the native tests: read, run, and the one that shows a code best |
//! | [`sample`] | error messages of the native tests, with what told their cause |
//! | [`words`] | the texts of a language |
//! | [`html`] | text that becomes markup: escaped, always |
//! | [`frame`] | what all pages share: head, header, the ways into the live page, foot |
//! | [`rule`], [`error`], [`list`], [`missing`] | the kinds of pages |
//! | [`start`] | the preview of the start page |
//! | [`help`] | what to do at which DNS host and provider |
//! | [`site`] | where the site is: canonical addresses, sitemap, robots |
//!
//! Invariant: what stands in a scenario, a message or a data file reaches a page through [`html::text`] or [`html::attribute`] alone.

pub mod error;
pub mod frame;
pub mod help;
pub mod html;
pub mod list;
pub mod missing;
pub mod rule;
pub mod sample;
pub mod scenario;
pub mod site;
pub mod source;
pub mod start;
pub mod words;

use std::{fs, io, path::Path};

use site::Site;
use source::Source;

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its place below the page's folder, with `/`.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// Every file that goes beside the page, in a fixed order. `root` is the repository.
///
/// # Errors
///
/// A file of the repository that is not there or is not what it should be.
pub fn pages(root: &Path, site: &Site) -> io::Result<Vec<Page>> {
    made(&Source::read(root)?, root, site)
}

fn made(source: &Source, root: &Path, site: &Site) -> io::Result<Vec<Page>> {
    let mut pages = Vec::new();
    for words in &source.languages {
        pages.extend(rule::pages(source, words, site));
        pages.extend(error::pages(source, words, site));
        pages.extend(list::pages(source, words, site));
    }
    pages.push(missing::page(source, site));
    pages.push(Page { path: "pages.css".to_owned(), text: style(root)? });
    pages.push(Page { path: "pages.js".to_owned(), text: fs::read_to_string(root.join("www/pages.js"))? });
    pages.extend(site.files(&pages));
    Ok(pages)
}

/// Writes them into `dist`, and the preview of the start page into that; says how many there are.
///
/// # Errors
///
/// What [`pages`] says, and a file that cannot be written.
pub fn write(root: &Path, dist: &Path, site: &Site) -> io::Result<usize> {
    let source = Source::read(root)?;
    let start = dist.join("index.html");
    if let (Ok(page), Some(words)) = (fs::read_to_string(&start), source.languages.first()) {
        fs::write(start, start::with_preview(&page, words, site))?;
    }
    let pages = made(&source, root, site)?;
    for page in &pages {
        let path = dist.join(&page.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, &page.text)?;
    }
    Ok(pages.len())
}

/// The style of these pages: the colours and fonts of the page's own, and rules that are a tenth of its.
fn style(root: &Path) -> io::Result<String> {
    let page = fs::read_to_string(root.join("www/style.css"))?;
    let missing = || io::Error::other("www/style.css does not begin with its colours");
    let (_, tokens) = page.split_once("@layer base {\n").ok_or_else(missing)?;
    let (tokens, _) = tokens.split_once("  *, ::before").ok_or_else(missing)?;
    // The pictures of the page's states are a third of its style, and stand on none of these pages.
    let kept = tokens.lines().filter(|line| !line.trim_start().starts_with("--i-"));
    let kept: String = kept.flat_map(|line| [line.trim(), "\n"]).collect();
    Ok(kept + &fs::read_to_string(root.join("www/pages.css"))?)
}
