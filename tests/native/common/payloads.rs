//! Texts made to be slow to read, and every reader of texts that somebody types, pastes or links to.
//!
//! Not among them: zone text and data files, which nobody but the project itself writes.

use std::sync::OnceLock;

use mail_triage_engine::{
    bounce::{self, BounceReading, PastedKind, Reader},
    build,
    contact::{self, Case, ContactParty, TicketOptions},
    dns::Name,
    headers,
    input::{self, limits::InputField},
    knowledge::Knowledge,
    limits::{count, megabytes},
    message::{self, DeliveryReport, Headers, charset::plain},
    record::{bimi::Bimi, dkim::Key, dmarc, mta_sts, spf, tags::TagList, tls_rpt::TlsRpt},
    route::Route,
    settings,
    target::ListKeys,
    text::Catalog,
    zone::Zone,
};

use super::{bounces, catalogs, knowledge, plural};

/// A text that grows: its beginning, what is repeated, its end. `#` in what is repeated counts.
pub struct Payload {
    /// What it is.
    pub name: &'static str,
    head: &'static str,
    unit: &'static str,
    tail: &'static str,
}

impl Payload {
    /// The text with about so many octets.
    pub fn text(&self, octets: usize) -> String {
        let mut text = self.head.to_owned();
        let mut count = 0_usize;
        while text.len() < octets {
            count += 1;
            match self.unit.contains('#') {
                true => text.push_str(&self.unit.replace('#', &count.to_string())),
                false => text.push_str(self.unit),
            }
        }
        text + self.tail
    }
}

const fn of(name: &'static str, head: &'static str, unit: &'static str, tail: &'static str) -> Payload {
    Payload { name, head, unit, tail }
}

/// A message that holds a report, to which the units are added.
const REPORT: &str = "From: MAILER-DAEMON@a.example\nTo: anna@shop.example\nMessage-ID: <1@a.example>\n\
    Content-Type: multipart/report; boundary=b\n\n--b\n\nnot delivered\n--b\nContent-Type: message/delivery-status\n\n\
    Reporting-MTA: dns; a.example\n\n";
const MIXED: &str = "Received: from a by b; x\nFrom: a@b.example\nMessage-ID: <1@b.example>\nContent-Type: multipart/mixed; boundary=b\n\n";
const SENT: &str = "Received: from a.example (a.example [11.22.33.44]) by b.example; Fri, 20 Nov 2026 01:12:38 +0000\nFrom: a@a.example\n";
const HTML: &str = "Received: from a by b; x\nFrom: a@b.example\nMessage-ID: <1@b.example>\nContent-Type: text/html\n\n<html></html>";

