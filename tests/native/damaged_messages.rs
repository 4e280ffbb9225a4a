//! Pasted text that is broken, endless or hostile: nothing panics, nothing is lost, and the work stays in proportion.

use std::sync::OnceLock;

use encoding_rs::Encoding;
use mail_triage_engine::{
    bounce::{BounceReading, Index, MOST_READ, NormalText, PastedKind, Pattern, Reader, proposal},
    headers,
    message::{self, Headers},
};

use crate::common;
use crate::common::bounces as texts;

/// What the browser's `TextDecoder` does.
fn decode(label: &str, octets: &[u8]) -> Option<String> {
    Some(Encoding::for_label(label.as_bytes())?.decode_without_bom_handling(octets).0.into_owned())
}

fn reader() -> &'static Reader {
    static READER: OnceLock<Reader> = OnceLock::new();
    READER.get_or_init(texts::reader)
}

fn read(octets: &[u8]) -> BounceReading {
    let reading = reader().read(octets, &decode, &common::knowledge().blocklists);
    for span in reading
        .facts
        .iter()
        .filter_map(|fact| fact.span.clone())
        .chain(reading.verdicts.iter().filter_map(|verdict| verdict.span.clone()))
        .chain(
            reading
                .verdicts
                .iter()
                .filter_map(|verdict| verdict.codes.as_ref().map(|codes| codes.span.clone())),
        )
    {
        assert!(reading.text.get(span.clone()).is_some(), "{span:?} is no place in the text");
    }
    let _ = proposal(&reading.facts, &[0]);
    let (headers, _) = Headers::read(&String::from_utf8_lossy(octets)).unwrap_or_default();
    let _ = headers::read(&headers, &decode);
    reading
}

fn cause(octets: &[u8]) -> String {
    read(octets).verdicts.first().and_then(|verdict| verdict.cause.clone()).unwrap_or_default()
}

const DMARC: &str = "550-5.7.26 Unauthenticated email from shop.example is not accepted due to\n550 5.7.26 domain's DMARC policy.";

#[test]
fn a_report_cut_anywhere_is_read() {
    let cases = texts::cases("tests/bounces");
    let report =
        cases.iter().find(|case| case.name.contains("in a report of Postfix")).unwrap().text.as_bytes();
    let mut understood = 0;
    for end in (0..report.len()).step_by(7) {
        understood += usize::from(cause(&report[..end]) == "recipient-unknown");
        let _ = cause(&report[end..]);
    }
    // From the place where the reply stands for the first time.
    assert!(understood * 7 > report.len() / 2, "{understood}");
}

#[test]
fn a_text_cut_within_a_letter_keeps_the_others() {
    let whole = "550 5.1.1 退信原因：收件者不存在\n請檢查收件者的地址";
    let first = whole.find('退').unwrap() + 2;
    for end in first..whole.len() {
        let text = read(&whole.as_bytes()[..end]).text;
        assert!(text.chars().all(|c| c == '\u{fffd}' || whole.contains(c)), "{end}: {text}");
    }
}

#[test]
fn what_a_server_says_is_found_at_either_end_of_five_megabytes() {
    let filler =
        "The quick brown fox jumps over the lazy dog and 500 messages of 5.7.1 kilograms.\n".repeat(62_000);
    assert!(filler.len() > 5_000_000);
    for text in [format!("{filler}\n\n{DMARC}\n"), format!("{DMARC}\n\n{filler}")] {
        let reading = read(text.as_bytes());
        assert_eq!(reading.verdicts[0].cause.as_deref(), Some("dmarc-fail"));
        assert!(reading.facts.iter().any(|fact| fact.value == "shop.example"));
        assert!(reading.text.contains(DMARC));
        assert_eq!(reading.skipped, text.len() - MOST_READ);
    }
}

#[test]
fn what_outlook_saved_is_found_in_the_middle_of_a_large_file() {
    let mut file = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    file.resize(2_000_000, 0);
    file.extend(DMARC.encode_utf16().flat_map(u16::to_le_bytes));
    file.resize(4_000_000, 0);
    assert_eq!(cause(&file), "dmarc-fail");
}

