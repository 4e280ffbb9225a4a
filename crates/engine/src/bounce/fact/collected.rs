//! The facts that a text names: first what its report and its header say in fields, then what its words say.

use std::{net::IpAddr, ops::Range};

use super::{
    super::{
        code::Enhanced,
        cue::Cues,
        pasted::{Pasted, Region, is_from_system, is_system},
        token::{Token, TokenKind, Tokens, address, is_host},
    },
    BounceFact, FactKind, LONGEST, ends,
};
use crate::{
    dns::{Name, is_public},
    knowledge::CueRole,
    message::{self, Date, DeliveryReport},
    steps,
};

/// Facts of one kind that are kept; more would be a list of addresses, not a report.
const MOST: usize = 20;
/// Octets behind a host in which it is told that it said something: its address stands between.
const SAID_WITHIN: usize = 80;
/// Octets that are searched at each end of a text that is longer than twice this.
const SEARCHED: usize = 256 * 1024;

/// The facts in a pasted text.
pub(in crate::bounce) fn facts(pasted: &Pasted, is_login: bool, cues: &Cues) -> Vec<BounceFact> {
    let mut facts = Collected { facts: Vec::new(), text: &pasted.text, is_login };
    facts.of_report(pasted);
    facts.of_original(pasted);
    for (region, part) in &pasted.regions {
        if *region != Region::Original {
            for part in ends(&pasted.text, part.clone(), SEARCHED) {
                facts.of_text(&Tokens::scan(&pasted.text, part.clone(), cues), part, *region);
            }
        }
    }
    facts.finish(pasted.report.is_some())
}

struct Collected<'a> {
    facts: Vec<BounceFact>,
    text: &'a str,
    /// Whether a login was refused: then an address is that of the account.
    is_login: bool,
}

