//! A change of the zone: what the checks propose, hosts are told apart by, and somebody may try before it is published.

use serde::Serialize;

use crate::dns::{Name, Outcome, Rtype};

/// A change to the zone that mends a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    /// Where the record belongs.
    pub owner: Name,
    /// Its type.
    #[serde(rename = "type")]
    pub rtype: Rtype,
    /// Texts of the records to take away.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<String>,
    /// Texts of the records to publish.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub publish: Vec<String>,
    /// Whether it can be done without a decision of the owner's.
    pub safety: Safety,
}

impl Fix {
    /// A change of the `rtype` records at `owner` that takes none away and publishes none yet.
    #[must_use]
    pub fn at(owner: &Name, rtype: Rtype, safety: Safety) -> Self {
        Self { owner: owner.clone(), rtype, remove: Vec::new(), publish: Vec::new(), safety }
    }

    /// With the texts of records that it takes away.
    #[must_use]
    pub fn removing<T: Into<String>>(mut self, texts: impl IntoIterator<Item = T>) -> Self {
        self.remove.extend(texts.into_iter().map(Into::into));
        self
    }

    /// With the texts of records that it publishes.
    #[must_use]
    pub fn publishing<T: Into<String>>(mut self, texts: impl IntoIterator<Item = T>) -> Self {
        self.publish.extend(texts.into_iter().map(Into::into));
        self
    }

    /// The fix at the name where the records really stand, as `outcome`, the answer for its owner, says: behind an alias
    /// nothing can be changed or added (RFC 1034 section 3.6.2). Others may share what stands there, so that is for somebody
    /// to decide. `None` if that name is not in the answer.
    #[must_use]
    pub fn behind_alias(mut self, outcome: &Outcome) -> Option<Self> {
        if !outcome.chain().is_empty() {
            self.owner = outcome.records().first()?.owner.clone();
            self.safety = Safety::Decide;
        }
        Some(self)
    }
}

/// Whether a fix needs thought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Safety {
    /// Changes nothing but the fault.
    Safe,
    /// Right only if the owner agrees: it changes who may send, or drops something.
    Decide,
}
