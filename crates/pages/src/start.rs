//! What search engines and previews read of the start page, where its address is known.

use crate::{html::attribute, site::Site, words::Words};

/// The start page with its address and its preview in the head, behind its policy and before its title; nothing changes
/// without an address. `words` are those of the language that the page is written in for whoever runs no script.
#[must_use]
pub fn with_preview(page: &str, words: &Words, site: &Site) -> String {
    let (Some(address), Some(picture)) =
        (site.address(""), site.address(&format!("icons/social.{}.png", words.language)))
    else {
        return page.to_owned();
    };
    let title = format!("{}: {}", words.say("static.name"), words.say("static.title"));
    let mut tags = format!("<link rel=\"canonical\" href=\"{}\">", attribute(&address));
    for (property, content) in [
        ("og:type", "website"),
        ("og:url", &address),
        ("og:title", &title),
        ("og:description", &words.say("static.description")),
        ("og:image", &picture),
    ] {
        tags += &format!("<meta property=\"{property}\" content=\"{}\">", attribute(content));
    }
    tags += "<meta name=\"twitter:card\" content=\"summary_large_image\">";
    page.replacen("<title>", &format!("{tags}<title>"), 1)
}
