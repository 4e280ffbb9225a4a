//! A record of any kind as parts and errors with their places: what `parseRecord` brings.

use serde::Serialize;

use mail_triage_engine::{
    input::limits::InputField,
    record::{
        Span,
        bimi::Bimi,
        dkim::Key,
        dmarc::{self, DmarcReading},
        mta_sts::{StsPolicy, StsRecord},
        spf::{self, Term, TermKind},
        tags::TagList,
        tls_rpt::TlsRpt,
    },
    words,
};

use crate::span::{TextSpan, Units};
#[cfg(test)]
use crate::types;

words! {
    /// What a text is to be read as.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum RecordKind {
        /// An SPF record (RFC 7208).
        Spf = "spf",
        /// A DMARC record (RFC 9989).
        Dmarc = "dmarc",
        /// A DKIM key record (RFC 6376 section 3.6.1).
        Dkim = "dkim",
        /// The record that announces an MTA-STS policy (RFC 8461 section 3.1).
        MtaSts = "mta-sts",
        /// The MTA-STS policy file (RFC 8461 section 3.2).
        MtaStsPolicy = "mta-sts-policy",
        /// A TLS-RPT record (RFC 8460 section 3).
        TlsRpt = "tls-rpt",
        /// A BIMI record.
        Bimi = "bimi",
    }
}

/// A record as it was read. Reading never fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ParsedRecord {
    /// What it was read as.
    #[cfg_attr(test, schemars(with = "types::RecordKind"))]
    pub kind: RecordKind,
    /// Its parts, in the order of the text.
    pub parts: Vec<RecordPart>,
    /// What is wrong with it, in the order of the text.
    pub errors: Vec<RecordError>,
}

/// A term of an SPF record, a pair of a list of tags, or a line of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RecordPart {
    /// The name of the mechanism, modifier, tag or field, in lower case; empty where none could be read.
    pub name: String,
    /// What is said of it, as written; empty where there is nothing.
    pub value: String,
    /// The qualifier of an SPF mechanism: `+`, `-`, `~` or `?`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "types::Qualifier"))]
    pub qualifier: Option<&'static str>,
    /// Where it stands.
    pub span: TextSpan,
}

/// Something wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RecordError {
    /// What is wrong, as a word that stays.
    pub code: &'static str,
    /// The faulty part.
    pub span: TextSpan,
}

/// Reads a text as a record of this kind, as much of it as the page reads.
#[must_use]
pub fn parse(kind: RecordKind, text: &str) -> ParsedRecord {
    let text = InputField::Policy.part(text);
    let units = Units::of(text);
    let error = |code: &'static str, span: Span| RecordError { code, span: units.span(span) };
    let (parts, errors) = match kind {
        RecordKind::Spf => {
            let record = spf::parse(text);
            let terms = record.terms.iter().map(|term| spf_part(term, text, &units)).collect();
            (terms, record.errors.iter().map(|one| error(one.fault.as_str(), one.span)).collect())
        }
        RecordKind::Dmarc => (tags(text, &units), dmarc_errors(text, &units)),
        RecordKind::Dkim => {
            let errors = Key::parse(text.to_owned(), &[]).errors;
            (tags(text, &units), errors.iter().map(|one| error(one.kind.as_str(), one.span)).collect())
        }
        RecordKind::MtaSts => {
            let errors = StsRecord::parse(text).errors;
            (tags(text, &units), errors.iter().map(|one| error(one.kind.as_str(), one.span)).collect())
        }
        RecordKind::MtaStsPolicy => {
            let errors = StsPolicy::parse(text).errors;
            (lines(text, &units), errors.iter().map(|one| error(one.kind.as_str(), one.span)).collect())
        }
        RecordKind::TlsRpt => {
            let errors = TlsRpt::parse(text).errors;
            (tags(text, &units), errors.iter().map(|one| error(one.kind.as_str(), one.span)).collect())
        }
        RecordKind::Bimi => {
            let record = Bimi::parse(text);
            let errors = record.errors.iter().chain(&record.settings);
            (tags(text, &units), errors.map(|one| error(one.kind.as_str(), one.span)).collect())
        }
    };
    ParsedRecord { kind, parts, errors }
}

/// A term: its name ends at the first of `:`, `=` and `/`.
fn spf_part(term: &Term, text: &str, units: &Units<'_>) -> RecordPart {
    let written = term.span.of(text);
    let qualifier = term.directive().map(|(qualifier, _)| match qualifier.sign() {
        "" => "+",
        sign => sign,
    });
    let bare = match (qualifier, written.strip_prefix(['+', '-', '~', '?'])) {
        (Some(_), Some(bare)) => bare,
        _ => written,
    };
    let (name, value) = match bare.find([':', '=', '/']) {
        _ if term.kind == TermKind::Broken => ("", written),
        Some(at) if bare[at..].starts_with('/') => bare.split_at(at),
        Some(at) => (&bare[..at], &bare[at + 1..]),
        None => (bare, ""),
    };
    RecordPart {
        name: name.to_ascii_lowercase(),
        value: value.to_owned(),
        qualifier,
        span: units.span(term.span),
    }
}

