//! SPF evaluated for one message, with what every term did: what `evaluateSpf` brings.

mod run;

use std::net::IpAddr;

use serde::Serialize;

use mail_triage_engine::{
    dns::{Failure, Name, Query},
    facts::{Facts, Step},
    knowledge::Value,
    spf::{
        Evaluation, Input, LookupStatus, Reason, SpfResult, TermEffect, TraceEntry, TracedLookup, evaluate,
    },
};

#[cfg(test)]
use crate::types;
use crate::{
    facts_text,
    options::Options,
    refusal::Refusal,
    span::{TextSpan, Units},
};

use run::Known;
pub use run::SpfRun;

/// What SPF says of a message (RFC 7208 section 2.6), and how that came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SpfEvaluation {
    /// The result.
    #[cfg_attr(test, schemars(with = "types::SpfResult"))]
    pub result: SpfResult,
    /// Why it is `none`, `temperror` or `permerror`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "SpfProblem"))]
    pub problem: Option<SpfProblem>,
    /// What the domain wants a refused sender to read. Written by strangers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub explanation: Option<String>,
    /// Terms that asked, of the ten that are allowed (section 4.6.4).
    pub lookups: usize,
    /// Terms that came back empty, of the two that are allowed (section 4.6.4).
    pub voids: usize,
    /// The records that were read; the first is the sender's own.
    pub records: Vec<SpfRecordRead>,
    /// The terms that were evaluated, in that order; those of an included record follow the `include`.
    pub trace: Vec<SpfTraceEntry>,
    /// What was learnt: a source for another evaluation, or for `check`.
    pub facts: String,
}

/// Why there is no proper result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SpfProblem {
    /// Why.
    #[cfg_attr(test, schemars(with = "types::SpfReason"))]
    pub reason: &'static str,
    /// The reason of a lookup that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "types::Failure"))]
    pub failure: Option<Failure>,
    /// The record it concerns: a position in `records`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "u32"))]
    pub record: Option<u32>,
    /// The term at which it came up: a position in `trace`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "u32"))]
    pub entry: Option<u32>,
}

/// A record that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SpfRecordRead {
    /// The domain it belongs to.
    #[cfg_attr(test, schemars(with = "types::Name"))]
    pub domain: Name,
    /// Its text. Written by strangers.
    pub text: String,
    /// Its result for the message.
    #[cfg_attr(test, schemars(with = "types::SpfResult"))]
    pub result: SpfResult,
}

/// A term that was evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SpfTraceEntry {
    /// Its record: a position in `records`.
    pub record: u32,
    /// The term as written.
    pub term: String,
    /// Where it stands in the text of its record.
    pub span: TextSpan,
    /// How many includes it is inside of.
    pub depth: u8,
    /// Lookups it adds to the ten that are allowed: 0 or 1.
    pub cost: u8,
    /// Whether it came back empty and counts against the two that are allowed.
    pub void: bool,
    /// What came of it.
    #[cfg_attr(test, schemars(with = "types::SpfTermEffect"))]
    pub effect: TermEffect,
    /// What it asked itself.
    pub asked: Vec<SpfLookup>,
}

/// A question and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SpfLookup {
    /// The question.
    #[cfg_attr(test, schemars(with = "types::Query"))]
    pub query: Query,
    /// `records`, `no-data`, `nx-domain` or `failed`.
    #[cfg_attr(test, schemars(with = "types::SpfLookupStatus"))]
    pub status: &'static str,
    /// How many records there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "u32"))]
    pub count: Option<u32>,
    /// Why it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "types::Failure"))]
    pub failure: Option<Failure>,
}

/// A message before its content (RFC 7208 section 4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    ip: IpAddr,
    sender: String,
    helo: String,
}

impl Message {
    /// Reads `{ip, sender, helo}`. `to_ascii` writes an internationalised host name in ASCII.
    ///
    /// # Errors
    /// The first of them that cannot be read. A sender that is no address is a result of SPF, not an error.
    pub fn read(value: &Value, to_ascii: impl Fn(&str) -> Option<String>) -> Result<Self, Refusal> {
        let options = Options::read(value, &["ip", "sender", "helo"])?;
        let ip = options.text("ip")?.ok_or_else(|| Refusal::of_option("ip", "is missing"))?;
        let ip = ip.parse().map_err(|_| Refusal::of_option("ip", ip))?;
        let ascii = |domain: &str| {
            let written = if domain.is_ascii() { None } else { to_ascii(domain) };
            written.unwrap_or_else(|| domain.to_owned())
        };
        let sender = match options.text("sender")?.unwrap_or_default() {
            "" => String::new(),
            sender => match sender.rsplit_once('@') {
                Some((local, domain)) => format!("{local}@{}", ascii(domain)),
                None => ascii(sender),
            },
        };
        Ok(Self { ip, sender, helo: ascii(options.text("helo")?.unwrap_or_default()) })
    }

    /// Evaluates it, and notes what that takes.
    fn evaluate<'a>(&self, known: &'a Known<'_>) -> Step<Evaluation<'a>> {
        evaluate(known, &Input::new(self.ip, &self.sender, &self.helo))
    }

