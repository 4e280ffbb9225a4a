//! The report as plain text, to be pasted into a mail or a ticket.

use crate::{
    bounds,
    change::Fix,
    check::{Arg, Args, CheckId, FindingText, Level},
    checklist::ChecklistStep,
    dns::{OWN_RESOLVER, Outcome},
    report::{
        Evidence, FindingReport, Report,
        headline::{Headline, HeadlineVerdict, SENDING_ADDRESS},
        rules::RuleStatus,
    },
    text::{Catalog, Plural},
    view::{provider::MailProviders, sending::NamedBy},
    visible::visible,
};

/// The report in the language of the catalog: the sentence, the causes with what to do, the steps, and every lookup.
#[must_use]
#[inline(never)]
pub fn text(report: &Report, catalog: &Catalog, plural: Plural) -> String {
    Writer { out: String::new(), report, catalog, plural }.write()
}

/// The parts of the sentence that sums a report up, each with the word of its level. The page verdict the same.
#[must_use]
pub fn sentence(report: &Report, catalog: &Catalog, plural: Plural) -> Vec<(&'static str, String)> {
    let Headline { verdict, stops, improve, unchecked } = &report.headline;
    let count = |verdict: HeadlineVerdict, n: usize| catalog.say(&verdict.key(), &of_number(n), plural);
    let mut args = about(report);
    args.set("n", if *verdict == HeadlineVerdict::WorthMending { *improve } else { *stops }.into());
    let mut parts = vec![(verdict.level().as_str(), catalog.say(&verdict.key(), &args, plural))];
    for (level, key, n) in [
        (Level::Stops, HeadlineVerdict::StopsMail, *stops),
        (Level::Improve, HeadlineVerdict::WorthMending, *improve),
    ] {
        if n > 0 && verdict.counts_beside(level) {
            parts.push((level.as_str(), count(key, n)));
        }
    }
    if !unchecked.is_empty() && verdict.names_unchecked() {
        let name = |what: &&str| match *what {
            SENDING_ADDRESS => Arg::key("headline.sending-address"),
            check => CheckId::from_word(check)
                .map_or_else(|| Arg::Text(check.to_owned()), |check| Arg::key(check.key())),
        };
        let mut args = of_number(unchecked.len());
        args.set("what", Arg::List(unchecked.iter().map(name).collect()));
        parts.push(("unknown", catalog.say("headline.unchecked", &args, plural)));
    }
    parts
}

/// What the headline means for the user's mail, and what to do now.
#[must_use]
pub fn meaning(report: &Report, catalog: &Catalog, plural: Plural) -> String {
    catalog.say(&report.headline.verdict.key_of_advice(), &about(report), plural)
}

/// What the words of the headline may name.
fn about(report: &Report) -> Args {
    let mut args = Args::default();
    args.set("subject", report.target.to_string().into());
    // Of a consumer domain, the provider it belongs to.
    let provider = report.views.provider.as_ref().and_then(MailProviders::of_consumer_domain);
    if let Some(provider) = provider {
        args.set("provider", provider.name.as_str().into());
    }
    args
}

fn of_number(n: usize) -> Args {
    let mut args = Args::default();
    args.set("n", n.into());
    args
}

