//! What is meant by words that stand near each other, whatever their order.
//!
//! A wording is recognised where somebody wrote it down; what is said in wordings are a few dozen things: a recipient, that
//! something is full, that it is refused. Each of these is a [term](crate::knowledge::SmtpTerm) with the words for it in every
//! language, and an entry says which terms together mean a cause: `recipient full`, `sender domain unknown`.
//!
//! | of several that fit | counts |
//! |---|---|
//! | one of two terms and more | before one of a single term |
//! | of two sentences | the first |
//! | in a sentence | the one with most terms, then the first in the file; `!` in front counts as two terms more |
//!
//! A sentence that only supposes something (`perhaps`) says nothing. What stands in names, such as web addresses, is no word.

use std::{collections::BTreeMap, ops::Range};

use super::{
    Index, Pattern,
    token::{self, TokenKind},
};
use crate::{
    knowledge::{CodeKind, SmtpCodes},
    steps,
};

/// Octets within which the terms of an entry stand.
const NEAR: usize = 120;
/// Words that are looked at in one statement; more are no reply.
const MOST_WORDS: usize = 4_000;
/// What terms weigh more that mean one thing, whatever else is said: `greylisted`, `dmarc fail`.
const SURE: u32 = 2;
/// The term of a sentence that only supposes.
const PERHAPS: &str = "perhaps";
/// The term of what IP addresses stand for.
const ADDRESS: &str = "ipaddress";
/// The same of mail addresses.
const MAIL: &str = "mailaddress";
/// The same of names of hosts.
const HOST: &str = "hostname";
/// The term of programs that hand mail to their own server; it counts wherever it stands in the whole text.
const PROGRAM: &str = "program";
/// The term of the sender.
const SENDER: &str = "sender";
/// The term of what only says when something was said, such as `in reply to RCPT TO command`: no word in it counts.
const CONTEXT: &str = "context";

/// A set of terms, a bit for each.
type TermSet = u128;

/// All terms and what they mean together, to be found at once.
pub(super) struct Terms {
    index: Index,
    /// The bit of the term of each pattern.
    bits: Vec<TermSet>,
    perhaps: TermSet,
    address: TermSet,
    mail: TermSet,
    host: TermSet,
    program: TermSet,
    context: TermSet,
    sender: TermSet,
    meanings: Vec<Meaning>,
}

/// Terms that mean something together.
struct Meaning {
    entry: usize,
    kind: CodeKind,
    all: TermSet,
    none: TermSet,
    /// How many terms it has, more if they leave no doubt.
    weight: u32,
}

/// What was found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meant {
    /// The entry, its position in the file.
    pub entry: usize,
    /// Where the first and the last of its words stand.
    pub span: Range<usize>,
    /// The weight of what the terms mean.
    pub weight: u32,
}

/// What is looked for.
pub(super) struct Wanted<'a> {
    /// Entries of this kind.
    pub kind: CodeKind,
    /// Which of them can be meant.
    pub may_be: &'a dyn Fn(usize) -> bool,
    /// Whether a program shows it that hands mail to its own server, see [`Terms::outline`].
    pub is_of_program: bool,
    /// Whether the sender was refused, as the layout says: then the sender is meant, whether or not a word names them.
    pub is_sender: bool,
    /// Whether only what leaves no doubt counts.
    pub only_sure: bool,
}

/// A word that stands for a term.
struct Word {
    bit: TermSet,
    span: Range<usize>,
}

impl Terms {
    /// The terms of the data files; those beyond the number that a set holds are left out.
    pub fn new(codes: &SmtpCodes) -> Self {
        let mut known: BTreeMap<&str, TermSet> = BTreeMap::new();
        let mut words: Vec<(TermSet, &String)> = Vec::new();
        for term in &codes.terms {
            let next = TermSet::from(1_u8).checked_shl(u32::try_from(known.len()).unwrap_or(u32::MAX));
            let bit = *known.entry(&term.term).or_insert(next.unwrap_or(0));
            words.extend(term.words.iter().map(|word| (bit, word)));
        }
        let mut meanings = Vec::new();
        for (entry, code) in codes.codes.iter().enumerate() {
            for alternative in &code.terms {
                let of = |name: &str| known.get(name).copied().unwrap_or(0);
                let (mut all, mut none) = (0, 0);
                let (sure, names) = match alternative.strip_prefix('!') {
                    Some(names) => (SURE, names),
                    None => (0, alternative.as_str()),
                };
                for name in names.split(' ') {
                    match name.strip_prefix('-') {
                        Some(name) => none |= of(name),
                        None => all |= of(name),
                    }
                }
                if all != 0 {
                    let weight = all.count_ones() + sure;
                    meanings.push(Meaning { entry, kind: code.kind, all, none, weight });
                }
            }
        }
        let index = Index::new(words.iter().map(|(_, word)| Pattern::parse(&begins(word))));
        let of = |name: &str| known.get(name).copied().unwrap_or(0);
        Self {
            index,
            perhaps: of(PERHAPS),
            address: of(ADDRESS),
            mail: of(MAIL),
            host: of(HOST),
            program: of(PROGRAM),
            context: of(CONTEXT),
            sender: of(SENDER),
            bits: words.iter().map(|(bit, _)| *bit).collect(),
            meanings,
        }
    }

