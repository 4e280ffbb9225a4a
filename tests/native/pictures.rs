//! Pictures: what the rows of a tree say, where they stand, and what is made of SPF, DKIM and DMARC together.

use std::{collections::BTreeSet, net::IpAddr};

use mail_triage_engine::{
    check::Level,
    dns::{Name, Outcome, Query},
    facts::Ask,
    picture::{
        Layout, MailJudgement, Pictures, SpfTree,
        judgement::{AlignmentMatch, Chance, DkimOutcome, DmarcVerdict, RequestedPolicy, SpfOutcome},
        layout::{HEAD, ITEMS, MAX_SLOTS, WIDTH},
        spf_tree::{BranchKind, BranchMark, MAX_ROWS},
    },
    record::{dmarc::Policy, spf::Qualifier},
    session::Session,
    spf::SpfResult,
    target::{ListKeys, Target},
    zone::Zone,
};
use proptest::prelude::*;

use crate::common::{lab, shared_knowledge};

/// What a run over these records draws.
fn draw(records: &str, ips: &[&str], selectors: &[&str]) -> Pictures {
    let zone =
        Zone::parse(&format!("example.org. SOA ns. host. 1 1\n{records}")).unwrap_or_else(|e| panic!("{e}"));
    run(&zone, "example.org", ips, selectors)
}

fn run(zone: &Zone, domain: &str, ips: &[&str], selectors: &[&str]) -> Pictures {
    let mut target = Target::domain(Name::parse(domain).unwrap());
    target.ips = ips.iter().map(|ip| ip.parse().unwrap()).collect();
    target.selectors = selectors.iter().map(|&selector| selector.to_owned()).collect();
    let mut session = Session::new(target, shared_knowledge(), ListKeys::default());
    while let Some(query) = session.poll_query() {
        let outcome: Outcome = zone.ask(&Query::clone(&query)).unwrap().clone();
        session.answer(&query, outcome);
    }
    Pictures::of(&session.cx())
}

fn tree(records: &str, ips: &[&str]) -> SpfTree {
    draw(records, ips, &[]).spf.unwrap()
}

fn judged(records: &str, ips: &[&str]) -> MailJudgement {
    draw(records, ips, &["s"]).judged.unwrap()
}

/// The rows as text, one a line.
fn lines(tree: &SpfTree) -> Vec<String> {
    let line = |row: &mail_triage_engine::picture::spf_tree::TreeRow| {
        let who = row.who.as_deref().map(|who| format!(" ({who})")).unwrap_or_default();
        let number = if row.asks { format!(" #{}", row.before + 1) } else { String::new() };
        let cost = if row.cost > 1 { format!(" ={}", row.cost) } else { String::new() };
        let networks = if row.networks > 0 { format!(" n{}", row.networks) } else { String::new() };
        let marks: String = row.marks.iter().map(|mark| format!(" !{}", mark.as_str())).collect();
        format!("{}{}{who}{number}{cost}{networks}{marks}", "  ".repeat(row.depth), row.term)
    };
    tree.rows.iter().map(line).collect()
}

const TREE: &str = "
example.org. TXT \"v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 mx include:_spf.google.com include:own.example.org ~all\"
example.org. MX 10 mx.example.org.
mx.example.org. A 192.0.2.9
_spf.google.com. TXT \"v=spf1 include:_netblocks.google.com ip4:198.51.100.0/24 ~all\"
_netblocks.google.com. TXT \"v=spf1 ip4:203.0.113.0/25 ip4:203.0.113.128/25 ~all\"
own.example.org. TXT \"v=spf1 a:gone.example.org redirect=next.example.org\"
next.example.org. TXT \"v=spf1 ip6:2001:db8::/32 -all\"
";

