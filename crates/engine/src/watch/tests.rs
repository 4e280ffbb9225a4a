use super::*;
use crate::{
    dns::{Failure, Name, Rtype},
    driver::Driver,
    session::Session,
    target::{ListKeys, Target},
    zone::Zone,
};

const BEGIN: i64 = 1_800_000_000;
const SOA: &str = "example.org. 600 SOA ns.example.org. host.example.org. 1 600\n";
const MAIL: &str = "example.org. 900 MX 10 mx.example.org.\nmx.example.org. 300 A 11.22.33.44\n\
                    44.33.22.11.in-addr.arpa. 300 PTR mx.example.org.\n\
                    _dmarc.example.org. 300 TXT \"v=DMARC1; p=none\"\n";
const TWICE: &str = "example.org. 120 TXT \"v=spf1 mx -all\"\nexample.org. 120 TXT \"v=spf1 a -all\"\n";
const ONCE: &str = "example.org. 120 TXT \"v=spf1 mx -all\"\n";

fn checked(records: &str) -> (Rc<Report>, Facts) {
    let zone = Zone::parse(&format!("{SOA}{records}")).unwrap();
    let target = Target::domain(Name::parse("example.org").unwrap());
    let session = Session::new(target, Rc::default(), ListKeys::default());
    let run = Driver::start(session, Box::new(zone), Box::new(|_| ()));
    let session = run.session();
    (Rc::new(session.report()), session.facts().clone())
}

fn watched(records: &str) -> Watched {
    let (report, facts) = checked(records);
    Watched::of(report, &facts, BEGIN).unwrap()
}

fn named(queries: &[Query]) -> Vec<String> {
    queries.iter().map(ToString::to_string).collect()
}

#[test]
fn the_gravest_causes_are_watched_and_the_answers_that_they_rest_on() {
    let watched = watched(&format!("{MAIL}{TWICE}"));
    assert_eq!(watched.rows().len(), 1);
    assert_eq!(watched.next(), BEGIN + 120, "not before the answer may be another one");
    assert_eq!(named(&watched.due(BEGIN + 119)), <[&str; 0]>::default());
    assert_eq!(named(&watched.due(BEGIN + 120)), ["example.org TXT"]);
}

#[test]
fn it_is_mended_when_the_cause_is_gone() {
    let mut watched = watched(&format!("{MAIL}{TWICE}"));
    let now = BEGIN + 130;
    let asked = watched.due(now);
    let (same, facts) = checked(&format!("{MAIL}{TWICE}"));
    assert_eq!(watched.look(&same, &facts, &asked, now), Look { all: 1, mended: 0, unsure: 0 });
    assert_eq!(watched.next(), now + 120);
    let (after, facts) = checked(&format!("{MAIL}{ONCE}"));
    let later = watched.next();
    assert_eq!(
        watched.look(&after, &facts, &watched.due(later), later),
        Look { all: 1, mended: 1, unsure: 0 }
    );
}

/// Two SPF records become one that cannot be read: the mail still does not arrive.
#[test]
fn what_stops_mail_since_is_waited_for() {
    let broken = "example.org. 60 TXT \"v=spf1 ip4:300.1.1.1 -all\"\n";
    let mut watched = watched(&format!("{MAIL}{TWICE}"));
    let now = BEGIN + 130;
    let (after, facts) = checked(&format!("{MAIL}{broken}"));
    assert_eq!(watched.look(&after, &facts, &watched.due(now), now), Look { all: 2, mended: 1, unsure: 0 });
    assert_eq!(named(&watched.due(now + 60)), ["example.org TXT"], "it is asked for like the rest");
    let (after, facts) = checked(&format!("{MAIL}{ONCE}"));
    assert_eq!(
        watched.look(&after, &facts, &watched.due(now + 60), now + 60),
        Look { all: 1, mended: 1, unsure: 0 }
    );
}

#[test]
fn what_cannot_be_asked_is_not_mended_and_is_asked_again() {
    let mut watched = watched(&format!("{MAIL}{TWICE}"));
    let now = BEGIN + 120;
    let (failing, facts) = checked(&format!("{MAIL}example.org. TXT TIMEOUT\n"));
    let query = Query::new(Name::parse("example.org").unwrap(), Rtype::Txt);
    assert_eq!(facts.get(&query).unwrap().failure(), Some(Failure::TimedOut));
    let look = watched.look(&failing, &facts, &watched.due(now), now);
    assert_eq!(look, Look { all: 1, mended: 0, unsure: 1 });
    assert_eq!(watched.next(), now + i64::from(DEFAULT));
}

#[test]
fn short_lives_and_denials_are_not_asked_all_the_time() {
    let short = TWICE.replace(" 120 ", " 5 ");
    assert_eq!(watched(&format!("{MAIL}{short}")).next(), BEGIN + i64::from(LEAST));
    // That there is no SPF record is kept too; the zone does not say for how long.
    assert_eq!(watched(MAIL).next(), BEGIN + i64::from(DEFAULT));
}

#[test]
fn where_nothing_is_wrong_there_is_nothing_to_watch() {
    let (report, facts) = checked(&format!("{MAIL}{TWICE}"));
    let mut report = (*report).clone();
    report.rows.clear();
    assert!(Watched::of(Rc::new(report), &facts, BEGIN).is_none());
}
