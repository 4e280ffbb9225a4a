//! Scenarios: zone text in, finding codes out.
//!
//! Each file of `tests/scenarios` holds scenarios in this form; `must` codes have to be found, `must-not` codes must
//! not, and an `only PREFIX` line says that no other code with that prefix may appear besides the `must` ones. `words-only`
//! names problems for which no record can be offered, in no scenario. `headline` names the verdict over all of it, `unchecked`
//! what it names as not checked, and `second-opinion: yes` says that a second resolver had nothing but SERVFAIL either:
//!
//! ```text
//! === two records
//! domain: example.org
//! ip: 192.0.2.1
//! must: SPF-020
//! must-not: SPF-010
//! only: SPF
//!
//! example.org. SOA ns.example.org. hostmaster.example.org. 1 3600
//! example.org. TXT "v=spf1 -all"
//! example.org. TXT "v=spf1 mx -all"
//! ```
//!
//! Every finding is rendered in every language too: a placeholder without a value or a key without a text fails.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    net::IpAddr,
    path::Path,
    sync::OnceLock,
};

use mail_triage_engine::{
    build::{dmarc, first_record, owner, spf::SpfChoices},
    change::{Fix, Safety},
    check::{Code, Level, Subject},
    dns::{Failure, Name, Negative, Outcome, Query, Record, Rtype},
    facts::Ask,
    picture::{
        Pictures,
        judgement::{self, SpfOutcome},
        spf_tree::BranchMark,
    },
    report::{CheckVerdict, FindingReport, Report, headline::HeadlineVerdict},
    report_text::{meaning, row_title, sentence},
    route::BuildKind,
    session::Session,
    snapshot::Snapshot,
    spf::SpfResult,
    target::{ListKeys, Target},
    view::listings::ListAnswer,
    zone::Zone,
};

use crate::common;
use crate::common::{catalogs, shared_knowledge};

struct Scenario {
    place: String,
    target: Target,
    keys: ListKeys,
    must: BTreeSet<String>,
    must_not: BTreeSet<String>,
    only: Vec<String>,
    /// Problems whose record only somebody else can know or must change: a key that the provider makes, the address of a
    /// host, an entry of a list, a certificate. Their words say whom to ask for what.
    words_only: Vec<String>,
    /// Names that another resolver answers for, as after a fall-back.
    through: BTreeMap<String, String>,
    /// The slug of the headline, if the scenario names one.
    headline: Option<String>,
    /// What the headline names as not checked.
    unchecked: Option<Vec<String>>,
    second_opinion: bool,
    /// The text of an MTA-STS policy that was pasted.
    policy: Option<String>,
    zone: String,
}

/// Every scenario with what is found in it. Each is run once, whatever is to be shown of it.
fn scenarios() -> &'static [(Scenario, Report)] {
    static ALL: OnceLock<Vec<(Scenario, Report)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut files: Vec<_> =
            fs::read_dir("tests/scenarios").unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let scenarios = files.iter().flat_map(|file| read(file));
        scenarios
            .map(|scenario| {
                let report = run(&scenario);
                (scenario, report)
            })
            .collect()
    })
}

fn read(file: &Path) -> Vec<Scenario> {
    let text = fs::read_to_string(file).unwrap();
    let file = file.file_name().unwrap().to_string_lossy();
    text.split("=== ").skip(1).map(|part| scenario(&file, part)).collect()
}

