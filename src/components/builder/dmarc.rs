//! The questions about DMARC: what receivers shall do, and who hears about it.

use super::{
    drawing::Drawing,
    questions::{answer, choice, field, question, words},
};
use crate::{
    components::h::{El, On, el, part},
    panels::builder::{Builder as Record, choose::Choose},
};
use mail_triage_engine::record::dmarc::{AlignmentMode, Policy};

const POLICIES: [Policy; 3] = [Policy::None, Policy::Quarantine, Policy::Reject];

/// The questions, in order.
pub fn questions(drawing: &Drawing<'_>, record: &Record) -> Vec<El> {
    let mut all = vec![policy(drawing, record), reports(drawing, record), fine(drawing, record)];
    let kept = record.dmarc.kept();
    if !kept.is_empty() {
        let kept = kept.iter().map(|tag| el("li").key(tag).with(el("code").text(tag.as_str())));
        all.push(question(drawing, "kept-tags", vec![el("ul").key("tags").all(kept.collect())]));
    }
    all
}

/// What shall become of mail that fails.
fn policy(drawing: &Drawing<'_>, record: &Record) -> El {
    let chosen = record.dmarc.policy;
    let mut answers: Vec<El> = Vec::new();
    for policy in POLICIES {
        answers.push(choice(drawing, "policy", policy.as_str(), chosen == policy, move || {
            Choose::Policy(policy)
        }));
    }
    if chosen != Policy::None || record.dmarc.testing {
        let shown = words(drawing.say("build.testing"), Some(drawing.say("build.testing.note")));
        let on = record.dmarc.testing;
        answers.push(answer(drawing, ("checkbox", "testing"), "t".to_owned(), on, shown, Choose::Testing));
    }
    question(drawing, "policy", answers)
}

/// Who hears about it.
fn reports(drawing: &Drawing<'_>, record: &Record) -> El {
    let typed = &record.reports;
    let refused = typed.refused.first().filter(|_| typed.left);
    let error = refused.map(|text| drawing.with("build.addresses.error", "text", text.as_str()));
    let mut answers = vec![field(drawing, "addresses", &typed.text, error, Choose::Reports)];
    if let Some(address) = record.proposed_reports() {
        let text = drawing.with("build.addresses.propose", "address", address.as_str());
        let take = part("button", "quiet").put("type", "button").text(text);
        let take = drawing.choosing(take, On::Click, Choose::Reports(address));
        let note = part("span", "note").text(drawing.say("build.addresses.propose.note"));
        answers.push(el("p").key("propose").with(take).text(" ").with(note));
    }
    if record.dmarc.reports.is_empty() && record.dmarc.policy == Policy::None {
        let hint =
            part("span", "state").put("data-level", "improve").text(drawing.say("build.addresses.empty"));
        answers.push(part("p", "hint").key("empty").with(hint));
    }
    question(drawing, "reports", answers)
}

/// What hardly anybody needs to change.
fn fine(drawing: &Drawing<'_>, record: &Record) -> El {
    let dmarc = &record.dmarc;
    let of = |policy: Option<Policy>| policy.map_or("same", Policy::as_str);
    let policies = [None, Some(Policy::None), Some(Policy::Quarantine), Some(Policy::Reject)];
    let mut subdomains: Vec<El> = Vec::new();
    let mut missing: Vec<El> = Vec::new();
    for policy in policies {
        let on = dmarc.subdomains == policy;
        subdomains.push(choice(drawing, "subdomains", of(policy), on, move || Choose::Subdomains(policy)));
        let on = dmarc.missing == policy;
        missing.push(choice(drawing, "missing", of(policy), on, move || Choose::Missing(policy)));
    }
    let mut adkim: Vec<El> = Vec::new();
    let mut aspf: Vec<El> = Vec::new();
    for &mode in AlignmentMode::ALL {
        let id = mode.as_str();
        adkim.push(choice(drawing, "adkim", id, dmarc.adkim == mode, move || Choose::Adkim(mode)));
        aspf.push(choice(drawing, "aspf", id, dmarc.aspf == mode, move || Choose::Aspf(mode)));
    }
    let open = dmarc.subdomains.is_some() || dmarc.missing.is_some();
    part("details", "more")
        .key("fine")
        .flag("data-used", open)
        .with(el("summary").text(drawing.say("build.fine-print")))
        .with(question(drawing, "subdomains", subdomains))
        .with(question(drawing, "missing", missing))
        .with(question(drawing, "adkim", adkim))
        .with(question(drawing, "aspf", aspf))
}
