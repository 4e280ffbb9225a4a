//! The MTA-STS policy file: whether the browser could read it, and the field to paste it into.

use super::finding;
use crate::app::{
    h::{El, el, part},
    state::Action,
    ui::Ui,
};
use mail_triage_engine::{
    check::Code,
    input::limits::InputField,
    policy_file::PolicyFile,
    report::{FindingReport, Report},
};

/// What is said about the policy itself, most urgent first.
const ABOUT: [Code; 6] = [Code::Sts140, Code::Sts130, Code::Sts160, Code::Sts120, Code::Sts110, Code::Sts100];

/// The element id of what came of comparing the policy.
pub fn result(report: &Report) -> Option<String> {
    let place = |code| {
        report.checks.iter().enumerate().find_map(|(c, check)| {
            let f = check.findings.iter().position(|finding| finding.code == code)?;
            Some((c, f))
        })
    };
    let place = ABOUT.into_iter().chain([Code::Sts010]).find_map(place)?;
    Some(finding::id(report, place))
}

/// The field, in the findings about the policy; not where the browser has read it.
pub fn paste(ui: &Ui<'_>, report: &Report, finding: &FindingReport) -> Option<El> {
    let about = finding.code == Code::Sts010 || ABOUT.contains(&finding.code);
    let domain = report.target.domain.as_ref()?;
    if !about || matches!(ui.state.policy, Some(PolicyFile::Read(_))) {
        return None;
    }
    let host = format!("mta-sts.{domain}");
    let state = match ui.state.policy {
        None => Some(ui.say("sts.reading")),
        Some(PolicyFile::Unreadable) => Some(ui.say("sts.unreadable")),
        Some(PolicyFile::TooLong) => Some(ui.with("sts.too-long", "host", host.as_str())),
        Some(PolicyFile::NotPublic) => Some(ui.with("sts.not-public", "host", host.as_str())),
        Some(PolicyFile::Refused(status)) => Some(
            ui.state
                .words
                .with("sts.refused", [("host", host.as_str().into()), ("status", u64::from(status).into())]),
        ),
        Some(PolicyFile::NotAsked | PolicyFile::Read(_) | PolicyFile::Pasted(_)) => None,
    };
    let field = part("textarea", "policy-text")
        .put("name", "policy")
        .put("rows", "6")
        .put("spellcheck", "false")
        .put("autocomplete", "off")
        .put("placeholder", "version: STSv1\nmode: enforce\n…")
        .value(&ui.state.typed_policy);
    let label =
        part("label", "field").with(ui.el("span", "sts.paste")).with(ui.input(field, Action::TypedPolicy));
    let url = format!("https://{host}/.well-known/mta-sts.txt");
    let whole = part("div", "policy")
        .maybe(state.map(|state| el("p").text(state)))
        .with(el("p").with(ui.external(&url, ui.say("sts.open"))))
        .with(label)
        .maybe(ui.long(InputField::Policy, &ui.state.typed_policy))
        .with(part("div", "actions").with(ui.button("quiet", "sts.compare", Action::UsePolicy)));
    Some(whole)
}
