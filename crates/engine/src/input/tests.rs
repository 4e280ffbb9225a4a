use super::*;

/// Stands in for the browser: knows a few names.
fn to_ascii(text: &str) -> Option<String> {
    match text {
        "münchen.example" | "MÜNCHEN.example" => Some("xn--mnchen-3ya.example".to_owned()),
        "例子.測試" => Some("xn--fsqu00a.xn--g6w251d".to_owned()),
        "伺服器.tw" => Some("xn--3pqw8oh3o.tw".to_owned()),
        "伺服器.台灣" => Some("xn--3pqw8oh3o.xn--kpry57d".to_owned()),
        "www.münchen.example" => Some("www.xn--mnchen-3ya.example".to_owned()),
        _ => None,
    }
}

fn reading(text: &str) -> InputReading {
    read(text, to_ascii).unwrap_or_else(|error| panic!("{text:?}: {error:?}"))
}

/// Domain or address, in one line: `local@domain`, `domain`, `ip`.
fn shown(text: &str) -> String {
    let target = reading(text).target;
    let domain = target.domain.map(|name| name.to_string());
    let base = domain.unwrap_or_else(|| target.ips[0].to_string());
    target.local_part.map_or(base.clone(), |local| format!("{local}@{base}"))
}

#[test]
fn domains_in_all_their_wrappings() {
    for text in [
        "example.org",
        "Example.ORG",
        "example.org.",
        "  example.org\n",
        "\u{3000}example.org\u{a0}",
        "“example.org”,",
        "「example.org」",
        "<example.org>",
        "exa\u{ad}mple\u{200b}.org\u{feff}",
        "example。org",
        "ｅｘａｍｐｌｅ．ｏｒｇ",
        "..example.org,",
        "*.example.org",
        "@example.org",
        "example. org",
        "example .org",
        "https://example.org",
        "HTTPS://user:pass@Example.org:8443/path?q=a@b.example#top",
        "http://example.org\\x",
        "imap://example.org:993",
        "example.org/contact",
        "example.org:587",
        "example.org?x=1",
        "domain: example.org",
        "domain:example.org",
        "網域：example.org",
        "my domain is example.org!",
        "www.example.org",
        "https://www.example.org/",
        "_dmarc.example.org",
        "_smtp._tls.example.org",
    ] {
        assert_eq!(shown(text), "example.org", "{text:?}");
    }
}

#[test]
fn what_may_be_a_password_is_left_out() {
    for text in [
        "anna:secret@example.org",
        "anna.b:secret@example.org",
        "Anna:se@cret@example.org:25",
        "e-mail:anna:secret@example.org",
    ] {
        let reading = reading(text);
        assert_eq!((reading.piece.as_str(), reading.target.local_part), ("example.org", None), "{text:?}");
    }
    if let Ok(reading) = read("anna@example.org:secret", to_ascii) {
        assert!(!reading.piece.contains("secret"), "{}", reading.piece);
    }
    for text in ["To:anna@example.org", "寄件者：anna@example.org", "Email:anna@example.org"] {
        let read = reading(text);
        assert_eq!(
            (read.piece.as_str(), read.target.local_part.as_deref()),
            ("example.org", Some("anna")),
            "{text:?}"
        );
    }
}

#[test]
fn email_addresses_in_all_their_wrappings() {
    for text in [
        "anna@example.org",
        " anna@EXAMPLE.org. ",
        "anna＠example．org",
        "<anna@example.org>",
        "Anna Müller <anna@example.org>",
        "\"Müller, Anna\" <anna@example.org>;",
        "other@example.net <anna@example.org>",
        "Anna anna@example.org",
        "mailto:anna@example.org",
        "MAILTO:anna%40example.org?subject=Hello%20there",
        "e-mail: anna@example.org",
        "電子郵件：anna@example.org",
        "anna @ example. org",
        "anna@ example.org",
        "anna@example.org:25",
    ] {
        assert_eq!(shown(text), "anna@example.org", "{text:?}");
    }
    assert_eq!(
        shown("anna+tag@www.example.org"),
        "anna+tag@www.example.org",
        "a mail domain is left as it is"
    );
    assert_eq!(shown("Anna@example.org"), "Anna@example.org", "the local part keeps its case");
}

