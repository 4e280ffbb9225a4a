use super::*;
use crate::{change::Safety, facts::Pending, zone::Zone};
use Rtype::{A, Cname, Mx, Txt as Text};

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn zone(text: &str) -> Zone {
    Zone::parse(text).unwrap()
}

fn query(at: &str, rtype: Rtype) -> Query {
    Query::new(name(at), rtype)
}

fn text(text: &str) -> Rdata {
    Rdata::Txt(Txt::new([text.as_bytes()]))
}

fn alias(target: &str) -> Rdata {
    Rdata::Cname(name(target))
}

fn fix(remove: &[&str], publish: &[&str]) -> Fix {
    Fix::at(&name("example.org"), Rtype::Txt, Safety::Safe)
        .removing(remove.iter().copied())
        .publishing(publish.iter().copied())
}

/// The answer in one line: its aliases, then what stands at their end.
fn say(ask: &impl Ask, at: &str, rtype: Rtype) -> String {
    let outcome = match ask.ask(&query(at, rtype)) {
        Ok(outcome) => outcome,
        Err(Pending) => return "pending".to_owned(),
    };
    let end = match outcome {
        Outcome::Records(answer) => {
            let data = answer.records.iter().map(|record| match &record.data {
                Rdata::Txt(txt) => txt.text().into_owned(),
                Rdata::Cname(target) => target.to_string(),
                data => data.address().map(|ip| ip.to_string()).unwrap_or_default(),
            });
            data.collect::<Vec<_>>().join(" | ")
        }
        Outcome::NoData(_) => "nodata".to_owned(),
        Outcome::NxDomain(_) => "nxdomain".to_owned(),
        Outcome::Failed(failed) => failed.failure.as_str().to_owned(),
    };
    outcome.chain().iter().map(|alias| format!("{alias} > ")).chain([end]).collect()
}

fn known(zone: &Zone, asked: &[(&str, Rtype)]) -> Facts {
    let mut facts = Facts::default();
    for &(at, rtype) in asked {
        facts.insert(query(at, rtype), zone.ask(&query(at, rtype)).unwrap().clone());
    }
    facts
}

#[test]
fn nothing_changes_without_a_change() {
    let zone = zone("example.org. A 192.0.2.1\n*.w.example. CNAME example.org.\nx.example. A SERVFAIL\n");
    let same = Overlay::new(&zone);
    for (at, rtype) in
        [("example.org", A), ("example.org", Text), ("a.w.example", A), ("x.example", A), ("no.example", A)]
    {
        assert_eq!(same.ask(&query(at, rtype)), zone.ask(&query(at, rtype)), "{at}");
    }
}

#[test]
fn a_set_is_added_replaced_and_taken_away() {
    let zone = zone(
        "example.org. TXT \"old\"\nexample.org. A 192.0.2.1\nother.example. TXT \"other\"\nfail.example. TXT SERVFAIL\n",
    );
    let mut after = Overlay::new(&zone);
    after.set(&name("example.org"), Text, [text("new"), text("more"), text("new")]);
    after.set(&name("fail.example"), Text, [text("known")]);
    assert_eq!(say(&after, "example.org", Text), "new | more", "a set holds each record once");
    assert_eq!(say(&after, "example.org", A), "192.0.2.1");
    assert_eq!(say(&after, "other.example", Text), "other");
    assert_eq!(say(&after, "fail.example", Text), "known", "the change says all of it");
    after.set(&name("example.org"), Text, []);
    assert_eq!(say(&after, "example.org", Text), "nodata");
    after.set(&name("no.example"), Text, []);
    assert_eq!(say(&after, "no.example", Text), "nxdomain");
}

#[test]
fn a_fix_leaves_what_stands_beside_it() {
    let zone = zone("example.org. TXT \"a=1\"\nexample.org. TXT \"v=spf1 mx -all\"\n");
    let fix = fix(&["v=spf1 mx -all"], &["v=spf1 -all"]);
    assert_eq!(say(&Overlay::with_fix(&zone, &fix), "example.org", Text), "a=1 | v=spf1 -all");
    let facts = known(&zone, &[("example.org", Text)]);
    let facts = facts_with_fix(&facts, &fix);
    assert_eq!(say(&facts, "example.org", Text), "a=1 | v=spf1 -all");
}

#[test]
fn what_was_edited_is_edited_further() {
    let zone = zone("example.org. TXT \"a\"\nexample.org. TXT \"b\"\n");
    let mut after = Overlay::new(&zone);
    after.edit(&name("example.org"), Text, [text("a")], [text("c")]);
    after.edit(&name("example.org"), Text, [text("c")], [text("d")]);
    assert_eq!(say(&after, "example.org", Text), "b | d");
    after.set(&name("example.org"), Text, [text("e"), text("f")]);
    after.edit(&name("example.org"), Text, [text("e")], []);
    assert_eq!(say(&after, "example.org", Text), "f");
}

