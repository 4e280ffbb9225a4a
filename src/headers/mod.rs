//! The header of a message: the way it went, what the receiver found, and whether the DNS still says so.
//!
//! - [`read`] takes the fields apart: the chain of `Received` with times and delays, `Authentication-Results` and ARC with
//!   the question whether they are the receiver's own, signatures, addresses, the marks of Microsoft and Google.
//! - [`compare()`](compare::compare) asks the DNS what the receiver asked and says why the answers differ. It asks through
//!   [`Ask`](crate::facts::Ask), like checks do.
//!
//! Everything in a header below the receiver's own lines was written by the sender or by strangers: it is shown, and
//! believed only where the receiver's own servers wrote it (RFC 8601 section 5).

pub mod compare;
mod received;
mod results;
mod signature;

use serde::Serialize;

use crate::{
    dns::Name,
    message::{self, Date, Decode, Headers},
    target::Target,
};

pub use compare::{Comparison, compare};
pub use received::{Hop, MOST_HOPS, hops};
pub use results::{ArcSet, AuthResult, AuthResults, ReceivedSpf, Trust};
pub use signature::Signature;

/// What a header says.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// The servers the message went through, in the order of time.
    pub hops: Vec<Hop>,
    /// The hop at which the receiver's servers took the message over, a position in `hops`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handed_over: Option<usize>,
    /// Seconds from the first known time to the last; negative if the clocks disagree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub took: Option<i64>,
    /// What was found about the sender, from the top.
    pub results: Vec<AuthResults>,
    /// `Received-SPF` fields (RFC 7208 section 9.1), from the top.
    pub received_spf: Vec<ReceivedSpf>,
    /// What forwarders vouch for, in the order of their numbers (RFC 8617).
    pub arc: Vec<ArcSet>,
    /// The signatures.
    pub signatures: Vec<Signature>,
    /// The domain of the From line, which DMARC is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Name>,
    /// How many addresses the From line has; DMARC wants one.
    pub from_count: usize,
    /// The domain of the envelope sender; none for a bounce, or where the field is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_path: Option<Name>,
    /// The whole envelope sender, for the evaluation of SPF. Left out of reports.
    #[serde(skip_serializing)]
    pub envelope_sender: Option<String>,
    /// When the sender says it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The domain of the Message-ID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// How often the Message-ID occurs: 0 and several are faults.
    pub message_ids: usize,
    /// How one unsubscribes, if the message says so (RFC 2369, RFC 8058).
    pub unsubscribe: Unsubscribe,
    /// The judgement of the receiver's spam filter, as far as its marks are known.
    pub filter: Vec<FilterMark>,
}

/// How one unsubscribes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unsubscribe {
    /// There is a `List-Unsubscribe` field (RFC 2369).
    pub present: bool,
    /// With a web address that begins with `https:`.
    pub https: bool,
    /// With a mail address.
    pub mailto: bool,
    /// With one click (RFC 8058), which Gmail and Yahoo want of newsletters.
    pub one_click: bool,
}

/// One mark of a spam filter. The words are `header.mark.<name>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FilterMark {
    /// What it is.
    pub name: Mark,
    /// Its value, untrusted.
    pub value: String,
}

/// The marks that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// Microsoft's spam confidence level: -1 trusted, 0 and 1 no spam, 5 and 6 spam, 9 certainly.
    Scl,
    /// Microsoft's bulk complaint level: 0 to 9.
    Bcl,
    /// What Microsoft's filter decided: `SPM`, `BLK`, `SKN`, ...
    Sfv,
    /// The kind of threat Microsoft saw: `SPM`, `PHSH`, `BULK`, ...
    Cat,
    /// The address Microsoft judged.
    Cip,
    /// Microsoft's composite authentication and its reason.
    CompAuth,
    /// Spam, by SpamAssassin and what imitates it.
    SpamStatus,
    /// The score of such a filter.
    SpamScore,
}

