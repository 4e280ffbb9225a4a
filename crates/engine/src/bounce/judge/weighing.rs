//! One statement on the scales: its words, then its codes, then words that say little.

use std::ops::Range;

use super::{
    super::{
        Basis, Enhanced, Hit, Reader, Speaker,
        evidence::LONG_WORDING,
        reader::Part,
        terms::{Meant, Wanted},
    },
    Around, FAILED, FEW_WORDS, GAVE_UP, MANY_WORDS, Outcome, Strength,
};
use crate::knowledge::{CodeKind, Retry, Side, SmtpCode};

/// Terms that say more together than a wording among them.
const MORE_TELLING: u32 = 3;

/// One statement on the scales.
pub(in crate::bounce) struct Weighing<'a> {
    pub reader: &'a Reader,
    pub part: &'a Part,
    pub around: &'a Around<'a>,
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
    pub(super) fn strength_of_terms(&self) -> Strength {
        match self.part.speaker {
            Speaker::Server => Strength::Words,
            Speaker::Wrapper => Strength::Weak,
        }
    }

    /// Words of certain meanings that stand near each other; of entries that are wanted.
    pub(super) fn by_terms(
        &self,
        kind: CodeKind,
        strength: Strength,
        only_sure: bool,
        wanted: &dyn Fn(&SmtpCode) -> bool,
    ) -> Option<Outcome> {
        let may_be = |at: usize| {
            let entry = &self.reader.codes.codes[at];
            wanted(entry) && self.reader.may_mean(entry, self.part.side) && self.fits_login(entry)
        };
        let wanted = Wanted { may_be: &may_be, only_sure, ..self.whatever(kind) };
        let meant = self.reader.terms.meant(&self.part.normal.text, &wanted)?;
        let span = self.part.place_of(&meant.span);
        Some(self.outcome(meant.entry, Basis::Wording, strength, span))
    }

    /// The entry of what its words mean together, whatever can be meant.
    pub(in crate::bounce) fn meaning(&self, kind: CodeKind) -> Option<Meant> {
        self.reader.terms.meant(&self.part.normal.text, &self.whatever(kind))
    }

    /// The same of each sentence.
    pub(in crate::bounce) fn meanings(&self, kind: CodeKind) -> Vec<Meant> {
        self.reader.terms.each_meant(&self.part.normal.text, &self.whatever(kind))
    }

    fn whatever(&self, kind: CodeKind) -> Wanted<'_> {
        let is_of_program = self.around.is_of_program;
        let is_sender = self.part.side == Side::Sender;
        Wanted { kind, may_be: &|_| true, is_of_program, is_sender, only_sure: false }
    }

    /// The entry of a wording that hardly names a reason.
    pub(in crate::bounce) fn weak_wording(&self) -> Option<usize> {
        let hit = self.best(&|entry| entry.kind == CodeKind::Reply)?;
        Some(self.reader.entries[hit.pattern])
    }

    /// The reply code.
    pub(in crate::bounce) fn reply(&self) -> Option<u16> {
        self.around.codes.as_ref().and_then(|code| code.reply)
    }

    /// Whether the enhanced code names a reason. `5.1.10` is Exchange's for an unknown recipient, and only behind 556 that of
    /// RFC 7505.
    pub(in crate::bounce) fn names_much(&self) -> bool {
        self.enhanced().is_some_and(|code| code.2 != 0 && !matches!((code.1, code.2), (7, 1) | (1, 10)))
    }

    fn code(&self, entry: usize, basis: Basis, strength: Strength) -> Outcome {
        let span = self.around.codes.as_ref().map(|code| code.span.clone()).filter(|span| !span.is_empty());
        self.outcome(entry, basis, strength, span)
    }

    pub(in crate::bounce) fn enhanced(&self) -> Option<Enhanced> {
        self.around.codes.as_ref().and_then(|code| code.enhanced)
    }

    /// Where a login was refused, only what is about logins can be meant.
    fn fits_login(&self, entry: &SmtpCode) -> bool {
        !self.around.is_login || self.reader.is_about_login(entry)
    }

    /// Words that name a reason, or a number that only one provider uses. That somebody gave up is what became of a server's
    /// reply: a reason in it that does not pass by itself goes before.
    pub(super) fn by_clear_words(&self) -> Option<Outcome> {
        let found = self.clear_words(&|_| true)?;
        let is_given_up = found.entry.is_some_and(|at| self.reader.codes.codes[at].cause == GAVE_UP);
        if !is_given_up || self.part.speaker == Speaker::Wrapper || self.reply().is_none() {
            return Some(found);
        }
        let lasts = |entry: &SmtpCode| {
            let cause = self.reader.codes.cause(&entry.cause);
            entry.cause != GAVE_UP && cause.is_some_and(|cause| cause.retry == Retry::AfterFix)
        };
        let reason = self.clear_words(&lasts);
        let reason = reason.or_else(|| self.by_terms(CodeKind::Terms, Strength::Words, false, &lasts));
        reason.or(Some(found))
    }

    fn clear_words(&self, wanted: &dyn Fn(&SmtpCode) -> bool) -> Option<Outcome> {
        let provider = self.around.provider;
        if let Some(hit) = self.best(&|entry| entry.kind == CodeKind::First) {
            return Some(self.words(hit, Basis::Wording, Strength::Words));
        }
        let own = self.best(&|entry| {
            matches!(entry.kind, CodeKind::Provider | CodeKind::Own)
                && provider.is_some()
                && wanted(entry)
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
            && let Some(sure) = self.by_terms(CodeKind::Terms, Strength::Words, true, wanted)
        {
            return Some(sure);
        }
        let list = self.best(&|entry| entry.kind == CodeKind::List && wanted(entry));
        let list = list.map(|hit| self.words(hit, Basis::List, Strength::Words));
        let named = self.best(&|entry| {
            (matches!(entry.kind, CodeKind::Text | CodeKind::Enhanced)
                || entry.kind == CodeKind::Provider && provider.is_none())
                && self.fits_login(entry)
                && wanted(entry)
        });
        let named = named.map(|hit| self.words(hit, Basis::Wording, Strength::Words));
        // Where a login was refused, `blocked for spam` is said of the account, not of an address.
        if self.around.is_login { named.or(list) } else { list.or(named) }
    }

    /// What words mean together, where a general wording is only a part of them: `too much spam from your host` says more than
    /// `too much spam`.
    pub(super) fn more_telling(&self, clear: Outcome) -> Outcome {
        let entry = clear.entry.map(|at| &self.reader.codes.codes[at]);
        let is_general = entry.is_some_and(|entry| matches!(entry.kind, CodeKind::Text | CodeKind::List));
        let is_short = |told_by: &Range<usize>| told_by.len() < LONG_WORDING;
        let may_be_part = is_general && self.part.speaker == Speaker::Server;
        let Some(told_by) = clear.told_by.clone().filter(is_short).filter(|_| may_be_part) else {
            return clear;
        };
        let is_around = |meant: &&Meant| {
            meant.weight >= MORE_TELLING && meant.span.start <= told_by.start && told_by.end <= meant.span.end
        };
        let meant = self.meanings(CodeKind::Terms);
        let found = meant.iter().find(is_around).filter(|meant| {
            let entry = &self.reader.codes.codes[meant.entry];
            self.reader.may_mean(entry, self.part.side) && self.fits_login(entry)
        });
        match found {
            Some(meant)
                if entry.map(|entry| &entry.cause) != Some(&self.reader.codes.codes[meant.entry].cause) =>
            {
                let span = self.part.place_of(&meant.span);
                self.outcome(meant.entry, Basis::Wording, Strength::Words, span)
            }
            _ => clear,
        }
    }

    /// Codes, and between those that name a reason and those that do not, words that name hardly one.
    pub(super) fn by_code(&self) -> Option<Outcome> {
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
        if let Some(found) = self.by_terms(CodeKind::VagueTerms, Strength::Weak, false, &|_| true) {
            return Some(found);
        }
        // A server that says why in words that nobody here knows has said why: its digits would be a guess.
        let is_explained = self.part.speaker == Speaker::Server && self.part.words > MANY_WORDS;
        if let Some(entry) = plain.filter(|_| !is_explained) {
            return Some(self.code(entry, Basis::Enhanced, Strength::Bare));
        }
        let reply = self.reply()?;
        if plain.is_some()
            || self.part.speaker == Speaker::Server && !is_telling(reply) && self.part.words > FEW_WORDS
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
    pub(super) fn by_hint(&self) -> Option<Outcome> {
        let hint = |failed: bool| {
            self.best(&|entry| entry.kind == CodeKind::Client && (entry.cause == FAILED) == failed)
        };
        let little = hint(false).map(|hit| self.words(hit, Basis::Hint, Strength::Hint));
        little.or_else(|| hint(true).map(|hit| self.words(hit, Basis::Hint, Strength::Failed)))
    }
}

/// Whether a reply code means one thing: about logins, and a server that closes down (RFC 4954, RFC 5321 section 4.2.3).
pub(in crate::bounce) fn is_telling(reply: u16) -> bool {
    matches!(reply, 421 | 432 | 454 | 530 | 534 | 535 | 538)
}

impl Part {
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
