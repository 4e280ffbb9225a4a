//! No SPF record at the domain: none at all, one that is not taken for one, or one in the wrong place.

use super::{about, ask_ahead, change, replaced, rewrite};
use crate::{
    change::Safety,
    check::{Code, Cx, Finding, Findings},
    cx::both,
    dns::{Name, Outcome, Query, Rtype, is_inside},
    facts::{Ask, Step},
    record::spf::{Oddity, SpfEdit, SpfNearMiss, edit::NOBODY, near_miss, parse},
    view::{
        mail_use::{self, UsedForMail},
        mx, provider, spf,
    },
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, outcome: &Outcome) -> Step<()> {
    let mut misses = near_misses(outcome);
    let sender_id: Vec<_> = misses.extract_if(.., |(_, miss)| miss.oddity == Oddity::SenderId).collect();
    if let Some((text, miss)) = misses.first() {
        cx.found(findings, not_taken(cx, domain, text, miss)?);
        return Ok(());
    }
    let www = cx.section(|| on_www(cx, findings, domain));
    let old = old_type(cx, domain);
    let used = mail_use::used(cx, domain);
    let proposal = proposal(cx, domain);
    if www? {
        return Ok(());
    }
    let old = old?;
    let used = used?;
    if used == UsedForMail::No {
        let fix = change(domain, Vec::new(), Some("v=spf1 -all".to_owned()), Safety::Decide);
        cx.found(findings, about(Code::Spf020, domain).fix(fix));
    } else {
        let mut finding = match used {
            UsedForMail::Unknown(failure) => about(Code::Spf370, domain).because(failure),
            UsedForMail::Yes | UsedForMail::No => about(Code::Spf010, domain),
        };
        // What stood in a record of the wrong kind is the best guess at who sends.
        let meant = sender_id.first().map(|(_, miss)| miss.meant.clone());
        if let Some(text) = old.clone().or(meant).or(proposal?) {
            finding = replaced(cx, finding, domain, Vec::new(), text, Safety::Decide)?;
        }
        cx.found(findings, finding.clone());
        ask_ahead(cx, &finding);
    }
    if let Some(text) = old {
        cx.found(findings, about(Code::Spf250, domain).label(domain, Rtype::Spf, text, 0..0));
    }
    for (text, miss) in &sender_id {
        cx.found(findings, leftover(domain, text, miss));
    }
    Ok(())
}

/// Texts among the TXT records that were meant as SPF.
pub(super) fn near_misses(outcome: &Outcome) -> Vec<(String, SpfNearMiss)> {
    outcome
        .texts()
        .filter_map(|txt| {
            let text = txt.text().into_owned();
            near_miss(&text).map(|miss| (text, miss))
        })
        .collect()
}

/// A text that was meant as the record.
fn not_taken(cx: &Cx<'_>, domain: &Name, text: &str, miss: &SpfNearMiss) -> Step<Finding> {
    let meant = rewrite::repaired(&miss.meant).map_or_else(|| miss.meant.clone(), |(text, _)| text);
    let finding = about(Code::Spf040, domain).arg("oddity", oddity(miss)).label(
        domain,
        Rtype::Txt,
        text,
        miss.span.range(),
    );
    replaced(cx, finding, domain, vec![text.to_owned()], meant, Safety::Safe)
}

/// A text that is of no use beside the record, and that people may take for it.
pub(super) fn leftover(domain: &Name, text: &str, miss: &SpfNearMiss) -> Finding {
    about(Code::Spf280, domain)
        .arg("oddity", oddity(miss))
        .label(domain, Rtype::Txt, text, miss.span.range())
        .fix(change(domain, vec![text.to_owned()], None, Safety::Safe))
}

fn oddity(miss: &SpfNearMiss) -> crate::check::Arg {
    crate::check::Arg::key(miss.oddity.key())
}

/// Whether the record stands at `www` instead.
fn on_www(cx: &Cx<'_>, findings: &mut Findings, domain: &Name) -> Step<bool> {
    let Some((www, text)) = spf::on_www(cx, domain)? else { return Ok(false) };
    let finding = about(Code::Spf050, domain)
        .arg("www", &www)
        .label(&www, Rtype::Txt, &text, 0..0)
        .fix(change(domain, Vec::new(), Some(text), Safety::Decide));
    cx.found(findings, finding);
    Ok(true)
}

/// The record of the withdrawn type 99.
pub(super) fn old_type(cx: &Cx<'_>, domain: &Name) -> Step<Option<String>> {
    let outcome = cx.ask(&Query::new(domain.clone(), Rtype::Spf))?;
    Ok(outcome.texts().next().map(|txt| txt.text().into_owned()))
}

/// A record for a domain that sends: what its provider asks for, or its own mail servers, and the addresses that the
/// user names. `None` where that would be a guess.
pub(super) fn proposal(cx: &Cx<'_>, domain: &Name) -> Step<Option<String>> {
    let (hosts, recognised) = both(mx::host_names(cx, domain), provider::recognise(cx, domain))?;
    let names: Vec<&str> = hosts.iter().map(Name::as_str).collect();
    let given = recognised.mailbox.and_then(|provider| provider.spf_to_publish(&names)).map(str::to_owned);
    // A text with a part for the user to fill in is no record yet.
    let mut text = match given.filter(|text| !text.contains(['{', '<'])) {
        Some(text) => text,
        None if !hosts.is_empty() && recognised.gateway.is_none() && recognised.mailbox.is_none() => {
            "v=spf1 mx ~all".to_owned()
        }
        None if !cx.target.ips.is_empty() => NOBODY.to_owned(),
        None => return Ok(None),
    };
    for &ip in cx.target.ips.iter().filter(|ip| !is_inside(**ip)) {
        text = SpfEdit::parse(&text).with_sender(ip).to_string();
    }
    // Where every address is one of a private network nobody is left who may send.
    Ok((!parse(&text).lets_nobody_send()).then_some(text))
}
