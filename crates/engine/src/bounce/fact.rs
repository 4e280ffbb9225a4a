//! What a text says about sender, server and recipient, with the places where it says it.

mod collected;

use std::{net::IpAddr, ops::Range};

use serde::Serialize;

use crate::{dns::Name, target::Target};

pub(super) use self::collected::facts;

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

/// Octets of the longest value: no path is longer than 256 (RFC 5321 section 4.5.3.1.3), and no date.
pub(super) const LONGEST: usize = 400;

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
    use super::{
        super::{cue::Cues, pasted::Pasted},
        *,
    };
    use crate::{knowledge::SmtpCodes, message::charset::plain};

    fn cues() -> Cues {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/data/smtp-codes.json");
        let codes: SmtpCodes = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        Cues::new(&codes.cues)
    }

    fn read(text: &str) -> Vec<(FactKind, String)> {
        let pasted = Pasted::read(text.as_bytes(), &plain, &cues());
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
            &cues(),
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
        let pasted = Pasted::read(text.as_bytes(), &plain, &cues());
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
        let pasted = Pasted::read(text.as_bytes(), &plain, &cues());
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
        let pasted = Pasted::read(b"mail from a@example.org by 11.22.33.44 and 10.0.0.1", &plain, &cues());
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
