//! The field for a message: what was pasted, dropped or typed, until it is read.

use std::rc::Rc;

/// Characters of a text that a field can show without the page slowing down.
const MOST_SHOWN: usize = 200_000;

/// An error, a returned mail or its headers, as it was given. It stays in this page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastedMessage {
    /// What the field shows of it.
    text: String,
    /// What the field does not show.
    beside: Option<Beside>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Beside {
    octets: Vec<u8>,
    name: MessageName,
}

/// What is said in place of a message that no field shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageName {
    /// It is a file of this name.
    File(String),
    /// It is a text of so many characters.
    Long(usize),
}

impl PastedMessage {
    /// Whether a field shows a text of so many characters.
    pub fn is_shown(whole: usize) -> bool {
        whole <= MOST_SHOWN
    }

    /// A text, or what is read of one that has `whole` characters.
    pub fn of_text(text: String, whole: usize) -> Self {
        if Self::is_shown(whole) {
            return Self { text, beside: None };
        }
        let beside = Beside { octets: text.into_bytes(), name: MessageName::Long(whole) };
        Self { text: String::new(), beside: Some(beside) }
    }

    /// A file, or what is read of it.
    pub fn of_file(name: String, octets: Vec<u8>) -> Self {
        Self { text: String::new(), beside: Some(Beside { octets, name: MessageName::File(name) }) }
    }

    /// What the field shows of it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is said in place of it, where no field shows it.
    pub fn name(&self) -> Option<&MessageName> {
        self.beside.as_ref().map(|beside| &beside.name)
    }

    /// What is read.
    pub fn octets(&self) -> &[u8] {
        self.beside.as_ref().map_or(self.text.as_bytes(), |beside| &beside.octets)
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.beside.is_none() && self.text.trim().is_empty()
    }
}

/// What stands in the field.
#[derive(Clone, Debug, Default)]
pub struct PasteField {
    typed: Option<Typed>,
}

/// What was typed, over what was given last.
#[derive(Clone, Debug)]
struct Typed {
    message: Rc<PastedMessage>,
    over: Option<Rc<PastedMessage>>,
}

impl PasteField {
    /// What stands in the field: what was typed, unless something was pasted or dropped elsewhere since; or else that.
    pub fn message<'a>(&'a self, given: Option<&'a Rc<PastedMessage>>) -> Option<&'a Rc<PastedMessage>> {
        let typed = self.typed.as_ref().filter(|typed| match (&typed.over, given) {
            (Some(over), Some(given)) => Rc::ptr_eq(over, given),
            (over, given) => over.is_none() == given.is_none(),
        });
        typed.map(|typed| &typed.message).or(given)
    }

    /// Takes what was typed over what was given last.
    pub fn enter(&mut self, message: PastedMessage, over: Option<Rc<PastedMessage>>) {
        self.typed = Some(Typed { message: Rc::new(message), over });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> PastedMessage {
        PastedMessage::of_text(text.to_owned(), text.len())
    }

    #[test]
    fn a_text_is_shown_unless_it_is_too_long_and_read_all_the_same() {
        let short = text("550 no");
        assert_eq!((short.text(), short.octets(), short.name()), ("550 no", &b"550 no"[..], None));
        let long = PastedMessage::of_text("its ends".to_owned(), MOST_SHOWN + 1);
        assert_eq!((long.text(), long.octets()), ("", &b"its ends"[..]));
        assert_eq!(long.name(), Some(&MessageName::Long(MOST_SHOWN + 1)));
    }

    #[test]
    fn blanks_are_nothing_to_read_but_a_file_is() {
        assert!(text(" \n").is_empty() && PastedMessage::default().is_empty());
        assert!(!text("550").is_empty());
        let file = PastedMessage::of_file("mail.eml".to_owned(), Vec::new());
        assert!(!file.is_empty());
        assert_eq!(file.name(), Some(&MessageName::File("mail.eml".to_owned())));
    }

    #[test]
    fn what_is_typed_counts_until_something_else_is_given() {
        let mut field = PasteField::default();
        let first = Rc::new(text("first"));
        assert!(field.message(None).is_none());
        assert_eq!(field.message(Some(&first)), Some(&first));
        field.enter(text("first, changed"), Some(first.clone()));
        assert_eq!(field.message(Some(&first)).unwrap().text(), "first, changed");
        // The same text, but given anew.
        let again = Rc::new(text("first"));
        assert_eq!(field.message(Some(&again)), Some(&again));
        field.enter(text("alone"), None);
        assert_eq!(field.message(None).unwrap().text(), "alone");
        assert_eq!(field.message(Some(&first)), Some(&first));
    }
}