#[test]
fn a_tree_is_read_from_top_to_bottom() {
    let tree = tree(TREE, &["203.0.113.200", "192.0.2.2", "192.0.2.77"]);
    assert_eq!(
        lines(&tree),
        [
            " =6",
            "  ip4:192.0.2.1 n1",
            "  ip4:192.0.2.2 n1",
            "  mx #1 n1",
            "  include:_spf.google.com (Google Workspace) #2 =2 n1",
            "    include:_netblocks.google.com #3 n2",
            "      ip4:203.0.113.128/25 n1",
            "  include:own.example.org #4 =3",
            "    a:gone.example.org #5 !void",
            "    redirect=next.example.org #6 n1",
            "  ~all",
        ]
    );
    assert_eq!(
        (tree.lookups, tree.voids, tree.at_least, tree.mistake, tree.left_out),
        (6, 1, false, false, 0)
    );
    let ways: Vec<_> = tree.paths.iter().map(|path| (path.result, path.rows.clone())).collect();
    assert_eq!(
        ways,
        [
            (SpfResult::Pass, vec![0, 4, 5, 6]),
            (SpfResult::Pass, vec![0, 2]),
            (SpfResult::SoftFail, vec![0, 10])
        ]
    );
    assert_eq!(tree.services, ["Google Workspace"]);
    assert_eq!(tree.rows[10].what, BranchKind::All(Qualifier::SoftFail));
}

#[test]
fn addresses_side_by_side_are_one_row_unless_one_decides() {
    let record = "example.org. TXT \"v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ip6:2001:db8::1 -all\"\n";
    assert_eq!(lines(&tree(record, &[]))[1..], ["  ip4:192.0.2.1 n3", "  -all"]);
}

#[test]
fn the_branch_that_goes_beyond_ten_is_marked() {
    let mut zone = String::from("example.org. TXT \"v=spf1");
    for n in 0..12 {
        zone.push_str(&format!(" a:h{n}.example.org"));
    }
    zone.push_str(" -all\"\n");
    for n in 0..12 {
        zone.push_str(&format!("h{n}.example.org. A 192.0.2.{n}\n"));
    }
    let tree = tree(&zone, &["198.51.100.1", "192.0.2.3"]);
    assert!(tree.is_over() && tree.lookups == 12 && tree.marked(Level::Stops) == 0);
    let marked: Vec<usize> =
        (0..tree.rows.len()).filter(|&at| tree.rows[at].marks.contains(&BranchMark::Exceeds)).collect();
    assert_eq!(marked, [11]);
    assert_eq!(tree.rows[11].term, "a:h10.example.org");
    assert_eq!(tree.rows.iter().filter(|row| row.is_beyond()).count(), 2);
    // A sender that stands early passes all the same, the others end at the marked branch.
    assert_eq!((tree.paths[0].result, tree.paths[0].rows.as_slice()), (SpfResult::PermError, &[0, 11][..]));
    assert_eq!((tree.paths[1].result, tree.paths[1].rows.as_slice()), (SpfResult::Pass, &[0, 4][..]));
    let layout = Layout::of(&tree, &tree.paths[0].rows);
    assert_eq!(layout.spots[11].cell.unwrap().x, layout.limit());
}

#[test]
fn what_is_wrong_with_a_branch_is_said_at_the_branch() {
    let tree = tree(
        "
example.org. TXT \"v=spf1 include:none.example include:two.example include:bad.example include:example.org include:dead.example a:v1.example a:v2.example a:v3.example exists:%{i}.example +all a:late.example\"
two.example. TXT \"v=spf1 -all\"
two.example. TXT \"v=spf1 ~all\"
bad.example. TXT \"v=spf1 ipv4:192.0.2.1 -all\"
dead.example. TXT SERVFAIL
",
        &[],
    );
    assert_eq!(
        lines(&tree),
        [
            " =9",
            "  include:none.example #1 !no-record",
            "  include:two.example #2 !several",
            "  include:bad.example #3 !mistake",
            "    ipv4:192.0.2.1 !mistake",
            "  include:example.org #4 !circle",
            "  include:dead.example #5 !unknown",
            "  a:v1.example #6 !void",
            "  a:v2.example #7 !void",
            "  a:v3.example #8 !void !too-many-voids",
            "  exists:%{i}.example #9",
            "  +all !open",
            "  a:late.example !ignored",
        ]
    );
    assert!(tree.at_least && tree.voids == 3);
    assert_eq!([Level::Stops, Level::Unknown, Level::Improve].map(|level| tree.marked(level)), [7, 1, 3]);
}

