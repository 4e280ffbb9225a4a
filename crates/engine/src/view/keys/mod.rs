//! The DKIM keys of a domain as DNS shows them: asked about once, and judged by whoever wants to know.

mod seen;
mod survey;
mod tried;

pub(crate) use seen::{Seen, seen};
pub(crate) use survey::{Keys, keys};
pub(crate) use survey::{Survey, given, survey};
pub(crate) use tried::{Found, Origin, Tried, Wildcard};
