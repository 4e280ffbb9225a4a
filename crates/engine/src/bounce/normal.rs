//! Text as patterns see it.

use std::ops::Range;

use crate::{steps, visible::is_invisible};

/// A text made plain, and where each octet of it came from.
#[derive(Clone, Debug, Default)]
pub struct NormalText {
    /// Lower case, one blank between words, quotes and dashes straight, nothing that cannot be seen, and the reply
    /// codes that servers put in front of every line only in front of the first.
    pub text: String,
    /// For each octet of `text` the position in the original; one more for the end.
    origin: Vec<u32>,
}

impl NormalText {
    /// Makes a text plain.
    #[must_use]
    pub fn new(original: &str) -> Self {
        let mut out = Self {
            text: String::with_capacity(original.len()),
            origin: Vec::with_capacity(original.len() + 1),
        };
        steps::took(original.len());
        let mut blank: Option<usize> = None;
        let mut last_code: Option<(&str, &str)> = None;
        let mut skip_to = 0;
        for (at, c) in original.char_indices() {
            if at < skip_to || c == '\0' || is_invisible(c) {
                continue;
            }
            if c.is_whitespace() || c.is_control() {
                blank.get_or_insert(at);
                continue;
            }
            let starts_word = blank.is_some() || out.text.is_empty();
            if starts_word
                && matches!(c, '2' | '4' | '5')
                && let Some((reply, enhanced, length)) = code(&original[at..])
            {
                let repeats = last_code
                    .is_some_and(|(known, also)| known == reply && (also == enhanced || enhanced.is_empty()));
                if repeats {
                    skip_to = at + length;
                    continue;
                }
                last_code = Some((reply, enhanced));
            }
            if let Some(place) = blank.take()
                && !out.text.is_empty()
                // Between ideographs a blank is where a line was broken.
                && !(is_wide(c) && out.text.chars().next_back().is_some_and(is_wide))
            {
                out.push(' ', place);
            }
            out.push(plain(c), at);
        }
        let end = u32::try_from(original.len()).unwrap_or(u32::MAX);
        out.origin.push(end);
        out
    }

    fn push(&mut self, c: char, at: usize) {
        self.text.push(c);
        self.origin.resize(self.text.len(), u32::try_from(at).unwrap_or(u32::MAX));
    }

    /// Where a part of the plain text stands in `original`, from which it was made.
    #[must_use]
    pub fn origin(&self, original: &str, part: Range<usize>) -> Range<usize> {
        let place = |at: usize| self.origin.get(at).or(self.origin.last()).map_or(0, |&at| at as usize);
        let start = place(part.start);
        if part.end <= part.start {
            return start..start;
        }
        // The end of the last character, without what was left out behind it.
        let last = place(part.end - 1);
        let length = original.get(last..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        start..(last + length).max(start)
    }
}

/// A reply code at the start, such as `550-5.7.26 `: code, enhanced code, length.
fn code(text: &str) -> Option<(&str, &str, usize)> {
    let head = text.as_bytes();
    let is_code = head.len() > 3
        && head[1].is_ascii_digit()
        && head[2].is_ascii_digit()
        && matches!(head[3], b'-' | b' ');
    if !is_code {
        return None;
    }
    let (reply, rest) = (text.get(..3)?, text.get(4..)?);
    let length = rest.bytes().take(11).take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let enhanced = &rest[..length];
    let is_enhanced =
        enhanced.split('.').count() == 3 && enhanced.starts_with(&reply[..1]) && !enhanced.ends_with('.');
    if is_enhanced {
        let after = usize::from(rest.as_bytes().get(length).is_some_and(|b| matches!(b, b'-' | b' ')));
        return Some((reply, enhanced, 4 + length + after));
    }
    Some((reply, "", 4))
}

fn plain(c: char) -> char {
    match c {
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '`' | '\u{b4}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{ab}' | '\u{bb}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(c) - 0xfee0).map_or(c, |c| c.to_ascii_lowercase())
        }
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        _ => {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(lower), None) => lower,
                _ => c,
            }
        }
    }
}

/// Chinese and Japanese characters and their signs.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_the_words_goes() {
        let text = "550-5.7.26 Unauthenticated\r\n550-5.7.26  e\u{200b}mail from EXAMPLE.org isn\u{2019}t\r\n550 5.7.26 ok";
        assert_eq!(NormalText::new(text).text, "550-5.7.26 unauthenticated email from example.org isn't ok");
        assert_eq!(NormalText::new("550 one 551 two 550 three").text, "550 one 551 two 550 three");
        assert_eq!(NormalText::new("找不到\n地址 ＡＢＣ。").text, "找不到地址abc。");
        assert_eq!(NormalText::new("ÄRGER \u{202e}x\0y").text, "ärger xy");
        assert_eq!(NormalText::new(" \n ").text, "");
    }

    #[test]
    fn places_come_back() {
        let original = "  Say  “User\u{200b} Unknown”!";
        let normal = NormalText::new(original);
        let at = normal.text.find("user unknown").unwrap();
        let place = normal.origin(original, at..at + "user unknown".len());
        assert_eq!(&original[place], "User\u{200b} Unknown");
    }
}
