//! Messages made of parts (RFC 2045, RFC 2046).

use super::{
    ContentType, Decode, Headers, base64, charset, html,
    transfer::{looks_quoted_printable, quoted_printable},
};
use crate::steps;

/// Parts inside parts; what lies deeper is read as text.
pub const MAX_DEPTH: usize = 16;
/// Parts of a message altogether; what follows is read as text.
pub const MAX_PARTS: usize = 400;

/// A message, or a part of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entity {
    /// Its header fields.
    pub headers: Headers,
    /// What it says it is; `text/plain` if it says nothing.
    pub content_type: ContentType,
    /// What is in it.
    pub body: Body,
}

/// What is in a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Text, decoded; HTML without its tags.
    Text(String),
    /// Parts, in order.
    Parts(Vec<Entity>),
    /// Another message, or only its header fields.
    Message(Box<Entity>),
    /// So many octets of something that is no text.
    Other(usize),
}

impl Default for Body {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

/// Reads a message. Text that does not begin with header fields is a message without any.
#[must_use]
pub fn parse(octets: &[u8], decode: Decode<'_>) -> Entity {
    entity(unmarked(octets), decode, &mut Limits { depth: 0, parts: 0 }, "text/plain")
}

/// Without the mark that some editors put in front of UTF-8.
fn unmarked(octets: &[u8]) -> &[u8] {
    octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets)
}

impl Entity {
    /// Calls `look` with this entity and everything inside it, in the order of the message.
    pub fn walk<'a>(&'a self, look: &mut dyn FnMut(&'a Entity)) {
        look(self);
        match &self.body {
            Body::Parts(parts) => parts.iter().for_each(|part| part.walk(look)),
            Body::Message(message) => message.walk(look),
            Body::Text(_) | Body::Other(_) => {}
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.body {
            Body::Text(text) => Some(text),
            _ => None,
        }
    }
}

struct Limits {
    depth: usize,
    parts: usize,
}

fn entity(octets: &[u8], decode: Decode<'_>, limits: &mut Limits, default: &str) -> Entity {
    limits.parts += 1;
    steps::took(octets.len());
    let (headers, body) = match head(octets, decode) {
        Some((headers, at)) => (headers, &octets[at.min(octets.len())..]),
        None => (Headers::default(), octets),
    };
    let content_type = match headers.get("Content-Type") {
        Some(value) => ContentType::parse(value),
        None => ContentType::parse(default),
    };
    let body = self::body(body, &headers, &content_type, decode, limits);
    Entity { headers, content_type, body }
}

/// The header fields at the beginning of a message; none if it does not begin with one.
#[must_use]
pub fn headers(octets: &[u8], decode: Decode<'_>) -> Option<Headers> {
    head(unmarked(octets), decode).map(|(headers, _)| headers)
}

/// The header fields and where the body begins.
fn head(octets: &[u8], decode: Decode<'_>) -> Option<(Headers, usize)> {
    if let Ok(text) = std::str::from_utf8(octets) {
        return Headers::read(text);
    }
    // Octets that are no UTF-8: most of them are in the body, the fields are read apart.
    let start = octets.iter().position(|b| !b.is_ascii_whitespace())?;
    let mut line_start = start;
    let mut end = octets.len();
    for (at, _) in octets.iter().enumerate().skip(start).filter(|(_, b)| **b == b'\n') {
        let line = &octets[line_start..at];
        if line.is_empty() || line == b"\r" {
            end = at + 1;
            break;
        }
        line_start = at + 1;
    }
    let text = charset::text(&octets[..end], Some("utf-8"), decode);
    let (headers, _) = Headers::read(&text)?;
    Some((headers, end))
}

fn body(
    octets: &[u8],
    headers: &Headers,
    kind: &ContentType,
    decode: Decode<'_>,
    limits: &mut Limits,
) -> Body {
    let encoding = headers.get("Content-Transfer-Encoding").unwrap_or_default().trim().to_ascii_lowercase();
    let is_deep = limits.depth >= MAX_DEPTH || limits.parts >= MAX_PARTS;
    if kind.kind.starts_with("multipart/")
        && let Some(boundary) = kind.param("boundary").filter(|boundary| !boundary.is_empty())
        && !is_deep
        && let Some(pieces) = pieces(octets, boundary)
    {
        let default = if kind.kind == "multipart/digest" { "message/rfc822" } else { "text/plain" };
        limits.depth += 1;
        let mut parts = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            if limits.parts >= MAX_PARTS {
                // The rest as it stands, from here to the end.
                let start = octets.len() - rest_from(octets, pieces[at]);
                parts.push(Entity { body: text(&octets[start..], "", None, decode), ..Entity::default() });
                break;
            }
            parts.push(entity(piece, decode, limits, default));
        }
        limits.depth -= 1;
        return Body::Parts(parts);
    }
    let charset = kind.param("charset");
    match kind.kind.as_str() {
        "message/rfc822"
        | "message/global"
        | "text/rfc822-headers"
        | "message/rfc822-headers"
        | "message/global-headers"
            if !is_deep =>
        {
            limits.depth += 1;
            let inner = undone(octets, &encoding);
            let inner = entity(&inner, decode, limits, "text/plain");
            limits.depth -= 1;
            Body::Message(Box::new(inner))
        }
        "text/html" => match text(octets, &encoding, charset, decode) {
            Body::Text(text) => Body::Text(html::to_text(&text)),
            other => other,
        },
        kind if is_text(kind) => text(octets, &encoding, charset, decode),
        _ => Body::Other(octets.len()),
    }
}

