//! Domain names as this crate keeps them.

use std::{fmt, sync::Arc};

use serde::Serialize;

/// A domain name: ASCII, lower case, without the trailing dot; the root is the empty string.
///
/// Labels are 1 to 63 octets, the whole at most 253 characters (RFC 1035 section 2.3.4). Underscores and other
/// printable characters are accepted because service names and hostile data carry them; octets outside printable
/// ASCII appear as `\DDD`, a dot inside a label as `\.` (RFC 1035 section 5.1).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

/// Why a text is not a domain name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Two dots in a row, or a dot in front.
    EmptyLabel,
    /// A label of more than 63 octets.
    LongLabel,
    /// More than 253 characters.
    TooLong,
    /// A character that is not printable ASCII, or a blank.
    BadCharacter,
}

impl Name {
    /// Reads a name as written in a record or by a person: any case, with or without the trailing dot.
    ///
    /// # Errors
    /// A [`NameError`] that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = without_final_dot(text);
        if text.is_empty() {
            return Ok(Self::root());
        }
        if text.len() > 253 {
            return Err(NameError::TooLong);
        }
        let mut upper = false;
        let mut escaped = false;
        let mut label = 0usize;
        for byte in text.bytes() {
            let after_backslash = escaped;
            escaped = byte == b'\\' && !after_backslash;
            match byte {
                b'.' if after_backslash => label += 1,
                b'.' if label == 0 => return Err(NameError::EmptyLabel),
                b'.' => label = 0,
                0x21..=0x7e => {
                    upper |= byte.is_ascii_uppercase();
                    label += 1;
                    if label > 63 {
                        return Err(NameError::LongLabel);
                    }
                }
                _ => return Err(NameError::BadCharacter),
            }
        }
        if label == 0 {
            return Err(NameError::EmptyLabel);
        }
        Ok(if upper { Self(text.to_ascii_lowercase().into()) } else { Self(text.into()) })
    }

    /// The root of the DNS.
    #[must_use]
    pub fn root() -> Self {
        Self("".into())
    }

    /// A name that comes from the wire decoder, whose lengths are right by construction.
    pub(super) fn from_wire(text: &str) -> Self {
        let mut text = without_final_dot(text).to_ascii_lowercase();
        // The decoder writes a blank in another way than the rest of what does not print.
        if text.contains(' ') {
            text = text.replace("\\ ", "\\032");
        }
        Self(text.into())
    }

    /// The name as text, without the trailing dot.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The labels from left to right.
    pub fn labels(&self) -> impl DoubleEndedIterator<Item = &str> {
        Labels(&self.0)
    }

    /// The name without its first label; the root has none.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let mut labels = Labels(&self.0);
        labels.next()?;
        Some(Self(labels.0.into()))
    }

    /// This name with `label` (one label or several) in front.
    ///
    /// # Errors
    /// As [`Name::parse`], mostly that the whole became too long.
    pub fn under(&self, label: &str) -> Result<Self, NameError> {
        if self.is_root() {
            return Self::parse(label);
        }
        Self::parse(&format!("{label}.{}", self.0))
    }

    /// Whether this name is `other` or stands below it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.in_front_of(other.as_str()).is_some()
    }

    /// Whether one of two names is the other or stands below it.
    #[must_use]
    pub fn is_within_or_above(&self, other: &Self) -> bool {
        self.is_within(other) || other.is_within(self)
    }

    /// The labels in front of `end`, which is a name as text in lower case without a final dot: `a.b` in `a.b.example` in
    /// front of `example`, nothing where the two are the same. None where this name is neither `end` nor below it.
    #[must_use]
    pub fn in_front_of(&self, end: &str) -> Option<&str> {
        let front = self.0.strip_suffix(end)?;
        if front.is_empty() || end.is_empty() {
            return Some(front);
        }
        let labels = without_final_dot(front);
        (labels != front).then_some(labels)
    }

    /// Whether every label is letters, digits and inner hyphens, as a host name must be (RFC 1123 section 2.1).
    #[must_use]
    pub fn is_host_name(&self) -> bool {
        !self.is_root()
            && self.labels().all(|label| {
                label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                    && !label.starts_with('-')
                    && !label.ends_with('-')
            })
    }
}

/// The labels of a name that is not at its end yet.
struct Labels<'a>(&'a str);

impl<'a> Iterator for Labels<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let end = self.0.match_indices('.').map(|(at, _)| at).find(|&at| separates(self.0, at));
        let (label, rest) = end.map_or((self.0, ""), |at| (&self.0[..at], &self.0[at + 1..]));
        self.0 = rest;
        (!label.is_empty()).then_some(label)
    }
}

impl DoubleEndedIterator for Labels<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let start = self.0.rmatch_indices('.').map(|(at, _)| at).find(|&at| separates(self.0, at));
        let (rest, label) = start.map_or(("", self.0), |at| (&self.0[..at], &self.0[at + 1..]));
        self.0 = rest;
        (!label.is_empty()).then_some(label)
    }
}

