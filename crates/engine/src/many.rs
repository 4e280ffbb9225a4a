//! Many domains at once: which ones a pasted list names, what of each report stands in a table, and that table as a file.

use std::fmt::Write as _;

use crate::{
    check::CheckId,
    csv,
    dns::Name,
    input::{self, limits::InputField},
    report::{CheckVerdict, Report, headline::HeadlineVerdict},
    steps,
    text::Catalog,
};

/// Domains that are taken of a list; the others are counted.
pub const MOST: usize = 500;
/// Octets of a list that are read.
pub const MOST_TEXT: usize = 512 * 1024;
/// Words that are named because they are no domains; the others are counted.
const MOST_NAMED: usize = 5;

/// What a list names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DomainList {
    /// The domains, each once, in the order of the list.
    pub names: Vec<Name>,
    /// Words that look like domains and are none: the first few. Untrusted.
    pub not_read: Vec<String>,
    /// How many more of those there are.
    pub more_not_read: usize,
    /// Domains beyond [`MOST`], or behind what is read of a text.
    pub is_cut: bool,
}

impl DomainList {
    /// Reads text, CSV, or a column of a sheet: whatever stands between blanks, commas, semicolons and quotes. Words without a
    /// dot are headings or remarks. `to_ascii` is that of [`input::read`].
    #[must_use]
    pub fn read(text: &str, to_ascii: impl Fn(&str) -> Option<String>) -> Self {
        let mut list = Self::default();
        let end = (0..=MOST_TEXT.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
        let part = &text[..end.unwrap_or_default()];
        list.is_cut = part.len() < text.len();
        steps::took(part.len());
        let mut known = std::collections::BTreeSet::new();
        let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '\'' | '<' | '>' | '|');
        for word in part.split(is_between).filter(|word| word.contains(['.', '。'])) {
            if list.names.len() == MOST {
                list.is_cut = true;
                break;
            }
            match domain(word, &to_ascii) {
                Some(name) => {
                    if known.insert(name.clone()) {
                        list.names.push(name);
                    }
                }
                None if list.not_read.len() < MOST_NAMED => {
                    list.not_read.push(word.chars().take(60).collect());
                }
                None => list.more_not_read += 1,
            }
        }
        list
    }
}

fn domain(word: &str, to_ascii: &impl Fn(&str) -> Option<String>) -> Option<Name> {
    if InputField::Line.is_longer(word) {
        return None;
    }
    input::read(word, to_ascii).ok()?.target.domain
}

words! {
    /// A column of the table.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Column {
        /// The domain.
        Domain = "domain",
        /// The verdict over all of it.
        Headline = "headline",
        /// The SPF record.
        Spf = "spf",
        /// DKIM keys.
        Dkim = "dkim",
        /// The DMARC policy.
        Dmarc = "dmarc",
        /// The hosts that receive.
        Mx = "mx",
        /// Encryption on the way: MTA-STS and DANE.
        Transport = "transport",
    }
    key "many.col.{}"
}

/// Whether a check is made of many domains. Lists are run by volunteers: they are asked about many domains only where somebody
/// wants that.
#[must_use]
pub fn is_made(check: &str, with_lists: bool) -> bool {
    with_lists || !(check.starts_with("blocklist") || check == CheckId::Owner.as_str())
}

/// What stands in the table of one report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The verdict.
    pub headline: HeadlineVerdict,
    /// SPF, DKIM, DMARC, MX, and encryption on the way.
    verdicts: [CheckVerdict; 5],
}

impl Line {
    /// What a report comes to.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let worst = |ids: &[CheckId]| {
            let checks = report.checks.iter().filter(|check| ids.contains(&check.id));
            checks.map(|check| check.verdict).max().unwrap_or(CheckVerdict::NotApplicable)
        };
        Self {
            headline: report.headline.verdict,
            verdicts: [
                worst(&[CheckId::Spf, CheckId::SpfSender]),
                worst(&[CheckId::Dkim]),
                worst(&[CheckId::Dmarc]),
                worst(&[CheckId::Mx]),
                worst(&[CheckId::MtaSts, CheckId::TlsRpt, CheckId::Dane]),
            ],
        }
    }

    /// What stands in a column; none for the domain and the headline.
    #[must_use]
    pub fn verdict(&self, column: Column) -> Option<CheckVerdict> {
        let at = match column {
            Column::Domain | Column::Headline => return None,
            Column::Spf => 0,
            Column::Dkim => 1,
            Column::Dmarc => 2,
            Column::Mx => 3,
            Column::Transport => 4,
        };
        Some(self.verdicts[at])
    }

    /// What it is sorted by in a column: what needs somebody first.
    #[must_use]
    pub fn rank(&self, column: Column) -> u8 {
        match self.verdict(column) {
            None => self.headline.level() as u8,
            Some(CheckVerdict::Problem) => 0,
            Some(CheckVerdict::Improve) => 1,
            Some(CheckVerdict::Unknown) => 2,
            Some(CheckVerdict::Pass) => 4,
            Some(CheckVerdict::NotApplicable) => 5,
        }
    }

    /// As one word that [`Line::unpack`] reads.
    #[must_use]
    pub fn pack(&self) -> String {
        let verdicts = self.verdicts.map(CheckVerdict::as_str);
        format!("{}:{}", self.headline.as_str(), verdicts.join(":"))
    }

    /// Reads what [`Line::pack`] wrote. `None` if it is something else.
    #[must_use]
    pub fn unpack(text: &str) -> Option<Self> {
        let mut words = text.split(':');
        let headline = HeadlineVerdict::from_word(words.next()?)?;
        let mut verdicts = [CheckVerdict::NotApplicable; 5];
        for verdict in &mut verdicts {
            *verdict = CheckVerdict::from_word(words.next()?)?;
        }
        words.next().is_none().then_some(Self { headline, verdicts })
    }
}

