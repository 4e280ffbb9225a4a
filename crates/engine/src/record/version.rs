//! Versions in front of records: what several record types share.

use super::{
    Span,
    tags::{Tag, TagList},
};

/// Whether `text` begins with `v=` and a version that starts with `name`, in any case and with stray blanks, quotes
/// or other marks in front: then it is meant as that kind of record, rightly written or not.
pub(super) fn has_version(text: &str, name: &str) -> bool {
    let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '\t' | '"')).take(name.len() + 2).collect();
    bare.to_ascii_lowercase().strip_prefix("v=").is_some_and(|version| version == name)
}

/// Where the version is wrong: anything but `v=<version>` as the very first pair.
pub(super) fn wrong_version(text: &str, list: &TagList<'_>, version: &str) -> Option<Span> {
    let Some(first) = list.tags.first() else { return Some(Span::new(0, text.len())) };
    if first.name == "v" && first.value == version && first.name_span.start == 0 {
        return None;
    }
    let written = list.tags.iter().find(|tag| tag.is("v"));
    Some(written.map_or(Span::new(0, text.len()), Tag::span))
}
