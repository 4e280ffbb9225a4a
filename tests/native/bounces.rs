//! What is made of error messages.

use std::{collections::BTreeMap, rc::Rc};

use mail_triage_engine::{
    bounce::{Basis, ClaimStatus, FactKind, Finality, Reader, Speaker, claim_status, proposal, wordings},
    facts::Ask,
    knowledge::ClaimKind,
    message::charset::plain,
    session::Session,
    target::ListKeys,
    zone::Zone,
};

use crate::common;
use crate::common::bounces::{cases, codes, figures, of_files, read, reader, step, words};

#[test]
fn every_text_leads_to_its_step_and_cause() {
    let (reader, lists) = (reader(), common::knowledge().blocklists);
    let mut wrong = Vec::new();
    let cases: Vec<_> = ["tests/bounces", "tests/bounces-published"].into_iter().flat_map(cases).collect();
    assert!(cases.len() >= 200, "{}", cases.len());
    for case in &cases {
        let reading = read(&reader, &case.text, &lists);
        let verdict = reading.verdicts.first();
        let found = words(verdict);
        if found != case.wanted {
            let by = verdict.map(|verdict| {
                (verdict.entry.as_deref(), verdict.basis, verdict.provider.as_ref().map(|p| &p.id))
            });
            wrong.push(format!("{}: {found:?} by {by:?} instead of {:?}", case.name, case.wanted));
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), cases.len());
}

#[test]
fn every_kind_of_fact_finality_and_basis_comes_up_in_some_text() {
    let (reader, lists) = (reader(), common::knowledge().blocklists);
    let mut texts: Vec<String> = cases("tests/bounces").into_iter().map(|case| case.text).collect();
    texts.push("a text that says nothing".to_owned());
    texts.push("The program asks for a password again.".to_owned());
    let header = "Received: from mail.shop.example (mail.shop.example [11.22.33.44]) by mx.google.com with ESMTPS id x\n\
        Return-Path: <bounce+1@news.service.example>\nFrom: anna@shop.example\nMessage-ID: <1@shop.example>\n";
    texts.push(header.to_owned());
    let readings: Vec<_> = texts.iter().map(|text| read(&reader, text, &lists)).collect();
    let facts = || readings.iter().flat_map(|reading| &reading.facts);
    let verdicts = || readings.iter().flat_map(|reading| &reading.verdicts);
    let mut never: Vec<&str> = Vec::new();
    never.extend(
        FactKind::ALL.iter().filter(|kind| facts().all(|fact| fact.kind != **kind)).map(|kind| kind.as_str()),
    );
    let made = |finality| verdicts().any(|verdict| verdict.finality == finality);
    never.extend(Finality::ALL.iter().filter(|finality| !made(**finality)).map(|finality| finality.as_str()));
    let told = |basis| verdicts().any(|verdict| verdict.basis == basis);
    never.extend(Basis::ALL.iter().filter(|basis| !told(**basis)).map(|basis| basis.as_str()));
    assert!(never.is_empty(), "{never:?}");
}

#[test]
fn texts_that_no_pattern_was_made_for_are_mostly_understood() {
    let (reader, lists) = (reader(), common::knowledge().blocklists);
    let cases = cases("tests/bounces-fresh");
    let (mut right, mut astray) = (0, Vec::new());
    for case in &cases {
        let reading = read(&reader, &case.text, &lists);
        let found = words(reading.verdicts.first());
        right += usize::from(found == case.wanted);
        if found[0] != case.wanted[0] {
            let entry = reading.verdicts.first().and_then(|verdict| verdict.entry.clone());
            astray.push(format!("{}: {found:?} by {entry:?} instead of {:?}", case.name, case.wanted));
        }
    }
    assert!(right * 100 >= cases.len() * 85, "{right} of {}: {astray:#?}", cases.len());
    assert!(astray.len() * 100 <= cases.len() * 8, "{} of {}: {astray:#?}", astray.len(), cases.len());
}