fn scenario(file: &str, text: &str) -> Scenario {
    let (title, rest) = text.split_once('\n').unwrap();
    let (head, zone) = rest.split_once("\n\n").unwrap_or((rest, ""));
    let mut scenario = Scenario {
        place: format!("{file}: {title}"),
        target: Target::default(),
        keys: ListKeys::default(),
        must: BTreeSet::new(),
        must_not: BTreeSet::new(),
        only: Vec::new(),
        words_only: Vec::new(),
        through: BTreeMap::new(),
        headline: None,
        unchecked: None,
        second_opinion: false,
        policy: None,
        zone: zone.to_owned(),
    };
    for line in head.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let (field, value) = line.split_once(':').unwrap_or_else(|| panic!("{}: {line:?}", scenario.place));
        let value = value.trim();
        let words = || value.split_ascii_whitespace().map(str::to_owned);
        let name = || Name::parse(value).unwrap();
        match field {
            "domain" => scenario.target.domain = Some(name()),
            "ip" => scenario.target.ips = words().map(|ip| ip.parse().unwrap()).collect(),
            "own" => scenario.target.connection_ip = Some(value.parse().unwrap()),
            "helo" => scenario.target.helo = Some(name()),
            "recipient" => scenario.target.recipient = Some(name()),
            "local-part" => scenario.target.local_part = Some(value.to_owned()),
            "selectors" => scenario.target.selectors = words().collect(),
            "policy" => scenario.policy = Some(value.replace(" | ", "\n")),
            "receiving-too" => scenario.target.receiving_too = value == "yes",
            "key" => {
                let (name, key) = value.split_once(' ').unwrap();
                scenario.keys.set(name, key);
            }
            "through" => {
                let (name, resolver) = value.split_once(' ').unwrap();
                scenario.through.insert(name.to_owned(), resolver.to_owned());
            }
            "headline" => scenario.headline = Some(value.to_owned()),
            "unchecked" => scenario.unchecked = Some(words().collect()),
            "second-opinion" => scenario.second_opinion = value == "yes",
            "must" => scenario.must.extend(words()),
            "must-not" => scenario.must_not.extend(words()),
            "only" => scenario.only.extend(words()),
            "words-only" => scenario.words_only.extend(words()),
            other => panic!("{}: no such field: {other}", scenario.place),
        }
    }
    let mut named = scenario.must.iter().chain(&scenario.must_not).chain(&scenario.words_only);
    let known = named.all(|id| Code::from_id(id).is_some());
    assert!(known, "{}: a code that is not in the table", scenario.place);
    scenario
}

fn run(scenario: &Scenario) -> Report {
    run_mended(scenario, None)
}

impl Scenario {
    /// What is drawn of it, if it is about a domain.
    fn pictures(&self) -> Option<Pictures> {
        self.target.domain.as_ref()?;
        Some(Pictures::of(&session(self, None).cx()))
    }
}

/// Runs a scenario as if `fix` were published.
fn run_mended(scenario: &Scenario, fix: Option<&Fix>) -> Report {
    let report = session(scenario, fix).report();
    assert!(!report.running, "{}: the run does not end", scenario.place);
    report
}

fn session(scenario: &Scenario, fix: Option<&Fix>) -> Session {
    let new: Vec<String> = fix.map_or_else(Vec::new, |fix| {
        let line = |text: &String| match fix.rtype {
            Rtype::Txt => {
                format!("{} TXT \"{}\"", fix.owner, text.replace('\\', "\\\\").replace('"', "\\\""))
            }
            rtype => format!("{} {rtype} {text}", fix.owner),
        };
        fix.publish.iter().map(line).collect()
    });
    let mended = format!("{}\n{}\n", scenario.zone, new.join("\n"));
    let zone = Zone::parse(&mended).unwrap_or_else(|error| panic!("{}: {error}", scenario.place));
    let mut session = Session::new(scenario.target.clone(), shared_knowledge(), scenario.keys.clone());
    session.paste_policy(scenario.policy.clone());
    while let Some(query) = session.poll_query() {
        let mut outcome: Outcome = zone.ask(&query).unwrap().clone();
        if let Some(resolver) = scenario.through.get(query.name.as_str()) {
            outcome.meta_mut().resolver.clone_from(resolver);
        }
        if scenario.second_opinion && outcome.failure() == Some(Failure::ServFail) {
            outcome.meta_mut().confirmed = true;
        }
        if let Some(fix) = fix.filter(|fix| fix.rtype == query.rtype)
            && let Outcome::Records(answer) = &mut outcome
            && answer.records.iter().all(|record| record.owner == fix.owner)
        {
            let text = |record: &Record| match record.data.txt() {
                Some(txt) => txt.text().into_owned(),
                None => record.data.to_string(),
            };
            answer.records.retain(|record| !fix.remove.contains(&text(record)));
            if answer.records.is_empty() {
                outcome = Outcome::NoData(Negative::default());
            }
        }
        session.answer(&query, outcome);
    }
    session
}

