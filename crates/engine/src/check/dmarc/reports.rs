//! Do the reports arrive that the record asks for?

use super::{about, read, record_name, shown, syntax::RewrittenRecord};
use crate::{
    change::{Fix, Safety},
    check::{Arg, Code, Cx, Finding, Findings},
    dmarc::{
        AppliedRecord, PolicyDiscovery,
        report::{self, Mailbox, Permission, ReportKind, mailbox, permission},
    },
    dns::{Failure, Name, Rtype},
    facts::Step,
    record::dmarc::{Dmarc, ReportUri, UriKind},
    view::mail_use::is_parked,
};

/// Targets whose permission is looked up; more would spend the budget of the whole run.
const MAX_TARGETS: usize = 6;
/// Addresses that receivers had to serve before RFC 9989 (RFC 7489 section 6.2).
const SERVED: usize = 2;

pub(super) fn check(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &PolicyDiscovery,
    application: &AppliedRecord,
    mended: &Step<RewrittenRecord>,
) -> Step<()> {
    let record = Dmarc::parse(&application.text);
    let fix = mended.as_ref().ok().and_then(|mended| mended.fix.clone());
    cx.section(|| addresses(cx, findings, application, &record, fix.as_ref()));
    let mut pending = Ok(());
    if record.rua.is_empty() {
        pending = cx.section(|| {
            // About a domain without mail there is little to learn.
            if is_parked(cx, &discovery.domain)? {
                return Ok(());
            }
            read(cx, application);
            // No record is offered: nobody but the owner knows an address that somebody reads.
            let finding = about(Code::Dma310, &application.domain);
            cx.found(findings, shown(finding, application, 0..0));
            Ok(())
        });
    }
    let mut targets: Vec<(&Name, Vec<ReportKind>)> = Vec::new();
    for (kind, uris) in [(ReportKind::Aggregate, &record.rua), (ReportKind::Failure, &record.ruf)] {
        for target in uris.iter().filter_map(ReportUri::mail_domain) {
            match targets.iter_mut().find(|(known, _)| *known == target) {
                Some((_, kinds)) if kinds.contains(&kind) => {}
                Some((_, kinds)) => kinds.push(kind),
                None => targets.push((target, vec![kind])),
            }
        }
    }
    for (at, (target, kinds)) in targets.into_iter().enumerate() {
        if at >= MAX_TARGETS {
            cx.section(|| {
                read(cx, application);
                let kind = kinds.first().copied().unwrap_or(ReportKind::Aggregate);
                let finding = shown_at(Code::Dma380, application, &record, kind, target).arg("name", target);
                cx.found(findings, finding.because(Failure::Budget));
            });
            continue;
        }
        let one = cx.section(|| destination(cx, findings, discovery, (application, &record), &kinds, target));
        pending = pending.and(one);
    }
    pending
}

/// A finding about a domain that is to get reports, with its first address marked.
fn shown_at(
    code: Code,
    application: &AppliedRecord,
    record: &Dmarc<'_>,
    kind: ReportKind,
    target: &Name,
) -> Finding {
    let uris = if kind == ReportKind::Aggregate { &record.rua } else { &record.ruf };
    let span = uris.iter().find(|uri| uri.mail_domain() == Some(target));
    let span = span.map_or(0..0, |uri| uri.span.range());
    let finding = about(code, &application.domain).arg("target", target).arg("tag", kind.tag());
    shown(finding, application, span)
}

fn addresses(
    cx: &Cx<'_>,
    findings: &mut Findings,
    application: &AppliedRecord,
    record: &Dmarc<'_>,
    fix: Option<&Fix>,
) {
    read(cx, application);
    let put =
        |findings: &mut Findings, code, tag: &'static str, uri: &ReportUri<'_>, finding: Option<Arg>| {
            let base = about(code, &application.domain).arg("tag", tag).arg("address", uri.text);
            let base = match finding {
                Some(problem) => base.arg("problem", problem),
                None => base,
            };
            let span = if code == Code::Dma330 { uri.size.unwrap_or(uri.span) } else { uri.span };
            let mut found = shown(base, application, span.range());
            if code != Code::Dma340 {
                found.fix = fix.cloned();
            }
            cx.found(findings, found);
        };
    for (kind, uris) in [(ReportKind::Aggregate, &record.rua), (ReportKind::Failure, &record.ruf)] {
        for uri in uris {
            match &uri.kind {
                UriKind::Broken(problem) => {
                    let problem = Arg::key(problem.key());
                    put(findings, Code::Dma320, kind.tag(), uri, Some(problem));
                }
                UriKind::Other => put(findings, Code::Dma340, kind.tag(), uri, None),
                UriKind::Mail(_) => {}
            }
            if uri.size.is_some() {
                put(findings, Code::Dma330, kind.tag(), uri, None);
            }
        }
    }
    for (kind, uris) in [(ReportKind::Aggregate, &record.rua), (ReportKind::Failure, &record.ruf)] {
        if let Some(unserved) = uris.get(SERVED) {
            let finding =
                about(Code::Dma410, &application.domain).arg("n", uris.len()).arg("tag", kind.tag());
            cx.found(findings, shown(finding, application, unserved.span.range()));
        }
    }
    if let (Some(fo), true) = (record.fo, record.ruf.is_empty()) {
        let mut finding = about(Code::Dma400, &application.domain);
        finding.fix = fix.cloned();
        cx.found(findings, shown(finding, application, fo.span.range()));
    }
}

