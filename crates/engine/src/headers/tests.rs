use super::*;
use crate::{message::charset::plain, record::dmarc::Policy, zone::Zone};

const GMAIL: &str = "\
Delivered-To: bob@gmail.com
Received: by 2002:a05:6a10:1234:b0:5c1 with SMTP id z20csp123;
        Fri, 20 Nov 2026 01:12:40 -0800 (PST)
Return-Path: <bounce+1@news.shop.example>
Received: from mail.shop.example (mail.shop.example. [11.22.33.44])
        by mx.google.com with ESMTPS id k7si123
        for <bob@gmail.com>
        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);
        Fri, 20 Nov 2026 01:12:38 -0800 (PST)
Authentication-Results: mx.google.com;
       dkim=pass header.i=@shop.example header.s=sel1 header.b=abc;
       spf=softfail (google.com: domain of transitioning bounce+1@news.shop.example does not designate 11.22.33.44 as permitted sender) smtp.mailfrom=bounce+1@news.shop.example;
       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=shop.example
Authentication-Results: evil.example; dmarc=fail header.from=shop.example
DKIM-Signature: v=1; a=rsa-sha256; d=shop.example; s=sel1; h=from:to; bh=x; b=y
DKIM-Signature: v=1; a=rsa-sha256; d=service.example; s=s2; h=from:to; bh=x; b=y
Received: from laptop.local (unknown [192.168.1.5])
        by mail.shop.example (Postfix) with ESMTPSA id 4F2A
        for <bob@gmail.com>; Fri, 20 Nov 2026 17:08:36 +0800 (CST)
Date: Fri, 20 Nov 2026 17:08:35 +0800
From: \"Anna\" <anna@shop.example>
Message-ID: <1@shop.example>
List-Unsubscribe: <https://shop.example/u>, <mailto:u@shop.example>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
";

const ZONE: &str = "
shop.example. 300 TXT \"v=spf1 ip4:11.22.33.44 -all\"
shop.example. 300 SOA ns.shop.example. h.shop.example. 1 2 3 4 5
news.shop.example. 300 TXT \"v=spf1 ip4:11.22.33.44 -all\"
_dmarc.shop.example. 300 TXT \"v=DMARC1; p=reject\"
sel1._domainkey.shop.example. 300 TXT \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"
sel2._domainkey.shop.example. 300 TXT \"v=DKIM1; p=\"
";

fn header(text: &str) -> HeaderReading {
    read(&Headers::read(text).unwrap().0, &plain)
}

fn compared(text: &str) -> HeaderComparison {
    let zone = Zone::parse(ZONE).unwrap();
    compare(&zone, &header(text)).unwrap()
}

#[test]
fn the_way_of_a_message() {
    let reading = header(GMAIL);
    let delays: Vec<Option<i64>> = reading.hops.iter().map(|hop| hop.delay).collect();
    assert_eq!(delays, [None, Some(242), Some(2)]);
    assert_eq!(reading.took, Some(244));
    assert_eq!(reading.handed_over, Some(1));
    assert_eq!(reading.hops.iter().map(|hop| hop.internal).collect::<Vec<_>>(), [true, false, true]);
    assert!(reading.hops[0].signed_in && reading.hops[1].tls);
    assert!(reading.hops.iter().all(|hop| !hop.skewed));
}

#[test]
fn only_the_receivers_results_are_believed() {
    let reading = header(GMAIL);
    assert_eq!(
        reading.results.iter().map(|results| results.trust).collect::<Vec<_>>(),
        [Trust::Receiver, Trust::Stranger]
    );
    assert_eq!(reading.trusted().unwrap().of("dmarc").next().unwrap().result, "pass");
}

