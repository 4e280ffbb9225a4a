//! One scanner: addresses, hosts and mail addresses of a text with their places, and what the cues beside them make of them.
//!
//! It goes over the text once. What a token is told by stands at most [`GAP`] octets away, so nothing is walked back over,
//! however long a line is.

use std::{net::IpAddr, ops::Range};

use super::cue::{Cue, Cues};
use crate::{dns::Name, knowledge::CueRole, steps};

/// Octets between a cue and what it speaks of: quotes, brackets, blanks.
const GAP: usize = 6;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// An IP address.
    Ip(IpAddr),
    /// A mail address, or what has an `@` as one has.
    Mail,
    /// The name of a host.
    Host,
    /// Any other word.
    Word,
}

/// A word of a text that could be a name or an address.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub text: &'a str,
    pub kind: TokenKind,
    /// Where it stands in the whole text.
    pub span: Range<usize>,
}

/// The tokens of a part of a text, and the cues among them.
pub(super) struct Tokens<'a> {
    whole: &'a str,
    pub all: Vec<Token<'a>>,
    /// By where they begin.
    pub starts: Vec<Cue>,
    /// By where they end.
    ends: Vec<Cue>,
}

impl<'a> Tokens<'a> {
    /// The tokens of a part.
    pub fn scan(whole: &'a str, part: Range<usize>, cues: &Cues) -> Self {
        steps::took(part.len());
        let text = &whole[part.clone()];
        let all =
            words(text).map(|word| token(whole, part.start + word.start..part.start + word.end)).collect();
        let starts = cues.find(whole, part);
        let mut ends = starts.clone();
        ends.sort_by_key(|cue| cue.span.end);
        Self { whole, all, starts, ends }
    }

    /// Whether a cue of this meaning stands directly before a place, but for quotes and brackets.
    pub fn is_behind(&self, place: usize, role: CueRole) -> bool {
        let until = self.ends.partition_point(|cue| cue.span.end <= place);
        let near = self.ends[..until].iter().rev().take_while(|cue| cue.span.end + GAP >= place);
        near.into_iter().any(|cue| {
            steps::took(1);
            cue.role == role && self.is_gap(cue.span.end..place)
        })
    }

    /// Whether a cue of this meaning follows a place, but for quotes, brackets and the end of the line.
    pub fn is_before(&self, place: usize, role: CueRole) -> bool {
        let from = self.starts.partition_point(|cue| cue.span.start < place);
        let near = self.starts[from..].iter().take_while(|cue| cue.span.start <= place + 2 * GAP);
        near.into_iter().any(|cue| {
            steps::took(1);
            let between = self.whole.get(place..cue.span.start).unwrap_or_default();
            cue.role == role && !between.contains(|c: char| c.is_alphanumeric())
        })
    }

    /// Whether a cue of this meaning begins within so many octets behind a place.
    pub fn is_ahead(&self, place: usize, within: usize, role: CueRole) -> bool {
        let from = self.starts.partition_point(|cue| cue.span.start < place);
        let near = self.starts[from..].iter().take_while(|cue| cue.span.start <= place + within);
        near.into_iter().any(|cue| {
            steps::took(1);
            cue.role == role
        })
    }

    /// Whether a host and the address behind it stand together in square brackets, as one that was tried.
    pub fn is_tried(&self, host: usize, address: usize) -> bool {
        self.whole[..host].ends_with('[') && self.whole[..address].ends_with(' ')
    }

    /// What stands between two places of one line, if it is quotes and brackets alone.
    pub fn is_gap(&self, between: Range<usize>) -> bool {
        let signs = [' ', '\t', '<', '>', '"', '\'', '(', '[', ']', '=', ':', ';', ',', '.', '：', '「'];
        between.len() <= GAP
            && self.whole.get(between).is_some_and(|text| text.chars().all(|c| signs.contains(&c)))
    }
}

