//! A zone as mail-auth asks it: through its caches, each of which holds an answer for every name that a case can name.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::Arc,
    time::Instant,
};

use mail_auth::{
    DnsError, DnssecStatus, Error, MX, MessageAuthenticator, Parameters, RecordSet, ResolverCache, Txt,
    common::parse::TxtRecordParser,
    hickory_resolver::{
        config::{ResolverConfig, ResolverOpts},
        proto::op::ResponseCode,
    },
};
use mail_triage_engine::{
    dns::{Name, Outcome, Query, Rdata, Rtype},
    facts::Ask,
    zone::Zone,
};

/// Answers that are all there before the first question.
pub struct Cache<K, V>(HashMap<K, V>);

impl<K: Hash + Eq, V: Clone> ResolverCache<K, V> for Cache<K, V> {
    fn get<Q>(&self, name: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        // Without an answer it would ask a resolver.
        Some(self.0.get(name).unwrap_or_else(|| panic!("a name that the case does not have")).clone())
    }

    fn remove<Q>(&self, _: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: K, _: V, _: Instant) {}
}

type Texts = Cache<Box<str>, Txt>;
type Hosts = Cache<Box<str>, RecordSet<MX>>;
type V4 = Cache<Box<str>, RecordSet<Ipv4Addr>>;
type V6 = Cache<Box<str>, RecordSet<Ipv6Addr>>;
type Names = Cache<IpAddr, RecordSet<Box<str>>>;

/// The answers of a zone for some names.
pub struct Answers {
    texts: Texts,
    hosts: Hosts,
    v4: V4,
    v6: V6,
    names: Names,
}

impl Answers {
    /// Asks for everything at `names`; of the texts those that `T` reads count.
    pub fn of<T: TxtRecordParser>(
        zone: &Zone,
        names: impl IntoIterator<Item = String>,
        wrap: impl Fn(Arc<T>) -> Txt,
    ) -> Self {
        let mut all = Self {
            texts: Cache(HashMap::new()),
            hosts: Cache(HashMap::new()),
            v4: Cache(HashMap::new()),
            v6: Cache(HashMap::new()),
            names: Cache(HashMap::new()),
        };
        for name in names {
            let key = || format!("{name}.").into_boxed_str();
            all.texts.0.insert(key(), first(&texts(zone, &name), &wrap));
            let v4 = set(zone, &name, Rtype::A, |data| match data {
                Rdata::A(ip) => Some(*ip),
                _ => None,
            });
            all.v4.0.insert(key(), v4);
            let v6 = set(zone, &name, Rtype::Aaaa, |data| match data {
                Rdata::Aaaa(ip) => Some(*ip),
                _ => None,
            });
            all.v6.0.insert(key(), v6);
            let mx = set(zone, &name, Rtype::Mx, |data| match data {
                Rdata::Mx { preference, exchange } => {
                    let exchange = format!("{exchange}.").into_boxed_str();
                    Some(MX { exchanges: [exchange].into(), preference: *preference })
                }
                _ => None,
            });
            all.hosts.0.insert(key(), mx);
        }
        all
    }

    /// A question with these answers.
    pub fn ask<P>(&self, params: P) -> Parameters<'_, P, Texts, Hosts, V4, V6, Names> {
        Parameters {
            params,
            cache_txt: Some(&self.texts),
            cache_mx: Some(&self.hosts),
            cache_ptr: Some(&self.names),
            cache_ipv4: Some(&self.v4),
            cache_ipv6: Some(&self.v6),
        }
    }
}

/// The implementation, with a resolver that is never asked.
pub fn authenticator() -> MessageAuthenticator {
    MessageAuthenticator::new(ResolverConfig::default(), ResolverOpts::default()).unwrap()
}

/// The TXT records at a name, the strings of each joined.
pub fn texts(zone: &Zone, name: &str) -> Vec<String> {
    let outcome = outcome(zone, name, Rtype::Txt);
    outcome.records().iter().filter_map(|record| Some(record.data.txt()?.text().into_owned())).collect()
}

fn outcome<'a>(zone: &'a Zone, name: &str, rtype: Rtype) -> &'a Outcome {
    zone.ask(&Query::new(Name::parse(name).unwrap(), rtype)).unwrap()
}

fn set<T>(zone: &Zone, name: &str, rtype: Rtype, read: impl Fn(&Rdata) -> Option<T>) -> RecordSet<T> {
    let records = outcome(zone, name, rtype).records().iter();
    RecordSet {
        rrset: records.filter_map(|record| read(&record.data)).collect(),
        dnssec_status: DnssecStatus::Indeterminate,
    }
}

/// The first of the texts that `T` reads, as mail-auth picks it.
fn first<T: TxtRecordParser>(texts: &[String], wrap: impl Fn(Arc<T>) -> Txt) -> Txt {
    for text in texts {
        match T::parse(text.as_bytes()) {
            Ok(read) => return wrap(Arc::new(read)),
            Err(Error::Dns(DnsError::InvalidRecordType)) => {}
            Err(error) => return Txt::Error(error),
        }
    }
    Txt::Error(Error::Dns(DnsError::RecordNotFound(ResponseCode::NXDomain)))
}
