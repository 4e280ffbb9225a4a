//! Characters that nobody sees, written so that they are seen.
//!
//! Records, banners and pasted messages are written by strangers. A line break in them forges a line of a report, an
//! escape sequence drives the terminal into which a report is pasted, a change of the writing direction shows a name
//! backwards, and a character without width makes two names look alike. In whatever is shown, copied or saved such a
//! character stands as its octets in UTF-8, `\DDD` each, as DNS tools write them (RFC 1035 section 5.1).

use std::{borrow::Cow, fmt::Write as _};

/// Characters without a shape of their own: they join, hyphenate, select a form, mark or turn the direction of others
/// (Unicode's `Default_Ignorable_Code_Point`, and the marks of interlinear annotation).
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character is not to reach a reader as it is: a control character, what breaks a line, or
/// [`is_invisible`]. Blanks of every width are none of them.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || is_invisible(c)
}

/// A text that belongs into one line, with everything that is [hidden](is_hidden) made visible, line breaks too. What
/// is clean stays exactly as it is.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() * 2);
    text.chars().for_each(|c| push(&mut out, c));
    Cow::Owned(out)
}

/// A text of several lines, whose line breaks stay: `\r\n` becomes `\n`, and a tab a blank. For the rest [`visible`].
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| c != '\n' && is_hidden(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => out.push('\n'),
            '\t' => out.push(' '),
            '\r' if chars.peek() == Some(&'\n') => {}
            _ => push(&mut out, c),
        }
    }
    Cow::Owned(out)
}

/// A text that is to be published, without what is hidden in it: control characters were meant as blanks, and what has
/// no shape as nothing.
#[must_use]
pub fn publishable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let blank = |c| if is_hidden(c) { ' ' } else { c };
    Cow::Owned(text.chars().filter(|&c| !is_invisible(c)).map(blank).collect())
}

/// Writes octets as text: what is UTF-8 and can be seen as it is, every other octet as `\DDD`. `special` characters
/// get a backslash in front.
pub fn push_octets(out: &mut String, octets: &[u8], special: &[char]) {
    for chunk in octets.utf8_chunks() {
        for c in chunk.valid().chars() {
            if special.contains(&c) {
                out.push('\\');
            }
            push(out, c);
        }
        chunk.invalid().iter().for_each(|&octet| push_octet(out, octet));
    }
}

fn push(out: &mut String, c: char) {
    if is_hidden(c) {
        c.encode_utf8(&mut [0; 4]).bytes().for_each(|octet| push_octet(out, octet));
    } else {
        out.push(c);
    }
}

fn push_octet(out: &mut String, octet: u8) {
    let _ = write!(out, "\\{octet:03}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_clean_stays_as_it_is() {
        for text in ["", "v=spf1 -all", "信寄不到", "a\u{a0}b\u{3000}c", "Grüße, ½ “x”", "\u{fffd}"]
        {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text), "{text}");
            assert!(matches!(publishable(text), Cow::Borrowed(same) if same == text), "{text}");
        }
        assert!(matches!(visible_lines("a\nb\n"), Cow::Borrowed("a\nb\n")));
    }

    #[test]
    fn what_nobody_sees_is_written_as_octets() {
        for (text, shown) in [
            ("a\r\nb", "a\\013\\010b"),
            ("\u{1b}[31mred\u{7f}", "\\027[31mred\\127"),
            ("\u{202e}gpj.exe", "\\226\\128\\174gpj.exe"),
            ("pay\u{200b}pal", "pay\\226\\128\\139pal"),
            ("\u{9b}31m", "\\194\\15531m"),
            ("\u{e0041}", "\\243\\160\\129\\129"),
            ("a\u{2028}b", "a\\226\\128\\168b"),
        ] {
            assert_eq!(visible(text), shown);
        }
        assert_eq!(visible_lines("a\r\nb\tc\rd\u{0}"), "a\nb c\\013d\\000");
        assert_eq!(
            publishable("v=spf1\tinclude:\u{200b}a.example\u{2028}-all"),
            "v=spf1 include:a.example -all"
        );
    }

    #[test]
    fn octets_that_are_no_text_are_numbers() {
        let mut out = String::new();
        push_octets(&mut out, b"\"\xff\xe4\xbf\xa1\x1b\\", &['"', '\\']);
        assert_eq!(out, "\\\"\\255信\\027\\\\");
    }
}
