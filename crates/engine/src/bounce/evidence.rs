//! How much speaks for a decision, and whether that is enough to name a cause.
//!
//! A wrong cause sends somebody the wrong way; none at all still leaves the step and whom to ask. So a cause is named only
//! where two things that know nothing of each other agree, or where one speaks that hardly ever errs:
//!
//! | what decided | is enough |
//! |---|---|
//! | the provider's own wording or number, a receiver's known fault | always |
//! | a wording about lists, a general wording | unless the words mean something else together, and neither a code nor another sentence bears it out |
//! | what the words mean together | with a code, with much in them or with little beside them |
//! | an enhanced code alone | where it names a reason and nothing else is said, the words mean the same, or they say nothing and the code is given to nothing else |
//! | words that hardly name a reason | where the code names the same, or names none and little is said; the reply code, where there is no other |
//! | few words of a program | where no server spoke, and more is said than that it failed |
//! | a reply code alone | where nothing else is said; beside one word, where it means one thing |
//!
//! The table was read off texts that the wordings of their own mail system were taken away for: `cargo bench --package
//! mail-triage-engine --bench held_out`.

use std::ops::Range;

use super::{
    Basis, Speaker,
    judge::{FAILED, FEW_WORDS, MANY_WORDS, Outcome, Weighing, is_telling},
    terms::Meant,
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
pub(super) const LONG_WORDING: usize = 26;
/// The same of a wording about lists, which mostly names one: `blacklisted` does not.
const LONG_LIST_WORDING: usize = 13;
/// Words of a server's reply among which a meaning is no chance.
const MOST_WORDS_OF_SERVER: usize = 19;
/// The same of whoever wraps a reply.
const MOST_WORDS_OF_WRAPPER: usize = 9;
/// Subject and detail of the enhanced codes that name the reason whatever words stand beside them; others are given to much
/// that has no code of its own.
const STEADY: [(u16, u16); 12] =
    [(1, 1), (1, 2), (1, 3), (1, 6), (1, 8), (2, 2), (3, 4), (4, 2), (4, 7), (5, 3), (7, 23), (7, 25)];
/// Words of the replies that RFC 5321 section 4.2.2 gives as examples: `Requested action not taken: mailbox unavailable`.
const MOST_WORDS_OF_RFC: usize = 8;
/// The weight of a meaning that is no chance among any number of words.
const MUCH: u32 = 4;

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
            CodeKind::First | CodeKind::Provider | CodeKind::Own => true,
            CodeKind::Terms => self.is_to_the_point(entry),
            CodeKind::List | CodeKind::Text => self.is_not_denied(found, entry),
            CodeKind::Enhanced if is_by_words => self.is_not_denied(found, entry),
            CodeKind::Enhanced => match self.words_say(entry) {
                Witness::Agrees => true,
                Witness::Silent => self.part.words <= FEW_WORDS && self.names_much() || self.is_steady(),
                Witness::Differs => self.part.words <= FEW_WORDS,
            },
            CodeKind::Reply if found.basis == Basis::Reply => {
                self.part.words == 0 || self.part.words <= FEW_WORDS && self.reply().is_some_and(is_telling)
            }
            CodeKind::Client => entry.cause != FAILED && self.part.speaker == Speaker::Wrapper,
            CodeKind::Reply | CodeKind::VagueTerms => self.is_borne_out(entry),
        }
    }

    /// Words mean something together where there is a code, where they say much, or where little else is said: among many
    /// words some mean something by chance.
    fn is_to_the_point(&self, entry: &SmtpCode) -> bool {
        let most = match self.part.speaker {
            Speaker::Server => MOST_WORDS_OF_SERVER,
            Speaker::Wrapper => MOST_WORDS_OF_WRAPPER,
        };
        self.part.words <= most
            || self.code_says(entry) != Witness::Silent
            || self.meaning(CodeKind::Terms).is_some_and(|meant| meant.weight >= MUCH)
    }

    /// A wording holds unless what stands beside it means something else, and the code does not say what the wording says.
    fn is_not_denied(&self, found: &Outcome, entry: &SmtpCode) -> bool {
        let told_by = found.told_by.clone().unwrap_or_default();
        let is_beside = |span: &Range<usize>| span.start < told_by.start || span.end > told_by.end;
        let long = if entry.kind == CodeKind::List { LONG_LIST_WORDING } else { LONG_WORDING };
        // Whoever wraps a reply writes much beside it.
        if told_by.len() >= long || self.part.speaker == Speaker::Wrapper {
            return true;
        }
        let meant = self.meanings(CodeKind::Terms);
        let is_said = |meant: &Meant| self.compared(meant.entry, entry) == Witness::Agrees;
        let is_denied = meant.iter().any(|meant| is_beside(&meant.span) && !is_said(meant));
        !is_denied || meant.iter().any(is_said) || self.code_says(entry) == Witness::Agrees
    }

    /// Words that hardly name a reason hold where a code names the same.
    fn is_borne_out(&self, entry: &SmtpCode) -> bool {
        let is_short = self.part.words <= MANY_WORDS;
        match self.code_says(entry) {
            Witness::Agrees => is_short || self.names_much(),
            Witness::Silent => {
                self.reply_says(entry) == Witness::Agrees
                    && self.part.words <= MOST_WORDS_OF_RFC
                    && self.meaning(CodeKind::Terms).is_none()
            }
            Witness::Differs => false,
        }
    }

    /// Whether the enhanced code is one that servers give to nothing else.
    fn is_steady(&self) -> bool {
        self.enhanced().is_some_and(|code| STEADY.contains(&(code.1, code.2)))
    }

    /// What the reply code says.
    fn reply_says(&self, entry: &SmtpCode) -> Witness {
        let of = |reply: u16| {
            let mut entries = self.reader.codes.codes.iter();
            entries.position(|entry| entry.kind == CodeKind::Reply && entry.reply.contains(&reply))
        };
        self.reply().and_then(of).map_or(Witness::Silent, |at| self.compared(at, entry))
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
