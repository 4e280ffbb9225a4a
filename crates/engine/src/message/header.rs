//! Header fields (RFC 5322 section 2.2), as they arrive and as they are pasted.

use std::ops::Range;

use serde::Serialize;

use super::{Decode, decode_words};
use crate::steps;

/// One header field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Header {
    /// Its name as written.
    pub name: String,
    /// Its value, unfolded: line ends are gone, the blanks that followed them are one. Untrusted.
    pub value: String,
    /// Where it stands in the octets that were read, name and value together.
    pub span: Range<usize>,
}

/// The header fields of a message or part, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Headers(pub Vec<Header>);

/// Fields of one header that are kept; more are no work of servers, and nothing that counts stands among them.
pub const MOST_FIELDS: usize = 20_000;

/// Octets of a field in which addresses are looked for.
const MOST_ADDRESSES: usize = 64 * 1024;

/// A line of a header block.
enum Line<'a> {
    /// The start of a field.
    Field(&'a str, &'a str),
    /// More of the field before.
    More(&'a str),
    /// Nothing.
    Empty,
}

impl Headers {
    /// Reads the header block at the start of `text`; gives the fields and where the body begins.
    ///
    /// Put up with, because programs that show headers do it to them: empty lines in front, the line `From ` of a
    /// mailbox file, continuation lines whose blanks were lost, an empty line after every line. `None` if the text does
    /// not begin with a field. Of more than [`MOST_FIELDS`] the first are kept.
    #[must_use]
    pub fn read(text: &str) -> Option<(Self, usize)> {
        let mut at = first_line(text);
        let double = is_double_spaced(&text[at..]);
        let mut fields: Vec<Header> = Vec::new();
        while at < text.len() {
            let rest = &text[at..];
            if fields.len() >= MOST_FIELDS {
                at += end_of_block(rest.as_bytes());
                break;
            }
            let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
            let line = &rest[..length];
            steps::took(length);
            match self::line(line) {
                Line::Empty if fields.is_empty() => {}
                Line::Empty if double && goes_on(&rest[length..]) => {}
                Line::Empty => {
                    at += length;
                    break;
                }
                Line::Field(..) if fields.is_empty() && line.starts_with("From ") => {}
                Line::Field(name, value) => fields.push(Header {
                    name: name.to_owned(),
                    value: value.trim().to_owned(),
                    span: at..at + line.trim_end().len(),
                }),
                // The line of a mailbox file.
                Line::More(more) if fields.is_empty() => {
                    if !more.starts_with("From ") {
                        return None;
                    }
                }
                Line::More(more) => {
                    if let Some(last) = fields.last_mut() {
                        let more = more.trim();
                        if !last.value.is_empty() && !more.is_empty() {
                            last.value.push(' ');
                        }
                        last.value.push_str(more);
                        last.span.end = at + line.trim_end().len();
                    }
                }
            }
            at += length;
        }
        (!fields.is_empty()).then_some((Self(fields), at))
    }

    /// The value of the first field called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name))
            .map(|header| header.value.as_str())
    }

    /// The value of the first field called `name`, its encoded words decoded.
    #[must_use]
    pub fn text(&self, name: &str, decode: Decode<'_>) -> Option<String> {
        self.get(name).map(|value| decode_words(value, decode))
    }

    /// All fields called `name`, from the top.
    pub fn all<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a Header> {
        self.0.iter().filter(move |header| header.name.eq_ignore_ascii_case(name))
    }
}

/// Where the first line begins that is not empty: millions of empty ones are passed over octet by octet.
fn first_line(text: &str) -> usize {
    let blank = text.bytes().take_while(u8::is_ascii_whitespace).count();
    steps::took(blank);
    text[..blank].rfind('\n').map_or(0, |end| end + 1)
}

/// Where the block that goes on here ends, its empty line included. By octets: what searches for texts takes its time in
/// WebAssembly.
fn end_of_block(rest: &[u8]) -> usize {
    let mut empty = false;
    for (at, &octet) in rest.iter().enumerate() {
        steps::took(1);
        match octet {
            b'\n' if empty => return at + 1,
            b'\n' => empty = true,
            b'\r' => {}
            _ => empty = false,
        }
    }
    rest.len()
}

fn line(line: &str) -> Line<'_> {
    let bare = line.trim_end_matches(['\r', '\n']);
    if bare.trim().is_empty() {
        return Line::Empty;
    }
    if bare.starts_with([' ', '\t']) {
        return Line::More(bare);
    }
    match field(bare) {
        Some((name, value)) => Line::Field(name, value),
        None => Line::More(bare),
    }
}

/// A line that begins a field: printable ASCII without blanks, a colon (section 3.6.8). Words that are no field names
/// but end in a colon stand in prose, and `http:` and the like in the folds of fields.
fn field(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim_end_matches([' ', '\t']);
    let fits = (1..=76).contains(&name.len())
        && name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.'));
    (fits && !value.starts_with("//") && name.bytes().any(|b| b.is_ascii_alphabetic()))
        .then_some((name, value))
}

/// Whether what follows an empty line is more of the header block.
fn goes_on(rest: &str) -> bool {
    let next = rest.lines().next().unwrap_or_default();
    steps::took(next.len());
    next.starts_with([' ', '\t']) || field(next).is_some()
}

