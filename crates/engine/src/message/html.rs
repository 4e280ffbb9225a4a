//! HTML as text: enough to read what a notification says.

use crate::steps;

/// Whether a text is HTML rather than prose.
#[must_use]
pub fn looks_like_html(text: &str) -> bool {
    let head: String = text.chars().take(2000).collect::<String>().to_ascii_lowercase();
    ["<html", "<!doctype html", "<body", "<div", "<p>", "<br", "<table", "<span"]
        .iter()
        .any(|tag| head.contains(tag))
        && head.contains("</")
        || head.trim_start().starts_with("<!doctype html")
}

/// Elements that end a line.
const BLOCKS: [&str; 16] = [
    "p", "/p", "br", "br/", "div", "/div", "tr", "/tr", "li", "/li", "h1", "h2", "h3", "table", "/table",
    "/pre",
];

/// Elements whose content is no text.
const SILENT: [&str; 4] = ["script", "style", "head", "title"];

/// The text of HTML: tags, comments, scripts and styles gone, entities decoded. Takes one pass.
#[must_use]
pub fn to_text(html: &str) -> String {
    steps::took(2 * html.len());
    let mut reader = Reader {
        out: String::with_capacity(html.len() / 2),
        rest: html,
        silent: None,
        length: html.len(),
        comment_end: html.rfind("-->").unwrap_or(0),
        ends: last_ends(html),
    };
    while let Some(at) = reader.rest.find(['<', '&']) {
        steps::took(at);
        reader.plain(at);
        if reader.rest.starts_with('&') {
            reader.entity();
        } else if reader.rest.starts_with("<!--") {
            reader.comment();
        } else {
            reader.tag();
        }
    }
    steps::took(reader.rest.len());
    reader.plain(reader.rest.len());
    reader.out
}

struct Reader<'a> {
    out: String,
    rest: &'a str,
    /// The element without text that is open.
    silent: Option<&'static str>,
    /// Octets of the whole text.
    length: usize,
    /// Where the last comment ends. Searched for once: a search at each opening would take the square of the time.
    comment_end: usize,
    /// Where each of the elements without text ends for the last time.
    ends: [usize; SILENT.len()],
}

impl Reader<'_> {
    /// Where it stands in the whole text.
    fn at(&self) -> usize {
        self.length - self.rest.len()
    }

    /// So many octets of text.
    fn plain(&mut self, length: usize) {
        let (text, rest) = self.rest.split_at(length);
        if self.silent.is_none() {
            self.out.push_str(text);
        }
        self.rest = rest;
    }

    fn entity(&mut self) {
        let (c, length) = entity(self.rest);
        if self.silent.is_none() {
            self.out.push(c);
        }
        self.rest = &self.rest[length..];
    }

    fn comment(&mut self) {
        let before = self.rest.len();
        // What is never closed is no comment.
        self.rest = if self.at() > self.comment_end {
            &self.rest[4..]
        } else {
            self.rest.split_once("-->").map_or("", |(_, after)| after)
        };
        steps::took(before - self.rest.len());
    }

    /// A tag, or a bracket that begins none.
    fn tag(&mut self) {
        let Some((name, length)) = tag(self.rest) else { return self.plain(1) };
        self.rest = &self.rest[length..];
        match self.silent {
            Some(open) if name.strip_prefix('/') == Some(open) => self.silent = None,
            Some(_) => {}
            None => {
                let kind = SILENT.iter().position(|open| *open == name);
                if let Some(kind) = kind.filter(|&kind| self.at() <= self.ends[kind]) {
                    self.silent = Some(SILENT[kind]);
                } else if BLOCKS.contains(&name.as_str()) {
                    self.out.push('\n');
                } else if matches!(name.as_str(), "td" | "/td" | "th") {
                    self.out.push(' ');
                }
            }
        }
    }
}

/// Where each of the elements without text ends for the last time; 0 where it never does.
fn last_ends(html: &str) -> [usize; SILENT.len()] {
    let mut ends = [0; SILENT.len()];
    for (at, _) in html.match_indices("</") {
        let name = html.as_bytes().get(at + 2..).unwrap_or_default();
        for (end, silent) in ends.iter_mut().zip(SILENT) {
            if name.get(..silent.len()).is_some_and(|name| name.eq_ignore_ascii_case(silent.as_bytes())) {
                *end = at;
            }
        }
    }
    ends
}

/// The lower-case name of the tag at the start, `/` in front of an end tag, and its length; none if it is no tag, as in
/// `<anna@example.org>` or `< 5`.
fn tag(rest: &str) -> Option<(String, usize)> {
    let inner = rest.strip_prefix('<')?;
    let first = inner.bytes().next()?;
    if !(first.is_ascii_alphabetic() || matches!(first, b'/' | b'!' | b'?')) {
        return None;
    }
    // Attributes of links are long; what never ends is no tag.
    let head = inner.as_bytes().get(..inner.len().min(8192))?;
    let end = head.iter().position(|&b| b == b'>' || b == b'<');
    steps::took(end.unwrap_or(head.len()));
    let end = end.filter(|&end| head[end] == b'>')?;
    let name: String =
        inner[..end].split([' ', '\t', '\n', '\r']).next().unwrap_or_default().to_ascii_lowercase();
    if name.contains(['@', ':']) || name.contains('.') {
        return None;
    }
    Some((name, end + 2))
}

fn entity(rest: &str) -> (char, usize) {
    let head = rest.as_bytes().get(1..rest.len().min(12)).unwrap_or_default();
    let Some(end) = head.iter().position(|&b| b == b';') else { return ('&', 1) };
    let Some(name) = rest.get(1..=end) else { return ('&', 1) };
    let found = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" | "lsquo" | "rsquo" => Some('\''),
        "nbsp" => Some(' '),
        "shy" => Some('\u{ad}'),
        _ => name.strip_prefix('#').and_then(|number| {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }),
    };
    found.map_or(('&', 1), |c| (c, end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_and_text_stays() {
        assert_eq!(
            to_text(
                "<html><head><style>p { a: b }</style></head><body><p>550&nbsp;5.7.1 &lt;a@b&gt; isn&#39;t&#x20;ok<br>x</p>"
            ),
            "\n550 5.7.1 <a@b> isn't ok\nx\n"
        );
        assert_eq!(to_text("a < b <anna@example.org> & c <!-- d --> e"), "a < b <anna@example.org> & c  e");
        assert_eq!(to_text("<script>never closed 550"), "never closed 550", "nothing is lost");
        assert_eq!(to_text("<td>1</td><td>2</td>"), " 1  2 ");
        assert_eq!(to_text("a &bogus; &#xffffffff; &"), "a &bogus; &#xffffffff; &");
    }

    #[test]
    fn html_is_told_from_prose() {
        assert!(looks_like_html("<!DOCTYPE html PUBLIC>"));
        assert!(looks_like_html("<div class=x>a</div>"));
        assert!(!looks_like_html("Delivery to <anna@example.org> failed"));
    }
}
