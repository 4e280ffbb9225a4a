//! Pieces of the page that are fetched when they are needed.

use mail_triage_engine::knowledge::files::{OF_CHECKS, RESOLVERS, SMTP_CODES, SMTP_WORDS};

use super::{
    Machine,
    check::{Check, Waits},
    effect::Effect,
    event::Content,
    form::Sentence,
};

/// What is said where a piece cannot be had.
pub const NOT_HAD: &str = "ui.error.files";
/// The file with the records of the examples.
pub const RECORDED: &str = "data/examples.json";
/// The texts of findings, of pasted messages, for messages to whoever can help, and of what comes with [`Piece::Tools`].
const FINDINGS: &str = "report";
const BOUNCES: &str = "bounce";
const TICKETS: &str = "ticket";
const TOOLS: &str = "tools";

/// A piece of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// What asks and judges.
    Program,
    /// What draws the results of a check.
    Results,
    /// What reads messages.
    Messages,
    /// What shares and keeps results, tries changes, asks a second resolver and checks many domains.
    Tools,
    /// A data file, by its place.
    File(&'static str),
    /// A further file of texts: its language and its name.
    Texts(&'static str, &'static str),
    /// What the address holds of an earlier check.
    Seen,
}

/// What a part of the page needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// What is needed from the start: which resolvers there are.
    Start,
    /// What the lookups of a check take.
    Lookups,
    /// What a check takes.
    Check,
    /// What a recorded example takes.
    Example,
    /// What an earlier check takes, out of a link.
    Seen,
    /// What a pasted message takes.
    Message,
    /// What it takes to share and keep results, to try changes, for a second opinion, and for many domains.
    Tools,
    /// Beside that, the wordings of a script that it shows: the place of their file.
    Wordings(&'static str),
    /// What a message to whoever can help takes.
    Ticket,
}

/// Which pieces are there, and which are on their way.
#[derive(Clone, Debug, Default)]
pub struct Files {
    there: Vec<Piece>,
    coming: Vec<Piece>,
}

impl Need {
    /// The pieces, in the order in which they are fetched.
    fn pieces(self, language: &'static str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        if self != Self::Start {
            pieces.push(Piece::Program);
            pieces.extend(OF_CHECKS.map(Piece::File));
        }
        if !matches!(self, Self::Start | Self::Lookups) {
            pieces.extend([Piece::Results, Piece::Texts(language, FINDINGS)]);
        }
        match self {
            Self::Start => pieces.push(Piece::File(RESOLVERS)),
            Self::Lookups | Self::Check => {}
            Self::Example => pieces.push(Piece::File(RECORDED)),
            Self::Seen => pieces.push(Piece::Seen),
            Self::Message => pieces.extend([
                Piece::Messages,
                Piece::Texts(language, BOUNCES),
                Piece::File(SMTP_CODES),
                Piece::File(SMTP_WORDS),
            ]),
            Self::Tools => pieces.extend([Piece::Tools, Piece::Texts(language, TOOLS)]),
            Self::Wordings(place) => pieces.push(Piece::File(place)),
            Self::Ticket => pieces.push(Piece::Texts(language, TICKETS)),
        }
        pieces
    }
}

impl Files {
    /// Whether all of it is there.
    pub fn has(&self, need: Need, language: &'static str) -> bool {
        need.pieces(language).iter().all(|piece| self.there.contains(piece))
    }
}

impl Machine<'_> {
    /// Fetches what is neither there nor on its way.
    pub(super) fn need(&mut self, need: Need) {
        for piece in need.pieces(self.state.language) {
            let files = &mut self.state.files;
            if !files.there.contains(&piece) && !files.coming.contains(&piece) {
                files.coming.push(piece);
                self.do_(Effect::Fetch(piece));
            }
        }
    }

    /// What was seen belongs to the address before.
    pub(super) fn forget_seen(&mut self) {
        let files = &mut self.state.files;
        files.there.retain(|piece| *piece != Piece::Seen);
        files.coming.retain(|piece| *piece != Piece::Seen);
    }

    /// A piece arrived, or could not be had.
    pub(super) fn arrived(&mut self, piece: Piece, content: Option<Content>) {
        self.state.files.coming.retain(|other| *other != piece);
        let content = match content {
            Some(Content::Unreadable(why)) => return self.cannot_have(piece, why),
            None => return self.cannot_have(piece, NOT_HAD),
            Some(content) => content,
        };
        if !self.state.files.there.contains(&piece) {
            self.state.files.there.push(piece);
        }
        match content {
            Content::Program(reader) => self.state.reader = Some(reader),
            Content::Resolvers(list) => {
                self.state.resolver.list = list;
                self.know_resolvers();
            }
            Content::Kept | Content::Unreadable(_) => {}
        }
        self.go_on();
    }

    /// Does what waited for files.
    fn go_on(&mut self) {
        if let Check::Waiting(Waits::Form { address_too }) = self.state.check
            && self.state.reader.is_some()
        {
            self.state.check = if address_too { Check::Waiting(Waits::Files) } else { Check::Idle };
            self.take_form();
        }
        if matches!(self.state.check, Check::Waiting(Waits::Files)) {
            self.begin();
        }
    }

    /// What waits for this piece cannot begin; the sentence that says why is under this key.
    fn cannot_have(&mut self, piece: Piece, why: &'static str) {
        let (need, language) = (self.state.need(), self.state.language);
        let waits = match &self.state.check {
            Check::Waiting(waits) => matches!(waits, Waits::Files | Waits::Form { .. }),
            // What is recorded is there, and turned out to be none; or nobody could read what lookups find.
            check => check.run().is_some_and(|run| run.report.is_none()),
        };
        if waits && need.pieces(language).contains(&piece) {
            self.do_(Effect::End);
            self.state.check = Check::Idle;
            self.state.form.error = Some(Sentence::plain(why));
        }
    }

    /// The user chose a language.
    pub(super) fn speak(&mut self, language: &'static str) {
        self.state.wanted_language = language;
        self.do_(Effect::Speak(language));
    }

    /// Texts of a language arrived: those of the one that was chosen last count.
    pub(super) fn spoken(&mut self, wanted: &'static str, language: &'static str, parts: Vec<&'static str>) {
        if wanted != self.state.wanted_language {
            return;
        }
        self.state.language = language;
        // The texts of the language before are gone with it.
        let there = &mut self.state.files.there;
        there.retain(|piece| !matches!(piece, Piece::Texts(..)));
        there.extend(parts.into_iter().map(|part| Piece::Texts(language, part)));
        self.do_(Effect::KeepLanguage(language));
        self.state.route.lang = Some(language.to_owned());
        self.rewrite();
        // What is on its way was asked for in another language.
        if self.state.check.run().is_some_and(|run| run.report.is_none()) {
            self.need(self.state.need());
        }
        if matches!(self.state.check, Check::Waiting(Waits::Files)) {
            self.begin();
        }
    }
}
