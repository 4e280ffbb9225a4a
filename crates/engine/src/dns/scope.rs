//! How far an address reaches: what is public, and what only the inside of a network knows.
//!
//! Source of the blocks: the IANA Special-Purpose Address Registries (RFC 6890, updated by RFC 8190). An IPv4 address
//! written as IPv6 (`::ffff:192.0.2.1`, RFC 4291 section 2.5.5.2) counts as IPv4 everywhere here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// IPv4 blocks that are no place on the Internet, with prefix lengths: the IANA IPv4 Special-Purpose Address Registry,
/// multicast (RFC 5771) and the reserved class E (RFC 1112 section 4).
const SPECIAL_V4: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    SHARED_V4,
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// IPv6 blocks inside global unicast that are no place on the Internet, with prefix lengths: protocol assignments
/// (Teredo, benchmarking, ORCHID among them), documentation, 6to4 and AS112 (IANA IPv6 Special-Purpose Address Registry).
const SPECIAL_V6: &[(Ipv6Addr, u32)] = &[
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// What providers share among their customers (RFC 6598).
const SHARED_V4: (Ipv4Addr, u32) = (Ipv4Addr::new(100, 64, 0, 0), 10);

/// The only IPv6 block from which unicast addresses are given out (RFC 4291 section 2.4).
const GLOBAL_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Whether an address is a host's on the Internet. Private, shared (CGNAT, RFC 6598), loopback, link-local,
/// documentation, benchmarking, multicast, reserved and translating addresses are not: nobody outside reaches them, and
/// to name or to ask them would tell of a local network, or reach into it.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => !SPECIAL_V4.iter().any(|&block| in_v4(ip, block)),
        IpAddr::V6(ip) => in_v6(ip, GLOBAL_V6) && !SPECIAL_V6.iter().any(|&block| in_v6(ip, block)),
    }
}

/// Whether an address is one of a local network, of this machine, or of a provider's inside (RFC 1918, RFC 3927,
/// RFC 4193, RFC 6598): whoever is outside sees another one. Documentation and other reserved blocks are neither public
/// nor inside.
#[must_use]
pub fn is_inside(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let shared = in_v4(ip, SHARED_V4);
            shared || ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified()
        }
        IpAddr::V6(ip) => {
            ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local()
        }
    }
}

fn in_v4(ip: Ipv4Addr, (net, length): (Ipv4Addr, u32)) -> bool {
    (ip.to_bits() ^ net.to_bits()) >> (32 - length) == 0
}

fn in_v6(ip: Ipv6Addr, (net, length): (Ipv6Addr, u32)) -> bool {
    (ip.to_bits() ^ net.to_bits()) >> (128 - length) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_addresses_are_not_public() {
        for ip in [
            "0.0.0.0",
            "0.255.255.255",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.2",
            "169.254.1.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.9",
            "192.0.2.1",
            "192.31.196.1",
            "192.52.193.1",
            "192.88.99.1",
            "192.168.1.1",
            "192.175.48.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.2",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:1ff:ffff::1",
            "2001:db8::1",
            "2002:c000:204::1",
            "2620:4f:8000::1",
            "3fff::1",
            "3fff:fff::1",
            "4000::1",
            "5f00::1",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn public_addresses_are() {
        for ip in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "192.0.3.1",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2003::1",
            "2606:4700:4700::1111",
            "2a00:1450:4001::1b",
            "3ffe::1",
        ] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn the_inside_of_a_network_is_told_from_what_is_merely_special() {
        for ip in ["10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.1.1", "192.168.1.1", "0.0.0.0", "::"] {
            assert!(is_inside(ip.parse().unwrap()), "{ip}");
        }
        for ip in ["::1", "fd00::1", "fe80::1", "::ffff:192.168.1.1"] {
            assert!(is_inside(ip.parse().unwrap()), "{ip}");
        }
        for ip in ["192.0.2.1", "198.51.100.7", "224.0.0.1", "100.128.0.0", "2001:db8::1", "8.8.8.8"] {
            assert!(!is_inside(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn nothing_inside_a_network_is_public() {
        for first in 0..=u8::MAX {
            for second in [0, 16, 31, 64, 100, 127, 168, 254] {
                let ip = IpAddr::from([first, second, 1, 1]);
                assert!(!(is_inside(ip) && is_public(ip)), "{ip}");
            }
            let ip = IpAddr::from([first, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
            assert!(!(is_inside(ip) && is_public(ip)), "{ip}");
        }
    }
}
