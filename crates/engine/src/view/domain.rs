//! Whether there is a domain at all.

use crate::{
    cx::Cx,
    dns::{Query, Rtype},
    facts::{Ask, Step},
};

/// Whether the domain is known not to exist. Other checks about it then have nothing to say.
pub(crate) fn is_gone(cx: &Cx<'_>) -> Step<bool> {
    let Some(domain) = &cx.target.domain else { return Ok(false) };
    Ok(cx.ask(&Query::new(domain.clone(), Rtype::Soa))?.is_gone())
}
