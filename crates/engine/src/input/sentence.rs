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

/// Ends of domains in Chinese that say nothing.
const ENDS: &[&str] = &["台灣", "台湾", "香港", "中國", "中国", "新加坡"];

/// Whether a line, cleaned, says something in place of naming something.
pub(super) fn is_sentence(line: &str) -> bool {
    let says = |word: &str| {
        let word = word.to_ascii_lowercase();
        ERRORS.contains(&word.as_str()) || is_code(&word)
    };
    words(line).any(says)
        || words(line).any(says_in_chinese)
        || !line.contains(['.', '@']) && line.contains(is_ideograph)
        || says_of_an_address(line)
}

/// Whether a word of an error stands in it, but not as a name: `伺服器.tw` is a domain, `無法寄到example.com` a sentence.
fn says_in_chinese(word: &str) -> bool {
    let says = |text: &str| CHINESE.iter().any(|error| text.contains(error));
    if !says(word) {
        return false;
    }
    // An address of somebody, or a web page.
    let name = match word.split_once('@') {
        Some((person, name)) if person.is_ascii() => name,
        Some(_) => return true,
        None => word.split_once("://").map_or(word, |(_, rest)| rest.split('/').next().unwrap_or(rest)),
    };
    let Some((rest, end)) = name.rsplit_once('.') else { return true };
    let is_end = end.bytes().all(|b| b.is_ascii_alphabetic()) || ENDS.contains(&end);
    // Whoever writes no blanks puts the sentence in front of the name: one label holds both.
    let is_label = |label: &str| !says(label) || label.chars().all(|c| is_ideograph(c) || c == '-');
    !is_end || !rest.split('.').all(is_label)
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
        if b.is_ascii_digit() && c.is_ascii_digit() && (rest.is_empty() || rest[0] == b'-' && !is_named(word)));
    let mut parts = word.split('.');
    let is_enhanced = matches!(parts.next(), Some("4" | "5"))
        && parts.next().is_some_and(digits)
        && parts.next().is_some_and(digits)
        && parts.next().is_none();
    is_reply || is_enhanced || word.starts_with("0x8") && !is_named(word)
}

/// Whether a word is an address or a domain, whatever it begins with: `500-euro.example`, and not `550-5.7.26`.
fn is_named(word: &str) -> bool {
    let end = word.rsplit_once('.').map_or("", |(_, end)| end);
    word.contains('@') || end.len() > 1 && end.bytes().all(|b| b.is_ascii_alphabetic())
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}')
}
