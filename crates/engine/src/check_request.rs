//! From what was typed to what a run is about: the one place for the page, its links and other pages that call the checks.

use crate::{
    dns::Name,
    input::{self, InputError, InputReading},
    route::CheckRequest,
};

/// A field beside the box that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrongField {
    /// These are no addresses.
    Ips(Vec<String>),
    /// These are no selectors.
    Selectors(Vec<String>),
    /// This is no host name.
    Helo(String),
}

impl CheckRequest {
    /// What the fields ask for. A [link](crate::route::MAX_VALUES) may hold fewer addresses and selectors.
    ///
    /// # Errors
    /// The first field that cannot be read.
    pub fn of_fields(what: &str, ips: &str, selectors: &str, helo: &str) -> Result<Self, WrongField> {
        let (ips, wrong) = input::read_ips(ips);
        if !wrong.is_empty() {
            return Err(WrongField::Ips(wrong));
        }
        let (selectors, wrong) = input::read_selectors(selectors);
        if !wrong.is_empty() {
            return Err(WrongField::Selectors(wrong));
        }
        let helo = match (helo.trim(), Name::parse(helo.trim())) {
            ("", _) => None,
            (_, Ok(name)) if name.is_host_name() => Some(name),
            (helo, _) => return Err(WrongField::Helo(helo.to_owned())),
        };
        Ok(Self { what: what.trim().to_owned(), ips, selectors, helo, ..Self::default() })
    }

    /// What it is about, each address and selector once, and what was changed on the way. `to_ascii` is that of
    /// [`input::read`].
    ///
    /// # Errors
    /// What is wrong with what stands in the box.
    pub fn read(&self, to_ascii: impl Fn(&str) -> Option<String>) -> Result<InputReading, InputError> {
        let mut reading = input::read(&self.what, to_ascii)?;
        let target = &mut reading.target;
        for &ip in &self.ips {
            if !target.ips.contains(&ip) {
                target.ips.push(ip);
            }
        }
        for selector in &self.selectors {
            if !target.selectors.contains(selector) {
                target.selectors.push(selector.clone());
            }
        }
        target.connection_ip = self.connection_ip;
        target.helo.clone_from(&self.helo);
        target.receiving_too = self.receiving_too;
        Ok(reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_cannot_be_read_are_named() {
        let of = |ips, selectors, helo| CheckRequest::of_fields("example.org", ips, selectors, helo);
        assert_eq!(of("192.0.2.1 x", "", ""), Err(WrongField::Ips(vec!["x".to_owned()])));
        assert_eq!(of("", "a x@y", ""), Err(WrongField::Selectors(vec!["x@y".to_owned()])));
        assert_eq!(of("", "", " -mail "), Err(WrongField::Helo("-mail".to_owned())));
        let asked = of(" 192.0.2.1, 192.0.2.2", "s1", " mail.example.org ").unwrap();
        assert_eq!((asked.ips.len(), asked.selectors.len()), (2, 1));
        assert_eq!(asked.helo.unwrap().as_str(), "mail.example.org");
    }

    #[test]
    fn everything_counts_once() {
        let asked =
            CheckRequest::of_fields("11.22.33.1", "11.22.33.2 11.22.33.1 11.22.33.2", "s1 s1", "").unwrap();
        let target = asked.read(|_| None).unwrap().target;
        assert_eq!(target.ips.len(), 2, "the address in the box is one of them");
        assert_eq!(target.selectors, ["s1"]);
    }
}
