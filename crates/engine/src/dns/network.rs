//! Addresses and ranges of addresses.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use serde::{Serialize, Serializer};

/// An address, or all addresses that begin with the same bits. Shows as `192.0.2.1` or `192.0.2.0/24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network {
    /// The first address of the range.
    pub first: IpAddr,
    /// How many bits are the same, at most 32 or 128.
    pub prefix: u8,
}

impl Network {
    /// The range around `ip`.
    #[must_use]
    pub fn new(ip: IpAddr, prefix: u8) -> Self {
        match ip {
            IpAddr::V4(v4) => {
                let prefix = prefix.min(32);
                let mask = u32::MAX.checked_shl(u32::from(32 - prefix)).unwrap_or(0);
                Self { first: Ipv4Addr::from_bits(v4.to_bits() & mask).into(), prefix }
            }
            IpAddr::V6(v6) => {
                let prefix = prefix.min(128);
                let mask = u128::MAX.checked_shl(u32::from(128 - prefix)).unwrap_or(0);
                Self { first: Ipv6Addr::from_bits(v6.to_bits() & mask).into(), prefix }
            }
        }
    }

    /// Whether `ip` is one of them; never across families.
    #[must_use]
    pub fn contains(self, ip: IpAddr) -> bool {
        match (ip, self.first) {
            (IpAddr::V4(ip), IpAddr::V4(first)) => {
                (ip.to_bits() ^ first.to_bits())
                    .checked_shr(32u32.saturating_sub(self.prefix.into()))
                    .unwrap_or(0)
                    == 0
            }
            (IpAddr::V6(ip), IpAddr::V6(first)) => {
                (ip.to_bits() ^ first.to_bits())
                    .checked_shr(128u32.saturating_sub(self.prefix.into()))
                    .unwrap_or(0)
                    == 0
            }
            _ => false,
        }
    }

    /// How many bits are free: 0 for a single address, 3 for a range of eight.
    #[must_use]
    pub fn free_bits(self) -> u8 {
        let all = if self.first.is_ipv4() { 32 } else { 128 };
        all - self.prefix.min(all)
    }

    /// Every address of a range with at most `free_bits` free bits (no more than 8); nothing of a larger one.
    #[must_use]
    pub fn addresses(self, free_bits: u8) -> Vec<IpAddr> {
        let free = self.free_bits();
        if free > free_bits.min(8) {
            return Vec::new();
        }
        (0..1u32 << free)
            .map(|n| match self.first {
                IpAddr::V4(first) => Ipv4Addr::from_bits(first.to_bits() + n).into(),
                IpAddr::V6(first) => Ipv6Addr::from_bits(first.to_bits() + u128::from(n)).into(),
            })
            .collect()
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        if self.free_bits() == 0 { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}

impl Serialize for Network {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str, prefix: u8) -> Network {
        Network::new(text.parse().unwrap(), prefix)
    }

    #[test]
    fn ranges_begin_at_their_first_address() {
        assert_eq!(network("192.0.2.77", 24).to_string(), "192.0.2.0/24");
        assert_eq!(network("192.0.2.77", 32).to_string(), "192.0.2.77");
        assert_eq!(network("192.0.2.77", 0).to_string(), "0.0.0.0/0");
        assert_eq!(network("2001:db8::77", 64).to_string(), "2001:db8::/64");
        assert_eq!(network("2001:db8::77", 0).to_string(), "::/0");
    }

    #[test]
    fn families_do_not_mix() {
        assert!(network("0.0.0.0", 0).contains("192.0.2.1".parse().unwrap()));
        assert!(!network("0.0.0.0", 0).contains("2001:db8::1".parse().unwrap()));
        assert!(network("::", 0).contains("2001:db8::1".parse().unwrap()));
        assert!(!network("192.0.2.0", 25).contains("192.0.2.128".parse().unwrap()));
    }

    #[test]
    fn small_ranges_are_listed() {
        let shown: Vec<_> = network("192.0.2.9", 30).addresses(3).iter().map(IpAddr::to_string).collect();
        assert_eq!(shown, ["192.0.2.8", "192.0.2.9", "192.0.2.10", "192.0.2.11"]);
        assert_eq!(network("255.255.255.255", 29).addresses(3).len(), 8);
        assert_eq!(network("192.0.2.9", 28).addresses(3).len(), 0);
        assert_eq!(network("2001:db8::1", 128).addresses(3).len(), 1);
    }
}