/// The kinds. Each is the worst case of something that was, or could be, read again for each of its parts.
pub const PAYLOADS: &[Payload] = &[
    of("what a host said", "", "host mx said: 550 ", ""),
    of("what hosts said", "", "host m#.example[11.22.33.4] said: 550 5.7.1 no\n", ""),
    of("line feeds", "", "\n", ""),
    of("line ends", "", "\r\n", ""),
    of("blanks", "", " ", ""),
    of("blanks and a code", "550", " ", "550"),
    of("blank lines with codes", "", "550 \n\n", ""),
    of("letters", "", "a", ""),
    of("digits", "", "5", ""),
    of("codes", "", "550 ", ""),
    of("enhanced codes", "", "5.7.1 ", ""),
    of("glued codes", "", "550-5.7.1", ""),
    of("counted codes", "", "error # 550 ", ""),
    of("dots", "", ".", ""),
    of("signs of addresses", "", "@", ""),
    of("addresses of people", "", "a#@b#.example ", ""),
    of("one address of somebody", "", "to a@b.example ", ""),
    of("addresses in brackets", "", "<a@b.example>,", ""),
    of("addresses of machines", "", "11.22.33.44 ", ""),
    of("many addresses of machines", "", "11.22.#.4 [2a00::#] ", ""),
    of("names of hosts", "", "from a#.example by host b#.example ", ""),
    of("open angles", "", "<", ""),
    of("comments of HTML", "<html></html>", "<!--", ""),
    of("comments of HTML in a message", HTML, "<!--", ""),
    of("scripts", "<html></html>", "<script>", ""),
    of("tags", "<html></html>", "<a <a href=x ", ""),
    of("entities", "<html></html>", "&#x", ""),
    of("encoded words", "", "=?", ""),
    of(
        "encoded words in a field",
        "Received: from a by b\nFrom: a@b.example\nSubject: ",
        "=?utf-8?b?YQ==?= =?",
        "\n\n",
    ),
    of("soft line breaks", "", "a=\n", ""),
    of("quoted-printable", "", "=3D=20\n", ""),
    of("parentheses", "", "(", ""),
    of("quotes", "", "\"", ""),
    of("backslashes", "", "\\", ""),
    of("colons", "", ":", ""),
    of("semicolons", "", ";", ""),
    of("tags of records", "v=1; ", "a#=b;", ""),
    of("one tag of records", "v=1; ", "a=b;", ""),
    of("names without values", "v=spf1 ", "a# ", ""),
    of("bad characters", "v=DMARC1; p=none; x=", "é ", ""),
    of("mechanisms", "v=spf1 ", "include:a#.example ip4:11.22.33.44 ", "-all"),
    of("macros", "v=spf1 exists:", "%{d}%", ""),
    of("places for reports", "v=DMARC1; p=none; rua=", "mailto:a@b#.example!10m,", ""),
    of("keys", "v=DKIM1; k=rsa; p=", "MIIB ", ""),
    of("hosts of a policy", "version: STSv1\nmode: testing\nmax_age: 86400\n", "mx: a#.example\n", ""),
    of("faulty hosts of a policy", "version: STSv1\n", "mx: *.*.#\n", ""),
    of("lines of no policy", "", "hello\n", ""),
    of("modes of a policy", "", "mode: x\nmax_age: y\nversion: z\n", ""),
    of("fields", "", "Received: from a by b; Fri, 20 Nov 2026 01:12:38 +0000\n", ""),
    of("short fields", "", "X-#: 1\n", ""),
    of("fields of signatures", SENT, "DKIM-Signature: d=b#.example; s=s#\nARC-Seal: i=#; d=c.example\n", ""),
    of("results", SENT, "Authentication-Results: a#.example; spf=pass (x) smtp.mailfrom=b.example\n", ""),
    of("a folded field", "Received: from a by b\nFrom: a@b.example\nX-Y: z", "\n a (", "\n\n550"),
    of(
        "a folded list of results",
        "Received: from a by b\nAuthentication-Results: a",
        "; spf=pass ((a",
        "\n\n550",
    ),
    of("doubled line ends", "Received: from a by b\n\nFrom: a@b.example\n\n", "X: y\n\n", ""),
    of("parts", MIXED, "--b\n\na\n", ""),
    of("parts that are not", MIXED, "--b#\n", "--b\n"),
    of("parts in parts", MIXED, "--b\nContent-Type: multipart/mixed; boundary=b\n\n", ""),
    of(
        "recipients",
        REPORT,
        "Final-Recipient: rfc822; a#@b.example\nAction: failed\nStatus: 5.1.#\nDiagnostic-Code: smtp; 550 no\n\n",
        "",
    ),
    of("a long diagnosis", REPORT, "Diagnostic-Code: smtp; 550 host mx said: 550 ", ""),
    of("recipients in prose", "", "Final-Recipient: rfc822; a#@b.example\nStatus: 5.1.1\n", ""),
    of("headlines of copies", "", "a message that follows is a message\n", ""),
    of(
        "a copy",
        "550 no\n\nThis is a copy of the message\n\nReceived: x\nFrom: a@b.example\n",
        "To: <a#@b.example>, \n",
        "",
    ),
    of("senders", "", "From: MAILER-DAEMON@b.example\nTo: a#@b.example\n", ""),
    of("beginnings of wordings", "", "mail from spf user unknown blocked using ", ""),
    of("clients", "", "host client host ", ""),
    of("selectors", "", "s#._domainkey.b#.example ", ""),
    of("addresses of pages", "", "http://a.example/?a=b&", ""),
    of("ideographs", "", "信", ""),
    of("ideographs and blanks", "", "錯誤 550 ", ""),
    of("what cannot be seen", "", "\u{200d}", ""),
    of("what hangs on letters", "", "e\u{301}", ""),
    of("wide digits", "", "５５０", ""),
    of("what was no text", "", "\u{0}\u{fffd}", ""),
    of("ways of signing in", "", "250-AUTH A# B#\n", ""),
    of("signs of programs", "", "< * > ", ""),
    of("what curl says", "", "curl: (67) timeout : ", ""),
    of("parameters of links", "#/check/a.example?", "x#=1&", ""),
    of("addresses of links", "#/check/a.example?", "ip=11.22.#.4&", ""),
    of("selectors of links", "#/check/a.example?", "selector=s#&", ""),
    of("percent signs", "#/check/a.example?x=", "%4", ""),
    of("records of a zone", "", "a#.example. TXT \"x\"\n", ""),
    of("records of one name", "", "a.example. TXT \"x#\"\n", ""),
    of("thousands", "1", ",000", ""),
];

