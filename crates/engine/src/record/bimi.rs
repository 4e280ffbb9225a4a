//! BIMI records: the logo that some mailbox providers show beside a message
//! (draft-brand-indicators-for-message-identification, an Internet-Draft and no RFC).

use super::{
    Span,
    tags::{TagErrorKind, TagList},
    version,
};

/// A record at `default._bimi.<domain>` as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bimi {
    /// Where the logo is; empty if the domain declines to show one.
    pub logo: Option<String>,
    /// Where the certificate for the logo is.
    pub evidence: Option<String>,
    /// What is wrong with the record.
    pub errors: Vec<BimiError>,
    /// What is wrong with settings that a record can do without; the logo stands nevertheless.
    pub settings: Vec<BimiError>,
}

/// Something wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BimiError {
    /// What is wrong.
    pub kind: BimiErrorKind,
    /// The faulty part.
    pub span: Span,
}

words! {
    /// What can be wrong with a record.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum BimiErrorKind {
        /// The list of tags cannot be read there.
        List(TagErrorKind) = ..,
        /// It does not begin with exactly `v=BIMI1`.
        Version = "version",
        /// There is no `l=`.
        NoLogo = "no-logo",
        /// `l=` is not an `https:` address.
        BadLogo = "bad-logo",
        /// `a=` is not an `https:` address.
        BadEvidence = "bad-evidence",
        /// `avp=` is neither `brand` nor `personal`.
        BadPreference = "bad-avp",
        /// `lps=` is no list of beginnings of local parts.
        BadLocalParts = "bad-lps",
    }
    key "record.problem.{}"
}

impl Bimi {
    /// Whether a text is meant as such a record, in any case and with blanks in front.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        version::has_version(text, "bimi")
    }

    /// Whether the domain says by the record that it takes no part: both addresses are empty.
    #[must_use]
    pub fn declines(&self) -> bool {
        self.logo.as_deref() == Some("") && self.evidence.as_deref().is_none_or(str::is_empty)
    }

    /// Reads a record. Never fails: what is wrong is among the errors.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut record = Self::default();
        let list = TagList::parse(text);
        for error in &list.errors {
            record.error(BimiErrorKind::List(error.kind), error.span);
        }
        if let Some(span) = version::wrong_version(text, &list, "BIMI1") {
            record.error(BimiErrorKind::Version, span);
        }
        let mut address = |name: &str, kind| {
            let tag = list.get(name)?;
            if !tag.value.is_empty() && !is_https(tag.value) {
                record.error(kind, tag.value_span);
            }
            Some(tag.value.to_owned())
        };
        let logo = address("l", BimiErrorKind::BadLogo);
        let evidence = address("a", BimiErrorKind::BadEvidence);
        if logo.is_none() {
            record.error(BimiErrorKind::NoLogo, Span::new(0, text.len()));
        }
        let preference = list.get("avp").filter(|tag| !is_preference(tag.value));
        let local_parts = list.get("lps").filter(|tag| !is_local_parts(tag.value));
        for (tag, kind) in
            [(preference, BimiErrorKind::BadPreference), (local_parts, BimiErrorKind::BadLocalParts)]
        {
            record.settings.extend(tag.map(|tag| BimiError { kind, span: tag.span() }));
        }
        Self { logo, evidence, ..record }
    }

    fn error(&mut self, kind: BimiErrorKind, span: Span) {
        self.errors.push(BimiError { kind, span });
    }
}

fn is_https(text: &str) -> bool {
    let scheme = text.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    scheme && !text[8..].is_empty() && !text.contains(|c: char| c.is_whitespace() || c == ',')
}

/// Whose picture is to be shown where there are two.
fn is_preference(value: &str) -> bool {
    ["brand", "personal"].iter().any(|known| value.eq_ignore_ascii_case(known))
}

/// Beginnings of local parts with commas between; nothing at all stands for every local part. A local part that fits becomes
/// a label of a name (RFC 1035 section 2.3.1): what stands behind a `+` is left away before, and a dot or an underscore
/// becomes a hyphen. So nothing begins with one of these, two dots make no local part (RFC 5322 section 3.4.1), and a `+`
/// never fits.
fn is_local_parts(value: &str) -> bool {
    let is_beginning = |part: &str| {
        (1..=63).contains(&part.len())
            && part.starts_with(|first: char| first.is_ascii_alphanumeric())
            && part.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-_.".contains(&octet))
            && !part.contains("..")
    };
    value.is_empty() || value.split(',').all(|part| is_beginning(part.trim()))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn errors(text: &str) -> Vec<(&'static str, &str)> {
        Bimi::parse(text).errors.iter().map(|e| (e.kind.as_str(), e.span.of(text))).collect()
    }

    #[test]
    fn logo_and_certificate() {
        let record = Bimi::parse("v=BIMI1; l=https://example.org/logo.svg; a=https://example.org/vmc.pem;");
        assert_eq!(record.logo.as_deref(), Some("https://example.org/logo.svg"));
        assert_eq!(record.evidence.as_deref(), Some("https://example.org/vmc.pem"));
        assert!(record.errors.is_empty() && !record.declines());
    }

    #[test]
    fn a_domain_can_decline() {
        let record = Bimi::parse("v=BIMI1; l=; a=;");
        assert!(record.declines() && record.errors.is_empty());
        assert!(Bimi::parse("v=BIMI1; l=;").declines());
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(errors("v=BIMI1;"), [("no-logo", "v=BIMI1;")]);
        assert_eq!(errors("v=BIMI1; l=http://a.example/x.svg"), [("bad-logo", "http://a.example/x.svg")]);
        assert_eq!(errors("v=BIMI1; l=; a=self"), [("bad-evidence", "self")]);
        assert_eq!(errors("v=bimi1; l=https://a.example/x.svg"), [("version", "v=bimi1")]);
    }

    #[test]
    fn settings_that_nobody_reads_leave_the_logo_alone() {
        let settings = |text: &str| {
            let text = format!("v=BIMI1; l=https://a.example/x.svg; {text}");
            let record = Bimi::parse(&text);
            assert!(record.errors.is_empty(), "{text}");
            record.settings.iter().map(|e| (e.kind.as_str(), e.span.of(&text).to_owned())).collect::<Vec<_>>()
        };
        for sound in ["avp=brand", "avp=Personal; lps=news, no-reply", "lps=", "lps=a.b", "lps=no-, x_y"] {
            assert_eq!(settings(sound), [], "{sound}");
        }
        for (wrong, slug) in [
            ("avp=logo", "bad-avp"),
            ("avp=", "bad-avp"),
            ("lps=a@example.org", "bad-lps"),
            ("lps=news,,shop", "bad-lps"),
            ("lps=news shop", "bad-lps"),
            ("lps=news+shop", "bad-lps"),
            ("lps=.news", "bad-lps"),
            ("lps=-news", "bad-lps"),
            ("lps=a..b", "bad-lps"),
            ("lps=news,", "bad-lps"),
        ] {
            assert_eq!(settings(wrong), [(slug, wrong.to_owned())], "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_every_place_is_at_character_boundaries(text in "[v=BIMI1;la:. éhtps/]{0,60}") {
            let record = Bimi::parse(&text);
            for error in &record.errors {
                prop_assert!(text.get(error.span.range()).is_some());
            }
            let _meant = Bimi::is_meant(&text);
        }
    }
}
