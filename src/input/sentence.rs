//! Whether a line is a piece of an error message, short as it may be: then it is read as one, and goes into no link.

use super::clean::{trim, words};

/// Words of errors, in lower case. No name of a person or a domain is made of one of them alone.
const ERRORS: &[&str] = &[
    "blocked",
    "bounced",
    "cannot",
    "can't",
    "could",
    "couldn't",
    "denied",
    "error",
    "exceeded",
    "failed",
    "failure",
    "invalid",
    "not",
    "refused",
    "rejected",
    "timeout",
    "unable",
    "unavailable",
    "undeliverable",
    "undelivered",
    "unknown",
];
/// The same in Chinese, where no blanks stand between words.
const CHINESE: &[&str] = &[
    "失敗",
    "失败",
    "無法",
    "无法",
    "錯誤",
    "错误",
    "拒絕",
    "拒绝",
    "不存在",
    "伺服器",
    "服务器",
    "逾時",
    "超时",
    "退信",
    "退回",
    "被退",
    "已滿",
    "已满",
];

/// Whether a line, cleaned, says something in place of naming something.
pub(super) fn is_sentence(line: &str) -> bool {
    let says = |word: &str| {
        let word = word.to_ascii_lowercase();
        ERRORS.contains(&word.as_str()) || is_code(&word)
    };
    words(line).any(says)
        || CHINESE.iter().any(|word| line.contains(word))
        || !line.contains(['.', '@']) && line.contains(is_ideograph)
        || says_of_an_address(line)
}

/// Whether words stand behind an address: `<bob@shop.example>: mailbox is full`. A comment in parentheses is none
/// (RFC 5322 section 3.2.2).
fn says_of_an_address(line: &str) -> bool {
    let Some((_, rest)) = line.rsplit_once('@') else { return false };
    // The blanks that keyboards put around the sign and the dots.
    let rest = rest.trim_start();
    let Some(at) = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | ',' | ';' | '"')) else {
        return false;
    };
    let after = rest[at..].trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | '.'));
    let is_word = |word: &str| word.chars().all(char::is_alphabetic);
    !after.starts_with(['(', '.']) && !rest[..at].ends_with('.') && words(trim(after)).any(is_word)
}

/// A reply code or an enhanced one, as errors begin with, or a number of Outlook's (RFC 5321 section 4.2, RFC 3463).
fn is_code(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
    let is_reply = matches!(word.as_bytes(), [b'4' | b'5', b, c, rest @ ..]
        if b.is_ascii_digit() && c.is_ascii_digit() && (rest.is_empty() || rest[0] == b'-'));
    let mut parts = word.split('.');
    let is_enhanced = matches!(parts.next(), Some("4" | "5"))
        && parts.next().is_some_and(digits)
        && parts.next().is_some_and(digits)
        && parts.next().is_none();
    is_reply || is_enhanced || word.starts_with("0x8")
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}')
}
