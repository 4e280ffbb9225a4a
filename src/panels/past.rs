//! Checks of earlier visits, as they are kept in this browser: how they are written, and how many.

use mail_triage_engine::{report::Report, report::headline::HeadlineVerdict, route::MAX_SEEN};

/// So many are kept; the oldest goes first.
pub const MOST_CHECKS: usize = 50;
/// Characters of all that is kept: a tenth of what a browser gives one site.
pub const MOST_CHARACTERS: usize = 500_000;

/// A check of an earlier visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastCheck {
    /// When, in seconds since 1970.
    pub unix: i64,
    /// What was checked: a domain or an address.
    pub what: String,
    /// What its headline said.
    pub verdict: HeadlineVerdict,
    /// Causes that stopped mail.
    pub stops: usize,
    /// Causes that were worth mending.
    pub improve: usize,
    /// What it saw, as in a link.
    pub seen: String,
}

impl PastCheck {
    /// The check whose report this is.
    pub fn of(report: &Report, unix: i64, seen: String) -> Self {
        let headline = &report.headline;
        Self {
            unix,
            what: report.target.to_string(),
            verdict: headline.verdict,
            stops: headline.stops,
            improve: headline.improve,
            seen,
        }
    }

    /// One line: none of its parts has a blank in it.
    fn line(&self) -> String {
        let Self { unix, what, verdict, stops, improve, seen } = self;
        format!("{unix} {what} {} {stops} {improve} {seen}\n", verdict.as_str())
    }

    fn read(line: &str) -> Option<Self> {
        let mut parts = line.split(' ');
        let check = Self {
            unix: parts.next()?.parse().ok()?,
            what: parts.next().filter(|what| (1..=255).contains(&what.len()))?.to_owned(),
            verdict: HeadlineVerdict::from_word(parts.next()?)?,
            stops: parts.next()?.parse().ok()?,
            improve: parts.next()?.parse().ok()?,
            seen: parts.next().filter(|seen| (1..=MAX_SEEN).contains(&seen.len()))?.to_owned(),
        };
        parts.next().is_none().then_some(check)
    }
}

/// The checks that are kept, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastChecks(Vec<PastCheck>);

impl PastChecks {
    /// What [`PastChecks::write`] has written. Lines that are something else are left out.
    pub fn read(text: &str) -> Self {
        let mut checks = Self(text.lines().filter_map(PastCheck::read).collect());
        checks.bound();
        checks
    }

    /// As text; empty if there are none.
    pub fn write(&self) -> String {
        self.0.iter().map(PastCheck::line).collect()
    }

    /// With one more, in place of an earlier state of the same.
    pub fn add(&mut self, check: PastCheck) {
        self.0.retain(|other| (other.unix, &other.what) != (check.unix, &check.what));
        // At the front: the sort keeps that order among those of one second.
        self.0.insert(0, check);
        self.0.sort_by_key(|check| std::cmp::Reverse(check.unix));
        self.bound();
    }

    /// Without the one of this time and name.
    pub fn remove(&mut self, unix: i64, what: &str) {
        self.0.retain(|check| (check.unix, check.what.as_str()) != (unix, what));
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &PastCheck> {
        self.0.iter()
    }

    /// Without the oldest ones that are too much.
    fn bound(&mut self) {
        let mut characters = 0;
        let fits = self.0.iter().take(MOST_CHECKS).take_while(|check| {
            characters += check.line().len();
            characters <= MOST_CHARACTERS
        });
        let fitting = fits.count();
        self.0.truncate(fitting);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(unix: i64, what: &str, seen: usize) -> PastCheck {
        PastCheck {
            unix,
            what: what.to_owned(),
            verdict: HeadlineVerdict::StopsMail,
            stops: 2,
            improve: 3,
            seen: "q".repeat(seen),
        }
    }

    fn kept(checks: &[PastCheck]) -> PastChecks {
        let mut kept = PastChecks::default();
        checks.iter().for_each(|check| kept.add(check.clone()));
        kept
    }

    #[test]
    fn what_was_written_is_read_again_with_the_latest_first() {
        let kept = kept(&[check(5, "a.example", 9), check(7, "b.example", 9), check(6, "192.0.2.1", 9)]);
        assert_eq!(PastChecks::read(&kept.write()), kept);
        assert_eq!(kept.iter().map(|check| check.unix).collect::<Vec<_>>(), [7, 6, 5]);
    }

    #[test]
    fn of_one_second_the_last_comes_first() {
        let kept = kept(&[check(5, "a.example", 9), check(5, "b.example", 9)]);
        assert_eq!(
            kept.iter().map(|check| check.what.as_str()).collect::<Vec<_>>(),
            ["b.example", "a.example"]
        );
    }

    #[test]
    fn a_later_state_of_a_check_takes_the_place_of_the_earlier_one() {
        let kept = kept(&[check(5, "a.example", 9), check(5, "a.example", 11)]);
        assert_eq!(kept.iter().map(|check| check.seen.len()).collect::<Vec<_>>(), [11]);
    }

    #[test]
    fn the_oldest_go_once_there_are_too_many() {
        let many: Vec<_> = (0..80).map(|unix| check(unix, "a.example", 100)).collect();
        let kept = kept(&many);
        assert_eq!(
            kept.iter().map(|check| check.unix).collect::<Vec<_>>(),
            (30..80).rev().collect::<Vec<_>>()
        );
    }

    #[test]
    fn the_oldest_go_once_they_take_too_much() {
        let many: Vec<_> = (0..20).map(|unix| check(unix, "a.example", MAX_SEEN)).collect();
        let text = kept(&many).write();
        assert!(
            text.len() <= MOST_CHARACTERS && text.len() > MOST_CHARACTERS - 2 * MAX_SEEN,
            "{}",
            text.len()
        );
    }

    #[test]
    fn one_can_be_deleted() {
        let mut kept = kept(&[check(5, "a.example", 9), check(5, "b.example", 9)]);
        kept.remove(5, "a.example");
        assert_eq!(kept.iter().map(|check| check.what.as_str()).collect::<Vec<_>>(), ["b.example"]);
    }

    #[test]
    fn what_somebody_else_has_written_is_left_out() {
        let good = check(5, "a.example", 9).line();
        for bad in [
            "",
            "x",
            "5 a.example no-such-verdict 1 1 q",
            "5 a.example stops-mail 1 1",
            "5 a.example stops-mail 1 1 q q",
            "5  stops-mail 1 1 q",
        ] {
            assert_eq!(PastChecks::read(&format!("{bad}\n{good}{bad}\n")).iter().count(), 1, "{bad}");
        }
    }
}