/// Types that hold words. What names no type that exists is taken for text, so that it is not lost.
fn is_text(kind: &str) -> bool {
    !["image/", "audio/", "video/", "application/", "font/", "model/"]
        .iter()
        .any(|other| kind.starts_with(other))
}

fn undone(octets: &[u8], encoding: &str) -> Vec<u8> {
    match encoding {
        "base64" => base64(octets),
        "quoted-printable" => quoted_printable(octets),
        _ => octets.to_vec(),
    }
}

fn text(octets: &[u8], encoding: &str, charset: Option<&str>, decode: Decode<'_>) -> Body {
    let text = charset::text(&undone(octets, encoding), charset, decode);
    if encoding.is_empty() && looks_quoted_printable(&text) {
        return Body::Text(charset::text(&quoted_printable(text.as_bytes()), charset, decode));
    }
    Body::Text(text)
}

/// How many octets of `all` there are from the start of `piece`, which is a part of it.
fn rest_from(all: &[u8], piece: &[u8]) -> usize {
    let offset = (piece.as_ptr() as usize).saturating_sub(all.as_ptr() as usize);
    all.len().saturating_sub(offset)
}

/// The parts between the boundary's lines (RFC 2046 section 5.1.1); the last one may lack its end. `None` if there is
/// not one.
fn pieces<'a>(octets: &'a [u8], boundary: &str) -> Option<Vec<&'a [u8]>> {
    let mut pieces = Vec::new();
    let mut open: Option<usize> = None;
    let mut at = 0;
    while at < octets.len() {
        let line = &octets[at..];
        let length = line.iter().position(|&b| b == b'\n').map_or(line.len(), |end| end + 1);
        steps::took(length);
        if let Some(rest) = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary.as_bytes())) {
            let is_end = rest.starts_with(b"--");
            // A longer boundary that begins like this one belongs to a part inside.
            let tail = &rest[..rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len())];
            if is_end || tail.iter().all(u8::is_ascii_whitespace) {
                if let Some(start) = open.take() {
                    pieces.push(&octets[start..at]);
                }
                if is_end {
                    return Some(pieces);
                }
                open = Some(at + length);
            }
        }
        at += length;
    }
    if let Some(start) = open {
        pieces.push(&octets[start.min(octets.len())..]);
    }
    (!pieces.is_empty()).then_some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Entity {
        parse(text.as_bytes(), &charset::plain)
    }

    fn texts(entity: &Entity) -> Vec<String> {
        let mut texts = Vec::new();
        entity.walk(&mut |entity| texts.extend(entity.text().map(|text| text.trim().to_owned())));
        texts
    }

    #[test]
    fn parts_of_every_kind() {
        let message = read(
            "From: a@b.example\r\nContent-Type: multipart/report; boundary=\"x\"\r\n\r\npreamble\r\n--x\r\n\r\nno type\r\n\
             --x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>caf=C3=A9</p>\r\n\
             --x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; b.example\r\n\
             --x\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\nContent-Type: multipart/mixed; boundary=xx\r\n\r\n--xx\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--xx\r\nContent-Type: image/png\r\n\r\nabc\r\n--xx--\r\n\
             --x--\r\nepilogue\r\n",
        );
        assert_eq!(texts(&message), ["no type", "café", "Reporting-MTA: dns; b.example", "hello"]);
    }

    #[test]
    fn what_is_broken_is_still_text() {
        assert_eq!(
            texts(&read("Content-Type: multipart/mixed; boundary=x\n\nno boundary here")),
            ["no boundary here"]
        );
        assert_eq!(texts(&read("Content-Type: multipart/mixed\n\nnone named")), ["none named"]);
        assert_eq!(texts(&read("Content-Type: multipart/mixed; boundary=x\n\n--x\nA: b\n\ncut")), ["cut"]);
        assert_eq!(texts(&read("Content-Type: multipart/mixed; boundary=x\n\n--x")), [""]);
        assert_eq!(texts(&read("no headers at all")), ["no headers at all"]);
        assert_eq!(read("\u{feff}Subject: x\n\nbody").headers.get("Subject"), Some("x"));
        assert_eq!(texts(&read("Content-Type: nonsense\n\nkept")), ["kept"]);
        let octets = b"Subject: caf\xe9\r\n\r\ncaf\xe9 \xff";
        let message = parse(octets, &charset::plain);
        assert_eq!(message.headers.get("subject"), Some("café"));
        assert_eq!(message.text(), Some("café ÿ"));
    }

    #[test]
    fn what_is_too_deep_or_too_much_is_still_text() {
        let mut deep = String::from("needle");
        for n in 0..200 {
            deep = format!("Content-Type: multipart/mixed; boundary=b{n}x\n\n--b{n}x\n{deep}\n--b{n}x--\n");
        }
        assert!(texts(&read(&deep)).concat().contains("needle"));
        let many = format!(
            "Content-Type: multipart/mixed; boundary=x\n\n{}--x\n\nneedle",
            "--x\n\na\n".repeat(10_000)
        );
        let message = read(&many);
        assert!(texts(&message).concat().contains("needle"));
        let mut count = 0;
        message.walk(&mut |_| count += 1);
        assert!(count <= MAX_PARTS + 2, "{count}");
    }
}
