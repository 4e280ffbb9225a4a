//! The name a term asks about (RFC 7208 section 4.8).

use std::net::{IpAddr, Ipv4Addr};

use super::macros::Values;
use crate::{
    dns::Name,
    record::spf::{DomainSpec, Piece, pieces},
};

/// The longest name that a question can be asked about (section 7.3).
const MAX_NAME: usize = 253;

/// The name that `text` means, as it comes out of a record or an expansion. `None` if no question can be asked about
/// it: an empty label, one longer than 63 octets. Too long a name loses labels from the left (section 7.3).
pub(super) fn name(text: &str) -> Option<Name> {
    let mut text = text.strip_suffix('.').unwrap_or(text);
    while text.len() > MAX_NAME {
        text = text.split_once('.')?.1;
    }
    if text.is_empty() {
        return None;
    }
    if text.bytes().all(|octet| octet.is_ascii_graphic() && octet != b'\\') {
        return Name::parse(text).ok();
    }
    // A name may hold any octet; names as text escape those that do not print (RFC 1035 section 5.1).
    let mut escaped = String::with_capacity(text.len() + 16);
    for octet in text.bytes() {
        match octet {
            b'\\' => escaped.push_str("\\\\"),
            _ if octet.is_ascii_graphic() => escaped.push(char::from(octet)),
            _ => {
                let digit = |n: u8| char::from(b'0' + n);
                escaped.extend(['\\', digit(octet / 100), digit(octet / 10 % 10), digit(octet % 10)]);
            }
        }
    }
    Name::parse(&escaped).ok()
}

/// The name that a term means if that does not depend on the message: for `sender_domain`, in the record of `domain`,
/// whose text is `text`.
pub(crate) fn fixed(sender_domain: &Name, domain: &Name, spec: DomainSpec, text: &str) -> Option<Name> {
    if !spec.is_fixed(text) {
        return None;
    }
    let mut expanded = String::new();
    let values = Values {
        // Only the two domains are in a name that is fixed.
        ip: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        local_part: "",
        sender_domain: sender_domain.as_str(),
        helo: "",
        receiver: "",
        time: 0,
        domain: domain.as_str(),
        validated: "",
    };
    for piece in pieces(spec.of(text)) {
        match piece.ok()? {
            Piece::Literal(literal) => expanded.push_str(literal),
            Piece::Expand(expand) => values.push(&expand, &mut expanded),
            Piece::Percent => expanded.push('%'),
            Piece::Blank => expanded.push(' '),
            Piece::UrlBlank => expanded.push_str("%20"),
        }
    }
    name(&expanded)
}

/// The domain a sender claims, if it can have a record: a name of two labels or more, no address (section 4.3).
pub(super) fn sender_domain(text: &str) -> Option<Name> {
    let name = Name::parse(text).ok()?;
    let (_, top) = name.as_str().rsplit_once('.')?;
    let literal = text.starts_with('[') || top.bytes().all(|octet| octet.is_ascii_digit());
    (!literal).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_lose_labels_from_the_left() {
        let long = format!("{}.example.org", vec!["abcdefghi"; 30].join("."));
        let name = name(&long).unwrap();
        assert!(name.as_str().len() <= MAX_NAME && name.as_str().len() > MAX_NAME - 10);
        assert!(name.as_str().ends_with(".example.org"));
    }

    #[test]
    fn strange_octets_are_escaped() {
        assert_eq!(name("a b\\c.example.org").unwrap().as_str(), "a\\032b\\\\c.example.org");
        assert_eq!(name("Example.ORG.").unwrap().as_str(), "example.org");
        assert_eq!(name("a..example.org"), None);
        assert_eq!(name(""), None);
    }

    #[test]
    fn senders_that_cannot_have_a_record() {
        for text in ["localhost", "[192.0.2.1]", "192.0.2.1", "a..example.org", "", ".", "exämple.org"] {
            assert_eq!(sender_domain(text), None, "{text}");
        }
        assert!(sender_domain("Example.org.").is_some());
    }
}
