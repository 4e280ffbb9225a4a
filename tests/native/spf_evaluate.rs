//! `check_host()` of RFC 7208: results, explanations, limits and what the trace says about them.

use std::cell::RefCell;

use mail_triage_engine::{
    dns::{Name, Outcome, Query, Rtype},
    facts::{Ask, Facts, Pending, Step},
    spf::{Evaluation, Input, LookupStatus, Reason, SpfResult, TermEffect, check_zone, evaluate},
    zone::Zone,
};

const V4: &str = "192.0.2.1";
const V6: &str = "2001:db8::1";

/// Evaluates `user@example.org` in `zone`.
fn spf<'a>(zone: &'a Zone, ip: &str) -> Evaluation<'a> {
    check_zone(zone, ip.parse().unwrap(), "user@example.org", "mail.example.org")
}

fn zone(text: &str) -> Zone {
    Zone::parse(text).unwrap()
}

/// The record of example.org is `record`, and `more` stands in the zone too.
fn record(record: &str, more: &str) -> Zone {
    zone(&format!("example.org. TXT \"{record}\"\n{more}"))
}

fn result(text: &str, more: &str, ip: &str) -> SpfResult {
    spf(&record(text, more), ip).result
}

fn reason(evaluation: &Evaluation<'_>) -> Option<Reason> {
    evaluation.problem.map(|problem| problem.reason)
}

#[test]
fn the_seven_results() {
    for (text, wanted) in [
        ("v=spf1 ip4:192.0.2.0/24 -all", SpfResult::Pass),
        ("v=spf1 -all", SpfResult::Fail),
        ("v=spf1 ~all", SpfResult::SoftFail),
        ("v=spf1 ?all", SpfResult::Neutral),
        ("v=spf1 ip4:198.51.100.0/24", SpfResult::Neutral),
        ("v=spf1", SpfResult::Neutral),
        ("v=spf1 ip4:192.0.2.1 moo", SpfResult::PermError),
        ("v=spf1 a:slow.example.org -all", SpfResult::TempError),
        ("something else", SpfResult::None),
    ] {
        assert_eq!(result(text, "slow.example.org. A TIMEOUT\n", V4), wanted, "{text}");
    }
}

