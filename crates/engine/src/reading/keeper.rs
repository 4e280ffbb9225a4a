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
    host_form::{HostForm, TTL},
    report::FindingReport,
};

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
    let form = HostForm::new(Some(&from.knowledge.dns_hosts), around, from.kept_at);
    if let Some(host) = form.host {
        document.paragraph(&from.with("reading.keeper.host", "host", host.name.as_str().into()));
    } else if let Some(several) = form.undecided() {
        document.paragraph(&from.say(&format!("host.{}.path", several.id)));
        document.paragraph(&from.say("reading.keeper.undecided"));
    }
    for (key, texts) in [("ui.fix.remove", &fix.remove), ("ui.fix.publish", &fix.publish)] {
        let (shown, more) = bounds::shown(texts, bounds::SHOWN_RECORDS);
        for text in shown {
            let fields = form.fields(fix, text);
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
