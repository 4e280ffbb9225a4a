//! What something is said of: a name or an address.

use std::{fmt, net::IpAddr};

use serde::Serialize;

use crate::dns::Name;

/// What a finding, or the answer of a list, is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Subject {
    /// A domain or host.
    Name(Name),
    /// An address.
    Address(IpAddr),
}

impl From<&Name> for Subject {
    fn from(name: &Name) -> Self {
        Self::Name(name.clone())
    }
}

impl From<IpAddr> for Subject {
    fn from(ip: IpAddr) -> Self {
        Self::Address(ip)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Address(ip) => ip.fmt(f),
        }
    }
}
