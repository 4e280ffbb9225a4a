//! What the user does with the message to whoever can help.

use super::state::{Draft, DraftOf, Message, Write};

impl Message {
    /// Takes what the user does. Nothing that was typed is lost: a new text puts the old one away.
    #[inline(never)]
    pub fn write(&mut self, write: &Write) {
        let take = |drafts: &mut Vec<Draft>, of: &DraftOf| {
            let at = drafts.iter().position(|draft| draft.of == *of)?;
            Some(drafts.remove(at))
        };
        match write {
            Write::To(party) => self.party = Some(party.clone()),
            Write::In(language) => self.language = Some(language),
            Write::Since(text) => self.since = Some(text.clone()),
            Write::People(on) => self.people = *on,
            Write::Text(draft) => match self.drafts.iter_mut().find(|known| known.of == draft.of) {
                Some(known) => known.text.clone_from(&draft.text),
                None => self.drafts.push(draft.clone()),
            },
            Write::Anew(of) => {
                if let Some(draft) = take(&mut self.drafts, of) {
                    take(&mut self.aside, of);
                    self.aside.push(draft);
                }
            }
            Write::Back(of) => {
                if let Some(draft) = take(&mut self.aside, of) {
                    self.aside.extend(take(&mut self.drafts, of));
                    self.drafts.push(draft);
                }
            }
        }
    }
}
