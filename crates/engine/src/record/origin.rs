//! From which network an address is announced, as Team Cymru's service for addresses and autonomous systems answers in TXT
//! records: columns between bars, blanks around them (<https://www.team-cymru.com/ip-asn-mapping>, read 2026-11-29).
//!
//! ```text
//! 4.3.2.1.origin.asn.cymru.com  "64500 64501 | 192.0.2.0/24 | TW | apnic | 2010-05-05"
//! AS64500.asn.cymru.com         "64500 | TW | apnic | 2010-05-05 | EXAMPLE-NET - Example Network Ltd., TW"
//! ```

use std::net::IpAddr;

use super::Span;
use crate::dns::Network;

/// Autonomous systems of one address that are kept; one is the rule, a handful the exception.
pub const MOST_NUMBERS: usize = 4;
/// Characters of a name that are kept; what is cut ends with `…`.
pub const NAME_CHARS: usize = 80;

/// A record about an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Numbers of the autonomous systems that announce it, [`MOST_NUMBERS`] at most.
    pub numbers: Vec<u32>,
    /// The range that is announced.
    pub network: Option<Network>,
    /// Two capital letters (ISO 3166-1).
    pub country: Option<String>,
    /// What is wrong with the record.
    pub errors: Vec<OriginError>,
}

/// A record about an autonomous system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct System {
    /// Its number.
    pub number: Option<u32>,
    /// Two capital letters (ISO 3166-1).
    pub country: Option<String>,
    /// Its name and description, without the country behind them. Untrusted.
    pub name: Option<String>,
    /// What is wrong with the record.
    pub errors: Vec<OriginError>,
}

/// Something wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginError {
    /// What is wrong.
    pub kind: OriginErrorKind,
    /// The faulty part.
    pub span: Span,
}

/// What can be wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OriginErrorKind {
    /// It has not the columns that such a record has.
    Columns,
    /// No number of an autonomous system (RFC 6793: 32 bits, and 0 is none).
    Number,
    /// No range of addresses, or one with bits beyond its length.
    Network,
    /// No country.
    Country,
    /// No name.
    Name,
}

impl Origin {
    /// Reads a record. Never fails: what is wrong is among the errors.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut origin = Self::default();
        let columns = columns(text);
        let [numbers, network, country, ..] = columns[..] else {
            origin.error(OriginErrorKind::Columns, Span::new(0, text.len()));
            return origin;
        };
        for (at, word) in words(text, numbers) {
            match number(word) {
                Some(number) if origin.numbers.len() < MOST_NUMBERS => origin.numbers.push(number),
                Some(_) => {}
                None => origin.error(OriginErrorKind::Number, Span::new(at, at + word.len())),
            }
        }
        if origin.numbers.is_empty() && origin.errors.is_empty() {
            origin.error(OriginErrorKind::Number, numbers);
        }
        origin.network = self::network(network.of(text));
        if origin.network.is_none() {
            origin.error(OriginErrorKind::Network, network);
        }
        origin.country = self::country(country.of(text));
        if origin.country.is_none() {
            origin.error(OriginErrorKind::Country, country);
        }
        origin
    }

    fn error(&mut self, kind: OriginErrorKind, span: Span) {
        self.errors.push(OriginError { kind, span });
    }

    /// The record that says most of `ip`: the one about the smallest range around it. One about another range says nothing.
    pub fn best(records: impl IntoIterator<Item = Self>, ip: IpAddr) -> Option<Self> {
        let about = |record: &Self| record.network.filter(|network| network.contains(ip)).map(|n| n.prefix);
        records
            .into_iter()
            .filter(|record| about(record).is_some() && !record.numbers.is_empty())
            .max_by_key(about)
    }
}

impl System {
    /// Reads a record. Never fails: what is wrong is among the errors.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut system = Self::default();
        let columns = columns(text);
        let [number, country, _, _, name, ..] = columns[..] else {
            system.error(OriginErrorKind::Columns, Span::new(0, text.len()));
            return system;
        };
        system.number = self::number(number.of(text));
        if system.number.is_none() {
            system.error(OriginErrorKind::Number, number);
        }
        system.country = self::country(country.of(text));
        if system.country.is_none() {
            system.error(OriginErrorKind::Country, country);
        }
        // A bar in the name is part of it.
        let name = Span { end: columns.last().map_or(name.end, |last| last.end), ..name };
        system.name = self::name(name.of(text));
        if system.name.is_none() {
            system.error(OriginErrorKind::Name, name);
        }
        system
    }

    fn error(&mut self, kind: OriginErrorKind, span: Span) {
        self.errors.push(OriginError { kind, span });
    }
}

/// The columns, without the blanks around them.
fn columns(text: &str) -> Vec<Span> {
    let mut at = 0;
    text.split('|')
        .map(|column| {
            let start = at + (column.len() - column.trim_start().len());
            at += column.len() + 1;
            Span::new(start, start + column.trim().len())
        })
        .collect()
}

/// The words of a column, each with its place in the text.
fn words(text: &str, column: Span) -> impl Iterator<Item = (usize, &str)> {
    let mut at = column.range().start;
    let words = column.of(text).split(' ').map(move |word| {
        let here = at;
        at += word.len() + 1;
        (here, word)
    });
    words.filter(|(_, word)| !word.is_empty())
}

