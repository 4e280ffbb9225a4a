//! What has to go at a `_dmarc` name when another record comes.

use crate::{
    change::{Fix, Safety},
    check::{Cx, Finding},
    dmarc::Application,
    dns::{Name, Outcome, Query, Rtype},
    facts::Step,
    record::dmarc::Edit,
    view::dmarc::{Spot, next},
};

/// Takes away what stands at the name itself, for `finding` to publish one record there. Without a change where it is not
/// known whether an alias stands at the name: beside one nothing can be published, and one that is not there not removed.
pub(super) fn clear(spot: Spot, finding: Finding, text: String, safety: Safety) -> Finding {
    let fix =
        |rtype, remove, publish, safety| Fix { owner: spot.own.clone(), rtype, remove, publish, safety };
    match spot.alias {
        // A name of its own takes precedence over the wildcard, and what that answers is not at this name.
        _ if spot.wild => finding.fix(fix(Rtype::Txt, Vec::new(), vec![text], safety)),
        None => finding.fix(fix(Rtype::Txt, spot.meant, vec![text], safety)),
        Some(_) if spot.unsure.is_some() => finding,
        // Somebody put the alias there on purpose.
        Some(alias) => finding.fix(fix(Rtype::Txt, Vec::new(), vec![text], Safety::Decide)).also(fix(
            Rtype::Cname,
            vec![alias.next.to_string()],
            Vec::new(),
            Safety::Decide,
        )),
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
    Ok(clear(Spot::of(cx, domain)?, finding, text, safety))
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
