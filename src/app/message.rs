//! What the user does with the message to whoever can help.

use yew::prelude::Context;

use super::{
    App,
    jobs::Job,
    state::{Draft, DraftOf, Message, Write},
};
use mail_triage_browser::words::{BOUNCES, FINDINGS, TICKETS};

/// Takes it, and does what follows from it.
#[inline(never)]
pub fn write(app: &mut App, ctx: &Context<App>, write: &Write) {
    app.state.message.write(write);
    match write {
        Write::In(_) => fetch_other_words(app, ctx),
        // The button that was pressed is gone.
        Write::Anew(_) | Write::Back(_) => app.job(ctx, Job::Focus("ticket-text".to_owned())),
        _ => {}
    }
}

/// Fetches the texts of the message's language, unless the page speaks it or has them.
#[inline(never)]
pub fn fetch_other_words(app: &App, ctx: &Context<App>) {
    let state = &app.state;
    // A message may quote an error, whatever was pasted when its texts were fetched.
    if let Some(language) = state.message.language
        && language != state.words.language()
        && state.other_words.as_ref().is_none_or(|words| words.language() != language)
    {
        app.job(ctx, Job::OtherWords(language, vec![FINDINGS, BOUNCES, TICKETS]));
    }
}

impl Message {
    /// Takes what the user does. Nothing that was typed is lost: a new text puts the old one away.
    fn write(&mut self, write: &Write) {
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
