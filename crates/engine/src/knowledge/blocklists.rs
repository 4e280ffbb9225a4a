//! Block and allow lists: what to ask and what an answer means (RFC 5782).

use std::{
    borrow::Cow,
    cmp::Reverse,
    net::{IpAddr, Ipv4Addr},
};

use super::Confidence;
use crate::dns::{Name, ip::reversed, is_public};

/// Longest name that fits a DNS message in text form (RFC 1035, 2.3.4).
const LONGEST_NAME: usize = 253;

/// Shorter texts are no key. Keys are made unreadable wherever they show up, and with `a` for one nothing could be read.
const SHORTEST_KEY: usize = 8;

/// Stands for the user's key in a zone.
const KEY: &str = "{key}";
/// The entry that must not be there, at lists that name none of their own: no address and no domain.
const NOBODY: &str = "no-such-entry";

words! {
    /// What a list is asked about.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Kind {
        /// An IPv4 address.
        Ip4 = "ip4",
        /// An IPv6 address.
        Ip6 = "ip6",
        /// A domain name.
        #[default]
        Domain = "domain",
    }
}

words! {
    /// What a listing is for.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Role {
        /// Receivers refuse or mark mail because of it.
        Block = "block",
        /// A listing is good news.
        Allow = "allow",
        /// Worth knowing, rarely a reason to refuse.
        #[default]
        Info = "info",
        /// Good or bad news, by code.
        Mixed = "mixed",
    }
}

words! {
    /// How a list treats questions that come through a public resolver.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Answering {
        /// Seen to answer.
        Answers = "answers",
        /// Answers with a refusal.
        Refuses = "refuses",
        /// Answers some, keeps silent towards others.
        Unreliable = "unreliable",
        /// Answers those who have a key.
        NeedsKey = "needs-key",
        /// Not known: the control entries decide.
        #[default]
        Unknown = "unknown",
    }
}

words! {
    /// How return codes are read.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Matching {
        /// Each code has its meaning.
        #[default]
        Table = "table",
        /// The last octet is a set of bits.
        Bits = "bits",
        /// Any answer but 127.0.0.1 is a listing.
        Any = "any",
    }
}

words! {
    /// What is listed.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Scope {
        /// This one address.
        #[default]
        Address = "address",
        /// The addresses around it too.
        Range = "range",
        /// The provider's whole network.
        Network = "network",
        /// Addresses that are not meant to deliver mail directly.
        Policy = "policy",
        /// The domain name.
        Domain = "domain",
    }
}

words! {
    /// Who can get a listing removed.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Actor {
        /// The sender.
        You = "you",
        /// Whoever the address was got from.
        Provider = "provider",
        /// The owner of the whole network.
        Network = "network",
        /// It ends by itself.
        Time = "time",
        /// It is a statement of fact.
        #[default]
        Nobody = "nobody",
    }
}

reads_words!(Kind, Role, Answering, Matching, Scope, Actor);

/// The file `blocklists.json`.
#[derive(Clone, Debug, Default)]
pub struct Blocklists {
    /// Year and month in which the facts were collected.
    pub collected: String,
    /// Lists that can be asked, the default set first, heavy ones first.
    pub lists: Vec<Blocklist>,
    /// Zones that must never be asked.
    pub dead: Vec<DeadZone>,
    /// Lists that only have a web page.
    pub web_only: Vec<WebList>,
}

reads!(Blocklists { collected: "collected", lists: "lists", dead: "dead", web_only: "webOnly" });
reads_file!(Blocklists);

/// One list.
#[derive(Clone, Debug, Default)]
pub struct Blocklist {
    /// Stable id.
    pub id: String,
    /// The zone; `{key}` stands for the user's key.
    pub zone: String,
    /// Proper name.
    pub name: String,
    /// Who runs it.
    pub operator: String,
    /// What it can be asked about.
    pub covers: Vec<Kind>,
    /// What a listing is for.
    pub role: Role,
    /// How much a listing matters to receivers: 0 (nothing) to 10.
    pub weight: u8,
    /// Is it part of the default set?
    pub default: bool,
    /// Does it answer through public resolvers?
    pub public_resolver: Answering,
    /// How its return codes are read.
    pub matching: Matching,
    /// Return codes with their meanings.
    pub codes: Vec<ReturnCode>,
    /// Codes by which it declines to answer, besides 127.255.255.0/24.
    pub refused: Vec<String>,
    /// Entries that are always listed (RFC 5782, 5).
    pub test_listed: TestPoints,
    /// Entries that are never listed; none where any answer may be one of the list's.
    pub test_clean: TestPoints,
    /// What the entries that are always listed say, where that would be a refusal of anybody else.
    pub test_answer: Option<String>,
    /// Does a domain on the list cover every name below it?
    pub wildcard: bool,
    /// What is listed.
    pub scope: Scope,
    /// Who can get a listing removed.
    pub who: Actor,
    /// Look-up page; `{q}` stands for what is looked up.
    pub lookup_url: Option<String>,
    /// Removal page; may hold `{q}`.
    pub delist_url: Option<String>,
    /// What to do: the id in the locale key `list.<id>.advice`.
    pub advice: Option<String>,
    /// The secret that fills `{key}`.
    pub secret_name: Option<String>,
    /// The list that this one stands in for once there is a key.
    pub replaces: Option<String>,
    /// Where the facts come from.
    pub source: String,
    /// How well they are known.
    pub confidence: Confidence,
    /// Year and month of the facts.
    pub date: String,
}

