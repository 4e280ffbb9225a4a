//! Lists of `tag=value` pairs, as DKIM, DMARC, MTA-STS, TLS-RPT and BIMI records are written (RFC 6376 section 3.2).
//!
//! Pairs are set apart by semicolons, blanks around names and values do not count, and a semicolon may end the list.
//! What cannot be read is kept as an error with its place, and reading goes on after the next semicolon. Which tags
//! there are, and what their values may be, is for the record type to say.

use serde::Serialize;

use super::Span;
use crate::{steps, table::Table};

/// Pairs and faults of a list that are read. Records have some ten; with this many each may be held against each.
const MOST: usize = 500;

/// A list as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagList<'a> {
    /// Every pair, in the order of the text, doubles included.
    pub tags: Vec<Tag<'a>>,
    /// What is wrong with the list, in the order of the text.
    pub errors: Vec<TagError>,
}

/// One pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// The name as written, without blanks.
    pub name: &'a str,
    /// The value as written, without blanks around it; may be empty.
    pub value: &'a str,
    /// Where the name stands.
    pub name_span: Span,
    /// Where the value stands.
    pub value_span: Span,
}

/// Something wrong with a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TagError {
    /// What is wrong.
    pub kind: TagErrorKind,
    /// The faulty part.
    pub span: Span,
}

words! {
    /// What can be wrong with a list.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum TagErrorKind {
        /// Nothing between two semicolons.
        Empty = "empty",
        /// Text without an equals sign.
        NoEquals = "no-equals",
        /// A name that is not a letter followed by letters, digits and underscores.
        BadName = "bad-name",
        /// Characters that no value can hold: control characters and everything outside ASCII.
        BadCharacter = "bad-character",
        /// A name that was there before. RFC 6376 calls the whole list invalid then; readers differ.
        Twice = "twice",
        /// More pairs than any record has: what follows is not read.
        TooMany = "too-many",
    }
}

impl<'a> Tag<'a> {
    /// The whole pair.
    #[must_use]
    pub fn span(&self) -> Span {
        Span { start: self.name_span.start, end: self.value_span.end.max(self.name_span.end) }
    }

    /// Whether the name is `name`, in any case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

impl<'a> TagList<'a> {
    /// Reads a list.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        let mut list = Self::default();
        let mut seen = Table::default();
        steps::took(text.len());
        let mut start = 0;
        let mut pieces = text.split(';').peekable();
        while let Some(piece) = pieces.next() {
            let end = start + piece.len();
            if list.tags.len() + list.errors.len() >= MOST && start < text.len() {
                list.error(TagErrorKind::TooMany, start, text.len());
                break;
            }
            let (from, to) = trim(text, start, end);
            if from == to {
                // The last piece is what follows a final semicolon.
                if pieces.peek().is_some() {
                    list.error(TagErrorKind::Empty, start, end + 1);
                }
            } else if let Some(at) = text[from..to].find('=') {
                list.pair(text, from, from + at, to, &mut seen);
            } else {
                list.error(TagErrorKind::NoEquals, from, to);
            }
            start = end + 1;
        }
        list
    }

    fn pair(&mut self, text: &'a str, from: usize, equals: usize, to: usize, seen: &mut Table<String, ()>) {
        let (name_from, name_to) = trim(text, from, equals);
        let (value_from, value_to) = trim(text, equals + 1, to);
        let tag = Tag {
            name: &text[name_from..name_to],
            value: &text[value_from..value_to],
            name_span: Span::new(name_from, name_to),
            value_span: Span::new(value_from, value_to),
        };
        if !is_name(tag.name) {
            let shown = if name_from == name_to { equals + 1 } else { name_to };
            self.error(TagErrorKind::BadName, name_from, shown);
        } else if !seen.insert(tag.name.to_ascii_lowercase(), ()) {
            self.error(TagErrorKind::Twice, name_from, name_to);
        }
        let mut bad: Option<(usize, usize)> = None;
        for (at, c) in text[value_from..value_to].char_indices() {
            if self.errors.len() >= MOST {
                break;
            }
            if matches!(c, ' '..='~' | '\t' | '\r' | '\n') {
                continue;
            }
            let (at, next) = (value_from + at, value_from + at + c.len_utf8());
            match &mut bad {
                Some((_, end)) if *end == at => *end = next,
                _ => {
                    if let Some((start, end)) = bad.replace((at, next)) {
                        self.error(TagErrorKind::BadCharacter, start, end);
                    }
                }
            }
        }
        if let Some((start, end)) = bad {
            self.error(TagErrorKind::BadCharacter, start, end);
        }
        self.tags.push(tag);
    }