#[test]
fn addresses_in_all_their_wrappings() {
    for (text, ip) in [
        ("11.22.33.44", "11.22.33.44"),
        ("[11.22.33.44]", "11.22.33.44"),
        ("11.22.33.44:25", "11.22.33.44"),
        ("11.22.33.44/32", "11.22.33.44"),
        ("http://11.22.33.44:8080/x", "11.22.33.44"),
        ("１１．２２．３３．４４", "11.22.33.44"),
        ("IP: 11.22.33.44", "11.22.33.44"),
        ("::ffff:11.22.33.44", "11.22.33.44"),
        ("2A00:1111::1", "2a00:1111::1"),
        ("[2a00:1111::1]:25", "2a00:1111::1"),
        ("http://[2a00:1111::1]:25/x", "2a00:1111::1"),
        ("[IPv6:2a00:1111::1]", "2a00:1111::1"),
    ] {
        assert_eq!(shown(text), ip, "{text:?}");
    }
    assert_eq!(shown("anna@[11.22.33.44]"), "anna@11.22.33.44");
}

#[test]
fn what_was_changed_is_told() {
    let name = |text| Name::parse(text).unwrap();
    let note = |text| reading(text).notes;
    assert_eq!(
        note("www.example.org"),
        [InputNote::Www { given: name("www.example.org"), used: name("example.org") }]
    );
    assert_eq!(note("www.com"), [], "the domain itself");
    assert_eq!(
        note("_dmarc.example.org"),
        [InputNote::Service { given: name("_dmarc.example.org"), used: name("example.org") }]
    );
    let ascii = "xn--mnchen-3ya.example";
    assert_eq!(
        note("münchen.example"),
        [InputNote::Ascii { given: "münchen.example".into(), used: name(ascii) }]
    );
    assert_eq!(
        note("www.münchen.example"),
        [InputNote::Www { given: name(&format!("www.{ascii}")), used: name(ascii) }]
    );
    assert_eq!(note("example.org"), []);
}

#[test]
fn internationalised_names() {
    assert_eq!(shown("anna@münchen.example"), "anna@xn--mnchen-3ya.example");
    assert_eq!(shown("「例子。測試」"), "xn--fsqu00a.xn--g6w251d");
    assert_eq!(shown("xn--mnchen-3ya.example"), "xn--mnchen-3ya.example");
    // Words of errors are names too.
    assert_eq!(shown("伺服器.tw"), "xn--3pqw8oh3o.tw");
    assert_eq!(shown("https://伺服器.tw/"), "xn--3pqw8oh3o.tw");
    assert_eq!(shown("anna@伺服器.tw"), "anna@xn--3pqw8oh3o.tw");
    assert_eq!(shown("伺服器。台灣"), "xn--3pqw8oh3o.xn--kpry57d");
}

#[test]
fn the_name_of_a_dkim_record_brings_its_selector() {
    let target = reading("S1.Mail._domainkey.example.org").target;
    assert_eq!(target.domain.unwrap().as_str(), "example.org");
    assert_eq!(target.selectors, ["s1.mail"]);
}

#[test]
fn what_is_not_understood_says_why() {
    use InputError::*;
    let label = format!("{}.org", "x".repeat(64));
    let long = vec!["abcdefg"; 40].join(".");
    for (text, error) in [
        ("", Empty),
        (" \u{3000}\n\u{200b}", Empty),
        ("...", Empty),
        ("https://", Empty),
        ("one\ntwo", LooksLikeMessage),
        ("550 5.7.1 <anna@example.org>: refused", LooksLikeMessage),
        ("421-4.7.0 example.org", LooksLikeMessage),
        ("why does my mail to anna@example.org not arrive", LooksLikeMessage),
        ("SMTP Error: Could not authenticate.", LooksLikeMessage),
        ("<bob@corp.example>: Relay access denied", LooksLikeMessage),
        ("<bob@corp.example>: mailbox is full", LooksLikeMessage),
        ("bob@corp.example, no such user", LooksLikeMessage),
        ("Relay access denied for bob@corp.example", LooksLikeMessage),
        ("SMTP 550 corp.example", LooksLikeMessage),
        ("5.7.1", LooksLikeMessage),
        ("0x800CCC0E", LooksLikeMessage),
        ("535", LooksLikeMessage),
        ("please help me", LooksLikeMessage),
        ("無法寄送郵件", LooksLikeMessage),
        ("寄不出去", LooksLikeMessage),
        ("寄送失敗，伺服器拒絕。請稍後再試", LooksLikeMessage),
        ("bob@corp.example 的信箱已滿", LooksLikeMessage),
        ("無法寄到example.com", LooksLikeMessage),
        ("伺服器拒絕:example.com", LooksLikeMessage),
        ("無法寄給bob@corp.example", LooksLikeMessage),
        ("bob@corp.example被退回", LooksLikeMessage),
        ("連不上伺服器 伺服器.tw", LooksLikeMessage),
        ("伺服器錯誤。請稍後再試", LooksLikeMessage),
        ("a@example.org, b@example.org", Several(vec!["a@example.org".into(), "b@example.org".into()])),
        ("example.org;example.net", Several(vec!["example.net".into(), "example.org".into()])),
        ("example.org. example.net.", Several(vec!["example.net".into(), "example.org".into()])),
        ("example", NoDot("example".into())),
        ("my domain", NoDot("my domain".into())),
        ("anna@example", NoDot("example".into())),
        ("anna@", NothingAfterAt),
        ("exa_mple.org", BadName("exa_mple.org".into())),
        ("example..org", BadName("example..org".into())),
        ("-example.org", BadName("-example.org".into())),
        ("exam$ple.org", BadName("exam$ple.org".into())),
        (&label, TooLong(label.clone())),
        (&long, TooLong(long.clone())),
        ("localhost", LocalName("localhost".into())),
        ("http://localhost:8080/", LocalName("localhost".into())),
        ("printer.local", LocalName("printer.local".into())),
        ("nas.home.arpa", LocalName("nas.home.arpa".into())),
        ("192.168.1.1", PrivateAddress("192.168.1.1".parse().unwrap())),
        ("http://[::1]/", PrivateAddress("::1".parse().unwrap())),
        ("300.1.1.1", BadAddress("300.1.1.1".into())),
        ("11.22.33", BadAddress("11.22.33".into())),
        ("11.22.33.0/24", Range("11.22.33.0/24".into())),
        ("日本.example", NotConverted("日本.example".into())),
    ] {
        assert_eq!(read(text, to_ascii), Err(error), "{text:?}");
    }
}

