//! Patterns of the data files, and finding all of them in a text at once.
//!
//! | in a pattern | means |
//! |---|---|
//! | letters, digits, signs | themselves; the text is lower case |
//! | `?` | any one character; as one of the first two, a sign of punctuation or a blank |
//! | `#` | one digit |
//! | `*` | up to [`GAP`] octets of anything |
//! | `@` | a host name with a dot in it |
//! | `(a\|b\|)` | one of these; an empty one means that it may be missing |
//! | `<` in front, `>` at the end | no letter or digit may stand there |
//!
//! No choice is ever taken back: after a `*` the first place counts where what follows fits. So the time grows with the
//! text and not with what is in it, whoever wrote it.

use crate::steps;

/// Octets that a `*` may stand for.
pub const GAP: usize = 90;
/// How often a pattern is tried in a text, so that a text made of beginnings of patterns costs no more than another.
const TRIES: u16 = 200;
/// Buckets of the index.
const BUCKETS: usize = 1 << 12;

/// A pattern, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    tokens: Vec<Token>,
    starts_word: bool,
    ends_word: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Text(Vec<u8>),
    Char,
    Digit,
    Gap,
    Host,
    OneOf(Vec<Vec<Token>>),
}

impl Pattern {
    /// Takes a pattern apart. A pattern that could match nothing at all matches nothing.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let starts_word = text.starts_with('<');
        let ends_word = text.len() > 1 && text.ends_with('>');
        let inner = &text[usize::from(starts_word)..text.len() - usize::from(ends_word)];
        let mut tokens = Vec::new();
        let mut rest = inner;
        while let Some(at) = rest.find('(') {
            tokens.extend(simple(&rest[..at]));
            let (group, after) = rest[at + 1..].split_once(')').unwrap_or((&rest[at + 1..], ""));
            tokens.push(Token::OneOf(group.split('|').map(simple).collect()));
            rest = after;
        }
        tokens.extend(simple(rest));
        Self { tokens, starts_word, ends_word }
    }

    /// Where the pattern ends if it begins at `at`, and how much of that it gives.
    fn end(&self, text: &[u8], at: usize) -> Option<(usize, usize)> {
        if self.starts_word && at > 0 && is_word(text[at - 1]) {
            return None;
        }
        let (end, given) = run(&self.tokens, None, text, at, 0)?;
        (!self.ends_word || end >= text.len() || !is_word(text[end])).then_some((end, given))
    }

    /// The two octets with which a match can begin.
    fn starts(&self) -> Vec<[u8; 2]> {
        let mut starts = Vec::new();
        first_octets(&self.tokens, &mut Vec::new(), &mut starts);
        starts
    }
}

/// The tokens of a piece without groups.
fn simple(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for &octet in text.as_bytes() {
        match octet {
            b'?' => tokens.push(Token::Char),
            b'#' => tokens.push(Token::Digit),
            b'*' => tokens.push(Token::Gap),
            b'@' => tokens.push(Token::Host),
            _ => match tokens.last_mut() {
                Some(Token::Text(known)) => known.push(octet),
                _ => tokens.push(Token::Text(vec![octet])),
            },
        }
    }
    tokens
}

/// Characters that a token gives; a group gives those of the choice that fits.
fn weight(token: &Token) -> usize {
    match token {
        Token::Text(text) => text.len(),
        Token::Char | Token::Digit | Token::Host => 1,
        Token::Gap | Token::OneOf(_) => 0,
    }
}

/// The first two octets of everything the tokens match; nothing where they begin with something that is not given.
fn first_octets(tokens: &[Token], before: &mut Vec<u8>, out: &mut Vec<[u8; 2]>) {
    if let [a, b, ..] = before[..] {
        if !out.contains(&[a, b]) {
            out.push([a, b]);
        }
        return;
    }
    let Some((token, rest)) = tokens.split_first() else { return };
    match token {
        Token::Text(text) => {
            let length = before.len();
            before.extend(text.iter().take(2));
            first_octets(rest, before, out);
            before.truncate(length);
        }
        Token::Digit => {
            for digit in b'0'..=b'9' {
                before.push(digit);
                first_octets(rest, before, out);
                before.pop();
            }
        }
        Token::OneOf(all) => {
            for one in all {
                // Flat enough to be put in front of what follows.
                let joined: Vec<Token> = one.iter().chain(rest).cloned().collect();
                first_octets(&joined, before, out);
            }
        }
        Token::Char => {
            // Quotes and brackets, for which a pattern keeps a place free.
            for octet in *b"'\"()[]<>-. " {
                before.push(octet);
                first_octets(rest, before, out);
                before.pop();
            }
        }
        Token::Gap | Token::Host => {}
    }
}

/// What follows a group.
struct Next<'a> {
    tokens: &'a [Token],
    next: Option<&'a Next<'a>>,
}

