//! What was said, weighed: who said it before what it means.
//!
//! The replies of the server that refused are looked at first, those that a cue announced before those that only begin
//! with a code, a final refusal before a temporary one. The wrapper's words count where the reply says no more than that
//! something was refused. Class 2 is a success (RFC 5321 section 4.2.1), whatever words stand beside it.

mod weighing;

use std::ops::Range;

use super::{
    Basis, Codes, Enhanced, Hit, Reader, Speaker,
    reader::{Part, Refusal},
};
use crate::{
    checklist::ChecklistStep,
    knowledge::{CodeKind, CueRole, Severity, Side, SmtpCode},
};

pub(super) use self::weighing::{Weighing, is_telling};

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
/// The cause of what nobody tries any more.
pub(super) const GAVE_UP: &str = "expired";
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
        let is_told = replies.iter().any(|part| part.codes.is_some() && part.words > FEW_WORDS);
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
            .map(|clear| weighing.more_telling(clear))
            .or_else(|| weighing.by_terms(CodeKind::Terms, weighing.strength_of_terms(), false, &|_| true))
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
}

/// These codes are given to nothing else (RFC 4954 section 6): words around them must fit.
fn is_login(codes: Option<&Codes>) -> bool {
    matches!(codes.and_then(|code| code.reply), Some(530 | 534 | 535 | 538))
}