/// Something that reads texts.
pub struct TextReader {
    /// What it is.
    pub name: &'static str,
    /// Reads.
    pub read: Box<dyn Fn(&str)>,
}

fn take(name: &'static str, read: impl Fn(&str) + 'static) -> TextReader {
    TextReader { name, read: Box::new(read) }
}

/// All of them.
pub fn readers() -> Vec<TextReader> {
    let mut all = of_fields();
    all.extend(of_messages());
    all.extend(of_records());
    all.extend(of_tickets());
    all
}

fn of_fields() -> Vec<TextReader> {
    let providers: &'static Knowledge = Box::leak(Box::new(knowledge()));
    vec![
        take("the box", |text| drop(input::read(text, |text| Some(text.to_owned())))),
        take("addresses", |text| drop(input::read_ips(text))),
        take("selectors", |text| drop(input::read_selectors(text))),
        take("links", |text| drop(Route::parse(text))),
        take("links to a check", |text| drop(Route::parse(&format!("#/check/{text}")))),
        take("numbers", |text| _ = count(text)),
        take("sizes", |text| _ = megabytes(text)),
        take("settings", |text| {
            let around =
                settings::SettingsContext { providers: Some(&providers.providers), ..Default::default() };
            let typed = settings::EnteredSettings {
                server: text.to_owned(),
                port: text.to_owned(),
                user: text.to_owned(),
                ..settings::EnteredSettings::default()
            };
            drop(settings::judge(&typed, &around));
            drop(settings::commands(text, text, settings::Encryption::default(), text));
            drop(settings::commands("a.example", "25", settings::Encryption::default(), text));
        }),
        take("outputs", |text| drop(settings::read_output(text))),
        take("own servers", |text| {
            let (own, _) = build::spf::read_own(text);
            let mut choices = build::spf::SpfChoices::default();
            choices.set_own(own);
            drop(choices.record());
        }),
        take("places for reports", |text| drop(build::dmarc::read_reports(text))),
        take("a service", |text| drop(build::spf::host(text))),
    ]
}

