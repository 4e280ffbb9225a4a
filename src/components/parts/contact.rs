//! Step 5: is there a connection, do resolvers answer, can the provider be found; and whom to turn to.

use super::{finding, provider};
use crate::components::{
    h::{El, el, part},
    places::{name, pages},
    ui::Ui,
};
use mail_triage_engine::{
    check::{CheckId, Level},
    contact::{self, Case, Connection, ContactParty},
    knowledge::DnsHost,
    report::{FindingReport, Report},
};

/// What every support desk asks first. An example was not looked up by anybody.
pub fn connection(ui: &Ui<'_>, report: &Report) -> El {
    if ui.state.machine.example().is_some() {
        return el("div");
    }
    let found = contact::connection(report);
    let lines = [online(ui, report, &found), resolver(ui, report, &found), names(ui, report)];
    let lines = lines.into_iter().enumerate().map(|(at, (level, text, more))| {
        let state = part("span", "state").put("data-level", level).text(text);
        el("li").key(&at.to_string()).put("data-level", level).with(state).maybe(more)
    });
    part("section", "first-question")
        .put("id", "connection")
        .with(ui.el("h3", "contact.first"))
        .with(part("ul", "firsts").all(lines.collect()))
}

type Line = (&'static str, String, Option<El>);

fn online(ui: &Ui<'_>, report: &Report, found: &Connection) -> Line {
    match (ui.state.machine.online, found.answered > 0) {
        // A resolver on this machine answers all the same; it says nothing about the network.
        (false, _) if !ui.state.machine.is_offline() => ("unknown", ui.say("contact.online.here"), None),
        (false, _) => ("stops", ui.say("contact.online.no"), None),
        (true, true) => ("pass", ui.say("contact.online.yes"), None),
        (true, false) if report.running => ("info", ui.say("contact.waiting"), None),
        (true, false) => ("unknown", ui.say("contact.online.perhaps"), None),
    }
}

fn resolver(ui: &Ui<'_>, report: &Report, found: &Connection) -> Line {
    let Some(first) = found.resolvers.first() else {
        let (level, key) = match report.running {
            true => ("info", "contact.waiting"),
            false => ("unknown", "contact.resolver.none"),
        };
        return (level, ui.say(key), None);
    };
    let names: Vec<String> =
        found.resolvers.iter().map(|one| ui.state.resolver_name(&one.resolver)).collect();
    let values = [
        ("resolver", mail_triage_engine::check::Arg::list(names)),
        ("answered", found.answered.into()),
        ("n", found.asked.into()),
        ("millis", u64::from(first.millis.unwrap_or_default()).into()),
    ];
    ("pass", ui.state.words.with("contact.resolver.answers", values), None)
}

/// Whether the names of the provider lead anywhere, as its check found.
fn names(ui: &Ui<'_>, report: &Report) -> Line {
    let Some((place, check)) = report.checks.iter().enumerate().find(|(_, check)| check.id == CheckId::Reach)
    else {
        return ("info", ui.say("contact.names.none"), None);
    };
    let worst = check.findings.iter().enumerate().min_by_key(|(_, found)| order(found));
    let Some((at, found)) = worst else {
        let key = if check.running { "contact.waiting" } else { "contact.names.none" };
        return ("info", ui.say(key), None);
    };
    let link = finding::link(ui, report, (place, at)).text(ui.say("contact.evidence"));
    (found.level.as_str(), finding::title(ui, found), Some(link))
}

fn order(finding: &FindingReport) -> Level {
    finding.level
}

/// Whom to turn to, and where they are found.
pub fn contact(ui: &Ui<'_>, report: &Report) -> El {
    let case = case(ui, report);
    let mut all: Vec<El> = Vec::new();
    for party in contact::parties(&case) {
        let found = contact::contact(&party, &case);
        let body = match &party {
            ContactParty::Mailbox => Some(provider::choose(ui)),
            _ if found.pages.is_empty() && found.address.is_none() => continue,
            _ => None,
        };
        let title = name(&ui.page, "contact.party", &party, &found);
        all.push(
            part("section", "party")
                .key(&party.id())
                .set("data-party", party.id())
                .with(el("h4").text(title))
                .maybe(body)
                .with(pages(&ui.page, &found)),
        );
    }
    el("div").with(ui.el("h3", "contact.who")).with(part("div", "parties").all(all))
}

/// What is known of the trouble.
fn case<'a>(ui: &'a Ui<'_>, report: &'a Report) -> Case<'a> {
    Case {
        report: Some(report),
        reading: ui.state.paste.as_ref().and_then(|paste| paste.reading.as_deref()),
        knowledge: ui.state.knowledge.as_deref(),
        provider: ui.provider(),
        host: host(ui, Some(report)),
    }
}

/// Who keeps the records, as the user says or the report recognised.
pub fn host<'a>(ui: &'a Ui<'_>, report: Option<&Report>) -> Option<&'a DnsHost> {
    let hosts = &ui.state.knowledge.as_ref()?.dns_hosts;
    if let Some(id) = &ui.state.kept_at {
        return hosts.by_id(id);
    }
    let zone = report?.views.dns_host.as_ref().filter(|zone| zone.parked.is_none())?;
    hosts.by_id(&zone.host.as_ref()?.id)
}
