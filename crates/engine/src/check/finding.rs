//! What a check found.

use std::{
    ops::{Deref, DerefMut, Range},
    sync::Arc,
};

use serde::Serialize;

use super::{Code, Level};
use crate::{
    bounds,
    change::Fix,
    dns::{Failure, Name, Query, Rtype},
    subject::Subject,
    text::{Arg, Args},
};

/// One thing a check has to say.
///
/// It is handed on by value while it is put together, dozens of times in each check, and every report of a run shares what
/// has not changed since the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding(Arc<FindingData>);

/// What a [`Finding`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingData {
    /// Which of the things it can say.
    pub code: Code,
    /// What it is about.
    pub subject: Subject,
    /// How much it matters.
    pub level: Level,
    /// How likely it is the reason that mail does not arrive, 0 to 100.
    pub weight: u8,
    /// Values for the placeholders of its texts, and for nothing else: what it is about stands in [views](crate::view).
    pub args: Args,
    /// The list whose answer it speaks of, by its id in `blocklists.json`.
    pub list: Option<String>,
    /// What to do about each further reason: keys of the locales.
    pub more_advice: Vec<String>,
    /// Addresses that its texts lead to.
    pub links: Vec<Link>,
    /// The records it speaks of, with the faulty part marked; [`bounds::LABELS`](crate::bounds::LABELS) at most.
    pub labels: Vec<Label>,
    /// So many more records it speaks of.
    pub more_labels: usize,
    /// So many more findings like it, which are not kept.
    pub more: usize,
    /// What to publish instead.
    pub fix: Option<Fix>,
    /// Changes at other names or of other types that belong to the fix: what has to go there.
    pub also: Vec<Fix>,
    /// What was asked to find it; filled in by [`super::Cx`].
    pub evidence: Vec<Query>,
}

impl Deref for Finding {
    type Target = FindingData;

    fn deref(&self) -> &FindingData {
        &self.0
    }
}

impl DerefMut for Finding {
    fn deref_mut(&mut self) -> &mut FindingData {
        Arc::make_mut(&mut self.0)
    }
}

impl Finding {
    /// A finding with the level and weight of its code.
    #[must_use]
    pub fn new(code: Code, subject: impl Into<Subject>) -> Self {
        Self::about(code, subject.into())
    }

    fn about(code: Code, subject: Subject) -> Self {
        Self(Arc::new(FindingData {
            code,
            subject,
            level: code.level(),
            weight: code.weight(),
            args: Args::default(),
            list: None,
            more_advice: Vec::new(),
            links: Vec::new(),
            labels: Vec::new(),
            more_labels: 0,
            more: 0,
            fix: None,
            also: Vec::new(),
            evidence: Vec::new(),
        }))
    }

    /// With a value for the placeholder `name`.
    #[must_use]
    pub fn arg(self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.with(name, value.into())
    }

    fn with(mut self, name: &'static str, value: Arg) -> Self {
        self.args.set(name, value);
        self
    }

    /// As the answer of a list, by its id.
    #[must_use]
    pub fn of_list(mut self, id: &str) -> Self {
        self.list = Some(id.to_owned());
        self
    }

    /// With an address that its texts lead to, which is `{help}` or `{logo}` there.
    #[must_use]
    pub fn link(mut self, kind: LinkKind, url: &str) -> Self {
        self.links.push(Link { kind, url: url.to_owned() });
        self.arg(kind.as_str(), url)
    }

    /// With a record, `span` of which is at fault; an empty span marks nothing.
    #[must_use]
    pub fn label(self, name: &Name, rtype: Rtype, text: impl Into<String>, span: Range<usize>) -> Self {
        self.labelled(Label { name: name.clone(), rtype, text: text.into(), span })
    }

    fn labelled(mut self, mut label: Label) -> Self {
        if self.labels.len() < bounds::LABELS {
            label.shorten();
            self.labels.push(label);
        } else {
            self.more_labels += 1;
        }
        self
    }

