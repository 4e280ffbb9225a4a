//! How much speaks for a decision, and whether that is enough to name a cause.
//!
//! A wrong cause sends somebody the wrong way; none at all still leaves the step and whom to ask. So a cause is named only
//! where two things that know nothing of each other agree, or where one speaks that hardly ever errs:
//!
//! | what decided | is enough |
//! |---|---|
//! | the provider's own wording or number, a receiver's known fault | always |
//! | a wording about lists, a general wording | unless the words mean something else together, and no code bears it out |
//! | what the words mean together | always: what is often wrong is of the kind `vague-terms` |
//! | an enhanced code alone | where nothing else is said, or the words mean the same |
//! | words that hardly name a reason | where the code names the same, or names none and little is said |
//! | few words of a program | where no server spoke, and more is said than that it failed |
//! | a reply code alone | where nothing else is said |
//!
//! The table was read off texts that the wordings of their own mail system were taken away for: `cargo bench --package
//! mail-triage-engine --bench held_out`.

use std::ops::Range;

use super::{
    Basis, Speaker,
    judge::{FAILED, FEW_WORDS, MANY_WORDS, Outcome, Weighing},
};
use crate::knowledge::{CodeKind, Severity, Side, SmtpCode};

/// What something else says of the cause that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Witness {
    /// The same.
    Agrees,
    /// Nothing.
    Silent,
    /// Something else.
    Differs,
}

/// Octets of a general wording that says so much that nothing beside it can mean something else.
const LONG_WORDING: usize = 26;
/// The same of a wording about lists, which mostly names one: `blacklisted` does not.
const LONG_LIST_WORDING: usize = 13;

impl Weighing<'_> {
    /// Whether enough speaks for what was found.
    pub(super) fn is_enough(&self, found: &Outcome) -> bool {
        let Some(entry) = found.entry.map(|at| &self.reader.codes.codes[at]) else { return true };
        // What was taken is no cause.
        if matches!(entry.severity, Severity::Ok | Severity::Info) {
            return true;
        }
        let is_by_words = matches!(found.basis, Basis::Wording | Basis::List);
        match entry.kind {
            CodeKind::First | CodeKind::Provider | CodeKind::Own | CodeKind::Terms => true,
            CodeKind::List | CodeKind::Text => self.is_not_denied(found, entry),
            CodeKind::Enhanced if is_by_words => self.is_not_denied(found, entry),
            CodeKind::Enhanced => self.part.words() <= FEW_WORDS || self.words_say(entry) == Witness::Agrees,
            CodeKind::Reply if found.basis == Basis::Reply => self.part.words() <= FEW_WORDS,
            CodeKind::Client => entry.cause != FAILED && self.part.speaker == Speaker::Wrapper,
            CodeKind::Reply | CodeKind::VagueTerms => self.is_borne_out(entry),
        }
    }

    /// A wording holds unless what stands beside it means something else, and the code does not say what the wording says.
    fn is_not_denied(&self, found: &Outcome, entry: &SmtpCode) -> bool {
        let told_by = found.told_by.clone().unwrap_or_default();
        let is_beside = |span: &Range<usize>| span.start < told_by.start || span.end > told_by.end;
        let long = if entry.kind == CodeKind::List { LONG_LIST_WORDING } else { LONG_WORDING };
        // Whoever wraps a reply writes much beside it.
        let is_denied = told_by.len() < long
            && self.part.speaker == Speaker::Server
            && self.meaning(CodeKind::Terms).is_some_and(|meant| {
                is_beside(&meant.span) && self.compared(meant.entry, entry) == Witness::Differs
            });
        !is_denied || self.code_says(entry) == Witness::Agrees
    }

    /// Words that hardly name a reason hold where the code names the same.
    fn is_borne_out(&self, entry: &SmtpCode) -> bool {
        let is_short = self.part.words() <= MANY_WORDS;
        self.code_says(entry) == Witness::Agrees && (is_short || self.names_much())
    }

    /// What the words of the statement say: together, or else those that hardly name a reason.
    fn words_say(&self, entry: &SmtpCode) -> Witness {
        let together = || self.meaning(CodeKind::Terms).map(|meant| meant.entry);
        let hardly = || self.meaning(CodeKind::VagueTerms).map(|meant| meant.entry);
        let said = together().or_else(|| self.weak_wording()).or_else(hardly);
        said.map_or(Witness::Silent, |at| self.compared(at, entry))
    }

    /// What the enhanced code says.
    fn code_says(&self, entry: &SmtpCode) -> Witness {
        let code = self.enhanced().and_then(|code| self.reader.by_enhanced(code, Side::Either));
        code.map_or(Witness::Silent, |at| self.compared(at, entry))
    }

    fn compared(&self, at: usize, entry: &SmtpCode) -> Witness {
        if self.reader.codes.codes[at].cause == entry.cause { Witness::Agrees } else { Witness::Differs }
    }
}