    /// The result over what was learnt; none while something is not known.
    fn result(&self, facts: &Facts) -> Option<SpfEvaluation> {
        let known = Known::of(facts);
        self.evaluate(&known).ok().map(|evaluation| SpfEvaluation::of(&evaluation, facts))
    }
}

impl SpfEvaluation {
    fn of(evaluation: &Evaluation<'_>, facts: &Facts) -> Self {
        let records = evaluation.records.iter().map(|visited| SpfRecordRead {
            domain: visited.domain.clone(),
            text: visited.text.clone().into_owned(),
            result: visited.result,
        });
        let problem = evaluation.problem.map(|problem| SpfProblem {
            reason: problem.reason.as_str(),
            failure: match problem.reason {
                Reason::Lookup(failure) => Some(failure),
                _ => None,
            },
            record: problem.record,
            entry: problem.entry,
        });
        Self {
            result: evaluation.result,
            problem,
            explanation: evaluation.explanation.clone(),
            lookups: evaluation.lookups(),
            voids: evaluation.voids(),
            records: records.collect(),
            trace: evaluation.trace.iter().map(|entry| traced(evaluation, entry)).collect(),
            facts: facts_text::write(facts),
        }
    }
}

fn traced(evaluation: &Evaluation<'_>, entry: &TraceEntry) -> SpfTraceEntry {
    let (term, span) = match (evaluation.record(entry), evaluation.term(entry)) {
        (Some(visited), Some((term, text))) => (text.to_owned(), Units::of(&visited.text).span(term.span)),
        _ => (String::new(), TextSpan { start: 0, end: 0 }),
    };
    SpfTraceEntry {
        record: entry.record,
        term,
        span,
        depth: entry.depth,
        cost: entry.cost,
        void: entry.void,
        effect: entry.effect,
        asked: evaluation.asked_by(entry).iter().map(asked).collect(),
    }
}

fn asked(lookup: &TracedLookup) -> SpfLookup {
    let (status, count, failure) = match lookup.status {
        LookupStatus::Records(count) => ("records", Some(count), None),
        LookupStatus::NoData => ("no-data", None, None),
        LookupStatus::NxDomain => ("nx-domain", None, None),
        LookupStatus::Failed(failure) => ("failed", None, Some(failure)),
    };
    SpfLookup { query: lookup.query.clone(), status, count, failure }
}

#[cfg(test)]
mod tests {
    use mail_triage_engine::zone::Zone;

    use super::*;

    fn message(json: &str) -> Result<Message, Refusal> {
        Message::read(&serde_json::from_str(json).unwrap(), |_| Some("xn--nxasmq6b.example".to_owned()))
    }

    fn evaluated(zone: &str, json: &str) -> SpfEvaluation {
        let zone = Box::new(Zone::parse(zone).unwrap());
        SpfRun::start(message(json).unwrap(), zone, Box::new(|| ())).result().unwrap()
    }

    #[test]
    fn every_term_says_what_it_did() {
        let zone = "example.org. TXT \"v=spf1 include:a.example mx -all\"\n\
                    a.example. TXT \"v=spf1 ip4:192.0.2.1 -all\"\n";
        let found = evaluated(zone, r#"{"ip": "192.0.2.9", "sender": "anna@example.org"}"#);
        assert_eq!((found.result, found.lookups, found.voids), (SpfResult::Fail, 2, 1));
        let terms: Vec<&str> = found.trace.iter().map(|entry| entry.term.as_str()).collect();
        assert_eq!(terms, ["include:a.example", "ip4:192.0.2.1", "-all", "mx", "-all"]);
        assert_eq!((found.trace[3].span.start, found.trace[3].asked[0].status), (25, "no-data"));
        assert_eq!(found.records[1].result, SpfResult::Fail);
        let again = message(r#"{"ip": "192.0.2.1", "sender": "anna@example.org"}"#).unwrap();
        let facts = facts_text::read(&found.facts).unwrap();
        assert_eq!(
            again.result(&facts).map(|found| found.result),
            Some(SpfResult::Pass),
            "facts are a source"
        );
    }

    #[test]
    fn a_lookup_that_failed_has_its_reason() {
        let found =
            evaluated("example.org. TXT SERVFAIL\n", r#"{"ip": "192.0.2.9", "sender": "example.org"}"#);
        let problem = found.problem.unwrap();
        assert_eq!((found.result, problem.reason), (SpfResult::TempError, "lookup"));
        assert_eq!(problem.failure, Some(Failure::ServFail));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (json, name) in [
            ("{}", "ip"),
            (r#"{"ip": "x"}"#, "ip"),
            (r#"{"ip": "::1", "sender": 4}"#, "sender"),
            (r#"{"ip": "::1", "from": "x"}"#, "from"),
        ] {
            assert_eq!(message(json).unwrap_err().option.as_deref(), Some(name), "{json}");
        }
        let international = message(r#"{"ip": "::1", "sender": "anna@例.example"}"#).unwrap();
        assert_eq!(international.sender, "anna@xn--nxasmq6b.example");
    }
}
