//! Facts as octets: what was seen, for a link or a file.
//!
//! The first octet is the [`VERSION`]. Numbers are in LEB128, texts and lists begin with their length. Nothing is squeezed
//! beyond that: names that repeat each other are what compression is good at, and whoever keeps the octets compresses them.
//!
//! What is secret or of the user's own connection is left out: see [`Redaction`].

use std::net::IpAddr;

use super::{Ask, Fact, Facts, Question};
use crate::{
    dns::{
        Answer, Ede, Failure, LookupFailure, Meta, Name, Negative, Outcome, OwnAddress, Query, Rdata, Record,
        Rtype, Txt, ip::reversed,
    },
    octets::{Reader, Writer},
    policy_file::PolicyFile,
    target::ListKeys,
};

/// The version that is written, and the only one that is read.
pub const VERSION: u8 = 2;

/// What facts are kept to oneself.
#[derive(Clone, Copy, Default)]
pub struct Redaction<'a> {
    /// Questions whose name holds one of these keys are left out.
    pub keys: Option<&'a ListKeys>,
    /// Questions about this address, that of the user's own connection, are left out.
    pub connection_ip: Option<IpAddr>,
    /// The address that was learnt of the user's own connection, and questions about it, are left out unless this says
    /// that they may be told.
    pub tells_own_address: bool,
}

impl Redaction<'_> {
    fn holds(&self, query: &Query) -> bool {
        let name = query.name.as_str();
        let own = |ip| name.strip_prefix(&reversed(ip)).is_some_and(|rest| rest.starts_with('.'));
        self.keys.is_some_and(|keys| keys.leaks(name)) || self.connection_ip.is_some_and(own)
    }
}

/// Why octets are no facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnpackError {
    /// They are of another version, or of something else.
    Version(u8),
    /// They end too early, go on too long, or say what cannot be.
    Damaged,
}

impl Facts {
    /// All that is known but for what is private, as octets.
    #[must_use]
    pub fn pack(&self, mut private: Redaction<'_>) -> Vec<u8> {
        let known = self.ask_own_address().ok().copied();
        let own_address = known.filter(|_| private.tells_own_address);
        if let Some(OwnAddress::Known(ip)) = known.filter(|_| !private.tells_own_address) {
            private.connection_ip.get_or_insert(ip);
        }
        let mut to = Writer(vec![VERSION]);
        let records: Vec<_> = self.records().filter(|(query, _)| !private.holds(query)).collect();
        to.number(records.len() as u64);
        for (query, outcome) in records {
            to.name(&query.name);
            to.number(u64::from(query.rtype.number()));
            to.number(u64::from(query.checking_disabled));
            to.outcome(outcome);
        }
        let policies: Vec<_> = self.policies().collect();
        to.number(policies.len() as u64);
        for (domain, file) in policies {
            to.name(domain);
            to.file(file);
        }
        to.own_address(own_address);
        to.0
    }

    fn policies(&self) -> impl Iterator<Item = (&Name, &PolicyFile)> {
        self.iter().filter_map(|known| match known {
            (Question::Policy(domain), Fact::Policy(file)) => Some((domain, file)),
            _ => None,
        })
    }

    /// Reads what [`Facts::pack`] has written. What it takes is bounded by the length of the octets.
    ///
    /// # Errors
    /// Why they cannot be read.
    pub fn unpack(octets: &[u8]) -> Result<Self, UnpackError> {
        let (version, rest) = octets.split_first().ok_or(UnpackError::Damaged)?;
        if *version != VERSION {
            return Err(UnpackError::Version(*version));
        }
        let mut from = Reader(rest);
        from.facts().filter(|_| from.0.is_empty()).ok_or(UnpackError::Damaged)
    }
}

/// What facts are made of, as octets.
impl Writer {
    fn names(&mut self, names: &[Name]) {
        self.number(names.len() as u64);
        names.iter().for_each(|name| self.name(name));
    }