/// Where the tokens, and then those behind them, end, and how much is given with the `given` before.
fn run(
    tokens: &[Token],
    next: Option<&Next<'_>>,
    text: &[u8],
    mut at: usize,
    mut given: usize,
) -> Option<(usize, usize)> {
    for (index, token) in tokens.iter().enumerate() {
        let rest = text.get(at..)?;
        let tail = &tokens[index + 1..];
        match token {
            Token::OneOf(all) => {
                let next = Next { tokens: tail, next };
                return all.iter().find_map(|one| run(one, Some(&next), text, at, given));
            }
            Token::Gap => {
                // Only up to the first place where the next token fits.
                let last = rest.len().min(GAP);
                let gap = (0..=last).find(|&gap| fits(tail, next, &rest[gap..]))?;
                return run(tail, next, text, at + gap, given);
            }
            one => {
                at += one_length(one, rest)?;
                given += weight(one);
            }
        }
    }
    match next {
        Some(next) => run(next.tokens, next.next, text, at, given),
        None => Some((at, given)),
    }
}

/// The length of what a token that is neither a gap nor a group matches here.
fn one_length(token: &Token, rest: &[u8]) -> Option<usize> {
    match token {
        Token::Text(wanted) => rest.starts_with(wanted).then_some(wanted.len()),
        Token::Char => Some(char_len(*rest.first()?)),
        Token::Digit => rest.first()?.is_ascii_digit().then_some(1),
        Token::Host => host(rest),
        Token::Gap | Token::OneOf(_) => None,
    }
}

/// Whether the first of the tokens fits here.
fn fits(tokens: &[Token], next: Option<&Next<'_>>, rest: &[u8]) -> bool {
    match (tokens.first(), next) {
        (None, Some(next)) => fits(next.tokens, next.next, rest),
        (None | Some(Token::Gap), _) => true,
        (Some(Token::OneOf(all)), _) => {
            let next = Next { tokens: &tokens[1..], next };
            all.iter().any(|one| fits(one, Some(&next), rest) && starts(one, rest))
        }
        (Some(one), _) => one_length(one, rest).is_some(),
    }
}

/// Whether one choice of a group fits here, up to a gap in it.
fn starts(tokens: &[Token], rest: &[u8]) -> bool {
    let fixed = tokens.iter().position(|token| *token == Token::Gap).unwrap_or(tokens.len());
    run(&tokens[..fixed], None, rest, 0, 0).is_some()
}

/// The length of a host name with a dot in it.
fn host(rest: &[u8]) -> Option<usize> {
    let length = rest
        .iter()
        .take(254)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        .count();
    let name = rest[..length].strip_suffix(b".").unwrap_or(&rest[..length]);
    let dots = name.split(|&b| b == b'.').count();
    (dots > 1 && name.split(|&b| b == b'.').all(|label| !label.is_empty())).then_some(name.len())
}

fn char_len(first: u8) -> usize {
    match first {
        0..0xc0 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    }
}

fn is_word(octet: u8) -> bool {
    octet.is_ascii_alphanumeric()
}

/// Many patterns, to be found at once.
#[derive(Clone, Debug, Default)]
pub struct Index {
    patterns: Vec<Pattern>,
    /// Patterns by the hash of the two octets they begin with: positions in `order` from one bucket to the next.
    buckets: Vec<u32>,
    order: Vec<u32>,
}

/// Where a pattern was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which pattern, in the order in which they were given.
    pub pattern: usize,
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// How many characters of what was found the pattern gives: of two patterns the one with more counts.
    pub weight: usize,
}

impl Index {
    /// An index over patterns.
    pub fn new(patterns: impl Iterator<Item = Pattern>) -> Self {
        let patterns: Vec<Pattern> = patterns.collect();
        let mut places: Vec<(usize, u32)> = Vec::new();
        for (at, pattern) in patterns.iter().enumerate() {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            places.extend(pattern.starts().into_iter().map(|start| (bucket(start), at)));
        }
        let mut buckets = vec![0u32; BUCKETS + 2];
        for &(bucket, _) in &places {
            buckets[bucket + 2] += 1;
        }
        for at in 2..buckets.len() {
            buckets[at] += buckets[at - 1];
        }
        // What was counted is where each bucket begins; after filling, where the next one does.
        let mut order = vec![0; places.len()];
        for (bucket, at) in places {
            let place = &mut buckets[bucket + 1];
            order[*place as usize] = at;
            *place += 1;
        }
        Self { patterns, buckets, order }
    }