fn of_messages() -> Vec<TextReader> {
    vec![
        take("pasted", |text| drop(reader().read(text.as_bytes(), &plain, &lists().blocklists))),
        take("saved by Outlook", |text| {
            let mut octets = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
            octets.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
            drop(reader().read(&octets, &plain, &lists().blocklists));
        }),
        take("in no charset", |text| {
            let octets: Vec<u8> = text.bytes().chain([0xff, 0xa4, 0xe9]).collect();
            drop(reader().read(&octets, &plain, &lists().blocklists));
        }),
        take("codes", |text| drop(bounce::codes(text))),
        take("fields", |text| {
            if let Some((headers, _)) = Headers::read(text) {
                let read = headers::read(&headers, &plain);
                drop(headers::remarks(&read));
                let mut zone = Zone::parse("").unwrap();
                zone.finish();
                drop(headers::compare(&zone, &read));
            }
        }),
        take("a message", |text| drop(message::parse(text.as_bytes(), &plain))),
        take("HTML", |text| drop(message::to_text(text))),
        take("a report", |text| drop(DeliveryReport::parse(text))),
        take("parameters", |text| drop(message::ContentType::parse(text))),
        take("words", |text| drop(message::decode_words(text, &plain))),
        take("addresses of people", |text| drop(message::addresses(text))),
        take("what was encoded", |text| {
            drop(message::base64(text.as_bytes()));
            drop(message::quoted_printable(text.as_bytes()));
        }),
    ]
}

fn of_records() -> Vec<TextReader> {
    vec![
        take("lists of tags", |text| drop(TagList::parse(text))),
        take("SPF", |text| {
            drop(spf::parse(text));
            drop(spf::near_miss(text));
            drop(build::spf::SpfChoices::read(text).record());
        }),
        take("DKIM", |text| {
            let key = Key::parse(text.to_owned(), &[]);
            drop(key.repaired(&[]));
        }),
        take("DMARC", |text| {
            let record = dmarc::Dmarc::parse(text);
            drop(record.cleaned());
            _ = record.effect();
            drop(dmarc::read(text));
            drop(build::dmarc::DmarcChoices::read(text).record());
        }),
        take("MTA-STS", |text| {
            drop(mta_sts::StsRecord::parse(text));
            drop(mta_sts::StsRecord::repaired(text));
        }),
        take("a policy", |text| {
            let hosts: Vec<Name> =
                (0..20).map(|n| Name::parse(&format!("mx{n}.a.example")).unwrap()).collect();
            drop(mta_sts::judge_policy(text, &hosts));
        }),
        take("TLS-RPT", |text| {
            drop(TlsRpt::parse(text));
            drop(TlsRpt::repaired(text));
        }),
        take("BIMI", |text| drop(Bimi::parse(text))),
        take("a comparison", |text| {
            // No record is longer.
            let text = InputField::Policy.part(text);
            drop(build::diff(text, "v=spf1 -all"));
            drop(build::diff(text, text));
        }),
    ]
}

/// What is written to whoever can help, of an error and of what is typed besides.
fn of_tickets() -> Vec<TextReader> {
    vec![
        take("a message about an error", |text| ticket(&told(text, PastedKind::Text), "")),
        take("a message since", |text| ticket(&told("550 no", PastedKind::Reply), text)),
        take("a link that opens a message", |text| {
            drop(contact::mailto(Some("a@b.example"), text, text, "rest"))
        }),
    ]
}

/// A reading that quotes the whole of a text, and knows of people whom it names.
fn told(text: &str, kind: PastedKind) -> BounceReading {
    let mut reading =
        reader().read(b"550 5.1.1 <anna.b@b.example>: user unknown", &plain, &lists().blocklists);
    reading.kind = kind;
    text.clone_into(&mut reading.text);
    reading
}

fn ticket(reading: &BounceReading, since: &str) {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    let english = || catalogs().into_iter().find(|(language, _)| language == "en").unwrap().1;
    let catalog = CATALOG.get_or_init(english);
    let keys = ListKeys::default();
    let wishes = TicketOptions {
        since,
        third_parties: false,
        checked: None,
        done: &[],
        local: &|_| String::new(),
        keys: &keys,
    };
    let case = Case { reading: Some(reading), ..Case::default() };
    drop(contact::ticket(&ContactParty::Mailbox, &case, &wishes, catalog, plural));
}

fn reader() -> &'static Reader {
    static READER: OnceLock<Reader> = OnceLock::new();
    READER.get_or_init(bounces::reader)
}

fn lists() -> &'static Knowledge {
    static LISTS: OnceLock<Knowledge> = OnceLock::new();
    LISTS.get_or_init(knowledge)
}
