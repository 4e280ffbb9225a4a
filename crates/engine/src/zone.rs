//! A closed world of records, read from zone text: for tests, built-in examples and callers without a network.
//!
//! One record a line: `name [ttl] TYPE data`, `;` starts a comment, names are absolute with or without the dot, and a
//! line that starts with a blank repeats the name above. TXT data are quoted strings with `\"`, `\\` and `\DDD`
//! (RFC 1035 section 5.1); without quotes the rest of the line is one string. Instead of data a failure can stand:
//!
//! ```text
//! example.org.      300  MX   10 mx.example.org.
//! example.org.           TXT  "v=spf1 mx -all"
//! broken.example.        *    SERVFAIL
//! slow.example.          A    TIMEOUT
//! ```
//!
//! Failures are `SERVFAIL`, `REFUSED`, `TIMEOUT` and `NETWORK`; `*` stands for every type, at the name and below it. A
//! number behind a failure is an extended error (RFC 8914), and `EDE` with a number adds one to a good answer. Further
//! words say how the zone behaves:
//!
//! ```text
//! signed.example.    *    SECURE      ; here and below, answers carry AD
//! bogus.example.     *    BOGUS 7     ; SERVFAIL with extended error 7 (6 if none is given), unless CD is set
//! bogus.example.     MX   10 mx.example.  ; ... which brings this
//! compact.example.   *    COMPACT     ; NODATA where others say NXDOMAIN (RFC 9824)
//! lame.example.      NS   EDE 23
//! *.wild.example.    TXT  "for every name below that does not exist"  ; RFC 4592
//! ```
//!
//! Of master files (RFC 1035
//! section 5.1) the directives `$TTL` and `$ORIGIN`, `@`, the class `IN` and the SOA's seven fields are understood, so
//! that a zone of one record a line can be read as it is; once there is an origin, names without a dot at their end
//! are relative to it.

mod text;

use std::fmt;

use crate::{
    dns::{Answer, Failure, Meta, Name, Negative, Outcome, Query, Rdata, Record, Rtype, gathered},
    facts::{Ask, Step},
    table::Table,
};

/// Records by name and type; whatever is not in it does not exist.
#[derive(Clone, Debug, Default)]
pub struct Zone {
    known: Table<Query, Outcome>,
    failing: Table<Name, Outcome>,
    /// Names that exist, empty non-terminals included (RFC 8020).
    names: Table<Name, ()>,
    aliased: Table<Query, Outcome>,
    no_data: Option<Outcome>,
    nx_domain: Option<Outcome>,
    habits: Habits,
}

/// How some names behave beyond what records say. Empty for most zones, which then cost nothing.
#[derive(Clone, Debug, Default)]
struct Habits {
    wildcards: bool,
    secure: Vec<Name>,
    compact: Vec<Name>,
    bogus: Vec<(Name, Option<Rtype>, Outcome)>,
    no_data: Option<Outcome>,
    nx_domain: Option<Outcome>,
}

impl Habits {
    fn is_empty(&self) -> bool {
        !self.wildcards && self.secure.is_empty() && self.compact.is_empty() && self.bogus.is_empty()
    }

    fn is_secure(&self, name: &Name) -> bool {
        self.secure.iter().any(|zone| name.is_within(zone))
    }

    fn bogus(&self, query: &Query) -> Option<&Outcome> {
        let hit = |(name, rtype, _): &&(Name, Option<Rtype>, Outcome)| match rtype {
            Some(rtype) => query.name == *name && query.rtype == *rtype,
            None => query.name.is_within(name),
        };
        self.bogus.iter().find(hit).map(|(.., outcome)| outcome)
    }
}

/// A line of zone text that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneError {
    /// The number of the line, from 1.
    pub line: usize,
    /// What is wrong with it, in English: zone text is written by developers.
    pub problem: &'static str,
}

impl fmt::Display for ZoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

impl std::error::Error for ZoneError {}

/// Reads the data of one record as they stand in zone text; names are absolute, with or without the dot. `None` if they are not
/// data of this type, or more of them follow.
#[must_use]
pub fn read_data(rtype: Rtype, text: &str) -> Option<Rdata> {
    text::data(rtype, text)
}

