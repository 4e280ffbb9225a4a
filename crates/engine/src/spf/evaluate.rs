//! `check_host()` (RFC 7208 section 4).

use std::{borrow::Cow, net::IpAddr};

use super::{
    Asked, Effect, Entry, Evaluation, Input, MAX_LOOKUPS, MAX_MX_HOSTS, MAX_PTR_NAMES, MAX_VOIDS, Problem,
    Reason, Selected, SpfResult, Status, Visited, macros::Values, select, target,
};
use crate::{
    dns::{Failure, Name, Network, Outcome, Query, Rdata, Rtype, ip},
    facts::{Ask, Pending, Step},
    record::spf::{
        DomainSpec, DualCidr, Kind, Letter, Mechanism, Piece, Qualifier, Record, Term, parse, pieces,
    },
};

/// Evaluates one message.
///
/// Void lookups are counted by the term, and only where neither address family has anything: the result does not
/// depend on the family a host lacks (section 4.6.4 limits the *terms* that come back empty).
///
/// # Errors
/// [`Pending`] if an answer is missing. Every term that may still be reached has asked by then, so that all their
/// questions run at the same time.
pub fn evaluate<'a>(ask: &'a impl Ask, input: &Input<'_>) -> Step<Evaluation<'a>> {
    let evaluator = Evaluator {
        ask,
        input,
        ip: ip::canonical(input.ip),
        done: Evaluation::new(SpfResult::None),
        lookups: 0,
        voids: 0,
        pending: false,
        refused_by: None,
        scratch: String::new(),
    };
    evaluator.run()
}

struct Evaluator<'a, 'i, A> {
    ask: &'a A,
    input: &'i Input<'i>,
    ip: IpAddr,
    done: Evaluation<'a>,
    lookups: usize,
    voids: usize,
    /// Something is not known yet: go on as if it did not match, only to ask what can be asked.
    pending: bool,
    /// The record whose `exp` counts.
    refused_by: Option<usize>,
    scratch: String,
}

/// What a term did.
enum Match {
    Yes,
    No,
    /// Its lookup came back empty.
    Void,
    /// The whole evaluation ends.
    End(SpfResult),
}

/// A name to ask about.
enum Target {
    Name(Name),
    /// No question can be asked about it.
    Impossible,
    /// It depends on an answer that is awaited.
    Unknown,
}

/// What the addresses of a host say.
enum Host {
    Matches,
    Differs,
    /// It has no address of either family.
    Empty,
    Failed(Failure),
}