    /// Whether `other` says the same of the same thing, or of the same list's answer.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.code == other.code && self.subject == other.subject && self.list == other.list
    }

    /// With what to publish instead.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// With what has to go elsewhere together with the fix.
    #[must_use]
    pub fn also(mut self, fix: Fix) -> Self {
        self.also.push(fix);
        self
    }

    /// With another level and weight than the code's.
    #[must_use]
    pub fn rated(mut self, level: Level, weight: u8) -> Self {
        self.level = level;
        self.weight = weight;
        self
    }

    /// With the reason of a failed lookup as `{reason}`: a locale key `failure.<slug>`, and `{status}` where it has a
    /// number.
    #[must_use]
    pub fn because(self, failure: Failure) -> Self {
        let finding = self.arg("reason", Arg::Key(failure.key()));
        match failure.number() {
            Some(number) => finding.arg("status", u64::from(number)),
            None => finding,
        }
    }
}

/// An address that the texts of a finding lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What is there.
    pub kind: LinkKind,
    /// The address.
    pub url: String,
}

words! {
    /// What is at a [`Link`]; its word is the placeholder for it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum LinkKind {
        /// A page that helps, from this project's data.
        Help = "help",
        /// A logo that the domain publishes. Untrusted.
        Logo = "logo",
    }
}

/// A record and the part of it that a finding speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Label {
    /// Where the record stands.
    pub name: Name,
    /// Its type.
    #[serde(rename = "type")]
    pub rtype: Rtype,
    /// Its text as published; untrusted.
    pub text: String,
    /// The octets of `text` that are meant, at character boundaries; empty for none.
    pub span: Range<usize>,
}

impl Label {
    /// Leaves of a text that is longer than any record the part around what is marked.
    fn shorten(&mut self) {
        const MOST: usize = bounds::LABEL_OCTETS;
        if self.text.len() <= MOST {
            return;
        }
        let start = self.text.floor_char_boundary(self.span.start.saturating_sub(MOST / 4));
        let end = self.text.floor_char_boundary(start + MOST);
        let (before, after) = (start > 0, end < self.text.len());
        let mut text = String::from(if before { "…" } else { "" });
        let moved = |at: usize| at.clamp(start, end) - start + text.len();
        self.span = moved(self.span.start)..moved(self.span.end);
        text.push_str(&self.text[start..end]);
        text.push_str(if after { "…" } else { "" });
        self.text = text;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str, span: Range<usize>) -> Label {
        let name = Name::parse("shop.example").unwrap_or_else(|_| unreachable!());
        let mut label = Label { name, rtype: Rtype::Txt, text: text.to_owned(), span };
        label.shorten();
        label
    }

    #[test]
    fn of_a_text_without_end_the_part_around_the_mark_is_shown() {
        let text = format!("{}mark{}", "é".repeat(50_000), "ü".repeat(50_000));
        let shown = label(&text, 100_000..100_004);
        assert_eq!(&shown.text[shown.span.clone()], "mark");
        assert!(shown.text.starts_with('…') && shown.text.ends_with('…'));
        assert!(shown.text.len() <= bounds::LABEL_OCTETS + 2 * '…'.len_utf8());
    }

    #[test]
    fn a_mark_that_is_longer_than_what_is_shown_ends_with_it() {
        let text = "é".repeat(50_000);
        let shown = label(&text, 0..text.len());
        assert_eq!(shown.span, 0..bounds::LABEL_OCTETS);
        assert_eq!(shown.text.len(), bounds::LABEL_OCTETS + '…'.len_utf8());
    }

    #[test]
    fn a_record_is_shown_whole() {
        let text = "v=spf1 ".repeat(500);
        assert_eq!(label(&text, 7..13).text, text);
        assert_eq!(label(&text, 7..13).span, 7..13);
    }
}
