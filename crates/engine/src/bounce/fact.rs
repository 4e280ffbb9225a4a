//! What a text says about sender, server and recipient, with the places where it says it.

use std::{net::IpAddr, ops::Range};

use serde::Serialize;

use super::{
    cue::Cues,
    pasted::{Pasted, Region, is_from_system, is_system},
    token::{Token, TokenKind, Tokens, address, is_host},
};
use crate::{
    dns::{Name, is_public},
    knowledge::CueRole,
    message::{self, Date, DeliveryReport},
    steps,
    target::Target,
};

/// One thing a text says.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BounceFact {
    /// What it is. The words are `bounce.fact.<word>`.
    pub kind: FactKind,
    /// As the text has it, cleaned. Untrusted.
    pub value: String,
    /// Where it stands in [`super::BounceReading::text`]; none if it stands in a field that is not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Range<usize>>,
    /// Whether a run should ask about it: what the page shows as a chip.
    pub proposed: bool,
    /// Whether it names a person, and is left out of reports.
    pub private: bool,
}

impl BounceFact {
    /// The domain of a recipient, to be asked about.
    pub(super) fn recipient_domain(value: String) -> Self {
        Self { kind: FactKind::RecipientDomain, value, span: None, proposed: true, private: false }
    }
}

words! {
    /// What a fact is.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum FactKind {
        /// The address that handed the message to the server that refused it.
        SendingIp = "sending-ip",
        /// The sender's domain.
        Domain = "domain",
        /// The domain of the envelope sender, where it is not that of the From line.
        EnvelopeDomain = "envelope-domain",
        /// The sender's address.
        Sender = "sender",
        /// A DKIM selector of the sender's.
        Selector = "selector",
        /// The name of the sending server.
        Helo = "helo",
        /// The server that refused.
        RemoteHost = "remote-host",
        /// Its address.
        RemoteIp = "remote-ip",
        /// To whom.
        Recipient = "recipient",
        /// The recipient's domain, where the error says that it cannot be found or reached.
        RecipientDomain = "recipient-domain",
        /// When.
        Time = "time",
    }
    key "bounce.fact.{}"
}

/// Facts of one kind that are kept; more would be a list of addresses, not a report.
const MOST: usize = 20;
/// Octets of the longest value: no path is longer than 256 (RFC 5321 section 4.5.3.1.3), and no date.
pub(super) const LONGEST: usize = 400;
/// Octets behind a host in which it is told that it said something: its address stands between.
const SAID_WITHIN: usize = 80;
/// Octets that are searched at each end of a text that is longer than twice this.
const SEARCHED: usize = 256 * 1024;

/// The facts in a pasted text.
pub(super) fn facts(pasted: &Pasted, is_login: bool, cues: &Cues) -> Vec<BounceFact> {
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

/// The text as it is, or `each` octets of its beginning and its end: where something is said of a message, it is said
/// there.
pub(super) fn ends(text: &str, part: Range<usize>, each: usize) -> Vec<Range<usize>> {
    if part.len() <= 2 * each {
        return vec![part];
    }
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at += 1;
        }
        at
    };
    vec![part.start..boundary(part.start + each), boundary(part.end - each)..part.end]
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
                || super::code::Enhanced::parse(token.text).is_some()
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

