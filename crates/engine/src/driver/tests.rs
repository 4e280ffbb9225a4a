use super::*;
use crate::{
    change::{Fix, Safety},
    check::Level,
    dns::{Failure, Name, Negative, Outcome, OwnAddress, Rtype},
    facts::{Ask, Facts, Step},
    overlay::Overlay,
    report::Report,
    source::Deliver,
    target::{ListKeys, Target},
    zone::Zone,
};

const ZONE: &str = "shop.example. SOA ns. host. 1 1\n MX 10 mx.shop.example.\n TXT \"v=spf1 mx -all\"\n\
                    mx.shop.example. A 11.22.33.44\n";

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn session() -> Session {
    Session::new(Target::domain(name("shop.example")), Rc::default(), ListKeys::default())
}

fn ignored() -> Box<dyn Fn(&Session)> {
    Box::new(|_| {})
}

fn report_from(source: impl Source + 'static) -> Report {
    let driver = Driver::start(session(), Box::new(source), ignored());
    assert!(driver.is_done());
    driver.session().report()
}

fn codes(report: &Report) -> Vec<&str> {
    report.findings().map(|(_, finding)| finding.code.id()).collect()
}

#[test]
fn a_zone_what_was_recorded_and_an_overlay_are_asked_in_the_same_way() {
    let zone = || Zone::parse(ZONE).unwrap();
    let mut polled = session();
    while let Some(query) = polled.poll_query() {
        polled.answer(&query, zone().ask(&query).unwrap().clone());
    }
    let expected = polled.report();
    assert!(codes(&expected).len() > 5);
    assert_eq!(report_from(zone()), expected);
    let recorded = polled.facts().clone();
    assert_eq!(report_from(recorded.clone()), expected);
    assert_eq!(report_from(Overlay::new(zone())), expected);

    let fix =
        Fix::at(&name("_dmarc.shop.example"), Rtype::Txt, Safety::Decide).publishing(["v=DMARC1; p=reject"]);
    let [over_zone, over_facts] =
        [report_from(Overlay::with_fix(zone(), &fix)), report_from(Overlay::with_fix(recorded, &fix))];
    assert_eq!(codes(&over_facts), codes(&over_zone));
    assert_ne!(codes(&over_zone), codes(&expected));
}

#[test]
fn what_was_not_recorded_could_not_be_checked() {
    let report = report_from(Facts::default());
    assert!(!report.evidence.is_empty());
    for evidence in &report.evidence {
        assert_eq!(evidence.outcome.failure(), Some(Failure::NotRecorded), "{}", evidence.query);
    }
    let levels: Vec<Level> = report.findings().map(|(_, finding)| finding.level).collect();
    assert!(levels.contains(&Level::Unknown));
    assert!(levels.iter().all(|&level| level >= Level::Unknown), "{levels:?}");
}

/// A source that answers when it is told to, and keeps what it was told.
#[derive(Default)]
struct Slow {
    bring: RefCell<Option<Deliver>>,
    asked: RefCell<Vec<(Question, bool)>>,
    renewed: Cell<usize>,
    cancelled: Cell<bool>,
    distrusted: RefCell<Vec<String>>,
}

impl Source for Rc<Slow> {
    fn connect(&self, bring: Deliver) {
        *self.bring.borrow_mut() = Some(bring);
    }

    fn answer(&self, question: &Question, is_list: bool) -> Option<Fact> {
        self.asked.borrow_mut().push((question.clone(), is_list));
        None
    }

    fn distrust(&self, resolver: &str) -> bool {
        self.distrusted.borrow_mut().push(resolver.to_owned());
        self.distrusted.borrow().len() < 2
    }

    fn renew(&self) {
        self.renewed.set(self.renewed.get() + 1);
    }

    fn cancel(&self) {
        self.cancelled.set(true);
    }
}

impl Slow {
    /// Brings what `answer` says to all that was asked, in one burst; how many that were.
    fn bring(&self, answer: impl Fn(&Question) -> Fact) -> usize {
        let asked = self.asked.take();
        let facts: Vec<_> = asked.iter().map(|(question, _)| (question.clone(), answer(question))).collect();
        if let Some(bring) = self.bring.borrow().as_ref().filter(|_| !facts.is_empty()) {
            bring(facts);
        }
        asked.len()
    }
}

fn from_zone(zone: &Zone) -> impl Fn(&Question) -> Fact {
    |question| Source::answer(zone, question, false).unwrap()
}

