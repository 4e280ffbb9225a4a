//! The report as plain text, to be pasted into a mail or a ticket.

use crate::{
    bounds,
    check::{Args, Fix, Level},
    dns::{OWN_RESOLVER, Outcome},
    report::{Evidence, FindingReport, Report},
    rules::Status,
    text::{Catalog, Plural},
    visible::visible,
};

/// The report in the language of the catalog: the sentence, the causes with what to do, the steps, and every lookup.
#[must_use]
#[inline(never)]
pub fn text(report: &Report, catalog: &Catalog, plural: Plural) -> String {
    Writer { out: String::new(), report, catalog, plural }.write()
}

/// The parts of the sentence that sums a report up, each with the word of its level. The page says the same.
#[must_use]
pub fn sentence(report: &Report, catalog: &Catalog, plural: Plural) -> Vec<(&'static str, String)> {
    let say = |key: &str| catalog.get(key).unwrap_or(key).to_owned();
    let summary = report.summary;
    let mut parts: Vec<(&'static str, String)> = Vec::new();
    if summary.stops + summary.improve == 0 && !report.running && !report.is_cut_off() {
        // Clean is only what was looked at.
        parts.push(match summary.unknown {
            0 => ("pass", say("ui.summary.pass")),
            _ => ("info", say("ui.summary.partly")),
        });
    }
    for (level, n) in [("stops", summary.stops), ("improve", summary.improve), ("unknown", summary.unknown)] {
        if n > 0 {
            let mut args = Args::default();
            args.set("n", n.into());
            parts.push((level, catalog.say(&format!("ui.summary.{level}"), &args, plural)));
        }
    }
    if report.running {
        parts.push(("unknown", say("ui.summary.stopped")));
    }
    parts
}

struct Writer<'a> {
    out: String,
    report: &'a Report,
    catalog: &'a Catalog,
    plural: Plural,
}

impl Writer<'_> {
    fn write(mut self) -> String {
        let head = format!("{}: {}", self.say("static.name"), self.report.target);
        self.line(&head);
        let said = sentence(self.report, self.catalog, self.plural).into_iter().map(|(_, text)| text);
        let said = said.collect::<Vec<_>>().join(&self.say("list.separator"));
        self.line(&said);
        for (index, &place) in self.report.causes.iter().enumerate() {
            if let Some(cause) = self.report.finding(place) {
                self.line("");
                self.cause(index + 1, cause);
            }
        }
        for step in &self.report.steps {
            self.line("");
            let title = self.say(&format!("step.{}.title", step.step.number()));
            self.line(&format!("({}) {title}", step.step.number()));
            for (check, finding) in self.report.findings() {
                if check.step == step.step {
                    let level = self.say(&format!("ui.level.{}", slug(finding.level)));
                    let title = self.part(finding, "title").unwrap_or_default();
                    self.line(&format!("- [{level}] {title} ({})", finding.code.id()));
                    self.more("  ", finding.more);
                }
            }
        }
        self.rules();
        self.line("");
        let lookups = self.count("ui.evidence", self.report.evidence.len());
        self.line(&lookups);
        for evidence in &self.report.evidence {
            let answer = self.answer(evidence);
            self.line(&format!("- {}: {answer}", evidence.query));
        }
        self.out
    }

    /// What large receivers require; not what only the sender can know.
    fn rules(&mut self) {
        let report = self.report;
        if report.rules.is_empty() {
            return;
        }
        self.line("");
        let title = self.say("rules.title");
        self.line(&title);
        for line in report.rules.iter().filter(|line| line.status != Status::OnlyYou) {
            let status = self.say(&format!("rules.status.{}", line.status.slug()));
            let rule = self.say(&format!("rules.{}.title", line.rule));
            self.line(&format!("- [{status}] {rule}"));
        }
    }

    fn cause(&mut self, number: usize, cause: &FindingReport) {
        let title = self.part(cause, "title").unwrap_or_default();
        self.line(&format!("{number}. {title} ({})", cause.code.id()));
        for part in ["why", "do"] {
            if let Some(text) = self.part(cause, part) {
                self.line(&format!("   {text}"));
            }
        }
        for label in &cause.labels {
            self.line(&format!("   {} {}: {}", label.name, label.rtype, label.text));
        }
        self.more("   ", cause.more_labels);
        for fix in cause.also.iter().chain(&cause.fix) {
            self.fix(fix);
        }
    }

    fn fix(&mut self, fix: &Fix) {
        for (key, texts) in [("ui.fix.remove", &fix.remove), ("ui.fix.publish", &fix.publish)] {
            let (shown, more) = bounds::shown(texts, bounds::SHOWN_RECORDS);
            for text in shown {
                let what = self.say(key);
                self.line(&format!("   {what}: {} {} {text}", fix.owner, fix.rtype));
            }
            self.more("   ", more);
        }
    }

    fn answer(&self, evidence: &Evidence) -> String {
        answer(evidence, self.catalog, self.plural)
    }

    fn part(&self, finding: &FindingReport, part: &str) -> Option<String> {
        let key = format!("finding.{}.{part}", finding.code.id());
        let there = self.catalog.get(&key).or_else(|| self.catalog.get(&format!("{key}.other")));
        there.map(|_| self.catalog.say(&key, &finding.args, self.plural))
    }

    fn say(&self, key: &str) -> String {
        self.catalog.get(key).unwrap_or(key).to_owned()
    }

    fn count(&self, key: &str, n: usize) -> String {
        let mut args = Args::default();
        args.set("n", n.into());
        self.catalog.say(key, &args, self.plural)
    }

    /// How many are left out, if any are.
    fn more(&mut self, before: &str, n: usize) {
        if n > 0 {
            let more = self.catalog.more(n, self.plural);
            self.line(&format!("{before}{more}"));
        }
    }

    /// One line, whatever strangers wrote into it.
    fn line(&mut self, line: &str) {
        self.out.push_str(&visible(line));
        self.out.push('\n');
    }
}

