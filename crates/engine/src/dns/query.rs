//! What is asked: a name and a record type.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Name;

/// The record types this product asks for (IANA "Resource Record (RR) TYPEs").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rtype {
    /// IPv4 address, RFC 1035.
    A,
    /// Name server, RFC 1035.
    Ns,
    /// Alias, RFC 1035.
    Cname,
    /// Start of authority, RFC 1035.
    Soa,
    /// Pointer, used for reverse names, RFC 1035.
    Ptr,
    /// Mail exchange, RFC 1035 and 5321 section 5.
    Mx,
    /// Text, RFC 1035.
    Txt,
    /// IPv6 address, RFC 3596.
    Aaaa,
    /// Service location, RFC 2782.
    Srv,
    /// Delegation signer, RFC 4034.
    Ds,
    /// DNSSEC key, RFC 4034.
    Dnskey,
    /// Certificate association of DANE, RFC 6698.
    Tlsa,
    /// The SPF type that RFC 7208 section 3.1 withdrew.
    Spf,
    /// Certification authority authorisation, RFC 8659.
    Caa,
}

const TYPES: [(Rtype, u16, &str); 14] = [
    (Rtype::A, 1, "A"),
    (Rtype::Ns, 2, "NS"),
    (Rtype::Cname, 5, "CNAME"),
    (Rtype::Soa, 6, "SOA"),
    (Rtype::Ptr, 12, "PTR"),
    (Rtype::Mx, 15, "MX"),
    (Rtype::Txt, 16, "TXT"),
    (Rtype::Aaaa, 28, "AAAA"),
    (Rtype::Srv, 33, "SRV"),
    (Rtype::Ds, 43, "DS"),
    (Rtype::Dnskey, 48, "DNSKEY"),
    (Rtype::Tlsa, 52, "TLSA"),
    (Rtype::Spf, 99, "SPF"),
    (Rtype::Caa, 257, "CAA"),
];

impl Rtype {
    /// Every type, in the order of the numbers.
    pub fn all() -> impl Iterator<Item = Self> {
        TYPES.iter().map(|&(rtype, ..)| rtype)
    }

    /// The number on the wire.
    #[must_use]
    pub fn number(self) -> u16 {
        TYPES[self as usize].1
    }

    /// The type with this number on the wire, if it is one of ours.
    #[must_use]
    pub fn from_number(number: u16) -> Option<Self> {
        TYPES.iter().find(|&&(_, n, _)| n == number).map(|&(rtype, ..)| rtype)
    }

    /// The mnemonic, upper case.
    #[must_use]
    pub fn mnemonic(self) -> &'static str {
        TYPES[self as usize].2
    }

    /// The type with this mnemonic, in any case.
    #[must_use]
    pub fn from_mnemonic(text: &str) -> Option<Self> {
        TYPES.iter().find(|(_, _, m)| m.eq_ignore_ascii_case(text)).map(|&(rtype, ..)| rtype)
    }
}

impl Serialize for Rtype {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.mnemonic())
    }
}

impl fmt::Display for Rtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.mnemonic())
    }
}

/// The key of everything learnt: a name and a type. The class is always IN.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Query {
    /// The name asked about.
    pub name: Name,
    /// The record type asked for.
    #[serde(rename = "type")]
    pub rtype: Rtype,
    /// Ask the resolver not to check DNSSEC signatures (bit CD, RFC 4035 section 3.2.2): what SERVFAILs without it
    /// and answers with it has broken signatures.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub checking_disabled: bool,
}

impl Query {
    /// The question for records of type `rtype` at `name`.
    #[must_use]
    pub fn new(name: Name, rtype: Rtype) -> Self {
        Self { name, rtype, checking_disabled: false }
    }

    /// The same question with DNSSEC left unchecked.
    #[must_use]
    pub fn unchecked(name: Name, rtype: Rtype) -> Self {
        Self { checking_disabled: true, ..Self::new(name, rtype) }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.name, self.rtype, if self.checking_disabled { " +cd" } else { "" })
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_dnssec_unchecked_makes_another_question() {
        let name = Name::parse("example.org").unwrap();
        let (plain, unchecked) = (Query::new(name.clone(), Rtype::Mx), Query::unchecked(name, Rtype::Mx));
        assert_ne!(plain, unchecked);
        assert_eq!(serde_json::to_string(&plain).unwrap(), r#"{"name":"example.org","type":"MX"}"#);
        let json = serde_json::to_string(&unchecked).unwrap();
        assert_eq!(json, r#"{"name":"example.org","type":"MX","checkingDisabled":true}"#);
    }

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (index, (rtype, number, mnemonic)) in TYPES.iter().enumerate() {
            assert_eq!(*rtype as usize, index, "{mnemonic}");
            assert_eq!(Rtype::from_number(*number), Some(*rtype));
            assert_eq!(Rtype::from_mnemonic(&mnemonic.to_lowercase()), Some(*rtype));
        }
    }
}
