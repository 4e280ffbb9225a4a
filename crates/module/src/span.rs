//! Places in a text as JavaScript counts them.

use serde::Serialize;

use mail_triage_engine::record::Span;

/// A part of a text, in UTF-16 code units: what `text.slice(start, end)` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TextSpan {
    /// The first unit.
    pub start: u32,
    /// The unit after the last one.
    pub end: u32,
}

/// Translates octets of a text into its UTF-16 units.
pub struct Units<'t> {
    text: &'t str,
    /// For texts that are not ASCII: the unit at which each octet's character begins, and the end.
    units: Vec<u32>,
}

impl<'t> Units<'t> {
    /// Of this text.
    #[must_use]
    pub fn of(text: &'t str) -> Self {
        let mut units = Vec::new();
        if !text.is_ascii() {
            let mut at = 0;
            for c in text.chars() {
                units.extend(std::iter::repeat_n(at, c.len_utf8()));
                at += if c.len_utf16() == 1 { 1 } else { 2 };
            }
            units.push(at);
        }
        Self { text, units }
    }

    /// The same part of the text.
    #[must_use]
    pub fn span(&self, span: Span) -> TextSpan {
        let unit = |octet: u32| {
            let octet = (octet as usize).min(self.text.len());
            self.units.get(octet).copied().unwrap_or(u32::try_from(octet).unwrap_or(u32::MAX))
        };
        TextSpan { start: unit(span.start), end: unit(span.end) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_of_utf_16() {
        let text = "a—b😀c";
        let units = Units::of(text);
        let of = |part: &str| {
            let start = text.find(part).unwrap();
            let TextSpan { start, end } = units.span(Span::new(start, start + part.len()));
            (start, end)
        };
        assert_eq!([of("a"), of("—"), of("b"), of("😀"), of("c")], [(0, 1), (1, 2), (2, 3), (3, 5), (5, 6)]);
        let ascii = Units::of("v=spf1 -all").span(Span::new(7, 99));
        assert_eq!((ascii.start, ascii.end), (7, 11), "never beyond the text");
    }
}