impl Collected<'_> {
    fn add(&mut self, kind: FactKind, value: &str, span: Option<Range<usize>>) {
        let value = value.trim();
        if value.is_empty()
            || value.len() > LONGEST
            || self.facts.iter().any(|fact| fact.kind == kind && fact.value.eq_ignore_ascii_case(value))
            || self.facts.iter().filter(|fact| fact.kind == kind).count() >= MOST
        {
            return;
        }
        let span = span.or_else(|| {
            let at = self.text.get(..self.text.len().min(SEARCHED)).unwrap_or(self.text).find(value)?;
            steps::took(at + value.len());
            Some(at..at + value.len())
        });
        let private = matches!(kind, FactKind::Sender | FactKind::Recipient);
        self.facts.push(BounceFact { kind, value: value.to_owned(), span, proposed: false, private });
    }

    fn has(&self, kind: FactKind) -> bool {
        self.facts.iter().any(|fact| fact.kind == kind)
    }

    fn is(&self, kind: FactKind, value: &str) -> bool {
        self.facts.iter().any(|fact| fact.kind == kind && fact.value.eq_ignore_ascii_case(value))
    }

    fn sender(&mut self, address: &str, span: Option<Range<usize>>) {
        let lower = address.to_ascii_lowercase();
        if ["mailer-daemon@", "postmaster@", "double-bounce@"].iter().any(|daemon| lower.starts_with(daemon))
        {
            return;
        }
        if let Some(domain) = message::domain_of(address) {
            self.add(FactKind::Sender, address, span);
            self.add(FactKind::Domain, domain.as_str(), None);
        }
    }

    fn ip(&mut self, kind: FactKind, ip: IpAddr, span: Option<Range<usize>>) {
        self.add(kind, &ip.to_canonical().to_string(), span);
    }

    fn of_report(&mut self, pasted: &Pasted) {
        let Some(report) = &pasted.report else { return };
        for (name, kind) in [("Remote-MTA", FactKind::RemoteHost), ("Reporting-MTA", FactKind::Helo)] {
            for field in report.all(name) {
                // `mx.example.org (192.0.2.1, the server for the domain)`
                let value = DeliveryReport::value(&field.value);
                let host = value.split([' ', '(', '[', ',']).next().unwrap_or_default();
                if is_host(host) {
                    self.add(kind, host.trim_end_matches('.'), None);
                }
                if kind == FactKind::RemoteHost {
                    for ip in value.split([' ', '(', ')', '[', ']', ',']).filter_map(address) {
                        self.ip(FactKind::RemoteIp, ip, None);
                    }
                }
            }
        }
        for name in ["Original-Recipient", "Final-Recipient"] {
            for field in report.all(name) {
                let value = DeliveryReport::value(&field.value);
                if let Some(address) = message::address(value) {
                    self.add(FactKind::Recipient, &address, None);
                }
            }
        }
        for name in ["X-Postfix-Sender", "X-Original-Sender"] {
            for field in report.all(name) {
                if let Some(address) = message::address(DeliveryReport::value(&field.value)) {
                    self.sender(&address, None);
                }
            }
        }
        for name in ["Last-Attempt-Date", "Arrival-Date"] {
            for field in report.all(name) {
                if Date::parse(&field.value).is_some() {
                    self.add(FactKind::Time, &field.value, None);
                }
            }
        }
    }

    /// The header of the message that was not delivered says who sent it.
    fn of_original(&mut self, pasted: &Pasted) {
        let headers = &pasted.original;
        for name in ["From", "Return-Path", "Sender", "X-Envelope-From"] {
            if let Some(address) =
                headers.get(name).and_then(|value| message::addresses(value).into_iter().next())
            {
                self.sender(&address, None);
            }
        }
        self.of_header(pasted);
        for name in ["To", "X-Failed-Recipients"] {
            for address in headers.get(name).map(message::addresses).unwrap_or_default() {
                self.add(FactKind::Recipient, &address, None);
            }
        }
        if let Some(failed) = pasted.headers.get("X-Failed-Recipients") {
            for address in message::addresses(failed) {
                self.add(FactKind::Recipient, &address, None);
            }
        }
        // A report goes to the envelope sender (RFC 3464 section 2).
        if is_from_system(&pasted.headers) && !self.has(FactKind::Sender) {
            for address in pasted.headers.get("To").map(message::addresses).unwrap_or_default() {
                self.sender(&address, None);
            }
        }
        for signature in headers.all("DKIM-Signature").take(MOST) {
            let tags = message::tags(&signature.value);
            let tag =
                |name: &str| tags.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
            if let (Some(selector), Some(domain)) = (tag("s"), tag("d"))
                && self.facts.iter().any(|fact| fact.kind == FactKind::Domain && belongs(&fact.value, domain))
            {
                self.add(FactKind::Selector, selector, None);
            }
        }
        for name in ["Date"] {
            if let Some(value) = headers.get(name).or_else(|| pasted.headers.get(name))
                && Date::parse(value).is_some()
            {
                self.add(FactKind::Time, value, None);
            }
        }
    }

    /// What a header that arrived says of the server that handed the message over, and for whom.
    fn of_header(&mut self, pasted: &Pasted) {
        let Some(header) = &pasted.header else { return };
        if let Some(ip) = header.sender_ip {
            self.ip(FactKind::SendingIp, ip, None);
        }
        let helo = header.hand_over().and_then(|hop| hop.helo.as_deref());
        if let Some(helo) = helo.filter(|helo| is_host(helo)) {
            self.add(FactKind::Helo, helo, None);
        }
        if let (Some(from), Some(path)) = (&header.from, &header.return_path)
            && from != path
        {
            self.add(FactKind::EnvelopeDomain, path.as_str(), None);
            self.facts.retain(|fact| fact.kind != FactKind::Domain || fact.value != path.as_str());
        }
    }

    fn of_text(&mut self, tokens: &Tokens<'_>, part: Range<usize>, region: Region) {
        let mut start = part.start;
        let mut next = 0;
        let mut in_reply = false;
        let mut from_system = false;
        for line in self.text[part].split_inclusive('\n') {
            let first = next;
            let end = start + line.len();
            while tokens.all.get(next).is_some_and(|token| token.span.start < end) {
                next += 1;
            }
            if region == Region::Prose {
                self.report_fields(line, tokens, start, &mut from_system);
            }
            // Fields of a report are read already.
            let is_read = region == Region::Status
                && !line.to_ascii_lowercase().contains("diagnostic")
                && !line.starts_with([' ', '\t']);
            if !is_read {
                // A reply goes on in the lines that are set in.
                in_reply &=
                    line.starts_with([' ', '\t']) && !line.trim().is_empty() && !line.contains(" said");
                in_reply = self.of_line(tokens, first..next, in_reply);
            }
            start = end;
        }
    }

    /// From whom a report is that somebody quotes, and to whom it went: the sender.
    fn report_fields(&mut self, line: &str, tokens: &Tokens<'_>, start: usize, from_system: &mut bool) {
        let begins = |role: CueRole| {
            let at = tokens.starts.partition_point(|cue| cue.span.start < start);
            let here = tokens.starts[at..].iter().take_while(|cue| cue.span.start == start);
            here.into_iter().any(|cue| cue.role == role)
        };
        if begins(CueRole::ReportFrom) {
            *from_system = is_system(&line.to_ascii_lowercase());
        } else if *from_system && begins(CueRole::ReportTo) {
            let to = line.split_once([':', '：']).map(|(_, to)| message::addresses(to)).unwrap_or_default();
            for address in to {
                self.sender(&address, None);
            }
            *from_system = false;
        }
    }

    /// Reads the tokens of a line; whether a reply stands at its end.
    fn of_line(&mut self, tokens: &Tokens<'_>, line: Range<usize>, mut in_reply: bool) -> bool {
        for at in line {
            let token = &tokens.all[at];
            if matches!(token.text, "said" | "said:" | "smtp" | "responded" | "returned")
                || Enhanced::parse(token.text).is_some()
            {
                in_reply = true;
            }
            match token.kind {
                TokenKind::Ip(ip) if is_no_address(tokens, token, ip) => {}
                TokenKind::Ip(ip) => {
                    let last = at.checked_sub(1).map(|last| &tokens.all[last]);
                    let is_known = self.is(FactKind::RemoteIp, &ip.to_canonical().to_string());
                    if is_attempt(token.text) || is_remote(tokens, last, token, in_reply) {
                        self.ip(FactKind::RemoteIp, ip, Some(token.span.clone()));
                    } else if !is_known {
                        self.ip(FactKind::SendingIp, ip, Some(token.span.clone()));
                    }
                }
                TokenKind::Mail => self.mail_address(tokens, token),
                TokenKind::Host => self.host(tokens, token),
                TokenKind::Word => {
                    if let Some((selector, domain)) = token.text.split_once("._domainkey.") {
                        self.add(FactKind::Selector, selector, Some(token.span.clone()));
                        self.add(FactKind::Domain, domain, None);
                    }
                }
            }
        }
        in_reply
    }

    fn mail_address(&mut self, tokens: &Tokens<'_>, token: &Token<'_>) {
        let Some(found) = message::address(token.text) else { return };
        if message::domain_of(&found).is_none() {
            return;
        }
        if self.is(FactKind::Recipient, &found) || self.is(FactKind::Sender, &found) {
            return;
        }
        let span = token.span.clone();
        // `<anna@shop.example>: Sender address rejected`, perhaps in the next line.
        let is_sender =
            tokens.is_behind(span.start, CueRole::Sender) || tokens.is_before(span.end, CueRole::AtSender);
        let is_recipient = tokens.is_behind(span.start, CueRole::Recipient);
        let lower = found.to_ascii_lowercase();
        if is_sender || (self.is_login && !is_recipient) {
            self.sender(&found, Some(span));
        } else if !lower.starts_with("postmaster@") && !lower.starts_with("mailer-daemon@") {
            self.add(FactKind::Recipient, &found, Some(span));
        }
    }

    fn host(&mut self, tokens: &Tokens<'_>, token: &Token<'_>) {
        let span = token.span.clone();
        let is = |role: CueRole| tokens.is_behind(span.start, role);
        let has_address = self.text.get(span.end..).is_some_and(|after| after.starts_with('['));
        let is_remote = (is(CueRole::Server) || is(CueRole::By)) && !is(CueRole::Client)
            || has_address && tokens.is_ahead(span.end, SAID_WITHIN, CueRole::Reply);
        let name = token.text.trim_end_matches('.').to_ascii_lowercase();
        if is_remote {
            self.add(FactKind::RemoteHost, &name, Some(span));
        } else if is(CueRole::Domain) && !has_address && !is(CueRole::Client) {
            self.add(FactKind::Domain, &name, Some(span));
        }
    }

    /// Chooses what a run should ask about.
    fn finish(mut self, is_report: bool) -> Vec<BounceFact> {
        // A domain of the receiver's is not the sender's, unless both are the same.
        let recipients: Vec<String> = self
            .facts
            .iter()
            .filter(|fact| fact.kind == FactKind::Recipient)
            .filter_map(|fact| message::domain_of(&fact.value).map(|name| name.to_string()))
            .collect();
        let sure = self.has(FactKind::Sender);
        if sure {
            let senders: Vec<String> = self
                .facts
                .iter()
                .filter(|fact| fact.kind == FactKind::Sender)
                .filter_map(|fact| message::domain_of(&fact.value).map(|name| name.to_string()))
                .collect();
            self.facts.retain(|fact| {
                fact.kind != FactKind::Domain
                    || senders.contains(&fact.value)
                    || !recipients.contains(&fact.value)
            });
        } else {
            self.facts.retain(|fact| fact.kind != FactKind::Domain || !recipients.contains(&fact.value));
        }
        let remote: Vec<String> = self
            .facts
            .iter()
            .filter(|fact| fact.kind == FactKind::RemoteIp)
            .map(|fact| fact.value.clone())
            .collect();
        self.facts.retain(|fact| fact.kind != FactKind::SendingIp || !remote.contains(&fact.value));
        let mut domain = false;
        for fact in &mut self.facts {
            fact.proposed = match fact.kind {
                FactKind::SendingIp => fact.value.parse().is_ok_and(is_public),
                FactKind::Domain => !std::mem::replace(&mut domain, true),
                // Whoever reports is often the provider's last server, which greets nobody in the sender's name.
                FactKind::Helo => !is_report,
                FactKind::Selector | FactKind::EnvelopeDomain => true,
                _ => false,
            };
        }
        self.facts
    }
}

