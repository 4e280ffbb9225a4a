//! One part of the tests, and what came of it.

use std::fmt;

use crate::setup::Missing;

/// Tests counted from the output of the runners.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tests that passed.
    pub passed: u32,
    /// Tests that failed, and parts that failed without saying which test did.
    pub failed: u32,
    /// Tests that did not run, and parts that could not.
    pub skipped: u32,
}

/// How a part ended, where it ended without an error.
pub enum Outcome {
    /// It ran.
    Done,
    /// This system lacks something that it needs.
    Skipped(Missing),
}

impl Counts {
    /// Reads one line of output; lines that count nothing change nothing.
    ///
    /// Understands the closing lines of `cargo test` and of Node's test runner.
    pub fn read(&mut self, line: &str) {
        if let Some(result) = line.trim_start().strip_prefix("test result: ") {
            let result = result.split_once(". ").map_or("", |(_, rest)| rest);
            for part in result.split(';') {
                match part.trim().split_once(' ') {
                    Some((number, "passed")) => self.passed += count(number),
                    Some((number, "failed")) => self.failed += count(number),
                    Some((number, "ignored")) => self.skipped += count(number),
                    _ => {}
                }
            }
            return;
        }
        let mut words = line.split_whitespace();
        if !matches!(words.next(), Some("ℹ" | "#")) {
            return;
        }
        match (words.next(), words.next(), words.next()) {
            (Some("pass"), Some(number), None) => self.passed += count(number),
            (Some("fail" | "cancelled"), Some(number), None) => self.failed += count(number),
            (Some("skipped" | "todo"), Some(number), None) => self.skipped += count(number),
            _ => {}
        }
    }

    /// Reads the totals as they are displayed.
    pub fn of_totals(line: &str) -> Option<Self> {
        let mut numbers = line.split(", ").zip([" passed", " failed", " skipped"]).map(|(text, what)| {
            let number = text.strip_suffix(what)?;
            number.parse().ok()
        });
        let counts = Self { passed: numbers.next()??, failed: numbers.next()??, skipped: numbers.next()?? };
        (counts.to_string() == line).then_some(counts)
    }

    /// Adds another part's counts.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// The last line of every run.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, skipped } = self;
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

fn count(number: &str) -> u32 {
    number.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &str) -> Counts {
        let mut counts = Counts::default();
        lines.lines().for_each(|line| counts.read(line));
        counts
    }

    #[test]
    fn reads_its_own_totals() {
        let counts = Counts { passed: 12, failed: 0, skipped: 3 };
        assert_eq!(Counts::of_totals("12 passed, 0 failed, 3 skipped"), Some(counts));
        assert_eq!(Counts::of_totals("12 passed, 0 failed"), None);
        assert_eq!(Counts::of_totals("12 passed, 0 failed, 3 skipped, and more"), None);
    }

    #[test]
    fn reads_cargo() {
        let lines = "running 3 tests\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 9 filtered out; finished in 0.00s\n\
            test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
        let expected = Counts { passed: 3, failed: 2, skipped: 1 };
        assert_eq!(read(lines), expected);
    }

    #[test]
    fn reads_node() {
        let lines = "ℹ tests 7\nℹ suites 2\nℹ pass 4\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 0\nℹ duration_ms 9";
        let expected = Counts { passed: 4, failed: 2, skipped: 1 };
        assert_eq!(read(lines), expected);
    }
}
