//! Who says what: the words of the server that refused, and those of whoever wraps them.
//!
//! A report is one server's reply in another's sentences. The reply says why; the sentences around it only say that
//! something failed ("could not be delivered", "retry time exceeded") and explain, apologise and advertise. So a text
//! is taken apart first, and what a part means is asked afterwards.
//!
//! | a reply begins | example |
//! |---|---|
//! | behind a [cue](super::cue) | `host mx.example.org[192.0.2.1] said: 550 no`, `The response was:` |
//! | behind `<<<` | sendmail's transcript |
//! | at a code | `550 5.1.1 no`, `Error: 550 no` |
//!
//! and ends with its paragraph, with the next reply, or with the quotes that it stands in.

use std::ops::Range;

use super::{Codes, codes, cue::Cue};
use crate::{
    knowledge::{CueRole, Side},
    message, steps,
};

words! {
    /// Who said something.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Speaker {
        /// The server that refused the message.
        Server = "server",
        /// Whoever reports it: the sender's own server, a mail program.
        Wrapper = "wrapper",
    }
    key "bounce.speaker.{}"
}

/// Something that somebody said.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// Who.
    pub speaker: Speaker,
    /// Whether a cue told that it is a reply, and not its code alone.
    pub is_announced: bool,
    /// Where it stands.
    pub span: Range<usize>,
    /// Where its paragraph begins: what stands before it there names the host and the recipient.
    pub lead: usize,
    /// Who was refused, as far as the layout says so.
    pub side: Side,
}

/// Statements that are looked at one by one; more are a log, of which beginning and end tell.
const MOST: usize = 60;
/// Replies that are told apart in one line.
const MOST_IN_LINE: usize = 20;
/// Octets of a paragraph in front of a statement that say whom it is about.
const LONGEST_LEAD: usize = 2_000;
/// Octets of a line that can be a mail address and nothing else.
const LONGEST_ADDRESS: usize = 330;

/// What is said in a part of a text. `cues` are those of that part.
pub(super) fn statements(text: &str, part: Range<usize>, cues: &[Cue]) -> Vec<Statement> {
    let mut taker = Taker {
        text,
        cues,
        codes: codes(&text[part.clone()]),
        offset: part.start,
        next_cue: 0,
        next_code: 0,
        paragraph: part.start,
        found: Vec::new(),
        open: None,
        waits: false,
        side: Side::Either,
    };
    steps::took(part.len());
    let mut start = part.start;
    for line in text[part].split_inclusive('\n') {
        taker.line(start..start + line.len());
        start += line.len();
    }
    taker.close();
    fewer(taker.found)
}

/// Of too many the first and the last.
fn fewer(mut all: Vec<Statement>) -> Vec<Statement> {
    if all.len() > MOST {
        all.drain(MOST / 2..all.len() - MOST / 2);
    }
    all
}

struct Taker<'a> {
    text: &'a str,
    cues: &'a [Cue],
    codes: Vec<Codes>,
    /// Where the part begins that the spans of `codes` count from.
    offset: usize,
    next_cue: usize,
    next_code: usize,
    paragraph: usize,
    found: Vec<Statement>,
    open: Option<Statement>,
    /// Whether a cue announced a reply that has not begun.
    waits: bool,
    /// Who the last command was about.
    side: Side,
}

