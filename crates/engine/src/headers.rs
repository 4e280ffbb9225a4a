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
mod remark;
mod results;
mod signature;

use std::net::IpAddr;

use serde::Serialize;

use crate::{
    dns::{Name, is_public},
    message::{self, Date, Decode, Header, Headers},
    target::Target,
};

pub use compare::{
    DifferenceReason, DmarcState, HeaderComparison, KeyState, ReceiverResults, compare, compare_known,
};
pub use received::{Hop, MOST_HOPS, hops};
pub use remark::{HeaderRemark, RemarkKind, remarks};
pub use results::{ArcSet, AuthResult, AuthResults, ReceivedSpf, Trust};
pub use signature::Signature;

/// What a header says.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeaderReading {
    /// The servers the message went through, in the order of time.
    pub hops: Vec<Hop>,
    /// The hop at which the receiver's servers took the message over, a position in `hops`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handed_over: Option<usize>,
    /// The address that handed the message to the receiver: what its own results name, else what the hop has. SPF is
    /// about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender_ip: Option<IpAddr>,
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
    /// Whether there are more fields than are read ([`message::MOST_FIELDS`]).
    pub cut: bool,
    /// Whether it is marked as sent to many: a list, a newsletter.
    pub bulk: bool,
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

/// One mark of a spam filter; [`remarks`] says which mean something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FilterMark {
    /// What it is.
    pub name: FilterMarkKind,
    /// Its value, untrusted.
    pub value: String,
}

/// The marks that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilterMarkKind {
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

/// Seconds that a message may wait without a word about it.
const LONG: i64 = 30;
/// Fields with results that are read; the receiver's own stand at the top.
const MOST_RESULTS: usize = 50;
/// Signatures that are read.
const MOST_SIGNATURES: usize = 20;

/// Reads the header of a message that arrived.
#[must_use]
pub fn read(headers: &Headers, decode: Decode<'_>) -> HeaderReading {
    let hops = received::hops(headers);
    let handed_over = received::handed_over(&hops);
    let receivers = received::receivers(&hops, handed_over);
    read_hops(headers, decode, hops, handed_over, &receivers)
}

/// Reads the header of a message that was sent back: the servers in it are those of the sender, and whoever refused the
/// message wrote nothing into it.
#[must_use]
pub fn read_returned(headers: &Headers, decode: Decode<'_>) -> HeaderReading {
    read_hops(headers, decode, received::hops(headers), None, &[])
}

fn read_hops(
    headers: &Headers,
    decode: Decode<'_>,
    hops: Vec<Hop>,
    handed_over: Option<usize>,
    receivers: &[String],
) -> HeaderReading {
    // What stands above the line of the hand-over was written after it, by nobody but the receiver.
    let above = handed_over
        .and_then(|at| headers.all("Received").nth(hops.len().checked_sub(at + 1)?))
        .map_or(0, |header| header.span.start);
    let from = headers.get("From").map(message::addresses).unwrap_or_default();
    let envelope = headers.get("Return-Path").map(|path| message::address(path).unwrap_or_default());
    let ids: Vec<&str> = headers.all("Message-ID").map(|header| header.value.as_str()).collect();
    let results = auth_results(headers, receivers, above);
    let received_spf: Vec<ReceivedSpf> = each(headers, "Received-SPF", MOST_RESULTS, |header| ReceivedSpf {
        own: header.span.start < above,
        ..results::received_spf(&header.value)
    });
    HeaderReading {
        took: time_taken(&hops),
        sender_ip: sender_ip_by_receiver(&results, &received_spf)
            .or_else(|| handed_over.and_then(|at| hops.get(at)?.from_ip))
            .filter(|&ip| is_public(ip)),
        handed_over,
        filter: marks(headers, &results),
        results,
        received_spf,
        arc: results::arc(headers, receivers),
        signatures: each(headers, "DKIM-Signature", MOST_SIGNATURES, |header| {
            Signature::parse(&header.value)
        }),
        from: from.first().and_then(|address| message::domain_of(address)),
        from_count: from.len(),
        return_path: envelope.as_deref().and_then(message::domain_of),
        envelope_sender: envelope,
        date: headers.get("Date").and_then(Date::parse),
        message_id: ids.first().and_then(|id| domain_of_id(id, decode)),
        message_ids: ids.len(),
        cut: headers.0.len() >= message::MOST_FIELDS,
        bulk: is_bulk(headers),
        unsubscribe: unsubscribe(headers),
        hops,
    }
}

