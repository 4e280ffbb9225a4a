//! `v=spf1`, and texts that were meant to begin with it (RFC 7208 section 4.5).

use super::{Fault, SpfError};
use crate::{record::Span, visible::is_invisible};

const VERSION: &[u8] = b"v=spf1";

/// Whether the octets of a TXT record are an SPF record: they begin with `v=spf1`, in any case, and a blank or the
/// end follows.
#[must_use]
pub fn is_spf(octets: &[u8]) -> bool {
    octets.len() >= VERSION.len()
        && octets[..VERSION.len()].eq_ignore_ascii_case(VERSION)
        && matches!(octets.get(VERSION.len()), None | Some(b' '))
}

/// Where the terms begin.
pub(super) fn skip(text: &str, errors: &mut Vec<SpfError>) -> usize {
    if is_spf(text.as_bytes()) {
        return VERSION.len();
    }
    let word = text.split(' ').next().map_or(0, str::len);
    errors.push(SpfError { span: Span::new(0, word), fault: Fault::NoVersion });
    near_miss(text).map_or(0, |miss| miss.span.end as usize)
}

/// A text that was meant as an SPF record but that no receiver takes for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpfNearMiss {
    /// What is odd about it.
    pub oddity: Oddity,
    /// Its beginning, up to where the terms begin.
    pub span: Span,
    /// The record as it was probably meant.
    pub meant: String,
}

words! {
    /// Why a text is not taken for an SPF record.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Oddity {
        /// A blank, tab or line break in front.
        LeadingBlank = "leading-blank",
        /// An invisible character in front: a byte order mark, a zero-width or no-break space.
        Invisible = "invisible",
        /// A quotation mark that became part of the text.
        Quote = "quote",
        /// A sign behind the version: `v=spf1;`.
        Punctuation = "punctuation",
        /// No blank behind the version: `v=spf1include:`.
        NoBlank = "no-blank",
        /// A blank inside the version: `v=spf 1`, `v = spf1`.
        InnerBlank = "inner-blank",
        /// Another version number: `v=spf2`, `v=spf1.0`.
        Number = "number",
        /// Misspelt in another way: `spf1 ...`, `v:spf1`, `v=sfp1`.
        Misspelt = "misspelt",
        /// A record of Sender ID, `spf2.0/...`, which nobody reads any more (RFC 4406, an experiment).
        SenderId = "sender-id",
    }
    key "spf.oddity.{}"
}

/// Whether a text that is no SPF record was meant as one. Says nothing about texts for which [`is_spf`] holds.
#[must_use]
pub fn near_miss(text: &str) -> Option<SpfNearMiss> {
    if is_spf(text.as_bytes()) {
        return None;
    }
    let mut lead = None;
    let body = text.trim_start_matches(|c| match oddity_of(c) {
        Some(oddity) => {
            lead.get_or_insert(oddity);
            true
        }
        None => false,
    });
    let quoted = lead == Some(Oddity::Quote);
    let start = text.len() - body.len();
    let (oddity, length) = match lead {
        Some(lead) if is_spf(body.as_bytes()) => (lead, VERSION.len()),
        _ => read_version(body)?,
    };
    let terms = body.get(length..)?;
    let terms = if quoted { terms.trim_end_matches(is_quote) } else { terms };
    let meant = format!("v=spf1 {}", terms.trim()).trim_end().to_owned();
    Some(SpfNearMiss { oddity, span: Span::new(0, start + length), meant })
}

fn oddity_of(c: char) -> Option<Oddity> {
    match c {
        '\u{a0}' | '\u{fffd}' => Some(Oddity::Invisible),
        _ if is_invisible(c) => Some(Oddity::Invisible),
        _ if c.is_whitespace() => Some(Oddity::LeadingBlank),
        _ if is_quote(c) => Some(Oddity::Quote),
        _ => None,
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '\\' | '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}')
}

