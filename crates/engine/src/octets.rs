//! Numbers, texts and names as octets, for what is kept or sent: see [`crate::facts`] and [`crate::snapshot`].
//!
//! Numbers are in LEB128; what has a length begins with it.

use crate::dns::Name;

/// Takes things one after the other.
pub(crate) struct Writer(pub Vec<u8>);

impl Writer {
    pub fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    pub fn octets(&mut self, octets: &[u8]) {
        self.number(octets.len() as u64);
        self.0.extend_from_slice(octets);
    }

    pub fn text(&mut self, text: &str) {
        self.octets(text.as_bytes());
    }

    pub fn name(&mut self, name: &Name) {
        self.text(name.as_str());
    }

    /// A number that may be missing: one more than it is, or nothing.
    pub fn maybe(&mut self, number: Option<u32>) {
        self.number(number.map_or(0, |number| u64::from(number) + 1));
    }
}

/// Gives back what a [`Writer`] took, in the same order; nothing where the octets hold no such thing. What it takes is bounded by
/// their length.
pub(crate) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// A number that fits its type.
    pub fn number<T: TryFrom<u64>>(&mut self) -> Option<T> {
        let mut number: u64 = 0;
        for shift in (0..64).step_by(7) {
            let (&octet, rest) = self.0.split_first()?;
            self.0 = rest;
            let part = u64::from(octet & 0x7f);
            number |= part.checked_shl(shift).filter(|shifted| shifted >> shift == part)?;
            if octet < 0x80 {
                return T::try_from(number).ok();
            }
        }
        None
    }

    pub fn flag(&mut self) -> Option<bool> {
        match self.number::<u8>()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    pub fn octets(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        let (octets, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(octets)
    }

    pub fn text(&mut self) -> Option<String> {
        Some(std::str::from_utf8(self.octets()?).ok()?.to_owned())
    }

    pub fn name(&mut self) -> Option<Name> {
        let text = std::str::from_utf8(self.octets()?).ok()?;
        if text.is_empty() { Some(Name::root()) } else { Name::parse(text).ok() }
    }

    /// So many things as there are said to be, each of which takes at least one octet.
    pub fn list<T>(&mut self, one: fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        (0..self.number::<u64>()?).map(|_| one(self)).collect()
    }

    pub fn maybe(&mut self) -> Option<Option<u32>> {
        let number: u64 = self.number()?;
        Some(match number.checked_sub(1) {
            None => None,
            Some(number) => Some(u32::try_from(number).ok()?),
        })
    }
}
