//! The sources of rules, as a language cites them.

use crate::text::{Arg, Args, Catalog, Plural};

/// A rule as it is cited: `RFC 7208 section 4.6.4` with the page on which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The words. Titles stay as they are; sections and the rules of large receivers are said in the language.
    pub text: String,
    /// Where it can be read, if it is an RFC: the section where only one is named.
    pub url: Option<String>,
}

impl Citation {
    /// The source of a finding ([`crate::check::Code::source`]) in the language of the catalog.
    #[must_use]
    pub fn of(source: &str, catalog: &Catalog, plural: Plural) -> Self {
        Self { text: cited(source, catalog, plural), url: url(source) }
    }
}

fn url(source: &str) -> Option<String> {
    let mut words = source.split([' ', ',']);
    let number = (words.next() == Some("RFC")).then(|| words.next()).flatten()?;
    let section = (words.next() == Some("section")).then(|| words.next()).flatten();
    let section = section.map(|section| format!("#section-{section}")).unwrap_or_default();
    Some(format!("https://www.rfc-editor.org/rfc/rfc{number}{section}"))
}

fn cited(source: &str, catalog: &Catalog, plural: Plural) -> String {
    let say = |key: &str| catalog.get(key).unwrap_or(key).to_owned();
    let source = source.replace("sender rules of Gmail, Yahoo and Microsoft", &say("source.sender-rules"));
    let source = source.replace("appendix", &say("source.appendix"));
    let mut pieces = source.split("section");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (numbers, rest) = numbers(piece.trim_start_matches('s').trim_start());
        let key = if numbers.len() > 1 { "source.sections" } else { "source.section" };
        let mut args = Args::default();
        args.set("n", Arg::list(&numbers));
        text.push_str(&catalog.say(key, &args, plural));
        text.push_str(rest);
    }
    text
}

/// The numbers at the beginning of a text, such as `4.3, 5.2 and 6.1`, and what is behind them.
fn numbers(text: &str) -> (Vec<&str>, &str) {
    let (mut numbers, mut rest) = (Vec::new(), text);
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        numbers.push(&rest[..end]);
        rest = &rest[end..];
        let next = rest.strip_prefix(", ").or_else(|| rest.strip_prefix(" and "));
        match next.filter(|next| next.starts_with(|c: char| c.is_ascii_digit())) {
            Some(next) => rest = next,
            None => return (numbers, rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_rfc_leads_to_its_section() {
        let catalog = Catalog::new(
            [("source.section", "§ {n}"), ("source.sections", "§§ {n}")]
                .map(|(key, text)| (key.to_owned(), text.to_owned()))
                .into_iter()
                .collect(),
        );
        let of = |source| Citation::of(source, &catalog, |_| "other");
        let one = of("RFC 7208 section 4.6.4");
        assert_eq!(one.text, "RFC 7208 § 4.6.4");
        assert_eq!(one.url.as_deref(), Some("https://www.rfc-editor.org/rfc/rfc7208#section-4.6.4"));
        let two = of("RFC 7208 sections 4.3 and 5.2, RFC 8020");
        assert_eq!(two.text, "RFC 7208 §§ 4.3, 5.2, RFC 8020");
        assert_eq!(two.url.as_deref(), Some("https://www.rfc-editor.org/rfc/rfc7208"));
        assert_eq!(of("draft-brand-indicators section 4.2").url, None);
    }
}
