//! Numbers as people type them.

use crate::{input::limits::InputField, steps};

/// Nobody sends as many; what is larger is a typing error.
const MOST: u64 = 100_000_000;
/// Megabytes of the largest size that is taken.
const MOST_MEGABYTES: u64 = 1_000_000;

/// Why a number cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is no number.
    NoNumber,
    /// It is out of all proportion.
    TooLarge,
}

/// A whole number, with or without marks between thousands, in ASCII or full-width digits. None for an empty field.
///
/// # Errors
/// When it is no number, or far too large.
pub fn count(text: &str) -> Result<Option<u64>, Unreadable> {
    let text = plain(text);
    if text.is_empty() {
        return Ok(None);
    }
    let mut groups = text.split([',', '.', ' ', '\'']);
    let head = groups.next().unwrap_or_default();
    let mut digits = head.to_owned();
    for group in groups {
        if group.len() != 3 || head.is_empty() || head.len() > 3 {
            return Err(Unreadable::NoNumber);
        }
        digits.push_str(group);
    }
    number(&digits, MOST).map(Some)
}

/// A size in megabytes with at most three decimals behind a point or comma, as thousandths. None for an empty field.
///
/// # Errors
/// When it is no number, or far too large.
pub fn megabytes(text: &str) -> Result<Option<u64>, Unreadable> {
    let text = plain(text).to_ascii_lowercase();
    let text = text.strip_suffix("mb").unwrap_or(&text).trim_end();
    if text.is_empty() {
        return Ok(None);
    }
    let (whole, rest) = text.split_once(['.', ',']).unwrap_or((text, ""));
    if rest.len() > 3 || (whole.is_empty() && rest.is_empty()) {
        return Err(Unreadable::NoNumber);
    }
    let whole = if whole.is_empty() { 0 } else { number(whole, MOST_MEGABYTES)? };
    let thousandths = number(&format!("{rest:0<3}"), 999)?;
    Ok(Some(whole * 1_000 + thousandths))
}

fn number(digits: &str, most: u64) -> Result<u64, Unreadable> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Unreadable::NoNumber);
    }
    let number = digits.parse().unwrap_or(u64::MAX);
    if number > most { Err(Unreadable::TooLarge) } else { Ok(number) }
}

/// Full-width characters as the ASCII ones they stand for, blanks of all kinds as one kind. No more than [`InputField::Line`]
/// is read.
fn plain(text: &str) -> String {
    let text = InputField::Line.part(text);
    steps::took(text.len());
    let ascii = text.trim().chars().map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{2019}' => '\'',
        c if c.is_whitespace() => ' ',
        c => c,
    });
    ascii.collect()
}
