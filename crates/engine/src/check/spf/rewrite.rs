//! Mistakes in SPF records mended as they were meant.

use std::net::IpAddr;

use super::stray::is_proof;
use crate::{
    bounds,
    change::Safety,
    record::spf::{Fault, SpfEdit, SpfRecord, Term, near_miss, parse},
    visible::publishable,
};

/// The record with its mistakes mended, and whether that takes nothing away that may have had a meaning. `None` if
/// nothing would be left of it, or if there are so many that it is no slip of the pen.
pub(super) fn repaired(text: &str) -> Option<(String, Safety)> {
    let mut words: Vec<String> = Vec::new();
    let mut safety = Safety::Safe;
    let plain = publishable(text).into_owned();
    let plain = if parse(&plain).errors.iter().any(|error| error.fault == Fault::NoVersion) {
        near_miss(&plain)?.meant
    } else {
        plain
    };
    let parsed = parse(&plain);
    if parsed.errors.len() > bounds::MENDED {
        return None;
    }
    let mut terms = parsed.terms.iter().peekable();
    while let Some(term) = terms.next() {
        let word = term.span.of(&plain);
        if is_sound(&parsed, term) {
            words.push(word.to_owned());
            continue;
        }
        // `include: example.org`, `ip4: 192.0.2.1`.
        if word.ends_with([':', '='])
            && let Some(next) = terms.peek()
        {
            let joined = format!("{word}{}", next.span.of(&plain));
            if is_record(&joined) {
                words.push(joined);
                terms.next();
                continue;
            }
        }
        // Which size was meant nobody can know.
        if parsed
            .errors
            .iter()
            .any(|error| error.fault == Fault::PrefixTooLong && term.span.contains(error.span))
        {
            safety = Safety::Decide;
        }
        match guess(word) {
            // It let nobody in, whatever it says.
            _ if is_proof(word) => {}
            Some(guess) => {
                if !words.contains(&guess) {
                    words.push(guess);
                }
            }
            None => safety = Safety::Decide,
        }
    }
    let mended = SpfEdit::of(&words).to_string();
    (!words.is_empty() && parse(&mended).errors.is_empty()).then_some((mended, safety))
}

fn is_sound(record: &SpfRecord, term: &Term) -> bool {
    !record.errors.iter().any(|error| term.span.contains(error.span))
}

fn is_record(term: &str) -> bool {
    parse(&format!("v=spf1 {term}")).errors.is_empty()
}

/// What a broken term was probably meant to be.
fn guess(word: &str) -> Option<String> {
    let plain: String = word
        .chars()
        .filter_map(|c| match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
            '\u{2018}'..='\u{201f}' | '"' | '\'' | '\\' => None,
            '\u{ff1a}' => Some(':'),
            _ => Some(c),
        })
        .collect();
    let plain = plain.trim_end_matches([';', ',', '.']);
    let (sign, body) = match plain.strip_prefix(['+', '-', '~', '?']) {
        Some(body) => (&plain[..1], body.trim_start_matches(['+', '-', '~', '?'])),
        None => ("", plain),
    };
    candidates(sign, body).into_iter().find(|candidate| is_record(candidate))
}

fn candidates(sign: &str, body: &str) -> Vec<String> {
    let mut all = vec![format!("{sign}{body}"), body.to_owned()];
    let cut = body.find([':', '=', '/']).unwrap_or(body.len());
    let (name, rest) = body.split_at(cut);
    let lower = name.to_ascii_lowercase();
    let value = rest.trim_start_matches([':', '=']);
    let host = value.split(['/', ':']).next().unwrap_or_default();
    if matches!(lower.as_str(), "redirect" | "exp") {
        all.push(format!("{lower}={value}"));
    }
    // An address, wherever it was put: `a:192.0.2.1`, `ip4:192.0.2.1:25`, `192.0.2.1`, `ipv4:...`.
    for address in [value, host, body] {
        all.extend(address_mechanism(sign, address));
    }
    if lower == "ip4" || lower == "ip" || lower == "ipv4" {
        all.push(format!("{sign}a:{value}"));
    }
    if let Some(known) = KNOWN.iter().find(|known| is_near(&lower, known)) {
        all.push(format!("{sign}{known}{rest}"));
        all.push(format!("{sign}{known}:{value}"));
    }
    // `include:example.org/24`, `mail..example.org`, `all.`, `a/24/64`.
    if let Some((before, _)) = body.rsplit_once('/') {
        all.push(format!("{sign}{before}"));
    }
    all.push(format!("{sign}{}", body.replace("..", ".")));
    if lower.starts_with("all") {
        all.push(format!("{sign}all"));
    }
    all
}

const KNOWN: [&str; 6] = ["include", "ip4", "ip6", "exists", "all", "mx"];