/// The results of authentication. Those that stand in front of `above` are the receiver's own.
fn auth_results(headers: &Headers, receivers: &[String], above: usize) -> Vec<AuthResults> {
    each(headers, "Authentication-Results", MOST_RESULTS, |header| {
        let mut results = results::parse(&header.value, receivers);
        if header.span.start < above {
            results.trust = Trust::Receiver;
        }
        results
    })
}

/// Seconds from the first hop to the last.
fn time_taken(hops: &[Hop]) -> Option<i64> {
    let times: Vec<i64> = hops.iter().filter_map(|hop| hop.time.map(|time| time.unix)).collect();
    times.first().zip(times.last()).filter(|_| times.len() > 1).map(|(first, last)| last - first)
}

/// The address that sent, as the receiver's own results name it.
fn sender_ip_by_receiver(results: &[AuthResults], received_spf: &[ReceivedSpf]) -> Option<IpAddr> {
    let own = results.iter().filter(|results| results.trust == Trust::Receiver);
    own.filter_map(|results| results.ip).next().or_else(|| received_spf.iter().find(|spf| spf.own)?.ip)
}

/// The domain in a Message-ID, as much of it as a name can have.
fn domain_of_id(id: &str, decode: Decode<'_>) -> Option<String> {
    let domain = id.rsplit_once('@')?.1.trim_end_matches(['>', ' ']);
    Some(message::decode_words(domain, decode).chars().take(253).collect())
}

/// Whether it says that it went to many: by a list's own fields (RFC 2919, RFC 2369), or by the old word for it.
fn is_bulk(headers: &Headers) -> bool {
    headers.get("List-Id").is_some()
        || headers.get("List-Unsubscribe").is_some()
        || headers
            .get("Precedence")
            .is_some_and(|value| ["bulk", "list"].iter().any(|word| value.trim().eq_ignore_ascii_case(word)))
}

/// Reads the first `most` fields of a name.
fn each<T>(headers: &Headers, name: &str, most: usize, mut read: impl FnMut(&Header) -> T) -> Vec<T> {
    let mut all = Vec::new();
    // A loop: iterators of iterators would be written out among what the first visit fetches.
    for header in headers.all(name).take(most) {
        all.push(read(header));
    }
    all
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
    let mut add = |name: FilterMarkKind, value: &str| {
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
                    "SCL" => add(FilterMarkKind::Scl, value),
                    "BCL" => add(FilterMarkKind::Bcl, value),
                    "SFV" => add(FilterMarkKind::Sfv, value),
                    "CAT" => add(FilterMarkKind::Cat, value),
                    "CIP" => add(FilterMarkKind::Cip, value),
                    _ => {}
                }
            }
        }
    }
    if let Some(value) = headers.get("X-MS-Exchange-Organization-SCL") {
        add(FilterMarkKind::Scl, value);
    }
    for result in results.iter().flat_map(|results| &results.results) {
        if result.method == "compauth" {
            add(
                FilterMarkKind::CompAuth,
                &format!("{} {}", result.result, result.reason.as_deref().unwrap_or_default()),
            );
        }
    }
    for (field, mark) in [
        ("X-Spam-Status", FilterMarkKind::SpamStatus),
        ("X-Spam-Flag", FilterMarkKind::SpamStatus),
        ("X-Spam-Score", FilterMarkKind::SpamScore),
        ("X-Spamd-Result", FilterMarkKind::SpamScore),
    ] {
        if let Some(value) = headers.get(field) {
            add(mark, value.split(',').next().unwrap_or_default());
        }
    }
    marks
}

impl HeaderReading {
    /// Who speaks for the receiver: the topmost field that can be trusted. All they found is in [`Self::judged`].
    #[must_use]
    pub fn trusted(&self) -> Option<&AuthResults> {
        self.results.iter().find(|results| results.trust == Trust::Receiver)
    }