#[test]
fn a_fix_of_the_last_record_leaves_an_empty_name() {
    let zone = zone("example.org. TXT \"v=spf1 mx -all\"\n");
    let after = fix(&["v=spf1 mx -all"], &[]);
    assert_eq!(say(&Overlay::with_fix(&zone, &after), "example.org", Text), "nodata");
}

#[test]
fn what_could_not_be_looked_up_stays_unknown() {
    let zone = zone("example.org. TXT SERVFAIL\nexample.org. A TIMEOUT\n");
    let made = fix(&[], &["v=spf1 -all"]);
    let after = Overlay::with_fix(&zone, &made);
    assert_eq!(say(&after, "example.org", Text), "servfail", "what stands beside the record is not known");
    assert_eq!(say(&after, "example.org", A), "timed-out");
    let facts = known(&zone, &[("example.org", Text)]);
    assert_eq!(say(&facts_with_fix(&facts, &made), "example.org", Text), "servfail");
    let nothing = Facts::default();
    assert_eq!(say(&Overlay::with_fix(&nothing, &made), "example.org", Text), "pending");
    assert_eq!(facts_with_fix(&nothing, &made), nothing);
}

#[test]
fn a_new_alias_is_followed() {
    let zone = zone("a.example. A 192.0.2.1\nold.example. A 192.0.2.9\n");
    let mut after = Overlay::new(&zone);
    after.set(&name("old.example"), Cname, [alias("new.example")]);
    after.set(&name("new.example"), Cname, [alias("a.example")]);
    after.set(&name("lost.example"), Cname, [alias("nowhere.example")]);
    assert_eq!(say(&after, "old.example", A), "old.example > new.example > 192.0.2.1");
    assert_eq!(say(&after, "old.example", Mx), "old.example > new.example > nodata");
    assert_eq!(say(&after, "old.example", Cname), "new.example");
    assert_eq!(say(&after, "lost.example", A), "lost.example > nxdomain");
    after.set(&name("a.example"), Cname, [alias("old.example")]);
    assert_eq!(say(&after, "a.example", A), "servfail", "a loop");
}

#[test]
fn an_alias_of_the_source_leads_to_the_change() {
    let zone = zone(
        "www.example. CNAME mid.example.\nmid.example. CNAME end.example.\nend.example. TXT \"old\"\n\
         lost.example. CNAME nowhere.example.\n",
    );
    let mut after = Overlay::new(&zone);
    after.set(&name("end.example"), Text, [text("new")]);
    after.set(&name("nowhere.example"), Text, [text("there")]);
    assert_eq!(say(&after, "www.example", Text), "www.example > mid.example > new");
    assert_eq!(say(&after, "www.example", A), "www.example > mid.example > nodata");
    assert_eq!(say(&after, "lost.example", Text), "lost.example > there");
    assert_eq!(say(&after, "lost.example", A), "lost.example > nodata", "its target exists now");
    after.set(&name("mid.example"), Cname, [alias("nowhere.example")]);
    assert_eq!(say(&after, "www.example", Text), "www.example > mid.example > there");
    after.set(&name("mid.example"), Cname, []);
    assert_eq!(say(&after, "www.example", Text), "www.example > nodata");
    assert_eq!(say(&after, "mid.example", Text), "nodata");
}

#[test]
fn a_fix_behind_an_alias_is_seen_by_whoever_asks_through_it() {
    let zone =
        zone("example.org. CNAME a.example.\na.example. TXT \"v=spf1 mx -all\"\na.example. TXT \"x\"\n");
    // Only the answer through the alias is known.
    let facts = known(&zone, &[("example.org", Text)]);
    let outcome = facts.get(&query("example.org", Text)).unwrap();
    let fix = fix(&["v=spf1 mx -all"], &["v=spf1 a -all"]).behind_alias(outcome).unwrap();
    assert_eq!(fix.owner, name("a.example"));
    let after = Overlay::with_fix(&facts, &fix);
    assert_eq!(say(&after, "example.org", Text), "example.org > x | v=spf1 a -all");
    assert_eq!(say(&facts_with_fix(&facts, &fix), "example.org", Text), "example.org > x | v=spf1 a -all");
}

#[test]
fn what_is_published_at_an_alias_stands_for_its_type() {
    let zone = zone("example.org. CNAME a.example.\na.example. TXT \"theirs\"\na.example. A 192.0.2.1\n");
    let after = Overlay::with_fix(&zone, &fix(&[], &["mine"])).ask(&query("example.org", Text)).cloned();
    assert_eq!(after.unwrap().records().len(), 1);
    let after = fix(&[], &["mine"]);
    assert_eq!(say(&Overlay::with_fix(&zone, &after), "example.org", A), "example.org > 192.0.2.1");
}

