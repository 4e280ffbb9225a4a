//! The two pictures of step 4, each behind a line that says the most important.

use std::net::IpAddr;

use super::{judged, tree};
use crate::{
    components::{
        h::{El, el, part},
        ui::Ui,
    },
    shell::state::Action,
};
use mail_triage_engine::picture::{MailJudgement, SpfTree};

/// The pictures; empty until there is something to draw.
pub fn pictures(ui: &Ui<'_>) -> El {
    let pictures = ui.state.machine.outcome().map(|outcome| &outcome.pictures);
    let judged = pictures.and_then(|pictures| pictures.judged.as_ref());
    let spf = pictures.and_then(|pictures| pictures.spf.as_ref());
    part("div", "pictures")
        .maybe(judged.map(|picture| judgement(ui, picture)))
        .maybe(spf.map(|picture| record(ui, picture)))
}

fn judgement(ui: &Ui<'_>, picture: &MailJudgement) -> El {
    let (line, level) = judged::headline(ui, picture);
    let head = part("summary", "picture-head")
        .with(part("span", "finding-title").text(ui.say("judge.title")))
        .with(part("span", "picture-line").with(part("span", "state").text(line)));
    let ips: Vec<IpAddr> = picture.senders.iter().filter_map(|sender| sender.ip).collect();
    part("details", "picture").key("judged").put("id", "judged").put("data-level", level).with(head).with(
        part("div", "picture-body").maybe(choice(ui, "judge.choose", &ips)).with(judged::judged(ui, picture)),
    )
}

fn record(ui: &Ui<'_>, picture: &SpfTree) -> El {
    let domain = picture.rows.first().map(|row| match &row.what {
        mail_triage_engine::picture::spf_tree::BranchKind::Domain(domain) => domain.as_str(),
        _ => "",
    });
    let level = if picture.is_over() || picture.mistake { "stops" } else { "info" };
    let title = ui.with("spf-tree.title", "domain", domain.unwrap_or_default());
    let count = part("span", "tree-count").put("data-level", level).text(tree::count(ui, picture));
    let head = part("summary", "picture-head").with(part("span", "finding-title").text(title)).with(
        part("span", "picture-line")
            .maybe((!picture.mistake).then(|| tree::gauge(picture)))
            .with(count)
            .all(tree::faults(ui, picture)),
    );
    let ips: Vec<IpAddr> = picture.paths.iter().map(|path| path.ip).collect();
    part("details", "picture").key("spf-tree").put("id", "spf-tree").put("data-level", level).with(head).with(
        part("div", "picture-body").maybe(choice(ui, "spf-tree.choose", &ips)).with(tree::tree(ui, picture)),
    )
}

/// Which of several sending addresses is followed.
fn choice(ui: &Ui<'_>, label: &str, ips: &[IpAddr]) -> Option<El> {
    if ips.len() < 2 {
        return None;
    }
    let picked = ui.state.picked.filter(|ip| ips.contains(ip)).unwrap_or(ips[0]);
    let buttons = ips.iter().map(|&ip| {
        let button = part("button", "quiet")
            .put("type", "button")
            .put("aria-pressed", if ip == picked { "true" } else { "false" })
            .key(&ip.to_string())
            .text(ip.to_string());
        ui.press(button, Action::Pick(ip))
    });
    Some(
        part("div", "picture-choice no-print")
            .with(el("span").text(ui.say(label)))
            .with(part("div", "actions").all(buttons.collect())),
    )
}