fn address_mechanism(sign: &str, text: &str) -> Option<String> {
    let (address, prefix) = text.split_once('/').unwrap_or((text, ""));
    let address = match address.split('.').collect::<Vec<_>>().as_slice() {
        // `192.0.2.*` and numbers with leading zeros.
        [a, b, c, "*"] => return Some(format!("{sign}ip4:{a}.{b}.{c}.0/24")),
        [a, b, c, d] => {
            let number = |text: &str| text.parse::<u8>().ok();
            format!("{}.{}.{}.{}", number(a)?, number(b)?, number(c)?, number(d)?)
        }
        _ => address.to_owned(),
    };
    let ip: IpAddr = address.parse().ok()?;
    let most: u8 = if ip.is_ipv4() { 32 } else { 128 };
    let family = if ip.is_ipv4() { "ip4" } else { "ip6" };
    Some(match prefix.trim_start_matches('/').parse::<u8>() {
        Ok(bits) if bits < most => format!("{sign}{family}:{ip}/{bits}"),
        _ => format!("{sign}{family}:{ip}"),
    })
}

/// Whether `word` is `known` with one letter more, less, changed or two swapped; short words have to share their
/// beginning.
pub(super) fn is_near(word: &str, known: &str) -> bool {
    if word == known {
        return false;
    }
    let (w, k) = (word.as_bytes(), known.as_bytes());
    if w.len().abs_diff(k.len()) > 1 || (k.len() <= 3 && w.first() != k.first()) || w.len() < 2 {
        return false;
    }
    let start = w.iter().zip(k).take_while(|(a, b)| a == b).count();
    let (w, k) = (&w[start..], &k[start..]);
    let end = w.iter().rev().zip(k.iter().rev()).take_while(|(a, b)| a == b).count();
    let (w, k) = (&w[..w.len() - end], &k[..k.len() - end]);
    match (w, k) {
        ([], [_]) | ([_], []) | ([_], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_mended_as_they_were_meant() {
        for (broken, mended) in [
            ("v=spf1 mx –all", "v=spf1 mx -all"),
            ("v=spf1 mx -all;", "v=spf1 mx -all"),
            ("v=spf1 mx ~all.", "v=spf1 mx ~all"),
            ("v=spf1 mx --all", "v=spf1 mx -all"),
            ("v=spf1 includes:a.example -all", "v=spf1 include:a.example -all"),
            ("v=spf1 inlcude:a.example -all", "v=spf1 include:a.example -all"),
            ("v=spf1 include: a.example -all", "v=spf1 include:a.example -all"),
            ("v=spf1 ip4: 192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all"),
            ("v=spf1 ip:192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all"),
            ("v=spf1 ipv4:192.0.2.0/24 -all", "v=spf1 ip4:192.0.2.0/24 -all"),
            ("v=spf1 192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all"),
            ("v=spf1 a:192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all"),
            ("v=spf1 ip4:192.0.2.1:25 -all", "v=spf1 ip4:192.0.2.1 -all"),
            ("v=spf1 ip4:192.0.2.01 -all", "v=spf1 ip4:192.0.2.1 -all"),
            ("v=spf1 ip4:192.0.2.* -all", "v=spf1 ip4:192.0.2.0/24 -all"),
            ("v=spf1 ip4:mail.example.org -all", "v=spf1 a:mail.example.org -all"),
            ("v=spf1 ip4:2001:db8::1 -all", "v=spf1 ip6:2001:db8::1 -all"),
            ("v=spf1 ip6:192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all"),
            ("v=spf1 ip4:192.0.2.0/024 -all", "v=spf1 ip4:192.0.2.0/24 -all"),
            ("v=spf1 include:a.example/24 -all", "v=spf1 include:a.example -all"),
            ("v=spf1 a:mail..example.org -all", "v=spf1 a:mail.example.org -all"),
            ("v=spf1 redirect:a.example", "v=spf1 redirect=a.example"),
            ("v=spf1 +redirect=a.example", "v=spf1 redirect=a.example"),
            ("v=spf1 mx\tip4:192.0.2.1 -all", "v=spf1 mx ip4:192.0.2.1 -all"),
            ("v=spf1 \"include:a.example\" -all", "v=spf1 include:a.example -all"),
            ("v=spf1 include:\u{200b}a.example -all", "v=spf1 include:a.example -all"),
        ] {
            assert_eq!(repaired(broken), Some((mended.to_owned(), Safety::Safe)), "{broken}");
        }
    }

    #[test]
    fn what_cannot_be_guessed_is_dropped_and_said_so() {
        for (broken, mended) in [
            ("v=spf1 mx localhost -all", "v=spf1 mx -all"),
            ("v=spf1 ip4:192.0.2.1/33 -all", "v=spf1 ip4:192.0.2.1 -all"),
            ("v=spf1 exists:%(i).example.org mx -all", "v=spf1 mx -all"),
        ] {
            assert_eq!(repaired(broken), Some((mended.to_owned(), Safety::Decide)), "{broken}");
        }
        assert_eq!(repaired("v=spf1 moo"), None);
    }

    #[test]
    fn near_words() {
        for (word, known) in
            [("includes", "include"), ("inclde", "include"), ("inculde", "include"), ("ipv4", "ip4")]
        {
            assert!(is_near(word, known), "{word}");
        }
        for (word, known) in
            [("include", "include"), ("ra", "mx"), ("a", "all"), ("moo", "mx"), ("default", "all")]
        {
            assert!(!is_near(word, known), "{word}");
        }
    }
}
