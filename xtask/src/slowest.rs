//! Which tests took longest, read from what the runners print.

/// How many are shown.
const SHOWN: usize = 20;

/// What begins a line about one of them, here and in what `tests/e2e/run.mjs` prints.
const TOOK: &str = "took ";

/// The tests that took longest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slowest(Vec<(f64, String)>);

impl Slowest {
    /// Reads one line of the output of a part; lines that tell no time change nothing.
    ///
    /// Understands `cargo test` with `--report-time`, what `tests/e2e/run.mjs` adds, and the closing line of the tests in
    /// a headless browser: these are measured together only.
    pub fn read(&mut self, part: &str, line: &str) {
        let line = line.trim();
        if let Some((name, time)) = timed(line) {
            self.add(time, format!("{part}: {name}"));
        } else if part == "wasm"
            && let Some((_, time)) =
                line.strip_prefix("test result: ").and_then(|rest| rest.split_once("finished in "))
            && let Some(time) = seconds(time)
        {
            self.add(time, format!("{part}: all of them, one after the other"));
        }
    }

    /// Reads one of [`Slowest::lines`].
    pub fn read_back(&mut self, line: &str) {
        if let Some((name, time)) = took(line) {
            self.add(time, name.to_owned());
        }
    }

    /// One line each, the slowest first.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(time, name)| format!("{TOOK}{time:>6.2} s  {name}"))
    }

    fn add(&mut self, time: f64, name: String) {
        let at = self.0.partition_point(|(other, _)| *other >= time);
        self.0.insert(at, (time, name));
        self.0.truncate(SHOWN);
    }
}

fn timed(line: &str) -> Option<(&str, f64)> {
    // test fuzz_wire::anything_is_read ... ok <1.234s>
    let tested = || {
        let (name, result) = line.strip_prefix("test ")?.split_once(" ... ")?;
        let (_, time) = result.strip_suffix('>')?.split_once('<')?;
        Some((name, seconds(time)?))
    };
    took(line).or_else(tested)
}

fn took(line: &str) -> Option<(&str, f64)> {
    let (time, name) = line.strip_prefix(TOOK)?.trim_start().split_once(" s  ")?;
    Some((name, time.parse().ok()?))
}

/// `1.234s`.
fn seconds(text: &str) -> Option<f64> {
    text.trim().strip_suffix('s')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_runner() {
        let mut slowest = Slowest::default();
        for (part, line) in [
            ("native", "test spf_rfc::every_case ... ok <0.500s>"),
            ("native", "test spf_rfc::another ... FAILED <2.000s>"),
            ("native", "test result: ok. 1 passed; 0 failed; finished in 9.00s"),
            ("native", "test without::a_time ... ok"),
            ("wasm", "test result: ok. 12 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.75s"),
            ("e2e", "took 1.00 s  start.spec: nothing moves"),
            ("e2e", "✔ nothing moves (1000.5ms)"),
        ] {
            slowest.read(part, line);
        }
        let lines: Vec<_> = slowest.lines().collect();
        assert_eq!(
            lines,
            [
                "took   2.00 s  native: spf_rfc::another",
                "took   1.00 s  e2e: start.spec: nothing moves",
                "took   0.75 s  wasm: all of them, one after the other",
                "took   0.50 s  native: spf_rfc::every_case",
            ]
        );
        let mut again = Slowest::default();
        lines.iter().rev().for_each(|line| again.read_back(line));
        assert_eq!(again, slowest);
    }

    #[test]
    fn keeps_the_slowest() {
        let mut slowest = Slowest::default();
        (0..30).for_each(|n| slowest.add(f64::from(n), String::new()));
        assert_eq!(slowest.0.len(), SHOWN);
        assert_eq!(slowest.0[0].0, 29.0);
        assert_eq!(slowest.0[SHOWN - 1].0, 10.0);
    }
}