/// Whether the dot at `at` stands between labels: one that is escaped is part of its label.
fn separates(text: &str, at: usize) -> bool {
    text[..at].bytes().rev().take_while(|&octet| octet == b'\\').count() % 2 == 0
}

/// `text` without the dot that ends a whole name.
fn without_final_dot(text: &str) -> &str {
    match text.strip_suffix('.') {
        Some(bare) if separates(text, bare.len()) => bare,
        _ => text,
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_root() { "." } else { &self.0 })
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Serialize for Name {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EmptyLabel => "empty label",
            Self::LongLabel => "label longer than 63 octets",
            Self::TooLong => "name longer than 253 characters",
            Self::BadCharacter => "character that no name can hold",
        })
    }
}

impl std::error::Error for NameError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::parse(text).unwrap()
    }

    #[test]
    fn case_and_trailing_dot_do_not_matter() {
        assert_eq!(name("Example.ORG."), name("example.org"));
        assert_eq!(name("."), Name::root());
        assert_eq!(name("").to_string(), ".");
    }

    #[test]
    fn labels_end_at_dots_that_are_not_escaped() {
        let odd = name(r"a\.b\\.c.example");
        assert_eq!(odd.labels().collect::<Vec<_>>(), [r"a\.b\\", "c", "example"]);
        assert_eq!(odd.labels().rev().collect::<Vec<_>>(), ["example", "c", r"a\.b\\"]);
        assert_eq!(odd.parent(), Some(name("c.example")));
        let mut both = odd.labels();
        assert_eq!(
            (both.next(), both.next_back(), both.next()),
            (Some(r"a\.b\\"), Some("example"), Some("c"))
        );
        assert_eq!((both.next(), both.next_back()), (None, None));
        assert_eq!(Name::root().labels().count(), 0);
        assert_eq!((Name::root().parent(), name("org").parent()), (None, Some(Name::root())));
    }

    #[test]
    fn a_dot_that_is_escaped_belongs_to_its_label() {
        assert_eq!(name("a\\.").as_str(), "a\\.");
        assert_eq!(name("a\\..").as_str(), "a\\.");
        assert_eq!(name("a\\\\.").as_str(), "a\\\\", "the backslash is escaped, not the dot");
        assert_eq!(Name::from_wire("a\\.."), name("a\\."));
        assert_eq!(Name::parse("a\\..."), Err(NameError::EmptyLabel));
        assert!(name("a.example.org").is_within(&name("example.org")));
        assert!(!name("a\\.example.org").is_within(&name("example.org")));
    }

    #[test]
    fn names_that_cannot_be_are_refused() {
        assert_eq!(Name::parse("a..b"), Err(NameError::EmptyLabel));
        assert_eq!(Name::parse(".a"), Err(NameError::EmptyLabel));
        assert_eq!(Name::parse("a.b.."), Err(NameError::EmptyLabel));
        assert_eq!(Name::parse(&"x".repeat(64)), Err(NameError::LongLabel));
        assert_eq!(Name::parse(&vec!["abcdefg"; 33].join(".")), Err(NameError::TooLong));
        assert_eq!(Name::parse("a b"), Err(NameError::BadCharacter));
        assert_eq!(Name::parse("münchen.example"), Err(NameError::BadCharacter));
    }

    #[test]
    fn below_is_decided_at_label_boundaries() {
        assert!(name("mx.example.org").is_within(&name("example.org")));
        assert!(name("example.org").is_within(&name("example.org")));
        assert!(!name("badexample.org").is_within(&name("example.org")));
        assert!(name("example.org").is_within(&Name::root()));
        assert!(name("example.org").is_within_or_above(&name("mx.example.org")));
        assert!(!name("example.org").is_within_or_above(&name("example.net")));
    }

    #[test]
    fn what_stands_in_front_are_whole_labels() {
        assert_eq!(name("a.b.example.org").in_front_of("example.org"), Some("a.b"));
        assert_eq!(name("example.org").in_front_of("example.org"), Some(""));
        assert_eq!(name("example.org").in_front_of(""), Some("example.org"));
        assert_eq!(name("badexample.org").in_front_of("example.org"), None);
        assert_eq!(name("a\\.example.org").in_front_of("example.org"), None);
        assert_eq!(name("org").in_front_of("example.org"), None);
    }

    #[test]
    fn walking_up_ends_at_the_root() {
        let mut names = vec![name("a.b.c")];
        while let Some(parent) = names[names.len() - 1].parent() {
            names.push(parent);
        }
        let shown: Vec<_> = names.iter().map(Name::to_string).collect();
        assert_eq!(shown, ["a.b.c", "b.c", "c", "."]);
    }

    #[test]
    fn host_names_are_stricter_than_names() {
        assert!(name("mx-1.example.org").is_host_name());
        assert!(!name("_dmarc.example.org").is_host_name());
        assert!(!name("-a.example.org").is_host_name());
    }
}
