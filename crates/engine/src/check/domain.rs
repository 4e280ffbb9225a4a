//! Does the domain exist at all?
//!
//! Objective: a domain that is misspelt or has run out explains everything else, so this answer comes first and
//! silences the rest. Procedure: ask for the SOA; NXDOMAIN is "does not exist" (RFC 8020), a failure is "could not
//! look up", everything else "exists". A name that is an alias exists, wherever it leads.

use super::{Code, Cx, Finding, Findings};
use crate::{
    dns::{Outcome, Query, Rtype},
    facts::{Ask, Step},
};

pub(super) use crate::view::domain::is_gone;

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    match cx.ask(&Query::new(domain.clone(), Rtype::Soa))? {
        outcome if outcome.is_gone() => {
            cx.found(findings, Finding::new(Code::Dom010, domain).arg("domain", domain))
        }
        Outcome::Failed(failed) => {
            let finding = Finding::new(Code::Dom020, domain).arg("domain", domain).because(failed.failure);
            cx.found(findings, finding);
        }
        _ => cx.found(findings, Finding::new(Code::Dom030, domain).arg("domain", domain)),
    }
    Ok(())
}
