//! A table of domains that fills as results come: which domain is next, what is shown of it, and how it is kept for a reload.

use std::rc::Rc;

use mail_triage_engine::{
    check::Level,
    dns::Name,
    many::{Column, DomainList, Line},
};

/// The table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The rows, in the order of the list.
    rows: Vec<Rc<Row>>,
    /// Whether blocklists are asked too.
    pub with_lists: bool,
    /// The column by which it is sorted, and whether the other way round; none for the order of the list.
    sorted: Option<(Column, bool)>,
    /// Which rows are shown.
    pub filter: Filter,
    /// A part of the name of the domains that are shown.
    pub part: String,
    /// Whether the user has stopped it.
    pub is_stopped: bool,
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its place in the list.
    pub at: usize,
    /// The domain.
    pub name: Name,
    /// How far it is.
    pub stage: Stage,
}

/// How far a domain is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not begun.
    Waiting,
    /// Answers are awaited.
    Running,
    /// All is in.
    Done {
        /// What stands in the table.
        line: Line,
        /// What the check saw, as a link holds it; none where the browser cannot compress.
        seen: Option<Rc<str>>,
    },
}

/// Which rows are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// Where something stops mail.
    Stops,
    /// Where something is worth mending.
    Improve,
    /// Where something could not be checked.
    Unknown,
    /// Where nothing is wrong.
    Fine,
}

impl Filter {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::All, Self::Stops, Self::Improve, Self::Unknown, Self::Fine];

    /// The word in the page.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Stops => "stops",
            Self::Improve => "improve",
            Self::Unknown => "unknown",
            Self::Fine => "fine",
        }
    }

    /// The key of its text.
    pub fn key(self) -> &'static str {
        match self {
            Self::All => "many.filter.all",
            Self::Stops => "many.filter.stops",
            Self::Improve => "many.filter.improve",
            Self::Unknown => "many.filter.unknown",
            Self::Fine => "many.filter.fine",
        }
    }

    /// The one with this word.
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|filter| filter.as_str() == word).unwrap_or_default()
    }

    fn shows(self, stage: &Stage) -> bool {
        let Stage::Done { line, .. } = stage else { return self == Self::All };
        match (self, line.headline.level()) {
            (Self::All, _)
            | (Self::Stops, Level::Stops)
            | (Self::Improve, Level::Improve)
            | (Self::Unknown, Level::Unknown)
            | (Self::Fine, Level::Pass | Level::Info) => true,
            (Self::Stops | Self::Improve | Self::Unknown | Self::Fine, _) => false,
        }
    }
}

impl Table {
    /// A table of the domains of a list, with nothing known of them.
    pub fn new(list: &DomainList, with_lists: bool) -> Self {
        let rows = list.names.iter().enumerate();
        let rows = rows.map(|(at, name)| Rc::new(Row { at, name: name.clone(), stage: Stage::Waiting }));
        Self { rows: rows.collect(), with_lists, ..Self::default() }
    }

    /// All rows, in the order of the list.
    pub fn rows(&self) -> &[Rc<Row>] {
        &self.rows
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many domains are done.
    pub fn done(&self) -> usize {
        self.rows.iter().filter(|row| matches!(row.stage, Stage::Done { .. })).count()
    }

    /// Whether everything is known.
    pub fn is_done(&self) -> bool {
        self.done() == self.rows.len()
    }

    /// Takes the next domain that is to be checked, unless the user has stopped it.
    pub fn begin_next(&mut self) -> Option<(usize, Name)> {
        if self.is_stopped {
            return None;
        }
        let row = self.rows.iter().find(|row| row.stage == Stage::Waiting)?.clone();
        self.set(row.at, Stage::Running);
        Some((row.at, row.name.clone()))
    }

    /// Takes what became of a row.
    pub fn set(&mut self, at: usize, stage: Stage) {
        if let Some(row) = self.rows.get_mut(at) {
            *row = Rc::new(Row { at, name: row.name.clone(), stage });
        }
    }

    /// Stops: what is under way is to be begun anew later.
    pub fn stop(&mut self) {
        self.is_stopped = true;
        let running: Vec<usize> =
            self.rows.iter().filter(|row| row.stage == Stage::Running).map(|row| row.at).collect();
        running.into_iter().for_each(|at| self.set(at, Stage::Waiting));
    }

    /// Sorts by a column; a second time the other way round, a third time as the list was.
    pub fn sort(&mut self, column: Column) {
        self.sorted = match self.sorted {
            Some((sorted, false)) if sorted == column => Some((column, true)),
            Some((sorted, true)) if sorted == column => None,
            _ => Some((column, false)),
        };
    }

    /// How a column is sorted, as `aria-sort` says it.
    pub fn sorted(&self, column: Column) -> &'static str {
        match self.sorted {
            Some((sorted, backwards)) if sorted == column => {
                if backwards {
                    "descending"
                } else {
                    "ascending"
                }
            }
            _ => "none",
        }
    }

    /// The rows that are shown, in their order.
    pub fn shown(&self) -> Vec<Rc<Row>> {
        let part = self.part.trim().to_ascii_lowercase();
        let fits = |row: &&Rc<Row>| self.filter.shows(&row.stage) && row.name.as_str().contains(&part);
        let mut rows: Vec<Rc<Row>> = self.rows.iter().filter(fits).cloned().collect();
        let Some((column, backwards)) = self.sorted else { return rows };
        // What is not known yet stays below, whichever way it is sorted.
        let rank = |row: &Row| match &row.stage {
            Stage::Done { line, .. } => Some(line.rank(column)),
            Stage::Waiting | Stage::Running => None,
        };
        rows.sort_by(|a, b| {
            let order = match column {
                Column::Domain => a.name.as_str().cmp(b.name.as_str()),
                _ => match (rank(a), rank(b)) {
                    (Some(a), Some(b)) => a.cmp(&b),
                    (a, b) => return a.is_none().cmp(&b.is_none()),
                },
            };
            if backwards { order.reverse() } else { order }
        });
        rows
    }

