//! The smaller boxes: sending addresses and DKIM selectors.

use std::net::IpAddr;

use super::{
    clean::{clean, words},
    limits::InputField,
    literal,
};
use crate::dns::Name;

/// Reads the addresses in a text, each once, and gives back the words that are none.
///
/// Blanks, commas, semicolons and line ends separate them; brackets, ports and a prefix length of a single address
/// (`/32`, `/128`) are put up with. IPv4 addresses written as IPv6 become IPv4. Private addresses are taken too: a
/// check says what is the matter with them. No more than [`InputField::List`] is read.
#[must_use]
pub fn read_ips(text: &str) -> (Vec<IpAddr>, Vec<String>) {
    let text = clean(InputField::List.part(text));
    let mut ips = Vec::new();
    let mut rest = Vec::new();
    for word in words(&text) {
        match literal::read(word) {
            Some(literal::Literal::Address(ip)) => {
                if !ips.contains(&ip) {
                    ips.push(ip);
                }
            }
            Some(literal::Literal::Range) | None => rest.push(word.to_owned()),
        }
    }
    (ips, rest)
}

/// Reads the DKIM selectors in a text, each once, in lower case, and gives back the words that cannot be one.
///
/// Taken as well: the whole name of the record (`s1._domainkey.example.org`) and the tag of a signature (`s=s1`). No more than
/// [`InputField::List`] is read.
#[must_use]
pub fn read_selectors(text: &str) -> (Vec<String>, Vec<String>) {
    let text = clean(InputField::List.part(text));
    let mut selectors = Vec::new();
    let mut rest = Vec::new();
    for word in words(&text) {
        let lower = word.to_ascii_lowercase();
        let short = lower.strip_prefix("s=").unwrap_or(&lower);
        let short = short.split("._domainkey").next().unwrap_or(short);
        match selector(short) {
            Some(selector) => {
                if !selectors.contains(&selector) {
                    selectors.push(selector);
                }
            }
            None => rest.push(word.to_owned()),
        }
    }
    (selectors, rest)
}

/// One selector: labels of letters, digits, hyphens and, seen in the wild, underscores (RFC 6376 section 3.1).
pub(super) fn selector(text: &str) -> Option<String> {
    let name = Name::parse(text).ok().filter(|name| !name.is_root())?;
    let fits = name.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    // It stands in front of `._domainkey.` and a domain.
    (fits && name.as_str().len() <= 200).then(|| name.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_however_they_are_separated() {
        let (ips, rest) =
            read_ips("11.22.33.44, [2a00:1111::1]:25;\n::ffff:11.22.33.44\u{3000}１１．２２．３３．４５/32");
        let shown: Vec<String> = ips.iter().map(IpAddr::to_string).collect();
        assert_eq!(shown, ["11.22.33.44", "2a00:1111::1", "11.22.33.45"]);
        assert!(rest.is_empty(), "{rest:?}");
    }

    #[test]
    fn what_is_no_address_is_given_back() {
        let (ips, rest) = read_ips("11.22.33 11.22.33.0/24 example.org 10.0.0.1 and 300.1.1.1");
        assert_eq!(ips, ["10.0.0.1".parse::<IpAddr>().unwrap()]);
        assert_eq!(rest, ["11.22.33", "11.22.33.0/24", "example.org", "and", "300.1.1.1"]);
    }

    #[test]
    fn selectors_in_each_form_they_are_found_in() {
        let (selectors, rest) = read_selectors(
            "S1, s=google; selector1._domainkey.example.org., mail.2024 s1 “k2” foo@bar wörter",
        );
        assert_eq!(selectors, ["s1", "google", "selector1", "mail.2024", "k2"]);
        assert_eq!(rest, ["foo@bar", "wörter"]);
    }
}
