//! Names that a provider makes by rule for every address it has.
//!
//! Receivers read such a name as "a home line or an unconfigured machine, not a mail server". It is an impression,
//! not a fault, so nothing rests on it but a hint.

use std::net::IpAddr;

use crate::dns::Name;

/// Words for lines of homes, offices and phones, as they stand between dots, hyphens and digits of names made by rule.
const LINES: [&str; 18] = [
    "adsl",
    "broadband",
    "cable",
    "dhcp",
    "dial",
    "dialup",
    "dip",
    "dsl",
    "dyn",
    "dynamic",
    "dynamicip",
    "dynip",
    "pool",
    "pools",
    "ppp",
    "pppoe",
    "vdsl",
    "xdsl",
];

/// Words that stand in such names and say no more than that they were made by rule.
const POOLS: [&str; 8] = ["client", "clients", "cust", "customer", "customers", "ip", "static", "user"];

/// Words for ways into the network that a name given by hand may have too.
const ACCESS: [&str; 6] = ["cellular", "ftth", "gprs", "lte", "mobile", "residential"];

/// Whether the name says that the address is that of a line; one in a domain that is the sender's `own` never does.
pub(crate) fn names_a_line(name: &Name, own: bool) -> bool {
    !own && words(name).any(|word| LINES.contains(&word) || ACCESS.contains(&word))
}

/// Whether the name looks made by rule: it spells the address, or, in a domain that is not the sender's `own`, has a
/// word for a line or a pool.
pub(crate) fn looks_generic(name: &Name, ip: IpAddr, own: bool) -> bool {
    spells(name.as_str(), ip)
        || !own && words(name).any(|word| LINES.contains(&word) || POOLS.contains(&word))
}

/// The pieces of the name in front of its last two labels, without the digits around them.
pub(crate) fn words(name: &Name) -> impl Iterator<Item = &str> {
    let host = name.as_str();
    let kept = host.rmatch_indices('.').nth(1).map_or("", |(at, _)| &host[..at]);
    kept.split(['.', '-', '_']).map(|word| word.trim_matches(|c: char| c.is_ascii_digit()))
}

fn spells(name: &str, ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let mut wanted = ip.octets().to_vec();
            for number in
                name.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse::<u8>().ok())
            {
                if let Some(at) = wanted.iter().position(|octet| *octet == number) {
                    wanted.swap_remove(at);
                }
            }
            let [a, b, c, d] = ip.octets();
            wanted.is_empty()
                || name.contains(&format!("{a:02x}{b:02x}{c:02x}{d:02x}"))
                || name.contains(&format!("{a:03}{b:03}{c:03}{d:03}"))
        }
        IpAddr::V6(ip) => {
            let nibbles: String = ip.octets().iter().map(|octet| format!("{octet:02x}")).collect();
            let bare: String = name.chars().filter(|c| !matches!(c, '.' | '-')).collect();
            let backwards: String = nibbles.chars().rev().collect();
            let groups: Vec<String> =
                ip.segments().iter().filter(|group| **group != 0).map(|group| format!("{group:x}")).collect();
            let pieces: Vec<&str> = name
                .split(['.', '-'])
                .map(|piece| piece.trim_start_matches('0'))
                .filter(|piece| !piece.is_empty())
                .collect();
            bare.contains(&nibbles[16..]) && ip.segments()[4..].iter().any(|group| *group != 0)
                || bare.contains(&backwards)
                || groups.len() > 2 && pieces.windows(groups.len()).any(|pieces| pieces == groups)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generic(name: &str, ip: &str) -> bool {
        looks_generic(&Name::parse(name).unwrap(), ip.parse().unwrap(), false)
    }

    #[test]
    fn names_made_by_rule() {
        for (name, ip) in [
            ("ec2-3-120-4-5.eu-central-1.compute.example", "3.120.4.5"),
            ("5.4.120.3.bc.provider.example", "3.120.4.5"),
            ("host-003120004005.provider.example", "3.120.4.5"),
            ("p03780405.dip0.provider.example", "3.120.4.5"),
            ("dynamic.line.provider.example", "3.120.4.5"),
            ("pool12.line.provider.example", "3.120.4.5"),
            ("static.clients.provider.example", "3.120.4.5"),
            ("ip-12.provider.example", "3.120.4.5"),
            ("2a01-4f8-c17-1--2.provider.example", "2a01:4f8:c17:1::2"),
            ("2a01-4f8-c17-1-2.provider.example", "2a01:4f8:c17:1::2"),
            ("x00a1b2c3d4e5f607.provider.example", "2a01:4f8:c17:1:a1:b2c3:d4e5:f607"),
        ] {
            assert!(generic(name, ip), "{name}");
        }
    }

    #[test]
    fn names_given_by_hand() {
        for (name, ip) in [
            ("mail.example.org", "3.120.4.5"),
            ("mail-wr1-f45.google.example", "209.85.221.45"),
            ("mx1.example.org", "1.1.1.1"),
            ("dynamic.example", "3.120.4.5"),
            ("mail.pool.example", "3.120.4.5"),
            ("recipient.shipping.example.org", "3.120.4.5"),
            ("mail.example.org", "2a01:4f8:c17:1::2"),
            ("mail.example.org", "2a01:4f8::"),
        ] {
            assert!(!generic(name, ip), "{name}");
        }
    }

    #[test]
    fn lines_are_told_from_machines_that_are_let() {
        let line = |name: &str| names_a_line(&Name::parse(name).unwrap(), false);
        assert!(line("11-22-33-77.dynamic.isp.example") && line("pool12.isp.example"));
        assert!(line("1-2-3-4.lte.isp.example"));
        assert!(!line("static.44.33.22.11.clients.server.example") && !line("mobile.example"));
        assert!(!names_a_line(&Name::parse("pool.mail.example.org").unwrap(), true));
    }

    #[test]
    fn a_word_in_a_domain_of_ones_own_is_a_choice() {
        let name = Name::parse("customer.mail.example.org").unwrap();
        let ip = "3.120.4.5".parse().unwrap();
        assert!(looks_generic(&name, ip, false) && !looks_generic(&name, ip, true));
    }
}
