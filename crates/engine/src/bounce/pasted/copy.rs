//! Where the copy of a message begins, in a text that reports on it: behind a line that announces it (cues of the role
//! `copy`), or at a field that only servers write.

use std::ops::Range;

use super::{
    super::{READ_AT_EACH_END, cue::Cues, fact::ends},
    fields::{is_field, is_system},
};
use crate::{knowledge::CueRole, steps};

/// Octets of a line that announces something; a longer one tells of it.
const LONGEST_LINE: usize = 400;

/// Where the copy of a message begins, by its line.
pub(super) fn copy_begins(text: &str, cues: &Cues) -> Option<usize> {
    ends(text, 0..text.len(), READ_AT_EACH_END)
        .into_iter()
        .find_map(|part| copy_from(&text[..part.end], part, cues))
}

fn copy_from(text: &str, part: Range<usize>, cues: &Cues) -> Option<usize> {
    let mut at = part.start;
    let mut seen_words = at > 0;
    let cues = cues.find(text, part);
    let mut announced = cues.iter().filter(|cue| cue.role == CueRole::Copy).peekable();
    for line in text[at..].split_inclusive('\n') {
        steps::took(line.len());
        let end = at + line.len();
        let mut is_announced = false;
        while announced.next_if(|cue| cue.span.start < end).is_some() {
            is_announced = line.len() < LONGEST_LINE;
        }
        let rest = &text[end..];
        // A paste may begin with one; then it is all there is.
        if seen_words && is_announced && !is_report_ahead(rest) {
            return Some(at);
        }
        if seen_words
            && is_way(line)
            && rest.lines().next().is_some_and(|next| is_field(next) || next.starts_with([' ', '\t']))
        {
            return Some(at);
        }
        seen_words |= !line.trim().is_empty();
        at = end;
    }
    None
}

/// Lines behind one that announces a message in which its sender is looked for.
const FEW_LINES: usize = 8;

/// Whether what follows is the report itself, which somebody passes on.
fn is_report_ahead(rest: &str) -> bool {
    rest.lines().take(FEW_LINES).any(|line| {
        line.get(..5).is_some_and(|from| from.eq_ignore_ascii_case("from:"))
            && is_system(&line.to_ascii_lowercase())
    })
}

/// Whether a line is a field that only servers write, at the top of a message.
fn is_way(line: &str) -> bool {
    ["Received: ", "Return-Path: ", "DKIM-Signature: ", "X-Received: ", "Message-ID: "]
        .iter()
        .any(|field| line.get(..field.len()).is_some_and(|start| start.eq_ignore_ascii_case(field)))
}
