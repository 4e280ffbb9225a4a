//! Does a resolver answer truthfully? Judged once, at the end of a run, from what it said.
//!
//! Some resolvers deny every name, leave out whole types, or give one address for everything: filters, captive portals,
//! half-configured routers. What they deny is not known, and nothing may be concluded from it.
//!
//! Honest resolvers pass on what odd servers say, one zone that is broken is no proof, and compact denial (RFC 9824) has
//! its SOA like any other. So a resolver is found untruthful only by several [`Sign`]s that do not hang on one zone. Two of
//! them are asked for: where the domain's records are denied, names that everybody knows are asked for the same type
//! ([`controls`]). A usual run has nothing to doubt and asks nothing more.

use std::net::{IpAddr, Ipv4Addr};

use crate::{
    dmarc::suffix::registered,
    dns::{Failure, Name, Outcome, Query, Rdata, Rtype, ip::reverse_name},
    facts::Facts,
    knowledge::Knowledge,
    table::Table,
    target::Target,
};

/// So many signs are a proof.
const ENOUGH: usize = 2;
/// So many denials without SOA are a sign, if there is none with it.
const MANY_DENIALS: usize = 4;
/// So many lists without control entries, or with one address, are a sign.
const MANY_LISTS: usize = 3;
/// Domains that receive mail and have an SPF record, and always will: of two owners.
const KNOWN_DOMAINS: [&str; 2] = ["gmail.com", "outlook.com"];
/// Addresses of public resolvers, which have a name: of two owners.
const KNOWN_ADDRESSES: [Ipv4Addr; 2] = [Ipv4Addr::new(1, 1, 1, 1), Ipv4Addr::new(8, 8, 8, 8)];

/// Something that a resolver which answers truthfully does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It denies records of a name that are known to be there.
    DeniesKnown(Name),
    /// None of its denials, of several domains, comes with the SOA that says for how long (RFC 2308 section 2.1).
    NoSoa,
    /// No blocklist has its control entry (RFC 5782 section 5).
    NoControls,
    /// Several blocklists have one and the same address, which is no answer of a list, or a name that cannot exist has it.
    OneAddress(Ipv4Addr),
    /// That address also stands at another name.
    OneAddressElsewhere(Ipv4Addr),
}

/// What is to be asked before what was denied is believed, of the target or of the addresses that send for it, and where a
/// blocklist has an address that is no answer of a list, or a name that was made up has one; empty where nothing is in doubt.
#[must_use]
pub fn controls(target: &Target, senders: &[IpAddr], facts: &Facts, knowledge: &Knowledge) -> Vec<Query> {
    let denied = |name: &Name, rtype| {
        let outcome = facts.get(&Query::new(name.clone(), rtype));
        outcome.filter(|outcome| outcome.is_void() && !outcome.meta().resolver.is_empty())
    };
    let mut controls = Vec::new();
    let mut doubt = |rtype| {
        for query in known(rtype) {
            if !controls.contains(&query) {
                controls.push(query);
            }
        }
    };
    if let Some(domain) = &target.domain {
        // Of a name that does not exist, one type says as much as all.
        let gone = denied(domain, Rtype::Soa).is_some_and(Outcome::is_gone);
        if gone || denied(domain, Rtype::Mx).is_some() {
            doubt(Rtype::Mx);
        }
        if !gone && denied(domain, Rtype::Txt).is_some() {
            doubt(Rtype::Txt);
        }
    }
    if target.recipient.as_ref().is_some_and(|domain| denied(domain, Rtype::Mx).is_some()) {
        doubt(Rtype::Mx);
    }
    if senders.iter().any(|&ip| denied(&reverse_name(ip), Rtype::Ptr).is_some()) {
        doubt(Rtype::Ptr);
    }
    let mut answers = facts.records().filter(|(_, outcome)| !outcome.meta().resolver.is_empty());
    let doubtful =
        |query: &Query| list_of(query, knowledge).is_some() || crate::view::submission::is_made_up(query);
    if answers.any(|(query, outcome)| addresses(outcome).any(|ip| !ip.is_loopback()) && doubtful(query)) {
        controls.extend(absent());
    }
    controls
}