/// The domains of the local DNS that are there for one fault each.
#[test]
fn the_branch_at_fault_is_marked_and_no_other() {
    let lab = lab();
    for (domain, mark, term) in [
        ("dangling-include.example", "no-record", "include:spf.old-provider.test"),
        ("void-lookups.example", "too-many-voids", "a:old3.void-lookups.example"),
        ("loop.example", "circle", "include:loop.example"),
        ("spf-typo.example", "mistake", "ipv4:11.22.33.17"),
        ("after-all.example", "ignored", "include:sendgrid.net"),
        ("plus-all.example", "open", "+all"),
    ] {
        let tree = run(&lab, domain, &[], &[]).spf.unwrap();
        let marked = tree.rows.iter().filter(|row| row.marks.iter().any(|other| other.as_str() == mark));
        let terms: BTreeSet<&str> = marked.map(|row| row.term.as_str()).collect();
        assert_eq!(terms, BTreeSet::from([term]), "{domain}");
    }
}

#[test]
fn a_provider_may_send_only_if_it_is_found_in_time_and_allowed() {
    let google = "_spf.google.com. TXT \"v=spf1 ip4:198.51.100.0/24 ~all\"\n";
    let services = |record: &str| tree(&format!("example.org. TXT \"{record}\"\n{google}"), &[]).services;
    assert_eq!(services("v=spf1 include:_spf.google.com -all"), ["Google Workspace"]);
    assert!(services("v=spf1 ?include:_spf.google.com -all").is_empty());
    let late = "a ".repeat(10);
    assert!(services(&format!("v=spf1 {late}include:_spf.google.com -all")).is_empty());
    assert!(services("v=spf1 include:spf.protection.outlook.com -all").is_empty(), "there is no record");
}

#[test]
fn a_record_with_a_mistake_is_shown_and_not_counted() {
    let tree =
        tree("example.org. TXT \"v=spf1 mx include:_spf.google.com ipv4:192.0.2.1 -all\"\n", &["192.0.2.1"]);
    assert!(tree.mistake && !tree.is_over() && tree.paths.is_empty());
    assert_eq!(
        lines(&tree),
        ["", "  mx", "  include:_spf.google.com", "  ipv4:192.0.2.1 !mistake", "  -all"]
    );
}

#[test]
fn without_one_record_there_is_no_tree() {
    for records in [
        "example.org. TXT \"hello\"\n",
        "example.org. TXT \"v=spf1 -all\"\n TXT \"v=spf1 mx -all\"\n",
        "example.org. TXT SERVFAIL\n",
    ] {
        assert_eq!(draw(records, &[], &[]).spf, None, "{records}");
    }
}

#[test]
fn hostile_trees_are_cut_and_the_way_is_kept() {
    let mut zone = String::from("example.org. TXT \"v=spf1");
    // As many as fit into the longest text that is read.
    for n in 0..190 {
        zone.push_str(&format!(" include:i{n}.example"));
    }
    zone.push_str(" -all\"\n");
    for n in 0..190 {
        zone.push_str(&format!("i{n}.example. TXT \"v=spf1 include:j{n}.example -all\"\n"));
    }
    let tree = tree(&zone, &["192.0.2.1"]);
    assert!(tree.rows.len() <= MAX_ROWS && tree.left_out > 0 && tree.at_least && tree.is_over());
    let far: Vec<String> =
        (0..100).map(|n| format!("ip4:192.0.2.{n}")).map(|term| format!("a:x {term}")).collect();
    let record =
        format!("example.org. TXT \"v=spf1 {} -all\"\n", far.join(" ").replace("a:x", "a:own.example.org"));
    let tree = self::tree(&format!("{record}own.example.org. A 198.51.100.1\n"), &["192.0.2.7"]);
    assert_eq!(tree.paths[0].rows.len(), 2);
}