impl Taker<'_> {
    fn line(&mut self, line: Range<usize>) {
        let mut rest = Some(line);
        for _ in 0..MOST_IN_LINE {
            let Some(piece) = rest else { return };
            rest = self.piece(piece);
        }
        // A log in one line: what is left is read as it stands.
        if let Some(rest) = rest {
            self.pass(rest.end);
            self.wrap(rest.start, rest.end);
        }
    }

    /// A line, or what is left of it; gives what follows a reply in quotes.
    fn piece(&mut self, line: Range<usize>) -> Option<Range<usize>> {
        let all = &self.text[line.clone()];
        let content = all.trim();
        let start = line.start + (all.len() - all.trim_start().len());
        let end = start + content.len();
        steps::took(line.len());
        self.sides(&line);
        let reply = self.cue(&line, CueRole::Reply).map(|cue| cue.span.clone());
        let code = self.code(&line);
        if let Some(reply) = reply.filter(|_| !content.starts_with("<<<")) {
            return self.announced(reply, start..end, line.end);
        }
        self.pass(line.end);
        if content.is_empty() {
            self.close();
            self.paragraph = line.end;
            self.side = if self.waits { self.side } else { Side::Either };
        } else if content.starts_with(">>>") {
            self.close();
        } else if content.starts_with("<<<") {
            self.transcript(content, start..end);
        } else if std::mem::take(&mut self.waits) {
            self.begin(Speaker::Server, true, start);
            self.extend(end);
        } else {
            self.words(content, start..end, code);
        }
        None
    }

    /// What a server said in a transcript of sendmail; `550-` goes on in the next line.
    fn transcript(&mut self, content: &str, line: Range<usize>) {
        let is_reply = |at: usize| self.text.get(at..).is_some_and(|text| text.starts_with("<<<"));
        let goes_on = self.open.as_ref().is_some_and(|open| is_reply(open.span.start))
            && content.get(4..7)
                == self
                    .open
                    .as_ref()
                    .and_then(|open| self.text.get(open.span.start + 4..open.span.start + 7));
        if !goes_on {
            self.begin(Speaker::Server, true, line.start);
        }
        self.extend(line.end);
    }

    /// A line that no cue tells of.
    fn words(&mut self, content: &str, line: Range<usize>, code: Option<usize>) {
        let is_next = names_somebody(content);
        if is_next {
            self.paragraph = line.start;
        }
        let open = self.open.as_ref().filter(|open| open.speaker == Speaker::Server);
        let is_transcript = open.is_some_and(|open| self.text[open.span.clone()].starts_with("<<<"));
        let goes_on = open.is_some() && !is_next && !is_transcript;
        match code {
            // The second line of a reply begins with the same code as the first.
            Some(code) if !(goes_on && self.goes_on(code, line.start)) => {
                // `Sorry, no mailbox here by that name. (#5.1.1)`: the words stand before their code.
                let code = if self.closes(&line, code) { line.start } else { code };
                if code > line.start {
                    self.wrap(line.start, code);
                }
                self.begin(Speaker::Server, false, code);
                self.extend(line.end);
            }
            _ if goes_on => self.extend(line.end),
            _ => self.wrap(line.start, line.end),
        }
    }

    /// A reply behind the cue that announces it, in this line or the next; gives what follows it in the line.
    fn announced(&mut self, cue: Range<usize>, line: Range<usize>, line_end: usize) -> Option<Range<usize>> {
        if names_somebody(&self.text[line.clone()]) {
            self.paragraph = line.start;
        }
        if cue.end > line.start {
            self.wrap(line.start, cue.end);
        }
        let said = self.text.get(cue.end..line.end).unwrap_or_default();
        let begins = cue.end + (said.len() - said.trim_start().len());
        let is_quoted = self.text[..cue.end].ends_with('"');
        if !said.contains(|c: char| c.is_alphanumeric()) {
            self.close();
            self.waits = !is_quoted;
            self.pass(line_end);
            return None;
        }
        self.begin(Speaker::Server, true, begins);
        // One reply may quote another, or several stand in a line of a log.
        let next = self.cues[self.next_cue..]
            .iter()
            .take_while(|cue| cue.span.start < line.end)
            .find(|cue| cue.role == CueRole::Reply && cue.span.start > begins);
        let end = match next {
            _ if is_quoted => end_of_quotes(self.text, begins, line.end),
            Some(next) => next.span.start,
            None => line.end,
        };
        self.extend(end);
        if end == line.end {
            self.pass(line_end);
            return None;
        }
        self.close();
        self.pass(end);
        Some(end..line_end)
    }

    /// Whether an enhanced code stands behind its words and closes the line.
    fn closes(&self, line: &Range<usize>, code: usize) -> bool {
        self.code_at(code).is_some_and(|this| {
            let rest = self.text.get(this.span.end + self.offset..line.end).unwrap_or_default();
            this.reply.is_none() && code > line.start + 10 && !rest.contains(|c: char| c.is_alphanumeric())
        })
    }

    /// Whether a code goes on with the reply that is open, rather than beginning another.
    fn goes_on(&self, code: usize, start: usize) -> bool {
        let Some(open) = &self.open else { return false };
        let first = self.code_at(open.span.start);
        let this = self.code_at(code);
        // Within a line a code is a quotation, as is one that belongs to the same reply.
        code > start
            || match (first, this) {
                (Some(first), Some(this)) => first.reply == this.reply || this.reply.is_none(),
                _ => true,
            }
    }

    /// The first code at a place or behind it.
    fn code_at(&self, place: usize) -> Option<&Codes> {
        let at = self.codes.partition_point(|code| code.span.start + self.offset < place);
        self.codes.get(at)
    }

    fn cue(&self, line: &Range<usize>, role: CueRole) -> Option<&Cue> {
        let within = self.cues[self.next_cue..].iter().take_while(|cue| cue.span.start < line.end);
        within.into_iter().find(|cue| cue.role == role)
    }

    /// Where the code in the line begins: a reply code before one that stands alone, which may be the wrapper's own.
    fn code(&self, line: &Range<usize>) -> Option<usize> {
        let within =
            self.codes[self.next_code..].iter().take_while(|code| code.span.start + self.offset < line.end);
        let code = within.clone().find(|code| code.reply.is_some()).or_else(|| within.into_iter().next())?;
        Some(code.span.start + self.offset)
    }

    /// Leaves behind what stands before this place.
    fn pass(&mut self, end: usize) {
        while self.cues.get(self.next_cue).is_some_and(|cue| cue.span.start < end) {
            self.next_cue += 1;
        }
        while self.codes.get(self.next_code).is_some_and(|code| code.span.start + self.offset < end) {
            self.next_code += 1;
        }
    }

    /// What the cues of a line say of who was refused.
    fn sides(&mut self, line: &Range<usize>) {
        let mut side = self.side;
        for cue in self.cues[self.next_cue..].iter().take_while(|cue| cue.span.start < line.end) {
            match cue.role {
                CueRole::AtSender => side = Side::Sender,
                // Postfix refuses a sender when it hears the recipient.
                CueRole::AtRecipient if side != Side::Sender => side = Side::Recipient,
                _ => {}
            }
        }
        self.side = side;
        if let Some(open) = &mut self.open
            && side != Side::Either
        {
            open.side = side;
        }
    }

    fn begin(&mut self, speaker: Speaker, is_announced: bool, start: usize) {
        self.close();
        let mut lead = self.paragraph.min(start).max(start.saturating_sub(LONGEST_LEAD));
        while !self.text.is_char_boundary(lead) {
            lead += 1;
        }
        self.open = Some(Statement { speaker, is_announced, span: start..start, lead, side: self.side });
    }

    fn extend(&mut self, end: usize) {
        if let Some(open) = &mut self.open {
            open.span.end = open.span.end.max(end);
        }
    }

    /// Words of the wrapper, which go on as long as nobody else speaks.
    fn wrap(&mut self, start: usize, end: usize) {
        if !self.open.as_ref().is_some_and(|open| open.speaker == Speaker::Wrapper) {
            self.begin(Speaker::Wrapper, false, start);
        }
        self.extend(end);
    }

    fn close(&mut self) {
        if let Some(mut done) = self.open.take()
            && !self.text[done.span.clone()].trim().is_empty()
        {
            if done.side == Side::Either {
                done.side = self.side;
            }
            self.found.push(done);
        }
    }
}

/// Whether a line begins with the recipient that the next reply is about: `<bob@example.org>: ...`.
fn names_somebody(line: &str) -> bool {
    if line.starts_with('<') && line.len() > 2 {
        let address = line.get(..line.len().min(LONGEST_ADDRESS)).and_then(|line| line.split_once('>'));
        return address.is_some_and(|(address, rest)| address.contains('@') && rest.starts_with(':'));
    }
    line.len() <= LONGEST_ADDRESS
        && line.contains('@')
        && !line.contains(' ')
        && message::address(line).is_some()
}

/// Where something in double quotes ends, at the latest at `end`.
fn end_of_quotes(text: &str, start: usize, end: usize) -> usize {
    let mut escaped = false;
    let said = text.get(start..end).unwrap_or_default();
    let length = said.bytes().position(|octet| {
        let ends = octet == b'"' && !escaped;
        escaped = octet == b'\\' && !escaped;
        ends
    });
    length.map_or(end, |length| start + length)
}