    fn outcome(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Records(answer) => {
                self.number(0);
                self.names(&answer.chain);
                self.number(answer.records.len() as u64);
                answer.records.iter().for_each(|record| self.record(record));
            }
            Outcome::NoData(negative) => self.negative(1, negative),
            Outcome::NxDomain(negative) => self.negative(2, negative),
            Outcome::Failed(failed) => {
                self.number(3);
                self.failure(failed.failure);
            }
        }
        self.meta(outcome.meta());
    }

    fn negative(&mut self, kind: u64, negative: &Negative) {
        self.number(kind);
        self.names(&negative.chain);
        self.maybe(negative.ttl);
    }

    fn meta(&mut self, meta: &Meta) {
        self.text(&meta.resolver);
        self.maybe(meta.millis);
        let flags = [meta.authentic, meta.truncated, meta.confirmed];
        self.number(flags.iter().rev().fold(0, |all, &flag| all << 1 | u64::from(flag)));
        self.number(meta.ede.len() as u64);
        for ede in &meta.ede {
            self.number(u64::from(ede.code));
            self.text(&ede.text);
        }
    }

    fn failure(&mut self, failure: Failure) {
        let (kind, number) = match failure {
            Failure::Offline => (0, 0),
            Failure::Network => (1, 0),
            Failure::TimedOut => (2, 0),
            Failure::RateLimited => (3, 0),
            Failure::Http(status) => (4, status),
            Failure::NotDns => (5, 0),
            Failure::Malformed => (6, 0),
            Failure::WrongQuestion => (7, 0),
            Failure::Truncated => (8, 0),
            Failure::WrongType => (9, 0),
            Failure::Referral => (10, 0),
            Failure::Filtered => (11, 0),
            Failure::Untruthful => (12, 0),
            Failure::ServFail => (13, 0),
            Failure::Refused => (14, 0),
            Failure::Rcode(rcode) => (15, rcode),
            Failure::Budget => (16, 0),
            Failure::TooMany(records) => (17, records),
            Failure::TooLarge => (18, 0),
            Failure::KeyWithheld => (19, 0),
            Failure::NotRecorded => (20, 0),
        };
        self.number(kind);
        self.number(u64::from(number));
    }

    fn own_address(&mut self, address: Option<OwnAddress>) {
        match address {
            None => self.number(0),
            Some(OwnAddress::NotAsked) => self.number(1),
            Some(OwnAddress::Known(ip)) => {
                self.number(2);
                self.text(&ip.to_string());
            }
            Some(OwnAddress::Failed(failure)) => {
                self.number(3);
                self.failure(failure);
            }
        }
    }

    fn file(&mut self, file: &PolicyFile) {
        let (kind, text, status) = match file {
            PolicyFile::NotAsked => (0, "", 0),
            PolicyFile::Read(text) => (1, text.as_str(), 0),
            PolicyFile::Pasted(text) => (2, text.as_str(), 0),
            PolicyFile::Unreadable => (3, "", 0),
            PolicyFile::Refused(status) => (4, "", *status),
            PolicyFile::TooLong => (5, "", 0),
            PolicyFile::NotPublic => (6, "", 0),
        };
        self.number(kind);
        self.text(text);
        self.number(u64::from(status));
    }

    fn record(&mut self, record: &Record) {
        self.name(&record.owner);
        self.number(u64::from(record.ttl));
        match &record.data {
            Rdata::A(ip) => self.data(Rtype::A, &[], &[], &ip.octets()),
            Rdata::Aaaa(ip) => self.data(Rtype::Aaaa, &[], &[], &ip.octets()),
            Rdata::Mx { preference, exchange } => {
                self.data(Rtype::Mx, &[u32::from(*preference)], &[exchange], b"");
            }
            Rdata::Txt(txt) => {
                self.number(u64::from(Rtype::Txt.number()));
                self.number(txt.string_count() as u64);
                txt.strings().for_each(|string| self.octets(string));
            }
            Rdata::Cname(name) => self.data(Rtype::Cname, &[], &[name], b""),
            Rdata::Ns(name) => self.data(Rtype::Ns, &[], &[name], b""),
            Rdata::Ptr(name) => self.data(Rtype::Ptr, &[], &[name], b""),
            Rdata::Soa { primary, mailbox, serial, minimum } => {
                self.data(Rtype::Soa, &[*serial, *minimum], &[primary, mailbox], b"");
            }
            Rdata::Srv { priority, weight, port, target } => {
                self.data(Rtype::Srv, &[*priority, *weight, *port].map(u32::from), &[target], b"");
            }
            Rdata::Tlsa { usage, selector, matching, data } => {
                self.data(Rtype::Tlsa, &[*usage, *selector, *matching].map(u32::from), &[], data);
            }
            Rdata::Caa { flags, tag, value } => {
                self.data(Rtype::Caa, &[u32::from(*flags)], &[], tag.as_bytes());
                self.text(value);
            }
            Rdata::Ds { key_tag, algorithm, digest } => {
                let numbers = [u32::from(*key_tag), u32::from(*algorithm), u32::from(*digest)];
                self.data(Rtype::Ds, &numbers, &[], b"");
            }
            Rdata::Dnskey { flags, algorithm } => {
                self.data(Rtype::Dnskey, &[u32::from(*flags), u32::from(*algorithm)], &[], b"");
            }
        }
    }

    /// The parts of a record's data in this order: its type, its numbers, its names, and its octets.
    fn data(&mut self, rtype: Rtype, numbers: &[u32], names: &[&Name], octets: &[u8]) {
        self.number(u64::from(rtype.number()));
        numbers.iter().for_each(|&number| self.number(u64::from(number)));
        names.iter().for_each(|name| self.name(name));
        self.octets(octets);
    }
}