#[test]
fn what_a_run_asks_about() {
    let reading = header(GMAIL);
    let target = reading.target();
    assert_eq!(target.domain.unwrap().as_str(), "shop.example");
    assert_eq!(target.ips, ["11.22.33.44".parse::<std::net::IpAddr>().unwrap()]);
    assert_eq!(target.selectors, ["sel1"], "the service's own key is not the domain's");
    assert_eq!(target.helo.unwrap().as_str(), "mail.shop.example");
    assert!(target.local_part.is_none(), "no name of a person");
    assert!(reading.unsubscribe.one_click && reading.unsubscribe.mailto);
    assert_eq!(reading.message_id.as_deref(), Some("shop.example"));
}

#[test]
fn the_envelope_sender_is_not_handed_on() {
    let mut text = GMAIL.to_owned();
    text = text
        .replace("smtp.mailfrom=bounce+1@news", "smtp.mailfrom=news")
        .replace("of transitioning bounce+1@", "of ");
    let json = serde_json::to_string(&header(&text)).unwrap();
    assert!(!json.contains("bounce+1") && json.contains("news.shop.example"));
}

#[test]
fn then_and_now() {
    let comparison = compared(GMAIL);
    let spf = comparison.spf.unwrap();
    assert_eq!(
        (spf.said.as_deref(), spf.now, spf.why),
        (Some("softfail"), crate::spf::SpfResult::Pass, DifferenceReason::MendedSince)
    );
    assert_eq!(spf.aligned, Some(true));
    let states: Vec<(KeyState, DifferenceReason, Option<bool>)> =
        comparison.dkim.iter().map(|dkim| (dkim.now, dkim.why, dkim.aligned)).collect();
    assert_eq!(
        states,
        [
            (KeyState::Usable, DifferenceReason::Same, Some(true)),
            (KeyState::Missing, DifferenceReason::NotSaid, Some(false))
        ]
    );
    let dmarc = comparison.dmarc.unwrap();
    assert_eq!(
        (dmarc.now, dmarc.why, dmarc.policy),
        (DmarcState::Pass, DifferenceReason::Same, Some(Policy::Reject))
    );
}

/// A header by a receiver that found so much, with a signature by `signed`.
fn found(results: &str, from: &str, signed: &str) -> String {
    format!(
        "Received: from mail.shop.example (mail.shop.example [11.22.33.44]) by mx.rcpt.example with ESMTPS id x; Fri, 20 Nov 2026 01:12:38 +0000\n\
         Authentication-Results: mx.rcpt.example; {results}\nReturn-Path: <anna@shop.example>\nDKIM-Signature: v=1; {signed}\nFrom: {from}\n"
    )
}

#[test]
fn why_a_signature_differs() {
    let why = |results: &str, signed: &str| compared(&found(results, "a@shop.example", signed)).dkim[0].why;
    let good = "d=shop.example; s=sel1";
    assert_eq!(
        why("dkim=fail (body hash did not verify) header.d=shop.example", good),
        DifferenceReason::TextChanged
    );
    assert_eq!(
        why("dkim=fail (signature did not verify) header.d=shop.example", good),
        DifferenceReason::SignatureUnfit
    );
    assert_eq!(
        why("dkim=permerror (no key for signature) header.d=shop.example", good),
        DifferenceReason::KeyMissingThen
    );
    assert_eq!(
        why("dkim=pass header.d=shop.example", "d=shop.example; s=gone"),
        DifferenceReason::KeyGoneSince
    );
    assert_eq!(
        why("dkim=pass header.d=shop.example", "d=shop.example; s=sel2"),
        DifferenceReason::KeyGoneSince
    );
    assert_eq!(
        why("dkim=fail header.d=shop.example", "d=shop.example; s=sel1; x=1700000000"),
        DifferenceReason::Ended
    );
    assert_eq!(why("dkim=temperror header.d=shop.example", good), DifferenceReason::FailedThen);
    assert_eq!(why("dkim=fail header.d=shop.example", good), DifferenceReason::CannotVerify);
    assert_eq!(why("spf=pass", good), DifferenceReason::NotSaid);
}

#[test]
fn a_pass_for_another_domain_is_not_enough() {
    let comparison = compared(&found(
        "spf=pass smtp.mailfrom=shop.example; dkim=none; dmarc=fail header.from=other.example",
        "a@other.example",
        "d=shop.example; s=sel1",
    ));
    assert_eq!(comparison.spf.unwrap().aligned, Some(false));
    assert_eq!(comparison.dmarc.unwrap().now, DmarcState::NoRecord);
}