/// Reads a header.
#[must_use]
pub fn read(headers: &Headers, decode: Decode<'_>) -> Reading {
    let hops = received::hops(headers);
    let handed_over = received::handed_over(&hops);
    let receivers = received::receivers(&hops, handed_over);
    let from = headers.get("From").map(message::addresses).unwrap_or_default();
    let envelope = headers.get("Return-Path").map(|path| message::address(path).unwrap_or_default());
    let ids: Vec<&str> = headers.all("Message-ID").map(|header| header.value.as_str()).collect();
    let times: Vec<i64> = hops.iter().filter_map(|hop| hop.time.map(|time| time.unix)).collect();
    let results: Vec<AuthResults> = headers
        .all("Authentication-Results")
        .map(|header| results::parse(&header.value, &receivers))
        .collect();
    let filter = marks(headers, &results);
    Reading {
        took: times.first().zip(times.last()).filter(|_| times.len() > 1).map(|(first, last)| last - first),
        handed_over,
        results,
        received_spf: headers
            .all("Received-SPF")
            .map(|header| results::received_spf(&header.value))
            .collect(),
        arc: results::arc(headers, &receivers),
        signatures: headers
            .all("DKIM-Signature")
            .take(20)
            .map(|header| Signature::parse(&header.value))
            .collect(),
        from: from.first().and_then(|address| message::domain_of(address)),
        from_count: from.len(),
        return_path: envelope.as_deref().and_then(message::domain_of),
        envelope_sender: envelope,
        date: headers.get("Date").and_then(Date::parse),
        message_id: ids.first().and_then(|id| {
            let domain = id.rsplit_once('@')?.1.trim_end_matches(['>', ' ']);
            Some(message::decode_words(domain, decode).chars().take(253).collect())
        }),
        message_ids: ids.len(),
        unsubscribe: unsubscribe(headers),
        filter,
        hops,
    }
}

fn unsubscribe(headers: &Headers) -> Unsubscribe {
    let Some(value) = headers.get("List-Unsubscribe").map(str::to_ascii_lowercase) else {
        return Unsubscribe::default();
    };
    let post = headers.get("List-Unsubscribe-Post").unwrap_or_default().to_ascii_lowercase();
    let https = value.contains("<https:");
    Unsubscribe {
        present: true,
        https,
        mailto: value.contains("<mailto:"),
        one_click: https && post.replace(' ', "").contains("list-unsubscribe=one-click"),
    }
}

fn marks(headers: &Headers, results: &[AuthResults]) -> Vec<FilterMark> {
    let mut marks: Vec<FilterMark> = Vec::new();
    let mut add = |name: Mark, value: &str| {
        let value: String = value.trim().chars().take(120).collect();
        if !value.is_empty() && !marks.iter().any(|mark| mark.name == name) {
            marks.push(FilterMark { name, value });
        }
    };
    for field in
        ["X-Forefront-Antispam-Report", "X-Forefront-Antispam-Report-Untrusted", "X-Microsoft-Antispam"]
    {
        for header in headers.all(field) {
            for pair in header.value.split(';') {
                let Some((name, value)) = pair.split_once(':') else { continue };
                match name.trim() {
                    "SCL" => add(Mark::Scl, value),
                    "BCL" => add(Mark::Bcl, value),
                    "SFV" => add(Mark::Sfv, value),
                    "CAT" => add(Mark::Cat, value),
                    "CIP" => add(Mark::Cip, value),
                    _ => {}
                }
            }
        }
    }
    if let Some(value) = headers.get("X-MS-Exchange-Organization-SCL") {
        add(Mark::Scl, value);
    }
    for result in results.iter().flat_map(|results| &results.results) {
        if result.method == "compauth" {
            add(
                Mark::CompAuth,
                &format!("{} {}", result.result, result.reason.as_deref().unwrap_or_default()),
            );
        }
    }
    for (field, mark) in [
        ("X-Spam-Status", Mark::SpamStatus),
        ("X-Spam-Flag", Mark::SpamStatus),
        ("X-Spam-Score", Mark::SpamScore),
        ("X-Spamd-Result", Mark::SpamScore),
    ] {
        if let Some(value) = headers.get(field) {
            add(mark, value.split(',').next().unwrap_or_default());
        }
    }
    marks
}

impl Reading {
    /// What the receiver's own servers found: the topmost field that can be trusted.
    #[must_use]
    pub fn trusted(&self) -> Option<&AuthResults> {
        self.results.iter().find(|results| results.trust == Trust::Receiver)
    }

    /// The hop at which the message was handed over.
    #[must_use]
    pub fn hand_over(&self) -> Option<&Hop> {
        self.handed_over.and_then(|at| self.hops.get(at))
    }

    /// What a run should ask about: the domain of the From line, the address that handed the message over, its name,
    /// the selectors of the domain's own signatures.
    #[must_use]
    pub fn target(&self) -> Target {
        let hop = self.hand_over();
        let mut target = Target {
            domain: self.from.clone().or_else(|| self.return_path.clone()),
            ips: hop.and_then(|hop| hop.from_ip).into_iter().collect(),
            helo: hop.and_then(|hop| Name::parse(hop.helo.as_deref()?).ok()).filter(Name::is_host_name),
            ..Target::default()
        };
        for signature in &self.signatures {
            if let (Some(domain), Some(selector)) = (&signature.domain, &signature.selector)
                && target.domain.as_ref().is_some_and(|own| own.is_within(domain) || domain.is_within(own))
                && !target.selectors.contains(selector)
            {
                target.selectors.push(selector.clone());
            }
        }
        target
    }
}

#[cfg(test)]
mod tests;
