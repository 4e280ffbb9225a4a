//! Where the parts of an SPF tree stand.
//!
//! ```text
//!  width: ITEMS                            | slots
//!                                           1 2 3 4 5 6 7 8 9 10 | 11
//!  o example.org
//!  +-o Google Workspace                     [1========]
//!  | include:_spf.google.com                          |
//!  | +-o _netblocks.google.com                [2]     |
//!  +-o mail servers                                     [5]
//! ```
//!
//! Each branch has a row of its own, so nothing can lie on something else. To the right a row shows which of the ten
//! lookups is its own, and how far those of its branches reach. Lengths are in units of the view box, of which the
//! text of a page has about one a pixel.

use super::spf_tree::{SpfTree, TreeRow};
use crate::spf::MAX_LOOKUPS;

/// Width of the picture.
pub const WIDTH: u32 = 660;
/// Where the lookups begin; the tree has the space before.
pub const ITEMS: u32 = 414;
/// Height above the first row, for the numbers of the lookups.
pub const HEAD: u32 = 34;
/// Distance between two lines of text.
pub const LINE: u32 = 19;
/// Space above and below the text of a row, together.
const PADDING: u32 = 13;
/// How far a row stands to the right of its parent.
const INDENT: u32 = 24;
/// Rows deeper than this stand no further to the right.
const MAX_INDENTS: usize = 8;
/// Middle of the first row's mark.
const FIRST: u32 = 12;
/// Lookups that have a column of their own; the last one stands for all the rest.
pub const MAX_SLOTS: usize = 24;
/// Space between the end of the lookups and the edge.
const EDGE: u32 = 6;

/// A tree with positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Width of the view box.
    pub width: u32,
    /// Height of the view box.
    pub height: u32,
    /// The rows, in the order of the tree's.
    pub spots: Vec<RowLayout>,
    /// Lines from a row to each of its branches.
    pub links: Vec<Link>,
    /// How many lookups have a column.
    pub slots: usize,
    /// Width of such a column.
    pub slot: u32,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowLayout {
    /// Upper edge.
    pub top: u32,
    /// Height.
    pub height: u32,
    /// Middle of its mark.
    pub x: u32,
    /// Middle of its mark, which is that of the first line of text.
    pub y: u32,
    /// Where its text begins.
    pub text: u32,
    /// Lines of text.
    pub lines: u32,
    /// Its own lookup.
    pub cell: Option<Cell>,
    /// Width from the left edge of its own lookup to where those below it end.
    pub reach: u32,
}

/// One lookup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Left edge.
    pub x: u32,
    /// Width.
    pub width: u32,
    /// Which one it is, from 1.
    pub number: usize,
    /// Whether it is beyond the ten that are allowed.
    pub beyond: bool,
}

/// A line from a row down and to the right to one of its branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The row that it ends at.
    pub row: usize,
    /// Where it begins.
    pub x: u32,
    /// Where it begins.
    pub y: u32,
    /// Where it ends.
    pub to_x: u32,
    /// Where it ends.
    pub to_y: u32,
}

impl Layout {
    /// Places the rows of `tree`. `lit` names the way of an address: the row at its end has one line more, which says
    /// so.
    #[must_use]
    pub fn of(tree: &SpfTree, lit: &[usize]) -> Self {
        let slots = tree.lookups.clamp(MAX_LOOKUPS, MAX_SLOTS);
        let room = WIDTH - ITEMS - EDGE;
        // Not more than 24 columns.
        let slot = room / u32::try_from(slots).unwrap_or(1).max(1);
        let mut spots: Vec<RowLayout> = Vec::with_capacity(tree.rows.len());
        let mut links = Vec::new();
        let mut top = HEAD;
        for (at, row) in tree.rows.iter().enumerate() {
            let ends = at != 0 && lit.last() == Some(&at);
            let lines = lines(row) + u32::from(ends);
            let height = lines * LINE + PADDING;
            let indents = u32::try_from(row.depth.min(MAX_INDENTS)).unwrap_or(0);
            let x = FIRST + indents * INDENT;
            let y = top + PADDING / 2 + LINE / 2;
            let place = |number: usize| {
                let number = u32::try_from(number.min(slots - 1)).unwrap_or(0);
                ITEMS + number * slot
            };
            let cell = row.asks.then(|| Cell {
                x: place(row.before),
                width: slot,
                number: row.before + 1,
                beyond: row.is_beyond(),
            });
            let end = place((row.before + row.cost).saturating_sub(1)) + slot;
            let reach = cell.map_or(0, |cell| end.saturating_sub(cell.x).max(cell.width));
            if let Some(parent) = row.parent.and_then(|parent| spots.get(parent)) {
                links.push(Link { row: at, x: parent.x, y: parent.y, to_x: x, to_y: y });
            }
            spots.push(RowLayout { top, height, x, y, text: x + 18, lines, cell, reach });
            top += height;
        }
        Self { width: WIDTH, height: top + EDGE, spots, links, slots, slot }
    }

    /// Where the allowed lookups end.
    #[must_use]
    pub fn limit(&self) -> u32 {
        ITEMS + self.slot * u32::try_from(MAX_LOOKUPS).unwrap_or(0)
    }

    /// Width for the text of a row.
    #[must_use]
    pub fn room(spot: &RowLayout) -> u32 {
        ITEMS.saturating_sub(spot.text + 10)
    }
}

/// Lines of text of a row: what it is, the term as written, and one for each mark.
fn lines(row: &TreeRow) -> u32 {
    let marks = u32::try_from(row.marks.len()).unwrap_or(0);
    1 + u32::from(!row.term.is_empty()) + marks
}

/// Which font a text is set in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Letters as wide as they are.
    Plain,
    /// The same, in a heavy weight.
    Bold,
    /// All letters equally wide.
    Fixed,
}

/// The text, cut to a width, for a font of `size` units. Nobody can measure here, so widths are those of wide letters:
/// what is cut was nearly too long.
#[must_use]
pub fn fit(text: &str, face: Face, size: u32, width: u32) -> String {
    let hundredths = |c: char| -> u32 {
        let plain = match c {
            _ if (c as u32) >= 0x1100 => 100,
            _ if face == Face::Fixed => 62,
            'i' | 'j' | 'l' | 't' | 'f' | 'r' | '.' | ',' | ':' | ' ' | '(' | ')' => 35,
            'm' | 'w' | 'M' | 'W' | '@' => 90,
            'A'..='Z' => 70,
            _ => 58,
        };
        // DejaVu Sans, the widest face in common use, is a fifth wider in bold.
        if face == Face::Bold { plain * 6 / 5 } else { plain }
    };
    let room = width.saturating_mul(100);
    let mut used = 0;
    let mut cut = 0;
    let dots = size * 100;
    for (at, c) in text.char_indices() {
        used += hundredths(c) * size;
        if used > room {
            return format!("{}…", &text[..cut]);
        }
        if used + dots <= room {
            cut = at + c.len_utf8();
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_and_what_does_not_is_cut() {
        assert_eq!(fit("example.org", Face::Fixed, 10, 100), "example.org");
        assert_eq!(fit("a.very.long.example.org", Face::Fixed, 10, 100), "a.very.long.ex…");
        assert_eq!(fit("郵件伺服器", Face::Plain, 10, 30), "郵件…");
        assert_eq!(fit("x", Face::Plain, 10, 0), "…");
        assert_eq!(fit("example.org", Face::Plain, 10, 62), "example.org");
        assert_eq!(fit("example.org", Face::Bold, 10, 62), "example…");
    }
}
