//! The way in for published suites of cases: zone data as a map, results as words.
//!
//! The types read the form such suites have (JSON, or YAML turned into it):
//!
//! ```
//! use mail_triage_engine::spf::{SpfResult, check_zone, suite};
//!
//! let data = r#"{
//!     "example.org":    [{"TXT": ["v=spf1 mx ", "-all"]}, {"MX": [10, "mx.example.org"]}],
//!     "mx.example.org": [{"A": "192.0.2.1"}, "TIMEOUT"]
//! }"#;
//! let zone = suite::zone(&serde_json::from_str(data)?);
//! let evaluation = check_zone(&zone, "192.0.2.1".parse()?, "user@example.org", "mail.example.org");
//! assert_eq!(evaluation.result, SpfResult::Pass);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, Ipv6Addr},
};

use serde::Deserialize;

use super::target;
use crate::{
    dns::{Failure, Name, Rdata, Record, Rtype, Txt},
    zone::Zone,
};

/// Zone data: what stands at each name. Names are read as they come, in any case, with any character in them.
pub type Data = BTreeMap<String, Vec<Item>>;

/// A record, or a failure.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Item {
    /// An IPv4 address.
    A(Ipv4Addr),
    /// An IPv6 address.
    Aaaa(Ipv6Addr),
    /// Preference and host; an empty host is a null MX.
    Mx(u16, String),
    /// Text in one string or several.
    Txt(Strings),
    /// A record of the withdrawn type 99, which RFC 7208 does not read.
    Spf(Strings),
    /// A reverse name.
    Ptr(String),
    /// An alias.
    Cname(String),
    /// Every type that is not listed at this name runs into the time limit.
    Timeout,
}

/// The strings of a TXT record.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Strings {
    /// One string.
    One(String),
    /// Several, to be joined.
    Several(Vec<String>),
}

/// A closed world of the records in `data`. Names that no name can be are left out: nobody can ask for them.
#[must_use]
pub fn zone(data: &Data) -> Zone {
    let mut zone = Zone::default();
    for (text, items) in data {
        let Some(owner) = target::name(text) else { continue };
        for item in items {
            if let Some((rtype, data)) = rdata(item) {
                zone.add(Record { owner: owner.clone(), ttl: 300, data }, rtype);
            }
        }
        if items.contains(&Item::Timeout) {
            let listed =
                |rtype| items.iter().any(|item| rdata(item).is_some_and(|(known, _)| known == rtype));
            for rtype in Rtype::all().filter(|&rtype| rtype != Rtype::Cname && !listed(rtype)) {
                zone.fail(owner.clone(), rtype, Failure::TimedOut);
            }
        }
    }
    zone.finish();
    zone
}

fn rdata(item: &Item) -> Option<(Rtype, Rdata)> {
    let name = |text: &str| if text.is_empty() { Some(Name::root()) } else { target::name(text) };
    Some(match item {
        Item::A(ip) => (Rtype::A, Rdata::A(*ip)),
        Item::Aaaa(ip) => (Rtype::Aaaa, Rdata::Aaaa(*ip)),
        Item::Mx(preference, host) => {
            (Rtype::Mx, Rdata::Mx { preference: *preference, exchange: name(host)? })
        }
        Item::Txt(strings) => (Rtype::Txt, Rdata::Txt(txt(strings))),
        Item::Spf(strings) => (Rtype::Spf, Rdata::Txt(txt(strings))),
        Item::Ptr(host) => (Rtype::Ptr, Rdata::Ptr(name(host)?)),
        Item::Cname(host) => (Rtype::Cname, Rdata::Cname(name(host)?)),
        Item::Timeout => return None,
    })
}

fn txt(strings: &Strings) -> Txt {
    match strings {
        Strings::One(string) => Txt::new([string.as_bytes()]),
        Strings::Several(strings) => Txt::new(strings.iter().map(String::as_bytes)),
    }
}
