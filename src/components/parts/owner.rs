//! Whose the addresses that send are: who has to be asked for what.

use super::finding;
use crate::{
    components::{
        h::{El, el, part},
        ui::Ui,
    },
    shell::state::Action,
};
use mail_triage_engine::{
    check::{CheckId, Code, Subject},
    contact::ContactParty,
    report::{CheckReport, Evidence, FindingReport, Report},
    view::owner::{AddressOwner, NetworkKind},
};

/// Whether a check's findings are told here and nowhere else.
pub fn is_told(check: &CheckReport) -> bool {
    check.id == CheckId::Owner
}

/// A section for each address that sends.
pub fn owners(ui: &Ui<'_>, report: &Report) -> El {
    let found = report.findings().filter(|(check, _)| is_told(check));
    let sections = found.filter_map(|(_, found)| {
        let owner = report.views.owners.iter().find(|owner| Subject::from(owner.ip) == found.subject)?;
        Some(section(ui, report, owner, found))
    });
    el("div").all(sections.collect())
}

fn section(ui: &Ui<'_>, report: &Report, owner: &AddressOwner, found: &FindingReport) -> El {
    let ip = owner.ip.to_string();
    let title = el("h3").text(ui.with("owner.title", "ip", ip.as_str()));
    let section = part("section", "owner")
        .key(&ip)
        .set("data-subject", ip.clone())
        .put("data-level", found.level.as_str())
        .put("data-code", found.code.id());
    let body = section.with(title).maybe(owner.kind.as_ref().map(|kind| el("p").text(said(ui, kind))));
    let body = match found.code {
        Code::Net020 => body.with(el("p").text(ui.say("owner.nothing"))),
        _ => body.with(facts(ui, owner)),
    };
    // Whose customers share it, has a support of its own in step 5.
    let ask = !matches!(owner.kind, Some(NetworkKind::Provider(_)));
    let evidence: Vec<&Evidence> = found.evidence.iter().filter_map(|&at| report.evidence.get(at)).collect();
    body.maybe(ask.then(|| part("p", "note").text(ui.say("owner.what"))))
        .maybe(ask.then(|| {
            let write = Action::ShowMessage(Some(ContactParty::AddressOwner.id()));
            part("div", "actions no-print").with(ui.button("quiet", "owner.write", write))
        }))
        .maybe(ui.state.machine.is_settled().then(|| finding::table(ui, &evidence)))
}

fn said(ui: &Ui<'_>, kind: &NetworkKind) -> String {
    let key = kind.key();
    match kind {
        NetworkKind::Provider(name) => ui.with(&key, "provider", name.as_str()),
        NetworkKind::Line | NetworkKind::Hoster => ui.say(&key),
    }
}

/// What the directories say. All of it comes from the DNS: text, and a link only where it is a plain address.
fn facts(ui: &Ui<'_>, owner: &AddressOwner) -> El {
    let number = owner.number.map(|number| format!("AS{number}"));
    let system = match (&owner.name, number) {
        (Some(name), Some(number)) => Some(format!("{name} ({number})")),
        (_, number) => number,
    };
    let known = |text: Option<String>| match text {
        Some(text) => el("dd").with(el("code").text(text)),
        None => el("dd").text(ui.say("owner.unknown")),
    };
    let abuse = match &owner.abuse {
        Some(address) => {
            el("dd").with(el("a").set("href", format!("mailto:{address}")).text(address.as_str()))
        }
        None => known(None),
    };
    let row = |key: &str, value: El| el("div").with(ui.el("dt", key)).with(value);
    part("dl", "rows")
        .with(row("owner.network", known(owner.network.clone())))
        .with(row("owner.system", known(system)))
        .with(row("owner.country", known(owner.country.clone())))
        .with(row("owner.abuse", abuse))
}
