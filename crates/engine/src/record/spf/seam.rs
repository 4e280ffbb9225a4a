//! Where two strings of a record run into each other: they are joined without a blank (RFC 7208 section 3.3).

use crate::dns::Txt;

/// The octet at which the first such place is: a string ends without a blank, and the next begins with a term of its own.
#[must_use]
pub fn missing_blank(txt: &Txt) -> Option<usize> {
    let mut at = 0;
    let mut before: &[u8] = &[];
    for string in txt.strings() {
        if ends_a_term(before) && begins_a_term(string) && std::str::from_utf8(txt.octets()).is_ok() {
            return Some(at);
        }
        at += string.len();
        before = string;
    }
    None
}

/// The text with a blank at each such place.
#[must_use]
pub fn with_blanks(txt: &Txt) -> String {
    let mut text = String::new();
    let mut before: &[u8] = &[];
    for string in txt.strings() {
        if ends_a_term(before) && begins_a_term(string) {
            text.push(' ');
        }
        text.push_str(&String::from_utf8_lossy(string));
        before = string;
    }
    text
}

/// Whether a string ends with a whole term: neither with a blank nor with a qualifier that waits for its mechanism.
fn ends_a_term(string: &[u8]) -> bool {
    let word = string.rsplit(|&octet| octet == b' ').next().unwrap_or_default();
    !matches!(word, [] | [b'+' | b'-' | b'~' | b'?'])
}

/// Whether a string begins with something that only ever stands at the beginning of a term.
fn begins_a_term(string: &[u8]) -> bool {
    let lower = string.to_ascii_lowercase();
    let body = lower.strip_prefix(b"+").or(lower.strip_prefix(b"~")).or(lower.strip_prefix(b"?"));
    let body = body.or(lower.strip_prefix(b"-")).unwrap_or(&lower);
    let starts = [&b"include:"[..], b"ip4:", b"ip6:", b"exists:", b"redirect="];
    starts.iter().any(|start| body.starts_with(start))
        || (body.len() < lower.len() && body.trim_ascii() == b"all")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seam(strings: &[&str]) -> (Option<usize>, String) {
        let txt = Txt::new(strings.iter().map(|string| string.as_bytes()));
        (missing_blank(&txt), with_blanks(&txt))
    }

    #[test]
    fn strings_that_run_into_each_other_are_found() {
        for (strings, at, text) in [
            (&["v=spf1 mx", "include:a.example -all"][..], Some(9), "v=spf1 mx include:a.example -all"),
            (&["v=spf1 mx", "~all"], Some(9), "v=spf1 mx ~all"),
            (&["v=spf1 mx ", "include:a.example -all"], None, "v=spf1 mx include:a.example -all"),
            (&["v=spf1 a:mail.exam", "ple.org -", "all"], None, "v=spf1 a:mail.example.org -all"),
        ] {
            assert_eq!(seam(strings), (at, text.to_owned()), "{strings:?}");
        }
    }
}
