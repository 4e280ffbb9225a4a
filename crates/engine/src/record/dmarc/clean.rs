//! The record as it was meant: everything that receivers stumble over taken out or put right.

use super::{Dmarc, HISTORIC, Policy, PolicyTag, ReportUri, TAGS, uri, version::with_semicolons};
use crate::{
    bounds,
    record::tags::{Tag, TagErrorKind, TagList},
};

/// A record put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// The new text.
    pub text: String,
    /// Whether receivers are asked to do with failing mail what they were asked before.
    pub same_policy: bool,
}

/// The record put right: one of each tag, `p` behind `v`, addresses with `mailto:` and without a size, no historic
/// tags, no values that are none. Nothing if a policy cannot be told, or if there is so much in it that nobody can tell what
/// was meant.
pub(super) fn cleaned(before: &Dmarc<'_>) -> Option<Cleaned> {
    let text = with_semicolons(before.text);
    let read = Dmarc::parse(&text);
    if [read.list.tags.len(), read.rua.len(), read.ruf.len()].iter().any(|&n| n > bounds::MENDED) {
        return None;
    }
    let p = read.list.get("p").map_or(Some(Policy::None), |tag| nearest_policy(tag.value))?;
    let mut out = vec!["v=DMARC1".to_owned(), format!("p={}", p.as_str())];
    let mut seen: Vec<&str> = vec!["v", "p"];
    for tag in &read.list.tags {
        let Some((name, value)) = put_right(&read, tag)? else { continue };
        if !seen.contains(&name) {
            seen.push(name);
            out.push(format!("{name}={value}"));
        }
    }
    let text = out.join("; ");
    let after = Dmarc::parse(&text);
    let asked = |record: &Dmarc<'_>| {
        let policy = |tag| record.policy_for(tag).map_or(Policy::None, |(policy, _)| policy);
        ([PolicyTag::P, PolicyTag::Sp, PolicyTag::Np].map(policy), record.is_testing())
    };
    // Of two equal tags some receivers take the second, and some still apply `pct`.
    let twice = before.list.errors.iter().any(|error| error.kind == TagErrorKind::Twice);
    let sampled = before.list.get("pct").is_some_and(|pct| pct.value != "100") && p != Policy::None;
    let same_policy = asked(before) == asked(&after) && !twice && !sampled;
    Some(Cleaned { text, same_policy })
}

/// The tag's name and value as they should be; `Some(None)` to leave it out, `None` if nobody can tell.
fn put_right<'a>(read: &Dmarc<'a>, tag: &Tag<'a>) -> Option<Option<(&'a str, String)>> {
    let name = TAGS.into_iter().find(|known| tag.is(known)).or_else(|| misspelt(&read.list, tag.name));
    let Some(name) = name else {
        let historic = HISTORIC.iter().any(|known| tag.is(known));
        return Some((!historic && !tag.name.is_empty()).then(|| (tag.name, tag.value.to_owned())));
    };
    let keep = |valid: bool| valid.then(|| tag.value.to_owned());
    let one_of = |words: &[&str]| keep(words.iter().any(|word| word.eq_ignore_ascii_case(tag.value)));
    let value = match name {
        "v" | "p" => None,
        "sp" | "np" => Some(nearest_policy(tag.value)?.as_str().to_owned()),
        "rua" | "ruf" => Some(addresses(read, tag)).filter(|list| !list.is_empty()),
        "fo" => keep(super::failure_options(tag.value).is_some() && read.list.get("ruf").is_some()),
        "adkim" | "aspf" => one_of(&["r", "s"]),
        "psd" => one_of(&["y", "n", "u"]),
        _ => one_of(&["y", "n"]),
    };
    Some(value.map(|value| (name, value)))
}

/// The addresses of the tag, and those that a semicolon in place of a comma cut off.
fn addresses(read: &Dmarc<'_>, tag: &Tag<'_>) -> String {
    let meant = |uri: &ReportUri<'_>| {
        if uri.is_valid() { Some(uri.text.to_owned()) } else { uri.repaired() }
    };
    let next = read.list.tags.iter().map(|other| other.name_span.start).find(|&at| at > tag.name_span.start);
    let cut_off = read.list.errors.iter().filter(|error| {
        error.kind == TagErrorKind::NoEquals
            && error.span.start > tag.name_span.start
            && next.is_none_or(|next| error.span.start < next)
    });
    let cut_off = cut_off.flat_map(|error| uri::list(read.text, error.span));
    let addresses = uri::list(read.text, tag.value_span).into_iter().chain(cut_off);
    addresses.filter_map(|uri| meant(&uri)).collect::<Vec<_>>().join(",")
}