/// A driver over a slow source, and how often it said that something has changed.
fn slowly(session: Session) -> (Driver, Rc<Slow>, Rc<Cell<usize>>) {
    let (slow, changes) = (Rc::new(Slow::default()), Rc::new(Cell::new(0)));
    let count = changes.clone();
    let changed = Box::new(move |_: &Session| count.set(count.get() + 1));
    (Driver::start(session, Box::new(slow.clone()), changed), slow, changes)
}

#[test]
fn what_comes_in_a_burst_is_told_once() {
    let zone = Zone::parse(ZONE).unwrap();
    let (driver, slow, changes) = slowly(session());
    assert!(!driver.is_done());
    let mut bursts = 0;
    while slow.bring(from_zone(&zone)) > 0 {
        bursts += 1;
        assert_eq!(changes.get(), bursts);
    }
    assert!(bursts > 1 && driver.is_done());
    assert_eq!(driver.session().report(), report_from(zone));
}

#[test]
fn after_it_is_cancelled_or_dropped_nothing_is_asked_and_nothing_arrives() {
    let zone = Zone::parse(ZONE).unwrap();
    let (driver, slow, changes) = slowly(session());
    driver.cancel();
    assert!(driver.is_cancelled() && slow.cancelled.get());
    assert!(slow.bring(from_zone(&zone)) > 0);
    assert!(driver.session().facts().is_empty() && slow.asked.borrow().is_empty());

    let (driver, slow, more) = slowly(session());
    drop(driver);
    assert!(slow.cancelled.get());
    assert!(slow.bring(from_zone(&zone)) > 0);
    assert!(slow.asked.borrow().is_empty());
    assert_eq!((changes.get(), more.get()), (0, 0));
}

#[test]
fn another_try_asks_only_what_failed_or_what_is_named() {
    let zone = Zone::parse(ZONE).unwrap();
    let (driver, slow, _) = slowly(session());
    let failed = |question: &Question| match question {
        Question::Records(query) if query.to_string() == "shop.example MX" => {
            Fact::Records(Outcome::failed(Failure::TimedOut))
        }
        other => from_zone(&zone)(other),
    };
    while slow.bring(failed) > 0 {}
    driver.retry(None);
    assert_eq!(slow.renewed.get(), 1);
    let asked = |slow: &Slow| {
        slow.asked.borrow().iter().map(|(question, _)| question.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(asked(&slow), ["shop.example MX"]);
    while slow.bring(from_zone(&zone)) > 0 {}
    driver.retry(Some(&[Query::new(name("shop.example"), Rtype::Txt)]));
    assert_eq!(asked(&slow), ["shop.example TXT"]);
}

#[test]
fn who_denies_what_is_there_is_asked_no_more() {
    let denied = |resolver: &'static str| {
        move |question: &Question| match question {
            Question::Records(_) => {
                let mut outcome = Outcome::NxDomain(Negative::default());
                outcome.meta_mut().resolver = resolver.to_owned();
                Fact::Records(outcome)
            }
            other => Source::answer(&Facts::default(), other, false).unwrap(),
        }
    };
    let (driver, slow, _) = slowly(session());
    while slow.distrusted.borrow().is_empty() {
        assert!(slow.bring(denied("liar")) > 0);
    }
    assert_eq!(*slow.distrusted.borrow(), ["liar"]);
    assert!(!driver.is_done() && driver.session().facts().is_empty(), "what it said is asked elsewhere");
    while slow.bring(denied("other")) > 0 {}
    assert_eq!(*slow.distrusted.borrow(), ["liar", "other"]);
    let found = driver.session().report().evidence[0].outcome.failure();
    assert_eq!(found, Some(Failure::Untruthful), "there is nobody else");
}

fn own_address(cx: &crate::check::Cx<'_>) -> Step<()> {
    cx.ask_own_address().map(drop)
}

#[test]
fn the_address_of_the_connection_is_a_fact_like_any_other() {
    let driver = Driver::start(Session::asking(own_address), Box::new(Facts::default()), ignored());
    assert_eq!(driver.session().facts().ask_own_address(), Ok(&OwnAddress::NotAsked));

    let (driver, slow, changes) = slowly(Session::asking(own_address));
    assert_eq!(*slow.asked.borrow(), [(Question::OwnAddress, false)]);
    let failed = OwnAddress::Failed(Failure::Network);
    slow.bring(|_| Fact::OwnAddress(failed));
    assert_eq!((driver.session().facts().ask_own_address(), changes.get()), (Ok(&failed), 1));
    assert!(driver.is_done());
    driver.retry(None);
    let known = OwnAddress::Known("192.0.2.7".parse().unwrap());
    assert_eq!(slow.bring(|_| Fact::OwnAddress(known)), 1);
    assert_eq!(driver.session().facts().ask_own_address(), Ok(&known));
    assert!(driver.session().report().checks.is_empty());
}
