//! `check_host()` (RFC 7208 section 4).

mod hosts;
mod names;

use std::{borrow::Cow, net::IpAddr};

use self::{hosts::Host, names::LookupName};
use super::{
    Evaluation, Input, LookupStatus, MAX_LOOKUPS, MAX_VOIDS, Problem, Reason, Selected, SpfResult,
    TermEffect, TraceEntry, TracedLookup, Visited, select, target,
};
use crate::{
    dns::{Failure, Name, Network, Outcome, Query, Rtype, ip},
    facts::{Ask, Pending, Step},
    record::spf::{DomainSpec, Mechanism, Qualifier, SpfRecord, Term, TermKind, parse},
};

/// Evaluates one message.
///
/// Void lookups are counted by the term, and only where neither address family has anything: the result does not
/// depend on the family a host lacks (section 4.6.4 limits the *terms* that come back empty).
///
/// # Errors
/// [`Pending`] if an answer is missing. Every term that may still be reached has asked by then, so that all their
/// questions run at the same time.
pub fn evaluate<'a>(ask: &'a dyn Ask, input: &Input<'_>) -> Step<Evaluation<'a>> {
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

struct Evaluator<'a, 'i> {
    ask: &'a dyn Ask,
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
enum TermMatch {
    Yes,
    No,
    /// Its lookup came back empty.
    Void,
    /// The whole evaluation ends.
    End(SpfResult),
}

impl<'a> Evaluator<'a, '_> {
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
        let entry = self.done.trace.iter().rposition(|entry| entry.effect == TermEffect::Error);
        let index = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.done.problem = Some(Problem { reason, record: record.map(index), entry: entry.map(index) });
        result
    }

    /// Asks; `None` if the answer is awaited.
    fn ask(&mut self, name: Name, rtype: Rtype) -> Option<&'a Outcome> {
        let query = Query::new(name, rtype);
        match self.ask.ask(&query) {
            Ok(outcome) => {
                self.done.asked.push(TracedLookup { query, status: LookupStatus::of(outcome) });
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

    fn check_terms(&mut self, record: &SpfRecord, at: usize, text: &'a str, depth: u8) -> SpfResult {
        for (index, term) in record.terms.iter().enumerate() {
            let TermKind::Directive(qualifier, mechanism) = &term.kind else { continue };
            let entry = self.enter(at, index, term, depth);
            if self.lookups > MAX_LOOKUPS {
                return self.fail_at(entry, Reason::TooManyLookups, at);
            }
            let matched = self.mechanism(mechanism, at, text, entry, depth);
            self.leave(entry, &matched);
            match matched {
                TermMatch::Yes => {
                    if *qualifier == Qualifier::Fail && depth == 0 {
                        self.refused_by = Some(at);
                    }
                    return (*qualifier).into();
                }
                TermMatch::No => {}
                TermMatch::Void => {
                    self.voids += 1;
                    if self.voids > MAX_VOIDS {
                        return self.fail_at(entry, Reason::TooManyVoids, at);
                    }
                }
                TermMatch::End(result) => return result,
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
        self.done.trace.push(TraceEntry {
            record: cut(record),
            term: cut(index),
            depth,
            cost: u8::from(cost),
            void: false,
            effect: TermEffect::NotMatched,
            first_asked: asked,
            end_asked: asked,
        });
        self.done.trace.len() - 1
    }

    fn leave(&mut self, entry: usize, matched: &TermMatch) {
        let asked = cut(self.done.asked.len());
        let entry = &mut self.done.trace[entry];
        // An include has closed its own questions already; what follows belongs to the record it led to.
        if entry.end_asked == entry.first_asked {
            entry.end_asked = asked;
        }
        entry.void = matches!(matched, TermMatch::Void);
        entry.effect = match matched {
            TermMatch::Yes => TermEffect::Matched,
            TermMatch::No | TermMatch::Void => TermEffect::NotMatched,
            TermMatch::End(_) => TermEffect::Error,
        };
    }

    fn fail_at(&mut self, entry: usize, reason: Reason, record: usize) -> SpfResult {
        self.done.trace[entry].effect = TermEffect::Error;
        self.end(reason, SpfResult::PermError, Some(record))
    }

    fn mechanism(
        &mut self,
        mechanism: &Mechanism,
        at: usize,
        text: &'a str,
        entry: usize,
        depth: u8,
    ) -> TermMatch {
        match *mechanism {
            Mechanism::All => TermMatch::Yes,
            Mechanism::Ip4(network, prefix) => TermMatch::from(in_network(self.ip, network.into(), prefix)),
            Mechanism::Ip6(network, prefix) => TermMatch::from(in_network(self.ip, network.into(), prefix)),
            Mechanism::Include(spec) => match self.target(at, Some(spec), text) {
                LookupName::Name(name) => match self.nested(name, at, entry, depth + 1) {
                    SpfResult::Pass => TermMatch::Yes,
                    SpfResult::Fail | SpfResult::SoftFail | SpfResult::Neutral => TermMatch::No,
                    error => TermMatch::End(error),
                },
                LookupName::Impossible => TermMatch::End(self.no_target(entry, at)),
                LookupName::Unknown => TermMatch::No,
            },
            Mechanism::A(spec, cidr) => match self.target(at, spec, text) {
                LookupName::Name(name) => match self.host(name, cidr) {
                    Host::Matches => TermMatch::Yes,
                    Host::Differs => TermMatch::No,
                    Host::Empty => TermMatch::Void,
                    Host::Failed(failure) => self.lookup_failed(entry, failure, at),
                },
                LookupName::Impossible | LookupName::Unknown => TermMatch::No,
            },
            Mechanism::Mx(spec, cidr) => match self.target(at, spec, text) {
                LookupName::Name(name) => self.mx(name, cidr, at, entry),
                LookupName::Impossible | LookupName::Unknown => TermMatch::No,
            },
            Mechanism::Ptr(spec) => match self.target(at, spec, text) {
                LookupName::Name(name) => self.ptr(&name),
                LookupName::Impossible | LookupName::Unknown => TermMatch::No,
            },
            Mechanism::Exists(spec) => match self.target(at, Some(spec), text) {
                LookupName::Name(name) => match self.ask(name, Rtype::A) {
                    Some(Outcome::Records(_)) => TermMatch::Yes,
                    Some(Outcome::NoData(_) | Outcome::NxDomain(_)) => TermMatch::Void,
                    Some(Outcome::Failed(failed)) => self.lookup_failed(entry, failed.failure, at),
                    None => TermMatch::No,
                },
                LookupName::Impossible | LookupName::Unknown => TermMatch::No,
            },
        }
    }

    fn lookup_failed(&mut self, entry: usize, failure: Failure, at: usize) -> TermMatch {
        self.done.trace[entry].effect = TermEffect::Error;
        TermMatch::End(self.end(Reason::Lookup(failure), SpfResult::TempError, Some(at)))
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
                self.done.trace[entry].effect = TermEffect::Error;
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
            LookupName::Name(name) => self.nested(name, at, entry, depth),
            LookupName::Impossible => self.no_target(entry, at),
            LookupName::Unknown => SpfResult::Neutral,
        };
        self.done.trace[entry].effect = match result {
            SpfResult::None | SpfResult::TempError | SpfResult::PermError => TermEffect::Error,
            _ => TermEffect::Matched,
        };
        result
    }
}

impl From<bool> for TermMatch {
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

/// Whether the first `prefix` bits are the same; never across families.
fn in_network(ip: IpAddr, network: IpAddr, prefix: u8) -> bool {
    Network { first: network, prefix }.contains(ip)
}
