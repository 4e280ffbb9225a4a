//! What stands at a domain's `_dmarc` name.
//!
//! A name may hold one record, and beside an alias (CNAME) it can hold none at all (RFC 1034 section 3.6.2). So a change
//! begins with what is there: records, texts that were meant as one, an alias, or a wildcard that answers for a name which
//! nobody published and from which nothing can be taken away.

use super::record_name;
use crate::{
    cx::Cx,
    dmarc::texts,
    dns::{Failure, Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
    record::dmarc::{DmarcEdit, DmarcReading, read},
    view::wildcard,
};

/// What stands at a `_dmarc` name.
pub(crate) struct DmarcSite {
    /// The name.
    pub name: Name,
    /// DMARC records, and texts that were meant as one, in the order of the answer.
    pub meant: Vec<String>,
    /// Where the name leads.
    pub alias: Option<Alias>,
    /// Whether nobody published the name and a wildcard answers for it.
    pub from_wildcard: bool,
    /// Why it is not known whether the alias is that of a wildcard: the lookup that tells, and how it failed.
    pub unsure: Option<(Name, Failure)>,
}

/// Where an alias leads.
pub(crate) struct Alias {
    /// The name in the CNAME record.
    pub next: Name,
    /// The name at the end, where the texts stand; the same as `next` if there are none.
    pub end: Name,
}

impl DmarcSite {
    /// What stands at the `_dmarc` name of `domain`.
    ///
    /// # Errors
    /// [`Pending`](crate::facts::Pending) until it is known.
    pub fn of(cx: &Cx<'_>, domain: &Name) -> Step<Self> {
        let name = record_name(domain);
        let outcome = cx.ask(&Query::new(name.clone(), Rtype::Txt))?;
        let meant = texts(outcome).filter(|text| !matches!(read(text), DmarcReading::Other)).collect();
        let alias = match outcome.chain() {
            [] => None,
            _ => {
                let next = next(cx, &name, outcome)?;
                let end =
                    outcome.records().first().map_or_else(|| next.clone(), |record| record.owner.clone());
                Some(Alias { next, end })
            }
        };
        let from_wildcard = wildcard::behind(cx, domain, outcome)?.is_some();
        let probe = wildcard::sibling(domain).filter(|_| alias.is_some());
        let unsure = match probe {
            Some(probe) => {
                let failure = cx.ask(&Query::new(probe.clone(), Rtype::Txt))?.failure();
                failure.map(|failure| (probe, failure))
            }
            None => None,
        };
        Ok(Self { name, meant, alias, from_wildcard, unsure })
    }

    /// The record to go on from.
    pub fn record(&self) -> Option<DmarcEdit> {
        DmarcEdit::merged(&self.meant)
    }
}

/// The target of the alias at `name`, which `outcome` went through.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn next(cx: &Cx<'_>, name: &Name, outcome: &Outcome) -> Step<Name> {
    if let Some(next) = outcome.chain().get(1).or(outcome.records().first().map(|record| &record.owner)) {
        return Ok(next.clone());
    }
    let alias = cx.ask(&Query::new(name.clone(), Rtype::Cname))?;
    Ok(alias.names().next().unwrap_or(name).clone())
}