#[test]
fn a_failed_lookup_is_not_a_difference() {
    let lines = ZONE.lines().filter(|line| !line.starts_with("sel1."));
    let zone = lines.collect::<Vec<_>>().join("\n") + "\nsel1._domainkey.shop.example. * SERVFAIL\n";
    let zone = Zone::parse(&zone).unwrap();
    let reading =
        header(&found("dkim=pass header.d=shop.example", "a@shop.example", "d=shop.example; s=sel1"));
    let comparison = compare(&zone, &reading).unwrap();
    assert_eq!(comparison.dkim[0].why, DifferenceReason::CannotAsk);
}

#[test]
fn microsoft_and_a_forwarder() {
    let reading = header(
        "Received: from DB9PR06.eurprd06.prod.outlook.com (2603:10a6:10::2) by AM0PR02.eurprd02.prod.outlook.com with HTTPS; Fri, 20 Nov 2026 01:12:45 +0000\n\
         Received: from AM6EUR05FT012.eop-eur05.prod.protection.outlook.com (2603:10a6:20b::1) by AM6P194CA0001.outlook.office365.com (2603:10a6:209::1) with Microsoft SMTP Server (version=TLS1_2) id 15.20; Fri, 20 Nov 2026 01:12:44 +0000\n\
         Authentication-Results: spf=fail (sender IP is 11.22.33.99) smtp.mailfrom=shop.example; dkim=pass (signature was verified) header.d=shop.example;dmarc=pass action=none header.from=shop.example;compauth=pass reason=100\n\
         Received: from list.forward.example (11.22.33.99) by AM6EUR05FT012.mail.protection.outlook.com (10.233.240.1) with Microsoft SMTP Server; Fri, 20 Nov 2026 01:12:40 +0000\n\
         Received: from mail.shop.example (mail.shop.example [11.22.33.44]) by list.forward.example (Postfix) with ESMTPS id x; Fri, 20 Nov 2026 01:13:50 +0000\n\
         ARC-Seal: i=1; a=rsa-sha256; d=forward.example; s=a; cv=none; b=x\n\
         ARC-Authentication-Results: i=1; list.forward.example; spf=pass smtp.mailfrom=shop.example\n\
         X-Forefront-Antispam-Report: CIP:11.22.33.99;CTRY:DE;SCL:1;SFV:NSPM;H:list.forward.example;CAT:NONE\n\
         X-Microsoft-Antispam: BCL:0;\nReturn-Path: anna@shop.example\nFrom: anna@shop.example\n",
    );
    assert_eq!(reading.handed_over, Some(1), "{:#?}", reading.hops);
    assert_eq!(reading.results[0].trust, Trust::Receiver);
    assert!(reading.hops[1].skewed, "the forwarder's clock is ahead");
    assert_eq!(reading.arc[0].sealed_by.as_ref().unwrap().as_str(), "forward.example");
    assert_eq!(reading.arc[0].results.as_ref().unwrap().trust, Trust::Stranger);
    assert!(reading.filter.contains(&FilterMark { name: FilterMarkKind::Scl, value: "1".into() }));
    assert!(
        reading.filter.iter().any(|mark| mark.name == FilterMarkKind::CompAuth && mark.value == "pass 100")
    );
    let zone = Zone::parse(ZONE).unwrap();
    assert_eq!(compare(&zone, &reading).unwrap().spf.unwrap().why, DifferenceReason::Forwarded);
}