/// The known tag that `name` differs from by one letter, if the record does not have it.
#[must_use]
pub(super) fn misspelt(list: &TagList<'_>, name: &str) -> Option<&'static str> {
    if list.tags.len() > bounds::MENDED {
        return None;
    }
    let name = name.to_ascii_lowercase();
    if HISTORIC.contains(&name.as_str()) || name.len() < 2 {
        return None;
    }
    TAGS.into_iter().find(|known| known.len() > 1 && list.get(known).is_none() && is_near(&name, known))
}

fn nearest_policy(word: &str) -> Option<Policy> {
    let word: String =
        word.chars().filter(|c| c.is_ascii_alphabetic()).collect::<String>().to_ascii_lowercase();
    let near = |policy: &&Policy| word.len() > 2 && is_near(&word, policy.as_str());
    Policy::from_word(&word).or_else(|| Policy::ALL.iter().find(near).copied()).or(match word.as_str() {
        "rejected" | "rejects" => Some(Policy::Reject),
        "quarantined" | "quarentine" | "quaratine" => Some(Policy::Quarantine),
        _ => None,
    })
}

/// Whether one letter more, less or different, or two neighbours swapped, makes one word of the other.
fn is_near(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[head..], &b[head..]);
    match (a, b) {
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([x, y, a @ ..], [u, v, b @ ..]) if x == v && y == u && a == b => true,
        ([_, rest @ ..], b) if rest == b => true,
        (a, [_, rest @ ..]) if a == rest => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> Option<(String, bool)> {
        Dmarc::parse(text).cleaned().map(|cleaned| (cleaned.text, cleaned.same_policy))
    }

    #[test]
    fn what_receivers_stumble_over_is_put_right() {
        for (text, expected, same) in [
            ("v=DMARC1;rua=mailto:a@b.c!10m;p=none;", "v=DMARC1; p=none; rua=mailto:a@b.c", true),
            ("v=DMARC1; p=none; pct=100; ri=86400; rf=afrf", "v=DMARC1; p=none", true),
            ("v=DMARC1; p=reject; pct=50", "v=DMARC1; p=reject", false),
            ("v=DMARC1; p=reject; p=none", "v=DMARC1; p=reject", false),
            ("v=DMARC1; p=none rua=mailto:a@b.c", "v=DMARC1; p=none; rua=mailto:a@b.c", true),
            ("v=DMARC1; p=rejct", "v=DMARC1; p=reject", false),
            ("v=DMARC1; p=qurantine; rau=a@b.c", "v=DMARC1; p=quarantine; rua=mailto:a@b.c", false),
            ("v=DMARC1; p=none; fo=1; adkim=x; aspf=s; t=j", "v=DMARC1; p=none; aspf=s", true),
            ("v=DMARC1; rua=mailto:a@b.c", "v=DMARC1; p=none; rua=mailto:a@b.c", true),
            (
                "v=DMARC1; p=none; rua=mailto:a@b.c d@e.f; mailto:g@h.i; ruf=nobody",
                "v=DMARC1; p=none; rua=mailto:a@b.c,mailto:d@e.f,mailto:g@h.i",
                true,
            ),
            ("v=DMARC1; p=none; x-note=hello; SP=None", "v=DMARC1; p=none; x-note=hello; sp=none", true),
        ] {
            assert_eq!(cleaned(text), Some((expected.to_owned(), same)), "{text}");
        }
        assert_eq!(cleaned("v=DMARC1; p=monitor"), None);
        assert_eq!(cleaned("v=DMARC1; p=none; sp=whatever"), None);
    }

    #[test]
    fn near_words() {
        for (a, b) in
            [("rau", "rua"), ("ru", "rua"), ("ruua", "rua"), ("adkin", "adkim"), ("rejct", "reject")]
        {
            assert!(is_near(a, b), "{a} {b}");
        }
        assert!(!is_near("xyz", "rua") && !is_near("ri", "rua") && !is_near("dkim", "aspf"));
    }
}
