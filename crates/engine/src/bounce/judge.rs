//! What was said, weighed: who said it before what it means.
//!
//! The replies of the server that refused are looked at first, those that a cue announced before those that only begin
//! with a code, a final refusal before a temporary one. The wrapper's words count where the reply says no more than that
//! something was refused. Class 2 is a success (RFC 5321 section 4.2.1), whatever words stand beside it.

use std::ops::Range;

use super::{
    Basis, Codes, Enhanced, Hit, Reader, Speaker,
    reader::{Part, Refusal},
    terms::{Meant, Wanted},
};
use crate::{
    checklist::ChecklistStep,
    knowledge::{CodeKind, CueRole, Severity, Side, SmtpCode},
};

/// Octets in front of a wording in which it may be called one of several possible reasons.
const PERHAPS_REACH: usize = 40;
/// The cause of what failed for a reason that nobody names.
pub(super) const FAILED: &str = "not-delivered";
/// A reply of no more words than this gives no reason in words.
pub(super) const FEW_WORDS: usize = 1;
/// A reply of more words than this gives one, in whatever words.
pub(super) const MANY_WORDS: usize = 4;
/// Octets of a reply that are quoted where its meaning cannot be told.
const MOST_QUOTED: usize = 300;
/// A command that came at the wrong time (RFC 5321 section 4.2.3).
const BAD_SEQUENCE: u16 = 503;
/// The cause of what was taken.
const ACCEPTED: &str = "accepted";

/// How much a statement tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// Nothing.
    Nothing,
    /// Words that only say that something failed.
    Failed,
    /// Words that say little.
    Hint,
    /// A code that names no reason.
    Bare,
    /// Words that name hardly one.
    Weak,
    /// An enhanced code that names one.
    Code,
    /// Words that name one.
    Words,
}

/// What a statement comes to.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub entry: Option<usize>,
    pub basis: Basis,
    pub span: Option<Range<usize>>,
    pub speaker: Option<Speaker>,
    pub codes: Option<Codes>,
    /// Where nothing tells the cause: the entry of the code, whose step is right more often than its cause.
    pub leaning: Option<usize>,
    strength: Strength,
    /// The words that told it, in the text as patterns see it.
    pub told_by: Option<Range<usize>>,
    /// Whether enough speaks for it to be named as the cause.
    is_sure: bool,
}

impl Outcome {
    const fn nothing(codes: Option<Codes>) -> Self {
        Self {
            entry: None,
            basis: Basis::Nothing,
            span: None,
            speaker: None,
            codes,
            leaning: None,
            strength: Strength::Nothing,
            told_by: None,
            is_sure: true,
        }
    }
}

/// What is known while a statement is weighed.
pub(super) struct Around<'a> {
    provider: Option<&'a str>,
    is_login: bool,
    is_of_program: bool,
    codes: Option<Codes>,
}

impl Reader {
    /// What a refusal comes to; where its cause cannot be told, at least where its code leads.
    pub(super) fn judge(&self, refusal: &Refusal, parts: &[&Part], provider: Option<usize>) -> Outcome {
        let found = self.judged(refusal, parts, provider);
        if found.entry.is_some() && found.is_sure {
            return found;
        }
        let enhanced = found.codes.as_ref().and_then(|codes| codes.enhanced);
        let by_code = || self.by_enhanced(enhanced?, Side::Either);
        let said = replies(parts).first().copied();
        Outcome {
            entry: None,
            basis: Basis::Nothing,
            leaning: found.entry.or_else(by_code),
            span: said.and_then(Part::quoted),
            speaker: said.map(|part| part.speaker),
            ..found
        }
    }

