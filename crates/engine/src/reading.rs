//! One report, read by three people: who has the trouble, who keeps the records, who runs the mail server. Each reading is one
//! file; it says in a [`Document`] what that person needs and nothing else.

mod keeper;
mod owner;
mod postmaster;

use crate::{
    around::ChangeContext,
    change::Fix,
    check::{Arg, Args, Code, FindingText},
    document::Document,
    knowledge::Knowledge,
    report::{FindingReport, Report},
    report_text::{meaning, row_title, sentence},
    text::{Catalog, Plural},
};

words! {
    /// For whom a report is written.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Reading {
        /// Whoever wants the mail to arrive: what to do, in plain words.
        Owner = "owner",
        /// Whoever keeps the DNS of the domain: which records to change, as the form of its host wants them.
        Keeper = "keeper",
        /// Whoever runs the mail server: everything, with rules, lookups and commands.
        Postmaster = "postmaster",
    }
    key "reading.{}"
}

/// What a reading is written from.
#[derive(Clone, Copy)]
pub struct Written<'a> {
    /// The report.
    pub report: &'a Report,
    /// What is known of hosts of records.
    pub knowledge: &'a Knowledge,
    /// The words.
    pub catalog: &'a Catalog,
    /// The plural forms of their language.
    pub plural: Plural,
    /// Where the user says that the records are kept: an id of `dns-hosts.json`, or a word that is none.
    pub kept_at: Option<&'a str>,
    /// When it was checked and where it can be seen again, as the page says it.
    pub seen: &'a str,
}

impl Written<'_> {
    /// The report as this person reads it.
    #[must_use]
    pub fn read_by(&self, reading: Reading) -> Document {
        let mut document = Document::default();
        document.heading(1, &format!("{}: {}", self.say("static.name"), self.report.target));
        let said = sentence(self.report, self.catalog, self.plural).into_iter().map(|(_, text)| text);
        document.paragraph(&said.collect::<Vec<_>>().join(&self.say("list.separator")));
        document.paragraph(self.seen);
        match reading {
            Reading::Owner => owner::write(self, &mut document),
            Reading::Keeper => keeper::write(self, &mut document),
            Reading::Postmaster => postmaster::write(self, &mut document),
        }
        document
    }

    /// A request to whoever keeps the DNS: to publish exactly these changes, each with what is known around it.
    #[must_use]
    pub fn to_publish(&self, changes: &[(Fix, ChangeContext)]) -> Document {
        let mut document = Document::default();
        document.heading(1, &format!("{}: {}", self.say("try.publish"), self.report.target));
        for (fix, around) in changes {
            keeper::records(self, fix, around, &mut document);
        }
        document
    }

    fn meaning(&self) -> String {
        meaning(self.report, self.catalog, self.plural)
    }

    fn row_title(&self, row: &[(usize, usize)]) -> String {
        row_title(self.report, row, self.catalog, self.plural).unwrap_or_default()
    }

    fn say(&self, key: &str) -> String {
        self.catalog.get(key).unwrap_or(key).to_owned()
    }

    fn count(&self, key: &str, n: usize) -> String {
        self.with(key, "n", n.into())
    }

    fn with(&self, key: &str, name: &'static str, value: Arg) -> String {
        let mut args = Args::default();
        args.set(name, value);
        self.catalog.say(key, &args, self.plural)
    }

    /// One of the texts of a finding, if it has that.
    fn text(&self, finding: &FindingReport, text: FindingText) -> Option<String> {
        let key = finding.code.key(text);
        let there = self.catalog.get(&key).or_else(|| self.catalog.get(&format!("{key}.other")));
        there.map(|_| self.catalog.say(&key, &finding.args, self.plural))
    }

    /// One of the texts of each finding of a row, what is the same for several once.
    fn texts(&self, row: &[(usize, usize)], text: FindingText) -> Vec<String> {
        let mut said: Vec<String> = Vec::new();
        for finding in row.iter().filter_map(|&place| self.report.finding(place)) {
            if let Some(text) = self.text(finding, text).filter(|text| !said.contains(text)) {
                said.push(text);
            }
        }
        said
    }

    /// That there are so many more, if there are any.
    fn more(&self, document: &mut Document, n: usize) {
        if n > 0 {
            document.paragraph(&self.catalog.more(n, self.plural));
        }
    }
}

/// A title with the code of its finding.
fn coded(title: &str, code: Code) -> String {
    format!("{title} ({})", code.id())
}
