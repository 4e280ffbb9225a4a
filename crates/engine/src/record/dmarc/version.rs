//! Telling DMARC records from texts that only look like one.
//!
//! `v` must come first and its value must be exactly `DMARC1`, in upper case (RFC 9989 section 4.7). Blanks around
//! the equals sign are allowed by the grammar of section 4.8; in front of the `v` nothing is.

use serde::Serialize;

use super::{Dmarc, HISTORIC, TAGS};
use crate::{record::Span, steps, visible::is_invisible};

/// A text that was meant as a DMARC record and that receivers ignore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DmarcNearMiss {
    /// What keeps it from being one.
    pub fault: VersionFault,
    /// The faulty part.
    pub span: Span,
    /// The text as it was meant; a record with a policy in it, or nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repaired: Option<String>,
}

words! {
    /// What keeps a text from being a DMARC record.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum VersionFault {
        /// A blank or an invisible character in front.
        LeadingBlank = "leading-blank",
        /// Quotation marks as part of the text.
        Quoted = "quoted",
        /// `v=dmarc1`: capital letters matter here.
        Case = "case",
        /// `v=DMARC1 p=none`: the semicolon after the version is missing.
        NoSemicolon = "no-semicolon",
        /// `v=DMARC2`, `v=DMARC`, `v:DMARC1`: not the one version there is.
        OtherVersion = "other-version",
        /// `DMARC1; p=none`, or a list of policy tags alone.
        NoVersion = "no-version",
        /// The version stands behind other tags.
        NotFirst = "not-first",
    }
    key "dmarc.version.{}"
}

const BLANK: [char; 2] = [' ', '\t'];
/// Letters of the longest name of a tag, `adkim`.
const LONGEST_TAG: usize = 5;

/// Whether the first tag is `v` with exactly the value `DMARC1`.
pub(super) fn is_exact(text: &str) -> bool {
    let first = text.split(';').next().unwrap_or_default();
    let Some((name, value)) = first.split_once('=') else { return false };
    name.trim_end_matches(BLANK).eq_ignore_ascii_case("v") && value.trim_matches(BLANK) == "DMARC1"
}

/// What the text was meant to be, if it was meant to be a DMARC record.
pub(super) fn near_miss(text: &str) -> Option<DmarcNearMiss> {
    let (fault, start, end) = fault(text)?;
    let span = Span::new(start, end);
    Some(DmarcNearMiss { fault, span, repaired: repair(text, fault) })
}

fn fault(text: &str) -> Option<(VersionFault, usize, usize)> {
    let junk = |c: char| c.is_whitespace() || is_unseen(c);
    let quote = |c: char| is_quote(c);
    let bare = text.trim_start_matches(junk);
    let lead = text.len() - bare.len();
    if lead > 0 && is_exact(bare) {
        return Some((VersionFault::LeadingBlank, 0, lead));
    }
    let unquoted = bare.trim_start_matches(|c| quote(c) || junk(c));
    let quoted = text.len() - unquoted.len();
    let starts =
        |text: &str, word: &str| text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    if quoted > lead && (starts(unquoted, "v=dmarc1") || starts(unquoted, "dmarc1")) {
        return Some((VersionFault::Quoted, lead, quoted));
    }
    let first_end = bare.find(';').map_or(text.len(), |at| lead + at);
    let first = &text[lead..first_end];
    if starts(first, "dmarc1") {
        return Some((VersionFault::NoVersion, lead, first_end));
    }
    if let Some((name, value)) = first.split_once(['=', ':'])
        && name.trim().eq_ignore_ascii_case("v")
    {
        let value = value.trim_matches(|c| junk(c) || quote(c) || c == '=');
        if !starts(value, "dmarc") {
            return None;
        }
        if value.eq_ignore_ascii_case("DMARC1") && value != "DMARC1" {
            return Some((VersionFault::Case, lead, first_end));
        }
        if starts(value, "dmarc1") && value[6..].starts_with([' ', '\t', ',', ':']) {
            // The word and the sign behind it, which stands where the semicolon belongs.
            let at = text[lead..].to_ascii_lowercase().find("dmarc1").map_or(lead, |at| lead + at);
            return Some((VersionFault::NoSemicolon, at, at + "DMARC1 ".len()));
        }
        return Some((VersionFault::OtherVersion, lead, first_end));
    }
    let read = Dmarc::parse(text);
    if let Some(tag) = read.list.get("v") {
        let dmarc = tag.value.eq_ignore_ascii_case("DMARC1");
        return dmarc.then(|| {
            let span = tag.span().range();
            (VersionFault::NotFirst, span.start, span.end)
        });
    }
    let policy = read.p.is_some_and(|p| p.value.is_some());
    policy.then_some((VersionFault::NoVersion, 0, first_end))
}

/// The tags of the text as a list, behind the right version.
fn repair(text: &str, fault: VersionFault) -> Option<String> {
    let mut rest: String = text.chars().filter(|&c| !is_unseen(c) && !is_quote(c)).collect();
    if fault != VersionFault::NotFirst
        && let Some(at) = rest.to_ascii_lowercase().find("dmarc")
    {
        rest = rest[at + 5..]
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ';' | ',' | ':'))
            .to_owned();
    }
    let listed = with_semicolons(&rest);
    let tags = Dmarc::parse(&listed);
    let known = |name: &str| name != "v" && TAGS.iter().chain(&HISTORIC).any(|tag| *tag == name);
    let mut out = vec!["v=DMARC1".to_owned()];
    for tag in &tags.list.tags {
        let name = tag.name.to_ascii_lowercase();
        if known(&name) {
            out.push(format!("{name}={}", tag.value));
        }
    }
    let text = out.join("; ");
    let read = Dmarc::parse(&text);
    (read.p.is_some_and(|p| p.value.is_some()) && read.list.errors.is_empty()).then_some(text)
}