/// The table as CSV (RFC 4180), in the words of the catalog; domains without a line are not checked yet.
#[must_use]
pub fn csv<'a>(rows: impl IntoIterator<Item = (&'a Name, Option<&'a Line>)>, catalog: &Catalog) -> String {
    let say = |key: &str| catalog.get(key).unwrap_or(key).to_owned();
    let heading: Vec<String> = Column::ALL.iter().map(|column| say(&column.key())).collect();
    let mut out = csv::line(&heading);
    for (name, found) in rows {
        let cell = |column: &Column| match (column, found) {
            (Column::Domain, _) => name.to_string(),
            (_, None) => String::new(),
            (Column::Headline, Some(found)) => say(&format!("many.{}", found.headline.key())),
            (column, Some(found)) => {
                found.verdict(*column).map_or_else(String::new, |verdict| say(&verdict.key()))
            }
        };
        let cells: Vec<String> = Column::ALL.iter().map(cell).collect();
        out.push_str(&csv::line(&cells));
    }
    out
}

/// The table as JSON: words of the program, the same in every language.
#[must_use]
pub fn json<'a>(rows: impl IntoIterator<Item = (&'a Name, Option<&'a Line>)>) -> String {
    let mut out = String::from("[");
    for (at, (name, found)) in rows.into_iter().enumerate() {
        out.push_str(if at == 0 { "\n" } else { ",\n" });
        // A name has no character that JSON would have to escape but the backslash of its own escapes.
        let name = name.to_string().replace('\\', "\\\\").replace('"', "\\\"");
        let _ = write!(out, "  {{\"domain\": \"{name}\"");
        if let Some(found) = found {
            let _ = write!(out, ", \"headline\": \"{}\"", found.headline.as_str());
            for column in Column::ALL {
                if let Some(verdict) = found.verdict(*column) {
                    let _ = write!(out, ", \"{}\": \"{}\"", column.as_str(), verdict.as_str());
                }
            }
        }
        out.push('}');
    }
    out.push_str("\n]\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> DomainList {
        DomainList::read(text, |_| None)
    }

    fn names(text: &str) -> Vec<String> {
        read(text).names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn text_csv_and_a_column_of_a_sheet_are_lists() {
        assert_eq!(
            names("a.example\nb.example, c.example;d.example"),
            ["a.example", "b.example", "c.example", "d.example"]
        );
        assert_eq!(
            names("Domain,Owner\r\n\"a.example\",\"Acme\"\r\n\"b.example\",Bolt\r\n"),
            ["a.example", "b.example"]
        );
        assert_eq!(names("domain\tsince\na.example\t2019\nA.Example.\t2020\n"), ["a.example"]);
        assert_eq!(names("<info@a.example> https://b.example/x"), ["a.example", "b.example"]);
    }

    #[test]
    fn what_is_no_domain_is_named_or_counted() {
        let list = read("a..b 192.0.2.999.1 x.y!z a.example ..1 ..2 ..3 ..4");
        assert_eq!(list.names.len(), 1);
        assert_eq!(list.not_read.len() + list.more_not_read, 7);
        assert_eq!(list.not_read.len(), MOST_NAMED);
        assert!(!list.is_cut);
    }

    #[test]
    fn no_more_are_taken_than_can_be_shown() {
        let text: String = (0..MOST + 3).map(|at| format!("d{at}.example\n")).collect();
        let list = read(&text);
        assert_eq!((list.names.len(), list.is_cut), (MOST, true));
        let long = "x ".repeat(MOST_TEXT);
        assert!(read(&long).is_cut && read(&long).names.is_empty());
    }

    fn line() -> Line {
        let verdicts = [
            CheckVerdict::Problem,
            CheckVerdict::Pass,
            CheckVerdict::Improve,
            CheckVerdict::Unknown,
            CheckVerdict::NotApplicable,
        ];
        Line { headline: HeadlineVerdict::StopsMail, verdicts }
    }

    #[test]
    fn a_line_is_kept_as_a_word() {
        assert_eq!(line().pack(), "stops-mail:problem:pass:improve:unknown:not-applicable");
        assert_eq!(Line::unpack(&line().pack()), Some(line()));
        for wrong in
            ["", "stops-mail", "stops-mail:problem:pass:improve:unknown", "x:pass:pass:pass:pass:pass"]
        {
            assert_eq!(Line::unpack(wrong), None, "{wrong}");
        }
        assert!(Line::unpack(&(line().pack() + ":pass")).is_none());
    }

    #[test]
    fn files_hold_a_row_for_each_domain_and_no_formula() {
        let (a, b) = (Name::parse("a.example").unwrap(), Name::parse("b.example").unwrap());
        let found = line();
        let rows = || [(&a, Some(&found)), (&b, None)];
        let json = json(rows());
        assert!(
            json.contains("{\"domain\": \"a.example\", \"headline\": \"stops-mail\", \"spf\": \"problem\""),
            "{json}"
        );
        assert!(json.ends_with("  {\"domain\": \"b.example\"}\n]\n"));
        let csv = csv(rows(), &Catalog::default());
        assert_eq!(csv.lines().count(), 3);
        assert_eq!(csv.lines().nth(2), Some("\"b.example\",\"\",\"\",\"\",\"\",\"\",\"\""));
    }

    #[test]
    fn lists_are_asked_only_where_somebody_wants_that() {
        assert!(!is_made("blocklist-domain", false) && !is_made("owner", false));
        assert!(is_made("blocklist-domain", true) && is_made("spf", false));
    }
}
