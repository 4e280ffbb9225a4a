//! What the user asked about.

use std::{fmt, net::IpAddr};

use serde::Serialize;

use crate::{
    dns::{Name, Query},
    table::Table,
};

/// What a run is about. At least a domain or an address is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// The domain the mail is sent from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<Name>,
    /// The part before the `@`, if an address was given: the SPF sender, `postmaster` otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_part: Option<String>,
    /// Addresses that hand the mail to its receivers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ips: Vec<IpAddr>,
    /// The address of the user's own connection. A mail program hands its mail to a provider's server, so receivers
    /// never judge it: only lists are asked about it, and what they say is about the connection.
    #[serde(rename = "own", skip_serializing_if = "Option::is_none")]
    pub connection_ip: Option<IpAddr>,
    /// The name the sending server gives in HELO or EHLO.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub helo: Option<Name>,
    /// DKIM selectors the user knows of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub selectors: Vec<String>,
    /// The domain of somebody written to, from a pasted error that says it cannot be found or reached. The address
    /// itself never comes here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<Name>,
    /// Ask the blocklists about the receiving (MX) hosts too. Off unless asked for: they receive, they do not send.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub receiving_too: bool,
}

impl Target {
    /// A run about a domain and nothing else.
    #[must_use]
    pub fn domain(name: Name) -> Self {
        Self { domain: Some(name), ..Self::default() }
    }
}

/// What a run is called: its domain, its first address, or the recipient's domain.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.domain, self.ips.first()) {
            (Some(domain), _) => domain.fmt(f),
            (None, Some(ip)) => ip.fmt(f),
            (None, None) => self.recipient.as_ref().map_or(Ok(()), |domain| domain.fmt(f)),
        }
    }
}

/// Keys of the user's own for lists that need one, by the list's secret name. They stay in the browser: this type
/// has no serialised form, and reports show names with the key taken out.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ListKeys {
    keys: Table<String, String>,
    /// Addresses of the resolvers that may see them.
    entrusted: Vec<String>,
}

impl ListKeys {
    /// Keeps the key `value` under `name`; an empty one removes it.
    pub fn set(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            self.keys.remove(name);
        } else {
            self.keys.insert(name.to_owned(), value.to_owned());
        }
    }

    /// The keys, which only the resolvers at these addresses may see: whoever runs one sees every name that it is asked
    /// for, and the key is a part of the name.
    #[must_use]
    pub fn entrusted_to(self, resolvers: Vec<String>) -> Self {
        Self { entrusted: resolvers, ..self }
    }

    /// Whether the resolver at the address `url` may be asked for `name`: it holds no key, or one that is entrusted to it.
    #[must_use]
    pub fn may_go(&self, name: &Name, url: &str) -> bool {
        self.entrusted.iter().any(|entrusted| entrusted == url) || !self.leaks(name.as_str())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The key called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.keys.get(name).map(String::as_str)
    }

    /// `text` with every key in it made unreadable.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        self.keys.iter().fold(text.to_owned(), |text, (_, key)| replace_ignoring_case(&text, key))
    }

    /// `name` with every key in it made unreadable.
    #[must_use]
    pub fn redact_name(&self, name: &Name) -> Name {
        if self.leaks(name.as_str()) {
            Name::parse(&self.redact(name.as_str())).unwrap_or_else(|_| Name::root())
        } else {
            name.clone()
        }
    }

    /// `query` as it may be shown: with every key in its name made unreadable.
    #[must_use]
    pub fn redact_query(&self, query: &Query) -> Query {
        Query { name: self.redact_name(&query.name), ..query.clone() }
    }

    /// Whether `text` holds a key.
    #[must_use]
    pub fn leaks(&self, text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        self.keys.iter().any(|(_, key)| lower.contains(&key.to_ascii_lowercase()))
    }
}

/// What stands in place of a key. A valid label, so that a redacted name is still a name.
pub const REDACTED: &str = "your-key";

fn replace_ignoring_case(text: &str, key: &str) -> String {
    let (lower, key) = (text.to_ascii_lowercase(), key.to_ascii_lowercase());
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    while let Some(at) = lower[from..].find(&key) {
        out.push_str(&text[from..from + at]);
        out.push_str(REDACTED);
        from += at + key.len();
    }
    out.push_str(&text[from..]);
    out
}

impl fmt::Debug for ListKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.keys.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::Rtype;

    #[test]
    fn keys_never_show() {
        let mut keys = ListKeys::default();
        keys.set("spamhaus-dqs", "AbcKey");
        assert_eq!(
            keys.redact("2.0.0.127.abckey.zen.dq.spamhaus.net ABCKEY"),
            "2.0.0.127.your-key.zen.dq.spamhaus.net your-key"
        );
        assert!(keys.leaks("x.ABCkey.y") && !keys.leaks("x.abc.y"));
        let [keyed, shown] =
            ["2.0.0.127.abckey.zen.dq.spamhaus.net", "2.0.0.127.your-key.zen.dq.spamhaus.net"]
                .map(|name| Query::new(Name::parse(name).unwrap(), Rtype::Txt));
        assert_eq!(keys.redact_query(&keyed), shown);
        assert_eq!(format!("{keys:?}"), r#"{"spamhaus-dqs"}"#);
    }

    #[test]
    fn a_key_goes_only_to_whom_it_is_entrusted() {
        let mut keys = ListKeys::default();
        assert!(keys.is_empty());
        keys.set("spamhaus-dqs", "AbcKey");
        let [keyed, plain] = ["2.0.0.127.abckey.zen.dq.spamhaus.net", "2.0.0.127.zen.spamhaus.org"]
            .map(|name| Name::parse(name).unwrap());
        let [mine, other] = ["https://dns.example/dns-query", "https://dns.example/dns-query/other"];
        assert!(!keys.may_go(&keyed, mine) && keys.may_go(&plain, mine), "nobody was entrusted with it");
        let keys = keys.entrusted_to(vec![mine.to_owned()]);
        assert!(keys.may_go(&keyed, mine) && !keys.may_go(&keyed, other) && keys.may_go(&plain, other));
    }
}