/// What came of a lookup, in one line.
pub(crate) fn answer(evidence: &Evidence, catalog: &Catalog, plural: Plural) -> String {
    let say = |key: &str| catalog.get(key).unwrap_or(key).to_owned();
    let mut text = match &evidence.outcome {
        Outcome::Records(answer) => {
            let (shown, more) = bounds::shown(&answer.records, bounds::SHOWN_RECORDS);
            let mut records: Vec<String> = shown.iter().map(|record| record.data.to_string()).collect();
            records.extend((more > 0).then(|| catalog.more(more, plural)));
            records.join(" | ")
        }
        Outcome::NoData(_) => say("ui.answer.no-data"),
        Outcome::NxDomain(_) => say("ui.answer.nx-domain"),
        Outcome::Failed(failed) => {
            let mut args = Args::default();
            args.set("status", u64::from(failed.failure.number().unwrap_or_default()).into());
            catalog.say(&format!("failure.{}", failed.failure.slug()), &args, plural)
        }
    };
    let meta = evidence.outcome.meta();
    match meta.resolver.as_str() {
        "" => {}
        OWN_RESOLVER => text.push_str(&format!(" ({})", say("resolver.own"))),
        id => text.push_str(&format!(" ({id})")),
    }
    text
}

fn slug(level: Level) -> &'static str {
    match level {
        Level::Stops => "stops",
        Level::Improve => "improve",
        Level::Unknown => "unknown",
        Level::Info => "info",
        Level::Pass => "pass",
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, rc::Rc};

    use super::*;
    use crate::{
        dns::Name,
        facts::Ask,
        session::Session,
        table::Table,
        target::{Keys, Target},
        zone::Zone,
    };

    fn catalog() -> Catalog {
        let read = |text| serde_json::from_str::<HashMap<String, String>>(text).unwrap();
        let page = read(include_str!("../www/locales/en.json"));
        let report = read(include_str!("../www/locales/en.report.json"));
        Catalog::new(page.into_iter().chain(report).collect(), Table::default())
    }

    fn report(name: &str, zone: &str) -> Report {
        let zone = Zone::parse(zone).unwrap();
        let mut session =
            Session::new(Target::domain(Name::parse(name).unwrap()), Rc::default(), Keys::default());
        while let Some(query) = session.poll_query() {
            let outcome = zone.ask(&query).unwrap().clone();
            session.answer(&query, outcome);
        }
        session.report()
    }

    fn plural(n: u64) -> &'static str {
        if n == 1 { "one" } else { "other" }
    }

    #[test]
    fn the_cause_comes_first_with_what_to_do() {
        let text = text(&report("gone.example", "there.example. A 192.0.2.1"), &catalog(), plural);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[..2], ["Mail Triage: gone.example", "1 problem stops your mail"]);
        assert_eq!(lines[3], "1. The domain gone.example does not exist (DOM-010)");
        assert!(text.contains("- gone.example SOA: "), "{text}");
        assert!(!text.contains("ui.") && !text.contains("{"), "a text is missing: {text}");
    }

    #[test]
    fn a_run_that_was_stopped_is_called_so() {
        let zone = Zone::parse("example.org. SOA ns.example.org. hostmaster.example.org. 1 3600").unwrap();
        let target = Target::domain(Name::parse("example.org").unwrap());
        let mut session = Session::new(target, Rc::default(), Keys::default());
        let query = session.poll_query().unwrap();
        session.answer(&query, zone.ask(&query).unwrap().clone());
        let report = session.report();
        assert!(report.running, "answers are awaited still");
        let text = text(&report, &catalog(), plural);
        assert_eq!(text.lines().nth(1), Some("stopped before the end"), "{text}");
    }

    #[test]
    fn what_could_not_be_looked_up_is_said() {
        let text = text(&report("slow.example", "slow.example. * SERVFAIL"), &catalog(), plural);
        assert!(text.contains("could not be checked"), "{text}");
        assert!(text.contains("(SERVFAIL)"), "{text}");
    }
}
