//! Cues: words that say what stands behind them, or who is speaking.
//!
//! `said:` goes before a server's own words, `client host` before the address that sent. Which words these are, in which
//! language, is data (`cues` of `www/data/smtp-*.json`); what they mean is [`CueRole`].

use std::ops::Range;

use super::{Index, Pattern};
use crate::knowledge::{CueRole, SmtpCue};

/// A cue in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cue {
    /// What it means.
    pub role: CueRole,
    /// Where it stands.
    pub span: Range<usize>,
}

/// All cues, to be found at once.
#[derive(Default)]
pub(super) struct Cues {
    index: Index,
    roles: Vec<CueRole>,
}

impl Cues {
    /// The cues of the data files.
    pub fn new(cues: &[SmtpCue]) -> Self {
        let words = || cues.iter().flat_map(|cue| cue.words.iter().map(|word| (cue.role, word)));
        let index = Index::new(words().map(|(_, word)| Pattern::parse(&bounded(word))));
        Self { index, roles: words().map(|(role, _)| role).collect() }
    }

    /// The cues in a part of a text, in order; of several at one place the longest of each meaning.
    pub fn find(&self, text: &str, part: Range<usize>) -> Vec<Cue> {
        let lower = text[part.clone()].to_ascii_lowercase();
        let mut found: Vec<Cue> = Vec::new();
        for hit in self.index.find_all(&lower) {
            let cue =
                Cue { role: self.roles[hit.pattern], span: part.start + hit.start..part.start + hit.end };
            let known = found.iter_mut().rev().take_while(|known| known.span.start == cue.span.start);
            match known.into_iter().find(|known| known.role == cue.role) {
                Some(known) => known.span.end = known.span.end.max(cue.span.end),
                None => found.push(cue),
            }
        }
        found
    }
}

/// A cue is a word of its own: `to` is none in `photo`.
fn bounded(word: &str) -> String {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let (start, end) = (is_word(word.chars().next()), is_word(word.chars().next_back()));
    format!("{}{word}{}", if start { "<" } else { "" }, if end { ">" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_are_found_as_words_the_longest_first() {
        let cue = |role, words: &[&str]| SmtpCue {
            role,
            words: words.iter().map(|word| (*word).to_owned()).collect(),
        };
        let cues =
            Cues::new(&[cue(CueRole::Reply, &["said:"]), cue(CueRole::Sender, &["from", "from address"])]);
        let text = "x: A From Address, fromage, host said: no";
        let found: Vec<(CueRole, &str)> =
            cues.find(text, 3..text.len()).into_iter().map(|cue| (cue.role, &text[cue.span])).collect();
        assert_eq!(found, [(CueRole::Sender, "From Address"), (CueRole::Reply, "said:")]);
    }
}
