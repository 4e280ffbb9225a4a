//! What was pasted as the MTA-STS policy of the domain at hand.

use mail_triage_engine::input::limits::InputField;

/// What is compared of a text that was pasted, as far as it is read; none for an empty one, which takes back what was
/// compared before.
pub fn compared(text: &str) -> Option<String> {
    let text = InputField::Policy.part(text).trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_compared_than_is_read_and_nothing_of_blanks() {
        assert_eq!(compared(" \n "), None);
        assert_eq!(compared(" mode: none\n").as_deref(), Some("mode: none"));
        let long = "x".repeat(InputField::Policy.most() + 1);
        assert_eq!(compared(&long).map(|text| text.len()), Some(InputField::Policy.most()));
    }
}
