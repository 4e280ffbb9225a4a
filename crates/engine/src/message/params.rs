//! Values with parameters: `Content-Type` (RFC 2045 section 5.1, RFC 2231), and lists of tags.

use super::header::uncommented;
use crate::percent;

/// A `Content-Type`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentType {
    /// Type and subtype in lower case, such as `text/plain`.
    pub kind: String,
    params: Vec<(String, String)>,
}

impl ContentType {
    /// Reads a field's value.
    #[must_use]
    pub fn parse(value: &str) -> Self {
        let value = uncommented(value);
        let mut pieces = split(&value).into_iter();
        let kind = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
        let mut params: Vec<(String, String)> = Vec::new();
        for piece in pieces {
            let Some((name, value)) = piece.split_once('=') else { continue };
            let name = name.trim().to_ascii_lowercase();
            let value = unquoted(value.trim());
            // RFC 2231: `name*0*`, `name*1`, `name*`; charset and language stand in front of the first piece.
            let (name, extended) = match name.split_once('*') {
                Some((name, rest)) => (name.to_owned(), rest.is_empty() || rest.ends_with('*')),
                None => (name, false),
            };
            let value =
                if extended { percent_decoded(value.rsplit('\'').next().unwrap_or(&value)) } else { value };
            match params.last_mut() {
                Some((last, all)) if *last == name => all.push_str(&value),
                _ => params.push((name, value)),
            }
        }
        Self { kind, params }
    }

    /// The parameter called `name`, in lower case.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The parts between semicolons that are not inside quotes.
fn split(value: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, c) in value.char_indices() {
        match c {
            _ if escaped => {
                escaped = false;
                continue;
            }
            '\\' => escaped = quoted,
            '"' => quoted = !quoted,
            ';' if !quoted => {
                pieces.push(&value[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(&value[start..]);
    pieces
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else {
        return value.split_whitespace().next().unwrap_or_default().to_owned();
    };
    let mut out = String::new();
    let mut escaped = false;
    for c in inner.chars() {
        match c {
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            '"' if !escaped => break,
            _ => out.push(c),
        }
        escaped = false;
    }
    out
}

fn percent_decoded(text: &str) -> String {
    String::from_utf8_lossy(&percent::decode(text)).into_owned()
}

/// The tags of a list such as `v=1; a=rsa-sha256; d=example.org` (RFC 6376 section 3.2), names in lower case, blanks
/// inside values gone.
#[must_use]
pub fn tags(value: &str) -> Vec<(String, String)> {
    value
        .split(';')
        .filter_map(|tag| {
            let (name, value) = tag.split_once('=')?;
            let value: String = value.chars().filter(|c| !c.is_whitespace()).collect();
            Some((name.trim().to_ascii_lowercase(), value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters() {
        let read = ContentType::parse(
            "Multipart/Report; report-type=delivery-status (see RFC; 3464);\r\n boundary=\"a;\\\"b\"; charset = UTF-8",
        );
        assert_eq!(read.kind, "multipart/report");
        assert_eq!(read.param("boundary"), Some("a;\"b"));
        assert_eq!(read.param("charset"), Some("UTF-8"));
        assert_eq!(read.param("report-type"), Some("delivery-status"));
        assert_eq!(read.param("name"), None);
    }

    #[test]
    fn parameters_in_pieces() {
        let read =
            ContentType::parse("text/plain; name*0*=utf-8'zh'%E9%80%80; name*1*=%E4%BF%A1; name*2=.txt");
        assert_eq!(read.param("name"), Some("退信.txt"));
        assert_eq!(
            ContentType::parse("a/b; boundary*0=one; boundary*1=two").param("boundary"),
            Some("onetwo")
        );
        assert_eq!(ContentType::parse("").kind, "");
        assert_eq!(ContentType::parse("a/b; name*=utf-8''100%").param("name"), Some("100%"));
    }
}
