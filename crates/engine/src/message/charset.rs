//! From octets to characters.

use crate::steps;

/// Decodes octets in a charset given by its label, as the browser's `TextDecoder` or the crate `encoding_rs` do
/// (WHATWG Encoding Standard); `None` where the label is not known. Octets that mean nothing become U+FFFD.
pub type Decode<'a> = &'a dyn Fn(&str, &[u8]) -> Option<String>;

/// Decodes what this crate can without help: UTF-8, and ISO-8859-1 as ASCII with its upper half.
///
/// For callers without a decoder.
#[must_use]
pub fn plain(label: &str, octets: &[u8]) -> Option<String> {
    match label.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" | "us-ascii" | "ascii" => Some(String::from_utf8_lossy(octets).into_owned()),
        "iso-8859-1" | "latin1" | "windows-1252" => Some(octets.iter().map(|&b| char::from(b)).collect()),
        _ => None,
    }
}

/// The octets as text. The label is what the message says of them, and is not believed where the octets say otherwise:
/// pasted text has been through a clipboard, which makes UTF-8 of everything, and many programs name no charset, or
/// always the same.
#[must_use]
pub fn text(octets: &[u8], label: Option<&str>, decode: Decode<'_>) -> String {
    let octets = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
    steps::took(octets.len());
    if !octets.is_ascii()
        && let Ok(text) = std::str::from_utf8(octets)
    {
        return text.to_owned();
    }
    if let Some(wide) = wide(octets, decode) {
        return wide;
    }
    if is_damaged_utf8(octets) {
        return String::from_utf8_lossy(octets).into_owned();
    }
    let label = label.map(|label| label.trim().trim_matches('"')).filter(|label| !label.is_empty());
    // What names no charset and escapes is Japanese (RFC 1468).
    let escapes = octets.contains(&0x1b) && octets.windows(2).any(|pair| pair == b"\x1b$");
    let label = match label {
        Some(label) if is_ascii_label(label) && escapes => "iso-2022-jp",
        Some(label) if is_ascii_label(label) && !octets.is_ascii() => unnamed(octets),
        Some(label) => label,
        None if escapes => "iso-2022-jp",
        None => unnamed(octets),
    };
    if octets.is_ascii() && !escapes && !is_seven_bit(label) {
        return String::from_utf8_lossy(octets).into_owned();
    }
    decode(label, octets)
        .or_else(|| plain(label, octets))
        .unwrap_or_else(|| String::from_utf8_lossy(octets).into_owned())
}

/// Whether it is UTF-8 that was cut in the middle of a character, or has a spoilt one here and there.
fn is_damaged_utf8(octets: &[u8]) -> bool {
    let (mut good, mut bad, mut last) = (0usize, 0usize, 0usize);
    for chunk in octets.utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| !b.is_ascii()).count();
        bad += chunk.invalid().len();
        last = chunk.invalid().len();
    }
    bad > 0 && (good > 9 * bad || bad == last && (good > 0 || last > 1))
}

/// The charset of octets that name none: Chinese, where they come in pairs that stand side by side, and else what most
/// of the West wrote.
fn unnamed(octets: &[u8]) -> &'static str {
    const WEST: &str = "windows-1252";
    let (mut pairs, mut beside, mut low) = (0usize, 0usize, 0usize);
    let mut rest = octets;
    let mut was_pair = false;
    while let [first, tail @ ..] = rest {
        match (first, tail) {
            (0..=0x7f, _) => (rest, was_pair) = (tail, false),
            (0xa1..=0xf9, [second @ (0x40..=0x7e | 0xa1..=0xfe), tail @ ..]) => {
                pairs += 1;
                beside += usize::from(was_pair);
                low += usize::from(*second < 0x80);
                (rest, was_pair) = (tail, true);
            }
            // Cut in the middle.
            (0xa1..=0xf9, []) => rest = tail,
            _ => return WEST,
        }
    }
    // Two letters of the West that stand side by side are rare, and rarely even in number.
    match pairs >= 4 && beside * 2 >= pairs {
        true if low * 10 >= pairs => "big5",
        true => "gb18030",
        false => WEST,
    }
}