/// What a word is; of `relay=mx.example.org` what stands behind the sign.
fn token(whole: &str, span: Range<usize>) -> Token<'_> {
    let text = &whole[span.clone()];
    if let Some(ip) = address(text) {
        return Token { text, kind: TokenKind::Ip(ip), span };
    }
    if text.contains('@') {
        return Token { text, kind: TokenKind::Mail, span };
    }
    let bare = text.rsplit('=').next().unwrap_or_default();
    if is_host(bare) {
        return Token { text: bare, kind: TokenKind::Host, span: span.end - bare.len()..span.end };
    }
    Token { text, kind: TokenKind::Word, span }
}

/// Where the words are that could be names or addresses: letters, digits and the signs inside them.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let is_part = |c: char| {
            c.is_ascii_alphanumeric()
                || matches!(
                    c,
                    '.' | '-' | '_' | '@' | '+' | '%' | ':' | '/' | '=' | '&' | '?' | '#' | '!' | '~'
                )
        };
        let rest = &text[at..];
        let begin = rest.find(is_part)?;
        let length = rest[begin..].find(|c| !is_part(c)).unwrap_or(rest.len() - begin);
        let mut span = at + begin..at + begin + length;
        at = span.end;
        // What stands at the edges is punctuation; a web address is one word.
        while span.end > span.start
            && matches!(
                text.as_bytes()[span.end - 1],
                b'.' | b':' | b'-' | b'=' | b'?' | b'/' | b'!' | b'&' | b'#'
            )
            && !text[span.clone()].ends_with("::")
        {
            span.end -= 1;
        }
        while span.end > span.start
            && matches!(text.as_bytes()[span.start], b'.' | b'-' | b'=' | b'/' | b'#' | b'!')
        {
            span.start += 1;
        }
        Some(span)
    })
}

/// Where the names of a text are, and which: addresses, mail addresses, hosts, and as words web addresses and fields of a log
/// (`x=tls1.3`). What stands in them is no word.
pub(super) fn names(text: &str) -> impl Iterator<Item = (Range<usize>, TokenKind)> {
    steps::took(text.len());
    words(text).filter_map(|span| {
        let word = &text[span.clone()];
        let kind = token(text, span.clone()).kind;
        let is_address = matches!(kind, TokenKind::Ip(_));
        let is_more = word.contains('=') || word.contains("://");
        let is_name = is_more || word.contains('@') || kind != TokenKind::Word;
        let kind = if is_more && !is_address { TokenKind::Word } else { kind };
        is_name.then_some((span, kind))
    })
}

/// Where the numbers of a text are, with the full stops in them: `5.7.1` is one.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = Range<usize>> {
    steps::took(text.len());
    let octets = text.as_bytes();
    words(text).flat_map(move |word| {
        let mut at = word.start;
        std::iter::from_fn(move || {
            let start = at + octets[at..word.end].iter().position(u8::is_ascii_digit)?;
            let is_part = |octet: &&u8| octet.is_ascii_digit() || **octet == b'.';
            at = start + octets[start..word.end].iter().take_while(is_part).count();
            let number = text[start..at].trim_end_matches('.');
            Some(start..start + number.len())
        })
    })
}

/// The IP address in a word: alone, with a port, behind `ip=` and the like, or at the end of a web address.
pub(super) fn address(word: &str) -> Option<IpAddr> {
    if let Ok(ip) = word.parse::<IpAddr>() {
        return (!ip.is_unspecified()).then_some(ip);
    }
    let lower = word.to_ascii_lowercase();
    let bare = lower.strip_prefix("ipv6:").unwrap_or(&lower);
    if let Ok(ip) = bare.parse::<IpAddr>() {
        return Some(ip);
    }
    bare.split(['=', '/', '?', '&', '#', ':'])
        .filter(|piece| piece.len() >= 7)
        .find_map(|piece| piece.parse::<std::net::Ipv4Addr>().ok().map(IpAddr::V4))
        .filter(|ip| !ip.is_loopback())
}

/// A host name with a dot whose last label is no number.
pub(super) fn is_host(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    word.len() <= 253
        && word.contains('.')
        && Name::parse(word).is_ok_and(|name| name.is_host_name())
        && word.rsplit('.').next().is_some_and(|top| {
            top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
                || top.starts_with("xn--")
        })
}
