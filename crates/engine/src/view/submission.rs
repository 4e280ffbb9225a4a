//! What a domain publishes for mail programs.

use crate::dns::Query;

/// Exists in no zone but one with a wildcard.
pub(crate) const CONTROL: &str = "no-such-host-mail-triage";

/// Whether the query is for a name that was made up, to see whether the zone, or the resolver, has an answer for every name.
#[must_use]
pub fn is_made_up(query: &Query) -> bool {
    query.name.as_str().split('.').next() == Some(CONTROL)
}
