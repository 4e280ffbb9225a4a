//! Transfer encodings (RFC 2045 section 6).

use crate::{percent::hex_digit, steps};

/// Undoes quoted-printable (RFC 2045 section 6.7). What is no code stays as it stands; a soft line break is one also
/// with blanks behind it.
#[must_use]
pub fn quoted_printable(octets: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(octets.len());
    steps::took(octets.len());
    let mut rest = octets;
    while let Some((&octet, tail)) = rest.split_first() {
        rest = tail;
        if octet != b'=' {
            out.push(octet);
            continue;
        }
        if let (Some(high), Some(low)) = (hex_digit(tail.first()), hex_digit(tail.get(1))) {
            out.push(high << 4 | low);
            rest = &tail[2..];
            continue;
        }
        match soft_break(tail) {
            Some(after) => rest = after,
            None => out.push(b'='),
        }
    }
    out
}

/// The rest after a soft line break, whose `=` is gone already.
fn soft_break(tail: &[u8]) -> Option<&[u8]> {
    // Blanks that a relay added; a line is at most 998 octets long.
    let blanks = tail.iter().take(998).take_while(|b| matches!(b, b' ' | b'\t')).count();
    steps::took(blanks);
    match &tail[blanks..] {
        [b'\r', b'\n', after @ ..] | [b'\n' | b'\r', after @ ..] => Some(after),
        [] => Some(&[]),
        _ => None,
    }
}

/// Whether a text that names no encoding is quoted-printable all the same: pasted from the source of a message.
#[must_use]
pub fn looks_quoted_printable(text: &str) -> bool {
    let octets = text.as_bytes();
    steps::took(octets.len());
    let (mut soft, mut codes) = (0, 0);
    for at in octets.iter().enumerate().filter(|(_, octet)| **octet == b'=').map(|(at, _)| at) {
        match octets.get(at + 1..) {
            Some([b'\n', ..] | [b'\r', b'\n', ..]) => soft += 1,
            Some(
                [b'3', b'D', ..]
                | [b'2', b'0', b'\r' | b'\n', ..]
                | [b'E' | b'C', b'0'..=b'9' | b'A'..=b'F', b'=', ..],
            ) => {
                codes += 1;
            }
            _ => {}
        }
    }
    soft + codes >= 2
}

/// Undoes base64 (RFC 2045 section 6.8); characters that do not belong to it are skipped, `=` ends a group.
#[must_use]
pub fn base64(octets: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(octets.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    steps::took(octets.len());
    for &octet in octets {
        let value = match octet {
            b'A'..=b'Z' => octet - b'A',
            b'a'..=b'z' => octet - b'a' + 26,
            b'0'..=b'9' => octet - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                (bits, count) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 1;
        match count {
            2 => out.push((bits >> 4) as u8),
            3 => out.push((bits >> 2) as u8),
            4 => {
                out.push(bits as u8);
                (bits, count) = (0, 0);
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn qp(text: &str) -> String {
        String::from_utf8(quoted_printable(text.as_bytes())).unwrap()
    }

    #[test]
    fn quoted_printable_is_undone() {
        assert_eq!(qp("caf=C3=A9 =3D =c3=a9"), "café = é");
        assert_eq!(qp("one=\r\ntwo= \t\nthree="), "onetwothree");
        assert_eq!(qp("1+1=2, =ZZ, ="), "1+1=2, =ZZ, ");
    }

    #[test]
    fn quoted_printable_is_noticed() {
        assert!(looks_quoted_printable("a long li=\nne, p=3Dreject"));
        assert!(!looks_quoted_printable("v=spf1 a=b c==\n"));
    }

    #[test]
    fn base64_is_undone() {
        assert_eq!(base64(b"aGVsbG8="), b"hello");
        assert_eq!(base64(b"aGVs\r\n bG8"), b"hello", "cut short and folded");
        assert_eq!(base64(b"aA==aGk="), b"hhi", "two in a row");
        assert_eq!(base64(b"!"), b"");
    }
}
