//! For whoever keeps the DNS of the domain: each record to take away or to publish, name, type and value as the form of the
//! recognised host wants them.

use super::{Written, coded};
use crate::{
    around::ChangeContext,
    bounds,
    change::{Fix, Safety},
    check::FindingText,
    dns::Rtype,
    document::Document,
    knowledge::{Apex, DnsHost, Naming},
    report::FindingReport,
};

/// The TTL that is proposed, in seconds: an hour, so that a mistake does not last.
const TTL: u32 = 3_600;

pub(super) fn write(from: &Written<'_>, document: &mut Document) {
    let rows = from.report.rows.iter().flatten().filter_map(|&place| from.report.finding(place));
    let mut changes = rows.filter(|finding| finding.fix.is_some()).peekable();
    if changes.peek().is_none() {
        document.paragraph(&from.say("reading.keeper.none"));
    }
    for finding in changes {
        change(from, finding, document);
    }
}

fn change(from: &Written<'_>, finding: &FindingReport, document: &mut Document) {
    let Some(fix) = &finding.fix else { return };
    let title = from.text(finding, FindingText::Title).unwrap_or_default();
    document.heading(2, &coded(&title, finding.code));
    if fix.safety == Safety::Decide {
        document.paragraph(&from.say("fix.decide"));
    }
    let around = finding.around.clone().unwrap_or_default();
    if fix.rtype == Rtype::Ptr {
        document.paragraph(&from.say("fix.ptr.note"));
    }
    for fix in finding.also.iter().chain([fix]) {
        records(from, fix, &around, document);
    }
}

pub(super) fn records(from: &Written<'_>, fix: &Fix, around: &ChangeContext, document: &mut Document) {
    let hosts = &from.knowledge.dns_hosts;
    // A host that is one of several is known only once somebody has said which.
    let known =
        around.servers.iter().find_map(|server| hosts.by_ns(server)).filter(|host| host.one_of.is_empty());
    let nobody = match around.zone {
        Some(_) => DnsHost::default(),
        None => DnsHost { names: Naming::Full, apex: Apex::Full, ..DnsHost::default() },
    };
    let host = known.unwrap_or(&nobody);
    let zone = around.zone.as_ref().unwrap_or(&fix.owner);
    if let Some(known) = known {
        document.paragraph(&from.with("reading.keeper.host", "host", known.name.as_str().into()));
    }
    for (key, texts) in [("ui.fix.remove", &fix.remove), ("ui.fix.publish", &fix.publish)] {
        let (shown, more) = bounds::shown(texts, bounds::SHOWN_RECORDS);
        for text in shown {
            let fields = host.fields(&fix.owner, fix.rtype, text, zone);
            document.heading(3, &format!("{}: {} {}", from.say(key), fix.owner, fix.rtype));
            let name = if fields.name.is_empty() { from.say("fix.name.leave-empty") } else { fields.name };
            let mut field = |key: &str, value: &str| document.item(&format!("{}: {value}", from.say(key)));
            field("fix.field.type", &fields.rtype.to_string());
            field("fix.field.name", &name);
            if let Some(priority) = fields.priority {
                field("fix.field.priority", &priority.to_string());
            }
            if key == "ui.fix.publish" {
                field("fix.field.ttl", &TTL.to_string());
            }
            document.code(&fields.value);
        }
        from.more(document, more);
    }
}
