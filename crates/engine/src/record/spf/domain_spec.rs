//! The `domain-spec` of RFC 7208 section 7.1: a name, perhaps with macros.

use serde::Serialize;

use super::{Fault, Piece, SpfError, pieces};
use crate::record::Span;

/// A name as written, checked against the grammar. It may still be no name a question can be asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DomainSpec {
    /// Its place.
    pub span: Span,
    /// Whether there is a `%` in it, so that it has to be expanded.
    pub has_macros: bool,
}

impl DomainSpec {
    /// The name as written.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        self.span.of(text)
    }

    /// Whether the name is the same for every message: it has no macros but `%{d}` and `%{o}`.
    #[must_use]
    pub fn is_fixed(self, text: &str) -> bool {
        !self.has_macros
            || pieces(self.of(text)).all(|piece| match piece {
                Ok(Piece::Expand(expand)) => expand.letter.is_fixed(),
                Ok(_) => true,
                Err(_) => false,
            })
    }
}

/// Reads the domain-spec at `span`, which holds printable ASCII only; `term` is what an empty one is reported for.
pub(super) fn read(text: &str, span: Span, term: Span, errors: &mut Vec<SpfError>) -> Option<DomainSpec> {
    let spec = span.of(text);
    if spec.is_empty() {
        errors.push(SpfError { span: term, fault: Fault::MissingDomain });
        return None;
    }
    let has_macros = spec.as_bytes().contains(&b'%');
    // The literal text at the end, where the top-level domain has to be; `None` if a macro stands there.
    let tail = if has_macros { read_macros(spec, span, errors)? } else { Some(spec) };
    if let Some(tail) = tail
        && !ends_in_top_label(tail)
    {
        let fault =
            if spec.parse::<std::net::IpAddr>().is_ok() { Fault::AddressAsDomain } else { Fault::TopLabel };
        errors.push(SpfError { span, fault });
        return None;
    }
    if !has_macros && let Some(fault) = impossible(spec) {
        errors.push(SpfError { span, fault });
    }
    Some(DomainSpec { span, has_macros })
}

/// Checks the macros; the result is the text behind the last of them, `None` if there is nothing behind it.
fn read_macros<'a>(spec: &'a str, span: Span, errors: &mut Vec<SpfError>) -> Option<Option<&'a str>> {
    let mut tail = None;
    let mut at = span.start;
    let mut sound = true;
    let mut walk = pieces(spec);
    while let Some(piece) = walk.next() {
        let end = span.start + u32::try_from(walk.position()).unwrap_or(u32::MAX);
        let here = Span { start: at, end };
        at = end;
        tail = None;
        let fault = match piece {
            Ok(Piece::Literal(text)) => {
                tail = Some(text);
                continue;
            }
            Ok(Piece::Expand(expand)) if expand.letter.is_for_explanations() => Fault::ExplanationMacro,
            Ok(_) => continue,
            Err(_) => Fault::Macro,
        };
        errors.push(SpfError { span: here, fault });
        sound = false;
    }
    sound.then_some(tail)
}

/// `"." toplabel [ "." ]` at the end: letters, digits and inner hyphens, not digits alone.
fn ends_in_top_label(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    let Some((_, label)) = text.rsplit_once('.') else { return false };
    let octets = label.as_bytes();
    !octets.is_empty()
        && octets.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-')
        && !octets.iter().all(u8::is_ascii_digit)
        && octets[0] != b'-'
        && octets[octets.len() - 1] != b'-'
}

/// Why no such name can exist.
fn impossible(spec: &str) -> Option<Fault> {
    let name = spec.strip_suffix('.').unwrap_or(spec);
    let mut label = 0;
    let mut longest = 0;
    for octet in name.bytes() {
        if octet == b'.' {
            if label == 0 {
                return Some(Fault::EmptyLabel);
            }
            label = 0;
        } else {
            label += 1;
            longest = longest.max(label);
        }
    }
    if longest > 63 {
        Some(Fault::LongLabel)
    } else if name.len() > 253 {
        Some(Fault::LongName)
    } else {
        None
    }
}
