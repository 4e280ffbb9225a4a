//! Encoded words in header fields (RFC 2047).

use super::{
    charset::{self, Decode},
    transfer::{base64, quoted_printable},
};
use crate::steps;

/// Characters of a word that are read. Section 2 allows 75; longer ones are in use, endless ones are an attack.
const LONGEST: usize = 1024;

/// The text with its encoded words decoded. Blanks between two words are no part of the text (section 6.2); words of
/// the same charset in a row are put together before they are decoded, because senders cut characters in two.
#[must_use]
pub fn decode_words(text: &str, decode: Decode<'_>) -> String {
    if !text.contains("=?") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut open: Option<(String, Vec<u8>)> = None;
    let mut rest = text;
    let mut ends = Ends { text, next: None };
    steps::took(text.len());
    while let Some(at) = rest.find("=?") {
        let (before, from) = rest.split_at(at);
        let Some((label, octets, after)) = word(from, &mut ends) else {
            close(&mut out, &mut open, decode);
            out.push_str(before);
            out.push_str("=?");
            rest = &from[2..];
            continue;
        };
        if !before.trim().is_empty() || open.is_none() {
            close(&mut out, &mut open, decode);
            out.push_str(before);
        }
        match &mut open {
            Some((known, all)) if known.eq_ignore_ascii_case(label) => all.extend(octets),
            _ => {
                close(&mut out, &mut open, decode);
                open = Some((label.to_owned(), octets));
            }
        }
        rest = after;
    }
    close(&mut out, &mut open, decode);
    out.push_str(rest);
    out
}

fn close(out: &mut String, open: &mut Option<(String, Vec<u8>)>, decode: Decode<'_>) {
    if let Some((label, octets)) = open.take() {
        out.push_str(&charset::text(&octets, Some(&label), decode));
    }
}

/// Where words may end. Searched for once: a search at each beginning would look at the same text again and again.
struct Ends<'a> {
    text: &'a str,
    /// The place of the next `?=`; the length of the text if there is none.
    next: Option<usize>,
}

impl Ends<'_> {
    /// How far it is to the next `?=` in `tail`, with which the text ends.
    fn next(&mut self, tail: &str) -> Option<usize> {
        let from = self.text.len() - tail.len();
        let next = match self.next {
            Some(next) if next >= from => next,
            _ => {
                let length = tail.find("?=").unwrap_or(tail.len());
                steps::took(length);
                from + length
            }
        };
        self.next = Some(next);
        (next < self.text.len()).then(|| next - from)
    }
}

/// A word at the start of `text`: its charset, its octets, the rest.
fn word<'a>(text: &'a str, ends: &mut Ends<'_>) -> Option<(&'a str, Vec<u8>, &'a str)> {
    let inner = text.strip_prefix("=?")?;
    // No further than a label reaches: the next mark may be at the end of the text.
    let label = &inner[..inner.bytes().take(65).position(|b| b == b'?')?];
    let encoding = inner[label.len() + 1..].get(..1)?;
    let tail = inner[label.len() + 2..].strip_prefix('?')?;
    let end = ends.next(tail).filter(|&end| end < LONGEST)?;
    let (body, after) = (&tail[..end], &tail[end + 2..]);
    let octets = match encoding {
        "b" | "B" => base64(body.as_bytes()),
        "q" | "Q" => quoted_printable(body.replace('_', "=20").as_bytes()),
        _ => return None,
    };
    // RFC 2231 section 5: a language may follow the charset.
    Some((label.split('*').next().unwrap_or(label), octets, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> String {
        decode_words(text, &charset::plain)
    }

    #[test]
    fn words_are_decoded() {
        assert_eq!(decoded("=?utf-8?Q?Unzustellbar:_R=C3=BCckl=C3=A4ufer?="), "Unzustellbar: Rückläufer");
        assert_eq!(decoded("Re: =?UTF-8?B?6YCA5L+h?= (1)"), "Re: 退信 (1)");
        assert_eq!(decoded("=?iso-8859-1*de?q?caf=E9?="), "café");
    }

    #[test]
    fn characters_cut_in_two_are_put_together() {
        assert_eq!(decoded("=?utf-8?B?6YA=?=\r\n =?utf-8?B?gOS/oQ==?="), "退信");
    }

    #[test]
    fn what_is_no_word_stays() {
        for text in ["=?", "=?utf-8?x?a?=", "a =?utf-8?q?never ends", "=?a?q?b", "1 =? 2"] {
            assert_eq!(decoded(text), text);
        }
    }
}
