//! What panels tell the page. Each is made once, so that the panels see that nothing has changed.

use std::rc::Rc;

use yew::prelude::{Callback, Context};

use super::{App, state::Action};
use crate::{machine::Event, panels::paste::PastedMessage};
use mail_triage_engine::dns::Query;

/// What panels tell the page.
pub struct Callbacks {
    /// The user does something.
    pub act: Callback<Action>,
    /// Something has happened that the machine takes.
    pub happened: Callback<Event>,
    /// The user chose colours.
    pub paint: Callback<&'static str>,
    /// The user chose a resolver, or wants to type the address of one.
    pub choose_resolver: Callback<String>,
    /// The user wants the field for messages.
    pub open_paste: Callback<()>,
    /// A text is to be put on the clipboard.
    pub copy: Callback<String>,
    /// Somebody was asked.
    pub asked: Callback<()>,
    /// A resolver was tried and may be used.
    pub resolver_chosen: Callback<String>,
    /// The user chose a provider.
    pub choose_provider: Callback<String>,
    /// The user wants a pasted policy compared, or none any more.
    pub use_policy: Callback<Option<String>>,
    /// The user wants a key of this secret name used; an empty one takes it back.
    pub use_key: Callback<(String, String)>,
    /// The user wants a message explained.
    pub read: Callback<Rc<PastedMessage>>,
    /// The user closes the panel for messages.
    pub close_paste: Callback<()>,
    /// The user says where the records are kept.
    pub keep_at: Callback<String>,
    /// The user wants to see the result of this name.
    pub see: Callback<String>,
    /// The user goes back from the result of this name to the list of causes.
    pub to_causes: Callback<String>,
    /// The user wants these asked again, or all that failed.
    pub retry: Callback<Option<Rc<[Query]>>>,
    /// The user wants everything asked anew.
    pub again: Callback<()>,
    /// There is something to be said of the record that is put together.
    pub builder_says: Callback<String>,
    /// The user does not want another resolver after all.
    pub keep_resolver: Callback<()>,
}

impl Callbacks {
    /// They end in actions.
    pub fn new(ctx: &Context<App>) -> Self {
        let link = ctx.link();
        Self {
            act: link.callback(|action| action),
            happened: link.callback(Action::Do),
            paint: link.callback(Action::Paint),
            choose_resolver: link.callback(Action::ChooseResolver),
            open_paste: link.callback(|()| Action::OpenPaste(true)),
            copy: link.callback(Action::Copy),
            asked: link.callback(|()| Action::Asked),
            resolver_chosen: link.callback(Action::ResolverChosen),
            choose_provider: link.callback(Action::ChooseProvider),
            use_policy: link.callback(Action::UsePolicy),
            use_key: link.callback(|(name, key)| Action::UseKey(name, key)),
            read: link.callback(Action::Read),
            close_paste: link.callback(|()| Action::OpenPaste(false)),
            keep_at: link.callback(Action::KeptAt),
            see: link.callback(|name| Action::Do(Event::See(name))),
            to_causes: link.callback(|name| Action::Do(Event::ToCauses(name))),
            retry: link.callback(|queries| Action::Do(Event::Retry(queries))),
            again: link.callback(|()| Action::Do(Event::Again { fresh: true })),
            builder_says: link.callback(Action::BuilderSays),
            keep_resolver: link.callback(|()| Action::KeepResolver),
        }
    }
}