/// A name that cannot exist (RFC 6761 section 6.4), which is what rewriting shows at.
#[must_use]
pub fn absent() -> Option<Query> {
    Name::parse("mail-triage.invalid").ok().map(|name| Query::new(name, Rtype::A))
}

/// The records of a type that every resolver finds.
fn known(rtype: Rtype) -> Vec<Query> {
    match rtype {
        Rtype::Ptr => KNOWN_ADDRESSES.map(|ip| Query::new(reverse_name(IpAddr::V4(ip)), rtype)).to_vec(),
        _ => {
            let names = KNOWN_DOMAINS.iter().filter_map(|name| Name::parse(name).ok());
            names.map(|name| Query::new(name, rtype)).collect()
        }
    }
}

/// A question by which a resolver is tried before it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The question.
    pub query: Query,
    /// Whether there is such a record.
    pub exists: bool,
}

impl Probe {
    /// The questions, none of which says anything about anybody: for the name servers of the root; for types that filters
    /// leave out; for a name that cannot exist.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let there = |query| Self { query, exists: true };
        let mut probes = vec![there(Query::new(Name::root(), Rtype::Ns))];
        probes.extend(
            [Rtype::Mx, Rtype::Txt]
                .into_iter()
                .filter_map(|rtype| known(rtype).into_iter().next())
                .map(there),
        );
        probes.extend(absent().map(|query| Self { query, exists: false }));
        probes
    }

    /// Whether a resolver that answers so may be used. That it filters a name which nobody can have is no harm.
    #[must_use]
    pub fn is_met(&self, outcome: &Outcome) -> bool {
        match outcome.failure() {
            None => self.exists != outcome.records().is_empty(),
            Some(failure) => !self.exists && failure == Failure::Filtered,
        }
    }
}

/// The resolvers that answered something, each once. What nobody is named for comes from no resolver and is not judged.
#[must_use]
pub fn resolvers(facts: &Facts) -> Vec<&str> {
    let mut resolvers: Vec<&str> = Vec::new();
    for (_, outcome) in facts.records() {
        let resolver = outcome.meta().resolver.as_str();
        if !resolver.is_empty() && outcome.failure().is_none() && !resolvers.contains(&resolver) {
            resolvers.push(resolver);
        }
    }
    resolvers
}

/// Whether these signs are enough.
#[must_use]
pub fn is_untruthful(signs: &[Sign]) -> bool {
    signs.len() >= ENOUGH
}

/// What speaks against a resolver.
#[must_use]
pub fn signs(resolver: &str, facts: &Facts, knowledge: &Knowledge) -> Vec<Sign> {
    let said: Vec<(&Query, &Outcome)> =
        facts.records().filter(|(_, outcome)| outcome.meta().resolver == resolver).collect();
    let mut signs = denies_known(&said);
    signs.extend(no_soa(&said, knowledge));
    signs.extend(no_controls(&said, knowledge));
    signs.extend(one_address(&said, knowledge));
    signs
}

/// Whether an answer of a resolver that is not truthful counts for nothing: what it denies, and what it puts in place of
/// everything.
#[must_use]
pub fn is_worthless(outcome: &Outcome, signs: &[Sign]) -> bool {
    outcome.is_void()
        || signs.iter().any(|sign| match sign {
            Sign::OneAddress(address) => addresses(outcome).any(|ip| ip == *address),
            _ => false,
        })
}

type Answers<'f> = [(&'f Query, &'f Outcome)];

fn denies_known(said: &Answers<'_>) -> Vec<Sign> {
    let known: Vec<Query> = [Rtype::Mx, Rtype::Txt, Rtype::Ptr].into_iter().flat_map(known).collect();
    // All that is denied at one name may be the fault of its servers, or of one who is blocked there.
    let mut names: Vec<&Name> = Vec::new();
    for (query, _) in said.iter().filter(|(query, outcome)| outcome.is_void() && known.contains(query)) {
        if !names.contains(&&query.name) {
            names.push(&query.name);
        }
    }
    names.into_iter().map(|name| Sign::DeniesKnown(name.clone())).collect()
}

