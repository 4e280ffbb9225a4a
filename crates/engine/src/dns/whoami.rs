//! Where a question comes from: Cloudflare's resolver answers `whoami.cloudflare` in class CH with the address of
//! whoever asks, so that no other service has to be asked for it.
//!
//! No other resolver can answer, so the question goes there whatever resolver the user has chosen for everything else;
//! it names nothing that the user asks about, and is asked only when the user wants it. Where the list of resolvers does not
//! hold that one, nobody is asked.

use std::net::IpAddr;

use super::{Answer, Failure, Meta, Name, Outcome, Rdata, Record};

/// The one resolver that can answer, as `resolvers.json` calls it.
pub const RESOLVER: &str = "cloudflare";

/// The address of the user's own connection, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OwnAddress {
    /// Nobody was asked who could tell.
    #[default]
    NotAsked,
    /// It is this one.
    Known(IpAddr),
    /// It could not be found out.
    Failed(Failure),
}

impl OwnAddress {
    /// What an [`outcome`] says.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        match outcome.records().iter().find_map(|record| record.data.address()) {
            Some(ip) => Self::Known(ip),
            None => Self::Failed(outcome.failure().unwrap_or(Failure::Malformed)),
        }
    }
}

/// What an answer says, in the form of a lookup, so that it is tried again and noted like any other: one record with the
/// address, or [`Failure::Malformed`].
#[must_use]
pub fn outcome(octets: &[u8]) -> Outcome {
    let Some(ip) = address(octets) else { return Outcome::failed(Failure::Malformed) };
    let data = match ip {
        IpAddr::V4(ip) => Rdata::A(ip),
        IpAddr::V6(ip) => Rdata::Aaaa(ip),
    };
    let records = vec![Record { owner: Name::root(), ttl: 0, data }];
    Outcome::Records(Answer { records, chain: Vec::new(), meta: Meta::default() })
}

/// The name in wire format, asked for TXT (16) in class CH (3).
const QUESTION: &[u8] = b"\x06whoami\x0acloudflare\0\0\x10\0\x03";

/// The octets of the question: ID 0, recursion desired.
#[must_use]
pub fn question() -> Vec<u8> {
    let mut octets = vec![0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    octets.extend(QUESTION);
    octets
}

/// The address in an answer to it; none if the answer is anything else.
#[must_use]
pub fn address(octets: &[u8]) -> Option<IpAddr> {
    let header = octets.get(..12)?;
    // An answer, without error, to one question, with at least one record.
    if header[2] & 0x80 == 0 || header[3] & 15 != 0 || header[5] != 1 || header[7] == 0 {
        return None;
    }
    let rest = octets.get(12..)?.strip_prefix(QUESTION)?;
    // The owner: a pointer to the question, or the name once more.
    let name = &QUESTION[..QUESTION.len() - 4];
    let rest = rest.strip_prefix(b"\xc0\x0c").or_else(|| rest.strip_prefix(name))?;
    let rest = rest.strip_prefix(b"\0\x10\0\x03")?;
    // TTL and length of the data, then one character string.
    let length = usize::from(*rest.get(6)?);
    let text = std::str::from_utf8(rest.get(7..7 + length)?).ok()?;
    text.parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &[u8]) -> Vec<u8> {
        let mut octets = question();
        octets[2] = 0x81;
        octets[3] = 0x80;
        octets[7] = 1;
        octets.extend(b"\xc0\x0c\0\x10\0\x03\0\0\0\0\0");
        octets.push(text.len() as u8 + 1);
        octets.push(text.len() as u8);
        octets.extend(text);
        octets
    }

    #[test]
    fn the_address_is_read() {
        assert_eq!(address(&answer(b"192.0.2.7")), Some("192.0.2.7".parse().unwrap()));
        assert_eq!(address(&answer(b"2001:db8::7")), Some("2001:db8::7".parse().unwrap()));
        for ip in ["192.0.2.7", "2001:db8::7"] {
            let outcome = outcome(&answer(ip.as_bytes()));
            assert_eq!(OwnAddress::of(&outcome), OwnAddress::Known(ip.parse().unwrap()));
        }
    }

    #[test]
    fn anything_else_is_no_address() {
        assert_eq!(address(&answer(b"nobody")), None);
        assert_eq!(address(&question()), None, "the question itself");
        assert_eq!(outcome(b"").failure(), Some(Failure::Malformed));
        assert_eq!(OwnAddress::of(&outcome(b"")), OwnAddress::Failed(Failure::Malformed));
        assert_eq!(
            OwnAddress::of(&Outcome::failed(Failure::TimedOut)),
            OwnAddress::Failed(Failure::TimedOut)
        );
        let mut refused = answer(b"192.0.2.7");
        refused[3] = 0x85;
        assert_eq!(address(&refused), None);
        let good = answer(b"192.0.2.7");
        for end in 0..good.len() {
            assert_eq!(address(&good[..end]), None, "cut at {end}");
        }
    }
}
