//! Messages that Outlook saves (`.msg`): compound files of Microsoft's ([MS-OXMSG]), whose words are UTF-16.

use crate::steps;

/// How a compound file begins ([MS-CFB] section 2.2).
const MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// Characters that make a text; shorter ones are chance.
const SHORTEST: usize = 6;
/// So long a text of other letters than ASCII is no chance.
const LONG: usize = 16;

/// Whether the octets are such a file.
#[must_use]
pub fn is_compound(octets: &[u8]) -> bool {
    octets.starts_with(&MAGIC)
}

/// The words in a compound file, none if the octets are none. The file is not taken apart: its texts lie in it as they
/// are, and what is read is searched for errors and not shown as a message.
#[must_use]
pub fn words(octets: &[u8]) -> Option<String> {
    let rest = octets.strip_prefix(&MAGIC)?;
    steps::took(rest.len());
    let mut out = String::new();
    let mut run = String::new();
    let end = |run: &mut String, out: &mut String| {
        let ascii = run.chars().filter(char::is_ascii).count();
        let length = run.chars().count();
        if length >= SHORTEST && (ascii * 2 >= length || length >= LONG) {
            out.push_str(run.trim_end());
            out.push('\n');
        }
        run.clear();
    };
    // Every text begins at an even place.
    for pair in rest.chunks_exact(2) {
        let unit = u16::from_le_bytes([pair[0], pair[1]]);
        match char::from_u32(u32::from(unit)).filter(|&c| is_written(c)) {
            Some(c) => run.push(c),
            None => end(&mut run, &mut out),
        }
    }
    end(&mut run, &mut out);
    Some(out)
}

/// Characters of errors in the languages of this page and its neighbours.
fn is_written(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a0}'..='\u{24f}' | '\u{370}'..='\u{52f}' | '\u{2010}'..='\u{2026}'
        | '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff5e}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_saved_message_are_found() {
        let mut octets = MAGIC.to_vec();
        let mut text = |text: &str| {
            octets.extend([0xff, 0xff, 0, 0, 3, 0]);
            octets.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        };
        text("550 5.1.1 bob@shop.example: 收件者不存在\r\n");
        text("chip");
        assert_eq!(words(&octets).as_deref(), Some("550 5.1.1 bob@shop.example: 收件者不存在\n"));
        assert_eq!(words(b"550 5.1.1 no"), None);
        assert_eq!(words(&MAGIC[..7]), None);
    }
}