    /// The list as text that [`Table::unpack`] reads: whether lists are asked, and the domains.
    pub fn pack(&self) -> String {
        let names: Vec<&str> = self.rows.iter().map(|row| row.name.as_str()).collect();
        format!("{} {}", u8::from(self.with_lists), names.join(" "))
    }

    /// Reads what [`Table::pack`] wrote, and for each row what [`Stage::pack`] did. It is stopped: the user goes on.
    pub fn unpack(text: &str, row: impl Fn(usize) -> Option<String>) -> Option<Self> {
        let (with_lists, names) = text.split_once(' ')?;
        let names = names.split(' ').map(|name| Name::parse(name).ok()).collect::<Option<Vec<Name>>>()?;
        let mut table = Self::new(&DomainList { names, ..DomainList::default() }, with_lists == "1");
        for at in 0..table.rows.len() {
            if let Some(stage) = row(at).as_deref().and_then(Stage::unpack) {
                table.set(at, stage);
            }
        }
        table.is_stopped = !table.is_done();
        Some(table)
    }
}

impl Row {
    /// What stands in the table, once it is known.
    pub fn line(&self) -> Option<&Line> {
        match &self.stage {
            Stage::Done { line, .. } => Some(line),
            Stage::Waiting | Stage::Running => None,
        }
    }
}

impl Stage {
    /// The word in the page.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done { .. } => "done",
        }
    }

    /// What is kept of a row that is done.
    pub fn pack(&self) -> Option<String> {
        let Self::Done { line, seen } = self else { return None };
        Some(format!("{} {}", line.pack(), seen.as_deref().unwrap_or_default()))
    }

    fn unpack(text: &str) -> Option<Self> {
        let (line, seen) = text.split_once(' ')?;
        let seen = (!seen.is_empty()).then(|| seen.into());
        Some(Self::Done { line: Line::unpack(line)?, seen })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(names: &[&str]) -> Table {
        let names = names.iter().map(|name| Name::parse(name).unwrap()).collect();
        Table::new(&DomainList { names, ..DomainList::default() }, false)
    }

    fn done(word: &str) -> Stage {
        Stage::Done { line: Line::unpack(word).unwrap(), seen: Some("abc".into()) }
    }

    const BAD: &str = "stops-mail:problem:pass:pass:pass:not-applicable";
    const GOOD: &str = "in-order:pass:pass:pass:pass:pass";

    fn shown(table: &Table) -> Vec<String> {
        table.shown().iter().map(|row| row.name.to_string()).collect()
    }

    #[test]
    fn domains_are_begun_in_their_order_until_somebody_stops() {
        let mut table = table(&["a.example", "b.example", "c.example"]);
        assert_eq!(table.begin_next().map(|(at, _)| at), Some(0));
        table.set(0, done(GOOD));
        assert_eq!(table.begin_next().map(|(at, _)| at), Some(1));
        table.stop();
        assert_eq!(table.begin_next(), None);
        table.is_stopped = false;
        assert_eq!(table.begin_next().map(|(at, _)| at), Some(1), "what was cut off begins anew");
        assert_eq!((table.done(), table.is_done()), (1, false));
    }

    #[test]
    fn what_needs_somebody_stands_first_and_what_is_not_known_last() {
        let mut table = table(&["a.example", "b.example", "c.example"]);
        table.set(1, done(GOOD));
        table.set(2, done(BAD));
        table.sort(Column::Headline);
        assert_eq!(shown(&table), ["c.example", "b.example", "a.example"]);
        assert_eq!(table.sorted(Column::Headline), "ascending");
        table.sort(Column::Headline);
        assert_eq!(shown(&table), ["b.example", "c.example", "a.example"]);
        table.sort(Column::Headline);
        assert_eq!(shown(&table), ["a.example", "b.example", "c.example"]);
        table.sort(Column::Domain);
        table.sort(Column::Domain);
        assert_eq!(shown(&table), ["c.example", "b.example", "a.example"]);
    }

    #[test]
    fn rows_are_shown_by_their_verdict_and_by_a_part_of_their_name() {
        let mut table = table(&["shop.example", "b.example"]);
        table.set(0, done(BAD));
        table.set(1, done(GOOD));
        table.filter = Filter::Fine;
        assert_eq!(shown(&table), ["b.example"]);
        table.filter = Filter::from_word("stops");
        assert_eq!(shown(&table), ["shop.example"]);
        table.filter = Filter::All;
        table.part = " SHOP ".to_owned();
        assert_eq!(shown(&table), ["shop.example"]);
    }

    #[test]
    fn a_reload_loses_nothing_but_what_was_under_way() {
        let mut table = table(&["a.example", "b.example"]);
        table.begin_next();
        table.set(0, done(BAD));
        table.begin_next();
        let kept = table.pack();
        let rows: Vec<Option<String>> = table.rows().iter().map(|row| row.stage.pack()).collect();
        let back = Table::unpack(&kept, |at| rows[at].clone()).unwrap();
        assert_eq!(back.rows()[0], table.rows()[0]);
        assert_eq!(back.rows()[1].stage, Stage::Waiting);
        assert!(back.is_stopped);
        for wrong in ["", "1", "0 a b..c"] {
            assert_eq!(Table::unpack(wrong, |_| None), None, "{wrong}");
        }
    }
}