reads!(Blocklist {
    id: "id",
    zone: "zone",
    name: "name",
    operator: "operator",
    covers: "covers",
    role: "role",
    weight: "weight",
    default: "default",
    public_resolver: "publicResolver",
    matching: "match",
    codes: "codes",
    refused: "refused",
    test_listed: "testListed",
    test_clean: "testClean",
    test_answer: "testAnswer",
    wildcard: "wildcard",
    scope: "scope",
    who: "who",
    lookup_url: "lookupUrl",
    delist_url: "delistUrl",
    advice: "advice",
    secret_name: "secretName",
    replaces: "replaces",
    source: "source",
    confidence: "confidence",
    date: "date"
});

/// What one answer of a list means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReturnCode {
    /// An address; an octet may be a range (`2-21`) or any (`*`). Where the
    /// list is read by bits, the last octet is one bit.
    pub code: String,
    /// The end of the locale key `listcode.<meaning>`.
    pub meaning: String,
    /// Is it good news?
    pub good: bool,
    /// Weight, where it differs from the list's.
    pub weight: Option<u8>,
    /// Proper name of the part of the list (`XBL`).
    pub part: Option<String>,
    /// Scope, where it differs from the list's.
    pub scope: Option<Scope>,
    /// Who can act, where it differs from the list's.
    pub who: Option<Actor>,
    /// What to do, where it differs from the list's.
    pub advice: Option<String>,
}

reads!(ReturnCode {
    code: "code",
    meaning: "meaning",
    good: "good",
    weight: "weight",
    part: "part",
    scope: "scope",
    who: "who",
    advice: "advice"
});

/// A control entry for each kind; none where a list has none.
#[derive(Clone, Debug, Default)]
pub struct TestPoints {
    /// An IPv4 address.
    pub ip4: Option<String>,
    /// An IPv6 address.
    pub ip6: Option<String>,
    /// A domain name.
    pub domain: Option<String>,
}

reads!(TestPoints { ip4: "ip4", ip6: "ip6", domain: "domain" });

/// A zone that must never be asked.
#[derive(Clone, Debug, Default)]
pub struct DeadZone {
    /// The zone; `*.` at its start means it and all below it.
    pub zone: String,
}

reads!(DeadZone { zone: "zone" });

/// A list that only has a web page.
#[derive(Clone, Debug, Default)]
pub struct WebList {
    /// Stable id.
    pub id: String,
    /// Proper name.
    pub name: String,
    /// Its page; may hold `{q}`.
    pub url: String,
    /// What can be looked up there.
    pub covers: Vec<Kind>,
    /// How much it matters: 0 to 10.
    pub weight: u8,
    /// The provider who uses it.
    pub provider: Option<String>,
    /// Locale key of a remark.
    pub note: Option<String>,
    /// Where the facts come from.
    pub source: String,
    /// How well they are known.
    pub confidence: Confidence,
    /// Year and month of the facts.
    pub date: String,
}

reads!(WebList {
    id: "id",
    name: "name",
    url: "url",
    covers: "covers",
    weight: "weight",
    provider: "provider",
    note: "note",
    source: "source",
    confidence: "confidence",
    date: "date"
});

/// What a list is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject<'a> {
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
pub enum Judgement<'a> {
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

impl Subject<'_> {
    /// The kind of list that can be asked. An IPv4 address written as IPv6
    /// counts as IPv4.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Ip(ip) if ip.to_canonical().is_ipv4() => Kind::Ip4,
            Self::Ip(_) => Kind::Ip6,
            Self::Domain(_) => Kind::Domain,
        }
    }
}

