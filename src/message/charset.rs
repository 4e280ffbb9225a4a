//! From octets to characters.

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
    if !octets.is_ascii()
        && let Ok(text) = std::str::from_utf8(octets)
    {
        return text.to_owned();
    }
    if let Some(wide) = wide(octets, decode) {
        return wide;
    }
    let label = label.map(|label| label.trim().trim_matches('"')).filter(|label| !label.is_empty());
    // What names no charset and escapes is Japanese (RFC 1468).
    let escapes = octets.contains(&0x1b) && octets.windows(2).any(|pair| pair == b"\x1b$");
    let label = match label {
        Some(label) if is_ascii_label(label) && escapes => "iso-2022-jp",
        Some(label) if is_ascii_label(label) && !octets.is_ascii() => "windows-1252",
        Some(label) => label,
        None if escapes => "iso-2022-jp",
        None => "windows-1252",
    };
    if octets.is_ascii() && !escapes && !is_seven_bit(label) {
        return String::from_utf8_lossy(octets).into_owned();
    }
    decode(label, octets)
        .or_else(|| plain(label, octets))
        .unwrap_or_else(|| String::from_utf8_lossy(octets).into_owned())
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

    /// Knows one charset of two octets a character.
    fn decoder(label: &str, octets: &[u8]) -> Option<String> {
        (label == "big5").then(|| "漢".repeat(octets.len() / 2))
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
