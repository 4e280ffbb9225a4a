//! Which files of wordings a text needs: those of the scripts and languages that it shows.
//!
//! Every text needs `smtp-codes.json` and `smtp-words.json`, which hold what servers say, in English. What programs and
//! providers say in other languages lies in one file for each script, so that nobody fetches what cannot occur.

use super::{Pasted, cue::Cues};
use crate::{
    knowledge::files::{
        SMTP_WORDS_CYRILLIC, SMTP_WORDS_HAN, SMTP_WORDS_HANGUL, SMTP_WORDS_KANA, SMTP_WORDS_LATIN,
        SMTP_WORDS_OTHER,
    },
    message::Decode,
    steps,
};

/// Words that are frequent in languages of Latin script other than English, and hardly occur in it.
const FOREIGN: &str = "auf aan adres adresse al bericht bir compte con correo dans das del della den der des die een \
    ein eine el est heeft het hat ihre il incorrect ist jest kann konnte le les los mensagem mensaje \
    mesaj messaggio mot nachricht nicht nadawcy nie niet non odbiorcy omdat para pas passe per por pour que salida \
    servidor su und uma una une utilisateur van vol voor votre wurde zuviele";

/// In a text of no more words than this one of them tells.
const FEW_WORDS: usize = 25;

/// The places of the files of wordings that a pasted text needs beside those that every text needs.
#[must_use]
pub fn wordings(octets: &[u8], decode: Decode<'_>) -> Vec<&'static str> {
    let (octets, _) = super::reader::taken(octets);
    of_text(&Pasted::read(&octets, decode, &Cues::default()).text)
}

fn of_text(text: &str) -> Vec<&'static str> {
    let mut files: Vec<&'static str> = Vec::new();
    steps::took(text.len());
    for file in text.chars().filter_map(file_of) {
        if !files.contains(&file) {
            files.push(file);
        }
    }
    // Japanese is written with ideographs too.
    if files.contains(&SMTP_WORDS_KANA) && !files.contains(&SMTP_WORDS_HAN) {
        files.push(SMTP_WORDS_HAN);
    }
    if !files.contains(&SMTP_WORDS_LATIN) && is_foreign(text) {
        files.push(SMTP_WORDS_LATIN);
    }
    files.sort_unstable();
    files
}

/// The file for texts in which a character stands; none for those of English.
fn file_of(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => SMTP_WORDS_LATIN,
        '\u{400}'..='\u{52f}' => SMTP_WORDS_CYRILLIC,
        '\u{3040}'..='\u{30ff}' => SMTP_WORDS_KANA,
        '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7a3}' => SMTP_WORDS_HANGUL,
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => SMTP_WORDS_HAN,
        '\u{370}'..='\u{3ff}' | '\u{590}'..='\u{10ff}' => SMTP_WORDS_OTHER,
        _ => return None,
    })
}

/// Whether a text has words of another language than English: two of them, or one in every few words.
fn is_foreign(text: &str) -> bool {
    let mut found: Vec<&str> = Vec::new();
    let mut all = 0_usize;
    for word in text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 1) {
        all += 1;
        let known = FOREIGN.split(' ').find(|known| word.eq_ignore_ascii_case(known));
        if let Some(known) = known.filter(|known| !found.contains(known)) {
            found.push(known);
        }
        if found.len() > 1 {
            return true;
        }
    }
    !found.is_empty() && all <= FEW_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_needs_the_wordings_of_its_script() {
        let needs = |text: &str| of_text(text);
        assert!(needs("550 5.1.1 User unknown, see http://help.example").is_empty());
        assert_eq!(needs("Ihre Nachricht wurde nicht zugestellt"), [SMTP_WORDS_LATIN]);
        assert_eq!(needs("La boîte est pleine"), [SMTP_WORDS_LATIN]);
        assert_eq!(needs("550 信箱已滿"), [SMTP_WORDS_HAN]);
        assert_eq!(needs("アドレス不明"), [SMTP_WORDS_HAN, SMTP_WORDS_KANA]);
        assert_eq!(needs("아이디 없음"), [SMTP_WORDS_HANGUL]);
        assert_eq!(needs("ящик переполнен"), [SMTP_WORDS_CYRILLIC]);
        assert_eq!(needs("لم يتم العثور على العنوان"), [SMTP_WORDS_OTHER]);
    }
}
