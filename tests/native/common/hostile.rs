//! What a stranger may publish: names that a shell would run, texts that forge lines and drive terminals.

use mail_triage_engine::{
    dns::{Answer, Ede, Meta, Name, Outcome, Query, Rdata, Record, Rtype, Txt, wire},
    session::Session,
    target::{ListKeys, Target},
};

/// Numbers that are the same in every run (xorshift, Marsaglia 2003).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.roll(all.len())]
    }
}

/// What shells, and the programs that they start, read as more than letters.
const SHELL: [&str; 46] = [
    "$({touch,pwned})",
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned;",
    "&touch pwned&",
    "|touch pwned",
    ">pwned",
    "<(touch pwned)",
    "\ntouch pwned\n",
    "\r\ntouch pwned\r\n",
    "' ; touch pwned ; '",
    "\"; touch pwned; \"",
    "\\",
    "\\\n",
    "$HOME",
    "${IFS}",
    "%PATH%",
    "^&",
    "!!",
    "!1",
    "~",
    "*",
    "?",
    "[a-z]",
    "{a,b}",
    "(",
    ")",
    "#",
    "@file",
    "@(touch pwned)",
    "-f",
    "--help",
    "+short",
    "=",
    "%0a",
    "\u{0}",
    "\t",
    "\u{1b}",
    "\u{7f}",
    "`n",
    "$'\\n'",
    "\u{201c}",
    "\u{2019}",
    "&&",
    "||",
    ",",
];
const PLAIN: [&str; 10] = ["mx", "a", "mail-1", "_dmarc", "txt", "any", "xn--a", "1", "com", "spf"];
/// What nobody sees, forges a line or drives a terminal.
const HIDDEN: [&str; 18] = [
    "\n",
    "\r\n",
    "\r",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{b}",
    "\u{1b}[2J",
    "\u{9b}31m",
    "\u{1b}]0;x\u{7}",
    "\u{0}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "\u{ad}",
    "\u{e0041}",
    "\t",
];
const WORDS: [&str; 14] = [
    "v=spf1 ",
    "v=DMARC1; p=none; ",
    "v=DKIM1; p=",
    "v=TLSRPTv1; rua=mailto:a@b.example",
    "v=STSv1; id=1",
    "include:",
    " -all",
    "a:",
    "rua=mailto:x@",
    "- [passed] forged",
    "listed",
    " ",
    "x",
    "信",
];

/// A name as the wire decoder reads it; of four labels about one is hostile.
pub fn name(dice: &mut Dice) -> Name {
    let labels: Vec<&str> = (0..=dice.roll(3))
        .map(|_| if dice.roll(4) == 0 { dice.pick(&SHELL) } else { dice.pick(&PLAIN) })
        .collect();
    let mut data = vec![0, 10];
    for label in labels {
        data.push(u8::try_from(label.len()).unwrap());
        data.extend(label.bytes());
    }
    data.push(0);
    // A whole answer, so that the name takes the way that every name takes.
    let query = Query::new(Name::parse("q").unwrap(), Rtype::Mx);
    let mut message = vec![0, 0, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 1, b'q', 0, 0, 15, 0, 1];
    message.extend([0xc0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, u8::try_from(data.len()).unwrap()]);
    message.extend(data);
    match &wire::outcome(&query, &message).records()[0].data {
        Rdata::Mx { exchange, .. } => exchange.clone(),
        other => panic!("{other}"),
    }
}

/// A text of a few pieces.
pub fn text(dice: &mut Dice) -> String {
    let piece = |dice: &mut Dice| match dice.roll(5) {
        0 => dice.pick(&SHELL),
        1 => dice.pick(&HIDDEN),
        _ => dice.pick(&WORDS),
    };
    (0..2 + dice.roll(6)).map(|_| piece(dice)).collect()
}

fn data(dice: &mut Dice, query: &Query) -> Rdata {
    match query.rtype {
        Rtype::A => Rdata::A([11, 22, 33, 44].into()),
        Rtype::Aaaa => Rdata::Aaaa([0x2a0b, 0x1234, 0, 0, 0, 0, 0, 1].into()),
        Rtype::Mx => Rdata::Mx { preference: 10, exchange: name(dice) },
        Rtype::Ns => Rdata::Ns(name(dice)),
        Rtype::Cname => Rdata::Cname(name(dice)),
        Rtype::Ptr => Rdata::Ptr(name(dice)),
        Rtype::Soa => Rdata::Soa { primary: name(dice), mailbox: name(dice), serial: 1, minimum: 60 },
        Rtype::Srv => Rdata::Srv { priority: 1, weight: 1, port: 587, target: name(dice) },
        Rtype::Tlsa => Rdata::Tlsa { usage: 3, selector: 1, matching: 1, data: vec![0; 32] },
        Rtype::Caa => Rdata::Caa { flags: 0, tag: text(dice), value: text(dice) },
        Rtype::Ds => Rdata::Ds { key_tag: 1, algorithm: 13, digest: 2 },
        Rtype::Dnskey => Rdata::Dnskey { flags: 257, algorithm: 13 },
        Rtype::Txt | Rtype::Spf => {
            let lead = match query.name.labels().next() {
                Some("_dmarc") => "v=DMARC1; p=none; rua=mailto:",
                Some("_mta-sts") => "v=STSv1; id=",
                Some("_smtp") => "v=TLSRPTv1; rua=mailto:",
                _ if query.name.as_str().contains("_domainkey") => "v=DKIM1; p=",
                _ => "v=spf1 mx include:",
            };
            let lead = if dice.roll(4) == 0 { "" } else { lead };
            Rdata::Txt(Txt::new([format!("{lead}{}{}", name(dice), text(dice)).as_bytes()]))
        }
    }
}

/// A run in a world where every record is hostile.
pub fn session(dice: &mut Dice) -> Session {
    let target = Target::domain(Name::parse("shop.example").unwrap());
    let mut session = Session::new(target, super::knowledge().into(), ListKeys::default());
    while let Some(query) = session.poll_query() {
        let records = (0..=dice.roll(2))
            .map(|_| Record { owner: query.name.clone(), ttl: 60, data: data(dice, &query) })
            .collect();
        let ede = vec![Ede { code: 22, text: text(dice) }];
        let meta = Meta { ede, ..Meta::default() };
        session.answer(&query, Outcome::Records(Answer { records, chain: Vec::new(), meta }));
    }
    session
}
