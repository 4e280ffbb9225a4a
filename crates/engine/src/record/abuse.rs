//! Who takes complaints about an address, as Abusix' contact database answers in a TXT record: an e-mail address and nothing
//! else (<https://abusix.com/contactdb/>, read 2026-11-29).
//!
//! It ends up in a link that opens a mail program, so only a plain address counts: no quoted local part, no display name, no
//! character that has a meaning in a link (RFC 6068 section 2).

use super::Span;
use crate::dns::Name;

/// Octets of the longest address (RFC 5321 section 4.5.3.1.3).
const MOST: usize = 254;
/// Octets of the longest local part (RFC 5321 section 4.5.3.1.1).
const MOST_LOCAL: usize = 64;

/// Why a text is no plain address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AbuseError {
    /// What is wrong.
    pub kind: AbuseErrorKind,
    /// The faulty part.
    pub span: Span,
}

/// What can be wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AbuseErrorKind {
    /// It is longer than an address can be.
    TooLong,
    /// There is not one `@`.
    NotOneAt,
    /// The part before the `@` is empty, too long, or has other characters than letters, digits and `.`, `_`, `-`, `+`.
    LocalPart,
    /// The part behind it is no host name of two labels or more.
    Domain,
}

/// The plain address that a text is, its domain in lower case.
///
/// # Errors
/// What is wrong with it, and where.
pub fn abuse_contact(text: &str) -> Result<String, AbuseError> {
    let start = text.len() - text.trim_start().len();
    let address = text.trim();
    let wrong =
        |kind, from: usize, to: usize| Err(AbuseError { kind, span: Span::new(start + from, start + to) });
    if address.len() > MOST {
        return wrong(AbuseErrorKind::TooLong, 0, address.len());
    }
    let Some((local, domain)) = address.split_once('@').filter(|(_, domain)| !domain.contains('@')) else {
        return wrong(AbuseErrorKind::NotOneAt, 0, address.len());
    };
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || b"._-+".contains(&octet);
    let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
    if local.is_empty() || local.len() > MOST_LOCAL || dots || !local.bytes().all(plain) {
        return wrong(AbuseErrorKind::LocalPart, 0, local.len());
    }
    match Name::parse(domain) {
        Ok(name) if name.is_host_name() && name.labels().count() > 1 => Ok(format!("{local}@{name}")),
        _ => wrong(AbuseErrorKind::Domain, local.len() + 1, address.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_addresses() {
        for (text, wanted) in [
            ("abuse@isp.example", "abuse@isp.example"),
            (" Net-Abuse+1@Mail.ISP.example ", "Net-Abuse+1@mail.isp.example"),
            ("a_b.c@xn--bcher-kva.example", "a_b.c@xn--bcher-kva.example"),
        ] {
            assert_eq!(abuse_contact(text).as_deref(), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_contact_and_the_faulty_part_is_named() {
        use AbuseErrorKind::{Domain, LocalPart, NotOneAt, TooLong};
        let long = "a".repeat(65);
        for (text, kind, part) in [
            ("", NotOneAt, ""),
            ("nobody", NotOneAt, "nobody"),
            ("a@b.example, c@d.example", NotOneAt, "a@b.example, c@d.example"),
            ("a@b.example?cc=c@d.example", NotOneAt, "a@b.example?cc=c@d.example"),
            (" @isp.example", LocalPart, ""),
            ("a b@isp.example", LocalPart, "a b"),
            ("\"a\"@isp.example", LocalPart, "\"a\""),
            ("a%0d@isp.example", LocalPart, "a%0d"),
            ("a&b@isp.example", LocalPart, "a&b"),
            (".a@isp.example", LocalPart, ".a"),
            ("客服@isp.example", LocalPart, "客服"),
            (&format!("{long}@isp.example"), LocalPart, &long),
            ("a@isp", Domain, "isp"),
            ("a@", Domain, ""),
            ("a@isp.example?subject=x", Domain, "isp.example?subject=x"),
            ("a@isp.example\u{202e}", Domain, "isp.example\u{202e}"),
            ("Abuse <a@isp.example>", LocalPart, "Abuse <a"),
            ("a@_x.example", Domain, "_x.example"),
        ] {
            let error = abuse_contact(text).unwrap_err();
            assert_eq!((error.kind, error.span.of(text)), (kind, part), "{text}");
        }
        let endless = format!("a@{}", "b.".repeat(10_000));
        assert_eq!(abuse_contact(&endless).unwrap_err().kind, TooLong);
    }
}