/// Records of any kind that lead to each other.
fn zone() -> impl Strategy<Value = String> {
    let term = prop_oneof![
        4 => "(include:|redirect=)[a-e]\\.example",
        2 => "[+?~-]?(a|mx)(:[a-e]\\.example)?",
        2 => "ip4:192\\.0\\.2\\.[0-9]",
        1 => "[+?~-]?(all|ptr|exists:%\\{i\\}\\.example|ipv4:x|[a-z]{1,6}=[a-z.]?)",
    ];
    let record = prop::collection::vec(term, 0..9).prop_map(|terms| terms.join(" "));
    prop::collection::vec(record, 6).prop_map(|records| {
        let names = ["example.org", "a.example", "b.example", "c.example", "d.example", "e.example"];
        let lines = names.iter().zip(records).map(|(name, record)| {
            format!("{name}. TXT \"v=spf1 {}\"\n{name}. A 192.0.2.3\n", record.replace('"', ""))
        });
        lines.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_lies_on_something_else(zone in zone(), ip in 0u8..12) {
        let ip = format!("192.0.2.{ip}");
        let pictures = draw(&zone, &[&ip], &[]);
        prop_assert!(pictures.judged.is_some());
        let Some(tree) = pictures.spf else { return Ok(()) };
        let lit = tree.paths.first().map_or(&[][..], |path| &path.rows);
        let layout = Layout::of(&tree, lit);
        prop_assert_eq!(layout.spots.len(), tree.rows.len());
        prop_assert!(tree.rows.len() <= 2 * MAX_ROWS + 12);
        prop_assert!(layout.slots <= MAX_SLOTS && layout.limit() <= WIDTH);
        let mut bottom = HEAD;
        for (spot, row) in layout.spots.iter().zip(&tree.rows) {
            prop_assert!(spot.top >= bottom, "rows are below each other");
            bottom = spot.top + spot.height;
            prop_assert!(bottom <= layout.height, "inside the view box");
            prop_assert!(spot.y > spot.top && spot.y < bottom && spot.x > 0);
            prop_assert!(Layout::room(spot) >= 150 && spot.text + Layout::room(spot) < ITEMS);
            if let Some(cell) = spot.cell {
                prop_assert!(cell.x >= ITEMS && cell.x + spot.reach <= WIDTH && spot.reach >= cell.width);
            }
            prop_assert!(row.parent.is_none_or(|parent| tree.rows[parent].depth + 1 == row.depth));
        }
        for link in &layout.links {
            prop_assert!(link.y < link.to_y && link.x <= link.to_x);
        }
        // Every lookup has a number of its own, in order, and all of them together are the sum.
        let numbers: Vec<usize> = tree.rows.iter().filter(|row| row.asks).map(|row| row.before).collect();
        prop_assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
        if tree.left_out == 0 && !tree.mistake {
            prop_assert_eq!(numbers.len(), tree.lookups);
        }
        // A way goes down the tree, from the domain to a row that has nothing lit below it.
        for path in &tree.paths {
            prop_assert_eq!(path.rows[0], 0);
            for pair in path.rows.windows(2) {
                prop_assert_eq!(tree.rows[pair[1]].parent, Some(pair[0]));
            }
        }
    }
}

const KEY: &str =
    "s._domainkey.example.org. TXT \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n";
const SPF: &str = "example.org. TXT \"v=spf1 ip4:192.0.2.1 -all\"\n";
const OTHER: &str = "198.51.100.1";

fn dmarc(record: &str) -> String {
    format!("_dmarc.example.org. TXT \"{record}\"\n")
}

#[test]
fn a_mail_that_spf_vouches_for_passes() {
    let judged = judged(&format!("{SPF}{}", dmarc("v=DMARC1; p=reject")), &["192.0.2.1"]);
    let sender = &judged.senders[0];
    assert_eq!(sender.verdict, DmarcVerdict::Pass);
    assert_eq!(sender.spf, SpfOutcome::Result(SpfResult::Pass, Some("ip4:192.0.2.1".to_owned())));
    assert_eq!(
        (sender.fate.inbox, sender.fate.junk, sender.fate.refused),
        (Chance::Yes, Chance::No, Chance::No)
    );
    assert_eq!((judged.spf_match.aligned, judged.spf_match.strict), (Some(true), false));
}

#[test]
fn a_mail_that_nobody_vouches_for_meets_the_policy() {
    for (policy, end) in [
        ("v=DMARC1; p=reject", [Chance::No, Chance::No, Chance::Yes]),
        ("v=DMARC1; p=quarantine", [Chance::No, Chance::Yes, Chance::No]),
        // While it is tested, one level less is asked for.
        ("v=DMARC1; p=reject; t=y", [Chance::No, Chance::Yes, Chance::No]),
        ("v=DMARC1; p=none", [Chance::Maybe; 3]),
        ("v=DMARC2", [Chance::Maybe; 3]),
    ] {
        let judged = draw(&format!("{SPF}{}", dmarc(policy)), &[OTHER], &[]).judged.unwrap();
        assert_eq!(judged.dkim, DkimOutcome::Absent);
        let sender = &judged.senders[0];
        assert_eq!(sender.verdict, DmarcVerdict::Fail, "{policy}");
        let fate = sender.fate;
        assert_eq!([fate.inbox, fate.junk, fate.refused], end, "{policy}");
    }
}

#[test]
fn a_signature_helps_only_if_it_is_there() {
    let rule = dmarc("v=DMARC1; p=reject; adkim=s");
    let judged = judged(&format!("{SPF}{KEY}{rule}"), &[OTHER, "192.0.2.1"]);
    assert_eq!(judged.dkim, DkimOutcome::Ready(vec!["s".to_owned()]));
    assert!(judged.dkim_match.strict && judged.dkim_match.aligned == Some(true));
    assert_eq!(judged.rule, RequestedPolicy::Policy { policy: Policy::Reject, by: None, testing: false });
    let [first, second] = judged.senders.as_slice() else { panic!("two senders") };
    assert_eq!((first.verdict, second.verdict), (DmarcVerdict::IfSigned, DmarcVerdict::Pass));
    assert_eq!((first.fate.inbox, first.fate.refused), (Chance::Maybe, Chance::Maybe));
}

#[test]
fn a_key_that_was_not_found_may_be_there() {
    let other = "other._domainkey.example.org. TXT \"hello\"\n";
    let judged = judged(&format!("{SPF}{other}"), &[OTHER]);
    assert!(matches!(judged.dkim, DkimOutcome::NotFound(tried) if tried > 1), "{:?}", judged.dkim);
    assert_eq!(judged.senders[0].verdict, DmarcVerdict::IfSignedUnseen);
}

#[test]
fn a_key_that_nobody_can_use_is_no_signature() {
    let judged = judged(&format!("{SPF}s._domainkey.example.org. TXT \"v=DKIM1; p=\"\n"), &[OTHER]);
    assert_eq!(judged.dkim, DkimOutcome::Unusable(vec!["s".to_owned()]));
    assert_eq!(judged.senders[0].verdict, DmarcVerdict::Fail);
}

#[test]
fn what_is_left_over_where_nobody_said_that_a_key_is_proves_nothing() {
    for record in ["default._domainkey TXT \"v=DKIM1; p=\"", "s1._domainkey CNAME s1.gone.example.net."] {
        let record = record.replace("_domainkey", "_domainkey.example.org.");
        let judged = judged(&format!("{SPF}{record}\n"), &[OTHER]);
        assert!(matches!(judged.dkim, DkimOutcome::NotFound(tried) if tried > 1), "{:?}", judged.dkim);
        assert_eq!(judged.senders[0].verdict, DmarcVerdict::IfSignedUnseen);
    }
}

#[test]
fn without_an_address_it_says_what_is_missing() {
    let judged = judged(&format!("{SPF}{}", dmarc("v=DMARC1; p=quarantine")), &[]);
    let [sender] = judged.senders.as_slice() else { panic!("one sender") };
    assert_eq!(
        (sender.ip, &sender.spf, sender.verdict),
        (None::<IpAddr>, &SpfOutcome::NoAddress, DmarcVerdict::IfSender)
    );
    assert_eq!(
        (sender.fate.inbox, sender.fate.junk, sender.fate.refused),
        (Chance::Maybe, Chance::Maybe, Chance::No)
    );
}

#[test]
fn an_address_of_a_local_network_is_none() {
    let pictures = draw(SPF, &["192.168.1.10"], &[]);
    assert!(pictures.spf.unwrap().paths.is_empty());
    assert_eq!(pictures.judged.unwrap().senders[0].ip, None);
}

#[test]
fn a_record_that_begins_with_all_says_the_same_of_every_address() {
    for (record, result, verdict, parked) in [
        ("v=spf1 -all", SpfResult::Fail, DmarcVerdict::Fail, true),
        ("v=spf1 exp=why.example.org ~all", SpfResult::SoftFail, DmarcVerdict::Fail, false),
        ("v=spf1 +all", SpfResult::Pass, DmarcVerdict::Pass, false),
    ] {
        let judged = draw(&format!("example.org. TXT \"{record}\"\n"), &[], &[]).judged.unwrap();
        let sender = &judged.senders[0];
        assert!(matches!(&sender.spf, SpfOutcome::Result(found, Some(_)) if *found == result), "{record}");
        assert_eq!((sender.verdict, sender.is_parked()), (verdict, parked), "{record}");
    }
}

#[test]
fn what_fails_for_every_address_needs_none() {
    for (records, result) in [
        ("", SpfResult::None),
        ("example.org. TXT \"v=spf1 -all\"\n TXT \"v=spf1 a -all\"\n", SpfResult::PermError),
        ("example.org. TXT \"v=spf1 ipv4:1 -all\"\n", SpfResult::PermError),
    ] {
        let judged = draw(records, &[], &[]).judged.unwrap();
        assert_eq!(judged.senders[0].spf, SpfOutcome::Result(result, None), "{records}");
        assert_eq!(judged.senders[0].verdict, DmarcVerdict::Fail, "{records}");
    }
}

#[test]
fn what_could_not_be_looked_up_gives_no_verdict() {
    for records in ["example.org. TXT SERVFAIL\n", &format!("{SPF}s._domainkey.example.org. TXT SERVFAIL\n")]
    {
        let judged = judged(records, &[OTHER]);
        assert_eq!(judged.senders[0].verdict, DmarcVerdict::Unknown, "{records}");
    }
    let judged = judged(&format!("{SPF}_dmarc.example.org. TXT SERVFAIL\n"), &["192.0.2.1"]);
    assert!(matches!(judged.rule, RequestedPolicy::Unknown(_)));
    // The very same name belongs together whatever the record says.
    assert_eq!(judged.senders[0].verdict, DmarcVerdict::Pass);
}

#[test]
fn a_name_that_does_not_belong_to_the_from_line_does_not_count() {
    let [from, envelope] = ["example.org", "mailer.example"].map(|name| Name::parse(name).unwrap());
    let rule = || RequestedPolicy::Policy { policy: Policy::Reject, by: None, testing: false };
    let pass = || vec![(None, SpfOutcome::Result(SpfResult::Pass, None))];
    let verdict = |spf, dkim, keys| {
        let matches = [spf, dkim].map(|aligned| AlignmentMatch { aligned, strict: false });
        MailJudgement::new(&from, &envelope, keys, matches, rule(), pass()).senders[0].verdict
    };
    let ready = || DkimOutcome::Ready(vec!["s".to_owned()]);
    assert_eq!(verdict(Some(false), Some(true), ready()), DmarcVerdict::IfSigned);
    assert_eq!(verdict(Some(false), Some(false), ready()), DmarcVerdict::Fail);
    assert_eq!(verdict(Some(false), None, ready()), DmarcVerdict::Unknown);
    assert_eq!(verdict(None, Some(true), DkimOutcome::Absent), DmarcVerdict::Unknown);
}

#[test]
fn the_policy_of_a_domain_above_is_named() {
    let zone = Zone::parse(
        "example.org. SOA ns. host. 1 1\nnews.example.org. TXT \"v=spf1 ip4:192.0.2.1 -all\"\n_dmarc.example.org. TXT \"v=DMARC1; p=none; sp=reject\"\n",
    )
    .unwrap();
    let judged = run(&zone, "news.example.org", &[OTHER], &[]).judged.unwrap();
    let by = Some(Name::parse("example.org").unwrap());
    assert_eq!(judged.rule, RequestedPolicy::Policy { policy: Policy::Reject, by, testing: false });
}

#[test]
fn a_domain_that_does_not_exist_has_no_picture() {
    let zone = Zone::parse("other.example. A 192.0.2.1\n").unwrap();
    let pictures = run(&zone, "gone.example", &[], &[]);
    assert_eq!((pictures.spf, pictures.judged), (None, None));
}
