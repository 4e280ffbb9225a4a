//! The MTA-STS policy file: whether the browser could read it, and the field to paste it into.

use super::finding;
use crate::components::{policy::Policy, ui::Ui};
use mail_triage_engine::{
    check::Code,
    policy_file::PolicyFile,
    report::{FindingReport, Report},
};
use yew::prelude::{Html, html};

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
pub fn paste(ui: &Ui<'_>, report: &Report, finding: &FindingReport) -> Option<Html> {
    let about = finding.code == Code::Sts010 || ABOUT.contains(&finding.code);
    let mta_sts = report.views.transport_security.as_ref()?.mta_sts.as_ref()?;
    if !about || matches!(mta_sts.policy, Some(PolicyFile::Read(_))) {
        return None;
    }
    Some(html! {
        <Policy
            page={ui.page.clone()}
            kept={ui.memory.policy.clone()}
            places={mta_sts.places.clone()}
            file={mta_sts.policy.clone()}
            compare={ui.callbacks.use_policy.clone()}
        />
    })
}