#[test]
fn a_name_that_comes_to_exist_has_no_data_of_other_types() {
    let zone = zone("example.org. A 192.0.2.1\n");
    let mut after = Overlay::new(&zone);
    after.set(&name("k._domainkey.example.org"), Text, [text("key")]);
    assert_eq!(say(&after, "k._domainkey.example.org", A), "nodata");
    // RFC 8020: an empty non-terminal.
    assert_eq!(say(&after, "_domainkey.example.org", Text), "nodata");
    assert_eq!(say(&after, "x._domainkey.example.org", Text), "nxdomain");
    assert_eq!(say(&after, "a.k._domainkey.example.org", Text), "nxdomain");
}

#[test]
fn a_name_that_ceases_takes_what_is_below_with_it() {
    let zone =
        zone("sub.example. A 192.0.2.1\na.sub.example. TXT SERVFAIL\nwww.example. CNAME sub.example.\n");
    let mut after = Overlay::new(&zone);
    after.remove_name(name("sub.example"));
    assert_eq!(say(&after, "sub.example", A), "nxdomain");
    assert_eq!(say(&after, "sub.example", Text), "nxdomain");
    assert_eq!(say(&after, "a.sub.example", Text), "nxdomain");
    assert_eq!(say(&after, "www.example", A), "www.example > nxdomain");
    after.set(&name("b.sub.example"), Text, [text("new")]);
    assert_eq!(say(&after, "sub.example", A), "nodata", "something is below it again");
    assert_eq!(say(&after, "b.sub.example", Text), "new");
}

#[test]
fn an_edit_at_a_name_that_is_removed_finds_nothing_beside_it() {
    let zone = zone("example.org. TXT \"old\"\n");
    let after_fix = fix(&[], &["new"]);
    let mut after = Overlay::with_fix(&zone, &after_fix);
    after.remove_name(name("example.org"));
    assert_eq!(say(&after, "example.org", Text), "new");
    assert_eq!(say(&after, "example.org", A), "nodata");
}

#[test]
fn a_wildcard_answers_for_no_name_that_comes_to_exist() {
    let zone = zone("*.example.org. A 192.0.2.1\n*.example.org. TXT \"wild\"\n");
    let mut after = Overlay::new(&zone);
    after.set(&name("a.b.example.org"), Text, [text("new")]);
    assert_eq!(say(&after, "a.b.example.org", Text), "new");
    assert_eq!(say(&after, "a.b.example.org", A), "nodata");
    assert_eq!(say(&after, "b.example.org", A), "nodata", "an empty non-terminal");
    assert_eq!(say(&after, "c.b.example.org", A), "nxdomain", "its closest ancestor holds no wildcard");
    assert_eq!(say(&after, "c.example.org", A), "192.0.2.1");
}

#[test]
fn what_is_published_below_a_wildcard_stands_alone() {
    let zone = zone("*.org. TXT \"wild\"\n*.org. A 192.0.2.1\n");
    let fix = fix(&[], &["new"]);
    assert_eq!(say(&Overlay::with_fix(&zone, &fix), "example.org", Text), "new");
    let aliases = self::zone("*.org. CNAME a.example.\na.example. TXT \"theirs\"\na.example. A 192.0.2.1\n");
    let after = Overlay::with_fix(&aliases, &fix);
    assert_eq!(say(&after, "example.org", Text), "new");
    assert_eq!(say(&after, "example.org", A), "nodata", "the alias was that of the wildcard");
    assert_eq!(say(&after, "other.org", Text), "*.org > theirs");
}

#[test]
fn a_changed_wildcard_answers_below_the_closest_name_that_exists() {
    let zone =
        zone("*.example.org. TXT \"old\"\nhere.example.org. A 192.0.2.1\nsub.example.net. A 192.0.2.2\n");
    let mut after = Overlay::new(&zone);
    after.set(&name("*.example.org"), Text, [text("new")]);
    after.set(&name("*.example.net"), Text, [text("wild")]);
    assert_eq!(say(&after, "x.y.example.org", Text), "new");
    assert_eq!(say(&after, "here.example.org", Text), "nodata");
    assert_eq!(say(&after, "x.here.example.org", Text), "nxdomain");
    assert_eq!(say(&after, "x.example.net", Text), "wild");
    assert_eq!(say(&after, "x.example.net", A), "nodata");
    assert_eq!(say(&after, "sub.example.net", Text), "nodata");
    assert_eq!(say(&after, "x.sub.example.net", Text), "nxdomain");
    after.set(&name("*.example.org"), Text, []);
    assert_eq!(say(&after, "x.example.org", Text), "nodata");
}

