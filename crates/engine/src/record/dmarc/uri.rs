//! The addresses to which reports go (RFC 9989 sections 4.6 and 4.8).

use crate::{dns::Name, record::Span};

/// One entry of `rua` or `ruf`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportUri<'a> {
    /// The entry as written, without blanks around it and without a size.
    pub text: &'a str,
    /// Where that stands.
    pub span: Span,
    /// Where a size stands (`!10m`): RFC 7489 had it, RFC 9989 removed it.
    pub size: Option<Span>,
    /// What it is.
    pub kind: UriKind,
}

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UriKind {
    /// A mail address at this domain.
    Mail(Name),
    /// Another kind of address, such as `https:`. Allowed, and ignored by those who do not support it.
    Other,
    /// Not an address.
    Broken(UriProblem),
}

words! {
    /// Why an entry is not an address.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum UriProblem {
        /// Nothing between two commas, or nothing at all.
        Empty = "empty",
        /// A mail address without `mailto:` in front.
        NoScheme = "no-scheme",
        /// A blank inside, mostly between two addresses that want a comma.
        Blank = "blank",
        /// `mailto://`.
        Slashes = "slashes",
        /// `mailto:mailto:`.
        Doubled = "doubled",
        /// `mailto:` and then something that is no mail address at a domain.
        Address = "address",
        /// An exclamation mark that is not the start of a size; it has to be written `%21`.
        Exclamation = "exclamation",
        /// Neither a mail address nor another kind of address.
        Unreadable = "unreadable",
    }
    key "dmarc.uri.{}"
}

impl ReportUri<'_> {
    /// Whether the entry counts as a "syntactically valid reporting URI" (RFC 9989 section 4.10.1).
    #[must_use]
    pub fn is_valid(&self) -> bool {
        !matches!(self.kind, UriKind::Broken(_))
    }

    /// The domain that would get the reports.
    #[must_use]
    pub fn mail_domain(&self) -> Option<&Name> {
        match &self.kind {
            UriKind::Mail(domain) => Some(domain),
            _ => None,
        }
    }

    /// The entry as it was meant, where that can be told: one address, or several with commas between.
    #[must_use]
    pub fn repaired(&self) -> Option<String> {
        let UriKind::Broken(problem) = self.kind else { return None };
        match problem {
            UriProblem::NoScheme | UriProblem::Slashes | UriProblem::Doubled => meant(self.text),
            UriProblem::Blank => {
                let parts: Option<Vec<String>> = self.text.split_whitespace().map(meant).collect();
                Some(parts?.join(","))
            }
            _ => None,
        }
    }
}

/// The entries of a `rua` or `ruf` tag whose value stands at `value`.
pub(super) fn list(text: &str, value: Span) -> Vec<ReportUri<'_>> {
    let mut start = value.range().start;
    value
        .of(text)
        .split(',')
        .map(|part| {
            let lead = part.len() - part.trim_start().len();
            let from = start + lead;
            let to = from + part.trim().len();
            start += part.len() + 1;
            entry(text, from, to)
        })
        .collect()
}

fn entry(text: &str, from: usize, to: usize) -> ReportUri<'_> {
    let whole = &text[from..to];
    let size_at = whole.rfind('!').filter(|&at| is_size(&whole[at + 1..]));
    let end = size_at.map_or(to, |at| from + at);
    let uri = &text[from..end];
    ReportUri {
        text: uri,
        span: Span::new(from, end),
        size: size_at.map(|at| Span::new(from + at, to)),
        kind: kind(uri),
    }
}

/// The address with what belongs in front of it, if it is one.
fn meant(text: &str) -> Option<String> {
    let mut address = text;
    while let Some(rest) = without_scheme(address) {
        address = rest.trim_start_matches('/');
    }
    mail_domain(address).map(|_| format!("mailto:{address}"))
}

/// What stands behind `mailto:`.
fn without_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_at_checked("mailto:".len())?;
    scheme.eq_ignore_ascii_case("mailto:").then_some(rest)
}

/// Digits and perhaps a unit: `10m` (RFC 7489 section 6.4).
fn is_size(text: &str) -> bool {
    let digits = text.trim_end_matches(['k', 'm', 'g', 't', 'K', 'M', 'G', 'T']);
    !digits.is_empty() && text.len() - digits.len() <= 1 && digits.bytes().all(|b| b.is_ascii_digit())
}

