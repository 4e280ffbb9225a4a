//! What was learnt by asking.

use std::net::IpAddr;

use serde::Serialize;

use super::{Name, Rdata, Record, Txt};

/// The outcome of one query. The four cases are never mixed: a lookup that failed says nothing about the zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Outcome {
    /// At least one record of the type asked for.
    Records(Answer),
    /// The name exists, but not with this type (RFC 2308 section 2.2).
    NoData(Negative),
    /// The name does not exist (RFC 2308 section 2.1, RFC 8020).
    NxDomain(Negative),
    /// No answer that could be used.
    Failed(LookupFailure),
}

/// A positive answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Answer {
    /// The records of the type asked for, in the order of the message.
    pub records: Vec<Record>,
    /// The names that led there by CNAME, first the name asked about; empty without an alias.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<Name>,
    /// Circumstances of the answer.
    pub meta: Meta,
}

/// A negative answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Negative {
    /// The names that led there by CNAME, as in [`Answer::chain`]; its last target is what does not exist.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<Name>,
    /// Seconds this may be remembered: the SOA's minimum or TTL (RFC 2308 section 5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u32>,
    /// Circumstances of the answer.
    pub meta: Meta,
}

/// What a resolver of the user's own is called wherever results go. Its address may hold the number of an account.
pub const OWN_RESOLVER: &str = "own";

/// Circumstances of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Meta {
    /// Which resolver answered: an id of `resolvers.json`, [`OWN_RESOLVER`], or empty in a test.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub resolver: String,
    /// How long it took, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub millis: Option<u32>,
    /// The resolver vouches for the DNSSEC signatures (bit AD, RFC 4035 section 3.2.3).
    pub authentic: bool,
    /// The answer was cut (bit TC).
    pub truncated: bool,
    /// A second resolver was asked and said the same.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub confirmed: bool,
    /// Extended DNS errors (RFC 8914).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ede: Vec<Ede>,
}

/// An extended DNS error (RFC 8914 section 4). The text is the resolver's and untrusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Ede {
    /// The INFO-CODE, such as 6 for "DNSSEC Bogus".
    pub code: u16,
    /// The EXTRA-TEXT, often empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// A lookup that brought no usable answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LookupFailure {
    /// What went wrong.
    pub failure: Failure,
    /// Circumstances, as far as there are any.
    pub meta: Meta,
}

words! {
    /// What went wrong with a lookup. Each has words of its own in the locales (`failure.<slug>`).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    #[serde(tag = "kind", content = "detail", rename_all = "kebab-case")]
    pub enum Failure {
        /// The browser says that it has no network.
        Offline = "offline",
        /// The request could not be made or its answer not be read: no connection, blocked, no CORS permission.
        Network = "network",
        /// No answer within the time limit.
        TimedOut = "timed-out",
        /// HTTP status 429.
        RateLimited = "rate-limited",
        /// Another HTTP status that is not a success.
        Http(u16) = "http",
        /// An answer that is not a DNS message: a web page of a captive portal or proxy.
        NotDns = "not-dns",
        /// A DNS message that cannot be read to its end.
        Malformed = "malformed",
        /// An answer to another question than the one asked.
        WrongQuestion = "wrong-question",
        /// The answer was cut (TC): what is missing may be what was asked for, so nothing in it counts.
        Truncated = "truncated",
        /// Records came, but neither of the type asked for nor an alias that leads there.
        WrongType = "wrong-type",
        /// Only where to ask on: name servers in place of an answer (RFC 1034 section 4.3.1), which says nothing of the record.
        Referral = "referral",
        /// The resolver says itself that it withholds or forges the answer (RFC 8914 sections 4.5 and 4.16 to 4.18).
        Filtered = "filtered",
        /// The resolver was found not to answer truthfully ([`crate::resolver_trust`]), so what it denies is not known.
        Untruthful = "untruthful",
        /// SERVFAIL, rcode 2: the resolver found no answer, often because of DNSSEC or dead name servers.
        ServFail = "servfail",
        /// REFUSED, rcode 5.
        Refused = "refused",
        /// Another rcode that is no answer.
        Rcode(u16) = "rcode",
        /// Nobody asked: the run's budget of queries was spent.
        Budget = "budget",
        /// The answer holds so many records, more than [`ANSWER_RECORDS`](crate::bounds::ANSWER_RECORDS): none of them counts.
        TooMany(u16) = "too-many",
        /// The answer holds a longer text than [`TEXT_OCTETS`](crate::bounds::TEXT_OCTETS), or the run has no room for it
        /// ([`RUN_OCTETS`](crate::bounds::RUN_OCTETS)): nothing in it counts.
        TooLarge = "too-large",
        /// Nobody who might have answered was asked: the name holds a key of the user's own, which is not entrusted to them.
        KeyWithheld = "key-withheld",
        /// Nobody was asked: all answers come from what was recorded, and this one is not among it.
        NotRecorded = "not-recorded",
    }
    key "failure.{}"
}

impl Failure {
    /// The number that belongs to it: an HTTP status, an rcode or how many records there are.
    #[must_use]
    pub fn number(self) -> Option<u16> {
        match self {
            Self::Http(n) | Self::Rcode(n) | Self::TooMany(n) => Some(n),
            _ => None,
        }
    }
}

impl Outcome {
    /// A failure without circumstances.
    #[must_use]
    pub fn failed(failure: Failure) -> Self {
        Self::Failed(LookupFailure { failure, meta: Meta::default() })
    }

    /// The records, empty for every other outcome. Ask [`Outcome::failure`] first: empty is not "none".
    #[must_use]
    pub fn records(&self) -> &[Record] {
        match self {
            Self::Records(answer) => &answer.records,
            _ => &[],
        }
    }