/// `text` with a semicolon in front of every known tag that has only a blank, a comma or both there.
pub(crate) fn with_semicolons(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut word_start = true;
    for (at, c) in text.char_indices() {
        if word_start && at > 0 && starts_tag(&text[at..]) {
            let kept = out.trim_end_matches([' ', '\t', ',']).len();
            out.truncate(kept);
            if !out.is_empty() && !out.ends_with(';') {
                out.push(';');
            }
            out.push(' ');
        }
        out.push(c);
        word_start = matches!(c, ' ' | '\t' | ',' | ';');
    }
    out
}

fn starts_tag(text: &str) -> bool {
    // No further than a name reaches: the next equals sign may be at the end of the text.
    let length = text.bytes().take(LONGEST_TAG + 1).take_while(u8::is_ascii_alphabetic).count();
    let (name, rest) = text.split_at(length);
    steps::took(length);
    TAGS.iter().chain(&HISTORIC).any(|tag| tag.eq_ignore_ascii_case(name))
        && rest.trim_start_matches(BLANK).starts_with('=')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{300c}' | '\u{300d}')
}

/// Characters that copying from a web page or a document leaves behind and nobody sees, and what was left of them where
/// they were no UTF-8.
fn is_unseen(c: char) -> bool {
    c == '\u{fffd}' || is_invisible(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::dmarc::is_record;

    #[test]
    fn what_receivers_read() {
        for text in ["v=DMARC1", "v=DMARC1;", "v=DMARC1; p=none", "v = DMARC1 ;p=none", "V=DMARC1;p=none"] {
            assert!(is_record(text), "{text}");
        }
    }

    #[test]
    fn what_they_ignore_although_it_was_meant() {
        use VersionFault::*;
        for (text, fault, part, repaired) in [
            (" v=DMARC1; p=none", LeadingBlank, " ", Some("v=DMARC1; p=none")),
            ("\u{feff}v=DMARC1; p=none", LeadingBlank, "\u{feff}", Some("v=DMARC1; p=none")),
            ("\"v=DMARC1; p=none\"", Quoted, "\"", Some("v=DMARC1; p=none")),
            ("“v=DMARC1; p=none”", Quoted, "“", Some("v=DMARC1; p=none")),
            ("v=dmarc1; p=none", Case, "v=dmarc1", Some("v=DMARC1; p=none")),
            (
                "v=Dmarc1;p=reject;rua=mailto:a@b.c",
                Case,
                "v=Dmarc1",
                Some("v=DMARC1; p=reject; rua=mailto:a@b.c"),
            ),
            ("v=DMARC1 p=none", NoSemicolon, "DMARC1 ", Some("v=DMARC1; p=none")),
            (
                "v=DMARC1, p=none, rua=mailto:a@b.c",
                NoSemicolon,
                "DMARC1,",
                Some("v=DMARC1; p=none; rua=mailto:a@b.c"),
            ),
            ("v=DMARC1:p=none", NoSemicolon, "DMARC1:", Some("v=DMARC1; p=none")),
            ("v=DMARC2; p=none", OtherVersion, "v=DMARC2", Some("v=DMARC1; p=none")),
            ("v=DMARC; p=none", OtherVersion, "v=DMARC", Some("v=DMARC1; p=none")),
            ("v=DMARC1.0; p=none", OtherVersion, "v=DMARC1.0", Some("v=DMARC1; p=none")),
            ("v:DMARC1; p=none", OtherVersion, "v:DMARC1", Some("v=DMARC1; p=none")),
            ("v==DMARC1; p=none", OtherVersion, "v==DMARC1", Some("v=DMARC1; p=none")),
            ("DMARC1; p=none", NoVersion, "DMARC1", Some("v=DMARC1; p=none")),
            ("p=none; rua=mailto:a@b.c", NoVersion, "p=none", Some("v=DMARC1; p=none; rua=mailto:a@b.c")),
            ("p=none; v=DMARC1", NotFirst, "v=DMARC1", Some("v=DMARC1; p=none")),
            ("v=DMARC2; say=what", OtherVersion, "v=DMARC2", None),
        ] {
            assert!(!is_record(text), "{text}");
            let miss = near_miss(text).unwrap_or_else(|| panic!("{text}: not seen"));
            assert_eq!((miss.fault, miss.span.of(text)), (fault, part), "{text}");
            assert_eq!(miss.repaired.as_deref(), repaired, "{text}");
        }
    }

    #[test]
    fn texts_of_others_are_left_alone() {
        for text in
            ["v=spf1 -all", "google-site-verification=abc", "v=DKIM1; p=MIIB", "", "v=STSv1; id=1", "v="]
        {
            assert!(!is_record(text) && near_miss(text).is_none(), "{text}");
        }
    }

    #[test]
    fn semicolons_go_in_front_of_tags_only() {
        assert_eq!(
            with_semicolons("p=none rua=mailto:a@b.c, mailto:d@e.f adkim=s"),
            "p=none; rua=mailto:a@b.c, mailto:d@e.f; adkim=s"
        );
        assert_eq!(with_semicolons("p=none; t=y"), "p=none; t=y");
    }
}