/// The title of a row of [`Report::rows`]: of its finding, or of all of them by what tells them apart.
#[must_use]
pub fn row_title(
    report: &Report,
    row: &[(usize, usize)],
    catalog: &Catalog,
    plural: Plural,
) -> Option<String> {
    let first = report.finding(*row.first()?)?;
    let Some(member) = first.code.member().filter(|_| row.len() > 1) else {
        let title = catalog.say(&first.code.key(FindingText::Title), &first.args, plural);
        return Some(match first.more {
            0 => title,
            more => format!("{title} ({})", catalog.more(more, plural)),
        });
    };
    let left_out: usize = row.iter().filter_map(|&place| report.finding(place)).map(|one| one.more).sum();
    let names = row.iter().filter_map(|&place| Some(&report.listing(report.finding(place)?)?.list.name));
    let mut args = first.args.clone();
    args.set("n", (row.len() + left_out).into());
    args.set(member, Arg::list(names));
    Some(catalog.say(&first.code.key(FindingText::Row), &args, plural))
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
        let meaning = meaning(self.report, self.catalog, self.plural);
        self.line(&meaning);
        for (index, row) in self.report.rows.iter().enumerate() {
            self.line("");
            self.cause(index + 1, row);
        }
        for step in &self.report.steps {
            self.line("");
            let title = self.say(&step.step.key("title"));
            self.line(&format!("({}) {title}", step.step.number()));
            if step.step == ChecklistStep::Blocklists && self.report.views.sending.named_by == NamedBy::Spf {
                let mut args = of_number(self.report.views.sending.addresses.len());
                args.set("ips", Arg::list(self.report.views.sending.ips()));
                let why = self.catalog.say("senders.why", &args, self.plural);
                self.line(&why);
            }
            for (check, finding) in self.report.findings() {
                if check.step == step.step {
                    let level = self.say(&finding.level.key());
                    let title = self.part(finding, FindingText::Title).unwrap_or_default();
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
        for line in report.rules.iter().filter(|line| line.status != RuleStatus::OnlyYou) {
            let status = self.say(&line.status.key());
            let rule = self.say(&line.key_of_title());
            self.line(&format!("- [{status}] {rule}"));
        }
    }

    fn cause(&mut self, number: usize, row: &[(usize, usize)]) {
        let report = self.report;
        let causes: Vec<&FindingReport> = row.iter().filter_map(|&place| report.finding(place)).collect();
        let Some(first) = causes.first() else { return };
        let title = row_title(report, row, self.catalog, self.plural).unwrap_or_default();
        self.line(&format!("{number}. {title} ({})", first.code.id()));
        // What is the same for all of a row is said once.
        let mut said = Vec::new();
        for part in [FindingText::Why, FindingText::Do] {
            for cause in &causes {
                if let Some(text) = self.part(cause, part).filter(|text| !said.contains(text)) {
                    self.line(&format!("   {text}"));
                    said.push(text);
                }
            }
        }
        for cause in causes {
            for label in &cause.labels {
                self.line(&format!("   {} {}: {}", label.name, label.rtype, label.text));
            }
            self.more("   ", cause.more_labels);
            for fix in cause.also.iter().chain(&cause.fix) {
                self.fix(fix);
            }
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

    fn part(&self, finding: &FindingReport, text: FindingText) -> Option<String> {
        let key = finding.code.key(text);
        let there = self.catalog.get(&key).or_else(|| self.catalog.get(&format!("{key}.other")));
        there.map(|_| self.catalog.say(&key, &finding.args, self.plural))
    }

    fn say(&self, key: &str) -> String {
        self.catalog.get(key).unwrap_or(key).to_owned()
    }

    fn count(&self, key: &str, n: usize) -> String {
        self.catalog.say(key, &of_number(n), self.plural)
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
            catalog.say(&failed.failure.key(), &args, plural)
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

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, rc::Rc};

    use super::*;
    use crate::{
        dns::Name,
        facts::Ask,
        session::Session,
        target::{ListKeys, Target},
        zone::Zone,
    };

    fn catalog() -> Catalog {
        let read = |text| serde_json::from_str::<HashMap<String, String>>(text).unwrap();
        let page = read(include_str!("../../../www/locales/en.json"));
        let report = read(include_str!("../../../www/locales/en.report.json"));
        Catalog::new(page.into_iter().chain(report).collect())
    }

    fn report(name: &str, zone: &str) -> Report {
        let zone = Zone::parse(zone).unwrap();
        let mut session =
            Session::new(Target::domain(Name::parse(name).unwrap()), Rc::default(), ListKeys::default());
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
        assert_eq!(lines[..2], ["Mail Triage: gone.example", "this domain does not exist"]);
        assert_eq!(lines[4], "1. The domain gone.example does not exist (DOM-010)");
        assert!(text.contains("- gone.example SOA: "), "{text}");
        assert!(!text.contains("ui.") && !text.contains("{"), "a text is missing: {text}");
    }

    #[test]
    fn a_run_that_was_stopped_is_called_so() {
        let zone = Zone::parse("example.org. SOA ns.example.org. hostmaster.example.org. 1 3600").unwrap();
        let target = Target::domain(Name::parse("example.org").unwrap());
        let mut session = Session::new(target, Rc::default(), ListKeys::default());
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
