//! The scenarios of the native tests (`tests/scenarios`, whose form `tests/native/scenarios.rs` describes): the one that shows
//! a code best is its example.

use std::{collections::BTreeMap, fs, io, path::Path, rc::Rc};

use mail_triage_engine::{
    check::{CheckId, Code},
    dns::{Failure, Name, Outcome},
    facts::Ask,
    knowledge::Knowledge,
    report::{Evidence, FindingReport, Report},
    session::Session,
    target::{ListKeys, Target},
    zone::Zone,
};

/// A finding as it came about in a scenario.
pub struct Shown {
    /// The check that found it.
    pub check: CheckId,
    /// The finding.
    pub finding: FindingReport,
    /// What was asked to find it, and what came of it.
    pub evidence: Vec<Evidence>,
}

impl Shown {
    fn of(report: &Report, check: CheckId, finding: &FindingReport) -> Self {
        let evidence = finding.evidence.iter().filter_map(|&at| report.evidence.get(at)).cloned().collect();
        Self { check, finding: finding.clone(), evidence }
    }

    /// How much there is to be seen of it: a marked part above all, then a change that mends it.
    fn worth(&self) -> (bool, bool, bool) {
        let finding = &self.finding;
        (
            finding.labels.iter().any(|label| !label.span.is_empty()),
            finding.fix.is_some(),
            !finding.labels.is_empty(),
        )
    }
}

/// The example of each code; of those that show as much, the first one.
pub(crate) fn shown(root: &Path, knowledge: &Knowledge) -> io::Result<BTreeMap<Code, Shown>> {
    let knowledge = Rc::new(knowledge.clone());
    let mut files: Vec<_> =
        fs::read_dir(root.join("tests/scenarios"))?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    let mut shown: BTreeMap<Code, Shown> = BTreeMap::new();
    for file in files {
        let text = fs::read_to_string(&file)?;
        for part in text.split("=== ").skip(1) {
            let wrong = |what: String| io::Error::other(format!("{}: {what}", file.display()));
            let scenario = Scenario::read(part).map_err(wrong)?;
            if scenario.must.is_empty() {
                continue;
            }
            let report = scenario.run(&knowledge).map_err(wrong)?;
            for (check, finding) in
                report.findings().filter(|(_, finding)| scenario.must.contains(&finding.code))
            {
                let new = Shown::of(&report, check.id, finding);
                let better = shown.get(&finding.code).is_none_or(|old| new.worth() > old.worth());
                if better {
                    shown.insert(finding.code, new);
                }
            }
        }
    }
    Ok(shown)
}

#[derive(Default)]
struct Scenario {
    target: Target,
    keys: ListKeys,
    must: Vec<Code>,
    /// Names that another resolver answers for.
    through: BTreeMap<String, String>,
    second_opinion: bool,
    policy: Option<String>,
    zone: String,
}

impl Scenario {
    fn read(text: &str) -> Result<Self, String> {
        let (title, rest) = text.split_once('\n').ok_or("a scenario without a line")?;
        let (head, zone) = rest.split_once("\n\n").unwrap_or((rest, ""));
        let mut scenario = Self { zone: zone.to_owned(), ..Self::default() };
        for line in head.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let (field, value) = line.split_once(':').ok_or_else(|| format!("{title}: {line}"))?;
            scenario.take(field, value.trim()).ok_or_else(|| format!("{title}: {line}"))?;
        }
        Ok(scenario)
    }

    /// Takes a line in; none where it cannot be read.
    fn take(&mut self, field: &str, value: &str) -> Option<()> {
        let words = || value.split_ascii_whitespace().map(str::to_owned);
        let target = &mut self.target;
        match field {
            "domain" => target.domain = Some(Name::parse(value).ok()?),
            "ip" => target.ips = words().map(|ip| ip.parse().ok()).collect::<Option<_>>()?,
            "own" => target.connection_ip = Some(value.parse().ok()?),
            "helo" => target.helo = Some(Name::parse(value).ok()?),
            "recipient" => target.recipient = Some(Name::parse(value).ok()?),
            "local-part" => target.local_part = Some(value.to_owned()),
            "selectors" => target.selectors = words().collect(),
            "policy" => self.policy = Some(value.replace(" | ", "\n")),
            "receiving-too" => target.receiving_too = value == "yes",
            "key" => {
                let (name, key) = value.split_once(' ')?;
                self.keys.set(name, key);
            }
            "through" => {
                let (name, resolver) = value.split_once(' ')?;
                self.through.insert(name.to_owned(), resolver.to_owned());
            }
            "second-opinion" => self.second_opinion = value == "yes",
            "must" => self.must.extend(words().filter_map(|id| Code::from_id(&id))),
            // What must not be found, and what is said over all of it, is for the tests.
            _ => {}
        }
        Some(())
    }

    fn run(&self, knowledge: &Rc<Knowledge>) -> Result<Report, String> {
        let zone = Zone::parse(&self.zone).map_err(|error| error.to_string())?;
        let mut session = Session::new(self.target.clone(), Rc::clone(knowledge), self.keys.clone());
        session.paste_policy(self.policy.clone());
        while let Some(query) = session.poll_query() {
            let mut outcome: Outcome = zone.ask(&query).map_err(|_| "a zone that does not answer")?.clone();
            if let Some(resolver) = self.through.get(query.name.as_str()) {
                outcome.meta_mut().resolver.clone_from(resolver);
            }
            if self.second_opinion && outcome.failure() == Some(Failure::ServFail) {
                outcome.meta_mut().confirmed = true;
            }
            session.answer(&query, outcome);
        }
        Ok(session.report())
    }
}
