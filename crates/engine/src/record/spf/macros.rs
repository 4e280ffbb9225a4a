//! The macro language of SPF (RFC 7208 section 7).

use serde::Serialize;

use crate::record::Span;

/// A piece of a macro string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text that stands for itself.
    Literal(&'a str),
    /// `%{...}`.
    Expand(Macro<'a>),
    /// `%%`, which is `%`.
    Percent,
    /// `%_`, which is a blank.
    Blank,
    /// `%-`, which is `%20`.
    UrlBlank,
}

/// What stands between `%{` and `}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Macro<'a> {
    /// What to put in.
    pub letter: Letter,
    /// An upper-case letter: the value is URL-escaped (section 7.3).
    pub escape: bool,
    /// How many parts to keep, counted from the right; `None` for all.
    pub keep: Option<u32>,
    /// Whether the parts are put in reverse order.
    pub reverse: bool,
    /// The characters at which the value is split; empty means at dots.
    pub delimiters: &'a str,
}

/// The value a macro stands for (section 7.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Letter {
    /// `s`: the sender, local part and domain.
    Sender,
    /// `l`: the local part of the sender.
    LocalPart,
    /// `o`: the domain of the sender.
    SenderDomain,
    /// `d`: the domain whose record is evaluated.
    Domain,
    /// `i`: the address, as dotted parts.
    Address,
    /// `p`: the validated domain name of the address.
    ValidatedName,
    /// `v`: `in-addr` or `ip6`.
    Version,
    /// `h`: the name given in HELO or EHLO.
    Helo,
    /// `c`: the address as people write it; explanations only.
    ReadableAddress,
    /// `r`: the host that receives; explanations only.
    Receiver,
    /// `t`: the time in seconds since 1970; explanations only.
    Time,
}

impl Letter {
    fn from_octet(octet: u8) -> Option<Self> {
        Some(match octet.to_ascii_lowercase() {
            b's' => Self::Sender,
            b'l' => Self::LocalPart,
            b'o' => Self::SenderDomain,
            b'd' => Self::Domain,
            b'i' => Self::Address,
            b'p' => Self::ValidatedName,
            b'v' => Self::Version,
            b'h' => Self::Helo,
            b'c' => Self::ReadableAddress,
            b'r' => Self::Receiver,
            b't' => Self::Time,
            _ => return None,
        })
    }

    /// Whether the macro may stand in explanations only.
    #[must_use]
    pub fn is_for_explanations(self) -> bool {
        matches!(self, Self::ReadableAddress | Self::Receiver | Self::Time)
    }

    /// Whether the value is known without a message: it depends on the domain asked about alone.
    #[must_use]
    pub fn is_fixed(self) -> bool {
        matches!(self, Self::Domain | Self::SenderDomain)
    }
}

/// The pieces of `text`, which begins at octet 0. A macro that is wrong is `Err` with its place, and reading goes on
/// behind it.
#[must_use]
pub fn pieces(text: &str) -> Pieces<'_> {
    Pieces { text, at: 0 }
}

/// An iterator over the pieces of a macro string; see [`pieces`].
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    text: &'a str,
    at: usize,
}

impl Pieces<'_> {
    /// How many octets are read.
    #[must_use]
    pub fn position(&self) -> usize {
        self.at
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Result<Piece<'a>, Span>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let Some(behind) = rest.strip_prefix('%') else {
            let length = rest.find('%').unwrap_or(rest.len());
            self.at += length;
            return Some(Ok(Piece::Literal(&rest[..length])));
        };
        let simple = match behind.as_bytes().first() {
            Some(b'%') => Piece::Percent,
            Some(b'_') => Piece::Blank,
            Some(b'-') => Piece::UrlBlank,
            Some(b'{') => {
                let Some(length) = behind.find('}') else {
                    self.at = self.text.len();
                    return Some(Err(Span::new(start, self.at)));
                };
                self.at += length + 2;
                let expand = expand(&behind[1..length]).map(Piece::Expand);
                return Some(expand.ok_or(Span::new(start, self.at)));
            }
            _ => {
                // The character behind belongs to the fault: `%(`, `%a`.
                self.at += 1 + behind.chars().next().map_or(0, char::len_utf8);
                return Some(Err(Span::new(start, self.at)));
            }
        };
        self.at += 2;
        Some(Ok(simple))
    }
}

/// `macro-letter transformers *delimiter`.
fn expand(inside: &str) -> Option<Macro<'_>> {
    let octets = inside.as_bytes();
    let (&first, rest) = octets.split_first()?;
    let letter = Letter::from_octet(first)?;
    let digits = rest.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let keep = if digits == 0 {
        None
    } else {
        let number = rest[..digits]
            .iter()
            .fold(0u32, |n, digit| n.saturating_mul(10).saturating_add(u32::from(digit - b'0')));
        Some(number).filter(|&n| n != 0).map(Some)?
    };
    let rest = &rest[digits..];
    let reverse = matches!(rest.first(), Some(b'r' | b'R'));
    let rest = if reverse { &rest[1..] } else { rest };
    if !rest.iter().all(|octet| b".-+,/_=".contains(octet)) {
        return None;
    }
    let delimiters = &inside[inside.len() - rest.len()..];
    Some(Macro { letter, escape: first.is_ascii_uppercase(), keep, reverse, delimiters })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Result<Piece<'_>, Span> {
        let mut all = pieces(text);
        let first = all.next().unwrap();
        assert_eq!(all.next(), None, "{text}");
        first
    }

    #[test]
    fn every_part_of_a_macro_is_read() {
        let expected =
            Macro { letter: Letter::LocalPart, escape: true, keep: Some(2), reverse: true, delimiters: "+-" };
        assert_eq!(only("%{L2R+-}"), Ok(Piece::Expand(expected)));
        assert_eq!(only("%%"), Ok(Piece::Percent));
        assert_eq!(only("%_"), Ok(Piece::Blank));
        assert_eq!(only("%-"), Ok(Piece::UrlBlank));
    }

    #[test]
    fn text_and_macros_take_turns() {
        let shown: Vec<_> = pieces("a%{i}b%%").map(Result::unwrap).collect();
        assert_eq!(shown.len(), 4);
        assert_eq!(shown[0], Piece::Literal("a"));
        assert_eq!(shown[2], Piece::Literal("b"));
    }

    #[test]
    fn wrong_macros_are_named_and_reading_goes_on() {
        for wrong in ["%", "%(", "%{", "%{}", "%{a}", "%{i", "%{i0}", "%{ir2}", "%{d:}", "%{d2x}", "%é"] {
            assert_eq!(only(wrong), Err(Span::new(0, wrong.len())), "{wrong}");
        }
        let all: Vec<_> = pieces("x%{q}y").collect();
        assert_eq!(all, [Ok(Piece::Literal("x")), Err(Span::new(1, 5)), Ok(Piece::Literal("y"))]);
    }

    #[test]
    fn a_number_of_parts_beyond_measure_means_all() {
        let Ok(Piece::Expand(expand)) = only("%{d99999999999999999999}") else { panic!() };
        assert_eq!(expand.keep, Some(u32::MAX));
    }
}