fn tags(text: &str, units: &Units<'_>) -> Vec<RecordPart> {
    let part = |tag: &mail_triage_engine::record::tags::Tag<'_>| RecordPart {
        name: tag.name.to_ascii_lowercase(),
        value: tag.value.to_owned(),
        qualifier: None,
        span: units.span(tag.span()),
    };
    TagList::parse(text).tags.iter().map(part).collect()
}

/// The lines of a policy file that have a name and a value.
fn lines(text: &str, units: &Units<'_>) -> Vec<RecordPart> {
    let mut at = 0;
    let mut parts = Vec::new();
    for line in text.split_inclusive('\n') {
        let written = line.trim_end();
        if let Some((name, value)) = written.split_once(':') {
            parts.push(RecordPart {
                name: name.trim().to_ascii_lowercase(),
                value: value.trim().to_owned(),
                qualifier: None,
                span: units.span(Span::new(at, at + written.len())),
            });
        }
        at += line.len();
    }
    parts
}

fn dmarc_errors(text: &str, units: &Units<'_>) -> Vec<RecordError> {
    let mut errors: Vec<(Span, &'static str)> = Vec::new();
    match dmarc::read(text) {
        DmarcReading::Record(record) => {
            errors.extend(record.list.errors.iter().map(|one| (one.span, one.kind.as_str())));
            let policies = [record.p, record.sp, record.np];
            let policies = policies.iter().flatten().map(|tag| (tag.value.is_none(), tag.span));
            let mut wrong: Vec<(bool, Span)> = policies.collect();
            wrong.extend(record.t.map(|tag| (tag.value.is_none(), tag.span)));
            wrong.extend(record.psd.map(|tag| (tag.value.is_none(), tag.span)));
            let modes = [record.adkim, record.aspf];
            wrong.extend(modes.iter().flatten().map(|tag| (tag.value.is_none(), tag.span)));
            wrong.extend(record.fo.map(|tag| (tag.value.is_none(), tag.span)));
            errors
                .extend(wrong.iter().filter(|(is_wrong, _)| *is_wrong).map(|&(_, span)| (span, "bad-value")));
        }
        DmarcReading::NearMiss(_) | DmarcReading::Other => errors.push((Span::new(0, text.len()), "version")),
    }
    errors.sort_unstable();
    errors.into_iter().map(|(span, code)| RecordError { code, span: units.span(span) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts, the errors, and under the text the first faulty part.
    fn read(kind: RecordKind, text: &str) -> (String, String) {
        let record = parse(kind, text);
        let units: Vec<u16> = text.encode_utf16().collect();
        let of = |span: TextSpan| String::from_utf16_lossy(&units[span.start as usize..span.end as usize]);
        let parts = record
            .parts
            .iter()
            .map(|part| format!("{}{}|{}", part.qualifier.unwrap_or_default(), part.name, part.value));
        let errors = record.errors.iter().map(|error| format!("{} {}", error.code, of(error.span)));
        (parts.collect::<Vec<_>>().join(" "), errors.collect::<Vec<_>>().join(", "))
    }

    #[test]
    fn an_spf_record_is_read_as_terms() {
        let (parts, errors) = read(RecordKind::Spf, "v=spf1 ip4:192.0.2.0/24 MX/28 include:a.example ~all");
        assert_eq!(parts, "+ip4|192.0.2.0/24 +mx|/28 +include|a.example ~all|");
        assert_eq!(errors, "");
        let (parts, errors) = read(RecordKind::Spf, "v=spf1 redirect=b.example foo:x");
        assert_eq!(parts, "redirect|b.example |foo:x");
        assert_eq!(errors, "unknown-mechanism foo");
    }

    #[test]
    fn places_are_those_of_javascript() {
        let (_, errors) = read(RecordKind::Spf, "v=spf1 –all 😀 ip4:x");
        assert!(errors.ends_with("ip4 x"), "{errors}");
    }

    #[test]
    fn lists_of_tags_are_read_as_pairs() {
        let (parts, errors) = read(RecordKind::Dmarc, "v=DMARC1; p=quarantin; adkim=x");
        assert_eq!(parts, "v|DMARC1 p|quarantin adkim|x");
        assert_eq!(errors, "bad-value p=quarantin, bad-value adkim=x");
        assert_eq!(read(RecordKind::Dmarc, "hello").1, "version hello");
        let (parts, errors) = read(RecordKind::TlsRpt, "v=TLSRPTv1; rua=ftp:x");
        assert_eq!((parts.as_str(), errors.is_empty()), ("v|TLSRPTv1 rua|ftp:x", false));
        for kind in [RecordKind::Dkim, RecordKind::MtaSts, RecordKind::Bimi] {
            assert!(!read(kind, "nothing of this kind").1.is_empty(), "{}", kind.as_str());
        }
    }

    #[test]
    fn a_policy_is_read_as_lines() {
        let text = "version: STSv1\r\nmode: enforced\nmx: *.example.org\nmax_age: 86400\n";
        let (parts, errors) = read(RecordKind::MtaStsPolicy, text);
        assert_eq!(parts, "version|STSv1 mode|enforced mx|*.example.org max_age|86400");
        assert!(errors.starts_with("bad-mode "), "{errors}");
    }
}
