//! One term (RFC 7208 sections 4.6.1, 5 and 6).

use std::net::Ipv4Addr;

use super::{
    DomainSpec, DualCidr, Fault, Mechanism, Piece, Qualifier, SpfError, SpfRecord, Term, TermKind,
    domain_spec, pieces,
};
use crate::record::Span;

/// Modifiers that may stand in a record once only.
#[derive(Default)]
pub(super) struct SeenModifiers {
    redirect: bool,
    explanation: bool,
}

/// Reads the term at `span`, which holds no blank, into the record; `sound` says that it holds printable ASCII only.
pub(super) fn read(text: &str, span: Span, sound: bool, seen: &mut SeenModifiers, record: &mut SpfRecord) {
    let before = record.errors.len();
    let mut reader = Reader { text, term: span, record };
    let read = if sound { read_term(&mut reader, seen) } else { reader.strange_characters() };
    if read.is_none() {
        debug_assert!(record.errors.len() > before, "a broken term has an error");
        record.terms.push(Term { span, kind: TermKind::Broken });
    }
}

struct Reader<'a> {
    text: &'a str,
    term: Span,
    record: &'a mut SpfRecord,
}

fn read_term(reader: &mut Reader<'_>, seen: &mut SeenModifiers) -> Option<()> {
    let Span { start, end } = reader.term;
    let text = reader.term.of(reader.text);
    let octets = text.as_bytes();
    let (qualifier, signed) = match octets.first()? {
        b'+' => (Qualifier::Pass, 1),
        b'-' => (Qualifier::Fail, 1),
        b'~' => (Qualifier::SoftFail, 1),
        b'?' => (Qualifier::Neutral, 1),
        _ => (Qualifier::Pass, 0),
    };
    let body = &octets[signed..];
    let length = body
        .iter()
        .position(|octet| !matches!(octet, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.'))
        .unwrap_or(body.len());
    let name_at = start + signed as u32;
    // Never cut: it is not longer than the term.
    let name = Span { start: name_at, end: name_at + length as u32 };
    let rest = Span { start: name.end, end };
    if !body.first().is_some_and(u8::is_ascii_alphabetic) {
        return reader.fail(reader.term, Fault::UnknownMechanism);
    }
    if body.get(length) == Some(&b'=') {
        if signed > 0 {
            return reader.fail(reader.term, Fault::QualifiedModifier);
        }
        return reader.modifier(name, Span { start: rest.start + 1, end }, seen);
    }
    reader.mechanism(qualifier, &body[..length], name, rest)
}

impl Reader<'_> {
    /// Each kind of term is put where it stays by the one that read it: handing it on through every step would cost
    /// more than reading it.
    #[inline(always)]
    fn push(&mut self, kind: TermKind) -> Option<()> {
        self.record.terms.push(Term { span: self.term, kind });
        Some(())
    }

    fn fail<T>(&mut self, span: Span, fault: Fault) -> Option<T> {
        self.record.errors.push(SpfError { span, fault });
        None
    }

    /// Names the first character that may not be in a term.
    fn strange_characters<T>(&mut self) -> Option<T> {
        let term = self.term.of(self.text);
        let (at, strange) = term.char_indices().find(|(_, c)| !c.is_ascii_graphic())?;
        let start = self.term.start as usize + at;
        let fault = if strange.is_ascii() { Fault::Control } else { Fault::NotAscii };
        self.fail(Span::new(start, start + strange.len_utf8()), fault)
    }

    fn modifier(&mut self, name: Span, value: Span, seen: &mut SeenModifiers) -> Option<()> {
        let text = name.of(self.text);
        let (again, kind): (_, fn(DomainSpec) -> TermKind) = if text.eq_ignore_ascii_case("redirect") {
            (std::mem::replace(&mut seen.redirect, true), TermKind::Redirect)
        } else if text.eq_ignore_ascii_case("exp") {
            (std::mem::replace(&mut seen.explanation, true), TermKind::Explanation)
        } else {
            self.check_macros(value)?;
            return self.push(TermKind::Unknown { name, value });
        };
        if again {
            return self.fail(self.term, Fault::Repeated);
        }
        let domain = self.plain_domain(value)?;
        self.push(kind(domain))
    }

    /// The value of an unknown modifier is a macro string (section 6).
    fn check_macros(&mut self, value: Span) -> Option<()> {
        let mut sound = Some(());
        for piece in pieces(value.of(self.text)) {
            let fault = match piece {
                Err(span) => {
                    let start = value.start + span.start;
                    SpfError { span: Span { start, end: value.start + span.end }, fault: Fault::Macro }
                }
                Ok(Piece::Expand(expand)) if expand.letter.is_for_explanations() => {
                    SpfError { span: value, fault: Fault::ExplanationMacro }
                }
                Ok(_) => continue,
            };
            self.record.errors.push(fault);
            sound = None;
        }
        sound
    }

    fn mechanism(&mut self, qualifier: Qualifier, name: &[u8], name_span: Span, rest: Span) -> Option<()> {
        let is = |word: &[u8]| name.eq_ignore_ascii_case(word);
        let mechanism = match name.len() {
            1 if is(b"a") => {
                let (domain, cidr) = self.host(rest)?;
                Mechanism::A(domain, cidr)
            }
            2 if is(b"mx") => {
                let (domain, cidr) = self.host(rest)?;
                Mechanism::Mx(domain, cidr)
            }
            3 if is(b"all") => {
                if !rest.is_empty() {
                    return self.fail(rest, Fault::Unexpected);
                }
                Mechanism::All
            }
            3 if is(b"ip4") => return self.ip4(qualifier, rest),
            3 if is(b"ip6") => return self.ip6(qualifier, rest),
            3 if is(b"ptr") => Mechanism::Ptr(if rest.is_empty() { None } else { Some(self.domain(rest)?) }),
            7 if is(b"include") => Mechanism::Include(self.domain(rest)?),
            6 if is(b"exists") => Mechanism::Exists(self.domain(rest)?),
            8 if is(b"redirect") => return self.fail(self.term, Fault::ModifierWithColon),
            3 if is(b"exp") => return self.fail(self.term, Fault::ModifierWithColon),
            // `-all.` and the like: what follows is at fault, not the name.
            4.. if name[..3].eq_ignore_ascii_case(b"all") && !name[3].is_ascii_alphanumeric() => {
                return self.fail(Span { start: name_span.start + 3, end: rest.end }, Fault::Unexpected);
            }
            _ => return self.fail(name_span, Fault::UnknownMechanism),
        };
        self.push(TermKind::Directive(qualifier, mechanism))
    }

    /// The domain behind the `:` of a mechanism that takes nothing else.
    fn domain(&mut self, rest: Span) -> Option<DomainSpec> {
        let argument = self.argument(rest)?;
        self.plain_domain(argument)
    }

    /// What stands behind the `:`.
    fn argument(&mut self, rest: Span) -> Option<Span> {
        let behind = rest.of(self.text);
        if behind.is_empty() {
            return self.fail(self.term, Fault::MissingDomain);
        }
        if behind.starts_with('/') {
            return self.fail(rest, Fault::UnexpectedPrefix);
        }
        if !behind.starts_with(':') {
            return self.fail(rest, Fault::Unexpected);
        }
        Some(Span { start: rest.start + 1, end: rest.end })
    }

    /// A domain-spec that no prefix length may follow.
    fn plain_domain(&mut self, span: Span) -> Option<DomainSpec> {
        let spec = span.of(self.text).as_bytes();
        let digits = spec.iter().rev().take_while(|octet| octet.is_ascii_digit()).count();
        if digits > 0 && spec.get(spec.len().wrapping_sub(digits + 1)) == Some(&b'/') {
            let end = span.end;
            return self.fail(Span { start: end - digits as u32 - 1, end }, Fault::UnexpectedPrefix);
        }
        domain_spec::read(self.text, span, self.term, &mut self.record.errors)
    }

    /// `[ ":" domain-spec ] [ dual-cidr-length ]`.
    fn host(&mut self, rest: Span) -> Option<(Option<DomainSpec>, DualCidr)> {
        let behind = rest.of(self.text);
        match behind.as_bytes().first() {
            None => Some((None, DualCidr::default())),
            Some(b'/') => Some((None, self.dual_cidr(rest)?)),
            Some(b':') => {
                let cut = rest.end - cidr_length(behind) as u32;
                let domain = Span { start: rest.start + 1, end: cut };
                if let Some(slash) = slash_in_last_label(domain.of(self.text)) {
                    let start = domain.start + slash as u32;
                    return self.fail(Span { start, end: rest.end }, Fault::Prefix);
                }
                let domain = domain_spec::read(self.text, domain, self.term, &mut self.record.errors);
                let cidr = self.dual_cidr(Span { start: cut, end: rest.end });
                Some((Some(domain?), cidr?))
            }
            Some(_) => self.fail(rest, Fault::Unexpected),
        }
    }

    fn dual_cidr(&mut self, span: Span) -> Option<DualCidr> {
        let mut cidr = DualCidr::default();
        let text = span.of(self.text);
        if text.is_empty() {
            return Some(cidr);
        }
        let v4 = text.find("//").unwrap_or(text.len());
        let cut = span.start + v4 as u32;
        if v4 > 0 {
            cidr.v4 = self.prefix(Span { start: span.start + 1, end: cut }, 32)?;
        }
        if cut < span.end {
            cidr.v6 = self.prefix(Span { start: cut + 2, end: span.end }, 128)?;
        }
        Some(cidr)
    }

    /// A number of bits without leading zeros (section 12, `ip4-cidr-length`).
    fn prefix(&mut self, span: Span, most: u8) -> Option<u8> {
        let text = span.of(self.text);
        // With its slash, so that there is something to point at.
        let shown = Span { start: span.start - 1, end: span.end };
        let digits = !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
        if !digits || (text.len() > 1 && text.starts_with('0')) {
            return self.fail(shown, Fault::Prefix);
        }
        match text.parse::<u8>() {
            Ok(bits) if bits <= most => Some(bits),
            _ => self.fail(shown, Fault::PrefixTooLong),
        }
    }

    /// The network behind `ip4:` or `ip6:`, and the prefix length behind that, if there is one.
    fn network(&mut self, rest: Span) -> Option<(Span, Option<Span>)> {
        let behind = rest.of(self.text);
        if behind.is_empty() || behind == ":" {
            return self.fail(self.term, Fault::MissingAddress);
        }
        if !behind.starts_with(':') {
            return self.fail(rest, Fault::Unexpected);
        }
        let network = Span { start: rest.start + 1, end: rest.end };
        let Some(slash) = behind.bytes().position(|octet| octet == b'/') else {
            return Some((network, None));
        };
        let slash = rest.start + slash as u32;
        Some((Span { end: slash, ..network }, Some(Span { start: slash + 1, end: rest.end })))
    }

    fn ip4(&mut self, qualifier: Qualifier, rest: Span) -> Option<()> {
        let (network, prefix) = self.network(rest)?;
        let address = network.of(self.text);
        let Some(ip) = ipv4(address.as_bytes()) else {
            let v6 = address.parse::<std::net::Ipv6Addr>().is_ok();
            return self.fail(network, if v6 { Fault::Ip6InIp4 } else { Fault::Ip4 });
        };
        let prefix = prefix.map_or(Some(32), |prefix| self.prefix(prefix, 32))?;
        self.push(TermKind::Directive(qualifier, Mechanism::Ip4(ip, prefix)))
    }

    fn ip6(&mut self, qualifier: Qualifier, rest: Span) -> Option<()> {
        let (network, prefix) = self.network(rest)?;
        let address = network.of(self.text);
        let Ok(ip) = address.parse() else {
            let v4 = address.parse::<Ipv4Addr>().is_ok();
            return self.fail(network, if v4 { Fault::Ip4InIp6 } else { Fault::Ip6 });
        };
        let prefix = prefix.map_or(Some(128), |prefix| self.prefix(prefix, 128))?;
        self.push(TermKind::Directive(qualifier, Mechanism::Ip6(ip, prefix)))
    }
}

/// Four numbers of 0 to 255 without leading zeros (section 12, `qnum`): as the standard library reads them, in less
/// time, because large records are lists of these.
fn ipv4(text: &[u8]) -> Option<Ipv4Addr> {
    let mut octets = [0u8; 4];
    let (mut index, mut digits, mut number) = (0, 0, 0u16);
    for &octet in text {
        match octet {
            b'0'..=b'9' if digits < 3 && !(digits > 0 && number == 0) => {
                number = number * 10 + u16::from(octet - b'0');
                digits += 1;
            }
            b'.' if digits > 0 && index < 3 => {
                octets[index] = u8::try_from(number).ok()?;
                (index, digits, number) = (index + 1, 0, 0);
            }
            _ => return None,
        }
    }
    octets[3] = u8::try_from(number).ok()?;
    (index == 3 && digits > 0).then(|| octets.into())
}

/// How many octets at the end are a dual-cidr-length: `/24`, `//64` or `/24//64`.
fn cidr_length(text: &str) -> usize {
    let octets = text.as_bytes();
    let slash = |end: usize| {
        let digits = octets[..end].iter().rev().take_while(|octet| octet.is_ascii_digit()).count();
        let at = end.checked_sub(digits + 1)?;
        (digits > 0 && octets[at] == b'/').then_some(at)
    };
    let Some(last) = slash(octets.len()) else { return 0 };
    let start = match last.checked_sub(1) {
        Some(before) if octets[before] == b'/' => slash(before).unwrap_or(before),
        _ => last,
    };
    octets.len() - start
}

/// A slash behind the last dot and behind every macro: meant as a prefix length, never part of a name.
fn slash_in_last_label(spec: &str) -> Option<usize> {
    let label = spec.rfind(['.', '}']).map_or(0, |at| at + 1);
    spec[label..].find('/').map(|at| label + at)
}

#[cfg(test)]
mod tests {
    use super::ipv4;

    #[test]
    fn addresses_are_read_as_the_standard_library_does() {
        for text in [
            "0.0.0.0",
            "255.255.255.255",
            "192.0.2.256",
            "192.0.2.01",
            "00.0.0.0",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.",
            ".1.2.3",
            "1..2.3",
            "1.2.3.4444",
            "",
        ] {
            assert_eq!(ipv4(text.as_bytes()), text.parse().ok(), "{text}");
        }
    }
}
