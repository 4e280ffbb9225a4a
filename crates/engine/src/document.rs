//! A text with headings, lists and records, before it is written in one form or another.

use crate::visible::{visible, visible_lines};

/// A part of a [`Document`]. Its text is plain: no mark of it is markup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading: 1 for the title of the whole, 2 and 3 below it.
    Heading(u8, String),
    /// A paragraph.
    Paragraph(String),
    /// An entry of a list.
    Item(String),
    /// What stands in a record, a form or a terminal, to be taken as it is.
    Code(String),
}

/// A text in parts. What strangers wrote stays text in every form: no mark of it becomes markup, no line of it breaks out of
/// its part, and what nobody would see is written out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document(Vec<Block>);

impl Document {
    /// With a heading of this level.
    pub fn heading(&mut self, level: u8, text: &str) {
        self.0.push(Block::Heading(level, visible(text).into_owned()));
    }

    /// With a paragraph; nothing if there is no text.
    pub fn paragraph(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.0.push(Block::Paragraph(visible(text).into_owned()));
        }
    }

    /// With an entry of a list.
    pub fn item(&mut self, text: &str) {
        self.0.push(Block::Item(visible(text).into_owned()));
    }

    /// With a record or a field, to be taken as it is.
    pub fn code(&mut self, text: &str) {
        self.0.push(Block::Code(visible(text).into_owned()));
    }

    /// With lines of [`command`](crate::command), to be taken as they are.
    pub fn commands(&mut self, text: &str) {
        self.0.push(Block::Code(visible_lines(text).trim_end().to_owned()));
    }

    /// Its parts, for whoever writes or draws them in another form.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.0
    }

    /// As Markdown (CommonMark 0.31).
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut out = String::new();
        let mut before: Option<&Block> = None;
        for block in &self.0 {
            let in_list = matches!((before, block), (Some(Block::Item(_)), Block::Item(_)));
            if before.is_some() && !in_list {
                out.push('\n');
            }
            match block {
                Block::Heading(level, text) => {
                    (0..*level).for_each(|_| out.push('#'));
                    out.push(' ');
                    escape(&mut out, text);
                }
                Block::Paragraph(text) => escape(&mut out, text),
                Block::Item(text) => {
                    out.push_str("- ");
                    escape(&mut out, text);
                }
                Block::Code(text) => {
                    let fence = "`".repeat(3.max(longest_run(text, '`') + 1));
                    out.push_str(&format!("{fence}\n{text}\n{fence}"));
                }
            }
            out.push('\n');
            before = Some(block);
        }
        out
    }

    /// As plain text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        for block in &self.0 {
            match block {
                Block::Heading(_, text) => {
                    if !out.is_empty() {
                        out.push('\n');
                    }
                    out.push_str(text);
                }
                Block::Paragraph(text) => out.push_str(text),
                Block::Item(text) => {
                    out.push_str("- ");
                    out.push_str(text);
                }
                Block::Code(text) => {
                    let lines: Vec<String> = text.lines().map(|line| format!("    {line}")).collect();
                    out.push_str(&lines.join("\n"));
                }
            }
            out.push('\n');
        }
        out
    }
}

/// Writes `text` so that nothing in it is markup: every ASCII mark may stand behind a backslash (CommonMark 0.31 section 2.4).
/// What is common in names and sentences stays bare where it means nothing: a dot or bracket behind anything but a number at
/// the beginning of the line, a dash anywhere but there.
fn escape(out: &mut String, text: &str) {
    for (at, c) in text.char_indices() {
        let numbered = text[..at].bytes().all(|octet| octet.is_ascii_digit());
        let is_mark = match c {
            ',' | ';' | ':' | '?' | '\'' | '"' | '/' | '%' | '(' => false,
            '.' | ')' => numbered,
            '-' => at == 0,
            c => c.is_ascii_punctuation(),
        };
        if is_mark {
            out.push('\\');
        }
        out.push(c);
    }
}

fn longest_run(text: &str, of: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == of { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_apart_and_entries_together() {
        let mut document = Document::default();
        document.heading(1, "example.org");
        document.paragraph("One line.");
        document.paragraph("Another one.");
        document.item("first");
        document.item("second");
        document.code("v=spf1 -all");
        assert_eq!(
            document.to_markdown(),
            "# example.org\n\nOne line.\n\nAnother one.\n\n- first\n- second\n\n```\nv=spf1 -all\n```\n"
        );
        assert_eq!(
            document.to_text(),
            "example.org\nOne line.\nAnother one.\n- first\n- second\n    v=spf1 -all\n"
        );
    }

    #[test]
    fn what_strangers_wrote_stays_text() {
        let mut document = Document::default();
        document.item("<img src=x> [a](b) *c* `d` # e | f ![g](h) &amp; ~i~");
        document.paragraph("- no list");
        document.paragraph("1. no list");
        document.paragraph("# no heading");
        document.heading(2, "two\nlines");
        document.commands("``` \n````js\nx");
        let text = document.to_markdown();
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(
            lines,
            [
                r"- \<img src\=x\> \[a\](b) \*c\* \`d\` \# e \| f \!\[g\](h) \&amp; \~i\~",
                r"\- no list",
                r"1\. no list",
                r"\# no heading",
                r"## two\\010lines",
                "`````",
                "``` ",
                "````js",
                "x",
                "`````"
            ]
        );
    }
}
