//! Addresses as people write them.

use std::net::{IpAddr, Ipv4Addr};

use crate::dns::ip::canonical;

/// A word that is an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    /// One address; IPv4 written as IPv6 is IPv4.
    Address(IpAddr),
    /// A network of several.
    Range,
}

/// Reads `192.0.2.1`, `2001:db8::1`, either in brackets, with a port, a zone or a prefix length, and the form of
/// RFC 5321 section 4.1.3, `[IPv6:2001:db8::1]`.
pub(super) fn read(word: &str) -> Option<Literal> {
    let word = word.trim_start_matches('[');
    let word = match word.get(..5) {
        Some(tag) if tag.eq_ignore_ascii_case("ipv6:") => &word[5..],
        _ => word,
    };
    if let Some((net, length)) = word.split_once('/')
        && let Ok(ip) = net.parse::<IpAddr>()
        && let Ok(length) = length.parse::<u8>()
    {
        let single = if ip.is_ipv4() { 32 } else { 128 };
        return Some(if length == single { Literal::Address(canonical(ip)) } else { Literal::Range });
    }
    let word = word.split([']', '%']).next().unwrap_or(word);
    if let Ok(ip) = word.parse::<IpAddr>() {
        return Some(Literal::Address(canonical(ip)));
    }
    let (host, port) = word.split_once(':')?;
    let ip = host.parse::<Ipv4Addr>().ok()?;
    port.bytes().all(|b| b.is_ascii_digit()).then_some(Literal::Address(IpAddr::V4(ip)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_an_address() {
        for (word, ip) in [
            ("192.0.2.1", "192.0.2.1"),
            ("[192.0.2.1]", "192.0.2.1"),
            ("192.0.2.1:587", "192.0.2.1"),
            ("192.0.2.1/32", "192.0.2.1"),
            ("2001:DB8::1", "2001:db8::1"),
            ("[2001:db8::1]:25", "2001:db8::1"),
            ("[IPv6:2001:db8::1]", "2001:db8::1"),
            ("2001:db8::1/128", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
        ] {
            assert_eq!(read(word), Some(Literal::Address(ip.parse().unwrap())), "{word}");
        }
        assert_eq!(read("192.0.2.0/24"), Some(Literal::Range));
        for word in
            ["", "[", "192.0.2", "192.0.2.256", "example.org", "1.2.3.4:abc", "ipv6:", "日本語", "1.2.3.4/x"]
        {
            assert_eq!(read(word), None, "{word}");
        }
    }
}
