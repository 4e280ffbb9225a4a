//! Surveys: the whole tree of a record, its costs, who may send, and an end to hostile trees.

use std::cell::RefCell;

use mail_triage_engine::{
    dns::{Name, Outcome, Query},
    facts::{Ask, Facts, Pending, Step},
    spf::{
        Survey, survey,
        survey::{MAX_NODES, RecordState},
    },
    zone::Zone,
};

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn look(zone: &str) -> Survey {
    survey(&Zone::parse(zone).unwrap(), &name("example.org")).unwrap()
}

const TREE: &str = r#"
example.org.            TXT "v=spf1 mx a:web.example.org include:_spf.office.example include:_own.example.org -all"
example.org.            MX  10 mx1.example.org.
mx1.example.org.        A   192.0.2.1
mx1.example.org.        AAAA 2001:db8::1
web.example.org.        A   192.0.2.80
_own.example.org.       TXT "v=spf1 ip4:198.51.100.8/29 include:send.example ?ip4:198.51.100.99 ~all"
send.example.           TXT "v=spf1 ip4:203.0.113.0/24 include:partner.example -all"
partner.example.        TXT "v=spf1 ip4:203.0.113.200 -all"
_spf.office.example.    TXT "v=spf1 include:_b1.office.example include:_b2.office.example ~all"
_b1.office.example.     TXT "v=spf1 ip4:192.0.2.128/25 ~all"
_b2.office.example.     TXT "v=spf1 ip6:2001:db8:1::/48 ~all"
"#;

#[test]
fn costs_add_up_from_the_leaves() {
    let survey = look(TREE);
    let costs: Vec<_> =
        survey.root().branches.iter().map(|branch| (branch.text.as_str(), branch.cost)).collect();
    assert_eq!(
        costs,
        [
            ("mx", 1),
            ("a:web.example.org", 1),
            ("include:_spf.office.example", 3),
            ("include:_own.example.org", 3),
            ("-all", 0)
        ]
    );
    assert_eq!(survey.lookups(), 8);
    assert!(!survey.cut && survey.open_by().is_none());
}

#[test]
fn everybody_who_may_send_is_known() {
    let survey = look(TREE);
    let senders: Vec<_> = survey.senders().iter().map(|sender| sender.network.to_string()).collect();
    assert_eq!(
        senders,
        [
            "192.0.2.1",
            "2001:db8::1",
            "192.0.2.80",
            "198.51.100.8/29",
            "192.0.2.128/25",
            "2001:db8:1::/48",
            "203.0.113.0/24",
            "203.0.113.200"
        ]
    );
}

#[test]
fn a_place_in_the_tree_belongs_to_a_branch_of_the_domain() {
    let survey = look(TREE);
    let deep = survey.senders().into_iter().find(|s| s.network.to_string() == "203.0.113.200").unwrap();
    assert_eq!(survey.nodes[deep.by.node].domain, name("partner.example"));
    assert_eq!(survey.root().branches[survey.branch_of(deep.by)].text, "include:_own.example.org");
}

#[test]
fn only_what_passes_authorises() {
    let survey = look(
        "example.org. TXT \"v=spf1 -include:bad.example ~ip4:192.0.2.7 include:good.example all\"\nbad.example. TXT \"v=spf1 ip4:192.0.2.9 +all\"\ngood.example. TXT \"v=spf1 ip4:192.0.2.8 all\"\n",
    );
    let senders: Vec<_> = survey.senders().iter().map(|sender| sender.network.to_string()).collect();
    assert_eq!(senders, ["192.0.2.8"]);
    assert_eq!(survey.open_by().unwrap().term, 3);
}

#[test]
fn an_open_end_is_found_behind_redirects_and_includes() {
    let other = "b.example. TXT \"v=spf1 +all\"\n";
    for (record, open) in
        [("redirect=b.example", true), ("include:b.example -all", true), ("-include:b.example -all", false)]
    {
        let survey = look(&format!("example.org. TXT \"v=spf1 {record}\"\n{other}"));
        assert_eq!(survey.open_by().is_some(), open, "{record}");
    }
}

#[test]
fn terms_behind_all_are_not_followed_and_cost_nothing() {
    let survey = look("example.org. TXT \"v=spf1 -all include:late.example redirect=never.example a\"\n");
    assert_eq!((survey.lookups(), survey.nodes.len()), (0, 1));
    assert!(survey.root().branches[1..].iter().all(|branch| !branch.reached));
}

#[test]
fn names_made_from_a_message_are_not_followed() {
    let survey = look(
        "example.org. TXT \"v=spf1 exists:%{i}.x.example include:%{l}.example include:_spf.%{d} ptr redirect=%{o}.r.example\"\n_spf.example.org. TXT \"v=spf1 a:%{d1}.host.example -all\"\norg.host.example. A 192.0.2.5\nexample.org.r.example. TXT \"v=spf1 -all\"\n",
    );
    let root = survey.root();
    assert_eq!(root.branches.iter().map(|b| b.depends).collect::<Vec<_>>(), [true, true, false, true, false]);
    assert_eq!(survey.lookups(), 6);
    assert_eq!(survey.senders()[0].network.to_string(), "192.0.2.5");
    assert_eq!(survey.nodes[2].domain, name("example.org.r.example"));
}

