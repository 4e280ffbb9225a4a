//! Which host and which recipients a text names.

use std::ops::Range;

use crate::steps;

/// Which of the addresses stand in a text: compared at each `@` alone.
pub(super) fn named(text: &str, addresses: &[String]) -> Vec<bool> {
    let text = text.as_bytes();
    let mut named = vec![false; addresses.len()];
    steps::took(text.len());
    for (at, _) in text.iter().enumerate().filter(|(_, octet)| **octet == b'@') {
        for (address, named) in addresses.iter().zip(&mut named) {
            let Some(start) = address.find('@').and_then(|before| at.checked_sub(before)) else { continue };
            *named |= text
                .get(start..start + address.len())
                .is_some_and(|there| there.eq_ignore_ascii_case(address.as_bytes()));
            steps::took(1);
        }
    }
    named
}

/// Where a field's value stands in the text: its first line, if it was folded.
pub(super) fn place(text: &str, value: &str) -> Option<Range<usize>> {
    let at = text.find(value).filter(|_| !value.is_empty())?;
    steps::took(at + value.len());
    Some(at..at + value.len())
}

/// The text without the name of the server that reports, which is the sender's or the provider's last; none if it names
/// none.
pub(super) fn without_reporter(text: &str) -> Option<String> {
    const LEADS: [&str; 2] = ["mail system at host ", "reporting-mta: dns;"];
    let lower = text.to_ascii_lowercase();
    let mut left = String::new();
    let mut from = 0;
    for lead in LEADS {
        if let Some(at) = lower[from..].find(lead).map(|at| from + at + lead.len()) {
            left.push_str(&text[from..at]);
            let rest = text[at..].trim_start_matches(' ');
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
            from = text.len() - rest.len();
        }
    }
    (from > 0).then(|| left + &text[from..])
}

/// The host in `host mx.example.org[192.0.2.1] said:`, `Remote Server returned`, `at mx.example.org`.
pub(super) fn host_that_said(text: &str) -> Option<String> {
    const LEADS: [&str; 7] = [
        "host ",
        "generating server: ",
        "remote server at ",
        "relay=",
        "remote host ",
        "server at ",
        "remote-mta: dns; ",
    ];
    let head: String = text.chars().take(4000).collect::<String>().to_ascii_lowercase();
    LEADS.iter().find_map(|lead| {
        let mut from = 0;
        // Not the client's host, which is the sender's.
        while let Some(at) = head[from..].find(lead).map(|at| from + at) {
            from = at + lead.len();
            if head[..at].ends_with("client ") || head[..at].ends_with("client host") {
                continue;
            }
            let name: String = head[from..]
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
                .collect();
            if name.contains('.') {
                return Some(name.trim_end_matches('.').to_owned());
            }
        }
        None
    })
}
