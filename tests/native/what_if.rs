//! Changes that are tried: every broken domain of the local DNS, mended by its own fixes over an overlay, is judged as the zone
//! is in which somebody has made the same changes by hand.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    fs,
    rc::Rc,
    sync::OnceLock,
    time::Instant,
};

use mail_triage_engine::{
    dns::{Name, Query},
    driver::Driver,
    facts::{Ask, Fact, Facts, Question},
    report::Report,
    session::Session,
    source::Source,
    target::{ListKeys, Target},
    what_if::{Change, SetChange, Tried, after, value},
    zone::Zone,
};

use crate::common;

fn run(domain: &Name, facts: Facts, source: Box<dyn Source>) -> Driver {
    let target = Target::domain(domain.clone());
    let session = Session::with_facts(target, common::shared_knowledge(), ListKeys::default(), facts);
    let driver = Driver::start(session, source, Box::new(|_| {}));
    assert!(driver.is_done(), "{domain}");
    driver
}

/// What a report says: codes, subjects and levels.
fn said(report: &Report) -> BTreeSet<String> {
    let all = report
        .findings()
        .map(|(_, found)| format!("{} {:?} {:?}", found.code.id(), found.level, found.subject));
    all.chain([format!("{:?}", report.headline.verdict)]).collect()
}

/// What every domain of the local DNS leans on, and whoever else stands in its own file.
fn world(domain: &str, changes: &[SetChange]) -> Zone {
    static AROUND: OnceLock<String> = OnceLock::new();
    let around = AROUND.get_or_init(|| {
        let folders = ["tops", "providers", "reverse"].map(|folder| format!("tests/lab/zones/{folder}"));
        let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
        files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap() + "\n").collect()
    });
    let mut text = around.clone();
    let file = fs::read_to_string(format!("tests/lab/zones/domains/{domain}.zone")).unwrap();
    let kept = file.lines().filter(|line| !is_taken_away(domain, line, changes));
    kept.for_each(|line| text.extend([line, "\n"]));
    text.push_str("$ORIGIN .\n");
    for change in changes {
        for data in &change.add {
            text.push_str(&format!("{}. {} {data}\n", change.owner, change.rtype));
        }
    }
    Zone::parse(&text).unwrap()
}

fn is_taken_away(domain: &str, line: &str, changes: &[SetChange]) -> bool {
    let Ok(alone) = Zone::parse(&format!("$ORIGIN {domain}.\n{line}\n")) else { return false };
    changes.iter().any(|change| {
        let query = Query::new(change.owner.clone(), change.rtype);
        let outcome = alone.ask(&query).unwrap();
        let removed: Vec<String> = change.remove.iter().map(value).collect();
        outcome.chain().is_empty()
            && outcome.records().iter().any(|record| removed.contains(&value(&record.data)))
    })
}

/// What the report proposes inside the domain's own zone.
fn proposed(report: &Report, domain: &Name) -> Vec<SetChange> {
    let mut changes: Vec<SetChange> = Vec::new();
    for (_, finding) in report.findings() {
        for fix in finding.fix.iter().chain(&finding.also) {
            let change = SetChange::of_fix(fix).filter(|change| change.owner.is_within(domain));
            let is_new = |change: &SetChange| {
                changes.iter().all(|other| (&other.owner, other.rtype) != (&change.owner, change.rtype))
            };
            changes.extend(change.filter(is_new));
        }
    }
    changes
}

#[test]
fn a_change_that_is_tried_gives_the_report_of_the_changed_zone() {
    let mut mended = 0;
    for entry in fs::read_dir("tests/lab/zones/domains").unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let domain = file.strip_suffix(".zone").unwrap();
        let name = Name::parse(domain).unwrap();
        let as_it_is = world(domain, &[]);
        let before = run(&name, Facts::default(), Box::new(as_it_is.clone()));
        let report = before.session().report();
        let changes = proposed(&report, &name);
        if changes.is_empty() {
            continue;
        }
        let known = Rc::new(RefCell::new(before.session().facts().clone()));
        let edits: Vec<_> = changes.iter().cloned().map(Change::from).collect();
        let facts = after(&known.borrow(), &edits);
        let tried = run(&name, facts, Box::new(Tried::new(edits, known, Box::new(as_it_is))));
        let by_hand = run(&name, Facts::default(), Box::new(world(domain, &changes)));
        let (tried, by_hand) = (tried.session().report(), by_hand.session().report());
        assert_eq!(said(&tried), said(&by_hand), "{domain}: {changes:?}");
        assert_ne!(said(&tried), said(&report), "{domain}: nothing has changed");
        mended += 1;
    }
    assert!(mended > 30, "{mended} domains have something to try");
}

#[test]
fn a_key_press_asks_for_what_is_new_and_for_nothing_else() {
    let name = Name::parse("bookshop.example").unwrap();
    let before = run(&name, Facts::default(), Box::new(common::lab()));
    let proposed = proposed(&before.session().report(), &name);
    let changes: Vec<_> = proposed.into_iter().map(Change::from).collect();
    let known = Rc::new(RefCell::new(before.session().facts().clone()));
    let asked = Rc::new(Cell::new(0));
    let below = Box::new(Counting(common::lab(), asked.clone()));
    let begun = Instant::now();
    let facts = after(&known.borrow(), &changes);
    let tried = run(&name, facts, Box::new(Tried::new(changes, known, below)));
    let _ = tried.session().report();
    println!("{} facts, tried within {:?}", before.session().facts().len(), begun.elapsed());
    assert!(asked.get() < 20, "{} questions", asked.get());
}

/// A zone that counts what it is asked.
struct Counting(Zone, Rc<Cell<usize>>);

impl Source for Counting {
    fn answer(&self, question: &Question, is_list: bool) -> Option<Fact> {
        self.1.set(self.1.get() + 1);
        self.0.answer(question, is_list)
    }
}