#[test]
fn what_is_longer_than_any_message_is_read_in_part_and_says_so() {
    let fields = "X: 1\n".repeat(1_000_000);
    let header = format!("Received: from a by b\nMessage-ID: <1@shop.example>\n{fields}");
    let reading = read(format!("{header}\n{DMARC}\n").as_bytes());
    let header = reading.header.unwrap();
    assert!(header.cut && header.hops.len() == 1);
    assert_eq!(reading.text.trim(), DMARC, "the text behind it is found");
    let addresses = "a@b.example, ".repeat(400_000);
    let text = format!("Received: from a by b\nMessage-ID: <1@shop.example>\nFrom: {addresses}\n");
    assert!(read(text.as_bytes()).header.unwrap().from_count < 10_000);
    let prose = "The quick brown fox jumps over the lazy dog.\n".repeat(120_000);
    let long = read(prose.as_bytes());
    assert_eq!(long.skipped, prose.len() - MOST_READ);
    assert_eq!(read(&prose.as_bytes()[..MOST_READ]).skipped, 0);
}

#[test]
fn the_work_grows_with_the_text_whatever_is_in_it() {
    let all = texts::all_codes();
    let patterns: Vec<&String> = all.codes.iter().flat_map(|code| &code.patterns).collect();
    let index = Index::new(patterns.iter().map(|pattern| Pattern::parse(pattern)));
    // A text made of the beginnings of all patterns is the worst there is.
    let beginnings: String = patterns
        .iter()
        .map(|pattern| pattern.chars().filter(|c| !"(|)*?#<>@".contains(*c)).take(8).collect::<String>())
        .collect();
    for text in
        [beginnings.repeat(100), "spf ".repeat(250_000), "a".repeat(1_000_000), "550 5.7.1 ".repeat(100_000)]
    {
        let (_, work) = index.find(&text);
        assert!(work <= 200 * patterns.len(), "{work} for {} octets", text.len());
    }
}

#[test]
fn deep_nesting_many_parts_and_many_lines_are_read() {
    let mut deep = DMARC.to_owned();
    for n in 0..300 {
        deep = format!(
            "From: a@b.example\nMessage-ID: <{n}>\nContent-Type: multipart/mixed; boundary=b{n}x\n\n--b{n}x\n{deep}\n--b{n}x--\n"
        );
    }
    assert!(read(deep.as_bytes()).text.contains("DMARC policy"));
    let nested = "Content-Type: message/rfc822\nMessage-ID: <1>\n\n".repeat(5000) + DMARC;
    assert!(!read(nested.as_bytes()).text.is_empty());
    let lines: String = (0..10_000).map(|n| format!("X-Line-{n}: {n}\n")).collect();
    let text = format!(
        "Received: from a by b; Fri, 20 Nov 2026 01:12:38 +0000\n{lines}From: mailer-daemon@x.example\nMessage-ID: <1>\n\n{DMARC}\n"
    );
    assert_eq!(cause(text.as_bytes()), "dmarc-fail");
    let (headers, _) = Headers::read(&text).unwrap();
    assert_eq!(headers.0.len(), 10_003, "no line is lost");
    let hops: String =
        "Received: from a ([11.22.33.44]) by b; Fri, 20 Nov 2026 01:12:38 +0000\n".repeat(10_000);
    let (headers, _) = Headers::read(&hops).unwrap();
    assert_eq!(headers::read(&headers, &decode).hops.len(), headers::MOST_HOPS);
}

#[test]
fn what_cannot_be_seen_does_no_harm() {
    let dirty: String = DMARC.chars().flat_map(|c| [c, '\0', '\u{200b}', '\u{202e}']).collect();
    assert_eq!(cause(dirty.as_bytes()), "dmarc-fail");
    assert_eq!(cause(format!("\u{feff}{DMARC}\u{202c}").as_bytes()), "dmarc-fail");
    assert_eq!(
        cause(&DMARC.encode_utf16().flat_map(u16::to_le_bytes).fold(vec![0xff, 0xfe], |mut all, b| {
            all.push(b);
            all
        })),
        "dmarc-fail"
    );
    assert_eq!(NormalText::new("\0\u{202e}").text, "");
    for octets in
        [&b""[..], b"\0", b"\xff\xfe", b"\xfe\xff\x00", b"=", b"=?", b"<", b"\r", b"--", b":", b"\x1b$B"]
    {
        let _ = read(octets);
    }
}