/// Lists are left out: some of the servers that most of them run send no SOA, and nobody misses it.
fn no_soa(said: &Answers<'_>, knowledge: &Knowledge) -> Option<Sign> {
    let mut domains = Table::default();
    let mut denials = 0;
    for (query, outcome) in said {
        let (Outcome::NoData(negative) | Outcome::NxDomain(negative)) = outcome else { continue };
        if negative.ttl.is_some() {
            return None;
        }
        if list_of(query, knowledge).is_none() {
            domains.insert(registered(&query.name).0, ());
            denials += 1;
        }
    }
    (denials >= MANY_DENIALS && domains.len() > 1).then_some(Sign::NoSoa)
}

fn no_controls(said: &Answers<'_>, knowledge: &Knowledge) -> Option<Sign> {
    let mut lists = Table::default();
    for (query, outcome) in said {
        let Some(list) = list_of(query, knowledge) else { continue };
        if outcome.failure().is_none() && !outcome.is_void() {
            return None;
        }
        if outcome.is_void() && crate::view::listings::is_control(knowledge, query) {
            lists.insert(list, ());
        }
    }
    (lists.len() >= MANY_LISTS).then_some(Sign::NoControls)
}

fn one_address(said: &Answers<'_>, knowledge: &Knowledge) -> Vec<Sign> {
    let mut lists: Table<Ipv4Addr, Table<usize, ()>> = Table::default();
    for (query, outcome) in said {
        let Some(list) = list_of(query, knowledge) else { continue };
        // Lists answer out of this range and no other (RFC 5782 section 2.1).
        for address in addresses(outcome).filter(|address| !address.is_loopback()) {
            if !lists.has(&address) {
                lists.insert(address, Table::default());
            }
            if let Some(lists) = lists.get_mut(&address) {
                lists.insert(list, ());
            }
        }
    }
    let absent = absent();
    let at_absent = said.iter().find(|(query, _)| Some(*query) == absent.as_ref());
    let at_absent = at_absent.and_then(|(_, outcome)| addresses(outcome).next());
    let of_lists = || lists.iter().find(|(_, lists)| lists.len() >= MANY_LISTS).map(|(&address, _)| address);
    let Some(address) = at_absent.or_else(of_lists) else { return Vec::new() };
    let elsewhere = said.iter().any(|(query, outcome)| {
        let other = if at_absent.is_some() {
            Some(*query) != absent.as_ref()
        } else {
            list_of(query, knowledge).is_none()
        };
        other && addresses(outcome).any(|ip| ip == address)
    });
    let mut signs = vec![Sign::OneAddress(address)];
    signs.extend(elsewhere.then_some(Sign::OneAddressElsewhere(address)));
    signs
}

fn list_of(query: &Query, knowledge: &Knowledge) -> Option<usize> {
    knowledge.blocklists.lists.iter().position(|list| list.answers(&query.name))
}