    fn judged(&self, refusal: &Refusal, parts: &[&Part], provider: Option<usize>) -> Outcome {
        let provider = provider.map(|at| self.codes.providers[at].id.as_str());
        let class = |part: &&Part| part.class();
        let mut replies = replies(parts);
        let is_refused = replies.iter().any(|part| matches!(class(part), 4 | 5))
            || refusal.codes.as_ref().is_some_and(|codes| matches!(codes.class(), 4 | 5));
        let is_taken = refusal.went_on() || !is_refused;
        let taken =
            replies.iter().find(|part| class(part) == 2).or(replies.first().filter(|_| refusal.went_on()));
        if is_taken && let Some(taken) = taken {
            return self.accepted(taken);
        }
        replies.retain(|part| class(part) != 2);
        let wrapped = parts.iter().copied().filter(|part| part.speaker == Speaker::Wrapper);
        let main = refusal.codes.clone();
        let is_of_program = parts.iter().any(|part| part.is_of_program);
        let around = |codes: Option<Codes>| Around {
            provider,
            is_login: is_login(codes.as_ref().or(main.as_ref())),
            is_of_program,
            codes,
        };
        let mut best = Outcome::nothing(main.clone());
        for part in &replies {
            let found = self.weigh(part, &around(part.codes.clone()));
            if found.strength > best.strength {
                best = found;
            }
            if best.strength == Strength::Words {
                return best;
            }
        }
        if best.strength >= Strength::Code || self.says_refused(&best) {
            return best;
        }
        // Codes that nobody said, such as the status of a report.
        let bare = if replies.is_empty() { main.clone() } else { None };
        for part in wrapped {
            let found = self.weigh(part, &around(bare.clone()));
            let codes = best.codes.clone();
            if found.strength > best.strength {
                best = Outcome { codes: found.codes.clone().or(codes), ..found };
            }
            if best.strength == Strength::Words {
                return best;
            }
        }
        // That it failed says nothing where the server said why, in words that nobody here knows.
        let is_told = replies.iter().any(|part| part.codes.is_some() && part.words() > FEW_WORDS);
        if best.strength == Strength::Failed && is_told {
            return Outcome::nothing(best.codes);
        }
        best
    }

    /// Whether the server itself spoke of a rule of its own: then the wrapper's words are a guess.
    fn says_refused(&self, found: &Outcome) -> bool {
        let cause = found.entry.map(|at| self.codes.codes[at].cause.as_str());
        found.strength == Strength::Weak && cause == Some("refused-policy")
    }

    /// What was taken: nothing in it is a cause.
    fn accepted(&self, part: &Part) -> Outcome {
        let is_good = |entry: &SmtpCode| {
            entry.kind == CodeKind::Reply && matches!(entry.severity, Severity::Ok | Severity::Info)
        };
        let by_words =
            part.hits.iter().map(|hit| self.entries[hit.pattern]).find(|&at| is_good(&self.codes.codes[at]));
        let reply = part.codes.as_ref().and_then(|codes| codes.reply);
        let by_code = || {
            self.codes
                .codes
                .iter()
                .position(|entry| is_good(entry) && reply.is_some_and(|code| entry.reply.contains(&code)))
        };
        let any = || self.codes.codes.iter().position(|entry| is_good(entry) && entry.cause == ACCEPTED);
        Outcome {
            entry: by_words.or_else(by_code).or_else(any),
            basis: Basis::Reply,
            span: part.codes.as_ref().map(|codes| codes.span.clone()),
            speaker: Some(Speaker::Server),
            codes: part.codes.clone(),
            leaning: None,
            strength: Strength::Code,
            told_by: None,
            is_sure: true,
        }
    }

    /// What one statement comes to: its words, then its codes.
    fn weigh(&self, part: &Part, around: &Around<'_>) -> Outcome {
        let weighing = Weighing { reader: self, part, around };
        let found = weighing
            .by_clear_words()
            .or_else(|| weighing.by_terms(CodeKind::Terms, weighing.strength_of_terms(), false))
            .or_else(|| weighing.by_code())
            .or_else(|| weighing.by_hint())
            .unwrap_or(Outcome::nothing(around.codes.clone()));
        Outcome { is_sure: weighing.is_enough(&found), ..found }
    }

    /// Where wordings stand that are named as one of several possible reasons: then none of them is the reason.
    pub(super) fn doubtful(&self, text: &str, hits: &[Hit]) -> Vec<usize> {
        let cues = self.cues.find(text, 0..text.len());
        let mut perhaps = cues.iter().filter(|cue| cue.role == CueRole::Perhaps).map(|cue| cue.span.end);
        let Some((first, second)) = perhaps.next().zip(perhaps.next()) else { return Vec::new() };
        let ends: Vec<usize> = [first, second].into_iter().chain(perhaps).collect();
        let is_doubtful = |start: usize| {
            let until = ends.partition_point(|&end| end <= start);
            until.checked_sub(1).is_some_and(|last| ends[last] + PERHAPS_REACH >= start)
        };
        hits.iter().map(|hit| hit.start).filter(|&start| is_doubtful(start)).collect()
    }

