//! Zone text that nobody meant as such: the parser says which line it cannot read and never panics, and what it has
//! read it gives back.

use std::collections::BTreeMap;

use mail_triage_engine::{
    dns::{Name, Outcome, Query, Rdata, Rtype, Txt},
    facts::Ask,
    zone::Zone,
};
use proptest::{collection::vec, prelude::*, sample::select};

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => select(vec![
            "example.org", ".", "a", " ", "\t", "\n", "\n ", "3600", "IN", "*", "@", "$ORIGIN ", "$TTL ", "$", ";",
            "A ", "AAAA ", "MX ", "TXT ", "SOA ", "SRV ", "TLSA ", "CAA ", "DS ", "CNAME ", "PTR ", "SPF ", "SERVFAIL",
            "TIMEOUT", "192.0.2.1", "2001:db8::1", "10 ", "\"", "\\", "\\256", "\\12", "0", "ff", "f", "é", "65536",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ]
}

fn name() -> impl Strategy<Value = Name> {
    vec(select(vec!["a", "b", "_spf", "example", "org"]), 1..4)
        .prop_map(|labels| Name::parse(&labels.join(".")).unwrap())
}

fn data() -> impl Strategy<Value = Rdata> {
    let txt = vec(vec(32u8..127, 0..20), 1..3)
        .prop_map(|strings| Rdata::Txt(Txt::new(strings.iter().map(Vec::as_slice))));
    prop_oneof![
        any::<[u8; 4]>().prop_map(|ip| Rdata::A(ip.into())),
        any::<[u8; 16]>().prop_map(|ip| Rdata::Aaaa(ip.into())),
        (any::<u16>(), name()).prop_map(|(preference, exchange)| Rdata::Mx { preference, exchange }),
        (any::<[u16; 3]>(), name()).prop_map(|([priority, weight, port], target)| Rdata::Srv {
            priority,
            weight,
            port,
            target
        }),
        (any::<[u8; 3]>(), vec(any::<u8>(), 1..40))
            .prop_map(|([usage, selector, matching], data)| Rdata::Tlsa { usage, selector, matching, data }),
        name().prop_map(Rdata::Ns),
        name().prop_map(Rdata::Ptr),
        txt,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_its_line_is_named(pieces in vec(piece(), 0..40), name in name()) {
        let text = pieces.concat();
        match Zone::parse(&text) {
            Ok(zone) => {
                for rtype in Rtype::all() {
                    let query = Query::new(name.clone(), rtype);
                    if let Outcome::Records(answer) = zone.ask(&query).unwrap() {
                        let right = |data: &Rdata| data.rtype() == rtype || rtype == Rtype::Spf;
                        prop_assert!(answer.records.iter().all(|record| right(&record.data)), "{}", query);
                    }
                }
            }
            Err(error) => prop_assert!(error.line >= 1 && error.line <= text.lines().count(), "{error}"),
        }
    }

    #[test]
    fn records_written_as_text_come_back(records in vec((name(), any::<u32>(), data()), 1..12)) {
        let mut text = String::new();
        let mut wanted: BTreeMap<Query, Vec<(u32, Rdata)>> = BTreeMap::new();
        for (owner, ttl, data) in records {
            text += &format!("{owner}. {ttl} {} {data}\n", data.rtype());
            // The same record twice is one record, and its lowest TTL counts (RFC 2181 section 5).
            let all = wanted.entry(Query::new(owner, data.rtype())).or_default();
            match all.iter_mut().find(|(_, known)| *known == data) {
                Some((lowest, _)) => *lowest = ttl.min(*lowest),
                None => all.push((ttl, data)),
            }
        }
        let zone = Zone::parse(&text).unwrap();
        for (query, wanted) in wanted {
            let found = zone.ask(&query).unwrap().records().iter();
            let found: Vec<(u32, Rdata)> = found.map(|record| (record.ttl, record.data.clone())).collect();
            prop_assert_eq!(found, wanted, "{} in\n{}", query, text);
        }
    }
}