/// What the reader makes of them is no part of this: it says only that their files can be read and name
/// causes that there are.
#[test]
fn texts_found_elsewhere_name_their_source_and_a_known_cause() {
    let codes = codes("smtp-codes");
    for folder in ["tests/bounces-found", "tests/bounces-open", "tests/bounces-sealed"] {
        let cases = cases(folder);
        assert!(cases.len() >= 100, "{folder}: {}", cases.len());
        for case in &cases {
            for key in ["source", "system", "language"] {
                assert!(case.about.contains_key(key), "{folder}, {}: no {key}", case.name);
            }
            let cause = codes.cause(&case.wanted[1]).map(|cause| [step(cause.step), cause.who[0].as_str()]);
            assert!(cause.is_some() || case.wanted[1] == "unknown", "{folder}, {}", case.name);
            let [wanted_step, _, wanted_party] = &case.wanted;
            let wanted = [wanted_step.as_str(), wanted_party.as_str()];
            assert_eq!(wanted, cause.unwrap_or(["contact", "you"]), "{folder}, {}", case.name);
            assert!(!case.text.trim().is_empty(), "{folder}, {}", case.name);
        }
    }
}

#[test]
fn texts_found_elsewhere_are_understood() {
    let (reader, lists) = (reader(), common::knowledge().blocklists);
    let cases = cases("tests/bounces-found");
    let figures = figures(&reader, &cases, &lists);
    let (all, missed) = (figures.sum.all, &figures.missed);
    // What says too little has no cause, but still a step.
    assert!(figures.sum.right * 100 >= all * 91, "{} of {all}: {missed:#?}", figures.sum.right);
    assert!(figures.sum.wrong * 100 <= all * 2, "{} of {all}: {missed:#?}", figures.sum.wrong);
    assert!(figures.sum.step * 100 >= all * 99, "{} of {all}: {missed:#?}", figures.sum.step);
}

/// A wrong cause sends somebody the wrong way: none is named on little evidence.
#[test]
fn a_cause_is_named_where_enough_speaks_for_it() {
    let named = |text: &str| {
        let reading = read(&reader(), text, &common::knowledge().blocklists);
        let [step, cause, _] = words(reading.verdicts.first());
        (step, cause)
    };
    for (text, step, cause) in [
        // A code alone, the same with words that mean it, and with words that nobody knows: then only where the code is
        // given to nothing else.
        ("550 5.1.1 <bob@rcpt.example>", "contact", "recipient-unknown"),
        ("550 5.1.1 <bob@rcpt.example> bad address", "contact", "recipient-unknown"),
        ("550 5.1.1 zq zq zq zq zq", "contact", "recipient-unknown"),
        ("550 5.2.1 zq zq zq zq zq", "contact", "-"),
        // Words that hardly name a reason, with a code that bears them out and without.
        ("550 5.7.1 Message rejected", "blocklist", "refused-policy"),
        ("550 Message rejected", "blocklist", "-"),
        ("553 Mail from anna@shop.example not allowed", "contact", "-"),
        // A short wording, alone and beside words that mean something else.
        ("550 Relaying denied", "auth", "relay-denied"),
        ("554 Relaying denied. IP name lookup failed", "dns", "-"),
        // Words that mean something together, by themselves and among many others.
        ("The connection had a timeout.", "contact", "connection-failed"),
        (
            "We tried to connect for a while, and then there was a timeout somewhere between here and there.",
            "contact",
            "-",
        ),
        // A reply code, alone and with words that nobody knows.
        ("550", "contact", "recipient-problem"),
        ("550 zq zq zq zq zq", "contact", "-"),
    ] {
        assert_eq!(named(text), (step.to_owned(), cause.to_owned()), "{text}");
    }
}

