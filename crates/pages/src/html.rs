//! Text that becomes markup.

use std::ops::Range;

use mail_triage_engine::visible::visible;

/// Text between tags. What nobody would see is written out.
#[must_use]
pub fn text(text: &str) -> String {
    visible(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The value of an attribute, for double quotes.
#[must_use]
pub fn attribute(value: &str) -> String {
    text(value).replace('"', "&quot;")
}

/// An element with text in it.
#[must_use]
pub fn element(tag: &str, content: &str) -> String {
    format!("<{tag}>{}</{tag}>\n", text(content))
}

/// A paragraph for each line.
#[must_use]
pub fn paragraphs(content: &str) -> String {
    content.lines().filter(|line| !line.trim().is_empty()).map(|line| element("p", line)).collect()
}

/// A link. Only addresses of this project's data and of the page itself become links.
#[must_use]
pub fn link(to: &str, name: &str) -> String {
    let is_elsewhere = to.starts_with("https://") || to.starts_with("http://");
    let outside = if is_elsewhere { " rel=\"noreferrer\"" } else { "" };
    format!("<a href=\"{}\"{outside}>{}</a>", attribute(to), text(name))
}

/// A record or a message with parts of it marked; marks are in octets, in their order. What is no part of it marks nothing.
#[must_use]
pub fn marked(whole: &str, marks: &[Range<usize>]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for mark in marks.iter().filter(|mark| !mark.is_empty()) {
        if let (Some(before), Some(fault)) = (whole.get(at..mark.start), whole.get(mark.clone())) {
            out += &format!("{}<mark>{}</mark>", lines(before), lines(fault));
            at = mark.end;
        }
    }
    out + &lines(whole.get(at..).unwrap_or_default())
}

/// Text whose lines are kept.
fn lines(whole: &str) -> String {
    whole.split('\n').map(text).collect::<Vec<_>>().join("\n")
}

/// Data for machines in a page (JSON-LD): nothing in it ends the element.
#[must_use]
pub fn data(value: &serde_json::Value) -> String {
    let json = value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    format!("<script type=\"application/ld+json\">{json}</script>\n")
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;

    #[test]
    fn nothing_that_strangers_wrote_becomes_markup() {
        assert_eq!(
            text("<b>&\u{202e}"),
            "&lt;b&gt;&amp;\\u{202e}".replace("\\u{202e}", &visible("\u{202e}"))
        );
        assert_eq!(attribute("\"><script>"), "&quot;&gt;&lt;script&gt;");
        let value = serde_json::json!({ "name": "</script><script>alert(1)" });
        assert_eq!(data(&value).matches('<').count(), 2);
    }

    #[test]
    fn a_mark_outside_of_the_text_marks_nothing() {
        assert_eq!(marked("v=spf1 <all", from_ref(&(7..11))), "v=spf1 <mark>&lt;all</mark>");
        assert_eq!(marked("a mx ptr", &[0..1, 5..8]), "<mark>a</mark> mx <mark>ptr</mark>");
        assert_eq!(marked("añb", from_ref(&(2..3))), "añb");
        assert_eq!(marked("abc", from_ref(&(1..9))), "abc");
    }
}
