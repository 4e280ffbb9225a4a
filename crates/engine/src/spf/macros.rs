//! What macros become (RFC 7208 sections 7.2 and 7.3).

use std::{borrow::Cow, fmt::Write as _, net::IpAddr};

use crate::{
    percent,
    record::spf::{Letter, Macro},
};

/// Values for the macros that are known without asking.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) ip: IpAddr,
    pub(super) local_part: &'a str,
    pub(super) sender_domain: &'a str,
    pub(super) helo: &'a str,
    pub(super) receiver: &'a str,
    pub(super) time: u64,
    /// The domain whose record is evaluated.
    pub(super) domain: &'a str,
    /// `%{p}`.
    pub(super) validated: &'a str,
}

impl<'a> Values<'a> {
    fn get(&self, letter: Letter) -> Cow<'a, str> {
        match letter {
            Letter::Sender => Cow::Owned(format!("{}@{}", self.local_part, self.sender_domain)),
            Letter::LocalPart => Cow::Borrowed(self.local_part),
            Letter::SenderDomain => Cow::Borrowed(self.sender_domain),
            Letter::Domain => Cow::Borrowed(self.domain),
            Letter::Address => Cow::Owned(dotted(self.ip)),
            Letter::ValidatedName => Cow::Borrowed(self.validated),
            Letter::Version => Cow::Borrowed(if self.ip.is_ipv4() { "in-addr" } else { "ip6" }),
            Letter::Helo => Cow::Borrowed(self.helo),
            Letter::ReadableAddress => Cow::Owned(self.ip.to_string()),
            Letter::Receiver => Cow::Borrowed(self.receiver),
            Letter::Time => Cow::Owned(self.time.to_string()),
        }
    }

    /// Appends what `expand` becomes.
    pub(super) fn push(&self, expand: &Macro<'_>, out: &mut String) {
        let value = self.get(expand.letter);
        let is_delimiter = |c: char| {
            if expand.delimiters.is_empty() { c == '.' } else { expand.delimiters.contains(c) }
        };
        if expand.keep.is_none() && !expand.reverse && expand.delimiters.is_empty() {
            push_part(&value, expand.escape, out);
            return;
        }
        let mut parts: Vec<&str> = value.split(is_delimiter).collect();
        if expand.reverse {
            parts.reverse();
        }
        let keep = expand.keep.map_or(parts.len(), |keep| keep as usize);
        for (index, part) in parts[parts.len().saturating_sub(keep)..].iter().enumerate() {
            if index > 0 {
                out.push('.');
            }
            push_part(part, expand.escape, out);
        }
    }
}

/// Appends `part`; escaped, everything but unreserved characters is percent-encoded (RFC 3986 section 2.3).
fn push_part(part: &str, escape: bool, out: &mut String) {
    if !escape {
        out.push_str(part);
        return;
    }
    percent::encode(out, part, b"");
}

/// The address in parts that can be put in reverse order: four numbers, or 32 upper-case nibbles.
fn dotted(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let mut text = String::with_capacity(63);
            for octet in v6.octets() {
                let dot = if text.is_empty() { "" } else { "." };
                let _ = write!(text, "{dot}{:X}.{:X}", octet >> 4, octet & 15);
            }
            text
        }
    }
}