/// Whether there is an empty line after every line of the header block.
fn is_double_spaced(text: &str) -> bool {
    let (mut full, mut empty) = (0, 0);
    let mut before = true;
    let lines = text.lines().inspect(|line| steps::took(line.len() + 1));
    for line in lines.skip_while(|line| line.trim().is_empty()).take(40) {
        let is_empty = line.trim().is_empty();
        if is_empty && before {
            break;
        }
        before = is_empty;
        *(if is_empty { &mut empty } else { &mut full }) += 1;
    }
    full >= 4 && empty + 1 >= full
}

/// The value without comments in parentheses (RFC 5322 section 3.2.2); those inside quotes are none.
#[must_use]
pub fn uncommented(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    steps::took(value.len());
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    for c in value.chars() {
        let skip = escaped;
        escaped = false;
        match c {
            '\\' if !skip => {
                escaped = true;
                if depth == 0 {
                    out.push(c);
                }
                continue;
            }
            '"' if !skip && depth == 0 => quoted = !quoted,
            '(' if !skip && !quoted => {
                depth += 1;
                continue;
            }
            ')' if !skip && !quoted && depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    out.push(' ');
                }
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            out.push(c);
        }
    }
    out
}

/// The addresses in a field such as `From` (RFC 5322 section 3.4), without display names.
#[must_use]
pub fn addresses(value: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut end = value.len().min(MOST_ADDRESSES);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    let value = uncommented(&value[..end]);
    let (mut start, mut quoted) = (0, false);
    for (at, c) in value.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ',' | ';' if !quoted => {
                found.extend(address(&value[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.extend(address(&value[start..]));
    found
}

/// The one address in a text such as `"Anna" <anna@example.org>`; none in `<>`.
#[must_use]
pub fn address(text: &str) -> Option<String> {
    let inner = match text.rsplit_once('<') {
        Some((_, tail)) => tail.split('>').next().unwrap_or(tail),
        None => text.split(':').next_back().unwrap_or(text),
    };
    let inner = inner.trim().trim_matches(['"', '\'', ' ']);
    let (local, domain) = inner.rsplit_once('@')?;
    (!local.is_empty() && !domain.is_empty() && !domain.contains(' ')).then(|| inner.to_owned())
}

/// The domain of an address, if it is one that can be asked about.
#[must_use]
pub fn domain_of(address: &str) -> Option<crate::dns::Name> {
    let (_, domain) = address.rsplit_once('@')?;
    let name = crate::dns::Name::parse(domain.trim_end_matches(['>', '.', ','])).ok()?;
    (name.is_host_name() && name.labels().count() > 1).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        let (headers, _) = Headers::read(text).unwrap();
        headers.0.into_iter().map(|header| format!("{}={}", header.name, header.value)).collect()
    }

    #[test]
    fn fields_are_unfolded() {
        let text = "Received: from a\r\n\tby b;\r\n  now\r\nSubject: x\r\n\r\nBody: no field\r\n";
        assert_eq!(values(text), ["Received=from a by b; now", "Subject=x"]);
        let (headers, body) = Headers::read(text).unwrap();
        assert_eq!(&text[headers.0[0].span.clone()], "Received: from a\r\n\tby b;\r\n  now");
        assert_eq!(&text[body..], "Body: no field\r\n");
    }

    #[test]
    fn what_programs_do_to_headers_is_undone() {
        assert_eq!(values("\n\nFrom me@x Fri Nov 20\nA: 1\n\nB: 2"), ["A=1"]);
        assert_eq!(
            values("A: 1\n\nB: 2\n\n and more\n\nC: 3\n\nD: 4\n\nE: 5\n"),
            ["A=1", "B=2 and more", "C=3", "D=4", "E=5"]
        );
        assert_eq!(
            values("Received: from a\nby b with SMTP\nid 5; Fri, 20 Nov\nTo: c"),
            ["Received=from a by b with SMTP id 5; Fri, 20 Nov", "To=c"]
        );
        assert_eq!(values("A:\n x\nB : y"), ["A=x", "B=y"]);
    }

    #[test]
    fn of_very_many_fields_the_first_are_kept() {
        let text = format!("{}\nbody", "A: 1\n".repeat(MOST_FIELDS + 5));
        let (headers, body) = Headers::read(&text).unwrap();
        assert_eq!((headers.0.len(), &text[body..]), (MOST_FIELDS, "body"));
    }

    #[test]
    fn prose_has_no_fields() {
        assert!(Headers::read("Your message was not delivered.\nA: 1").is_none());
        assert!(Headers::read("https://example.org").is_none());
        assert!(Headers::read("").is_none());
    }

    #[test]
    fn comments_and_quotes() {
        assert_eq!(uncommented("a (b (c) \\) d) e").trim(), "a   e");
        assert_eq!(uncommented("\"(no comment)\" x"), "\"(no comment)\" x");
    }

    #[test]
    fn addresses_are_found() {
        assert_eq!(
            addresses("\"B, A\" <a@x.example>, b@y.example (B), Group: c@z.example;, <>, nobody"),
            ["a@x.example", "b@y.example", "c@z.example"]
        );
    }
}