#[test]
fn every_scenario_finds_its_codes() {
    let mut wrong = Vec::new();
    for (scenario, report) in scenarios() {
        let found: BTreeSet<String> =
            report.findings().map(|(_, finding)| finding.code.id().to_owned()).collect();
        let missing: Vec<_> = scenario.must.difference(&found).collect();
        let forbidden: Vec<_> = found.intersection(&scenario.must_not).collect();
        let extra: Vec<_> = found
            .difference(&scenario.must)
            .filter(|id| scenario.only.iter().any(|prefix| id.split('-').next() == Some(prefix)))
            .collect();
        if !(missing.is_empty() && forbidden.is_empty() && extra.is_empty()) {
            wrong.push(format!(
                "{}: missing {missing:?}, forbidden {forbidden:?}, extra {extra:?}; found {found:?}",
                scenario.place
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// As a link, what a scenario saw gives somebody else the same report, to the byte; but for what is the user's own.
#[test]
fn what_every_scenario_saw_gives_the_same_report_out_of_a_link() {
    let mut compared = 0;
    let is_of_sender = |target: &Target| target.domain.is_some() || !target.ips.is_empty();
    for (scenario, report) in scenarios().iter().filter(|(scenario, _)| is_of_sender(&scenario.target)) {
        let seen = Snapshot::of(&session(scenario, None), &shared_knowledge(), 1_795_000_000);
        let opened = Snapshot::unpack(&seen.pack()).unwrap();
        assert_eq!(opened, seen, "{}", scenario.place);
        let again = opened.run(shared_knowledge()).session().report();
        let own = scenario.policy.is_some() || scenario.keys != ListKeys::default();
        if !own && seen.target == scenario.target {
            let json = |report: &Report| serde_json::to_string(report).unwrap();
            assert_eq!(json(&again), json(report), "{}", scenario.place);
            compared += 1;
        }
    }
    assert!(compared * 10 > scenarios().len() * 9, "{compared} of {}", scenarios().len());
}

/// What a cause does to mail decides what is said first: nobody changes that in passing.
#[test]
fn what_stops_mail_is_what_was_decided() {
    const STOPS: &str = "\
        DOM-010 STS-130 SEC-030 SEC-040 SEC-070 NSH-060 NSH-120 NSH-190 BL-010 BL-020 BL-030 \
        RCP-010 RCP-020 RCP-030 PTR-030 PTR-050 MX-010 MX-050 MX-060 MX-080 MX-090 MX-100 MX-110 \
        MX-120 MX-130 SPF-010 SPF-030 SPF-040 SPF-050 SPF-060 SPF-070 SPF-090 SPF-110 SPF-130 \
        SPF-140 SPF-150 SPF-160 SPF-300 SPF-380 SPF-410 SPF-420 SPF-450 DMA-230";
    let stops: BTreeSet<&str> =
        Code::all().filter(|code| code.level() == Level::Stops).map(|code| code.id()).collect();
    assert_eq!(stops, STOPS.split_whitespace().collect());
}

/// Nothing that stops mail passes, and nothing passes that could not be checked.
#[test]
fn a_verdict_is_that_of_the_worst_finding() {
    let mut seen = BTreeSet::new();
    for (scenario, report) in scenarios() {
        for check in &report.checks {
            let has = |level| check.findings.iter().any(|finding| finding.level == level);
            let wanted = match () {
                () if has(Level::Stops) => CheckVerdict::Problem,
                () if has(Level::Improve) => CheckVerdict::Improve,
                () if has(Level::Unknown) => CheckVerdict::Unknown,
                () if has(Level::Pass) => CheckVerdict::Pass,
                () => CheckVerdict::NotApplicable,
            };
            assert_eq!(check.verdict, wanted, "{}: {}", scenario.place, check.id);
            seen.insert(wanted);
        }
        for step in &report.steps {
            let mine = report.checks.iter().filter(|check| check.step == step.step);
            let verdicts: BTreeSet<CheckVerdict> = mine.map(|check| check.verdict).collect();
            let worst =
                [CheckVerdict::Problem, CheckVerdict::Improve, CheckVerdict::Unknown, CheckVerdict::Pass]
                    .into_iter()
                    .find(|verdict| verdicts.contains(verdict));
            assert_eq!(step.verdict, worst.unwrap_or(CheckVerdict::NotApplicable), "{}", scenario.place);
        }
    }
    assert_eq!(seen.len(), 5, "{seen:?}");
}

#[test]
fn every_headline_has_a_scenario_and_is_what_it_says() {
    let mut wrong = Vec::new();
    let mut said = BTreeSet::new();
    for (scenario, report) in scenarios().iter().filter(|(scenario, _)| scenario.headline.is_some()) {
        let headline = &report.headline;
        if scenario.headline.as_deref() != Some(headline.verdict.as_str())
            || scenario.unchecked.as_ref().is_some_and(|wanted| *wanted != headline.unchecked)
        {
            wrong.push(format!("{}: {headline:?}", scenario.place));
        }
        said.insert(headline.verdict);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // How these come about is told where resolvers and stopped runs are tested.
    let elsewhere = [HeadlineVerdict::Unfinished, HeadlineVerdict::ResolverUntruthful];
    let bare: Vec<_> = HeadlineVerdict::ALL
        .iter()
        .filter(|says| !said.contains(says) && !elsewhere.contains(says))
        .collect();
    assert!(bare.is_empty(), "no scenario has the headline {bare:?}");
}

#[test]
fn one_address_on_six_lists_is_one_cause() {
    let lists =
        ["bl.spamcop.net", "psbl.surriel.com", "bl.mailspike.net", "bl.blocklist.de", "dnsbl.dronebl.org"];
    let records: String = lists
        .iter()
        .map(|list| format!("44.33.22.11.{list}. A 127.0.0.2\n2.0.0.127.{list}. A 127.0.0.2\n"))
        .collect();
    let text = format!(
        "six lists\nip: 11.22.33.44 11.22.33.45\n\n{records}45.33.22.11.bl.spamcop.net. A 127.0.0.2\n\
         44.33.22.11.in-addr.arpa. PTR out.example.org.\nout.example.org. A 11.22.33.44\n"
    );
    let report = run(&scenario("here", &text));
    let listed = |row: &Vec<(usize, usize)>| {
        let all: Vec<_> = row.iter().map(|&place| report.finding(place).unwrap()).collect();
        assert!(all.iter().all(|f| (f.code, &f.subject) == (all[0].code, &all[0].subject)));
        (all[0].code.id(), all[0].subject.to_string(), row.len())
    };
    let rows: Vec<_> = report.rows.iter().map(listed).filter(|(id, ..)| id.starts_with("BL-")).collect();
    let of = |ip: &str| rows.iter().filter(|(_, subject, _)| subject == ip).collect::<Vec<_>>();
    assert_eq!(of("11.22.33.44").len(), 1, "{rows:?}");
    assert_eq!(of("11.22.33.44")[0].2, lists.len());
    assert_eq!(of("11.22.33.45")[0].2, 1);
    assert_eq!(report.summary.stops + report.summary.improve, report.rows.len());
    assert_eq!(report.rows.iter().flatten().count(), report.causes.len());
    let (_, catalog) = catalogs().into_iter().find(|(language, _)| language == "en").unwrap();
    let row = report.rows.iter().find(|row| row.len() > 1).unwrap();
    let title = row_title(&report, row, &catalog, common::plural).unwrap();
    assert!(title.starts_with("11.22.33.44 is on 5 blocklists: "), "{title}");
    // In the list of causes the gravest of a row decides where it stands.
    let weight = |row: &Vec<(usize, usize)>| {
        let first = report.finding(row[0]).unwrap();
        (first.level, std::cmp::Reverse(first.weight))
    };
    assert!(report.rows.is_sorted_by_key(weight));
}

#[test]
fn a_safe_fix_mends_what_it_is_for() {
    let mut mended = BTreeSet::new();
    let mut wrong = Vec::new();
    for (scenario, before) in scenarios() {
        for (_, finding) in before.findings() {
            let Some(fix) = finding.fix.as_ref().filter(|fix| fix.safety == Safety::Safe) else { continue };
            let after = run_mended(scenario, Some(fix));
            let count = |report: &Report| {
                let same =
                    |other: &FindingReport| other.code == finding.code && other.subject == finding.subject;
                report.findings().filter(|(_, other)| same(other)).count()
            };
            let still = count(&after) >= count(before);
            if still {
                wrong.push(format!("{}: {} is still there after {fix:?}", scenario.place, finding.code.id()));
            }
            mended.insert(finding.code.id());
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(mended.contains("DKI-200") && mended.contains("STS-030"), "{mended:?}");
}

/// Whether a domain shows that it sends mail, read from the zone and not as the checks read it: the user names a
/// sender, or it receives, offers a server for outgoing mail, lets somebody send by SPF, or has a DKIM key.
fn shows_that_it_sends(scenario: &Scenario) -> bool {
    let Some(domain) = &scenario.target.domain else { return false };
    let zone = Zone::parse(&scenario.zone).unwrap();
    let records = |name: &str, rtype| {
        let query = Query::new(Name::parse(name).unwrap(), rtype);
        zone.ask(&query).unwrap().records().iter().map(|record| record.data.to_string()).collect::<Vec<_>>()
    };
    let keys = scenario.zone.lines().filter_map(|line| line.split_whitespace().next()).filter(|owner| {
        owner.trim_end_matches('.').ends_with(&format!("._domainkey.{domain}")) && !owner.starts_with('*')
    });
    !scenario.target.ips.is_empty()
        || scenario.target.local_part.is_some()
        || records(domain.as_str(), Rtype::Mx).iter().any(|mx| !mx.ends_with(" ."))
        || ["_submission", "_submissions"].iter().any(|service| {
            records(&format!("{service}._tcp.{domain}"), Rtype::Srv).iter().any(|srv| !srv.ends_with(" ."))
        })
        || records(domain.as_str(), Rtype::Txt).iter().any(|text| {
            text.contains("v=spf1 ")
                && text.split([' ', '"']).any(|term| {
                    ["include:", "ip4:", "ip6:", "a:", "mx", "redirect="].iter().any(|t| term.starts_with(t))
                })
        })
        || keys.take(1).any(|name| {
            let known = ["google.", "selector1.", "selector2."].iter().any(|known| name.starts_with(known));
            known && records(name, Rtype::Txt).iter().any(|key| key.len() > 100)
        })
}

#[test]
fn nobody_who_sends_is_told_to_say_that_they_do_not() {
    let mut told = 0;
    let mut wrong = Vec::new();
    for (scenario, report) in scenarios() {
        let sends = shows_that_it_sends(scenario);
        for (_, finding) in report.findings() {
            let texts = finding.fix.iter().flat_map(|fix| &fix.publish);
            for text in texts.filter(|text| matches!(text.as_str(), "0 ." | "v=spf1 -all" | "v=spf1 ~all")) {
                told += 1;
                if sends {
                    wrong.push(format!("{}: {} publishes {text}", scenario.place, finding.code.id()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(told > 10, "only {told} were told");
}

#[test]
fn the_stages_of_a_roll_out_follow_each_other() {
    let next = |title: &str, code: &str| {
        let place = format!("dmarc.txt: {title}");
        let (_, report) = scenarios().iter().find(|(scenario, _)| scenario.place == place).unwrap();
        let finding = report.findings().map(|(_, finding)| finding).find(|f| f.code.id() == code).unwrap();
        finding.fix.clone().map(|fix| fix.publish[0].clone())
    };
    let text = |policy: &str| Some(format!("v=DMARC1; p={policy}; rua=mailto:d@example.org"));
    assert_eq!(next("watched for long enough", "DMA-210"), text("quarantine"));
    assert_eq!(next("quarantine", "DMA-220"), text("reject"));
    assert_eq!(next("tested for long enough", "DMA-200"), text("reject"));
    // Without a key that anybody saw there is no next stage.
    assert_eq!(next("a policy that is tested", "DMA-200"), None);
}

#[test]
fn every_problem_that_a_record_mends_offers_that_record() {
    let (mut seen, mut mended, mut words_only) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (scenario, report) in scenarios() {
        words_only.extend(scenario.words_only.iter().map(String::as_str));
        for finding in report.checks.iter().flat_map(|check| &check.findings) {
            if matches!(finding.level, Level::Stops | Level::Improve) {
                seen.insert(finding.code.id());
                mended.extend(finding.fix.as_ref().map(|_| finding.code.id()));
            }
        }
    }
    let without: BTreeSet<&str> = seen.difference(&mended).copied().collect();
    let (unsaid, wrong): (Vec<_>, Vec<_>) =
        (without.difference(&words_only).collect(), words_only.difference(&without).collect());
    assert!(unsaid.is_empty(), "nothing is offered, and no scenario says `words-only`: {unsaid:?}");
    assert!(wrong.is_empty(), "a record is offered, or it is no problem: {wrong:?}");
}

/// "Choose what stays" begins with the present record, the proposed removals taken out; ticking them again gives the
/// present record back.
#[test]
fn the_builder_begins_with_what_the_check_proposes() {
    let (mut proposed, mut nothing) = (0, 0);
    for (scenario, report) in scenarios() {
        let zone = Zone::parse(&scenario.zone).unwrap();
        for (_, finding) in report.findings().filter(|(_, finding)| finding.code == Code::Spf090) {
            let Subject::Name(domain) = &finding.subject else { panic!("{}", scenario.place) };
            let outcome = zone.ask(&Query::new(domain.clone(), Rtype::Txt)).unwrap();
            let (before, present) = SpfChoices::of_records(outcome);
            assert_eq!(before.len(), 1, "{}", scenario.place);
            let Some(fix) = &finding.fix else {
                nothing += 1;
                continue;
            };
            let mut choices = present.clone();
            let gone = choices.give_up(&fix.publish[0]);
            assert_eq!(choices.record(), fix.publish[0], "{}", scenario.place);
            // What is marked in the finding is what is not ticked; a term that stands there twice is one choice.
            let marked =
                finding.labels.iter().map(|label| label.text[label.span.clone()].to_ascii_lowercase());
            let marked: BTreeSet<String> = marked.filter(|term| !term.is_empty()).collect();
            let unticked: BTreeSet<String> =
                gone.iter().map(|item| item.term().to_ascii_lowercase()).collect();
            let twice =
                |term: &&String| choices.items.iter().any(|item| item.term().eq_ignore_ascii_case(term));
            let marked: BTreeSet<String> = marked.iter().filter(|term| !twice(term)).cloned().collect();
            assert_eq!(unticked, marked, "{}", scenario.place);
            gone.into_iter().for_each(|item| choices.put_back(item, &present.items));
            assert_eq!(choices, present, "{}", scenario.place);
            proposed += 1;
        }
    }
    assert!(proposed >= 2 && nothing >= 2, "{proposed} with a proposal, {nothing} without");
}

/// Where nothing stands that receivers read, whoever puts a record together begins with the one that the check proposes.
#[test]
fn the_first_record_is_the_one_that_the_check_proposes() {
    use Code::{Dma010, Dma040, Dma050, Dma060, Spf010, Spf020, Spf030, Spf040, Spf050, Spf370};
    let kinds = [
        (BuildKind::Spf, &[Spf010, Spf020, Spf030, Spf040, Spf050, Spf370][..], 40),
        (BuildKind::Dmarc, &[Dma010, Dma040, Dma050, Dma060][..], 40),
    ];
    for (kind, codes, least) in kinds {
        let mut compared = 0;
        for (scenario, report) in scenarios() {
            let Some(domain) = &scenario.target.domain else { continue };
            let about = |finding: &&FindingReport| {
                codes.contains(&finding.code) && finding.subject == Subject::Name(domain.clone())
            };
            let session = session(scenario, None);
            let facts = session.facts();
            let outcome = facts.ask(&Query::new(owner(kind, domain), Rtype::Txt)).unwrap();
            // At the name itself, or where an alias or a wildcard leads from it; not at a name above.
            let stands = outcome.records().first().map(|record| &record.owner);
            let here = |fix: &Fix| fix.owner == owner(kind, domain) || stands == Some(&fix.owner);
            // A text that is no record may go beside one that stays: nothing is proposed then.
            let proposes = |finding: &FindingReport, fix: &Fix| {
                here(fix) && (!fix.publish.is_empty() || finding.code == Dma040)
            };
            let mut findings = report.findings().map(|(_, finding)| finding).filter(about);
            let Some((finding, fix)) = findings.find_map(|finding| {
                Some((finding, finding.fix.as_ref().filter(|fix| proposes(finding, fix))?))
            }) else {
                continue;
            };
            // Of several records one may stay; it is begun with as it is written anew.
            let stays =
                finding.labels.iter().map(|label| &label.text).find(|text| !fix.remove.contains(text));
            let stays = stays.map(|text| dmarc::DmarcChoices::read(text).record());
            let first = first_record(kind, domain, report, &session.cx());
            assert_eq!(first, fix.publish.first().cloned().or(stays), "{}", scenario.place);
            compared += 1;
        }
        assert!(compared >= least, "{kind:?}: {compared}");
    }
}

/// Whoever shows what a finding says of a list looks it up in the view.
#[test]
fn what_a_list_answers_stands_once_in_the_view_for_every_finding_about_it() {
    let mut about_lists = 0;
    for (scenario, report) in scenarios() {
        let place = &scenario.place;
        for (check, finding) in report.findings().filter(|(check, _)| check.id.asks_lists()) {
            let of_a_list = common::arg(&finding.args, "id").is_string();
            assert_eq!(
                finding.listing.is_some(),
                of_a_list,
                "{place}: {} of {}",
                finding.code.id(),
                check.id
            );
            let Some(listing) = report.listing(finding) else { continue };
            about_lists += 1;
            assert_eq!(listing.subject, finding.subject, "{place}");
            let held = matches!(listing.answer, ListAnswer::Listed(_) | ListAnswer::UnknownCode(_));
            let entry = finding.code == Code::Bl110
                || matches!(finding.level, Level::Stops | Level::Improve | Level::Info)
                || finding.code == Code::Bl120;
            assert_eq!(held, entry, "{place}: {} and {:?}", finding.code.id(), listing.answer);
        }
        let mut rows: Vec<_> = report.views.listings.iter().map(|one| (&one.subject, &one.list.id)).collect();
        let all = rows.len();
        rows.sort();
        rows.dedup();
        assert_eq!(rows.len(), all, "{place}: a list is told twice of one subject");
    }
    assert!(about_lists > 200, "{about_lists}");
}

/// Where the checks offer the record that stands there put right, whoever changes it begins with what they offer.
#[test]
fn a_record_that_is_put_right_is_begun_with_as_the_check_puts_it_right() {
    use Code::{Dma110, Dma120, Dma130, Dma140, Dma150, Dma160, Dma170, Dma180, Dma190};
    use Code::{Dma320, Dma330, Dma400, Dma420};
    let codes = [
        Dma110, Dma120, Dma130, Dma140, Dma150, Dma160, Dma170, Dma180, Dma190, Dma320, Dma330, Dma400,
        Dma420,
    ];
    let mut compared = BTreeSet::new();
    for (scenario, report) in scenarios() {
        let Some(domain) = &scenario.target.domain else { continue };
        let about = |finding: &&FindingReport| {
            codes.contains(&finding.code) && finding.subject == Subject::Name(domain.clone())
        };
        let findings = report.findings().map(|(_, finding)| finding).filter(about);
        let fixes: Vec<_> = findings.filter_map(|found| Some((found.code, found.fix.as_ref()?))).collect();
        if fixes.is_empty() {
            continue;
        }
        let first = first_record(BuildKind::Dmarc, domain, report, &session(scenario, None).cx());
        for (code, fix) in fixes {
            assert_eq!(first.as_ref(), fix.publish.first(), "{} {}", scenario.place, code.id());
            compared.insert(code);
        }
    }
    assert_eq!(compared.len(), codes.len(), "{compared:?}");
}

/// The picture of the tree and the finding beside it count the same lookups, and the picture lets no provider send by a
/// record of which the finding says that receivers give up.
#[test]
fn the_picture_of_the_tree_and_the_finding_agree() {
    let (mut over, mut within) = (0, 0);
    for (scenario, report) in scenarios() {
        let Some(tree) = scenario.pictures().and_then(|pictures| pictures.spf) else { continue };
        let of = |code: Code| report.findings().find(|(_, f)| f.code == code).map(|(_, f)| f);
        let number =
            |finding: &FindingReport, arg: &str| common::arg(&finding.args, arg).as_u64().unwrap() as usize;
        let place = &scenario.place;
        assert_eq!(tree.is_over(), of(Code::Spf090).is_some(), "{place}");
        let beyond = tree.rows.iter().filter(|row| row.marks.contains(&BranchMark::Exceeds)).count();
        match of(Code::Spf090).or(of(Code::Spf100)) {
            Some(finding) if finding.code == Code::Spf090 => {
                over += 1;
                assert_eq!((number(finding, "n"), &tree.services[..]), (tree.lookups, &[][..]), "{place}");
                assert!(beyond <= 1 && (beyond == 1 || tree.left_out > 0), "{place}: {beyond} marks");
            }
            other => {
                within += 1;
                assert_eq!(beyond, 0, "{place}");
                let said = other.map_or(tree.lookups, |finding| number(finding, "n"));
                assert_eq!(said, tree.lookups, "{place}");
            }
        }
    }
    assert!(over > 5 && within > 50, "{over} over the limit, {within} within");
}

/// Findings that say that the record is an error for receivers.
const SPF_ERRORS: [&str; 9] =
    ["SPF-030", "SPF-060", "SPF-090", "SPF-110", "SPF-130", "SPF-140", "SPF-150", "SPF-160", "SPF-380"];

/// A receiver that finds a sender early passes it, whatever comes after. That is said of an address only, and only where
/// the finding about that address says so too.
#[test]
fn no_picture_says_pass_of_a_record_that_is_an_error() {
    let mut wrong = Vec::new();
    let (mut broken, mut drawn) = (0, BTreeSet::new());
    for (scenario, report) in scenarios() {
        let Some(pictures) = scenario.pictures() else { continue };
        let findings = || report.findings().map(|(_, finding)| finding);
        let errors: Vec<_> = findings().filter(|f| SPF_ERRORS.contains(&f.code.id())).collect();
        let passes = |ip: &IpAddr| {
            findings().any(|f| f.code.id() == "SPF-400" && common::arg(&f.args, "ip") == ip.to_string())
        };
        let services = pictures.spf.iter().flat_map(|tree| &tree.services);
        let ways = pictures.spf.iter().flat_map(|tree| &tree.paths);
        let judged = pictures.judged.iter().flat_map(|judged| &judged.senders);
        if errors.is_empty() {
            drawn.extend(services.cloned());
            continue;
        }
        broken += 1;
        wrong.extend(services.map(|name| format!("{}: {name} may send", scenario.place)));
        let ways = ways.filter(|path| path.result == SpfResult::Pass).map(|path| Some(path.ip));
        let judged = judged
            .filter(|sender| {
                matches!(&sender.spf, SpfOutcome::Result(SpfResult::Pass, _))
                    || sender.verdict == judgement::DmarcVerdict::Pass
            })
            .map(|sender| sender.ip);
        let loose = ways.chain(judged).filter(|ip| !ip.as_ref().is_some_and(passes));
        wrong.extend(loose.map(|ip| format!("{}: {ip:?} passes", scenario.place)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(broken > 30 && !drawn.is_empty(), "{broken} broken records, {drawn:?}");
}

#[test]
fn nothing_is_to_be_changed_at_an_alias() {
    let mut behind = 0;
    for (scenario, report) in scenarios() {
        let zone = Zone::parse(&scenario.zone).unwrap();
        for (_, finding) in report.findings() {
            let Some(fix) = finding.fix.as_ref().filter(|fix| fix.rtype == Rtype::Txt) else { continue };
            let there = zone.ask(&Query::new(fix.owner.clone(), fix.rtype)).unwrap();
            // The alias of a wildcard gives way to what is published at the name, and one may go with the change.
            let published = scenario.zone.lines().any(|line| line.starts_with(&format!("{}. ", fix.owner)));
            let goes = finding.also.iter().any(|also| also.rtype == Rtype::Cname && also.owner == fix.owner);
            let sound = there.chain().is_empty() || !published || goes;
            assert!(sound, "{}: {} changes {fix:?}", scenario.place, finding.code.id());
            behind += usize::from(finding.labels.iter().any(|label| label.name != fix.owner));
        }
    }
    assert!(behind > 0, "no fix was moved");
}

#[test]
fn every_code_has_a_scenario() {
    let covered: BTreeSet<&String> = scenarios().iter().flat_map(|(scenario, _)| &scenario.must).collect();
    let bare: Vec<_> =
        Code::all().map(Code::id).filter(|id| !covered.iter().any(|covered| covered == id)).collect();
    assert!(bare.is_empty(), "no scenario triggers {bare:?}");
}

#[test]
fn every_finding_reads_as_a_sentence_in_every_language() {
    let mut wrong = BTreeSet::new();
    let catalogs = catalogs();
    for (_, report) in scenarios() {
        for (language, catalog) in &catalogs {
            for note in report.rules.iter().filter_map(|line| line.note) {
                if catalog.get(&format!("rules.note.{note}")).is_none() {
                    wrong.insert(format!("{language} lacks rules.note.{note}"));
                }
            }
            let mut sentences: Vec<String> =
                sentence(report, catalog, common::plural).into_iter().map(|(_, text)| text).collect();
            sentences.push(meaning(report, catalog, common::plural));
            let title = |row: &Vec<_>| row_title(report, row, catalog, common::plural).unwrap();
            sentences.extend(report.rows.iter().map(title));
            let raw = |text: &&String| {
                text.replace("%{", "").contains('{') || text.starts_with("headline.") || text.contains(".row")
            };
            wrong.extend(sentences.iter().filter(raw).map(|text| format!("{language}: {text}")));
            for (_, finding) in report.findings() {
                for part in ["title", "why", "do"] {
                    let key = format!("finding.{}.{part}", finding.code.id());
                    let optional = part != "title";
                    if optional
                        && catalog.get(&key).is_none()
                        && catalog.get(&format!("{key}.other")).is_none()
                    {
                        continue;
                    }
                    let said = catalog.say(&key, &finding.args, common::plural);
                    let raw_key = said == key || said.contains("failure.");
                    // A macro of the record that is quoted is no placeholder.
                    if raw_key || said.replace("%{", "").contains('{') {
                        wrong.insert(format!("{language} {key}: {said}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
