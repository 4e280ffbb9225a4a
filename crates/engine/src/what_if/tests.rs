use super::*;
use crate::{
    driver::Driver,
    session::Session,
    target::{ListKeys, Target},
    zone::Zone,
};

const ZONE: &str = "shop.example. SOA ns. host. 1 1\n MX 10 mx.shop.example.\n TXT \"v=spf1 mx -all\"\n\
                    mx.shop.example. A 11.22.33.44\nother.example. TXT \"v=spf1 ip4:11.22.33.55 -all\"\n";

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn spf(add: &str) -> SetChange {
    let (gone, new) = (read_value(Rtype::Txt, "v=spf1 mx -all"), read_value(Rtype::Txt, add));
    SetChange {
        owner: name("shop.example"),
        rtype: Rtype::Txt,
        remove: vec![gone.unwrap()],
        add: vec![new.unwrap()],
    }
}

fn session(facts: Facts) -> Session {
    Session::with_facts(Target::domain(name("shop.example")), Rc::default(), ListKeys::default(), facts)
}

fn started(facts: Facts, source: impl Source + 'static) -> Driver {
    Driver::start(session(facts), Box::new(source), Box::new(|_| {}))
}

fn known() -> Facts {
    let driver = started(Facts::default(), Zone::parse(ZONE).unwrap());
    assert!(driver.is_done());
    driver.session().facts().clone()
}

#[test]
fn what_a_change_leads_to_is_asked_of_the_source_below_and_once() {
    let known = Rc::new(RefCell::new(known()));
    let changes = vec![spf("v=spf1 include:other.example -all").into()];
    let asked = Rc::new(RefCell::new(Vec::new()));
    struct Counting(Zone, Rc<RefCell<Vec<Question>>>);
    impl Source for Counting {
        fn answer(&self, question: &Question, is_list: bool) -> Option<Fact> {
            self.1.borrow_mut().push(question.clone());
            self.0.answer(question, is_list)
        }
    }
    let below = || Box::new(Counting(Zone::parse(ZONE).unwrap(), asked.clone()));
    let run = || {
        let facts = after(&known.borrow(), &changes);
        started(facts, Tried::new(changes.clone(), known.clone(), below()))
    };
    let first = run();
    assert!(first.is_done());
    let other = Question::Records(Query::new(name("other.example"), Rtype::Txt));
    assert!(asked.borrow().contains(&other));
    assert!(
        asked
            .borrow()
            .iter()
            .all(|question| *question != Question::Records(Query::new(name("shop.example"), Rtype::Txt)))
    );
    let before = asked.borrow().len();
    assert!(run().is_done());
    assert_eq!(asked.borrow().len(), before, "the second run asks nobody");
    let unchanged = known.borrow().get(&Query::new(name("shop.example"), Rtype::Txt)).cloned().unwrap();
    assert_eq!(unchanged.texts().next().unwrap().text(), "v=spf1 mx -all", "what stands there stays known");
}

#[test]
fn while_nobody_is_asked_what_is_not_known_stays_open() {
    let known = Rc::new(RefCell::new(known()));
    let changes = vec![spf("v=spf1 include:other.example -all").into()];
    let facts = after(&known.borrow(), &changes);
    let run = started(facts, Tried::new(changes, known, Box::new(Silence)));
    assert!(!run.is_done());
    assert!(run.session().report().running);
}

/// A source that answers when it is told to.
#[derive(Clone, Default)]
struct Slow(Rc<SlowInner>);

#[derive(Default)]
struct SlowInner {
    asked: RefCell<Vec<Question>>,
    bring: RefCell<Option<Deliver>>,
}

impl Source for Slow {
    fn connect(&self, bring: Deliver) {
        *self.0.bring.borrow_mut() = Some(bring);
    }

    fn answer(&self, question: &Question, _: bool) -> Option<Fact> {
        self.0.asked.borrow_mut().push(question.clone());
        None
    }
}