impl Zone {
    /// Reads zone text.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn parse(text: &str) -> Result<Self, ZoneError> {
        text::read(text)
    }

    /// Adds one record; call [`Zone::finish`] when all are in. `rtype` tells SPF (type 99) from TXT.
    pub fn add(&mut self, record: Record, rtype: Rtype) {
        self.exists(&record.owner);
        self.habits.wildcards |= record.owner.as_str().starts_with("*.");
        let query = Query::new(record.owner.clone(), rtype);
        match self.known.get_mut(&query) {
            Some(Outcome::Records(answer)) => answer.records.push(record),
            _ => {
                let answer = Answer { records: vec![record], chain: Vec::new(), meta: Meta::default() };
                self.known.insert(query, Outcome::Records(answer));
            }
        }
    }

    /// Lets every query of this type at `name` fail; call [`Zone::finish`] when all are in.
    pub fn fail(&mut self, name: Name, rtype: Rtype, failure: Failure) {
        self.exists(&name);
        self.known.insert(Query::new(name, rtype), Outcome::failed(failure));
    }

    /// Makes sets of the records, as reading an answer does, and follows the aliases once, so that asking is a mere look-up.
    pub fn finish(&mut self) {
        for (_, outcome) in self.known.iter_mut() {
            let Outcome::Records(answer) = outcome else { continue };
            let records = std::mem::take(&mut answer.records);
            match gathered(records.len(), records.into_iter().map(Ok)) {
                Ok(records) => answer.records = records,
                Err(failure) => *outcome = Outcome::failed(failure),
            }
        }
        self.no_data = Some(Outcome::NoData(Negative::default()));
        self.nx_domain = Some(Outcome::NxDomain(Negative::default()));
        self.aliased.clear();
        let aliases: Vec<Name> =
            self.known.iter().filter(|(q, _)| q.rtype == Rtype::Cname).map(|(q, _)| q.name.clone()).collect();
        for alias in aliases {
            for rtype in Rtype::all().filter(|&rtype| rtype != Rtype::Cname) {
                let query = Query::new(alias.clone(), rtype);
                if !self.known.has(&query) {
                    let outcome = self.follow(&query);
                    self.aliased.insert(query, outcome);
                }
            }
        }
        let authentic = Meta { authentic: true, ..Meta::default() };
        let negative = Negative { meta: authentic, ..Negative::default() };
        self.habits.no_data = Some(Outcome::NoData(negative.clone()));
        self.habits.nx_domain = Some(Outcome::NxDomain(negative));
        if !self.habits.secure.is_empty() {
            for (query, outcome) in self.known.iter_mut().chain(self.aliased.iter_mut()) {
                // An alias is authentic only if all of it is.
                outcome.meta_mut().authentic = self.habits.is_secure(&query.name)
                    && match outcome {
                        Outcome::Records(answer) => {
                            answer.records.iter().all(|record| self.habits.is_secure(&record.owner))
                        }
                        Outcome::NoData(negative) | Outcome::NxDomain(negative) => negative.chain.is_empty(),
                        Outcome::Failed(_) => false,
                    };
            }
        }
    }

    fn follow(&self, query: &Query) -> Outcome {
        let mut chain = Vec::new();
        let mut at = query.name.clone();
        while let Some(Outcome::Records(answer)) = self.known.get(&Query::new(at.clone(), Rtype::Cname)) {
            let Some(Rdata::Cname(target)) = answer.records.first().map(|record| &record.data) else { break };
            chain.push(std::mem::replace(&mut at, target.clone()));
            if chain.len() > 16 {
                return Outcome::failed(Failure::ServFail);
            }
        }
        let mut outcome = self.straight(&Query::new(at, query.rtype)).cloned().unwrap_or_else(no_answer);
        match &mut outcome {
            Outcome::Records(answer) => answer.chain = chain,
            Outcome::NoData(negative) | Outcome::NxDomain(negative) => negative.chain = chain,
            Outcome::Failed(_) => {}
        }
        outcome
    }

    fn straight(&self, query: &Query) -> Option<&Outcome> {
        if let Some(outcome) = self.known.get(query) {
            return Some(outcome);
        }
        if !self.failing.is_empty()
            && let Some((_, outcome)) = self.failing.iter().find(|(name, _)| query.name.is_within(name))
        {
            return Some(outcome);
        }
        if self.names.has(&query.name) { self.no_data.as_ref() } else { self.nx_domain.as_ref() }
    }

    fn exists(&mut self, name: &Name) {
        let mut at = Some(name.clone());
        while let Some(name) = at {
            at = name.parent();
            if !self.names.insert(name, ()) {
                break;
            }
        }
    }

    /// As [`Zone::straight`], with aliases.
    fn plain(&self, query: &Query) -> Option<&Outcome> {
        if !self.aliased.is_empty()
            && let Some(outcome) = self.aliased.get(query)
        {
            return Some(outcome);
        }
        self.straight(query)
    }

    /// The answer of a zone that has habits.
    fn peculiar(&self, query: &Query) -> Option<&Outcome> {
        if !query.checking_disabled
            && let Some(outcome) = self.habits.bogus(query)
        {
            return Some(outcome);
        }
        let plain = Query::new(query.name.clone(), query.rtype);
        let wild = self.wildcard(&plain.name);
        let outcome = match &wild {
            Some(wild) => self.plain(&Query::new(wild.clone(), query.rtype)),
            None => self.plain(&plain),
        };
        let secure = self.habits.is_secure(&query.name);
        match outcome {
            Some(Outcome::NxDomain(negative)) if negative.chain.is_empty() => {
                let compact = self.habits.compact.iter().any(|zone| query.name.is_within(zone));
                match (compact, secure) {
                    (true, true) => self.habits.no_data.as_ref(),
                    (true, false) => self.no_data.as_ref(),
                    (false, true) => self.habits.nx_domain.as_ref(),
                    (false, false) => outcome,
                }
            }
            Some(Outcome::NoData(negative)) if secure && negative.chain.is_empty() => {
                self.habits.no_data.as_ref()
            }
            _ => outcome,
        }
    }

    /// The wildcard that answers for a name which does not exist: the one below its closest ancestor that does
    /// (RFC 4592 section 3.3.1). Records come with the wildcard as their owner.
    fn wildcard(&self, name: &Name) -> Option<Name> {
        if !self.habits.wildcards || self.names.has(name) {
            return None;
        }
        let mut at = name.parent();
        while let Some(ancestor) = at {
            if self.names.has(&ancestor) {
                return ancestor.under("*").ok().filter(|wild| self.names.has(wild));
            }
            at = ancestor.parent();
        }
        None
    }
}

