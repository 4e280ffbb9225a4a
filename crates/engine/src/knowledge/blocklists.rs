//! Block and allow lists, as `www/data/blocklists.json` has them.

mod asking;

pub use self::asking::{Controls, ListJudgement, ListSubject};

use self::asking::is_label;
use super::Confidence;
use crate::dns::Name;

/// Shorter texts are no key. Keys are made unreadable wherever they show up, and with `a` for one nothing could be read.
const SHORTEST_KEY: usize = 8;

words! {
    /// What a list is asked about.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum ListKind {
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
    key "list.role.{}"
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
    key "list.scope.{}"
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
    key "list.who.{}"
}

reads_words!(ListKind, Role, Answering, Matching, Scope, Actor);

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
    pub covers: Vec<ListKind>,
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
    pub covers: Vec<ListKind>,
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

impl Blocklists {
    /// The list with this id.
    pub fn by_id(&self, id: &str) -> Option<&Blocklist> {
        self.lists.iter().find(|list| list.id == id)
    }

    /// The lists of the default set for a kind, those without a key.
    pub fn default_for(&self, kind: ListKind) -> impl Iterator<Item = &Blocklist> {
        self.lists.iter().filter(move |list| list.default && !list.is_keyed() && list.covers.contains(&kind))
    }

    /// The default set together with the lists for which the user has a key; `key` is given names of secrets. A keyed
    /// list takes the place of the one it replaces, if there is a key that can be one.
    pub fn chosen_for<'k>(
        &self,
        kind: ListKind,
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

    /// Does this name stand in the zone of a list? Then it may hold a key, and what it says is nobody's to change.
    #[must_use]
    pub fn holds(&self, name: &Name) -> bool {
        self.lists.iter().any(|list| name.in_front_of(list.base()).is_some())
    }

    /// Must this zone never be asked?
    pub fn is_dead(&self, zone: &Name) -> bool {
        self.dead.iter().any(|dead| match dead.zone.strip_prefix("*.") {
            Some(parent) => zone.in_front_of(parent).is_some(),
            None => zone.as_str() == dead.zone,
        })
    }
}

#[cfg(test)]
mod tests;
