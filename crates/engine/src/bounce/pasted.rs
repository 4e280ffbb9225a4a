//! From what was pasted or dropped to one text with its parts marked.

mod copy;
mod fields;

use std::ops::Range;

use self::{
    copy::copy_begins,
    fields::{is_field, is_message, quotes_report, report_begins, report_in, status_in},
};
use super::{MOST_READ, READ_AT_EACH_END, cue::Cues, dress, fact::ends};
use crate::{
    headers,
    message::{self, Body, Decode, DeliveryReport, Entity, Headers},
};

pub(super) use fields::{is_from_system, is_system};

words! {
    /// What was pasted.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum PastedKind {
        /// A message that reports on another one.
        Report = "report",
        /// Another message with its header.
        Message = "message",
        /// Header fields without a message.
        Headers = "headers",
        /// One line of a server.
        Reply = "reply",
        /// Anything else: prose, a box of a mail program.
        Text = "text",
    }
    key "bounce.kind.{}"
}

/// What a part of the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// Words for people.
    Prose,
    /// Fields for machines (RFC 3464).
    Status,
    /// The message that could not be delivered, or its header.
    Original,
}

/// A pasted text, decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Pasted {
    /// What it is.
    pub kind: PastedKind,
    /// Everything that can be read, in order.
    pub text: String,
    /// The parts of `text`.
    pub regions: Vec<(Region, Range<usize>)>,
    /// The header of the pasted message.
    pub headers: Headers,
    /// The header of the message it is about; of the pasted message where that is no report.
    pub original: Headers,
    /// What that header says, if it says something about its way or its sender.
    pub header: Option<headers::HeaderReading>,
    /// The fields for machines.
    pub report: Option<DeliveryReport>,
}

impl Pasted {
    /// Reads octets: a file, or the UTF-8 of a paste. The cues tell where a copy of the message begins; its text is the same
    /// without them.
    pub(super) fn read(octets: &[u8], decode: Decode<'_>, cues: &Cues) -> Self {
        if let Some(words) = message::outlook::words(octets) {
            return Self::of_text(&words, decode, cues);
        }
        let plain = std::str::from_utf8(octets).ok().map(dress::undressed);
        let octets = plain.as_deref().map_or(octets, str::as_bytes);
        let is_message = message::headers(octets, decode).is_some_and(|headers| is_message(&headers));
        let mut pasted = if is_message {
            Self::of_message(message::parse(octets, decode), decode, cues)
        } else {
            // No message: its first lines may still have been taken for header fields.
            let text = message::charset::text(octets, None, decode);
            match report_begins(&text) {
                Some(at) => Self::of_message(message::parse(&text.as_bytes()[at..], decode), decode, cues),
                None => Self::of_text(&dress::undressed(&text), decode, cues),
            }
        };
        let tells = ["Received", "Authentication-Results", "DKIM-Signature"];
        if tells.iter().any(|name| pasted.original.get(name).is_some()) {
            let is_own = matches!(pasted.kind, PastedKind::Message | PastedKind::Headers);
            let read = if is_own { headers::read } else { headers::read_returned };
            pasted.header = Some(read(&pasted.original, decode));
        }
        pasted
    }

    fn of_message(entity: Entity, decode: Decode<'_>, cues: &Cues) -> Self {
        let mut pasted = Self {
            kind: PastedKind::Message,
            text: String::new(),
            regions: Vec::new(),
            header: None,
            report: DeliveryReport::of(&entity),
            original: Headers::default(),
            headers: entity.headers.clone(),
        };
        for name in ["Subject", "X-Failed-Recipients"] {
            if let Some(value) = entity.headers.text(name, decode) {
                pasted.push(Region::Prose, &format!("{name}: {value}"));
            }
        }
        // Somebody passes a report on: attached, or as text.
        let attached = if is_from_system(&entity.headers) { None } else { report_in(&entity) };
        match attached {
            Some(inner) => {
                pasted.headers = inner.headers.clone();
                for name in ["Subject", "X-Failed-Recipients"] {
                    if let Some(value) = inner.headers.text(name, decode) {
                        pasted.push(Region::Prose, &format!("{name}: {value}"));
                    }
                }
                pasted.add(inner, decode);
            }
            None => pasted.add(&entity, decode),
        }
        if pasted.report.is_none() {
            pasted.report = status_in(&pasted.text);
        }
        let is_report = pasted.report.is_some()
            || is_from_system(&pasted.headers)
            || pasted.regions.iter().any(|(region, part)| {
                *region == Region::Prose
                    && ends(&pasted.text, part.clone(), READ_AT_EACH_END)
                        .into_iter()
                        .any(|part| quotes_report(&pasted.text[part]))
            });
        let has_words = pasted.regions.iter().any(|(region, part)| {
            *region == Region::Prose && !pasted.text[part.clone()].trim_start().starts_with("Subject:")
        });
        pasted.kind = match (is_report, has_words) {
            (true, _) => PastedKind::Report,
            (false, true) => PastedKind::Message,
            (false, false) => PastedKind::Headers,
        };
        if !is_report {
            pasted.original = entity.headers;
        } else if pasted.original.0.is_empty() {
            // qmail, Exim and others put the message behind a line of their own.
            pasted.split_original(cues);
        }
        pasted
    }

