//! The questions about DMARC: what receivers shall do, and who hears about it.

use super::{answer, choice, field, question, words};
use crate::app::{
    builder::{Builder, Choose},
    h::{El, On, el, part},
    state::Action,
    ui::Ui,
};
use mail_triage_engine::record::dmarc::{AlignmentMode, Policy};

const POLICIES: [Policy; 3] = [Policy::None, Policy::Quarantine, Policy::Reject];

/// The questions, in order.
pub fn questions(ui: &Ui<'_>, builder: &Builder) -> Vec<El> {
    let mut all = vec![policy(ui, builder), reports(ui, builder), fine(ui, builder)];
    let kept = builder.dmarc.kept();
    if !kept.is_empty() {
        let kept = kept.iter().map(|tag| el("li").key(tag).with(el("code").text(tag.as_str())));
        all.push(question(ui, "kept-tags", vec![el("ul").key("tags").all(kept.collect())]));
    }
    all
}

/// What shall become of mail that fails.
fn policy(ui: &Ui<'_>, builder: &Builder) -> El {
    let chosen = builder.dmarc.policy;
    let mut answers: Vec<El> = Vec::new();
    for policy in POLICIES {
        answers.push(choice(ui, "policy", policy.as_str(), chosen == policy, move || Choose::Policy(policy)));
    }
    if chosen != Policy::None || builder.dmarc.testing {
        let shown = words(ui.say("build.testing"), Some(ui.say("build.testing.note")));
        let on = builder.dmarc.testing;
        answers.push(answer(ui, ("checkbox", "testing"), "t".to_owned(), on, shown, Choose::Testing));
    }
    question(ui, "policy", answers)
}

/// Who hears about it.
fn reports(ui: &Ui<'_>, builder: &Builder) -> El {
    let typed = &builder.reports;
    let refused = typed.refused.first().filter(|_| typed.left);
    let error = refused.map(|text| ui.with("build.addresses.error", "text", text.as_str()));
    let mut answers = vec![field(ui, "addresses", &typed.text, error, Choose::Reports)];
    if let Some(address) = builder.proposed_reports() {
        let text = ui.with("build.addresses.propose", "address", address.as_str());
        let take = part("button", "quiet").put("type", "button").text(text);
        let take = ui.on(take, On::Click, move |_| Some(Action::Choose(Choose::Reports(address.clone()))));
        let note = part("span", "note").text(ui.say("build.addresses.propose.note"));
        answers.push(el("p").key("propose").with(take).text(" ").with(note));
    }
    if builder.dmarc.reports.is_empty() && builder.dmarc.policy == Policy::None {
        let hint = part("span", "state").put("data-level", "improve").text(ui.say("build.addresses.empty"));
        answers.push(part("p", "hint").key("empty").with(hint));
    }
    question(ui, "reports", answers)
}

/// What hardly anybody needs to change.
fn fine(ui: &Ui<'_>, builder: &Builder) -> El {
    let dmarc = &builder.dmarc;
    let of = |policy: Option<Policy>| policy.map_or("same", Policy::as_str);
    let policies = [None, Some(Policy::None), Some(Policy::Quarantine), Some(Policy::Reject)];
    let mut subdomains: Vec<El> = Vec::new();
    let mut missing: Vec<El> = Vec::new();
    for policy in policies {
        let on = dmarc.subdomains == policy;
        subdomains.push(choice(ui, "subdomains", of(policy), on, move || Choose::Subdomains(policy)));
        let on = dmarc.missing == policy;
        missing.push(choice(ui, "missing", of(policy), on, move || Choose::Missing(policy)));
    }
    let modes = [("relaxed", AlignmentMode::Relaxed), ("strict", AlignmentMode::Strict)];
    let mut adkim: Vec<El> = Vec::new();
    let mut aspf: Vec<El> = Vec::new();
    for (id, mode) in modes {
        adkim.push(choice(ui, "adkim", id, dmarc.adkim == mode, move || Choose::Adkim(mode)));
        aspf.push(choice(ui, "aspf", id, dmarc.aspf == mode, move || Choose::Aspf(mode)));
    }
    let open = dmarc.subdomains.is_some() || dmarc.missing.is_some();
    part("details", "more")
        .key("fine")
        .flag("data-used", open)
        .with(el("summary").text(ui.say("build.fine-print")))
        .with(question(ui, "subdomains", subdomains))
        .with(question(ui, "missing", missing))
        .with(question(ui, "adkim", adkim))
        .with(question(ui, "aspf", aspf))
}