fn addresses(outcome: &Outcome) -> impl Iterator<Item = Ipv4Addr> {
    outcome.records().iter().filter_map(|record| match record.data {
        Rdata::A(address) => Some(address),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        check::Level,
        dns::{Answer, Meta, Negative, Record},
        facts::Ask,
        knowledge::Blocklists,
        report::{Report, headline::HeadlineVerdict},
        session::Session,
        target::ListKeys,
        zone::Zone,
    };

    const ZONE: &str = "example.org. SOA ns. host. 1 1\n NS ns1.host.example.\n NS ns2.host.example.\n\
         example.org. MX 10 mx.example.org.\n TXT \"v=spf1 mx -all\"\nmx.example.org. A 11.22.33.44\n\
         _dmarc.example.org. TXT \"v=DMARC1; p=reject\"\nns1.host.example. A 11.22.33.1\nns2.host.example. A 11.22.33.2\n\
         gmail.com. MX 5 mx.gmail.com.\n TXT \"v=spf1 -all\"\noutlook.com. MX 5 mx.outlook.com.\n TXT \"v=spf1 -all\"\n\
         1.1.1.1.in-addr.arpa. PTR one.one.one.one.\n8.8.8.8.in-addr.arpa. PTR dns.google.\n\
         2.0.0.127.bl.a.example. A 127.0.0.2\n2.0.0.127.bl.b.example. A 127.0.0.2\n2.0.0.127.bl.c.example. A 127.0.0.2\n\
         TEST.dbl.a.example. A 127.0.0.2\nTEST.dbl.b.example. A 127.0.0.2\nTEST.dbl.c.example. A 127.0.0.2\n";

    fn name(text: &str) -> Name {
        Name::parse(text).unwrap()
    }

    /// Lists of three operators, for addresses and for domains.
    fn knowledge() -> Knowledge {
        lists_of(&["a", "b", "c"])
    }

    fn lists_of(operators: &[&str]) -> Knowledge {
        let list = |id: &str, zone: &str, covers: &str| {
            serde_json::json!({
                "id": id, "zone": zone, "name": id, "operator": id, "covers": [covers], "role": "block",
                "weight": 7, "default": true, "scope": "address", "who": "you",
                "codes": [{"code": "127.0.0.2", "meaning": "spam"}],
                "testListed": {"ip4": "127.0.0.2", "domain": "TEST"},
            })
        };
        let lists: Vec<serde_json::Value> = operators
            .iter()
            .flat_map(|id| {
                [
                    list(id, &format!("bl.{id}.example"), "ip4"),
                    list(&format!("d{id}"), &format!("dbl.{id}.example"), "domain"),
                ]
            })
            .collect();
        let blocklists: Blocklists = serde_json::from_value(serde_json::json!({"lists": lists})).unwrap();
        Knowledge { blocklists, ..Knowledge::default() }
    }

    fn denied(soa: bool) -> Negative {
        Negative { ttl: soa.then_some(300), ..Negative::default() }
    }

    /// What an honest resolver says: denials have their SOA.
    fn honest(zone: &Zone, query: &Query) -> Outcome {
        let mut outcome = zone.ask(query).unwrap().clone();
        if let Outcome::NoData(negative) | Outcome::NxDomain(negative) = &mut outcome {
            negative.ttl = Some(300);
        }
        outcome
    }

    type Lie = fn(&Zone, &Query) -> Outcome;

    fn everything_is_gone(_: &Zone, _: &Query) -> Outcome {
        Outcome::NxDomain(denied(false))
    }

    /// A filter that makes up an SOA.
    fn everything_is_gone_politely(_: &Zone, _: &Query) -> Outcome {
        Outcome::NxDomain(denied(true))
    }

    fn everything_is_empty(_: &Zone, _: &Query) -> Outcome {
        Outcome::NoData(denied(false))
    }

    fn no_txt(zone: &Zone, query: &Query) -> Outcome {
        if query.rtype == Rtype::Txt { Outcome::NoData(denied(true)) } else { honest(zone, query) }
    }

    fn no_mx(zone: &Zone, query: &Query) -> Outcome {
        if query.rtype == Rtype::Mx { Outcome::NoData(denied(true)) } else { honest(zone, query) }
    }

    fn one_address_for_all(zone: &Zone, query: &Query) -> Outcome {
        if query.rtype != Rtype::A {
            return honest(zone, query);
        }
        let data = Rdata::A(Ipv4Addr::new(203, 0, 113, 10));
        let records = vec![Record { owner: query.name.clone(), ttl: 60, data }];
        Outcome::Records(Answer { records, chain: Vec::new(), meta: Meta::default() })
    }

    fn one_address_for_what_is_not_there(zone: &Zone, query: &Query) -> Outcome {
        let outcome = honest(zone, query);
        if outcome.is_void() { one_address_for_all(zone, query) } else { outcome }
    }

    const LIES: [(&str, Lie); 7] = [
        ("everything is gone", everything_is_gone),
        ("everything is gone, politely", everything_is_gone_politely),
        ("everything is empty", everything_is_empty),
        ("no TXT", no_txt),
        ("no MX", no_mx),
        ("one address for all", one_address_for_all),
        ("one address for what is not there", one_address_for_what_is_not_there),
    ];

    /// Runs a session through resolvers that answer in these ways, in their order, as the page does. Also gives who was
    /// asked last.
    fn run(target: &Target, zone: &str, resolvers: &[Lie]) -> (Report, usize, usize) {
        run_with(knowledge(), target, zone, resolvers)
    }

    fn run_with(lists: Knowledge, target: &Target, zone: &str, resolvers: &[Lie]) -> (Report, usize, usize) {
        let zone = Zone::parse(zone).unwrap();
        let mut session = Session::new(target.clone(), std::rc::Rc::new(lists), ListKeys::default());
        let (mut at, mut asked) = (0, 0);
        while let Some(query) = session.poll_query() {
            let mut outcome = resolvers[at](&zone, &query);
            outcome.meta_mut().resolver = format!("r{at}");
            session.answer(&query, outcome);
            asked += 1;
            while let Some(liar) = session.untruthful() {
                assert_eq!(liar, format!("r{at}"));
                let others = at + 1 < resolvers.len();
                session.distrust(&liar, others);
                at += usize::from(others);
            }
        }
        (session.report(), at, asked)
    }

    fn conclusions(report: &Report) -> Vec<String> {
        let hard = report.findings().filter(|(_, f)| matches!(f.level, Level::Stops | Level::Improve));
        hard.map(|(_, finding)| format!("{} {}", finding.code.id(), finding.subject)).collect()
    }

    fn domain() -> Target {
        Target::domain(name("example.org"))
    }

    #[test]
    fn a_lone_resolver_that_does_not_answer_truthfully_proves_nothing_against_a_domain() {
        let ip = "11.22.33.44".parse().unwrap();
        for target in [domain(), Target { ips: vec![ip], ..domain() }] {
            let (healthy, ..) = run(&target, ZONE, &[honest]);
            for (what, lie) in LIES {
                let (report, ..) = run(&target, ZONE, &[lie]);
                assert_eq!(report.headline.verdict, HeadlineVerdict::ResolverUntruthful, "{what}");
                let mut new = conclusions(&report);
                new.retain(|one| !conclusions(&healthy).contains(one));
                assert_eq!(new, [""; 0], "{what}");
            }
        }
    }

    #[test]
    fn another_resolver_is_asked_where_there_is_one() {
        let (healthy, _, asked) = run(&domain(), ZONE, &[honest]);
        for (what, lie) in LIES {
            let (report, at, _) = run(&domain(), ZONE, &[lie, honest]);
            assert_eq!(at, 1, "{what}");
            assert_eq!(conclusions(&report), conclusions(&healthy), "{what}");
            assert_eq!(report.headline.verdict, healthy.headline.verdict, "{what}");
            let (report, at, _) = run(&domain(), ZONE, &[lie, lie, honest]);
            assert_eq!((at, conclusions(&report)), (2, conclusions(&healthy)), "{what}");
        }
        let (.., with_lists) = run(&domain(), ZONE, &[honest]);
        assert_eq!(asked, with_lists);
    }

    #[test]
    fn one_list_or_none_is_enough_to_show_that_answers_are_made_up() {
        let zone = ZONE
            .replace("mx.example.org. A", "mx.elsewhere.example. A")
            .replace("10 mx.example.org", "10 mx.elsewhere.example");
        for operators in [&["a"][..], &[]] {
            let (healthy, ..) = run_with(lists_of(operators), &domain(), &zone, &[honest]);
            for (what, lie) in &LIES[5..] {
                let (report, ..) = run_with(lists_of(operators), &domain(), &zone, &[*lie]);
                assert_eq!(report.headline.verdict, HeadlineVerdict::ResolverUntruthful, "{what}");
                let mut new = conclusions(&report);
                new.retain(|one| !conclusions(&healthy).contains(one));
                assert_eq!(new, [""; 0], "{what}");
            }
        }
        // The list itself is gone, and somebody else has its name.
        let parked: Lie = |zone, query| {
            if query.name.as_str().ends_with("dbl.a.example") {
                one_address_for_all(zone, query)
            } else {
                honest(zone, query)
            }
        };
        let (report, ..) = run_with(lists_of(&["a"]), &domain(), &zone, &[parked]);
        assert_ne!(report.headline.verdict, HeadlineVerdict::ResolverUntruthful);
    }

    #[test]
    fn an_address_alone_is_not_called_without_a_name() {
        let target = Target { ips: vec!["11.22.33.44".parse().unwrap()], ..Target::default() };
        let (report, ..) = run(&target, ZONE, &[everything_is_gone_politely]);
        assert_eq!(
            (report.headline.verdict, conclusions(&report)),
            (HeadlineVerdict::ResolverUntruthful, Vec::new())
        );
    }

    #[test]
    fn an_honest_resolver_is_believed_whatever_the_zone_is_like() {
        let known = &ZONE[ZONE.find("gmail.com").unwrap()..];
        let no_soa: Lie = |zone, query| {
            let mut outcome = honest(zone, query);
            if let Outcome::NoData(negative) | Outcome::NxDomain(negative) = &mut outcome
                && query.name.is_within(&Name::parse("example.org").unwrap())
            {
                negative.ttl = None;
            }
            outcome
        };
        let no_lists: Lie = |zone, query| {
            if query.name.as_str().contains("bl.") {
                Outcome::NxDomain(denied(false))
            } else {
                honest(zone, query)
            }
        };
        let no_gmail: Lie = |zone, query| {
            if query.name.as_str() == "gmail.com" {
                Outcome::NxDomain(denied(true))
            } else {
                honest(zone, query)
            }
        };
        let zones = [
            ("nothing there", known.to_owned()),
            ("no records", format!("example.org. SOA ns. host. 1 1\n{known}")),
            ("compact denial", format!("example.org. SOA ns. host. 1 1\n * COMPACT\n{known}")),
            (
                "one address",
                format!(
                    "example.org. SOA ns. host. 1 1\n A 203.0.113.10\n*.example.org. A 203.0.113.10\n{known}"
                ),
            ),
            ("servers fail", format!("example.org. * SERVFAIL\n{known}")),
        ];
        for (what, zone) in &zones {
            for resolver in [honest, no_soa, no_lists, no_gmail] {
                let (report, at, _) = run(&domain(), zone, &[resolver, everything_is_gone]);
                assert_eq!(at, 0, "{what}");
                assert_ne!(report.headline.verdict, HeadlineVerdict::ResolverUntruthful, "{what}");
            }
        }
    }

    #[test]
    fn a_usual_run_asks_nothing_more_and_a_doubtful_one_two_questions() {
        let queries = |target: &Target, zone: &str| {
            let zone = Zone::parse(zone).unwrap();
            let mut facts = Facts::default();
            for (rtype, name) in
                [(Rtype::Soa, "example.org"), (Rtype::Mx, "example.org"), (Rtype::Txt, "example.org")]
            {
                let query = Query::new(Name::parse(name).unwrap(), rtype);
                let mut outcome = zone.ask(&query).unwrap().clone();
                outcome.meta_mut().resolver = "r".to_owned();
                facts.insert(query, outcome);
            }
            controls(target, &[], &facts, &knowledge()).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(queries(&domain(), ZONE), [""; 0]);
        assert_eq!(queries(&domain(), "other.example. A 192.0.2.1"), ["gmail.com MX", "outlook.com MX"]);
        let no_txt = "example.org. SOA ns. host. 1 1\n MX 1 mx.example.org.";
        assert_eq!(queries(&domain(), no_txt), ["gmail.com TXT", "outlook.com TXT"]);
        // Records that no resolver was asked for are not judged.
        assert_eq!(controls(&domain(), &[], &Facts::default(), &knowledge()), []);
    }

    #[test]
    fn a_resolver_is_tried_with_what_it_might_hold_back_or_make_up() {
        let zone = Zone::parse(&format!(". NS a.root-servers.net.\n{ZONE}")).unwrap();
        let passes = |lie: Lie| Probe::all().iter().all(|probe| probe.is_met(&lie(&zone, &probe.query)));
        assert!(passes(honest));
        for (what, lie) in LIES {
            assert!(!passes(lie), "{what}");
        }
        assert!(!passes(|_, _| Outcome::failed(Failure::ServFail)));
    }

    #[test]
    fn a_known_text_is_what_it_is() {
        // The zone of these tests holds what the constants name.
        let zone = Zone::parse(ZONE).unwrap();
        for query in [Rtype::Mx, Rtype::Txt, Rtype::Ptr].into_iter().flat_map(known) {
            assert!(!zone.ask(&query).unwrap().records().is_empty(), "{query}");
        }
    }
}
