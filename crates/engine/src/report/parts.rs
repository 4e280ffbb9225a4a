//! What a report is made of that its successor shares: findings and evidence do not change from one report of a run to the
//! next, and the page asks for one several times a second.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
};

use serde::{Serialize, Serializer};

use crate::{
    around::ChangeContext,
    change::Fix,
    check::{Args, Code, Finding, Label, Level},
    dns::{Outcome, Query},
    subject::Subject,
};

/// A finding, its evidence as positions in [`Report::evidence`](super::Report::evidence). What the check says of it is read
/// through it.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingReport {
    pub(super) finding: Finding,
    /// The code's name for people who read code.
    pub slug: &'static str,
    /// What a list answers, if it speaks of that: a position in [`Views::listings`](crate::view::Views::listings), see
    /// [`Report::listing`](super::Report::listing).
    pub listing: Option<usize>,
    /// What is known around its fix: the zone, its name servers, how long the old answer lives on.
    pub around: Option<ChangeContext>,
    /// Where the rule comes from.
    pub source: &'static str,
    /// What was asked.
    pub evidence: Vec<usize>,
}

impl Deref for FindingReport {
    type Target = Finding;

    fn deref(&self) -> &Finding {
        &self.finding
    }
}

impl DerefMut for FindingReport {
    fn deref_mut(&mut self) -> &mut Finding {
        &mut self.finding
    }
}

impl Serialize for FindingReport {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let written = WrittenFinding {
            code: self.code,
            slug: self.slug,
            subject: &self.subject,
            level: self.level,
            weight: self.weight,
            args: &self.args,
            labels: &self.labels,
            more_labels: self.more_labels,
            more: self.more,
            fix: self.fix.as_ref(),
            also: &self.also,
            around: self.around.as_ref(),
            source: self.source,
            evidence: &self.evidence,
        };
        written.serialize(to)
    }
}

/// A finding, as it is written.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "FindingReport"))]
struct WrittenFinding<'a> {
    /// Its code.
    code: Code,
    /// The code's name for people who read code.
    slug: &'static str,
    /// What it is about.
    subject: &'a Subject,
    /// How much it matters.
    level: Level,
    /// How likely it is the reason that mail does not arrive, 0 to 100.
    weight: u8,
    /// Values for its texts, and for nothing else.
    args: &'a Args,
    /// Records, with the faulty part marked.
    labels: &'a [Label],
    /// So many more records it speaks of.
    #[serde(skip_serializing_if = "is_none")]
    more_labels: usize,
    /// So many more findings like it, which are left out.
    #[serde(skip_serializing_if = "is_none")]
    more: usize,
    /// What to publish instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'a Fix>,
    /// What has to go at other names, or of other types, together with the fix.
    #[serde(skip_serializing_if = "are_none")]
    also: &'a [Fix],
    /// What is known around that: the zone, its name servers, how long the old answer lives on.
    #[serde(skip_serializing_if = "Option::is_none")]
    around: Option<&'a ChangeContext>,
    /// Where the rule comes from.
    source: &'static str,
    /// What was asked, as positions in the evidence of the report.
    evidence: &'a [usize],
}

/// Findings and evidence are written as other types are, whose schema is theirs.
#[cfg(test)]
macro_rules! written_as {
    ($($name:ty: $written:ty),+) => {$(
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                <$written>::schema_name()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                <$written>::json_schema(generator)
            }
        }
    )+};
}

#[cfg(test)]
written_as!(FindingReport: WrittenFinding<'static>, Evidence: EvidenceData);

/// Whether nothing is left out, which need not be written down.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
fn is_none(more: &usize) -> bool {
    *more == 0
}

fn are_none(fixes: &&[Fix]) -> bool {
    fixes.is_empty()
}

/// A question and what came of it, without the user's keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence(Arc<EvidenceData>);

/// A question and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Evidence"))]
pub struct EvidenceData {
    /// What was asked.
    pub query: Query,
    /// What came of it.
    pub outcome: Outcome,
}

impl Evidence {
    pub(super) fn new(query: Query, outcome: Outcome) -> Self {
        Self(Arc::new(EvidenceData { query, outcome }))
    }
}

impl Deref for Evidence {
    type Target = EvidenceData;

    fn deref(&self) -> &EvidenceData {
        &self.0
    }
}

impl DerefMut for Evidence {
    fn deref_mut(&mut self) -> &mut EvidenceData {
        Arc::make_mut(&mut self.0)
    }
}

impl Serialize for Evidence {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}