/// Whether reports that a record asks for reach anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// At least one address may get them and can.
    Yes,
    /// None can.
    No,
    /// A lookup failed on which it depends, or was not made.
    Unknown,
}

/// Whether summaries about `domain`, whose organizational domain is `org`, reach anybody.
pub(super) fn arrival(cx: &Cx<'_>, domain: &Name, org: &Name, record: &Dmarc<'_>) -> Step<Arrival> {
    let mut targets: Vec<&Name> = record.rua.iter().filter_map(ReportUri::mail_domain).collect();
    let mut seen: Vec<&Name> = Vec::new();
    targets.retain(|target| {
        let new = !seen.contains(target);
        seen.extend(new.then_some(*target));
        new
    });
    // Reports may reach those that are not looked up.
    let cut = targets.len() > MAX_TARGETS;
    targets.truncate(MAX_TARGETS);
    let ask =
        |target: &&Name| (permission(cx, domain, org, target, ReportKind::Aggregate), mailbox(cx, target));
    // All before one is waited for.
    let asked: Vec<_> = targets.iter().map(ask).collect();
    let mut arrival = Arrival::No;
    for (permission, mailbox) in asked {
        match (permission?, mailbox?) {
            (Permission::Own | Permission::Given { .. }, Mailbox::Reachable) => arrival = Arrival::Yes,
            (Permission::Missing { .. } | Permission::Diverted { .. }, _)
            | (_, Mailbox::Refuses | Mailbox::Nowhere) => {}
            _ if arrival == Arrival::No => arrival = Arrival::Unknown,
            _ => {}
        }
    }
    Ok(if cut && arrival == Arrival::No { Arrival::Unknown } else { arrival })
}

/// `finding` with the record by which `target` agrees, at the name that was `asked` for it (RFC 9990 section 4).
fn not_permitted(finding: Finding, asked: Option<&Name>, target: &Name) -> Finding {
    let Some(name) = asked else { return finding.arg("name", &record_name(target)) };
    let fix = Fix::at(name, Rtype::Txt, Safety::Decide).publishing(["v=DMARC1;"]);
    finding.arg("name", name).fix(fix)
}

/// One domain that is to get reports: has it agreed, and can it take mail?
fn destination(
    cx: &Cx<'_>,
    findings: &mut Findings,
    discovery: &PolicyDiscovery,
    (application, record): (&AppliedRecord, &Dmarc<'_>),
    kinds: &[ReportKind],
    target: &Name,
) -> Step<()> {
    let Some((&kind, others)) = kinds.split_first() else { return Ok(()) };
    let domain = &application.domain;
    // Of an inherited record, the organizational domain is where it stands.
    let org = if domain == &discovery.domain { &discovery.organizational.name } else { domain };
    let (permitted, mailbox) = (permission(cx, domain, org, target, kind), mailbox(cx, target));
    let (permission, mailbox) = (permitted?, mailbox?);
    read(cx, application);
    let base = |code| shown_at(code, application, record, kind, target);
    // One agreement serves both kinds of reports, but it may send each on to another address.
    for &kind in others {
        if let Permission::Diverted { asked, to } = report::permission(cx, domain, org, target, kind)? {
            let finding = shown_at(Code::Dma390, application, record, kind, target);
            cx.found(findings, finding.arg("name", &asked).arg("to", &to));
        }
    }
    let permitted = match &permission {
        Permission::Own | Permission::Given { .. } => true,
        // Whoever cannot get mail need not be asked to agree to it.
        Permission::Missing { .. } if mailbox == Mailbox::Nowhere => false,
        Permission::Missing { asked } => {
            cx.found(findings, not_permitted(base(Code::Dma350), asked.as_ref(), target));
            false
        }
        Permission::Diverted { asked, to } => {
            cx.found(findings, base(Code::Dma390).arg("name", asked).arg("to", to));
            false
        }
        Permission::Unknown { asked, failure } => {
            cx.found(findings, base(Code::Dma380).arg("name", asked).because(*failure));
            false
        }
    };
    match &mailbox {
        Mailbox::Reachable if permitted => {
            let how = if permission == Permission::Own { "own" } else { "given" };
            let finding = base(Code::Dma360).arg("how", Arg::key(format!("dmarc.permission.{how}")));
            cx.found(findings, finding);
        }
        Mailbox::Reachable => {}
        Mailbox::Refuses | Mailbox::Nowhere => {
            let why = if mailbox == Mailbox::Refuses { "refuses" } else { "nowhere" };
            let finding = base(Code::Dma370).arg("problem", Arg::key(format!("dmarc.mailbox.{why}")));
            cx.found(findings, finding);
        }
        Mailbox::Unknown { asked, failure } => {
            cx.found(findings, base(Code::Dma380).arg("name", asked).because(*failure));
        }
    }
    Ok(())
}