    /// Whether a text is what a program shows that hands mail to its own server, and how many words it has beside those that
    /// only say when something was said.
    pub fn outline(&self, text: &str) -> (bool, usize) {
        let hits = self.index.find_all(text);
        let is_of_program = hits.iter().any(|hit| self.bits[hit.pattern] & self.program != 0);
        let (mut count, mut end) = (0, 0);
        for hit in hits.iter().filter(|hit| self.bits[hit.pattern] & self.context != 0) {
            count += count_words(text.get(end..hit.start).unwrap_or_default());
            end = end.max(hit.end);
        }
        (is_of_program, count + count_words(text.get(end..).unwrap_or_default()))
    }

    /// What the terms of a text say, as patterns see it; of the entries of a kind, as far as they are wanted.
    pub fn meant(&self, text: &str, wanted: &Wanted<'_>) -> Option<Meant> {
        let mut best: Option<Meant> = None;
        for found in self.each_meant(text, wanted) {
            if best.as_ref().is_none_or(|best| best.weight < 2 && found.weight > 1) {
                best = Some(found);
            }
        }
        best
    }

    /// The same of each sentence.
    pub fn each_meant(&self, text: &str, wanted: &Wanted<'_>) -> Vec<Meant> {
        let words = self.words(text);
        sentences(text, &words).filter_map(|sentence| self.in_sentence(sentence, wanted)).collect()
    }

    fn words(&self, text: &str) -> Vec<Word> {
        let mut names = token::names(text).peekable();
        let mut words = Vec::new();
        let hits = self.index.find_all(text);
        let mut context = hits.iter().filter(|hit| self.bits[hit.pattern] & self.context != 0).peekable();
        let mut context_ends = 0;
        for hit in hits.iter().take(MOST_WORDS) {
            while let Some(next) = context.next_if(|next| next.start <= hit.start) {
                context_ends = context_ends.max(next.end);
            }
            if hit.start < context_ends {
                continue;
            }
            while let Some((span, kind)) = names.next_if(|(name, _)| name.end <= hit.start) {
                words.extend(self.name(span, kind));
            }
            let is_in =
                |(name, _): &(Range<usize>, TokenKind)| name.start <= hit.start && hit.end <= name.end;
            if !names.peek().is_some_and(is_in) {
                words.push(Word { bit: self.bits[hit.pattern], span: hit.start..hit.end });
            }
        }
        let rest = names.filter_map(|(span, kind)| self.name(span, kind));
        words.extend(rest.take(MOST_WORDS));
        words
    }

    /// What a name stands for.
    fn name(&self, span: Range<usize>, kind: TokenKind) -> Option<Word> {
        let bit = match kind {
            TokenKind::Ip(_) => self.address,
            TokenKind::Mail => self.mail,
            TokenKind::Host => self.host,
            TokenKind::Word => 0,
        };
        (bit != 0).then_some(Word { bit, span })
    }

    fn in_sentence(&self, words: &[Word], wanted: &Wanted<'_>) -> Option<Meant> {
        let program = if wanted.is_of_program { self.program } else { 0 };
        let given = program | if wanted.is_sender { self.sender } else { 0 };
        let said = words.iter().fold(given, |all, word| all | word.bit);
        if said & self.perhaps != 0 {
            return None;
        }
        let mut best: Option<(Meant, usize)> = None;
        let mut last = 0;
        for (at, first) in words.iter().enumerate() {
            let near = words[at..].iter().take_while(|word| word.span.end <= first.span.start + NEAR);
            let together = near.clone().fold(given, |all, word| all | word.bit);
            // What stood together with the word before says nothing new.
            if together & !last == 0 {
                continue;
            }
            last = together;
            steps::took(self.meanings.len());
            for (order, meaning) in self.meanings.iter().enumerate() {
                let fits = meaning.kind == wanted.kind
                    && (!wanted.only_sure || meaning.weight > meaning.all.count_ones())
                    && meaning.all & !together == 0
                    && meaning.none & said == 0
                    && (wanted.may_be)(meaning.entry);
                let rank = (meaning.weight, usize::MAX - order);
                if fits
                    && best.as_ref().is_none_or(|(best, before)| (best.weight, usize::MAX - before) < rank)
                {
                    let mut own = near.clone().filter(|word| word.bit & meaning.all != 0);
                    let start = own.next().map_or(first.span.start, |word| word.span.start);
                    let end = own.map(|word| word.span.end).max().unwrap_or(first.span.end);
                    best = Some((Meant { entry: meaning.entry, span: start..end, weight: rank.0 }, order));
                }
            }
        }
        best.map(|(meant, _)| meant)
    }
}

