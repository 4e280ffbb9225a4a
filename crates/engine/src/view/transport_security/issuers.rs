//! Issuers of Let's Encrypt that people pin, and that no longer stand behind new certificates.
//!
//! Since May 2026 certificates come from the issuers of generation Y (YE1 to YE3, YR1 to YR3, below the roots YE and YR;
//! <https://letsencrypt.org/certificates/>, read on 2026-11-29). A set of records that names older ones alone holds until
//! the certificate is renewed, and then fits nothing.
//!
//! The digests of the two roots were taken from the certificates that Debian ships. Those of the intermediates stand in
//! public records and programs that pin them; where only one operator has them (R4, R11, R12, R14, E1, E2), it computed
//! them from the certificates that Let's Encrypt publishes. All read on 2026-11-29.

/// What a record of usage 2 names: selector, matching type, digest.
type Pin = (u8, u8, &'static str);

/// Issuers with their digests. Most people pin the key by SHA-256, as most instructions say.
const RETIRED: [(&str, &[Pin]); 16] = [
    (
        "R3",
        &[
            (1, 1, "8d02536c887482bc34ff54e41d2ba659bf85b341a0a20afadb5813dcfbcf286d"),
            (0, 1, "67add1166b020ae61b8f5fc96813c04c2aa589960796865572a3c7e737613dfd"),
        ],
    ),
    ("R4", &[(1, 1, "e5545e211347241891c554a03934cde9b749664a59d26d615fe58f77990f2d03")]),
    ("E1", &[(1, 1, "276fe8a8c4ec7611565bf9fce6dcace9be320c1b5bea27596b2204071ed04f10")]),
    ("E2", &[(1, 1, "bd936e72b212ef6f773102c6b77d38f94297322efc25396bc3279422e0c89270")]),
    ("E5", &[(1, 1, "3586d4ecf070578cbd27aedce20b964e48bc149faeb9dad72f46b857869172b8")]),
    ("E6", &[(1, 1, "d016e1fe311948aca64f2de44ce86c9a51ca041df6103bb52a88eb3f761f57d7")]),
    (
        "E7",
        &[
            (1, 1, "cbbc559b44d524d6a132bdac672744da3407f12aae5d5f722c5f6c7913871c75"),
            (0, 1, "aeb1fd7410e83bc96f5da3c6a7c2c1bb836d1fa5cb86e708515890e428a8770b"),
        ],
    ),
    ("E8", &[(1, 1, "885bf0572252c6741dc9a52f5044487fef2a93b811cdedfad7624cc283b7cdd5")]),
    ("E9", &[(1, 1, "f1440a9b76e1e41e53a4cb461329bf6337b419726be513e42e19f1c691c5d4b2")]),
    ("R10", &[(1, 1, "2bbad93ab5c79279ec121507f272cbe0c6647a3aae52e22f388afab426b4adba")]),
    ("R11", &[(1, 1, "6ddac18698f7f1f7e1c69b9bce420d974ac6f94ca8b2c761701623f99c767dc7")]),
    ("R12", &[(1, 1, "919c0df7a787b597ed056ace654b1de9c0387acf349f73734a4fd7b58cf612a4")]),
    ("R13", &[(1, 1, "025490860b498ab73c6a12f27a49ad5fe230fafe3ac8f6112c9b7d0aad46941d")]),
    ("R14", &[(1, 1, "f1647a5ee3efac54c892e930584fe47979b7acd1c76c1271bca1c5076d869888")]),
    (
        "ISRG Root X1",
        &[
            (1, 1, "0b9fa5a59eed715c26c1020c711b4f6ec42d58b0015e14337a39dad301c5afc3"),
            (0, 1, "96bcec06264976f37460779acf28c5a7cfe8a3c0aae11a8ffcee05c0bddf08c6"),
        ],
    ),
    (
        "ISRG Root X2",
        &[
            (1, 1, "762195c225586ee6c0237456e2107dc54f1efc21f61a792ebd515913cce68332"),
            (0, 1, "69729b8e15a86efc177a57afb7171dfc64add28c2fca8cf1507e34453ccb1470"),
        ],
    ),
];

/// The retired issuer that a record of usage 2 names, if it is one.
pub(super) fn retired(selector: u8, matching: u8, data: &[u8]) -> Option<&'static str> {
    let is = |pin: &Pin| pin.0 == selector && pin.1 == matching && is_hex_of(pin.2, data);
    RETIRED.iter().find(|(_, pins)| pins.iter().any(is)).map(|(name, _)| *name)
}

/// Whether `hex` writes `data`, in small letters.
fn is_hex_of(hex: &str, data: &[u8]) -> bool {
    let digits = data.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(u32::from);
    digits.map(|digit| char::from_digit(digit, 16)).eq(hex.chars().map(Some))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn octets(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    #[test]
    fn each_digest_stands_there_once_and_names_its_issuer() {
        let mut known = Vec::new();
        for (name, pins) in RETIRED {
            for &(selector, matching, hex) in pins {
                let data = octets(hex);
                assert_eq!((data.len(), matching), (32, 1), "{name}");
                assert!(!known.contains(&hex), "{name}");
                known.push(hex);
                assert_eq!(retired(selector, matching, &data), Some(name));
                assert_eq!(retired(1 - selector, matching, &data), None, "{name}");
                assert_eq!(retired(selector, matching, &data[..31]), None, "{name}");
            }
        }
    }
}
