//! Percent-encoding (RFC 3986 section 2.1), for links, addresses of mail and macros of SPF.

use std::fmt::Write as _;

use crate::steps;

/// Appends an octet: as it is if it is unreserved (RFC 3986 section 2.3) or among `kept`, else as `%` and two digits.
pub(crate) fn push(out: &mut String, octet: u8, kept: &[u8]) {
    let unreserved = octet.is_ascii_alphanumeric() || b"-._~".contains(&octet);
    if unreserved || octet.is_ascii() && kept.contains(&octet) {
        out.push(char::from(octet));
    } else {
        let _ = write!(out, "%{octet:02X}");
    }
}

/// Appends a text, every octet of its UTF-8 by [`push`].
pub(crate) fn encode(out: &mut String, text: &str, kept: &[u8]) {
    steps::took(text.len());
    text.bytes().for_each(|octet| push(out, octet, kept));
}

/// The octets that are meant. A `%` without two digits behind it stands for itself.
pub(crate) fn decode(text: &str) -> Vec<u8> {
    steps::took(text.len());
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&octet, tail)) = rest.split_first() {
        rest = tail;
        match (octet, hex_digit(tail.first()), hex_digit(tail.get(1))) {
            (b'%', Some(high), Some(low)) => {
                octets.push(high << 4 | low);
                rest = &tail[2..];
            }
            _ => octets.push(octet),
        }
    }
    octets
}

/// The value of a hexadecimal digit.
pub(crate) fn hex_digit(octet: Option<&u8>) -> Option<u8> {
    u8::try_from(char::from(*octet?).to_digit(16)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str, kept: &[u8]) -> String {
        let mut out = String::new();
        encode(&mut out, text, kept);
        out
    }

    #[test]
    fn what_is_reserved_is_encoded_unless_it_is_kept() {
        assert_eq!(encoded("a-Z.0_~ é/@%", b"/@"), "a-Z.0_~%20%C3%A9/@%25");
        assert_eq!(encoded("/", b""), "%2F");
    }

    #[test]
    fn what_is_encoded_comes_back_and_what_is_no_code_stays() {
        for text in ["", "a b", "%", "100%25", "信\n", "a%4"] {
            assert_eq!(decode(&encoded(text, b"")), text.as_bytes(), "{text}");
        }
        assert_eq!(decode("%4a%4A"), b"JJ");
        assert_eq!(decode("%"), b"%");
        assert_eq!(decode("%4"), b"%4");
        assert_eq!(decode("%g1%+1%%41"), b"%g1%+1%A");
        assert_eq!(decode("%ff"), [0xff]);
    }
}