/// A report in Chinese, its words in the charset and transfer encoding given.
fn report(charset: &str, base64: bool, words: &[u8]) -> Vec<u8> {
    let (encoding, body) = if base64 {
        use base64::Engine as _;
        ("base64", base64::engine::general_purpose::STANDARD.encode(words).into_bytes())
    } else {
        ("8bit", words.to_vec())
    };
    let mut octets = format!(
        "From: postmaster@shop.example\r\nMessage-ID: <1@shop.example>\r\nDate: Fri, 20 Nov 2026 09:12:33 +0800\r\nContent-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    .into_bytes();
    octets.extend(body);
    octets.extend(b"\r\n--x--\r\n");
    octets
}

#[test]
fn every_charset_of_the_east_is_read() {
    for (charset, words, wanted) in [
        ("big5", "收件者的信箱空間已滿", "mailbox-full"),
        ("gb18030", "收件人地址不存在", "recipient-unknown"),
        ("gb2312", "收件人地址不存在", "recipient-unknown"),
        ("iso-2022-jp", "宛先のメールアドレスが見つかりません", "recipient-unknown"),
        ("shift_jis", "メールボックスがいっぱいです", "mailbox-full"),
        ("euc-kr", "받는 사람의 주소를 찾을 수 없습니다", "recipient-unknown"),
        ("utf-8", "信箱空間已滿", "mailbox-full"),
    ] {
        let (octets, _, lost) = Encoding::for_label(charset.as_bytes()).unwrap().encode(words);
        assert!(!lost, "{charset}");
        for base64 in [true, false] {
            assert_eq!(cause(&report(charset, base64, &octets)), wanted, "{charset}, base64: {base64}");
        }
        // The wrong name for it: nothing is understood, nothing breaks.
        let _ = read(&report("windows-1252", false, &octets));
        let _ = read(&report("x-klingon", true, &octets));
        // Been through a clipboard, which makes UTF-8 of it, its label is wrong now.
        assert_eq!(cause(&report(charset, false, words.as_bytes())), wanted, "{charset}, pasted");
    }
    let subject = message::decode_words("=?big5?B?sGWrSA==?= =?gb2312?B?zcvQxQ==?=", &decode);
    assert!(subject.ends_with("退信"), "{subject}");
}

#[test]
fn a_message_of_a_person_is_no_error() {
    let text = "Received: from a by b; Fri, 20 Nov 2026 01:12:38 +0000\nFrom: anna@shop.example\nMessage-ID: <1@shop.example>\n\nOur mailbox is full of spam, and the password is wrong.\n";
    let reading = read(text.as_bytes());
    assert_eq!((reading.kind, reading.verdicts.len()), (PastedKind::Message, 0));
}

#[test]
fn what_was_not_recognised_says_what_was_understood() {
    let reading = read(b"599 5.3.9 zq zq zq for <bob@shop.example> from [11.22.33.44]");
    let verdict = &reading.verdicts[0];
    assert_eq!((verdict.said.key.as_str(), &verdict.cause), ("bounce.cause.unclear", &None));
    assert_eq!(verdict.advice.key, "bounce.do.unclear.server", "by the subject of its code");
    let quoted = verdict.span.clone().and_then(|span| reading.text.get(span)).unwrap_or_default();
    assert!(quoted.starts_with("5.3.9 zq zq zq"), "{quoted}");
    assert!(reading.facts.iter().any(|fact| fact.value == "bob@shop.example"));
    let reading = read(b"zq zq zq");
    assert_eq!(reading.verdicts[0].said.key, "bounce.cause.unknown");
}