    /// The texts of TXT records, in the order of the answer; as with [`Outcome::records`], none is not "none there".
    pub fn texts(&self) -> impl Iterator<Item = &Txt> {
        self.records().iter().filter_map(|record| record.data.txt())
    }

    /// The addresses of A and AAAA records, in the order of the answer.
    pub fn addresses(&self) -> impl Iterator<Item = IpAddr> {
        self.records().iter().filter_map(|record| record.data.address())
    }

    /// Preference and host of MX records, in the order of the answer. A null MX names no host and is left out (RFC 7505).
    pub fn exchanges(&self) -> impl Iterator<Item = (u16, &Name)> {
        self.records().iter().filter_map(|record| match &record.data {
            Rdata::Mx { preference, exchange } if !exchange.is_root() => Some((*preference, exchange)),
            _ => None,
        })
    }

    /// The names that records of the types NS, PTR and CNAME lead to, in the order of the answer.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.records().iter().filter_map(|record| match &record.data {
            Rdata::Ns(name) | Rdata::Ptr(name) | Rdata::Cname(name) => Some(name),
            _ => None,
        })
    }

    /// Why nothing is known, if the lookup failed.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        match self {
            Self::Failed(failed) => Some(failed.failure),
            _ => None,
        }
    }

    /// For how many seconds a resolver may keep the answer (RFC 2181 section 5.2, RFC 2308 section 5); nothing where it does
    /// not say, or failed. Of records that differ the longest.
    #[must_use]
    pub fn lives(&self) -> Option<u32> {
        match self {
            Self::Records(answer) => answer.records.iter().map(|record| record.ttl).max(),
            Self::NoData(negative) | Self::NxDomain(negative) => negative.ttl,
            Self::Failed(_) => None,
        }
    }

    /// Whether the answer proves that there is nothing: NODATA or NXDOMAIN ("void", RFC 7208 section 4.6.4).
    #[must_use]
    pub fn is_void(&self) -> bool {
        matches!(self, Self::NoData(_) | Self::NxDomain(_))
    }

    /// Whether the answer proves that the name asked about does not exist, nor anything below it (RFC 8020). With an
    /// alias it is the alias's last target that is missing: the name itself is there.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::NxDomain(negative) if negative.chain.is_empty())
    }

    /// Octets that keeping it takes, roughly: what counts towards [`RUN_OCTETS`](crate::bounds::RUN_OCTETS).
    #[must_use]
    pub fn weight(&self) -> usize {
        let records: usize = self.records().iter().map(|record| record.data.weight()).sum();
        let chain: usize = self.chain().iter().map(|name| name.as_str().len()).sum();
        let remarks: usize = self.meta().ede.iter().map(|ede| ede.text.len()).sum();
        records + chain + remarks
    }

    /// The circumstances.
    #[must_use]
    pub fn meta(&self) -> &Meta {
        match self {
            Self::Records(answer) => &answer.meta,
            Self::NoData(negative) | Self::NxDomain(negative) => &negative.meta,
            Self::Failed(failed) => &failed.meta,
        }
    }

    /// The circumstances, to be filled in by the transport.
    pub fn meta_mut(&mut self) -> &mut Meta {
        match self {
            Self::Records(answer) => &mut answer.meta,
            Self::NoData(negative) | Self::NxDomain(negative) => &mut negative.meta,
            Self::Failed(failed) => &mut failed.meta,
        }
    }

    /// The alias chain, first the name asked about; empty without an alias.
    #[must_use]
    pub fn chain(&self) -> &[Name] {
        match self {
            Self::Records(answer) => &answer.chain,
            Self::NoData(negative) | Self::NxDomain(negative) => &negative.chain,
            Self::Failed(_) => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dns::{Query, Rtype},
        facts::Ask,
        zone::Zone,
    };

    #[test]
    fn what_records_hold_is_given_in_their_order() {
        let zone = Zone::parse(
            "example.org. SOA ns. host. 1 1\nexample.org. MX 20 b.example.org.\nexample.org. MX 10 a.example.org.\n\
             null.example.org. MX 0 .\nexample.org. NS ns2.example.net.\nexample.org. NS ns1.example.net.\n\
             example.org. A 192.0.2.2\nexample.org. A 192.0.2.1\nexample.org. AAAA 2001:db8::1\n\
             example.org. TXT \"one\" \"two\"\n",
        )
        .unwrap();
        let ask = |name: &str, rtype| zone.ask(&Query::new(Name::parse(name).unwrap(), rtype)).unwrap();
        let hosts: Vec<String> =
            ask("example.org", Rtype::Mx).exchanges().map(|(n, host)| format!("{n} {host}")).collect();
        assert_eq!(hosts, ["20 b.example.org", "10 a.example.org"]);
        assert_eq!(ask("null.example.org", Rtype::Mx).exchanges().count(), 0, "a null MX names no host");
        let names: Vec<&str> = ask("example.org", Rtype::Ns).names().map(Name::as_str).collect();
        assert_eq!(names, ["ns2.example.net", "ns1.example.net"]);
        let addresses: Vec<String> =
            ask("example.org", Rtype::A).addresses().map(|ip| ip.to_string()).collect();
        assert_eq!(addresses, ["192.0.2.2", "192.0.2.1"]);
        assert_eq!(ask("example.org", Rtype::Aaaa).addresses().count(), 1);
        let texts: Vec<_> = ask("example.org", Rtype::Txt).texts().map(Txt::text).collect();
        assert_eq!(texts, ["onetwo"]);
        assert_eq!(Outcome::failed(Failure::TimedOut).names().count(), 0);
    }
}
