//! Whatever is typed or pasted: no panic, and what is accepted can be asked about.

use mail_triage_engine::{
    dns::{Name, is_public},
    input::{read, read_ips, read_selectors},
};
use proptest::prelude::*;

/// Stands in for the browser, which may answer with anything.
fn to_ascii(text: &str) -> Option<String> {
    match text.chars().count() % 4 {
        0 => None,
        1 => Some(text.to_owned()),
        2 => Some(format!("xn--{}.example", text.len())),
        _ => Some("11.22.33.44".to_owned()),
    }
}

/// Pieces that mean something to the reader, so that random texts reach its far corners.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "@", ".", "://", ":", "/", "[", "]", "<", ">", " ", "\n", "%", "%40", "www.", "_dmarc.", "_domainkey",
            "mailto:", "example", "org", "example.org", "11.22.33.44", "2a00::1", "::", "IPv6:", "/24", ",", "\u{200d}",
            "\u{200b}", "。", "＠", "「", "\u{3000}", "xn--", "localhost", "550", "ü", "漢", "0", "s=",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(|c| c.to_string()),
    ]
}

fn typed() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), prop::collection::vec(piece(), 0..24).prop_map(|pieces| pieces.concat())]
}

fn domain() -> impl Strategy<Value = String> {
    "[a-z]([a-z0-9-]{0,20}[a-z0-9])?(\\.[a-z]([a-z0-9-]{0,10}[a-z0-9])?){0,3}\\.(org|example|com\\.tw)"
        .prop_filter("a name that is read as another", |name| !name.starts_with("www."))
}

/// What may stand around an address without changing it.
fn around() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(vec![
        ("", ""),
        (" ", "\n"),
        ("<", ">,"),
        ("「", "」"),
        ("“", ".”"),
        ("\u{feff}\u{a0}", "\u{200b}"),
        ("(", ");"),
        ("https://", "/path?q=1#x"),
        ("https://www.", ":8443/"),
        ("smtp://user:pass@", ":587"),
        ("*.", "."),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_accepted_can_be_asked_about(text in typed()) {
        if let Ok(reading) = read(&text, to_ascii) {
            let target = reading.target;
            prop_assert!(target.domain.is_some() ^ (target.ips.len() == 1), "{target:?}");
            if let Some(domain) = target.domain {
                prop_assert!(domain.is_host_name() && domain.labels().count() > 1, "{domain}");
            }
            prop_assert!(target.ips.iter().all(|&ip| is_public(ip)));
            prop_assert!(target.local_part.is_none_or(|local| !local.is_empty() && !local.contains('@')));
        }
    }

    #[test]
    fn what_is_read_once_reads_the_same_again(text in typed()) {
        if let Ok(reading) = read(&text, to_ascii) && let Some(domain) = &reading.target.domain {
            let again = read(domain.as_str(), to_ascii).unwrap();
            // Each reading takes one `www.` away, so that `www.www.example.org` can be asked about.
            if !domain.as_str().starts_with("www.") {
                prop_assert_eq!(again.target.domain.as_ref(), Some(domain));
            }
        }
    }

    #[test]
    fn a_domain_is_found_in_its_wrapping(domain in domain(), (before, after) in around(), upper: bool) {
        let domain = if upper { domain.to_uppercase() } else { domain };
        let reading = read(&format!("{before}{domain}{after}"), to_ascii).unwrap();
        prop_assert_eq!(reading.target.domain, Some(Name::parse(&domain).unwrap()));
    }

    #[test]
    fn an_address_is_found_in_its_wrapping(local in "[A-Za-z0-9][A-Za-z0-9.+_-]{0,20}", domain in domain()) {
        for text in [format!("{local}@{domain}"), format!("“Anna, B.” <{local}@{domain}>;"), format!("mailto:{local}@{domain}?subject=x")] {
            let target = read(&text, to_ascii).unwrap().target;
            prop_assert_eq!(target.domain, Some(Name::parse(&domain).unwrap()), "{}", text);
            prop_assert_eq!(target.local_part.as_deref(), Some(local.trim_end_matches('.')), "{}", text);
        }
    }

    #[test]
    fn the_smaller_boxes_lose_no_word(text in typed()) {
        let (ips, rest) = read_ips(&text);
        let (selectors, others) = read_selectors(&text);
        prop_assert!(ips.iter().all(|ip| ip.to_canonical() == *ip));
        prop_assert!(rest.iter().chain(&others).all(|word| !word.is_empty()));
        prop_assert!(selectors.iter().all(|selector| Name::parse(selector).is_ok()));
    }
}