impl Reader<'_> {
    fn facts(&mut self) -> Option<Facts> {
        let mut facts = Facts::default();
        for _ in 0..self.number::<u64>()? {
            let name = self.name()?;
            let rtype = Rtype::from_number(self.number()?)?;
            let checking_disabled = self.flag()?;
            let outcome = self.outcome()?;
            facts.insert(Query { name, rtype, checking_disabled }, outcome);
        }
        for _ in 0..self.number::<u64>()? {
            let domain = self.name()?;
            let file = self.file()?;
            facts.learn(Question::Policy(domain), Fact::Policy(file));
        }
        if let Some(address) = self.own_address()? {
            facts.learn(Question::OwnAddress, Fact::OwnAddress(address));
        }
        Some(facts)
    }

    fn own_address(&mut self) -> Option<Option<OwnAddress>> {
        Some(match self.number::<u8>()? {
            0 => None,
            1 => Some(OwnAddress::NotAsked),
            2 => Some(OwnAddress::Known(self.text()?.parse().ok()?)),
            3 => Some(OwnAddress::Failed(self.failure()?)),
            _ => return None,
        })
    }

    fn outcome(&mut self) -> Option<Outcome> {
        let mut outcome = match self.number::<u8>()? {
            0 => {
                let chain = self.list(Self::name)?;
                let records = self.list(Self::record)?;
                Outcome::Records(Answer { records, chain, meta: Meta::default() })
            }
            1 => Outcome::NoData(self.negative()?),
            2 => Outcome::NxDomain(self.negative()?),
            3 => Outcome::Failed(LookupFailure { failure: self.failure()?, meta: Meta::default() }),
            _ => return None,
        };
        *outcome.meta_mut() = self.meta()?;
        Some(outcome)
    }

    fn negative(&mut self) -> Option<Negative> {
        let chain = self.list(Self::name)?;
        Some(Negative { chain, ttl: self.maybe()?, meta: Meta::default() })
    }

    fn meta(&mut self) -> Option<Meta> {
        let (resolver, millis) = (self.text()?, self.maybe()?);
        let flags: u8 = self.number::<u8>().filter(|flags| *flags < 8)?;
        let ede = self.list(|from| Some(Ede { code: from.number()?, text: from.text()? }))?;
        let [authentic, truncated, confirmed] = [1, 2, 4].map(|bit| flags & bit != 0);
        Some(Meta { resolver, millis, authentic, truncated, confirmed, ede })
    }

    fn failure(&mut self) -> Option<Failure> {
        let (kind, number) = (self.number::<u8>()?, self.number()?);
        Some(match kind {
            0 => Failure::Offline,
            1 => Failure::Network,
            2 => Failure::TimedOut,
            3 => Failure::RateLimited,
            4 => Failure::Http(number),
            5 => Failure::NotDns,
            6 => Failure::Malformed,
            7 => Failure::WrongQuestion,
            8 => Failure::Truncated,
            9 => Failure::WrongType,
            10 => Failure::Referral,
            11 => Failure::Filtered,
            12 => Failure::Untruthful,
            13 => Failure::ServFail,
            14 => Failure::Refused,
            15 => Failure::Rcode(number),
            16 => Failure::Budget,
            17 => Failure::TooMany(number),
            18 => Failure::TooLarge,
            19 => Failure::KeyWithheld,
            20 => Failure::NotRecorded,
            _ => return None,
        })
    }

    fn file(&mut self) -> Option<PolicyFile> {
        let (kind, text, status) = (self.number::<u8>()?, self.text()?, self.number()?);
        Some(match kind {
            0 => PolicyFile::NotAsked,
            1 => PolicyFile::Read(text),
            2 => PolicyFile::Pasted(text),
            3 => PolicyFile::Unreadable,
            4 => PolicyFile::Refused(status),
            5 => PolicyFile::TooLong,
            6 => PolicyFile::NotPublic,
            _ => return None,
        })
    }

    fn record(&mut self) -> Option<Record> {
        let (owner, ttl) = (self.name()?, self.number()?);
        let data = match Rtype::from_number(self.number()?)? {
            Rtype::Txt => Rdata::Txt(Txt::new(self.list(Self::octets)?)),
            rtype => self.data(rtype)?,
        };
        Some(Record { owner, ttl, data })
    }

    fn data(&mut self, rtype: Rtype) -> Option<Rdata> {
        let data = match rtype {
            Rtype::A => return Some(Rdata::A(<[u8; 4]>::try_from(self.octets()?).ok()?.into())),
            Rtype::Aaaa => return Some(Rdata::Aaaa(<[u8; 16]>::try_from(self.octets()?).ok()?.into())),
            Rtype::Tlsa => {
                let (usage, selector, matching) = (self.number()?, self.number()?, self.number()?);
                return Some(Rdata::Tlsa { usage, selector, matching, data: self.octets()?.to_vec() });
            }
            Rtype::Caa => {
                return Some(Rdata::Caa { flags: self.number()?, tag: self.text()?, value: self.text()? });
            }
            Rtype::Mx => Rdata::Mx { preference: self.number()?, exchange: self.name()? },
            Rtype::Cname => Rdata::Cname(self.name()?),
            Rtype::Ns => Rdata::Ns(self.name()?),
            Rtype::Ptr => Rdata::Ptr(self.name()?),
            Rtype::Soa => {
                let (serial, minimum) = (self.number()?, self.number()?);
                Rdata::Soa { primary: self.name()?, mailbox: self.name()?, serial, minimum }
            }
            Rtype::Srv => Rdata::Srv {
                priority: self.number()?,
                weight: self.number()?,
                port: self.number()?,
                target: self.name()?,
            },
            Rtype::Ds => {
                Rdata::Ds { key_tag: self.number()?, algorithm: self.number()?, digest: self.number()? }
            }
            Rtype::Dnskey => Rdata::Dnskey { flags: self.number()?, algorithm: self.number()? },
            Rtype::Txt | Rtype::Spf => return None,
        };
        // The others have no octets beside their numbers and names.
        self.octets()?.is_empty().then_some(data)
    }
}