/// The target that the proposed facts make, without those whose positions are in `removed`.
#[must_use]
pub fn proposal(facts: &[BounceFact], removed: &[usize]) -> Target {
    let mut target = Target::default();
    let mut envelope: Option<Name> = None;
    let kept = facts.iter().enumerate().filter(|(at, fact)| fact.proposed && !removed.contains(at));
    for (_, fact) in kept {
        match fact.kind {
            FactKind::SendingIp => target.ips.extend(fact.value.parse::<IpAddr>().ok()),
            FactKind::Domain => target.domain = target.domain.or_else(|| Name::parse(&fact.value).ok()),
            FactKind::Selector => target.selectors.push(fact.value.to_ascii_lowercase()),
            FactKind::EnvelopeDomain => envelope = Name::parse(&fact.value).ok(),
            FactKind::RecipientDomain => {
                target.recipient = target.recipient.or_else(|| Name::parse(&fact.value).ok());
            }
            FactKind::Helo => target.helo = target.helo.or_else(|| Name::parse(&fact.value).ok()),
            _ => {}
        }
    }
    target.domain = target.domain.or(envelope);
    // A name of the server alone is nothing to ask about.
    if target.domain.is_none() && target.ips.is_empty() {
        target.helo = None;
    }
    target
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

    fn read(text: &str) -> Vec<(FactKind, String)> {
        let pasted = Pasted::read(text.as_bytes(), &plain);
        facts(&pasted, false, &cues()).into_iter().map(|fact| (fact.kind, fact.value)).collect()
    }

    #[test]
    fn who_is_who_in_a_line() {
        let facts = read(
            "<bob@shop.example>: host mx.shop.example[11.22.33.1] said: 550 5.7.1 Service unavailable; Client host [11.22.33.44] blocked using zen.spamhaus.org",
        );
        assert!(facts.contains(&(FactKind::Recipient, "bob@shop.example".into())), "{facts:?}");
        assert!(facts.contains(&(FactKind::RemoteHost, "mx.shop.example".into())), "{facts:?}");
        assert!(facts.contains(&(FactKind::RemoteIp, "11.22.33.1".into())), "{facts:?}");
        assert!(facts.contains(&(FactKind::SendingIp, "11.22.33.44".into())), "{facts:?}");
    }

    #[test]
    fn the_address_that_was_refused_is_the_senders_and_the_one_that_was_tried_is_not() {
        let client = (FactKind::SendingIp, "11.22.33.44".to_owned());
        for text in [
            "554 Service unavailable; Client host [11.22.33.44] blocked using zen.spamhaus.org",
            "<bob@rcpt.example>: host mx.rcpt.example[11.22.33.1] said: 554 5.7.1 Service\n    unavailable; Client host [11.22.33.44] blocked",
            "<bob@rcpt.example>: host mx.rcpt.example[11.22.33.1] said: 554 5.7.1 Service\n    refused by host [11.22.33.44]",
            "421 4.7.0 [TSS04] Messages from 11.22.33.44 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes",
        ] {
            let facts = read(text);
            let ips: Vec<_> = facts.iter().filter(|fact| fact.0 == FactKind::SendingIp).collect();
            assert_eq!(ips, [&client], "{text}");
            assert!(!facts.contains(&(FactKind::RemoteIp, "11.22.33.44".into())), "{text}");
        }
        for text in [
            "The recipient server did not accept our requests to connect. [mx.rcpt.example. 11.22.33.9: timed out]",
            "450 4.4.316 Connection refused [Message=Socket error code 10061] [LastAttemptedServerName=mx.rcpt.example] [LastAttemptedIP=11.22.33.9:25]",
            "Receiving server: mx.rcpt.example (11.22.33.9)",
        ] {
            let facts = read(text);
            assert!(facts.contains(&(FactKind::RemoteIp, "11.22.33.9".into())), "{text}: {facts:?}");
            assert!(!facts.iter().any(|fact| fact.0 == FactKind::SendingIp), "{text}: {facts:?}");
        }
        // A text that is set in as a whole names a server in each of its lines.
        let facts = read(
            "  <a@one.example>: host mx.one.example[11.22.33.1] said: 550 5.1.1 no\n  <b@two.example>: host mx.two.example[11.22.33.2] said: 550 5.1.1 no",
        );
        assert!(facts.contains(&(FactKind::RemoteIp, "11.22.33.2".into())), "{facts:?}");
    }

    #[test]
    fn numbers_of_sections_and_rules_are_no_addresses() {
        for text in [
            "501 5.5.2 Syntax error, see RFC2821 4.1.1.1",
            "550 Access denied, see RFC 5321 section 4.1.1.1",
            "550 HELO not valid (RFC 2821 4.1.1.1)",
            "554 Refused by policy (3.2.1.1)",
            "550 Gateway version 4.3.2.1 refused this message",
        ] {
            let facts = read(text);
            assert!(!facts.iter().any(|fact| fact.0 == FactKind::SendingIp), "{text}: {facts:?}");
        }
        let facts = read("554 Refused by policy (11.22.33.44)");
        assert!(facts.contains(&(FactKind::SendingIp, "11.22.33.44".into())), "{facts:?}");
    }

    #[test]
    fn a_refused_sender_is_no_recipient() {
        for text in [
            "450 4.1.8 <anna@shop.example>: Sender address rejected: Domain not found",
            "<bob@rcpt.example>: host mx.rcpt.example[11.22.33.1] said: 450 4.1.8 <anna@shop.example>:\n    Sender address rejected: Domain not found",
            "550-Verification failed for <anna@shop.example>\n550 Sender verify failed",
            "From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>\nTo: anna@shop.example\nSubject: Delivery failed\n\nbob@rcpt.example was not found.",
            "From: MAILER-DAEMON@rcpt.example\nTo: <anna@shop.example>\nMessage-ID: <1@rcpt.example>\n\nnot delivered",
        ] {
            let facts = read(text);
            assert!(facts.contains(&(FactKind::Sender, "anna@shop.example".into())), "{text}: {facts:?}");
            assert!(facts.contains(&(FactKind::Domain, "shop.example".into())), "{text}: {facts:?}");
            assert!(!facts.contains(&(FactKind::Recipient, "anna@shop.example".into())), "{text}: {facts:?}");
        }
        let facts = read("550 5.1.1 <bob@rcpt.example>: Recipient address rejected: User unknown");
        assert_eq!(facts, [(FactKind::Recipient, "bob@rcpt.example".to_owned())]);
    }

    #[test]
    fn who_reports_did_not_greet_in_the_senders_name() {
        let pasted = Pasted::read(
            b"Client host [11.22.33.44] blocked\n\nReporting-MTA: dns; AM0PR02.eurprd02.prod.outlook.com\n\nFinal-Recipient: rfc822; bob@rcpt.example\nStatus: 5.7.1\n",
            &plain,
        );
        let facts = facts(&pasted, false, &cues());
        assert!(facts.iter().any(|fact| fact.kind == FactKind::Helo), "{facts:?}");
        let target = proposal(&facts, &[]);
        assert_eq!((target.ips.len(), target.helo), (1, None));
    }

    #[test]
    fn addresses_in_every_form() {
        for text in [
            "your IP 11.22.33.44 is",
            "[11.22.33.44]",
            "ip=11.22.33.44",
            "https://x.example/query/ip/11.22.33.44",
            "(11.22.33.44)",
            "IP: 11.22.33.44.",
        ] {
            assert_eq!(read(text), [(FactKind::SendingIp, "11.22.33.44".to_owned())], "{text}");
        }
        assert_eq!(
            read("IPv6 address [2a00:1111::1] refused"),
            [(FactKind::SendingIp, "2a00:1111::1".to_owned())]
        );
        assert!(read("version 5.7.1, at 09:12:33, 1.2.3").is_empty());
    }

    #[test]
    fn the_domain_is_the_senders() {
        let facts = read(
            "550-5.7.26 Unauthenticated email from example.org is not accepted due to domain's DMARC policy",
        );
        assert_eq!(facts, [(FactKind::Domain, "example.org".to_owned())]);
    }

    #[test]
    fn a_header_names_who_handed_it_over() {
        let text = "Received: from mail.shop.example (mail.shop.example [11.22.33.44]) by mx.google.com with ESMTPS id x; Fri, 20 Nov 2026 01:12:38 +0000\n\
            Return-Path: <bounce+1@news.service.example>\nDKIM-Signature: d=shop.example; s=Sel1\n\
            From: anna@shop.example\nTo: bob@gmail.com\nMessage-ID: <1@shop.example>\n";
        let pasted = Pasted::read(text.as_bytes(), &plain);
        let facts = facts(&pasted, false, &cues());
        let proposed: Vec<(FactKind, &str)> =
            facts.iter().filter(|fact| fact.proposed).map(|fact| (fact.kind, fact.value.as_str())).collect();
        assert_eq!(
            proposed,
            [
                (FactKind::Domain, "shop.example"),
                (FactKind::SendingIp, "11.22.33.44"),
                (FactKind::Helo, "mail.shop.example"),
                (FactKind::EnvelopeDomain, "news.service.example"),
                (FactKind::Selector, "Sel1"),
            ]
        );
        assert!(proposal(&facts, &[]).local_part.is_none());
        let reading = crate::bounce::BounceReading {
            kind: pasted.kind,
            text: String::new(),
            verdicts: Vec::new(),
            facts,
            header: pasted.header,
            skipped: 0,
        };
        let left = |kind: FactKind| {
            let at = reading.facts.iter().position(|fact| fact.kind == kind).unwrap();
            reading.header_without(&[at]).unwrap()
        };
        assert_eq!(left(FactKind::SendingIp).sender_ip, None);
        assert_eq!(left(FactKind::EnvelopeDomain).envelope_sender, None);
        assert_eq!(left(FactKind::Selector).signatures, []);
        assert_eq!(left(FactKind::Domain).from, None);
        assert!(left(FactKind::Helo).envelope_sender.is_some());
        // Without the domain of the From line the run is about that of the envelope.
        let from = reading.facts.iter().position(|fact| fact.kind == FactKind::Domain).unwrap();
        assert_eq!(proposal(&reading.facts, &[from]).domain.unwrap().as_str(), "news.service.example");
    }

    #[test]
    fn what_came_back_was_handed_over_by_nobody() {
        let text = "From: MAILER-DAEMON@mail.shop.example\nMessage-ID: <2@mail.shop.example>\nContent-Type: multipart/report; boundary=b\n\n--b\n\n\
            <bob@rcpt.example>: host mx.rcpt.example[11.22.33.1] said: 550 5.7.1 Client host [11.22.33.44] blocked\n--b\nContent-Type: message/rfc822\n\n\
            Received: from laptop (unknown [11.22.33.77]) by mail.shop.example with ESMTPSA id 4; Fri, 20 Nov 2026 01:08:36 +0000\n\
            Authentication-Results: mail.shop.example; auth=pass\nFrom: anna@shop.example\n\n--b--\n";
        let pasted = Pasted::read(text.as_bytes(), &plain);
        let facts = facts(&pasted, false, &cues());
        let target = proposal(&facts, &[]);
        assert_eq!(
            target.ips,
            ["11.22.33.44".parse::<IpAddr>().unwrap()],
            "the sender's own device is no server"
        );
        let header = pasted.header.clone().unwrap();
        assert_eq!((header.hops.len(), header.handed_over, header.trusted()), (1, None, None));
        let reading = crate::bounce::BounceReading {
            kind: pasted.kind,
            text: String::new(),
            verdicts: Vec::new(),
            facts,
            header: pasted.header,
            skipped: 0,
        };
        assert_eq!(reading.header_without(&[]).unwrap().sender_ip, "11.22.33.44".parse().ok());
    }

    #[test]
    fn what_is_removed_is_not_asked_about() {
        let pasted = Pasted::read(b"mail from a@example.org by 11.22.33.44 and 10.0.0.1", &plain);
        let facts = facts(&pasted, false, &cues());
        let target = proposal(&facts, &[]);
        assert_eq!(target.domain.unwrap().as_str(), "example.org");
        assert_eq!(target.ips.len(), 1, "private addresses are not proposed");
        let at = facts.iter().position(|fact| fact.kind == FactKind::SendingIp).unwrap();
        assert!(proposal(&facts, &[at]).ips.is_empty());
        for fact in &facts {
            let span = fact.span.clone().unwrap();
            assert_eq!(&pasted.text[span], fact.value);
        }
    }
}
