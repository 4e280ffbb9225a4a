//! What has to go at a `_dmarc` name when another record comes.

use crate::{
    change::{Fix, Safety},
    check::{Cx, Finding},
    dmarc::AppliedRecord,
    dns::{Name, Outcome, Query, Rtype},
    facts::Step,
    record::dmarc::DmarcEdit,
    view::dmarc::{DmarcSite, next},
};

/// Takes away what stands at the name itself, for `finding` to publish one record there. Without a change where it is not
/// known whether an alias stands at the name: beside one nothing can be published, and one that is not there not removed.
pub(super) fn clear(site: DmarcSite, finding: Finding, text: String, safety: Safety) -> Finding {
    let record = |safety| Fix::at(&site.name, Rtype::Txt, safety).publishing([text]);
    match site.alias {
        // A name of its own takes precedence over the wildcard, and what that answers is not at this name.
        _ if site.from_wildcard => finding.fix(record(safety)),
        None => finding.fix(record(safety).removing(site.meant)),
        Some(_) if site.unsure.is_some() => finding,
        // Somebody put the alias there on purpose.
        Some(alias) => {
            let without = Fix::at(&site.name, Rtype::Cname, Safety::Decide).removing([alias.next.as_str()]);
            finding.fix(record(Safety::Decide)).also(without)
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
    Ok(clear(DmarcSite::of(cx, domain)?, finding, text, safety))
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
    let site = DmarcSite::of(cx, domain)?;
    let (owner, safety) = match site.alias {
        Some(alias) => (alias.end, Safety::Decide),
        None if site.from_wildcard => (domain.under("*").unwrap_or(site.name), Safety::Decide),
        None => (site.name, safety),
    };
    Ok(Fix::at(&owner, Rtype::Txt, safety).removing(remove).publishing(publish))
}

/// `record` in the place of the record that applies.
pub(super) fn replace(
    cx: &Cx<'_>,
    application: &AppliedRecord,
    record: DmarcEdit,
    safety: Safety,
) -> Step<Fix> {
    amend(cx, &application.domain, vec![application.text.clone()], vec![record.to_string()], safety)
}

/// What has to go at a name that is not the right one: the texts, or the alias that brings them.
pub(super) fn removal(cx: &Cx<'_>, query: &Query, outcome: &Outcome, texts: Vec<String>) -> Step<Fix> {
    let (rtype, remove) = match outcome.chain() {
        [] => (Rtype::Txt, texts),
        _ => (Rtype::Cname, vec![next(cx, &query.name, outcome)?.to_string()]),
    };
    Ok(Fix::at(&query.name, rtype, Safety::Decide).removing(remove))
}