/// Whether an address belongs to the server that was talked to: `host mx.example.org[192.0.2.1] said`.
fn is_remote(tokens: &Tokens<'_>, last: Option<&Token<'_>>, token: &Token<'_>, in_reply: bool) -> bool {
    let host =
        last.filter(|last| last.kind == TokenKind::Host && tokens.is_gap(last.span.end..token.span.start));
    // Gmail names whom it tried: `[mx.example.org. 192.0.2.1: timed out]`.
    if host.is_some_and(|host| tokens.is_tried(host.span.start, token.span.start)) {
        return true;
    }
    if in_reply {
        return false;
    }
    let place = host.map_or(token.span.start, |host| host.span.start);
    let is = |role: CueRole| tokens.is_behind(place, role);
    let is_end = is(CueRole::Server) || host.is_some() && (is(CueRole::By) || is(CueRole::Peer));
    is_end && !is(CueRole::Client)
}

/// Whether Exchange says so of the server that it tried: `[LastAttemptedIP=192.0.2.1:25]`.
fn is_attempt(word: &str) -> bool {
    const WORD: &str = "lastattemptedip=";
    word.get(..WORD.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(WORD))
}

/// Whether four numbers are something else: a code of Yahoo's (`user complaints - 4.16.55.1`), a section of an RFC, a
/// version, the number of a rule.
fn is_no_address(tokens: &Tokens<'_>, token: &Token<'_>, ip: IpAddr) -> bool {
    let is_small = matches!(ip, IpAddr::V4(ip) if ip.octets().iter().all(|&number| number < 10));
    tokens.is_behind(token.span.start, CueRole::Number)
        || is_small && tokens.is_behind(token.span.start, CueRole::Rule)
}

/// Whether two domains are one or one is above the other.
fn belongs(a: &str, b: &str) -> bool {
    match (Name::parse(a), Name::parse(b)) {
        (Ok(a), Ok(b)) => a.is_within_or_above(&b),
        _ => false,
    }
}
