//! Where the site is, and what only whoever knows that can write.

use std::io;

use mail_triage_engine::text::LANGUAGES;

use crate::Page;

/// The address of the site, if whoever builds the page knows it. Canonical addresses, links between languages for search
/// engines and the sitemap have to be absolute, so without it they are left out.
#[derive(Clone, Debug, Default)]
pub struct Site(Option<String>);

impl Site {
    /// A site at this address, such as `https://example.github.io/mail-triage/`; nothing or an empty text for none.
    ///
    /// # Errors
    ///
    /// What is no address of a web site.
    pub fn new(address: Option<&str>) -> io::Result<Self> {
        let Some(address) = address.map(str::trim).filter(|address| !address.is_empty()) else {
            return Ok(Self(None));
        };
        let is_web = address.starts_with("https://") || address.starts_with("http://");
        if !is_web || address.contains(|c: char| c.is_whitespace() || "\"'<>?#".contains(c)) {
            return Err(io::Error::other(format!("{address:?} is no address of a site")));
        }
        Ok(Self(Some(format!("{}/", address.trim_end_matches('/')))))
    }

    /// The whole address of a file.
    #[must_use]
    pub fn address(&self, path: &str) -> Option<String> {
        Some(format!("{}{}", self.0.as_ref()?, path.strip_suffix("index.html").unwrap_or(path)))
    }

    /// The path of the start page: what the page of a missing address has to name, which is shown at any depth.
    #[must_use]
    pub fn path(&self) -> &str {
        let after = self.0.as_deref().and_then(|address| address.split_once("://"));
        after.and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap_or("/")
    }

    /// `robots.txt`, and the sitemap of the pages where the address is known (sitemaps.org, protocol 0.9).
    pub(crate) fn files(&self, pages: &[Page]) -> Vec<Page> {
        let robots = "User-agent: *\nAllow: /\n";
        let Some(sitemap) = self.address("sitemap.xml") else {
            return vec![Page { path: "robots.txt".to_owned(), text: robots.to_owned() }];
        };
        let mut text = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
        );
        let checklists = LANGUAGES.iter().map(|(language, _)| format!("checklist.{language}.html"));
        let written = pages.iter().map(|page| page.path.clone()).filter(|path| path.contains("/"));
        for path in [String::new()].into_iter().chain(checklists).chain(written) {
            if let Some(address) = self.address(&path) {
                text.push_str(&format!("<url><loc>{address}</loc></url>\n"));
            }
        }
        vec![
            Page { path: "robots.txt".to_owned(), text: format!("{robots}Sitemap: {sitemap}\n") },
            Page { path: "sitemap.xml".to_owned(), text: text + "</urlset>\n" },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_with_a_slash_and_none_is_made_up() {
        let site = Site::new(Some("https://owner.example/mail-triage")).unwrap();
        assert_eq!(
            site.address("rules/en/index.html").unwrap(),
            "https://owner.example/mail-triage/rules/en/"
        );
        assert_eq!(site.path(), "/mail-triage/");
        assert_eq!(Site::new(Some("https://triage.example")).unwrap().path(), "/");
        let unknown = Site::new(None).unwrap();
        assert_eq!((unknown.address(""), unknown.path()), (None, "/"));
        assert!(Site::new(Some("owner.example")).is_err());
        assert!(Site::new(Some("https://owner.example/\" onload=")).is_err());
    }

    #[test]
    fn a_sitemap_needs_an_address() {
        let pages = [Page { path: "rules/en/SPF-090.html".to_owned(), text: String::new() }];
        let files = Site::default().files(&pages);
        assert_eq!((files.len(), files[0].text.contains("Sitemap")), (1, false));
        let files = Site::new(Some("https://a.example/b")).unwrap().files(&pages);
        assert!(files[0].text.ends_with("Sitemap: https://a.example/b/sitemap.xml\n"));
        assert!(files[1].text.contains("<loc>https://a.example/b/</loc>"));
        assert!(files[1].text.contains("<loc>https://a.example/b/rules/en/SPF-090.html</loc>"));
    }
}