#[test]
fn what_stands_above_the_hand_over_is_the_receivers() {
    // Yahoo's servers name their numbers only.
    let reading = header(
        "X-Apparently-To: bob@yahoo.com; Fri, 20 Nov 2026 01:12:45 +0000\nReturn-Path: <anna@shop.example>\n\
         Authentication-Results: atlas-production.v2-mail-prod1-gq1.omega.yahoo.com;\n dkim=pass header.i=@shop.example header.s=sel1;\n spf=pass smtp.mailfrom=shop.example;\n dmarc=pass(p=REJECT) header.from=shop.example;\n\
         Received: from 11.22.33.44 (EHLO mail.shop.example)\n by 10.253.236.194 with SMTPs\n (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256);\n Fri, 20 Nov 2026 01:12:44 +0000\n\
         Authentication-Results: yahoo.com; dmarc=pass header.from=bank.example\n\
         DKIM-Signature: v=1; d=shop.example; s=sel1\nFrom: anna@shop.example\n",
    );
    assert_eq!(
        reading.results.iter().map(|results| results.trust).collect::<Vec<_>>(),
        [Trust::Receiver, Trust::Unknown]
    );
    assert_eq!(reading.sender_ip, "11.22.33.44".parse().ok());
    assert_eq!(reading.hand_over().unwrap().helo.as_deref(), Some("mail.shop.example"));
    let zone = Zone::parse(ZONE).unwrap();
    let comparison = compare(&zone, &reading).unwrap();
    assert_eq!(comparison.spf.unwrap().why, DifferenceReason::Same);
    assert_eq!(comparison.dkim[0].why, DifferenceReason::Same);
    assert_eq!(comparison.dmarc.unwrap().why, DifferenceReason::Same);
}

#[test]
fn a_receiver_may_write_a_field_for_each_method() {
    let hop = "Received: from mail.shop.example (mail.shop.example [11.22.33.44]) by mx.rcpt.example with ESMTPS id x; Fri, 20 Nov 2026 01:12:38 +0000\n";
    let rest = "Return-Path: <anna@shop.example>\nDKIM-Signature: v=1; d=shop.example; s=sel1\nFrom: a@shop.example\n";
    let said = |above: &str, below: &str| {
        let said = ReceiverResults::of(&header(&format!("{above}{hop}{below}{rest}")));
        (said.spf.and_then(|spf| spf.1), said.dkim[0].2.clone(), said.dmarc.and_then(|dmarc| dmarc.1))
    };
    let some = |text: &str| Some(text.to_owned());
    let each = "Authentication-Results: mx.rcpt.example; dmarc=pass header.from=shop.example\n\
        Authentication-Results: mx.rcpt.example; dkim=pass header.d=shop.example\n";
    let spf = "Received-SPF: SoftFail (mx.rcpt.example: domain of anna@shop.example) client-ip=11.22.33.44; envelope-from=anna@shop.example\n";
    assert_eq!(said(&format!("{each}{spf}"), ""), (some("softfail"), some("pass"), some("pass")));
    assert_eq!(said(spf, ""), (some("softfail"), None, None));
    assert_eq!(said(each, spf), (None, some("pass"), some("pass")), "the sender may have written it");
    let both =
        format!("{each}Authentication-Results: mx.rcpt.example; spf=pass smtp.mailfrom=shop.example\n{spf}");
    assert_eq!(said(&both, "").0, some("pass"));
}