/// How many words a text has beside codes, addresses and names of hosts. Chinese, Japanese and Korean words have two
/// characters, and no blank between them.
fn count_words(text: &str) -> usize {
    let is_word = |word: &&str| {
        word.len() > 1 && word.chars().all(|c| c.is_alphabetic() || "'-,;:!。，；：！".contains(c))
    };
    let words = text.split([' ', '(', ')', '"']).map(|word| word.trim_end_matches('.'));
    words.filter(is_word).map(|word| 1 + word.chars().filter(|&c| c >= '\u{3000}').count() / 2).sum()
}

/// The words of each sentence.
fn sentences<'a>(text: &'a str, mut words: &'a [Word]) -> impl Iterator<Item = &'a [Word]> {
    std::iter::from_fn(move || {
        let first = words.first()?;
        let mut end = first.span.end;
        let mut count = 1;
        for word in &words[1..] {
            let between = text.get(end..word.span.start).unwrap_or_default();
            steps::took(between.len());
            if ends_sentence(between) {
                break;
            }
            end = end.max(word.span.end);
            count += 1;
        }
        let (sentence, rest) = words.split_at(count);
        words = rest;
        Some(sentence)
    })
}

/// Whether a sentence ends in what stands between two words. A full stop without a blank is part of a number or a name.
fn ends_sentence(between: &str) -> bool {
    between.contains(['!', '?', ';', '。', '！', '？', '；']) || between.contains(". ")
}

/// The pattern for a word or what it begins with.
fn begins(word: &str) -> String {
    let is_letter = word.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    format!("{}{word}", if is_letter { "<" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{SmtpCode, SmtpTerm};

    fn terms() -> Terms {
        let term = |term: &str, words: &[&str]| SmtpTerm {
            term: term.to_owned(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
        };
        let code = |id: &str, terms: &[&str]| SmtpCode {
            id: id.to_owned(),
            kind: CodeKind::Terms,
            terms: terms.iter().map(|terms| (*terms).to_owned()).collect(),
            ..SmtpCode::default()
        };
        Terms::new(&SmtpCodes {
            terms: vec![
                term("recipient", &["mailbox", "user"]),
                term("recipient", &["信箱"]),
                term("full", &["full>", "已滿"]),
                term("unknown", &["unknown", "not found"]),
                term("sender", &["sender"]),
                term("spam", &["spam"]),
                term("perhaps", &["may be"]),
            ],
            codes: vec![
                code("spam", &["spam"]),
                code("full", &["recipient full"]),
                code("unknown", &["recipient unknown -sender"]),
                code("sender", &["sender unknown", "sender recipient unknown"]),
            ],
            ..SmtpCodes::default()
        })
    }

    fn meant(text: &str) -> Option<(usize, &str)> {
        let wanted = Wanted {
            kind: CodeKind::Terms,
            may_be: &|_| true,
            is_of_program: false,
            is_sender: false,
            only_sure: false,
        };
        let found = terms().meant(text, &wanted)?;
        Some((found.entry, text.get(found.span).unwrap_or_default()))
    }

    #[test]
    fn words_say_the_same_in_any_order_and_language() {
        assert_eq!(meant("the mailbox is full"), Some((1, "mailbox is full")));
        assert_eq!(meant("full: mailbox of bob"), Some((1, "full: mailbox")));
        assert_eq!(meant("信箱已滿"), Some((1, "信箱已滿")));
        assert_eq!(meant("mailbox fully operational"), None);
        assert_eq!(meant("the user was not found"), Some((2, "user was not found")));
        assert_eq!(meant(&format!("mailbox {} full", "x".repeat(NEAR))), None);
    }

    #[test]
    fn more_terms_count_before_fewer_and_the_first_sentence_before_the_next() {
        assert_eq!(meant("sender unknown, no such user").map(|found| found.0), Some(3));
        assert_eq!(meant("spam. user unknown").map(|found| found.0), Some(2));
        assert_eq!(meant("user unknown. mailbox full").map(|found| found.0), Some(2));
        assert_eq!(meant("mailbox full. user unknown").map(|found| found.0), Some(1));
    }

    #[test]
    fn names_and_what_is_only_supposed_say_nothing() {
        assert_eq!(meant("see https://example.org/spam?user=unknown"), None);
        assert_eq!(meant("spam@example.org was here"), None);
        assert_eq!(meant("the mailbox may be full"), None);
        assert_eq!(meant("the mailbox may be full. user unknown").map(|found| found.0), Some(2));
    }
}