    /// Whether an entry can be meant where this side was refused.
    fn may_mean(&self, entry: &SmtpCode, refused: Side) -> bool {
        let side = self.codes.cause(&entry.cause).map_or(Side::Either, |cause| cause.side);
        refused != Side::Sender || side != Side::Recipient
    }

    pub(super) fn by_enhanced(&self, code: Enhanced, side: Side) -> Option<usize> {
        self.codes.codes.iter().position(|entry| {
            entry.kind == CodeKind::Enhanced
                && entry.has_enhanced((code.0, code.1, code.2))
                && self.may_mean(entry, side)
        })
    }

    /// Whether a refused login can be meant: what is wrong with it, or that the account is closed.
    fn is_about_login(&self, entry: &SmtpCode) -> bool {
        matches!(entry.cause.as_str(), "account-suspended" | "account-abused")
            || self.codes.cause(&entry.cause).is_some_and(|cause| cause.step == ChecklistStep::Authentication)
    }

    /// The entry of a provider for a code that means only one thing there.
    fn by_provider_code(&self, provider: Option<&str>, code: Enhanced) -> Option<usize> {
        // Where nobody was recognised, a number that only one provider uses tells too.
        (provider.is_some() || code.2 >= 100).then_some(())?;
        let mut found: Option<usize> = None;
        for (at, entry) in self.codes.codes.iter().enumerate() {
            let fits = matches!(entry.kind, CodeKind::Provider | CodeKind::Own)
                && (provider.is_none() || entry.provider.as_deref() == provider)
                && entry.has_enhanced((code.0, code.1, code.2));
            if !fits {
                continue;
            }
            match found {
                Some(known) if self.codes.codes[known].cause != entry.cause => return None,
                _ => found = found.or(Some(at)),
            }
        }
        found
    }
}

/// One statement on the scales.
pub(super) struct Weighing<'a> {
    pub reader: &'a Reader,
    pub part: &'a Part,
    around: &'a Around<'a>,
}