impl Slow {
    fn tell(&self, zone: &Zone) {
        let asked = self.0.asked.take();
        let answers = asked.into_iter().map(|question| {
            let fact = zone.answer(&question, false).unwrap();
            (question, fact)
        });
        let answers: Vec<_> = answers.collect();
        (self.0.bring.borrow().as_ref().unwrap())(answers);
    }
}

#[test]
fn answers_that_come_later_are_changed_too() {
    // An alias leads to the changed name, and nobody has asked for it before.
    let zone = Zone::parse(&format!("{ZONE}www.shop.example. CNAME shop.example.\n")).unwrap();
    let slow = Slow::default();
    let changes = vec![spf("v=spf1 -all").into()];
    let tried = Tried::new(changes, Rc::default(), Box::new(slow.clone()));
    let told = Rc::new(RefCell::new(Vec::new()));
    let heard = told.clone();
    tried.connect(Box::new(move |answers| heard.borrow_mut().extend(answers)));
    let question = Question::Records(Query::new(name("www.shop.example"), Rtype::Txt));
    assert_eq!(tried.answer(&question, false), None);
    while !slow.0.asked.borrow().is_empty() {
        slow.tell(&zone);
    }
    let told = told.borrow();
    let [(asked, Fact::Records(outcome))] = &told[..] else { panic!("{told:?}") };
    assert_eq!(*asked, question);
    assert_eq!(outcome.texts().next().unwrap().text(), "v=spf1 -all");
}

#[test]
fn what_replaces_a_set_needs_not_know_it() {
    let owner = name("shop.example");
    let other = read_value(Rtype::Txt, "v=spf1 include:other.example -all").unwrap();
    let replaced = Change::Replace { owner: owner.clone(), rtype: Rtype::Txt, records: vec![other.clone()] };
    let more = SetChange { remove: vec![other], ..spf("v=spf1 -all") };
    let question = Question::Records(Query::new(owner, Rtype::Txt));
    for (changes, wanted) in [
        (vec![replaced.clone()], "v=spf1 include:other.example -all"),
        (vec![spf("v=spf1 a -all").into(), replaced.clone()], "v=spf1 include:other.example -all"),
        (vec![replaced, more.into()], "v=spf1 -all"),
    ] {
        let tried = Tried::new(changes, Rc::default(), Box::new(Silence));
        let Some(Fact::Records(outcome)) = tried.answer(&question, false) else { panic!("{wanted}: asked") };
        let texts: Vec<_> = outcome.texts().map(|txt| txt.text().into_owned()).collect();
        assert_eq!(texts, [wanted]);
    }
}

#[test]
fn a_link_holds_a_change_and_gives_it_back() {
    let changes = vec![
        spf("v=spf1 a -all"),
        SetChange {
            owner: name("shop.example"),
            rtype: Rtype::Mx,
            remove: Vec::new(),
            add: vec![read_value(Rtype::Mx, "5 mx2.shop.example.").unwrap()],
        },
    ];
    let words: Vec<String> = changes.iter().flat_map(SetChange::words).collect();
    assert_eq!(words[0], "-TXT shop.example v=spf1 mx -all");
    assert_eq!(SetChange::of_words(words.iter().map(String::as_str)), changes);
    for wrong in [
        "",
        "TXT a.example x",
        "+SOA a.example x",
        "+MX a.example x",
        "+A a.example 1.2.3.4 5",
        "+TXT a.example",
    ] {
        assert!(SetChange::of_words([wrong]).is_empty(), "{wrong}");
    }
}

#[test]
fn a_fix_is_a_change_and_a_change_is_a_fix() {
    let change = spf("v=spf1 a -all");
    let fix = change.fix();
    assert_eq!((fix.remove[0].as_str(), fix.publish[0].as_str()), ("v=spf1 mx -all", "v=spf1 a -all"));
    assert_eq!(SetChange::of_fix(&fix), Some(change));
    assert_eq!(SetChange::of_fix(&Fix { publish: vec![String::new()], ..fix }), None);
}
