//! Record data, and how it is written as text.

use std::{
    borrow::Cow,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use serde::{Serialize, Serializer};

use super::{Name, Rtype};
use crate::visible::{push_octets, visible};

/// One resource record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Record {
    /// Where it stands: the end of the alias chain, which may differ from the name asked about.
    pub owner: Name,
    /// Seconds it may be remembered.
    pub ttl: u32,
    /// What it says.
    pub data: Rdata,
}

/// The data of a record, one case a type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rdata {
    /// IPv4 address.
    A(Ipv4Addr),
    /// IPv6 address.
    Aaaa(Ipv6Addr),
    /// Mail exchange: the lower preference is tried first.
    Mx {
        /// Order of trying, lowest first.
        preference: u16,
        /// The host that takes the mail; the root in a null MX (RFC 7505).
        exchange: Name,
    },
    /// Text strings (TXT, and SPF type 99).
    Txt(Txt),
    /// Alias.
    Cname(Name),
    /// Name server.
    Ns(Name),
    /// Pointer.
    Ptr(Name),
    /// Start of authority.
    Soa {
        /// Primary name server.
        primary: Name,
        /// Mailbox of the administrator, written as a name.
        mailbox: Name,
        /// Version of the zone.
        serial: u32,
        /// Seconds for which a negative answer may be remembered (RFC 2308 section 4).
        minimum: u32,
    },
    /// Service location (RFC 2782).
    Srv {
        /// Order of trying, lowest first.
        priority: u16,
        /// Share among equals.
        weight: u16,
        /// Port of the service.
        port: u16,
        /// Host; the root means "not offered".
        target: Name,
    },
    /// DANE certificate association (RFC 6698).
    Tlsa {
        /// Certificate usage.
        usage: u8,
        /// Selector.
        selector: u8,
        /// Matching type.
        matching: u8,
        /// Certificate association data.
        data: Vec<u8>,
    },
    /// Certification authority authorisation (RFC 8659).
    Caa {
        /// Flags; 128 is "critical".
        flags: u8,
        /// Property tag.
        tag: String,
        /// Property value, untrusted text.
        value: String,
    },
    /// Delegation signer; its presence is what matters here.
    Ds {
        /// Key tag.
        key_tag: u16,
        /// Algorithm number.
        algorithm: u8,
        /// Number of the digest's type.
        digest: u8,
    },
    /// DNSSEC key; its presence is what matters here.
    Dnskey {
        /// Flags; 257 is a key-signing key.
        flags: u16,
        /// Algorithm number.
        algorithm: u8,
    },
}

/// The strings of one TXT record: octets, joined without a blank (RFC 7208 section 3.3, RFC 6376 section 3.6.2.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Txt {
    joined: Vec<u8>,
    lengths: Vec<u8>,
}

impl Txt {
    /// From the character strings as they stand in the record; what is over 255 octets is split as servers do.
    pub fn new<'a>(strings: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut txt = Self::default();
        for string in strings {
            let mut chunks = string.chunks(255).peekable();
            if chunks.peek().is_none() {
                txt.lengths.push(0);
            }
            for chunk in chunks {
                txt.joined.extend_from_slice(chunk);
                txt.lengths.push(u8::try_from(chunk.len()).unwrap_or(u8::MAX));
            }
        }
        txt
    }

    /// All octets, joined.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        &self.joined
    }

    /// The joined octets as text; what is not UTF-8 shows as U+FFFD.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.joined)
    }

    /// The single character strings.
    pub fn strings(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = &self.joined[..];
        self.lengths.iter().map(move |&length| {
            let (head, tail) = rest.split_at(usize::from(length).min(rest.len()));
            rest = tail;
            head
        })
    }

    /// How many character strings there are.
    #[must_use]
    pub fn string_count(&self) -> usize {
        self.lengths.len()
    }

    /// Octets the data takes in a message: each string has one octet of length in front.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        self.joined.len() + self.lengths.len()
    }
}

impl Rdata {
    /// The type of this data; TXT stands for SPF type 99 too.
    #[must_use]
    pub fn rtype(&self) -> Rtype {
        match self {
            Self::A(_) => Rtype::A,
            Self::Aaaa(_) => Rtype::Aaaa,
            Self::Mx { .. } => Rtype::Mx,
            Self::Txt(_) => Rtype::Txt,
            Self::Cname(_) => Rtype::Cname,
            Self::Ns(_) => Rtype::Ns,
            Self::Ptr(_) => Rtype::Ptr,
            Self::Soa { .. } => Rtype::Soa,
            Self::Srv { .. } => Rtype::Srv,
            Self::Tlsa { .. } => Rtype::Tlsa,
            Self::Caa { .. } => Rtype::Caa,
            Self::Ds { .. } => Rtype::Ds,
            Self::Dnskey { .. } => Rtype::Dnskey,
        }
    }