impl<'a, A: Ask> Evaluator<'a, '_, A> {
    fn run(mut self) -> Step<Evaluation<'a>> {
        self.done.trace.reserve(32);
        self.done.asked.reserve(16);
        self.done.records.reserve(12);
        let result = match target::sender_domain(self.input.domain) {
            Some(domain) => self.check_host(domain, 0),
            None => self.end(Reason::NotADomain, SpfResult::None, None),
        };
        if self.pending {
            return Err(Pending);
        }
        if result == SpfResult::Fail {
            self.done.explanation = self.explanation();
            if self.pending {
                return Err(Pending);
            }
        }
        self.done.result = result;
        Ok(self.done)
    }

    /// Notes why there is no proper result.
    fn end(&mut self, reason: Reason, result: SpfResult, record: Option<usize>) -> SpfResult {
        let entry = self.done.trace.iter().rposition(|entry| entry.effect == Effect::Error);
        let index = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.done.problem = Some(Problem { reason, record: record.map(index), entry: entry.map(index) });
        result
    }

    /// Asks; `None` if the answer is awaited.
    fn ask(&mut self, name: Name, rtype: Rtype) -> Option<&'a Outcome> {
        let query = Query::new(name, rtype);
        match self.ask.ask(&query) {
            Ok(outcome) => {
                self.done.asked.push(Asked { query, status: Status::of(outcome) });
                Some(outcome)
            }
            Err(Pending) => {
                self.pending = true;
                None
            }
        }
    }

    fn check_host(&mut self, domain: Name, depth: u8) -> SpfResult {
        let Some(outcome) = self.ask(domain.clone(), Rtype::Txt) else { return SpfResult::Neutral };
        let text = match select(outcome) {
            // Much faster than `text()` when all is well.
            Selected::One(txt) => {
                std::str::from_utf8(txt.octets()).map_or_else(|_| txt.text(), Cow::Borrowed)
            }
            Selected::Nothing | Selected::NoneAmongOthers => {
                return self.end(Reason::NoRecord, SpfResult::None, None);
            }
            Selected::Several(_) => return self.end(Reason::SeveralRecords, SpfResult::PermError, None),
            Selected::Failed(failure) => {
                return self.end(Reason::Lookup(failure), SpfResult::TempError, None);
            }
        };
        let record = parse(&text);
        let at = self.done.records.len();
        let broken = record.breaking().is_some();
        let borrowed = match text {
            Cow::Borrowed(text) => Some(text),
            Cow::Owned(_) => None,
        };
        self.done.records.push(Visited { domain, text, record, result: SpfResult::PermError });
        let result = match borrowed {
            Some(text) if !broken => self.check_record(at, text, depth),
            // Octets that are no text are errors of the record too.
            _ => self.end(Reason::Syntax, SpfResult::PermError, Some(at)),
        };
        self.done.records[at].result = result;
        result
    }

    fn check_record(&mut self, at: usize, text: &'a str, depth: u8) -> SpfResult {
        // Out of the list while it is read, so that no term has to be copied.
        let record = std::mem::take(&mut self.done.records[at].record);
        let result = self.check_terms(&record, at, text, depth);
        self.done.records[at].record = record;
        result
    }

    fn check_terms(&mut self, record: &Record, at: usize, text: &'a str, depth: u8) -> SpfResult {
        for (index, term) in record.terms.iter().enumerate() {
            let Kind::Directive(qualifier, mechanism) = &term.kind else { continue };
            let entry = self.enter(at, index, term, depth);
            if self.lookups > MAX_LOOKUPS {
                return self.fail_at(entry, Reason::TooManyLookups, at);
            }
            let matched = self.mechanism(mechanism, at, text, entry, depth);
            self.leave(entry, &matched);
            match matched {
                Match::Yes => {
                    if *qualifier == Qualifier::Fail && depth == 0 {
                        self.refused_by = Some(at);
                    }
                    return (*qualifier).into();
                }
                Match::No => {}
                Match::Void => {
                    self.voids += 1;
                    if self.voids > MAX_VOIDS {
                        return self.fail_at(entry, Reason::TooManyVoids, at);
                    }
                }
                Match::End(result) => return result,
            }
        }
        match record.redirect() {
            Some((index, spec)) => {
                let entry = self.enter(at, index, &record.terms[index], depth);
                self.redirect(at, entry, spec, text, depth)
            }
            None => SpfResult::Neutral,
        }
    }

    /// Opens an entry of the trace and counts what the term costs.
    fn enter(&mut self, record: usize, index: usize, term: &Term, depth: u8) -> usize {
        let cost = term.is_lookup();
        self.lookups += usize::from(cost);
        let asked = cut(self.done.asked.len());
        self.done.trace.push(Entry {
            record: cut(record),
            term: cut(index),
            depth,
            cost: u8::from(cost),
            void: false,
            effect: Effect::NotMatched,
            first_asked: asked,
            end_asked: asked,
        });
        self.done.trace.len() - 1
    }

    fn leave(&mut self, entry: usize, matched: &Match) {
        let asked = cut(self.done.asked.len());
        let entry = &mut self.done.trace[entry];
        // An include has closed its own questions already; what follows belongs to the record it led to.
        if entry.end_asked == entry.first_asked {
            entry.end_asked = asked;
        }
        entry.void = matches!(matched, Match::Void);
        entry.effect = match matched {
            Match::Yes => Effect::Matched,
            Match::No | Match::Void => Effect::NotMatched,
            Match::End(_) => Effect::Error,
        };
    }

    fn fail_at(&mut self, entry: usize, reason: Reason, record: usize) -> SpfResult {
        self.done.trace[entry].effect = Effect::Error;
        self.end(reason, SpfResult::PermError, Some(record))
    }

    fn mechanism(
        &mut self,
        mechanism: &Mechanism,
        at: usize,
        text: &'a str,
        entry: usize,
        depth: u8,
    ) -> Match {
        match *mechanism {
            Mechanism::All => Match::Yes,
            Mechanism::Ip4(network, prefix) => Match::from(in_network(self.ip, network.into(), prefix)),
            Mechanism::Ip6(network, prefix) => Match::from(in_network(self.ip, network.into(), prefix)),
            Mechanism::Include(spec) => match self.target(at, Some(spec), text) {
                Target::Name(name) => match self.nested(name, at, entry, depth + 1) {
                    SpfResult::Pass => Match::Yes,
                    SpfResult::Fail | SpfResult::SoftFail | SpfResult::Neutral => Match::No,
                    error => Match::End(error),
                },
                Target::Impossible => Match::End(self.no_target(entry, at)),
                Target::Unknown => Match::No,
            },
            Mechanism::A(spec, cidr) => match self.target(at, spec, text) {
                Target::Name(name) => match self.host(name, cidr) {
                    Host::Matches => Match::Yes,
                    Host::Differs => Match::No,
                    Host::Empty => Match::Void,
                    Host::Failed(failure) => self.lookup_failed(entry, failure, at),
                },
                Target::Impossible | Target::Unknown => Match::No,
            },
            Mechanism::Mx(spec, cidr) => match self.target(at, spec, text) {
                Target::Name(name) => self.mx(name, cidr, at, entry),
                Target::Impossible | Target::Unknown => Match::No,
            },
            Mechanism::Ptr(spec) => match self.target(at, spec, text) {
                Target::Name(name) => self.ptr(&name),
                Target::Impossible | Target::Unknown => Match::No,
            },
            Mechanism::Exists(spec) => match self.target(at, Some(spec), text) {
                Target::Name(name) => match self.ask(name, Rtype::A) {
                    Some(Outcome::Records(_)) => Match::Yes,
                    Some(Outcome::NoData(_) | Outcome::NxDomain(_)) => Match::Void,
                    Some(Outcome::Failed(failed)) => self.lookup_failed(entry, failed.failure, at),
                    None => Match::No,
                },
                Target::Impossible | Target::Unknown => Match::No,
            },
        }
    }

    fn lookup_failed(&mut self, entry: usize, failure: Failure, at: usize) -> Match {
        self.done.trace[entry].effect = Effect::Error;
        Match::End(self.end(Reason::Lookup(failure), SpfResult::TempError, Some(at)))
    }

    fn no_target(&mut self, entry: usize, at: usize) -> SpfResult {
        self.fail_at(entry, Reason::TargetWithoutRecord, at)
    }

    /// The record that an `include` or `redirect` names; one without a record is an error.
    fn nested(&mut self, name: Name, at: usize, entry: usize, depth: u8) -> SpfResult {
        // The only question of the term itself is the one for the record.
        self.done.trace[entry].end_asked = self.done.trace[entry].first_asked + 1;
        let before = self.done.records.len();
        let result = self.check_host(name, depth);
        match result {
            SpfResult::None => self.no_target(entry, at),
            SpfResult::TempError | SpfResult::PermError if self.done.records.len() == before => {
                // The record itself could not be had: the term that names it is where it came up.
                self.done.trace[entry].effect = Effect::Error;
                if let Some(problem) = &mut self.done.problem {
                    problem.record = Some(cut(at));
                    problem.entry = Some(cut(entry));
                }
                result
            }
            _ => result,
        }
    }

    fn redirect(&mut self, at: usize, entry: usize, spec: DomainSpec, text: &'a str, depth: u8) -> SpfResult {
        if self.lookups > MAX_LOOKUPS {
            return self.fail_at(entry, Reason::TooManyLookups, at);
        }
        let result = match self.target(at, Some(spec), text) {
            Target::Name(name) => self.nested(name, at, entry, depth),
            Target::Impossible => self.no_target(entry, at),
            Target::Unknown => SpfResult::Neutral,
        };
        self.done.trace[entry].effect = match result {
            SpfResult::None | SpfResult::TempError | SpfResult::PermError => Effect::Error,
            _ => Effect::Matched,
        };
        result
    }

    fn family(&self) -> Rtype {
        if self.ip.is_ipv4() { Rtype::A } else { Rtype::Aaaa }
    }

    /// Compares the addresses of a host. A host with addresses of the other family only is not empty.
    fn host(&mut self, name: Name, cidr: DualCidr) -> Host {
        let other = if self.ip.is_ipv4() { Rtype::Aaaa } else { Rtype::A };
        match self.ask(name.clone(), self.family()) {
            Some(outcome @ Outcome::Records(_)) => {
                if has_address(outcome, self.ip, cidr) {
                    Host::Matches
                } else {
                    Host::Differs
                }
            }
            Some(Outcome::NxDomain(_)) => Host::Empty,
            Some(Outcome::NoData(_)) => match self.ask(name, other) {
                Some(Outcome::NoData(_) | Outcome::NxDomain(_)) => Host::Empty,
                _ => Host::Differs,
            },
            Some(Outcome::Failed(failed)) => Host::Failed(failed.failure),
            None => Host::Differs,
        }
    }

    /// The hosts of a domain. DNS gives them in any order, so one that matches counts more than one that fails.
    fn mx(&mut self, name: Name, cidr: DualCidr, at: usize, entry: usize) -> Match {
        let answer = match self.ask(name, Rtype::Mx) {
            Some(Outcome::Records(answer)) => answer,
            Some(Outcome::NoData(_) | Outcome::NxDomain(_)) => return Match::Void,
            Some(Outcome::Failed(failed)) => return self.lookup_failed(entry, failed.failure, at),
            None => return Match::No,
        };
        if answer.records.len() > MAX_MX_HOSTS {
            return Match::End(self.fail_at(entry, Reason::TooManyMxHosts, at));
        }
        let (mut empty, mut failed) = (false, None);
        for record in &answer.records {
            // A null MX (RFC 7505) names no host.
            let Rdata::Mx { exchange, .. } = &record.data else { continue };
            if exchange.is_root() {
                continue;
            }
            match self.host(exchange.clone(), cidr) {
                Host::Matches => return Match::Yes,
                Host::Differs => {}
                Host::Empty => empty = true,
                Host::Failed(failure) => failed = Some(failure),
            }
        }
        match failed {
            Some(failure) => self.lookup_failed(entry, failure, at),
            None if empty => Match::Void,
            None => Match::No,
        }
    }

    /// The sender has no power over the names of an address, so nothing that goes wrong here is an error
    /// (section 5.5).
    fn ptr(&mut self, target: &Name) -> Match {
        let Some(outcome) = self.ask(ip::reverse_name(self.ip), Rtype::Ptr) else { return Match::No };
        if outcome.is_void() {
            return Match::Void;
        }
        let within = self.validated(outcome).into_iter().any(|name| name.is_within(target));
        Match::from(within)
    }

    /// The names of the address that lead back to it.
    fn validated(&mut self, outcome: &'a Outcome) -> Vec<&'a Name> {
        let (family, ip) = (self.family(), self.ip);
        let mut validated = Vec::new();
        for name in outcome.names().take(MAX_PTR_NAMES) {
            if let Some(outcome) = self.ask(name.clone(), family)
                && has_address(outcome, ip, DualCidr::default())
            {
                validated.push(name);
            }
        }
        validated
    }

    /// The value of `%{p}`: the domain itself, else a name below it, else any validated name (section 7.3).
    fn validated_name(&mut self, domain: &Name) -> Option<String> {
        let outcome = self.ask(ip::reverse_name(self.ip), Rtype::Ptr)?;
        let names = self.validated(outcome);
        let best = names
            .iter()
            .find(|name| **name == domain)
            .or_else(|| names.iter().find(|name| name.is_within(domain)))
            .or(names.first());
        Some(best.map_or_else(|| "unknown".to_owned(), |name| name.as_str().to_owned()))
    }

    /// The name a term speaks of: its own, expanded, or that of the record.
    fn target(&mut self, at: usize, spec: Option<DomainSpec>, text: &'a str) -> Target {
        let Some(spec) = spec else { return Target::Name(self.done.records[at].domain.clone()) };
        let written = spec.of(text);
        let name = if spec.has_macros {
            let mut expanded = std::mem::take(&mut self.scratch);
            expanded.clear();
            let known = self.expand(at, written, &mut expanded);
            let name = target::name(&expanded);
            self.scratch = expanded;
            if known.is_none() {
                return Target::Unknown;
            }
            name
        } else {
            target::name(written)
        };
        name.map_or(Target::Impossible, Target::Name)
    }

    /// Appends `text` with its macros expanded. `None` if it has errors or an answer is awaited.
    fn expand(&mut self, at: usize, text: &str, out: &mut String) -> Option<()> {
        let domain = self.done.records[at].domain.clone();
        let mut validated = None;
        for piece in pieces(text) {
            match piece.ok()? {
                Piece::Literal(literal) => out.push_str(literal),
                Piece::Percent => out.push('%'),
                Piece::Blank => out.push(' '),
                Piece::UrlBlank => out.push_str("%20"),
                Piece::Expand(expand) => {
                    if expand.letter == Letter::ValidatedName && validated.is_none() {
                        validated = Some(self.validated_name(&domain)?);
                    }
                    let values = Values {
                        ip: self.ip,
                        local_part: self.input.local_part,
                        sender_domain: self.input.domain,
                        helo: self.input.helo,
                        receiver: self.input.receiver,
                        time: self.input.time,
                        domain: domain.as_str(),
                        validated: validated.as_deref().unwrap_or_default(),
                    };
                    values.push(&expand, out);
                }
            }
        }
        Some(())
    }

    /// The explanation of the record that refused (section 6.2). Whatever is wrong with it, the result stands.
    fn explanation(&mut self) -> Option<String> {
        let at = self.refused_by?;
        let visited = &self.done.records[at];
        let Cow::Borrowed(text) = visited.text else { return None };
        let spec = visited.record.terms.iter().find_map(|term| match term.kind {
            Kind::Explanation(spec) => Some(spec),
            _ => None,
        })?;
        let Target::Name(name) = self.target(at, Some(spec), text) else { return None };
        let Outcome::Records(answer) = self.ask(name, Rtype::Txt)? else { return None };
        let [record] = answer.records.as_slice() else { return None };
        let octets = record.data.txt()?.octets();
        if !octets.iter().all(|octet| (0x20..=0x7e).contains(octet)) {
            return None;
        }
        let mut explanation = String::new();
        self.expand(at, std::str::from_utf8(octets).ok()?, &mut explanation)?;
        Some(explanation)
    }
}

impl From<bool> for Match {
    fn from(matches: bool) -> Self {
        if matches { Self::Yes } else { Self::No }
    }
}

impl From<Qualifier> for SpfResult {
    fn from(qualifier: Qualifier) -> Self {
        match qualifier {
            Qualifier::Pass => Self::Pass,
            Qualifier::Fail => Self::Fail,
            Qualifier::SoftFail => Self::SoftFail,
            Qualifier::Neutral => Self::Neutral,
        }
    }
}

/// A position in one of the lists of the trace, which the limits keep short.
fn cut(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

fn has_address(outcome: &Outcome, ip: IpAddr, cidr: DualCidr) -> bool {
    outcome.records().iter().any(|record| match record.data {
        Rdata::A(v4) => in_network(ip, v4.into(), cidr.v4),
        Rdata::Aaaa(v6) => in_network(ip, v6.into(), cidr.v6),
        _ => false,
    })
}

/// Whether the first `prefix` bits are the same; never across families.
fn in_network(ip: IpAddr, network: IpAddr, prefix: u8) -> bool {
    Network { first: network, prefix }.contains(ip)
}