fn is_ascii_label(label: &str) -> bool {
    ["us-ascii", "ascii", "utf-8", "utf8", "unknown-8bit", "x-unknown"]
        .iter()
        .any(|known| label.eq_ignore_ascii_case(known))
}

/// Charsets whose octets look like ASCII and are not.
fn is_seven_bit(label: &str) -> bool {
    let label = label.to_ascii_lowercase();
    label.starts_with("iso-2022") || label.starts_with("utf-7") || label.starts_with("hz")
}

/// Text in UTF-16, as some programs save files.
fn wide(octets: &[u8], decode: Decode<'_>) -> Option<String> {
    let label = match octets {
        [0xff, 0xfe, ..] => "utf-16le",
        [0xfe, 0xff, ..] => "utf-16be",
        _ => return None,
    };
    decode(label, octets.get(2..)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Knows two charsets of two octets a character.
    fn decoder(label: &str, octets: &[u8]) -> Option<String> {
        let sign = match label {
            "big5" => "漢",
            "gb18030" => "汉",
            _ => return None,
        };
        Some(sign.repeat(octets.len() / 2))
    }

    #[test]
    fn damaged_utf8_stays_utf8() {
        let whole = "退信原因：信箱已滿";
        let read = |octets: &[u8]| text(octets, None, &plain);
        for cut in 1..=2 {
            let cut = read(&whole.as_bytes()[..whole.len() - cut]);
            assert_eq!(cut.trim_end_matches('\u{fffd}'), "退信原因：信箱已", "{cut}");
        }
        let mut spoilt = format!("{whole}{whole}").into_bytes();
        spoilt[4] = b'?';
        assert!(read(&spoilt).ends_with(whole), "{}", read(&spoilt));
        assert_eq!(read(b"caf\xe9"), "café");
        assert_eq!(read(b"\xe9t\xe9, d\xe9j\xe0 vu"), "été, déjà vu");
    }

    #[test]
    fn chinese_without_a_name_of_its_charset() {
        // 信箱已滿 and 郵件, in Big5; 邮箱已满 in GB 18030.
        let big5 = b"550 \xab\x48\xbd\x63\xa4\x77\xba\xa1 \xb6\x6c\xa5\xf3";
        assert_eq!(text(big5, None, &decoder).chars().next(), Some('漢'));
        assert_eq!(text(big5, Some("us-ascii"), &decoder).chars().next(), Some('漢'));
        let gb = b"\xd3\xca\xcf\xe4\xd2\xd1\xc2\xfa";
        assert_eq!(text(gb, None, &decoder).chars().next(), Some('汉'));
        for west in
            [&b"M\xfcnchen, K\xf6ln, Stra\xdfe, \xc4rger"[..], b"\xc0 bient\xf4t, \xe9t\xe9, cr\xe9\xe9e"]
        {
            assert_eq!(unnamed(west), "windows-1252");
        }
    }

    #[test]
    fn the_label_decides_and_the_octets_over_it() {
        let read = |octets: &[u8], label| text(octets, label, &decoder);
        assert_eq!(read(b"\xba\x7e\xba\x7e", Some("big5")), "漢漢");
        assert_eq!(read("漢".as_bytes(), Some("big5")), "漢", "been through a clipboard");
        assert_eq!(read(b"plain", Some("big5")), "plain");
        assert_eq!(read(b"caf\xe9", Some("iso-8859-1")), "café");
        assert_eq!(read(b"caf\xe9", Some("utf-8")), "café", "a label that is wrong");
        assert_eq!(read(b"caf\xe9", None), "café");
        assert_eq!(read(b"caf\xe9", Some("x-klingon")), "caf\u{fffd}", "nothing is lost");
        assert_eq!(read(b"\xef\xbb\xbfa", None), "a");
    }
}
