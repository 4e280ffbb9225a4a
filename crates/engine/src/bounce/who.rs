//! Which host and which recipients a text names.

use std::ops::Range;

use super::cue::Cue;
use crate::{knowledge::CueRole, steps};

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

/// Characters of a text in which the host that said something is looked for.
const SEARCHED: usize = 4000;

/// The text without the name of the server that reports, which is the sender's or the provider's last; none if it names
/// none. `cues` are those of the text.
pub(super) fn without_reporter(text: &str, cues: &[Cue]) -> Option<String> {
    let mut left = String::new();
    let mut from = 0;
    for cue in cues.iter().filter(|cue| cue.role == CueRole::Reporter) {
        if cue.span.end <= from {
            continue;
        }
        left.push_str(&text[from..cue.span.end]);
        let rest = text[cue.span.end..].trim_start_matches(' ');
        let rest = rest.trim_start_matches(is_of_name);
        from = text.len() - rest.len();
    }
    (from > 0).then(|| left + &text[from..])
}

/// The host in `host mx.example.org[192.0.2.1] said:`, `Remote Server returned`, `at mx.example.org`; not the client's host, nor
/// that of whoever reports. `cues` are those of the text.
pub(super) fn host_that_said(text: &str, cues: &[Cue]) -> Option<String> {
    let others: Vec<&Cue> =
        cues.iter().filter(|cue| matches!(cue.role, CueRole::Client | CueRole::Reporter)).collect();
    let mut next = 0;
    cues.iter().filter(|cue| cue.role == CueRole::Server && cue.span.start < SEARCHED).find_map(|cue| {
        while others.get(next).is_some_and(|other| other.span.end + 1 < cue.span.start) {
            next += 1;
        }
        let is_others = others.get(next).is_some_and(|other| other.span.start <= cue.span.start);
        let name = text[cue.span.end..].trim_start_matches([' ', '=', ':']);
        let end = name.find(|c| !is_of_name(c)).unwrap_or(name.len());
        let name = name[..end].trim_end_matches('.');
        steps::took(end);
        (!is_others && name.contains('.')).then(|| name.to_ascii_lowercase())
    })
}

/// Whether a character can stand in the name of a host.
fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-')
}