/// What is odd about a version that is not `v=spf1` and a blank, and where the terms begin behind it.
fn read_version(body: &str) -> Option<(Oddity, usize)> {
    let mut reader = Reader { octets: body.as_bytes(), at: 0, oddity: None };
    reader.v_and_equals();
    reader.word()?;
    if reader.lower(0) == Some(b'2') && reader.octets.get(reader.at + 1..reader.at + 3) == Some(b".0") {
        return Some((Oddity::SenderId, body.find(' ').unwrap_or(body.len())));
    }
    reader.number();
    reader.end();
    let oddity = reader.oddity?;
    // A text that only resembles the version must at least have a term of SPF: prose is no record.
    let exact_head = reader.octets.get(..5).is_some_and(|head| head.eq_ignore_ascii_case(b"v=spf"));
    (exact_head || has_terms(body.get(reader.at..)?)).then_some((oddity, reader.at))
}

/// Reads a version, and notes the first thing that is odd about it.
struct Reader<'a> {
    octets: &'a [u8],
    at: usize,
    oddity: Option<Oddity>,
}

impl Reader<'_> {
    /// The octet so many places on, in small letters.
    fn lower(&self, ahead: usize) -> Option<u8> {
        self.octets.get(self.at + ahead).map(u8::to_ascii_lowercase)
    }

    fn odd(&mut self, what: Oddity) {
        self.oddity.get_or_insert(what);
    }

    /// Passes over blanks; whether there were any.
    fn blanks(&mut self) -> bool {
        let before = self.at;
        while self.lower(0) == Some(b' ') {
            self.at += 1;
        }
        self.at > before
    }

    fn v_and_equals(&mut self) {
        if self.lower(0) != Some(b'v') {
            return self.odd(Oddity::Misspelt);
        }
        self.at += 1;
        if self.blanks() {
            self.odd(Oddity::InnerBlank);
        }
        match self.lower(0) {
            Some(b'=') => self.at += 1,
            Some(b':' | b'-' | b';' | b'.') => {
                self.odd(Oddity::Misspelt);
                self.at += 1;
            }
            _ => self.odd(Oddity::Misspelt),
        }
        if self.blanks() {
            self.odd(Oddity::InnerBlank);
        }
    }

    /// The word `spf`, or what it is often mistaken for; else it is no version.
    fn word(&mut self) -> Option<()> {
        let word = self.octets.get(self.at..self.at + 3)?.to_ascii_lowercase();
        match word.as_slice() {
            b"spf" => {}
            b"sfp" | b"psf" | b"sbf" | b"spd" => self.odd(Oddity::Misspelt),
            _ => return None,
        }
        self.at += 3;
        Some(())
    }

    fn number(&mut self) {
        if self.blanks() {
            let is_one = self.lower(0) == Some(b'1');
            self.odd(if is_one { Oddity::InnerBlank } else { Oddity::Number });
        }
        let start = self.at;
        while matches!(self.lower(0), Some(b'0'..=b'9')) || (self.lower(0) == Some(b'.') && self.at > start) {
            self.at += 1;
        }
        if &self.octets[start..self.at] != b"1" {
            let is_like_one = matches!(self.lower(0), Some(b'l' | b'i' | b'!'));
            self.odd(if is_like_one { Oddity::Misspelt } else { Oddity::Number });
            if is_like_one && matches!(self.lower(1), None | Some(b' ')) {
                self.at += 1;
            }
        }
    }

    fn end(&mut self) {
        match self.lower(0) {
            None | Some(b' ') => {}
            Some(b';' | b',' | b'.' | b':' | b'"' | b'\'') => {
                self.odd(Oddity::Punctuation);
                self.at += 1;
            }
            Some(_) => self.odd(Oddity::NoBlank),
        }
    }
}

fn has_terms(text: &str) -> bool {
    text.split([' ', ';', ',']).any(|word| {
        let word = word.trim_start_matches(['+', '-', '~', '?']).to_ascii_lowercase();
        matches!(word.as_str(), "all" | "mx" | "a" | "ptr")
            || ["include:", "ip4:", "ip6:", "a:", "mx:", "exists:", "redirect="]
                .iter()
                .any(|start| word.starts_with(start))
    })
}
