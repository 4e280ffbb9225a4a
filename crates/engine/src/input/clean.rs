//! What keyboards, word processors and mail programs put between and around the characters that are meant.

use crate::{steps, visible::is_invisible};

/// The text with every look-alike made plain: full-width characters and ideographic stops become ASCII, blanks of
/// every width one blank, line ends `\n`; what cannot be seen is gone.
///
/// The joiners U+200C and U+200D stay between letters that are not ASCII, where they can be part of an
/// internationalised name (RFC 5892 appendix A).
pub(super) fn clean(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    steps::took(chars.len());
    let is_foreign = |at: Option<usize>| {
        at.and_then(|at| chars.get(at)).is_some_and(|c| !c.is_ascii() && c.is_alphanumeric() || is_mark(*c))
    };
    let mut out = String::with_capacity(text.len());
    for (at, &c) in chars.iter().enumerate() {
        match c {
            '\u{200c}' | '\u{200d}' => {
                if is_foreign(at.checked_sub(1)) && is_foreign(Some(at + 1)) {
                    out.push(c);
                }
            }
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            _ if is_invisible(c) => {}
            _ if c.is_whitespace() => out.push(' '),
            _ if c.is_control() => {}
            _ => out.push(plain(c)),
        }
    }
    out
}

/// Signs that hang on to the letter before them, as in Indic scripts: not alphanumeric, but part of a word.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{dff}') && !c.is_alphanumeric()
}

fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        '\u{3002}' | '\u{ff61}' | '\u{fe52}' => '.',
        '\u{3001}' | '\u{ff64}' | '\u{fe50}' | '\u{fe51}' => ',',
        '\u{fe6b}' => '@',
        '\u{fe55}' => ':',
        '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{fe63}' => '-',
        _ => c,
    }
}

/// The text without the quotes, brackets and punctuation around it.
pub(super) fn trim(text: &str) -> &str {
    let mut text = text.trim_matches(is_edge);
    // A single colon ends a phrase, two end an IPv6 address.
    while let Some(short) = text.strip_suffix(':').filter(|short| !short.ends_with(':')) {
        text = short.trim_matches(is_edge);
    }
    text
}

fn is_edge(c: char) -> bool {
    c.is_whitespace()
        || matches!(c,
            '"' | '\'' | '`' | '´' | '.' | ',' | ';' | '!' | '?' | '*' | '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '|'
            | '…' | '·' | '•' | '“'..='‟' | '‘'..='‛' | '«' | '»' | '‹' | '›' | '\u{3008}'..='\u{3011}'
            | '\u{3014}'..='\u{301b}' | '\u{301d}'..='\u{301f}' | '\u{ff5f}'..='\u{ff63}')
}

/// The words of a line; commas, semicolons and bars separate like blanks.
pub(super) fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|'))
        .map(trim)
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_become_plain() {
        assert_eq!(clean("ａｎｎａ＠ｅｘａｍｐｌｅ．ｏｒｇ"), "anna@example.org");
        assert_eq!(clean("example。org｡"), "example.org.");
        assert_eq!(clean("a\u{a0}b\u{3000}c\td"), "a b c d");
        assert_eq!(clean("exa\u{200b}m\u{ad}ple\u{feff}.o\u{200d}rg\u{202c}\u{0}"), "example.org");
        assert_eq!(clean("my\u{2011}shop"), "my-shop");
    }

    #[test]
    fn joiners_stay_where_they_spell_a_word() {
        assert_eq!(clean("نامه\u{200c}ای.example"), "نامه\u{200c}ای.example");
        assert_eq!(clean("ශ්\u{200d}රී.example"), "ශ්\u{200d}රී.example");
    }

    #[test]
    fn what_stands_around_is_taken_away() {
        for text in
            ["「example.org」", "“example.org”", " <example.org>, ", "(example.org).", "'example.org':"]
        {
            assert_eq!(trim(text), "example.org", "{text}");
        }
        assert_eq!(trim("2a00:1111::"), "2a00:1111::");
    }
}
