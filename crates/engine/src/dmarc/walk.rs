//! The DNS tree walk (RFC 9989 section 4.10): from a name up to its top-level domain, at most eight questions.

use serde::Serialize;

use crate::{
    dns::{Failure, Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
    record::dmarc::{Dmarc, Psd, is_record},
};

/// Names with this many labels or more are shortened after the first question ...
const SHORTEN_FROM: usize = 8;
/// ... to this many, so that eight questions always reach the top.
const SHORTEN_TO: usize = 7;

/// One question of a walk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WalkStep {
    /// The name whose record was looked for.
    pub domain: Name,
    /// Where: `_dmarc.` and the name.
    pub asked: Name,
    /// What was there.
    pub found: RecordsFound,
    /// Whether the walk ends here, because the record has a `psd` tag that says so.
    pub last: bool,
}

/// What stands at one name of a walk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum RecordsFound {
    /// No DMARC record.
    Nothing,
    /// One record.
    Record {
        /// Its text, untrusted.
        text: String,
        /// What it says of being a public suffix.
        psd: Psd,
    },
    /// Several records, which receivers drop together.
    Several {
        /// Their texts, untrusted.
        texts: Vec<String>,
    },
    /// Nobody knows: the lookup failed.
    Failed {
        /// Why.
        failure: Failure,
    },
}

/// A walk from one name to the top.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Walk {
    /// The questions, from the longest name to the shortest, up to where the walk ends.
    pub steps: Vec<WalkStep>,
}

/// The organizational domain of a name (RFC 9989 section 4.10.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Organizational {
    /// The domain.
    pub name: Name,
    /// A lookup that failed: with its answer the domain might be another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsure: Option<Failure>,
}

/// The names whose `_dmarc` records a walk from `domain` looks for, in order.
#[must_use]
pub fn names(domain: &Name) -> Vec<Name> {
    let mut names = Vec::new();
    let mut at = domain.clone();
    if at.labels().count() >= SHORTEN_FROM {
        names.push(at.clone());
        while at.labels().count() > SHORTEN_TO {
            at = at.parent().unwrap_or_else(Name::root);
        }
    }
    while !at.is_root() {
        names.push(at.clone());
        at = at.parent().unwrap_or_else(Name::root);
    }
    names
}

/// The names between a long name and those that a walk goes on with, whose records a walk never finds; the longest
/// first.
#[must_use]
pub fn skipped(domain: &Name) -> Vec<Name> {
    let above = std::iter::successors(domain.parent(), Name::parent);
    above.take_while(|name| name.labels().count() > SHORTEN_TO).collect()
}

/// The question for the record of `domain`; none for a name so long that there cannot be one.
#[must_use]
pub fn question(domain: &Name) -> Option<Query> {
    Some(Query::new(domain.under("_dmarc").ok()?, Rtype::Txt))
}

/// Walks from `domain` to the top. All names are asked at once: the walk is eight at most, and usually ends at the
/// top anyway.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) while an answer is missing.
pub fn walk(ask: &dyn Ask, domain: &Name) -> Step<Walk> {
    let questions: Vec<(Name, Query)> =
        names(domain).into_iter().filter_map(|name| Some((name.clone(), question(&name)?))).collect();
    let queries: Vec<Query> = questions.iter().map(|(_, query)| query.clone()).collect();
    let mut steps = Vec::new();
    for ((domain, query), outcome) in questions.into_iter().zip(ask.ask_all(&queries)?) {
        let found = found(outcome);
        let last = matches!(found, RecordsFound::Record { psd: Psd::Yes | Psd::No, .. });
        steps.push(WalkStep { domain, asked: query.name, found, last });
        if last {
            break;
        }
    }
    Ok(Walk { steps })
}

/// What stands at one name, outside a walk; nothing for a name so long that there cannot be a record.
pub(super) fn walk_one(ask: &dyn Ask, domain: &Name) -> Step<Option<RecordsFound>> {
    question(domain).map(|query| ask.ask(&query).map(found)).transpose()
}

fn found(outcome: &Outcome) -> RecordsFound {
    if let Some(failure) = outcome.failure() {
        return RecordsFound::Failed { failure };
    }
    let mut texts: Vec<String> = texts(outcome).filter(|text| is_record(text)).collect();
    match texts.len() {
        0 => RecordsFound::Nothing,
        1 => {
            let text = texts.remove(0);
            let psd = Dmarc::parse(&text).psd();
            RecordsFound::Record { text, psd }
        }
        _ => RecordsFound::Several { texts },
    }
}

/// The texts of an answer's TXT records.
pub(crate) fn texts(outcome: &Outcome) -> impl Iterator<Item = String> {
    outcome.texts().map(|txt| txt.text().into_owned())
}

impl Walk {
    /// The record at `domain`, if the walk found one there.
    #[must_use]
    pub fn record_at(&self, domain: &Name) -> Option<&str> {
        self.steps.iter().find(|step| step.domain == *domain).and_then(|step| match &step.found {
            RecordsFound::Record { text, .. } => Some(text.as_str()),
            _ => None,
        })
    }

    /// The first lookup that failed.
    #[must_use]
    pub fn failed(&self) -> Option<(&WalkStep, Failure)> {
        self.steps.iter().find_map(|step| match step.found {
            RecordsFound::Failed { failure } => Some((step, failure)),
            _ => None,
        })
    }

    /// The public suffix domain that the walk met above its start.
    #[must_use]
    pub fn public_suffix(&self) -> Option<&Name> {
        self.steps
            .iter()
            .skip(1)
            .find(|step| matches!(step.found, RecordsFound::Record { psd: Psd::Yes, .. }))
            .map(|step| &step.domain)
    }

    /// The organizational domain of the name the walk started from.
    #[must_use]
    pub fn organizational(&self) -> Organizational {
        let unsure = self.failed().map(|(_, failure)| failure);
        let mut name = self.steps.first().map_or_else(Name::root, |step| step.domain.clone());
        for (at, step) in self.steps.iter().enumerate() {
            match &step.found {
                RecordsFound::Record { psd: Psd::Yes, .. } if at > 0 => {
                    name = one_below(&self.steps[0].domain, &step.domain);
                    break;
                }
                // Without psd the name with the fewest labels wins, which is the last one met.
                RecordsFound::Record { .. } => name = step.domain.clone(),
                _ => {}
            }
        }
        Organizational { name, unsure }
    }
}

/// The name between `top` and `below` that has one label more than `top`.
fn one_below(below: &Name, top: &Name) -> Name {
    let labels: Vec<&str> = below.labels().collect();
    let keep = (top.labels().count() + 1).min(labels.len());
    Name::parse(&labels[labels.len() - keep..].join(".")).unwrap_or_else(|_| below.clone())
}
