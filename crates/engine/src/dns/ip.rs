//! Addresses as DNS writes them.

use std::{fmt::Write as _, net::IpAddr};

/// The name under which the address is looked up, without a zone: `4.3.2.1` for `1.2.3.4`, 32 nibbles for IPv6
/// (RFC 1035 section 3.5, RFC 3596 section 2.5, RFC 5782 sections 2.1 and 2.4).
#[must_use]
pub fn reversed(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(v4) => {
            let [a, b, c, d] = v4.octets();
            format!("{d}.{c}.{b}.{a}")
        }
        IpAddr::V6(v6) => {
            let mut text = String::with_capacity(63);
            for octet in v6.octets().iter().rev() {
                if !text.is_empty() {
                    text.push('.');
                }
                let _ = write!(text, "{:x}.{:x}", octet & 15, octet >> 4);
            }
            text
        }
    }
}

/// The name that holds the PTR record of an address.
#[must_use]
pub fn reverse_name(ip: IpAddr) -> super::Name {
    let zone = if ip.is_ipv4() { "in-addr.arpa" } else { "ip6.arpa" };
    // Never too long: 64 nibble characters and the zone.
    super::Name::parse(&format!("{}.{zone}", reversed(ip))).unwrap_or_else(|_| super::Name::root())
}

/// The address with an IPv4-mapped IPv6 address made IPv4 (RFC 7208 section 5, RFC 4291 section 2.5.5.2).
#[must_use]
pub fn canonical(ip: IpAddr) -> IpAddr {
    ip.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reverse_names() {
        let v4: IpAddr = "192.0.2.1".parse().unwrap();
        assert_eq!(reverse_name(v4).as_str(), "1.2.0.192.in-addr.arpa");
        let v6: IpAddr = "2001:db8::567:89ab".parse().unwrap();
        assert_eq!(
            reverse_name(v6).as_str(),
            "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
        );
    }
}
