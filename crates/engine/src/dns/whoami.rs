//! Where a question comes from: Cloudflare's resolver answers `whoami.cloudflare` in class CH with the address of
//! whoever asks, so that no other service has to be asked for it.

use std::net::IpAddr;

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
    }

    #[test]
    fn anything_else_is_no_address() {
        assert_eq!(address(&answer(b"nobody")), None);
        assert_eq!(address(&question()), None, "the question itself");
        let mut refused = answer(b"192.0.2.7");
        refused[3] = 0x85;
        assert_eq!(address(&refused), None);
        let good = answer(b"192.0.2.7");
        for end in 0..good.len() {
            assert_eq!(address(&good[..end]), None, "cut at {end}");
        }
    }
}