#[test]
fn what_names_people_is_left_out_of_the_piece_and_the_piece_is_about_the_same() {
    for (text, piece) in [
        ("Anna Müller <anna@example.org>", "example.org"),
        ("anna@example.org (Anna Müller)", "example.org"),
        ("other@example.net <anna@example.org>", "example.org"),
        ("mailto:Anna%40example.org?subject=Hello", "example.org"),
        ("HTTPS://user:pass@Example.org:8443/path?q=a@b.example#top", "Example.org"),
        ("my domain is www.example.org!", "www.example.org"),
        ("S1._domainkey.example.org", "S1._domainkey.example.org"),
        ("Anna <anna@münchen.example>", "münchen.example"),
        ("anna @ example. org", "example.org"),
        ("IP: [11.22.33.44]:25", "11.22.33.44"),
        ("http://[2a00:1111::1]:25/x", "2a00:1111::1"),
        ("Anna <anna@[11.22.33.44]>", "11.22.33.44"),
    ] {
        let read = reading(text);
        assert_eq!(read.piece, piece, "{text:?}");
        let mut nameless = read.clone();
        nameless.target.local_part = None;
        assert_eq!(reading(&read.piece), nameless, "{text:?}");
    }
}

#[test]
fn a_private_ending_is_not_a_name_that_ends_like_it() {
    assert_eq!(shown("mylocal.example"), "mylocal.example");
    assert_eq!(shown("home.example"), "home.example");
    assert_eq!(shown("atlocal.shop"), "atlocal.shop");
    assert_eq!(read("home", to_ascii), Err(InputError::NoDot("home".into())));
}

#[test]
fn a_name_that_begins_like_a_reply_code_is_a_name() {
    for (text, domain) in [
        ("400-@a.org", "a.org"),
        ("500-club@shop.example", "shop.example"),
        ("0x8@a.org", "a.org"),
        ("<0x80@a.org>;", "a.org"),
        ("500-euro.example", "500-euro.example"),
    ] {
        let reading = read(text, to_ascii).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(reading.target.domain.unwrap().as_str(), domain, "{text}");
    }
    for text in ["550-5.7.26", "535-5.7.8 rejected", "550-Rejected.", "421-"] {
        assert_eq!(read(text, to_ascii).unwrap_err(), InputError::LooksLikeMessage, "{text}");
    }
}

#[test]
fn a_long_piece_is_shortened_in_its_sentence_at_a_character() {
    let long = format!("{}.example", "漢".repeat(92));
    let InputError::NotConverted(part) = read(&long, to_ascii).unwrap_err() else { panic!() };
    assert_eq!(part.chars().count(), 100, "the error keeps it whole");
    let args = serde_json::to_value(InputError::NotConverted(part).args()).unwrap();
    assert_eq!(args["part"].as_str().unwrap().chars().count(), 61);
}
