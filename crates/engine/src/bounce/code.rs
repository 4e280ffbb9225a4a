//! Reply codes and enhanced status codes in a text.

use std::{fmt, ops::Range};

use serde::{Serialize, Serializer};

use super::token;
use crate::steps;

/// An enhanced status code (RFC 3463): class, subject, detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enhanced(pub u8, pub u16, pub u16);

impl fmt::Display for Enhanced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl Serialize for Enhanced {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Enhanced {
    /// Reads `5.7.1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || [class, subject, detail].iter().any(|part| !is_number(part)) {
            return None;
        }
        let code = Self(class.parse().ok()?, subject.parse().ok()?, detail.parse().ok()?);
        // RFC 3463 section 3 and the IANA registry: eight subjects. `4.94.2` is the version of a program.
        (matches!(code.0, 2 | 4 | 5) && code.1 <= 7).then_some(code)
    }
}

fn is_number(text: &str) -> bool {
    (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// The codes that stand together in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Codes {
    /// The reply code (RFC 5321 section 4.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<u16>,
    /// The enhanced status code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enhanced: Option<Enhanced>,
    /// Where they stand.
    pub span: Range<usize>,
}

impl Codes {
    /// The class: 2, 4 or 5.
    #[must_use]
    pub fn class(&self) -> u16 {
        self.reply.map_or_else(|| self.enhanced.map_or(0, |code| code.0.into()), |reply| reply / 100)
    }
}

/// Every code in a text, in order.
///
/// Three digits are a reply code only at the start of a line or of something quoted, behind a sign or a word such as
/// `error`, or in front of an enhanced code: in prose they count messages, bytes and days.
#[must_use]
pub fn codes(text: &str) -> Vec<Codes> {
    let octets = text.as_bytes();
    let mut found: Vec<Codes> = Vec::new();
    for span in token::numbers(text) {
        let word = &text[span.clone()];
        let is_glued = span.start.checked_sub(1).is_some_and(|before| {
            octets[before].is_ascii_alphanumeric() || matches!(octets[before], b'.' | b'-' | b'_')
        });
        if is_glued && !follows_reply(&found, &span) {
            continue;
        }
        if let Some(enhanced) = Enhanced::parse(word) {
            match found.last_mut() {
                Some(last)
                    if last.enhanced.is_none()
                        && last.span.end + 2 >= span.start
                        && last.class() == u16::from(enhanced.0) =>
                {
                    last.enhanced = Some(enhanced);
                    last.span.end = span.end;
                }
                _ if enhanced.0 == 2 && !may_stand_alone(text, span.start) => {}
                _ => found.push(Codes { reply: None, enhanced: Some(enhanced), span }),
            }
        } else if let Some(reply) = reply(word)
            && is_place_of_code(text, &span)
        {
            found.push(Codes { reply: Some(reply), enhanced: None, span });
        }
    }
    found
}

/// Whether a code of success can begin here without a reply code in front: numbers of versions look like it.
fn may_stand_alone(text: &str, start: usize) -> bool {
    let before = text[..start].strip_suffix([' ', '\t']).unwrap_or(&text[..start]);
    if before.len() < start {
        return before.ends_with([':', '=', ';']) || before.ends_with(['\n', ' ']) || before.is_empty();
    }
    before.is_empty() || before.ends_with(['\n', '=', '#', '(', '[', '"', '\'', '>'])
}

/// Whether something stands right behind a reply code, as in `550-5.7.1`.
fn follows_reply(found: &[Codes], span: &Range<usize>) -> bool {
    found.last().is_some_and(|last| last.enhanced.is_none() && last.span.end + 1 == span.start)
}

fn reply(word: &str) -> Option<u16> {
    let code: u16 = word.parse().ok().filter(|_| word.len() == 3)?;
    (matches!(code / 100, 2 | 4 | 5) && matches!(code / 10 % 10, 0..=5)).then_some(code)
}

/// Signs behind which a reply code stands.
const BEFORE_CODE: &str = ":\"'([<#>;=|\u{201c}«「：-*";
/// Signs that end one.
const AFTER_CODE: &[u8] = b" -\r\n:),.\"';]>\t";
/// Words behind which one stands.
const CODE_WORDS: [&str; 20] = [
    "error",
    "code",
    "status",
    "said",
    "smtp",
    "esmtp",
    "reply",
    "response",
    "responded",
    "returned",
    "fehler",
    "fehlercode",
    "erreur",
    "errore",
    "erro",
    "with",
    "server",
    "antwort",
    "réponse",
    "rc",
];
/// The same in languages that put no blank in front.
const CODE_ENDINGS: [&str; 9] = ["錯誤", "错误", "代碼", "代码", "エラー", "回應", "响应", "返回", "오류"];
/// What is counted, by the beginning of its word, and whether that counts where it is the whole word: `500 messages` are
/// counted, `500 message refused` is a reply.
const COUNTED: [(&str, bool); 14] = [
    ("message", false),
    ("mail", false),
    ("email", true),
    ("recipient", false),
    ("mb", true),
    ("kb", true),
    ("byte", true),
    ("user", false),
    ("people", true),
    ("address", false),
    ("nachricht", true),
    ("day", true),
    ("封", true),
    ("位", true),
];

fn is_place_of_code(text: &str, span: &Range<usize>) -> bool {
    let after = &text.as_bytes()[span.end..];
    if is_enhanced_behind(after) {
        return true;
    }
    if !after.first().is_none_or(|sign| AFTER_CODE.contains(sign)) || is_line_of_trace(text, span) {
        return false;
    }
    // What comes before in the same line, without blanks. No further back than that: a line may be all of the text.
    let before = text[..span.start].trim_end_matches(|c: char| c.is_whitespace() && c != '\n');
    steps::took(span.start - before.len());
    let Some(last) = before.chars().next_back().filter(|&c| c != '\n') else {
        return !counts_something(&text[span.end..]);
    };
    if BEFORE_CODE.contains(last) {
        return !counts_something(&text[span.end..]);
    }
    let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase();
    steps::took(word.len());
    CODE_WORDS.contains(&word.as_str()) || CODE_ENDINGS.iter().any(|end| word.ends_with(end))
}

/// Whether an enhanced code follows, as in `550-5.7.1`.
fn is_enhanced_behind(after: &[u8]) -> bool {
    after.len() > 5
        && matches!(after[0], b' ' | b'-')
        && matches!(after[1], b'2' | b'4' | b'5')
        && after[2] == b'.'
        && after[3].is_ascii_digit()
}

/// Whether it is the number of a line in a trace, as in `Mailer.java:235)`.
fn is_line_of_trace(text: &str, span: &Range<usize>) -> bool {
    text[..span.start].ends_with(':')
        && text[..span.start - 1].ends_with(|c: char| c.is_ascii_alphanumeric())
        && (text[span.clone()].starts_with('2') || !text[span.end..].starts_with([' ', '-']))
}

/// Whether the number in front counts things: `500 messages`.
fn counts_something(rest: &str) -> bool {
    let word: String =
        rest.trim_start().chars().take_while(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    steps::took(rest.len() - rest.trim_start().len() + word.len());
    let is_counted = |&(thing, alone): &(&str, bool)| word.starts_with(thing) && (alone || word != thing);
    COUNTED.iter().any(is_counted) && !rest.starts_with('-') && !word.ends_with("box")
}

/// The code that says why: the first that is final, or else the first that is temporary.
#[must_use]
pub fn main_code(codes: &[Codes]) -> Option<&Codes> {
    // One with both numbers says more.
    let of = |class: u16| {
        let mine = || codes.iter().filter(move |code| code.class() == class);
        mine().find(|code| code.enhanced.is_some() && code.reply.is_some()).or_else(|| mine().next())
    };
    of(5).or_else(|| of(4)).or_else(|| of(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        codes(text)
            .iter()
            .map(|code| {
                let part = |text: Option<String>| text.unwrap_or_default();
                format!(
                    "{}/{}",
                    part(code.reply.map(|c| c.to_string())),
                    part(code.enhanced.map(|c| c.to_string()))
                )
            })
            .collect()
    }

    #[test]
    fn codes_in_their_places() {
        assert_eq!(read("550 5.1.1 no"), ["550/5.1.1"]);
        assert_eq!(read("550-5.7.26 no"), ["550/5.7.26"]);
        assert_eq!(read("said: 451 try later"), ["451/"]);
        assert_eq!(read("Status: 5.0.0"), ["/5.0.0"]);
        assert_eq!(read("#5.1.1 smtp;550 5.1.1 <a@b>"), ["/5.1.1", "550/5.1.1"]);
        assert_eq!(read("SMTP error 535"), ["535/"]);
        assert_eq!(read("(554 5.7.1 x)"), ["554/5.7.1"]);
        assert_eq!(read("錯誤代碼 550"), ["550/"]);
        assert_eq!(read("550 Mailbox unavailable"), ["550/"]);
        assert_eq!(read("550 message refused"), ["550/"]);
    }

    #[test]
    fn numbers_that_are_no_codes() {
        for text in [
            "you sent 500 messages today",
            "Exim 4.94.2",
            "port 587",
            "11.22.33.44",
            "5.7.1.2",
            "in 250 days",
            "id 4XY550",
            "500 messages a day",
            "smtp:587",
            "1.5.7.1",
        ] {
            assert!(read(text).is_empty(), "{text}: {:?}", read(text));
        }
    }

    #[test]
    fn the_code_that_says_why() {
        let codes = codes("250 ok\n451 4.7.1 later\n550 5.1.1 no\n550 x");
        assert_eq!(main_code(&codes).unwrap().enhanced, Some(Enhanced(5, 1, 1)));
    }
}
