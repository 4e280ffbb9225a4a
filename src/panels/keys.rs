//! The fields for the user's keys for lists that want one.

use mail_triage_engine::{knowledge::Blocklists, table::Table};

/// What stands in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyField<'a> {
    /// The text.
    pub text: &'a str,
    /// Whether it was to be used and cannot be a key.
    pub is_wrong: bool,
}

/// What stands in the fields, by the secret names of the lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyFields {
    typed: Table<String, String>,
    wrong: Vec<String>,
    refused: bool,
    shown: bool,
}

impl KeyFields {
    /// What stands in a field: what was typed, or else the key `in_use`, or else what was `stored` in an earlier visit, which
    /// cannot be a key if it is not in use.
    pub fn field<'a>(&'a self, name: &str, in_use: Option<&'a str>, stored: Option<&'a str>) -> KeyField<'a> {
        match (self.typed.get(name), in_use, stored) {
            (Some(text), _, _) => KeyField { text, is_wrong: self.wrong.iter().any(|wrong| wrong == name) },
            (None, Some(key), _) => KeyField { text: key, is_wrong: false },
            (None, None, Some(stored)) => KeyField { text: stored, is_wrong: true },
            (None, None, None) => KeyField { text: "", is_wrong: false },
        }
    }

    /// Takes what was typed into a field.
    pub fn enter(&mut self, name: &str, text: String) {
        self.typed.insert(name.to_owned(), text);
        self.wrong.retain(|wrong| wrong != name);
    }

    /// The key in `text`, which stands in a field and is to be used, empty to take it back; none, and it is said, if it
    /// cannot be one.
    pub fn key(&mut self, name: &str, text: &str, blocklists: &Blocklists) -> Option<String> {
        let key = match text.trim() {
            "" => Some(String::new()),
            text => blocklists.key_in(name, text).map(str::to_owned),
        };
        self.enter(name, key.clone().unwrap_or_else(|| text.to_owned()));
        if key.is_none() {
            self.wrong.push(name.to_owned());
            self.refused = true;
        }
        key
    }

    /// Whether something was refused in this visit. Then the fold that holds the fields begins open; whoever corrects a key
    /// would see it close again if it followed what is wrong now.
    pub fn has_refused(&self) -> bool {
        self.refused
    }

    /// Whether the fields show what stands in them.
    pub fn is_shown(&self) -> bool {
        self.shown
    }

    /// Shows it, or hides it again.
    pub fn show_or_hide(&mut self) {
        self.shown = !self.shown;
    }
}

/// The secret names of the lists that want a key, each once.
pub fn secrets(blocklists: &Blocklists) -> Vec<String> {
    let mut secrets: Vec<String> = Vec::new();
    for name in blocklists.lists.iter().filter_map(|list| list.secret_name.as_ref()) {
        if !secrets.contains(name) {
            secrets.push(name.clone());
        }
    }
    secrets
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "abcdefghijklmnopqrstuvwxyz";

    #[test]
    fn a_field_shows_what_was_typed_then_what_is_in_use_then_what_was_stored() {
        let mut fields = KeyFields::default();
        let right = |text| KeyField { text, is_wrong: false };
        assert_eq!(fields.field("dqs", None, None), right(""));
        assert_eq!(fields.field("dqs", Some(KEY), Some("?")), right(KEY));
        assert_eq!(fields.field("dqs", None, Some("?")), KeyField { text: "?", is_wrong: true });
        fields.enter("dqs", String::new());
        assert_eq!(fields.field("dqs", Some(KEY), None), right(""));
    }

    #[test]
    fn what_cannot_be_a_key_stays_and_is_said_until_it_is_changed() {
        let mut fields = KeyFields::default();
        assert_eq!(fields.key("dqs", "no key", &Blocklists::default()), None);
        assert_eq!(fields.field("dqs", None, None), KeyField { text: "no key", is_wrong: true });
        fields.enter("dqs", "no keys".to_owned());
        assert!(!fields.field("dqs", None, None).is_wrong && fields.has_refused());
    }

    #[test]
    fn a_key_is_taken_without_blanks_and_taken_back_by_an_empty_field() {
        let mut fields = KeyFields::default();
        assert_eq!(fields.key("dqs", &format!(" {KEY} "), &Blocklists::default()).as_deref(), Some(KEY));
        assert_eq!(fields.field("dqs", None, None).text, KEY);
        assert_eq!(fields.key("dqs", " ", &Blocklists::default()).as_deref(), Some(""));
        assert!(!fields.has_refused());
    }
}