fn kind(uri: &str) -> UriKind {
    let broken = UriKind::Broken;
    if uri.is_empty() {
        return broken(UriProblem::Empty);
    }
    if uri.contains(char::is_whitespace) {
        return broken(UriProblem::Blank);
    }
    if uri.contains('!') {
        return broken(UriProblem::Exclamation);
    }
    let Some((scheme, rest)) = uri.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) else {
        return broken(if mail_domain(uri).is_some() {
            UriProblem::NoScheme
        } else {
            UriProblem::Unreadable
        });
    };
    if !scheme.eq_ignore_ascii_case("mailto") {
        return if rest.is_empty() { broken(UriProblem::Unreadable) } else { UriKind::Other };
    }
    if rest.starts_with("//") {
        return broken(UriProblem::Slashes);
    }
    if without_scheme(rest).is_some() {
        return broken(UriProblem::Doubled);
    }
    mail_domain(rest).map_or(broken(UriProblem::Address), UriKind::Mail)
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// The domain of a mail address as it stands in a `mailto:` URI, with or without header fields (RFC 6068).
fn mail_domain(address: &str) -> Option<Name> {
    let address = address.split('?').next().unwrap_or_default();
    let (local, domain) = address.split_once('@')?;
    // A colon may stand in a quoted local part alone (RFC 5322 section 3.2.3), and a URI writes quotes as `%22`.
    if local.is_empty() || !local.is_ascii() || local.contains(':') || domain.contains('@') {
        return None;
    }
    let domain = Name::parse(domain).ok()?;
    (domain.is_host_name() && domain.labels().count() > 1).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::dmarc::Dmarc;

    fn kinds(value: &str) -> Vec<UriKind> {
        let text = format!("v=DMARC1; rua={value}");
        Dmarc::parse(&text).rua.into_iter().map(|uri| uri.kind).collect()
    }

    fn mail(domain: &str) -> UriKind {
        UriKind::Mail(Name::parse(domain).unwrap())
    }

    #[test]
    fn addresses_and_what_is_none() {
        use UriProblem::*;
        assert_eq!(
            kinds("mailto:a@Example.org , MAILTO:b%2Bc@example.net?subject=x"),
            [mail("example.org"), mail("example.net")]
        );
        assert_eq!(kinds("https://example.org/in"), [UriKind::Other]);
        for (value, problem) in [
            ("", Empty),
            ("a@example.org", NoScheme),
            ("mailto:a@example.org mailto:b@example.org", Blank),
            ("mailto://a@example.org", Slashes),
            ("mailto:mailto:a@example.org", Doubled),
            ("mailto:MAILTO:mailto:a@example.org", Doubled),
            ("mailto:to:a@example.org", Address),
            ("mailto:example.org", Address),
            ("mailto:@example.org", Address),
            ("mailto:a@b@example.org", Address),
            ("mailto:a@localhost", Address),
            ("mailto:a@exa_mple.org", Address),
            ("mailto:a!b@example.org", Exclamation),
            ("mailto:a@example.org!10x", Exclamation),
            ("example.org", Unreadable),
            ("https:", Unreadable),
        ] {
            assert_eq!(kinds(value), [UriKind::Broken(problem)], "{value}");
        }
        assert_eq!(kinds("mailto:a@example.org,")[1], UriKind::Broken(Empty));
    }

    #[test]
    fn a_size_is_read_and_set_apart() {
        let text = "v=DMARC1; p=none; rua=mailto:a@example.org!10m, mailto:b@example.org!5";
        let read = Dmarc::parse(text);
        let sizes: Vec<_> = read.rua.iter().map(|uri| uri.size.unwrap().of(text)).collect();
        assert_eq!(sizes, ["!10m", "!5"]);
        assert_eq!(read.rua[0].text, "mailto:a@example.org");
        assert!(read.rua.iter().all(ReportUri::is_valid));
    }

    #[test]
    fn a_forgotten_mailto_is_put_back() {
        let text = "v=DMARC1; p=none; rua=a@example.org, mailto://b@example.org, mailto:mailto:c@example.org, nonsense, a@b.c mailto:d@e.f, a b";
        let repaired: Vec<_> = Dmarc::parse(text).rua.iter().map(ReportUri::repaired).collect();
        let expected = [
            Some("mailto:a@example.org"),
            Some("mailto:b@example.org"),
            Some("mailto:c@example.org"),
            None,
            Some("mailto:a@b.c,mailto:d@e.f"),
            None,
        ];
        assert_eq!(repaired, expected.map(|text| text.map(str::to_owned)));
    }
}
