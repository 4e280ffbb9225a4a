//! What stands at a domain's `_dmarc` name, and what has to go when another record comes.
//!
//! A name may hold one record, and beside an alias (CNAME) it can hold none at all (RFC 1034 section 3.6.2). So a change
//! begins with what is there: records, texts that were meant as one, an alias, or a wildcard that answers for a name which
//! nobody published and from which nothing can be taken away.

use super::record_name;
use crate::{
    change::{Fix, Safety},
    check::{Cx, Finding, wild},
    dmarc::{Application, texts},
    dns::{Failure, Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
    record::dmarc::{Edit, Reading, read},
};

/// What stands at a `_dmarc` name.
pub(super) struct Spot {
    /// The name.
    pub own: Name,
    /// DMARC records, and texts that were meant as one, in the order of the answer.
    pub meant: Vec<String>,
    /// Where the name leads.
    pub alias: Option<Alias>,
    /// Whether nobody published the name and a wildcard answers for it.
    pub wild: bool,
    /// Why it is not known whether the alias is that of a wildcard: the lookup that tells, and how it failed.
    pub unsure: Option<(Name, Failure)>,
}

/// Where an alias leads.
pub(super) struct Alias {
    /// The name in the CNAME record.
    pub next: Name,
    /// The name at the end, where the texts stand; the same as `next` if there are none.
    pub end: Name,
}

impl Spot {
    /// What stands at the `_dmarc` name of `domain`.
    pub fn of(cx: &Cx<'_>, domain: &Name) -> Step<Self> {
        let own = record_name(domain);
        let outcome = cx.ask(&Query::new(own.clone(), Rtype::Txt))?;
        let meant = texts(outcome).filter(|text| !matches!(read(text), Reading::Other)).collect();
        let alias = match outcome.chain() {
            [] => None,
            _ => {
                let next = next(cx, &own, outcome)?;
                let end =
                    outcome.records().first().map_or_else(|| next.clone(), |record| record.owner.clone());
                Some(Alias { next, end })
            }
        };
        let wild = wild::behind(cx, domain, outcome)?.is_some();
        let probe = wild::sibling(domain).filter(|_| alias.is_some());
        let unsure = match probe {
            Some(probe) => {
                let failure = cx.ask(&Query::new(probe.clone(), Rtype::Txt))?.failure();
                failure.map(|failure| (probe, failure))
            }
            None => None,
        };
        Ok(Self { own, meant, alias, wild, unsure })
    }

    /// The record to go on from.
    pub fn record(&self) -> Option<Edit> {
        Edit::merged(&self.meant)
    }

    /// Takes away what stands at the name itself, for `finding` to publish one record there. Without a change where it is not
    /// known whether an alias stands at the name: beside one nothing can be published, and one that is not there not removed.
    pub fn clear(self, finding: Finding, text: String, safety: Safety) -> Finding {
        let fix =
            |rtype, remove, publish, safety| Fix { owner: self.own.clone(), rtype, remove, publish, safety };
        match self.alias {
            // A name of its own takes precedence over the wildcard, and what that answers is not at this name.
            _ if self.wild => finding.fix(fix(Rtype::Txt, Vec::new(), vec![text], safety)),
            None => finding.fix(fix(Rtype::Txt, self.meant, vec![text], safety)),
            Some(_) if self.unsure.is_some() => finding,
            // Somebody put the alias there on purpose.
            Some(alias) => finding.fix(fix(Rtype::Txt, Vec::new(), vec![text], Safety::Decide)).also(fix(
                Rtype::Cname,
                vec![alias.next.to_string()],
                Vec::new(),
                Safety::Decide,
            )),
        }
    }
}

/// `finding`, with `text` as the only record at the `_dmarc` name of `domain`.
pub(super) fn put(
    cx: &Cx<'_>,
    finding: Finding,
    domain: &Name,
    text: String,
    safety: Safety,
) -> Step<Finding> {
    Ok(Spot::of(cx, domain)?.clear(finding, text, safety))
}

/// Texts that come and go at the `_dmarc` name of `domain`: where they stand, which behind an alias or a wildcard is another
/// name. Others may share what is there, so that is for somebody to decide.
pub(super) fn amend(
    cx: &Cx<'_>,
    domain: &Name,
    remove: Vec<String>,
    publish: Vec<String>,
    safety: Safety,
) -> Step<Fix> {
    let spot = Spot::of(cx, domain)?;
    let (owner, safety) = match spot.alias {
        Some(alias) => (alias.end, Safety::Decide),
        None if spot.wild => (domain.under("*").unwrap_or(spot.own), Safety::Decide),
        None => (spot.own, safety),
    };
    Ok(Fix { owner, rtype: Rtype::Txt, remove, publish, safety })
}

/// `record` in the place of the record that applies.
pub(super) fn replace(cx: &Cx<'_>, application: &Application, record: Edit, safety: Safety) -> Step<Fix> {
    amend(cx, &application.domain, vec![application.text.clone()], vec![record.to_string()], safety)
}

/// What has to go at a name that is not the right one: the texts, or the alias that brings them.
pub(super) fn removal(cx: &Cx<'_>, query: &Query, outcome: &Outcome, texts: Vec<String>) -> Step<Fix> {
    let (rtype, remove) = match outcome.chain() {
        [] => (Rtype::Txt, texts),
        _ => (Rtype::Cname, vec![next(cx, &query.name, outcome)?.to_string()]),
    };
    Ok(Fix { owner: query.name.clone(), rtype, remove, publish: Vec::new(), safety: Safety::Decide })
}

/// The target of the alias at `name`.
fn next(cx: &Cx<'_>, name: &Name, outcome: &Outcome) -> Step<Name> {
    if let Some(next) = outcome.chain().get(1).or(outcome.records().first().map(|record| &record.owner)) {
        return Ok(next.clone());
    }
    let alias = cx.ask(&Query::new(name.clone(), Rtype::Cname))?;
    Ok(alias.names().next().unwrap_or(name).clone())
}