#[test]
fn a_wildcard_answers_for_a_name_that_ceases() {
    let zone = zone("*.example.org. A 192.0.2.1\na.example.org. A 192.0.2.2\n");
    let mut after = Overlay::new(&zone);
    after.remove_name(name("a.example.org"));
    assert_eq!(say(&after, "a.example.org", A), "192.0.2.1");
    assert_eq!(say(&after, "x.a.example.org", A), "192.0.2.1");
    after.remove_name(name("*.example.org"));
    assert_eq!(say(&after, "a.example.org", A), "nxdomain");
}

#[test]
fn answers_are_lent_while_others_are_made() {
    let zone = zone("example.org. A 192.0.2.1\n");
    let mut after = Overlay::new(&zone);
    for index in 0..20 {
        after.set(&name(&format!("n{index}.example.org")), Text, [text(&index.to_string())]);
    }
    let all: Vec<_> = (0..20).map(|index| (index, query(&format!("n{index}.example.org"), Text))).collect();
    let lent: Vec<_> = all.iter().map(|(index, query)| (index, after.ask(query).unwrap())).collect();
    for (index, outcome) in lent {
        assert_eq!(outcome.records()[0].data, text(&index.to_string()));
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod like_a_zone {
    use proptest::prelude::*;

    use super::*;

    const NAMES: [&str; 8] = [
        "example.org",
        "a.example.org",
        "b.a.example.org",
        "c.b.a.example.org",
        "d.a.example.org",
        "e.example.net",
        "*.a.example.org",
        "*.example.org",
    ];

    /// A name with an address, a text or an alias. Few names, so that they meet.
    fn line(wild: bool) -> impl Strategy<Value = (&'static str, Option<&'static str>, u8)> {
        // The wildcards stand last.
        let names = prop::sample::select(&NAMES[..if wild { 8 } else { 6 }]);
        let target = prop::option::of(prop::sample::select(&NAMES[..5]));
        // What Zone answers behind an alias knows no wildcards.
        (names, target.prop_map(move |target| target.filter(|_| !wild)), any::<u8>())
    }

    fn record(line: &(&str, Option<&str>, u8)) -> Record {
        let (owner, target, number) = *line;
        let data = match (target, number % 2) {
            (Some(target), _) => alias(target),
            (None, 0) => Rdata::A([192, 0, 2, number].into()),
            (None, _) => text(&number.to_string()),
        };
        Record { owner: name(owner), ttl: TTL, data }
    }

    /// Whether an alias stands beside other records, which no zone may hold.
    fn is_sound(sets: &Table<(Name, Rtype), Record>) -> bool {
        let alone = |owner: &Name| sets.iter().filter(|((other, _), _)| other == owner).count() == 1;
        sets.iter().all(|((owner, rtype), _)| *rtype != Cname || alone(owner))
    }

    fn check(before: &[(&str, Option<&str>, u8)], change: &[(&str, Option<&str>, u8)], types: &[Rtype]) {
        let key = |record: Record| ((record.owner.clone(), record.data.rtype()), record);
        let old: Table<_, _> = before.iter().map(|line| key(record(line))).collect();
        let new: Table<_, _> = before.iter().chain(change).map(|line| key(record(line))).collect();
        if !is_sound(&old) || !is_sound(&new) {
            return;
        }
        let built = |sets: &Table<(Name, Rtype), Record>| {
            let mut zone = Zone::default();
            for ((_, rtype), record) in sets.iter() {
                zone.add(record.clone(), *rtype);
            }
            zone.finish();
            zone
        };
        let (old, new) = (built(&old), built(&new));
        if NAMES.iter().any(|at| say(&old, at, Mx) == "servfail") {
            // A loop of aliases: what could not be looked up stays unknown.
            return;
        }
        let mut after = Overlay::new(&old);
        for record in change.iter().map(record) {
            after.set(&record.owner, record.data.rtype(), [record.data]);
        }
        for at in NAMES.into_iter().chain(["x.example.org", "x.a.example.org", "x.b.a.example.org"]) {
            for &rtype in types {
                assert_eq!(say(&after, at, rtype), say(&new, at, rtype), "{at} {rtype}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_change_over_a_zone_is_the_changed_zone(
            before in prop::collection::vec(line(false), 0..6),
            change in prop::collection::vec(line(false), 0..4),
        ) {
            check(&before, &change, &[A, Text, Cname, Mx]);
        }

        #[test]
        fn a_change_over_wildcards_is_the_changed_zone(
            mut before in prop::collection::vec(line(true), 0..6),
            change in prop::collection::vec(line(true), 0..4),
        ) {
            // That a wildcard has no data looks as if the name itself had none.
            for index in 0..before.len() {
                let (owner, target, number) = before[index];
                if owner.starts_with('*') {
                    before.push((owner, target, number ^ 1));
                }
            }
            check(&before, &change, &[A, Text]);
        }
    }
}