    /// The tests that the message did not pass, by what the receiver's own servers found (RFC 8601 section 2.7). One signature
    /// that holds is enough for DKIM.
    #[must_use]
    pub fn not_passed(&self) -> Vec<&'static str> {
        let Some(judged) = self.judged() else { return Vec::new() };
        let has = |method, words: &[&str]| judged.of(method).any(|one| words.contains(&one.result.as_str()));
        let fails = |method| has(method, &["fail", "softfail", "permerror"]) && !has(method, &["pass"]);
        let tests = [("spf", "SPF"), ("dkim", "DKIM"), ("dmarc", "DMARC")];
        tests.into_iter().filter(|(method, _)| fails(method)).map(|(_, name)| name).collect()
    }

    /// All that the receiver's own servers found: many write a field for each method. Where none of them speaks of SPF,
    /// their `Received-SPF` does.
    #[must_use]
    pub fn judged(&self) -> Option<AuthResults> {
        let mut all: Option<AuthResults> = None;
        for results in self.results.iter().filter(|results| results.trust == Trust::Receiver) {
            match &mut all {
                Some(all) => all.results.extend(results.results.iter().cloned()),
                None => all = Some(results.clone()),
            }
        }
        let of_spf = self.received_spf.iter().find(|spf| spf.own).map(ReceivedSpf::as_result);
        if let Some(spf) = of_spf
            && all.as_ref().is_none_or(|all| all.of("spf").next().is_none())
        {
            let trust = Trust::Receiver;
            all.get_or_insert_with(|| AuthResults { trust, ..AuthResults::default() }).results.push(spf);
        }
        all
    }

    /// What others than the receiver vouch for: the message came by way of them.
    pub fn passed_on(&self) -> impl Iterator<Item = &ArcSet> {
        let receivers = received::receivers(&self.hops, self.handed_over);
        self.arc.iter().filter(move |set| {
            let house = set.sealed_by.as_ref().and_then(|by| received::house(by.as_str()));
            house.is_some_and(|house| !receivers.contains(&house))
        })
    }

    /// Whether somebody between the sender and the receiver passed the message on: two houses had it before the hand-over.
    /// The steps inside the receiver's own house are none of that.
    #[must_use]
    pub fn is_passed_on(&self) -> bool {
        if self.passed_on().next().is_some() {
            return true;
        }
        let before = self.handed_over.and_then(|at| self.hops.get(..at)).unwrap_or_default();
        let own = |house: &String| {
            let mut names = self.from.iter().chain(&self.return_path);
            names.any(|name| received::house(name.as_str()).as_ref() == Some(house))
        };
        let mut houses: Vec<String> = Vec::new();
        for hop in before.iter().filter(|hop| !hop.internal) {
            // Whoever signed in is a person's device, whatever its address is called.
            let from = hop.from_name.as_deref().and_then(received::house).filter(|_| !hop.signed_in);
            for house in from.filter(own).into_iter().chain(hop.by.as_deref().and_then(received::house)) {
                if !houses.contains(&house) {
                    houses.push(house);
                }
            }
        }
        houses.len() > 1
    }

    /// The hop before which the message waited longest, if that is worth a word.
    #[must_use]
    pub fn slowest(&self) -> Option<usize> {
        let mut slowest: Option<(usize, i64)> = None;
        for (at, hop) in self.hops.iter().enumerate() {
            if let Some(delay) = hop.delay.filter(|&delay| delay >= LONG)
                && slowest.is_none_or(|(_, longest)| delay > longest)
            {
                slowest = Some((at, delay));
            }
        }
        slowest.map(|(at, _)| at)
    }

    /// What remains when some of it is not to be asked about: addresses, domains and selectors of the sender.
    #[must_use]
    pub fn without(mut self, dropped: &[String]) -> Self {
        let is_dropped = |name: &Option<Name>| {
            name.as_ref().is_some_and(|name| dropped.iter().any(|d| d == name.as_str()))
        };
        self.sender_ip = self.sender_ip.filter(|ip| !dropped.contains(&ip.to_string()));
        if is_dropped(&self.return_path) {
            (self.return_path, self.envelope_sender, self.sender_ip) = (None, None, None);
        }
        self.signatures.retain(|signature| {
            !is_dropped(&signature.domain)
                && !signature.selector.as_ref().is_some_and(|s| dropped.contains(s))
        });
        if is_dropped(&self.from) {
            self.from = None;
        }
        self
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
            ips: self.sender_ip.into_iter().collect(),
            helo: hop.and_then(|hop| Name::parse(hop.helo.as_deref()?).ok()).filter(Name::is_host_name),
            ..Target::default()
        };
        for signature in &self.signatures {
            if let (Some(domain), Some(selector)) = (&signature.domain, &signature.selector)
                && target.domain.as_ref().is_some_and(|own| own.is_within_or_above(domain))
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
