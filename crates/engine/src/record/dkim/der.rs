//! As much of DER as the length of an RSA key takes (X.690, RFC 8017 appendix A.1.1, RFC 5280 section 4.1).

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_IDENTIFIER: u8 = 0x06;
/// rsaEncryption, 1.2.840.113549.1.1.1.
const RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// Bits of the modulus of an RSA public key: a SubjectPublicKeyInfo, which verifiers expect, or a bare RSAPublicKey,
/// which RFC 6376 section 3.6.1 names and some of them take. `None` if it is neither.
pub(super) fn rsa_bits(octets: &[u8]) -> Option<u32> {
    let (whole, rest) = element(octets, SEQUENCE)?;
    if !rest.is_empty() {
        return None;
    }
    match whole.first()? {
        &SEQUENCE => {
            let (algorithm, rest) = element(whole, SEQUENCE)?;
            let (identifier, _) = element(algorithm, OBJECT_IDENTIFIER)?;
            let (bits, rest) = element(rest, BIT_STRING)?;
            // The first octet counts the bits that do not belong to the key.
            let (&unused, key) = bits.split_first()?;
            let (key, end) = element(key, SEQUENCE)?;
            if identifier != RSA || unused != 0 || !rest.is_empty() || !end.is_empty() {
                return None;
            }
            modulus_bits(key)
        }
        _ => modulus_bits(whole),
    }
}

fn modulus_bits(key: &[u8]) -> Option<u32> {
    let (modulus, rest) = element(key, INTEGER)?;
    let (exponent, rest) = element(rest, INTEGER)?;
    // A negative number, or more behind the exponent, is no key.
    if exponent.is_empty() || !rest.is_empty() || modulus.first()? & 0x80 != 0 {
        return None;
    }
    let first = modulus.iter().position(|&octet| octet != 0)?;
    let octets = u32::try_from(modulus.len() - first).ok()?;
    octets.checked_mul(8)?.checked_sub(modulus[first].leading_zeros())
}

/// The content of the element at the front, if it has this tag, and what follows it.
fn element(octets: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = octets.split_first()?;
    let (&length, mut rest) = rest.split_first()?;
    if found != tag {
        return None;
    }
    let mut size = usize::from(length);
    if length >= 0x80 {
        // No key has more than 65,535 octets.
        let count = usize::from(length & 0x7f);
        if !(1..=2).contains(&count) || rest.len() < count {
            return None;
        }
        let (digits, tail) = rest.split_at(count);
        size = digits.iter().fold(0, |size, &digit| size << 8 | usize::from(digit));
        rest = tail;
    }
    (size <= rest.len()).then(|| rest.split_at(size))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wrap(tag: u8, content: &[u8]) -> Vec<u8> {
        let mut out = vec![tag];
        match content.len() {
            n @ 0..=127 => out.push(n as u8),
            n @ 128..=255 => out.extend([0x81, n as u8]),
            n => out.extend([0x82, (n >> 8) as u8, n as u8]),
        }
        out.extend(content);
        out
    }

    fn key(modulus: &[u8]) -> Vec<u8> {
        wrap(SEQUENCE, &[wrap(INTEGER, modulus), wrap(INTEGER, &[1, 0, 1])].concat())
    }

    fn info(oid: &[u8], key: &[u8]) -> Vec<u8> {
        let algorithm = wrap(SEQUENCE, &[wrap(OBJECT_IDENTIFIER, oid), vec![5, 0]].concat());
        let bits = wrap(BIT_STRING, &[&[0], key].concat());
        wrap(SEQUENCE, &[algorithm, bits].concat())
    }

    #[test]
    fn the_length_is_that_of_the_modulus() {
        for octets in [64, 96, 128, 256, 512] {
            let mut modulus = vec![0; octets + 1];
            modulus[1] = 0x80;
            let bits = octets as u32 * 8;
            assert_eq!(rsa_bits(&key(&modulus)), Some(bits));
            assert_eq!(rsa_bits(&info(&RSA, &key(&modulus))), Some(bits));
        }
        assert_eq!(rsa_bits(&key(&[0x7f; 128])), Some(1023));
    }

    #[test]
    fn what_is_not_an_rsa_key_is_none() {
        let good = info(&RSA, &key(&[0x7f; 128]));
        assert!(rsa_bits(&good).is_some());
        assert_eq!(rsa_bits(&info(&RSA[..8], &key(&[0x7f; 128]))), None, "another algorithm");
        assert_eq!(rsa_bits(&[&good[..], &[0]].concat()), None, "something behind it");
        assert_eq!(rsa_bits(&key(&[0x80; 128])), None, "a negative modulus");
        assert_eq!(rsa_bits(&key(&[0; 128])), None, "nothing but zeros");
        assert_eq!(rsa_bits(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]), None, "a length beyond the end");
        for end in 0..good.len() {
            assert_eq!(rsa_bits(&good[..end]), None, "cut at {end}");
        }
    }

    proptest! {
        #[test]
        fn any_octets_are_read_without_harm(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _bits = rsa_bits(&octets);
        }

        #[test]
        fn a_flipped_octet_does_no_harm(at in 0usize..150, to in any::<u8>()) {
            let mut octets = info(&RSA, &key(&[0x7f; 128]));
            let at = at % octets.len();
            octets[at] = to;
            let _bits = rsa_bits(&octets);
        }
    }
}
