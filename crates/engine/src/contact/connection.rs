//! Whether resolvers answered, how many of how many, and how fast.

use crate::{
    dns::{Failure, Outcome},
    report::Report,
};

/// How the lookups of a run went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// Lookups that have come to an end.
    pub asked: usize,
    /// Those that a resolver answered, with whatever.
    pub answered: usize,
    /// The resolvers that answered, the busiest first.
    pub resolvers: Vec<AnsweringResolver>,
}

/// A resolver that answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnsweringResolver {
    /// An id of `resolvers.json`, or [`crate::dns::OWN_RESOLVER`].
    pub resolver: String,
    /// How many lookups it answered.
    pub answered: usize,
    /// The time in milliseconds in which half of them were answered.
    pub millis: Option<u32>,
}

/// How the lookups of a run went. That the name servers of a domain fail is an answer of the resolver's.
#[must_use]
pub fn connection(report: &Report) -> Connection {
    let mut connection = Connection::default();
    let mut times: Vec<(String, Vec<u32>)> = Vec::new();
    for evidence in &report.evidence {
        // Nobody asked.
        if let Some(Failure::Budget | Failure::KeyWithheld | Failure::NotRecorded) =
            evidence.outcome.failure()
        {
            continue;
        }
        connection.asked += 1;
        if !is_answer(&evidence.outcome) {
            continue;
        }
        connection.answered += 1;
        let meta = evidence.outcome.meta();
        if !times.iter().any(|(resolver, _)| *resolver == meta.resolver) {
            times.push((meta.resolver.clone(), Vec::new()));
            connection.resolvers.push(AnsweringResolver {
                resolver: meta.resolver.clone(),
                answered: 0,
                millis: None,
            });
        }
        for ((resolver, times), counted) in times.iter_mut().zip(&mut connection.resolvers) {
            if *resolver == meta.resolver {
                counted.answered += 1;
                times.extend(meta.millis);
            }
        }
    }
    for ((_, times), counted) in times.iter_mut().zip(&mut connection.resolvers) {
        times.sort();
        counted.millis = times.get(times.len() / 2).copied();
    }
    connection.resolvers.sort_by_key(|resolver| std::cmp::Reverse(resolver.answered));
    connection
}

fn is_answer(outcome: &Outcome) -> bool {
    matches!(
        outcome.failure(),
        None | Some(
            Failure::ServFail
                | Failure::Refused
                | Failure::Rcode(_)
                | Failure::Truncated
                | Failure::WrongType
                | Failure::TooMany(_)
                | Failure::TooLarge
        )
    )
}