    /// Octets that keeping it takes, roughly.
    pub(super) fn weight(&self) -> usize {
        /// What every record takes, whatever is in it.
        const EVERY: usize = 32;
        EVERY
            + match self {
                Self::Txt(txt) => txt.wire_len(),
                Self::Tlsa { data, .. } => data.len(),
                Self::Mx { exchange: name, .. }
                | Self::Srv { target: name, .. }
                | Self::Cname(name)
                | Self::Ns(name)
                | Self::Ptr(name) => name.as_str().len(),
                Self::Soa { primary, mailbox, .. } => primary.as_str().len() + mailbox.as_str().len(),
                Self::Caa { tag, value, .. } => tag.len() + value.len(),
                Self::A(_) | Self::Aaaa(_) | Self::Ds { .. } | Self::Dnskey { .. } => 0,
            }
    }

    /// The address in an A or AAAA record.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        match *self {
            Self::A(ip) => Some(ip.into()),
            Self::Aaaa(ip) => Some(ip.into()),
            _ => None,
        }
    }

    /// The text of a TXT record.
    #[must_use]
    pub fn txt(&self) -> Option<&Txt> {
        match self {
            Self::Txt(txt) => Some(txt),
            _ => None,
        }
    }
}

/// A character string as master files have it (RFC 1035 section 5.1), what is not UTF-8 or not seen as `\DDD`.
fn write_quoted(f: &mut fmt::Formatter<'_>, octets: &[u8]) -> fmt::Result {
    let mut text = String::with_capacity(octets.len() + 2);
    push_octets(&mut text, octets, &['"', '\\']);
    write!(f, "\"{text}\"")
}

impl fmt::Display for Rdata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::A(ip) => write!(f, "{ip}"),
            Self::Aaaa(ip) => write!(f, "{ip}"),
            Self::Mx { preference, exchange } => write!(f, "{preference} {exchange}"),
            Self::Txt(txt) => {
                for (index, string) in txt.strings().enumerate() {
                    if index > 0 {
                        f.write_str(" ")?;
                    }
                    write_quoted(f, string)?;
                }
                Ok(())
            }
            Self::Cname(name) | Self::Ns(name) | Self::Ptr(name) => write!(f, "{name}"),
            Self::Soa { primary, mailbox, serial, minimum } => {
                write!(f, "{primary} {mailbox} {serial} {minimum}")
            }
            Self::Srv { priority, weight, port, target } => write!(f, "{priority} {weight} {port} {target}"),
            Self::Tlsa { usage, selector, matching, data } => {
                write!(f, "{usage} {selector} {matching} ")?;
                data.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
            }
            Self::Caa { flags, tag, value } => {
                write!(f, "{flags} {} ", visible(tag))?;
                write_quoted(f, value.as_bytes())
            }
            Self::Ds { key_tag, algorithm, digest } => write!(f, "{key_tag} {algorithm} {digest}"),
            Self::Dnskey { flags, algorithm } => write!(f, "{flags} 3 {algorithm}"),
        }
    }
}

impl Serialize for Rdata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_joined_without_a_blank() {
        let txt = Txt::new([&b"v=spf1 ip4:192.0.2.1"[..], b"/24 -all"]);
        assert_eq!(txt.text(), "v=spf1 ip4:192.0.2.1/24 -all");
        assert_eq!(Rdata::Txt(txt).to_string(), r#""v=spf1 ip4:192.0.2.1" "/24 -all""#);
    }

    #[test]
    fn long_strings_are_split_at_255() {
        let txt = Txt::new([&[b'x'; 300][..]]);
        assert_eq!(txt.strings().map(<[u8]>::len).collect::<Vec<_>>(), [255, 45]);
        assert_eq!(txt.wire_len(), 302);
    }

    #[test]
    fn octets_that_are_not_text_stay_octets() {
        let txt = Txt::new([&[0xff, b'a'][..], b""]);
        assert_eq!(txt.octets(), [0xff, b'a']);
        assert_eq!(txt.string_count(), 2);
        assert_eq!(txt.text(), "\u{fffd}a");
        assert_eq!(Rdata::Txt(txt).to_string(), r#""\255a" """#);
    }

    #[test]
    fn what_nobody_sees_is_written_out() {
        let txt = Txt::new(["a\n\u{1b}[31m\u{202e}\"\\é".as_bytes()]);
        assert_eq!(Rdata::Txt(txt).to_string(), r#""a\010\027[31m\226\128\174\"\\é""#);
        let (tag, value) = ("is\nsue".to_owned(), "a\"\r\nb".to_owned());
        let caa = Rdata::Caa { flags: 0, tag, value };
        assert_eq!(caa.to_string(), r#"0 is\010sue "a\"\013\010b""#);
    }
}
