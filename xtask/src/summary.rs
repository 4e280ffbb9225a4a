//! What came of the parts that ran: printed at the end, and read from the output of another process that ran some.

use crate::part::Counts;
use crate::slowest::Slowest;

const HEADING: &str = "== totals ==";
const SLOWEST: &str = "the slowest tests:";

/// What came of some parts.
#[derive(Debug, Default, PartialEq)]
pub struct Summary {
    /// One line a part: its name, its time, how it ended.
    pub lines: Vec<String>,
    /// Tests counted.
    pub counts: Counts,
    /// The tests that took longest.
    pub slowest: Slowest,
    /// Whether `read` has come to where a summary begins.
    begun: bool,
    /// Whether `read` has seen the last line of one.
    pub complete: bool,
}

impl Summary {
    /// Prints it; the last line has the totals.
    pub fn print(&self) {
        println!("\n{HEADING}");
        self.lines.iter().for_each(|line| println!("{line}"));
        let slowest: Vec<_> = self.slowest.lines().collect();
        if !slowest.is_empty() {
            println!("{SLOWEST}");
        }
        slowest.iter().for_each(|line| println!("{line}"));
        println!("{}", self.counts);
    }

    /// Takes in what came of other parts.
    pub fn add(&mut self, other: Self) {
        self.lines.extend(other.lines);
        self.counts.add(other.counts);
        other.slowest.lines().for_each(|line| self.slowest.read_back(&line));
    }

    /// Reads a line of output that ends with a summary; gives back what comes before that.
    pub fn read<'a>(&mut self, line: &'a str) -> Option<&'a str> {
        if !self.begun {
            self.begun = line == HEADING;
            return (!self.begun).then_some(line);
        }
        if let Some(counts) = Counts::of_totals(line) {
            self.counts.add(counts);
            self.complete = true;
        } else if line.starts_with("took ") {
            self.slowest.read_back(line);
        } else if line != SLOWEST {
            self.lines.push(line.to_owned());
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_another_process_printed() {
        let mut summary = Summary::default();
        let mut before = Vec::new();
        for line in [
            "== build: release build of the page ==",
            "-- build         12.0 s  ok",
            "== totals ==",
            "build         12.0 s  ok",
            "e2e           99.0 s  FAILED: 1 of them",
            "the slowest tests:",
            "took   1.50 s  e2e: one.spec: a test",
            "7 passed, 1 failed, 2 skipped",
        ] {
            before.extend(summary.read(line));
        }
        assert_eq!(before.len(), 2);
        assert_eq!(summary.lines, ["build         12.0 s  ok", "e2e           99.0 s  FAILED: 1 of them"]);
        assert_eq!(summary.counts, Counts { passed: 7, failed: 1, skipped: 2 });
        assert_eq!(summary.slowest.lines().count(), 1);
        assert!(summary.complete);
    }
}