impl Weighing<'_> {
    /// The longest wording of the entries that are wanted.
    fn best(&self, wanted: &dyn Fn(&SmtpCode) -> bool) -> Option<Hit> {
        let mut best: Option<&Hit> = None;
        for hit in self.part.hits.iter().filter(|hit| !self.part.doubtful.contains(&hit.start)) {
            let entry = &self.reader.codes.codes[self.reader.entries[hit.pattern]];
            if wanted(entry)
                && self.reader.may_mean(entry, self.part.side)
                && best.is_none_or(|best| hit.weight > best.weight)
            {
                best = Some(hit);
            }
        }
        best.copied()
    }

    fn outcome(&self, entry: usize, basis: Basis, strength: Strength, span: Option<Range<usize>>) -> Outcome {
        let speaker = Some(self.part.speaker);
        Outcome {
            entry: Some(entry),
            basis,
            span,
            speaker,
            codes: self.around.codes.clone(),
            leaning: None,
            strength,
            told_by: None,
            is_sure: true,
        }
    }

    fn words(&self, hit: Hit, basis: Basis, strength: Strength) -> Outcome {
        let found = self.outcome(self.reader.entries[hit.pattern], basis, strength, self.part.span(&hit));
        Outcome { told_by: Some(hit.start..hit.end), ..found }
    }

    /// Whoever wraps a reply writes much beside its reason: there words near each other say less.
    fn strength_of_terms(&self) -> Strength {
        match self.part.speaker {
            Speaker::Server => Strength::Words,
            Speaker::Wrapper => Strength::Weak,
        }
    }

    /// Words of certain meanings that stand near each other.
    fn by_terms(&self, kind: CodeKind, strength: Strength, only_sure: bool) -> Option<Outcome> {
        let may_be = |at: usize| {
            let entry = &self.reader.codes.codes[at];
            self.reader.may_mean(entry, self.part.side) && self.fits_login(entry)
        };
        let wanted = Wanted { kind, may_be: &may_be, is_of_program: self.around.is_of_program, only_sure };
        let meant = self.reader.terms.meant(&self.part.normal.text, &wanted)?;
        let span = self.part.place_of(&meant.span);
        Some(self.outcome(meant.entry, Basis::Wording, strength, span))
    }

    /// The entry of what its words mean together, whatever can be meant.
    pub(super) fn meaning(&self, kind: CodeKind) -> Option<Meant> {
        let is_of_program = self.around.is_of_program;
        let wanted = Wanted { kind, may_be: &|_| true, is_of_program, only_sure: false };
        self.reader.terms.meant(&self.part.normal.text, &wanted)
    }

    /// The entry of a wording that hardly names a reason.
    pub(super) fn weak_wording(&self) -> Option<usize> {
        let hit = self.best(&|entry| entry.kind == CodeKind::Reply)?;
        Some(self.reader.entries[hit.pattern])
    }

    /// The reply code.
    pub(super) fn reply(&self) -> Option<u16> {
        self.around.codes.as_ref().and_then(|code| code.reply)
    }

    /// Whether the enhanced code names a reason. `5.1.10` is Exchange's for an unknown recipient, and only behind 556 that of
    /// RFC 7505.
    pub(super) fn names_much(&self) -> bool {
        self.enhanced().is_some_and(|code| code.2 != 0 && !matches!((code.1, code.2), (7, 1) | (1, 10)))
    }

    fn code(&self, entry: usize, basis: Basis, strength: Strength) -> Outcome {
        let span = self.around.codes.as_ref().map(|code| code.span.clone()).filter(|span| !span.is_empty());
        self.outcome(entry, basis, strength, span)
    }

    pub(super) fn enhanced(&self) -> Option<Enhanced> {
        self.around.codes.as_ref().and_then(|code| code.enhanced)
    }

    /// Where a login was refused, only what is about logins can be meant.
    fn fits_login(&self, entry: &SmtpCode) -> bool {
        !self.around.is_login || self.reader.is_about_login(entry)
    }

    /// Words that name a reason, or a number that only one provider uses.
    fn by_clear_words(&self) -> Option<Outcome> {
        let provider = self.around.provider;
        if let Some(hit) = self.best(&|entry| entry.kind == CodeKind::First) {
            return Some(self.words(hit, Basis::Wording, Strength::Words));
        }
        let own = self.best(&|entry| {
            matches!(entry.kind, CodeKind::Provider | CodeKind::Own)
                && provider.is_some()
                && entry.provider.as_deref() == provider
        });
        if let Some(hit) = own {
            return Some(self.words(hit, Basis::Provider, Strength::Words));
        }
        // Numbers beyond those of the RFCs are the provider's own and mean one thing.
        let number = self.enhanced().filter(|code| code.2 >= 100);
        if let Some(entry) = number.and_then(|code| self.reader.by_provider_code(provider, code)) {
            return Some(self.code(entry, Basis::Enhanced, Strength::Words));
        }
        if self.part.speaker == Speaker::Server
            && let Some(sure) = self.by_terms(CodeKind::Terms, Strength::Words, true)
        {
            return Some(sure);
        }
        let list = self.best(&|entry| entry.kind == CodeKind::List);
        let list = list.map(|hit| self.words(hit, Basis::List, Strength::Words));
        let named = self.best(&|entry| {
            (matches!(entry.kind, CodeKind::Text | CodeKind::Enhanced)
                || entry.kind == CodeKind::Provider && provider.is_none())
                && self.fits_login(entry)
        });
        let named = named.map(|hit| self.words(hit, Basis::Wording, Strength::Words));
        // Where a login was refused, `blocked for spam` is said of the account, not of an address.
        if self.around.is_login { named.or(list) } else { list.or(named) }
    }

    /// Codes, and between those that name a reason and those that do not, words that name hardly one.
    fn by_code(&self) -> Option<Outcome> {
        let enhanced = self.enhanced();
        let own = enhanced.and_then(|code| self.reader.by_provider_code(self.around.provider, code));
        if let Some(entry) = own {
            return Some(self.code(entry, Basis::Enhanced, Strength::Code));
        }
        let plain = enhanced.and_then(|code| self.reader.by_enhanced(code, self.part.side));
        if let Some(entry) = plain.filter(|_| self.names_much()) {
            return Some(self.code(entry, Basis::Enhanced, Strength::Code));
        }
        if let Some(hit) = self.best(&|entry| entry.kind == CodeKind::Reply && self.fits_login(entry)) {
            return Some(self.words(hit, Basis::Wording, Strength::Weak));
        }
        if let Some(found) = self.by_terms(CodeKind::VagueTerms, Strength::Weak, false) {
            return Some(found);
        }
        // A server that says why in words that nobody here knows has said why: its digits would be a guess.
        let is_explained = self.part.speaker == Speaker::Server && self.part.words() > MANY_WORDS;
        if let Some(entry) = plain.filter(|_| !is_explained) {
            return Some(self.code(entry, Basis::Enhanced, Strength::Bare));
        }
        let reply = self.reply()?;
        if plain.is_some()
            || self.part.speaker == Speaker::Server && !is_telling(reply) && self.part.words() > FEW_WORDS
        {
            return None;
        }
        let entry = self.reader.codes.codes.iter().position(|entry| {
            entry.kind == CodeKind::Reply
                && entry.reply.contains(&reply)
                && self.reader.may_mean(entry, self.part.side)
        })?;
        Some(self.code(entry, Basis::Reply, Strength::Bare))
    }

    /// Words that say little, and last those that only say that it failed.
    fn by_hint(&self) -> Option<Outcome> {
        let hint = |failed: bool| {
            self.best(&|entry| entry.kind == CodeKind::Client && (entry.cause == FAILED) == failed)
        };
        let little = hint(false).map(|hit| self.words(hit, Basis::Hint, Strength::Hint));
        little.or_else(|| hint(true).map(|hit| self.words(hit, Basis::Hint, Strength::Failed)))
    }
}

