//! The message to whoever can help: what was chosen for it, and what was changed in it by hand. Nothing that was typed is
//! lost: a new text puts the old one away.

use std::rc::Rc;

/// To whom, as [`mail_triage_engine::contact::ContactParty::id`], and in which language.
pub type DraftOf = (String, &'static str);

/// A message that was changed by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// To whom, and in which language.
    pub of: DraftOf,
    /// The text it was made from.
    pub base: Rc<str>,
    /// What stands there now.
    pub text: String,
}

/// What was chosen and written. It stays in this page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketEdits {
    /// To whom the user wants to write; none for the party that fits best.
    party: Option<String>,
    /// Which wish from elsewhere on the page was taken last.
    wish: u32,
    /// In which language; none for that of the page.
    pub language: Option<&'static str>,
    /// Since when, once the user has changed what the error says.
    pub since: Option<String>,
    /// Whether addresses of people are put in.
    pub people: bool,
    /// What the user has changed by hand.
    drafts: Vec<Draft>,
    /// What the user has put away for a new text.
    aside: Vec<Draft>,
}

impl TicketEdits {
    /// To whom the user wants to write, once a wish from elsewhere on the page is taken: the newer of both counts.
    pub fn party<'a>(&'a self, wish: &'a Wish) -> Option<&'a str> {
        let wished = wish.party.as_deref().filter(|_| wish.number > self.wish);
        wished.or(self.party.as_deref())
    }

    /// The user chooses to whom.
    pub fn write_to(&mut self, party: String, wish: &Wish) {
        self.party = Some(party);
        self.wish = wish.number;
    }

    /// What was changed by hand for this party, in this language.
    pub fn draft(&self, of: &DraftOf) -> Option<&Draft> {
        self.drafts.iter().find(|draft| draft.of == *of)
    }

    /// Whether something was put away for it.
    pub fn has_aside(&self, of: &DraftOf) -> bool {
        self.aside.iter().any(|draft| draft.of == *of)
    }

    /// The user changes the text.
    pub fn write(&mut self, draft: Draft) {
        match self.drafts.iter_mut().find(|known| known.of == draft.of) {
            Some(known) => known.text = draft.text,
            None => self.drafts.push(draft),
        }
    }

    /// The user wants it written anew: what stands there is put away.
    pub fn write_anew(&mut self, of: &DraftOf) {
        if let Some(draft) = take(&mut self.drafts, of) {
            take(&mut self.aside, of);
            self.aside.push(draft);
        }
    }

    /// The user wants back what was put away.
    pub fn take_back(&mut self, of: &DraftOf) {
        if let Some(draft) = take(&mut self.aside, of) {
            self.aside.extend(take(&mut self.drafts, of));
            self.drafts.push(draft);
        }
    }
}

fn take(drafts: &mut Vec<Draft>, of: &DraftOf) -> Option<Draft> {
    let at = drafts.iter().position(|draft| draft.of == *of)?;
    Some(drafts.remove(at))
}

/// To whom something elsewhere on the page wants the user to write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Counts the wishes; the first has the number 1.
    pub number: u32,
    /// The party; none for whoever was chosen, or fits best.
    pub party: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(party: &str) -> DraftOf {
        (party.to_owned(), "en")
    }

    fn draft(party: &str, text: &str) -> Draft {
        Draft { of: of(party), base: "as it was written".into(), text: text.to_owned() }
    }

    #[test]
    fn the_newer_of_choice_and_wish_counts() {
        let mut edits = TicketEdits::default();
        let mut wish = Wish::default();
        assert_eq!(edits.party(&wish), None);
        edits.write_to("mailbox".to_owned(), &wish);
        assert_eq!(edits.party(&wish), Some("mailbox"));
        wish = Wish { number: 1, party: Some("owner".to_owned()) };
        assert_eq!(edits.party(&wish), Some("owner"));
        edits.write_to("mailbox".to_owned(), &wish);
        assert_eq!(edits.party(&wish), Some("mailbox"));
        // The same wish again.
        wish.number = 2;
        assert_eq!(edits.party(&wish), Some("owner"));
    }

    #[test]
    fn a_wish_for_nobody_leaves_what_was_chosen() {
        let mut edits = TicketEdits::default();
        edits.write_to("mailbox".to_owned(), &Wish::default());
        assert_eq!(edits.party(&Wish { number: 1, party: None }), Some("mailbox"));
    }

    #[test]
    fn each_party_has_a_text_of_its_own() {
        let mut edits = TicketEdits::default();
        edits.write(draft("mailbox", "Dear"));
        edits.write(draft("mailbox", "Dear all"));
        assert_eq!(edits.draft(&of("mailbox")), Some(&draft("mailbox", "Dear all")));
        assert_eq!(edits.draft(&of("owner")), None);
        assert_eq!(edits.draft(&("mailbox".to_owned(), "zh-Hant")), None);
    }

    #[test]
    fn a_new_text_puts_the_old_one_away_and_it_comes_back() {
        let mut edits = TicketEdits::default();
        edits.write_anew(&of("mailbox"));
        assert!(!edits.has_aside(&of("mailbox")));
        edits.write(draft("mailbox", "first"));
        edits.write_anew(&of("mailbox"));
        assert!(edits.has_aside(&of("mailbox")) && edits.draft(&of("mailbox")).is_none());
        edits.write(draft("mailbox", "second"));
        edits.take_back(&of("mailbox"));
        assert_eq!(edits.draft(&of("mailbox")), Some(&draft("mailbox", "first")));
        edits.take_back(&of("mailbox"));
        assert_eq!(edits.draft(&of("mailbox")), Some(&draft("mailbox", "second")));
    }
}