#[test]
fn records_are_selected_exactly() {
    for (text, wanted) in [
        (r#"example.org. TXT "v=spf10 -all""#, SpfResult::None),
        (r#"example.org. TXT "v=spf1;-all""#, SpfResult::None),
        (r#"example.org. TXT " v=spf1 -all""#, SpfResult::None),
        (r#"example.org. TXT "v=spf1" "-all""#, SpfResult::None),
        (r#"example.org. TXT "V=SPF1 -ALL""#, SpfResult::Fail),
        (r#"example.org. TXT "v=spf1 ip4:192.0." "2.1 -all""#, SpfResult::Pass),
        ("example.org. TXT \"v=spf10 -all\"\nexample.org. TXT \"v=spf1 +all\"", SpfResult::Pass),
        // The same record twice is one record (RFC 2181 section 5).
        ("example.org. TXT \"v=spf1 +all\"\nexample.org. TXT \"v=spf1 +all\"", SpfResult::Pass),
        ("example.org. TXT \"v=spf1 +all\"\nexample.org. TXT \"v=spf1 +all \"", SpfResult::PermError),
        ("example.org. TXT \"v=spf1 -all\"\nexample.org. TXT \"V=SPF1 +all\"", SpfResult::PermError),
        // The withdrawn type is not asked for.
        (r#"example.org. SPF "v=spf1 -all""#, SpfResult::None),
        ("example.org. SPF SERVFAIL\nexample.org. TXT \"v=spf1 -all\"", SpfResult::Fail),
        ("example.org. CNAME other.example.\nother.example. TXT \"v=spf1 -all\"", SpfResult::Fail),
        ("example.org. TXT SERVFAIL", SpfResult::TempError),
        ("example.org. * SERVFAIL", SpfResult::TempError),
        ("example.com. A 192.0.2.1", SpfResult::None),
        // Octets that are no text: in another record harmless, in this one an error.
        ("example.org. TXT \"\\150\"\nexample.org. TXT \"v=spf1 -all\"", SpfResult::Fail),
        (r#"example.org. TXT "v=spf1 \150all""#, SpfResult::PermError),
    ] {
        assert_eq!(spf(&zone(text), V4).result, wanted, "{text}");
    }
}

#[test]
fn senders_without_a_domain() {
    let zone = record("v=spf1 -all", "mail.example.org. TXT \"v=spf1 +all\"\n");
    let check = |from: &str, helo: &str| check_zone(&zone, V4.parse().unwrap(), from, helo).result;
    assert_eq!(check("@example.org", "x"), SpfResult::Fail);
    assert_eq!(check("example.org", "x"), SpfResult::Fail);
    assert_eq!(check("\"a@b\"@Example.ORG.", "x"), SpfResult::Fail);
    assert_eq!(check("", "mail.example.org"), SpfResult::Pass);
    for (from, helo) in [
        ("", "localhost"),
        ("", "[192.0.2.1]"),
        ("", ""),
        ("user@[192.0.2.1]", "x"),
        ("user@192.0.2.1", "x"),
        ("user@a..example.org", "x"),
        ("user@exämple.org", "x"),
    ] {
        assert_eq!(check(from, helo), SpfResult::None, "{from} {helo}");
    }
    let long = format!("user@{}.example.org", "x".repeat(64));
    assert_eq!(check(&long, "x"), SpfResult::None);
}

#[test]
fn addresses_match_by_their_first_bits() {
    for (term, ip, matches) in [
        ("ip4:192.0.2.1", V4, true),
        ("ip4:192.0.2.2", V4, false),
        ("ip4:192.0.2.128/25", V4, false),
        ("ip4:192.0.2.99/24", V4, true),
        ("ip4:203.0.113.1/0", V4, true),
        ("ip4:203.0.113.1/0", V6, false),
        ("ip6:::/0", V6, true),
        ("ip6:::/0", V4, false),
        ("ip6:2001:DB8::/32", V6, true),
        ("ip6:2001:db8::2", V6, false),
        // An IPv4 address in IPv6 clothes is an IPv4 address (section 5).
        ("ip4:192.0.2.1", "::ffff:192.0.2.1", true),
        ("ip6:::ffff:192.0.2.1", "::ffff:192.0.2.1", false),
    ] {
        let wanted = if matches { SpfResult::Pass } else { SpfResult::Fail };
        assert_eq!(result(&format!("v=spf1 {term} -all"), "", ip), wanted, "{term} {ip}");
    }
}

#[test]
fn hosts_match_in_the_family_of_the_sender() {
    let hosts = "host.example.org. A 192.0.2.99\nhost.example.org. AAAA 2001:db8::99\nexample.org. MX 10 host.example.org.\nexample.org. A 192.0.2.1\n";
    for (term, ip, wanted) in [
        ("a", V4, SpfResult::Pass),
        ("a:host.example.org", V4, SpfResult::Fail),
        ("a:host.example.org/24", V4, SpfResult::Pass),
        ("a:host.example.org/24", V6, SpfResult::Fail),
        ("a:host.example.org//64", V6, SpfResult::Pass),
        ("a:host.example.org/24//64", V4, SpfResult::Pass),
        ("mx/24", V4, SpfResult::Pass),
        ("mx:example.org//64", V6, SpfResult::Pass),
        ("mx", V4, SpfResult::Fail),
        // The domain has no address of this family at all.
        ("a/0//0", V6, SpfResult::Fail),
    ] {
        assert_eq!(result(&format!("v=spf1 {term} -all"), hosts, ip), wanted, "{term} {ip}");
    }
}

#[test]
fn mx_never_falls_back_to_the_domain_itself() {
    assert_eq!(result("v=spf1 mx -all", "example.org. A 192.0.2.1\n", V4), SpfResult::Fail);
    assert_eq!(result("v=spf1 mx/0 -all", "example.org. MX 0 .\n", V4), SpfResult::Fail);
}

#[test]
fn an_mx_that_matches_counts_more_than_one_that_fails() {
    let more = "example.org. MX 10 broken.example.org.\nexample.org. MX 20 mx.example.org.\nbroken.example.org. A SERVFAIL\nmx.example.org. A 192.0.2.1\n";
    assert_eq!(result("v=spf1 mx -all", more, V4), SpfResult::Pass);
    assert_eq!(result("v=spf1 mx -all", more, "192.0.2.2"), SpfResult::TempError);
}

#[test]
fn includes_match_on_pass_only() {
    for (inner, wanted) in [
        ("v=spf1 ip4:192.0.2.1 -all", SpfResult::Pass),
        ("v=spf1 -all", SpfResult::SoftFail),
        ("v=spf1 ~all", SpfResult::SoftFail),
        ("v=spf1 ?all", SpfResult::SoftFail),
        ("v=spf1 moo", SpfResult::PermError),
        ("no record", SpfResult::PermError),
        ("v=spf1 a:slow.example -all", SpfResult::TempError),
    ] {
        let more = format!("inner.example. TXT \"{inner}\"\nslow.example. A TIMEOUT\n");
        assert_eq!(result("v=spf1 include:inner.example ~all", &more, V4), wanted, "{inner}");
    }
    let zone = record("v=spf1 include:gone.example -all", "");
    assert_eq!(reason(&spf(&zone, V4)), Some(Reason::TargetWithoutRecord));
}

#[test]
fn redirect_hands_over_unless_all_stands_anywhere() {
    let more =
        "other.example. TXT \"v=spf1 a -all\"\nother.example. A 192.0.2.1\nexample.org. A 203.0.113.1\n";
    assert_eq!(result("v=spf1 redirect=other.example", more, V4), SpfResult::Pass);
    assert_eq!(result("v=spf1 redirect=other.example ~all", more, V4), SpfResult::SoftFail);
    assert_eq!(result("v=spf1 redirect=other.example ip4:192.0.2.2", more, V4), SpfResult::Pass);
    assert_eq!(result("v=spf1 redirect=gone.example", more, V4), SpfResult::PermError);
    assert_eq!(result("v=spf1 redirect=a..example", more, V4), SpfResult::PermError);
}

#[test]
fn names_that_cannot_exist_never_match() {
    for term in ["a:mail..example.org", "mx:mail..example.org", "exists:a..example.org", "ptr:a..example.org"]
    {
        assert_eq!(result(&format!("v=spf1 {term} -all"), "", V4), SpfResult::Fail, "{term}");
    }
    let zone = record("v=spf1 a:%{h}.example.org -all", "");
    let helo = "%".repeat(80);
    assert_eq!(check_zone(&zone, V4.parse().unwrap(), "u@example.org", &helo).result, SpfResult::Fail);
}

#[test]
fn exists_asks_for_ipv4_whatever_the_sender_has() {
    let more = "here.example. A 127.0.0.2\nsix.example. AAAA 2001:db8::2\n";
    assert_eq!(result("v=spf1 exists:here.example -all", more, V6), SpfResult::Pass);
    assert_eq!(result("v=spf1 exists:six.example -all", more, V6), SpfResult::Fail);
}

#[test]
fn ptr_needs_a_name_that_leads_back() {
    let more = "1.2.0.192.in-addr.arpa. PTR lies.example.org.\n1.2.0.192.in-addr.arpa. PTR MX.Example.org.\nmx.example.org. A 192.0.2.1\n2.2.0.192.in-addr.arpa. PTR mx.example.org.\n3.2.0.192.in-addr.arpa. PTR SERVFAIL\n";
    assert_eq!(result("v=spf1 ptr -all", more, V4), SpfResult::Pass);
    assert_eq!(result("v=spf1 ptr:example.ORG -all", more, V4), SpfResult::Pass);
    assert_eq!(result("v=spf1 ptr:ample.org -all", more, V4), SpfResult::Fail);
    assert_eq!(result("v=spf1 ptr -all", more, "192.0.2.2"), SpfResult::Fail);
    // Not in the sender's power, so no error.
    assert_eq!(result("v=spf1 ptr -all", more, "192.0.2.3"), SpfResult::Fail);
}

#[test]
fn only_ten_names_of_an_address_are_looked_at() {
    let mut more = String::new();
    for n in 0..11 {
        more += &format!("1.2.0.192.in-addr.arpa. PTR h{n}.example.com.\n");
    }
    let with = |n: usize| format!("{more}h{n}.example.com. A 192.0.2.1\n");
    assert_eq!(result("v=spf1 ptr:h9.example.com -all", &with(9), V4), SpfResult::Pass);
    assert_eq!(result("v=spf1 ptr:h10.example.com -all", &with(10), V4), SpfResult::Fail);
}

fn lookups(count: usize) -> String {
    let terms: Vec<_> = (0..count).map(|_| "a:other.example").collect();
    format!("v=spf1 {} ip4:192.0.2.1 -all", terms.join(" "))
}

#[test]
fn ten_lookups_are_allowed_and_eleven_are_not() {
    let other = "other.example. A 203.0.113.1\n";
    let ten = record(&lookups(10), other);
    let evaluation = spf(&ten, V4);
    assert_eq!((evaluation.result, evaluation.lookups()), (SpfResult::Pass, 10));
    let eleven = record(&lookups(11), other);
    let evaluation = spf(&eleven, V4);
    assert_eq!((evaluation.result, evaluation.lookups()), (SpfResult::PermError, 11));
    assert_eq!(reason(&evaluation), Some(Reason::TooManyLookups));
    let entry = evaluation.problem.unwrap().entry.unwrap();
    assert_eq!(evaluation.trace[entry as usize].term, 10);
}

#[test]
fn what_is_not_reached_costs_nothing() {
    let text = lookups(11).replace("v=spf1 ", "v=spf1 ip4:192.0.2.1 ");
    assert_eq!(result(&text, "other.example. A 203.0.113.1\n", V4), SpfResult::Pass);
}

#[test]
fn nested_lookups_and_redirects_count_and_explanations_do_not() {
    let more = "inner.example. TXT \"v=spf1 a mx ptr ip4:198.51.100.0/24 exists:x.example ?all\"\ninner.example. A 203.0.113.1\ninner.example. MX 10 inner.example.\nx.example. AAAA 2001:db8::5\n1.2.0.192.in-addr.arpa. PTR x.example.\nlast.example. TXT \"v=spf1 exp=e.example -all\"\ne.example. TXT \"no\"\n";
    let zone = record("v=spf1 include:inner.example exp=unused.example redirect=last.example", more);
    let evaluation = spf(&zone, V4);
    assert_eq!(evaluation.result, SpfResult::Fail);
    // include, a, mx, ptr, exists, redirect.
    assert_eq!(evaluation.lookups(), 6);
    assert_eq!(evaluation.explanation.as_deref(), Some("no"));
}

#[test]
fn circles_end_at_the_limit() {
    assert_eq!(result("v=spf1 include:example.org -all", "", V4), SpfResult::PermError);
    assert_eq!(result("v=spf1 redirect=example.org", "", V4), SpfResult::PermError);
    let zone =
        record("v=spf1 include:b.example -all", "b.example. TXT \"v=spf1 include:example.org -all\"\n");
    assert_eq!(reason(&spf(&zone, V4)), Some(Reason::TooManyLookups));
}

#[test]
fn two_empty_lookups_are_allowed_and_three_are_not() {
    let two = record("v=spf1 a:x.example mx:y.example -all", "");
    assert_eq!((spf(&two, V4).result, spf(&two, V4).voids()), (SpfResult::Fail, 2));
    let three = record("v=spf1 a:x.example mx:y.example exists:z.example -all", "");
    let evaluation = spf(&three, V4);
    assert_eq!((evaluation.result, reason(&evaluation)), (SpfResult::PermError, Some(Reason::TooManyVoids)));
}

#[test]
fn empty_lookups_do_not_depend_on_the_family() {
    // Three hosts with IPv4 only: an IPv6 sender must not fare worse than an IPv4 sender.
    let hosts = "a1.example. A 203.0.113.1\na2.example. A 203.0.113.2\na3.example. A 203.0.113.3\nm.example. MX 10 a1.example.\n";
    for text in [
        "v=spf1 a:a1.example a:a2.example a:a3.example -all",
        "v=spf1 mx:m.example mx:m.example mx:m.example -all",
    ] {
        for ip in [V4, V6] {
            let zone = record(text, hosts);
            assert_eq!((spf(&zone, ip).result, spf(&zone, ip).voids()), (SpfResult::Fail, 0), "{text} {ip}");
        }
    }
    // Names that exist with neither family are empty for both.
    let nothing = "a1.example. TXT x\na2.example. TXT x\na3.example. TXT x\n";
    for ip in [V4, V6] {
        let zone = record("v=spf1 a:a1.example a:a2.example a:a3.example -all", nothing);
        assert_eq!(spf(&zone, ip).result, SpfResult::PermError, "{ip}");
    }
}

#[test]
fn an_mx_with_several_dead_hosts_is_one_empty_lookup() {
    let more = "example.org. MX 10 d1.example.org.\nexample.org. MX 20 d2.example.org.\nexample.org. MX 30 d3.example.org.\n";
    let zone = record("v=spf1 mx -all", more);
    assert_eq!((spf(&zone, V4).result, spf(&zone, V4).voids()), (SpfResult::Fail, 1));
}

#[test]
fn an_mx_may_have_ten_hosts() {
    let hosts = |count: usize| {
        (0..count)
            .map(|n| format!("example.org. MX 10 h{n}.example.org.\nh{n}.example.org. A 203.0.113.{n}\n"))
            .collect::<String>()
    };
    let ten = record("v=spf1 mx -all", &hosts(10));
    assert_eq!((spf(&ten, V4).result, spf(&ten, V4).lookups()), (SpfResult::Fail, 1));
    let eleven = record("v=spf1 mx -all", &hosts(11));
    assert_eq!(reason(&spf(&eleven, V4)), Some(Reason::TooManyMxHosts));
    // There is no such limit for addresses.
    let many: String = (0..40).map(|n| format!("example.org. A 192.0.2.{n}\n")).collect();
    assert_eq!(result("v=spf1 a -all", &many, "192.0.2.39"), SpfResult::Pass);
}

#[test]
fn macros_expand_as_in_section_7() {
    let zone = record(
        "v=spf1 exp=e.example -all",
        r#"e.example. TXT "%{s}|%{l}|%{o}|%{d}|%{i}|%{ir}|%{v}|%{h}|%{d2}|%{dr}|%{d1r}|%{lr-}|%{l1r-}|%{L}|%{c}|%{r}|%{t}|%%|%_|%-|%{p}""#,
    );
    let mut input = Input::new(V4.parse().unwrap(), "strong-bad+x@email.example.com", "mx.example.com");
    input.receiver = "mx.receiver.example";
    input.time = 1_700_000_000;
    let from_example_org = Input { domain: "example.org", ..input };
    let said = evaluate(&zone, &from_example_org).unwrap().explanation.unwrap();
    assert_eq!(
        said,
        "strong-bad+x@example.org|strong-bad+x|example.org|example.org|192.0.2.1|1.2.0.192|in-addr|mx.example.com|example.org|org.example|example|bad+x.strong|strong|strong-bad%2Bx|192.0.2.1|mx.receiver.example|1700000000|%| |%20|unknown"
    );
    let said = check_zone(&zone, V6.parse().unwrap(), "u@example.org", "h.example.org").explanation.unwrap();
    assert!(said.contains("|2.0.0.1.0.D.B.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1|"), "{said}");
    assert!(said.contains("|ip6|") && said.contains("|2001:db8::1|"), "{said}");
}

#[test]
fn macros_make_names() {
    let more = "1.2.0.192.in-addr._spf.example.org. A 127.0.0.2\nu.lp.example.org. A 127.0.0.2\n";
    assert_eq!(result("v=spf1 exists:%{ir}.%{v}._spf.%{d2} -all", more, V4), SpfResult::Pass);
    assert_eq!(
        result("v=spf1 exists:%{l1}.lp.%{o} -all", "user.lp.example.org. A 127.0.0.2\n", V4),
        SpfResult::Pass
    );
    assert_eq!(
        result("v=spf1 exists:x%_y.example.org -all", "x\\032y.example.org. A 127.0.0.2\n", V4),
        SpfResult::Pass
    );
    assert_eq!(
        result("v=spf1 exists:%{D}.x.example.org -all", "example.org.x.example.org. A 127.0.0.2\n", V4),
        SpfResult::Pass
    );
}

#[test]
fn the_validated_name_prefers_the_domain() {
    let more = "1.2.0.192.in-addr.arpa. PTR z.example.com.\n1.2.0.192.in-addr.arpa. PTR mx.example.org.\nz.example.com. A 192.0.2.1\nmx.example.org. A 192.0.2.1\nmx.example.org.ok.example. A 127.0.0.2\n";
    assert_eq!(result("v=spf1 exists:%{p}.ok.example -all", more, V4), SpfResult::Pass);
}

#[test]
fn a_name_made_too_long_loses_labels_from_the_left() {
    let label = "x".repeat(50);
    let more = format!("{label}.{label}.{label}.{label}.e.example.org. A 127.0.0.2\n");
    let text = format!("v=spf1 exists:{label}.{label}.{label}.{label}.{label}.e.%{{d}} -all");
    assert_eq!(result(&text, &more, V4), SpfResult::Pass);
}

#[test]
fn explanations_that_are_wrong_change_nothing() {
    for more in [
        "",
        "e.example. TXT SERVFAIL\n",
        "e.example. TXT one\ne.example. TXT two\n",
        "e.example. TXT \"%{x}\"\n",
        "e.example. TXT \"\\200\"\n",
    ] {
        let zone = record("v=spf1 -all exp=e.example", more);
        let evaluation = spf(&zone, V4);
        assert_eq!((evaluation.result, evaluation.explanation.as_deref()), (SpfResult::Fail, None), "{more}");
    }
    // A dot at the end is a mistake in a name but not in a sentence.
    let zone = record("v=spf1 -all exp=e.example.", "e.example. TXT \"Go \" \"away.\"\n");
    assert_eq!(spf(&zone, V4).explanation.as_deref(), Some("Go away."));
}

#[test]
fn explanations_come_from_the_record_that_refuses() {
    let more =
        "inner.example. TXT \"v=spf1 -all exp=i.example\"\ni.example. TXT inner\no.example. TXT outer\n";
    let include = record("v=spf1 include:inner.example -all exp=o.example", more);
    assert_eq!(spf(&include, V4).explanation.as_deref(), Some("outer"));
    let redirect = record("v=spf1 redirect=inner.example exp=o.example", more);
    assert_eq!(spf(&redirect, V4).explanation.as_deref(), Some("inner"));
}

#[test]
fn the_trace_shows_each_term_with_its_cost_and_questions() {
    let more = "inner.example. TXT \"v=spf1 ip4:198.51.100.1 mx ~all\"\ninner.example. MX 10 mx.inner.example.\nmx.inner.example. A 192.0.2.1\n";
    let zone = record("v=spf1 a:gone.example include:inner.example -all", more);
    let evaluation = spf(&zone, V4);
    let shown: Vec<String> = evaluation
        .trace
        .iter()
        .map(|entry| {
            let (_, text) = evaluation.term(entry).unwrap();
            let asked: Vec<_> =
                evaluation.asked_by(entry).iter().map(|asked| asked.query.to_string()).collect();
            format!(
                "{}{text} {} {:?}{} [{}]",
                " ".repeat(entry.depth.into()),
                entry.cost,
                entry.effect,
                if entry.void { " void" } else { "" },
                asked.join(", ")
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "a:gone.example 1 NotMatched void [gone.example A]",
            "include:inner.example 1 Matched [inner.example TXT]",
            " ip4:198.51.100.1 0 NotMatched []",
            " mx 1 Matched [inner.example MX, mx.inner.example A]",
        ]
    );
    let (_, decisive) = evaluation.term(evaluation.decisive().unwrap()).unwrap();
    assert_eq!(decisive, "include:inner.example");
    assert_eq!(evaluation.lookups(), 3);
    assert_eq!(evaluation.records[1].result, SpfResult::Pass);
    assert_eq!(evaluation.asked[1].status, LookupStatus::NxDomain);
}

#[test]
fn an_error_names_the_term_it_came_up_at() {
    let more = "inner.example. TXT \"v=spf1 include:broken.example -all\"\nbroken.example. TXT SERVFAIL\n";
    let zone = record("v=spf1 mx:example.org include:inner.example -all", more);
    let evaluation = spf(&zone, V4);
    let problem = evaluation.problem.unwrap();
    assert!(matches!(problem.reason, Reason::Lookup(_)));
    let entry = evaluation.trace[problem.entry.unwrap() as usize];
    assert_eq!(evaluation.term(&entry).unwrap().1, "include:broken.example");
    assert_eq!(entry.effect, TermEffect::Error);
    assert_eq!(evaluation.records[problem.record.unwrap() as usize].domain.as_str(), "inner.example");
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
fn branches_do_not_wait_for_each_other() {
    let zone = record(
        "v=spf1 include:a.example mx exists:%{i}.example -all",
        "a.example. TXT \"v=spf1 include:b.example -all\"\nb.example. TXT \"v=spf1 -all\"\nexample.org. MX 10 m.example.\nm.example. A 203.0.113.1\n",
    );
    let input = Input::new(V4.parse().unwrap(), "user@example.org", "h.example");
    let mut known = Noting::default();
    let mut rounds = Vec::new();
    while evaluate(&known, &input).is_err() {
        let wanted = known.1.take();
        rounds.push(wanted.len());
        for query in wanted {
            known.0.insert(query.clone(), zone.ask(&query).unwrap().clone());
        }
    }
    // The record; then all three terms; then what two of them lead to.
    assert_eq!(rounds, [1, 3, 2]);
    assert_eq!(evaluate(&known, &input).unwrap(), evaluate(&zone, &input).unwrap());
}

#[test]
fn a_zone_that_is_not_finished_is_no_absence() {
    let zone = Zone::default();
    assert_eq!(spf(&zone, V4).result, SpfResult::TempError);
    let name = Name::parse("example.org").unwrap();
    assert!(zone.ask(&Query::new(name, Rtype::Txt)).is_err());
}
