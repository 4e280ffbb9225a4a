//! What to ask a list, and what its answer means (RFC 5782).

use std::{
    borrow::Cow,
    cmp::Reverse,
    net::{IpAddr, Ipv4Addr},
};

use super::{Actor, Blocklist, ListKind, Matching, ReturnCode, Scope, TestPoints};
use crate::dns::{Name, ip::reversed, is_public};

/// Longest name that fits a DNS message in text form (RFC 1035, 2.3.4).
const LONGEST_NAME: usize = 253;
/// Stands for the user's key in a zone.
const KEY: &str = "{key}";
/// The entry that must not be there, at lists that name none of their own: no address and no domain.
const NOBODY: &str = "no-such-entry";

/// What a list is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListSubject<'a> {
    /// An address.
    Ip(IpAddr),
    /// A domain name in ASCII.
    Domain(&'a str),
}

/// Names to ask before an answer of a list counts (RFC 5782, 5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Controls {
    /// Must be listed. None where the list has no such entry: then silence
    /// proves nothing.
    pub listed: Option<String>,
    /// Must not be listed.
    pub clean: Option<String>,
}

/// What the addresses in an answer say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListJudgement<'a> {
    /// The list has an entry.
    Listed {
        /// What the entry says, at least one, the gravest first.
        codes: Vec<&'a ReturnCode>,
        /// Is it good news as a whole?
        good: bool,
        /// How much it matters, 0 to 10. 0 for good and for neutral news.
        weight: u8,
    },
    /// The list declined to answer: neither listed nor clean.
    Refused(Ipv4Addr),
    /// An address outside 127.0.0.0/8: a parked zone or a resolver that rewrites
    /// answers. Nothing this list says through this resolver counts.
    Broken(Ipv4Addr),
    /// Inside 127.0.0.0/8, but no code that is known here.
    UnknownCode(Ipv4Addr),
    /// The answer held no address.
    NoAddress,
}

impl ListSubject<'_> {
    /// The kind of list that can be asked. An IPv4 address written as IPv6
    /// counts as IPv4.
    pub fn kind(&self) -> ListKind {
        match self {
            Self::Ip(ip) if ip.to_canonical().is_ipv4() => ListKind::Ip4,
            Self::Ip(_) => ListKind::Ip6,
            Self::Domain(_) => ListKind::Domain,
        }
    }
}

impl Blocklist {
    /// Does it need a key of the user's own?
    pub fn is_keyed(&self) -> bool {
        self.zone.contains(KEY)
    }

    /// The name to ask about a subject (RFC 5782, 2.1, 2.4 and 3.1). None when the
    /// list does not cover it, when it must not be asked (see [`is_public`]), when
    /// the list needs a key and none fits, or when the name would be too long.
    pub fn query_name(&self, subject: ListSubject<'_>, key: Option<&str>) -> Option<String> {
        if !self.covers.contains(&subject.kind()) {
            return None;
        }
        let head = match subject {
            ListSubject::Ip(ip) => is_public(ip).then(|| reversed(ip.to_canonical()))?,
            ListSubject::Domain(name) => askable_domain(name)?,
        };
        self.name_below(&head, key)
    }

    /// The control names for a kind.
    pub fn controls(&self, kind: ListKind, key: Option<&str>) -> Controls {
        if !self.covers.contains(&kind) {
            return Controls::default();
        }
        let name = |points: &TestPoints| {
            let head = match kind {
                ListKind::Ip4 => reversed(points.ip4.as_ref()?.parse().ok()?),
                ListKind::Ip6 => reversed(points.ip6.as_ref()?.parse().ok()?),
                ListKind::Domain => points.domain.clone()?,
            };
            self.name_below(&head, key)
        };
        // What is no address and no domain is listed by nobody, unless the zone has an answer for every name.
        let clean = name(&self.test_clean).or_else(|| self.name_below(NOBODY, key));
        Controls { listed: name(&self.test_listed), clean }
    }

    /// Is this what its control entry says, although it would be a refusal of anybody else?
    pub fn is_test_answer(&self, code: Ipv4Addr) -> bool {
        self.test_answer.as_deref().is_some_and(|answer| matches(answer, code))
    }

    /// Is it this list that is asked by a query for this name?
    pub fn answers(&self, name: &Name) -> bool {
        name.in_front_of(self.base()).is_some()
    }

    /// The zone without the place for a key.
    pub(super) fn base(&self) -> &str {
        self.zone.strip_prefix(KEY).and_then(|rest| rest.strip_prefix('.')).unwrap_or(&self.zone)
    }

