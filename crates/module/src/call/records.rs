//! `evaluateSpf` and `parseRecord`.

use wasm_bindgen::JsValue;

use mail_triage_browser::{
    address,
    fetch::Fetch,
    host::{Function, Running},
    json,
    transport::{LookupOptions, Transport},
};
use mail_triage_engine::{
    knowledge::{Read, Resolvers},
    source::Source,
};

use super::{Door, at_hand, behind, brought, object, refused, source};
use crate::{
    options::{OF_SOURCE, Options},
    parsed::{self, RecordKind},
    refusal::{Refusal, RefusalCode},
    spf::{Message, SpfRun},
};

/// Evaluates SPF for messages; what is asked has the same limits for all of them.
pub struct SpfEvaluations {
    transport: Transport,
    at_hand: Door<SourceAtHand>,
}

/// What answers in place of resolvers; the program brings it in a chunk of its own. See [`at_hand::source`].
pub struct SourceAtHand(fn(Options<'_>) -> Result<Box<dyn Source>, Refusal>);

/// What the program of SPF and records brings through its door.
pub static SOURCE_AT_HAND: SourceAtHand = SourceAtHand(at_hand::source);

impl SpfEvaluations {
    /// Requests are sent by `fetch`, or by that of the page. `at_hand` brings what answers in place of resolvers.
    #[must_use]
    pub fn new(fetch: Option<Function>, at_hand: Door<SourceAtHand>) -> Self {
        Self { transport: Transport::by(fetch.map(Fetch::by).unwrap_or_default()), at_hand }
    }

    /// Evaluates SPF for one message, with the answers of the source in `passed`. `resolvers` is the list of those that can
    /// be asked; it is not needed for other sources.
    #[must_use]
    pub fn evaluate(&self, message: &JsValue, passed: JsValue, resolvers: &JsValue) -> Running {
        let (message, resolvers) = (json::tree(message), Resolvers::read(&json::tree(resolvers)));
        let (transport, at_hand) = (self.transport.clone(), self.at_hand);
        Box::pin(async move {
            let value = json::tree(&passed);
            let prepared = || {
                let message = Message::read(&message, address::to_ascii)?;
                let options = Options::read(&value, &OF_SOURCE)?;
                Ok((message, options, options.resolver(|id| resolvers.by_id(id).is_some())?))
            };
            let (message, options, resolver) = prepared().map_err(|refusal: Refusal| refused(&refusal))?;
            let source = if options.names_what_is_at_hand() {
                (behind(at_hand).await?.0)(options)
            } else {
                source::lookups(resolver, &passed, &transport, &resolvers, LookupOptions::default())
            };
            let source = source.map_err(|refusal| refused(&refusal))?;
            let end = source::End::of(&passed);
            let told = end.told();
            let run = SpfRun::start(message, source, Box::new(move || told.come()));
            end.wait().await?;
            object(&run.result())
        })
    }
}

/// Reads a record.
///
/// # Errors
/// If there is no such kind of record.
pub fn parse(kind: &str, text: &str) -> Result<JsValue, JsValue> {
    let known = RecordKind::from_word(kind);
    let unknown = || Refusal::new(RefusalCode::Kind, format!("there is no kind of record {kind}"));
    brought(known.ok_or_else(unknown).map(|kind| parsed::parse(kind, text)))
}