impl Blocklists {
    /// The list with this id.
    pub fn by_id(&self, id: &str) -> Option<&Blocklist> {
        self.lists.iter().find(|list| list.id == id)
    }

    /// The lists of the default set for a kind, those without a key.
    pub fn default_for(&self, kind: Kind) -> impl Iterator<Item = &Blocklist> {
        self.lists.iter().filter(move |list| list.default && !list.is_keyed() && list.covers.contains(&kind))
    }

    /// The default set together with the lists for which the user has a key; `key` is given names of secrets. A keyed
    /// list takes the place of the one it replaces, if there is a key that can be one.
    pub fn chosen_for<'k>(
        &self,
        kind: Kind,
        key: impl Fn(&str) -> Option<&'k str> + Copy,
    ) -> impl Iterator<Item = &Blocklist> {
        let keyed = move || {
            self.lists.iter().filter(move |list| {
                list.covers.contains(&kind) && list.secret_name.as_deref().and_then(key).is_some_and(is_label)
            })
        };
        keyed().chain(
            self.default_for(kind)
                .filter(move |list| !keyed().any(|other| other.replaces.as_deref() == Some(&list.id))),
        )
    }

    /// The key in what the user typed or pasted for a secret: the key itself, or a name of one of its lists with the key
    /// in it. None if there is nothing that can be a key.
    pub fn key_in<'t>(&self, secret: &str, typed: &'t str) -> Option<&'t str> {
        let typed = typed.trim().trim_end_matches('.');
        let lists = self.lists.iter().filter(|list| list.secret_name.as_deref() == Some(secret));
        let key = Name::parse(typed).ok().and_then(|name| {
            let below = lists.filter(|list| list.is_keyed()).filter_map(|list| name.in_front_of(list.base()));
            // The key as it was typed: a name has lost its capital letters.
            below.filter_map(|labels| typed.get(..labels.len())?.rsplit('.').next()).next()
        });
        let key = key.unwrap_or(typed);
        (key.len() >= SHORTEST_KEY && is_label(key)).then_some(key)
    }

    /// Must this zone never be asked?
    pub fn is_dead(&self, zone: &Name) -> bool {
        self.dead.iter().any(|dead| match dead.zone.strip_prefix("*.") {
            Some(parent) => zone.in_front_of(parent).is_some(),
            None => zone.as_str() == dead.zone,
        })
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
    pub fn query_name(&self, subject: Subject<'_>, key: Option<&str>) -> Option<String> {
        if !self.covers.contains(&subject.kind()) {
            return None;
        }
        let head = match subject {
            Subject::Ip(ip) => is_public(ip).then(|| reversed(ip.to_canonical()))?,
            Subject::Domain(name) => askable_domain(name)?,
        };
        self.name_below(&head, key)
    }

    /// The control names for a kind.
    pub fn controls(&self, kind: Kind, key: Option<&str>) -> Controls {
        if !self.covers.contains(&kind) {
            return Controls::default();
        }
        let name = |points: &TestPoints| {
            let head = match kind {
                Kind::Ip4 => reversed(points.ip4.as_ref()?.parse().ok()?),
                Kind::Ip6 => reversed(points.ip6.as_ref()?.parse().ok()?),
                Kind::Domain => points.domain.clone()?,
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
    fn base(&self) -> &str {
        self.zone.strip_prefix(KEY).and_then(|rest| rest.strip_prefix('.')).unwrap_or(&self.zone)
    }

    /// Reads the addresses of an answer. What makes the list's word worthless
    /// comes first: one address outside 127.0.0.0/8, then one refusal.
    pub fn judge(&self, answer: &[Ipv4Addr]) -> Judgement<'_> {
        let Some(&first) = answer.first() else {
            return Judgement::NoAddress;
        };
        if let Some(&stray) = answer.iter().find(|address| !address.is_loopback()) {
            return Judgement::Broken(stray);
        }
        if let Some(&refusal) = answer.iter().find(|address| self.is_refusal(**address)) {
            return Judgement::Refused(refusal);
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
        crate::table::sort(&mut codes, |code| Reverse(self.weight_of(code)));
        let Some(weight) = codes.first().map(|code| self.weight_of(code)) else {
            return Judgement::UnknownCode(first);
        };
        let good = weight == 0 && codes.iter().any(|code| code.good);
        Judgement::Listed { codes, good, weight }
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
fn is_label(text: &str) -> bool {
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

#[cfg(test)]
mod tests;