fn number(word: &str) -> Option<u32> {
    let digits = !word.is_empty() && word.bytes().all(|octet| octet.is_ascii_digit());
    word.parse().ok().filter(|&number| digits && number != 0)
}

fn network(text: &str) -> Option<Network> {
    let (ip, prefix) = text.split_once('/')?;
    let ip: IpAddr = ip.parse().ok()?;
    let digits = prefix.bytes().all(|octet| octet.is_ascii_digit());
    let prefix: u8 = prefix.parse().ok().filter(|_| digits)?;
    let network = Network::new(ip, prefix);
    (network.prefix == prefix && network.first == ip).then_some(network)
}

fn country(text: &str) -> Option<String> {
    (text.len() == 2 && text.bytes().all(|octet| octet.is_ascii_uppercase())).then(|| text.to_owned())
}

/// The name without the country behind it, cut where it is too long.
fn name(text: &str) -> Option<String> {
    let named = match text.rsplit_once(',') {
        Some((name, behind)) if country(behind.trim()).is_some() => name.trim_end(),
        _ => text,
    };
    if named.is_empty() {
        return None;
    }
    Some(match named.char_indices().nth(NAME_CHARS) {
        Some((at, _)) => format!("{}…", named[..at].trim_end()),
        None => named.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(errors: &[OriginError], text: &str) -> Vec<(OriginErrorKind, String)> {
        errors.iter().map(|error| (error.kind, error.span.of(text).to_owned())).collect()
    }

    #[test]
    fn a_record_about_an_address() {
        let origin = Origin::parse("64500 64501 | 192.0.2.0/24 | TW | apnic | 2010-05-05");
        assert_eq!(origin.numbers, [64_500, 64_501]);
        assert_eq!(origin.network.unwrap().to_string(), "192.0.2.0/24");
        assert_eq!((origin.country.as_deref(), origin.errors.len()), (Some("TW"), 0));
        let six = Origin::parse("64500|2001:db8::/32|DE|ripencc|");
        assert_eq!((six.network.unwrap().to_string().as_str(), six.errors.len()), ("2001:db8::/32", 0));
    }

    #[test]
    fn a_record_about_a_system() {
        let text = "64500 | US | arin | 2002-01-04 | EXAMPLE - Example Inc., US";
        let system = System::parse(text);
        assert_eq!((system.number, system.country.as_deref()), (Some(64_500), Some("US")));
        assert_eq!(system.name.as_deref(), Some("EXAMPLE - Example Inc."));
        assert!(system.errors.is_empty());
        let bar = System::parse("1 | US | arin |  | A | B, Ltd");
        assert_eq!(bar.name.as_deref(), Some("A | B, Ltd"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        use OriginErrorKind::{Columns, Country, Name, Network, Number};
        for (text, wanted) in [
            ("", vec![(Columns, "")]),
            ("v=spf1 -all", vec![(Columns, "v=spf1 -all")]),
            (" | | ", vec![(Number, ""), (Network, ""), (Country, "")]),
            (
                "0 -1 +2 99999999999 7 | 192.0.2.0/24 | TW",
                vec![(Number, "0"), (Number, "-1"), (Number, "+2"), (Number, "99999999999")],
            ),
            ("1 | 192.0.2.1/24 | tw", vec![(Network, "192.0.2.1/24"), (Country, "tw")]),
            ("1 | 192.0.2.0/33 | TWN", vec![(Network, "192.0.2.0/33"), (Country, "TWN")]),
            ("1 | 192.0.2.0/+8 | 臺灣", vec![(Network, "192.0.2.0/+8"), (Country, "臺灣")]),
        ] {
            assert_eq!(
                kinds(&Origin::parse(text).errors, text),
                wanted.iter().map(|(k, t)| (*k, (*t).to_owned())).collect::<Vec<_>>(),
                "{text}"
            );
        }
        let text = "x | US | arin | 2002 | , US";
        assert_eq!(
            kinds(&System::parse(text).errors, text),
            [(Number, "x".to_owned()), (Name, ", US".to_owned())]
        );
        assert_eq!(System::parse("1 | US | arin").errors[0].kind, Columns);
    }

    #[test]
    fn of_several_records_the_smallest_range_around_the_address_counts() {
        let best = |texts: &[&str]| {
            let records = texts.iter().map(|text| Origin::parse(text));
            Origin::best(records, "192.0.2.7".parse().unwrap()).map(|origin| origin.numbers)
        };
        let wide = "1 | 192.0.0.0/16 | US";
        let narrow = "2 | 192.0.2.0/24 | US";
        assert_eq!(best(&[wide, narrow]), Some(vec![2]));
        assert_eq!(best(&[narrow, wide]), Some(vec![2]));
        assert_eq!(best(&[wide, "3 | 198.51.100.0/24 | US"]), Some(vec![1]));
        assert_eq!(best(&["3 | 198.51.100.0/24 | US", "x | 192.0.2.0/25 | US", ""]), None);
    }

    #[test]
    fn nothing_grows_beyond_its_bound() {
        let many = format!("{} | 192.0.2.0/24 | US", "7 ".repeat(1_000));
        assert_eq!(Origin::parse(&many).numbers.len(), MOST_NUMBERS);
        let long = format!("1 | US | arin | 2002 | {}", "信".repeat(1_000));
        assert_eq!(System::parse(&long).name.unwrap().chars().count(), NAME_CHARS + 1);
    }
}