    fn of_text(text: &str, decode: Decode<'_>, cues: &Cues) -> Self {
        let html = message::looks_like_html(text).then(|| message::to_text(text));
        let text = html.as_deref().unwrap_or(text);
        let plain = message::looks_quoted_printable(text)
            .then(|| message::charset::text(&message::quoted_printable(text.as_bytes()), None, decode));
        let text = plain.as_deref().unwrap_or(text);
        let mut pasted = Self {
            kind: PastedKind::Text,
            text: String::new(),
            regions: Vec::new(),
            headers: Headers::default(),
            original: Headers::default(),
            header: None,
            report: status_in(text),
        };
        pasted.push(Region::Prose, text);
        pasted.split_original(cues);
        let lines = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).take(4).count();
        let has_code = |text: &str| super::codes(text).iter().any(|code| code.reply.is_some());
        // No server says more.
        if pasted.text.len() <= MOST_READ && lines(&pasted.text) <= 3 && has_code(&pasted.text) {
            pasted.kind = PastedKind::Reply;
        }
        pasted
    }

    fn push(&mut self, region: Region, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.regions.push((region, start..self.text.len()));
        if !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// Adds what can be read in a message. Of several forms of the same text the plainest is taken.
    fn add(&mut self, entity: &Entity, decode: Decode<'_>) {
        match &entity.body {
            Body::Text(text) => {
                if entity.content_type.kind.ends_with("delivery-status") {
                    self.push(Region::Status, text);
                } else {
                    self.push(Region::Prose, &dress::undressed(text));
                }
            }
            Body::Parts(parts) => {
                let alternative = entity.content_type.kind == "multipart/alternative";
                let plain = parts.iter().find(|part| {
                    part.content_type.kind == "text/plain"
                        && part.text().is_some_and(|text| !text.trim().is_empty())
                });
                match plain.filter(|_| alternative) {
                    Some(plain) => self.add(plain, decode),
                    None => parts.iter().for_each(|part| self.add(part, decode)),
                }
            }
            Body::Message(inner) => {
                if self.original.0.is_empty() {
                    self.original = inner.headers.clone();
                }
                let mut text = String::new();
                for header in &inner.headers.0 {
                    text.push_str(&header.name);
                    text.push_str(": ");
                    text.push_str(&message::decode_words(&header.value, decode));
                    text.push('\n');
                }
                self.push(Region::Original, &text);
            }
            Body::Other(_) => {}
        }
    }

    /// Where prose ends with a copy of the message, takes the copy apart.
    fn split_original(&mut self, cues: &Cues) {
        let Some(index) = self.regions.iter().position(|(region, _)| *region == Region::Prose) else {
            return;
        };
        let part = self.regions[index].1.clone();
        let Some(at) = copy_begins(&self.text[part.clone()], cues).map(|at| part.start + at) else { return };
        self.regions[index].1 = part.start..at;
        self.regions.insert(index + 1, (Region::Original, at..part.end));
        if part.start == at {
            self.regions.remove(index);
        }
        if self.original.0.is_empty() {
            // Behind the line that announces it.
            let copy = &self.text[at..part.end];
            let header = copy.lines().scan(0, |offset, line| {
                let start = *offset;
                *offset += line.len() + 1;
                Some((start, line))
            });
            let begins = header.skip(1).take(12).find(|(_, line)| is_field(line)).map(|(start, _)| start);
            if let Some((headers, _)) = begins.and_then(|start| Headers::read(copy.get(start..)?)) {
                self.original = headers;
            }
        }
    }

    /// The parts of one kind.
    pub fn parts(&self, region: Region) -> impl Iterator<Item = Range<usize>> {
        self.regions.iter().filter(move |(kind, _)| *kind == region).map(|(_, part)| part.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{knowledge::SmtpCodes, message::charset::plain};

    fn cues() -> Cues {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/data/smtp-codes.json");
        let codes: SmtpCodes = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        Cues::new(&codes.cues)
    }

    fn read(text: &str) -> Pasted {
        Pasted::read(text.as_bytes(), &plain, &cues())
    }

    #[test]
    fn kinds_are_told_apart() {
        assert_eq!(read("550 5.1.1 User unknown").kind, PastedKind::Reply);
        assert_eq!(read("Sending failed: the server does not answer.").kind, PastedKind::Text);
        assert_eq!(read("Error: cannot\nSubject: x").kind, PastedKind::Text);
        assert_eq!(
            read("Received: from a by b; now\nFrom: x@y.example\nMessage-ID: <1@y.example>\n").kind,
            PastedKind::Headers
        );
        assert_eq!(read("Received: from a by b\nFrom: x@y.example\n\nhello").kind, PastedKind::Message);
        assert_eq!(
            read("From: MAILER-DAEMON@a.example\nDate: x\nMessage-ID: <1@a>\n\nnot delivered").kind,
            PastedKind::Report
        );
    }

    #[test]
    fn a_report_that_somebody_passes_on_is_one() {
        let head =
            "Received: from a by b\nFrom: anna@shop.example\nTo: helper@desk.example\nSubject: Fwd: mail\n";
        let quoted = format!(
            "{head}\nPlease look.\n\n> From: Mail Delivery System <MAILER-DAEMON@mx.shop.example>\n> not delivered\n"
        );
        assert_eq!(read(&quoted).kind, PastedKind::Report);
        let said =
            format!("{head}\n<bob@rcpt.example>: host mx.rcpt.example[11.22.33.1] said: 550 5.1.1 no\n");
        assert_eq!(read(&said).kind, PastedKind::Report);
        let attached = format!(
            "{head}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nPlease look.\n--b\nContent-Type: message/rfc822\n\n\
             From: MAILER-DAEMON@mx.shop.example\nTo: anna@shop.example\nSubject: Undelivered\n\n550 5.1.1 no such user\n--b--\n"
        );
        let pasted = read(&attached);
        assert_eq!((pasted.kind, pasted.headers.get("To")), (PastedKind::Report, Some("anna@shop.example")));
        assert!(
            pasted.parts(Region::Prose).any(|part| pasted.text[part].contains("550 5.1.1")),
            "{}",
            pasted.text
        );
        let told = format!("{head}\nMy bank said: 5 days. The mailer-daemon of the host wrote.\n");
        assert_eq!(read(&told).kind, PastedKind::Message);
    }

    #[test]
    fn a_message_that_outlook_saved_is_read_as_text() {
        let mut octets = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0];
        octets.extend("550 5.1.1 User unknown".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(Pasted::read(&octets, &plain, &cues()).text.trim(), "550 5.1.1 User unknown");
    }

    #[test]
    fn the_copy_is_told_from_the_report() {
        let pasted = read(
            "Hi. This is qmail.\n<a@b.example>: no such user\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <me@c.example>\nFrom: me@c.example\n",
        );
        assert_eq!(
            pasted.regions.iter().map(|(region, _)| *region).collect::<Vec<_>>(),
            [Region::Prose, Region::Original]
        );
        assert_eq!(pasted.original.get("Return-Path"), Some("<me@c.example>"));
    }

    #[test]
    fn fields_for_machines_are_found_in_prose() {
        let pasted = read(
            "Delivery failed.\n\nReporting-MTA: dns; a.example\n\nFinal-Recipient: rfc822; b@c.example\nStatus: 5.1.1\n",
        );
        assert_eq!(pasted.report.unwrap().recipients.len(), 1);
    }
}