impl Ask for Zone {
    fn ask(&self, query: &Query) -> Step<&Outcome> {
        let outcome = if query.checking_disabled || !self.habits.is_empty() {
            self.peculiar(query)
        } else {
            self.plain(query)
        };
        outcome.ok_or(crate::facts::Pending)
    }
}

fn no_answer() -> Outcome {
    Outcome::NxDomain(Negative::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask<'z>(zone: &'z Zone, name: &str, rtype: Rtype) -> &'z Outcome {
        zone.ask(&Query::new(Name::parse(name).unwrap(), rtype)).unwrap()
    }

    #[test]
    fn records_aliases_and_what_is_not_there() {
        let zone = Zone::parse(
            "example.org. 300 MX 10 mx.example.org. ; first\n\
             \t\tMX 20 mx2.example.org.\n\
             mx.example.org. A 192.0.2.1\n\
             alias.example.org. CNAME mx.example.org.\n\
             lost.example.org. CNAME nowhere.example.\n\
             deep.er.example.org. TXT \"a;\\\"\" \"\\255\"\n",
        )
        .unwrap();
        assert_eq!(ask(&zone, "example.org", Rtype::Mx).records().len(), 2);
        assert_eq!(ask(&zone, "example.org", Rtype::Mx).records()[0].ttl, 300);
        assert!(matches!(ask(&zone, "example.org", Rtype::A), Outcome::NoData(_)));
        assert!(matches!(ask(&zone, "er.example.org", Rtype::A), Outcome::NoData(_)), "empty non-terminal");
        assert!(matches!(ask(&zone, "no.example.org", Rtype::A), Outcome::NxDomain(_)));
        let aliased = ask(&zone, "alias.example.org", Rtype::A);
        assert_eq!(aliased.chain()[0].as_str(), "alias.example.org");
        assert_eq!(aliased.records()[0].owner.as_str(), "mx.example.org");
        assert!(matches!(ask(&zone, "lost.example.org", Rtype::A), Outcome::NxDomain(_)));
        let txt = ask(&zone, "deep.er.example.org", Rtype::Txt).records()[0].data.txt().unwrap();
        assert_eq!(txt.octets(), b"a;\"\xff");
    }

    #[test]
    fn failures_are_not_absence() {
        let zone = Zone::parse("broken.example. * SERVFAIL\nslow.example. A TIMEOUT\n").unwrap();
        assert_eq!(ask(&zone, "broken.example", Rtype::Mx).failure(), Some(Failure::ServFail));
        assert_eq!(ask(&zone, "below.broken.example", Rtype::Mx).failure(), Some(Failure::ServFail));
        assert_eq!(ask(&zone, "slow.example", Rtype::A).failure(), Some(Failure::TimedOut));
        assert!(matches!(ask(&zone, "slow.example", Rtype::Mx), Outcome::NoData(_)));
    }

    #[test]
    fn bogus_answers_come_only_unchecked() {
        let zone = Zone::parse(
            "bogus.example. * BOGUS 7\nbogus.example. MX 10 mx.bogus.example.\n\
             half.example. A 192.0.2.1\nhalf.example. MX BOGUS\nhalf.example. MX 10 mx.half.example.\n",
        )
        .unwrap();
        let name = Name::parse("bogus.example").unwrap();
        let failed = ask(&zone, "bogus.example", Rtype::Mx);
        assert_eq!((failed.failure(), failed.meta().ede[0].code), (Some(Failure::ServFail), 7));
        assert_eq!(ask(&zone, "below.bogus.example", Rtype::A).failure(), Some(Failure::ServFail));
        assert_eq!(zone.ask(&Query::unchecked(name, Rtype::Mx)).unwrap().records().len(), 1);
        assert_eq!(ask(&zone, "half.example", Rtype::Mx).meta().ede[0].code, 6);
        assert_eq!(ask(&zone, "half.example", Rtype::A).records().len(), 1);
    }

    #[test]
    fn signed_zones_say_so_and_compact_ones_never_say_nxdomain() {
        let zone = Zone::parse(
            "signed.example. * SECURE\nsigned.example. A 192.0.2.1\nout.signed.example. CNAME other.example.\n\
             other.example. A 192.0.2.2\nsigned.example. * COMPACT\n",
        )
        .unwrap();
        assert!(ask(&zone, "signed.example", Rtype::A).meta().authentic);
        assert!(ask(&zone, "signed.example", Rtype::Mx).meta().authentic);
        assert!(!ask(&zone, "other.example", Rtype::A).meta().authentic);
        assert!(!ask(&zone, "out.signed.example", Rtype::A).meta().authentic, "leads out of the signed zone");
        assert!(matches!(ask(&zone, "no.signed.example", Rtype::A), Outcome::NoData(_)));
        assert!(matches!(ask(&zone, "no.example", Rtype::A), Outcome::NxDomain(_)));
    }

    #[test]
    fn wildcards_answer_for_names_that_do_not_exist() {
        let zone = Zone::parse(
            "*.wild.example. TXT \"all\"\nthere.wild.example. A 192.0.2.1\n*.b.wild.example. CNAME wild.example.\n",
        )
        .unwrap();
        assert_eq!(ask(&zone, "x.wild.example", Rtype::Txt).records().len(), 1);
        assert_eq!(ask(&zone, "x.y.wild.example", Rtype::Txt).records().len(), 1);
        assert!(matches!(ask(&zone, "x.wild.example", Rtype::A), Outcome::NoData(_)));
        assert!(matches!(ask(&zone, "there.wild.example", Rtype::Txt), Outcome::NoData(_)));
        assert!(
            matches!(ask(&zone, "x.there.wild.example", Rtype::Txt), Outcome::NxDomain(_)),
            "not the closest"
        );
        assert_eq!(ask(&zone, "x.b.wild.example", Rtype::A).chain().len(), 1);
    }

    #[test]
    fn extended_errors_stand_beside_failures_and_answers() {
        let zone =
            Zone::parse("a.example. * SERVFAIL 22\nb.example. NS ns.b.example.\nb.example. NS EDE 23\n")
                .unwrap();
        assert_eq!(ask(&zone, "a.example", Rtype::A).meta().ede[0].code, 22);
        assert_eq!(ask(&zone, "b.example", Rtype::Ns).meta().ede[0].code, 23);
        assert!(
            Zone::parse("c.example. NS EDE 23\n").is_err()
                && Zone::parse("c.example. A SERVFAIL x\n").is_err()
        );
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        let error = Zone::parse("example.org. A 192.0.2.1\nexample.org. A not-an-address\n").unwrap_err();
        assert_eq!(error, ZoneError { line: 2, problem: "not data of that type" });
    }

    #[test]
    fn master_files_of_one_record_a_line_are_understood() {
        let zone = Zone::parse(
            "$ORIGIN example.org.\n$TTL 300\n\
             @ IN SOA ns hostmaster 1 3600 600 864000 60\n\
             @ 60 IN MX 10 mx\n\
             mx A 192.0.2.1\n\
             other.example. NS ns\n",
        )
        .unwrap();
        let soa = &ask(&zone, "example.org", Rtype::Soa).records()[0];
        assert_eq!(
            (soa.ttl, soa.data.to_string().as_str()),
            (300, "ns.example.org hostmaster.example.org 1 60")
        );
        let mx = &ask(&zone, "example.org", Rtype::Mx).records()[0];
        assert_eq!((mx.ttl, mx.data.to_string().as_str()), (60, "10 mx.example.org"));
        assert_eq!(ask(&zone, "mx.example.org", Rtype::A).records().len(), 1);
        assert_eq!(ask(&zone, "other.example", Rtype::Ns).records().len(), 1);
    }

    #[test]
    fn circles_of_aliases_end() {
        let zone = Zone::parse("a.example. CNAME b.example.\nb.example. CNAME a.example.\n").unwrap();
        assert_eq!(ask(&zone, "a.example", Rtype::A).failure(), Some(Failure::ServFail));
    }
}