#[test]
fn steps_inside_a_house_forward_nothing() {
    let inside = "Received: from AM6EUR05FT012.eop-eur05.prod.protection.outlook.com (2603:10a6:20b::1) by AM6P194CA0001.outlook.office365.com (2603:10a6:209::1) with Microsoft SMTP Server (version=TLS1_2) id 15.20; Fri, 20 Nov 2026 01:12:44 +0000\n";
    let before = "Received: from DB9PR06.eurprd06.prod.outlook.com (2603:10a6:10::2) by AM0PR02.eurprd02.prod.outlook.com with HTTPS; Fri, 20 Nov 2026 01:12:45 +0000\n";
    let results = "Authentication-Results: spf=fail (sender IP is 11.22.33.99) smtp.mailfrom=shop.example\n";
    let rest = "Return-Path: anna@shop.example\nFrom: anna@shop.example\n";
    let why = |way: &str| {
        let reading = header(&format!("{before}{inside}{results}{way}{rest}"));
        let zone = Zone::parse(ZONE).unwrap();
        compare(&zone, &reading).unwrap().spf.unwrap().why
    };
    let to_microsoft = |from: &str| {
        format!(
            "Received: from {from} (11.22.33.99) by AM6EUR05FT012.mail.protection.outlook.com (10.233.240.1) with Microsoft SMTP Server; Fri, 20 Nov 2026 01:12:40 +0000\n"
        )
    };
    assert_eq!(why(&to_microsoft("mail.shop.example")), DifferenceReason::Same);
    let device = "Received: from laptop (dsl-7.isp.example [11.22.33.77]) by smtp.host.example (Postfix) with ESMTPSA id 4; Fri, 20 Nov 2026 01:12:36 +0000\n";
    assert_eq!(why(&format!("{}{device}", to_microsoft("smtp.host.example"))), DifferenceReason::Same);
    let server = "Received: from mail.shop.example (mail.shop.example [11.22.33.44]) by list.forward.example (Postfix) with ESMTPS id x; Fri, 20 Nov 2026 01:13:50 +0000\n";
    assert_eq!(
        why(&format!("{}{server}", to_microsoft("list.forward.example"))),
        DifferenceReason::Forwarded
    );
}

#[test]
fn a_greeting_in_the_receivers_name_is_no_step_of_the_receivers() {
    let reading = header(
        "Received: from mail.gmail.com (unknown [11.22.33.44]) by mx.google.com with ESMTPS id x; Fri, 20 Nov 2026 01:12:38 +0000\n\
         Received: from laptop (dsl-7.isp.example [11.22.33.77]) by mail.shop.example (Postfix) with ESMTPSA id 4; Fri, 20 Nov 2026 01:12:36 +0000\n\
         From: anna@shop.example\n",
    );
    assert_eq!((reading.handed_over, reading.sender_ip), (Some(1), "11.22.33.44".parse().ok()));
}

#[test]
fn where_no_hop_tells_only_the_last_server_is_the_receivers() {
    let reading = header(
        "Authentication-Results: a.example; spf=pass smtp.mailfrom=shop.example\n\
         Received: from a (unknown [10.0.0.1]) by mx.rcpt.example with ESMTP id 1; Fri, 20 Nov 2026 01:12:38 +0000\n\
         Received: from b (unknown [10.0.0.2]) by a.example with ESMTP id 1; Fri, 20 Nov 2026 01:12:37 +0000\n\
         From: anna@shop.example\n",
    );
    assert_eq!((reading.handed_over, reading.results[0].trust), (None, Trust::Stranger));
}

#[test]
fn a_seal_of_the_receivers_own_forwards_nothing() {
    let sealed = |by: &str| header(&format!("ARC-Seal: i=1; d={by}; cv=none\n{GMAIL}")).passed_on().count();
    assert_eq!([sealed("google.com"), sealed("list.example")], [0, 1]);
}

#[test]
fn what_is_not_known_is_pending_and_asked_all_at_once() {
    let facts = crate::facts::Facts::default();
    assert_eq!(compare(&facts, &header(GMAIL)), Err(crate::facts::Pending));
}

#[test]
fn what_the_receiver_found_amiss_is_named() {
    assert_eq!(header(GMAIL).not_passed(), ["SPF"]);
    let found = |found: &str| header(&GMAIL.replace("spf=softfail", found)).not_passed();
    assert_eq!(found("spf=permerror"), ["SPF"]);
    assert_eq!(found("spf=pass"), [""; 0], "what a stranger writes counts for nothing");
    assert_eq!(found("spf=temperror"), [""; 0], "nothing was found");
    let failed = header(&GMAIL.replace("dkim=pass", "dkim=fail").replace("dmarc=pass", "dmarc=fail"));
    assert_eq!(failed.not_passed(), ["SPF", "DKIM", "DMARC"]);
    let second = "dkim=fail header.i=@service.example;\n       dkim=pass";
    assert_eq!(header(&GMAIL.replace("dkim=pass", second)).not_passed(), ["SPF"]);
}