    fn error(&mut self, kind: TagErrorKind, start: usize, end: usize) {
        self.errors.push(TagError { kind, span: Span::new(start, end) });
    }

    /// The first pair with this name, in any case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Tag<'a>> {
        self.tags.iter().find(|tag| tag.is(name))
    }
}

fn is_name(name: &str) -> bool {
    let mut octets = name.bytes();
    octets.next().is_some_and(|b| b.is_ascii_alphabetic())
        && octets.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// `text[start..end]` without blanks around it. Line ends count as blanks: RFC 6376 lets values be folded.
fn trim(text: &str, start: usize, end: usize) -> (usize, usize) {
    let blank = [' ', '\t', '\r', '\n'];
    let part = &text[start..end];
    let from = start + (part.len() - part.trim_start_matches(blank).len());
    let to = from + part.trim_matches(blank).len();
    (from, to)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(text: &str) -> Vec<(&str, &str)> {
        TagList::parse(text).tags.iter().map(|tag| (tag.name, tag.value)).collect()
    }

    fn errors(text: &str) -> Vec<(TagErrorKind, &str)> {
        TagList::parse(text).errors.iter().map(|error| (error.kind, error.span.of(text))).collect()
    }

    #[test]
    fn blanks_and_the_last_semicolon_do_not_count() {
        assert_eq!(pairs("v=DMARC1;p=none"), [("v", "DMARC1"), ("p", "none")]);
        assert_eq!(pairs(" v = STSv1 ;\tid = 2026 ; "), [("v", "STSv1"), ("id", "2026")]);
        assert_eq!(pairs("k=rsa; p="), [("k", "rsa"), ("p", "")]);
        assert!(errors("v=DMARC1; p=none;").is_empty());
        assert!(errors("").is_empty() && pairs("").is_empty());
    }

    #[test]
    fn an_equals_sign_in_a_value_belongs_to_it() {
        assert_eq!(pairs("p=MIIB=="), [("p", "MIIB==")]);
    }

    #[test]
    fn errors_name_the_faulty_part_and_reading_goes_on() {
        let text = "v=DMARC1; none; p=none; ;p=reject; 2x=1; =y; t=“y”";
        assert_eq!(
            errors(text),
            [
                (TagErrorKind::NoEquals, "none"),
                (TagErrorKind::Empty, " ;"),
                (TagErrorKind::Twice, "p"),
                (TagErrorKind::BadName, "2x"),
                (TagErrorKind::BadName, "="),
                (TagErrorKind::BadCharacter, "“"),
                (TagErrorKind::BadCharacter, "”"),
            ]
        );
        assert_eq!(TagList::parse(text).get("P").map(|tag| tag.value), Some("none"), "the first counts");
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_every_place_is_at_character_boundaries(text in "[vp=; \tD“é,\\PC]{0,60}") {
            let list = TagList::parse(&text);
            for tag in &list.tags {
                prop_assert_eq!(tag.name_span.of(&text), tag.name);
                prop_assert_eq!(tag.value_span.of(&text), tag.value);
                prop_assert!(text.get(tag.span().range()).is_some());
            }
            for error in &list.errors {
                prop_assert!(text.get(error.span.range()).is_some_and(|part| !part.is_empty()));
            }
        }
    }
}
