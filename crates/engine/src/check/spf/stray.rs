//! Text of other services that was written into the SPF record: proofs of ownership, which are records of their own.
//!
//! Where such a word can be read as a modifier that nobody knows, receivers skip it (RFC 7208 section 6), and taking it
//! out changes nothing for them. Where it cannot, it breaks the record, and is a mistake like any other.

use super::{OwnRecord, about, rewritten};
use crate::{
    change::Safety,
    check::{Arg, Code, Finding},
    dns::Rtype,
    record::spf::{Term, TermKind},
};

/// Names of proofs that do not say so themselves, as their services' instructions have them.
const NAMES: [&str; 8] = [
    "ms",
    "amazonses",
    "apple-domain",
    "brevo-code",
    "docusign",
    "have-i-been-pwned",
    "sendinblue-code",
    "zoom_verify",
];

/// Whether a word of a record is such a text: `MS=ms123`, `google-site-verification=...`, with any sign in front and
/// behind the name.
pub(super) fn is_proof(word: &str) -> bool {
    let word = word.trim_start_matches(['+', '-', '~', '?', '"', '\'']).to_ascii_lowercase();
    let name = word.split([':', '=']).next().unwrap_or_default();
    let named = name.len() < word.len()
        && (NAMES.contains(&name) || name.ends_with("-verification") || name.ends_with("_verification"));
    // Microsoft's alone is often copied without its name: `ms12345678`.
    let digits = name.strip_prefix("ms").filter(|digits| name == word && digits.len() >= 5);
    named || digits.is_some_and(|digits| digits.bytes().all(|octet| octet.is_ascii_digit()))
}

fn proofs<'a>(own: &'a OwnRecord<'_>) -> impl Iterator<Item = (usize, Term)> + 'a {
    let terms = own.record.terms.iter().copied().enumerate();
    terms.filter(|(_, term)| is_proof(term.span.of(&own.text)))
}

/// Those that receivers skip.
pub(super) fn skipped(own: &OwnRecord<'_>) -> Option<Finding> {
    let (positions, terms): (Vec<_>, Vec<_>) =
        proofs(own).filter(|(_, term)| matches!(term.kind, TermKind::Unknown { .. })).unzip();
    if terms.is_empty() {
        return None;
    }
    let words = terms.iter().map(|term| term.span.of(&own.text));
    let finding = about(Code::Spf390, own.domain).arg("terms", Arg::list(words));
    let finding = terms
        .iter()
        .fold(finding, |finding, term| finding.label(own.domain, Rtype::Txt, &own.text, term.span.range()));
    Some(rewritten(finding, own, own.without(&positions), Safety::Safe))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proofs_are_told_from_what_has_a_meaning() {
        for proof in [
            "MS=ms12345678",
            "ms12345678",
            "google-site-verification=a_B-1",
            "google-site-verification:x",
            "+ms=ms1",
        ] {
            assert!(is_proof(proof), "{proof}");
        }
        for word in [
            "mx",
            "ms",
            "ms1",
            "include=a.example",
            "a:ms12345.example",
            "ms12345.example",
            "exp=x.example",
            "moo",
        ] {
            assert!(!is_proof(word), "{word}");
        }
    }
}
