//! TLS reporting records (RFC 8460 section 3): where other servers send their reports about encryption.

use super::{
    Span,
    tags::{TagErrorKind, TagList},
    version,
};

/// A record at `_smtp._tls.<domain>` as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsRpt {
    /// Where reports go: `mailto:` and `https:` addresses as written.
    pub rua: Vec<String>,
    /// What is wrong with the record.
    pub errors: Vec<TlsRptError>,
}

/// Something wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TlsRptError {
    /// What is wrong.
    pub kind: TlsRptErrorKind,
    /// The faulty part.
    pub span: Span,
}

words! {
    /// What can be wrong with a record.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum TlsRptErrorKind {
        /// The list of tags cannot be read there.
        List(TagErrorKind) = ..,
        /// It does not begin with exactly `v=TLSRPTv1`.
        Version = "version",
        /// There is no `rua=`.
        NoAddress = "no-address",
        /// An address is neither `mailto:` with an e-mail address nor `https:`.
        BadAddress = "bad-address",
    }
    key "record.problem.{}"
}

impl TlsRpt {
    /// Whether a text is meant as such a record, in any case and with blanks in front.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        version::has_version(text, "tlsrpt")
    }

    /// Reads a record. Never fails: what is wrong is among the errors.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut record = Self::default();
        let list = TagList::parse(text);
        for error in &list.errors {
            record.error(TlsRptErrorKind::List(error.kind), error.span);
        }
        if let Some(span) = version::wrong_version(text, &list, "TLSRPTv1") {
            record.error(TlsRptErrorKind::Version, span);
        }
        let Some(tag) = list.get("rua") else {
            record.error(TlsRptErrorKind::NoAddress, Span::new(0, text.len()));
            return record;
        };
        let mut at = tag.value_span.range().start;
        for part in tag.value.split(',') {
            let start = at + (part.len() - part.trim_start().len());
            let address = part.trim();
            if is_address(address) {
                record.rua.push(address.to_owned());
            } else {
                let span =
                    if address.is_empty() { tag.span() } else { Span::new(start, start + address.len()) };
                record.error(TlsRptErrorKind::BadAddress, span);
            }
            at += part.len() + 1;
        }
        record
    }

    /// The record with what is surely a slip mended: the version, and e-mail addresses without `mailto:`. `None` if
    /// that leaves a fault.
    #[must_use]
    pub fn repaired(text: &str) -> Option<String> {
        let list = TagList::parse(text);
        let addresses = list.get("rua")?.value.split(',').map(str::trim).filter(|part| !part.is_empty());
        let addresses: Vec<String> = addresses
            .map(|part| if part.contains(':') { part.to_owned() } else { format!("mailto:{part}") })
            .collect();
        let mended = format!("v=TLSRPTv1; rua={}", addresses.join(","));
        Self::parse(&mended).errors.is_empty().then_some(mended)
    }

    fn error(&mut self, kind: TlsRptErrorKind, span: Span) {
        self.errors.push(TlsRptError { kind, span });
    }
}

/// RFC 8460 section 3: `mailto:` or `https:`. Schemes are read in any case (RFC 3986 section 3.1).
fn is_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    match scheme.to_ascii_lowercase().as_str() {
        "mailto" => rest.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.contains('.') && !rest.contains([' ', '!', '/'])
        }),
        "https" => rest.strip_prefix("//").is_some_and(|host| host.contains('.') && !host.contains(' ')),
        _ => false,
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn errors(text: &str) -> Vec<(&'static str, &str)> {
        TlsRpt::parse(text).errors.iter().map(|e| (e.kind.as_str(), e.span.of(text))).collect()
    }

    #[test]
    fn the_examples_of_the_rfc() {
        let record = TlsRpt::parse("v=TLSRPTv1;rua=mailto:reports@example.com");
        assert_eq!((record.rua.len(), record.errors.len()), (1, 0));
        let text = "v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt, mailto:a@example.com;";
        assert_eq!(TlsRpt::parse(text).rua, [&text[16..55], "mailto:a@example.com"]);
        assert!(errors(text).is_empty());
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(errors("v=TLSRPTv1"), [("no-address", "v=TLSRPTv1")]);
        assert_eq!(errors("v=tlsrptv1; rua=mailto:a@b.example"), [("version", "v=tlsrptv1")]);
        assert_eq!(errors("rua=mailto:a@b.example; v=TLSRPTv1"), [("version", "v=TLSRPTv1")]);
        assert_eq!(errors("v=TLSRPTv1; rua=a@b.example"), [("bad-address", "a@b.example")]);
        assert_eq!(
            errors("v=TLSRPTv1; rua=mailto:a@b.example,"),
            [("bad-address", "rua=mailto:a@b.example,")]
        );
        assert_eq!(errors("v=TLSRPTv1; rua=http://b.example"), [("bad-address", "http://b.example")]);
    }

    #[test]
    fn slips_are_mended_and_nothing_is_guessed() {
        let mended = |text| TlsRpt::repaired(text);
        assert_eq!(mended("v=tlsrptv1;rua=a@b.example,").unwrap(), "v=TLSRPTv1; rua=mailto:a@b.example");
        assert_eq!(mended("v=TLSRPTv1; rua=http://b.example"), None);
        assert_eq!(mended("v=TLSRPTv1"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_every_place_is_at_character_boundaries(text in "[v=TLSRPTv1;rua:,@. é/]{0,60}") {
            let record = TlsRpt::parse(&text);
            for error in &record.errors {
                prop_assert!(text.get(error.span.range()).is_some());
            }
            let _meant = TlsRpt::is_meant(&text);
            if let Some(mended) = TlsRpt::repaired(&text) {
                prop_assert!(TlsRpt::parse(&mended).errors.is_empty());
            }
        }
    }
}
