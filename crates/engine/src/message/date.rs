//! Dates of header fields (RFC 5322 section 3.3, with the obsolete forms of section 4.3).

use serde::Serialize;

/// A point in time as a header field gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Date {
    /// Seconds since 1970.
    pub unix: i64,
    /// Minutes by which the writer's clock is ahead of UTC; none if it does not say (`-0000`, or no zone at all).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<i32>,
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Zones with a name (RFC 5322 section 4.3), in hours.
const ZONES: [(&str, i32); 12] = [
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("z", 0),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
];

impl Date {
    /// Reads `Fri, 20 Nov 2026 09:12:33 +0800 (CST)`, with or without the day of the week, seconds, comment; also the
    /// order of `asctime` and of ISO 8601, which are seen in the wild.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Nothing that is a date is longer.
        let text = text.get(..text.len().min(120)).unwrap_or_default().to_ascii_lowercase();
        let text = super::uncommented(&text);
        let (mut day, mut month, mut year, mut clock, mut offset) = (None, None, None, None, None);
        let mut words = text.split([' ', '\t', '\r', '\n', ',']).filter(|word| !word.is_empty()).peekable();
        while let Some(word) = words.next() {
            if let Some(iso) = iso_day(word) {
                (year, month, day) = (Some(iso.0), Some(iso.1), Some(iso.2));
                // `2026-11-20t09:12:33z`
                if let Some((_, time)) = word.split_once('t') {
                    let end = time.rfind(['+', '-', 'z']).unwrap_or(time.len());
                    clock = self::clock(&time[..end]);
                    offset = zone(&time[end..]);
                }
            } else if word.contains(':') && clock.is_none() {
                clock = self::clock(word);
                // `9:12 pm`
                if let (Some(seconds), Some(&half)) = (clock, words.peek())
                    && matches!(half, "am" | "pm")
                {
                    let hour = seconds / 3600 % 12 + if half == "pm" { 12 } else { 0 };
                    clock = Some(hour * 3600 + seconds % 3600);
                }
            } else if let Some(number) = MONTHS.iter().position(|name| word.starts_with(name)) {
                month = Some(number as i64 + 1);
            } else if clock.is_some() && offset.is_none() && zone(word).is_some() {
                offset = zone(word);
            } else if let Ok(number) = word.trim_end_matches('.').parse::<i64>() {
                match (day, year) {
                    (None, _) if (1..=31).contains(&number) && word.len() <= 2 => day = Some(number),
                    (_, None) => year = full_year(number, word.len()),
                    _ => {}
                }
            }
        }
        let offset = offset.unwrap_or(None);
        let days = days(year?, month?, day?)?;
        let unix = days * 86400 + clock? - i64::from(offset.unwrap_or(0)) * 60;
        Some(Self { unix, offset })
    }

    /// Year, month, day, hour, minute and second, in UTC.
    #[must_use]
    pub fn civil(self) -> (i64, u8, u8, u8, u8, u8) {
        // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
        let days = self.unix.div_euclid(86400) + 719_468;
        let seconds = self.unix.rem_euclid(86400);
        let era = days.div_euclid(146_097);
        let doe = days.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        let small = |n: i64| u8::try_from(n).unwrap_or(0);
        (year, small(month), small(day), small(seconds / 3600), small(seconds / 60 % 60), small(seconds % 60))
    }
}

/// Years of two or three digits (RFC 5322 section 4.3).
fn full_year(number: i64, digits: usize) -> Option<i64> {
    match (digits, number) {
        (2, 0..=49) => Some(number + 2000),
        (2 | 3, _) => Some(number + 1900),
        (4, 1970..=9999) => Some(number),
        _ => None,
    }
}

fn iso_day(word: &str) -> Option<(i64, i64, i64)> {
    let day = word.get(..10)?;
    let mut parts = day.split(['-', '/']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    (year.len() == 4).then_some(())?;
    Some((full_year(year.parse().ok()?, 4)?, month.parse().ok()?, day.parse().ok()?))
}

/// Seconds since midnight.
fn clock(word: &str) -> Option<i64> {
    let mut parts = word.split(':');
    let mut part = |most: i64| -> Option<i64> {
        let part = parts.next()?;
        // Fractions of a second are no matter.
        let number = part.split('.').next()?.parse::<u8>().ok()?;
        (i64::from(number) <= most).then_some(i64::from(number))
    };
    let (hour, minute) = (part(23)?, part(59)?);
    Some(hour * 3600 + minute * 60 + part(60).unwrap_or(0))
}

/// Minutes ahead of UTC; inside, none for `-0000`, which says that the zone is not known.
fn zone(word: &str) -> Option<Option<i32>> {
    if let Some((_, hours)) = ZONES.iter().find(|(name, _)| *name == word) {
        return Some(Some(hours * 60));
    }
    let (sign, digits) = match word.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    (digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(())?;
    let (hours, minutes) = (digits[..2].parse::<i32>().ok()?, digits[2..].parse::<i32>().ok()?);
    (hours <= 24 && minutes < 60).then_some(())?;
    Some((digits != "0000" || sign == 1).then_some(sign * (hours * 60 + minutes)))
}

/// Days since 1970 (the same source, days_from_civil).
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let yoe = year.rem_euclid(400);
    let doy = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    Some(era * 146_097 + doe - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_date() {
        let same = 1_795_137_153; // 2026-11-20 01:12:33 UTC
        for text in [
            "Fri, 20 Nov 2026 09:12:33 +0800",
            "Fri, 20 Nov 2026 09:12:33 +0800 (CST)",
            "20 Nov 2026 01:12:33 GMT",
            "Fri,20 Nov 26 01:12:33 -0000",
            "Thu, 19 Nov 2026 20:12:33 EST",
            "Fri Nov 20 01:12:33 2026",
            "2026-11-20T01:12:33Z",
            "2026-11-20t09:12:33.123+08:00",
            "2026-11-20 09:12:33 +0800",
            "Thu,\r\n 19 Nov 2026 17:12:33\t-0800 (PST)",
            "Nov 20, 2026 1:12:33 AM",
        ] {
            assert_eq!(Date::parse(text).map(|date| date.unix), Some(same), "{text}");
        }
        assert_eq!(Date::parse("Fri, 20 Nov 2026 09:12:33 +0800").unwrap().offset, Some(480));
        assert_eq!(Date::parse("20 Nov 2026 01:12:33 -0000").unwrap().offset, None);
        assert_eq!(Date::parse("20 Nov 2026 01:12").unwrap().unix, same - 33);
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "tomorrow",
            "20 Nov",
            "32 Nov 2026 01:12",
            "20 Nov 2026",
            "20 Nov 2026 25:00:00",
            "2026-13-01 01:00",
            "éééééééééééé",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert_eq!(Date::parse(&"é".repeat(200)), None);
    }

    #[test]
    fn days_come_back() {
        for unix in [0, 951_782_400, 1_795_137_153, 4_102_444_799, 1_709_164_800] {
            let (year, month, day, hour, minute, second) = Date { unix, offset: None }.civil();
            let days = days(year, i64::from(month), i64::from(day)).unwrap();
            assert_eq!(
                days * 86400 + i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second),
                unix
            );
        }
    }
}