/// Whether a reply code means one thing: about logins, and a server that closes down (RFC 4954, RFC 5321 section 4.2.3).
pub(super) fn is_telling(reply: u16) -> bool {
    matches!(reply, 421 | 432 | 454 | 530 | 534 | 535 | 538)
}

/// What servers said, the most telling first: a final refusal says more than one of several tries; that a command came too
/// early follows from an earlier refusal.
fn replies<'a>(parts: &[&'a Part]) -> Vec<&'a Part> {
    let mut replies: Vec<&Part> =
        parts.iter().copied().filter(|part| part.speaker == Speaker::Server).collect();
    let is_order = |part: &Part| part.codes.as_ref().is_some_and(|codes| codes.reply == Some(BAD_SEQUENCE));
    replies.sort_by_key(|part| (is_order(part), part.class() == 4, !part.is_announced));
    replies
}

impl Part {
    /// The class of its codes; 0 if it has none.
    fn class(&self) -> u16 {
        self.codes.as_ref().map_or(0, Codes::class)
    }

    /// Where it stands in the whole text, or its beginning if it is long.
    fn quoted(&self) -> Option<Range<usize>> {
        let place = self.place.clone()?;
        let mut length = place.len().min(MOST_QUOTED);
        while !self.original.is_char_boundary(length) {
            length -= 1;
        }
        Some(place.start..place.start + length)
    }

    /// How many words it has beside codes, addresses and names of hosts. Chinese, Japanese and Korean words have two
    /// characters, and no blank between them.
    pub(super) fn words(&self) -> usize {
        let is_word = |word: &&str| {
            word.len() > 1 && word.chars().all(|c| c.is_alphabetic() || "'-,;:!。，；：！".contains(c))
        };
        let text = self.normal.text.split([' ', '(', ')', '"']).map(|word| word.trim_end_matches('.'));
        text.filter(is_word).map(|word| 1 + word.chars().filter(|&c| c >= '\u{3000}').count() / 2).sum()
    }

    /// Where the words of a hit stand in the whole text.
    fn span(&self, hit: &Hit) -> Option<Range<usize>> {
        self.place_of(&(hit.start..hit.end))
    }

    /// Where a part of the normal text stands in the whole text.
    fn place_of(&self, part: &Range<usize>) -> Option<Range<usize>> {
        let origin = self.normal.origin(&self.original, part.clone());
        self.place.as_ref().map(|place| place.start + origin.start..place.start + origin.end)
    }
}

/// These codes are given to nothing else (RFC 4954 section 6): words around them must fit.
fn is_login(codes: Option<&Codes>) -> bool {
    matches!(codes.and_then(|code| code.reply), Some(530 | 534 | 535 | 538))
}