#[test]
fn empty_and_failed_lookups_are_told_apart() {
    let survey = look(
        "example.org. TXT \"v=spf1 a:gone.example a:six.example mx:dead.example a:slow.example include:lost.example include:broken.example -all\"\nsix.example. AAAA 2001:db8::6\ndead.example. MX 10 gone.example.\nslow.example. A TIMEOUT\nslow.example. AAAA 2001:db8::7\nbroken.example. * SERVFAIL\n",
    );
    let root = survey.root();
    assert_eq!(
        root.branches.iter().map(|b| b.void).collect::<Vec<_>>(),
        [true, false, true, false, false, false, false]
    );
    assert!(root.branches[3].failed.is_some());
    assert_eq!(survey.nodes[1].state, RecordState::Nothing);
    assert!(matches!(survey.nodes[2].state, RecordState::Failed(_)));
}

#[test]
fn circles_are_named_and_end() {
    let survey = look(
        "example.org. TXT \"v=spf1 include:a.example -all\"\na.example. TXT \"v=spf1 include:b.example -all\"\nb.example. TXT \"v=spf1 include:A.example -all\"\n",
    );
    assert_eq!(survey.nodes.last().unwrap().state, RecordState::Circle);
    assert_eq!(survey.nodes.len(), 4);
    // The same record in two branches is no circle, and costs twice.
    let twice = look(
        "example.org. TXT \"v=spf1 include:a.example include:a.example -all\"\na.example. TXT \"v=spf1 mx:example.org -all\"\n",
    );
    assert!(twice.nodes.iter().all(|node| node.state != RecordState::Circle));
    assert_eq!(twice.lookups(), 4);
}

/// A zone in which every name includes three others, for ever.
struct Hostile(RefCell<usize>, std::sync::OnceLock<Vec<Outcome>>);

impl Ask for Hostile {
    fn ask(&self, query: &Query) -> Step<&Outcome> {
        *self.0.borrow_mut() += 1;
        let answers = self.1.get_or_init(|| {
            let zone = Zone::parse(
                "a. TXT \"v=spf1 include:1.%{d} include:2.%{d} include:3.%{d} mx:%{d} a:x.%{d} -all\"\na. A 192.0.2.1\na. AAAA 2001:db8::1\na. MX 10 m.example.\n",
            )
            .unwrap();
            use mail_triage_engine::dns::Rtype;
            [Rtype::Txt, Rtype::A, Rtype::Aaaa, Rtype::Mx]
                .map(|rtype| zone.ask(&Query::new(name("a"), rtype)).unwrap().clone())
                .to_vec()
        });
        let all = [0, 1, 2, 3].map(|index| &answers[index]);
        Ok(match query.rtype.mnemonic() {
            "TXT" => all[0],
            "A" => all[1],
            "AAAA" => all[2],
            _ => all[3],
        })
    }
}

#[test]
fn hostile_trees_end_by_budget() {
    let hostile = Hostile(RefCell::default(), std::sync::OnceLock::new());
    let survey = survey(&hostile, &name("example.org")).unwrap();
    assert!(survey.cut);
    assert_eq!(survey.nodes.len(), MAX_NODES);
    assert!(*hostile.0.borrow() < 500, "{}", hostile.0.borrow());
}

/// Facts that note what is asked and missing.
#[derive(Default)]
struct Noting(Facts, RefCell<Vec<Query>>);

impl Ask for Noting {
    fn ask(&self, query: &Query) -> Step<&Outcome> {
        self.0.get(query).ok_or_else(|| {
            self.1.borrow_mut().push(query.clone());
            Pending
        })
    }
}

#[test]
fn all_branches_are_asked_at_the_same_time() {
    let zone = Zone::parse(TREE).unwrap();
    let mut known = Noting::default();
    let mut rounds = Vec::new();
    while survey(&known, &name("example.org")).is_err() {
        let wanted = known.1.take();
        rounds.push(wanted.len());
        for query in wanted {
            known.0.insert(query.clone(), zone.ask(&query).unwrap().clone());
        }
    }
    // As many rounds as the tree is deep: the record, its terms, what they lead to, and once more.
    assert_eq!(rounds, [1, 5, 5, 1]);
    assert_eq!(survey(&known, &name("example.org")), survey(&zone, &name("example.org")));
}

#[test]
fn receivers_report_an_error_from_the_eleventh_lookup_and_the_third_that_is_empty_on() {
    let record = |word: &str, n: usize| {
        let terms: Vec<String> = (0..n).map(|n| format!("a:{word}{n}.example.org")).collect();
        format!("example.org. TXT \"v=spf1 {} -all\"\n", terms.join(" "))
    };
    let hosts: String = (0..11).map(|n| format!("host{n}.example.org. A 192.0.2.{n}\n")).collect();
    let cases = [("host", 10, false), ("host", 11, true), ("none", 2, false), ("none", 3, true)];
    for (word, n, is_error) in cases {
        let survey = look(&format!("{}{hosts}", record(word, n)));
        assert_eq!(survey.is_error(), is_error, "{n} terms of {word}");
    }
}