    /// The first place of every pattern that stands in the text, in the order of the patterns. Also how much work it
    /// was: the number of places at which a pattern was tried.
    #[must_use]
    pub fn find(&self, text: &str) -> (Vec<Hit>, usize) {
        let text = text.as_bytes();
        let mut tries = vec![0u16; self.patterns.len()];
        let mut hits: Vec<Option<Hit>> = vec![None; self.patterns.len()];
        let mut work = 0;
        if self.buckets.is_empty() {
            return (Vec::new(), 0);
        }
        for at in 0..text.len().saturating_sub(1) {
            let bucket = bucket([text[at], text[at + 1]]);
            let (from, to) = (self.buckets[bucket] as usize, self.buckets[bucket + 1] as usize);
            for &index in &self.order[from..to] {
                let index = index as usize;
                if tries[index] >= TRIES {
                    continue;
                }
                // A pattern that differs in the first octets was never tried.
                if let Some(Token::Text(first)) = self.patterns[index].tokens.first()
                    && !text[at..].starts_with(first)
                {
                    continue;
                }
                work += 1;
                tries[index] += 1;
                if let Some((end, weight)) = self.patterns[index].end(text, at) {
                    tries[index] = TRIES;
                    hits[index] = Some(Hit { pattern: index, start: at, end, weight });
                }
            }
        }
        // Each try looks at what a pattern can reach.
        steps::took(text.len() + work);
        (hits.into_iter().flatten().collect(), work)
    }
}

impl Index {
    /// Every place of every pattern, in the order of the text. For patterns that are few and short: each is tried at every
    /// place where its first octets stand.
    #[must_use]
    pub fn find_all(&self, text: &str) -> Vec<Hit> {
        let text = text.as_bytes();
        let mut hits = Vec::new();
        steps::took(text.len());
        if self.buckets.is_empty() {
            return hits;
        }
        for at in 0..text.len().saturating_sub(1) {
            let bucket = bucket([text[at], text[at + 1]]);
            for &index in &self.order[self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize] {
                steps::took(1);
                if let Some((end, weight)) = self.patterns[index as usize].end(text, at) {
                    hits.push(Hit { pattern: index as usize, start: at, end, weight });
                }
            }
        }
        hits
    }
}

fn bucket([a, b]: [u8; 2]) -> usize {
    (usize::from(a) * 31 + usize::from(b) * 7) % BUCKETS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, text: &str) -> bool {
        !Index::new(std::iter::once(Pattern::parse(pattern))).find(text).0.is_empty()
    }

    #[test]
    fn every_sign() {
        assert!(found("user unknown", "550 user unknown"));
        assert!(found("didn?t pass", "it didn't pass"));
        assert!(found("(s77#|s77##)", "x s775 y"));
        assert!(found("from * is not", "mail from example.org is not accepted"));
        assert!(!found("from * is not", &format!("from {} is not", "x".repeat(GAP + 1))));
        assert!(found("over(| )quota", "mailbox over quota") && found("over(| )quota", "overquota"));
        assert!(found("(a|the) list", "the list") && !found("(a|the) list", "tho list"));
        assert!(found("<ube>", "it is ube.") && !found("<ube>", "tube") && !found("<ube>", "ubex"));
        assert!(
            found("mail (|from *)(|is )off", "mail from x is off")
                && found("mail (|from *)(|is )off", "mail off")
        );
        assert!(found("by @>", "blocked by zen.example.org.") && !found("by @>", "blocked by us"));
        assert!(found("黑名(單|单)", "被列入黑名單"));
        assert!(found("ab?c", "ab漢c"));
        assert!(found("?au01?", "error (au01) here"));
    }

    #[test]
    fn broken_patterns_match_nothing() {
        for pattern in ["", "<", ">", "*", "(", ")", "(|)", "@", "(a", "<>"] {
            let _ = found(pattern, "a b c (a");
        }
        assert!(!found("", "anything") && !found("*", "anything"));
    }

    #[test]
    fn what_was_found_weighs_and_not_what_could_have_been() {
        let index =
            Index::new(["mail (off|switched off for good)", "is off"].into_iter().map(Pattern::parse));
        let (hits, _) = index.find("mail off, is off");
        assert_eq!(hits.iter().map(|hit| hit.weight).collect::<Vec<_>>(), [8, 6]);
        let (hits, _) = index.find("mail switched off for good");
        assert_eq!(hits.iter().map(|hit| hit.weight).collect::<Vec<_>>(), [26]);
    }

    #[test]
    fn of_several_each_is_found_once_at_its_first_place() {
        let index = Index::new(["user", "spam", "none"].into_iter().map(Pattern::parse));
        let (hits, _) = index.find("spam user spam user");
        let places: Vec<(usize, usize)> = hits.iter().map(|hit| (hit.pattern, hit.start)).collect();
        assert_eq!(places, [(0, 5), (1, 0)]);
    }

    #[test]
    fn the_work_grows_with_the_text_and_not_with_what_is_in_it() {
        let index = Index::new(
            ["spf*fail", "spf (|check )(|hard )fail", "spf*x*y*z", "sp(f|fs|)*q"]
                .into_iter()
                .map(Pattern::parse),
        );
        for text in ["spf ".repeat(100_000), "spfspfspf".repeat(50_000), "s".repeat(500_000)] {
            let (_, work) = index.find(&text);
            assert!(work <= 4 * usize::from(TRIES), "{work}");
        }
    }
}