    /// Reads the addresses of an answer. What makes the list's word worthless
    /// comes first: one address outside 127.0.0.0/8, then one refusal.
    pub fn judge(&self, answer: &[Ipv4Addr]) -> ListJudgement<'_> {
        let Some(&first) = answer.first() else {
            return ListJudgement::NoAddress;
        };
        if let Some(&stray) = answer.iter().find(|address| !address.is_loopback()) {
            return ListJudgement::Broken(stray);
        }
        if let Some(&refusal) = answer.iter().find(|address| self.is_refusal(**address)) {
            return ListJudgement::Refused(refusal);
        }
        let holds = match self.matching {
            Matching::Bits => has_bit,
            Matching::Table | Matching::Any => matches,
        };
        let mut codes: Vec<&ReturnCode> =
            self.codes.iter().filter(|code| answer.iter().any(|a| holds(&code.code, *a))).collect();
        if codes.is_empty()
            && self.matching == Matching::Any
            && answer.iter().any(|a| *a != Ipv4Addr::LOCALHOST)
        {
            codes.extend(self.codes.first());
        }
        codes.sort_by_key(|code| Reverse(self.weight_of(code)));
        let Some(weight) = codes.first().map(|code| self.weight_of(code)) else {
            return ListJudgement::UnknownCode(first);
        };
        let good = weight == 0 && codes.iter().any(|code| code.good);
        ListJudgement::Listed { codes, good, weight }
    }

    /// How much an entry with this code matters, 0 to 10; 0 when it is good news.
    pub fn weight_of(&self, code: &ReturnCode) -> u8 {
        if code.good { 0 } else { code.weight.unwrap_or(self.weight) }
    }

    /// What is listed under this code.
    pub fn scope_of(&self, code: &ReturnCode) -> Scope {
        code.scope.unwrap_or(self.scope)
    }

    /// Who can get an entry with this code removed.
    pub fn actor_of(&self, code: &ReturnCode) -> Actor {
        code.who.unwrap_or(self.who)
    }

    /// The id in the locale key `list.<id>.advice`, where there is advice.
    pub fn advice_of<'a>(&'a self, code: &'a ReturnCode) -> Option<&'a str> {
        code.advice.as_deref().or(self.advice.as_deref())
    }

    /// 127.255.255.0/24 is a refusal whatever the list; the rest is the list's own.
    fn is_refusal(&self, address: Ipv4Addr) -> bool {
        let [_, b, c, _] = address.octets();
        (b, c) == (255, 255)
            || self.refused.iter().any(|code| {
                matches(code, address) || (self.matching == Matching::Bits && has_bit(code, address))
            })
    }

    fn name_below(&self, head: &str, key: Option<&str>) -> Option<String> {
        let zone = if self.is_keyed() {
            let key = key.filter(|key| is_label(key))?;
            Cow::Owned(self.zone.replace(KEY, key))
        } else {
            Cow::Borrowed(self.zone.as_str())
        };
        let name = format!("{head}.{zone}");
        (name.len() <= LONGEST_NAME).then_some(name)
    }
}

/// A domain that may be named to a list: at least two labels, no address, and
/// under no special-use top level (RFC 6761, 6762, 7686, 9476 and `.internal`).
fn askable_domain(name: &str) -> Option<String> {
    const SPECIAL: &[&str] =
        &["alt", "arpa", "example", "internal", "invalid", "local", "localhost", "onion", "test"];
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let (_, top) = name.rsplit_once('.')?;
    let askable = !SPECIAL.contains(&top)
        && !top.bytes().all(|byte| byte.is_ascii_digit())
        && name.split('.').all(is_label);
    askable.then_some(name)
}

/// Letters, digits, hyphens and underscores, 1 to 63 of them.
pub(super) fn is_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Does a code pattern hold for an address?
fn matches(pattern: &str, address: Ipv4Addr) -> bool {
    let mut parts = pattern.split('.');
    address.octets().iter().all(|&octet| parts.next().is_some_and(|part| fits(part, octet)))
        && parts.next().is_none()
}

fn fits(part: &str, octet: u8) -> bool {
    let number = |text: &str| text.parse::<u8>();
    match part.split_once('-') {
        _ if part == "*" => true,
        Some((low, high)) => match (number(low), number(high)) {
            (Ok(low), Ok(high)) => (low..=high).contains(&octet),
            _ => false,
        },
        None => number(part) == Ok(octet),
    }
}

/// Is the bit of a code set in the last octet of an address, the rest being equal?
fn has_bit(code: &str, address: Ipv4Addr) -> bool {
    let Ok(code) = code.parse::<Ipv4Addr>() else {
        return false;
    };
    let ([a, b, c, bit], [x, y, z, set]) = (code.octets(), address.octets());
    [a, b, c] == [x, y, z] && bit.is_power_of_two() && set & bit != 0
}
