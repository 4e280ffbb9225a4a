//! The page of a finding: what it says, why it matters, an example, what to do, where that is done, the rule.

use mail_triage_engine::{
    change::{Fix, Safety},
    check::{Code, FindingText, Label, Level, LinkKind},
    citation::Citation,
    dns::{Outcome, Rtype},
    report::{Evidence, FindingReport},
    text::{Arg, Args},
};

use crate::{
    Page,
    frame::{Frame, Kind},
    help,
    html::{element, link, marked, paragraphs, text},
    scenario::Shown,
    site::Site,
    source::Source,
    words::Words,
};

/// Lookups of an example that are shown.
const LOOKUPS: usize = 6;
/// Records of an answer that are shown.
const RECORDS: usize = 4;

/// A page for each code that a scenario shows, in the order of the table.
pub(crate) fn pages(source: &Source, words: &Words, site: &Site) -> Vec<Page> {
    let shown = Code::all().filter_map(|code| source.shown.get(&code));
    shown.map(|shown| page(source, words, site, shown)).collect()
}

/// What a finding is called where no domain is meant: in the words of its example.
#[must_use]
pub fn title(words: &Words, finding: &FindingReport) -> String {
    words.of(finding, FindingText::Title).unwrap_or_default()
}

fn page(source: &Source, words: &Words, site: &Site, shown: &Shown) -> Page {
    let finding = &shown.finding;
    let code = finding.code;
    let heading = title(words, finding);
    let mut body = format!(
        "<p class=\"state\" data-level=\"{}\">{} <code>{}</code></p>\n",
        finding.level.as_str(),
        text(&words.say(&finding.level.key())),
        code.id()
    );
    body += &element("p", &words.say("pages.example.note")).replace("<p>", "<p class=\"note\">");
    if let Some(why) = words.of(finding, FindingText::Why).filter(|why| !why.trim().is_empty()) {
        body += &element("h2", &words.say("ui.finding.why"));
        body += &paragraphs(&why);
    }
    body += &example(words, shown);
    body += &advice(words, finding);
    body += &change(source, words, finding);
    let more = help::of_code(source, words, code) + &rule(words, code);
    let title = words.with("pages.rule.head", "code", code.id()) + &heading;
    let description = description(words, finding, &heading);
    Frame { words, kind: Kind::Rules, name: code.id(), title, description, heading, body, more }.page(site)
}

fn description(words: &Words, finding: &FindingReport, heading: &str) -> String {
    let key = match finding.level {
        Level::Stops | Level::Improve => "pages.rule.description",
        Level::Unknown => "pages.rule.description.unknown",
        Level::Info | Level::Pass => "pages.rule.description.passed",
    };
    words.with(key, "title", heading)
}

/// The records with the faulty part marked, or where there is none what the DNS says.
fn example(words: &Words, shown: &Shown) -> String {
    let labels = &shown.finding.labels;
    let mut part = element("h2", &words.say("pages.example.title"));
    // Several faults of a record are marked in one picture of it.
    let same = |a: &Label, b: &Label| (&a.name, a.rtype, &a.text) == (&b.name, b.rtype, &b.text);
    for labels in labels.chunk_by(same) {
        let Some(first) = labels.first() else { continue };
        let marks: Vec<_> = labels.iter().map(|label| label.span.clone()).collect();
        part += &format!(
            "<p class=\"record-label\">{}</p>\n<pre class=\"record\"><code>{}</code></pre>\n",
            text(&format!("{} {}", first.name, first.rtype)),
            marked(&first.text, &marks)
        );
    }
    if !labels.is_empty() {
        return part;
    }
    if shown.evidence.is_empty() {
        return String::new();
    }
    part += "<dl class=\"seen\">\n";
    for evidence in shown.evidence.iter().take(LOOKUPS) {
        part += &format!(
            "<div><dt><code>{}</code></dt>{}</div>\n",
            text(&evidence.query.to_string()),
            answers(words, evidence)
        );
    }
    part + "</dl>\n"
}

fn answers(words: &Words, evidence: &Evidence) -> String {
    let said = |key: &str| format!("<dd>{}</dd>", text(&words.say(key)));
    match &evidence.outcome {
        Outcome::Records(answer) => {
            let records = answer.records.iter().take(RECORDS);
            records
                .map(|record| format!("<dd><code>{}</code></dd>", text(&record.data.to_string())))
                .collect()
        }
        Outcome::NoData(_) => said("ui.answer.no-data"),
        Outcome::NxDomain(_) => said("ui.answer.nx-domain"),
        Outcome::Failed(failed) => {
            let mut args = Args::default();
            args.set("status", u64::from(failed.failure.number().unwrap_or_default()).into());
            format!("<dd>{}</dd>", text(&words.fill(&failed.failure.key(), &args)))
        }
    }
}

fn advice(words: &Words, finding: &FindingReport) -> String {
    let Some(advice) = words.of(finding, FindingText::Do).filter(|advice| !advice.trim().is_empty()) else {
        return String::new();
    };
    let mut part = element("h2", &words.say("ui.finding.do"));
    // Only an address of this project's data becomes a link.
    let help = finding.links.iter().find(|link| link.kind == LinkKind::Help);
    part += &match help.and_then(|help| Some((help, advice.split_once(help.url.as_str())?))) {
        Some((help, (before, after))) => {
            format!("<p>{}{}{}</p>\n", text(before), link(&help.url, &help.url), text(after))
        }
        None => paragraphs(&advice),
    };
    for more in &finding.more_advice {
        part += &element("p", &words.say(more));
    }
    part
}

/// The records that go and that come, and where that is done.
fn change(source: &Source, words: &Words, finding: &FindingReport) -> String {
    let Some(fix) = &finding.fix else { return String::new() };
    let mut part = element("h3", &words.say("pages.change.title"));
    if fix.safety == Safety::Decide {
        part += &format!("<p class=\"note\">{}</p>\n", text(&words.say("fix.decide")));
    }
    for fix in finding.also.iter().chain([fix]) {
        part += &records(words, fix);
    }
    if fix.rtype == Rtype::Ptr {
        part += &element("p", &words.say("fix.ptr"));
        part += &element("p", &words.say("fix.ptr.note"));
        return part;
    }
    part + &help::hosts(source, words, fix, finding)
}

fn records(words: &Words, fix: &Fix) -> String {
    let mut part = String::new();
    let at = format!("{} {}", fix.owner, fix.rtype);
    for (texts, key, tag) in [(&fix.remove, "ui.fix.remove", "del"), (&fix.publish, "ui.fix.publish", "ins")]
    {
        for record in texts {
            part += &format!(
                "<p class=\"record-label\">{}</p>\n<pre class=\"record\"><code><{tag}>{}</{tag}></code></pre>\n",
                text(&format!("{}: {at}", words.say(key))),
                text(record)
            );
        }
    }
    part
}

fn rule(words: &Words, code: Code) -> String {
    let Citation { text: cited, url } = Citation::of(code.source(), words.catalog(), words.plural());
    let cited = url.map_or_else(|| text(&cited), |url| link(&url, &cited));
    let mut part = element("h2", &words.say("pages.sources.title"));
    part += &format!("<p>{}{cited}</p>\n", text(&words.say("ui.finding.source")));
    let mut args = Args::default();
    args.set("code", Arg::Text(code.id().to_owned()));
    part + &format!("<p class=\"note\">{}</p>\n", text(&words.fill("pages.rule.code", &args)))
}
