//! A document as a part of an HTML page (HTML Living Standard section 13.3): tags without attributes, styles or scripts.

use mail_triage_engine::document::{Block, Document};

/// The tags of headings, by their level.
const HEADINGS: [&str; 3] = ["h1", "h2", "h3"];

/// Writes it. What strangers wrote stays text.
pub fn write(document: &Document) -> String {
    let mut out = String::new();
    let mut in_list = false;
    for block in document.blocks() {
        let is_item = matches!(block, Block::Item(_));
        if in_list != is_item {
            out.push_str(if is_item { "<ul>\n" } else { "</ul>\n" });
            in_list = is_item;
        }
        let (tag, text) = match block {
            Block::Heading(level, text) => (HEADINGS[usize::from(*level).clamp(1, HEADINGS.len()) - 1], text),
            Block::Paragraph(text) => ("p", text),
            Block::Item(text) => ("li", text),
            Block::Code(text) => ("pre", text),
        };
        out.push_str(&format!("<{tag}>"));
        // Readers drop a line break that follows `<pre>` at once.
        out.push_str(if tag == "pre" && text.starts_with('\n') { "\n" } else { "" });
        escape(&mut out, text);
        out.push_str(&format!("</{tag}>\n"));
    }
    out.push_str(if in_list { "</ul>\n" } else { "" });
    out
}

/// Writes `text` so that nothing in it is markup, neither between tags nor in a value between quotation marks.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_stand_in_one_list() {
        let mut document = Document::default();
        document.heading(1, "example.org");
        document.item("first");
        document.item("second");
        document.paragraph("One line.");
        document.item("third");
        assert_eq!(
            write(&document),
            "<h1>example.org</h1>\n<ul>\n<li>first</li>\n<li>second</li>\n</ul>\n<p>One line.</p>\n\
             <ul>\n<li>third</li>\n</ul>\n"
        );
    }

    #[test]
    fn nothing_that_strangers_wrote_is_a_tag() {
        let mut document = Document::default();
        document.code("</pre><script>alert(\"1\")</script>");
        document.item("<img src='x'> &amp;");
        assert_eq!(
            write(&document),
            "<pre>&lt;/pre&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;</pre>\n\
             <ul>\n<li>&lt;img src=&#39;x&#39;&gt; &amp;amp;</li>\n</ul>\n"
        );
    }
}
