//! How much is read of what is typed and pasted: the one table.
//!
//! | field | characters | why |
//! |---|---|---|
//! | the box | 8,192 | more is no name and no address; it is read as a message |
//! | a line: server, port, user name, number, since when, a service | 1,000 | four times the longest name of the DNS (RFC 1035) |
//! | a list: addresses that send, selectors, own servers, addresses for reports | 4,000 | more than any record holds |
//! | a policy of MTA-STS | 65,536 | what senders take of it (RFC 8461 section 3.3) |
//! | the output of a command | 65,536 | commands that test a connection print two or three thousand |
//! | a message, a file | 524,288 octets | half at its beginning, half at its end: a report says what it says before the message that it returns; of a file that Outlook saved all words are taken out first, up to 25 MB |
//! | one part of a message that is for people | 131,072 octets | searched for what a server says; likewise from both ends |
//! | a link | 8 of each kind of value | see [`crate::route::MAX_VALUES`]; 8 that are left out are named, the rest is counted |
//!
//! Nothing that is typed is thrown away: the field keeps it, the part that is taken is read, and the page says how long
//! that part is. The message to support is not read at all; it is copied as it stands, and of the link that opens a mail
//! program with it the page says how much it holds ([`crate::contact::MAX_LINK`]).

use std::borrow::Cow;

/// Octets of a message or a file that are taken in: half of them at its beginning, half at its end.
pub const MESSAGE: usize = 512 * 1024;
/// Octets of one part of a message that are searched for what a server says: half of them at its beginning, half at its end.
pub const PART: usize = 128 * 1024;
/// Parts of a link that were left out and are named one by one.
pub const NAMED: usize = 8;

/// A kind of field, by how much of it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputField {
    /// The box for what is to be checked.
    Box,
    /// One name, address, number or moment.
    Line,
    /// Several addresses or names.
    List,
    /// The policy of MTA-STS.
    Policy,
    /// What a command printed.
    Output,
}

impl InputField {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Box, Self::Line, Self::List, Self::Policy, Self::Output];

    /// Characters that are read.
    #[must_use]
    pub const fn most(self) -> usize {
        match self {
            Self::Box => 8_192,
            Self::Line => 1_000,
            Self::List => 4_000,
            Self::Policy | Self::Output => 65_536,
        }
    }

    /// The part of a text that is read.
    #[must_use]
    pub fn part(self, text: &str) -> &str {
        // No character is shorter than an octet.
        if text.len() <= self.most() {
            return text;
        }
        match text.char_indices().nth(self.most()) {
            Some((end, _)) => &text[..end],
            None => text,
        }
    }

    /// Whether there is more than is read.
    #[must_use]
    pub fn is_longer(self, text: &str) -> bool {
        self.part(text).len() < text.len()
    }
}

/// The part of a message that is taken in, and by how many octets it is shorter. Beginning and end are put together as lines
/// of their own, so that no word is made of halves.
#[must_use]
pub fn message(octets: &[u8]) -> (Cow<'_, [u8]>, usize) {
    if octets.len() <= MESSAGE {
        return (Cow::Borrowed(octets), 0);
    }
    let (beginning, end) = (&octets[..MESSAGE / 2], &octets[octets.len() - MESSAGE / 2 + 1..]);
    let part = [beginning, b"\n", end].concat();
    let left_out = octets.len() - part.len();
    (Cow::Owned(part), left_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_message_beginning_and_end_are_taken_in() {
        let whole = vec![b'a'; MESSAGE];
        assert_eq!(message(&whole), (Cow::Borrowed(whole.as_slice()), 0));
        let long = [b"first", vec![b'a'; MESSAGE].as_slice(), b"last"].concat();
        let (taken, left_out) = message(&long);
        assert_eq!((taken.len(), left_out), (MESSAGE, 9));
        assert!(taken.starts_with(b"first") && taken.ends_with(b"last"));
        assert_eq!(taken[MESSAGE / 2], b'\n');
    }

    #[test]
    fn the_part_that_is_read_ends_between_characters() {
        for field in InputField::ALL {
            let (most, more) = ("信".repeat(field.most()), "信".repeat(field.most() + 1));
            assert_eq!((field.part(&most), field.is_longer(&most)), (most.as_str(), false), "{field:?}");
            assert_eq!((field.part(&more), field.is_longer(&more)), (most.as_str(), true), "{field:?}");
            assert!(!field.is_longer(""), "{field:?}");
        }
    }
}
