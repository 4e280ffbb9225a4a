//! A report as a document, and the forms in which `render` writes it.

use serde::Serialize;

use mail_triage_engine::{
    document::{Block, Document},
    knowledge::Value,
    reading::Reading,
    words,
};

#[cfg(test)]
use crate::types;
use crate::{
    html,
    options::Options,
    refusal::{Refusal, RefusalCode},
};

words! {
    /// In which form a report is written.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Form {
        /// Markdown (CommonMark).
        Markdown = "markdown",
        /// Plain text.
        Text = "text",
        /// A part of an HTML page: headings, paragraphs, lists. Nothing of it runs.
        Html = "html",
    }
}

/// A part of a report that is written for a person, to be drawn by whoever likes. Its text is plain, never markup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DocumentPart {
    /// `heading`, `paragraph`, `item` of a list, or `code`: a record or command to be taken as it is.
    #[cfg_attr(test, schemars(with = "types::DocumentPartKind"))]
    pub kind: &'static str,
    /// Of a heading: 1 for the title of the whole, 2 and 3 below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "u8"))]
    pub level: Option<u8>,
    /// What it says.
    pub text: String,
}

impl Form {
    /// The form that is called so.
    ///
    /// # Errors
    /// If there is none.
    pub fn named(name: &str) -> Result<Self, Refusal> {
        Self::from_word(name)
            .ok_or_else(|| Refusal::new(RefusalCode::Format, format!("a report has no form {name}")))
    }

    /// A document in this form.
    #[must_use]
    pub fn write(self, document: &Document) -> String {
        match self {
            Self::Markdown => document.to_markdown(),
            Self::Text => document.to_text(),
            Self::Html => html::write(document),
        }
    }
}

/// For whom a report is written, by the option `reading`; for whoever runs the mail server where it is left out.
///
/// # Errors
/// If nobody is called so.
pub fn reading(options: &Value) -> Result<Reading, Refusal> {
    match Options::read(options, &["reading"])?.text("reading")? {
        None => Ok(Reading::Postmaster),
        Some(word) => Reading::from_word(word).ok_or_else(|| Refusal::of_option("reading", word)),
    }
}

/// The parts of a document.
#[must_use]
pub fn parts(document: &Document) -> Vec<DocumentPart> {
    let part = |block: &Block| {
        let (kind, level, text) = match block {
            Block::Heading(level, text) => ("heading", Some(*level), text),
            Block::Paragraph(text) => ("paragraph", None, text),
            Block::Item(text) => ("item", None, text),
            Block::Code(text) => ("code", None, text),
        };
        DocumentPart { kind, level, text: text.clone() }
    };
    document.blocks().iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_of_the_same_document() {
        let mut document = Document::default();
        document.heading(1, "a < b");
        document.code("v=spf1");
        for (name, text) in [
            ("markdown", "# a \\< b\n\n```\nv=spf1\n```\n"),
            ("html", "<h1>a &lt; b</h1>\n<pre>v=spf1</pre>\n"),
        ] {
            assert_eq!(Form::named(name).unwrap().write(&document), text);
        }
        assert_eq!(Form::named("pdf").unwrap_err().code, RefusalCode::Format);
        let kinds: Vec<_> = parts(&document).into_iter().map(|part| (part.kind, part.level)).collect();
        assert_eq!(kinds, [("heading", Some(1)), ("code", None)]);
    }

    #[test]
    fn who_reads_is_an_option() {
        let options = |json: &str| serde_json::from_str::<Value>(json).unwrap();
        assert_eq!(reading(&Value::Null), Ok(Reading::Postmaster));
        assert_eq!(reading(&options(r#"{"reading": "owner"}"#)), Ok(Reading::Owner));
        assert_eq!(reading(&options(r#"{"reading": "x"}"#)).unwrap_err().option.as_deref(), Some("reading"));
    }
}