/// Which wordings are fetched is told from the text alone, and no other could have said more.
#[test]
fn a_text_is_understood_by_the_wordings_that_it_asks_for() {
    let lists = common::knowledge().blocklists;
    let all = reader();
    let mut readers: BTreeMap<Vec<&str>, Reader> = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in ["tests/bounces", "tests/bounces-fresh", "tests/bounces-found"].into_iter().flat_map(cases) {
        let asked = wordings(case.text.as_bytes(), &plain);
        let own = readers.entry(asked.clone()).or_insert_with(|| Reader::new(of_files(&asked)));
        let [with_all, with_own] =
            [&all, &*own].map(|reader| words(read(reader, &case.text, &lists).verdicts.first()));
        if with_all != with_own {
            wrong.push(format!("{}: {with_own:?} by {asked:?}, {with_all:?} by all", case.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(readers.len() >= 6, "{:?}", readers.keys());
}

/// Cause, words that are marked, and who said them.
fn told(text: &str) -> (String, String, Option<Speaker>) {
    let reading = read(&reader(), text, &common::knowledge().blocklists);
    let verdict = &reading.verdicts[0];
    let marked = verdict.span.clone().map(|span| reading.text[span].to_owned()).unwrap_or_default();
    (verdict.cause.clone().unwrap_or_default(), marked, verdict.speaker)
}

#[test]
fn the_server_speaks_before_whoever_wraps_it() {
    let server = Some(Speaker::Server);
    for (text, cause, marked) in [
        (
            "Your message could not be delivered within 5 days. Retry time exceeded.\n\n<bob@rcpt.example>: host mx.rcpt.example[11.22.33.1] said: 452 4.2.2 mailbox full",
            "mailbox-full",
            "mailbox full",
        ),
        (
            "   ----- Transcript of session follows -----\n... while talking to mx.rcpt.example.:\n>>> MAIL From:<anna@shop.example>\n<<< 550 5.1.1 user unknown\n501 5.6.0 Data format error",
            "sender-unverifiable",
            "",
        ),
        (
            "The following message to <bob@rcpt.example> was undeliverable.\nThe reason for the problem:\n5.1.0 - Unknown address error 552-'5.2.2 mailbox full'",
            "mailbox-full",
            "mailbox full",
        ),
        (
            "Temporary failure. Message headers follow.\n\nThe response from the remote server was:\n550 5.7.1 blocked using bl.spamcop.net",
            "ip-listed",
            "blocked using bl.spamcop.net",
        ),
    ] {
        let found = told(text);
        if marked.is_empty() {
            assert_ne!(found.0, "recipient-unknown", "the sender was refused: {found:?}");
        } else {
            assert_eq!(found, (cause.to_owned(), marked.to_owned(), server), "{text}");
        }
    }
    let (cause, _, speaker) = told("Delivery to bob@rcpt.example failed.\nThe mailbox is full.\n\n550 no");
    assert_eq!((cause.as_str(), speaker), ("mailbox-full", Some(Speaker::Wrapper)));
}

#[test]
fn a_success_is_no_cause() {
    for text in [
        "250 2.6.0 <1@shop.example> [InternalId=1, Hostname=a.prod.outlook.com] Queued mail for delivery",
        "to=<bob@rcpt.example>, relay=mx.rcpt.example[11.22.33.1]:25, dsn=2.6.0, status=sent (250 2.6.0 spam check ok, queued)",
        "2.1.5 user unknown to nobody",
        "Reporting-MTA: dns; a.example\n\nFinal-Recipient: rfc822; bob@rcpt.example\nAction: relayed\nStatus: 2.0.0\nDiagnostic-Code: smtp; 250 2.0.0 OK\n",
    ] {
        let reading = read(&reader(), text, &common::knowledge().blocklists);
        let verdict = &reading.verdicts[0];
        assert_eq!(
            (verdict.cause.as_deref(), verdict.finality),
            (Some("accepted"), Finality::Accepted),
            "{text}"
        );
    }
}

#[test]
fn several_possible_reasons_are_none() {
    let (cause, _, _) = told(
        "550 The mail server could not deliver mail to bob@rcpt.example. The account or domain may not exist, they may be blacklisted, or missing the proper dns entries.",
    );
    assert!(
        !matches!(cause.as_str(), "ip-listed" | "recipient-unknown" | "sender-domain-missing"),
        "{cause}"
    );
}

#[test]
fn nothing_in_the_returned_message_counts() {
    let report = "<bob@rcpt.example>: host mx.rcpt.example[11.22.33.1] said: 550 ZZZ\n\n";
    let bare = told(report);
    for copy in [
        "------ This is a copy of your message. ------\n\nReceived: from a by b\nX-Virus-Scanned: clamav\nReceived-SPF: fail\nSubject: mailbox full, 550 5.7.1 spam\n",
        "Received: from a by b; blocked using zen.spamhaus.org\nSubject: user unknown 550 5.1.1\n",
        "Content-Type: text/rfc822-headers\n\nSubject: over quota\nX-Spam-Status: 550 5.7.1 spam\n",
    ] {
        assert_eq!(told(&format!("{report}{copy}")).0, bare.0, "{copy}");
    }
}

const LISTED: &str = "<bob@rcpt.example>: host mx.rcpt.example[11.22.33.1] said: 554 5.7.1 Service unavailable; \
    Client host [11.22.33.44] blocked using bl.spamcop.net (in reply to RCPT TO command)";

/// What becomes of the claims of a text in this world.
fn states(text: &str, zone: &str) -> Vec<ClaimStatus> {
    let knowledge = common::knowledge();
    let reading = read(&reader(), text, &knowledge.blocklists);
    let zone = Zone::parse(zone).unwrap();
    let mut session = Session::new(proposal(&reading.facts, &[]), Rc::new(knowledge), ListKeys::default());
    while let Some(query) = session.poll_query() {
        session.answer(&query, zone.ask(&query).unwrap().clone());
    }
    let report = session.report();
    reading.verdicts[0].claims.iter().map(|claim| claim_status(claim, Some(&report)).0).collect()
}

#[test]
fn the_claim_alone_is_looked_at_again() {
    let control = "2.0.0.127.bl.spamcop.net. A 127.0.0.2\n";
    let other = "44.33.22.11.psbl.surriel.com. A 127.0.0.2\n2.0.0.127.psbl.surriel.com. A 127.0.0.2\n";
    assert_eq!(
        states(LISTED, &format!("{control}44.33.22.11.bl.spamcop.net. A 127.0.0.2")),
        [ClaimStatus::Still]
    );
    assert_eq!(
        states(LISTED, &format!("{control}{other}")),
        [ClaimStatus::Gone],
        "another list is another matter"
    );
    assert_eq!(states(LISTED, "44.33.22.11.bl.spamcop.net. * SERVFAIL"), [ClaimStatus::Unknown]);
    assert_eq!(states("552 5.3.4 Message size exceeds fixed limit", ""), [ClaimStatus::NotChecked]);
}

#[test]
fn a_text_makes_a_target_whose_parts_can_be_taken_out() {
    let reading = read(&reader(), LISTED, &common::knowledge().blocklists);
    let verdict = &reading.verdicts[0];
    assert_eq!(verdict.claims[0].list.as_deref(), Some("spamcop"));
    assert_eq!(verdict.finality, Finality::Final);
    assert_eq!(&reading.text[verdict.codes.as_ref().unwrap().span.clone()], "554 5.7.1");
    let target = proposal(&reading.facts, &[]);
    assert_eq!(target.ips, ["11.22.33.44".parse::<std::net::IpAddr>().unwrap()]);
    let at = reading.facts.iter().position(|fact| fact.kind == FactKind::SendingIp).unwrap();
    assert!(proposal(&reading.facts, &[at]).ips.is_empty());
    let private: Vec<_> =
        reading.facts.iter().filter(|fact| fact.private).map(|fact| fact.value.as_str()).collect();
    assert_eq!(private, ["bob@rcpt.example"]);
}

#[test]
fn the_domain_is_asked_for_where_the_dns_would_help_and_the_text_names_nothing() {
    let asks = |text: &str| read(&reader(), text, &common::knowledge().blocklists).asks_for_sender();
    let refused = "550-5.7.26 Your email has been blocked because the sender is unauthenticated.\n\
                   550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.";
    assert!(asks(refused));
    assert!(!asks(
        "550-5.7.26 Unauthenticated email from shop.example is not accepted due to domain's DMARC policy."
    ));
    assert!(!asks("452 4.2.2 The email account that you tried to reach is over quota."));
}

#[test]
fn a_listed_domain_is_looked_up_on_the_list_of_domains() {
    for what in ["Sender address [anna@shop.example]", "Helo command [mail.shop.example]"] {
        let text = format!("554 5.7.1 Service unavailable; {what} blocked using dbl.spamhaus.org");
        let reading = read(&reader(), &text, &common::knowledge().blocklists);
        let claim = &reading.verdicts[0].claims[0];
        assert_eq!((claim.kind, claim.list.as_deref()), (ClaimKind::DomainListed, Some("spamhaus-dbl")));
    }
}

#[test]
fn recipients_of_one_report_are_told_apart() {
    let text = "Reporting-MTA: dns; mail.shop.example\n\n\
        Final-Recipient: rfc822; a@one.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n\
        Final-Recipient: rfc822; b@two.example\nAction: delayed\nStatus: 4.2.2\nDiagnostic-Code: smtp; 452 4.2.2 Mailbox full\n\n\
        Final-Recipient: rfc822; c@three.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n\
        Final-Recipient: rfc822; d@four.example\nAction: relayed\nStatus: 2.0.0\n";
    let reading = read(&reader(), text, &common::knowledge().blocklists);
    let verdicts: Vec<_> = reading
        .verdicts
        .iter()
        .map(|verdict| (verdict.cause.as_deref().unwrap(), verdict.finality, verdict.recipients.join(" ")))
        .collect();
    assert_eq!(
        verdicts,
        [
            ("recipient-unknown", Finality::Final, "a@one.example c@three.example".to_owned()),
            ("mailbox-full", Finality::Temporary, "b@two.example".to_owned()),
        ]
    );
}

#[test]
fn a_deferral_that_was_given_up_will_not_be_tried_again() {
    for (action, finality) in [("delayed", Finality::Temporary), ("failed", Finality::GivenUp)] {
        let text = format!(
            "Reporting-MTA: dns; mail.shop.example\n\nFinal-Recipient: rfc822; b@two.example\nAction: {action}\n\
             Status: 4.2.2\nDiagnostic-Code: smtp; 452 4.2.2 Mailbox full\n"
        );
        let reading = read(&reader(), &text, &common::knowledge().blocklists);
        assert_eq!(reading.verdicts[0].finality, finality, "{action}");
    }
}

#[test]
fn what_is_said_of_one_recipient_is_no_reason_for_another() {
    let text = "From: MAILER-DAEMON@mx.shop.example\nMessage-ID: <1@mx.shop.example>\nContent-Type: multipart/report; boundary=b\n\n--b\n\n\
        <a@one.example>: host mx.one.example[11.22.33.1] said: 554 5.7.1 Client host [11.22.33.44] blocked using zen.spamhaus.org\n\n\
        <b@two.example>: host mx.two.example[11.22.33.2] said: 552 5.2.2 ZZZ\n\n--b\nContent-Type: message/delivery-status\n\n\
        Reporting-MTA: dns; mx.shop.example\n\n\
        Final-Recipient: rfc822; a@one.example\nAction: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; 554 5.7.1 Client host [11.22.33.44] blocked using zen.spamhaus.org\n\n\
        Final-Recipient: rfc822; b@two.example\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 ZZZ\n\n--b--\n";
    let reading = read(&reader(), text, &common::knowledge().blocklists);
    let mut causes: Vec<_> = reading
        .verdicts
        .iter()
        .map(|verdict| (verdict.cause.as_deref().unwrap(), verdict.recipients.join(" ")))
        .collect();
    causes.sort_unstable();
    assert_eq!(
        causes,
        [("ip-listed", "a@one.example".to_owned()), ("mailbox-full", "b@two.example".to_owned())]
    );
}

#[test]
fn the_senders_own_server_is_not_the_one_that_refused() {
    let provider = |remote: &str| {
        let text = format!(
            "This is the mail system at host mo579.mail-out.ovh.net.\n\n<bob@rcpt.example>: 550 5.1.1 User unknown\n\n\
             Reporting-MTA: dns; mo579.mail-out.ovh.net\n\nFinal-Recipient: rfc822; bob@rcpt.example\n{remote}Action: failed\nStatus: 5.1.1\n"
        );
        let reading = read(&reader(), &text, &common::knowledge().blocklists);
        reading.verdicts[0].provider.as_ref().map(|provider| provider.id.clone())
    };
    assert_eq!(provider(""), None);
    assert_eq!(provider("Remote-MTA: dns; mx.rcpt.example\n"), None);
    assert_eq!(provider("Remote-MTA: dns; gmail-smtp-in.l.google.com\n").as_deref(), Some("google"));
}

#[test]
fn every_verdict_reads_as_a_sentence_in_every_language() {
    let (reader, lists) = (reader(), common::knowledge().blocklists);
    let catalogs = common::catalogs();
    for case in cases("tests/bounces") {
        for verdict in read(&reader, &case.text, &lists).verdicts {
            for (language, catalog) in &catalogs {
                for sentence in [&verdict.said, &verdict.advice] {
                    let text = catalog.say(&sentence.key, &sentence.args, common::plural);
                    assert!(
                        !text.contains(['{', '}']) && !text.contains("bounce."),
                        "{language}, {}: {text}",
                        case.name
                    );
                }
            }
        }
    }
}
