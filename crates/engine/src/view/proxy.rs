//! Addresses of a network that passes on what browsers ask for and nothing else: mail cannot get through there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::dns::Network;

/// Cloudflare's published ranges as first address and prefix length (<https://www.cloudflare.com/ips/>, read 2026-11-29).
const V4: [(u32, u8); 15] = [
    (0xadf5_3000, 20), // 173.245.48.0
    (0x6715_f400, 22), // 103.21.244.0
    (0x6716_c800, 22), // 103.22.200.0
    (0x671f_0400, 22), // 103.31.4.0
    (0x8d65_4000, 18), // 141.101.64.0
    (0x6ca2_c000, 18), // 108.162.192.0
    (0xbe5d_f000, 20), // 190.93.240.0
    (0xbc72_6000, 20), // 188.114.96.0
    (0xc5ea_f000, 22), // 197.234.240.0
    (0xc629_8000, 17), // 198.41.128.0
    (0xa29e_0000, 15), // 162.158.0.0
    (0x6810_0000, 13), // 104.16.0.0
    (0x6818_0000, 14), // 104.24.0.0
    (0xac40_0000, 13), // 172.64.0.0
    (0x8300_4800, 22), // 131.0.72.0
];
const V6: [(u16, u16, u8); 7] = [
    (0x2400, 0xcb00, 32),
    (0x2606, 0x4700, 32),
    (0x2803, 0xf800, 32),
    (0x2405, 0xb500, 32),
    (0x2405, 0x8100, 32),
    (0x2a06, 0x98c0, 29),
    (0x2c0f, 0xf248, 32),
];

/// Whether `ip` is one of them.
pub(crate) fn holds(ip: IpAddr) -> bool {
    let v4 = V4.iter().map(|&(first, prefix)| Network::new(Ipv4Addr::from_bits(first).into(), prefix));
    let v6 =
        V6.iter().map(|&(a, b, prefix)| Network::new(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0).into(), prefix));
    v4.chain(v6).any(|network| network.contains(ip))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ranges_end_where_they_say() {
        for inside in [
            "173.245.48.0",
            "103.21.247.255",
            "103.22.200.1",
            "103.31.4.1",
            "141.101.64.1",
            "108.162.192.1",
            "190.93.240.1",
            "188.114.96.1",
            "197.234.240.1",
            "198.41.128.1",
            "162.159.255.255",
            "104.16.0.1",
            "104.27.255.255",
            "172.71.255.255",
            "131.0.72.1",
            "2606:4700::1",
            "2a06:98c7::1",
        ] {
            assert!(holds(inside.parse().unwrap()), "{inside}");
        }
        for outside in [
            "104.15.255.255",
            "104.28.0.0",
            "172.63.255.255",
            "172.72.0.0",
            "162.160.0.0",
            "2a06:98c8::1",
            "::1",
        ] {
            assert!(!holds(outside.parse().unwrap()), "{outside}");
        }
    }
}
