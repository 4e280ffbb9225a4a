//! The DKIM keys of a domain as DNS shows them: asked about once, and judged by whoever wants to know.

mod seen;
mod survey;
mod tried;

pub(crate) use seen::{KeyEvidence, seen};
pub(crate) use survey::{DkimKeys, keys};
pub(crate) use survey::{KeySurvey, given, survey};
pub(crate) use tried::{SelectorContent, SelectorOrigin, TriedSelector, Wildcard};
