use proptest::prelude::*;

use super::*;

/// Public keys made for these tests; nobody holds the private ones.
pub(super) const RSA_2048: &str = include_str!("../../../../../tests/keys/rsa2048.txt");
const RSA_1023: &str = include_str!("../../../../../tests/keys/rsa1023.txt");
const RSA_1024: &str = include_str!("../../../../../tests/keys/rsa1024.txt");
const RSA_768: &str = include_str!("../../../../../tests/keys/rsa768.txt");
/// The Ed25519 key of RFC 8463 appendix A.2.
const ED25519: &str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

fn read(strings: &[&str]) -> Key {
    Key::read(&Txt::new(strings.iter().map(|string| string.as_bytes())))
}

fn errors(key: &Key) -> Vec<(&'static str, &str)> {
    key.errors.iter().map(|error| (error.kind.as_str(), error.span.of(&key.text))).collect()
}

fn seams(strings: &[&str]) -> Vec<usize> {
    strings
        .iter()
        .scan(0, |end, string| {
            *end += string.len();
            Some(*end)
        })
        .collect()
}

#[test]
fn rsa_keys_are_measured() {
    for (pem, bits) in [(RSA_768, 768), (RSA_1023, 1023), (RSA_1024, 1024), (RSA_2048, 2048)] {
        let key = read(&["v=DKIM1; k=rsa; p=", pem.trim()]);
        assert_eq!(key.material, Material::Rsa(bits));
        assert!(key.errors.is_empty(), "{:?}", errors(&key));
        assert_eq!(key.works(), bits >= 1024);
    }
}

#[test]
fn ed25519_keys_are_32_octets() {
    let key = read(&[&format!("v=DKIM1; k=ed25519; p={ED25519}")]);
    assert_eq!((key.material, key.works()), (Material::Ed25519, true));
    let wrapped = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    let key = read(&[&format!("v=DKIM1; k=ed25519; p={wrapped}")]);
    assert_eq!(errors(&key), [("not-a-key", wrapped)]);
}

#[test]
fn blanks_in_the_key_and_at_a_seam_are_fine() {
    let pem = RSA_1024.trim();
    let (a, b) = pem.split_at(60);
    let key = read(&["v=DKIM1; p= ", a, " ", b, ";"]);
    assert_eq!((key.material, key.errors.len()), (Material::Rsa(1024), 0));
}

#[test]
fn the_version_may_be_missing_but_not_behind_or_another() {
    let p = format!("p={}", RSA_1024.trim());
    assert!(read(&[&p]).works());
    assert_eq!(errors(&read(&[&format!("k=rsa; v=DKIM1; {p}")])), [("version-not-first", "v=DKIM1")]);
    assert_eq!(errors(&read(&[&format!("v=DKIM2; {p}")])), [("version-unknown", "v=DKIM2")]);
    assert_eq!(errors(&read(&[&format!("v=dkim1; {p}")])), [("version-unknown", "v=dkim1")]);
}

#[test]
fn a_withdrawn_key_is_not_a_broken_one() {
    let key = read(&["v=DKIM1; p="]);
    assert_eq!((key.material, key.errors.len(), key.works()), (Material::Revoked, 0, false));
    assert_eq!(errors(&read(&["v=DKIM1; k=rsa"])), [("no-key", "v=DKIM1; k=rsa")]);
}

#[test]
fn flags_hashes_and_services() {
    let p = format!("p={}", RSA_1024.trim());
    let key = read(&[&format!("v=DKIM1; t=y:s; h=sha1:sha256; s=email; {p}")]);
    assert!(key.testing.is_some() && key.strict.is_some() && key.works());
    assert_eq!(errors(&read(&[&format!("v=DKIM1; h=sha1; {p}")])), [("no-usable-hash", "h=sha1")]);
    assert_eq!(errors(&read(&[&format!("v=DKIM1; s=tlsrpt; {p}")])), [("not-for-mail", "s=tlsrpt")]);
    assert_eq!(errors(&read(&[&format!("v=DKIM1; k=dsa; {p}")])), [("algorithm-unknown", "k=dsa")]);
}

#[test]
fn a_semicolon_lost_at_a_seam_is_found_and_put_back() {
    let p = format!("p={}", RSA_1024.trim());
    for strings in [["v=DKIM1; k=rsa", &p], ["v=DKIM1", &p]] {
        let key = read(&strings);
        assert_eq!(key.errors.len(), 1, "{:?}", errors(&key));
        assert_eq!(key.errors[0].kind, KeyErrorKind::Seam);
        let mended = key.repaired(&seams(&strings)).unwrap();
        assert!(read(&[&mended]).works() && mended.contains(&format!("; {p}")), "{mended}");
    }
}

#[test]
fn marks_of_other_notations_are_named_and_taken_out() {
    let p = format!("p={}", RSA_1024.trim());
    for (text, slug) in [
        (format!("\"v=DKIM1; k=rsa; \" \"{p}\""), "quotes"),
        (format!("v=DKIM1\\; k=rsa\\; {p}"), "backslashes"),
        (
            format!("v=DKIM1; p=-----BEGIN PUBLIC KEY-----{}-----END PUBLIC KEY-----", RSA_1024.trim()),
            "armour",
        ),
        (format!("k=rsa; v=DKIM1; {p}"), "version-not-first"),
    ] {
        let key = read(&[&text]);
        assert_eq!(errors(&key).iter().map(|e| e.0).collect::<Vec<_>>(), [slug], "{text}");
        assert!(read(&[&key.repaired(&[]).unwrap()]).works(), "{text}");
    }
    assert_eq!(read(&["v=DKIM1; p=AAAA"]).repaired(&[]), None, "not to be mended by guessing");
}

#[test]
fn a_cut_or_mangled_key_is_not_a_key() {
    let pem = RSA_1024.trim();
    assert_eq!(errors(&read(&["v=DKIM1; p=", &pem[..100]]))[0].0, "not-a-key");
    assert_eq!(errors(&read(&["v=DKIM1; p=MIG_abc"])), [("not-base64", "_")]);
    assert_eq!(errors(&read(&["v=DKIM1; p=MIGfM"])), [("not-base64", "MIGfM")]);
}

#[test]
fn other_text_at_a_selector_is_not_meant_as_a_key() {
    for text in ["v=DKIM1; p=", "v=dkim1;p=x", " k=rsa; p=x", "p=x", "\"v=DKIM1; p=x\"", "v=DKIM1\\; p=x"] {
        assert!(Key::is_meant(text), "{text}");
    }
    for text in ["v=spf1 -all", "google-site-verification=abc", "v=DMARC1; p=none", ""] {
        assert!(!Key::is_meant(text), "{text}");
    }
}

proptest! {
    #[test]
    fn any_record_is_read_and_every_place_is_at_character_boundaries(
        strings in proptest::collection::vec("[vkpths=;: \"\\\\DKIM1ra/+é-]{0,40}", 0..4),
        raw in proptest::collection::vec(any::<u8>(), 0..60),
    ) {
        let octets = strings.iter().map(String::as_bytes).chain([raw.as_slice()]);
        let txt = Txt::new(octets);
        let key = Key::read(&txt);
        let places = key.errors.iter().map(|e| e.span).chain(key.testing).chain(key.strict);
        for span in places.chain([key.material_span]) {
            prop_assert!(key.text.get(span.range()).is_some(), "{:?} of {:?}", span, key.text);
        }
        let _meant = Key::is_meant(&key.text);
        if let Some(mended) = key.repaired(&[]) {
            prop_assert!(Key::parse(mended, &[]).works());
        }
    }
}
